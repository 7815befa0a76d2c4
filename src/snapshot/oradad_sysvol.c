#include "snapshot/oradad_sysvol.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/datetime.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/search.h"
#include "base/utf8.h"
#include "snapshot/oradad_rows.h"
#include "snapshot/sysvol.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum column {
	COLUMN_DOMAIN,
	COLUMN_GUID,
	COLUMN_PATH,
	COLUMN_FILENAME,
	COLUMN_ARCHIVE,
	COLUMN_DESCRIPTOR,
	COLUMN_ATTRIBUTES,
	COLUMN_WRITTEN,
	COLUMN_SIZE,
	COLUMN_TAKE,
	COLUMN_ERROR,
	COLUMN_COUNT
};

/* The name of the time of the last write is ORADAD's. */
static const char *const column_names[COLUMN_COUNT] = { "domain", "guid", "path", "filename",
	"archivename", "securitydescriptor", "fileattributes", "ftCreaftLastWriteTimetionTime",
	"filesize", "take", "errorCode" };

/* Of fileattributes (MS-FSCC 2.6). */
#define FILE_ATTRIBUTE_DIRECTORY 0x10u
#define FILE_ATTRIBUTE_REPARSE_POINT 0x400u

struct entry {
	struct str path; /* "ch.example/Policies/…" */
	bool folder, link, taken, has_children;
	bool unread; /* its row does not say what it is, or what became of it */
	int64_t modified;
	struct str descriptor; /* {NULL,0}: none */
	uint64_t error;	       /* of Windows; 0: none */
	uint64_t size;	       /* UINT64_MAX: not known */
	const char *copy;      /* NULL: there is none */
};

struct tree {
	struct snapshot_writer *w;
	const struct oradad_folder *folder;
	struct arena arena;
	struct entry *entries; /* by path, once all were read */
	size_t count, room;
	struct hash descriptors; /* each distinct one is kept once */
	struct str *descriptor_list;
	uint32_t descriptor_count, descriptor_room;
	size_t descriptor_bytes;
	bool full;
	char why[48]; /* of the last SYSVOL_DENIED */
};

/* The table that is being read. */
struct table {
	const struct oradad_table *table;
	const char *path;
	struct oradad_rows *rows;
	size_t columns[COLUMN_COUNT];
	struct buf cells[COLUMN_COUNT]; /* of the row at hand, UTF-8 */
	uint64_t listed;
	uint64_t nowhere; /* rows of which it is not said where they are, */
	uint64_t lost;	  /* and those of them that Windows did not open, the first with this */
	uint64_t lost_error;
	bool too_long; /* a path */
	struct entry root;
};

/* ---- one row -------------------------------------------------------------------------------- */

static struct str cell(const struct table *t, enum column c)
{
	return buf_str(&t->cells[c]);
}

static void read_cells(struct table *t)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		buf_clear(&t->cells[i]);
		oradad_utf8(&t->cells[i], oradad_rows_cell(t->rows, t->columns[i]));
	}
}

static int broken(const struct table *t, const char *what, struct err *err)
{
	return err_set(
		err, ERR_SOURCE, "%s:%" PRIu64 ": %s.", t->path, oradad_rows_line(t->rows), what);
}

static bool is_plain(struct str part)
{
	if (!part.n || str_eq(part, STR(".")) || str_eq(part, STR("..")))
		return false;
	for (size_t i = 0; i < part.n; i++)
		if ((unsigned char)part.p[i] < 0x20 || part.p[i] == '/')
			return false;
	return true;
}

static bool stays_below(struct str path)
{
	while (path.p)
		if (!is_plain(str_cut(path, '/', &path)))
			return false;
	return true;
}

/* What follows the domain's folder, or begins with Policies: paths are written below the domain, as
 * those of the share and as those of a disk. {NULL,0}: neither is in it. */
static struct str below_domain(struct str path, struct str domain)
{
	struct str rest = path, before;

	if (!str_starts(path, STR("/")) && !(path.n > 1 && path.p[1] == ':'))
		return path;
	while (rest.p)
		if (utf8_ieq(str_cut(rest, '/', &rest), domain) && rest.p)
			return rest;
	for (rest = path; rest.p;) {
		before = rest;
		if (str_ieq(str_cut(rest, '/', &rest), STR("Policies")))
			return before;
	}
	return (struct str){ NULL, 0 };
}

