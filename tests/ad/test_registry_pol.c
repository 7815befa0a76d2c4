#include "ad/registry_pol.h"
#include "base/buf.h"
#include "tests/base/check.h"

#define HEAD "PReg\1\0\0\0"

static void put_wide(struct buf *b, const char *z)
{
	for (; *z; z++) {
		buf_putc(b, *z);
		buf_putc(b, '\0');
	}
}

static void put_u32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_putc(b, (char)(v >> 8 * i));
}

static void put_entry(struct buf *b, const char *key, const char *name, uint32_t type,
	struct str data, uint32_t size)
{
	put_wide(b, "[");
	put_wide(b, key);
	buf_put(b, "\0\0;", 4);
	put_wide(b, name);
	buf_put(b, "\0\0;", 4);
	put_u32(b, type);
	put_wide(b, ";");
	put_u32(b, size);
	put_wide(b, ";");
	buf_put_str(b, data);
	put_wide(b, "]");
}

static void test_entries(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct registry_pol r;
	uint32_t number = 7;

	(void)state;
	buf_put(&b, HEAD, 8);
	/* Data may look like the end of an entry. */
	put_entry(&b, "Software\\X", "Level", REG_TYPE_DWORD, STR("]\0\0\1"), 4);
	put_entry(&b, "Software\\X", "**del.Old", 1, STR(" \0\0\0"), 4);
	put_entry(&b, "Software\\Y", "**delvals.", 1, STR(" \0\0\0"), 4);
	put_entry(&b, "Software\\Z", "", 0, STR(""), 0);
	put_entry(&b, "Software\\Z", "**soft.Name", 4, STR("\5\0\0\0"), 4);
	assert_true(registry_pol_parse(&a, buf_str(&b), &r));
	assert_int_equal(r.count, 5);
	assert_str_equal(r.entries[0].key, "Software\\X");
	assert_str_equal(r.entries[0].name, "Level");
	assert_true(pol_number(&r.entries[0], &number));
	assert_int_equal(number, 0x0100005d);
	assert_true(r.entries[1].removes && !r.entries[1].clears);
	assert_str_equal(r.entries[1].name, "Old");
	assert_false(pol_number(&r.entries[1], &number));
	assert_true(r.entries[2].clears && !r.entries[2].removes);
	assert_str_equal(r.entries[3].name, "");
	assert_false(r.entries[4].removes || r.entries[4].clears);
	assert_str_equal(r.entries[4].name, "Name");
	/* Every cut is damage, except between entries. */
	size_t good = 0;
	for (size_t n = 0; n < b.n; n++)
		good += registry_pol_parse(&a, (struct str){ b.p, n }, &r);
	assert_int_equal(good, 5);
	buf_free(&b);
	arena_free(&a);
}

static void test_wrong(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct registry_pol r = { .count = 42 };

	(void)state;
	assert_true(registry_pol_parse(&a, STR(HEAD), &r));
	assert_int_equal(r.count, 0);
	r.count = 42;
	assert_false(registry_pol_parse(&a, STR(""), &r));
	assert_false(registry_pol_parse(&a, STR("PReg\2\0\0\0"), &r));
	assert_false(registry_pol_parse(&a, STR("preg\1\0\0\0"), &r));
	/* A size that leaves the file. */
	buf_put(&b, HEAD, 8);
	put_entry(&b, "k", "v", 4, STR("\1\0\0\0"), UINT32_MAX);
	assert_false(registry_pol_parse(&a, buf_str(&b), &r));
	/* One that does not end at the bracket. */
	buf_clear(&b);
	buf_put(&b, HEAD, 8);
	put_entry(&b, "k", "v", 4, STR("\1\0\0\0"), 2);
	assert_false(registry_pol_parse(&a, buf_str(&b), &r));
	assert_int_equal(r.count, 42);
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
