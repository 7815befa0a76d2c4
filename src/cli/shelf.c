#include "cli/shelf.h"

#include "base/compiler.h"
#include "base/limits.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *end;
	enum shelf_kind kind;
} files[] = {
	{ ".adsnap", SHELF_SNAPSHOT }, { ".ldif", SHELF_LDIF }, { ".ldif.gz", SHELF_LDIF },
	{ ".ldf", SHELF_LDIF }, { ".ldf.gz", SHELF_LDIF },
	{ ".mla", SHELF_ORADAD }, /* refused there with what to do about it */
};

/* By which a folder is known; one without tables.tsv is a collection that was not finished. */
static const char *const oradad_files[] = { "tables.tsv", "metadata.tsv" };

static bool ends_as(struct str name, const char *end)
{
	return name.n > strlen(end) && str_iends(name, str_of(end));
}

static bool kind_of_file(const char *name, enum shelf_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (!ends_as(str_of(name), files[i].end))
			continue;
		*kind = files[i].kind;
		return true;
	}
	return false;
}

static int put(struct shelf *s, enum shelf_kind kind, const char *path, struct err *err)
{
	if (s->count == LIMIT_SHELF_ITEMS)
		return err_set(err, ERR_SOURCE,
			"More than %u runs and directories are there; import them in parts.",
			LIMIT_SHELF_ITEMS);
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 16;
		s->items = xrealloc(s->items, s->room * sizeof(*s->items));
	}
	s->items[s->count++] = (struct shelf_item){ kind, path };
	return 0;
}

/* ---- a folder ------------------------------------------------------------------------------- */

struct names {
	const char **list;
	size_t count, room;
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct names read_names(struct arena *a, const char *folder)
{
	struct platform_dir *state = NULL;
	struct names n = { 0 };
	const char *name;

	while ((name = platform_dir_next(folder, &state))) {
		if (name[0] == '.')
			continue;
		if (n.count == n.room) {
			n.room = n.room ? n.room * 2 : 64;
			n.list = xrealloc(n.list, n.room * sizeof(*n.list));
		}
		n.list[n.count++] = arena_strdup(a, name);
	}
	if (n.count)
		qsort(n.list, n.count, sizeof(*n.list), by_bytes);
	return n;
}

/* "tables.tsv" or "…\\tables.tsv", of an archive that was extracted where '/' separates: what
 * stands before it. */
static bool is_of_oradad(struct str name, struct str *prefix)
{
	for (size_t k = 0; k < ARRAY_LEN(oradad_files); k++) {
		struct str file = str_of(oradad_files[k]);

		if (!str_iends(name, file))
			continue;
		*prefix = (struct str){ name.p, name.n - file.n };
		if (!prefix->n || prefix->p[prefix->n - 1] == '\\')
			return true;
	}
	return false;
}

/* The runs of ORADAD whose files stand in the folder: one (*alone), or those of several archives.
 */
static int put_oradad(
	struct shelf *s, const char *folder, const struct names *n, bool *alone, struct err *err)
{
	struct str prefix, last = { NULL, 0 };

	*alone = false;
	for (size_t i = 0; i < n->count && !*alone; i++) {
		const char *path = folder;

		if (!is_of_oradad(str_of(n->list[i]), &prefix) || (last.p && str_eq(prefix, last)))
			continue;
		last = prefix;
		*alone = !prefix.n;
		if (prefix.n)
			path = arena_printf(
				s->arena, "%s/%.*s", folder, (int)prefix.n - 1, prefix.p)
				       .p;
		if (put(s, SHELF_ORADAD, path, err))
			return err->code;
	}
	return 0;
}

static bool has_run(struct arena *a, const char *folder)
{
	return platform_kind_of(arena_printf(a, "%s/results.json", folder).p) != PLATFORM_NOTHING;
}

/* ORADAD writes <root>_<date>.mla beside <root>/<date>; people extract it there, or into a folder
 * of its name. */
static bool is_in_clear(struct arena *a, const char *folder, const char *name)
{
	size_t end = strlen(name) - strlen(".mla"), cut = end;
	const char *date = "";

	while (cut && name[cut] != '_')
		cut--;
	if (cut)
		date = arena_printf(a, "%.*s", (int)(end - cut - 1), name + cut + 1).p;
	const char *const places[] = {
		arena_printf(a, "%s/%.*s", folder, (int)end, name).p,
		arena_printf(a, "%s/%.*s/%s", folder, (int)cut, name, date).p,
		arena_printf(a, "%s/%.*s\\%s\\tables.tsv", folder, (int)cut, name, date).p,
	};
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (platform_exists(places[i]) && (cut || i == 0))
			return true;
	return false;
}

static int gather_folder(struct shelf *s, const char *folder, unsigned depth, struct err *err);

static int gather_entry(
	struct shelf *s, const char *folder, const char *name, unsigned depth, struct err *err)
{
	const char *path = arena_printf(s->arena, "%s/%s", folder, name).p;
	enum shelf_kind kind;

	if (platform_is_folder(path))
		return depth < SHELF_DEPTH && !ends_as(str_of(name), "_SYSVOL")
			       ? gather_folder(s, path, depth + 1, err)
			       : 0;
	if (!kind_of_file(name, &kind) ||
		(kind == SHELF_ORADAD && is_in_clear(s->arena, folder, name)))
		return 0;
	return put(s, kind, path, err);
}

static int gather_folder(struct shelf *s, const char *folder, unsigned depth, struct err *err)
{
	struct names n = { 0 };
	bool alone;

	if (has_run(s->arena, folder))
		return put(s, SHELF_RUN, folder, err);
	n = read_names(s->arena, folder);
	int rc = put_oradad(s, folder, &n, &alone, err);
	for (size_t i = 0; !alone && !rc && i < n.count; i++)
		rc = gather_entry(s, folder, n.list[i], depth, err);
	free(n.list);
	return rc ? rc : platform_check_interrupted(err);
}

int shelf_gather(struct shelf *s, const char *path, struct err *err)
{
	size_t before = s->count;
	enum shelf_kind kind = SHELF_RUN;

	if (!platform_is_folder(path)) {
		if (!platform_exists(path))
			return err_set(err, ERR_SOURCE, "'%s' is not there.", path);
		(void)kind_of_file(path, &kind);
		return put(s, kind, path, err);
	}
	if (!platform_folder_opens(path))
		return err_set(err, ERR_SOURCE, "'%s' is no folder that can be read.", path);
	if (gather_folder(s, path, 0, err)) {
		s->count = before;
		return err->code;
	}
	return s->count > before
		       ? 0
		       : err_set(err, ERR_SOURCE,
				 "'%s' holds no run, no snapshot, no LDIF and no folder of ORADAD.",
				 path);
}
