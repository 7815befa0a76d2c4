/* Reads what a run needs of the one before it out of that run's results.json. */
#ifndef RUNS_PREVIOUS_H
#define RUNS_PREVIOUS_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/previous.h"

/* What is an anonymous run, or has a malformed table, is ERR_SOURCE with a sentence; name is for
 * sentences. out lives in a. */
struct run;
int previous_of_run(const struct run *r, const char *name, struct arena *a,
	struct previous_run *out, struct err *err);
/* The same of the bytes of a results.json. */
int previous_parse(struct str bytes, const char *name, struct arena *a, struct previous_run *out,
	struct err *err);
/* Is one of the SIDs of domains in both? */
bool previous_shares_domain(
	const struct str *sids, size_t count, const struct str *others, size_t other_count);
/* ERR_USAGE when none of the domains of sids[] is one of the previous run: it is of another
 * directory. */
int previous_same_directory(const struct previous_run *p, const char *name, const struct str *sids,
	size_t count, struct err *err);

#endif
