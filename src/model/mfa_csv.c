#include "model/mfa_csv.h"

#include "base/hash.h"
#include "base/platform.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <stdio.h>

#define CSV_FILE_BYTES ((size_t)512 * 1024 * 1024)
#define CSV_COLUMNS 1024u

struct mfa_csv {
	struct arena arena;
	struct hash accounts; /* folded; those with a method */
};

struct csv {
	struct str rest;
	char separator;
	struct buf fields; /* of the row at hand, unquoted, one behind the other */
	size_t ends[CSV_COLUMNS];
	size_t count, line; /* line: of the row's beginning */
	size_t lines_read;
	const char *broken;
};

static bool at_end_of_row(const struct csv *c)
{
	return !c->rest.n || c->rest.p[0] == '\n' ||
	       (c->rest.p[0] == '\r' && (c->rest.n == 1 || c->rest.p[1] == '\n'));
}

static void skip(struct csv *c, size_t n)
{
	c->rest.p += n;
	c->rest.n -= n;
}

static void quoted_field(struct csv *c)
{
	skip(c, 1);
	while (c->rest.n) {
		char ch = c->rest.p[0];

		skip(c, 1);
		if (ch == '"') {
			if (!c->rest.n || c->rest.p[0] != '"')
				return;
			skip(c, 1);
		}
		c->lines_read += ch == '\n';
		buf_putc(&c->fields, ch);
		if (c->fields.n > (size_t)LIMIT_CSV_LINE)
			break;
	}
	c->broken = "a quoted field has no end";
}

static void plain_field(struct csv *c)
{
	while (!at_end_of_row(c) && c->rest.p[0] != c->separator) {
		buf_putc(&c->fields, c->rest.p[0]);
		skip(c, 1);
		if (c->fields.n > (size_t)LIMIT_CSV_LINE) {
			c->broken = "a line is too long";
			return;
		}
	}
}

/* The next row; false at the end or when c->broken is set. */
static bool csv_row(struct csv *c)
{
	if (!c->rest.n)
		return false;
	buf_clear(&c->fields);
	c->count = 0;
	c->line = ++c->lines_read;
	for (;;) {
		if (c->rest.n && c->rest.p[0] == '"')
			quoted_field(c);
		else
			plain_field(c);
		if (!c->broken && !at_end_of_row(c) && c->rest.p[0] != c->separator)
			c->broken = "text follows a closing quote";
		if (!c->broken && c->count == CSV_COLUMNS)
			c->broken = "a row has too many columns";
		if (c->broken)
			return false;
		c->ends[c->count++] = c->fields.n;
		if (at_end_of_row(c))
			break;
		skip(c, 1);
	}
	skip(c, !c->rest.n ? 0 : c->rest.p[0] == '\r' && c->rest.n > 1 ? 2 : 1);
	return true;
}

static struct str csv_field(const struct csv *c, size_t i)
{
	if (i >= c->count)
		return (struct str){ "", 0 };
	size_t from = i ? c->ends[i - 1] : 0;

	return str_trim((struct str){ c->fields.p + from, c->ends[i] - from });
}

static size_t csv_column(const struct csv *c, struct str name)
{
	for (size_t i = 0; i < c->count; i++)
		if (utf8_ieq(csv_field(c, i), name))
			return i;
	return SIZE_MAX;
}

/* The separator that stands more often in the header outside quotes. */
static char csv_separator(struct str text)
{
	size_t commas = 0, semicolons = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.n && (quoted || text.p[i] != '\n'); i++) {
		quoted ^= text.p[i] == '"';
		commas += !quoted && text.p[i] == ',';
		semicolons += !quoted && text.p[i] == ';';
	}
	return semicolons > commas ? ';' : ',';
}

static int fail(const struct mfa_evidence *from, struct err *err, const char *what, struct str arg)
{
	struct arena scratch = { 0 };
	struct str at = policy_position_text(&scratch, from->at);

	err_set(err, ERR_USAGE, "%.*s: the MFA evidence file %.*s cannot be used: %s%.*s.",
		STR_ARG(at), STR_ARG(from->file), what, STR_ARG(arg));
	arena_free(&scratch);
	return ERR_USAGE;
}

static int fail_line(const struct mfa_evidence *from, struct err *err, const struct csv *c)
{
	char line[64];

	snprintf(line, sizeof(line), " (line %zu)", c->line);
	return fail(from, err, c->broken, str_of(line));
}

static int read_rows(
	const struct mfa_evidence *from, struct csv *c, struct mfa_csv *out, struct err *err)
{
	size_t rows = 0;

	if (!csv_row(c))
		return c->broken ? fail_line(from, err, c)
				 : fail(from, err, "it is empty", STR(""));
	size_t account = csv_column(c, from->account_column);
	/* Without a method column a row is enough. */
	bool any_method = !from->method_column.n;
	size_t method = any_method ? account : csv_column(c, from->method_column);

	if (account == SIZE_MAX)
		return fail(from, err, "its first row has no column ", from->account_column);
	if (method == SIZE_MAX)
		return fail(from, err, "its first row has no column ", from->method_column);
	while (csv_row(c)) {
		struct str name = csv_field(c, account);

		if (++rows > LIMIT_CSV_ROWS)
			return fail(from, err, "it has too many rows", STR(""));
		if (name.n && csv_field(c, method).n)
			hash_add(&out->accounts, utf8_folded(&out->arena, name), 1);
	}
	return c->broken ? fail_line(from, err, c) : 0;
}

int mfa_csv_parse(
	const struct mfa_evidence *from, struct str text, struct mfa_csv **out, struct err *err)
{
	struct mfa_csv *csv = xcalloc(1, sizeof(*csv));
	struct csv *c = xcalloc(1, sizeof(*c));

	c->rest = text;
	if (str_starts(text, STR("\xef\xbb\xbf")))
		skip(c, 3);
	c->separator = csv_separator(c->rest);
	int rc = read_rows(from, c, csv, err);

	buf_free(&c->fields);
	free(c);
	if (rc)
		mfa_csv_free(csv);
	else
		*out = csv;
	return rc;
}

int mfa_csv_read(const struct mfa_evidence *from, struct mfa_csv **out, struct err *err)
{
	struct arena scratch = { 0 };
	struct buf bytes = { 0 };
	struct err why = { 0 };
	const char *path = arena_str(&scratch, from->file).p;
	int rc = platform_read_file(path, CSV_FILE_BYTES, &bytes, ERR_USAGE, &why);

	rc = rc ? fail(from, err, why.text, STR(""))
		: mfa_csv_parse(from, buf_str(&bytes), out, err);
	buf_free(&bytes);
	arena_free(&scratch);
	return rc;
}

void mfa_csv_free(struct mfa_csv *csv)
{
	if (!csv)
		return;
	hash_free(&csv->accounts);
	arena_free(&csv->arena);
	free(csv);
}

bool mfa_csv_holds(const struct mfa_csv *csv, struct str account)
{
	struct arena scratch = { 0 };
	bool there =
		hash_get(&csv->accounts, utf8_folded(&scratch, str_trim(account))) != HASH_NONE;

	arena_free(&scratch);
	return there;
}
