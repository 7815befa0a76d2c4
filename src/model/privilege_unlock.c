/*
 * What each membership is worth: the accounts all whose ways to privilege pass by it.
 *
 * The graph has a root above the privileged groups and above every RID 500, an edge from each group
 * to each of its members (primary groups included), and where Everyone or Authenticated Users is a
 * member, one to a node above all accounts. A membership that an account cannot do without is an
 * edge that every path from the root to it uses. Such an edge is the only way into its member
 * (dominators.h: its bridge), and what it is worth is what its member dominates. So one dominator
 * tree answers for all memberships at once, in O(memberships * log objects).
 */
#include "model/dominators.h"
#include "model/privilege.h"

#include "ad/wellknown.h"
#include "model/state.h"

#include <stdlib.h>

enum { ROOT, EVERYBODY, FIRST };

struct edges {
	uint32_t (*items)[2];
	size_t count, room;
};

struct worth {
	const struct model *m;
	uint32_t *node; /* by object, or NO_NODE */
	uint32_t *object;
	struct edges edges;
	uint32_t *start, *to;
	struct digraph graph;
	struct dominators d;
	uint32_t *accounts, *enabled; /* by node: what it dominates, itself included */
};

static void connect(struct edges *e, uint32_t from, uint32_t to)
{
	if (e->count == e->room) {
		e->room = e->room ? e->room * 2 : 1024;
		e->items = xrealloc(e->items, e->room * sizeof(*e->items));
	}
	e->items[e->count][0] = from;
	e->items[e->count++][1] = to;
}

static bool is_everybody_object(const struct ad_object *o)
{
	return !sid_is_none(&o->sid) && wellknown_is_everybody(&o->sid);
}

/* Members that mean everybody and whose own object was not read: an edge each. */
static void connect_everybody(struct worth *w, const struct ad_object *group)
{
	struct arena scratch = { 0 };

	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);
		struct sid sid;

		if (principal_sid(w->m, &scratch, NO_OBJECT, dn, &sid) &&
			wellknown_is_everybody(&sid) && index_sid(w->m, &sid) == NO_OBJECT)
			connect(&w->edges, w->node[group->index], EVERYBODY);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

static void connect_members(struct worth *w)
{
	const struct model *m = w->m;

	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		uint32_t at = w->node[i];

		if (at == NO_NODE)
			continue;
		if (m->via[i] == i || privileged_by_itself(o))
			connect(&w->edges, ROOT, at);
		if (is_everybody_object(o))
			connect(&w->edges, at, EVERYBODY);
		if (o->kind == AD_GROUP && m->via[i] != NO_OBJECT)
			for (uint32_t c = m->child_start[i]; c < m->child_start[i + 1]; c++)
				connect(&w->edges, at, w->node[m->children[c]->index]);
	}
	for (size_t i = 0; i < m->everybody_count; i++)
		if (w->node[m->everybody[i]] != NO_NODE)
			connect_everybody(w, &m->objects[m->everybody[i]]);
}

/* Is everybody privileged at all? Then each account is below that node as well. */
static void connect_all_accounts(struct worth *w)
{
	bool there = false;

	for (size_t e = 0; e < w->edges.count && !there; e++)
		there = w->edges.items[e][1] == EVERYBODY;
	for (size_t i = 0; there && i < w->m->count; i++)
		if (object_is_account(&w->m->objects[i]) && w->node[i] != NO_NODE)
			connect(&w->edges, EVERYBODY, w->node[i]);
}

static uint32_t name_nodes(struct worth *w)
{
	const struct model *m = w->m;
	uint32_t count = FIRST;

	w->node = xcalloc(m->count + 1, sizeof(uint32_t));
	w->object = xcalloc(m->count + FIRST + 1, sizeof(uint32_t));
	w->object[ROOT] = w->object[EVERYBODY] = NO_OBJECT;
	for (uint32_t i = 0; i < m->count; i++) {
		w->node[i] = NO_NODE;
		if (m->via[i] == NO_OBJECT && account_privileged(m, &m->objects[i]) != YES)
			continue;
		w->object[count] = i;
		w->node[i] = count++;
	}
	return count;
}

