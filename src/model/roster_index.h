/* Inside src/model: the accounts of the directory by the names that a roster may use. */
#ifndef MODEL_ROSTER_INDEX_H
#define MODEL_ROSTER_INDEX_H

#include "model/roster.h"
#include "model/state.h"

/* Accounts that one name may stand for, at most; more are as good as nobody. */
#define ROSTER_CANDIDATES 64

struct roster_index;

struct roster_index *roster_index_build(const struct model *m, unsigned match);
void roster_index_free(struct roster_index *x);
/* The accounts that text stands for, by object index, each once, at most ROSTER_CANDIDATES; *more:
 * there are others. */
size_t roster_index_find(
	struct roster_index *x, struct str text, uint32_t found[ROSTER_CANDIDATES], bool *more);
/* Could an attribute by which o would be found not be read? */
bool roster_index_misses(const struct model *m, unsigned match, const struct ad_object *o);

#endif
