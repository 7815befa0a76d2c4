#include "tests/model/made.h"

#include "base/limits.h"
#include "base/platform.h"
#include "model/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define DIRECTORY                                                                                  \
	MADE_HEAD MADE_USER("ann", "@1001",                                                        \
		"userPrincipalName: ann@chu.fr\nmail: Ann@CHU.fr\n") MADE_USER("bob", "@1002",     \
		"userPrincipalName: bob@chu.fr\nmail: team@chu.fr\nemployeeID: 7\n")               \
		MADE_USER("bob-adm", "@1003", "mail: team@chu.fr\nemployeeID: 7\n") MADE_USER(     \
			"\xc3\x89va", "@1004",                                                     \
			"userPrincipalName: eva@chu.fr\nmail: bob@chu.fr\n") "dn: "                \
									     "CN=Crossings,CN="    \
									     "Partitions,DC="      \
									     "x\nobjectClass: "    \
									     "contact\nmail: "     \
									     "contact@chu.fr\n\n"

static struct roster_spec spec_of(unsigned match)
{
	return (struct roster_spec){
		.file = STR("folder/export.csv"),
		.at = { "p.yaml", 7, 5 },
		.account = STR("account"),
		.match = match,
		.columns = { { .name = STR("value"), .optional = true } },
		.column_count = 1,
	};
}

static struct roster *read(struct made *d, const struct roster_spec *spec, const char *text)
{
	struct roster *r = NULL;
	struct err err = { 0 };

	if (roster_load_bytes(d->model, spec, str_of(text), &r, &err))
		print_error("%s\n", err.text);
	assert_non_null(r);
	return r;
}

static enum roster_state state_of(
	const struct roster *r, const struct made *d, const char *name, const char *first)
{
	const struct roster_row *rows;
	size_t count;
	enum roster_state s = roster_rows(r, d->model, made_find(d, name), &rows, &count);

	assert_int_equal(count > 0, first != NULL);
	if (first && !str_eq(rows[0].values[0], str_of(first))) {
		print_error("%s: %.*s\n", name, STR_ARG(rows[0].values[0]));
		fail();
	}
	return s;
}

static void expect_lines(const struct roster *r, enum roster_problem p, const char *want)
{
	const struct roster_note *list;
	size_t listed, count = roster_problems(r, p, &list, &listed);
	struct buf got = { 0 };

	assert_int_equal(count, listed);
	for (size_t i = 0; i < listed; i++)
		buf_printf(&got, "%zu:%.*s ", list[i].line, STR_ARG(list[i].text));
	assert_string_equal(buf_z(&got), want);
	buf_free(&got);
}

static void rows_find_their_accounts(void **state)
{
	static const struct {
		unsigned match;
		const char *account, *found; /* NULL: nobody's */
	} table[] = {
		{ ROSTER_UPN, "ANN@chu.fr", "ann" },
		{ ROSTER_UPN, "ann", NULL },
		{ ROSTER_MAIL, "ann@chu.fr", "ann" },
		{ ROSTER_MAIL, "contact@chu.fr", NULL },
		{ ROSTER_SAM, "Ann", "ann" },
		{ ROSTER_SAM, "CHU.example\\ann", "ann" },
		{ ROSTER_SAM, "other\\ann", NULL },
		{ ROSTER_SAM, "\xc3\xa9VA", "\xc3\x89va" },
		{ ROSTER_SID, "S-1-5-21-1-2-3-1002", "bob" },
		{ ROSTER_SID, "S-1-5-21-1-2-3-9", NULL },
		{ ROSTER_SID, "bob", NULL },
		{ ROSTER_ANY, "ann@chu.fr", "ann" },
		{ ROSTER_ANY, "eva@chu.fr", "\xc3\x89va" },
		{ ROSTER_ANY, "bob-adm", "bob-adm" },
	};
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct roster_spec spec = spec_of(table[i].match);
		struct arena a = { 0 };
		struct str text = arena_printf(&a, "account;value\n%s;x\n", table[i].account);
		struct roster *r = read(&d, &spec, text.p);

		assert_int_equal(roster_row_count(r), 1);
		assert_int_equal(roster_matched_count(r), table[i].found != NULL);
		if (table[i].found)
			assert_int_equal(state_of(r, &d, table[i].found, "x"), ROSTER_PRESENT);
		roster_free(r);
		arena_free(&a);
	}
	made_free(&d);
}

