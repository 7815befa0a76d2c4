/*
 * audit.xlsx: what its sheets share. A small workbook has real tables; one of more than
 * XLSX_TABLE_ROWS rows is written in libxlsxwriter's constant-memory mode, which is for the whole
 * workbook: rows in ascending order only, no tables (autofilters instead), no merge over two rows.
 * Every sheet is therefore always written from top to bottom.
 *
 * The first failure is kept in book->err and the calls after it do nothing: the writer asks once,
 * at the end.
 */
#ifndef REPORTS_XLSX_H
#define REPORTS_XLSX_H

/* Before base/banned.h: its macros name strncpy. */
#include <xlsxwriter.h>

#include "reports/words.h"
#include "reports/writers.h"

/* The format of a cell; of a list's column it also says what its rows are coloured by. */
enum xlsx_style {
	STYLE_TEXT,
	STYLE_WRAP, /* prose */
	STYLE_CENTER,
	STYLE_NUMBER,
	STYLE_DATE,
	STYLE_LEVEL,	/* 1 … 5, coloured */
	STYLE_STATUS,	/* words of a status, coloured */
	STYLE_STATE,	/* progress of an action: a list to choose from */
	STYLE_DUE,	/* a date that people type */
	STYLE_COVERAGE, /* state of coverage, coloured */
	STYLE_WAIVER,	/* of an accepted risk, coloured */
	STYLE_AGE,	/* of a finding, coloured */
	STYLE_WORDS,	/* centred, on several lines where they need them */
	STYLE_HEADER,
	STYLE_NOTE, /* a row that is about the sheet itself */
	/* Synthèse */
	STYLE_TITLE,
	STYLE_SUBTITLE,
	STYLE_FIGURE, /* one per level: FIGURE + level - 1 */
	STYLE_FIGURE_LAST = STYLE_FIGURE + 4,
	STYLE_FIGURE_AT_MOST, /* what was not read may lower it */
	STYLE_MEANING,
	STYLE_MEANING_BOLD, /* inside the cell of MEANING */
	STYLE_ESTIMATE,
	STYLE_SECTION,
	STYLE_LABEL,
	STYLE_VALUE,
	STYLE_VALUE_NUMBER,
	STYLE_VALUE_DATE,
	STYLE_HEAD,
	STYLE_CELL,
	STYLE_CELL_CENTER,
	STYLE_CELL_LEVEL,
	STYLE_CELL_STATUS,
	STYLE_CELL_DATE,
	STYLE_CELL_PERCENT,
	STYLE_CELL_SIGNED, /* a difference */
	STYLE_CELL_WORDS,  /* centred, and on several lines where they need them */
	STYLE_CELL_ADS,	   /* how ADS differs, coloured */
	STYLE_TOTAL,
	/* compare.xlsx */
	STYLE_DECIMAL,
	STYLE_CELL_DECIMAL,
	STYLE_OTHERWISE, /* shown and not compared */
	STYLE_AT_LEAST,	 /* a number that is a lower bound */
	STYLE_AT_LEAST_DECIMAL,
	STYLE_OUTLIER,
	STYLE_COUNT
};

/* Fills of conditional formats. */
enum xlsx_fill { FILL_LEVEL_1, FILL_LEVEL_5 = 4, FILL_GREY, FILL_WHITE, FILL_COUNT };

/* Sheets of a workbook; a list that is longer than a sheet goes on over several, as long as those
 * that come behind it have theirs. */
#define XLSX_SHEETS 96
#define XLSX_SHEETS_BEHIND 24

struct xlsx_book {
	const struct run *run;		       /* of audit.xlsx; NULL in others */
	const struct run_evolution *evolution; /* NULL: none */
	enum lang lang;
	struct xlsx_limits limits;
	struct writing *writing;
	lxw_workbook *workbook;
	bool constant_memory;
	lxw_format *formats[STYLE_COUNT];
	lxw_format *fills[FILL_COUNT];
	uint64_t rows[XLSX_SHEETS]; /* written to each sheet, in the order of the sheets */
	size_t sheet_count;
	struct words_memo memo;
	struct buf text, cell; /* scratch: a caller's sentence, and the cell made of it */
	struct err *err;       /* the first failure */
	bool failed;
};

