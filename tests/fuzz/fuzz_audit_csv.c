/* The bytes as an audit.csv. */
#include "ad/audit_csv.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct audit_csv csv;

	if (audit_csv_parse(&a, input, &csv))
		for (size_t i = 0; i < csv.count; i++)
			assert(utf8_clean(csv.rows[i].name));
	arena_free(&a);
	return 0;
}
