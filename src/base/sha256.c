/* First: its parameters have names that base/banned.h poisons. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/sha256.h"

static void put_hex(const unsigned char *digest, unsigned int size, char out[65])
{
	for (unsigned int i = 0; i < size; i++)
		snprintf(out + (size_t)2 * i, 3, "%02x", (unsigned int)digest[i]);
}

int sha256_hex(const struct str *parts, size_t count, char out[65], struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;
	EVP_MD_CTX *cx = EVP_MD_CTX_new();
	bool good = cx && EVP_DigestInit_ex(cx, EVP_sha256(), NULL) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = EVP_DigestUpdate(cx, parts[i].p, parts[i].n) == 1;
	good = good && EVP_DigestFinal_ex(cx, digest, &size) == 1 && size == 32;
	EVP_MD_CTX_free(cx);
	if (!good)
		return err_set(err, ERR_INTERNAL, "OpenSSL could not compute a SHA-256 digest.");
	put_hex(digest, size, out);
	return 0;
}

int hmac_sha256_hex(const unsigned char *key, struct str text, char out[65], struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	if (!HMAC(EVP_sha256(), key, HMAC_KEY_BYTES, (const unsigned char *)text.p, text.n, digest,
		    &size) ||
		size != 32)
		return err_set(err, ERR_INTERNAL, "OpenSSL could not compute a keyed digest.");
	put_hex(digest, size, out);
	return 0;
}
