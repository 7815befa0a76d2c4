/* Real policies (REAL_DATA, never part of this repository); the numbers were read with iconv and a
 * hexadecimal dump. */
#include "ad/audit_csv.h"
#include "ad/gpp.h"
#include "ad/gpt_ini.h"
#include "ad/gpt_tmpl.h"
#include "ad/registry_pol.h"
#include "ad/scripts_ini.h"
#include "base/platform.h"
#include "tests/base/check.h"

#define SEC "/Microsoft/Windows NT/SecEdit/GptTmpl.inf"
#define BIG REAL_DATA "/sysvol/{36FA6290-EFEE-4909-845A-4A33A04D3088}/Machine"

static struct str load(struct arena *a, const char *path)
{
	struct buf b = { 0 };
	struct err err;

	if (platform_read_file(path, LIMIT_SYSVOL_FILE_BYTES, &b, ERR_SOURCE, &err))
		fail_msg("%s", err.text);
	struct str s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

static size_t count(const struct gpt_tmpl *t, enum gpt_section section)
{
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += t->settings[i].section == section;
	return n;
}

static void test_templates(void **state)
{
	struct arena a = { 0 };
	struct gpt_tmpl t;

	(void)state;
	assert_true(gpt_tmpl_parse(&a,
		load(&a,
			REAL_DATA "/north/sysvol/6ac1786c-016f-11d2-945f-00c04fb984f9/MACHINE" SEC),
		&t));
	assert_int_equal(count(&t, GPT_REGISTRY_VALUES), 4);
	assert_int_equal(count(&t, GPT_PRIVILEGE_RIGHTS), 24);
	assert_int_equal(t.skipped, 0);
	assert_true(gpt_tmpl_parse(&a, load(&a, BIG SEC), &t));
	assert_int_equal(count(&t, GPT_EVENT_AUDIT), 9);
	assert_int_equal(t.skipped, 0);
	arena_free(&a);
}

static void test_others(void **state)
{
	struct arena a = { 0 };
	struct registry_pol r;
	struct gpp g;
	struct scripts_ini s;
	struct gpt_ini ini;

	(void)state;
	assert_true(registry_pol_parse(&a,
		load(&a, REAL_DATA "/north/sysvol/960daed6-6b79-4208-8319-b2b9a1508b35/"
				   "Machine/Registry.pol"),
		&r));
	assert_int_equal(r.count, 1);
	assert_true(registry_pol_parse(&a, load(&a, BIG "/Registry.pol"), &r));
	assert_int_equal(r.count, 6);
	assert_true(registry_pol_parse(&a,
		load(&a, REAL_DATA "/sysvol/{5CFC9C70-A964-4FA0-A1EB-91C36271CA98}/Machine/"
				   "Registry.pol"),
		&r));
	assert_int_equal(r.count, 77);
	assert_true(gpp_parse(&a, load(&a, BIG "/Preferences/Groups/Groups.xml"), &g));
	assert_int_equal(g.count, 3);
	assert_false(g.items[0].has_password);
	assert_int_equal(g.items[1].member_count, 3);
	assert_true(
		gpp_parse(&a, load(&a, BIG "/Preferences/ScheduledTasks/ScheduledTasks.xml"), &g));
	assert_true(g.count > 0);
	for (size_t i = 0; i < g.count; i++)
		assert_int_equal(g.items[i].kind, GPP_TASK);
	assert_true(gpp_parse(&a, load(&a, BIG "/Preferences/Services/Services.xml"), &g));
	assert_int_equal(g.items[0].kind, GPP_SERVICE);
	assert_true(scripts_ini_parse(&a, load(&a, BIG "/Scripts/scripts.ini"), &s));
	assert_true(s.count > 0 && s.scripts[0].event == SCRIPT_STARTUP);
	assert_true(gpt_ini_parse(&a,
		load(&a, REAL_DATA "/north/sysvol/960daed6-6b79-4208-8319-b2b9a1508b35/GPT.INI"),
		&ini));
	assert_true(ini.has_version && ini.version > 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
