/* A snapshot becomes a run: what every command that evaluates goes through. */
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "cli/cli.h"

struct evaluation {
	struct cli *cli;
	const struct rules *rules;
	const char *snapshot; /* the file */
	const char *sysvol;   /* a snapshot of SYSVOL to be read in its place; NULL: none */
	int64_t at;	      /* INT64_MIN: the directory's own time */
};

/* The caller calls model_free(). ERR_USAGE: no date is given, and the source holds none. */
int evaluation_load(const struct evaluation *e, struct model **out, struct err *err);
/* previous: of the run before this one; NULL: none. The caller calls run_free(); the model must
 * outlive the run. */
struct previous_run;
int evaluation_run(const struct evaluation *e, const struct model *m,
	const struct previous_run *previous, struct run *out, struct err *err);

#endif
