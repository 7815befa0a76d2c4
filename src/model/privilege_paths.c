/*
 * Every way to privilege. From each privileged group downwards through nested groups, once: which
 * group comes next on a shortest way up. An account's ways are then read off its direct groups.
 */
#include "model/privilege.h"

#include "ad/wellknown.h"
#include "base/limits.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

#define NO_WAY UINT32_MAX

struct privilege_ways {
	struct arena arena;
	uint32_t *place;    /* by object: among the groups that bring privilege, or NO_WAY */
	uint32_t *groups;   /* by place: object */
	uint32_t count;	    /* of groups that bring privilege */
	uint32_t *next;	    /* [privileged group][place]: the place above, or NO_WAY */
	uint32_t *distance; /* [privileged group][place]: steps to it */
	uint32_t *mark;	    /* by object, of the count under way */
	uint32_t *queue;
	uint32_t epoch;
	uint8_t *traits;	/* by object: what is counted of it */
	struct counted *counts; /* by object: memo of its group */
	bool in_part;
};

enum trait { TRAIT_GROUP = 1, TRAIT_ACCOUNT = 2, TRAIT_ENABLED = 4, TRAIT_PERSON = 8 };

struct counted {
	struct privilege_count n;
	bool known;
};

static void place_groups(struct privilege_ways *w, const struct model *m)
{
	w->place = ARENA_ARRAY(&w->arena, uint32_t, m->count + 1);
	w->groups = ARENA_ARRAY(&w->arena, uint32_t, m->count + 1);
	for (uint32_t i = 0; i <= m->count; i++)
		w->place[i] = NO_WAY;
	for (uint32_t i = 0; i < m->count; i++) {
		if (m->objects[i].kind != AD_GROUP || m->via[i] == NO_OBJECT)
			continue;
		w->place[i] = w->count;
		w->groups[w->count++] = i;
	}
}

/* Not through another privileged group: there its own ways begin. */
static void spread_down(
	struct privilege_ways *w, const struct model *m, size_t top, uint32_t *queue)
{
	uint32_t *next = w->next + top * w->count, *distance = w->distance + top * w->count;
	uint32_t first = w->place[m->privileged_groups[top]->index], filled = 0;

	for (uint32_t i = 0; i < w->count; i++)
		next[i] = NO_WAY;
	next[first] = first;
	queue[filled++] = first;
	for (uint32_t done = 0; done < filled; done++) {
		uint32_t at = w->groups[queue[done]];

		for (uint32_t c = m->child_start[at]; c < m->child_start[at + 1]; c++) {
			uint32_t below = w->place[m->children[c]->index];

			if (below == NO_WAY || next[below] != NO_WAY ||
				group_is_privileged(m, m->children[c]))
				continue;
			next[below] = queue[done];
			distance[below] = distance[queue[done]] + 1;
			queue[filled++] = below;
		}
	}
}

/* Counting meets every account as often as groups hold it: a byte each stays in the cache. */
static uint8_t traits_of(const struct model *m, const struct ad_object *o)
{
	unsigned t = o->kind == AD_GROUP ? TRAIT_GROUP : 0;

	if (object_is_account(o))
		t |= TRAIT_ACCOUNT | (account_enabled(m, o) == YES ? TRAIT_ENABLED : 0);
	if (o->kind == AD_USER || o->kind == AD_MSA)
		t |= TRAIT_PERSON;
	return (uint8_t)t;
}

static struct privilege_ways *ways_of(const struct model *m)
{
	struct privilege_ways *w = *m->ways;

