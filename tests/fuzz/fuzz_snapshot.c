/*
 * A snapshot file that somebody else made. The first byte says how the input makes one: 0: the
 * other bytes are the file; else they change a good one: its length is cut to the 32-bit number
 * that follows (when it is shorter), then runs of (32-bit offset, 8-bit length, bytes) overwrite.
 */
#include "base/platform.h"
#include "snapshot/snapshot.h"
#include "tests/fuzz/damage.h"
#include "tests/fuzz/walk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void write_good(const char *path)
{
	struct snapshot_writer *w = NULL;
	struct err err = { 0 };

	assert(snapshot_create(path, &w, &err) == 0);
	for (int i = 0; i < 20; i++) {
		char dn[32], sd[40];
		struct str cn = { dn + 3, 6 }, d = { sd, sizeof(sd) };
		struct raw_attr attrs[] = { { STR("cn"), &cn, 1 },
			{ STR("nTSecurityDescriptor"), &d, 1 } };

		snprintf(dn, sizeof(dn), "CN=user%02d,DC=x", i);
		memset(sd, i % 3, sizeof(sd));
		struct raw_object o = { str_of(dn), attrs, 2 };
		assert(snapshot_put(w, &o, &err) == 0);
	}
	assert(snapshot_put_coverage(w, STR("a"), COVERAGE_NOTE, STR("b"), &err) == 0);
	assert(snapshot_put_sysvol(w, STR("{x}/GPT.INI"), STR("[General]"), &err) == 0);
	assert(snapshot_finish(w, &err) == 0);
}

static void make_file(const char *path, struct str input)
{
	struct reader r = reader_of(input);
	struct buf file = { 0 };
	struct err err = { 0 };

	if (reader_u8(&r) == 0) {
		buf_put(&file, r.p, r.left);
	} else {
		uint32_t length = reader_u32le(&r);

		write_good(path);
		assert(platform_read_file(path, 1u << 24, &file, ERR_SOURCE, &err) == 0);
		if (length < file.n)
			file.n = length;
		damage(&r, &file);
	}
	damage_write(path, &file);
	buf_free(&file);
}

static int look_sysvol(void *cx, struct str path, struct str bytes, struct err *err)
{
	(void)err;
	assert(path.n > 0);
	for (size_t i = 0; i < bytes.n; i++)
		*(uint64_t *)cx += (unsigned char)bytes.p[i];
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot *s = NULL;
	struct snapshot_record r;
	struct err err = { 0 };
	char path[64];
	uint64_t n = 0;

	snprintf(path, sizeof(path), "fuzz-%ld.snap", platform_pid());
	make_file(path, (struct str){ (const char *)data, size });
	if (snapshot_open(path, &s, &err) == 0) {
		for (uint32_t i = 0; i < snapshot_attribute_count(s); i++)
			assert(snapshot_attribute_name(s, i).n > 0);
		/* All that the file promises, or an error. */
		if (snapshot_each(s, walk_object, &n, &err) == 0)
			assert(n == snapshot_object_count(s));
		if (snapshot_find(s, STR("cn=user07,dc=x"), &r, &err) == 1)
			walk_object(&n, &r, &err);
		snapshot_each_sysvol(s, look_sysvol, &n, &err);
		snapshot_close(s);
	}
	platform_remove(path);
	return 0;
}
