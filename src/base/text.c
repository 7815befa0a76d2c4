#include "base/text.h"

#include "base/arena.h"
#include "base/platform.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)64 * 1024) /* even, so that no UTF-16 unit is torn */
#define REPLACEMENT UINT32_C(0xfffd)

struct text {
	const char *name;
	FILE *f;	/* NULL: bytes */
	struct str all; /* in memory */
	size_t at;	/* of all */
	char *chunk;
	enum text_encoding encoding;
	size_t mark;   /* bytes of the byte order mark */
	uint32_t high; /* first half of a surrogate pair, 0: none */
};

/* ---- the bytes ------------------------------------------------------------------------------ */

/* The next bytes; an empty run at the end. */
static int next_chunk(struct text *t, struct str *out, struct err *err)
{
	if (!t->f) {
		size_t left = t->all.n - t->at;

		*out = (struct str){ t->all.p + t->at, left < CHUNK ? left : CHUNK };
		t->at += out->n;
		return 0;
	}
	*out = (struct str){ t->chunk, fread(t->chunk, 1, CHUNK, t->f) };
	if (out->n < CHUNK && ferror(t->f))
		return err_set(
			err, ERR_USAGE, "%s: it cannot be read: %s.", t->name, strerror(errno));
	return 0;
}

static int back_to(struct text *t, size_t offset, struct err *err)
{
	t->at = offset;
	if (t->f && fseek(t->f, (long)offset, SEEK_SET))
		return err_set(err, ERR_USAGE,
			"%s: it cannot be read twice; copy it into an ordinary file.", t->name);
	return 0;
}

/* ---- which encoding ------------------------------------------------------------------------- */

struct survey {
	uint64_t bytes;
	size_t line;
	size_t nul_line, utf8_line, cp1252_line; /* where it first cannot be that; 0: nowhere */
	unsigned need;				 /* bytes of a UTF-8 sequence still to come */
	unsigned char low, high;		 /* what the next of them may be */
};

/* RFC 3629 4: which byte may follow; no overlong forms, no surrogates. */
static bool utf8_step(struct survey *s, unsigned char b)
{
	if (s->need) {
		bool fits = b >= s->low && b <= s->high;

		s->low = 0x80;
		s->high = 0xbf;
		s->need = fits ? s->need - 1 : 0;
		return fits;
	}
	if (b < 0x80)
		return true;
	if (b < 0xc2 || b > 0xf4)
		return false;
	s->need = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
	s->low = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
	s->high = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
	return true;
}

static uint32_t from_cp1252(unsigned char b)
{
	/* 0: the five bytes that stand for nothing. */
	static const uint16_t table[] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c,
		0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e,
		0x0178 };

	return b >= 0x80 && b < 0xa0 ? table[b - 0x80] : b;
}

static void survey_byte(struct survey *s, unsigned char b)
{
	if (!s->utf8_line && !utf8_step(s, b))
		s->utf8_line = s->line;
	if (!s->nul_line && !b)
		s->nul_line = s->line;
	if (!s->cp1252_line && b && !from_cp1252(b))
		s->cp1252_line = s->line;
	s->line += b == '\n';
}

/* A unit of zeros is a NUL character; whatever its halves are, lines end with 0x000a. */
static void survey_utf16(struct survey *s, struct str bytes, bool big)
{
	for (size_t i = 0; i + 1 < bytes.n; i += 2) {
		unsigned char first = (unsigned char)bytes.p[i + !big];
		unsigned char second = (unsigned char)bytes.p[i + big];

		if (!s->nul_line && !first && !second)
			s->nul_line = s->line;
		s->line += first == 0 && second == '\n';
	}
}

/* Without a mark: a header begins with two characters of ASCII, and the zeros say which half comes
 * first. */
static enum text_encoding first_guess(struct str s, size_t *mark)
{
	const unsigned char *p = (const unsigned char *)s.p;

