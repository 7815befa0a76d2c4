#include "runs/sheets.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/datetime.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runs/number_format.h"
#include "runs/xml_walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RELATIONS_MAX ((size_t)2 * LIMIT_WORKBOOK_SHEETS)

struct relation {
	struct str id, type, target; /* target: the part's name */
};

struct relations {
	struct arena *arena;
	struct str base; /* folder of the part that they are of, with its '/' */
	struct relation *items;
	size_t count, room;
};

struct sheets {
	struct arena arena;
	struct package *package;
	struct {
		struct str name, part;
	} * list;
	size_t count, room;
	bool from_1904;
	struct buf bytes; /* of all shared strings */
	uint64_t *ends;	  /* of each in bytes */
	size_t text_count, text_room;
	bool *is_date; /* by cell format */
	size_t format_count;
};

int sheets_damaged(const struct sheets *s, const char *why, struct err *err)
{
	return package_damaged(s->package, why, err);
}

/* Room for one more of an array that grows. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	return xrealloc(items, *room * size);
}

/* ---- relations (part 2, 9.3) ---------------------------------------------------------------- */

static bool take_relation(
	void *cx, struct str name, const struct xml_attribute *attributes, size_t count)
{
	struct relations *r = cx;
	struct str target = xml_attribute(attributes, count, "Target");
	struct buf part = { 0 };

	if (!str_eq(name, STR("Relationship")) || !target.n || r->count == RELATIONS_MAX ||
		str_ieq(xml_attribute(attributes, count, "TargetMode"), STR("External")))
		return true;
	if (target.p[0] == '/') {
		buf_put(&part, target.p + 1, target.n - 1);
	} else {
		buf_put_str(&part, r->base);
		buf_put_str(&part, target);
	}
	r->items = grow(r->items, r->count, &r->room, sizeof(*r->items));
	r->items[r->count++] = (struct relation){
		arena_str(r->arena, xml_attribute(attributes, count, "Id")),
		arena_str(r->arena, xml_attribute(attributes, count, "Type")),
		arena_str(r->arena, buf_str(&part)),
	};
	buf_free(&part);
	return true;
}

static bool ignore_close(void *cx, struct str name)
{
	(void)cx, (void)name;
	return true;
}

/* The relations of a part ("" for the package's own). */
static int read_relations(struct sheets *s, struct str of, struct relations *out, struct err *err)
{
	static const struct xml_events events = { take_relation, ignore_close, NULL };
	size_t slash = of.n;

	while (slash && of.p[slash - 1] != '/')
		slash--;
	out->arena = &s->arena;
	out->base = (struct str){ of.p, slash };
	struct str part = arena_printf(&s->arena, "%.*s_rels/%.*s.rels", (int)slash, of.p,
		(int)(of.n - slash), of.p + slash);
	return xml_walk(s->package, part, &events, out, err);
}

/* The first whose type ends so: the strict and the transitional schema differ before that. */
static struct str target_of_type(const struct relations *r, const char *end)
{
	for (size_t i = 0; i < r->count; i++)
		if (str_ends(r->items[i].type, str_of(end)))
			return r->items[i].target;
	return (struct str){ NULL, 0 };
}

static struct str target_of_id(const struct relations *r, struct str id)
{
	for (size_t i = 0; id.n && i < r->count; i++)
		if (str_eq(r->items[i].id, id))
			return r->items[i].target;
	return (struct str){ NULL, 0 };
}

/* ---- the list of sheets (part 1, 18.2) ------------------------------------------------------ */

struct listing {
	struct sheets *sheets;
	const struct relations *relations;
	bool too_many;
};

static bool take_sheet(
	void *cx, struct str name, const struct xml_attribute *attributes, size_t count)
{
	struct listing *l = cx;
	struct sheets *s = l->sheets;

	if (str_eq(name, STR("workbookPr"))) {
		struct str v = xml_attribute(attributes, count, "date1904");

		s->from_1904 = str_eq(v, STR("1")) || str_eq(v, STR("true"));
	}
	if (!str_eq(name, STR("sheet")))
		return true;
	if (s->count == LIMIT_WORKBOOK_SHEETS) {
		l->too_many = true;
		return false;
	}
	/* Its other "id" is in no namespace and called sheetId. */
	struct str part = target_of_id(l->relations, xml_attribute(attributes, count, "id"));
	if (!part.n)
		return true; /* a chart or a macro sheet that is not there */
	s->list = grow(s->list, s->count, &s->room, sizeof(*s->list));
	s->list[s->count].name = utf8_sanitize(
		&s->arena, arena_str(&s->arena, xml_attribute(attributes, count, "name")));
	s->list[s->count++].part = part;
	return true;
}

/* ---- shared strings (18.4) ------------------------------------------------------------------ */

