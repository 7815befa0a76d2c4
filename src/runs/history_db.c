#include "runs/history_db.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* "ADHi" */
#define APPLICATION_ID 0x41444869
#define BUSY_MS 60000
#define COLUMNS_MAX 16

struct history_db {
	sqlite3 *handle;
	char *path;
};

/*
 * How the tables came to be, a step for each version. Steps that were shipped are never edited: a
 * file is compared with what they make. INSERT OR REPLACE would delete without the trigger of
 * deletes (sqlite.org/lang_conflict.html), hence the one of inserts.
 */
#define KEPT(table)                                                                                \
	"CREATE TRIGGER " #table "_not_changed BEFORE UPDATE ON " #table                           \
	" BEGIN SELECT RAISE(ABORT,'the past is not changed'); END;"                               \
	"CREATE TRIGGER " #table "_not_removed BEFORE DELETE ON " #table                           \
	" BEGIN SELECT RAISE(ABORT,'the past is not removed'); END;"                               \
	"CREATE TRIGGER " #table "_not_replaced BEFORE INSERT ON " #table                          \
	" WHEN EXISTS(SELECT 1 FROM " #table " WHERE id=NEW.id)"                                   \
	" BEGIN SELECT RAISE(ABORT,'the past is not replaced'); END;"

static const char *const steps[] = {
	/* 1: runs. id: order of arrival. sha256: of the bytes of results.json. chain: of the row
	 * before it and of this one. results: those bytes, packed. */
	"CREATE TABLE run(id INTEGER PRIMARY KEY,evaluated_at INTEGER NOT NULL,"
	"added_at INTEGER NOT NULL,sha256 TEXT NOT NULL UNIQUE,chain TEXT NOT NULL,"
	"size INTEGER NOT NULL,results BLOB NOT NULL);" KEPT(run),
	/* 2: what people wrote. run: whose workbook held it. due: seconds; NULL: none. */
	"CREATE TABLE followup(id INTEGER PRIMARY KEY,run INTEGER NOT NULL REFERENCES run(id),"
	"added_at INTEGER NOT NULL,key TEXT NOT NULL,responsible TEXT NOT NULL,due INTEGER,"
	"state TEXT NOT NULL,comment TEXT NOT NULL,proof TEXT NOT NULL);"
	"CREATE INDEX followup_key ON followup(key);" KEPT(followup),
};

int history_db_damaged(const struct history_db *d, const char *why, struct err *err)
{
	return err_set(err, ERR_SOURCE,
		"The history '%s' cannot be read: %s. Nothing was changed; restore it from a "
		"backup.",
		d->path, why);
}

static int fail(const struct history_db *d, int code, struct err *err)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_OUTPUT,
			"Another process is writing to the history '%s'; try again when it is "
			"done.",
			d->path);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return err_set(err, ERR_OUTPUT,
			"Cannot write to the history '%s': %s. Free some space, or see to the "
			"rights on its folder.",
			d->path, sqlite3_errstr(code));
	case SQLITE_NOTADB:
		return history_db_damaged(d, "it is no file that this program made", err);
	default:
		return history_db_damaged(d, sqlite3_errstr(code), err);
	}
}

/* ---- statements ----------------------------------------------------------------------------- */

