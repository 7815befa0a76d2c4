#include "model/dominators.h"

#include "base/arena.h"

#include <stdlib.h>

/* Everything below is by number in depth-first order, the root having 0, but vertex and number. */
struct search {
	const struct digraph *g;
	uint32_t *vertex; /* node by number */
	uint32_t *number; /* number by node; NO_NODE: not reached */
	uint32_t *parent, *semi, *idom;
	uint32_t *ancestor, *label; /* the forest of what was dealt with */
	uint32_t *bucket, *next;    /* nodes by semidominator, as lists */
	uint32_t *pred_start, *pred;
	uint32_t *stack;
	uint32_t count;
};

static uint32_t *numbers(uint32_t n, uint32_t value)
{
	uint32_t *list = xcalloc((size_t)n + 1, sizeof(*list));

	for (uint32_t i = 0; i <= n; i++)
		list[i] = value;
	return list;
}

static void visit(struct search *s, uint32_t node, uint32_t parent)
{
	s->number[node] = s->count;
	s->vertex[s->count] = node;
	s->parent[s->count++] = parent;
}

static void number_nodes(struct search *s)
{
	const struct digraph *g = s->g;
	uint32_t *at = xcalloc((size_t)g->count + 1, sizeof(*at));
	uint32_t depth = 0;

	for (uint32_t v = 0; v < g->count; v++)
		at[v] = g->start[v];
	visit(s, 0, NO_NODE);
	s->stack[depth++] = 0;
	while (depth) {
		uint32_t node = s->stack[depth - 1];

		if (at[node] == g->start[node + 1]) {
			depth--;
			continue;
		}
		uint32_t to = g->to[at[node]++];

		if (s->number[to] != NO_NODE)
			continue;
		visit(s, to, s->number[node]);
		s->stack[depth++] = to;
	}
	free(at);
}

/* Predecessors by number, of what was reached. */
static void turn_round(struct search *s)
{
	const struct digraph *g = s->g;
	uint32_t *fill;

	s->pred_start = xcalloc((size_t)s->count + 1, sizeof(uint32_t));
	s->pred = xcalloc((size_t)g->start[g->count] + 1, sizeof(uint32_t));
	fill = xcalloc((size_t)s->count + 1, sizeof(*fill));
	for (uint32_t v = 0; v < s->count; v++)
		for (uint32_t e = g->start[s->vertex[v]]; e < g->start[s->vertex[v] + 1]; e++)
			s->pred_start[s->number[g->to[e]] + 1]++;
	for (uint32_t v = 0; v < s->count; v++)
		s->pred_start[v + 1] += s->pred_start[v];
	for (uint32_t v = 0; v < s->count; v++)
		for (uint32_t e = g->start[s->vertex[v]]; e < g->start[s->vertex[v] + 1]; e++) {
			uint32_t w = s->number[g->to[e]];

			s->pred[s->pred_start[w] + fill[w]++] = v;
		}
	free(fill);
}

/* The node of the smallest semidominator on the way up to the root of v's tree, which becomes v's
 * label; the way is shortened. */
static uint32_t evaluate(struct search *s, uint32_t v)
{
	uint32_t depth = 0;

	if (s->ancestor[v] == NO_NODE)
		return v;
	for (uint32_t at = v; s->ancestor[s->ancestor[at]] != NO_NODE; at = s->ancestor[at])
		s->stack[depth++] = at;
	while (depth) {
		uint32_t at = s->stack[--depth], up = s->ancestor[at];

		if (s->semi[s->label[up]] < s->semi[s->label[at]])
			s->label[at] = s->label[up];
		s->ancestor[at] = s->ancestor[up];
	}
	return s->label[v];
}

static void find_semidominator(struct search *s, uint32_t w)
{
	for (uint32_t p = s->pred_start[w]; p < s->pred_start[w + 1]; p++) {
		uint32_t u = evaluate(s, s->pred[p]);

		if (s->semi[u] < s->semi[w])
			s->semi[w] = s->semi[u];
	}
	s->next[w] = s->bucket[s->semi[w]];
	s->bucket[s->semi[w]] = w;
}

