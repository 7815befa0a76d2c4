/* The bytes as a GPT.INI. */
#include "ad/gpt_ini.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct gpt_ini g;

	if (gpt_ini_parse(&a, input, &g))
		assert(utf8_clean(g.display_name) && (g.has_version || g.version == 0));
	arena_free(&a);
	return 0;
}
