/* First: their parameters have names that base/banned.h poisons. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "ad/certificate.h"
#include "base/compiler.h"
#include "base/datetime.h"
#include "base/limits.h"

#include <stdio.h>

/* ---- ROCA ---- */

static const unsigned roca_primes[] = { 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59,
	61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
	163, 167 };

static bool is_power_of_65537(unsigned residue, unsigned prime)
{
	unsigned generator = 65537 % prime, power = 1;

	do {
		if (power == residue)
			return true;
		power = power * generator % prime;
	} while (power != 1);
	return false;
}

static bool has_roca_fingerprint(const BIGNUM *modulus)
{
	for (size_t i = 0; i < ARRAY_LEN(roca_primes); i++) {
		BN_ULONG residue = BN_mod_word(modulus, roca_primes[i]);

		if (residue == (BN_ULONG)-1 ||
			!is_power_of_65537((unsigned)residue, roca_primes[i]))
			return false;
	}
	return true;
}

bool certificate_modulus_is_roca(struct str modulus)
{
	if (!modulus.n || modulus.n > LIMIT_CERTIFICATE_BYTES)
		return false;
	BIGNUM *n = BN_bin2bn((const unsigned char *)modulus.p, (int)modulus.n, NULL);
	bool roca = n && has_roca_fingerprint(n);

	BN_free(n);
	return roca;
}

/* ---- keys ---- */

static uint64_t small_number(const BIGNUM *n)
{
	if (BN_num_bits(n) > 64)
		return UINT64_MAX;
	unsigned char bytes[8];
	uint64_t value = 0;

	if (BN_bn2binpad(n, bytes, sizeof(bytes)) < 0)
		return UINT64_MAX;
	for (size_t i = 0; i < sizeof(bytes); i++)
		value = value << 8 | bytes[i];
	return value;
}

static bool read_rsa(EVP_PKEY *key, struct certificate *c)
{
	BIGNUM *n = NULL, *e = NULL;
	bool good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;

	if (good) {
		c->key = CERTIFICATE_RSA;
		c->bits = (unsigned)BN_num_bits(n);
		c->exponent = small_number(e);
		c->roca = has_roca_fingerprint(n);
	}
	BN_free(n);
	BN_free(e);
	return good;
}

static enum certificate_key key_of_nid(int nid)
{
	switch (nid) {
	case NID_rsaEncryption:
	case NID_rsassaPss:
	case NID_rsa:
		return CERTIFICATE_RSA;
	case NID_dsa:
	case NID_dsa_2:
		return CERTIFICATE_DSA;
	case NID_X9_62_id_ecPublicKey:
		return CERTIFICATE_EC;
	case NID_ED25519:
	case NID_ED448:
		return CERTIFICATE_EDWARDS;
	default:
		return CERTIFICATE_KEY_OTHER;
	}
}

static bool read_key(const X509 *x, struct certificate *c)
{
	ASN1_OBJECT *algorithm = NULL;
	EVP_PKEY *key = X509_get0_pubkey(x);

	if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(x)) != 1)
		return false;
	c->key = key_of_nid(OBJ_obj2nid(algorithm));
	if (c->key == CERTIFICATE_KEY_OTHER)
		return true;
	/* DSA may leave its parameters to the issuer (RFC 3279 2.3.2): it is DSA all the same. */
	if (!key)
		return c->key == CERTIFICATE_DSA;
	if (c->key == CERTIFICATE_RSA)
		return read_rsa(key, c);
	int bits = EVP_PKEY_get_bits(key);

	c->bits = bits > 0 ? (unsigned)bits : 0;
	return true;
}

/* ---- signature, dates ---- */

static enum certificate_hash hash_of_nid(int nid)
{
	switch (nid) {
	case NID_sha224:
	case NID_sha256:
	case NID_sha384:
	case NID_sha512:
	case NID_sha512_224:
	case NID_sha512_256:
	case NID_sha3_224:
	case NID_sha3_256:
	case NID_sha3_384:
	case NID_sha3_512:
		return CERTIFICATE_HASH_STRONG;
	case NID_undef:
		return CERTIFICATE_HASH_OTHER;
	default:
		return CERTIFICATE_HASH_WEAK;
	}
}

static void read_signature(X509 *x, struct certificate *c)
{
	int hash = NID_undef, key = NID_undef;
	int algorithm = X509_get_signature_nid(x);

	/* The parameters of RSASSA-PSS name the hash; the table knows the others, whatever this
	 * build of OpenSSL would still compute (MD2). */
	if (algorithm == NID_rsassaPss)
		X509_get_signature_info(x, &hash, &key, NULL, NULL);
	else
		OBJ_find_sigid_algs(algorithm, &hash, &key);
	c->dsa_signed = key_of_nid(key) == CERTIFICATE_DSA;
	c->hash = key_of_nid(algorithm) == CERTIFICATE_EDWARDS ? CERTIFICATE_HASH_STRONG
							       : hash_of_nid(hash);
	if (hash != NID_undef)
		snprintf(c->hash_name, sizeof(c->hash_name), "%s", OBJ_nid2sn(hash));
}

static int64_t seconds_of(const ASN1_TIME *t)
{
	struct tm tm;
	int64_t seconds;

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return INT64_MIN;
	struct civil c = { tm.tm_year + INT64_C(1900), tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec };

	return datetime_seconds(c, &seconds) ? seconds : INT64_MIN;
}

bool certificate_parse(struct str der, struct certificate *out)
{
	const unsigned char *p = (const unsigned char *)der.p;
	struct certificate c = { .key = CERTIFICATE_KEY_OTHER };

	if (!der.n || der.n > LIMIT_CERTIFICATE_BYTES)
		return false;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	bool good = x && p == (const unsigned char *)der.p + der.n && read_key(x, &c);

	if (good) {
		read_signature(x, &c);
		c.not_before = seconds_of(X509_get0_notBefore(x));
		c.not_after = seconds_of(X509_get0_notAfter(x));
		*out = c;
	}
	X509_free(x);
	return good;
}
