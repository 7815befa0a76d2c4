/* The bytes as a DN, and as a DN with a binary part. */
#include "ad/dn.h"
#include "base/limits.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *a, struct str text)
{
	struct str canonical, again, above = text;
	size_t depth = dn_depth(text), steps = 0;

	dn_rdn_value(a, text);
	dn_dns_domain(a, text);
	while (above.n) {
		above = dn_parent(above);
		steps++;
	}
	assert(steps <= text.n + 1);
	if (!dn_canonical(a, text, &canonical))
		return;
	assert(dn_depth(canonical) == depth && (depth == 0 || steps == depth));
	if (canonical.n <= LIMIT_DN_BYTES) { /* escapes make it longer */
		assert(dn_canonical(a, canonical, &again));
		assert(str_eq(canonical, again));
	}
	struct str parent = dn_parent(canonical);
	assert(dn_is_below(canonical, canonical) && dn_is_below(canonical, parent));
	assert(canonical.n == 0 || !dn_is_below(parent, canonical));
	struct str own_parent;
	assert(dn_canonical(a, dn_parent(text), &own_parent) && str_eq(own_parent, parent));
	assert(str_eq(dn_dns_domain(a, text), dn_dns_domain(a, canonical)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size }, hex, dn;
	struct arena a = { 0 };

	check(&a, input);
	if (dn_binary_split(input, &hex, &dn)) {
		assert(hex.n % 2 == 0 && hex.n + dn.n < size);
		check(&a, dn);
	}
	arena_free(&a);
	return 0;
}
