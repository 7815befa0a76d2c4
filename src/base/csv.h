/*
 * A reader of rows for CSV files from outside (RFC 4180): any encoding of base/text.h, separated
 * by commas, semicolons or tabs as the header shows (or Excel's first line "sep=;"), quoted cells
 * over several lines, lines that end with CRLF, LF or CR. Lines without content are passed over,
 * and so is PowerShell's first line "#TYPE …". A row is held at a time, whatever the file's size.
 *
 * Every error is ERR_USAGE and begins with "file:line: ": the file cannot be used.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct csv;

/* Opens and reads the header. path must outlive it. The caller calls csv_close(). */
int csv_open(const char *path, struct csv **out, struct err *err);
/* The same of bytes in memory, which must outlive it. */
int csv_of_bytes(const char *name, struct str bytes, struct csv **out, struct err *err);
void csv_close(struct csv *c);

/* The header: cells are trimmed. */
size_t csv_heading_count(const struct csv *c);
struct str csv_heading(const struct csv *c, size_t i);
char csv_separator(const struct csv *c);
/* The column of this name, without regard to case, accents and spaces around it; CSV_NONE: there
 * is none, CSV_SEVERAL: there are two. */
#define CSV_NONE SIZE_MAX
#define CSV_SEVERAL (SIZE_MAX - 1)
size_t csv_column(const struct csv *c, struct str name);
/* The same where the file cannot be used without it. */
int csv_need_column(const struct csv *c, struct str name, size_t *column, struct err *err);

/* The next row; *there is false at the end. */
int csv_next(struct csv *c, bool *there, struct err *err);
/* Of the row at hand: the line where it begins; a cell, trimmed, empty past the end, valid until
 * the next row. */
size_t csv_line(const struct csv *c);
struct str csv_cell(const struct csv *c, size_t column);
/* Has it text beyond the last heading? Its cells may then stand in the wrong columns. */
bool csv_is_ragged(const struct csv *c);

/* Would a spreadsheet take the cell for a formula: more than one character, the first of them
 * = + - or @? Here it is text like any other. */
bool csv_is_formula(struct str cell);
/* Appends the letters and digits of s alone, folded and without accents: for comparing words that
 * people write in several ways. */
void csv_plain(struct buf *out, struct str s);
/* Are two headings the same, by the rules of csv_column()? */
bool csv_same_name(struct str a, struct str b);

#endif
