#include "base/err.h"
#include "base/utf8.h"
#include "tests/base/check.h"

static void test_code_and_text(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, ERR_SOURCE, "cannot read %s: %d", "x.ldif", 5), ERR_SOURCE);
	assert_int_equal(err.code, ERR_SOURCE);
	assert_string_equal(err.text, "cannot read x.ldif: 5");
}

static void test_controls_do_not_reach_the_terminal(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_USAGE, "%s", "a\x1b[31m\nb\x7f");
	assert_string_equal(err.text, "a?[31m?b?");
	/* U+009B is the control sequence introducer of ISO 6429. */
	err_set(&err, ERR_USAGE, "%s",
		"a\xc2\x9b"
		"31mb");
	assert_string_equal(err.text, "a?31mb");
	err_set(&err, ERR_USAGE, "%s", "\xc3\xa9\xff\xc3\xa9");
	assert_string_equal(err.text, "\xc3\xa9?\xc3\xa9");
	err_set(&err, ERR_USAGE, "%s", "\xef\xbf\xbd");
	assert_string_equal(err.text, "\xef\xbf\xbd");
}

static void test_long_text_is_cut_between_characters(void **state)
{
	char name[3001];
	struct err err;

	(void)state;
	for (size_t i = 0; i < 1500; i++)
		memcpy(name + 2 * i, "\xc3\xa9", 2);
	name[3000] = '\0';
	for (int shift = 0; shift < 2; shift++) {
		err_set(&err, ERR_USAGE, "%s%s", shift ? "x" : "", name);
		assert_true(strlen(err.text) < sizeof(err.text));
		assert_true(strlen(err.text) >= sizeof(err.text) - 3);
		assert_true(utf8_clean(str_of(err.text)));
		assert_null(strchr(err.text, '?'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_and_text),
		cmocka_unit_test(test_controls_do_not_reach_the_terminal),
		cmocka_unit_test(test_long_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
