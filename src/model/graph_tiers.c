/* Who controls what the policy declares for its tiers: one search from all objects of a tier. */
#include "model/graph_state.h"

/* Containers first, then groups: a path ends at what hands control down. */
static const unsigned order_of_kinds[] = { 1u << AD_OU | 1u << AD_CONTAINER, 1u << AD_GROUP,
	1u << AD_USER | 1u << AD_MSA, 1u << AD_COMPUTER };

/* Who administers, what is administered, and where it stands. */
static bool is_held(const struct ad_object *o)
{
	return object_is_account(o) || o->kind == AD_GROUP || o->kind == AD_OU ||
	       o->kind == AD_CONTAINER;
}

/* object_tier(), asked once of each: every search asks. */
static int tier_of(struct graph *g, const struct model *m, uint32_t object)
{
	if (!g->tier_of) {
		g->tier_of = ARENA_ARRAY(&g->arena, int8_t, m->count + 1);
		for (uint32_t i = 0; i < m->count; i++)
			g->tier_of[i] =
				(int8_t)(is_held(&m->objects[i]) ? object_tier(m, &m->objects[i])
								 : TIER_NONE);
	}
	return object < m->count ? g->tier_of[object] : TIER_NONE;
}

/* The role of o in the search from a tier. */
static enum graph_role role_in(
	struct graph *g, const struct model *m, enum graph_tier tier, const struct ad_object *o)
{
	bool critical = g->critical[o->index] & CRITICAL_TIER_0;

	if (critical)
		return tier == GRAPH_TIER_0_AD ? ROLE_TARGET : ROLE_WALL;
	int own = tier_of(g, m, o->index);

	if (tier == GRAPH_TIER_0_AD)
		return own == 0 ? ROLE_TARGET : ROLE_NONE;
	if (own == (int)tier)
		return ROLE_TARGET;
	return own != TIER_NONE && own < (int)tier ? ROLE_WALL : ROLE_NONE;
}

static unsigned rank(const struct ad_object *o)
{
	for (unsigned r = 0; r < ARRAY_LEN(order_of_kinds); r++)
		if (order_of_kinds[r] & 1u << o->kind)
			return r;
	return ARRAY_LEN(order_of_kinds);
}

static void build(struct graph *g, const struct model *m, enum graph_tier tier)
{
	uint8_t *roles = ARENA_ARRAY(&g->arena, uint8_t, m->count + 1);
	uint32_t *order = ARENA_ARRAY(&g->arena, uint32_t, m->count + 1), n = 0;

	for (uint32_t i = 0; i < m->count; i++)
		roles[i] = (uint8_t)role_in(g, m, tier, &m->objects[i]);
	for (unsigned r = 0; r <= ARRAY_LEN(order_of_kinds); r++)
		for (uint32_t i = 0; i < m->count; i++)
			if (roles[i] == ROLE_TARGET && rank(&m->objects[i]) == r)
				order[n++] = i;
	graph_search_many(g, m, &g->tiers[tier], roles, order, n);
}

static struct graph_search *search_of(const struct model *m, enum graph_tier tier)
{
	struct graph *g = graph_of(m);

	if (!g->tiers[tier].ways)
		build(g, m, tier);
	return &g->tiers[tier];
}

struct graph_reach graph_reach_tier(const struct model *m, enum graph_tier tier)
{
	return graph_reached(graph_of(m), m, search_of(m, tier));
}

uint32_t graph_tier_node(const struct model *m, enum graph_tier tier, const struct ad_object *o)
{
	const struct graph_search *s = search_of(m, tier);

	return o->index < m->count && graph_has_way(s, o->index) ? o->index : UINT32_MAX;
}

bool graph_is_of_tier(const struct model *m, enum graph_tier tier, const struct ad_object *o)
{
	return o->index < m->count && search_of(m, tier)->roles[o->index] == ROLE_TARGET;
}

/* ---- what is controlled directly ------------------------------------------------------------ */

