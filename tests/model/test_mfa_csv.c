#include "tests/model/made.h"

#include "base/platform.h"
#include "model/mfa_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FILE_NAME "test-mfa.csv"

static const struct mfa_evidence from = {
	.kind = MFA_CSV,
	.file = { FILE_NAME, sizeof(FILE_NAME) - 1 },
	.account_column = { "UserPrincipalName", 17 },
	.method_column = { "methods", 7 },
	.account_attribute = { "userPrincipalName", 17 },
	.at = { "p.yaml", 7, 5 },
};

static int read_text(const char *text, struct mfa_csv **csv, struct err *err)
{
	struct err ignored;
	FILE *f;

	platform_remove(FILE_NAME);
	f = platform_create(FILE_NAME, &ignored);
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(platform_finish(f, FILE_NAME, &ignored), 0);
	int rc = mfa_csv_read(&from, csv, err);

	platform_remove(FILE_NAME);
	return rc;
}

static void rows_are_read(void **state)
{
	static const struct {
		const char *text, *in, *out;
	} table[] = {
		{ "userPrincipalName,methods\na@x,fido2\nb@x,\n", "a@x", "b@x" },
		{ "userPrincipalName,methods\r\na@x,fido2\r\nb@x,  \r\n", "A@X", "b@x" },
		{ "\xef\xbb\xbfuserPrincipalName;name;methods\na@x;\"Doe, J\";sms\nb@x;n;", "a@x",
			"b@x" },
		{ "\"methods\",\"userPrincipalName\"\n\"app, \"\"x\"\"\",a@x\n\"\",b@x\n", "a@x",
			"b@x" },
		{ "n,userPrincipalName,methods\n\"two\nlines\",a@x,m\n\n,b@x\n", "a@x", "b@x" },
		{ "userPrincipalName,methods\na@x,\na@x,m\n", "a@x", "absent" },
		{ "userPrincipalName,methods\n\xc3\x89@x,m\n", "\xc3\xa9@x", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct err err;
		struct mfa_csv *csv = NULL;

		assert_int_equal(read_text(table[i].text, &csv, &err), 0);
		assert_true(mfa_csv_holds(csv, str_of(table[i].in)));
		assert_false(mfa_csv_holds(csv, str_of(table[i].out)));
		mfa_csv_free(csv);
	}
}

static void a_row_is_enough_without_a_method_column(void **state)
{
	const struct mfa_evidence no_method = { .file = STR(FILE_NAME),
		.account_column = STR("userPrincipalName") };
	struct mfa_csv *csv = NULL;
	struct err err;

	(void)state;
	assert_int_equal(
		mfa_csv_parse(&no_method, str_of("userPrincipalName\na@b.fr\n"), &csv, &err), 0);
	assert_true(mfa_csv_holds(csv, str_of("a@b.fr")));
	mfa_csv_free(csv);
}

static void mistakes_name_the_policy(void **state)
{
	static const struct {
		const char *text, *says;
	} table[] = {
		{ "", "it is empty" },
		{ "upn,methods\n", "no column UserPrincipalName" },
		{ "userPrincipalName,m\n", "no column methods" },
		{ "userPrincipalName,methods\na,\"b\nc,d\n", "a quoted field has no end (line 2)" },
		{ "userPrincipalName,methods\na,\"b\"c\n",
			"text follows a closing quote (line 2)" },
	};
	struct mfa_csv *csv = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(read_text(table[i].text, &csv, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "p.yaml:7:5"));
		if (!strstr(err.text, table[i].says))
			print_error("%s\n", err.text);
		assert_non_null(strstr(err.text, table[i].says));
		assert_null(csv);
	}
	assert_int_equal(mfa_csv_read(&from, &csv, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, FILE_NAME));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(a_row_is_enough_without_a_method_column),
		cmocka_unit_test(mistakes_name_the_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
