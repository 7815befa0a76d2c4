/* The control graph: searches, backwards from the target. */
#include "model/graph_state.h"

#include "ad/wellknown.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
#define RELATION(name, word, full) [RELATION_##name] = (word),
#include "model/rights.def"
#undef RELATION
};

static const uint64_t full_control = 0
#define RELATION(name, word, full) | ((full) ? RELATION_BIT(RELATION_##name) : 0)
#include "model/rights.def"
#undef RELATION
	;

/* What a new child gives is no control of what is there already; of the PKI it is. */
#define PATH_RELATIONS (~RELATION_BIT(RELATION_CREATE_DMSA))

#define BIT RELATION_BIT
/* Control that needs more than the right itself: a password to crack (an SPN to roast, no
 * pre-authentication), a certificate mapping that patched controllers refuse, an SPN for a
 * delegation to go to, and ownership of computers, which KB5008383 neutralises. ANSSI's own list is
 * not public (docs/controls/interpretations.md). */
#define WEAK (BIT(RELATION_WRITE_SPN) | BIT(RELATION_WRITE_ALT_IDENTITY) | BIT(RELATION_WRITE_UAC))
#define WEAK_ON_COMPUTERS (BIT(RELATION_OWNER) | BIT(RELATION_WRITE_OWNER))
#define WEAK_WITHOUT_SPN BIT(RELATION_WRITE_ALLOWED_TO_ACT)

/* Two states a node: somehow controlled, and controlled down to its DACL. */
enum { ANYHOW, FULLY, STATES };

static uint32_t state(uint32_t node, uint32_t how)
{
	return node * STATES + how;
}

const char *relation_name(enum relation r)
{
	return r < RELATION_COUNT ? words[r] : "";
}

struct graph *graph_of(const struct model *m)
{
	struct graph *g = *m->graph;

	if (g)
		return g;
	g = *m->graph = xcalloc(1, sizeof(*g));
	graph_principals_build(g, m);
	graph_targets_build(g, m);
	graph_edges_build(g, m);
	graph_links_build(g, m);
	g->protected_as = ARENA_ARRAY(&g->arena, uint8_t, m->count + 1);
	return g;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	hash_free(&g->by_sid);
	free(g->bare);
	free(g->edges);
	free(g->links);
	free(g->gpos);
	for (size_t i = 0; i < GRAPH_SEARCHES + GRAPH_TIER_COUNT; i++) {
		struct graph_search *s =
			i < GRAPH_SEARCHES ? &g->searches[i] : &g->tiers[i - GRAPH_SEARCHES];

		free(s->ways);
		free(s->queue);
		free(s->policies_of);
		free(s->principals);
	}
	arena_free(&g->arena);
	free(g);
}

/* ---- a search ---- */

static void reach(struct graph *g, uint32_t from, uint32_t to, uint64_t relations)
{
	struct graph_way *w = &g->s->ways[from];

	if (w->epoch == g->s->epoch) {
		if (w->next == to) /* the same step by another relation */
			w->relations |= relations;
		return;
	}
	*w = (struct graph_way){ relations, g->s->epoch, to, g->s->ways[to].depth + 1 };
	g->s->queue[g->s->queued++] = from;
}

/* Tier 0 is where paths end, not where they lead on. */
static bool leads_on(const struct graph *g, const struct model *m, uint32_t node)
{
	if (g->s->roles && node < m->count && g->s->roles[node] != ROLE_NONE)
		return false;
	return !graph_trusts(g, m, node) &&
	       (node >= m->count || !(g->critical[node] & CRITICAL_TIER_0));
}

static uint64_t weak_over(const struct ad_object *o)
{
	uint64_t weak = WEAK;

	if (o && o->kind == AD_COMPUTER)
		weak |= WEAK_ON_COMPUTERS;
	if (o && (o->kind == AD_USER || o->kind == AD_KRBTGT) &&
		!obj_has(o, ATTR_SERVICE_PRINCIPAL_NAME))
		weak |= WEAK_WITHOUT_SPN;
	return weak;
}

uint64_t graph_strong_over(const struct ad_object *o)
{
	return PATH_RELATIONS & ~weak_over(o);
}

bool graph_step_is_weak(const struct graph_step *s)
{
	return !(s->relations & ~weak_over(s->to));
}

/* An entry that a container hands down is the container's: it is a target too, or tier 0, which
 * other controls look at. */
static bool is_of_container(
	const struct graph *g, uint32_t source, uint32_t node, uint64_t relations)
{
	uint32_t up = g->parent[node];

	return up != NO_OBJECT &&
	       (g->s->roles[up] == ROLE_TARGET || (g->critical[up] & CRITICAL_TIER_0)) &&
	       graph_is_from_above(g, source, node, relations);
}

