#include "base/err.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Names from a directory may hold escape sequences, in ASCII or as the C1 controls of UTF-8; a
 * terminal must not see them. A character cut at the end of the room goes, too. */
static void make_printable(char *text, bool was_cut)
{
	struct str rest = str_of(text);
	char *to = text;

	while (rest.n) {
		size_t len;
		uint32_t c = utf8_decode(rest, &len);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c == 0xfffd && len == 1)) {
			if (!(was_cut && c == 0xfffd && rest.n < 4))
				*to++ = '?';
		} else {
			memmove(to, rest.p, len);
			to += len;
		}
		rest = (struct str){ rest.p + len, rest.n - len };
	}
	*to = '\0';
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (n < 0)
		err->text[0] = '\0';
	make_printable(err->text, n >= (int)sizeof(err->text));
	err->code = code;
	return code;
}
