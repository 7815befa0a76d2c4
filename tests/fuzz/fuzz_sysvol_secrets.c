/* The first byte chooses the kind of file, the others are what stands in it. */
#include "ad/registry_pol.h"
#include "ad/sysvol_secrets.h"
#include "base/arena.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "a.xml", "Registry.pol", "GptTmpl.inf",
		"scripts.ini" };
	struct buf out = { 0 }, again = { 0 };
	struct arena a = { 0 };
	struct registry_pol r;

	if (!size)
		return 0;
	struct str path = str_of(paths[data[0] % 4]);
	struct str input = { (const char *)data + 1, size - 1 };

	assert(sysvol_redact(path, input, &out));
	assert(sysvol_redact(path, buf_str(&out), &again));
	assert(str_eq(buf_str(&out), buf_str(&again)));
	/* A damaged file stays damaged, a good one good. */
	if (data[0] % 4 == 1)
		assert(registry_pol_parse(&a, input, &r) ==
			registry_pol_parse(&a, buf_str(&out), &r));
	buf_free(&out);
	buf_free(&again);
	arena_free(&a);
	return 0;
}
