#include "snapshot/oradad_cell.h"

#include "ad/filetime.h"
#include "ad/guid.h"
#include "ad/sddl.h"
#include "ad/sid.h"
#include "base/datetime.h"
#include "base/limits.h"
#include "snapshot/oradad_rows.h"

#include <string.h>

const struct oradad_attribute oradad_attributes[] = {
#define ORADAD_COLUMN(name, kind, values, how)                                                     \
	{ name, ORADAD_##kind, ORADAD_##values, ORADAD_##how },
#define ORADAD_TABLE(table, object_class)
#include "snapshot/oradad_columns.def"
#undef ORADAD_COLUMN
#undef ORADAD_TABLE
};
const size_t oradad_attribute_count = ARRAY_LEN(oradad_attributes);

/* ---- times ---- */

static bool digits(struct str text, size_t at, size_t n, int64_t *out)
{
	return at + n <= text.n && text.p[at] != '-' &&
	       str_to_i64((struct str){ text.p + at, n }, out);
}

/* Six numbers, at their places in the text. */
static bool parse_at(struct str text, const uint8_t at[6], int64_t *out)
{
	int64_t n[6];

	for (size_t i = 0; i < 6; i++)
		if (!digits(text, at[i], i ? 2 : 4, &n[i]))
			return false;
	return datetime_seconds(
		(struct civil){ n[0], (int)n[1], (int)n[2], (int)n[3], (int)n[4], (int)n[5] }, out);
}

bool oradad_time_parse(struct str text, int64_t *out)
{
	static const uint8_t in_cells[6] = { 0, 5, 8, 11, 14, 17 };
	static const uint8_t in_names[6] = { 0, 4, 6, 9, 11, 13 };

	if (text.n == 19 && text.p[4] == '-' && text.p[7] == '-' && text.p[10] == ' ' &&
		text.p[13] == ':' && text.p[16] == ':')
		return parse_at(text, in_cells, out);
	return text.n == 15 && text.p[8] == '-' && parse_at(text, in_names, out);
}

static bool take_time(struct arena *arena, struct str text, struct str *out)
{
	int64_t seconds;

	if (text.n != 19 || !oradad_time_parse(text, &seconds))
		return false;
	struct civil c = datetime_civil(seconds);

	*out = arena_printf(arena, "%04d%02d%02d%02d%02d%02d.0Z", (int)c.year, c.month, c.day,
		c.hour, c.minute, c.second);
	return true;
}

#define FIRST_SECOND (-INT64_C(11644473600)) /* 1601-01-01 (MS-DTYP 2.3.3) */

static bool take_filetime(struct arena *arena, struct str text, struct str *out)
{
	int64_t n, seconds;

	if (str_to_i64(text, &n)) {
		*out = text;
		return true;
	}
	/* How it writes "never" (0x7fffffffffffffff). */
	if (str_eq(text, STR("2999-12-12 23:59:59"))) {
		*out = arena_printf(arena, "%lld", (long long)FILETIME_NEVER);
		return true;
	}
	if (text.n != 19 || !oradad_time_parse(text, &seconds) || seconds < FIRST_SECOND)
		return false;
	n = filetime_from_seconds(seconds);
	/* 0 would be "never", and leaves the cell empty: this was a part of the first second. */
	*out = arena_printf(arena, "%lld", (long long)(n ? n : 1));
	return true;
}

/* ---- values of each kind ---- */

static bool take_bool(struct str text, struct str *out)
{
	bool yes = str_eq(text, STR("1"));

	*out = yes ? STR("TRUE") : STR("FALSE");
	return yes || str_eq(text, STR("0"));
}

static bool take_sid(struct arena *arena, struct str text, struct str *out)
{
	unsigned char bytes[68];
	struct sid sid;

	if (!sid_from_text(text, &sid))
		return false;
	*out = arena_str(arena, (struct str){ (const char *)bytes, sid_bytes(&sid, bytes) });
	return true;
}

static bool take_guid(struct arena *arena, struct str text, struct str *out)
{
	struct guid guid;

	if (!guid_from_text(text, &guid))
		return false;
	*out = arena_str(arena, (struct str){ (const char *)guid.b, sizeof(guid.b) });
	return true;
}

static bool take_text(struct str text, struct str *out)
{
	*out = text;
	return !memchr(text.p, '\0', text.n);
}

static bool take_hex(struct arena *arena, struct str text, struct str *out)
{
	if (text.n % 2)
		return false;
	char *p = arena_alloc(arena, text.n / 2 + 1);

	for (size_t i = 0; i < text.n / 2; i++) {
		int high = ascii_hex(text.p[2 * i]), low = ascii_hex(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		p[i] = (char)(high << 4 | low);
	}
	*out = (struct str){ p, text.n / 2 };
	return true;
}

static bool take_dn_binary(struct arena *arena, struct str text, struct str *out)
{
	if (str_starts(text, STR("B:")))
		return take_text(text, out);
	return take_hex(arena, text, out) && str_starts(*out, STR("B:")) && take_text(*out, out);
}

static bool take(
	const struct oradad_attribute *a, struct arena *arena, struct str text, struct str *out)
{
	int64_t n;

	if (!text.n || text.n > LIMIT_VALUE_BYTES)
		return false;
	switch (a->kind) {
	case ORADAD_TEXT:
		return take_text(text, out);
	case ORADAD_NUMBER:
	case ORADAD_RAW:
		*out = text;
		return str_to_i64(text, &n);
	case ORADAD_TIME:
		return take_time(arena, text, out);
	case ORADAD_FILETIME:
		return take_filetime(arena, text, out);
	case ORADAD_BOOL:
		return take_bool(text, out);
	case ORADAD_SID:
		return take_sid(arena, text, out);
	case ORADAD_GUID:
		return take_guid(arena, text, out);
	case ORADAD_HEX:
		return take_hex(arena, text, out);
	case ORADAD_DN_BINARY:
		return take_dn_binary(arena, text, out);
	case ORADAD_DACL:
		/* Of whose domain an alias such as DA speaks is not written. */
		return sddl_to_bytes(arena, text, NULL, out);
	}
	return false;
}

/* ---- several values ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does a value of DNs begin here: an attribute type and '=' (RFC 4514 3)? */
static bool begins_dn(struct str s)
{
	size_t i = 0;

	while (i < s.n && (is_letter(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '-' || s.p[i] == '.'))
		i++;
	return i && i < s.n && s.p[i] == '=';
}

static bool begins_prefix(struct str s)
{
	size_t i = 0;

	while (i < s.n && (is_letter(s.p[i]) || is_digit(s.p[i])))
		i++;
	return i && is_letter(s.p[0]) && i < s.n && s.p[i] == ':';
}

static bool begins_menu(struct str s)
{
	size_t i = 0;

	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i && i < s.n && s.p[i] == ',';
}

static bool is_escaped(struct str s, size_t at)
{
	size_t n = 0;

	while (n < at && s.p[at - n - 1] == '\\')
		n++;
	return n % 2;
}

static bool begins(enum oradad_values rule, struct str text, size_t at)
{
	struct str rest = { text.p + at + 1, text.n - at - 1 };

	switch (rule) {
	case ORADAD_ONE:
		return false;
	case ORADAD_ANY:
		return true;
	case ORADAD_DN:
		return !is_escaped(text, at) && begins_dn(rest);
	case ORADAD_PREFIX:
		return begins_prefix(rest);
	case ORADAD_MENU:
		return begins_menu(rest);
	}
	return false;
}

/* Takes the next value off rest. */
static struct str next_value(enum oradad_values rule, struct str *rest)
{
	struct str text = *rest;

	for (const char *p = text.p; text.n && rule != ORADAD_ONE;) {
		p = memchr(p, ';', text.n - (size_t)(p - text.p));
		if (!p)
			break;
		size_t at = (size_t)(p - text.p);

		if (begins(rule, text, at)) {
			*rest = (struct str){ p + 1, text.n - at - 1 };
			return (struct str){ text.p, at };
		}
		p++;
	}
	*rest = (struct str){ NULL, 0 };
	return text;
}

/* As many as are taken; a hostile cell may hold more. */
static size_t count_values(enum oradad_values rule, struct str rest)
{
	size_t n = 0;

	while (rest.n && n < LIMIT_VALUES_PER_ATTRIBUTE) {
		next_value(rule, &rest);
		n++;
	}
	return n;
}

/* Behind the cut the separators of what is missing are still written. */
static bool cut_end(const struct oradad_attribute *a, struct str *text)
{
	size_t whole = text->n;

	if (a->values == ORADAD_ONE)
		return false;
	while (text->n && text->p[text->n - 1] == ';' && !is_escaped(*text, text->n - 1))
		text->n--;
	return text->n < whole;
}

/* ---- a cell ---- */

/* Most cells are ASCII, and hexadecimal ones are long. */
static struct str to_utf8(struct arena *arena, struct str cell)
{
	char *p = arena_alloc(arena, cell.n / 2 + 1);
	struct buf b = { 0 };

	for (size_t i = 0; i < cell.n / 2; i++) {
		unsigned char low = (unsigned char)cell.p[2 * i];

		if (cell.p[2 * i + 1] || low >= 0x80) {
			oradad_utf8(&b, cell);
			struct str s = arena_str(arena, buf_str(&b));

			buf_free(&b);
			return s;
		}
		p[i] = (char)low;
	}
	return (struct str){ p, cell.n / 2 };
}

enum oradad_cell oradad_cell_decode(const struct oradad_attribute *a, struct str cell, size_t limit,
	struct arena *arena, struct raw_attr *out)
{
	*out = (struct raw_attr){ .name = str_of(a->name) };
	if (!cell.n)
		return ORADAD_CELL_EMPTY;
	struct str text = to_utf8(arena, cell), rest = text;
	bool cut = cut_end(a, &rest), bad = false;
	bool at_limit = a->kind == ORADAD_TEXT && cell.n / 2 - (text.n - rest.n) >= limit;
	size_t room = count_values(a->values, rest);
	struct str *values = ARENA_ARRAY(arena, struct str, room);

	for (size_t i = 0; i < room; i++) {
		struct str value = next_value(a->values, &rest);

		/* The last one in front of the cut may be a part. */
		if (at_limit && !rest.n)
			break;
		if (take(a, arena, value, &values[out->count]))
			out->count++;
		else
			bad = true;
	}
	out->values = values;
	cut |= rest.n > 0;
	if (cut || at_limit)
		return ORADAD_CELL_CUT;
	return bad ? ORADAD_CELL_BAD : ORADAD_CELL_WHOLE;
}
