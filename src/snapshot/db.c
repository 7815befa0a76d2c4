#include "snapshot/db.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/limits.h"
#include "base/platform.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct db {
	sqlite3 *handle;
	char *named;
	bool writing;
};

struct db_stmt {
	sqlite3_stmt *handle;
	struct db *db;
	int failed; /* of a bind: told by the next step */
};

static int fail(const struct db *d, int code, struct err *err)
{
	const char *why = sqlite3_errstr(code);

	if (d->writing)
		return err_set(err, ERR_OUTPUT,
			"Cannot write '%s': %s. Free some space, or choose another folder with "
			"--output.",
			d->named, why);
	if (code == SQLITE_NOTADB)
		return err_set(err, ERR_SOURCE,
			"'%s' is not an adhygiene snapshot; give a file that 'adhygiene collect' "
			"wrote.",
			d->named);
	return err_set(err, ERR_SOURCE,
		"The snapshot '%s' is damaged or cut short (%s); copy it again, or collect again.",
		d->named, why);
}

static struct db *db_new(const char *named, bool writing)
{
	struct db *d = xcalloc(1, sizeof(*d));
	size_t n = strlen(named) + 1;

	d->named = memcpy(xmalloc(n), named, n);
	d->writing = writing;
	return d;
}

void db_close(struct db *d)
{
	if (!d)
		return;
	sqlite3_close_v2(d->handle);
	free(d->named);
	free(d);
}

static void limit_values(sqlite3 *handle)
{
	/* A row is one packed object, its DN and a few numbers. */
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH,
		(int)(LIMIT_RECORD_BYTES + 2 * LIMIT_DN_BYTES + 65536));
}

int db_create(const char *path, const char *named, struct db **out, struct err *err)
{
	struct db *d = db_new(named, true);
	int code = sqlite3_open_v2(
		path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (code)
		code = fail(d, code, err);
	else
		limit_values(d->handle);
	/* Nobody reads this file before it is whole, and an unfinished one is removed: a journal
	 * would only cost time. */
	if (!code)
		code = db_exec(d,
			"PRAGMA page_size=16384;PRAGMA encoding='UTF-8';PRAGMA journal_mode=OFF;"
			"PRAGMA synchronous=OFF;PRAGMA locking_mode=EXCLUSIVE;"
			"PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16000",
			err);
	if (code)
		db_close(d);
	else
		*out = d;
	return code;
}

/* Every byte but letters and digits is escaped, so that no path is mistaken for an authority, a
 * query or a fragment (sqlite.org/uri.html). */
static void put_uri(struct buf *b, const char *path)
{
	buf_putz(b, "file:");
	for (const char *p = path; *p; p++) {
		bool plain = (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
			     (*p >= 'a' && *p <= 'z');

		if (plain)
			buf_putc(b, *p);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)*p);
	}
	buf_putz(b, "?mode=ro&immutable=1");
}