	*mark = 2;
	if (s.n >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return TEXT_UTF16LE;
	if (s.n >= 2 && p[0] == 0xfe && p[1] == 0xff)
		return TEXT_UTF16BE;
	*mark = str_starts(s, STR("\xef\xbb\xbf")) ? 3 : 0;
	if (s.n >= 4 && p[0] && !p[1] && p[2] && !p[3])
		return TEXT_UTF16LE;
	return s.n >= 4 && !p[0] && p[1] && !p[2] && p[3] ? TEXT_UTF16BE : TEXT_UTF8;
}

static int refuse_kind(const struct text *t, struct str first, struct err *err)
{
	static const struct {
		struct str magic;
		const char *is;
	} kinds[] = {
		{ { "PK\x03\x04", 4 }, "an Excel workbook or a ZIP archive" },
		{ { "\xd0\xcf\x11\xe0", 4 }, "an Excel workbook of the old kind" },
		{ { "\x1f\x8b", 2 }, "compressed (gzip)" },
		{ { "%PDF", 4 }, "a PDF document" },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_starts(first, kinds[i].magic))
			return err_set(err, ERR_USAGE,
				"%s: it is %s and not text; export it again as CSV.", t->name,
				kinds[i].is);
	return 0;
}

static int judge(struct text *t, const struct survey *s, struct err *err)
{
	if (s->nul_line)
		return err_set(err, ERR_USAGE,
			"%s:%zu: it holds NUL characters and is not text; export it again as CSV "
			"(UTF-8, UTF-16 or Windows-1252).",
			t->name, s->nul_line);
	if (t->encoding != TEXT_UTF8)
		return s->bytes % 2
			       ? err_set(err, ERR_USAGE,
					 "%s:%zu: it is UTF-16 and cut short in the middle of a "
					 "character; export it again.",
					 t->name, s->line)
			       : 0;
	if (!s->utf8_line && !s->need)
		return 0;
	size_t line = s->utf8_line ? s->utf8_line : s->line;
	if (t->mark)
		return err_set(err, ERR_USAGE,
			"%s:%zu: it begins as UTF-8 and this line is not; export it again in one "
			"encoding.",
			t->name, line);
	if (s->cp1252_line)
		return err_set(err, ERR_USAGE,
			"%s:%zu: it is neither UTF-8 nor UTF-16 nor Windows-1252; export it again "
			"as UTF-8.",
			t->name, s->cp1252_line);
	t->encoding = TEXT_WINDOWS_1252;
	return 0;
}

static int look_through(struct text *t, uint64_t max, struct err *err)
{
	struct survey s = { .line = 1 };
	struct str bytes;

	for (;;) {
		if (next_chunk(t, &bytes, err))
			return err->code;
		if (!bytes.n)
			break;
		if (!s.bytes) {
			t->encoding = first_guess(bytes, &t->mark);
			if (refuse_kind(t, bytes, err))
				return err->code;
		}
		s.bytes += bytes.n;
		if (s.bytes > max)
			return err_set(err, ERR_USAGE,
				"%s: it is larger than %llu MiB; is it the right file?", t->name,
				(unsigned long long)(max >> 20));
		if (t->encoding != TEXT_UTF8)
			survey_utf16(&s, bytes, t->encoding == TEXT_UTF16BE);
		for (size_t i = 0; i < bytes.n && t->encoding == TEXT_UTF8; i++)
			survey_byte(&s, (unsigned char)bytes.p[i]);
	}
	return judge(t, &s, err);
}

/* ---- opening and decoding ------------------------------------------------------------------- */

static int begin(struct text *t, uint64_t max, struct text **out, struct err *err)
{
	if (look_through(t, max, err) || back_to(t, t->mark, err)) {
		text_close(t);
		return err->code;
	}
	*out = t;
	return 0;
}

int text_open(const char *path, uint64_t max, struct text **out, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_USAGE, err);

	if (!f)
		return err->code;
	struct text *t = xcalloc(1, sizeof(*t));
	t->name = path;
	t->f = f;
	t->chunk = xmalloc(CHUNK);
	return begin(t, max, out, err);
}

int text_of_bytes(const char *name, struct str bytes, struct text **out, struct err *err)
{
	struct text *t = xcalloc(1, sizeof(*t));

	t->name = name;
	t->all = bytes.n ? bytes : STR("");
	return begin(t, UINT64_MAX, out, err);
}

void text_close(struct text *t)
{
	if (!t)
		return;
	if (t->f)
		fclose(t->f);
	free(t->chunk);
	free(t);
}

enum text_encoding text_encoding(const struct text *t)
{
	return t->encoding;
}

static void put_unit(struct text *t, struct buf *out, uint32_t c)
{
	bool low = c >= 0xdc00 && c < 0xe000;

	if (t->high && low) {
		utf8_put(out, 0x10000 + ((t->high - 0xd800) << 10) + (c - 0xdc00));
		t->high = 0;
		return;
	}
	if (t->high)
		utf8_put(out, REPLACEMENT);
	t->high = c >= 0xd800 && c < 0xdc00 ? c : 0;
	if (!t->high)
		utf8_put(out, low ? REPLACEMENT : c);
}

static void put_utf16(struct text *t, struct buf *out, struct str s)
{
	bool big = t->encoding == TEXT_UTF16BE;

	for (size_t i = 0; i + 1 < s.n; i += 2)
		put_unit(t, out,
			(uint32_t)(unsigned char)s.p[i + !big] << 8 | (unsigned char)s.p[i + big]);
}

int text_more(struct text *t, struct buf *out, bool *more, struct err *err)
{
	struct str bytes;

	if (next_chunk(t, &bytes, err))
		return err->code;
	*more = bytes.n > 0;
	if (!*more && t->high) { /* half a pair at the very end */
		utf8_put(out, REPLACEMENT);
		t->high = 0;
		*more = true;
	}
	if (t->encoding == TEXT_UTF8)
		buf_put_str(out, bytes);
	else if (t->encoding == TEXT_WINDOWS_1252)
		for (size_t i = 0; i < bytes.n; i++)
			utf8_put(out, from_cp1252((unsigned char)bytes.p[i]));
	else
		put_utf16(t, out, bytes);
	return 0;
}