/* "2026-11-21 10:00:00" in UTC */
static int64_t read_date(struct str text)
{
	char iso[] = "0000-00-00T00:00:00Z";
	int64_t at;

	if (text.n != 19 || text.p[10] != ' ')
		return INT64_MIN;
	memcpy(iso, text.p, 19);
	iso[10] = 'T';
	return datetime_parse(str_of(iso), &at) ? at : INT64_MIN;
}

static bool read_hex(struct str hex, struct buf *out)
{
	for (size_t i = 0; i + 1 < hex.n; i += 2) {
		int high = ascii_hex(hex.p[i]), low = ascii_hex(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		buf_putc(out, (char)(high << 4 | low));
	}
	return hex.n && hex.n % 2 == 0;
}

/* One that is not there, is no descriptor or is over a bound is not known. */
static struct str keep_descriptor(struct tree *k, struct str hex)
{
	struct str none = { NULL, 0 };
	struct buf bytes = { 0 };

	if (hex.n > 2 * (size_t)LIMIT_SECDESC_BYTES || !read_hex(hex, &bytes)) {
		buf_free(&bytes);
		return none;
	}
	uint32_t at = hash_get(&k->descriptors, buf_str(&bytes));
	if (at == HASH_NONE && k->descriptor_bytes + bytes.n <= LIMIT_ORADAD_SYSVOL_ACL_BYTES) {
		if (k->descriptor_count == k->descriptor_room) {
			k->descriptor_room = k->descriptor_room ? k->descriptor_room * 2 : 64;
			k->descriptor_list = xrealloc(k->descriptor_list,
				k->descriptor_room * sizeof(*k->descriptor_list));
		}
		at = k->descriptor_count++;
		k->descriptor_list[at] = arena_str(&k->arena, buf_str(&bytes));
		k->descriptor_bytes += bytes.n;
		hash_add(&k->descriptors, k->descriptor_list[at], at);
	}
	buf_free(&bytes);
	return at == HASH_NONE ? none : k->descriptor_list[at];
}

/* "<domain>\[{GUID}\]<archivename>_<filename>" */
static const char *find_copy(struct tree *k, const struct table *t, struct str domain)
{
	struct str guid = cell(t, COLUMN_GUID), file = cell(t, COLUMN_FILENAME);
	struct buf name = { 0 };

	buf_put_str(&name, domain);
	if (guid.n)
		buf_printf(&name, "\\%.*s", STR_ARG(guid));
	buf_printf(&name, "\\%.*s", STR_ARG(cell(t, COLUMN_ARCHIVE)));
	if (file.n)
		buf_printf(&name, "_%.*s", STR_ARG(file));
	const char *found = oradad_folder_sysvol(k->folder, buf_str(&name));
	buf_free(&name);
	return found;
}

static struct entry *add_entry(struct tree *k, const struct entry *e)
{
	if (k->count == k->room) {
		k->room = k->room ? k->room * 2 : 256;
		k->entries = xrealloc(k->entries, k->room * sizeof(*k->entries));
	}
	k->entries[k->count] = *e;
	return &k->entries[k->count++];
}

static struct entry entry_of_row(struct tree *k, const struct table *t, struct str domain)
{
	struct entry e = { .size = UINT64_MAX };
	uint64_t attributes;

	if (!str_to_u64(cell(t, COLUMN_ATTRIBUTES), &attributes)) {
		e.unread = true;
		attributes = FILE_ATTRIBUTE_DIRECTORY;
	}
	e.folder = attributes & FILE_ATTRIBUTE_DIRECTORY;
	e.link = attributes & FILE_ATTRIBUTE_REPARSE_POINT;
	if (!str_to_u64(cell(t, COLUMN_ERROR), &e.error) || e.error)
		e.unread = true;
	e.taken = !str_eq(cell(t, COLUMN_TAKE), STR("0"));
	e.modified = read_date(cell(t, COLUMN_WRITTEN));
	str_to_u64(cell(t, COLUMN_SIZE), &e.size);
	e.descriptor = keep_descriptor(k, cell(t, COLUMN_DESCRIPTOR));
	if (!e.folder)
		e.copy = find_copy(k, t, domain);
	return e;
}

/* The share's own folder of the domain, and what is not below that, have no path: of the latter,
 * and of what could not be opened because its path is too long, only that it is there is known. */
static void take_nowhere(struct table *t, const struct entry *e)
{
	if (e->unread && !t->lost++)
		t->lost_error = e->error;
	if (!e->unread && !t->nowhere++)
		t->root = *e;
}

static int take_row(struct tree *k, struct table *t, struct err *err)
{
	struct str domain = cell(t, COLUMN_DOMAIN), path;
	struct entry e;

	for (size_t i = 0; i < t->cells[COLUMN_PATH].n; i++)
		if (t->cells[COLUMN_PATH].p[i] == '\\')
			t->cells[COLUMN_PATH].p[i] = '/';
	if (!is_plain(domain))
		return broken(t, "this file of SYSVOL has no domain", err);
	path = below_domain(cell(t, COLUMN_PATH), domain);
	e = entry_of_row(k, t, domain);
	if (!path.n) {
		take_nowhere(t, &e);
		return 0;
	}
	if (!stays_below(path))
		return broken(t, "this is no path below SYSVOL", err);
	if (domain.n + 1 + path.n > LIMIT_SYSVOL_PATH_BYTES) {
		t->too_long = true;
		return 0;
	}
	e.path = arena_printf(&k->arena, "%.*s/%.*s", STR_ARG(domain), STR_ARG(path));
	add_entry(k, &e);
	t->listed++;
	return 0;
}

/* ---- one table ------------------------------------------------------------------------------ */

static int find_columns(struct table *t, const struct oradad_folder *f, struct err *err)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		t->columns[i] = oradad_column(t->table, str_of(column_names[i]));
		if (t->columns[i] == SIZE_MAX)
			return err_set(err, ERR_SOURCE,
				"%s:%" PRIu64 ": the table of SYSVOL has no column '%s'.",
				oradad_folder_path(f), t->table->line, column_names[i]);
	}
	return 0;
}

