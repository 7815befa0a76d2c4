#include "ad/guid.h"
#include "tests/base/check.h"

/* User-Change-Password, as it stands in descriptors and in MS-ADTS 5.1.3.2.1. */
#define BYTES "\x53\x1a\x72\xab\x2f\x1e\xd0\x11\x98\x19\x00\xaa\x00\x40\x52\x9b"
#define TEXT "ab721a53-1e2f-11d0-9819-00aa0040529b"

static void test_bytes_and_text(void **state)
{
	static const char *const spellings[] = { TEXT, "{" TEXT "}",
		"AB721A53-1E2F-11D0-9819-00AA0040529B" };
	struct guid g, t;
	char text[GUID_TEXT];

	(void)state;
	assert_true(guid_parse(STR(BYTES), &g));
	assert_string_equal(guid_text(&g, text), TEXT);
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		assert_true(guid_from_text(str_of(spellings[i]), &t));
		assert_true(guid_eq(&g, &t));
	}
	assert_false(guid_is_none(&g));
	assert_true(guid_is_none(&(struct guid){ { 0 } }));
	t.b[15]++;
	assert_false(guid_eq(&g, &t));
	assert_true(guid_cmp(&g, &t) < 0);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "", "{}", "ab721a53", TEXT "0", "{" TEXT, TEXT "}",
		"ab721a531e2f-11d0-9819-00aa0040529b-", "ab721a53-1e2f-11d0-9819-00aa0040529g",
		"ab721a53 1e2f-11d0-9819-00aa0040529b", "{ab721a53-1e2f-11d0-9819-00aa0040529b)" };
	struct guid g = { { 7 } }, before = g;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(guid_from_text(str_of(wrong[i]), &g));
	assert_false(guid_parse(STR("0123456789abcde"), &g));
	assert_false(guid_parse(STR("0123456789abcdef0"), &g));
	assert_false(guid_parse((struct str){ NULL, 0 }, &g));
	assert_true(guid_eq(&g, &before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_and_text),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