static void reach_by_aces(
	struct graph *g, const struct model *m, uint32_t node, uint32_t at, uint64_t mask)
{
	if (g->profile_of[node] == NO_OBJECT)
		return;
	const struct graph_profile *p = &g->profiles[g->profile_of[node]];

	if (g->s->strong)
		mask &= ~weak_over(&m->objects[node]);
	for (uint32_t e = p->first; e < p->first + p->count; e++) {
		uint64_t relations = g->edges[e].relations & mask;

		if (relations && g->s->roles && g->s->roles[node] == ROLE_TARGET &&
			is_of_container(g, g->edges[e].source, node, relations))
			continue;
		if (relations && g->edges[e].source != node &&
			!(node == g->s->target && graph_is_handed_down(g, m, g->edges[e].source,
							  node, relations, g->s->point)))
			reach(g, state(g->edges[e].source, ANYHOW), at, relations);
	}
}

static void reach_by_inheritance(struct graph *g, const struct model *m, uint32_t node, uint32_t at)
{
	uint32_t up = g->parent[node], profile = g->profile_of[node];

	if (up != NO_OBJECT && profile != NO_OBJECT && !g->profiles[profile].protected_dacl &&
		leads_on(g, m, up))
		reach(g, state(up, FULLY), at, RELATION_BIT(RELATION_INHERITS));
}

/* Once a search is enough for all accounts below: the first was the nearest. */
static void reach_by_policy(struct graph *g, const struct model *m, uint32_t node, uint32_t at)
{
	for (uint32_t up = g->parent[node]; up != NO_OBJECT && g->s->policies_of[up] != g->s->epoch;
		up = g->parent[up]) {
		g->s->policies_of[up] = g->s->epoch;
		for (uint32_t i = g->gpo_start[up]; i < g->gpo_start[up + 1]; i++)
			if (leads_on(g, m, g->gpos[i]))
				reach(g, state(g->gpos[i], ANYHOW), at,
					RELATION_BIT(RELATION_GPO_LINK));
		if (m->objects[up].kind == AD_OU && leads_on(g, m, up))
			reach(g, state(up, ANYHOW), at, RELATION_BIT(RELATION_CONTAINS));
	}
}

static void reach_by_membership(struct graph *g, const struct model *m, uint32_t node, uint32_t at)
{
	for (uint32_t c = m->child_start[node]; c < m->child_start[node + 1]; c++)
		if (leads_on(g, m, m->children[c]->index))
			reach(g, state(m->children[c]->index, ANYHOW), at,
				RELATION_BIT(RELATION_MEMBER_OF));
}

static void reach_by_links(struct graph *g, const struct model *m, uint32_t node, uint32_t at)
{
	for (uint32_t l = g->link_start[node]; l < g->link_start[node + 1]; l++)
		if (leads_on(g, m, g->links[l].source))
			reach(g, state(g->links[l].source, ANYHOW), at,
				RELATION_BIT(g->links[l].relation));
}

static void expand(struct graph *g, const struct model *m, uint32_t at)
{
	uint32_t node = at / STATES, how = at % STATES;

	if (how == ANYHOW)
		reach_by_links(g, m, node, at);
	/* Who may write the object that stands for a principal of elsewhere does not become it. */
	if (node >= m->count || m->objects[node].kind == AD_FSP)
		return;
	reach_by_aces(g, m, node, at, how == FULLY ? full_control : PATH_RELATIONS);
	reach_by_inheritance(g, m, node, at);
	if (how == FULLY)
		return;
	if (m->objects[node].kind == AD_GROUP)
		reach_by_membership(g, m, node, at);
	if (object_is_account(&m->objects[node]))
		reach_by_policy(g, m, node, at);
}

struct search { /* what is asked of one */
	unsigned point;
	bool strong;
	uint32_t limit;
};

/* Nobody is on the way to another target over it, and a control's point has no rule for it by its
 * name (graph_is_default()). */
static bool is_plain_end(const struct graph *g, const struct model *m, uint32_t node)
{
	return (g->critical[node] & CRITICAL_TIER_0) &&
	       !(g->critical[node] & (CRITICAL_PKI | CRITICAL_DNS)) &&
	       (g->trusted[node] || sid_is_none(&m->objects[node].sid));
}

