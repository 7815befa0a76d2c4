#include "tests/engine/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CUSTOM(id, each, filter)                                                                   \
	"custom_controls:\n  - id: " id "\n    level: 3\n    title: {fr: t, en: t}\n"              \
	"    fix: {fr: f, en: f}\n    each: " each "\n    filter: \"" filter "\"\n"
#define WAIVER(control)                                                                            \
	"waivers:\n  - {control: " control ", reason: r, approved_by: a, until: 2027-01-31}\n"

static void refuses(void **state)
{
	static const struct {
		const char *policy, *says;
	} table[] = {
		{ "controls:\n  vuln_made_pasword: {max_days: 3}\n",
			":4:3: there is no control 'vuln_made_pasword'; did you mean "
			"'vuln_made_password'?" },
		{ "controls:\n  other: {enabled: false, reason: r}\n",
			"there is no control 'other' (" },
		{ "controls:\n  vuln_made_password: {max_day: 3}\n",
			"no parameter 'max_day'; did you mean 'max_days'?" },
		{ "controls:\n  vuln_made_password: {max_days: yes}\n", "must be a whole number" },
		{ "controls:\n  vuln_made_password: {max_days: 2001}\n",
			"must be from 1 to 2000, not 2001" },
		{ "controls:\n  vuln_made_password: {max_days: 366}\n",
			"may be tightened, never loosened: ANSSI's value is 365" },
		{ "controls:\n  vuln_made_password: {include_disabled: 3}\n",
			"must be true or false" },
		{ "controls:\n  vuln_made_forest: {include_disabled: true}\n",
			"no parameter 'include_disabled'" },
		{ WAIVER("vuln_made_pass"), "there is no control 'vuln_made_pass'" },
		{ CUSTOM("site_x", "person", "(cn=*)"), "no kind of object 'person'" },
		{ CUSTOM("site_x", "user", "(x-tiers=0)"), "no derived attribute 'x-tiers'" },
		{ CUSTOM("site_x", "user", "(unicodePwd=*)"), "'unicodePwd' is a secret" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct world w = { 0 };

		assert_int_equal(world_policy(&w, table[i].policy), ERR_USAGE);
		if (!strstr(w.err.text, table[i].says))
			fail_msg("'%s' does not say '%s'", w.err.text, table[i].says);
		assert_true(w.mistake_count > 0);
		world_free(&w);
	}
}

static void reports_every_mistake(void **state)
{
	struct world w = { 0 };

	(void)state;
	assert_int_equal(world_policy(&w, "controls:\n  vuln_made_password: {max_days: 366, b: 1}\n"
					  "  vuln_none: {a: 1}\n" WAIVER("hyg_none")),
		ERR_USAGE);
	assert_int_equal(w.mistake_count, 4);
	assert_int_equal(w.mistakes[2].at.line, 5);
	world_free(&w);
}

static void takes_what_fits(void **state)
{
	struct world w = { 0 };
	struct policy_param params[4];
	const struct catalogue_entry *e;

	(void)state;
	assert_int_equal(world_policy(&w, "controls:\n"
					  "  vuln_made_password: {max_days: 100}\n"
					  "  hyg_made_ordinary: {max_days: 2000}\n"
					  "  site_x: {enabled: false, reason: r}\n" WAIVER("site_x")
						  CUSTOM("site_x", "user", "(x-tier=0)")),
		0);
	e = catalogue_find(&w.catalogue, STR("vuln_made_password"));
	assert_int_equal(engine_parameters(e, &w.policy, params, 4), 2);
	assert_int_equal(params[0].number, 100);
	assert_int_equal(params[1].number, 0);
	world_free(&w);
}

static void names_attributes_to_keep(void **state)
{
	struct world w = { 0 };
	const struct str *names;

	(void)state;
	assert_int_equal(
		world_policy(
			&w, CUSTOM("site_x", "user",
				    "(&(x-tier=0)(telephoneNumber=*)(TelephoneNumber=1)(mail=*)"
				    "(info=a))")),
		0);
	assert_int_equal(engine_attributes(&w.policy, &w.policy.arena, &names), 2);
	assert_true(str_eq(names[0], STR("telephoneNumber")));
	assert_true(str_eq(names[1], STR("info")));
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses),
		cmocka_unit_test(reports_every_mistake),
		cmocka_unit_test(takes_what_fits),
		cmocka_unit_test(names_attributes_to_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
