#include "ad/filetime.h"
#include "tests/base/check.h"

#define TICKS INT64_C(10000000)

static void test_filetime(void **state)
{
	int64_t s = 7;

	(void)state;
	assert_false(filetime_to_seconds(0, &s));
	assert_false(filetime_to_seconds(FILETIME_NEVER, &s));
	assert_false(filetime_to_seconds(-1, &s));
	assert_false(filetime_to_seconds(INT64_MIN, &s));
	assert_int_equal(s, 7);
	assert_true(filetime_to_seconds(INT64_C(116444736000000000), &s));
	assert_int_equal(s, 0);
	assert_true(filetime_to_seconds(1, &s));
	assert_true(s == INT64_C(-11644473600));
	/* 2024-01-05 20:24:14 UTC */
	assert_true(filetime_to_seconds(INT64_C(133489598540000000), &s));
	assert_true(s == 1704486254);
	assert_true(filetime_from_seconds(1704486254) == INT64_C(133489598540000000));
}

static void test_filetime_bounds(void **state)
{
	int64_t s;

	(void)state;
	assert_true(filetime_from_seconds(INT64_MAX) == FILETIME_NEVER);
	assert_true(filetime_from_seconds(INT64_MIN) == 0);
	assert_true(filetime_to_seconds(FILETIME_NEVER - 1, &s));
	assert_true(filetime_from_seconds(s) <= FILETIME_NEVER - 1);
	assert_true(filetime_from_seconds(s) > FILETIME_NEVER - 1 - TICKS);
}

static void test_interval(void **state)
{
	(void)state;
	assert_int_equal(interval_to_seconds(0), 0);
	assert_int_equal(interval_to_seconds(INT64_MIN), 0);
	assert_int_equal(interval_to_seconds(1), -1);
	assert_int_equal(interval_to_seconds(INT64_MAX), -1);
	assert_int_equal(interval_to_seconds(-36288000000000), 42 * 86400); /* AD's default age */
	assert_int_equal(interval_to_seconds(-18000000000), 1800);
	assert_int_equal(interval_to_seconds(-1), 1);
	assert_int_equal(interval_to_seconds(-TICKS), 1);
	assert_int_equal(interval_to_seconds(-TICKS - 1), 2);
	assert_true(interval_to_seconds(INT64_MIN + 1) == INT64_C(922337203686));
}

static void test_generalized_time(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "20240105202414.0Z", 1704486254 },
		{ "20240105202414Z", 1704486254 },
		{ "20240105202414,999Z", 1704486254 },
		{ "20240105202414.0+0100", 1704486254 - 3600 },
		{ "20240105202414-0330", 1704486254 + 12600 },
		{ "20240105202414+01", 1704486254 - 3600 },
		{ "202401052024Z", 1704486240 },
		{ "2024010520Z", 1704484800 },
		{ "2024010520.5Z", 1704486600 },
		{ "202401052024.25Z", 1704486255 },
		{ "202401052024.99999999999999999999Z", 1704486299 },
		{ "16010101000000.0Z", INT64_C(-11644473600) },
		{ "99991231235959.0Z", INT64_C(253402300799) },
	};
	static const char *const wrong[] = { "", "Z", "2024", "20240105202414", "20240105202414.Z",
		"20240105202414.0", "20241305202414Z", "20240230202414Z", "20240105242414Z",
		"202401052Z", "20240105202414ZZ", "20240105202414+", "20240105202414+1",
		"20240105202414+2460", "20240105202414+0160", "20240105202414+01000",
		"00000101000000Z", "2024010520241Z", " 20240105202414Z", "2O240105202414Z" };
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s = 7;
		assert_true(generalized_time_parse(str_of(rows[i].text), &s));
		if (s != rows[i].seconds)
			fail_msg("%s gives %lld", rows[i].text, (long long)s);
	}
	s = 7;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (generalized_time_parse(str_of(wrong[i]), &s))
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(s, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filetime),
		cmocka_unit_test(test_filetime_bounds),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_generalized_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