static bool same_edges(const struct graph *g, uint32_t a, uint32_t b)
{
	uint32_t x = g->profile_of[a], y = g->profile_of[b];

	if (x == y)
		return true;
	if (x == NO_OBJECT || y == NO_OBJECT)
		return false;
	const struct graph_profile *p = &g->profiles[x], *q = &g->profiles[y];

	return p->protected_dacl == q->protected_dacl && p->count == q->count &&
	       (!p->count || !memcmp(&g->edges[p->first], &g->edges[q->first],
				     p->count * sizeof(*g->edges)));
}

static bool same_links(const struct graph *g, uint32_t a, uint32_t b)
{
	uint32_t n = g->link_start[a + 1] - g->link_start[a];

	if (n != g->link_start[b + 1] - g->link_start[b])
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct graph_link *x = &g->links[g->link_start[a] + i];
		const struct graph_link *y = &g->links[g->link_start[b] + i];

		if (x->source != y->source || x->relation != y->relation)
			return false;
	}
	return true;
}

static bool has_way_in(const struct graph *g, const struct model *m, uint32_t group)
{
	for (uint32_t c = m->child_start[group]; c < m->child_start[group + 1]; c++)
		if (leads_on(g, m, m->children[c]->index))
			return true;
	return false;
}

/* All that expand() and what it calls look at in a target. */
static bool is_reached_alike(
	const struct graph *g, const struct model *m, uint32_t a, uint32_t b, bool strong)
{
	const struct ad_object *x = &m->objects[a], *y = &m->objects[b];

	if (a == b)
		return true;
	return x->kind == y->kind && x->domain == y->domain && g->parent[a] == g->parent[b] &&
	       g->critical[a] == g->critical[b] && is_plain_end(g, m, a) && is_plain_end(g, m, b) &&
	       (!strong || weak_over(x) == weak_over(y)) && same_edges(g, a, b) &&
	       same_links(g, a, b) &&
	       (x->kind != AD_GROUP || (!has_way_in(g, m, a) && !has_way_in(g, m, b)));
}

/* The search that answers, or the one that was not asked for longest, to be made again. */
static bool find_search(
	struct graph *g, const struct model *m, uint32_t target, const struct search *ask)
{
	struct graph_search *oldest = &g->searches[0];

	for (size_t i = 0; i < GRAPH_SEARCHES; i++) {
		struct graph_search *s = &g->searches[i];

		if (s->used && s->strong == ask->strong && s->limit == ask->limit &&
			s->point == ask->point &&
			is_reached_alike(g, m, s->target, target, s->strong)) {
			g->s = s;
			return true;
		}
		if (s->used < oldest->used)
			oldest = s;
	}
	g->s = oldest;
	return false;
}

static void clear_search(struct graph *g, const struct model *m)
{
	struct graph_search *s = g->s;
	size_t states = (size_t)graph_nodes(m, g) * STATES;

	if (!s->ways) {
		s->ways = xcalloc(states, sizeof(*s->ways));
		s->queue = xcalloc(states, sizeof(*s->queue));
		s->policies_of = xcalloc(m->count + 1, sizeof(*s->policies_of));
	}
	if (!++s->epoch) {
		memset(s->ways, 0, states * sizeof(*s->ways));
		memset(s->policies_of, 0, m->count * sizeof(*s->policies_of));
		s->epoch = 1;
	}
	free(s->principals);
	s->principals = NULL;
	s->number = ++g->searched;
	s->queued = 0;
}

static void start_at(struct graph_search *s, uint32_t target)
{
	s->ways[state(target, ANYHOW)] = (struct graph_way){ 0, s->epoch, NO_OBJECT, 0 };
	s->queue[s->queued++] = state(target, ANYHOW);
	s->starts = s->queued;
}

static void begin_search(
	struct graph *g, const struct model *m, uint32_t target, const struct search *ask)
{
	struct graph_search *s = g->s;

	clear_search(g, m);
	s->target = target;
	s->strong = ask->strong;
	s->limit = ask->limit;
	s->point = ask->point;
	start_at(s, target);
}

static void search(
	struct graph *g, const struct model *m, uint32_t target, const struct search *ask)
{
	bool found = find_search(g, m, target, ask);

	g->s->used = ++g->questions;
	g->s->asked = target;
	if (found)
		return;
	begin_search(g, m, target, ask);
	/* Whoever controls the target directly decides the verdict, and comes first. */
	for (uint32_t done = 0; done < g->s->queued && done < ask->limit; done++) {
		uint32_t node = g->s->queue[done] / STATES;

		if (node == target || leads_on(g, m, node))
			expand(g, m, g->s->queue[done]);
	}
}

