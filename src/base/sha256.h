/* SHA-256 (FIPS 180-4), by OpenSSL. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/err.h"
#include "base/str.h"

/* Lower-case hex of the digest of all parts, one behind the other. */
int sha256_hex(const struct str *parts, size_t count, char out[65], struct err *err);

#define HMAC_KEY_BYTES 32
/* Lower-case hex of HMAC-SHA-256 (RFC 2104) of text under a key of HMAC_KEY_BYTES. */
int hmac_sha256_hex(const unsigned char *key, struct str text, char out[65], struct err *err);

#endif