/* "_x000D_" stands for a character that XML cannot hold, "_x005F_" for an underscore that would
 * begin such a thing (22.9.2.19). */
static void unescape(struct buf *out, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		uint32_t c = 0;
		bool escaped =
			s.n - i >= 7 && s.p[i] == '_' && s.p[i + 1] == 'x' && s.p[i + 6] == '_';

		for (size_t k = 2; escaped && k < 6; k++) {
			int digit = ascii_hex(s.p[i + k]);

			escaped = digit >= 0;
			c = c << 4 | (uint32_t)(digit & 15);
		}
		if (!escaped) {
			buf_putc(out, s.p[i++]);
			continue;
		}
		/* utf8_sanitize() comes behind: what is no character becomes U+FFFD there. */
		utf8_put(out, c);
		i += 7;
	}
}

/* Excel counts UTF-16 units: a character of four bytes is two. */
static bool fits_cell(struct str s)
{
	size_t units = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c & 0xc0) != 0x80)
			units += c >= 0xf0 ? 2 : 1;
	}
	return units <= LIMIT_XLSX_CELL;
}

/* The text as it is shown, in a. */
static struct str clean(struct arena *a, struct str raw)
{
	struct buf text = { 0 };

	if (!str_contains(raw, STR("_x")))
		return utf8_sanitize(a, raw);
	unescape(&text, raw);
	struct str copy = arena_str(a, buf_str(&text));
	buf_free(&text);
	return utf8_sanitize(a, copy);
}

struct strings {
	struct sheets *sheets;
	struct buf text; /* of the item under way */
	struct arena scratch;
	bool in_text, too_many;
	unsigned phonetic; /* depth inside rPh, which is not shown */
};

static bool open_string(
	void *cx, struct str name, const struct xml_attribute *attributes, size_t count)
{
	struct strings *t = cx;

	(void)attributes, (void)count;
	if (str_eq(name, STR("rPh")))
		t->phonetic++;
	t->in_text = str_eq(name, STR("t")) && !t->phonetic;
	return true;
}

static bool text_of_string(void *cx, struct str text)
{
	struct strings *t = cx;

	if (t->in_text)
		buf_put_str(&t->text, text);
	return !t->text.overflow;
}

static bool close_string(void *cx, struct str name)
{
	struct strings *t = cx;
	struct sheets *s = t->sheets;

	t->in_text = false;
	if (str_eq(name, STR("rPh")) && t->phonetic)
		t->phonetic--;
	if (!str_eq(name, STR("si")))
		return true;
	struct str text = clean(&t->scratch, buf_str(&t->text));
	if (s->text_count == LIMIT_WORKBOOK_TEXTS || !fits_cell(text) ||
		s->bytes.n + text.n > LIMIT_WORKBOOK_TEXT_BYTES) {
		t->too_many = true;
		return false;
	}
	buf_put_str(&s->bytes, text);
	s->ends = grow(s->ends, s->text_count, &s->text_room, sizeof(*s->ends));
	s->ends[s->text_count++] = s->bytes.n;
	buf_clear(&t->text);
	arena_reset(&t->scratch);
	return true;
}

static int read_strings(struct sheets *s, struct str part, struct err *err)
{
	static const struct xml_events events = { open_string, close_string, text_of_string };
	struct strings t = { .sheets = s, .text = { .max = LIMIT_WORKBOOK_CELL_BYTES } };
	int rc = xml_walk(s->package, part, &events, &t, err);

	if (!rc && (t.too_many || t.text.overflow))
		rc = sheets_damaged(s, "it holds more text than a spreadsheet can", err);
	buf_free(&t.text);
	arena_free(&t.scratch);
	return rc;
}

static bool shared_string(const struct sheets *s, struct str index, struct str *out)
{
	uint64_t i;

	if (!str_to_u64(index, &i) || i >= s->text_count)
		return false;
	uint64_t begin = i ? s->ends[i - 1] : 0;
	*out = (struct str){ s->bytes.p ? s->bytes.p + begin : "", (size_t)(s->ends[i] - begin) };
	return true;
}

/* ---- opening -------------------------------------------------------------------------------- */

static int read_styles(struct sheets *s, struct str part, struct err *err)
{
	struct number_formats f = { .arena = &s->arena };
	int rc = xml_walk(s->package, part, &number_format_events, &f, err);

	s->is_date = f.is_date;
	s->format_count = f.count;
	return rc;
}

