/* What is taken out of files of SYSVOL before they are stored, and what stays. */
#include "ad/registry_pol.h"
#include "ad/sysvol_secrets.h"
#include "base/arena.h"
#include "tests/base/check.h"

static void is(const char *path, struct str from, const char *to)
{
	struct buf out = { 0 };

	assert_true(sysvol_redact(str_of(path), from, &out));
	assert_str_equal(buf_str(&out), to);
	/* Once is enough. */
	struct buf again = { 0 };
	assert_true(sysvol_redact(str_of(path), buf_str(&out), &again));
	assert_str_equal(buf_str(&again), to);
	buf_free(&again);
	buf_free(&out);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(secret_name_of(STR("DefaultPassword")), SECRET_LIKELY);
	assert_int_equal(secret_name_of(STR("DBPWD")), SECRET_LIKELY);
	assert_int_equal(secret_name_of(STR("PasswordHint")), SECRET_POSSIBLE);
	assert_int_equal(secret_name_of(STR("ClientSecretValue")), SECRET_POSSIBLE);
	assert_int_equal(secret_name_of(STR("Wallpaper")), SECRET_NO);
	assert_int_equal(secret_name_of(STR("")), SECRET_NO);
}

static void test_xml(void **state)
{
	(void)state;
	is("a/Groups.xml", STR("<a cpassword='x'/>"), "<a cpassword='[removed]'/>");
	is("a/Registry.xml",
		STR("<Registry name='x'><Properties value=\"s'3\" type=\"REG_SZ\" "
		    "name=\"DefaultPassword\"/></Registry><Properties name='Wallpaper' "
		    "value='b'/>"),
		"<Registry name='x'><Properties value=\"[removed]\" type=\"REG_SZ\" "
		"name=\"DefaultPassword\"/></Registry><Properties name='Wallpaper' value='b'/>");
	is("a/EnvironmentVariables.xml",
		STR("<EnvironmentVariable name='SQL_PWD' status='SQL_PWD = x'><Properties "
		    "name='SQL_PWD' value='x'/>"),
		"<EnvironmentVariable name='SQL_PWD' status='[removed]'><Properties "
		"name='SQL_PWD' value='[removed]'/>");
	is("a/ScheduledTasks.xml",
		STR("<Properties appName='x.exe' args='-p secret' startIn=''/><Command>y</Command>"
		    "<Arguments>-p secret</Arguments><Arguments></Arguments>"),
		"<Properties appName='x.exe' args='[removed]' startIn=''/><Command>y</Command>"
		"<Arguments>[removed]</Arguments><Arguments></Arguments>");
	/* Cut off, or not XML at all. */
	is("a.xml", STR("<a name='password' value='x"), "<a name='password' value='[removed]");
	is("a.xml", STR("<a args="), "<a args=");
	is("a.xml", STR(""), "");
}

static void test_text(void **state)
{
	(void)state;
	is("scripts.ini", STR("[Logon]\r\n0CmdLine=a.bat\r\n0Parameters=-p secret\r\n"),
		"[Logon]\r\n0CmdLine=a.bat\r\n0Parameters=[removed]\r\n");
	is("psscripts.ini", STR("0Parameters=\n1Parameters = x"),
		"0Parameters=\n1Parameters = [removed]");
	is("GptTmpl.inf",
		STR("[Registry Values]\nMACHINE\\W\\DefaultPassword=1,\"s,t\"\n"
		    "MACHINE\\L\\NoPassword=4,1\n[System Access]\nMinimumPasswordLength = 8\n"),
		"[Registry Values]\nMACHINE\\W\\DefaultPassword=1,[removed]\n"
		"MACHINE\\L\\NoPassword=4,1\n[System Access]\nMinimumPasswordLength = 8\n");
	struct buf out = { 0 };
	assert_false(sysvol_redact(STR("GPT.INI"), STR("x"), &out));
	assert_false(sysvol_redact(STR("audit.csv"), STR("x"), &out));
	buf_free(&out);
}

/* UTF-16 of an ASCII text, with its NUL. */
static void put_wide(struct buf *b, const char *z)
{
	for (; *z; z++) {
		buf_putc(b, *z);
		buf_putc(b, '\0');
	}
	buf_put(b, "\0\0", 2);
}

static void put_entry(struct buf *b, const char *name, char type, const char *value)
{
	struct buf data = { 0 };

	put_wide(&data, value);
	buf_put(b, "[\0", 2);
	put_wide(b, "Key");
	buf_put(b, ";\0", 2);
	put_wide(b, name);
	buf_put(b, ";\0", 2);
	buf_putc(b, type);
	buf_put(b, "\0\0\0;\0", 5);
	buf_putc(b, (char)data.n);
	buf_put(b, "\0\0\0;\0", 5);
	buf_put_str(b, buf_str(&data));
	buf_put(b, "]\0", 2);
	buf_free(&data);
}

static bool holds(struct str s, char c)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == c)
			return true;
	return false;
}

static void test_registry_pol(void **state)
{
	struct buf in = { 0 }, out = { 0 };
	struct arena a = { 0 };
	struct registry_pol r;

	(void)state;
	buf_put(&in, "PReg\1\0\0\0", 8);
	put_entry(&in, "Wallpaper", 1, "b");
	put_entry(&in, "DefaultPassword", 1, "#####");
	put_entry(&in, "**del.OldPassword", 1, " ");
	put_entry(&in, "EmptyPassword", 1, "");
	put_entry(&in, "Last", 4, "x");
	assert_true(sysvol_redact(STR("x/Registry.pol"), buf_str(&in), &out));
	assert_false(holds(buf_str(&out), '#'));
	assert_true(registry_pol_parse(&a, buf_str(&out), &r));
	assert_int_equal(r.count, 5);
	assert_str_equal(r.entries[1].name, "DefaultPassword");
	assert_int_equal(r.entries[1].data.n, 20);
	assert_true(pol_is_secret(&r.entries[1]));
	assert_false(pol_is_secret(&r.entries[0]));
	assert_false(pol_is_secret(&r.entries[2]));
	assert_false(pol_is_secret(&r.entries[3]));
	assert_int_equal(r.entries[4].type, 4);
	/* Cut in the middle of the secret: it goes, and the file stays damaged. */
	for (size_t cut = 0; cut < in.n; cut++) {
		buf_clear(&out);
		registry_pol_redact((struct str){ in.p, cut }, &out);
		assert_false(holds(buf_str(&out), '#'));
		assert_true(registry_pol_parse(&a, buf_str(&out), &r) ==
			    registry_pol_parse(&a, (struct str){ in.p, cut }, &r));
	}
	buf_free(&in);
	buf_free(&out);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_registry_pol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
