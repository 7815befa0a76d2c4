#include "base/str.h"
#include "tests/base/check.h"

static void test_comparison(void **state)
{
	(void)state;
	assert_true(str_eq(STR(""), (struct str){ NULL, 0 }));
	assert_true(str_eq((struct str){ "a\0b", 3 }, (struct str){ "a\0b", 3 }));
	assert_false(str_eq((struct str){ "a\0b", 3 }, (struct str){ "a\0c", 3 }));
	assert_true(str_ieq(STR("memberOf"), STR("MEMBEROF")));
	assert_false(str_ieq(STR("memberOf"), STR("member")));
	assert_false(str_ieq(STR("@"), STR("`")));
	assert_false(str_ieq(STR("\xc3\xa9"), STR("\xc3\x89")));
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_contains(STR("abc"), STR("bc")));
	assert_true(str_contains(STR("abc"), STR("")));
	assert_false(str_contains(STR("abc"), STR("cb")));
	assert_false(str_contains(STR("ab"), STR("abc")));
	assert_true(str_starts(STR("abc"), STR("")));
	assert_false(str_starts(STR("ab"), STR("abc")));
	assert_true(str_istarts(STR("ABC"), STR("ab")));
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("ab"), STR("a")) > 0);
	assert_true(str_cmp(STR("a"), STR("\xc3")) < 0);
	assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
	assert_int_equal(str_cmp(STR(""), (struct str){ NULL, 0 }), 0);
	assert_int_equal(ascii_casecmp("ABC", "abc"), 0);
	assert_true(ascii_casecmp("ab", "abc") < 0);
	assert_true(ascii_casecmp("b", "A") > 0);
	assert_int_equal(str_of(NULL).n, 0);
}

static void test_cut_and_trim(void **state)
{
	struct str rest;

	(void)state;
	assert_str_equal(str_cut(STR("a,b,c"), ',', &rest), "a");
	assert_str_equal(rest, "b,c");
	assert_str_equal(str_cut(STR("a,"), ',', &rest), "a");
	assert_non_null(rest.p);
	assert_str_equal(rest, "");
	assert_str_equal(str_cut(STR("a"), ',', &rest), "a");
	assert_null(rest.p);
	assert_str_equal(str_cut((struct str){ NULL, 0 }, ',', &rest), "");
	assert_str_equal(str_trim(STR(" \t\r\n a b \n")), "a b");
	assert_str_equal(str_trim(STR(" \t")), "");
}

static void test_numbers(void **state)
{
	static const char *const wrong[] = { "", "-", "+1", " 1", "1 ", "0x1", "1.0", "--1",
		"9223372036854775808", "-9223372036854775809", "18446744073709551616",
		"99999999999999999999999" };
	int64_t i = 7;
	uint64_t u = 7;

	(void)state;
	for (size_t n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
		assert_false(str_to_i64(str_of(wrong[n]), &i));
		assert_int_equal(i, 7);
	}
	assert_true(str_to_i64(STR("-9223372036854775808"), &i));
	assert_true(i == INT64_MIN);
	assert_true(str_to_i64(STR("9223372036854775807"), &i));
	assert_true(i == INT64_MAX);
	assert_true(str_to_i64(STR("-0"), &i));
	assert_int_equal(i, 0);
	assert_false(str_to_u64(STR("-1"), &u));
	assert_int_equal(u, 7);
	assert_true(str_to_u64(STR("18446744073709551615"), &u));
	assert_true(u == UINT64_MAX);
	assert_false(str_to_u64(STR("18446744073709551616"), &u));
}

static void test_hex(void **state)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	(void)state;
	for (int c = -128; c < 128; c++) {
		const char *at = c ? strchr(digits, c) : NULL;
		long want = at ? at - digits : -1;

		assert_int_equal(ascii_hex((char)c), want > 15 ? want - 6 : want);
	}
}

static void distance_counts_edits(void **state)
{
	char longer[97];

	(void)state;
	memset(longer, 'a', sizeof(longer));
	assert_int_equal(str_distance(STR("tiers"), STR("tiers")), 0);
	assert_int_equal(str_distance(STR("tires"), STR("tiers")), 2);
	assert_int_equal(str_distance(STR("kitten"), STR("sitting")), 3);
	assert_int_equal(str_distance(STR(""), STR("abc")), 3);
	assert_true(str_distance((struct str){ longer, 97 }, STR("a")) == SIZE_MAX);
	assert_int_equal(str_distance((struct str){ longer, 96 }, STR("a")), 95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_cut_and_trim),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(distance_counts_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
