#include "base/utf8.h"
#include "tests/base/check.h"

static void test_decode_valid(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t code_point;
		size_t len;
	} valid[] = {
		{ "a", 'a', 1 },
		{ "\x7f", 0x7f, 1 },
		{ "\xc2\x80", 0x80, 2 },
		{ "\xc3\xa9", 0xe9, 2 },
		{ "\xdf\xbf", 0x7ff, 2 },
		{ "\xe0\xa0\x80", 0x800, 3 },
		{ "\xed\x9f\xbf", 0xd7ff, 3 },
		{ "\xee\x80\x80", 0xe000, 3 },
		{ "\xef\xbf\xbd", 0xfffd, 3 },
		{ "\xf0\x90\x80\x80", 0x10000, 4 },
		{ "\xf4\x8f\xbf\xbf", 0x10ffff, 4 },
	};
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct buf b = { 0 };

		assert_int_equal(utf8_decode(str_of(valid[i].bytes), &len), valid[i].code_point);
		assert_int_equal(len, valid[i].len);
		utf8_put(&b, valid[i].code_point);
		assert_str_equal(buf_str(&b), valid[i].bytes);
		buf_free(&b);
	}
}

static void test_decode_invalid(void **state)
{
	/* Lone continuation, overlong forms, surrogate, above 0x10ffff, cut off, 5-byte form. */
	static const char *const invalid[] = { "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
		"\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82",
		"\xe2(\xa1", "\xf8\x88\x80\x80\x80", "\xff" };
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		assert_int_equal(utf8_decode(str_of(invalid[i]), &len), 0xfffd);
		assert_int_equal(len, 1);
		assert_false(utf8_clean(str_of(invalid[i])));
	}
}

static void test_sanitize(void **state)
{
	struct arena a = { 0 };
	struct str good = STR("\xc3\xa9t\xc3\xa9\t\n\xf0\x9f\x98\x80");

	(void)state;
	assert_true(utf8_clean(good));
	assert_ptr_equal(utf8_sanitize(&a, good).p, good.p);
	assert_str_equal(utf8_sanitize(&a, STR("a\xff"
					       "b")),
		"a\xef\xbf\xbd"
		"b");
	assert_str_equal(utf8_sanitize(&a, STR("a\x1b[0m")), "a\xef\xbf\xbd[0m");
	assert_str_equal(utf8_sanitize(&a, (struct str){ "\0", 1 }), "\xef\xbf\xbd");
	assert_str_equal(utf8_sanitize(&a, STR("\xef\xbf\xbf")), "\xef\xbf\xbd");
	assert_true(utf8_clean(STR("")));
	arena_free(&a);
}

static void test_fold_pairs(void **state)
{
	/* Capital and small letters, as the Unicode character database pairs them. */
	static const uint32_t pairs[][2] = { { 'A', 'a' }, { 'Z', 'z' }, { 0xc9, 0xe9 },
		{ 0xde, 0xfe }, { 0x152, 0x153 }, { 0x178, 0xff }, { 0x106, 0x107 },
		{ 0x141, 0x142 }, { 0x17d, 0x17e }, { 0x218, 0x219 }, { 0x391, 0x3b1 },
		{ 0x3a9, 0x3c9 }, { 0x386, 0x3ac }, { 0x389, 0x3ae }, { 0x38c, 0x3cc },
		{ 0x38f, 0x3ce }, { 0x410, 0x430 }, { 0x401, 0x451 } };
	static const uint32_t alone[] = { '@', '[', '`', '{', '0', 0xd7, 0xf7, 0xdf, 0x130, 0x131,
		0x138, 0x149, 0x3a2, 0x4e00, 0x1f600, 0x10ffff };

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(utf8_fold(pairs[i][0]), pairs[i][1]);
		assert_int_equal(utf8_fold(pairs[i][1]), pairs[i][1]);
	}
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		assert_int_equal(utf8_fold(alone[i]), alone[i]);
	for (uint32_t c = 0; c < 0x3000; c++)
		assert_int_equal(utf8_fold(utf8_fold(c)), utf8_fold(c));
}

static void test_ieq_and_folded_agree(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "", "", true },
		{ "\xc3\x89t\xc3\xa9", "\xc3\xa9T\xc3\x89", true },
		{ "ete", "\xc3\xa9t\xc3\xa9", false },
		{ "a", "ab", false },
		{ "\xff", "\xff", true },
		{ "\xff", "\xfe", false },
		{ "\xef", "\xef\xbf\xbd", false },
		{ "\xef\xbf\xbd", "\xff", false },
		{ "\xce\xa3", "\xcf\x82", true },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str x = str_of(rows[i].a), y = str_of(rows[i].b);

		assert_int_equal(utf8_ieq(x, y), rows[i].equal);
		assert_int_equal(utf8_ieq(y, x), rows[i].equal);
		assert_int_equal(str_eq(utf8_folded(&a, x), utf8_folded(&a, y)), rows[i].equal);
	}
	arena_free(&a);
}

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(STR("")), 0);
	assert_int_equal(utf8_length(STR("\xc3\xa9t\xc3\xa9")), 3);
	assert_int_equal(utf8_length(STR("\xf0\x9f\x98\x80\xff")), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_valid),
		cmocka_unit_test(test_decode_invalid),
		cmocka_unit_test(test_sanitize),
		cmocka_unit_test(test_fold_pairs),
		cmocka_unit_test(test_ieq_and_folded_agree),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