/* What sqlite.org/security.html asks for a database that somebody else may have made. */
static void distrust(sqlite3 *handle)
{
	static const struct {
		int limit, value;
	} limits[] = {
		{ SQLITE_LIMIT_SQL_LENGTH, 4096 },
		{ SQLITE_LIMIT_COLUMN, 32 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 10 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 2 },
		{ SQLITE_LIMIT_VDBE_OP, 25000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 8 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 10 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};

	limit_values(handle);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		sqlite3_limit(handle, limits[i].limit, limits[i].value);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

static int check_size(struct db *d, struct err *err)
{
	int64_t pages = 0, page = 0;
	sqlite3_int64 size = 0;
	sqlite3_file *file = NULL;

	if (db_number(d, "PRAGMA page_count", &pages, err) ||
		db_number(d, "PRAGMA page_size", &page, err))
		return err->code;
	int code = sqlite3_file_control(d->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (!code && file && file->pMethods)
		code = file->pMethods->xFileSize(file, &size);
	if (code)
		return fail(d, code, err);
	return size == pages * page ? 0 : fail(d, SQLITE_CORRUPT, err);
}

int db_open_untrusted(const char *path, struct db **out, struct err *err)
{
	/* Says "no such file" or "a folder" better than SQLite does. */
	FILE *f = platform_open_read(path, ERR_SOURCE, err);

	if (!f)
		return err->code;
	fclose(f);
	struct db *d = db_new(path, false);
	struct buf uri = { 0 };
	put_uri(&uri, path);
	int code = sqlite3_open_v2(buf_z(&uri), &d->handle,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	buf_free(&uri);
	if (code) {
		code = fail(d, code, err);
	} else {
		distrust(d->handle);
		code = db_exec(d, "PRAGMA cell_size_check=ON;PRAGMA mmap_size=0", err);
	}
	if (!code)
		code = check_size(d, err);
	if (code)
		db_close(d);
	else
		*out = d;
	return code;
}

int db_exec(struct db *d, const char *sql, struct err *err)
{
	int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);

	return code ? fail(d, code, err) : 0;
}

int db_number(struct db *d, const char *sql, int64_t *out, struct err *err)
{
	struct db_stmt *s = NULL;
	int64_t value = 0;
	int code = db_prepare(d, sql, &s, err);

	if (code || !s)
		return code;
	code = db_step(s, err);
	if (code == 0 || (code == 1 && !db_int(s, 0, &value)))
		code = fail(d, SQLITE_CORRUPT, err);
	db_finalize(s);
	if (code < 0)
		return code;
	*out = value;
	return 0;
}

int db_prepare(struct db *d, const char *sql, struct db_stmt **out, struct err *err)
{
	sqlite3_stmt *handle = NULL;
	int code = sqlite3_prepare_v2(d->handle, sql, -1, &handle, NULL);

	if (code)
		return fail(d, code, err);
	struct db_stmt *s = xcalloc(1, sizeof(*s));
	s->handle = handle;
	s->db = d;
	*out = s;
	return 0;
}

void db_finalize(struct db_stmt *s)
{
	if (!s)
		return;
	sqlite3_finalize(s->handle);
	free(s);
}

static void bound(struct db_stmt *s, int code)
{
	if (code && !s->failed)
		s->failed = code;
}

void db_bind_int(struct db_stmt *s, int at, int64_t v)
{
	bound(s, sqlite3_bind_int64(s->handle, at, v));
}

void db_bind_text(struct db_stmt *s, int at, struct str v)
{
	bound(s, sqlite3_bind_text64(s->handle, at, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void db_bind_blob(struct db_stmt *s, int at, struct str v)
{
	bound(s, sqlite3_bind_blob64(s->handle, at, v.p, v.n, SQLITE_STATIC));
}

int db_step(struct db_stmt *s, struct err *err)
{
	int code = s->failed ? s->failed : sqlite3_step(s->handle);

	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : fail(s->db, code, err);
}

int db_run(struct db_stmt *s, struct err *err)
{
	int code = db_step(s, err);

	db_reset(s);
	return code < 0 ? code : 0;
}

void db_reset(struct db_stmt *s)
{
	sqlite3_reset(s->handle);
	sqlite3_clear_bindings(s->handle);
	s->failed = 0;
}

bool db_int(struct db_stmt *s, int at, int64_t *out)
{
	if (sqlite3_column_type(s->handle, at) != SQLITE_INTEGER)
		return false;
	*out = sqlite3_column_int64(s->handle, at);
	return true;
}

static bool bytes_of(struct db_stmt *s, int at, int type, struct str *out)
{
	if (sqlite3_column_type(s->handle, at) != type)
		return false;
	const char *p = sqlite3_column_blob(s->handle, at);
	size_t n = (size_t)sqlite3_column_bytes(s->handle, at);
	if (!p && n)
		return false; /* out of memory */
	*out = (struct str){ p ? p : "", n };
	return true;
}

bool db_text(struct db_stmt *s, int at, struct str *out)
{
	return bytes_of(s, at, SQLITE_TEXT, out);
}

bool db_blob(struct db_stmt *s, int at, struct str *out)
{
	return bytes_of(s, at, SQLITE_BLOB, out);
}

bool db_is_null(struct db_stmt *s, int at)
{
	return sqlite3_column_type(s->handle, at) == SQLITE_NULL;
}
