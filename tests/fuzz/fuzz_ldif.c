/* An LDIF file, plain, UTF-16 or gzip, through the importer into a snapshot and back. */
#include "base/platform.h"
#include "snapshot/ldif.h"
#include "tests/fuzz/walk.h"

#include <assert.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char in[64], out[64];
	const char *paths[] = { in };
	struct progress quiet = { .quiet = true };
	struct snapshot_writer *w = NULL;
	struct err err = { 0 };

	snprintf(in, sizeof(in), "fuzz-%ld.ldif", platform_pid());
	snprintf(out, sizeof(out), "fuzz-%ld.adsnap", platform_pid());
	FILE *f = fopen(in, "wb");
	assert(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
	assert(snapshot_create(out, &w, &err) == 0);
	if (ldif_import(w, paths, 1, &quiet, &err)) {
		assert(err.code == ERR_SOURCE);
		snapshot_abandon(w);
	} else {
		uint64_t put = snapshot_count(w);

		assert(snapshot_finish(w, &err) == 0);
		walk_snapshot(out, STR("ldif"), put);
	}
	platform_remove(in);
	platform_remove(out);
	return 0;
}
