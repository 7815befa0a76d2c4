#include "base/arena.h"
#include "tests/base/check.h"

#include <stdalign.h>

static void test_alloc_is_zeroed_and_aligned(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = arena_alloc(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(p[i], 0);
			p[i] = 0xff;
		}
	}
	assert_true(a.total >= 300 * 299 / 2);
	arena_free(&a);
	assert_null(a.blocks);
	assert_int_equal(a.total, 0);
}

static void test_large_alloc_leaves_others_alone(void **state)
{
	struct arena a = { 0 };
	char *small = arena_strdup(&a, "small");
	unsigned char *large = arena_alloc(&a, 5000000);

	(void)state;
	large[0] = large[4999999] = 1;
	char *after = arena_strdup(&a, "after");
	assert_string_equal(small, "small");
	assert_string_equal(after, "after");
	assert_int_equal(large[0] + large[1] + large[4999999], 2);
	arena_free(&a);
}

static void test_copies(void **state)
{
	struct arena a = { 0 };
	struct str with_nul = { "a\0b", 3 };

	(void)state;
	struct str copy = arena_str(&a, with_nul);
	assert_ptr_not_equal(copy.p, with_nul.p);
	assert_int_equal(copy.n, 3);
	assert_memory_equal(copy.p, "a\0b\0", 4);
	assert_str_equal(arena_str(&a, (struct str){ NULL, 0 }), "");
	struct str made = arena_printf(&a, "%s-%d", "x", 42);
	assert_str_equal(made, "x-42");
	assert_int_equal(made.p[made.n], 0);
	arena_free(&a);
}

static void test_reset_keeps_a_block_and_zeroes_again(void **state)
{
	struct arena a = { 0 };

	(void)state;
	arena_reset(&a);
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&a, 10000), 0xaa, 10000);
	arena_reset(&a);
	assert_non_null(a.blocks);
	assert_int_equal(a.total, 0);
	unsigned char *p = arena_alloc(&a, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(p[i], 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc_is_zeroed_and_aligned),
		cmocka_unit_test(test_large_alloc_leaves_others_alone),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_reset_keeps_a_block_and_zeroes_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
