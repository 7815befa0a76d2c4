#include "ad/gpo_text.h"

#include "base/buf.h"
#include "base/utf8.h"

#define REPLACEMENT 0xfffdu

enum encoding { UTF_8, UTF_16_LE, UTF_16_BE };

/* Where there is no mark, the zero bytes of ASCII say which half comes first: all these files begin
 * with '[', ';', '<' or a letter. */
static enum encoding detect(struct str bytes, size_t *mark)
{
	const unsigned char *p = (const unsigned char *)bytes.p;

	*mark = 0;
	if (bytes.n >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
		*mark = 3;
		return UTF_8;
	}
	if (bytes.n < 2)
		return UTF_8;
	if ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff)) {
		*mark = 2;
		return p[0] == 0xff ? UTF_16_LE : UTF_16_BE;
	}
	if (p[0] && !p[1])
		return UTF_16_LE;
	return !p[0] && p[1] ? UTF_16_BE : UTF_8;
}

static uint32_t unit(struct str s, size_t at, enum encoding e)
{
	uint32_t first = (unsigned char)s.p[at], second = (unsigned char)s.p[at + 1];

	return e == UTF_16_LE ? first | second << 8 : first << 8 | second;
}

static void put_utf16(struct buf *out, struct str s, enum encoding e)
{
	for (size_t i = 0; i + 1 < s.n; i += 2) {
		uint32_t c = unit(s, i, e);

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n) {
			uint32_t low = unit(s, i + 2, e);

			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		utf8_put(out, c >= 0xd800 && c < 0xe000 ? REPLACEMENT : c);
	}
}

/* Files that were converted twice carry several marks. */
static struct str without_marks(struct str s)
{
	while (str_starts(s, STR("\xef\xbb\xbf")))
		s = (struct str){ s.p + 3, s.n - 3 };
	return s;
}

struct str gpo_text(struct arena *a, struct str bytes)
{
	size_t mark;
	enum encoding e = detect(bytes, &mark);
	struct str body = { bytes.p + mark, bytes.n - mark };
	struct buf utf8 = { 0 };

	if (!bytes.n)
		return STR("");
	if (e == UTF_8)
		return utf8_sanitize(a, without_marks(arena_str(a, body)));
	put_utf16(&utf8, body, e);
	struct str text = utf8_sanitize(a, without_marks(arena_str(a, buf_str(&utf8))));
	buf_free(&utf8);
	return text;
}

bool ini_next(struct ini *i, struct ini_line *out)
{
	while (i->rest.n) {
		struct str line = str_trim(str_cut(i->rest, '\n', &i->rest));

		if (!line.n || line.p[0] == ';')
			continue;
		if (line.p[0] == '[') {
			struct str after;

			i->section = str_trim(
				str_cut((struct str){ line.p + 1, line.n - 1 }, ']', &after));
			continue;
		}
		struct str value;
		struct str key = str_trim(str_cut(line, '=', &value));

		*out = (struct ini_line){ i->section, line, key,
			value.p ? str_trim(value) : value };
		return true;
	}
	return false;
}

struct str ini_unquote(struct str s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct str){ s.p + 1, s.n - 2 };
	return s;
}
