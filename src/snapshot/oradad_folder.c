#include "snapshot/oradad_folder.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/search.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Folders that may lie above the one that holds tables.tsv, or names before it: those of the root
 * domain and of the run. */
#define ABOVE_RUN 2u
#define BELOW_RUN 16u /* nesting below it; ORADAD's own is 3 */
/* In a name: characters that a code page or an archive may have lost. */
static const char LOST = '?';

/* A file, by its name below the run's folder or below that of SYSVOL. */
struct entry {
	struct str shape; /* folded, each run of characters that are not ASCII is one LOST */
	struct str name;  /* folded */
	const char *path;
};

struct index {
	struct entry *entries;
	size_t count, room;
};

struct oradad_folder {
	struct arena arena;
	struct index run, sysvol;
	const char *tables;
	size_t looked; /* entries of folders, against LIMIT_ORADAD_FILES */
};

/* Where a run is: below a folder, those of its files whose names begin so. */
struct place {
	struct str folder; /* empty: nowhere */
	struct str prefix; /* "" or "ch.example\20250101-000000\" */
	struct str run;	   /* "20250101-000000": what the newest is found by; may be empty */
};

struct search {
	struct oradad_folder *f;
	struct str prefix; /* that the run must have; {NULL,0}: any */
	struct place best;
	bool archive; /* an .mla was seen */
};

typedef int each_entry(void *cx, struct str folder, struct str name, const char *path,
	enum platform_kind kind, struct err *err);

/* Calls each for every entry of the folder that is neither a link nor one that leads out. */
static int list(
	struct oradad_folder *f, struct str folder, each_entry *each, void *cx, struct err *err)
{
	struct platform_dir *state = NULL;
	struct buf path = { 0 };
	const char *name;
	int code = 0;

	buf_put_str(&path, folder);
	/* An entry behind the one that fails is still listed: only that closes the folder. */
	while ((name = platform_dir_next(buf_z(&path), &state)) != NULL) {
		if (code || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (f->looked++ == LIMIT_ORADAD_FILES) {
			code = err_set(err, ERR_SOURCE,
				"'%.*s' holds more than %u files and folders; give the folder of "
				"one run of ORADAD.",
				STR_ARG(folder), LIMIT_ORADAD_FILES);
			continue;
		}
		buf_printf(&path, "/%s", name);
		enum platform_kind kind = platform_kind_of(buf_z(&path));
		if (kind == PLATFORM_FILE || kind == PLATFORM_FOLDER)
			code = each(cx, folder, str_of(name), buf_z(&path), kind, err);
		path.n = folder.n;
	}
	buf_free(&path);
	return code;
}

/* Does a name with '\' stay below the folder? */
static bool is_below(struct str name)
{
	while (name.p) {
		struct str part = str_cut(name, '\\', &name);

		if (!part.n || str_eq(part, STR(".")) || str_eq(part, STR("..")))
			return false;
	}
	return true;
}

/* ---- which run ------------------------------------------------------------------------------ */

static size_t count_of(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* What follows the last such character. */
static struct str last_part(struct str s, char sep)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == sep)
			return (struct str){ s.p + i, s.n - i };
	return s;
}

static struct str without_end(struct str s, size_t n)
{
	return (struct str){ s.p, s.n - n };
}

static bool is_later(const struct place *a, const struct place *b)
{
	int by_run = str_cmp(a->run, b->run);

	if (!b->folder.n || by_run)
		return !b->folder.n || by_run > 0;
	by_run = str_cmp(a->folder, b->folder);
	return by_run ? by_run > 0 : str_cmp(a->prefix, b->prefix) > 0;
}

struct level {
	struct search *s;
	size_t depth;
	struct str *folders; /* below it, to look into afterwards */
	size_t count, room;
};

static int look_at(void *cx, struct str folder, struct str name, const char *path,
	enum platform_kind kind, struct err *err)
{
	struct level *l = cx;
	struct arena *a = &l->s->f->arena;

	(void)err;
	if (kind == PLATFORM_FOLDER) {
		if (l->depth == ABOVE_RUN)
			return 0;
		if (l->count == l->room) {
			l->room = l->room ? l->room * 2 : 16;
			l->folders = xrealloc(l->folders, l->room * sizeof(*l->folders));
		}
		l->folders[l->count++] = arena_str(a, str_of(path));
		return 0;
	}
	if (str_iends(name, STR(".mla")))
		l->s->archive = true;
	struct str last = last_part(name, '\\');
	if (!str_ieq(last, STR("tables.tsv")) || !is_below(name) ||
		count_of(name, '\\') > ABOVE_RUN)
		return 0;
	struct place p = { folder, without_end(name, last.n), { NULL, 0 } };
	if (l->s->prefix.n && !str_eq(p.prefix, l->s->prefix))
		return 0;
	p.run = p.prefix.n ? last_part(without_end(p.prefix, 1), '\\') : last_part(folder, '/');
	if (is_later(&p, &l->s->best)) {
		l->s->best = (struct place){ arena_str(a, p.folder), arena_str(a, p.prefix),
			arena_str(a, p.run) };
		l->s->f->tables = arena_strdup(a, path);
	}
	return 0;
}

