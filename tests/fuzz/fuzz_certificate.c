/* The bytes as an X.509 certificate. */
#include "ad/certificate.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct certificate c, again;

	if (certificate_parse(input, &c)) {
		assert(c.key <= CERTIFICATE_KEY_OTHER && c.hash <= CERTIFICATE_HASH_OTHER);
		assert(!c.roca || c.key == CERTIFICATE_RSA);
		assert(memchr(c.hash_name, '\0', sizeof(c.hash_name)));
		/* A part of it is none. */
		input.n--;
		assert(!certificate_parse(input, &again));
	}
	certificate_modulus_is_roca(input);
	return 0;
}
