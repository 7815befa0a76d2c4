#include "runs/history.h"

#include "base/datetime.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "runs/deflate.h"
#include "runs/diff.h"
#include "runs/history_db.h"
#include "runs/memory.h"
#include "runs/stored.h"
#include "runs/workbook.h"

#include <stdlib.h>
#include <string.h>

#define FILE_NAME "history.sqlite"

struct history {
	struct arena arena;
	const char *path; /* of the file */
	struct history_db *db;
	struct history_entry *by_arrival, *by_date;
	size_t count, room;
};

/* ---- opening -------------------------------------------------------------------------------- */

bool history_exists(const char *folder)
{
	struct arena scratch = { 0 };
	bool there = platform_is_folder(folder) &&
		     platform_kind_of(arena_printf(&scratch, "%s/%s", folder, FILE_NAME).p) !=
			     PLATFORM_NOTHING;

	arena_free(&scratch);
	return there;
}

static bool take_hash(struct db_value v, char out[65])
{
	if (v.kind != DB_TEXT || v.bytes.n != 64)
		return false;
	for (size_t i = 0; i < 64; i++)
		if (ascii_hex(v.bytes.p[i]) < 0)
			return false;
	memcpy(out, v.bytes.p, 64);
	out[64] = 0;
	return true;
}

static int take_entry(void *cx, const struct db_value *c, size_t count, struct err *err)
{
	struct history *h = cx;
	struct history_entry e = {
		.id = c[0].number, .evaluated_at = c[1].number, .added_at = c[2].number
	};

	if (count != 6 || c[0].kind != DB_INT || c[1].kind != DB_INT || c[2].kind != DB_INT ||
		c[5].kind != DB_INT || c[5].number < 0 || c[5].number > LIMIT_RESULTS_BYTES ||
		h->count == LIMIT_HISTORY_RUNS || !take_hash(c[3], e.sha256) ||
		!take_hash(c[4], e.chain))
		return history_db_damaged(h->db, "a run of it is malformed", err);
	e.size = (uint64_t)c[5].number;
	if (h->count == h->room) {
		h->room = h->room ? h->room * 2 : 64;
		h->by_arrival = xrealloc(h->by_arrival, h->room * sizeof(*h->by_arrival));
	}
	h->by_arrival[h->count++] = e;
	return 0;
}