/* A row of the columns' names is what writeHeader writes. */
static bool is_header(const struct table *t)
{
	return str_ieq(cell(t, COLUMN_PATH), STR("path")) &&
	       str_ieq(cell(t, COLUMN_ERROR), STR("errorCode"));
}

static int read_rows(struct tree *k, struct table *t, struct err *err)
{
	bool there;

	for (;;) {
		if (oradad_rows_next(t->rows, &there, err))
			return err->code;
		if (!there)
			return 0;
		if (k->count > LIMIT_SYSVOL_FILES) {
			k->full = true;
			return 0;
		}
		read_cells(t);
		if (oradad_rows_line(t->rows) == 1 && is_header(t))
			continue;
		if (take_row(k, t, err))
			return err->code;
		if (k->count % 1024 == 0 && platform_check_interrupted(err))
			return err->code;
	}
}

static int cover_table(struct tree *k, const struct table *t, struct err *err)
{
	struct arena *a = &k->arena;
	const struct {
		bool is;
		enum coverage_state state;
		struct str detail;
	} rows[] = {
		/* One is the domain's folder. */
		{ t->nowhere > 1, COVERAGE_NOT_ASKED,
			arena_printf(a, "no_path %" PRIu64, t->nowhere ? t->nowhere - 1 : 0) },
		{ t->lost, COVERAGE_DENIED,
			arena_printf(a, "windows_error %" PRIu64, t->lost_error) },
		{ t->too_long, COVERAGE_TRUNCATED, STR("path_too_long") },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].is && snapshot_put_coverage(
					  k->w, STR("sysvol"), rows[i].state, rows[i].detail, err))
			return err->code;
	return 0;
}

static int cover_none(
	struct tree *k, const struct oradad_table *t, const char *code, struct err *err)
{
	struct str detail = arena_printf(&k->arena, "%s %.*s", code, STR_ARG(t->domain));

	return snapshot_put_coverage(k->w, STR("sysvol"), COVERAGE_MISSING, detail, err);
}

/* The folder of the domain, unless several rows may be it. */
static void add_root(struct tree *k, struct table *t, struct str domain)
{
	struct entry e = { .modified = INT64_MIN, .size = UINT64_MAX };

	if (t->nowhere == 1 && t->root.folder)
		e = t->root;
	e.folder = true;
	e.link = false;
	e.path = domain;
	add_entry(k, &e);
}