static int read_list(struct sheets *s, struct relations *own, struct err *err)
{
	static const struct xml_events events = { take_sheet, ignore_close, NULL };
	struct relations package = { 0 };
	int rc = read_relations(s, STR(""), &package, err);
	struct str workbook = target_of_type(&package, "/officeDocument");

	free(package.items);
	if (rc)
		return rc;
	if (!workbook.n || !str_ends(workbook, STR(".xml")))
		return sheets_damaged(
			s, "it is no workbook in the format .xlsx; save it as one", err);
	if (read_relations(s, workbook, own, err))
		return err->code;
	struct listing l = { s, own, false };
	if (xml_walk(s->package, workbook, &events, &l, err))
		return err->code;
	if (l.too_many || !s->count)
		return sheets_damaged(
			s, s->count ? "it has too many sheets" : "it has no sheets", err);
	return 0;
}

static int read_parts(struct sheets *s, struct err *err)
{
	struct relations own = { 0 };
	int rc = read_list(s, &own, err);
	struct str strings = target_of_type(&own, "/sharedStrings"),
		   styles = target_of_type(&own, "/styles");

	free(own.items);
	if (!rc && strings.n)
		rc = read_strings(s, strings, err);
	if (!rc && styles.n)
		rc = read_styles(s, styles, err);
	return rc;
}

int sheets_open(const char *path, struct sheets **out, struct err *err)
{
	struct sheets *s = xcalloc(1, sizeof(*s));
	int rc = package_open(path, path, &s->package, err);

	if (!rc)
		rc = read_parts(s, err);
	if (rc)
		sheets_close(s);
	else
		*out = s;
	return rc;
}

void sheets_close(struct sheets *s)
{
	if (!s)
		return;
	package_close(s->package);
	buf_free(&s->bytes);
	free(s->ends);
	free(s->list);
	arena_free(&s->arena);
	free(s);
}

size_t sheets_count(const struct sheets *s)
{
	return s->count;
}

struct str sheets_name(const struct sheets *s, size_t i)
{
	return s->list[i].name;
}

/* ---- rows (18.3) ---------------------------------------------------------------------------- */

struct rows {
	struct sheets *sheets;
	sheet_row_fn *each;
	void *cx;
	struct arena arena; /* of the row under way */
	struct sheet_cell *cells;
	size_t count, room;
	uint32_t row, column; /* of the next, from 0 */
	bool in_data, in_cell, in_text, is_done;
	const char *why; /* NULL: nothing wrong so far */
	char type;	 /* of the cell: s n b d e, t for a string, i for an inline one */
	size_t format;
	struct buf text;
};

static bool wrong(struct rows *r, const char *why)
{
	r->why = why;
	return false;
}

/* "BC12": its column, from 0. */
static bool column_of(struct str ref, uint32_t *out)
{
	uint32_t n = 0;
	size_t i = 0;

	for (; i < ref.n && i < 3 && ref.p[i] >= 'A' && ref.p[i] <= 'Z'; i++)
		n = n * 26 + (uint32_t)(ref.p[i] - 'A') + 1;
	if (!n || n > LIMIT_XLSX_COLUMNS || i == ref.n || ref.p[i] < '1' || ref.p[i] > '9')
		return false;
	*out = n - 1;
	return true;
}

static bool open_row(struct rows *r, const struct xml_attribute *attributes, size_t count)
{
	struct str at = xml_attribute(attributes, count, "r");
	uint64_t n;

	if (at.p) {
		if (!str_to_u64(at, &n) || n <= r->row || n > LIMIT_XLSX_ROWS)
			return wrong(r, "its rows are out of order");
		r->row = (uint32_t)n - 1;
	} else if (r->row == LIMIT_XLSX_ROWS) {
		return wrong(r, "it has too many rows");
	}
	r->column = 0;
	r->count = 0;
	arena_reset(&r->arena);
	return true;
}

static char type_of(struct str t)
{
	static const struct {
		const char *name;
		char type;
	} types[] = { { "s", 's' }, { "str", 't' }, { "inlineStr", 'i' }, { "b", 'b' },
		{ "d", 'd' }, { "e", 't' }, { "n", 'n' } };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_eq(t, str_of(types[i].name)))
			return types[i].type;
	return 'n';
}

static bool open_cell(struct rows *r, const struct xml_attribute *attributes, size_t count)
{
	struct str at = xml_attribute(attributes, count, "r"),
		   format = xml_attribute(attributes, count, "s");
	uint64_t n = 0;

	if (at.p && !column_of(at, &r->column))
		return wrong(r, "a cell stands nowhere");
	if (r->column >= LIMIT_XLSX_COLUMNS || r->count >= LIMIT_XLSX_COLUMNS)
		return wrong(r, "a row has too many cells");
	r->type = type_of(xml_attribute(attributes, count, "t"));
	r->format = format.n && str_to_u64(format, &n) && n < r->sheets->format_count ? (size_t)n
										      : SIZE_MAX;
	r->in_cell = true;
	buf_clear(&r->text);
	return true;
}

