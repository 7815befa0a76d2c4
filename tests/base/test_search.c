#include "base/search.h"
#include "tests/base/check.h"

static bool before(const void *element, const void *key)
{
	return *(const int *)element < *(const int *)key;
}

/* Against the plain way, over every length up to 40, with elements that are there several times,
 * once and not at all. */
static void finds_the_first_that_is_not_before(void **state)
{
	int array[40];

	(void)state;
	for (size_t i = 0; i < 40; i++)
		array[i] = (int)(i / 3 * 2);
	for (size_t count = 0; count <= 40; count++)
		for (int key = -1; key < 30; key++) {
			size_t want = 0;

			while (want < count && array[want] < key)
				want++;
			assert_int_equal(
				lower_bound(array, count, sizeof(*array), &key, before), want);
		}
}

static void of_nothing_it_is_the_first_place(void **state)
{
	int key = 1;

	(void)state;
	assert_int_equal(lower_bound(NULL, 0, sizeof(int), &key, before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_first_that_is_not_before),
		cmocka_unit_test(of_nothing_it_is_the_first_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