static int read_table(struct tree *k, const struct oradad_table *which, struct err *err)
{
	struct table t = { .table = which, .path = oradad_folder_file(k->folder, which->file) };
	int code;

	if (!t.path)
		return cover_none(k, which, "no_table", err);
	if (find_columns(&t, k->folder, err) ||
		oradad_rows_open(t.path, which->column_count, &t.rows, err))
		return err->code;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		oradad_rows_want(t.rows, t.columns[i]);
	code = read_rows(k, &t, err);
	if (!code && !t.listed)
		code = cover_none(k, which, "no_rows", err);
	else if (!code)
		add_root(k, &t, arena_str(&k->arena, cell(&t, COLUMN_DOMAIN)));
	if (!code)
		code = cover_table(k, &t, err);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		buf_free(&t.cells[i]);
	oradad_rows_close(t.rows);
	return code;
}

/* ---- the tree ------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return str_cmp(x->path, y->path);
}

static bool is_before(const void *entry, const void *path)
{
	return str_cmp(((const struct entry *)entry)->path, *(const struct str *)path) < 0;
}

static size_t place_of(const struct tree *k, struct str path)
{
	return lower_bound(k->entries, k->count, sizeof(*k->entries), &path, is_before);
}

static const struct entry *find(const struct tree *k, const char *path)
{
	size_t at = place_of(k, str_of(path));

	return at < k->count && str_eq(k->entries[at].path, str_of(path)) ? &k->entries[at] : NULL;
}

static int cover(struct tree *k, struct str path, enum coverage_state state, const char *code,
	struct err *err)
{
	struct str need = arena_printf(&k->arena, "sysvol %.*s", STR_ARG(path));

	return snapshot_put_coverage(k->w, need, state, str_of(code), err);
}

/* Sorted, of each path one. */
static int sort(struct tree *k, struct err *err)
{
	size_t kept = 0;

	qsort(k->entries, k->count, sizeof(*k->entries), by_path);
	for (size_t i = 0; i < k->count; i++) {
		if (!kept || !str_eq(k->entries[kept - 1].path, k->entries[i].path))
			k->entries[kept++] = k->entries[i];
		else if (strchr(k->entries[i].path.p, '/') &&
			 cover(k, k->entries[i].path, COVERAGE_MALFORMED, "listed_twice", err))
			return err->code;
	}
	k->count = kept;
	return 0;
}

static bool parent_of(struct str path, struct str *parent)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	*parent = (struct str){ path.p, n ? n - 1 : 0 };
	return n > 0;
}

/* Every folder has a row: where there is none, others may lack as well. */
static int add_parents(struct tree *k, struct err *err)
{
	struct hash known = { 0 };
	int code = 0;

	for (size_t i = 0; i < k->count; i++)
		hash_add(&known, k->entries[i].path, (uint32_t)i);
	/* Those that are added have parents too. */
	for (size_t i = 0; !code && i < k->count; i++) {
		struct entry e = { .folder = true, .modified = INT64_MIN, .size = UINT64_MAX };

		if (!parent_of(k->entries[i].path, &e.path))
			continue;
		uint32_t at = hash_get(&known, e.path);
		if (at != HASH_NONE) {
			k->entries[at].has_children = true;
			continue;
		}
		if (k->count > 2 * (size_t)LIMIT_SYSVOL_FILES) {
			k->full = true;
			break;
		}
		e.path = arena_str(&k->arena, e.path);
		e.has_children = true;
		hash_add(&known, e.path, (uint32_t)k->count);
		add_entry(k, &e);
		code = cover(k, e.path, COVERAGE_MISSING, "no_row", err);
	}
	hash_free(&known);
	return code;
}

static int build(struct tree *k, struct err *err)
{
	if (sort(k, err) || add_parents(k, err))
		return err->code;
	qsort(k->entries, k->count, sizeof(*k->entries), by_path);
	for (size_t i = 0; i < k->count; i++) {
		struct entry *e = &k->entries[i];

		if (e->has_children && !e->folder &&
			cover(k, e->path, COVERAGE_MALFORMED, "no_folder", err))
			return err->code;
		/* What ORADAD looked into is no link that leads out. */
		e->folder |= e->has_children;
		e->link &= !e->has_children;
	}
	return 0;
}

/* ---- the source of sysvol_walk() ------------------------------------------------------------ */

static enum sysvol_result denied(struct tree *k, const struct entry *e)
{
	snprintf(k->why, sizeof(k->why), "windows_error %" PRIu64, e->error);
	return SYSVOL_DENIED;
}

