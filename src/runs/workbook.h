/*
 * The audit workbook read back: what people wrote in it, and what it remembers. Rows may have been
 * put in another order, columns moved, added or renamed, sheets renamed; the file may come from
 * anybody.
 */
#ifndef RUNS_WORKBOOK_H
#define RUNS_WORKBOOK_H

#include "base/err.h"
#include "engine/evolution.h"

/* What its run measured a control by. */
struct workbook_measure {
	struct str control;
	struct evolution_measure measure;
};

struct workbook {
	struct arena arena;
	bool is_english;      /* the words of its sheets */
	int64_t evaluated_at; /* of its run; INT64_MIN: it does not say */
	struct str policy_sha256;
	const struct str *domains; /* SIDs; none: it does not say */
	size_t domain_count;
	const struct workbook_measure *measures; /* by control; one of an older version: none */
	size_t measure_count;
	/* By key. A finding of its run has last_seen == evaluated_at. followup is NULL where the
	 * workbook says nothing of it, and empty where somebody emptied its cells. */
	const struct evolution_memory *memory;
	size_t memory_count;
	bool has_memory; /* the hidden sheet is there */
	/* For sentences to people: rows with something typed that belong to nothing, rows whose
	 * hidden key was damaged and that were known by their other columns, rows that stand twice
	 * with something typed in both, and columns that are not there. */
	uint64_t without_key, by_columns, twice;
	struct str missing_columns; /* ", " between them */
};

/* What is no workbook of this program, or is damaged, is ERR_SOURCE with a sentence. */
int workbook_read(const char *path, struct workbook *out, struct err *err);
void workbook_free(struct workbook *w);

/* Did somebody write anything? NULL: no. */
bool followup_is_empty(const struct run_followup *f);
bool followup_equal(const struct run_followup *a, const struct run_followup *b);
/* A copy with its texts in a. */
struct run_followup *followup_copy(struct arena *a, const struct run_followup *f);

#endif
