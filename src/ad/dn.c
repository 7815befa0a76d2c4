#include "ad/dn.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static struct str from(struct str s, size_t at)
{
	if (at == 0) /* s.p may be NULL */
		return s;
	return (struct str){ s.p + at, s.n - at };
}

static struct str trim_left(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = from(s, 1);
	return s;
}

static struct str trim_right(struct str s)
{
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* Where the first separator that no backslash escapes stands; s.n when there is none. */
static size_t find_separator(struct str s, char separator)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == separator)
			return i;
	}
	return s.n;
}

/* Cuts the first RDN off; *rest is empty after the last one. */
static struct str cut_rdn(struct str s, struct str *rest)
{
	size_t end = find_separator(s, ',');

	*rest = trim_left(from(s, end < s.n ? end + 1 : s.n));
	return (struct str){ s.p, end };
}

/* Type and value, still escaped, of "type=value", without the spaces around them. */
static bool split_pair(struct str pair, struct str *type, struct str *value)
{
	struct str t = str_cut(trim_left(pair), '=', value);

	if (!value->p)
		return false;
	t = trim_right(t);
	if (t.n == 0 || !(is_alpha(t.p[0]) || is_digit(t.p[0])))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (!is_alpha(t.p[i]) && !is_digit(t.p[i]) && t.p[i] != '-' && t.p[i] != '.')
			return false;
	*type = t;
	*value = trim_left(*value);
	return true;
}

/* "#04024869" (RFC 4514 2.4): the text in a string type of BER, short form of the length. */
static bool unescape_hex(struct str value, struct buf *out)
{
	static const char string_tags[] = { 0x04, 0x0c, 0x13, 0x14, 0x16 };
	struct buf bytes = { 0 };

	for (size_t i = 1; i + 1 < value.n; i += 2) {
		int high = ascii_hex(value.p[i]), low = ascii_hex(value.p[i + 1]);

		if (high < 0 || low < 0)
			break;
		buf_putc(&bytes, (char)(high << 4 | low));
	}
	struct str b = buf_str(&bytes);
	bool good = value.n % 2 && b.n == value.n / 2 && b.n >= 2 && (size_t)b.p[1] == b.n - 2 &&
		    b.n <= 129 && memchr(string_tags, b.p[0], sizeof(string_tags));
	if (good)
		buf_put_str(out, from(b, 2));
	buf_free(&bytes);
	return good;
}

/* Appends the value without its escapes. False when an escape is cut off. */
static bool unescape(struct str value, struct buf *out)
{
	size_t keep = out->n; /* bytes that are not trailing unescaped spaces */

	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] != '\\') {
			buf_putc(out, value.p[i]);
			if (value.p[i] != ' ')
				keep = out->n;
			continue;
		}
		if (++i == value.n)
			return false;
		int high = ascii_hex(value.p[i]);
		int low = i + 1 < value.n ? ascii_hex(value.p[i + 1]) : -1;

		if (high >= 0 && low >= 0) {
			buf_putc(out, (char)(high << 4 | low));
			i++;
		} else if (high >= 0 || is_alpha(value.p[i])) {
			return false;
		} else {
			buf_putc(out, value.p[i]);
		}
		keep = out->n;
	}
	out->n = keep;
	return true;
}

/* Appends the value folded and escaped the one way. Bytes that are not UTF-8 stay as they are. */
static void put_value(struct buf *out, struct str value)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0, len; i < value.n; i += len) {
		uint32_t c = utf8_decode(from(value, i), &len);
		bool edge_space = c == ' ' && (i == 0 || i + 1 == value.n);

		if (c < 0x20 || c == 0x7f) {
			buf_putc(out, '\\');
			buf_putc(out, digits[c >> 4]);
			buf_putc(out, digits[c & 15]);
			continue;
		}
		if (edge_space || (c == '#' && i == 0) || (c < 0x80 && strchr("\"+,;<>\\", (int)c)))
			buf_putc(out, '\\');
		if (c >= 0x80 && len == 1)
			buf_putc(out, value.p[i]);
		else
			utf8_put(out, utf8_fold(c));
	}
}

static bool put_pair(struct str pair, struct buf *out)
{
	struct str type, value;
	struct buf plain = { 0 };

	if (!split_pair(pair, &type, &value))
		return false;
	for (size_t i = 0; i < type.n; i++)
		buf_putc(out, ascii_lower(type.p[i]));
	buf_putc(out, '=');
	if (value.n && value.p[0] != '#' && !memchr(value.p, '\\', value.n)) {
		put_value(out, trim_right(value)); /* most values: nothing to undo */
		return true;
	}
	bool good = value.n && value.p[0] == '#' ? unescape_hex(str_trim(value), &plain)
						 : unescape(value, &plain);
	put_value(out, buf_str(&plain));
	buf_free(&plain);
	return good;
}