static void empty_bucket(struct search *s, uint32_t parent)
{
	for (uint32_t v = s->bucket[parent]; v != NO_NODE; v = s->next[v]) {
		uint32_t u = evaluate(s, v);

		s->idom[v] = s->semi[u] < s->semi[v] ? u : parent;
	}
	s->bucket[parent] = NO_NODE;
}

static void find_dominators(struct search *s)
{
	for (uint32_t w = s->count; w-- > 1;) {
		find_semidominator(s, w);
		s->ancestor[w] = s->parent[w];
		empty_bucket(s, s->parent[w]);
	}
	for (uint32_t w = 1; w < s->count; w++)
		if (s->idom[w] != s->semi[w])
			s->idom[w] = s->idom[s->idom[w]];
}

/* ---- bridges ---- */

struct tree { /* by number: the nodes that v dominates have the places [at, at + size) */
	uint32_t *at, *size;
};

static struct tree lay_out(const struct search *s)
{
	struct tree t = { xcalloc((size_t)s->count + 1, sizeof(uint32_t)), numbers(s->count, 1) };
	uint32_t *fill = numbers(s->count, 1);

	/* A dominator has a smaller number than what it dominates. */
	for (uint32_t v = s->count; v-- > 1;)
		t.size[s->idom[v]] += t.size[v];
	for (uint32_t v = 1; v < s->count; v++) {
		uint32_t up = s->idom[v];

		t.at[v] = fill[up];
		fill[up] += t.size[v];
		fill[v] = t.at[v] + 1;
	}
	free(fill);
	return t;
}

static void find_bridges(const struct search *s, struct dominators *d)
{
	const struct digraph *g = s->g;
	struct tree t = lay_out(s);
	uint8_t *ways = xcalloc((size_t)s->count + 1, 1);

	for (uint32_t v = 0; v < s->count; v++)
		for (uint32_t e = g->start[s->vertex[v]]; e < g->start[s->vertex[v] + 1]; e++) {
			uint32_t w = s->number[g->to[e]];

			if (t.at[v] >= t.at[w] && t.at[v] - t.at[w] < t.size[w])
				continue;
			d->bridge[g->to[e]] = ways[w] ? NO_NODE : e;
			ways[w] = 1;
		}
	free(ways);
	free(t.at);
	free(t.size);
}

void dominators_find(const struct digraph *g, struct dominators *d)
{
	struct search s = { .g = g };
	uint32_t n = g->count;

	*d = (struct dominators){ numbers(n, NO_NODE), numbers(n, NO_NODE), numbers(n, NO_NODE),
		0 };
	if (!n)
		return;
	s.vertex = d->order;
	s.number = numbers(n, NO_NODE);
	s.parent = numbers(n, NO_NODE);
	s.semi = xcalloc((size_t)n + 1, sizeof(uint32_t));
	s.idom = numbers(n, NO_NODE);
	s.ancestor = numbers(n, NO_NODE);
	s.label = xcalloc((size_t)n + 1, sizeof(uint32_t));
	s.bucket = numbers(n, NO_NODE);
	s.next = numbers(n, NO_NODE);
	s.stack = xcalloc((size_t)n + 1, sizeof(uint32_t));
	for (uint32_t v = 0; v < n; v++)
		s.semi[v] = s.label[v] = v;
	number_nodes(&s);
	turn_round(&s);
	find_dominators(&s);
	for (uint32_t v = 1; v < s.count; v++)
		d->idom[s.vertex[v]] = s.vertex[s.idom[v]];
	d->reached = s.count;
	find_bridges(&s, d);
	free(s.number);
	free(s.parent);
	free(s.semi);
	free(s.idom);
	free(s.ancestor);
	free(s.label);
	free(s.bucket);
	free(s.next);
	free(s.pred_start);
	free(s.pred);
	free(s.stack);
}

void dominators_free(struct dominators *d)
{
	free(d->idom);
	free(d->bridge);
	free(d->order);
	*d = (struct dominators){ 0 };
}
