/* GUIDs (MS-DTYP 2.3.4) as their 16 bytes on the wire, and the text form in registry order. */
#ifndef AD_GUID_H
#define AD_GUID_H

#include "base/str.h"

struct guid {
	unsigned char b[16]; /* all zero: none */
};

#define GUID_TEXT 40

bool guid_parse(struct str bytes, struct guid *out);
/* 00299570-246d-11d0-a768-00aa006e0529, with or without braces, any case. */
bool guid_from_text(struct str text, struct guid *out);
/* Lower case, into out[GUID_TEXT]; returns out. */
const char *guid_text(const struct guid *g, char *out);
bool guid_eq(const struct guid *a, const struct guid *b);
bool guid_is_none(const struct guid *g);
int guid_cmp(const struct guid *a, const struct guid *b); /* memcmp of the 16 bytes */

#endif
