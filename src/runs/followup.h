/*
 * What audit --previous gives: the run before, what earlier runs had, and what people wrote; and
 * what became of all that in the run that was just made.
 */
#ifndef RUNS_FOLLOWUP_H
#define RUNS_FOLLOWUP_H

#include "base/err.h"
#include "base/progress.h"
#include "engine/evolution.h"
#include "engine/previous.h"

/* An audit is due every two months. */
#define FOLLOWUP_MONTHS 2

struct followup;
struct workbook;

/* path: a results.json (with the audit.xlsx beside it, if there is one), an audit.xlsx (with the
 * results.json beside it, if there is one), the folder of reports that holds them, or that of a
 * history. Any bytes may stand in them; ERR_SOURCE and ERR_USAGE say what is wrong. */
int followup_open(
	const char *path, struct progress *progress, struct followup **out, struct err *err);
void followup_close(struct followup *f); /* NULL is fine */

/* Chooses the run before one of the date `at` (only a history has several) of the directory whose
 * domains have these SIDs. ERR_USAGE: another directory, or a later run. */
int followup_choose(
	struct followup *f, int64_t at, const struct str *sids, size_t count, struct err *err);
/* What the evaluation needs of the run before; false: there is none. Lives in f. */
bool followup_previous(const struct followup *f, struct previous_run *out);

/* What became of it in the run; lives in f, and points at the run. False: nothing is known of
 * earlier runs. */
int followup_evolution(struct followup *f, const struct run *now, struct run_evolution *out,
	bool *known, struct err *err);

/* The workbook that was read and its path; NULL: none. Its notes are for people. */
const struct workbook *followup_workbook(const struct followup *f, const char **path);
/* When the audit after this one is due. */
int64_t followup_next_audit(int64_t evaluated_at);

/* The files of one audit: path is any of them, or their folder. NULL: is not there. In a. */
struct followup_files {
	const char *results, *workbook;
};
struct followup_files followup_files(const char *path, struct arena *a);
/* The workbook of an audit must be of the run beside it, or of one before it. */
int followup_check_workbook(
	const struct workbook *w, const char *path, int64_t evaluated_at, struct err *err);

#endif