	if (w)
		return w;
	w = *m->ways = xcalloc(1, sizeof(*w));
	place_groups(w, m);
	w->mark = ARENA_ARRAY(&w->arena, uint32_t, m->count + 1);
	w->queue = ARENA_ARRAY(&w->arena, uint32_t, m->count + 1);
	w->traits = ARENA_ARRAY(&w->arena, uint8_t, m->count + 1);
	w->counts = ARENA_ARRAY(&w->arena, struct counted, m->count + 1);
	for (size_t i = 0; i < m->count; i++)
		w->traits[i] = traits_of(m, &m->objects[i]);
	if (m->privileged_group_count &&
		w->count > LIMIT_PRIVILEGE_WAYS / m->privileged_group_count) {
		w->in_part = true;
		return w;
	}
	w->next = ARENA_ARRAY(&w->arena, uint32_t, m->privileged_group_count * w->count);
	w->distance = ARENA_ARRAY(&w->arena, uint32_t, m->privileged_group_count * w->count);
	for (size_t i = 0; i < m->privileged_group_count; i++)
		spread_down(w, m, i, w->queue);
	return w;
}

void privilege_free(struct model *m)
{
	if (!m->ways || !*m->ways)
		return;
	arena_free(&(*m->ways)->arena);
	free(*m->ways);
}

/* ---- of one object ---- */

struct listed {
	struct privilege_path path;
	size_t rank; /* of the privileged group */
};

struct listing {
	struct listed *items;
	size_t count, room;
};

static void add_path(struct listing *l, struct privilege_path path, size_t rank)
{
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 16;
		l->items = xrealloc(l->items, l->room * sizeof(*l->items));
	}
	l->items[l->count++] = (struct listed){ path, rank };
}

static int path_order(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->path.length != y->path.length)
		return x->path.length < y->path.length ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->path.first != y->path.first)
		return x->path.first->index < y->path.first->index ? -1 : 1;
	return (int)x->path.everybody - (int)y->path.everybody;
}

static void paths_from(struct listing *l, const struct privilege_ways *w, const struct model *m,
	struct privilege_path from)
{
	uint32_t place = w->place[from.first->index];

	for (size_t i = 0; place != NO_WAY && i < m->privileged_group_count; i++) {
		size_t at = i * w->count + place;

		if (w->next[at] == NO_WAY)
			continue;
		/* A privileged group is where its own ways end. */
		if (group_is_privileged(m, from.first) && m->privileged_groups[i] != from.first)
			continue;
		from.top = m->privileged_groups[i];
		from.length = w->distance[at] + 1;
		add_path(l, from, i);
	}
}

bool has_primary_group(const struct ad_object *o, const struct ad_object *group)
{
	struct sid domain, sid;

	if (o->kind == AD_GROUP || !obj_has(o, ATTR_PRIMARY_GROUP_ID) ||
		!sid_is_domain_principal(&o->sid))
		return false;
	domain = sid_domain(&o->sid);
	sid = sid_with_rid(&domain, obj_u32(o, ATTR_PRIMARY_GROUP_ID));
	return sid_eq(&sid, &group->sid);
}

static void all_paths(struct listing *l, const struct privilege_ways *w, const struct model *m,
	const struct ad_object *o)
{
	const struct ad_object *const *groups;
	size_t n = object_groups(m, o, &groups);

	for (size_t i = 0; i < n; i++)
		paths_from(l, w, m,
			(struct privilege_path){
				.first = groups[i], .primary = has_primary_group(o, groups[i]) });
	for (size_t i = 0; object_is_account(o) && i < m->everybody_count; i++)
		paths_from(l, w, m,
			(struct privilege_path){
				.first = &m->objects[m->everybody[i]], .everybody = true });
	if (l->count)
		qsort(l->items, l->count, sizeof(*l->items), path_order);
}

/* The one that loading found. */
static size_t known_path(
	const struct model *m, const struct ad_object *o, struct privilege_path *out, size_t max)
{
	const struct ad_object *group = NULL;
	struct privilege_path p = { 0 };
	uint32_t at = o->index;

	while (m->via[at] != NO_OBJECT && m->via[at] != at) {
		at = m->via[at];
		group = &m->objects[at];
		if (!p.first)
			p.first = group;
		p.length++;
	}
	if (!p.first)
		return 0;
	p.top = group;
	p.primary = has_primary_group(o, p.first);
	if (max)
		out[0] = p;
	return 1;
}