void graph_search_many(struct graph *g, const struct model *m, struct graph_search *s,
	const uint8_t *roles, const uint32_t *order, uint32_t count)
{
	g->s = s;
	clear_search(g, m);
	s->target = s->asked = NO_OBJECT;
	s->strong = true;
	s->roles = roles;
	for (uint32_t i = 0; i < count; i++)
		start_at(s, order[i]);
	for (uint32_t done = 0; done < s->queued; done++) {
		uint32_t node = s->queue[done] / STATES;

		if (done < s->starts || leads_on(g, m, node))
			expand(g, m, s->queue[done]);
	}
}

/* ---- answers ---- */

static bool is_principal(const struct model *m, uint32_t node)
{
	if (node >= m->count)
		return true;
	const struct ad_object *o = &m->objects[node];

	return object_is_account(o) || o->kind == AD_GROUP || o->kind == AD_FSP ||
	       (!sid_is_none(&o->sid) && o->kind != AD_DOMAIN);
}

static int by_length(const void *a, const void *b)
{
	const struct graph_principal *x = a, *y = b;

	if (x->steps != y->steps)
		return x->steps < y->steps ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static void list_principals(struct graph_search *s, const struct graph *g, const struct model *m)
{
	struct graph_principal *all = xcalloc(s->queued, sizeof(*all));
	size_t n = 0;

	/* The targets' own states come first. */
	for (uint32_t i = s->starts; i < s->queued; i++) {
		uint32_t node = s->queue[i] / STATES;

		if (s->queue[i] % STATES != ANYHOW || !is_principal(m, node))
			continue;
		all[n++] = (struct graph_principal){ graph_node(g, m, node),
			s->ways[s->queue[i]].depth, node };
	}
	if (n > 1)
		qsort(all, n, sizeof(*all), by_length);
	s->principals = all;
	s->count = n;
}

struct graph_reach graph_reach_for(
	const struct model *m, const struct ad_object *target, unsigned point, bool strongly)
{
	const struct search ask = { point, strongly, LIMIT_GRAPH_STATES };
	struct graph *g = graph_of(m);

	if (target->index >= m->count)
		return (struct graph_reach){ .number = UINT64_MAX >> 1 };
	search(g, m, target->index, &ask);
	if (!g->s->principals)
		list_principals(g->s, g, m);
	return (struct graph_reach){ g->s->principals, g->s->count,
		g->s->queued > LIMIT_GRAPH_STATES, g->s->number };
}

bool graph_has_way(const struct graph_search *s, uint32_t node)
{
	const struct graph_way *w = &s->ways[state(node, ANYHOW)];

	return w->epoch == s->epoch && w->next != NO_OBJECT;
}

struct graph_reach graph_reached(struct graph *g, const struct model *m, struct graph_search *s)
{
	g->s = s;
	if (!s->principals)
		list_principals(s, g, m);
	return (struct graph_reach){ s->principals, s->count, false, s->number };
}

struct graph_reach graph_reach(const struct model *m, const struct ad_object *target)
{
	return graph_reach_for(m, target, 0, false);
}

static enum relation strongest(uint64_t relations)
{
	for (unsigned r = 0; r < RELATION_COUNT; r++)
		if (relations & RELATION_BIT(r))
			return (enum relation)r;
	return RELATION_COUNT;
}

size_t graph_steps(const struct model *m, uint32_t node, struct graph_step *steps, size_t max)
{
	struct graph *g = graph_of(m);
	uint32_t at = state(node, ANYHOW);
	size_t n = 0;

	if (!g->s || node >= graph_nodes(m, g) || g->s->ways[at].epoch != g->s->epoch)
		return 0;
	for (; n < max && g->s->ways[at].next != NO_OBJECT; at = g->s->ways[at].next) {
		const struct graph_way *w = &g->s->ways[at];
		uint32_t next = w->next / STATES;
		struct graph_node to = graph_node(g, m, next == g->s->target ? g->s->asked : next);

		steps[n++] = (struct graph_step){ graph_node(g, m, at / STATES),
			strongest(w->relations), w->relations, to.object, to.sid };
	}
	return n;
}

size_t graph_path(const struct model *m, const struct ad_object *from,
	const struct ad_object *target, struct graph_step *steps, size_t max)
{
	static const struct sid wide[] = { { 1, 1, 5, { 11 } }, { 1, 1, 1, { 0 } } };
	struct graph *g = graph_of(m);
	uint32_t best = from->index;

	if (from->index >= m->count || target->index >= m->count || !max)
		return 0;
	search(g, m, target->index, &(struct search){ 0, false, UINT32_MAX });
	uint32_t depth = g->s->ways[state(best, ANYHOW)].epoch == g->s->epoch
				 ? g->s->ways[state(best, ANYHOW)].depth
				 : UINT32_MAX;

	for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
		uint32_t node = graph_find_principal(g, m, &wide[i]);
		const struct graph_way *w =
			node == NO_OBJECT ? NULL : &g->s->ways[state(node, ANYHOW)];

		if (w && w->epoch == g->s->epoch && object_is_account(from) &&
			(i || sid_rid(&from->sid) != RID_GUEST) && w->depth + 1 < depth) {
			best = node;
			depth = w->depth + 1;
		}
	}
	if (depth == UINT32_MAX || best == from->index)
		return depth == UINT32_MAX ? 0 : graph_steps(m, best, steps, max);
	struct graph_node by = graph_node(g, m, best);

	steps[0] = (struct graph_step){ { from, from->sid }, RELATION_MEMBER_OF,
		RELATION_BIT(RELATION_MEMBER_OF), by.object, by.sid };
	return 1 + graph_steps(m, best, steps + 1, max - 1);
}

