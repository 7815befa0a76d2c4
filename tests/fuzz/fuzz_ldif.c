/* An LDIF file, plain, UTF-16 or gzip, through the importer into a snapshot and back. */
#include "base/platform.h"
#include "snapshot/ldif.h"

#include <assert.h>
#include <stdio.h>

static int look(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct packed_cursor c = packed_begin(r->packed);

	(void)err;
	while (packed_next(&c))
		while (packed_value(&c).p)
			;
	assert(!c.bad);
	++*(uint64_t *)cx;
	return 0;
}

static void read_back(const char *path, uint64_t put)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };
	uint64_t n = 0;

	assert(snapshot_open(path, &s, &err) == 0);
	assert(snapshot_each(s, look, &n, &err) == 0);
	assert(n == put && n == snapshot_object_count(s));
	snapshot_close(s);
}

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
		read_back(out, put);
	}
	platform_remove(in);
	platform_remove(out);
	return 0;
}
