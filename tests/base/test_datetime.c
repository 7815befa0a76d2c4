#include "base/datetime.h"
#include "tests/base/check.h"

/* Values by GNU date. */
static const struct {
	int64_t seconds;
	const char *iso;
} known[] = {
	{ 0, "1970-01-01T00:00:00Z" },
	{ -1, "1969-12-31T23:59:59Z" },
	{ 951782400, "2000-02-29T00:00:00Z" },
	{ 1795255200, "2026-11-21T10:00:00Z" },
	{ 4107542399, "2100-02-28T23:59:59Z" },
	{ 4107542400, "2100-03-01T00:00:00Z" },
	{ -11644473600, "1601-01-01T00:00:00Z" },
	{ 253402300799, "9999-12-31T23:59:59Z" },
};

static void test_known_dates(void **state)
{
	char text[DATETIME_TEXT];
	int64_t back;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_string_equal(datetime_iso(known[i].seconds, text), known[i].iso);
		assert_true(datetime_parse(str_of(known[i].iso), &back));
		assert_true(back == known[i].seconds);
	}
	assert_string_equal(datetime_date(1795255200, text), "2026-11-21");
	assert_true(datetime_parse(STR("2026-11-21"), &back));
	assert_true(back == 1795255200 - 10 * 3600);
}

static void test_every_day_goes_there_and_back(void **state)
{
	(void)state;
	for (int64_t day = -719162; day < 2932896; day += 13) {
		struct civil c = datetime_civil(day * SECONDS_PER_DAY + 86399);
		int64_t back;

		assert_true(datetime_seconds(c, &back));
		assert_true(back == day * SECONDS_PER_DAY + 86399);
	}
}

static void test_extremes_do_not_overflow(void **state)
{
	char text[DATETIME_TEXT];

	(void)state;
	assert_int_equal(datetime_civil(INT64_MIN).month, 1);
	assert_int_equal(datetime_civil(INT64_MAX).month, 12);
	assert_true(strlen(datetime_iso(INT64_MAX, text)) < DATETIME_TEXT);
	assert_true(strlen(datetime_iso(INT64_MIN, text)) < DATETIME_TEXT);
	assert_true(strlen(datetime_date(INT64_MIN, text)) < DATETIME_TEXT);
}

static void test_what_is_no_date(void **state)
{
	static const char *const wrong[] = { "", "2026", "2026-13-01", "2026-00-01", "2026-02-29",
		"2100-02-29", "2026-04-31", "2026-01-00", "0000-01-01", "2026/01/01", "2026-1-1",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01 00:00:00Z",
		"2026-01-01T00:00:00", "2026-01-01T00:00:00+", "-026-01-01",
		"2026-01-01T00:00:61Z" };
	int64_t out = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(datetime_parse(str_of(wrong[i]), &out));
		assert_int_equal(out, 7);
	}
	assert_false(datetime_seconds((struct civil){ 10000, 1, 1, 0, 0, 0 }, &out));
	assert_false(datetime_seconds((struct civil){ 2026, 1, INT32_MAX, 0, 0, 0 }, &out));
}

static void test_dates_of_exports(void **state)
{
	static const struct {
		const char *text, *from;
		int64_t width;
	} good[] = {
		{ "2026-03-01", "2026-03-01", 86400 },
		{ " 01/03/2026 ", "2026-03-01", 86400 },
		{ "1.3.2026", "2026-03-01", 86400 },
		{ "01-03-2026", "2026-03-01", 86400 },
		{ "2026/3/1", "2026-03-01", 86400 },
		/* Whose clock is not said: the day is. */
		{ "01/03/2026 14:05", "2026-03-01", 86400 },
		{ "2026-03-01 14:05:33", "2026-03-01", 86400 },
		{ "2026-03-01T14:05:33.123", "2026-03-01", 86400 },
		{ "2026-03-01T14:05:33Z", "2026-03-01T14:05:33Z", 1 },
		{ "2026-03-01T14:05Z", "2026-03-01T14:05:00Z", 60 },
		{ "2026-03-01T01:05:33+02:00", "2026-02-28T23:05:33Z", 1 },
		{ "2026-02-28 23:05:33.5-0100", "2026-03-01T00:05:33Z", 1 },
	};
	static const char *const wrong[] = { "", "hier", "2026", "2026-03", "03/2026", "01/03/26",
		"31/02/2026", "03/25/2026", "2026-25-03", "2026-03-01x", "2026-03-01T", "1/3-2026",
		"2026-03-01 25:00", "2026-03-01 10:60", "2026-03-01T10:00:00+15:00", "00/00/0000",
		"2026-03-01 10:00:00 PM", "02026-03-01", "101/03/2026", "45352" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int64_t from, to, want;

		assert_true(datetime_parse(str_of(good[i].from), &want));
		assert_true(datetime_parse_export(str_of(good[i].text), &from, &to));
		assert_int_equal(from, want);
		assert_int_equal(to - from, good[i].width);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t from, to;

		assert_false(datetime_parse_export(str_of(wrong[i]), &from, &to));
	}
}

static void test_months(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{ "2026-11-21T10:00:00Z", 2, "2027-01-21T10:00:00Z" },
		{ "2026-12-31T23:59:59Z", 2, "2027-02-28T23:59:59Z" },
		{ "2027-12-31", 2, "2028-02-29" },
		{ "2026-08-31", 1, "2026-09-30" },
		{ "2026-10-15", 0, "2026-10-15" },
		{ "2026-10-31", 14, "2027-12-31" },
	};
	int64_t from, to;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(datetime_parse(str_of(rows[i].from), &from));
		assert_true(datetime_parse(str_of(rows[i].to), &to));
		assert_int_equal(datetime_add_months(from, rows[i].months), to);
	}
	assert_true(datetime_parse(STR("9999-12-01"), &from));
	assert_int_equal(datetime_add_months(from, 2), INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_dates),
		cmocka_unit_test(test_every_day_goes_there_and_back),
		cmocka_unit_test(test_extremes_do_not_overflow),
		cmocka_unit_test(test_what_is_no_date),
		cmocka_unit_test(test_dates_of_exports),
		cmocka_unit_test(test_months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
