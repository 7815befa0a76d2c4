/* What the verbs of history share: a history that runs are added to. */
#ifndef CLI_KEEPING_H
#define CLI_KEEPING_H

#include "cli/cli.h"
#include "runs/history.h"

struct keeping {
	struct cli *cli;
	const char *folder;
	struct history *history; /* NULL: not opened yet */
	bool french;
	const char *source;    /* what the run was evaluated from, for people; NULL: it is a run */
	uint64_t added, known; /* runs */
};

/* Adds a run, whose results.json is bytes, and says so. name is for sentences. The history is
 * opened, and made, only when there is something to keep in it. */
int keep_run(struct keeping *k, const struct run *r, struct str bytes, const char *name,
	const struct workbook *w, struct err *err);
/* Adds the run of that folder, or results.json, with what people wrote in its workbook. */
int keep_folder(struct keeping *k, const char *path, struct err *err);
/*
 * Adds all that stands on the shelves (shelf.h), in order of date: runs as they are, directories
 * evaluated with the policy of the command line, each by itself and at its own date. What cannot
 * be read or kept is named on standard error, and the rest goes in; the call then fails with what
 * the first of them said. Nothing is added before everything was evaluated.
 */
int keep_shelves(struct keeping *k, const char *const *paths, size_t count, struct err *err);

#endif
