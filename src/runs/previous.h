/* Reads what a run needs of the one before it out of that run's results.json. */
#ifndef RUNS_PREVIOUS_H
#define RUNS_PREVIOUS_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/previous.h"

/* path: a results.json, or the folder of reports that holds one. Any bytes may stand in it: what is
 * no results.json of schema 1, or is anonymous, is ERR_SOURCE with a sentence; a workbook is
 * ERR_USAGE. out lives in a. */
int previous_read(const char *path, struct arena *a, struct previous_run *out, struct err *err);
/* The same of a run that was read; name is for the sentences. */
struct run;
int previous_of_run(const struct run *r, const char *name, struct arena *a,
	struct previous_run *out, struct err *err);
/* The same of a file's bytes; name is for the sentences. */
int previous_parse(struct str bytes, const char *name, struct arena *a, struct previous_run *out,
	struct err *err);
/* ERR_USAGE when none of the domains of sids[] is one of the previous run: it is of another
 * directory. */
int previous_same_directory(const struct previous_run *p, const char *name, const struct str *sids,
	size_t count, struct err *err);

#endif
