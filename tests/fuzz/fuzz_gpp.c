/* The bytes as a preference, as they are and without their passwords. */
#include "ad/gpp.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct buf out = { 0 }, again = { 0 };
	struct gpp g, redacted;
	size_t found = gpp_redact(input, &out);

	assert(utf8_clean(buf_str(&out)));
	/* Taking out what was taken out changes nothing. */
	assert(gpp_redact(buf_str(&out), &again) == found &&
		str_eq(buf_str(&out), buf_str(&again)));
	if (gpp_parse(&a, input, &g) && gpp_parse(&a, buf_str(&out), &redacted)) {
		assert(g.count == redacted.count);
		for (size_t i = 0; i < g.count; i++)
			assert(g.items[i].has_password == redacted.items[i].has_password);
	}
	buf_free(&out);
	buf_free(&again);
	arena_free(&a);
	return 0;
}
