/*
 * Rows of a table of ORADAD: UTF-16LE with a byte order mark, cells separated by a TAB, rows ended
 * by CR LF; no quoting. One row is held at a time. Cells stay UTF-16 until somebody wants them:
 * most are never looked at.
 */
#ifndef SNAPSHOT_ORADAD_ROWS_H
#define SNAPSHOT_ORADAD_ROWS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct oradad_rows;

/* columns: what tables.tsv says; every row must have as many. path must outlive it. A file of the
 * mark alone has no row. ERR_SOURCE: no mark, another encoding. */
int oradad_rows_open(const char *path, size_t columns, struct oradad_rows **out, struct err *err);
void oradad_rows_close(struct oradad_rows *r); /* NULL is fine */
/* After this, cells over 1 MiB in columns that nobody wants may be given empty or in part: that
 * keeps memory flat where rows are long (what replication says of each member of a group). */
void oradad_rows_want(struct oradad_rows *r, size_t column);
/* *there is false at the end. ERR_SOURCE with file and line: another number of cells, a row of
 * which more than LIMIT_ORADAD_ROW_BYTES would be kept, half a character, an end without CR LF (the
 * file was cut short). */
int oradad_rows_next(struct oradad_rows *r, bool *there, struct err *err);
/* Of the row at hand: its line, from 1; where it begins, for oradad_rows_seek(); a cell, as bytes
 * of UTF-16LE, valid until the next call. */
uint64_t oradad_rows_line(const struct oradad_rows *r);
uint64_t oradad_rows_offset(const struct oradad_rows *r);
struct str oradad_rows_cell(const struct oradad_rows *r, size_t column);
/* The next row is the one that begins there; line: its number, for sentences. */
int oradad_rows_seek(struct oradad_rows *r, uint64_t offset, uint64_t line, struct err *err);
/* Bytes read so far, for progress. */
uint64_t oradad_rows_bytes(const struct oradad_rows *r);

/* Appends a cell as UTF-8; a lone half of a surrogate pair becomes U+FFFD. */
void oradad_utf8(struct buf *out, struct str utf16);

#endif
