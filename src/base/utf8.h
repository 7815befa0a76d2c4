/* Text of the directory is UTF-8 by RFC 4511, but nothing proves it: what is not becomes U+FFFD. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* The code point at s.p, *len its bytes; U+FFFD and 1 for a byte that begins none (RFC 3629: no
 * surrogates, no overlong forms). s.n must not be 0. */
uint32_t utf8_decode(struct str s, size_t *len);
/* Appends one code point. */
void utf8_put(struct buf *b, uint32_t code_point);
/* True when s is UTF-8 without characters that XML 1.0 forbids. */
bool utf8_clean(struct str s);
/* s itself when it is clean, else a copy in which each offending byte or character is U+FFFD. */
struct str utf8_sanitize(struct arena *a, struct str s);
/* Simple case folding of Latin, Greek and Cyrillic letters, the case-insensitivity of AD's
 * Unicode string syntax as far as French, English and neighbouring names need it. */
uint32_t utf8_fold(uint32_t code_point);
bool utf8_ieq(struct str a, struct str b);
/* A folded copy, for hashing; no bytes are lost when s is not UTF-8. */
struct str utf8_folded(struct arena *a, struct str s);
/* Number of code points. */
size_t utf8_length(struct str s);

#endif
