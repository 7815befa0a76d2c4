#include "snapshot/ldif_source.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/platform.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CHUNK ((size_t)256 * 1024)

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE };

struct ldif_source {
	const char *path;
	FILE *f;
	unsigned char *in; /* bytes of the file: in[in_at] to in[in_end] are not used yet */
	size_t in_at, in_end;
	bool gzip, inside_member;
	z_stream z;
	enum encoding encoding;
	unsigned char *raw; /* unpacked bytes that are not decoded yet */
	size_t raw_at, raw_end;
	uint32_t high; /* first half of a surrogate pair, 0: none */
};

static int fill(struct ldif_source *s, struct err *err)
{
	s->in_at = 0;
	s->in_end = fread(s->in, 1, CHUNK, s->f);
	if (s->in_end < CHUNK && ferror(s->f))
		return err_set(err, ERR_SOURCE, "Cannot read '%s': %s.", s->path, strerror(errno));
	return 0;
}

/* Between two members of a gzip file: another one, padding with zeros, or the end (RFC 1952 2.2).
 * zlib's own reader ignores anything else that follows, and with it perhaps half a directory. */
static int begin_member(struct ldif_source *s, struct err *err)
{
	while (s->in_at < s->in_end && s->in[s->in_at] == 0)
		s->in_at++;
	if (s->in_at == s->in_end)
		return 0;
	if (s->in[s->in_at] != 0x1f)
		return err_set(err, ERR_SOURCE,
			"'%s': bytes that are not gzip follow the compressed data; compress the "
			"file again.",
			s->path);
	inflateReset(&s->z);
	s->inside_member = true;
	return 0;
}

static int inflate_some(
	struct ldif_source *s, unsigned char *out, size_t room, size_t *got, struct err *err)
{
	s->z.next_in = s->in + s->in_at;
	s->z.avail_in = (uInt)(s->in_end - s->in_at);
	s->z.next_out = out;
	s->z.avail_out = (uInt)room;
	int code = inflate(&s->z, Z_NO_FLUSH);
	s->in_at = s->in_end - s->z.avail_in;
	*got = room - s->z.avail_out;
	if (code == Z_STREAM_END)
		s->inside_member = false;
	else if (code != Z_OK && code != Z_BUF_ERROR)
		return err_set(err, ERR_SOURCE,
			"'%s' is damaged (gzip: %s); copy it again or export again.", s->path,
			s->z.msg ? s->z.msg : zError(code));
	return 0;
}

static int read_gzip(
	struct ldif_source *s, unsigned char *out, size_t room, size_t *got, struct err *err)
{
	for (*got = 0; *got == 0;) {
		if (s->in_at == s->in_end && fill(s, err))
			return err->code;
		if (s->in_end == 0) {
			if (s->inside_member)
				return err_set(err, ERR_SOURCE,
					"'%s' is cut short (gzip); copy it again or export again.",
					s->path);
			return 0;
		}
		if (!s->inside_member && begin_member(s, err))
			return err->code;
		if (s->inside_member && inflate_some(s, out, room, got, err))
			return err->code;
	}
	return 0;
}

static int read_raw(
	struct ldif_source *s, unsigned char *out, size_t room, size_t *got, struct err *err)
{
	if (room > CHUNK)
		room = CHUNK;
	if (s->gzip)
		return read_gzip(s, out, room, got, err);
	if (s->in_at == s->in_end && fill(s, err))
		return err->code;
	size_t n = s->in_end - s->in_at;
	if (n > room)
		n = room;
	memcpy(out, s->in + s->in_at, n);
	s->in_at += n;
	*got = n;
	return 0;
}

/* Keeps what is left of raw and adds to it; *more is false at the end of the file. */
static int fill_raw(struct ldif_source *s, bool *more, struct err *err)
{
	size_t got = 0;

	memmove(s->raw, s->raw + s->raw_at, s->raw_end - s->raw_at);
	s->raw_end -= s->raw_at;
	s->raw_at = 0;
	if (read_raw(s, s->raw + s->raw_end, CHUNK - s->raw_end, &got, err))
		return err->code;
	s->raw_end += got;
	*more = got != 0;
	return 0;
}

