#include "snapshot/sysvol.h"

#include "ad/guid.h"
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
	struct progress *progress;
	struct buf path; /* of the file system; what is below the folder begins at `base` */
	size_t base, depth;
	uint64_t files, entries, bytes, policies;
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

/* The replication's own folders: what stands there does not apply to anybody. */
static bool is_foreign(const char *name)
{
	return ascii_casecmp(name, "DfsrPrivate") == 0 ||
	       str_istarts(str_of(name), STR("NtFrs_PreExisting"));
}

static struct str below(const struct walk *k)
{
	struct str s = buf_str(&k->path);

	return s.n > k->base ? (struct str){ s.p + k->base, s.n - k->base } : STR("");
}

static int cover(struct walk *k, enum coverage_state state, const char *detail, struct err *err)
{
	struct buf need = { 0 };

	buf_printf(&need, "sysvol %.*s", STR_ARG(below(k)));
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

static int put_file(struct walk *k, bool with_bytes, struct err *err)
{
	struct buf bytes = { 0 };
	struct err why;
	FILE *f;
	int code;

	if (k->files == LIMIT_SYSVOL_FILES || k->bytes > LIMIT_SYSVOL_BYTES)
		return over(k, err);
	if (with_bytes) {
		f = platform_open_read(buf_z(&k->path), ERR_SOURCE, &why);
		if (!f)
			return cover(k, COVERAGE_DENIED, "file_not_opened", err);
		fclose(f);
		if (platform_read_file(
			    buf_z(&k->path), LIMIT_SYSVOL_FILE_BYTES, &bytes, ERR_SOURCE, &why)) {
			buf_free(&bytes);
			return cover(k, COVERAGE_TRUNCATED, "file_too_large", err);
		}
	}
	k->files++;
	k->bytes += bytes.n;
	code = snapshot_put_sysvol(k->w, below(k), buf_str(&bytes), err);
	buf_free(&bytes);
	progress_step(k->progress, k->files, 0);
	return code;
}

static int walk_folder(struct walk *k, struct err *err);

static int walk_entry(struct walk *k, const char *name, struct err *err)
{
	struct guid guid;
	bool bytes;

	if (k->entries++ == LIMIT_SYSVOL_ENTRIES)
		return over(k, err);
	switch (platform_kind_of(buf_z(&k->path))) {
	case PLATFORM_FOLDER:
		if (is_foreign(name))
			return 0;
		k->policies += guid_from_text(str_of(name), &guid);
		return walk_folder(k, err);
	case PLATFORM_LINK:
		return cover(k, COVERAGE_NOTE, "link_not_followed", err);
	case PLATFORM_FILE:
		return is_wanted(name, &bytes) ? put_file(k, bytes, err) : 0;
	case PLATFORM_NOTHING:
	case PLATFORM_OTHER:
		return 0;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in the folder at hand, sorted: the same copy gives the same snapshot. */
static size_t list(struct walk *k, struct arena *a, const char ***out)
{
	struct platform_dir *state = NULL;
	const char *name, **names = NULL;
	size_t n = 0, room = 0;

	while ((name = platform_dir_next(buf_z(&k->path), &state)) != NULL) {
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (n == room) {
			room = room ? room * 2 : 16;
			names = xrealloc(names, room * sizeof(*names));
		}
		/* One more than the bound, so that the walk notices; the rest is read past. */
		if (n <= LIMIT_SYSVOL_ENTRIES)
			names[n++] = arena_strdup(a, name);
	}
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	*out = names;
	return n;
}

static int walk_folder(struct walk *k, struct err *err)
{
	struct arena a = { 0 };
	const char **names;
	size_t here = k->path.n;
	int code = 0;

	if (k->depth == LIMIT_SYSVOL_DEPTH)
		return cover(k, COVERAGE_TRUNCATED, "too_deep", err);
	if (platform_check_interrupted(err))
		return err->code;
	if (!platform_folder_opens(buf_z(&k->path)))
		return cover(k, COVERAGE_DENIED, "folder_not_opened", err);
	size_t n = list(k, &a, &names);
	k->depth++;
	for (size_t i = 0; !code && !k->full && i < n; i++) {
		if (here + strlen(names[i]) + 1 > k->base + LIMIT_SYSVOL_PATH_BYTES) {
			code = cover(k, COVERAGE_TRUNCATED, "path_too_long", err);
			continue;
		}
		buf_printf(&k->path, "/%s", names[i]);
		code = walk_entry(k, names[i], err);
		k->path.n = here;
	}
	k->depth--;
	free(names);
	arena_free(&a);
	return code;
}

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
	struct walk k = { .w = w, .progress = progress };
	char detail[64];

	if (!platform_is_folder(folder) || !platform_folder_opens(folder))
		return err_set(err, ERR_SOURCE,
			"--sysvol '%s' is no folder that can be read; give a copy of SYSVOL, or of "
			"its "
			"Policies folder.",
			folder);
	if (is_policy_itself(folder))
		return err_set(err, ERR_SOURCE,
			"--sysvol '%s' is the folder of one policy; give the folder above it.",
			folder);
	buf_putz(&k.path, folder);
	k.base = k.path.n + 1;
	int code = walk_folder(&k, err);
	buf_free(&k.path);
	if (!code && !k.policies)
		code = err_set(err, ERR_SOURCE,
			"Below --sysvol '%s' there is no folder of a policy (a GUID); give a copy "
			"of "
			"SYSVOL, or of its Policies folder.",
			folder);
	if (code)
		return code;
	snprintf(detail, sizeof(detail), "files %" PRIu64, k.files);
	if (!k.full)
		code = snapshot_put_coverage(w, STR("sysvol"), COVERAGE_OK, str_of(detail), err);
	return code ? code : snapshot_put_meta(w, META_SYSVOL, STR("copy"), err);
}
