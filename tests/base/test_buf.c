#include "base/buf.h"
#include "tests/base/check.h"

static void test_puts_append(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_str_equal(buf_str(&b), "");
	assert_string_equal(buf_z(&b), "");
	buf_put(&b, NULL, 0);
	buf_putz(&b, "ab");
	buf_putc(&b, 'c');
	buf_put_str(&b, STR("de"));
	buf_printf(&b, "%d", 12);
	assert_str_equal(buf_str(&b), "abcde12");
	assert_string_equal(buf_z(&b), "abcde12");
	buf_clear(&b);
	assert_str_equal(buf_str(&b), "");
	buf_free(&b);
	assert_null(b.p);
}

static void test_growth_keeps_content(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_putc(&b, (char)('a' + i % 26));
	assert_int_equal(b.n, 100000);
	assert_false(b.overflow);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	buf_free(&b);
}

static void test_bound_is_kept_and_noted(void **state)
{
	struct buf b = { .max = 4 };

	(void)state;
	buf_putz(&b, "abcd");
	assert_false(b.overflow);
	buf_putz(&b, "e");
	assert_true(b.overflow);
	/* Nothing is added after a gap, also what would fit. */
	b.n = 3;
	buf_printf(&b, "x");
	assert_str_equal(buf_str(&b), "abc");
	buf_clear(&b);
	buf_printf(&b, "%s", "12345");
	assert_true(b.overflow);
	assert_int_equal(b.n, 0);
	buf_free(&b);
	assert_int_equal(b.max, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_puts_append),
		cmocka_unit_test(test_growth_keeps_content),
		cmocka_unit_test(test_bound_is_kept_and_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
