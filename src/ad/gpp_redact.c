#include "ad/gpp.h"

#include "ad/gpo_text.h"

static const struct str word = { "cpassword", 9 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_spaces(struct str s, size_t at)
{
	while (at < s.n && is_space(s.p[at]))
		at++;
	return at;
}

/* A value ends at its quote. Without quotes (no XML, but somebody may have written it by hand) it
 * ends at a space, a quote or the tag's end. No attribute goes on over '<' (XML 1.0 2.3): what does
 * is text, and the tag behind it stays. */
static bool ends_value(char c, char quote)
{
	return c == '<' || (quote ? c == quote : is_space(c) || c == '>' || c == '"' || c == '\'');
}

/* The value of a cpassword whose name ends at `at`: [*from, *to). */
static bool find_value(struct str s, size_t at, size_t *from, size_t *to)
{
	at = skip_spaces(s, at);
	if (at == s.n || s.p[at] != '=')
		return false;
	at = skip_spaces(s, at + 1);
	if (at == s.n)
		return false;
	char quote = s.p[at];

	if (quote != '"' && quote != '\'')
		quote = 0;

	size_t start = quote ? at + 1 : at, end = start;

	while (end < s.n && !ends_value(s.p[end], quote))
		end++;
	*from = start;
	*to = end;
	return end > start;
}

size_t gpp_redact(struct str bytes, struct buf *out)
{
	struct arena a = { 0 };
	struct str s = gpo_text(&a, bytes);
	size_t written = 0, found = 0, from, to;

	for (size_t i = 0; i + word.n <= s.n; i++) {
		if (!str_ieq((struct str){ s.p + i, word.n }, word) ||
			!find_value(s, i + word.n, &from, &to))
			continue;
		buf_put(out, s.p + written, from - written);
		buf_putz(out, GPP_REDACTED);
		written = to;
		i = to - 1;
		found++;
	}
	buf_put(out, s.p + written, s.n - written);
	arena_free(&a);
	return found;
}
