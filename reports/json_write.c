#include "reports/json_write.h"

#include "base/datetime.h"
#include "base/utf8.h"

#include <assert.h>
#include <inttypes.h>

#define PENDING_BYTES ((size_t)256 * 1024)

void json_write_begin(struct json_writer *w, FILE *f)
{
	*w = (struct json_writer){ .f = f };
}

void json_write_in_html(struct json_writer *w)
{
	w->in_html = true;
}

static void flush(struct json_writer *w)
{
	struct str s = buf_str(&w->pending);

	/* A short write sets the file's error flag, which platform_finish() asks for. */
	fwrite(s.p, 1, s.n, w->f);
	buf_clear(&w->pending);
}

void json_write_finish(struct json_writer *w)
{
	assert(w->depth == 0 && !w->after_key);
	buf_putc(&w->pending, '\n');
	flush(w);
	buf_free(&w->pending);
}

void json_write_abandon(struct json_writer *w)
{
	buf_free(&w->pending);
}

/* What stands between two items: nothing behind a key or in an empty container. */
static void separate(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (!w->depth)
		return;
	unsigned top = w->depth - 1;

	if (w->started[top])
		buf_putc(&w->pending, ',');
	if (w->on_new_line)
		buf_putc(&w->pending, '\n');
	else if (w->started[top] && !w->in_html)
		buf_putc(&w->pending, ' ');
	w->on_new_line = false;
	w->started[top] = true;
}

static void begin_value(struct json_writer *w)
{
	assert(w->after_key || !w->depth || !w->is_object[w->depth - 1]);
	separate(w);
}

static void push(struct json_writer *w, bool object)
{
	assert(w->depth < JSON_DEPTH);
	begin_value(w);
	buf_putc(&w->pending, object ? '{' : '[');
	w->started[w->depth] = false;
	w->is_object[w->depth] = object;
	w->depth++;
}

void json_write_object(struct json_writer *w)
{
	push(w, true);
}

void json_write_array(struct json_writer *w)
{
	push(w, false);
}

void json_write_end(struct json_writer *w)
{
	assert(w->depth && !w->after_key);
	w->depth--;
	w->on_new_line = false;
	buf_putc(&w->pending, w->is_object[w->depth] ? '}' : ']');
	if (w->pending.n >= PENDING_BYTES)
		flush(w);
}

void json_write_new_line(struct json_writer *w)
{
	w->on_new_line = true;
}

static void put_escaped(struct buf *b, uint32_t c)
{
	switch (c) {
	case '"':
	case '\\':
		buf_printf(b, "\\%c", (char)c);
		break;
	case '\b':
		buf_putz(b, "\\b");
		break;
	case '\t':
		buf_putz(b, "\\t");
		break;
	case '\n':
		buf_putz(b, "\\n");
		break;
	case '\f':
		buf_putz(b, "\\f");
		break;
	case '\r':
		buf_putz(b, "\\r");
		break;
	default:
		buf_printf(b, "\\u%04" PRIx32, c);
	}
}

static bool html_escapes(uint32_t c)
{
	return c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
}

static void put_quoted(struct json_writer *w, struct str s)
{
	struct buf *b = &w->pending;
	size_t done = 0, i = 0;

	buf_putc(b, '"');
	while (i < s.n) {
		unsigned char byte = (unsigned char)s.p[i];
		size_t len = 1;

		if (byte < 0x80 && byte >= 0x20 && byte != '"' && byte != '\\' &&
			!(w->in_html && html_escapes(byte))) {
			i++;
			continue;
		}
		uint32_t c = utf8_decode((struct str){ s.p + i, s.n - i }, &len);
		/* One byte above 0x7F stands for no character by itself. */
		bool broken = byte >= 0x80 && len == 1;

		if (byte >= 0x80 && !broken && !(w->in_html && html_escapes(c))) {
			i += len;
			continue;
		}
		buf_put(b, s.p + done, i - done);
		if (broken)
			utf8_put(b, 0xFFFD);
		else
			put_escaped(b, c);
		i += len;
		done = i;
	}
	buf_put(b, s.p + done, s.n - done);
	buf_putc(b, '"');
}

void json_write_key(struct json_writer *w, struct str key)
{
	assert(w->depth && w->is_object[w->depth - 1] && !w->after_key);
	separate(w);
	put_quoted(w, key);
	buf_putz(&w->pending, w->in_html ? ":" : ": ");
	w->after_key = true;
}

void json_write_string(struct json_writer *w, struct str value)
{
	begin_value(w);
	put_quoted(w, value);
}

/* A page of half a million findings holds twelve million numbers: no format is parsed for each. */
static void put_digits(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t n = sizeof(digits);

	do {
		digits[--n] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buf_put(b, digits + n, sizeof(digits) - n);
}

void json_write_int(struct json_writer *w, int64_t value)
{
	begin_value(w);
	if (value < 0)
		buf_putc(&w->pending, '-');
	put_digits(&w->pending, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void json_write_uint(struct json_writer *w, uint64_t value)
{
	begin_value(w);
	put_digits(&w->pending, value);
}

void json_write_bool(struct json_writer *w, bool value)
{
	begin_value(w);
	buf_putz(&w->pending, value ? "true" : "false");
}

void json_write_null(struct json_writer *w)
{
	begin_value(w);
	buf_putz(&w->pending, "null");
}

/* ---- key and value -------------------------------------------------------------------------- */

void json_put_string(struct json_writer *w, struct str key, struct str value)
{
	json_write_key(w, key);
	json_write_string(w, value);
}

void json_put_optional(struct json_writer *w, struct str key, struct str value)
{
	json_write_key(w, key);
	if (value.n)
		json_write_string(w, value);
	else
		json_write_null(w);
}

void json_put_int(struct json_writer *w, struct str key, int64_t value)
{
	json_write_key(w, key);
	json_write_int(w, value);
}

void json_put_uint(struct json_writer *w, struct str key, uint64_t value)
{
	json_write_key(w, key);
	json_write_uint(w, value);
}

void json_put_date(struct json_writer *w, struct str key, int64_t seconds)
{
	char text[DATETIME_TEXT];

	json_put_optional(w, key,
		seconds == INT64_MIN ? (struct str){ 0 } : str_of(datetime_iso(seconds, text)));
}
