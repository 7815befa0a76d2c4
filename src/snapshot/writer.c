/* Writes a snapshot beside its target and renames it when it is whole. */
#include "snapshot/snapshot.h"

#include "ad/dn.h"
#include "ad/sysvol_secrets.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/db.h"
#include "snapshot/idmap.h"
#include "snapshot/names.h"
#include "snapshot/packed.h"
#include "snapshot/schema.h"
#include "snapshot/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum name_kind { NAME_ORDINARY, NAME_SECRET, NAME_DESCRIPTOR, NAME_GUID, NAME_BAD };

struct name {
	enum name_kind kind;
	uint32_t id;	      /* in table attribute; ordinary names and objectGUID only */
	uint64_t last_put;    /* number of the last snapshot_put() that had it */
	uint64_t secret_seen; /* values dropped */
};

enum statement {
	PUT_META,
	PUT_ATTRIBUTE,
	PUT_DESCRIPTOR,
	PUT_OBJECT,
	PUT_COVERAGE,
	PUT_LOG,
	PUT_SYSVOL,
	PUT_SYSVOL_ENTRY,
	GET_DESCRIPTOR,
	STATEMENT_COUNT
};

static const char *const statements[STATEMENT_COUNT] = {
	[PUT_META] = "INSERT INTO meta(id,key,value) VALUES(?,?,?)",
	[PUT_ATTRIBUTE] = "INSERT INTO attribute(id,name) VALUES(?,?)",
	[PUT_DESCRIPTOR] = "INSERT INTO descriptor(id,bytes) VALUES(?,?)",
	[PUT_OBJECT] =
		"INSERT INTO object(id,domain,dn,guid,descriptor,packed) VALUES(?,?,?,?,?,?)",
	[PUT_COVERAGE] = "INSERT INTO coverage(id,need,state,detail) VALUES(?,?,?,?)",
	[PUT_LOG] = "INSERT INTO log(id,text) VALUES(?,?)",
	[PUT_SYSVOL] = "INSERT INTO sysvol_file(id,path,bytes) VALUES(?,?,?)",
	[PUT_SYSVOL_ENTRY] = "INSERT INTO sysvol_entry VALUES(?,?,?,?,?,?)",
	[GET_DESCRIPTOR] = "SELECT bytes FROM descriptor WHERE id=?",
};

struct snapshot_writer {
	char *path, *partial;
	struct db *db;
	struct db_stmt *s[STATEMENT_COUNT];
	struct arena scratch;
	struct names table;
	struct name *names; /* by number in table */
	uint32_t name_count, name_room, attribute_count;
	uint32_t *columns; /* name of each attribute of the object at hand */
	size_t column_room;
	struct idmap dns, descriptors;
	struct buf packed, folded;
	uint64_t puts, objects, duplicates;
	uint32_t meta_count, descriptor_count, coverage_count, log_count, sysvol_count,
		sysvol_entry_count;
};

static void writer_free(struct snapshot_writer *w)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		db_finalize(w->s[i]);
	db_close(w->db);
	names_free(&w->table);
	idmap_free(&w->dns);
	idmap_free(&w->descriptors);
	buf_free(&w->packed);
	buf_free(&w->folded);
	arena_free(&w->scratch);
	free(w->names);
	free(w->columns);
	free(w->path);
	free(w->partial);
	free(w);
}

void snapshot_abandon(struct snapshot_writer *w)
{
	if (!w)
		return;
	db_close(w->db);
	w->db = NULL;
	platform_remove(w->partial);
	writer_free(w);
}

static char *own(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(xmalloc(n), text, n);
}

/* Names the writer's own file, created by nobody else (O_EXCL) and readable by nobody else. A file
 * of that name is what a killed process with our number left. */
static int create_partial(struct snapshot_writer *w, const char *path, struct err *err)
{
	struct buf partial = { 0 };

	buf_printf(&partial, "%s.partial-%ld", path, platform_pid());
	w->path = own(path);
	w->partial = own(buf_z(&partial));
	buf_free(&partial);
	platform_remove(w->partial);
	FILE *f = platform_create(w->partial, err);
	if (!f)
		return err->code;
	fclose(f);
	return 0;
}