static int bind(sqlite3_stmt *s, int at, const struct db_value *v)
{
	switch (v->kind) {
	case DB_INT:
		return sqlite3_bind_int64(s, at, v->number);
	case DB_TEXT:
		return sqlite3_bind_text64(s, at, v->bytes.p ? v->bytes.p : "", v->bytes.n,
			SQLITE_STATIC, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(
			s, at, v->bytes.p ? v->bytes.p : "", v->bytes.n, SQLITE_STATIC);
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(s, at);
}

static struct db_value value_of(sqlite3_stmt *s, int at)
{
	int type = sqlite3_column_type(s, at);
	struct db_value v = { .kind = DB_NULL };

	if (type == SQLITE_INTEGER) {
		v.kind = DB_INT;
		v.number = sqlite3_column_int64(s, at);
	} else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
		const char *p = sqlite3_column_blob(s, at);

		v.kind = type == SQLITE_TEXT ? DB_TEXT : DB_BLOB;
		v.bytes = (struct str){ p ? p : "", p ? (size_t)sqlite3_column_bytes(s, at) : 0 };
	}
	return v;
}

static int each_row(
	const struct history_db *d, sqlite3_stmt *s, db_row_fn *each, void *cx, struct err *err)
{
	struct db_value columns[COLUMNS_MAX];
	int count = sqlite3_column_count(s), code;

	if (count > COLUMNS_MAX)
		return history_db_damaged(d, "it has other tables", err);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		if (!each)
			continue;
		for (int i = 0; i < count; i++)
			columns[i] = value_of(s, i);
		if (each(cx, columns, (size_t)count, err))
			return err->code;
	}
	return code == SQLITE_DONE ? 0 : fail(d, code, err);
}

int history_db_run(struct history_db *d, const char *sql, const struct db_value *values,
	size_t count, db_row_fn *each, void *cx, struct err *err)
{
	sqlite3_stmt *s = NULL;
	int code = sqlite3_prepare_v2(d->handle, sql, -1, &s, NULL), rc;

	for (size_t i = 0; !code && i < count; i++)
		code = bind(s, (int)i + 1, &values[i]);
	rc = code ? fail(d, code, err) : each_row(d, s, each, cx, err);
	sqlite3_finalize(s);
	return rc;
}

static int exec(struct history_db *d, const char *sql, struct err *err)
{
	int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);

	return code ? fail(d, code, err) : 0;
}

int history_db_begin(struct history_db *d, struct err *err)
{
	return exec(d, "BEGIN IMMEDIATE", err);
}

int history_db_commit(struct history_db *d, struct err *err)
{
	return exec(d, "COMMIT", err);
}

void history_db_rollback(struct history_db *d)
{
	if (d && d->handle && !sqlite3_get_autocommit(d->handle))
		sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int take_number(void *cx, const struct db_value *columns, size_t count, struct err *err)
{
	(void)count, (void)err;
	*(int64_t *)cx = columns[0].kind == DB_INT ? columns[0].number : -1;
	return 0;
}

static int number(struct history_db *d, const char *sql, int64_t *out, struct err *err)
{
	*out = -1;
	return history_db_run(d, sql, NULL, 0, take_number, out, err);
}

/* ---- tables --------------------------------------------------------------------------------- */

static int take_definition(void *cx, const struct db_value *columns, size_t count, struct err *err)
{
	(void)count, (void)err;
	buf_put_str(cx, columns[0].bytes);
	buf_putc(cx, '\n');
	return 0;
}

/* All definitions as text; what is beyond a bound is not ours. */
static int definitions(struct history_db *d, struct buf *out, struct err *err)
{
	out->max = 65536;
	return history_db_run(d,
		"SELECT type||' '||name||' '||tbl_name||' '||ifnull(sql,'') FROM sqlite_schema "
		"ORDER BY name,type",
		NULL, 0, take_definition, out, err);
}

static int run_steps(struct history_db *d, size_t from, size_t to, struct err *err)
{
	assert(from <= to && to <= ARRAY_LEN(steps));
	for (size_t i = from; i < to; i++)
		if (exec(d, steps[i], err))
			return err->code;
	return 0;
}

/* SQLite runs code that stands in a file (triggers, views): only those that our steps make. */
static int check_definitions(struct history_db *d, size_t version, struct err *err)
{
	struct history_db model = { .path = d->path };
	struct buf ours = { 0 }, theirs = { 0 };
	int code = sqlite3_open_v2(":memory:", &model.handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	int rc = code ? fail(d, code, err) : run_steps(&model, 0, version, err);

	if (!rc)
		rc = definitions(&model, &ours, err);
	if (!rc)
		rc = definitions(d, &theirs, err);
	if (!rc && !str_eq(buf_str(&ours), buf_str(&theirs)))
		rc = history_db_damaged(d, "its tables are not those that this program makes", err);
	sqlite3_close_v2(model.handle);
	buf_free(&ours);
	buf_free(&theirs);
	return rc;
}

static int set_version(struct history_db *d, struct err *err)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "PRAGMA application_id=%d;PRAGMA user_version=%d",
		APPLICATION_ID, (int)ARRAY_LEN(steps));
	return exec(d, sql, err);
}