static int find_run(struct search *s, struct str folder, size_t depth, struct err *err)
{
	struct level l = { .s = s, .depth = depth };
	int code = list(s->f, folder, look_at, &l, err);

	/* What is given as a run's folder is that run, whatever else lies below it. */
	if (depth == 0 && s->f->tables)
		l.count = 0;
	for (size_t i = 0; !code && i < l.count; i++)
		code = find_run(s, l.folders[i], depth + 1, err);
	free(l.folders);
	return code;
}

/* ---- its files ------------------------------------------------------------------------------ */

/* Folded, '\' between its parts; in the shape what is not ASCII, and what stands for it, is lost.
 */
static struct entry entry_of(struct arena *a, struct str name)
{
	struct str folded = utf8_folded(a, name);
	char *plain = arena_alloc(a, folded.n), *shape = arena_alloc(a, folded.n);
	size_t n = 0;

	for (size_t i = 0; i < folded.n; i++) {
		unsigned char c = (unsigned char)folded.p[i];
		bool lost = c >= 0x80 || c == LOST;

		plain[i] = folded.p[i];
		if (c == '/')
			plain[i] = '\\';
		if (!lost || !n || shape[n - 1] != LOST)
			shape[n++] = LOST;
		if (!lost)
			shape[n - 1] = plain[i];
	}
	return (struct entry){ { shape, n }, { plain, folded.n }, NULL };
}

struct gathering {
	struct oradad_folder *f;
	struct index *into;
	struct str folder, prefix;
	size_t depth;
};

static int gather_folder(struct gathering *g, struct str folder, struct err *err);

static int gather(void *cx, struct str folder, struct str name, const char *path,
	enum platform_kind kind, struct err *err)
{
	struct gathering *g = cx;
	struct index *x = g->into;
	struct arena *a = &g->f->arena;

	(void)folder;
	if (!is_below(name))
		return 0;
	if (kind == PLATFORM_FOLDER)
		return g->depth < BELOW_RUN ? gather_folder(g, str_of(path), err) : 0;
	struct str whole = { path + g->folder.n + 1, strlen(path) - g->folder.n - 1 };
	if (!str_starts(whole, g->prefix))
		return 0;
	if (x->count == x->room) {
		x->room = x->room ? x->room * 2 : 64;
		x->entries = xrealloc(x->entries, x->room * sizeof(*x->entries));
	}
	struct entry e = entry_of(a, (struct str){ whole.p + g->prefix.n, whole.n - g->prefix.n });
	e.path = arena_strdup(a, path);
	x->entries[x->count++] = e;
	return 0;
}

static int gather_folder(struct gathering *g, struct str folder, struct err *err)
{
	g->depth++;
	int code = list(g->f, folder, gather, g, err);
	g->depth--;
	return code;
}

static int compare(const struct entry *a, const struct entry *b)
{
	int by_shape = str_cmp(a->shape, b->shape);

	return by_shape ? by_shape : str_cmp(a->name, b->name);
}

static int by_shape(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare(x, y);

	return order ? order : strcmp(x->path, y->path);
}

static int read_index(struct oradad_folder *f, struct index *into, struct str folder,
	struct str prefix, struct err *err)
{
	struct gathering g = { f, into, folder, prefix, 0 };

	if (gather_folder(&g, folder, err))
		return err->code;
	if (into->count)
		qsort(into->entries, into->count, sizeof(*into->entries), by_shape);
	return 0;
}

static bool is_before(const void *entry, const void *wanted)
{
	return compare(entry, wanted) < 0;
}

static size_t place_of(const struct index *x, const struct entry *e)
{
	return lower_bound(x->entries, x->count, sizeof(*x->entries), e, is_before);
}

static const char *find(const struct index *x, struct str name)
{
	struct arena scratch = { 0 };
	struct entry e = entry_of(&scratch, name);
	size_t at = place_of(x, &e);
	const char *found = NULL;

	if (at < x->count && compare(&x->entries[at], &e) == 0) {
		found = x->entries[at].path;
	} else {
		/* A name that lost its accents: the only one that it can be. */
		e.name = STR("");
		at = place_of(x, &e);
		if (at < x->count && str_eq(x->entries[at].shape, e.shape) &&
			(at + 1 == x->count || !str_eq(x->entries[at + 1].shape, e.shape)))
			found = x->entries[at].path;
	}
	arena_free(&scratch);
	return found;
}

/* ---- the folder of SYSVOL ------------------------------------------------------------------- */

struct beside {
	struct oradad_folder *f;
	struct str run; /* path of the run's folder */
	const char *found;
};

static int look_beside(void *cx, struct str folder, struct str name, const char *path,
	enum platform_kind kind, struct err *err)
{
	static const struct str end = { "_SYSVOL", 7 };
	struct beside *b = cx;
	struct buf run = { 0 };

	(void)folder;
	(void)err;
	if (kind != PLATFORM_FOLDER || !str_iends(name, end))
		return 0;
	buf_put_str(&run, without_end(str_of(path), end.n));
	if (platform_is_same(buf_z(&run), b->run.p))
		b->found = arena_strdup(&b->f->arena, path);
	buf_free(&run);
	return 0;
}

