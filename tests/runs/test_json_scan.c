#include "runs/json_scan.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void an_object_is_walked(void **state)
{
	struct json_scan s =
		json_scan_of(STR(" { \"a\" : [1, {\"x\": \"]}\"}, []] ,\n\"b\":\"\\u00e9\\\"\","
				 "\"c\":-7,\"d\":null , \"e\":{} } \n"));
	struct arena a = { 0 };
	struct str key, text;
	int64_t n;

	(void)state;
	assert_int_equal(json_scan_peek(&s), '{');
	assert_true(json_scan_enter(&s, '{'));
	assert_true(json_scan_member(&s, &key));
	assert_true(str_eq(key, STR("a")));
	assert_true(str_eq(json_scan_skip(&s), STR("[1, {\"x\": \"]}\"}, []]")));
	assert_true(json_scan_member(&s, &key));
	assert_int_equal(json_scan_line(&s, s.at), 2);
	assert_true(json_scan_string(&s, &a, &text));
	assert_true(str_eq(text, STR("é\"")));
	assert_true(json_scan_member(&s, &key));
	assert_true(json_scan_integer(&s, &n));
	assert_int_equal(n, -7);
	assert_true(json_scan_member(&s, &key));
	assert_false(json_scan_word(&s, "true"));
	assert_true(json_scan_word(&s, "null"));
	assert_true(json_scan_member(&s, &key));
	assert_true(json_scan_enter(&s, '{'));
	assert_false(json_scan_member(&s, &key));
	assert_false(json_scan_member(&s, &key));
	json_scan_end(&s);
	assert_null(s.why);
	arena_free(&a);
}

/* Takes everything as a list of strings, integers and lists of one level. */
static const char *walk(const char *text)
{
	struct json_scan s = json_scan_of(str_of(text));
	struct arena a = { 0 };
	struct str key, value;
	int64_t n;

	json_scan_enter(&s, '[');
	while (json_scan_element(&s)) {
		char c = json_scan_peek(&s);

		if (c == '"')
			json_scan_string(&s, &a, &value);
		else if (c == '{' && json_scan_enter(&s, '{'))
			while (json_scan_member(&s, &key))
				json_scan_skip(&s);
		else if (c == '[')
			json_scan_skip(&s);
		else
			json_scan_integer(&s, &n);
	}
	json_scan_end(&s);
	arena_free(&a);
	return s.why;
}

static void what_is_no_json_is_named(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "", "a list is expected" },
		{ "{}", "a list is expected" },
		{ "[", "it ends too early" },
		{ "[1", "it ends too early" },
		{ "[1,", "it ends too early" },
		{ "[1 2]", "a comma" },
		{ "[,]", "a value is expected" },
		{ "[1,]", "a value is expected" },
		{ "[1] 2", "something stands behind" },
		{ "[01]", "an integer is expected" },
		{ "[-]", "an integer is expected" },
		{ "[1.5]", "an integer is expected" },
		{ "[1e3]", "an integer is expected" },
		{ "[9223372036854775808]", "an integer is expected" },
		{ "[\"a]", "a text has no end" },
		{ "[\"a\\\"]", "a text has no end" },
		{ "[\"a\nb\"]", "a control character" },
		{ "[\"\\ud800\"]", "no character" },
		{ "[\"\\u0000\"]", "no character" },
		{ "[\"\\x\"]", "no character" },
		{ "[{\"a\" 1}]", "a colon" },
		{ "[{1: 1}]", "a text in quotes" },
		{ "[{\"a\":}]", "a value is expected" },
		{ "[{\"a\":1,}]", "a text in quotes" },
		{ "[[}]", "brackets do not match" },
		{ "[[[]", "it ends too early" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested too deep" },
	};

	(void)state;
	assert_null(walk("[]"));
	assert_null(walk(" [1, \"\\\\\", {\"a\": {}, \"b\": [[]]}, [[{}], \"[\"], -0 ] "));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		const char *why = walk(wrong[i].text);

		if (!why || !strstr(why, wrong[i].why))
			fail_msg("%s: %s instead of %s", wrong[i].text, why ? why : "nothing",
				wrong[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_walked),
		cmocka_unit_test(what_is_no_json_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
