/* Direct control by root cause: one entry on a container is one answer, however many objects
 * inherit it, and so is one on AdminSDHolder that SDProp copied. */
#include "model/graph_state.h"

#include <stdlib.h>

#define DIRECT 512 /* controllers of one object that are looked at */
#define MEMO 256   /* places that were found last; a power of two */

struct place { /* where the entries of a principal stand for the children of a container */
	uint32_t parent;
	struct sid sid;
	uint64_t relations;
	const struct ad_object *at;
};

struct gathering {
	const struct model *m;
	const struct graph *g;
	struct arena *arena, scratch;
	const struct ad_object **holders; /* AdminSDHolder, by domain */
	struct place memo[MEMO];
	struct hash seen;
	struct graph_grant *all;
	size_t count, room;
};

static bool allows(uint8_t type)
{
	return type == ACE_ACCESS_ALLOWED || type == ACE_ACCESS_ALLOWED_OBJECT ||
	       type == ACE_ACCESS_ALLOWED_CALLBACK || type == ACE_ACCESS_ALLOWED_CALLBACK_OBJECT;
}

static bool gives(const struct ace *ace, const struct graph_wish *w, const struct sid *sid)
{
	if (!allows(ace->type) || !(rights_of_mask(ace->mask) & w->mask) || !sid_eq(&ace->sid, sid))
		return false;
	for (size_t i = 0; i < w->id_count; i++)
		if (guid_eq(&ace->object_type, &w->ids[i]))
			return true;
	return !ace->has_object_type;
}

/* With these flags out of those: is there an entry of sid? */
static bool has_entry(const struct secdesc *sd, const struct graph_wish *w, const struct sid *sid,
	uint8_t of, uint8_t flags)
{
	for (size_t i = 0; sd && i < sd->dacl_count; i++)
		if ((sd->dacl[i].flags & of) == flags && gives(&sd->dacl[i], w, sid))
			return true;
	return false;
}

static const struct ad_object *admin_sd_holder(
	const struct gathering *ga, const struct ad_object *o)
{
	if (!o->domain || !(ga->g->critical[o->index] & (CRITICAL_ACCOUNT | CRITICAL_GROUP)))
		return NULL;
	return ga->holders[o->domain - ga->m->domains];
}

static const struct ad_object *search_up(struct gathering *ga, const struct ad_object *o,
	const struct graph_wish *w, const struct sid *sid)
{
	const uint8_t of = ACE_FLAG_INHERITED | ACE_FLAG_CONTAINER_INHERIT;
	uint32_t up = ga->g->parent[o->index];

	for (unsigned n = 0; up != NO_OBJECT && n < LIMIT_DN_DEPTH; n++, up = ga->g->parent[up]) {
		const struct ad_object *p = &ga->m->objects[up];

		if (has_entry(model_descriptor(ga->m, p, &ga->scratch), w, sid, of,
			    ACE_FLAG_CONTAINER_INHERIT))
			return p;
	}
	return o; /* the container was not read */
}

/* Brothers inherit from the same place. */
static const struct ad_object *inherited_from(struct gathering *ga, const struct ad_object *o,
	const struct graph_wish *w, const struct sid *sid)
{
	uint32_t parent = ga->g->parent[o->index];
	struct place *p = &ga->memo[(parent * 31 + sid_rid(sid)) & (MEMO - 1)];

	if (p->at && p->parent == parent && p->relations == w->relations && sid_eq(&p->sid, sid))
		return p->at;
	const struct ad_object *at = search_up(ga, o, w, sid);

	if (at != o)
		*p = (struct place){ parent, *sid, w->relations, at };
	return at;
}