/* It lies beside the run's, however that is spelled ("."), or carries the same names. */
static int find_sysvol(struct oradad_folder *f, const struct place *p, struct err *err)
{
	struct beside b = { f, p->folder, NULL };

	if (p->prefix.n) {
		struct str prefix = arena_printf(
			&f->arena, "%.*s_SYSVOL\\", STR_ARG(without_end(p->prefix, 1)));

		return read_index(f, &f->sysvol, p->folder, prefix, err);
	}
	struct str above = arena_printf(&f->arena, "%.*s/..", STR_ARG(p->folder));
	if (list(f, above, look_beside, &b, err))
		return err->code;
	return b.found ? read_index(f, &f->sysvol, str_of(b.found), STR(""), err) : 0;
}

/* ---- opening -------------------------------------------------------------------------------- */

static int refuse_archive(const char *path, const char *what, struct err *err)
{
	return err_set(err, ERR_SOURCE,
		"'%s' %s of ORADAD (.mla), encrypted for ANSSI. Set "
		"<outputFiles>1</outputFiles> in config-oradad.xml and run ORADAD again: it then "
		"writes a folder as well, and still the .mla for Club SSI. If your own public key "
		"was in additionalMLAKeys, extract the archive with mlar 1.x and your private key "
		"instead. Then give the folder.",
		path, what);
}

/* FILE FORMAT V1 and V2 of MLA: their first bytes. */
static bool begins_as_archive(const char *path)
{
	char magic[3] = { 0 };
	struct err why;
	FILE *file = platform_open_read(path, ERR_SOURCE, &why);

	if (!file)
		return false;
	size_t got = fread(magic, 1, sizeof(magic), file);
	fclose(file);
	return got == sizeof(magic) && memcmp(magic, "MLA", sizeof(magic)) == 0;
}

static int check_folder(const char *path, struct err *err)
{
	if (!platform_exists(path))
		return err_set(err, ERR_SOURCE, "There is no folder '%s'.", path);
	if (platform_is_folder(path))
		return platform_folder_opens(path)
			       ? 0
			       : err_set(err, ERR_SOURCE, "The folder '%s' cannot be read.", path);
	if (str_iends(str_of(path), STR(".mla")) || begins_as_archive(path))
		return refuse_archive(path, "is an archive", err);
	return err_set(err, ERR_SOURCE,
		"'%s' is no folder; give the one that ORADAD wrote, in which tables.tsv is.", path);
}

/* "FOLDER/ch.example\\20250101-000000": is it what the files of a run in FOLDER begin with? */
static const char *split_prefix(struct search *s, const char *path)
{
	struct arena *a = &s->f->arena;
	struct str name = last_part(str_of(path), '/');

	if (platform_exists(path) || !count_of(name, '\\') || name.n == strlen(path))
		return path;
	s->prefix = arena_printf(a, "%.*s\\", STR_ARG(name));
	return arena_str(a, without_end(str_of(path), name.n + 1)).p;
}

static int locate(struct search *s, const char *path, struct err *err)
{
	path = split_prefix(s, path);
	struct str folder = str_of(path);

	if (check_folder(path, err))
		return err->code;
	while (folder.n > 1 && folder.p[folder.n - 1] == '/')
		folder.n--;
	if (find_run(s, arena_str(&s->f->arena, folder), 0, err))
		return err->code;
	if (s->f->tables)
		return 0;
	if (s->archive)
		return refuse_archive(path, "holds no folder, only an archive", err);
	return err_set(err, ERR_SOURCE,
		"There is no tables.tsv in '%s', nor in the folders below it: it is no folder of "
		"ORADAD in clear, or a part of one.",
		path);
}

int oradad_folder_open(const char *path, struct oradad_folder **out, struct err *err)
{
	struct oradad_folder *f = xcalloc(1, sizeof(*f));
	struct search s = { .f = f };

	if (locate(&s, path, err) || read_index(f, &f->run, s.best.folder, s.best.prefix, err) ||
		find_sysvol(f, &s.best, err)) {
		oradad_folder_close(f);
		return err->code;
	}
	*out = f;
	return 0;
}

void oradad_folder_close(struct oradad_folder *f)
{
	if (!f)
		return;
	free(f->run.entries);
	free(f->sysvol.entries);
	arena_free(&f->arena);
	free(f);
}

bool oradad_folder_is(const char *path)
{
	struct oradad_folder *f = xcalloc(1, sizeof(*f));
	struct search s = { .f = f };
	struct err why;
	bool is = locate(&s, path, &why) == 0;

	oradad_folder_close(f);
	return is;
}

const char *oradad_folder_path(const struct oradad_folder *f)
{
	return f->tables;
}

const char *oradad_folder_file(const struct oradad_folder *f, struct str name)
{
	return find(&f->run, name);
}

const char *oradad_folder_sysvol(const struct oradad_folder *f, struct str name)
{
	return find(&f->sysvol, name);
}
