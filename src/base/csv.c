#include "base/csv.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define HEADINGS_SHOWN 20u

struct csv {
	const char *name;
	struct text *text;
	struct arena arena;
	struct buf in; /* decoded, from `at` on not yet used */
	size_t at;
	bool ended; /* nothing follows what is in `in` */
	char separator;
	bool given; /* by the line "sep=" */
	struct str *headings;
	size_t heading_count;

	/* the row at hand */
	struct buf cells; /* unquoted, one behind the other */
	size_t ends[LIMIT_CSV_COLUMNS];
	size_t count, line;
	size_t lines, rows; /* read so far */
};

/* ---- characters ----------------------------------------------------------------------------- */

static int refill(struct csv *c, struct err *err)
{
	bool more;

	if (c->at) {
		c->in.n -= c->at;
		memmove(c->in.p, c->in.p + c->at, c->in.n);
		c->at = 0;
	}
	if (text_more(c->text, &c->in, &more, err))
		return err->code;
	c->ended = !more;
	return 0;
}

/* Makes n characters ready, or all there are. */
static int ready(struct csv *c, size_t n, struct err *err)
{
	while (c->in.n - c->at < n && !c->ended)
		if (refill(c, err))
			return err->code;
	return 0;
}

static bool at_end(const struct csv *c)
{
	return c->at == c->in.n;
}

static struct str rest(const struct csv *c)
{
	return at_end(c) ? STR("") : (struct str){ c->in.p + c->at, c->in.n - c->at };
}

static bool ends_line(char ch)
{
	return ch == '\n' || ch == '\r';
}

/* Past the line's end, whichever of the three it is. */
static void skip_line_end(struct csv *c)
{
	if (at_end(c))
		return;
	c->at +=
		c->in.p[c->at] == '\r' && c->in.n - c->at > 1 && c->in.p[c->at + 1] == '\n' ? 2 : 1;
}

