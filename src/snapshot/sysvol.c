#include "snapshot/sysvol.h"

#include "ad/guid.h"
#include "ad/ntacl.h"
#include "base/arena.h"
#include "base/compiler.h"
#include "base/limits.h"
#include "base/platform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What ORADAD copies (docs/snapshot.md). */
static const struct {
	const char *name; /* the whole name, or its end when it begins with a dot */
	bool bytes;
} wanted[] = {
	{ "gpt.ini", true },
	{ "registry.pol", true },
	{ "gpttmpl.inf", true },
	{ "audit.csv", true },
	{ "scripts.ini", true },
	{ "psscripts.ini", true },
	{ ".xml", true },
	{ ".aas", false },
	{ ".bat", false },
	{ ".cmd", false },
	{ ".ps1", false },
	{ ".reg", false },
	{ ".vbs", false },
};

struct walk {
	struct snapshot_writer *w;
	const struct sysvol_source *source;
	void *cx;
	struct progress *progress;
	struct buf path; /* below the root, of what is under way */
	size_t depth;
	uint64_t files, entries, bytes, policies, descriptors;
	bool full; /* over a bound: the walk ends */
};

static bool is_wanted(const char *name, bool *bytes)
{
	struct str s = str_of(name);

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct str want = str_of(wanted[i].name);
		struct str end = s;

		if (want.p[0] == '.' && s.n > want.n)
			end = (struct str){ s.p + s.n - want.n, want.n };
		if (!str_ieq(end, want))
			continue;
		*bytes = wanted[i].bytes;
		return true;
	}
	return false;
}

/* The replication's own folders: what stands there does not apply to anybody. The templates of the
 * policy editor say nothing either. */
static bool is_foreign(const char *name)
{
	return ascii_casecmp(name, "DfsrPrivate") == 0 ||
	       ascii_casecmp(name, "PolicyDefinitions") == 0 ||
	       str_istarts(str_of(name), STR("NtFrs_PreExisting"));
}

static int cover(struct walk *k, enum coverage_state state, const char *detail, struct err *err)
{
	struct buf need = { 0 };

	buf_printf(&need, "sysvol %.*s", STR_ARG(buf_str(&k->path)));
	int code = snapshot_put_coverage(k->w, buf_str(&need), state, str_of(detail), err);
	buf_free(&need);
	return code;
}

static int over(struct walk *k, struct err *err)
{
	k->full = true;
	return snapshot_put_coverage(
		k->w, STR("sysvol"), COVERAGE_TRUNCATED, STR("too_many_files"), err);
}

static int put_entry(struct walk *k, bool folder, int64_t modified, struct err *err)
{
	struct sysvol_entry e = { buf_str(&k->path), folder, modified, { NULL, 0 }, false };
	struct buf sd = { .max = LIMIT_SECDESC_BYTES };

	if (k->source->descriptor(k->cx, buf_z(&k->path), &sd) && sd.n && !sd.overflow) {
		e.descriptor = buf_str(&sd);
		e.control_known = k->source->control;
		k->descriptors++;
	}
	int code = snapshot_put_sysvol_entry(k->w, &e, err);
	buf_free(&sd);
	return code;
}

static int cover_denied(struct walk *k, const char *code, struct err *err)
{
	return cover(k, COVERAGE_DENIED, k->source->why ? k->source->why(k->cx) : code, err);
}

/* Why a file is not there, or not whole. */
static int cover_file(struct walk *k, enum sysvol_result got, struct err *err)
{
	static const struct {
		enum coverage_state state;
		const char *code;
	} rows[SYSVOL_RESULT_COUNT] = {
		[SYSVOL_TOO_LARGE] = { COVERAGE_TRUNCATED, "file_too_large" },
		[SYSVOL_MISSING] = { COVERAGE_MISSING, "no_copy" },
		[SYSVOL_CUT] = { COVERAGE_TRUNCATED, "copy_differs" },
		[SYSVOL_NOT_ASKED] = { COVERAGE_NOT_ASKED, "not_in_filter" },
	};

	return got == SYSVOL_DENIED ? cover_denied(k, "file_not_opened", err)
				    : cover(k, rows[got].state, rows[got].code, err);
}