/* Columns are printed up to the first that is not. */
enum xlsx_reach { PRINTED, SCREEN, HIDDEN };

struct xlsx_column {
	enum text_id title;
	double width;
	enum xlsx_style style;
	enum xlsx_reach reach;
};

/* A sheet under way. A list has columns. */
struct xlsx_sheet {
	struct xlsx_book *book;
	lxw_worksheet *ws;
	const struct xlsx_column *columns;
	uint16_t column_count;
	lxw_row_t row; /* of the next cell */
	lxw_col_t column;
	unsigned lines;		     /* of the row's highest cell so far */
	uint64_t total, shown, done; /* data rows wanted, that fit, written */
	enum text_id name;
	unsigned part; /* "Objets", "Objets (2)", … */
	bool hidden;
};

/* ---- xlsx.c: a workbook ---- */

/* Its document properties. */
struct xlsx_about {
	const char *title;
	struct str subject;
	int64_t created; /* seconds: of the run, never of the clock */
};
/* Creates path (which must not exist) for rows rows on all sheets; b is zeroed but for lang, limits
 * and what its writer needs. */
int xlsx_book_open(struct xlsx_book *b, const char *path, const struct xlsx_about *about,
	uint64_t rows, struct err *err);
/* Writes it to disk and reads it back; removes it when anything failed. Harmless after a failed
 * xlsx_book_open(). */
int xlsx_book_close(struct xlsx_book *b, const char *path, struct err *err);

/* ---- xlsx_sheet.c: cells ---- */

/* Takes lxw's answer; `what` completes "the workbook '…' cannot be written: ". */
void xlsx_take(struct xlsx_book *b, lxw_error e);
/* libxlsxwriter's options take char * but do not write to it. */
char *xlsx_unconst(const char *z);
struct xlsx_sheet xlsx_sheet_add(struct xlsx_book *b, enum text_id name);
/* Text is always a string, never a formula, a number or a link; what Excel cannot hold is cut
 * visibly. */
void xlsx_put_text(struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, struct str value,
	enum xlsx_style style);
void xlsx_put_number(
	struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, double value, enum xlsx_style style);
/* INT64_MIN: an empty cell. */
void xlsx_put_date(struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, int64_t seconds,
	enum xlsx_style style);
/* Lines that text takes in a column of that width: neither merged cells nor LibreOffice make a row
 * as high as its text. */
unsigned xlsx_lines(struct str value, double width);
#define XLSX_LINE_HEIGHT 15.0

/* Colours cells that hold a level, a word for a status, for progress or for coverage. */
void xlsx_colour(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last,
	enum xlsx_style style);

/* ---- xlsx_sheet.c: lists, one row after the other ---- */

/* total: the rows that list_row() will be asked for. What does not fit on one sheet goes on on
 * another, "Objets (2)". */
struct xlsx_sheet xlsx_list_begin(struct xlsx_book *b, enum text_id name,
	const struct xlsx_column *columns, size_t column_count, uint64_t total);
/* Begins the next row; false when the workbook is full, or when something failed. */
bool xlsx_list_row(struct xlsx_sheet *s);
/* The next cell of the row, in its column's style. */
void xlsx_text(struct xlsx_sheet *s, struct str value);
void xlsx_z(struct xlsx_sheet *s, const char *value);
/* What book->text holds; clears it. */
void xlsx_scratch(struct xlsx_sheet *s);
void xlsx_number(struct xlsx_sheet *s, uint64_t value);
void xlsx_date(struct xlsx_sheet *s, int64_t seconds);
void xlsx_skip(struct xlsx_sheet *s);
/* Nobody is to see it: a sheet that the next audit reads. */
void xlsx_list_hide(struct xlsx_sheet *s);
/* Table or autofilter, colours, what may be typed, and the last row where some did not fit. */
void xlsx_list_end(struct xlsx_sheet *s);

/* ---- xlsx_page.c: sheets of blocks one below the other ---- */

#define XLSX_PAGE_COLUMNS 64