static int broken(const struct csv *c, size_t line, const char *what, struct err *err)
{
	return err_set(err, ERR_USAGE, "%s:%zu: %s.", c->name, line, what);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static int quoted_cell(struct csv *c, struct err *err)
{
	size_t line = c->lines;

	c->at++;
	while (!at_end(c)) {
		char ch = c->in.p[c->at++];

		if (ch == '"') {
			if (at_end(c) || c->in.p[c->at] != '"')
				return 0;
			c->at++;
		}
		c->lines += ch == '\n' || (ch == '\r' && (at_end(c) || c->in.p[c->at] != '\n'));
		buf_putc(&c->cells, ch);
		if (c->cells.n > LIMIT_CSV_LINE)
			break;
	}
	return broken(c, line, "a quoted cell has no end, or the row is too long", err);
}

static int plain_cell(struct csv *c, struct err *err)
{
	size_t from = c->at;

	while (!at_end(c) && c->in.p[c->at] != c->separator && !ends_line(c->in.p[c->at]))
		c->at++;
	buf_put(&c->cells, c->in.p + from, c->at - from);
	return c->cells.n > LIMIT_CSV_LINE ? broken(c, c->line, "the row is too long", err) : 0;
}

static int one_cell(struct csv *c, struct err *err)
{
	bool quoted = !at_end(c) && c->in.p[c->at] == '"';

	if (c->count == LIMIT_CSV_COLUMNS)
		return broken(c, c->line, "the row has too many columns", err);
	if (quoted ? quoted_cell(c, err) : plain_cell(c, err))
		return err->code;
	while (quoted && !at_end(c) && c->in.p[c->at] == ' ')
		c->at++;
	if (!at_end(c) && c->in.p[c->at] != c->separator && !ends_line(c->in.p[c->at]))
		return broken(c, c->lines, "text follows the closing quote of a cell", err);
	c->ends[c->count++] = c->cells.n;
	return 0;
}

/* All that a row within bounds can take is ready before its first cell: text of LIMIT_CSV_LINE
 * bytes, each a doubled quote, and the quotes and separators around. */
#define ROW_ROOM ((size_t)2 * LIMIT_CSV_LINE + (size_t)4 * LIMIT_CSV_COLUMNS)

static int read_row(struct csv *c, bool *there, struct err *err)
{
	if (ready(c, ROW_ROOM, err))
		return err->code;
	*there = !at_end(c);
	if (!*there)
		return 0;
	buf_clear(&c->cells);
	c->count = 0;
	c->line = ++c->lines;
	for (;;) {
		if (one_cell(c, err))
			return err->code;
		if (at_end(c) || c->in.p[c->at] != c->separator)
			break;
		c->at++;
	}
	if (at_end(c) && !c->ended)
		return broken(c, c->line, "the row is too long", err);
	skip_line_end(c);
	return 0;
}

/* Spaces, the no-break space that spreadsheets and web pages leave, and the marks of a file that
 * was converted twice. */
static struct str trimmed(struct str s)
{
	for (;;) {
		size_t n = s.n;

		s = str_trim(s);
		if (str_starts(s, STR("\xc2\xa0")))
			s = (struct str){ s.p + 2, s.n - 2 };
		if (str_starts(s, STR("\xef\xbb\xbf")))
			s = (struct str){ s.p + 3, s.n - 3 };
		if (s.n >= 2 && s.p[s.n - 2] == '\xc2' && s.p[s.n - 1] == '\xa0')
			s.n -= 2;
		if (s.n == n)
			return s;
	}
}

static bool is_blank(const struct csv *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (csv_cell(c, i).n)
			return false;
	return true;
}

int csv_next(struct csv *c, bool *there, struct err *err)
{
	do {
		if (read_row(c, there, err))
			return err->code;
	} while (*there && is_blank(c));
	if (*there && ++c->rows > LIMIT_CSV_ROWS)
		return err_set(err, ERR_USAGE, "%s:%zu: it has more than %u rows.", c->name,
			c->line, LIMIT_CSV_ROWS);
	return 0;
}

size_t csv_line(const struct csv *c)
{
	return c->line;
}

struct str csv_cell(const struct csv *c, size_t column)
{
	size_t from = column && column < c->count ? c->ends[column - 1] : 0;

	if (column >= c->count || c->ends[column] == from)
		return STR("");
	return trimmed((struct str){ c->cells.p + from, c->ends[column] - from });
}

bool csv_is_ragged(const struct csv *c)
{
	for (size_t i = c->heading_count; i < c->count; i++)
		if (csv_cell(c, i).n)
			return true;
	return false;
}

bool csv_is_formula(struct str cell)
{
	return cell.n > 1 &&
	       (cell.p[0] == '=' || cell.p[0] == '+' || cell.p[0] == '-' || cell.p[0] == '@');
}

/* ---- the header ----------------------------------------------------------------------------- */

static void skip_line(struct csv *c)
{
	while (!at_end(c) && !ends_line(c->in.p[c->at]))
		c->at++;
	skip_line_end(c);
	c->lines++;
}

/* What Excel and PowerShell put above the header. */
static void skip_preamble(struct csv *c)
{
	if (str_istarts(rest(c), STR("sep=")) && rest(c).n > 5 && ends_line(rest(c).p[5]) &&
		!ends_line(rest(c).p[4])) {
		c->separator = rest(c).p[4];
		c->given = c->separator != '"';
		skip_line(c);
	}
	if (str_starts(rest(c), STR("#TYPE ")))
		skip_line(c);
}

/* What stands most often in the header outside quotes. */
static char guess_separator(struct str s)
{
	static const char candidates[] = { ',', ';', '\t' };
	size_t counts[sizeof(candidates)] = { 0 }, best = 0;
	bool quoted = false, text = false;

	for (size_t i = 0; i < s.n; i++) {
		if (!quoted && text && ends_line(s.p[i]))
			break;
		quoted ^= s.p[i] == '"';
		text = text || !ends_line(s.p[i]);
		for (size_t k = 0; k < sizeof(candidates); k++)
			counts[k] += !quoted && s.p[i] == candidates[k];
	}
	for (size_t k = 1; k < sizeof(candidates); k++)
		if (counts[k] > counts[best])
			best = k;
	return candidates[best];
}

static int read_header(struct csv *c, struct err *err)
{
	bool there = false;

	if (ready(c, ROW_ROOM, err))
		return err->code;
	skip_preamble(c);
	if (!c->given)
		c->separator = guess_separator(rest(c));
	if (csv_next(c, &there, err))
		return err->code;
	if (!there)
		return err_set(err, ERR_USAGE,
			"%s:1: it is empty: its first row names the columns.", c->name);
	c->rows = 0;
	c->headings = ARENA_ARRAY(&c->arena, struct str, c->count);
	for (size_t i = 0; i < c->count; i++)
		c->headings[i] = arena_str(&c->arena, csv_cell(c, i));
	c->heading_count = c->count;
	while (c->heading_count && !c->headings[c->heading_count - 1].n)
		c->heading_count--;
	return 0;
}

static int begin(const char *name, struct text *text, struct csv **out, struct err *err)
{
	struct csv *c = xcalloc(1, sizeof(*c));

	c->name = name;
	c->text = text;
	if (read_header(c, err)) {
		csv_close(c);
		return err->code;
	}
	*out = c;
	return 0;
}

int csv_open(const char *path, struct csv **out, struct err *err)
{
	struct text *text = NULL;

	return text_open(path, LIMIT_CSV_BYTES, &text, err) ? err->code
							    : begin(path, text, out, err);
}

int csv_of_bytes(const char *name, struct str bytes, struct csv **out, struct err *err)
{
	struct text *text = NULL;

	return text_of_bytes(name, bytes, &text, err) ? err->code : begin(name, text, out, err);
}

void csv_close(struct csv *c)
{
	if (!c)
		return;
	text_close(c->text);
	buf_free(&c->in);
	buf_free(&c->cells);
	arena_free(&c->arena);
	free(c);
}

size_t csv_heading_count(const struct csv *c)
{
	return c->heading_count;
}

struct str csv_heading(const struct csv *c, size_t i)
{
	return c->headings[i];
}

char csv_separator(const struct csv *c)
{
	return c->separator;
}

/* A folded letter without its accent: Latin-1, which is all that French and English headings use.
 */
static uint32_t without_accent(uint32_t c)
{
	static const char plain[] = "aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y"; /* from U+00E0 on */

	c = utf8_fold(c);
	if (c < 0xe0 || c > 0xff || !plain[c - 0xe0])
		return c;
	return (uint32_t)(unsigned char)plain[c - 0xe0];
}

/* The next letter of *s; marks that a decomposed accent leaves behind it are passed over. 0: the
 * end. */
static uint32_t next_letter(struct str *s)
{
	while (s->n) {
		size_t len;
		uint32_t c = utf8_decode(*s, &len);

		*s = (struct str){ s->p + len, s->n - len };
		if (c < 0x300 || c > 0x36f)
			return without_accent(c);
	}
	return 0;
}

bool csv_same_name(struct str a, struct str b)
{
	a = trimmed(a);
	b = trimmed(b);
	for (;;) {
		uint32_t x = next_letter(&a), y = next_letter(&b);

		if (x != y)
			return false;
		if (!x)
			return !a.n && !b.n;
	}
}

void csv_plain(struct buf *out, struct str s)
{
	for (uint32_t c = next_letter(&s); c; c = next_letter(&s)) {
		bool digit = c >= '0' && c <= '9';

		/* General punctuation is no letter: curly quotes, dashes. */
		if (digit || (c >= 'a' && c <= 'z') || (c >= 0xc0 && (c < 0x2000 || c > 0x206f)))
			utf8_put(out, c);
	}
}

size_t csv_column(const struct csv *c, struct str name)
{
	size_t found = CSV_NONE;

	for (size_t i = 0; i < c->heading_count; i++)
		if (csv_same_name(c->headings[i], name))
			found = found == CSV_NONE ? i : CSV_SEVERAL;
	return found;
}

int csv_need_column(const struct csv *c, struct str name, size_t *column, struct err *err)
{
	size_t found = csv_column(c, name);
	struct buf list = { .max = 512 };

	if (found < CSV_SEVERAL) {
		*column = found;
		return 0;
	}
	if (found == CSV_SEVERAL)
		return err_set(err, ERR_USAGE, "%s:%zu: two columns are called '%.*s'.", c->name,
			c->line, STR_ARG(name));
	for (size_t i = 0; i < c->heading_count && i < HEADINGS_SHOWN; i++) {
		buf_putz(&list, i ? ", " : "");
		buf_put_str(&list, c->headings[i]);
	}
	if (c->heading_count > HEADINGS_SHOWN || list.overflow)
		buf_putz(&list, " …");
	err_set(err, ERR_USAGE, "%s:%zu: it has no column '%.*s'; its columns are: %.*s.", c->name,
		c->line, STR_ARG(name), STR_ARG(list));
	buf_free(&list);
	return err->code;
}
