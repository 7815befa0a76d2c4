/*
 * Dominators of a graph with a root: d dominates v when every path from the root to v passes
 * through d (Lengauer and Tarjan 1979, with path compression: O(edges * log nodes), no recursion).
 * What the removal of one node or edge would cut off is then read from a tree.
 */
#ifndef MODEL_DOMINATORS_H
#define MODEL_DOMINATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_NODE UINT32_MAX

/* Node 0 is the root. The successors of v are to[start[v]] … to[start[v + 1] - 1]; parallel edges
 * and loops are allowed. */
struct digraph {
	uint32_t count;
	const uint32_t *start; /* count + 1 of them */
	const uint32_t *to;
};

struct dominators {
	uint32_t
		*idom; /* by node: the nearest other dominator; NO_NODE: the root, or not reached */
	/* By node: the only edge that all paths to it end with, as an index of to[]; NO_NODE: there
	 * is none. Loops and edges from what the node itself dominates are no way to it. */
	uint32_t *bridge;
	/* An order in which every node stands before what it dominates: reached of them. */
	uint32_t *order;
	uint32_t reached;
};

/* Fills d, which dominators_free() gives back. */
void dominators_find(const struct digraph *g, struct dominators *d);
void dominators_free(struct dominators *d);

#endif
