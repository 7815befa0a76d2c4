/* Reads a snapshot that somebody else may have made, damaged or cut short. */
#include "snapshot/snapshot.h"

#include "base/limits.h"
#include "snapshot/db.h"
#include "snapshot/packed.h"
#include "snapshot/schema.h"

#include <stdlib.h>
#include <string.h>

struct meta_row {
	struct str key, value;
};

struct snapshot {
	struct arena arena;
	char *path;
	struct db *db;
	struct meta_row *meta;
	struct coverage *coverage;
	struct str *attributes;
	size_t meta_count, coverage_count, attribute_count, descriptor_count;
	uint64_t objects;
	bool has_entries;	    /* the table sysvol_entry is there */
	struct db_stmt *find;	    /* holds the row that snapshot_find() gave */
	struct db_stmt *descriptor; /* and that of snapshot_descriptor() */
};

#define OBJECT_COLUMNS "SELECT id,dn,descriptor,packed FROM object "
#define DESCRIPTOR_COLUMNS "SELECT id,bytes FROM descriptor "
/* Rows of meta: a handful, and bounded all the same. */
#define META_ROWS 1000

static int damaged(const struct snapshot *s, const char *where, struct err *err)
{
	return err_set(err, ERR_SOURCE,
		"The snapshot '%s' is damaged (%s); copy it again, or collect again.", s->path,
		where);
}

static int check_kind(struct snapshot *s, struct err *err)
{
	int64_t id, version;

	if (db_number(s->db, "PRAGMA application_id", &id, err) ||
		db_number(s->db, "PRAGMA user_version", &version, err))
		return err->code;
	if (id != SNAPSHOT_APPLICATION_ID)
		return err_set(err, ERR_SOURCE,
			"'%s' is not an adhygiene snapshot; give a file that 'adhygiene collect' "
			"wrote.",
			s->path);
	if (version != SNAPSHOT_VERSION)
		return err_set(err, ERR_SOURCE,
			"'%s' is a snapshot of format %d and this program reads format %d; collect "
			"again, or use the version that wrote it.",
			s->path, (int)version, SNAPSHOT_VERSION);
	return 0;
}

/* Exactly our tables and nothing else: no view, trigger, index or virtual table can then be
 * reached by the queries below. */
