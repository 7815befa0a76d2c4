/*
 * Several facilities side by side. Runs are taken one at a time, and of each only what the
 * comparison shows is kept: 200 of half a million findings take no more room than 200 small ones.
 */
#ifndef RUNS_COMPARE_H
#define RUNS_COMPARE_H

#include "base/err.h"
#include "engine/comparison.h"

#define COMPARE_RUNS_LEAST 2u
#define COMPARE_RUNS_MOST 200u

struct compare_rules {
	/* With a key, named runs are matched with anonymous ones of that key; NULL: none. */
	int (*keyed)(const void *key, struct str sid, char out[65], struct err *err);
	const void *key;
	const char *unnamed; /* what a facility without a name is called, before its number */
	/* Adds the words of the catalogue to a run (engine_describe_run()). */
	void (*describe)(const void *catalogue, struct run *r);
	const void *catalogue;
};

struct compare;
struct compare *compare_new(const struct compare_rules *rules);
/* Takes what is needed of r, which need not outlive the call. */
int compare_add(struct compare *c, const struct run *r, struct err *err);
/* When all were added: does the i-th run perhaps know accounts that are in groups of others? Then
 * compare_names() takes their names from it. */
bool compare_wants_names(const struct compare *c, size_t i);
void compare_names(struct compare *c, const struct run *r);
/* Which runs are of one facility: those with a domain in common, by SID or keyed hash; where that
 * cannot be told, the same FINESS, else the same name. Of several runs of one date one is kept. */
void compare_finish(struct compare *c, struct comparison *out);
void compare_free(struct compare *c);

#endif
