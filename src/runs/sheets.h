/*
 * The sheets of a workbook (ECMA-376 part 1, SpreadsheetML) row by row, as Excel, LibreOffice or
 * this program saved it: shared and inline strings, results of formulas, dates of both systems.
 * What the cells mean is workbook.c's to say.
 */
#ifndef RUNS_SHEETS_H
#define RUNS_SHEETS_H

#include "base/err.h"
#include "base/str.h"

struct sheets;

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOL };

struct sheet_cell {
	uint32_t column; /* from 0 */
	enum cell_kind kind;
	struct str text; /* clean UTF-8; of a TEXT, and of a NUMBER as the file writes it */
	double number;	 /* of NUMBER, DATE and BOOL; a DATE's serial too */
	int64_t seconds; /* of a DATE, and of a NUMBER taken as one; INT64_MIN: it is none */
};

/* Errors are ERR_SOURCE with a sentence that names the file. */
int sheets_open(const char *path, struct sheets **out, struct err *err);
void sheets_close(struct sheets *s); /* NULL is fine */
size_t sheets_count(const struct sheets *s);
struct str sheets_name(const struct sheets *s, size_t i);

/* Calls each() for every row that holds something, from top to bottom; empty cells are left out.
 * What cells hold is valid until it returns. each() returns false to stop. */
typedef bool sheet_row_fn(void *cx, uint32_t row, const struct sheet_cell *cells, size_t count);
int sheets_rows(struct sheets *s, size_t i, sheet_row_fn *each, void *cx, struct err *err);
/* "… cannot be read: why" of this workbook. */
int sheets_damaged(const struct sheets *s, const char *why, struct err *err);

#endif