static int check_version(struct history_db *d, int64_t *version, struct err *err)
{
	int64_t id = -1, tables = -1;

	if (number(d, "PRAGMA application_id", &id, err) ||
		number(d, "PRAGMA user_version", version, err) ||
		number(d, "SELECT count(*) FROM sqlite_schema", &tables, err))
		return err->code;
	if (id == 0 && *version == 0 && tables == 0)
		return 0; /* new */
	if (id != APPLICATION_ID || *version < 1)
		return history_db_damaged(d, "it is no history of this program", err);
	if (*version > (int64_t)ARRAY_LEN(steps))
		return history_db_damaged(
			d, "a later version of adhygiene wrote it; use that version", err);
	return check_definitions(d, (size_t)*version, err);
}

/* In one transaction: another process that opens the file sees all of it or nothing. */
static int prepare_tables(struct history_db *d, bool create, struct err *err)
{
	int64_t version = 0;
	int rc = check_version(d, &version, err);

	if (rc || version == (int64_t)ARRAY_LEN(steps))
		return rc;
	if (!create && version == 0)
		return history_db_damaged(d, "it is empty", err);
	if (history_db_begin(d, err))
		return err->code;
	rc = check_version(d, &version, err); /* perhaps another process did it meanwhile */
	if (!rc && version < (int64_t)ARRAY_LEN(steps))
		rc = run_steps(d, (size_t)version, ARRAY_LEN(steps), err);
	if (!rc)
		rc = set_version(d, err);
	if (!rc)
		rc = history_db_commit(d, err);
	if (rc)
		history_db_rollback(d);
	return rc;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* What sqlite.org/security.html asks for a database that somebody else may have made. */
static void distrust(sqlite3 *handle)
{
	static const struct {
		int limit, value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, (int)(LIMIT_RESULTS_BYTES + 65536) },
		{ SQLITE_LIMIT_SQL_LENGTH, 65536 },
		{ SQLITE_LIMIT_COLUMN, 32 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 32 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 4 },
		{ SQLITE_LIMIT_VDBE_OP, 25000 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 4 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		sqlite3_limit(handle, limits[i].limit, limits[i].value);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

/* SQLite would make it for all to read. */
static int make_file(const char *path, struct err *err)
{
	if (platform_exists(path))
		return 0;
	FILE *f = platform_create(path, err);
	if (!f)
		return platform_exists(path) ? 0 : err->code; /* another process was first */
	return platform_finish(f, path, err);
}

static int look_at_file(const char *path, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_SOURCE, err);

	if (!f)
		return err->code;
	fclose(f);
	return 0;
}

int history_db_open(const char *path, bool create, struct history_db **out, struct err *err)
{
	if (create && make_file(path, err))
		return err->code;
	if (look_at_file(path, err))
		return err->code;
	struct history_db *d = xcalloc(1, sizeof(*d));
	size_t n = strlen(path) + 1;
	d->path = memcpy(xmalloc(n), path, n);
	/* Not read-only: what a process left half done is undone by the next that opens it. */
	int rc = sqlite3_open_v2(
		path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc) {
		rc = fail(d, rc, err);
	} else {
		distrust(d->handle);
		sqlite3_busy_timeout(d->handle, BUSY_MS);
		rc = exec(d,
			"PRAGMA cell_size_check=ON;PRAGMA mmap_size=0;PRAGMA synchronous=FULL;"
			"PRAGMA recursive_triggers=ON",
			err);
	}
	if (!rc)
		rc = prepare_tables(d, create, err);
	if (rc)
		history_db_close(d);
	else
		*out = d;
	return rc;
}

void history_db_close(struct history_db *d)
{
	if (!d)
		return;
	history_db_rollback(d);
	sqlite3_close_v2(d->handle);
	free(d->path);
	free(d);
}
