/* Real directories (-DREAL_DATA): every value of every file is decoded a second time here, slowly
 * and independently, and compared with what the snapshot gives back. */
#include "base/buf.h"
#include "base/platform.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is compared: objects, values, bytes, and an order-independent sum over (dn, name, value). */
struct tally {
	uint64_t objects, values, bytes, sum;
};

static uint64_t fnv(uint64_t h, struct str s, bool fold)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (fold && c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		h = (h ^ c) * 0x100000001b3u;
	}
	return (h ^ 0xff) * 0x100000001b3u;
}

static void count_value(struct tally *t, struct str dn, struct str name, struct str value)
{
	t->values++;
	t->bytes += value.n;
	t->sum += fnv(fnv(fnv(0xcbf29ce484222325u, dn, false), name, true), value, false);
}

/* One bit at a time, unlike the importer's table. */
static struct str decode(struct str text, struct buf *out)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, held = 0;

	buf_clear(out);
	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		const char *at = strchr(alphabet, text.p[i]);

		assert_non_null(at);
		held = held << 6 | (unsigned)(at - alphabet);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_putc(out, (char)(held >> bits & 0xff));
		}
	}
	return buf_str(out);
}

/* Splits "name: value" or "name:: base64". */
static struct str value_of(struct str line, struct str *name, struct buf *out)
{
	struct str rest;

	*name = str_cut(line, ':', &rest);
	bool base64 = rest.n && rest.p[0] == ':';
	if (base64)
		rest = (struct str){ rest.p + 1, rest.n - 1 };
	while (rest.n && rest.p[0] == ' ')
		rest = (struct str){ rest.p + 1, rest.n - 1 };
	if (base64)
		return decode(rest, out);
	return rest;
}

struct reading {
	struct tally tally;
	struct buf line, dn, value, dns; /* dns: lower-case DNs between newlines, slow and plain */
	bool inside;
};

/* True when this DN was not there before: the first object of a DN stays. */
static bool is_new(struct reading *r, struct str dn)
{
	struct buf key = { 0 };

	buf_putc(&key, '\n');
	for (size_t i = 0; i < dn.n; i++)
		buf_putc(&key, (char)(dn.p[i] >= 'A' && dn.p[i] <= 'Z' ? dn.p[i] + 32 : dn.p[i]));
	buf_putc(&key, '\n');
	bool seen = r->dns.n && strstr(buf_z(&r->dns), buf_z(&key)) != NULL;
	if (!seen)
		buf_put_str(&r->dns, buf_str(&key));
	buf_free(&key);
	return !seen;
}

static void take_line(struct reading *r)
{
	struct str name, options, line = buf_str(&r->line);

	if (line.n == 0)
		r->inside = false;
	if (line.n == 0 || line.p[0] == '#')
		return;
	struct str value = value_of(line, &name, &r->value);
	if (str_eq(name, STR("dn"))) {
		r->inside = is_new(r, value);
		r->tally.objects += r->inside;
		buf_clear(&r->dn);
		buf_put_str(&r->dn, value);
		return;
	}
	name = str_cut(name, ';', &options);
	if (r->inside && !snapshot_is_secret(name))
		count_value(&r->tally, buf_str(&r->dn), name, value);
}

static void read_ldif(struct reading *r, const char *path)
{
	struct str left = help_read(path), whole = left, line;

	buf_clear(&r->line);
	while (left.n) {
		line = str_cut(left, '\n', &left);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n && line.p[0] == ' ') {
			buf_put(&r->line, line.p + 1, line.n - 1);
			continue;
		}
		take_line(r);
		buf_clear(&r->line);
		buf_put_str(&r->line, line);
	}
	take_line(r);
	buf_clear(&r->line);
	take_line(r); /* the end of a file ends a record */
	free((void *)(uintptr_t)whole.p);
}

struct back {
	struct snapshot *s;
	struct tally tally;
};

static int take_record(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct back *b = cx;
	struct packed_cursor c = packed_begin(r->packed);

	(void)err;
	b->tally.objects++;
	if (r->descriptor != SNAPSHOT_NO_DESCRIPTOR)
		count_value(&b->tally, r->dn, STR("nTSecurityDescriptor"),
			snapshot_descriptor(b->s, r->descriptor));
	while (packed_next(&c)) {
		struct str v;

		while ((v = packed_value(&c)).p)
			count_value(
				&b->tally, r->dn, snapshot_attribute_name(b->s, c.attribute), v);
	}
	assert_false(c.bad);
	return 0;
}

static void compare(const char *const *paths, size_t count)
{
	struct reading r = { 0 };
	struct back back = { 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < count; i++)
		read_ldif(&r, paths[i]);
	if (help_import_files("real.adsnap", paths, count, &back.s, &err))
		fail_msg("%s", err.text);
	assert_int_equal(snapshot_each(back.s, take_record, &back, &err), 0);
	print_message("%s%s: %llu objects, %llu values, %llu bytes\n", paths[0],
		count > 1 ? " …" : "", (unsigned long long)r.tally.objects,
		(unsigned long long)r.tally.values, (unsigned long long)r.tally.bytes);
	assert_true(r.tally.objects > 0);
	assert_int_equal(back.tally.objects, r.tally.objects);
	assert_int_equal(snapshot_object_count(back.s), r.tally.objects);
	assert_int_equal(back.tally.values, r.tally.values);
	assert_int_equal(back.tally.bytes, r.tally.bytes);
	assert_int_equal(back.tally.sum, r.tally.sum);
	snapshot_close(back.s);
	buf_free(&r.line);
	buf_free(&r.dn);
	buf_free(&r.value);
	buf_free(&r.dns);
}

/* The .ldif files of a folder, each alone or all as one directory. */
static void compare_folder(const char *folder, size_t expected, bool together)
{
	char paths[32][512];
	const char *list[32];
	struct platform_dir *state = NULL;
	const char *name;
	size_t n = 0;

	while ((name = platform_dir_next(folder, &state)) && n < ARRAY_LEN(list)) {
		size_t length = strlen(name);

		if (length < 5 || strcmp(name + length - 5, ".ldif") != 0)
			continue;
		snprintf(paths[n], sizeof(paths[0]), "%s/%s", folder, name);
		list[n] = paths[n];
		n++;
	}
	assert_int_equal(n, expected);
	for (size_t i = 0; i < n; i++)
		compare(list + i, 1);
	if (together)
		compare(list, n);
}

static void test_small(void **state)
{
	(void)state;
	compare_folder(REAL_DATA "/small", 5, true);
}

static void test_north(void **state)
{
	(void)state;
	compare_folder(REAL_DATA "/north/ldif", 6, true);
}

static void test_detectionlab(void **state)
{
	(void)state;
	compare_folder(REAL_DATA "/detectionlab", 1, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_north),
		cmocka_unit_test(test_detectionlab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