size_t graph_direct(const struct model *m, const struct ad_object *target,
	struct graph_control *out, size_t max)
{
	struct graph *g = graph_of(m);
	uint32_t at = target->index;
	size_t n = 0;

	if (at >= m->count)
		return 0;
	if (g->profile_of[at] != NO_OBJECT) {
		const struct graph_profile *p = &g->profiles[g->profile_of[at]];

		for (uint32_t e = p->first; e < p->first + p->count && n < max; e++)
			if (g->edges[e].source != at)
				out[n++] = (struct graph_control){
					graph_node(g, m, g->edges[e].source), g->edges[e].relations
				};
	}
	for (uint32_t l = g->link_start[at]; l < g->link_start[at + 1] && n < max; l++)
		out[n++] = (struct graph_control){ graph_node(g, m, g->links[l].source),
			RELATION_BIT(g->links[l].relation) };
	return n;
}

/* ---- what was not read ---- */

static const char *gap_of(const struct graph *g, const struct model *m, uint32_t at)
{
	uint32_t profile = g->profile_of[at];

	if (!m->object_class[at])
		return "class_not_readable";
	if (profile == NO_OBJECT)
		return "descriptor_not_readable";
	if (!g->profiles[profile].whole)
		return "descriptor_damaged";
	return NULL;
}

static bool is_damaged_descriptor(const struct ad_object *o, enum attr a)
{
	struct arena scratch = { 0 };
	struct secdesc sd;
	bool damaged = obj_has(o, a) && !secdesc_parse(&scratch, obj_value(o, a, 0), &sd);

	arena_free(&scratch);
	return damaged;
}

/* Attributes of the target that name who controls it. */
static const char *gap_of_attributes(const struct model *m, const struct ad_object *o)
{
	if (graph_is_rodc(o) && model_readable(m, o, ATTR_MANAGED_BY) != READABLE)
		return "attribute_not_readable managedBy";
	if (o->kind == AD_MSA && model_readable(m, o, ATTR_MSDS_GROUP_MSA_MEMBERSHIP) != READABLE)
		return "attribute_not_readable msDS-GroupMSAMembership";
	if (o->kind == AD_MSA && is_damaged_descriptor(o, ATTR_MSDS_GROUP_MSA_MEMBERSHIP))
		return "value_malformed msDS-GroupMSAMembership";
	return NULL;
}

enum tri graph_direct_known(
	const struct model *m, const struct ad_object *target, const char **reason)
{
	const char *gap = target->index < m->count ? gap_of(graph_of(m), m, target->index)
						   : "descriptor_not_readable";

	if (gap && reason)
		*reason = gap;
	return gap ? UNKNOWN : YES;
}

enum tri graph_known(const struct model *m, const struct ad_object *target, const char **reason)
{
	const struct graph *g = graph_of(m);
	uint32_t at = target->index;
	const char *gap = at < m->count ? gap_of(g, m, at) : "descriptor_not_readable";

	if (!gap && target->kind == AD_GROUP && group_is_opaque(m, target))
		gap = "members_not_readable";
	if (!gap && g->hidden_halves[at])
		gap = "members_not_readable";
	/* What a container that is not tier 0 hands down. */
	for (unsigned n = 0; !gap && n < LIMIT_DN_DEPTH; n++) {
		if (g->profiles[g->profile_of[at]].protected_dacl || g->parent[at] == NO_OBJECT ||
			(g->critical[g->parent[at]] & CRITICAL_TIER_0))
			break;
		at = g->parent[at];
		gap = gap_of(g, m, at) ? "container_not_readable" : NULL;
	}
	if (!gap)
		gap = gap_of_attributes(m, target);
	if (!gap)
		gap = g->unread;
	if (gap && reason)
		*reason = gap;
	return gap ? UNKNOWN : YES;
}