static int check_schema(struct snapshot *s, struct err *err)
{
	struct db_stmt *q;
	size_t found = 0;
	int row;

	if (db_prepare(s->db, "SELECT type,name,sql FROM sqlite_schema ORDER BY rowid", &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		struct str type, name, sql;

		if (found == ARRAY_LEN(snapshot_tables) || !db_text(q, 0, &type) ||
			!db_text(q, 1, &name) || !db_text(q, 2, &sql) ||
			!str_eq(type, STR("table")) ||
			!str_eq(name, str_of(snapshot_tables[found][0])) ||
			!str_eq(sql, str_of(snapshot_tables[found][1]))) {
			row = damaged(s, "its tables are not those of a snapshot", err);
			break;
		}
		found++;
	}
	db_finalize(q);
	s->has_entries = found == ARRAY_LEN(snapshot_tables);
	if (row == 0 && found < SNAPSHOT_TABLES_REQUIRED)
		row = damaged(s, "tables are missing", err);
	return row;
}

/* Runs sql, whose column 0 is an id that must count from 0, and calls each for every row. */
static int each_row(struct snapshot *s, const char *sql, uint64_t max,
	bool (*each)(struct snapshot *s, struct db_stmt *q, uint64_t id), uint64_t *count,
	struct err *err)
{
	struct db_stmt *q;
	uint64_t n = 0;
	int row;

	if (db_prepare(s->db, sql, &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		int64_t id;

		if (n == max || !db_int(q, 0, &id) || id < 0 || (uint64_t)id != n ||
			!each(s, q, n)) {
			row = damaged(s, "a row of a table", err);
			break;
		}
		n++;
	}
	db_finalize(q);
	if (row == 0)
		*count = n;
	return row;
}

/* Makes room for one more in an array that doubles. */
static void *room_for(void *items, size_t n, size_t size)
{
	if (n & (n - 1) || n == 1)
		return items;
	return xrealloc(items, (n ? n * 2 : 2) * size);
}

static bool take_meta(struct snapshot *s, struct db_stmt *q, uint64_t id)
{
	struct str key, value;

	if (!db_text(q, 1, &key) || !db_text(q, 2, &value))
		return false;
	s->meta = room_for(s->meta, (size_t)id, sizeof(*s->meta));
	s->meta[id] = (struct meta_row){ arena_str(&s->arena, key), arena_str(&s->arena, value) };
	return true;
}

static bool take_coverage(struct snapshot *s, struct db_stmt *q, uint64_t id)
{
	struct str need, state, detail;
	enum coverage_state parsed;

	if (!db_text(q, 1, &need) || !db_text(q, 2, &state) || !db_text(q, 3, &detail) ||
		!coverage_state_parse(state, &parsed))
		return false;
	s->coverage = room_for(s->coverage, (size_t)id, sizeof(*s->coverage));
	s->coverage[id] = (struct coverage){ arena_str(&s->arena, need), parsed,
		arena_str(&s->arena, detail) };
	return true;
}

static bool take_attribute(struct snapshot *s, struct db_stmt *q, uint64_t id)
{
	struct str name;

	if (!db_text(q, 1, &name) || name.n == 0 || name.n > LIMIT_ATTRIBUTE_NAME_BYTES ||
		snapshot_is_secret(name))
		return false;
	s->attributes = room_for(s->attributes, (size_t)id, sizeof(*s->attributes));
	s->attributes[id] = arena_str(&s->arena, name);
	return true;
}

static bool take_nothing(struct snapshot *s, struct db_stmt *q, uint64_t id)
{
	(void)s;
	(void)q;
	(void)id;
	return true;
}

static int load(struct snapshot *s, struct err *err)
{
	uint64_t meta = 0, coverage = 0, attributes = 0, descriptors = 0, promised = 0;

	if (each_row(s, "SELECT id,key,value FROM meta ORDER BY id", META_ROWS, take_meta, &meta,
		    err))
		return err->code;
	s->meta_count = (size_t)meta;
	if (!str_eq(snapshot_meta(s, META_COMPLETE), STR("1")) ||
		!str_to_u64(snapshot_meta(s, META_OBJECTS), &promised))
		return err_set(err, ERR_SOURCE,
			"The snapshot '%s' was never finished: the collection was interrupted. "
			"Collect again.",
			s->path);
	if (each_row(s, "SELECT id,need,state,detail FROM coverage ORDER BY id",
		    LIMIT_COVERAGE_ENTRIES, take_coverage, &coverage, err) ||
		each_row(s, "SELECT id,name FROM attribute ORDER BY id", LIMIT_ATTRIBUTE_NAMES,
			take_attribute, &attributes, err) ||
		each_row(s, "SELECT id FROM descriptor ORDER BY id", LIMIT_OBJECTS, take_nothing,
			&descriptors, err) ||
		each_row(s, "SELECT id FROM object ORDER BY id", LIMIT_OBJECTS, take_nothing,
			&s->objects, err))
		return err->code;
	s->coverage_count = (size_t)coverage;
	s->attribute_count = (size_t)attributes;
	s->descriptor_count = (size_t)descriptors;
	return s->objects == promised ? 0 : damaged(s, "objects are missing", err);
}

int snapshot_open(const char *path, struct snapshot **out, struct err *err)
{
	struct snapshot *s = xcalloc(1, sizeof(*s));

	s->path = arena_strdup(&s->arena, path);
	int code = db_open_untrusted(path, &s->db, err);
	if (!code)
		code = check_kind(s, err);
	if (!code)
		code = check_schema(s, err);
	if (!code)
		code = load(s, err);
	if (code)
		snapshot_close(s);
	else
		*out = s;
	return code;
}

void snapshot_close(struct snapshot *s)
{
	if (!s)
		return;
	db_finalize(s->find);
	db_finalize(s->descriptor);
	db_close(s->db);
	free(s->meta);
	free(s->coverage);
	free(s->attributes);
	arena_free(&s->arena);
	free(s);
}

struct str snapshot_meta(const struct snapshot *s, const char *key)
{
	for (size_t i = 0; i < s->meta_count; i++)
		if (str_eq(s->meta[i].key, str_of(key)))
			return s->meta[i].value;
	return (struct str){ NULL, 0 };
}

uint64_t snapshot_object_count(const struct snapshot *s)
{
	return s->objects;
}

size_t snapshot_coverage_count(const struct snapshot *s)
{
	return s->coverage_count;
}

struct coverage snapshot_coverage_at(const struct snapshot *s, size_t i)
{
	return s->coverage[i];
}

size_t snapshot_attribute_count(const struct snapshot *s)
{
	return s->attribute_count;
}

struct str snapshot_attribute_name(const struct snapshot *s, uint32_t id)
{
	return s->attributes[id];
}

size_t snapshot_descriptor_count(const struct snapshot *s)
{
	return s->descriptor_count;
}

/* The row at hand; false when it is damaged. */
static bool read_descriptor(struct db_stmt *q, uint64_t id, struct str *bytes)
{
	int64_t stored;

	return db_int(q, 0, &stored) && stored >= 0 && (uint64_t)stored == id &&
	       db_blob(q, 1, bytes) && bytes->n <= LIMIT_SECDESC_BYTES;
}

int snapshot_each_descriptor(struct snapshot *s,
	int (*each)(void *cx, uint32_t id, struct str bytes, struct err *err), void *cx,
	struct err *err)
{
	struct db_stmt *q;
	uint64_t n = 0;
	int row;

	if (db_prepare(s->db, DESCRIPTOR_COLUMNS "ORDER BY id", &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		struct str bytes;

		if (n == s->descriptor_count || !read_descriptor(q, n, &bytes)) {
			row = damaged(s, "a descriptor", err);
			break;
		}
		row = each(cx, (uint32_t)n++, bytes, err);
		if (row)
			break;
	}
	db_finalize(q);
	return row;
}

struct str snapshot_descriptor(struct snapshot *s, uint32_t id)
{
	struct str bytes, none = { NULL, 0 };
	struct err err = { 0 };

	if (!s->descriptor &&
		db_prepare(s->db, DESCRIPTOR_COLUMNS "WHERE id=?", &s->descriptor, &err))
		return none;
	db_reset(s->descriptor);
	db_bind_int(s->descriptor, 1, id);
	if (db_step(s->descriptor, &err) != 1 || !read_descriptor(s->descriptor, id, &bytes))
		return none;
	return bytes;
}

/* The row at hand; false when it is damaged. */
static bool read_record(
	const struct snapshot *s, struct db_stmt *q, uint64_t id, struct snapshot_record *out)
{
	struct snapshot_record r = { .descriptor = SNAPSHOT_NO_DESCRIPTOR };
	int64_t stored, descriptor;

	if (!db_int(q, 0, &stored) || stored < 0 || (uint64_t)stored != id ||
		!db_text(q, 1, &r.dn) || r.dn.n > LIMIT_DN_BYTES || !db_blob(q, 3, &r.packed) ||
		!packed_check(r.packed, s->attribute_count))
		return false;
	if (!db_is_null(q, 2)) {
		if (!db_int(q, 2, &descriptor) || descriptor < 0 ||
			(uint64_t)descriptor >= s->descriptor_count)
			return false;
		r.descriptor = (uint32_t)descriptor;
	}
	*out = r;
	return true;
}

int snapshot_each(struct snapshot *s,
	int (*each)(void *cx, const struct snapshot_record *r, struct err *err), void *cx,
	struct err *err)
{
	struct db_stmt *q;
	uint64_t n = 0;
	int row;

	if (db_prepare(s->db, OBJECT_COLUMNS "ORDER BY id", &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		struct snapshot_record r;

		if (!read_record(s, q, n++, &r)) {
			row = damaged(s, "an object", err);
			break;
		}
		row = each(cx, &r, err);
		if (row)
			break;
	}
	db_finalize(q);
	if (row == 0 && n != s->objects)
		row = damaged(s, "objects are missing", err);
	return row;
}

/* The id of the object of this DN. DNs are not indexed in the file: this is for one question of a
 * person. */
static int find_id(struct snapshot *s, struct str dn, uint64_t *out, struct err *err)
{
	struct db_stmt *q;
	uint64_t n = 0;
	int row = 0, found = 0;

	if (db_prepare(s->db, "SELECT dn FROM object ORDER BY id", &q, err))
		return err->code;
	while (!found && (row = db_step(q, err)) == 1) {
		struct str stored;

		found = db_text(q, 0, &stored) ? str_ieq(stored, dn) : damaged(s, "a DN", err);
		n++;
	}
	db_finalize(q);
	if (found == 1)
		*out = n - 1;
	return found ? found : row;
}

int snapshot_find(struct snapshot *s, struct str dn, struct snapshot_record *r, struct err *err)
{
	uint64_t id = 0;
	int code = find_id(s, dn, &id, err);

	if (code != 1)
		return code;
	if (!s->find && db_prepare(s->db, OBJECT_COLUMNS "WHERE id=?", &s->find, err))
		return err->code;
	db_reset(s->find);
	db_bind_int(s->find, 1, (int64_t)id);
	code = db_step(s->find, err);
	if (code < 0)
		return code;
	if (code == 0 || !read_record(s, s->find, id, r))
		return damaged(s, "an object", err);
	return 1;
}

/* The row at hand; false when it is damaged. */
static bool read_sysvol(struct db_stmt *q, uint64_t id, struct str *path, struct str *bytes)
{
	int64_t stored;

	return db_int(q, 0, &stored) && stored >= 0 && (uint64_t)stored == id &&
	       db_text(q, 1, path) && path->n > 0 && path->n <= LIMIT_SYSVOL_PATH_BYTES &&
	       db_blob(q, 2, bytes) && bytes->n <= 3 * (size_t)LIMIT_SYSVOL_FILE_BYTES;
}

int snapshot_each_sysvol(struct snapshot *s,
	int (*each)(void *cx, struct str path, struct str bytes, struct err *err), void *cx,
	struct err *err)
{
	struct str count = snapshot_meta(s, META_SYSVOL_FILES), path, bytes;
	struct db_stmt *q;
	uint64_t n = 0, promised = 0;
	int row;

	if (count.n && !str_to_u64(count, &promised))
		return damaged(s, "a number", err);
	if (db_prepare(s->db, "SELECT id,path,bytes FROM sysvol_file ORDER BY id", &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		if (n == LIMIT_SYSVOL_FILES || !read_sysvol(q, n++, &path, &bytes)) {
			row = damaged(s, "a file of SYSVOL", err);
			break;
		}
		row = each(cx, path, bytes, err);
		if (row)
			break;
	}
	db_finalize(q);
	if (row == 0 && n != promised)
		row = damaged(s, "files of SYSVOL are missing", err);
	return row;
}

/* The row at hand; false when it is damaged. */
static bool read_entry(struct db_stmt *q, uint64_t id, struct sysvol_entry *e)
{
	int64_t stored, folder, control;

	*e = (struct sysvol_entry){ .modified = INT64_MIN };
	if (!db_int(q, 0, &stored) || stored < 0 || (uint64_t)stored != id ||
		!db_text(q, 1, &e->path) || e->path.n > LIMIT_SYSVOL_PATH_BYTES ||
		!db_int(q, 2, &folder) || folder < 0 || folder > 1 ||
		(!db_is_null(q, 3) && !db_int(q, 3, &e->modified)) ||
		(!db_is_null(q, 4) && (!db_blob(q, 4, &e->descriptor) ||
					      e->descriptor.n > LIMIT_SECDESC_BYTES)) ||
		!db_int(q, 5, &control) || control < 0 || control > 1)
		return false;
	e->folder = folder;
	e->control_known = control;
	return true;
}

int snapshot_each_sysvol_entry(struct snapshot *s,
	int (*each)(void *cx, const struct sysvol_entry *e, struct err *err), void *cx,
	struct err *err)
{
	struct str count = snapshot_meta(s, META_SYSVOL_ENTRIES);
	struct db_stmt *q;
	struct sysvol_entry e;
	uint64_t n = 0, promised = 0;
	int row;

	if (count.n && !str_to_u64(count, &promised))
		return damaged(s, "a number", err);
	if (!s->has_entries)
		return promised ? damaged(s, "files of SYSVOL are missing", err) : 0;
	if (db_prepare(s->db,
		    "SELECT id,path,folder,modified,descriptor,control_known FROM sysvol_entry "
		    "ORDER BY id",
		    &q, err))
		return err->code;
	while ((row = db_step(q, err)) == 1) {
		if (n == LIMIT_SYSVOL_FILES || !read_entry(q, n++, &e)) {
			row = damaged(s, "a file of SYSVOL", err);
			break;
		}
		row = each(cx, &e, err);
		if (row)
			break;
	}
	db_finalize(q);
	if (row == 0 && n != promised)
		row = damaged(s, "files of SYSVOL are missing", err);
	return row;
}
