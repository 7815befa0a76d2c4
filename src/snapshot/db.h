/* SQLite as the snapshot uses it; db.c is the only file that includes sqlite3.h. */
#ifndef SNAPSHOT_DB_H
#define SNAPSHOT_DB_H

#include "base/err.h"
#include "base/str.h"

struct db;
struct db_stmt;

/* Opens an existing empty file for one writer: no journal, no fsync before the end. Failures of
 * this database are ERR_OUTPUT; named: the path that error sentences show. */
int db_create(const char *path, const char *named, struct db **out, struct err *err);
/* Opens a file that somebody else may have made: read-only, immutable, its schema not trusted. A
 * file whose size is not its number of pages is refused. Failures are ERR_SOURCE. */
int db_open_untrusted(const char *path, struct db **out, struct err *err);
void db_close(struct db *d); /* NULL is fine; statements are finalised before */

int db_exec(struct db *d, const char *sql, struct err *err);
/* The number that a "PRAGMA …" or a query gives. */
int db_number(struct db *d, const char *sql, int64_t *out, struct err *err);

int db_prepare(struct db *d, const char *sql, struct db_stmt **out, struct err *err);
void db_finalize(struct db_stmt *s); /* NULL is fine */
/* Parameters count from 1; bytes must stay until the statement has run. {NULL,0} is NULL. */
void db_bind_int(struct db_stmt *s, int at, int64_t v);
void db_bind_text(struct db_stmt *s, int at, struct str v);
void db_bind_blob(struct db_stmt *s, int at, struct str v);
/* 1: a row, 0: no more. */
int db_step(struct db_stmt *s, struct err *err);
/* Runs a statement that gives no rows, and makes it ready for the next run. */
int db_run(struct db_stmt *s, struct err *err);
void db_reset(struct db_stmt *s);

/* Columns count from 0. False when the column holds something else; the file is then damaged. Bytes
 * are valid until the next step. */
bool db_int(struct db_stmt *s, int at, int64_t *out);
bool db_text(struct db_stmt *s, int at, struct str *out);
bool db_blob(struct db_stmt *s, int at, struct str *out);
bool db_is_null(struct db_stmt *s, int at);

#endif
