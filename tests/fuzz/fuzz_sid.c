/* The bytes as a binary SID, and as the text of one. */
#include "ad/wellknown.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct sid *s)
{
	unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];
	char text[SID_TEXT];
	struct sid back;
	uint32_t rid;
	size_t n = sid_bytes(s, bytes);

	assert(sid_parse((struct str){ (const char *)bytes, n }, &back) && sid_eq(s, &back));
	assert(sid_from_text(str_of(sid_text(s, text)), &back) && sid_eq(s, &back));
	struct sid domain = sid_domain(s);
	if (s->count)
		assert(sid_in_domain(s, &domain, &rid) && rid == sid_rid(s));
	wellknown_name(s);
	assert(!sid_is_domain_principal(s) || s->count > 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct sid s;
	size_t used;

	if (sid_parse_prefix(input, &s, &used)) {
		assert(used <= size);
		check(&s);
	}
	if (sid_parse(input, &s))
		check(&s);
	if (sid_from_text(input, &s))
		check(&s);
	return 0;
}