static void what_is_wrong_with_rows_is_listed(void **state)
{
	struct made d = { 0 };
	struct roster_spec spec = spec_of(ROSTER_ANY);

	(void)state;
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	struct roster *r = read(&d, &spec,
		"name;account;value\n"
		"1;ann;on\n"
		"2;nobody@chu.fr;on\n"
		"3;bob@chu.fr;on\n" /* bob's UPN, and eva's mail */
		"4;;on\n"
		"5;ann@chu.fr;off\n"
		"6;bob-adm;on;more\n"
		"7;ann;on\n"
		"8;=HYPERLINK(1);on\n"
		"9;team@chu.fr;-2+3\n");

	expect_lines(r, ROSTER_UNMATCHED, "3:nobody@chu.fr 9:=HYPERLINK(1) ");
	expect_lines(r, ROSTER_AMBIGUOUS, "4:bob@chu.fr 10:team@chu.fr ");
	expect_lines(r, ROSTER_NO_ACCOUNT, "5: ");
	expect_lines(r, ROSTER_CONTRADICTION, "6:ann ");
	expect_lines(r, ROSTER_RAGGED, "7:bob-adm ");
	expect_lines(r, ROSTER_FORMULA, "9:=HYPERLINK(1) 10:-2+3 ");
	assert_int_equal(state_of(r, &d, "ann", "on"), ROSTER_CONTRADICTED);
	assert_int_equal(state_of(r, &d, "bob", NULL), ROSTER_UNKNOWN);
	assert_int_equal(state_of(r, &d, "bob-adm", NULL), ROSTER_UNKNOWN);
	assert_int_equal(roster_row_count(r), 9);
	assert_int_equal(roster_matched_count(r), 3);
	assert_string_equal(
		made_coverage(&d, "csv_row export.csv:3"), "csv_unmatched nobody@chu.fr");
	assert_string_equal(made_coverage(&d, "csv_row export.csv:4"), "csv_ambiguous bob@chu.fr");
	assert_string_equal(made_coverage(&d, "csv_row export.csv:5"), "csv_no_account");
	assert_string_equal(made_coverage(&d, "csv_row export.csv:6"), "csv_contradiction ann");
	assert_string_equal(made_coverage(&d, "csv_row export.csv:7"), "csv_ragged bob-adm");
	roster_free(r);

	/* The same rows add up where an account may have several. */
	spec.rows_add_up = true;
	r = read(&d, &spec, "account,value\nann,on\nANN,off\nann,on\n");
	expect_lines(r, ROSTER_CONTRADICTION, "");
	assert_int_equal(state_of(r, &d, "ann", "on"), ROSTER_PRESENT);
	assert_int_equal(state_of(r, &d, "bob", NULL), ROSTER_ABSENT);
	roster_free(r);
	made_free(&d);
}

static void a_person_has_several_accounts(void **state)
{
	struct made d = { 0 };
	struct roster_spec spec = spec_of(ROSTER_EMPLOYEE_ID);

	(void)state;
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	struct roster *r = read(&d, &spec, "account,value\n7,gone\n");

	expect_lines(r, ROSTER_AMBIGUOUS, "2:7 ");
	roster_free(r);
	spec.people = true;
	r = read(&d, &spec, "account,value\n7,gone\n");
	expect_lines(r, ROSTER_AMBIGUOUS, "");
	assert_int_equal(state_of(r, &d, "bob", "gone"), ROSTER_PRESENT);
	assert_int_equal(state_of(r, &d, "bob-adm", "gone"), ROSTER_PRESENT);
	assert_int_equal(state_of(r, &d, "ann", NULL), ROSTER_ABSENT);
	roster_free(r);
	made_free(&d);
}

