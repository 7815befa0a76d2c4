/*
 * Hidden administrators: the same searches as for a target's controllers, read the other way, by
 * who controls. Targets that the same principals reach alike are one search (graph.c).
 */
#include "model/graph_state.h"
#include "model/privilege.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 64
#define DELEGATIONS (RELATION_BIT(RELATION_DELEGATION) | RELATION_BIT(RELATION_ALLOWED_TO_ACT))

struct hidden {
	struct hidden_admins admins;
	uint32_t *at; /* by object: place in admins.all plus 1, or 0 */
};

struct gather {
	struct graph *g;
	const struct model *m;
	struct hidden *out;
	struct hidden_admin *list;
	uint32_t *place; /* by node: place in list plus 1, or 0 */
	size_t count, room;
	/* Who reached the last target, for the next ones that are reached alike. */
	uint32_t *last;
	size_t last_count, last_room;
	uint64_t number;
};

/* Does the path say that its principal is one, by itself? */
static bool counts(const struct model *m, const struct graph_step *steps, size_t n)
{
	if (n == 0 || steps[0].relation == RELATION_MEMBER_OF)
		return false;
	if (n == 1 && !(steps[0].relations & ~DELEGATIONS))
		return false;
	return !graph_is_protected(m, steps[0].from.object);
}

static struct hidden_admin *admin_at(struct gather *c, uint32_t node)
{
	if (c->place[node])
		return &c->list[c->place[node] - 1];
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 64;
		c->list = xrealloc(c->list, c->room * sizeof(*c->list));
	}
	c->list[c->count] = (struct hidden_admin){ .who = graph_node(c->g, c->m, node) };
	c->place[node] = (uint32_t)++c->count;
	return &c->list[c->count - 1];
}

static void remember(struct gather *c, uint32_t node)
{
	if (c->last_count == c->last_room) {
		c->last_room = c->last_room ? c->last_room * 2 : 64;
		c->last = xrealloc(c->last, c->last_room * sizeof(*c->last));
	}
	c->last[c->last_count++] = node;
}

static void take(struct gather *c, const struct ad_object *target, const struct graph_reach *r)
{
	struct graph_step steps[MAX_STEPS];

	c->last_count = 0;
	c->number = r->number;
	for (size_t i = 0; i < r->count; i++) {
		size_t n = graph_steps(c->m, r->principals[i].node, steps, MAX_STEPS);
		struct hidden_admin *admin;

		if (!counts(c->m, steps, n))
			continue;
		remember(c, r->principals[i].node);
		admin = admin_at(c, r->principals[i].node);
		if (admin->target && admin->step_count <= n)
			continue;
		struct graph_step *kept = ARENA_ARRAY(&c->g->arena, struct graph_step, n);

		for (size_t k = 0; k < n; k++)
			kept[k] = steps[k];
		admin->steps = kept;
		admin->step_count = n;
		admin->target = target;
	}
}

static void look_at(struct gather *c, const struct ad_object *target)
{
	struct graph_reach r = graph_reach_for(c->m, target, 0, true);
	struct hidden_admins *all = &c->out->admins;
	const char *reason = NULL;

	all->in_part |= r.in_part;
	if (r.number != c->number)
		take(c, target, &r);
	for (size_t i = 0; i < c->last_count; i++)
		c->list[c->place[c->last[i]] - 1].objects++;
	if (graph_known(c->m, target, &reason) == YES)
		return;
	all->unknown++;
	if (!all->reason)
		all->reason = reason;
}

static int by_reach(const void *a, const void *b)
{
	const struct hidden_admin *x = a, *y = b;
	char tx[SID_TEXT], ty[SID_TEXT];

	if (x->objects != y->objects)
		return x->objects > y->objects ? -1 : 1;
	if (x->step_count != y->step_count)
		return x->step_count < y->step_count ? -1 : 1;
	if (x->who.object && y->who.object)
		return x->who.object->index < y->who.object->index ? -1 : 1;
	if (x->who.object || y->who.object)
		return x->who.object ? -1 : 1;
	return strcmp(sid_text(&x->who.sid, tx), sid_text(&y->who.sid, ty));
}

static void finish(struct gather *c)
{
	struct hidden *h = c->out;
	struct hidden_admin *all = ARENA_ARRAY(&c->g->arena, struct hidden_admin, c->count);

	for (size_t i = 0; i < c->count; i++)
		all[i] = c->list[i];
	if (c->count)
		qsort(all, c->count, sizeof(*all), by_reach);
	h->admins.all = all;
	h->admins.count = c->count;
	h->at = ARENA_ARRAY(&c->g->arena, uint32_t, c->m->count + 1);
	for (size_t i = 0; i < c->count; i++)
		if (all[i].who.object && all[i].who.object->index < c->m->count)
			h->at[all[i].who.object->index] = (uint32_t)i + 1;
}

static struct hidden *hidden_of(const struct model *m)
{
	struct graph *g = graph_of(m);
	struct gather c = { .g = g, .m = m };

	if (g->hidden)
		return g->hidden;
	g->hidden = c.out = ARENA_NEW(&g->arena, struct hidden);
	c.place = xcalloc((size_t)graph_nodes(m, g) + 1, sizeof(*c.place));
	/* One kind of target after the other: those that are reached alike come together. */
	for (unsigned kind = 1; kind <= HIDDEN_TARGETS; kind <<= 1)
		for (uint32_t i = 0; i < m->count; i++) {
			unsigned critical = g->critical[i] & HIDDEN_TARGETS;

			if ((critical & (0u - critical)) == kind)
				look_at(&c, &m->objects[i]);
		}
	finish(&c);
	free(c.place);
	free(c.list);
	free(c.last);
	return g->hidden;
}

const struct hidden_admins *hidden_admins(const struct model *m)
{
	return &hidden_of(m)->admins;
}

const struct hidden_admin *hidden_admin_of(const struct model *m, const struct ad_object *o)
{
	const struct hidden *h = hidden_of(m);

	return o->index < m->count && h->at[o->index] ? &h->admins.all[h->at[o->index] - 1] : NULL;
}
