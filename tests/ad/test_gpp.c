#include "ad/gpp.h"
#include "tests/base/check.h"

#define GROUPS                                                                                     \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Groups clsid=\"{1}\">"                       \
	"<User clsid=\"{2}\" name=\"Administrateur\"><Properties action=\"U\" "                    \
	"userName=\"Administrateur\" cpassword=\"j1Uyj3Vx8TY9LtLZil2uAuZkFQA=\"/>"                 \
	"<Filters><FilterOs/></Filters></User>"                                                    \
	"<User name=\"empty\" disabled=\"1\"><Properties action=\"C\" cpassword=\"\" "             \
	"userName=\"x\"/><Filters/></User>"                                                        \
	"<Collection name=\"c\"><Group name=\"Admins\"><Properties action=\"R\" "                  \
	"groupSid=\"S-1-5-32-544\" groupName=\"Administrators (built-in)\"><Members>"              \
	"<Member name=\"CHU\\GG\" action=\"ADD\" sid=\"S-1-5-21-1-2-3-1104\"/>"                    \
	"<Member name=\"old\" action=\"REMOVE\" sid=\"\"/></Members></Properties></Group>"         \
	"</Collection></Groups>"

static void test_groups(void **state)
{
	struct arena a = { 0 };
	struct gpp g;

	(void)state;
	assert_true(gpp_parse(&a, STR(GROUPS), &g));
	assert_int_equal(g.count, 3);
	assert_int_equal(g.items[0].kind, GPP_USER);
	assert_str_equal(g.items[0].name, "Administrateur");
	assert_str_equal(g.items[0].user, "Administrateur");
	assert_int_equal(g.items[0].action, 'U');
	assert_true(g.items[0].has_password && g.items[0].filtered && !g.items[0].disabled);
	assert_true(!g.items[1].has_password && g.items[1].disabled && !g.items[1].filtered);
	assert_int_equal(g.items[2].kind, GPP_GROUP);
	struct sid admins = sid_builtin(544);
	assert_true(sid_eq(&g.items[2].group, &admins));
	assert_int_equal(g.items[2].member_count, 2);
	assert_str_equal(g.items[2].members[0].name, "CHU\\GG");
	assert_int_equal(sid_rid(&g.items[2].members[0].sid), 1104);
	assert_false(g.items[2].members[0].removed);
	assert_true(g.items[2].members[1].removed && sid_is_none(&g.items[2].members[1].sid));
	arena_free(&a);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *xml;
		enum gpp_kind kind;
		const char *user;
		bool password;
	} files[] = {
		{ "<NTServices><NTService name='s'><Properties accountName='CHU\\svc' "
		  "cPassword='x'/></NTService></NTServices>",
			GPP_SERVICE, "CHU\\svc", true },
		{ "<ScheduledTasks><ImmediateTaskV2 name='t'><Properties action='C' "
		  "runAs='NT AUTHORITY\\System'><Task/></Properties></ImmediateTaskV2>"
		  "</ScheduledTasks>",
			GPP_TASK, "NT AUTHORITY\\System", false },
		{ "<Drives><Drive name='S:'><Properties userName='CHU\\scan' cpassword='y' "
		  "path='\\\\srv\\s'/></Drive></Drives>",
			GPP_DRIVE, "CHU\\scan", true },
		{ "<DataSources><DataSource name='d'><Properties username='sa' cpassword='z'/>"
		  "</DataSource></DataSources>",
			GPP_DATA_SOURCE, "sa", true },
		{ "<Printers><SharedPrinter name='p'><Properties username='' cpassword=''/>"
		  "</SharedPrinter></Printers>",
			GPP_PRINTER, "", false },
		/* Not where a preference has it, and given away all the same. */
		{ "<Groups><Odd cpassword='q'/></Groups>", GPP_OTHER, "", true },
	};
	struct arena a = { 0 };
	struct gpp g;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		assert_true(gpp_parse(&a, str_of(files[i].xml), &g));
		assert_int_equal(g.count, 1);
		assert_int_equal(g.items[0].kind, files[i].kind);
		assert_str_equal(g.items[0].user, files[i].user);
		assert_int_equal(g.items[0].has_password, files[i].password);
	}
	assert_true(gpp_parse(&a,
		STR("<RegistrySettings><Registry name='n'><Properties action='U' "
		    "hive='HKEY_LOCAL_MACHINE' key='SYSTEM\\X' name='Level' type='REG_DWORD' "
		    "value='00000005'/></Registry></RegistrySettings>"),
		&g));
	assert_int_equal(g.items[0].kind, GPP_REGISTRY);
	assert_str_equal(g.items[0].key, "SYSTEM\\X");
	assert_str_equal(g.items[0].value_name, "Level");
	assert_str_equal(g.items[0].value, "00000005");
	arena_free(&a);
}

static void test_hostile(void **state)
{
	static const char *const files[] = {
		"",
		"text",
		"<a>",
		"<a></b>",
		"<a b=c/>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
		"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
		"<!DOCTYPE a [<!ENTITY l0 'ha'><!ENTITY l1 '&l0;&l0;'>]><a b='&l1;'/>",
		"<a>&undefined;</a>",
	};
	struct arena a = { 0 };
	struct buf deep = { 0 };
	struct gpp g = { .count = 42 };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_false(gpp_parse(&a, str_of(files[i]), &g));
	for (int i = 0; i < 100; i++)
		buf_putz(&deep, "<a>");
	for (int i = 0; i < 100; i++)
		buf_putz(&deep, "</a>");
	assert_false(gpp_parse(&a, buf_str(&deep), &g));
	assert_int_equal(g.count, 42);
	buf_free(&deep);
	arena_free(&a);
}

static void redacts(struct str from, const char *to, size_t count)
{
	struct buf out = { 0 };

	assert_int_equal(gpp_redact(from, &out), count);
	assert_str_equal(buf_str(&out), to);
	buf_free(&out);
}

static void test_redact(void **state)
{
	(void)state;
	redacts(STR(""), "", 0);
	redacts(STR("<a cpassword=\"secret\" b='1'/>"), "<a cpassword=\"[removed]\" b='1'/>", 1);
	redacts(STR("<a CPassword = 'sec\"ret'/><b cpassword=''/>"),
		"<a CPassword = '[removed]'/><b cpassword=''/>", 1);
	redacts(STR("<a cpassword=secret>"), "<a cpassword=[removed]>", 1);
	redacts(STR("<a cpassword=\"never closed"), "<a cpassword=\"[removed]", 1);
	redacts(STR("cpassword and cpassword="), "cpassword and cpassword=", 0);
	redacts(STR("\xff\xfe"
		    "c\0p\0a\0s\0s\0w\0o\0r\0d\0=\0'\0x\0'\0"),
		"cpassword='[removed]'", 1);
	/* What was taken out is still found. */
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct gpp g;
	assert_int_equal(gpp_redact(STR(GROUPS), &out), 1);
	assert_true(gpp_parse(&a, buf_str(&out), &g));
	assert_true(g.items[0].has_password && !g.items[1].has_password);
	buf_free(&out);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_redact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