static int create_tables(struct snapshot_writer *w, struct err *err)
{
	char text[96];

	snprintf(text, sizeof(text), "PRAGMA application_id=%d;PRAGMA user_version=%d;BEGIN",
		SNAPSHOT_APPLICATION_ID, SNAPSHOT_VERSION);
	if (db_exec(w->db, text, err))
		return err->code;
	for (size_t i = 0; i < ARRAY_LEN(snapshot_tables); i++)
		if (db_exec(w->db, snapshot_tables[i][1], err))
			return err->code;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		if (db_prepare(w->db, statements[i], &w->s[i], err))
			return err->code;
	return 0;
}

int snapshot_create(const char *path, struct snapshot_writer **out, struct err *err)
{
	struct snapshot_writer *w = xcalloc(1, sizeof(*w));

	w->packed.max = LIMIT_RECORD_BYTES;
	if (create_partial(w, path, err)) {
		writer_free(w);
		return err->code;
	}
	if (db_create(w->partial, path, &w->db, err) || create_tables(w, err)) {
		snapshot_abandon(w);
		return err->code;
	}
	*out = w;
	return 0;
}

uint64_t snapshot_count(const struct snapshot_writer *w)
{
	return w->objects;
}

int snapshot_put_meta(struct snapshot_writer *w, const char *key, struct str value, struct err *err)
{
	db_bind_int(w->s[PUT_META], 1, w->meta_count++);
	db_bind_text(w->s[PUT_META], 2, str_of(key));
	db_bind_text(w->s[PUT_META], 3, value.p ? value : STR(""));
	return db_run(w->s[PUT_META], err);
}

int snapshot_put_coverage(struct snapshot_writer *w, struct str need, enum coverage_state state,
	struct str detail, struct err *err)
{
	if (w->coverage_count == LIMIT_COVERAGE_ENTRIES)
		return err_set(err, ERR_SOURCE,
			"More than %u parts of this directory could not be read or are damaged; "
			"nothing sure could be said of it. Read it again with another tool or "
			"account.",
			LIMIT_COVERAGE_ENTRIES);
	db_bind_int(w->s[PUT_COVERAGE], 1, w->coverage_count++);
	db_bind_text(w->s[PUT_COVERAGE], 2, need.p ? need : STR(""));
	db_bind_text(w->s[PUT_COVERAGE], 3, str_of(coverage_state_name(state)));
	db_bind_text(w->s[PUT_COVERAGE], 4, detail.p ? detail : STR(""));
	return db_run(w->s[PUT_COVERAGE], err);
}

int snapshot_put_log(struct snapshot_writer *w, struct str text, struct err *err)
{
	if (w->log_count == LIMIT_COVERAGE_ENTRIES)
		return 0; /* what counts is in the coverage */
	db_bind_int(w->s[PUT_LOG], 1, w->log_count++);
	db_bind_text(w->s[PUT_LOG], 2, text.p ? text : STR(""));
	return db_run(w->s[PUT_LOG], err);
}

int snapshot_put_sysvol(
	struct snapshot_writer *w, struct str path, struct str bytes, struct err *err)
{
	struct buf redacted = { 0 };

	if (sysvol_redact(path, bytes, &redacted))
		bytes = buf_str(&redacted);
	db_bind_int(w->s[PUT_SYSVOL], 1, w->sysvol_count++);
	db_bind_text(w->s[PUT_SYSVOL], 2, path);
	db_bind_blob(w->s[PUT_SYSVOL], 3, bytes.n ? bytes : STR(""));
	int code = db_run(w->s[PUT_SYSVOL], err);
	buf_free(&redacted);
	return code;
}

int snapshot_put_sysvol_entry(
	struct snapshot_writer *w, const struct sysvol_entry *e, struct err *err)
{
	struct db_stmt *s = w->s[PUT_SYSVOL_ENTRY];

	db_bind_int(s, 1, w->sysvol_entry_count++);
	db_bind_text(s, 2, e->path.p ? e->path : STR(""));
	db_bind_int(s, 3, e->folder);
	if (e->modified != INT64_MIN)
		db_bind_int(s, 4, e->modified);
	if (e->descriptor.p)
		db_bind_blob(s, 5, e->descriptor);
	db_bind_int(s, 6, e->control_known);
	return db_run(s, err);
}

