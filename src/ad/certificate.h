/* What a directory's X.509 certificates (RFC 5280) say about their own strength. Nothing is
 * verified: no chain, no signature, no revocation. */
#ifndef AD_CERTIFICATE_H
#define AD_CERTIFICATE_H

#include "base/str.h"

enum certificate_key {
	CERTIFICATE_RSA,
	CERTIFICATE_DSA,
	CERTIFICATE_EC,	       /* ECDSA on a named curve */
	CERTIFICATE_EDWARDS,   /* Ed25519, Ed448 */
	CERTIFICATE_KEY_OTHER, /* an algorithm that this OpenSSL does not know */
};

enum certificate_hash {
	CERTIFICATE_HASH_STRONG, /* SHA-2, SHA-3, or part of the signature's algorithm (EdDSA) */
	CERTIFICATE_HASH_WEAK,	 /* MD2, MD4, MD5, SHA-0, SHA-1, RIPEMD-160 … */
	CERTIFICATE_HASH_OTHER,	 /* a signature that this OpenSSL does not know */
};

struct certificate {
	enum certificate_key key;
	unsigned bits;	   /* of the key; 0 for CERTIFICATE_KEY_OTHER */
	uint64_t exponent; /* RSA; UINT64_MAX: larger */
	bool roca;	   /* RSA with the fingerprint of CVE-2017-15361 */
	bool dsa_signed;
	enum certificate_hash hash;
	char hash_name[24];	       /* "SHA256", "SHA1"; "" unknown */
	int64_t not_before, not_after; /* seconds; INT64_MIN: the date is no date */
};

/* Decodes DER; the whole of `der` must be one certificate. False when it is none, or when its RSA,
 * DSA or EC key cannot be decoded; *out untouched then. */
bool certificate_parse(struct str der, struct certificate *out);

/* Has a modulus (big-endian) the fingerprint of the keys that Infineon's library made? Modulo each
 * of 38 small primes it is a power of 65537: true of one random modulus in about 2^28. (Nemec,
 * Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack, CCS 2017, section 3.) */
bool certificate_modulus_is_roca(struct str modulus);

#endif