size_t privilege_paths(
	const struct model *m, const struct ad_object *o, struct privilege_path *out, size_t max)
{
	struct listing l = { 0 };
	const struct privilege_ways *w;
	size_t n;

	if (o->index >= m->count || m->via[o->index] == NO_OBJECT)
		return 0;
	w = ways_of(m);
	if (w->in_part)
		return known_path(m, o, out, max);
	all_paths(&l, w, m, o);
	for (size_t i = 0; i < l.count && i < max; i++)
		out[i] = l.items[i].path;
	n = l.count;
	free(l.items);
	return n;
}

static size_t top_rank(const struct model *m, const struct ad_object *top)
{
	size_t i = 0;

	while (i < m->privileged_group_count && m->privileged_groups[i] != top)
		i++;
	return i;
}

size_t privilege_path_groups(const struct model *m, const struct privilege_path *p,
	const struct ad_object **groups, size_t max)
{
	const struct privilege_ways *w = ways_of(m);
	uint32_t at = p->first->index;
	size_t n = 0, top = top_rank(m, p->top);

	while (n < max) {
		groups[n++] = &m->objects[at];
		if (at == p->top->index || top == m->privileged_group_count)
			break;
		at = w->in_part ? m->via[at] : w->groups[w->next[top * w->count + w->place[at]]];
	}
	return n;
}

bool privilege_paths_in_part(const struct model *m)
{
	return ways_of(m)->in_part;
}

/* ---- counts ---- */

/* The objects below group, each once, nearer ones first: into w->queue, behind group itself. */
static uint32_t walk_down(
	const struct model *m, struct privilege_ways *w, const struct ad_object *group)
{
	uint32_t filled = 0;

	if (!++w->epoch) {
		memset(w->mark, 0, m->count * sizeof(*w->mark));
		w->epoch = 1;
	}
	w->mark[group->index] = w->epoch;
	w->queue[filled++] = group->index;
	for (uint32_t done = 0; done < filled; done++) {
		uint32_t at = w->queue[done];

		if (!(w->traits[at] & TRAIT_GROUP))
			continue;
		for (uint32_t c = m->child_start[at]; c < m->child_start[at + 1]; c++) {
			uint32_t child = (uint32_t)(m->children[c] - m->objects);

			if (w->mark[child] == w->epoch)
				continue;
			w->mark[child] = w->epoch;
			w->queue[filled++] = child;
		}
	}
	return filled;
}

static struct privilege_count count_below(
	const struct model *m, struct privilege_ways *w, const struct ad_object *group)
{
	struct privilege_count n = { 0 };
	const struct ad_object *const *members;
	size_t count = group_members(m, group, &members);
	uint32_t below;

	for (size_t i = 0; i < count; i++) {
		n.direct += object_is_account(members[i]);
		n.direct_groups += members[i]->kind == AD_GROUP;
	}
	below = walk_down(m, w, group);
	for (uint32_t i = 1; i < below; i++) {
		n.effective += (w->traits[w->queue[i]] & TRAIT_ACCOUNT) != 0;
		n.enabled += (w->traits[w->queue[i]] & TRAIT_ENABLED) != 0;
	}
	return n;
}

struct privilege_count privilege_count(const struct model *m, const struct ad_object *group)
{
	struct privilege_ways *w = ways_of(m);
	struct counted *memo = &w->counts[group->index];

	if (!memo->known) {
		memo->n = count_below(m, w, group);
		memo->known = true;
	}
	return memo->n;
}

size_t privilege_people(const struct model *m, const struct ad_object *group,
	const struct ad_object **people, size_t max)
{
	struct privilege_ways *w = ways_of(m);
	uint32_t below = walk_down(m, w, group);
	size_t n = 0;

	for (uint32_t i = 1; i < below; i++) {
		if (!(w->traits[w->queue[i]] & TRAIT_PERSON))
			continue;
		if (n < max)
			people[n] = &m->objects[w->queue[i]];
		n++;
	}
	return n;
}
