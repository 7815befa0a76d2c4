/* Values of results.json, and the texts that they leave in the run. */
#include "runs/stored_reading.h"

#include "base/datetime.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts stand close together in blocks of this size; longer ones have one of their own. */
#define ROOM_BYTES ((size_t)64 * 1024)
#define LONG_TEXT 4096u
#define SHA256_DIGITS 64u

/* ---- mistakes ------------------------------------------------------------------------------- */

int wrong_at(struct reading *r, size_t at, struct err *err, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_SOURCE, "%s:%zu: this is not a results.json of this program: %s.",
		r->name, json_scan_line(&r->scan, at), text);
}

int check_scan(struct reading *r, struct err *err)
{
	if (!r->scan.why)
		return 0;
	return err_set(err, ERR_SOURCE, "%s:%zu: this is not JSON of a run: %s.", r->name,
		json_scan_line(&r->scan, r->scan.at), r->scan.why);
}

int wrong(struct reading *r, struct err *err, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (check_scan(r, err))
		return err->code;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return wrong_at(r, r->scan.at, err, "%s", text);
}

/* ---- objects and lists ---------------------------------------------------------------------- */

static const struct member *find_member(const struct member *rows, size_t count, struct str key)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(key, str_of(rows[i].name)))
			return &rows[i];
	return NULL;
}

int read_members(
	struct reading *r, const struct member *rows, size_t count, void *to, struct err *err)
{
	uint32_t seen = 0;
	struct str key;

	json_scan_enter(&r->scan, '{');
	while (json_scan_member(&r->scan, &key)) {
		const struct member *m = find_member(rows, count, key);

		if (!m)
			return wrong(r, err, "it knows no \"%.*s\" here",
				(int)(key.n < 40 ? key.n : 40), key.p);
		if (seen & 1u << (m - rows))
			return wrong(r, err, "\"%s\" stands twice", m->name);
		seen |= 1u << (m - rows);
		if (m->read(r, (char *)to + m->offset, err))
			return err->code;
	}
	if (check_scan(r, err))
		return err->code;
	for (size_t i = 0; i < count; i++)
		if (!rows[i].optional && !(seen & 1u << i))
			return wrong(r, err, "\"%s\" is missing", rows[i].name);
	return 0;
}

int count_items(
	struct reading *r, char open, size_t bytes, size_t most, size_t *count, struct err *err)
{
	struct json_scan ahead = r->scan;
	struct str key;
	size_t n = 0;

	json_scan_enter(&ahead, open);
	while (open == '{' ? json_scan_member(&ahead, &key) : json_scan_element(&ahead)) {
		json_scan_skip(&ahead);
		n++;
	}
	if (ahead.why) {
		r->scan = ahead;
		return check_scan(r, err);
	}
	if (n > most)
		return wrong(r, err, "more than %zu entries stand here", most);
	if (n > (ahead.at - r->scan.at) / bytes)
		return wrong(r, err, "the entries of this list are not whole");
	*count = n;
	return 0;
}

/* ---- texts ---------------------------------------------------------------------------------- */

struct str keep_text(struct reading *r, struct str s)
{
	char *p;

	if (s.n >= LONG_TEXT)
		return arena_str(&r->run->arena, s);
	if (r->room_left < s.n + 1) {
		r->room = arena_alloc(&r->run->arena, ROOM_BYTES);
		r->room_left = ROOM_BYTES;
	}
	p = r->room;
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	r->room += s.n + 1;
	r->room_left -= s.n + 1;
	return (struct str){ p, s.n };
}

int share_word(struct reading *r, struct str s, size_t *place, struct err *err)
{
	uint32_t known = hash_get(&r->shared, s);

	if (known != HASH_NONE) {
		*place = known;
		return 0;
	}
	if (r->word_count == LIMIT_RESULTS_WORDS)
		return wrong(r, err, "it holds more than %u different words", LIMIT_RESULTS_WORDS);
	if (r->word_count == r->word_room) {
		r->word_room = r->word_room ? r->word_room * 2 : 256;
		r->words = xrealloc(r->words, r->word_room * sizeof(*r->words));
		r->stamps = xrealloc(r->stamps, r->word_room * sizeof(*r->stamps));
	}
	*place = r->word_count++;
	r->words[*place] = keep_text(r, s);
	r->stamps[*place] = 0;
	hash_add(&r->shared, r->words[*place], (uint32_t)*place);
	return 0;
}

