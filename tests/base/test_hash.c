#include "base/arena.h"
#include "base/hash.h"
#include "tests/base/check.h"

static void test_add_get_set(void **state)
{
	struct hash h = { 0 };

	(void)state;
	assert_int_equal(hash_get(&h, STR("a")), HASH_NONE);
	assert_int_equal(hash_add(&h, STR("a"), 1), 1);
	assert_int_equal(hash_add(&h, STR("a"), 2), 1);
	assert_int_equal(hash_add(&h, (struct str){ NULL, 0 }, 3), 3);
	assert_int_equal(hash_get(&h, STR("")), 3);
	hash_set(&h, STR("a"), 4);
	hash_set(&h, STR("b"), 5);
	assert_int_equal(hash_get(&h, STR("a")), 4);
	assert_int_equal(hash_get(&h, STR("b")), 5);
	assert_int_equal(h.count, 3);
	hash_free(&h);
	assert_int_equal(hash_get(&h, STR("a")), HASH_NONE);
}

static void test_keys_may_hold_nul_bytes(void **state)
{
	struct hash h = { 0 };

	(void)state;
	hash_add(&h, (struct str){ "a\0b", 3 }, 1);
	hash_add(&h, (struct str){ "a\0c", 3 }, 2);
	assert_int_equal(hash_get(&h, (struct str){ "a\0b", 3 }), 1);
	assert_int_equal(hash_get(&h, (struct str){ "a\0c", 3 }), 2);
	assert_int_equal(hash_get(&h, STR("a")), HASH_NONE);
	hash_free(&h);
}

static void test_many_keys_survive_growth(void **state)
{
	struct hash h = { 0 };
	struct arena a = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(hash_add(&h, arena_printf(&a, "key %u", i), i), i);
	assert_int_equal(h.count, 50000);
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(hash_get(&h, arena_printf(&a, "key %u", i)), i);
	assert_int_equal(hash_get(&h, STR("key 50000")), HASH_NONE);
	hash_free(&h);
	arena_free(&a);
}

static void test_hash_depends_on_every_byte(void **state)
{
	char key[24] = { 0 };

	(void)state;
	for (size_t n = 0; n < sizeof(key); n++) {
		uint64_t plain = hash_bytes((struct str){ key, n });

		assert_true(plain == hash_bytes((struct str){ key, n }));
		assert_true(plain != hash_bytes((struct str){ key, n + 1 }));
		for (size_t i = 0; i < n; i++) {
			key[i] = 1;
			assert_true(plain != hash_bytes((struct str){ key, n }));
			key[i] = 0;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_get_set),
		cmocka_unit_test(test_keys_may_hold_nul_bytes),
		cmocka_unit_test(test_many_keys_survive_growth),
		cmocka_unit_test(test_hash_depends_on_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