static enum platform_kind kind_of(const struct entry *e)
{
	return e->link ? PLATFORM_LINK : e->folder ? PLATFORM_FOLDER : PLATFORM_FILE;
}

static enum sysvol_result tree_list(void *source, const char *path,
	void (*each)(void *cx, const struct sysvol_name *name), void *cx)
{
	struct tree *k = source;
	struct buf prefix = { 0 };
	const struct entry *folder = *path ? find(k, path) : NULL;

	/* ORADAD does not say that a folder could not be listed; that it could not be opened. */
	if (folder && folder->unread && !folder->has_children)
		return denied(k, folder);
	buf_putz(&prefix, path);
	if (*path)
		buf_putc(&prefix, '/');
	for (size_t i = place_of(k, buf_str(&prefix));
		i < k->count && str_starts(k->entries[i].path, buf_str(&prefix)); i++) {
		const struct entry *e = &k->entries[i];
		struct sysvol_name n = { e->path.p + prefix.n, kind_of(e), e->modified };

		if (!strchr(n.name, '/'))
			each(cx, &n);
	}
	buf_free(&prefix);
	return SYSVOL_GOOD;
}

static enum sysvol_result tree_read(void *source, const char *path, size_t max, struct buf *out)
{
	struct tree *k = source;
	const struct entry *e = find(k, path);
	struct err why;

	if (e && !e->copy && !e->taken)
		return SYSVOL_NOT_ASKED;
	if (e && e->unread)
		return denied(k, e);
	if (!e || !e->copy)
		return SYSVOL_MISSING;
	if (platform_read_file(e->copy, max, out, ERR_SOURCE, &why))
		return SYSVOL_TOO_LARGE;
	/* ORADAD 3.0 to 3.6 drops whole mebibytes of larger files. */
	return e->size == out->n ? SYSVOL_GOOD : SYSVOL_CUT;
}

static bool tree_descriptor(void *source, const char *path, struct buf *out)
{
	const struct entry *e = find(source, path);

	if (!e || !e->descriptor.n)
		return false;
	buf_put_str(out, e->descriptor);
	return true;
}

static const char *tree_why(void *source)
{
	const struct tree *k = source;

	return k->why;
}

/* GetSecurityInfo() of Windows gives the control flags as they are. */
static const struct sysvol_source tree_source = { "oradad", true, tree_list, tree_read,
	tree_descriptor, tree_why };

/* --------------------------------------------------------------------------------------------- */

static bool is_of_domain(const struct oradad_table *t, const char *name)
{
	return str_ieq(t->base, STR("domain")) && str_ieq(t->name, str_of(name));
}

static bool has_sysvol(const struct oradad_tables *tables, struct str domain)
{
	for (size_t i = 0; i < tables->count; i++)
		if (is_of_domain(&tables->tables[i], "sysvol") &&
			utf8_ieq(tables->tables[i].domain, domain))
			return true;
	return false;
}

static int read_tables(struct tree *k, const struct oradad_tables *tables, struct err *err)
{
	for (size_t i = 0; i < tables->count; i++) {
		const struct oradad_table *t = &tables->tables[i];

		if (is_of_domain(t, "sysvol") && !k->full && read_table(k, t, err))
			return err->code;
		if (is_of_domain(t, "top") && !has_sysvol(tables, t->domain) &&
			cover_none(k, t, "no_table", err))
			return err->code;
	}
	return 0;
}

static int walk(struct tree *k, struct progress *progress, struct err *err)
{
	uint64_t policies;

	if (!k->count)
		return 0;
	if (build(k, err) || sysvol_walk(k->w, &tree_source, k, progress, &policies, err))
		return err->code;
	return k->full ? snapshot_put_coverage(k->w, STR("sysvol"), COVERAGE_TRUNCATED,
				 STR("too_many_files"), err)
		       : 0;
}

int oradad_sysvol_import(struct snapshot_writer *w, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct progress *progress, struct err *err)
{
	struct tree k = { .w = w, .folder = f };
	int code = read_tables(&k, tables, err);

	if (!code)
		code = walk(&k, progress, err);
	free(k.entries);
	free(k.descriptor_list);
	hash_free(&k.descriptors);
	arena_free(&k.arena);
	return code;
}
