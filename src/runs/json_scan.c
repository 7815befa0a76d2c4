#include "runs/json_scan.h"

#include <jansson.h>
#include <string.h>

struct json_scan json_scan_of(struct str text)
{
	return (struct json_scan){ .text = text, .fresh = true };
}

size_t json_scan_line(const struct json_scan *s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < s->text.n; i++)
		line += s->text.p[i] == '\n';
	return line;
}

/* Always false. */
static bool fail(struct json_scan *s, const char *why)
{
	if (!s->why)
		s->why = why;
	return false;
}

static void skip_space(struct json_scan *s)
{
	while (s->at < s->text.n) {
		char c = s->text.p[s->at];

		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
		s->at++;
	}
}

char json_scan_peek(struct json_scan *s)
{
	skip_space(s);
	if (s->why || s->at >= s->text.n)
		return 0;
	return s->text.p[s->at];
}

void json_scan_end(struct json_scan *s)
{
	skip_space(s);
	if (s->at < s->text.n)
		fail(s, "something stands behind its end");
}

/* ---- containers ----------------------------------------------------------------------------- */

bool json_scan_enter(struct json_scan *s, char open)
{
	if (json_scan_peek(s) != open)
		return fail(s, open == '{' ? "an object is expected" : "a list is expected");
	s->at++;
	s->fresh = true;
	return true;
}

/* Stands before the next item; false at the end of the container, which is left. */
static bool next(struct json_scan *s, char end)
{
	char c = json_scan_peek(s);

	if (s->why)
		return false;
	if (c == end) {
		s->at++;
		s->fresh = false;
		return false;
	}
	if (!s->fresh) {
		if (c != ',')
			return fail(s, c ? "a comma or the end of a list or object is expected"
					 : "it ends too early");
		s->at++;
		c = json_scan_peek(s);
	}
	s->fresh = false;
	return c != '\0' || fail(s, "it ends too early");
}

/* The bytes between the quotes of the string that comes next, and whether they hold escapes. */
static bool take_quoted(struct json_scan *s, struct str *raw, bool *escapes)
{
	const char *p = s->text.p;
	size_t i;

	if (json_scan_peek(s) != '"')
		return fail(s, "a text in quotes is expected");
	*escapes = false;
	for (i = s->at + 1; i < s->text.n && p[i] != '"'; i++) {
		if ((unsigned char)p[i] < 0x20)
			return fail(s, "a text holds a control character");
		if (p[i] == '\\') {
			*escapes = true;
			i++;
		}
	}
	if (i >= s->text.n)
		return fail(s, "a text has no end");
	*raw = (struct str){ p + s->at + 1, i - s->at - 1 };
	s->at = i + 1;
	return true;
}

bool json_scan_member(struct json_scan *s, struct str *key)
{
	bool escapes;

	if (!next(s, '}') || !take_quoted(s, key, &escapes))
		return false;
	if (json_scan_peek(s) != ':')
		return fail(s, "a colon is expected");
	s->at++;
	return true;
}

bool json_scan_element(struct json_scan *s)
{
	return next(s, ']');
}

/* ---- values --------------------------------------------------------------------------------- */

static void skip_scalar(struct json_scan *s)
{
	size_t from = s->at;

	while (s->at < s->text.n && !strchr(" \n\r\t,:]}[{\"", s->text.p[s->at]))
		s->at++;
	if (s->at == from)
		fail(s, s->at < s->text.n ? "a value is expected" : "it ends too early");
}

/* A container from its first bracket to its last one. */
static void skip_container(struct json_scan *s)
{
	char ends[JSON_SCAN_DEPTH];
	unsigned depth = 0;
	struct str raw;
	bool escapes;

	while (s->at < s->text.n && !s->why) {
		char c = s->text.p[s->at];

		if (c == '"') {
			take_quoted(s, &raw, &escapes);
			continue;
		}
		if (c == '{' || c == '[') {
			if (depth == JSON_SCAN_DEPTH)
				fail(s, "it is nested too deep");
			else
				ends[depth++] = c == '{' ? '}' : ']';
		} else if (c == '}' || c == ']') {
			if (depth == 0 || ends[--depth] != c)
				fail(s, "brackets do not match");
		}
		s->at += !s->why;
		if (depth == 0)
			return;
	}
	fail(s, "it ends too early");
}

struct str json_scan_skip(struct json_scan *s)
{
	char c = json_scan_peek(s);
	size_t from = s->at;
	struct str raw;
	bool escapes;

	if (c == '{' || c == '[')
		skip_container(s);
	else if (c == '"')
		take_quoted(s, &raw, &escapes);
	else
		skip_scalar(s);
	return s->why ? (struct str){ 0 } : (struct str){ s->text.p + from, s->at - from };
}

/* quoted: a string of JSON with its quotes. */
static bool decode(struct str quoted, struct arena *scratch, struct str *out)
{
	json_error_t where;
	json_t *value = json_loadb(quoted.p, quoted.n, JSON_DECODE_ANY, &where);

	if (!json_is_string(value)) {
		json_decref(value);
		return false;
	}
	*out = arena_str(
		scratch, (struct str){ json_string_value(value), json_string_length(value) });
	json_decref(value);
	return true;
}

bool json_scan_string(struct json_scan *s, struct arena *scratch, struct str *out)
{
	size_t from;
	bool escapes;

	json_scan_peek(s);
	from = s->at;
	if (!take_quoted(s, out, &escapes))
		return false;
	if (escapes && !decode((struct str){ s->text.p + from, s->at - from }, scratch, out)) {
		s->at = from;
		return fail(s, "a text holds what is no character");
	}
	return true;
}

bool json_scan_integer(struct json_scan *s, int64_t *out)
{
	size_t from, digits;
	struct str raw;

	json_scan_peek(s);
	from = s->at;
	raw = json_scan_skip(s);
	digits = raw.n && raw.p[0] == '-' ? 1 : 0;
	if (!raw.n || !str_to_i64(raw, out) || (raw.p[digits] == '0' && raw.n > digits + 1)) {
		s->at = from;
		return fail(s, "an integer is expected");
	}
	return true;
}

bool json_scan_word(struct json_scan *s, const char *word)
{
	struct json_scan ahead = *s;

	if (json_scan_peek(&ahead) != word[0] || !str_eq(json_scan_skip(&ahead), str_of(word)))
		return false;
	*s = ahead;
	return true;
}
