/* The bytes as a scripts.ini. */
#include "ad/scripts_ini.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	struct arena a = { 0 };
	struct scripts_ini s;

	if (scripts_ini_parse(&a, input, &s))
		for (size_t i = 0; i < s.count; i++)
			assert(utf8_clean(s.scripts[i].command) &&
				s.scripts[i].event <= SCRIPT_SHUTDOWN);
	arena_free(&a);
	return 0;
}
