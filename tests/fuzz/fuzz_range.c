/* Text that a server chooses: options of attribute names, and diagnostics of a refused logon. */
#include "collect/bind_errors.h"
#include "collect/range.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct range r, again;
	struct err err;
	char out[512];

	bind_error_data(text);
	bind_error_set(&err, "ldap://x", NULL, 49, text);
	if (range_parse(text, &r) != RANGE_PART || r.name.n > 256)
		return 0;
	/* What was understood says the same again. */
	if (r.last)
		snprintf(out, sizeof(out), "%.*s;range=%u-*", STR_ARG(r.name), r.low);
	else
		snprintf(out, sizeof(out), "%.*s;range=%u-%u", STR_ARG(r.name), r.low, r.high);
	if (memchr(r.name.p, '\0', r.name.n) == NULL) {
		assert(range_parse(str_of(out), &again) == RANGE_PART);
		assert(again.low == r.low && again.high == r.high && again.last == r.last);
		assert(str_eq(again.name, r.name));
	}
	return 0;
}