/* NULL: no entry gives it, and the wish is exact. */
static const struct ad_object *stands_at(struct gathering *ga, const struct ad_object *o,
	const struct graph_wish *w, const struct secdesc *sd, const struct sid *sid)
{
	const uint8_t of = ACE_FLAG_INHERITED | ACE_FLAG_INHERIT_ONLY;
	const struct ad_object *holder = admin_sd_holder(ga, o);

	if (has_entry(sd, w, sid, of, 0)) {
		bool copied = holder && has_entry(model_descriptor(ga->m, holder, &ga->scratch), w,
						sid, ACE_FLAG_INHERIT_ONLY, 0);

		return copied ? holder : o;
	}
	if (has_entry(sd, w, sid, of, ACE_FLAG_INHERITED))
		return inherited_from(ga, o, w, sid);
	return w->exact && sd->has_dacl ? NULL : o;
}

struct grant_key {
	uint32_t at;
	unsigned char sid[80];
};

static void add_grant(struct gathering *ga, const struct ad_object *at,
	const struct graph_control *c, uint64_t relations)
{
	struct grant_key *k = arena_alloc(ga->arena, sizeof(*k));

	*k = (struct grant_key){ .at = at->index };
	sid_bytes(&c->by.sid, k->sid);
	uint32_t i = hash_add(
		&ga->seen, (struct str){ (const char *)k, sizeof(*k) }, (uint32_t)ga->count);

	if (i == ga->count) {
		if (ga->count == ga->room) {
			ga->room = ga->room ? ga->room * 2 : 64;
			ga->all = xrealloc(ga->all, ga->room * sizeof(*ga->all));
		}
		ga->all[ga->count++] =
			(struct graph_grant){ .by = c->by, .at = at, .order = ga->count };
	}
	ga->all[i].relations |= relations;
	ga->all[i].count++;
}

static void gather(struct gathering *ga, const struct ad_object *o, const struct graph_wish *w)
{
	struct graph_control c[DIRECT];
	size_t n = graph_direct(ga->m, o, c, DIRECT);
	const struct secdesc *sd = NULL;

	for (size_t i = 0; i < n; i++) {
		uint64_t relations = c[i].relations & w->relations;

		if (!relations)
			continue;
		if (!sd)
			sd = model_descriptor(ga->m, o, &ga->scratch);
		const struct ad_object *at = sd ? stands_at(ga, o, w, sd, &c[i].by.sid) : NULL;

		if (at)
			add_grant(ga, at, &c[i], relations);
	}
	arena_reset(&ga->scratch);
}

static int by_place(const void *a, const void *b)
{
	const struct graph_grant *x = a, *y = b;

	if (x->at != y->at)
		return x->at->index < y->at->index ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

struct graph_grants graph_grants(const struct model *m,
	struct graph_wish (*wish)(void *arg, const struct ad_object *o), void *arg, struct arena *a)
{
	struct gathering ga = { .m = m, .g = graph_of(m), .arena = a };

	ga.holders = ARENA_ARRAY(a, const struct ad_object *, m->domain_count + 1);
	for (size_t i = 0; i < m->count; i++)
		if ((ga.g->critical[i] & CRITICAL_ADMINSDHOLDER) && m->objects[i].domain)
			ga.holders[m->objects[i].domain - m->domains] = &m->objects[i];
	for (size_t i = 0; i < m->count; i++) {
		struct graph_wish w = wish(arg, &m->objects[i]);

		if (w.relations)
			gather(&ga, &m->objects[i], &w);
	}
	struct graph_grant *all = ARENA_ARRAY(a, struct graph_grant, ga.count + 1);

	for (size_t i = 0; i < ga.count; i++)
		all[i] = ga.all[i];
	if (ga.count > 1)
		qsort(all, ga.count, sizeof(*all), by_place);
	free(ga.all);
	hash_free(&ga.seen);
	arena_free(&ga.scratch);
	return (struct graph_grants){ all, ga.count };
}

bool graph_holds_only_tier0(const struct model *m, const struct ad_object *group)
{
	const struct ad_object *const *members;

	if (!group || group->kind != AD_GROUP || group_misses_members(m, group))
		return false;
	size_t n = group_members(m, group, &members);

	for (size_t i = 0; i < n; i++)
		if (!graph_critical(m, members[i]))
			return false;
	return true;
}