int snapshot_put_damage(struct snapshot_writer *w, struct str dn, struct str attribute,
	enum coverage_state state, const char *code, struct err *err)
{
	struct buf need = { 0 }, detail = { 0 };

	buf_putz(&need, attribute.p ? "attribute " : "object ");
	buf_put_str(&need, attribute.p ? attribute : dn);
	buf_putz(&detail, code);
	if (attribute.p) {
		buf_putc(&detail, ' ');
		buf_put_str(&detail, dn);
	}
	int failed = snapshot_put_coverage(w, buf_str(&need), state, buf_str(&detail), err);
	buf_free(&need);
	buf_free(&detail);
	return failed;
}

static const struct str whole_object = { NULL, 0 };

static bool name_is_good(struct str name)
{
	if (name.n == 0 || name.n > LIMIT_ATTRIBUTE_NAME_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] > '~')
			return false;
	return true;
}

static enum name_kind kind_of(struct str name)
{
	if (!name_is_good(name))
		return NAME_BAD;
	if (snapshot_is_secret(name))
		return NAME_SECRET;
	if (str_ieq(name, STR("nTSecurityDescriptor")))
		return NAME_DESCRIPTOR;
	return str_ieq(name, STR("objectGUID")) ? NAME_GUID : NAME_ORDINARY;
}

/* What the writer knows of the name with this number; numbers come from w->table. */
static int add_name(struct snapshot_writer *w, uint32_t at, struct err *err)
{
	if (at == HASH_NONE)
		return err_set(err, ERR_SOURCE,
			"More than %u different attribute names: no Active Directory has so many.",
			LIMIT_ATTRIBUTE_NAMES);
	if (at == w->name_room) {
		w->name_room = w->name_room ? w->name_room * 2 : 256;
		w->names = xrealloc(w->names, w->name_room * sizeof(*w->names));
	}
	struct name *n = &w->names[at];
	struct str text = w->table.items[at].text;
	*n = (struct name){ .kind = kind_of(text) };
	w->name_count++;
	if (n->kind != NAME_ORDINARY && n->kind != NAME_GUID)
		return 0;
	n->id = w->attribute_count++;
	db_bind_int(w->s[PUT_ATTRIBUTE], 1, n->id);
	db_bind_text(w->s[PUT_ATTRIBUTE], 2, text);
	return db_run(w->s[PUT_ATTRIBUTE], err);
}

/* Finds every attribute's name; *repeated when one stands there twice. */
static int find_names(
	struct snapshot_writer *w, const struct raw_object *o, bool *repeated, struct err *err)
{
	uint32_t before = HASH_NONE;

	if (o->count > w->column_room) {
		w->column_room = o->count;
		w->columns = xrealloc(w->columns, o->count * sizeof(*w->columns));
	}
	w->puts++;
	*repeated = false;
	for (size_t i = 0; i < o->count; i++) {
		before = names_find(&w->table, o->attrs[i].name, before);
		if (before >= w->name_count && add_name(w, before, err))
			return err->code;
		w->columns[i] = before;
		*repeated |= w->names[before].last_put == w->puts;
		w->names[before].last_put = w->puts;
	}
	return 0;
}

/* The attribute's values, together with those of later attributes of the same name. */
static int pack_attribute(struct snapshot_writer *w, const struct raw_object *o, size_t first,
	bool repeated, struct err *err)
{
	size_t end = repeated ? o->count : first + 1;
	uint64_t count = 0;

	for (size_t i = 0; repeated && i < first; i++)
		if (w->columns[i] == w->columns[first])
			return 0; /* packed with the first one */
	for (size_t i = first; i < end; i++)
		if (w->columns[i] == w->columns[first])
			count += o->attrs[i].count;
	if (count == 0)
		return 0;
	struct name *name = &w->names[w->columns[first]];
	if (count > LIMIT_VALUES_PER_ATTRIBUTE)
		return snapshot_put_damage(w, o->dn, w->table.items[w->columns[first]].text,
			COVERAGE_TRUNCATED, "too_many_values", err);
	packed_put_head(&w->packed, name->id, (uint32_t)count);
	for (size_t i = first; i < end; i++) {
		if (w->columns[i] != w->columns[first])
			continue;
		for (size_t v = 0; v < o->attrs[i].count; v++)
			packed_put_value(&w->packed, o->attrs[i].values[v]);
	}
	return 0;
}