static int find_encoding(struct ldif_source *s, struct err *err)
{
	static const struct {
		unsigned char mark[3];
		size_t n;
		enum encoding encoding;
	} marks[] = {
		{ { 0xef, 0xbb, 0xbf }, 3, ENCODING_UTF8 },
		{ { 0xff, 0xfe }, 2, ENCODING_UTF16LE },
		{ { 0xfe, 0xff }, 2, ENCODING_UTF16BE },
	};

	for (bool more = true; more && s->raw_end < 3;)
		if (fill_raw(s, &more, err))
			return err->code;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (s->raw_end < marks[i].n || memcmp(s->raw, marks[i].mark, marks[i].n) != 0)
			continue;
		s->encoding = marks[i].encoding;
		s->raw_at = marks[i].n;
		break;
	}
	return 0;
}

int ldif_source_open(const char *path, struct ldif_source **out, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_SOURCE, err);

	if (!f)
		return err->code;
	struct ldif_source *s = xcalloc(1, sizeof(*s));
	s->path = path;
	s->f = f;
	s->in = xmalloc(CHUNK);
	s->raw = xmalloc(CHUNK);
	int code = fill(s, err);
	if (!code && s->in_end >= 2 && s->in[0] == 0x1f && s->in[1] == 0x8b) {
		/* 16: gzip, with its checksum and length verified */
		if (inflateInit2(&s->z, 16 + MAX_WBITS) == Z_OK)
			s->gzip = s->inside_member = true;
		else
			code = err_set(err, ERR_INTERNAL, "zlib does not start.");
	}
	if (!code)
		code = find_encoding(s, err);
	if (code)
		ldif_source_close(s);
	else
		*out = s;
	return code;
}

/* The bytes of code point c in out (4 bytes of room); returns their number (RFC 3629). */
static size_t encode(uint32_t c, char *out)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* One UTF-16 unit; up to two code points, where a lone half of a pair becomes U+FFFD. */
static size_t decode_unit(struct ldif_source *s, uint32_t unit, char *out)
{
	uint32_t high = s->high;
	size_t n = 0;

	s->high = 0;
	if (unit >= 0xdc00 && unit < 0xe000)
		return encode(
			high ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd, out);
	if (high)
		n = encode(0xfffd, out);
	if (unit >= 0xd800 && unit < 0xdc00)
		s->high = unit;
	else
		n += encode(unit, out + n);
	return n;
}

static int read_utf16(struct ldif_source *s, char *out, size_t room, size_t *got, struct err *err)
{
	bool little = s->encoding == ENCODING_UTF16LE;

	*got = 0;
	for (bool more = true; more && *got == 0;) {
		if (s->raw_end - s->raw_at < 2 && fill_raw(s, &more, err))
			return err->code;
		for (; s->raw_end - s->raw_at >= 2 && room - *got >= 8; s->raw_at += 2) {
			const unsigned char *u = s->raw + s->raw_at;
			uint32_t unit = (uint32_t)(u[little] << 8 | u[!little]);

			*got += decode_unit(s, unit, out + *got);
		}
	}
	/* The end: half a unit, or half a pair. */
	if (*got == 0 && (s->high || s->raw_at < s->raw_end)) {
		*got = encode(0xfffd, out);
		s->high = 0;
		s->raw_at = s->raw_end;
	}
	return 0;
}

int ldif_source_read(struct ldif_source *s, char *out, size_t room, size_t *got, struct err *err)
{
	if (s->encoding != ENCODING_UTF8)
		return read_utf16(s, out, room, got, err);
	if (s->raw_at == s->raw_end)
		return read_raw(s, (unsigned char *)out, room, got, err);
	/* what was read to find the encoding */
	size_t n = s->raw_end - s->raw_at;
	if (n > room)
		n = room;
	memcpy(out, s->raw + s->raw_at, n);
	s->raw_at += n;
	*got = n;
	return 0;
}

void ldif_source_close(struct ldif_source *s)
{
	if (!s)
		return;
	if (s->gzip)
		inflateEnd(&s->z);
	fclose(s->f);
	free(s->in);
	free(s->raw);
	free(s);
}
