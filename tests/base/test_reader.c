#include "base/reader.h"
#include "tests/base/check.h"

static void test_numbers(void **state)
{
	struct reader r = reader_of((struct str){ "\x01\x02\x03\xff\xff\xff\xff\x80\xff\xff\xff\xff"
						  "\xff\xff\x7f\x00\x00\x00\x01",
		19 });

	(void)state;
	assert_int_equal(reader_u8(&r), 1);
	assert_int_equal(reader_u16le(&r), 0x0302);
	assert_int_equal(reader_u32le(&r), 0xffffffffu);
	assert_true(reader_u64le(&r) == UINT64_C(0x7fffffffffffff80));
	assert_int_equal(reader_u32be(&r), 1);
	assert_int_equal(r.left, 0);
	assert_false(r.bad);
}

static void test_past_the_end_gives_zeros_and_stays_bad(void **state)
{
	struct reader r = reader_of(STR("\xff\xff\xff"));

	(void)state;
	assert_int_equal(reader_u32le(&r), 0);
	assert_true(r.bad);
	assert_int_equal(reader_u8(&r), 0);
	assert_int_equal(reader_bytes(&r, 1).n, 0);
	assert_true(r.bad);
	assert_int_equal(r.left, 3);
}

static void test_bytes(void **state)
{
	struct reader r = reader_of(STR("abc"));
	struct reader nothing = reader_of((struct str){ NULL, 0 });

	(void)state;
	assert_str_equal(reader_bytes(&r, 2), "ab");
	assert_str_equal(reader_bytes(&r, 0), "");
	assert_false(r.bad);
	assert_int_equal(reader_bytes(&r, SIZE_MAX).n, 0);
	assert_true(r.bad);
	assert_int_equal(reader_bytes(&nothing, 0).n, 0);
	assert_false(nothing.bad);
	assert_int_equal(reader_u8(&nothing), 0);
	assert_true(nothing.bad);
}

static uint64_t varint(struct str bytes, bool *bad)
{
	struct reader r = reader_of(bytes);
	uint64_t v = reader_varint(&r);

	*bad = r.bad;
	return v;
}

static void test_varint(void **state)
{
	bool bad;

	(void)state;
	assert_int_equal(varint((struct str){ "\0", 1 }, &bad), 0);
	assert_false(bad);
	assert_int_equal(varint(STR("\x7f"), &bad), 127);
	assert_int_equal(varint(STR("\xac\x02"), &bad), 300);
	assert_true(varint(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &bad) == UINT64_MAX);
	assert_false(bad);
	assert_int_equal(varint(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), &bad), 0);
	assert_true(bad);
	assert_int_equal(varint(STR("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), &bad), 0);
	assert_true(bad);
	assert_int_equal(varint(STR("\xff"), &bad), 0);
	assert_true(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_past_the_end_gives_zeros_and_stays_bad),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_varint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
