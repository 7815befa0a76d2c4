#include "snapshot/ldif_line.h"

#include "base/limits.h"

#include <string.h>

/* The end of the line at p, without its line end; *next gets the next line. */
static char *line_end(char *p, char *end, char **next)
{
	char *nl = memchr(p, '\n', (size_t)(end - p));

	*next = nl ? nl + 1 : end;
	if (!nl)
		nl = end;
	return nl > p && nl[-1] == '\r' ? nl - 1 : nl;
}

char *ldif_unfold(char **at, char *end, uint64_t *lines, size_t *n)
{
	char *line = *at, *next;
	char *tail = line_end(line, end, &next);

	++*lines;
	while (next < end && *next == ' ') {
		char *part = next + 1;
		char *part_end = line_end(part, end, &next);
		size_t part_n = (size_t)(part_end - part);

		memmove(tail, part, part_n);
		tail += part_n;
		++*lines;
	}
	*at = next;
	*n = (size_t)(tail - line);
	return line;
}

/* Letters, digits, '-' and '.' (RFC 4512 1.4), and '_', which some schemas have. */
static bool is_name(struct str s)
{
	if (s.n == 0 || s.n > LIMIT_ATTRIBUTE_NAME_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '.' || c == '_'))
			return false;
	}
	return true;
}

bool ldif_split(char *line, size_t n, struct ldif_line *out)
{
	struct ldif_line l = { .form = LDIF_TEXT };
	const char *colon = memchr(line, ':', n);

	if (!colon)
		return false;
	size_t at = (size_t)(colon - line);
	l.name = str_cut((struct str){ line, at }, ';', &l.options);
	if (!is_name(l.name))
		return false;
	at++;
	if (at < n && (line[at] == ':' || line[at] == '<')) {
		l.form = line[at] == ':' ? LDIF_BASE64 : LDIF_URL;
		at++;
	}
	while (at < n && line[at] == ' ')
		at++;
	l.value = line + at;
	l.n = n - at;
	*out = l;
	return true;
}

#define NO 255
/* '+' to 'z' */
static const unsigned char sextets[] = { 62, NO, NO, NO, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61,
	NO, NO, NO, NO, NO, NO, NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
	18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO, NO, 26, 27, 28, 29, 30, 31, 32, 33, 34,
	35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51 };

static unsigned sextet(char c)
{
	unsigned at = (unsigned)(unsigned char)c - '+';

	return at < sizeof(sextets) ? sextets[at] : NO;
}

bool ldif_base64(char *p, size_t *n)
{
	size_t left = *n;
	char *out = p;
	const char *in = p;

	while (left && p[left - 1] == ' ')
		left--;
	if (left % 4)
		return false;
	if (left && p[left - 1] == '=')
		left -= p[left - 2] == '=' ? 2 : 1;
	for (; left >= 4; left -= 4, in += 4) {
		unsigned a = sextet(in[0]), b = sextet(in[1]), c = sextet(in[2]), d = sextet(in[3]);

		if ((a | b | c | d) == NO)
			return false;
		*out++ = (char)(a << 2 | b >> 4);
		*out++ = (char)(b << 4 | c >> 2);
		*out++ = (char)(c << 6 | d);
	}
	if (left) {
		unsigned a = sextet(in[0]), b = sextet(in[1]), c = left == 3 ? sextet(in[2]) : 0;

		if ((a | b | c) == NO)
			return false;
		*out++ = (char)(a << 2 | b >> 4);
		if (left == 3)
			*out++ = (char)(b << 4 | c >> 2);
	}
	*n = (size_t)(out - p);
	return true;
}

int ldif_range_parse(struct str options, struct ldif_range *out)
{
	while (options.n) {
		struct str high, option = str_cut(options, ';', &options);
		struct ldif_range r = { 0, UINT64_MAX };

		if (!str_istarts(option, STR("range=")))
			continue;
		struct str low = str_cut((struct str){ option.p + 6, option.n - 6 }, '-', &high);
		if (!str_to_u64(low, &r.low) ||
			(!str_eq(high, STR("*")) &&
				(!str_to_u64(high, &r.high) || r.high == UINT64_MAX)))
			return -1;
		*out = r;
		return 1;
	}
	return 0;
}
