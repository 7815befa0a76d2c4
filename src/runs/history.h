/*
 * The history of one directory: dated runs, and what people wrote about them, in
 * FOLDER/history.sqlite. Nothing in it is ever changed: each run carries a hash of itself and of
 * all before it, in order of arrival, so that a changed past is seen. (Runs taken away from its end
 * are seen by who noted the last hash.) What people wrote is in no hash. Tables: docs/history.md.
 */
#ifndef RUNS_HISTORY_H
#define RUNS_HISTORY_H

#include "base/err.h"
#include "base/progress.h"
#include "engine/evolution.h"

struct history;
struct workbook;

struct history_entry {
	int64_t id; /* order of arrival, from 1 */
	int64_t evaluated_at, added_at;
	uint64_t size; /* bytes of its results.json */
	char sha256[65], chain[65];
};

/* Does the folder hold a history? */
bool history_exists(const char *folder);
/* create: make folder and file where they are not there. Refuses what history_db_open() refuses. */
int history_open(const char *folder, bool create, struct history **out, struct err *err);
void history_close(struct history *h); /* NULL is fine */

/* By date, runs of the same date in order of arrival; as it was when it was opened or last added
 * to. */
size_t history_count(const struct history *h);
const struct history_entry *history_entry(const struct history *h, size_t i);
/* What the last run to arrive carries; "" when there is none. */
const char *history_chain(const struct history *h);

/* Is the chain of hashes whole? ERR_SOURCE names the run that was changed or is missing. Bytes of
 * runs are not looked at: history_read() does that. */
int history_check(const struct history *h, struct err *err);
/* The run, when its bytes are those that were added. The caller calls run_free(). */
int history_read(const struct history *h, size_t i, struct run *out, struct err *err);

/* Calls each() with what was written last about each control and finding, of runs up to that date.
 * Texts are valid until it returns. */
typedef void history_followup_fn(void *cx, struct str key, const struct run_followup *f);
int history_followups(
	struct history *h, int64_t up_to, history_followup_fn *each, void *cx, struct err *err);

struct history_addition {
	int64_t evaluated_at;
	bool is_new;	    /* else it was there, byte for byte */
	uint64_t followups; /* rows that people wrote or changed since they were last kept */
};
/* Adds a run, whose results.json is bytes (name is for sentences), and what people wrote in its
 * workbook (NULL: none), all or nothing. now: the clock. ERR_USAGE: a run of another directory. */
int history_add(struct history *h, const struct run *r, struct str bytes, const char *name,
	const struct workbook *w, int64_t now, struct history_addition *out, struct err *err);
/* ERR_USAGE when no history can take it: an anonymous run. */
int history_check_run(const struct run *r, const char *name, struct err *err);

#endif
