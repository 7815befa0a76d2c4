/* First: its parameters have names that base/banned.h poisons. */
#include <openssl/evp.h>

#include "base/sha256.h"

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
	for (unsigned int i = 0; i < size; i++)
		snprintf(out + (size_t)2 * i, 3, "%02x", (unsigned int)digest[i]);
	return 0;
}
