/* A length-counted run of bytes that somebody else owns: LDAP values may contain NUL bytes. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/banned.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

/* A string literal as a struct str, and the two arguments of a "%.*s". */
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *z);
bool str_eq(struct str a, struct str b);
/* ASCII case is ignored: attribute names, class names, LDAP keywords. For names of the directory
 * use utf8_casecmp(). */
bool str_ieq(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
bool str_istarts(struct str s, struct str prefix);
bool str_iends(struct str s, struct str suffix);
/* memcmp order, the shorter one first; the order of everything this program sorts. */
int str_cmp(struct str a, struct str b);
/* ASCII case-insensitive comparison of zero-terminated strings; 0 when equal. */
int ascii_casecmp(const char *a, const char *b);
/* The value of a hexadecimal digit of either case, -1 for anything else. */
int ascii_hex(char c);
/* Cuts s at the first sep: returns what stands before it, *rest gets what follows (or {NULL, 0}).
 */
struct str str_cut(struct str s, char sep, struct str *rest);
struct str str_trim(struct str s);
/* Decimal integers as LDAP writes them, with an optional '-'. False on anything else and on
 * overflow. */
bool str_to_i64(struct str s, int64_t *out);
bool str_to_u64(struct str s, uint64_t *out);

/* Levenshtein's distance, for "did you mean"; SIZE_MAX for words of more than 96 bytes. */
size_t str_distance(struct str a, struct str b);

#endif