static bool open_part(
	void *cx, struct str name, const struct xml_attribute *attributes, size_t count)
{
	struct rows *r = cx;

	if (!r->in_data) {
		r->in_data = !r->is_done && str_eq(name, STR("sheetData"));
		return true;
	}
	if (str_eq(name, STR("row")))
		return open_row(r, attributes, count);
	if (str_eq(name, STR("c")))
		return open_cell(r, attributes, count);
	/* A formula's text is not shown; phonetic runs stand in shared strings only. */
	r->in_text = r->in_cell && (str_eq(name, STR("v")) || str_eq(name, STR("t")));
	return true;
}

static bool text_of_cell(void *cx, struct str text)
{
	struct rows *r = cx;

	if (r->in_text)
		buf_put_str(&r->text, text);
	return r->text.overflow ? wrong(r, "a cell is too long") : true;
}

/* Days since 1899-12-30, or 1904-01-01. The first system has a 29 February 1900 that never was:
 * before it the days are one off (18.17.4.1). */
static int64_t seconds_of_serial(double serial, bool from_1904)
{
	if (!(serial >= 0) || serial >= 2958466)
		return INT64_MIN;
	double days = floor(serial), shift = from_1904 ? 24107 : 25569;

	if (!from_1904 && days < 60)
		shift--;
	return (int64_t)((days - shift) * (double)SECONDS_PER_DAY) +
	       (int64_t)floor((serial - days) * (double)SECONDS_PER_DAY + 0.5);
}

/* A number as XML writes it; strtod() in the "C" locale, which the program keeps. */
static bool number_of(struct arena *a, struct str s, double *out)
{
	char *end;
	const char *z = arena_str(a, s).p;

	if (!s.n || s.n > 64 || strspn(z, "0123456789+-.eE") != s.n)
		return false;
	*out = strtod(z, &end);
	return *end == 0 && isfinite(*out);
}

static bool fill_number(struct rows *r, struct sheet_cell *c, struct str raw)
{
	if (!number_of(&r->arena, raw, &c->number))
		return wrong(r, "a number is none");
	c->text = arena_str(&r->arena, raw);
	c->seconds = seconds_of_serial(c->number, r->sheets->from_1904);
	c->kind = r->type == 'b' ? CELL_BOOL : CELL_NUMBER;
	if (c->kind == CELL_NUMBER && c->seconds != INT64_MIN && r->format != SIZE_MAX &&
		r->sheets->is_date[r->format])
		c->kind = CELL_DATE;
	return true;
}

static bool close_cell(struct rows *r)
{
	struct sheet_cell c = { .column = r->column++, .kind = CELL_TEXT, .seconds = INT64_MIN };
	struct str raw = str_trim(buf_str(&r->text));

	r->in_cell = r->in_text = false;
	if (!raw.n)
		return true; /* formatted only */
	if (r->type == 's') {
		if (!shared_string(r->sheets, raw, &c.text))
			return wrong(r, "it names a text that it does not hold");
	} else if (r->type == 'n' || r->type == 'b') {
		if (!fill_number(r, &c, raw))
			return false;
	} else {
		/* A date of ISO 8601 ('d') is as good as text: workbook.c reads those. */
		c.text = clean(&r->arena, arena_str(&r->arena, buf_str(&r->text)));
		if (!fits_cell(c.text))
			return wrong(r, "a cell is too long");
	}
	r->cells = grow(r->cells, r->count, &r->room, sizeof(*r->cells));
	r->cells[r->count++] = c;
	return true;
}

static bool close_part(void *cx, struct str name)
{
	struct rows *r = cx;

	r->in_text = false;
	if (!r->in_data)
		return true;
	if (str_eq(name, STR("c")))
		return r->in_cell ? close_cell(r) : true;
	if (str_eq(name, STR("sheetData"))) {
		/* Read on: the part's checksum stands at its end. */
		r->in_data = false;
		r->is_done = true;
		return true;
	}
	if (!str_eq(name, STR("row")))
		return true;
	r->row++;
	if (r->count && !r->each(r->cx, r->row - 1, r->cells, r->count))
		return false;
	r->count = 0;
	return true;
}

int sheets_rows(struct sheets *s, size_t i, sheet_row_fn *each, void *cx, struct err *err)
{
	static const struct xml_events events = { open_part, close_part, text_of_cell };
	struct rows r = {
		.sheets = s, .each = each, .cx = cx, .text = { .max = LIMIT_WORKBOOK_CELL_BYTES }
	};
	int rc = xml_walk(s->package, s->list[i].part, &events, &r, err);

	if (!rc && r.why)
		rc = sheets_damaged(s, r.why, err);
	buf_free(&r.text);
	free(r.cells);
	arena_free(&r.arena);
	return rc;
}