/* An account whose mail the reader may not see can be the one of a row that is nobody's, and only
 * then. */
static void hidden_names_are_not_absence(void **state)
{
	struct made d = { .asked = "objectClass sAMAccountName objectSid userAccountControl "
				   "primaryGroupID userPrincipalName cn",
		.selection = true };
	struct roster_spec spec = spec_of(ROSTER_MAIL);

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER(
					       "ann", "@1001", "userPrincipalName: ann@chu.fr\n")),
		0);
	struct roster *r = read(&d, &spec, "account\nann@chu.fr\n");
	assert_int_equal(state_of(r, &d, "ann", NULL), ROSTER_UNKNOWN);
	roster_free(r);
	r = read(&d, &spec, "account\n");
	assert_int_equal(state_of(r, &d, "ann", NULL), ROSTER_ABSENT);
	roster_free(r);
	spec.match = ROSTER_UPN;
	r = read(&d, &spec, "account\nann@chu.fr\nx@y\n");
	assert_int_equal(state_of(r, &d, "ann", ""), ROSTER_PRESENT);
	roster_free(r);
	made_free(&d);
}

/* bob keeps his mail to himself. */
#define SD(aces) "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:" aces "(A;;RP;;;S-1-1-0)\n"
#define HIDING_MAIL                                                                                \
	MADE_HEAD MADE_USER(                                                                       \
		"ann", "@1001", "userPrincipalName: ann@upn.fr\nmail: ann@chu.fr\n" SD(""))        \
		MADE_USER("bob", "@1002",                                                          \
			"userPrincipalName: bob@upn.fr\n" SD(                                      \
				"(OD;;RP;bf967961-0de6-11d0-a285-00aa003049e2;;S-1-1-0)"))

/* ann was found by a name that an account whose own is hidden could have too: or not. */
static void a_hidden_name_may_be_that_of_a_found_row(void **state)
{
	static const struct {
		unsigned match;
		bool people;
		const char *account;
		enum roster_state hidden; /* of bob, who hides his mail */
		bool doubtful;
	} table[] = {
		{ ROSTER_MAIL, false, "ann@chu.fr", ROSTER_UNKNOWN, true },
		{ ROSTER_MAIL, true, "ann@chu.fr", ROSTER_UNKNOWN, false },
		{ ROSTER_UPN, false, "ann@upn.fr", ROSTER_ABSENT, false },
		{ ROSTER_SAM, false, "ann", ROSTER_ABSENT, false },
		{ ROSTER_ANY, false, "ann", ROSTER_UNKNOWN, true },
		{ ROSTER_UPN | ROSTER_SAM, false, "ann", ROSTER_ABSENT, false },
	};
	struct made d = { .token = "S-1-5-21-1-2-3-1200 S-1-1-0 S-1-5-11" };

	(void)state;
	assert_int_equal(made_load(&d, HIDING_MAIL), 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct roster_spec spec = spec_of(table[i].match);
		const struct roster_row *rows;
		struct arena a = { 0 };
		size_t count;

		spec.people = table[i].people;
		struct roster *r =
			read(&d, &spec, arena_printf(&a, "account\n%s\n", table[i].account).p);

		assert_int_equal(state_of(r, &d, "bob", NULL), table[i].hidden);
		assert_int_equal(roster_rows(r, d.model, made_find(&d, "ann"), &rows, &count),
			ROSTER_PRESENT);
		assert_int_equal(count, 1);
		assert_int_equal(rows[0].doubtful, table[i].doubtful);
		expect_lines(r, ROSTER_DOUBTFUL,
			table[i].doubtful ? arena_printf(&a, "2:%s ", table[i].account).p : "");
		roster_free(r);
		arena_free(&a);
	}
	made_free(&d);
}

