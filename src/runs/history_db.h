/*
 * SQLite as the history uses it: one file that several processes may open, and that somebody may
 * have changed. history_db.c is the only file here that includes sqlite3.h.
 */
#ifndef RUNS_HISTORY_DB_H
#define RUNS_HISTORY_DB_H

#include "base/buf.h"
#include "base/err.h"

struct history_db;

/* Opens the file, or makes it (0600) when create says so, and brings its tables to the version of
 * this program. ERR_SOURCE: no history of
 * this program, damaged, a later version, or with other tables than it made; ERR_OUTPUT: it cannot
 * be written, or another process holds it too long. */
int history_db_open(const char *path, bool create, struct history_db **out, struct err *err);
void history_db_close(struct history_db *d); /* NULL is fine; what was not committed is undone */

struct db_value {
	enum db_kind { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } kind;
	int64_t number;
	struct str bytes;
};
#define DB_OF_INT(n) ((struct db_value){ DB_INT, (n), { NULL, 0 } })
#define DB_OF_TEXT(s) ((struct db_value){ DB_TEXT, 0, (s) })
#define DB_OF_BLOB(s) ((struct db_value){ DB_BLOB, 0, (s) })

/* Runs one statement; each() gets its rows, and stops them with an error. Values are valid until it
 * returns. each may be NULL. */
typedef int db_row_fn(void *cx, const struct db_value *columns, size_t count, struct err *err);
int history_db_run(struct history_db *d, const char *sql, const struct db_value *values,
	size_t count, db_row_fn *each, void *cx, struct err *err);

/* One writer at a time: waits for others. */
int history_db_begin(struct history_db *d, struct err *err);
int history_db_commit(struct history_db *d, struct err *err);
void history_db_rollback(struct history_db *d);

/* "The history '…' is damaged (why)…". */
int history_db_damaged(const struct history_db *d, const char *why, struct err *err);

#endif