/* Calls visit for each node that controls target by itself, by strong relations. */
static void each_controller(const struct graph *g, const struct model *m, uint32_t target,
	void (*visit)(void *arg, uint32_t source), void *arg)
{
	uint64_t mask = graph_strong_over(&m->objects[target]);
	uint32_t profile = g->profile_of[target];

	if (profile == NO_OBJECT)
		return;
	const struct graph_profile *p = &g->profiles[profile];

	for (uint32_t e = p->first; e < p->first + p->count; e++)
		if ((g->edges[e].relations & mask) && g->edges[e].source != target)
			visit(arg, g->edges[e].source);
}

static void count_source(void *arg, uint32_t source)
{
	uint32_t *counts = arg;

	counts[source]++;
}

size_t graph_tier_objects(const struct model *m, enum graph_tier tier, uint32_t node)
{
	const struct graph_search *s = search_of(m, tier);
	struct graph *g = graph_of(m);

	if (!g->tier_objects[tier]) {
		g->tier_objects[tier] = ARENA_ARRAY(&g->arena, uint32_t, graph_nodes(m, g) + 1);
		for (uint32_t i = 0; i < m->count; i++)
			if (s->roles[i] == ROLE_TARGET)
				each_controller(g, m, i, count_source, g->tier_objects[tier]);
	}
	return node < graph_nodes(m, g) ? g->tier_objects[tier][node] : 0;
}

struct tiers_seen {
	struct graph *g;
	const struct model *m;
	unsigned seen; /* bits: object_tier(), 3 for none */
};

static void see_source(void *arg, uint32_t source)
{
	struct tiers_seen *t = arg;
	int tier = tier_of(t->g, t->m, source);

	t->seen |= 1u << (tier == TIER_NONE ? 3 : tier);
}

void graph_tier_controlled(const struct model *m, enum graph_tier tier, size_t by[4])
{
	const struct graph_search *s = search_of(m, tier);
	struct graph *g = graph_of(m);

	for (unsigned t = 0; t < 4; t++)
		by[t] = 0;
	for (uint32_t i = 0; i < m->count; i++) {
		struct tiers_seen seen = { g, m, 0 };

		if (s->roles[i] != ROLE_TARGET)
			continue;
		each_controller(g, m, i, see_source, &seen);
		for (unsigned t = 0; t < 4; t++)
			by[t] += seen.seen >> t & 1;
	}
}

/* ---- policies over declared units of tier 0 ------------------------------------------------- */

#define HOLDS_TIER0 1u /* a place: it is a unit of tier 0, in one or above one */
#define OVER_TIER0 2u  /* a policy: such a place links it */

static const uint8_t *over_tier0(const struct model *m, struct graph *g)
{
	uint8_t *over;

	if (g->over_tier0)
		return g->over_tier0;
	over = g->over_tier0 = ARENA_ARRAY(&g->arena, uint8_t, m->count + 1);
	for (uint32_t i = 0; i < m->count; i++)
		if (m->objects[i].kind == AD_OU && object_in_tier_units(m, &m->objects[i], 0))
			for (uint32_t up = i; up != NO_OBJECT && !(over[up] & HOLDS_TIER0);
				up = g->parent[up])
				over[up] |= HOLDS_TIER0;
	for (uint32_t i = 0; i < m->count; i++)
		for (uint32_t k = g->gpo_start[i];
			(over[i] & HOLDS_TIER0) && k < g->gpo_start[i + 1]; k++)
			over[g->gpos[k]] |= OVER_TIER0;
	return over;
}

bool graph_gpo_is_over_tier0(const struct model *m, const struct ad_object *gpo)
{
	return gpo->index < m->count && (over_tier0(m, graph_of(m))[gpo->index] & OVER_TIER0);
}

bool graph_place_holds_tier0(const struct model *m, const struct ad_object *place)
{
	return place->index < m->count && (over_tier0(m, graph_of(m))[place->index] & HOLDS_TIER0);
}
