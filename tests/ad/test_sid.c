#include "ad/sid.h"
#include "tests/base/check.h"

#define DOMAIN "S-1-5-21-1004336348-1177238915-682003330"

static struct sid sid(const char *text)
{
	struct sid s = { 0 };

	assert_true(sid_from_text(str_of(text), &s));
	return s;
}

static void test_binary_and_text(void **state)
{
	static const struct {
		struct str bytes;
		const char *text;
	} rows[] = {
		{ { "\x01\x01\0\0\0\0\0\x01\0\0\0\0", 12 }, "S-1-1-0" },
		{ { "\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", 16 }, "S-1-5-32-544" },
		{ { "\x01\x05\0\0\0\0\0\x05\x15\0\0\0\xdc\xf4\xdc\x3b\x83\x3d\x2b\x46\x82\x8b\xa6"
		    "\x28\0\x02\0\0",
			  28 },
			DOMAIN "-512" },
		{ { "\x01\x01\0\x01\0\0\0\0\xff\xff\xff\xff", 12 },
			"S-1-0x000100000000-4294967295" },
		{ { "\x01\0\0\0\0\0\0\x05", 8 }, "S-1-5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];
		char text[SID_TEXT];
		struct sid s, t;

		assert_true(sid_parse(rows[i].bytes, &s));
		assert_string_equal(sid_text(&s, text), rows[i].text);
		assert_true(sid_from_text(str_of(rows[i].text), &t));
		assert_true(sid_eq(&s, &t));
		assert_int_equal(sid_bytes(&t, bytes), rows[i].bytes.n);
		assert_memory_equal(bytes, rows[i].bytes.p, rows[i].bytes.n);
		/* One byte less or more is no SID. */
		assert_false(sid_parse((struct str){ rows[i].bytes.p, rows[i].bytes.n - 1 }, &t));
		assert_false(sid_parse((struct str){ rows[i].bytes.p, rows[i].bytes.n + 1 }, &t));
	}
}

static void test_longest(void **state)
{
	const char *text = "S-1-281474976710655-4294967295-4294967295-4294967295-4294967295-"
			   "4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
			   "4294967295-4294967295-4294967295-4294967295-4294967295";
	struct sid s = sid(text);
	char out[SID_TEXT];
	struct sid back;

	(void)state;
	assert_int_equal(s.count, 15);
	assert_true(strlen(sid_text(&s, out)) < SID_TEXT);
	back = sid(out);
	assert_true(sid_eq(&s, &back));
	struct sid more = sid_with_rid(&s, 1);
	assert_true(sid_is_none(&more));
}

static void test_wrong_bytes_leave_the_output(void **state)
{
	static const struct str wrong[] = {
		{ NULL, 0 },
		{ "\x01", 1 },
		{ "\x02\x01\0\0\0\0\0\x05\0\0\0\0", 12 },
		{ "\0\x01\0\0\0\0\0\x05\0\0\0\0", 12 },
		{ "\x01\x10\0\0\0\0\0\x05"
		  "0123456701234567012345670123456701234567012345670123456701234567",
			72 },
	};
	struct sid s = sid("S-1-5-18"), before = s;
	size_t used = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(sid_parse(wrong[i], &s));
		assert_false(sid_parse_prefix(wrong[i], &s, &used));
	}
	assert_true(sid_eq(&s, &before));
	assert_int_equal(used, 7);
	assert_true(sid_parse_prefix(
		(struct str){ "\x01\x01\0\0\0\0\0\x01\0\0\0\0rest", 16 }, &s, &used));
	assert_int_equal(used, 12);
}

static void test_wrong_text(void **state)
{
	static const char *const wrong[] = { "", "S", "S-1", "S-1-", "S-2-5-18", "S-1-5-",
		"S-1-5--18", "S-1-5-18-", "S-1-5-+1", "S-1-5-4294967296", "S-1-5- 18", "S-1-5-18 ",
		" S-1-5-18", "S-1-281474976710656-1", "S-1-0x-1", "S-1-0x1234567890123-1",
		"S-1-0xg-1", "S-1-5-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", "X-1-5-18" };
	struct sid s = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sid_from_text(str_of(wrong[i]), &s))
			fail_msg("taken: %s", wrong[i]);
	assert_true(sid_is_none(&s));
	assert_true(sid_from_text(STR("s-1-5-18"), &s));
}

static void test_domains_and_rids(void **state)
{
	struct sid domain = sid(DOMAIN), admins = sid(DOMAIN "-512"), none = { 0 };
	struct sid other = sid("S-1-5-21-1-2-3-512"), builtin = sid_builtin(544), t;
	char text[SID_TEXT];
	uint32_t rid = 0;

	(void)state;
	assert_true(sid_in_domain(&admins, &domain, &rid));
	assert_int_equal(rid, 512);
	assert_false(sid_in_domain(&domain, &domain, &rid));
	assert_false(sid_in_domain(&other, &domain, &rid));
	assert_false(sid_in_domain(&none, &none, &rid));
	assert_false(sid_in_domain(&admins, &none, &rid));
	assert_int_equal(sid_rid(&admins), 512);
	assert_int_equal(sid_rid(&none), 0);
	t = sid_domain(&admins);
	assert_true(sid_eq(&t, &domain));
	t = sid_with_rid(&domain, 512);
	assert_true(sid_eq(&t, &admins));
	t = sid_with_rid(&none, 512);
	assert_true(sid_is_none(&t));
	assert_string_equal(sid_text(&builtin, text), "S-1-5-32-544");
	assert_string_equal(sid_text(&none, text), "");
	assert_true(sid_is_domain_principal(&admins));
	assert_false(sid_is_domain_principal(&domain));
	assert_false(sid_is_domain_principal(&builtin));
	assert_false(sid_is_domain_principal(&none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binary_and_text),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_wrong_bytes_leave_the_output),
		cmocka_unit_test(test_wrong_text),
		cmocka_unit_test(test_domains_and_rids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