static int by_date(const void *a, const void *b)
{
	const struct history_entry *x = a, *y = b;

	if (x->evaluated_at != y->evaluated_at)
		return x->evaluated_at < y->evaluated_at ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int read_entries(struct history *h, struct err *err)
{
	h->count = 0;
	if (history_db_run(h->db,
		    "SELECT id,evaluated_at,added_at,sha256,chain,size FROM run ORDER BY id", NULL,
		    0, take_entry, h, err))
		return err->code;
	free(h->by_date);
	h->by_date = xcalloc(h->count + 1, sizeof(*h->by_date));
	if (h->count) {
		memcpy(h->by_date, h->by_arrival, h->count * sizeof(*h->by_date));
		qsort(h->by_date, h->count, sizeof(*h->by_date), by_date);
	}
	return 0;
}

int history_open(const char *folder, bool create, struct history **out, struct err *err)
{
	struct history *h = xcalloc(1, sizeof(*h));
	bool created;
	int rc = create ? platform_make_folder(folder, &created, err) : 0;

	h->path = arena_printf(&h->arena, "%s/%s", folder, FILE_NAME).p;
	if (!rc)
		rc = history_db_open(h->path, create, &h->db, err);
	if (!rc)
		rc = read_entries(h, err);
	if (rc)
		history_close(h);
	else
		*out = h;
	return rc;
}

void history_close(struct history *h)
{
	if (!h)
		return;
	history_db_close(h->db);
	free(h->by_arrival);
	free(h->by_date);
	arena_free(&h->arena);
	free(h);
}

size_t history_count(const struct history *h)
{
	return h->count;
}

const struct history_entry *history_entry(const struct history *h, size_t i)
{
	return &h->by_date[i];
}

const char *history_chain(const struct history *h)
{
	return h->count ? h->by_arrival[h->count - 1].chain : "";
}

/* ---- the chain ------------------------------------------------------------------------------ */

/* The hash of what was there before, and of all that the row says but its packed bytes, which
 * sha256 stands for. */
static int chain_of(
	const struct history_entry *e, const char *before, char out[65], struct err *err)
{
	struct arena scratch = { 0 };
	struct str text =
		arena_printf(&scratch, "adhygiene history 1\n%s\n%lld\n%lld\n%lld\n%llu\n%s\n",
			before, (long long)e->id, (long long)e->evaluated_at,
			(long long)e->added_at, (unsigned long long)e->size, e->sha256);
	int rc = sha256_hex(&text, 1, out, err);

	arena_free(&scratch);
	return rc;
}

static int changed(const struct history *h, const struct history_entry *e, struct err *err)
{
	char date[DATETIME_TEXT];

	return err_set(err, ERR_SOURCE,
		"The history '%s' was changed: its run no. %lld, of %s, is not what was added. "
		"Restore "
		"it from a backup.",
		h->path, (long long)e->id, datetime_iso(e->evaluated_at, date));
}

int history_check(const struct history *h, struct err *err)
{
	const char *before = "";

	for (size_t i = 0; i < h->count; i++) {
		const struct history_entry *e = &h->by_arrival[i];
		char chain[65];

		if (e->id != (int64_t)i + 1)
			return err_set(err, ERR_SOURCE,
				"The history '%s' was changed: its run no. %llu is missing. "
				"Restore it "
				"from a backup.",
				h->path, (unsigned long long)i + 1);
		if (chain_of(e, before, chain, err))
			return err->code;
		if (strcmp(chain, e->chain) != 0)
			return changed(h, e, err);
		before = e->chain;
	}
	return 0;
}

struct unpacking {
	const struct history *h;
	const struct history_entry *entry;
	struct buf bytes;
	bool found;
};

static int unpack(void *cx, const struct db_value *c, size_t count, struct err *err)
{
	struct unpacking *u = cx;

	u->found = count == 1 && c[0].kind == DB_BLOB &&
		   deflate_unpack(c[0].bytes, (size_t)u->entry->size, &u->bytes);
	return u->found ? 0 : changed(u->h, u->entry, err);
}

int history_read(const struct history *h, size_t i, struct run *out, struct err *err)
{
	struct unpacking u = { .h = h, .entry = &h->by_date[i] };
	struct db_value id = DB_OF_INT(u.entry->id);
	char sha256[65];
	int rc = history_db_run(
		h->db, "SELECT results FROM run WHERE id=?1", &id, 1, unpack, &u, err);
	struct str bytes = buf_str(&u.bytes);

	if (!rc && !u.found)
		rc = changed(h, u.entry, err);
	if (!rc)
		rc = sha256_hex(&bytes, 1, sha256, err);
	if (!rc && strcmp(sha256, u.entry->sha256) != 0)
		rc = changed(h, u.entry, err);
	if (!rc)
		rc = stored_run_parse(bytes, h->path, out, err);
	buf_free(&u.bytes);
	if (!rc && out->evaluated_at != u.entry->evaluated_at) {
		run_free(out);
		rc = changed(h, u.entry, err);
	}
	return rc;
}

/* ---- what people wrote ---------------------------------------------------------------------- */

struct latest {
	history_followup_fn *each;
	void *cx;
	struct arena arena; /* of the row before, while its key goes on */
	struct str key;
	struct run_followup f;
	const struct history *h;
};

static void tell(struct latest *l)
{
	if (l->key.n)
		l->each(l->cx, l->key, &l->f);
	arena_reset(&l->arena);
	l->key = (struct str){ NULL, 0 };
}

/* Rows come by key, the one that counts last. */
static int take_followup(void *cx, const struct db_value *c, size_t count, struct err *err)
{
	struct latest *l = cx;
	struct str texts[6];

	(void)count;
	for (size_t i = 0; i < 6; i++) {
		if (i != 2 && c[i].kind != DB_TEXT)
			return history_db_damaged(l->h->db, "a follow-up of it is malformed", err);
		texts[i] = c[i].bytes;
	}
	if (!str_eq(l->key, texts[0]))
		tell(l);
	arena_reset(&l->arena);
	for (size_t i = 0; i < 6; i++)
		texts[i] = utf8_sanitize(&l->arena, arena_str(&l->arena, texts[i]));
	l->key = texts[0];
	l->f = (struct run_followup){ .responsible = texts[1],
		.due = c[2].kind == DB_INT ? c[2].number : INT64_MIN,
		.state = texts[3],
		.comment = texts[4],
		.proof = texts[5] };
	return 0;
}

int history_followups(
	struct history *h, int64_t up_to, history_followup_fn *each, void *cx, struct err *err)
{
	struct latest l = { .each = each, .cx = cx, .h = h };
	struct db_value at = DB_OF_INT(up_to);
	int rc = history_db_run(h->db,
		"SELECT f.key,f.responsible,f.due,f.state,f.comment,f.proof "
		"FROM followup f JOIN run r ON r.id=f.run WHERE r.evaluated_at<=?1 "
		"ORDER BY f.key,r.evaluated_at,f.id",
		&at, 1, take_followup, &l, err);

	if (!rc)
		tell(&l);
	arena_free(&l.arena);
	return rc;
}

/* ---- adding --------------------------------------------------------------------------------- */

static void remember(void *cx, struct str key, const struct run_followup *f)
{
	struct memory *m = cx;

	memory_at(m, key)->followup = followup_copy(m->arena, f);
}

static int insert_followup(struct history *h, int64_t run, int64_t now,
	const struct evolution_memory *m, struct err *err)
{
	const struct run_followup *f = m->followup;
	struct db_value values[] = { DB_OF_INT(run), DB_OF_INT(now), DB_OF_TEXT(m->key),
		DB_OF_TEXT(f->responsible),
		f->due == INT64_MIN ? (struct db_value){ .kind = DB_NULL } : DB_OF_INT(f->due),
		DB_OF_TEXT(f->state), DB_OF_TEXT(f->comment), DB_OF_TEXT(f->proof) };

	return history_db_run(h->db,
		"INSERT INTO followup(run,added_at,key,responsible,due,state,comment,proof) "
		"VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
		values, ARRAY_LEN(values), NULL, NULL, err);
}

/* What differs from what is known; a cell that somebody emptied is kept as such. */
static int add_followups(struct history *h, const struct history_entry *e, const struct workbook *w,
	int64_t now, uint64_t *added, struct err *err)
{
	struct arena scratch = { 0 };
	struct memory known = { .arena = &scratch };
	int rc = history_followups(h, e->evaluated_at, remember, &known, err);

	for (size_t i = 0; !rc && i < w->memory_count; i++) {
		const struct evolution_memory *m = &w->memory[i];
		const struct evolution_memory *before = memory_find(&known, m->key);

		if (!m->followup || followup_equal(m->followup, before ? before->followup : NULL))
			continue;
		rc = insert_followup(h, e->id, now, m, err);
		++*added;
	}
	memory_free(&known);
	arena_free(&scratch);
	return rc;
}

static int insert_run(struct history *h, const struct run *r, struct str bytes, int64_t now,
	struct history_entry *e, struct err *err)
{
	struct buf packed = { 0 };
	int rc;

	e->id = (int64_t)h->count + 1;
	e->evaluated_at = r->evaluated_at;
	e->added_at = now;
	e->size = bytes.n;
	if (chain_of(e, history_chain(h), e->chain, err))
		return err->code;
	if (!deflate_pack(bytes, &packed))
		return err_set(err, ERR_INTERNAL, "zlib could not pack a run.");
	struct db_value values[] = { DB_OF_INT(e->id), DB_OF_INT(e->evaluated_at),
		DB_OF_INT(e->added_at), DB_OF_TEXT(str_of(e->sha256)), DB_OF_TEXT(str_of(e->chain)),
		DB_OF_INT((int64_t)e->size), DB_OF_BLOB(buf_str(&packed)) };
	rc = history_db_run(h->db,
		"INSERT INTO run(id,evaluated_at,added_at,sha256,chain,size,results) "
		"VALUES(?1,?2,?3,?4,?5,?6,?7)",
		values, ARRAY_LEN(values), NULL, NULL, err);
	buf_free(&packed);
	return rc;
}

int history_check_run(const struct run *r, const char *name, struct err *err)
{
	return stored_run_is_anonymous(r)
		       ? err_set(err, ERR_USAGE,
				 "%s is an anonymous run: a history follows findings by name.",
				 name)
		       : 0;
}

static int check_directory(
	const struct history *h, const struct run *r, const char *name, struct err *err)
{
	struct run last;

	if (history_check_run(r, name, err))
		return err->code;
	if (!h->count)
		return 0;
	if (history_read(h, h->count - 1, &last, err))
		return err->code;
	struct err why;
	bool same = diff_same_directory(&last, r, &why) == 0;
	run_free(&last);
	return same ? 0
		    : err_set(err, ERR_USAGE,
			      "%s is a run of another directory than the history '%s'.", name,
			      h->path);
}

static const struct history_entry *find_sha256(const struct history *h, const char *sha256)
{
	for (size_t i = 0; i < h->count; i++)
		if (strcmp(h->by_arrival[i].sha256, sha256) == 0)
			return &h->by_arrival[i];
	return NULL;
}

/* Inside a transaction: nobody else adds. */
static int add(struct history *h, const struct run *r, struct str bytes, const char *name,
	const struct workbook *w, int64_t now, struct history_addition *out, struct err *err)
{
	struct history_entry e = { 0 };

	if (read_entries(h, err) || history_check(h, err) || check_directory(h, r, name, err) ||
		sha256_hex(&bytes, 1, e.sha256, err))
		return err->code;
	const struct history_entry *there = find_sha256(h, e.sha256);
	out->is_new = !there;
	if (there)
		e = *there;
	else if (h->count == LIMIT_HISTORY_RUNS)
		return err_set(err, ERR_USAGE, "The history '%s' is full; begin another.", h->path);
	else if (insert_run(h, r, bytes, now, &e, err))
		return err->code;
	return w ? add_followups(h, &e, w, now, &out->followups, err) : 0;
}

int history_add(struct history *h, const struct run *r, struct str bytes, const char *name,
	const struct workbook *w, int64_t now, struct history_addition *out, struct err *err)
{
	struct history_addition done = { .evaluated_at = r->evaluated_at };
	int rc = history_db_begin(h->db, err);

	if (rc)
		return rc;
	rc = add(h, r, bytes, name, w, now, &done, err);
	if (!rc)
		rc = history_db_commit(h->db, err);
	if (rc)
		history_db_rollback(h->db);
	else
		rc = read_entries(h, err);
	if (!rc)
		*out = done;
	return rc;
}
