/*
 * A history file that somebody else made. The first byte says how the input makes one: 0: the other
 * bytes are the file; else they change a good one: runs of (32-bit offset, 8-bit length, bytes)
 * overwrite it.
 */
#include "base/platform.h"
#include "base/utf8.h"
#include "runs/history.h"
#include "runs/stored.h"
#include "tests/fuzz/damage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char results[] =
	"{\"schema\":1,\"tool\":{\"name\":\"adhygiene\",\"version\":\"0\",\"catalogue\":\"2026-"
	"11\"},"
	"\"facility\":{\"name\":null,\"finess\":null,\"ght\":null},\"directory\":{\"forest\":\"a\","
	"\"domains\":[{\"dns\":\"a\",\"netbios\":\"A\",\"sid\":\"S-1-5-21-1-2-3\"}],\"source\":"
	"\"ldif\","
	"\"collected_at\":null,\"evaluated_at\":\"2026-11-21T10:00:00Z\",\"counts\":{\"objects\":0,"
	"\"users\":0,\"users_enabled\":0,\"computers\":0,\"groups\":0}},\"policy\":{\"name\":"
	"\"care\","
	"\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"},"
	"\"level\":5,"
	"\"level_floor\":5,\"level_with_waivers\":5,\"indicators\":{\"password_policy\":{},"
	"\"privileged\":{},\"tiering\":{},\"stale\":{},\"mfa\":{}},\"indicator_controls\":{"
	"\"password_policy\":{},\"privileged\":{},\"tiering\":{},\"stale\":{},\"mfa\":{}},"
	"\"indicator_notes\":{\"password_policy\":[],\"privileged\":[],\"tiering\":[],\"stale\":[],"
	"\"mfa\":[]},\"tables\":[],\"controls\":[{\"id\":\"x\",\"area\":\"accounts\",\"levels\":[3]"
	","
	"\"failed_level\":null,\"status\":\"pass\",\"reason\":null,\"examined\":1,\"count\":0,"
	"\"unknown\":0,\"waived\":0,\"parameters\":{},\"objects\":[]}],\"coverage\":[]}";

static void write_good(const char *folder)
{
	struct history *h = NULL;
	struct history_addition done;
	struct err err = { 0 };
	struct run r;

	assert(stored_run_parse(STR(results), "x", &r, &err) == 0);
	assert(history_open(folder, true, &h, &err) == 0);
	assert(history_add(h, &r, STR(results), "x", NULL, 5, &done, &err) == 0);
	history_close(h);
	run_free(&r);
}

static void make_file(const char *folder, const char *path, struct str input)
{
	struct reader r = reader_of(input);
	struct buf file = { 0 };
	struct err err = { 0 };

	if (reader_u8(&r) == 0) {
		buf_put(&file, r.p, r.left);
	} else {
		write_good(folder);
		assert(platform_read_file(path, 1u << 24, &file, ERR_SOURCE, &err) == 0);
		damage(&r, &file);
	}
	damage_write(path, &file);
	buf_free(&file);
}

static void look(void *cx, struct str key, const struct run_followup *f)
{
	(void)cx;
	if ((key.n && !utf8_clean(key)) || (f->comment.n && !utf8_clean(f->comment)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct history *h = NULL;
	struct err err = { 0 };
	char folder[64], path[96];
	bool created;

	snprintf(folder, sizeof(folder), "fuzz-history-%ld", platform_pid());
	snprintf(path, sizeof(path), "%s/history.sqlite", folder);
	platform_remove_all(folder);
	assert(platform_make_folder(folder, &created, &err) == 0);
	make_file(folder, path, (struct str){ (const char *)data, size });
	if (history_open(folder, false, &h, &err) == 0) {
		history_check(h, &err);
		for (size_t i = 0; i < history_count(h); i++) {
			struct run r;

			if (history_read(h, i, &r, &err) == 0)
				run_free(&r);
		}
		history_followups(h, INT64_MAX, look, NULL, &err);
		history_close(h);
	}
	platform_remove_all(folder);
	return 0;
}