/* The id of the descriptor, stored now when it is new. Equal hashes are compared byte by byte with
 * the stored one, so that memory does not grow with the number of descriptors. */
static int put_descriptor(
	struct snapshot_writer *w, struct str bytes, uint32_t *out, struct err *err)
{
	uint64_t hash = hash_bytes(bytes);
	uint32_t id = idmap_get(&w->descriptors, hash);

	if (id != IDMAP_NONE) {
		struct str stored;

		db_bind_int(w->s[GET_DESCRIPTOR], 1, id);
		int row = db_step(w->s[GET_DESCRIPTOR], err);
		bool same = row == 1 && db_blob(w->s[GET_DESCRIPTOR], 0, &stored) &&
			    str_eq(stored, bytes);
		db_reset(w->s[GET_DESCRIPTOR]);
		if (row < 0)
			return row;
		if (same) {
			*out = id;
			return 0;
		}
	}
	db_bind_int(w->s[PUT_DESCRIPTOR], 1, w->descriptor_count);
	db_bind_blob(w->s[PUT_DESCRIPTOR], 2, bytes);
	if (db_run(w->s[PUT_DESCRIPTOR], err))
		return err->code;
	if (id == IDMAP_NONE)
		idmap_add(&w->descriptors, hash, w->descriptor_count);
	*out = w->descriptor_count++;
	return 0;
}

struct row {
	struct str guid;
	uint32_t descriptor;
};

static int take_descriptor(struct snapshot_writer *w, const struct raw_object *o,
	const struct raw_attr *a, struct row *row, struct err *err)
{
	const char *damage = NULL;

	if (a->count == 0)
		return 0;
	if (a->count > 1 || row->descriptor != SNAPSHOT_NO_DESCRIPTOR)
		damage = "several_values";
	else if (a->values[0].n == 0 || a->values[0].n > LIMIT_SECDESC_BYTES)
		damage = "bad_size";
	if (damage)
		return snapshot_put_damage(
			w, o->dn, STR("nTSecurityDescriptor"), COVERAGE_MALFORMED, damage, err);
	return put_descriptor(w, a->values[0], &row->descriptor, err);
}

static int pack_object(
	struct snapshot_writer *w, const struct raw_object *o, struct row *row, struct err *err)
{
	bool repeated;

	if (find_names(w, o, &repeated, err))
		return err->code;
	buf_clear(&w->packed);
	for (size_t i = 0; i < o->count; i++) {
		const struct raw_attr *a = &o->attrs[i];
		struct name *name = &w->names[w->columns[i]];
		int code = 0;

		switch (name->kind) {
		case NAME_SECRET:
			name->secret_seen += a->count;
			break;
		case NAME_BAD:
			code = snapshot_put_damage(w, o->dn, whole_object, COVERAGE_MALFORMED,
				"bad_attribute_name", err);
			break;
		case NAME_DESCRIPTOR:
			code = take_descriptor(w, o, a, row, err);
			break;
		case NAME_GUID:
			if (a->count == 1 && a->values[0].n == 16)
				row->guid = a->values[0];
			code = pack_attribute(w, o, i, repeated, err);
			break;
		case NAME_ORDINARY:
			code = pack_attribute(w, o, i, repeated, err);
			break;
		}
		if (code)
			return code;
	}
	return 0;
}

/* True when an object of this DN was put before; remembers it otherwise. */
static bool seen_before(struct snapshot_writer *w, struct str dn)
{
	uint64_t hash = hash_bytes(names_fold(&w->folded, dn));

	if (idmap_get(&w->dns, hash) != IDMAP_NONE)
		return true;
	idmap_add(&w->dns, hash, 0);
	return false;
}

