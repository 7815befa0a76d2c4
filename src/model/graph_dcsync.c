/*
 * Replicating secrets takes two rights (MS-DRSR 4.1.10.4.1), and somebody may hold each through
 * another group. Who is below both groups holds both.
 */
#include "model/graph_state.h"

#include <stdlib.h>

static const struct sid everyone = { 1, 1, 1, { 0 } };
static const struct sid authenticated_users = { 1, 1, 5, { 11 } };

struct marks {
	uint8_t *on; /* by node: bit 0 Get-Changes, bit 1 Get-Changes-All */
	uint32_t *queue;
	uint32_t count;
};

static void mark(struct marks *k, uint32_t node, uint8_t bit)
{
	if (k->on[node] & bit)
		return;
	k->on[node] |= bit;
	k->queue[k->count++] = node;
}

static void mark_below(const struct graph *g, const struct model *m, struct marks *k,
	const uint32_t *from, size_t count, uint8_t bit)
{
	k->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct sid s = graph_node(g, m, from[i]).sid;

		mark(k, from[i], bit);
		if (!sid_eq(&s, &everyone) && !sid_eq(&s, &authenticated_users))
			continue;
		uint32_t users = graph_find_principal(g, m, &authenticated_users);

		if (users != NO_OBJECT)
			mark(k, users, bit);
		for (uint32_t o = 0; o < m->count; o++)
			if (object_is_account(&m->objects[o]) || m->objects[o].kind == AD_GROUP)
				mark(k, o, bit);
	}
	for (uint32_t done = 0; done < k->count; done++) {
		uint32_t at = k->queue[done];

		if (at >= m->count)
			continue;
		for (uint32_t c = m->child_start[at]; c < m->child_start[at + 1]; c++)
			mark(k, m->children[c]->index, bit);
	}
}

static bool has_both(
	const struct graph *g, const struct model *m, const struct marks *k, const struct sid *sid)
{
	uint32_t node = graph_find_principal(g, m, sid);

	return node != NO_OBJECT && k->on[node] == 3;
}

static bool parent_has_both(const struct model *m, const struct marks *k, uint32_t node)
{
	for (uint32_t p = node < m->count ? m->parent_start[node] : 0;
		node < m->count && p < m->parent_start[node + 1]; p++)
		if (k->on[m->parents[p]->index] == 3)
			return true;
	return false;
}

/* A SID of a domain that was read may be that of a group that the reader does not see: who is known
 * to be deleted is trusted (graph_principals.c). */
static bool may_be_hidden_group(const struct graph *g, const struct model *m, uint32_t node)
{
	struct sid s = graph_node(g, m, node).sid;
	uint32_t rid;

	for (size_t d = 0; node >= m->count && d < m->domain_count; d++)
		if (sid_in_domain(&s, &m->domains[d].sid, &rid))
			return true;
	return false;
}

/* Does one of these groups, which are not tier 0, have members that nobody saw? *others: is there
 * any but tier 0? */
static bool hides_members(const struct graph *g, const struct model *m, const uint32_t *nodes,
	size_t count, bool *others)
{
	bool hidden = false;

	for (size_t i = 0; i < count; i++) {
		if (graph_trusts(g, m, nodes[i]))
			continue;
		*others = true;
		hidden |= nodes[i] < m->count && m->objects[nodes[i]].kind == AD_GROUP &&
			  group_is_opaque(m, &m->objects[nodes[i]]);
		hidden |= may_be_hidden_group(g, m, nodes[i]);
	}
	return hidden;
}

void graph_dcsync(
	struct graph *g, const struct model *m, uint32_t head, const struct graph_halves *h)
{
	uint32_t nodes = graph_nodes(m, g);

	if (!h->changes_count || !h->all_count)
		return;
	bool changes = false, all = false;
	bool hidden = hides_members(g, m, h->changes, h->changes_count, &changes);

	hidden |= hides_members(g, m, h->all, h->all_count, &all);
	g->hidden_halves[head] = hidden && changes && all;
	struct marks k = { xcalloc(nodes, 1), xcalloc(nodes, sizeof(uint32_t)), 0 };

	mark_below(g, m, &k, h->changes, h->changes_count, 1);
	mark_below(g, m, &k, h->all, h->all_count, 2);
	bool everybody = has_both(g, m, &k, &everyone) || has_both(g, m, &k, &authenticated_users);

	/* The widest who hold both; their members follow from membership. Who holds both by the
	 * same ACEs has an edge already. */
	for (uint32_t n = 0; n < nodes; n++) {
		bool direct_changes = false, direct_all = false;

		struct sid s = graph_node(g, m, n).sid;

		if (everybody && !sid_eq(&s, &everyone) && !sid_eq(&s, &authenticated_users))
			continue;
		if (k.on[n] != 3 || graph_trusts(g, m, n) || parent_has_both(m, &k, n))
			continue;
		for (size_t i = 0; i < h->changes_count; i++)
			direct_changes |= h->changes[i] == n;
		for (size_t i = 0; i < h->all_count; i++)
			direct_all |= h->all[i] == n;
		if (!direct_changes || !direct_all)
			graph_link(g, n, head, RELATION_DCSYNC);
	}
	free(k.on);
	free(k.queue);
}
