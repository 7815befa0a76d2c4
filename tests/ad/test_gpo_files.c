/* The small files of a group policy: scripts.ini, GPT.INI, audit.csv. */
#include "ad/audit_csv.h"
#include "ad/gpt_ini.h"
#include "ad/scripts_ini.h"
#include "tests/base/check.h"

static void test_scripts(void **state)
{
	struct arena a = { 0 };
	struct scripts_ini s;

	(void)state;
	assert_true(scripts_ini_parse(&a,
		STR("\n[Startup]\r\n0CmdLine=a b.ps1\r\n0Parameters=-x =1\r\n1Parameters=\r\n"
		    "1CmdLine=\\\\srv\\s\\c.bat\r\n[logon]\n12CmdLine=d.vbs\n[Other]\n0CmdLine=no\n"
		    "[Shutdown]\nCmdLine=no\nxCmdLine=no\n0Else=no\n"),
		&s));
	assert_int_equal(s.count, 3);
	assert_int_equal(s.scripts[0].event, SCRIPT_STARTUP);
	assert_str_equal(s.scripts[0].command, "a b.ps1");
	assert_str_equal(s.scripts[0].parameters, "-x =1");
	assert_int_equal(s.scripts[1].order, 1);
	assert_str_equal(s.scripts[1].command, "\\\\srv\\s\\c.bat");
	assert_int_equal(s.scripts[2].event, SCRIPT_LOGON);
	assert_int_equal(s.scripts[2].order, 12);
	arena_free(&a);
}

static void test_gpt_ini(void **state)
{
	struct arena a = { 0 };
	struct gpt_ini g;

	(void)state;
	assert_true(gpt_ini_parse(
		&a, STR("[General]\r\nVersion=65539\r\ndisplayName=New GPO\r\n"), &g));
	assert_true(g.has_version);
	assert_int_equal(g.version, 65539);
	assert_str_equal(g.display_name, "New GPO");
	assert_true(gpt_ini_parse(&a, STR("[Else]\nVersion=1\n[General]\nVersion=x\n"), &g));
	assert_false(g.has_version);
	arena_free(&a);
}

#define COLUMNS                                                                                    \
	"Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,"               \
	"Exclusion Setting,Setting Value\r\n"

static void test_audit(void **state)
{
	struct arena a = { 0 };
	struct audit_csv csv = { .count = 42 };
	char text[GUID_TEXT];

	(void)state;
	assert_false(audit_csv_parse(&a, STR(""), &csv));
	assert_false(audit_csv_parse(&a, STR("Machine Name,Subcategory\r\n"), &csv));
	assert_int_equal(csv.count, 42);
	assert_true(audit_csv_parse(&a,
		STR(COLUMNS
			",System,Audit Credential Validation,"
			"{0cce923f-69ae-11d9-bed3-505054503030},Success and Failure,,3\r\n"
			",System,\"Ouvrir, fermer\",{0CCE9215-69AE-11D9-BED3-505054503030},,,4\r\n"
			",S-1-5-21-1-2-3-500,User,{0cce9216-69ae-11d9-bed3-505054503030},,,1\r\n"
			",,Option:CrashOnAuditFail,,Enabled,,1\r\n,System,short\r\n"
			",System,x,{0cce9216-69ae-11d9-bed3-505054503030},,,many\r\n"),
		&csv));
	assert_int_equal(csv.count, 3);
	assert_int_equal(csv.skipped, 2);
	assert_int_equal(csv.rows[0].value, AUDIT_SUCCESS | AUDIT_FAILURE);
	assert_string_equal(
		guid_text(&csv.rows[0].subcategory, text), "0cce923f-69ae-11d9-bed3-505054503030");
	assert_str_equal(csv.rows[1].name, "Ouvrir, fermer");
	assert_int_equal(csv.rows[1].value, AUDIT_NONE);
	assert_true(guid_is_none(&csv.rows[2].subcategory));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_gpt_ini),
		cmocka_unit_test(test_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
