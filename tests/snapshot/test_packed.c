#include "base/limits.h"
#include "snapshot/packed.h"
#include "snapshot/snapshot.h"
#include "tests/base/check.h"

#include <stdlib.h>
#include <string.h>

static struct buf example(void)
{
	struct buf b = { 0 };

	packed_put_head(&b, 3, 2);
	packed_put_value(&b, STR("top"));
	packed_put_value(&b, STR("user"));
	packed_put_head(&b, 300, 1);
	packed_put_value(&b, (struct str){ "\0\1\2", 3 });
	packed_put_head(&b, 0, 1);
	packed_put_value(&b, STR(""));
	return b;
}

static void test_bytes_are_as_documented(void **state)
{
	/* The example of docs/snapshot.md. */
	static const char want[] =
		"\x03\x02\x03top\x04user\xac\x02\x01\x03\x00\x01\x02\x00\x01\x00";
	struct buf b = example();

	(void)state;
	assert_int_equal(b.n, sizeof(want) - 1);
	assert_memory_equal(b.p, want, b.n);
	buf_free(&b);
}

static void test_round_trip(void **state)
{
	struct buf b = example();
	struct packed_cursor c = packed_begin(buf_str(&b));

	(void)state;
	assert_true(packed_next(&c));
	assert_int_equal(c.attribute, 3);
	assert_int_equal(c.count, 2);
	assert_str_equal(packed_value(&c), "top");
	assert_str_equal(packed_value(&c), "user");
	assert_null(packed_value(&c).p);
	assert_true(packed_next(&c)); /* values may be left unread */
	assert_int_equal(c.attribute, 300);
	assert_true(packed_next(&c));
	struct str empty = packed_value(&c);
	assert_non_null(empty.p);
	assert_int_equal(empty.n, 0);
	assert_null(packed_value(&c).p);
	assert_false(packed_next(&c));
	assert_false(c.bad);
	buf_free(&b);
}

static void test_long_values(void **state)
{
	static const size_t sizes[] = { 127, 128, 16383, 16384, 2097151, 2097152 };
	char *bytes = malloc(2097152);
	struct buf b = { 0 };

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', 2097152);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		packed_put_head(&b, (uint32_t)i, 1);
		packed_put_value(&b, (struct str){ bytes, sizes[i] });
	}
	struct packed_cursor c = packed_begin(buf_str(&b));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		assert_true(packed_next(&c));
		assert_int_equal(packed_value(&c).n, sizes[i]);
	}
	assert_false(packed_next(&c));
	assert_false(c.bad);
	buf_free(&b);
	free(bytes);
}

static void test_every_cut_is_noticed(void **state)
{
	static const size_t whole[] = { 0, 11, 18, 21 }; /* ends of attributes */
	struct buf b = example();

	(void)state;
	for (size_t n = 0; n <= b.n; n++) {
		/* An exact copy, so that a read past its end is seen by the sanitizer. */
		char *cut = malloc(n ? n : 1);
		bool good = false;

		assert_non_null(cut);
		memcpy(cut, b.p, n);
		for (size_t i = 0; i < ARRAY_LEN(whole); i++)
			good |= n == whole[i];
		assert_int_equal(packed_check((struct str){ cut, n }, 301), good);
		free(cut);
	}
	assert_false(packed_check(buf_str(&b), 300)); /* attribute 300 does not exist */
	buf_free(&b);
}

static void test_lies_are_noticed(void **state)
{
	static const struct str lies[] = {
		{ "\x01\x00", 2 },     /* no values */
		{ "\x01\x02\x00", 3 }, /* two values, one there */
		{ "\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12 }, /* 2^64-1 bytes */
		{ "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", 12 }, /* 2^64-1 values */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x00", 12 }, /* attribute 2^64-1 */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00", 12 }, /* no 64-bit number */
		{ "\x80", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		struct packed_cursor c = packed_begin(lies[i]);

		assert_false(packed_next(&c));
		assert_true(c.bad);
		assert_false(packed_next(&c));
		assert_false(packed_check(lies[i], LIMIT_ATTRIBUTE_NAMES));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_are_as_documented),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_every_cut_is_noticed),
		cmocka_unit_test(test_lies_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
