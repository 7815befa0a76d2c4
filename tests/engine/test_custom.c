#include "tests/engine/made.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define STAFF "CN=GG-Staff,CN=Users,DC=lab,DC=test"
#define ALL "CN=GG-All,CN=Users,DC=lab,DC=test"
#define IN_ALL "(memberOf:1.2.840.113556.1.4.1941:=" ALL ")"
#define NEST "+ " ALL " like " STAFF "\n  member: " STAFF "\n"

static const struct {
	const char *each, *filter, *lines;
	enum run_status status;
	unsigned count, unknown;
	const char *first; /* DN of the first finding, or the reason */
} table[] = {
	{ "user", "(sAMAccountName=eve)", "", STATUS_FAIL, 1, 0, EVE },
	{ "user", "(sAMAccountName=nobody)", "", STATUS_PASS, 0, 0, NULL },
	{ "user", "(&(x-privileged=TRUE)(x-enabled=TRUE))", "", STATUS_FAIL, 2, 0,
		"CN=Administrator,CN=Users,DC=lab,DC=test" },
	{ "user", "(&(x-enabled=TRUE)(!(x-privileged=TRUE)))", "", STATUS_FAIL, 2, 0, BOB },
	{ "user", "(x-enabled=FALSE)", "", STATUS_FAIL, 1, 0, "CN=Guest,CN=Users,DC=lab,DC=test" },
	{ "user", "(x-tier=0)", "", STATUS_FAIL, 2, 0, "CN=Administrator,CN=Users,DC=lab,DC=test" },
	{ "user", "(!(x-tier=*))", "", STATUS_FAIL, 3, 0, "CN=Guest,CN=Users,DC=lab,DC=test" },
	{ "user", "(x-daysSinceLogon>=100)", "+ " EVE "\n  lastLogonTimestamp: 120 days ago\n",
		STATUS_FAIL, 1, 0, EVE },
	{ "user", "(x-passwordAgeDays>=100)", "+ " EVE "\n  pwdLastSet: 120 days ago\n",
		STATUS_FAIL, 1, 0, EVE },
	{ "user", "(x-passwordAgeDays>=100)", "- pwdLastSet @ " EVE "\n", STATUS_UNKNOWN, 0, 1,
		"attribute_not_readable x-passwordAgeDays" },
	{ "user", "(&(x-enabled=TRUE)(x-minPasswordLength<=15))",
		"+ " BOB "\n  userAccountControl: 544\n", STATUS_FAIL, 1, 0, BOB },
	{ "user", "(x-mfa=FALSE)", "", STATUS_UNKNOWN, 0, 5, "attribute_not_readable x-mfa" },
	/* What decides does not need the rest. */
	{ "user", "(&(sAMAccountName=bob)(mail=*))", "- mail @ " EVE "\n", STATUS_PASS, 0, 0,
		NULL },
	{ "user", "(mail=*)", "- mail @ " EVE "\n", STATUS_UNKNOWN, 0, 1,
		"attribute_not_readable mail" },
	{ "user", "(mail=*)", "- mail @ " EVE "\n+ " BOB "\n  mail: bob@lab.test\n", STATUS_FAIL, 1,
		1, BOB },
	{ "computer", "(userAccountControl:1.2.840.113556.1.4.803:=524288)", "", STATUS_FAIL, 1, 0,
		"CN=DC1,OU=Domain Controllers,DC=lab,DC=test" },
	{ "user", IN_ALL, NEST, STATUS_FAIL, 2, 0, BOB },
	{ "user", IN_ALL, "", STATUS_UNKNOWN, 0, 5, "attribute_not_readable memberOf" },
	{ "user", "(&(sAMAccountName=eve)(!" IN_ALL "))", NEST "+ " STAFF "\n  member: " BOB "\n",
		STATUS_FAIL, 1, 0, EVE },
	{ "user", "(&(sAMAccountName=eve)(!" IN_ALL "))", NEST "- member @ " STAFF "\n",
		STATUS_UNKNOWN, 0, 1, "attribute_not_readable memberOf" },
	{ "trust", "(cn=*)", "", STATUS_NOT_APPLICABLE, 0, 0, "nothing_to_examine" },
};

static void run_one(size_t i)
{
	struct world w = { 0 };
	struct buf policy = { 0 };
	const struct run_control *c;

	print_message("%s\n", table[i].filter);
	buf_printf(&policy,
		"custom_controls:\n  - id: site_x\n    level: 2\n    title: {fr: titre}\n"
		"    fix: {fr: f, en: f}\n    each: %s\n    filter: \"%s\"\n",
		table[i].each, table[i].filter);
	world_run(&w, buf_z(&policy), table[i].lines);
	c = world_control(&w, "site_x");
	assert_string_equal(run_status_name(c->status), run_status_name(table[i].status));
	assert_int_equal(c->count, table[i].count);
	assert_int_equal(c->unknown, table[i].unknown);
	assert_true(str_eq(c->area, STR("custom")));
	assert_null(c->change);
	assert_true(str_eq(c->title.en, STR("titre")));
	/* The site's own controls never move the directory's level. */
	assert_int_equal(w.run.level, 5);
	if (c->count > 0) {
		assert_int_equal(c->failed_level, 2);
		assert_true(str_eq(c->objects[0].dn, str_of(table[i].first)));
		assert_true(c->objects[0].evidence_count > 0 ||
			    strstr(table[i].filter, "(!") != NULL || strstr(table[i].filter, ":="));
	} else if (table[i].first && !str_eq(c->reason, str_of(table[i].first))) {
		fail_msg("reason is '%.*s'", STR_ARG(c->reason));
	}
	buf_free(&policy);
	world_free(&w);
}

static void filters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		run_one(i);
}

static void disabled(void **state)
{
	struct world w = { 0 };

	(void)state;
	world_run(&w,
		"controls: {site_x: {enabled: false, reason: later}}\n"
		"custom_controls:\n  - id: site_x\n    level: 2\n    title: {fr: titre}\n"
		"    fix: {fr: f, en: f}\n    each: user\n    filter: \"(cn=*)\"\n",
		"");
	assert_int_equal(world_control(&w, "site_x")->status, STATUS_DISABLED);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters),
		cmocka_unit_test(disabled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