int snapshot_put(struct snapshot_writer *w, const struct raw_object *o, struct err *err)
{
	struct row row = { { NULL, 0 }, SNAPSHOT_NO_DESCRIPTOR };

	if (o->dn.n > LIMIT_DN_BYTES)
		return snapshot_put_damage(w, (struct str){ o->dn.p, 256 }, whole_object,
			COVERAGE_MALFORMED, "dn_too_long", err);
	if (seen_before(w, o->dn)) {
		/* Two files that overlap would fill the coverage with it. */
		if (w->duplicates++ >= LIMIT_DUPLICATES_NAMED)
			return 0;
		return snapshot_put_damage(
			w, o->dn, whole_object, COVERAGE_NOTE, "duplicate_dn", err);
	}
	if (w->objects == LIMIT_OBJECTS)
		return err_set(err, ERR_SOURCE,
			"More than %u objects: read one domain after the other.", LIMIT_OBJECTS);
	struct raw_object kept = *o;
	if (kept.count > LIMIT_ATTRIBUTES_PER_OBJECT) {
		kept.count = LIMIT_ATTRIBUTES_PER_OBJECT;
		if (snapshot_put_damage(
			    w, o->dn, whole_object, COVERAGE_TRUNCATED, "too_many_attributes", err))
			return err->code;
	}
	if (pack_object(w, &kept, &row, err))
		return err->code;
	if (w->packed.overflow) {
		buf_clear(&w->packed);
		if (snapshot_put_damage(
			    w, o->dn, whole_object, COVERAGE_MALFORMED, "object_too_large", err))
			return err->code;
	}
	arena_reset(&w->scratch);
	struct db_stmt *s = w->s[PUT_OBJECT];
	db_bind_int(s, 1, (int64_t)w->objects);
	db_bind_text(s, 2, dn_dns_domain(&w->scratch, o->dn));
	db_bind_text(s, 3, o->dn.p ? o->dn : STR(""));
	db_bind_blob(s, 4, row.guid);
	if (row.descriptor != SNAPSHOT_NO_DESCRIPTOR)
		db_bind_int(s, 5, row.descriptor);
	db_bind_blob(s, 6, buf_str(&w->packed));
	w->objects++;
	return db_run(s, err);
}

/* What was dropped, as coverage. */
static int put_totals(struct snapshot_writer *w, struct err *err)
{
	char detail[64];

	for (uint32_t i = 0; i < w->name_count; i++) {
		struct buf need = { 0 };

		if (!w->names[i].secret_seen)
			continue;
		snprintf(
			detail, sizeof(detail), "secret_dropped %" PRIu64, w->names[i].secret_seen);
		buf_printf(&need, "attribute %.*s", STR_ARG(w->table.items[i].text));
		int code = snapshot_put_coverage(
			w, buf_str(&need), COVERAGE_NOTE, str_of(detail), err);
		buf_free(&need);
		if (code)
			return code;
	}
	if (w->duplicates <= LIMIT_DUPLICATES_NAMED)
		return 0;
	snprintf(detail, sizeof(detail), "duplicate_dn_total %" PRIu64, w->duplicates);
	return snapshot_put_coverage(w, STR("objects"), COVERAGE_NOTE, str_of(detail), err);
}

static int put_count(struct snapshot_writer *w, const char *key, uint32_t number, struct err *err)
{
	char count[32];

	if (!number)
		return 0;
	snprintf(count, sizeof(count), "%" PRIu32, number);
	return snapshot_put_meta(w, key, str_of(count), err);
}

static int complete(struct snapshot_writer *w, struct err *err)
{
	char count[32];

	snprintf(count, sizeof(count), "%" PRIu64, w->objects);
	if (put_totals(w, err) || put_count(w, META_SYSVOL_FILES, w->sysvol_count, err) ||
		put_count(w, META_SYSVOL_ENTRIES, w->sysvol_entry_count, err) ||
		snapshot_put_meta(w, META_OBJECTS, str_of(count), err) ||
		snapshot_put_meta(w, META_COMPLETE, STR("1"), err))
		return err->code;
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		db_finalize(w->s[i]);
		w->s[i] = NULL;
	}
	if (db_exec(w->db, "COMMIT", err))
		return err->code;
	db_close(w->db);
	w->db = NULL;
	if (platform_sync_path(w->partial, err))
		return err->code;
	return platform_rename(w->partial, w->path, err);
}

int snapshot_finish(struct snapshot_writer *w, struct err *err)
{
	int code = complete(w, err);

	if (code)
		snapshot_abandon(w);
	else
		writer_free(w);
	return code;
}