/* The edges by where they start; their order among one node's is that in which they were made. */
static void build_graph(struct worth *w, uint32_t count)
{
	uint32_t *fill = xcalloc((size_t)count + 1, sizeof(*fill));

	w->start = xcalloc((size_t)count + 2, sizeof(uint32_t));
	w->to = xcalloc(w->edges.count + 1, sizeof(uint32_t));
	for (size_t e = 0; e < w->edges.count; e++)
		w->start[w->edges.items[e][0] + 1]++;
	for (uint32_t v = 0; v < count; v++)
		w->start[v + 1] += w->start[v];
	for (size_t e = 0; e < w->edges.count; e++) {
		uint32_t from = w->edges.items[e][0];

		w->to[w->start[from] + fill[from]++] = w->edges.items[e][1];
	}
	free(fill);
	w->graph = (struct digraph){ count, w->start, w->to };
}

/* Domain controllers are what they are, and no people. */
static bool is_counted(const struct ad_object *o)
{
	return o->kind == AD_USER || o->kind == AD_MSA;
}

static void count_accounts(struct worth *w)
{
	w->accounts = xcalloc((size_t)w->graph.count + 1, sizeof(uint32_t));
	w->enabled = xcalloc((size_t)w->graph.count + 1, sizeof(uint32_t));
	for (uint32_t i = w->d.reached; i-- > 1;) {
		uint32_t v = w->d.order[i], up = w->d.idom[v];
		const struct ad_object *o = v < FIRST ? NULL : &w->m->objects[w->object[v]];

		if (o && is_counted(o)) {
			w->accounts[v]++;
			w->enabled[v] += account_enabled(w->m, o) == YES;
		}
		w->accounts[up] += w->accounts[v];
		w->enabled[up] += w->enabled[v];
	}
}

/* by more accounts, then by the DNs of group and member */
static int unlock_order(const void *a, const void *b)
{
	const struct privilege_unlock *x = a, *y = b;

	if (x->accounts != y->accounts)
		return x->accounts > y->accounts ? -1 : 1;
	if (x->group != y->group)
		return x->group->index < y->group->index ? -1 : 1;
	if (!x->member || !y->member)
		return !y->member - !x->member;
	return x->member->index < y->member->index ? -1 : x->member->index > y->member->index;
}

static size_t list_unlocks(const struct worth *w, struct privilege_unlock *list)
{
	const struct model *m = w->m;
	size_t n = 0;

	for (uint32_t i = 1; i < w->d.reached; i++) {
		uint32_t v = w->d.order[i], up = w->d.idom[v];
		const struct ad_object *member, *group;

		if (w->d.bridge[v] == NO_NODE || up < FIRST || !w->accounts[v])
			continue;
		group = &m->objects[w->object[up]];
		if (group->kind != AD_GROUP)
			continue; /* Everyone's own object is not in itself by a membership */
		member = v < FIRST ? NULL : &m->objects[w->object[v]];
		list[n++] = (struct privilege_unlock){ group, member,
			member && has_primary_group(member, group), w->accounts[v], w->enabled[v] };
	}
	return n;
}

size_t privilege_unlocks(
	const struct model *m, struct arena *a, const struct privilege_unlock **out)
{
	struct worth w = { .m = m };
	uint32_t count = name_nodes(&w);
	struct privilege_unlock *list;
	size_t n;

	connect_members(&w);
	connect_all_accounts(&w);
	build_graph(&w, count);
	dominators_find(&w.graph, &w.d);
	count_accounts(&w);
	list = ARENA_ARRAY(a, struct privilege_unlock, count);
	n = list_unlocks(&w, list);
	if (n)
		qsort(list, n, sizeof(*list), unlock_order);
	*out = list;
	dominators_free(&w.d);
	free(w.accounts);
	free(w.enabled);
	free(w.node);
	free(w.object);
	free(w.edges.items);
	free(w.start);
	free(w.to);
	return n;
}