static void an_unusable_file_says_where(void **state)
{
	static const struct {
		const char *text, *says;
	} table[] = {
		{ "upn,value\n", "p.yaml:7:5: folder/export.csv:1: it has no column 'account'; its "
				 "columns are: upn, value." },
		{ "account,account\n", "two columns are called 'account'" },
		{ "account,value,VALUE\n", "two columns are called 'value'" },
		{ "account\nx,\"y\n", "p.yaml:7:5: folder/export.csv:2: a quoted cell" },
		{ "", "folder/export.csv:1: it is empty" },
		{ "PK\x03\x04", "Excel workbook" },
	};
	struct made d = { 0 };
	struct roster_spec spec = spec_of(ROSTER_UPN);
	struct roster *r = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	size_t before = model_coverage_count(d.model);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(roster_load_bytes(d.model, &spec, str_of(table[i].text), &r, &err),
			ERR_USAGE);
		if (!strstr(err.text, table[i].says))
			print_error("%s\n", err.text);
		assert_non_null(strstr(err.text, table[i].says));
		assert_null(r);
	}
	spec.columns[0].optional = false;
	assert_int_equal(roster_load_bytes(d.model, &spec, STR("account\n"), &r, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "no column 'value'"));
	assert_int_equal(roster_load(d.model, &spec, &r, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "p.yaml:7:5: "));
	assert_non_null(strstr(err.text, "folder/export.csv"));
	assert_int_equal(model_coverage_count(d.model), before);
	made_free(&d);
}

/* A million rows: all are counted, the first are named, and those of accounts are kept. */
static void a_million_rows(void **state)
{
	const size_t rows = 1000000;
	struct made d = { 0 };
	struct roster_spec spec = spec_of(ROSTER_UPN);
	struct roster *r = NULL;
	struct err err = { 0 };
	const struct roster_note *list;
	size_t listed;
	FILE *f;

	(void)state;
	platform_remove("test-roster.csv");
	f = platform_create("test-roster.csv", &err);
	assert_non_null(f);
	fputs("account,value\n", f);
	for (size_t i = 0; i + 1 < rows; i++)
		fprintf(f, "user%zu@chu.fr,%zu\n", i, i % 7);
	fputs("ann@chu.fr,last\n", f);
	assert_int_equal(platform_finish(f, "test-roster.csv", &err), 0);
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	spec.file = STR("test-roster.csv");
	assert_int_equal(roster_load(d.model, &spec, &r, &err), 0);
	assert_int_equal(roster_row_count(r), rows);
	assert_int_equal(roster_matched_count(r), 1);
	assert_int_equal(roster_problems(r, ROSTER_UNMATCHED, &list, &listed), rows - 1);
	assert_int_equal(listed, ROSTER_LISTED);
	assert_int_equal(list[listed - 1].line, ROSTER_LISTED + 1);
	assert_string_equal(
		made_coverage(&d, "csv_rows test-roster.csv"), "csv_unmatched_more 999979");
	assert_int_equal(state_of(r, &d, "ann", "last"), ROSTER_PRESENT);
	roster_free(r);

	f = fopen("test-roster.csv", "ab");
	assert_non_null(f);
	for (size_t i = rows; i < LIMIT_CSV_ROWS + 1; i++)
		fputs("x\n", f);
	assert_int_equal(fclose(f), 0);
	r = NULL;
	assert_int_equal(roster_load(d.model, &spec, &r, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "test-roster.csv:2000002: it has more than 2000000 rows"));
	assert_null(r);
	platform_remove("test-roster.csv");
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_find_their_accounts),
		cmocka_unit_test(what_is_wrong_with_rows_is_listed),
		cmocka_unit_test(a_person_has_several_accounts),
		cmocka_unit_test(hidden_names_are_not_absence),
		cmocka_unit_test(a_hidden_name_may_be_that_of_a_found_row),
		cmocka_unit_test(an_unusable_file_says_where),
		cmocka_unit_test(a_million_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
