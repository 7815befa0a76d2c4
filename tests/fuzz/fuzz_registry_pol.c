/* The bytes as a Registry.pol. */
#include "ad/registry_pol.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct registry_pol r;
	uint32_t number;

	if (registry_pol_parse(&a, input, &r)) {
		for (size_t i = 0; i < r.count; i++) {
			const struct pol_entry *e = &r.entries[i];

			assert(utf8_clean(e->key) && utf8_clean(e->name));
			assert(!e->data.n ||
				(e->data.p > input.p && e->data.p + e->data.n < input.p + size));
			assert(!pol_number(e, &number) || e->data.n == 4);
		}
	}
	arena_free(&a);
	return 0;
}