/* A multi-valued RDN is a set (RFC 4514 2.2): its pairs are sorted. */
static bool put_rdn(struct str rdn, struct buf *out)
{
	if (find_separator(rdn, '+') == rdn.n)
		return put_pair(rdn, out);
	struct buf text[LIMIT_DN_PAIRS] = { 0 };
	size_t n = 0;
	bool good = true, more = true;

	while (good && more && n < ARRAY_LEN(text)) {
		size_t end = find_separator(rdn, '+');
		struct buf *pair = &text[n++];

		good = put_pair((struct str){ rdn.p, end }, pair);
		more = end < rdn.n;
		rdn = from(rdn, more ? end + 1 : end);
		for (size_t i = n - 1; i && str_cmp(buf_str(&text[i]), buf_str(&text[i - 1])) < 0;
			i--) {
			struct buf swap = text[i];

			text[i] = text[i - 1];
			text[i - 1] = swap;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(out, '+');
		buf_put_str(out, buf_str(&text[i]));
		buf_free(&text[i]);
	}
	return good && !more;
}

static bool canonical_general(struct arena *a, struct str text, struct str *out)
{
	struct buf b = { 0 };
	bool good = true, more = true;

	for (size_t depth = 1; good && more; depth++) {
		size_t end = find_separator(text, ',');

		more = end < text.n;
		good = depth <= LIMIT_DN_DEPTH && put_rdn((struct str){ text.p, end }, &b);
		text = from(text, more ? end + 1 : end);
		if (more)
			buf_putc(&b, ',');
	}
	if (good)
		*out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return good;
}

/* Of nearly every DN: types of letters, values of plain ASCII, no spaces around separators. Such
 * a DN only needs its letters lowered. */
static bool is_plain(struct str text)
{
	bool in_type = true;
	char before = ',';
	size_t depth = 1;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (in_type) {
			if (c == '=' && before != ',')
				in_type = false;
			else if (!is_alpha(c))
				return false;
		} else if (c == ',') {
			if (before == ' ')
				return false;
			in_type = true;
			depth++;
		} else if (c == ' ' || c == '#') {
			if (before == '=')
				return false;
		} else if (c < 0x21 || c > 0x7e || c == '"' || c == '+' || c == ';' || c == '<' ||
			   c == '>' || c == '\\') {
			return false;
		}
		before = c;
	}
	return !in_type && before != ' ' && depth <= LIMIT_DN_DEPTH;
}

bool dn_canonical(struct arena *a, struct str text, struct str *out)
{
	if (text.n > LIMIT_DN_BYTES)
		return false;
	if (is_plain(text)) {
		char *p = arena_alloc(a, text.n + 1);

		for (size_t i = 0; i < text.n; i++)
			p[i] = ascii_lower(text.p[i]);
		*out = (struct str){ p, text.n };
		return true;
	}
	text = trim_left(text);
	if (text.n == 0) {
		*out = STR("");
		return true;
	}
	return canonical_general(a, text, out);
}

struct str dn_parent(struct str text)
{
	struct str rest;

	cut_rdn(text, &rest);
	return rest;
}

struct str dn_rdn(struct str text)
{
	struct str rest;

	return cut_rdn(text, &rest);
}

/* True when the character at `at` is escaped: an odd number of backslashes before it. */
static bool is_escaped(struct str s, size_t at)
{
	size_t first = at;

	while (first && s.p[first - 1] == '\\')
		first--;
	return (at - first) % 2;
}

bool dn_is_below(struct str child, struct str ancestor)
{
	if (ancestor.n == 0)
		return true;
	if (child.n < ancestor.n || !str_eq(from(child, child.n - ancestor.n), ancestor))
		return false;
	if (child.n == ancestor.n)
		return true;
	size_t comma = child.n - ancestor.n - 1;
	return child.p[comma] == ',' && !is_escaped(child, comma);
}

/* Type and unescaped value of the first pair of an RDN; the caller frees *value. */
static bool read_first_pair(struct str rdn, struct str *type, struct buf *value)
{
	struct str raw, pair = { rdn.p, find_separator(rdn, '+') };

	if (!split_pair(pair, type, &raw))
		return false;
	return raw.n && raw.p[0] == '#' ? unescape_hex(str_trim(raw), value) : unescape(raw, value);
}

struct str dn_rdn_value(struct arena *a, struct str text)
{
	struct str rest, type, out = STR("");
	struct buf value = { 0 };

	if (read_first_pair(cut_rdn(text, &rest), &type, &value))
		out = arena_str(a, buf_str(&value));
	buf_free(&value);
	return out;
}

struct str dn_dns_domain(struct arena *a, struct str text)
{
	struct buf name = { 0 };

	while (text.n) {
		struct buf label = { 0 };
		struct str type, rdn = cut_rdn(text, &text);

		if (find_separator(rdn, '+') < rdn.n || !read_first_pair(rdn, &type, &label) ||
			!str_ieq(type, STR("DC"))) {
			buf_clear(&name);
		} else {
			if (name.n)
				buf_putc(&name, '.');
			put_value(&name, buf_str(&label));
		}
		buf_free(&label);
	}
	struct str out = arena_str(a, buf_str(&name));
	buf_free(&name);
	return out;
}

size_t dn_depth(struct str text)
{
	size_t depth = 0;

	text = trim_left(text);
	while (text.n) {
		size_t end = find_separator(text, ',');

		depth++;
		text = from(text, end < text.n ? end + 1 : end);
	}
	return depth;
}

bool dn_binary_split(struct str text, struct str *hex, struct str *dn)
{
	struct str count, rest;
	uint64_t n;

	if (!str_istarts(text, STR("B:")))
		return false;
	count = str_cut(from(text, 2), ':', &rest);
	if (!rest.p || !str_to_u64(count, &n) || n % 2 || rest.n <= n || rest.p[n] != ':')
		return false;
	for (size_t i = 0; i < n; i++)
		if (ascii_hex(rest.p[i]) < 0)
			return false;
	*hex = (struct str){ rest.p, (size_t)n };
	*dn = from(rest, (size_t)n + 1);
	return true;
}
