#include "snapshot/oradad_tables.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>

struct reading {
	const char *path;
	struct arena *a;
	struct oradad_table *tables;
	size_t count, room;
	struct hash files; /* folded names of those read */
	uint64_t line;
};

static int broken(const struct reading *r, const char *what, struct err *err)
{
	return err_set(err, ERR_SOURCE, "%s:%" PRIu64 ": %s.", r->path, r->line, what);
}

/* One part of a path that stays in its folder, and that is a name in any system. */
static bool is_plain(struct str part)
{
	if (!part.n || str_eq(part, STR(".")) || str_eq(part, STR("..")))
		return false;
	for (size_t i = 0; i < part.n; i++)
		if ((unsigned char)part.p[i] < 0x20 || part.p[i] == '/' || part.p[i] == ':')
			return false;
	return true;
}

/* "base\domain\name.tsv", "base\name.tsv" or "name.tsv" */
static bool split_file(struct oradad_table *t)
{
	struct str parts[3] = { { NULL, 0 } }, rest = t->file;
	size_t n = 0;

	while (rest.p) {
		if (n == 3)
			return false;
		parts[n] = str_cut(rest, '\\', &rest);
		if (!is_plain(parts[n++]))
			return false;
	}
	t->base = n > 1 ? parts[0] : STR("");
	t->domain = n > 2 ? parts[1] : STR("");
	t->name = parts[n - 1];
	if (t->name.n <= 4 || !str_ieq((struct str){ t->name.p + t->name.n - 4, 4 }, STR(".tsv")))
		return false;
	t->name.n -= 4;
	return true;
}

static size_t count_cells(struct str s)
{
	size_t n = 0;

	for (; s.p; n++)
		str_cut(s, '\t', &s);
	return n;
}

static int read_columns(struct reading *r, struct str rest, struct oradad_table *t, struct err *err)
{
	struct oradad_column *columns = ARENA_ARRAY(r->a, struct oradad_column, t->column_count);
	struct hash names = { 0 };
	const char *wrong = NULL;

	for (size_t i = 0; i < t->column_count && !wrong; i++) {
		columns[i].name = str_cut(rest, '\t', &rest);
		columns[i].sql = str_cut(rest, '\t', &rest);
		if (!columns[i].name.n || columns[i].name.n > LIMIT_ATTRIBUTE_NAME_BYTES)
			wrong = "a column has no name, or one that is too long";
		else if (hash_add(&names, utf8_folded(r->a, columns[i].name), (uint32_t)i) != i)
			wrong = "two columns have the same name";
	}
	hash_free(&names);
	t->columns = columns;
	return wrong ? broken(r, wrong, err) : 0;
}

static int read_table(struct reading *r, struct str rest, struct err *err)
{
	struct oradad_table t = { .line = r->line };
	int64_t count;

	t.file = str_cut(rest, '\t', &rest);
	str_cut(rest, '\t', &rest); /* names of the SQL table: with the domain, */
	str_cut(rest, '\t', &rest); /* and without */
	struct str said = str_cut(rest, '\t', &rest);
	if (!rest.p || !str_to_i64(said, &count))
		return broken(r, "it is no line of a table of ORADAD", err);
	if (!split_file(&t))
		return err_set(err, ERR_SOURCE,
			"%s:%" PRIu64 ": '%.*s' is no file of a table below this folder.", r->path,
			r->line, STR_ARG(t.file));
	if (rest.n && rest.p[rest.n - 1] == '\t')
		rest.n--;
	size_t cells = count_cells(rest);
	if (count < 1 || count > LIMIT_ORADAD_COLUMNS || cells != (uint64_t)count * 2)
		return err_set(err, ERR_SOURCE,
			"%s:%" PRIu64 ": it says %" PRId64 " columns (1 to %u are possible) and "
			"names %zu.",
			r->path, r->line, count, LIMIT_ORADAD_COLUMNS, cells / 2);
	t.column_count = (size_t)count;
	if (hash_add(&r->files, utf8_folded(r->a, t.file), (uint32_t)r->count) != r->count)
		return err_set(err, ERR_SOURCE, "%s:%" PRIu64 ": '%.*s' is there twice.", r->path,
			r->line, STR_ARG(t.file));
	if (r->count == LIMIT_ORADAD_TABLES)
		return broken(r, "it has too many tables", err);
	if (read_columns(r, rest, &t, err))
		return err->code;
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 128;
		r->tables = xrealloc(r->tables, r->room * sizeof(*r->tables));
	}
	r->tables[r->count++] = t;
	return 0;
}

/* As UTF-8: ORADAD writes its own code page, in which a domain's accents may be lost. */
static int read_text(const char *path, struct buf *out, struct err *err)
{
	struct text *text = NULL;
	bool more = true;

	if (text_open(path, LIMIT_ORADAD_TABLES_BYTES, &text, err))
		return err->code = ERR_SOURCE;
	while (more)
		if (text_more(text, out, &more, err)) {
			err->code = ERR_SOURCE;
			break;
		}
	text_close(text);
	return more ? err->code : 0;
}

static int read_lines(struct reading *r, struct str rest, struct str *run, struct err *err)
{
	while (rest.p) {
		struct str line = str_cut(rest, '\n', &rest);

		r->line++;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!rest.p && !line.n)
			break;
		if (r->line > 1 && read_table(r, line, err))
			return err->code;
		if (r->line == 1)
			*run = line;
		if (r->line == 1 && (!line.n || count_cells(line) > 1))
			return broken(r, "it does not begin with the name of a run of ORADAD", err);
	}
	return r->count ? 0 : broken(r, "it has no table", err);
}

int oradad_tables_read(
	const char *path, struct arena *a, struct oradad_tables *out, struct err *err)
{
	struct reading r = { .path = path, .a = a };
	struct oradad_tables t = { { NULL, 0 }, NULL, 0 };
	struct buf text = { 0 };
	int code = read_text(path, &text, err);

	if (!code)
		code = read_lines(&r, arena_str(a, buf_str(&text)), &t.run, err);
	if (!code) {
		struct oradad_table *tables = ARENA_ARRAY(a, struct oradad_table, r.count);

		for (size_t i = 0; i < r.count; i++)
			tables[i] = r.tables[i];
		t.tables = tables;
		t.count = r.count;
		*out = t;
	}
	buf_free(&text);
	hash_free(&r.files);
	free(r.tables);
	return code;
}

size_t oradad_column(const struct oradad_table *t, struct str name)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (str_ieq(t->columns[i].name, name))
			return i;
	return SIZE_MAX;
}