static int put_file(struct walk *k, bool with_bytes, struct err *err)
{
	struct buf bytes = { 0 };
	enum sysvol_result got = SYSVOL_GOOD;

	if (k->bytes > LIMIT_SYSVOL_BYTES)
		return over(k, err);
	if (with_bytes)
		got = k->source->read(k->cx, buf_z(&k->path), LIMIT_SYSVOL_FILE_BYTES, &bytes);
	if (got != SYSVOL_GOOD) {
		buf_free(&bytes);
		return cover_file(k, got, err);
	}
	k->files++;
	k->bytes += bytes.n;
	int code = snapshot_put_sysvol(k->w, buf_str(&k->path), buf_str(&bytes), err);
	buf_free(&bytes);
	progress_step(k->progress, k->files, 0);
	return code;
}

static int walk_folder(struct walk *k, struct err *err);

static int walk_entry(struct walk *k, const struct sysvol_name *name, struct err *err)
{
	bool folder = name->kind == PLATFORM_FOLDER, bytes;
	struct guid guid;

	if (name->kind == PLATFORM_LINK)
		return cover(k, COVERAGE_NOTE, "link_not_followed", err);
	if ((!folder && name->kind != PLATFORM_FILE) || (folder && is_foreign(name->name)))
		return 0;
	if (k->entries++ == LIMIT_SYSVOL_FILES)
		return over(k, err);
	if (platform_check_interrupted(err) || put_entry(k, folder, name->modified, err))
		return err->code;
	if (!folder)
		return is_wanted(name->name, &bytes) ? put_file(k, bytes, err) : 0;
	k->policies += guid_from_text(str_of(name->name), &guid);
	return walk_folder(k, err);
}

static int by_name(const void *a, const void *b)
{
	const struct sysvol_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct listing {
	struct arena arena;
	struct sysvol_name *names;
	size_t count, room;
};

static void take_name(void *cx, const struct sysvol_name *name)
{
	struct listing *l = cx;

	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 16;
		l->names = xrealloc(l->names, l->room * sizeof(*l->names));
	}
	/* One more than the bound, so that the walk notices; the rest is read past. */
	if (l->count > LIMIT_SYSVOL_FILES)
		return;
	l->names[l->count] = *name;
	l->names[l->count++].name = arena_strdup(&l->arena, name->name);
}

/* In the order of names: the same copy gives the same snapshot. */
static int walk_folder(struct walk *k, struct err *err)
{
	struct listing l = { 0 };
	size_t here = k->path.n;
	int code = 0;

	if (k->depth == LIMIT_SYSVOL_DEPTH)
		return cover(k, COVERAGE_TRUNCATED, "too_deep", err);
	if (k->source->list(k->cx, buf_z(&k->path), take_name, &l) != SYSVOL_GOOD)
		code = cover_denied(k, "folder_not_opened", err);
	if (l.count)
		qsort(l.names, l.count, sizeof(*l.names), by_name);
	k->depth++;
	for (size_t i = 0; !code && !k->full && i < l.count; i++) {
		if (here + strlen(l.names[i].name) + 1 > LIMIT_SYSVOL_PATH_BYTES) {
			code = cover(k, COVERAGE_TRUNCATED, "path_too_long", err);
			continue;
		}
		buf_printf(&k->path, "%s%s", here ? "/" : "", l.names[i].name);
		code = walk_entry(k, &l.names[i], err);
		k->path.n = here;
	}
	k->depth--;
	free(l.names);
	arena_free(&l.arena);
	return code;
}

int sysvol_walk(struct snapshot_writer *w, const struct sysvol_source *source, void *cx,
	struct progress *progress, uint64_t *policies, struct err *err)
{
	struct walk k = { .w = w, .source = source, .cx = cx, .progress = progress };
	char detail[64];
	int code = walk_folder(&k, err);

