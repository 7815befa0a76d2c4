#include "reports/powershell_text.h"

#include "base/utf8.h"

#define WRAP 100

/* A comment within 10 edits of "sig#beginsignatureblock", blanks left out, begins a signature; one
 * of more than 34 characters never does (tokenizer.cs, ScanToEndOfCommentLine). */
#define SIGNATURE_ROOM 40
#define OUTSIDE_MOST 2000

static bool is_quote(uint32_t c)
{
	return c == '\'' || (c >= 0x2018 && c <= 0x201B);
}

/* Would end a line, hide or turn what stands behind it? */
static bool is_unsafe(uint32_t c)
{
	return c < ' ' || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

static uint32_t next_safe(struct str *s)
{
	size_t len;
	uint32_t c = utf8_decode(*s, &len);

	s->p += len;
	s->n -= len;
	return is_unsafe(c) ? 0xFFFD : c;
}

void powershell_put_quoted(struct buf *out, struct str value)
{
	while (value.n) {
		uint32_t c = next_safe(&value);

		if (is_quote(c))
			utf8_put(out, c);
		utf8_put(out, c);
	}
}

static void begin_comment(struct buf *out, unsigned indent)
{
	for (unsigned i = 0; i < indent; i++)
		buf_putc(out, ' ');
	buf_putc(out, '#');
}

/* French sets a blank before these and behind an opening quotation mark: no line breaks there. */
static bool is_closing(struct str word)
{
	return str_eq(word, STR(":")) || str_eq(word, STR(";")) || str_eq(word, STR("?")) ||
	       str_eq(word, STR("!")) || str_starts(word, STR("»"));
}

static struct str next_word(struct str *line)
{
	struct str word = str_cut(*line, ' ', line), rest, next;

	while (line->n) {
		next = str_cut(*line, ' ', &rest);
		if (!is_closing(next) && !str_eq(word, STR("«")))
			break;
		word.n = (size_t)(next.p + next.n - word.p);
		*line = rest;
	}
	return word;
}

static void put_wrapped(struct buf *out, unsigned indent, struct str line)
{
	size_t column = indent + 1;

	begin_comment(out, indent);
	while (line.n) {
		struct str word = next_word(&line);
		size_t length = utf8_length(word);

		if (!word.n)
			continue;
		if (column + 1 + length > WRAP && column > indent + 1) {
			buf_putz(out, POWERSHELL_LINE_END);
			begin_comment(out, indent);
			column = indent + 1;
		}
		buf_putc(out, ' ');
		while (word.n)
			utf8_put(out, next_safe(&word));
		column += 1 + length;
	}
	buf_putz(out, POWERSHELL_LINE_END);
}

void powershell_put_comment(struct buf *out, unsigned indent, struct str text)
{
	while (text.p)
		put_wrapped(out, indent, str_cut(text, '\n', &text));
}

/* Blanks do not count for a signature; those of Unicode are made one of ours. */
static bool is_wide_blank(uint32_t c)
{
	return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

static void put_outside(struct buf *out, struct str line)
{
	size_t shown = 0;

	for (size_t n = 0; line.n && n < OUTSIDE_MOST; n++) {
		uint32_t c = next_safe(&line);

		if (is_wide_blank(c))
			c = ' ';
		shown += c != ' ';
		utf8_put(out, c);
	}
	if (line.n)
		buf_putz(out, "…");
	if (shown < SIGNATURE_ROOM)
		buf_putz(out, " # ");
	for (; shown < SIGNATURE_ROOM; shown++)
		buf_putc(out, '.');
}

void powershell_put_line(struct buf *out, unsigned indent, struct str text, bool outside)
{
	while (text.p) {
		struct str line = str_cut(text, '\n', &text);

		begin_comment(out, indent);
		buf_putc(out, ' ');
		if (outside)
			put_outside(out, line);
		else
			buf_put_str(out, line);
		buf_putz(out, POWERSHELL_LINE_END);
	}
}
