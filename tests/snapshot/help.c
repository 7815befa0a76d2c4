#include "tests/snapshot/help.h"

#include "base/buf.h"
#include "base/platform.h"
#include "base/progress.h"
#include "snapshot/ldif.h"
#include "tests/base/check.h"

#include <stdio.h>
#include <stdlib.h>

const char *help_path(const char *name)
{
	static char paths[64][128];
	static size_t used;
	char *path = paths[used++ % 64];

	snprintf(path, sizeof(paths[0]), "test-%ld-%s", platform_pid(), name);
	return path;
}

void help_write(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

struct str help_read(const char *path)
{
	struct buf b = { 0 };
	struct err err;

	assert_int_equal(platform_read_file(path, 1u << 30, &b, ERR_SOURCE, &err), 0);
	return buf_str(&b);
}

int help_import_files(const char *name, const char *const *paths, size_t count,
	struct snapshot **out, struct err *err)
{
	const char *target = help_path(name);
	struct progress quiet = { .quiet = true };
	struct snapshot_writer *w = NULL;

	assert_int_equal(snapshot_create(target, &w, err), 0);
	if (ldif_import(w, paths, count, &quiet, err)) {
		snapshot_abandon(w);
		assert_false(platform_exists(target));
		return err->code;
	}
	if (snapshot_finish(w, err))
		return err->code;
	int code = snapshot_open(target, out, err);
	platform_remove(target); /* stays readable while it is open */
	return code;
}

int help_import(struct str bytes, struct snapshot **out, struct err *err)
{
	const char *path = help_path("x.ldif");

	help_write(path, bytes);
	int code = help_import_files("x.adsnap", &path, 1, out, err);
	platform_remove(path);
	return code;
}

struct snapshot *help_open(struct str bytes)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	if (help_import(bytes, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

struct snapshot *help_open_text(const char *text)
{
	return help_open(str_of(text));
}

void help_close(struct snapshot *s)
{
	snapshot_close(s);
}

struct str help_values(struct snapshot *s, const char *dn, const char *attribute)
{
	static struct buf joined;
	struct snapshot_record r;
	struct err err = { 0 };

	buf_free(&joined);
	int found = snapshot_find(s, str_of(dn), &r, &err);
	if (found < 0)
		fail_msg("%s", err.text);
	if (!found)
		return STR("(no object)");
	if (ascii_casecmp(attribute, "nTSecurityDescriptor") == 0)
		return r.descriptor == SNAPSHOT_NO_DESCRIPTOR
			       ? STR("(none)")
			       : snapshot_descriptor(s, r.descriptor);
	struct packed_cursor c = packed_begin(r.packed);
	while (packed_next(&c)) {
		struct str v;

		if (!str_ieq(snapshot_attribute_name(s, c.attribute), str_of(attribute)))
			continue;
		for (uint32_t i = 0; (v = packed_value(&c)).p; i++) {
			if (i)
				buf_putc(&joined, '|');
			buf_put_str(&joined, v);
		}
		return buf_str(&joined);
	}
	assert_false(c.bad);
	return STR("(none)");
}

bool help_has_coverage(
	const struct snapshot *s, const char *need, enum coverage_state state, const char *detail)
{
	for (size_t i = 0; i < snapshot_coverage_count(s); i++) {
		struct coverage c = snapshot_coverage_at(s, i);

		if (c.state == state && str_eq(c.need, str_of(need)) &&
			(!detail || str_eq(c.detail, str_of(detail))))
			return true;
	}
	return false;
}
