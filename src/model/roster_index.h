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
 * there are others. *by: the attributes, ROSTER_…, by which one was found. */
size_t roster_index_find(struct roster_index *x, struct str text, uint32_t found[ROSTER_CANDIDATES],
	bool *more, unsigned *by);
/* Attributes of match that could not be read on o, by which it would be found. */
unsigned roster_index_misses(const struct model *m, unsigned match, const struct ad_object *o);
/* Attributes of match by which a row found by those of `by` may name another account still: all but
 * those that were found and that the system lets stand on one account only (sAMAccountName: of a
 * domain, MS-SAMR 3.1.1.8.4; userPrincipalName: of a forest, MS-ADTS 3.1.1.5.1.3; objectSid). */
unsigned roster_index_open(const struct roster_index *x, unsigned by);
/* May a user other than o, of whom such an attribute could not be read, be named by it too? */
bool roster_index_shares(const struct roster_index *x, unsigned open, const struct ad_object *o);

#endif
