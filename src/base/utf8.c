#include "base/utf8.h"

#define REPLACEMENT UINT32_C(0xfffd)

uint32_t utf8_decode(struct str s, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t c = p[0];
	size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	*len = 1;
	if (c < 0x80)
		return c;
	if (c < 0xc2 || c > 0xf4 || more >= s.n)
		return REPLACEMENT;
	c &= 0x3fu >> more;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return REPLACEMENT;
	*len = more + 1;
	return c;
}

void utf8_put(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
	} else if (c < 0x800) {
		char t[2] = { (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)) };

		buf_put(b, t, sizeof(t));
	} else if (c < 0x10000) {
		char t[3] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
			(char)(0x80 | (c & 0x3f)) };

		buf_put(b, t, sizeof(t));
	} else {
		char t[4] = { (char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)),
			(char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)) };

		buf_put(b, t, sizeof(t));
	}
}

/* XML 1.0 "Char": reports are XML (xlsx) and must never be made ill-formed by a name. */
static bool xml_char(uint32_t c)
{
	return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

bool utf8_clean(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		unsigned char byte = (unsigned char)s.p[i];

		if (byte >= 0x20 && byte < 0x80) {
			i++;
			continue;
		}
		size_t len;
		uint32_t c = utf8_decode((struct str){ s.p + i, s.n - i }, &len);
		if (!xml_char(c) || (c == REPLACEMENT && len == 1))
			return false;
		i += len;
	}
	return true;
}

struct str utf8_sanitize(struct arena *a, struct str s)
{
	if (utf8_clean(s))
		return s;
	struct buf b = { 0 };
	for (size_t i = 0, len; i < s.n; i += len) {
		uint32_t c = utf8_decode((struct str){ s.p + i, s.n - i }, &len);

		utf8_put(&b, xml_char(c) ? c : REPLACEMENT);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static uint32_t fold_greek(uint32_t c)
{
	if (c >= 0x391 && c <= 0x3ab && c != 0x3a2)
		return c + 32;
	if (c >= 0x388 && c <= 0x38a)
		return c + 37;
	switch (c) {
	case 0x386:
		return 0x3ac;
	case 0x38c:
		return 0x3cc;
	case 0x38e:
	case 0x38f:
		return c + 63;
	case 0x3c2: /* final sigma */
		return 0x3c3;
	default:
		return c;
	}
}

uint32_t utf8_fold(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if (c >= 0xc0 && c <= 0xde && c != 0xd7)
		return c + 32;
	if ((c >= 0x100 && c <= 0x12f) || (c >= 0x132 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c % 2 ? c + 1 : c;
	if (c == 0x178)
		return 0xff;
	if (c >= 0x218 && c <= 0x21f) /* Romanian */
		return c | 1;
	if (c >= 0x386 && c <= 0x3c2)
		return fold_greek(c);
	if (c >= 0x410 && c <= 0x42f)
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	return c;
}

bool utf8_ieq(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	while (i < a.n && j < b.n) {
		size_t la, lb;
		uint32_t ca = utf8_decode((struct str){ a.p + i, a.n - i }, &la);
		uint32_t cb = utf8_decode((struct str){ b.p + j, b.n - j }, &lb);

		if (ca == REPLACEMENT && cb == REPLACEMENT) {
			/* A byte that is no UTF-8 equals the same byte, not U+FFFD. */
			if (la != lb || a.p[i] != b.p[j])
				return false;
		} else if (ca != cb && utf8_fold(ca) != utf8_fold(cb)) {
			return false;
		}
		i += la;
		j += lb;
	}
	return i == a.n && j == b.n;
}

struct str utf8_folded(struct arena *a, struct str s)
{
	struct buf b = { 0 };

	for (size_t i = 0, len; i < s.n; i += len) {
		uint32_t c = utf8_decode((struct str){ s.p + i, s.n - i }, &len);

		if (c == REPLACEMENT && len == 1)
			buf_putc(&b, s.p[i]);
		else
			utf8_put(&b, utf8_fold(c));
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

size_t utf8_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0, len = 1; i < s.n; i += len, n++) {
		if ((unsigned char)s.p[i] < 0x80)
			len = 1;
		else
			utf8_decode((struct str){ s.p + i, s.n - i }, &len);
	}
	return n;
}
