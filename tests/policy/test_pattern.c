/* Patterns of account names: what matches, and that a hostile one ends. */
#include "policy/pattern.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum pattern_result match(const char *pattern, struct str subject)
{
	struct arena a = { 0 };
	const struct pattern *p;
	struct err err;

	if (pattern_compile(&a, str_of(pattern), &p, &err))
		fail_msg("%s", err.text);
	enum pattern_result r = pattern_match(p, subject);
	arena_free(&a);
	return r;
}

static void names(void **state)
{
	(void)state;
	static const char care[] = "^(adm|t[012])[-_.]";

	assert_int_equal(match(care, STR("adm-dupont")), PATTERN_YES);
	assert_int_equal(match(care, STR("ADM.Dupont")), PATTERN_YES);
	assert_int_equal(match(care, STR("t0_dupont")), PATTERN_YES);
	assert_int_equal(match(care, STR("t3_dupont")), PATTERN_NO);
	assert_int_equal(match(care, STR("dupont-adm-")), PATTERN_NO);
	assert_int_equal(match(care, STR("")), PATTERN_NO);
	assert_int_equal(match("^é.t$", STR("ÉÀT")), PATTERN_YES);
}

static void bounded(void **state)
{
	(void)state;
	struct arena a = { 0 };
	const struct pattern *p = NULL;
	struct err err;
	char longest[LIMIT_PATTERN_BYTES + 2];

	assert_int_equal(match("^(a+)+$", STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")),
		PATTERN_UNDECIDED);
	assert_int_equal(match("a", STR("\xff")), PATTERN_UNDECIDED);
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(
		pattern_compile(&a, (struct str){ longest, sizeof(longest) - 1 }, &p, &err),
		ERR_USAGE);
	assert_int_equal(pattern_compile(&a, STR("a{2,1}"), &p, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "at character"));
	assert_null(p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
