#include "ad/guid.h"

#include <string.h>

/* Byte of the wire form behind each pair of digits of the text: the first three fields are little
 * endian (MS-DTYP 2.3.4.2). */
static const unsigned char text_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14,
	15 };

bool guid_parse(struct str bytes, struct guid *out)
{
	if (bytes.n != sizeof(out->b))
		return false;
	memcpy(out->b, bytes.p, sizeof(out->b));
	return true;
}

bool guid_from_text(struct str text, struct guid *out)
{
	struct guid g;
	size_t at = 0;

	if (text.n == 38 && text.p[0] == '{' && text.p[37] == '}')
		text = (struct str){ text.p + 1, 36 };
	if (text.n != 36)
		return false;
	for (int i = 0; i < 16; i++) {
		if ((i == 4 || i == 6 || i == 8 || i == 10) && text.p[at++] != '-')
			return false;
		int high = ascii_hex(text.p[at]), low = ascii_hex(text.p[at + 1]);

		if (high < 0 || low < 0)
			return false;
		g.b[text_order[i]] = (unsigned char)(high << 4 | low);
		at += 2;
	}
	*out = g;
	return true;
}

const char *guid_text(const struct guid *g, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (int i = 0; i < 16; i++) {
		unsigned char byte = g->b[text_order[i]];

		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = digits[byte >> 4];
		out[at++] = digits[byte & 15];
	}
	out[at] = '\0';
	return out;
}

bool guid_eq(const struct guid *a, const struct guid *b)
{
	return guid_cmp(a, b) == 0;
}

bool guid_is_none(const struct guid *g)
{
	return guid_eq(g, &(const struct guid){ { 0 } });
}

int guid_cmp(const struct guid *a, const struct guid *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}
