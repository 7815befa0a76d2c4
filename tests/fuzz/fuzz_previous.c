/* The results.json of a previous run: any bytes give who was privileged, or a sentence. */
#include "runs/previous.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct previous_run run = { 0 };
	struct err err = { 0 };

	if (!previous_parse((struct str){ (const char *)data, size }, "fuzz.json", &a, &run, &err))
		for (size_t i = 0; i < run.count; i++)
			if (!previous_find(&run, run.accounts[i].sid))
				abort();
	if (err.code && err.code != ERR_SOURCE)
		abort();
	arena_free(&a);
	return 0;
}