int share_key(struct reading *r, struct str key, uint64_t stamp, struct str *out, struct err *err)
{
	size_t place = 0;

	if (share_word(r, key, &place, err))
		return err->code;
	if (r->stamps[place] == stamp)
		return wrong(
			r, err, "\"%.*s\" stands twice", (int)(key.n < 40 ? key.n : 40), key.p);
	r->stamps[place] = stamp;
	*out = r->words[place];
	return 0;
}

/* *out stays until the next one is taken. */
static int take_string(struct reading *r, struct str *out, struct err *err)
{
	arena_reset(&r->scratch);
	if (!json_scan_string(&r->scan, &r->scratch, out))
		return check_scan(r, err);
	*out = utf8_sanitize(&r->scratch, *out);
	return 0;
}

static bool take_null(struct reading *r)
{
	return json_scan_word(&r->scan, "null");
}

int read_text(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };

	if (take_string(r, &s, err))
		return err->code;
	*(struct str *)to = keep_text(r, s);
	return 0;
}

int read_name(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };

	if (take_string(r, &s, err))
		return err->code;
	if (!s.n)
		return wrong(r, err, "a text is empty that must not be");
	*(struct str *)to = keep_text(r, s);
	return 0;
}

int read_optional(struct reading *r, void *to, struct err *err)
{
	return take_null(r) ? 0 : read_name(r, to, err);
}

int read_shared(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };
	size_t place = 0;

	if (take_string(r, &s, err))
		return err->code;
	if (!s.n)
		return wrong(r, err, "a text is empty that must not be");
	if (share_word(r, s, &place, err))
		return err->code;
	*(struct str *)to = r->words[place];
	return 0;
}

int read_shared_or_none(struct reading *r, void *to, struct err *err)
{
	return take_null(r) ? 0 : read_shared(r, to, err);
}

/* ---- texts of a form ------------------------------------------------------------------------ */

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool is_word(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (!is_lower(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '_')
			return false;
	return s.n && is_lower(s.p[0]);
}

static bool is_letter(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_attribute(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return s.n && is_letter(s.p[0]);
}

int read_id(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };
	size_t place = 0;

	if (take_string(r, &s, err))
		return err->code;
	if (!is_word(s))
		return wrong(r, err, "an id holds more than small letters, digits and underscores");
	if (share_word(r, s, &place, err))
		return err->code;
	*(struct str *)to = r->words[place];
	return 0;
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

int read_sha256(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };

	if (take_string(r, &s, err))
		return err->code;
	for (size_t i = 0; i < s.n; i++)
		if (!is_hex(s.p[i]))
			s.n = 0;
	if (s.n != SHA256_DIGITS)
		return wrong(r, err, "a SHA-256 is not 64 hexadecimal digits");
	*(struct str *)to = keep_text(r, s);
	return 0;
}

int read_sha256_or_none(struct reading *r, void *to, struct err *err)
{
	return json_scan_word(&r->scan, "null") ? 0 : read_sha256(r, to, err);
}

/* MS-DTYP 2.4.2.1: S-1-authority, then subauthorities; the authority may be hexadecimal. */
static bool is_sid(struct str s)
{
	size_t digits = 0;

	if (!str_starts(s, STR("S-1-")))
		return false;
	for (size_t i = 4; i < s.n; i++) {
		if (s.p[i] == '-' ? digits == 0 : ascii_hex(s.p[i]) < 0 && s.p[i] != 'x')
			return false;
		digits = s.p[i] == '-' ? 0 : digits + 1;
	}
	return digits > 0;
}

int read_sid_or_none(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };

	if (take_null(r))
		return 0;
	if (take_string(r, &s, err))
		return err->code;
	if (!is_sid(s))
		return wrong(r, err, "a SID is malformed");
	*(struct str *)to = keep_text(r, s);
	return 0;
}

