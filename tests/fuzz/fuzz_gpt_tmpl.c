/* The bytes as a GptTmpl.inf. */
#include "ad/gpt_tmpl.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct gpt_tmpl t;

	if (gpt_tmpl_parse(&a, input, &t)) {
		for (size_t i = 0; i < t.count; i++) {
			assert(utf8_clean(t.settings[i].name) && utf8_clean(t.settings[i].value));
			for (size_t k = 0; k < t.settings[i].principal_count; k++)
				assert(!sid_is_none(&t.settings[i].principals[k].sid) ||
					t.settings[i].principals[k].name.n);
		}
	}
	arena_free(&a);
	return 0;
}
