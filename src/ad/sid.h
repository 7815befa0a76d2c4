/* Security identifiers (MS-DTYP 2.4.2): a value type, compared and copied by value. */
#ifndef AD_SID_H
#define AD_SID_H

#include "base/limits.h"
#include "base/str.h"

struct sid {
	uint8_t revision;   /* 1; 0 means "no SID" */
	uint8_t count;	    /* of sub */
	uint64_t authority; /* 48 bits */
	uint32_t sub[LIMIT_SID_SUBAUTHORITIES];
};

#define SID_TEXT 192

/* The binary form; the whole of `bytes` must be one SID. *out untouched on failure. */
bool sid_parse(struct str bytes, struct sid *out);
/* A SID at the start of `bytes`; *used gets its length. */
bool sid_parse_prefix(struct str bytes, struct sid *out, size_t *used);
/* The string form S-1-5-…, decimal or 0x authority (MS-DTYP 2.4.2.1). */
bool sid_from_text(struct str text, struct sid *out);
/* Into out[SID_TEXT]; returns out. "" for no SID. */
const char *sid_text(const struct sid *s, char *out);
bool sid_is_none(const struct sid *s);
bool sid_eq(const struct sid *a, const struct sid *b);
/* Binary form into out (at least 68 bytes); returns its length. For hashing and for tests. */
size_t sid_bytes(const struct sid *s, unsigned char *out);
/* True for S-1-5-21-a-b-c-rid of this domain S-1-5-21-a-b-c; *rid gets the last part. */
bool sid_in_domain(const struct sid *s, const struct sid *domain, uint32_t *rid);
/* The last subauthority; 0 when there is none. */
uint32_t sid_rid(const struct sid *s);
/* The SID without its last subauthority. */
struct sid sid_domain(const struct sid *s);
/* domain plus rid. */
struct sid sid_with_rid(const struct sid *domain, uint32_t rid);
/* S-1-5-32-rid. */
struct sid sid_builtin(uint32_t rid);
/* True for S-1-5-21-… with at least five subauthorities: an account or group of some domain. */
bool sid_is_domain_principal(const struct sid *s);

#endif
