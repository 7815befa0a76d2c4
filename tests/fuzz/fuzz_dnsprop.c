/* One value of dNSProperty: parsed data stays within the bytes. */
#include "ad/dnsprop.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size };
	struct dnsprop p;
	uint32_t number;

	if (!dnsprop_parse(bytes, &p))
		return 0;
	if (p.data.n > size ||
		(p.data.n > 0 && (p.data.p < bytes.p || p.data.p + p.data.n > bytes.p + size)))
		abort();
	if (dnsprop_number(&p, &number) != (p.data.n > 0))
		abort();
	return 0;
}
