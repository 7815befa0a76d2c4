#include "runs/number_format.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void dates_and_numbers(void **state)
{
	static const char *const dates[] = { "dd/mm/yyyy", "yyyy-mm-dd", "d mmm",
		"[$-40C]d mmmm yyyy", "h:mm", "\"le \"dd", "\\d dd", "[Red]yyyy" };
	static const char *const numbers[] = { "", "General", "GENERAL", "0.00", "#,##0", "0%",
		"0.00E+00", "\"jours\"", "[Red]0", "0 \\d", "0;\"d\"", "@", "_d0", "0;yyyy" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dates); i++)
		assert_true(number_format_is_date(str_of(dates[i])));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		assert_false(number_format_is_date(str_of(numbers[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(dates_and_numbers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