static bool is_guid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
			return false;
	}
	return true;
}

int read_guid_or_none(struct reading *r, void *to, struct err *err)
{
	struct str s = { 0 };

	if (take_null(r))
		return 0;
	if (take_string(r, &s, err))
		return err->code;
	if (!is_guid(s))
		return wrong(r, err, "a GUID is malformed");
	*(struct str *)to = keep_text(r, s);
	return 0;
}

int read_date(struct reading *r, void *to, struct err *err)
{
	char text[DATETIME_TEXT];
	int64_t seconds;
	struct str s = { 0 };

	if (take_string(r, &s, err))
		return err->code;
	/* One spelling of each date. */
	if (!datetime_parse(s, &seconds) || !str_eq(s, str_of(datetime_iso(seconds, text))))
		return wrong(r, err, "a date is no date such as 2026-11-21T10:00:00Z");
	*(int64_t *)to = seconds;
	return 0;
}

int read_date_or_none(struct reading *r, void *to, struct err *err)
{
	if (!take_null(r))
		return read_date(r, to, err);
	*(int64_t *)to = INT64_MIN;
	return 0;
}

int read_choice(struct reading *r, const char *const *names, size_t *place, struct err *err)
{
	struct str s = { 0 };

	if (take_string(r, &s, err))
		return err->code;
	for (size_t i = 0; names[i]; i++)
		if (str_eq(s, str_of(names[i]))) {
			*place = i;
			return 0;
		}
	return wrong(r, err, "it knows no \"%.*s\" here", (int)(s.n < 40 ? s.n : 40), s.p);
}

int read_status(struct reading *r, void *to, struct err *err)
{
	const char *names[STATUS_COUNT + 1] = { NULL };
	size_t place = 0;

	for (int s = 0; s < STATUS_COUNT; s++)
		names[s] = run_status_name((enum run_status)s);
	if (read_choice(r, names, &place, err))
		return err->code;
	*(enum run_status *)to = (enum run_status)place;
	return 0;
}

/* ---- numbers -------------------------------------------------------------------------------- */

int read_count(struct reading *r, void *to, struct err *err)
{
	int64_t n;

	if (!json_scan_integer(&r->scan, &n))
		return check_scan(r, err);
	if (n < 0)
		return wrong(r, err, "a count is below zero");
	*(uint64_t *)to = (uint64_t)n;
	return 0;
}

int read_level(struct reading *r, void *to, struct err *err)
{
	int64_t n;

	if (!json_scan_integer(&r->scan, &n))
		return check_scan(r, err);
	if (n < 1 || n > 5)
		return wrong(r, err, "a level is not 1 to 5");
	*(int *)to = (int)n;
	return 0;
}

int read_level_or_none(struct reading *r, void *to, struct err *err)
{
	if (!take_null(r))
		return read_level(r, to, err);
	*(int *)to = 0;
	return 0;
}

int read_bool(struct reading *r, void *to, struct err *err)
{
	bool *out = to;

	*out = json_scan_word(&r->scan, "true");
	if (!*out && !json_scan_word(&r->scan, "false"))
		return wrong(r, err, "true or false is expected");
	return 0;
}

int skip_value(struct reading *r, void *to, struct err *err)
{
	(void)to;
	json_scan_skip(&r->scan);
	return check_scan(r, err);
}

/* ---- lists of texts ------------------------------------------------------------------------- */

int read_texts(struct reading *r, void *to, struct err *err)
{
	struct texts *out = to;
	struct str *items;
	size_t count = 0, n = 0;

	if (count_items(r, '[', 3, SIZE_MAX, &count, err))
		return err->code;
	items = ARENA_ARRAY(&r->run->arena, struct str, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_text(r, &items[n++], err))
			return err->code;
	*out = (struct texts){ items, count };
	return check_scan(r, err);
}