/* Cells are joined within a row only, and rows go from top to bottom. */
struct xlsx_page {
	struct xlsx_sheet s;
	lxw_row_t row; /* the next one */
	lxw_col_t columns;
	double widths[XLSX_PAGE_COLUMNS];
	double height; /* of the row under way, so far */
	bool full;
	const struct run_family *family; /* whose sheet it is; NULL: another one */
};

/* A sheet with its title; columns and widths must be set. */
void xlsx_page_begin(struct xlsx_page *p, enum text_id name);
/* False when the sheet is full: its last row says so. */
bool xlsx_page_row(struct xlsx_page *p, double height);
/* An empty row and a title over the whole sheet, from book->text; clears it. */
bool xlsx_page_section(struct xlsx_page *p);
bool xlsx_page_section_id(struct xlsx_page *p, enum text_id id);
void xlsx_page_put(struct xlsx_page *p, lxw_col_t column, struct str value, enum xlsx_style style);
void xlsx_page_id(struct xlsx_page *p, lxw_col_t column, enum text_id id, enum xlsx_style style);
/* What book->text holds; clears it. */
void xlsx_page_scratch(struct xlsx_page *p, lxw_col_t column, enum xlsx_style style);
void xlsx_page_number(struct xlsx_page *p, lxw_col_t column, double value, enum xlsx_style style);
void xlsx_page_date(struct xlsx_page *p, lxw_col_t column, int64_t seconds, enum xlsx_style style);
/* One cell out of those of the row. */
void xlsx_page_joined(
	struct xlsx_page *p, lxw_col_t from, lxw_col_t to, struct str value, enum xlsx_style style);
/* A line of small print over the sheet, from book->text; clears it. */
void xlsx_page_note(struct xlsx_page *p);
void xlsx_page_end(struct xlsx_page *p);

/* ---- the sheets ---- */

void xlsx_write_summary(struct xlsx_book *b);
void xlsx_write_plan(struct xlsx_book *b);
void xlsx_write_evolution(struct xlsx_book *b);
void xlsx_write_deadlines(struct xlsx_book *b);
void xlsx_write_controls(struct xlsx_book *b);
void xlsx_write_objects(struct xlsx_book *b);
void xlsx_write_privileged(struct xlsx_book *b);
/* One for each family: indicators, controls, tables. */
void xlsx_write_families(struct xlsx_book *b);
void xlsx_write_waivers(struct xlsx_book *b);
void xlsx_write_coverage(struct xlsx_book *b);
/* ANSSI's own result beside this one; no sheet without it. */
void xlsx_write_ads(struct xlsx_book *b);
void xlsx_write_method(struct xlsx_book *b);
/* What the next audit reads: a hidden sheet. */
void xlsx_write_memory(struct xlsx_book *b);
/* Rows that all sheets but the summary hold together. */
uint64_t xlsx_all_rows(const struct run *r, const struct run_evolution *e);

/* ---- xlsx_followup.c: what people write, and what is known of earlier runs ---- */

/* Of the i-th control of the run; NULL: nothing is known. */
const struct evolution_control *xlsx_evolution_of(const struct xlsx_book *b, size_t i);
/* Five cells: responsible, due date, state, comment, proof. */
void xlsx_followup(struct xlsx_sheet *s, const struct run_followup *f);

/* ---- cells of lists that several sheets have ---- */

void xlsx_put_words(struct xlsx_sheet *s, const struct run_text *t);
void xlsx_put_code(struct xlsx_sheet *s, enum code_group group, struct str code);
/* Nothing for level 0. */
void xlsx_put_level(struct xlsx_sheet *s, int level);

/* ---- xlsx_verify.c ---- */

/* Reads the finished file back: every part must be whole and every sheet must hold its rows.
 * libxlsxwriter does not notice that its temporary folder is full (lab: 1.1.4). */
int xlsx_verify(const char *path, const uint64_t *rows, size_t sheet_count, struct err *err);
/* Where libxlsxwriter keeps its temporary files. */
const char *xlsx_temporary_folder(void);
/* What to do when it or the disk is full: the end of an error sentence. */
extern const char xlsx_make_room[];

#endif