	buf_free(&k.path);
	*policies = k.policies;
	snprintf(detail, sizeof(detail), "files %" PRIu64, k.files);
	if (!code && !k.full)
		code = snapshot_put_coverage(w, STR("sysvol"), COVERAGE_OK, str_of(detail), err);
	if (!code && k.entries && !k.descriptors)
		code = snapshot_put_coverage(
			w, STR("sysvol"), COVERAGE_NOTE, STR("no_file_acls"), err);
	return code ? code : snapshot_put_meta(w, META_SYSVOL, str_of(source->kind), err);
}

/* ---- a copy in a folder --------------------------------------------------------------------- */

struct copy {
	const char *folder;
	struct buf path;
};

static const char *full_path(struct copy *c, const char *path)
{
	buf_clear(&c->path);
	buf_printf(&c->path, "%s%s%s", c->folder, *path ? "/" : "", path);
	return buf_z(&c->path);
}

static enum sysvol_result copy_list(void *source, const char *path,
	void (*each)(void *cx, const struct sysvol_name *name), void *cx)
{
	struct platform_dir *state = NULL;
	struct copy *c = source;
	struct buf folder = { 0 }, entry = { 0 };
	const char *name;

	buf_putz(&folder, full_path(c, path));
	bool opens = platform_folder_opens(buf_z(&folder));
	while (opens && (name = platform_dir_next(buf_z(&folder), &state)) != NULL) {
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		buf_clear(&entry);
		buf_printf(&entry, "%s/%s", buf_z(&folder), name);
		struct sysvol_name n = { name, platform_kind_of(buf_z(&entry)),
			platform_modified_at(buf_z(&entry)) };
		each(cx, &n);
	}
	buf_free(&folder);
	buf_free(&entry);
	return opens ? SYSVOL_GOOD : SYSVOL_DENIED;
}

static enum sysvol_result copy_read(void *source, const char *path, size_t max, struct buf *out)
{
	const char *full = full_path(source, path);
	struct err why;
	FILE *f = platform_open_read(full, ERR_SOURCE, &why);

	if (!f)
		return SYSVOL_DENIED;
	fclose(f);
	return platform_read_file(full, max, out, ERR_SOURCE, &why) ? SYSVOL_TOO_LARGE
								    : SYSVOL_GOOD;
}

static bool copy_descriptor(void *source, const char *path, struct buf *out)
{
	static const char *const raw[] = { "system.cifs_ntsd", "system.cifs_acl",
		"system.ntfs_acl" };
	const char *full = full_path(source, path);
	struct buf bytes = { 0 };
	bool good = platform_file_attribute(full, "security.NTACL", LIMIT_SECDESC_BYTES, &bytes) &&
		    ntacl_descriptor(buf_str(&bytes), out);

	buf_free(&bytes);
	for (size_t i = 0; !good && i < ARRAY_LEN(raw); i++)
		good = platform_file_attribute(full, raw[i], LIMIT_SECDESC_BYTES, out);
	return good;
}

static const struct sysvol_source copy_source = { "copy", true, copy_list, copy_read,
	copy_descriptor, NULL };

/* The folder itself may be one policy's. */
static bool is_policy_itself(const char *folder)
{
	struct str s = str_of(folder);
	struct guid guid;

	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/')
			return guid_from_text((struct str){ s.p + i, s.n - i }, &guid);
	return guid_from_text(s, &guid);
}

int sysvol_import(
	struct snapshot_writer *w, const char *folder, struct progress *progress, struct err *err)
{
	struct copy c = { folder, { 0 } };
	uint64_t policies = 0;

	if (!platform_is_folder(folder) || !platform_folder_opens(folder))
		return err_set(err, ERR_SOURCE,
			"--sysvol '%s' is no folder that can be read; give a copy of SYSVOL, or of "
			"its Policies folder.",
			folder);
	if (is_policy_itself(folder))
		return err_set(err, ERR_SOURCE,
			"--sysvol '%s' is the folder of one policy; give the folder above it.",
			folder);
	int code = sysvol_walk(w, &copy_source, &c, progress, &policies, err);
	buf_free(&c.path);
	if (!code && !policies)
		code = err_set(err, ERR_SOURCE,
			"Below --sysvol '%s' there is no folder of a policy (a GUID); give a copy "
			"of SYSVOL, or of its Policies folder.",
			folder);
	return code;
}
