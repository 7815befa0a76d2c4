/*
 * Inside src/runs: what a workbook's sheet is, by its name, and where its columns stand, by their
 * headers, in French or English; what stands in a row of it.
 */
#ifndef RUNS_WORKBOOK_SHEET_H
#define RUNS_WORKBOOK_SHEET_H

#include "base/arena.h"
#include "engine/evolution.h"
#include "runs/sheets.h"

enum workbook_sheet {
	SHEET_OTHER,   /* one of ours that holds no follow-up */
	SHEET_PLAN,    /* Plan d'action */
	SHEET_OBJECTS, /* Objets */
	SHEET_UNKNOWN, /* renamed, or added: it is ours if its header says so */
	SHEET_MEMORY   /* Suivi */
};
/* *english: set where the name tells the language. */
enum workbook_sheet workbook_sheet_kind(struct str name, bool *english);

/* Columns that are found; what a row of Suivi adds stands behind. */
enum workbook_column {
	COLUMN_RESPONSIBLE, /* the five that people fill stand side by side */
	COLUMN_DUE,
	COLUMN_STATE,
	COLUMN_COMMENT,
	COLUMN_PROOF,
	COLUMN_TYPED_COUNT,
	COLUMN_KEY = COLUMN_TYPED_COUNT,
	COLUMN_CONTROL,
	COLUMN_DN,
	COLUMN_SID,
	COLUMN_GUID,
	COLUMN_SHEET_COUNT,
	COLUMN_FIRST_SEEN = COLUMN_SHEET_COUNT,
	COLUMN_SINCE,
	COLUMN_LAST_SEEN,
	COLUMN_FIXED_AT,
	COLUMN_COUNT
};
#define NO_COLUMN UINT32_MAX

struct workbook_columns {
	uint32_t at[COLUMN_COUNT];
	bool of_plan; /* there are columns that only Plan d'action has, and none of an object */
};

/* Is this row the header of the follow-up, or of Suivi? Then *out says where its columns stand; one
 * that people gave another name is known by its neighbours. */
bool workbook_header(
	const struct sheet_cell *cells, size_t count, bool memory, struct workbook_columns *out);
/* The French or English header of one of the five. */
const char *workbook_column_name(enum workbook_column column, bool english);

/* The row's cell in the column; NULL: it is empty, or there is no such column. */
const struct sheet_cell *workbook_cell(const struct sheet_cell *cells, size_t count,
	const struct workbook_columns *at, enum workbook_column column);
/* What is typed there, without white space around it, in a; dates and truth values in words. */
struct str workbook_text(const struct sheet_cell *cell, bool english, struct arena *a);
/* What people wrote in the row. A due date that is no date goes before the comment. */
struct run_followup workbook_followup(const struct sheet_cell *cells, size_t count,
	const struct workbook_columns *at, bool english, struct arena *a);

#endif
