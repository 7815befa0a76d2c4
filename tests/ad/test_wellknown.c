#include "ad/wellknown.h"
#include "tests/base/check.h"

static void test_names(void **state)
{
	static const struct {
		const char *sid, *name;
	} rows[] = {
		{ "S-1-5-21-1-2-3-512", "Domain Admins" },
		{ "S-1-5-21-9-8-7-502", "krbtgt" },
		{ "S-1-5-21-1-2-3-1104", NULL },
		{ "S-1-5-21-1-2-512", NULL },
		{ "S-1-5-21-1-2-3-4-512", NULL },
		{ "S-1-5-32-544", "Administrators" },
		{ "S-1-5-32-512", NULL },
		{ "S-1-1-0", "Everyone" },
		{ "S-1-5-11", "Authenticated Users" },
		{ "S-1-5-18", "System" },
		{ "S-1-3-4", "Owner Rights" },
		{ "S-1-5-512", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sid s;

		assert_true(sid_from_text(str_of(rows[i].sid), &s));
		const char *name = wellknown_name(&s);
		if (rows[i].name)
			assert_string_equal(name, rows[i].name);
		else
			assert_null(name);
	}
	assert_null(wellknown_name(&(struct sid){ 0 }));
}

static void test_everybody(void **state)
{
	static const struct {
		const char *sid;
		bool everybody;
	} rows[] = { { "S-1-1-0", true }, { "S-1-5-11", true }, { "S-1-5-7", false },
		{ "S-1-5-32-545", false }, { "S-1-5-21-1-2-3-513", false }, { "S-1-2-0", false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sid s;

		assert_true(sid_from_text(str_of(rows[i].sid), &s));
		assert_int_equal(wellknown_is_everybody(&s), rows[i].everybody);
	}
}

static void test_rids_are_distinct(void **state)
{
	static const uint32_t domain[] = {
#define DOMAIN_RID(name, rid, text) (rid),
#define BUILTIN_RID(name, rid, text)
#include "ad/wellknown.def"
#undef DOMAIN_RID
#undef BUILTIN_RID
	};

	(void)state;
	for (size_t i = 0; i < sizeof(domain) / sizeof(domain[0]); i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(domain[i], domain[j]);
	assert_int_equal(RID_DOMAIN_ADMINS, 512);
	assert_int_equal(RID_BUILTIN_ADMINISTRATORS, 544);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_everybody),
		cmocka_unit_test(test_rids_are_distinct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
