#include "tests/engine/made.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CHANGE(dn, attribute, value) "+ " dn "\n  " attribute ": " value "\n"
#define BAD(dn) CHANGE(dn, "description", "bad")
#define WORST(dn) CHANGE(dn, "description", "worst")
#define WAIVE(control, more)                                                                       \
	"  - {control: " control ", reason: r, approved_by: a, until: 2027-01-31" more "}\n"
#define DESCRIBED "vuln_made_described"
#define OLD(dn) CHANGE(dn, "pwdLastSet", "400 days ago")

struct expected {
	const char *name, *policy, *lines, *control;
	enum run_status status;
	const char *reason; /* NULL: none */
	unsigned examined, count, unknown, waived;
	int failed_level, level, floor, with_waivers;
};

static const struct expected table[] = {
	{ "nothing to say", "", "", DESCRIBED, STATUS_PASS, NULL, 4, 0, 0, 0, 0, 5, 5, 5 },
	{ "disabled accounts count when the policy says so",
		"controls: {" DESCRIBED ": {include_disabled: true}}\n", "", DESCRIBED, STATUS_PASS,
		NULL, 5, 0, 0, 0, 0, 5, 5, 5 },
	{ "fails at the lesser level", "", BAD(EVE), DESCRIBED, STATUS_FAIL, NULL, 4, 1, 0, 0, 3, 3,
		3, 3 },
	{ "fails at the worst level", "", BAD(EVE) WORST(BOB), DESCRIBED, STATUS_FAIL, NULL, 4, 2,
		0, 0, 1, 1, 1, 1 },
	{ "a disabled account is passed over, even unreadable", "",
		CHANGE(EVE, "userAccountControl", "514") "- description @ " EVE "\n", DESCRIBED,
		STATUS_PASS, NULL, 3, 0, 0, 0, 0, 5, 5, 5 },
	{ "a need that is not readable", "", "- description @ " EVE "\n", DESCRIBED, STATUS_UNKNOWN,
		"attribute_not_readable description", 4, 0, 1, 0, 0, 5, 1, 5 },
	{ "a need that was not asked for", "", "~ description\n", DESCRIBED, STATUS_UNKNOWN,
		"attribute_not_collected description", 4, 0, 4, 0, 0, 5, 1, 5 },
	{ "enabled or not is not readable", "", BAD(EVE) "- userAccountControl @ " EVE "\n",
		DESCRIBED, STATUS_UNKNOWN, "enabled_not_readable", 4, 0, 1, 0, 0, 5, 1, 5 },
	{ "enabled or not, there is nothing to find", "", "- userAccountControl @ " EVE "\n",
		DESCRIBED, STATUS_PASS, NULL, 4, 0, 0, 0, 0, 5, 5, 5 },
	{ "a failure needs nothing else; the floor knows", "", BAD(EVE) "- description @ " BOB "\n",
		DESCRIBED, STATUS_FAIL, "attribute_not_readable description", 4, 1, 1, 0, 3, 3, 1,
		3 },
	{ "the most frequent reason", "",
		CHANGE(EVE, "description", "?")
			CHANGE(BOB, "description", "?") "- description @ " ALICE "\n",
		DESCRIBED, STATUS_UNKNOWN, "made_up", 4, 0, 3, 0, 0, 5, 1, 5 },
	{ "the first of equally frequent reasons", "",
		CHANGE(EVE, "description", "?") "- description @ " ALICE "\n", DESCRIBED,
		STATUS_UNKNOWN, "attribute_not_readable description", 4, 0, 2, 0, 0, 5, 1, 5 },
	{ "a context that was not read whole", "",
		"! truncated context DC=lab,DC=test -- size_limit\n", DESCRIBED, STATUS_UNKNOWN,
		"context_truncated", 4, 0, 0, 0, 0, 5, 1, 5 },
	{ "waived altogether", "waivers:\n" WAIVE(DESCRIBED, ""), BAD(EVE), DESCRIBED,
		STATUS_WAIVED, NULL, 4, 0, 0, 1, 3, 3, 3, 5 },
	{ "waived by name", "waivers:\n" WAIVE(DESCRIBED, ", object: EVE"), WORST(EVE) BAD(BOB),
		DESCRIBED, STATUS_FAIL, NULL, 4, 1, 0, 1, 1, 1, 1, 3 },
	{ "waived by SID", "waivers:\n" WAIVE(DESCRIBED, ", object: S-1-5-21-1-2-3-1101"), BAD(EVE),
		DESCRIBED, STATUS_WAIVED, NULL, 4, 0, 0, 1, 3, 3, 3, 5 },
	{ "waived by DN",
		"waivers:\n" WAIVE(DESCRIBED, ", object: \"cn=Eve, CN=users,DC=lab,DC=test\""),
		BAD(EVE), DESCRIBED, STATUS_WAIVED, NULL, 4, 0, 0, 1, 3, 3, 3, 5 },
	{ "waived by unit", "waivers:\n" WAIVE(DESCRIBED, ", unit: \"CN=Users,DC=lab,DC=test\""),
		BAD(EVE) BAD(ALICE), DESCRIBED, STATUS_FAIL, NULL, 4, 1, 0, 1, 3, 3, 3, 3 },
	{ "waived by nested group", "waivers:\n" WAIVE(DESCRIBED, ", group: GG-All"),
		"+ CN=GG-All,CN=Users,DC=lab,DC=test like CN=GG-Staff,CN=Users,DC=lab,DC=test\n"
		"  member: CN=GG-Staff,CN=Users,DC=lab,DC=test\n" BAD(EVE) BAD(ALICE),
		DESCRIBED, STATUS_FAIL, NULL, 4, 1, 0, 1, 3, 3, 3, 3 },
	{ "an expired waiver does not count",
		"waivers:\n  - {control: " DESCRIBED
		", reason: r, approved_by: a, until: 2026-11-20}\n",
		BAD(EVE), DESCRIBED, STATUS_FAIL, NULL, 4, 1, 0, 0, 3, 3, 3, 3 },
	{ "the last day of a waiver counts",
		"waivers:\n  - {control: " DESCRIBED
		", reason: r, approved_by: a, until: 2026-11-21}\n",
		BAD(EVE), DESCRIBED, STATUS_WAIVED, NULL, 4, 0, 0, 1, 3, 3, 3, 5 },
	{ "waived and unknown", "waivers:\n" WAIVE(DESCRIBED, ""),
		BAD(EVE) "- description @ " BOB "\n", DESCRIBED, STATUS_WAIVED,
		"attribute_not_readable description", 4, 0, 1, 1, 3, 3, 1, 5 },
	{ "disabled counts as not evaluated",
		"controls: {" DESCRIBED ": {enabled: false, reason: elsewhere}}\n", WORST(EVE),
		DESCRIBED, STATUS_DISABLED, "elsewhere", 0, 0, 0, 0, 0, 5, 1, 5 },
	{ "privileged scope", "", OLD(EVE) OLD(ALICE), "vuln_made_password", STATUS_FAIL, NULL, 2,
		1, 0, 0, 2, 2, 2, 2 },
	{ "a tightened threshold", "controls: {vuln_made_password: {max_days: 20}}\n", "",
		"vuln_made_password", STATUS_FAIL, NULL, 2, 2, 0, 0, 2, 2, 2, 2 },
	{ "an ordinary account that cannot be read", "", "- userAccountControl @ " EVE "\n",
		"vuln_made_password", STATUS_PASS, NULL, 2, 0, 0, 0, 0, 5, 5, 5 },
	{ "a privileged member that was not read", "",
		"+ CN=Domain Admins,CN=Users,DC=lab,DC=test\n  member: " ALICE
		"\n  member: CN=Administrator,CN=Users,DC=lab,DC=test\n"
		"  member: CN=far,DC=other,DC=test\n",
		"vuln_made_password", STATUS_UNKNOWN, "privileged_member_not_read", 2, 0, 1, 0, 0,
		5, 2, 5 },
	{ "unprivileged scope", "", OLD(EVE) OLD(ALICE), "hyg_made_ordinary", STATUS_FAIL, NULL, 2,
		1, 0, 0, 1, 2, 2, 2 },
	{ "hyg never moves the level", "", OLD(EVE), "hyg_made_ordinary", STATUS_FAIL, NULL, 2, 1,
		0, 0, 1, 5, 5, 5 },
	{ "no meaning here", "", BAD(EVE), "hyg_made_meaningless", STATUS_NOT_APPLICABLE,
		"nothing_declared", 0, 0, 0, 0, 0, 3, 3, 3 },
	{ "nothing to examine", "", "", "warning_made_trust", STATUS_NOT_APPLICABLE,
		"nothing_to_examine", 0, 0, 0, 0, 0, 5, 5, 5 },
	{ "nothing to examine, but not read whole", "",
		"! denied context DC=lab,DC=test -- insufficient_access\n", "warning_made_trust",
		STATUS_UNKNOWN, "context_denied", 0, 0, 0, 0, 0, 5, 1, 5 },
	{ "once for the forest", "", "", "vuln_made_forest", STATUS_PASS, NULL, 1, 0, 0, 0, 0, 5, 5,
		5 },
	{ "after the last object", "", CHANGE(EVE, "description", "half"), "hyg_made_half",
		STATUS_PASS, NULL, 5, 0, 0, 0, 0, 5, 5, 5 },
	{ "a finding after the last object", "",
		CHANGE(EVE, "description", "half") CHANGE(BOB, "description", "half")
			CHANGE(ALICE, "description", "half"),
		"hyg_made_half", STATUS_FAIL, NULL, 5, 1, 0, 0, 4, 5, 5, 5 },
};

static void check_numbers(const struct expected *e, const struct world *w)
{
	const struct run_control *c = world_control(w, e->control);

	print_message("%s\n", e->name);
	assert_string_equal(run_status_name(c->status), run_status_name(e->status));
	assert_true(c->change && str_eq(c->change->id, STR("moved")));
	if (e->reason) {
		if (!str_eq(c->reason, str_of(e->reason)))
			fail_msg("reason is '%.*s'", STR_ARG(c->reason));
	} else {
		assert_null(c->reason.p);
	}
	assert_int_equal(c->examined, e->examined);
	assert_int_equal(c->count, e->count);
	assert_int_equal(c->unknown, e->unknown);
	assert_int_equal(c->waived, e->waived);
	assert_int_equal(c->failed_level, e->failed_level);
	assert_int_equal(c->object_count, c->count + c->waived);
	assert_int_equal(w->run.level, e->level);
	assert_int_equal(w->run.level_floor, e->floor);
	assert_int_equal(w->run.level_with_waivers, e->with_waivers);
}

static void verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct world w = { 0 };

		world_run(&w, table[i].policy, table[i].lines);
		check_numbers(&table[i], &w);
		world_free(&w);
	}
}

static void findings(void **state)
{
	struct world w = { 0 };
	const struct run_control *c;
	const struct run_object *o;

	(void)state;
	world_run(&w, "", WORST(EVE) BAD(BOB) BAD(ALICE));
	c = world_control(&w, DESCRIBED);
	assert_int_equal(c->object_count, 3);
	for (size_t i = 1; i < c->object_count; i++)
		assert_true(str_cmp(c->objects[i - 1].dn, c->objects[i].dn) < 0);
	o = &c->objects[1];
	assert_true(str_eq(o->dn, STR(BOB)));
	assert_true(str_eq(o->sid, STR("S-1-5-21-1-2-3-1102")));
	assert_true(str_eq(o->domain, STR("lab.test")));
	assert_true(str_eq(o->name, STR("bob")));
	assert_true(str_eq(o->kind, STR("user")));
	assert_int_equal(o->guid.n, 36);
	assert_int_equal(o->level, 3);
	assert_int_equal(o->evidence_count, 2);
	assert_true(str_eq(o->evidence[0].key, STR("word")));
	assert_true(str_eq(o->evidence[0].values[0], STR("bad")));
	assert_int_equal(o->evidence[1].count, 2);
	assert_true(str_eq(o->evidence[1].values[1], STR("two")));
	/* The same evidence stands in memory once. */
	assert_ptr_equal(o->evidence, c->objects[0].evidence);
	/* Of several findings on one object the worst stays, with its evidence. */
	o = &c->objects[2];
	assert_true(str_eq(o->dn, STR(EVE)));
	assert_int_equal(o->level, 1);
	assert_int_equal(o->evidence_count, 1);
	assert_true(str_eq(o->evidence[0].values[0], STR("the worst one")));
	assert_int_equal(world_control(&w, "hyg_made_half")->note_count, 1);
	world_free(&w);
}

static const struct run_coverage *coverage_of(const struct world *w, const char *need)
{
	for (size_t i = 0; i < w->run.coverage_count; i++)
		if (str_eq(w->run.coverage[i].need, str_of(need)))
			return &w->run.coverage[i];
	return NULL;
}

static void coverage_lists_what_was_needed(void **state)
{
	const struct run_coverage *c;
	struct world w = { 0 };

	(void)state;
	world_run(&w, "", "- description @ " EVE "\n- description @ " BOB "\n- mail @ " EVE "\n");
	c = coverage_of(&w, "attribute description");
	assert_non_null(c);
	assert_true(str_eq(c->state, STR("denied")));
	assert_true(str_eq(c->detail, STR("user 2")));
	/* no control here looks at it, nor at the accounts' dates where they are not privileged */
	assert_null(coverage_of(&w, "attribute mail"));
	world_free(&w);
	world_run(&w, "", "- pwdLastSet @ " ALICE "\n~ description\n");
	c = coverage_of(&w, "attribute pwdLastSet");
	assert_non_null(c);
	assert_true(str_eq(c->detail, STR("user 1")));
	c = coverage_of(&w, "attribute description");
	assert_non_null(c);
	assert_true(str_eq(c->state, STR("not_asked")));
	world_free(&w);
	world_run(&w, "",
		CHANGE(EVE, "msDS-PSOApplied", "CN=PSO,CN=Hidden,DC=lab,DC=test")
			CHANGE(BOB, "msDS-PSOApplied", "CN=pso,CN=Hidden,DC=lab,DC=test"));
	c = coverage_of(&w, "attribute msDS-PSOAppliesTo");
	assert_non_null(c);
	assert_true(str_eq(c->state, STR("denied")));
	assert_true(str_eq(c->detail, STR("pso 1")));
	world_free(&w);
	world_run(&w, "", "");
	assert_null(coverage_of(&w, "attribute description"));
	world_free(&w);
}

static void waiver_notes(void **state)
{
	static const char policy[] =
		"waivers:\n"
		"  - {control: " DESCRIBED
		", reason: r, approved_by: a, until: 2026-11-20}\n" WAIVE(
			DESCRIBED, ", object: bob") WAIVE(DESCRIBED, ", object: nobody")
			WAIVE("vuln_made_forest", "") WAIVE(DESCRIBED, ", object: eve");
	static const char *const expected[] = {
		"waiver_expired " DESCRIBED " * 2026-11-20",
		"waiver_unused " DESCRIBED " bob",
		"waiver_unused " DESCRIBED " nobody",
		"waiver_unused vuln_made_forest *",
	};
	struct world w = { 0 };

	(void)state;
	world_run(&w, policy, BAD(EVE));
	assert_int_equal(w.run.waiver_note_count, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		if (!str_eq(w.run.waiver_notes[i], str_of(expected[i])))
			fail_msg("'%.*s' is not '%s'", STR_ARG(w.run.waiver_notes[i]), expected[i]);
	world_free(&w);
}

static void actions(void **state)
{
	static const char *const expected[] = { DESCRIBED, "hyg_made_ordinary",
		"vuln_made_password" };
	struct world w = { 0 };

	(void)state;
	/* Both of level 1 before that of level 2; of those two ANSSI's first. */
	world_run(&w, "", WORST(EVE) OLD(BOB) OLD(ALICE));
	assert_int_equal(w.run.action_count, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_true(str_eq(w.run.actions[i].control->id, str_of(expected[i])));
	world_free(&w);
}

static int64_t indicator(const struct run *r, size_t family, const char *name)
{
	for (size_t i = 0; i < r->families[family].count; i++)
		if (str_eq(r->families[family].indicators[i].name, str_of(name)))
			return r->families[family].indicators[i].value;
	fail_msg("there is no indicator %s", name);
	return 0;
}

static void tables(void **state)
{
	static const char *const families[] = { "password_policy", "privileged", "tiering", "stale",
		"mfa" };
	struct world w = { 0 };
	const struct run_privileged *alice = NULL;

	(void)state;
	world_run(&w, "mfa:\n  required_for: [privileged]\n  evidence: [smartcard_required]\n",
		OLD(ALICE) CHANGE(ALICE, "userAccountControl", "262656"));
	for (size_t i = 0; i < 5; i++)
		assert_true(str_eq(w.run.families[i].name, str_of(families[i])));
	assert_int_equal(indicator(&w.run, 0, "domain_min_length"), 16);
	assert_int_equal(indicator(&w.run, 0, "domain_max_age_days"), 365);
	/* No such control in the made-up catalogue. */
	assert_true(indicator(&w.run, 0, "accounts") == INT64_MIN);
	assert_int_equal(indicator(&w.run, 1, "accounts"), w.run.privileged_count);
	assert_int_equal(indicator(&w.run, 1, "domain_controllers"), 1);
	assert_int_equal(indicator(&w.run, 4, "required"), 2);
	assert_int_equal(indicator(&w.run, 4, "covered"), 1);
	assert_int_equal(indicator(&w.run, 4, "not_covered"), 1);
	assert_int_equal(indicator(&w.run, 4, "percent"), 50);
	for (size_t i = 0; i < w.run.privileged_count; i++)
		if (str_eq(w.run.privileged[i].dn, STR(ALICE)))
			alice = &w.run.privileged[i];
	assert_non_null(alice);
	assert_true(str_eq(alice->path, STR("Domain Admins")));
	assert_int_equal(alice->enabled, 1);
	assert_int_equal(alice->mfa, 1);
	assert_int_equal(alice->tier, 0);
	assert_int_equal(alice->failed_controls, 1);
	assert_int_equal(w.run.counts.users, 5);
	assert_int_equal(w.run.counts.users_enabled, 4);
	assert_true(str_eq(w.run.forest, STR("lab.test")));
	world_free(&w);
}

static void show(struct buf *b, const struct run *r)
{
	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *c = &r->controls[i];

		buf_printf(b, "%.*s %d %.*s %d\n", STR_ARG(c->id), (int)c->status,
			STR_ARG(c->reason), (int)c->unknown);
		for (size_t k = 0; k < c->object_count; k++) {
			const struct run_object *o = &c->objects[k];

			buf_printf(b, "%.*s %d %d\n", STR_ARG(o->dn), o->level, o->waived);
			for (size_t v = 0; v < o->evidence_count; v++)
				buf_printf(b, "%.*s %.*s\n", STR_ARG(o->evidence[v].key),
					STR_ARG(o->evidence[v].values[0]));
		}
	}
	for (size_t i = 0; i < r->action_count; i++)
		buf_printf(b, "%.*s\n", STR_ARG(r->actions[i].control->id));
}

/* Which policy sets what a failed control is about. */
static void setters(void **state)
{
#define POLICY "{6AC1786C-016F-11D2-945F-00C04FB984F9}"
#define DC1 "CN=DC1,OU=Domain Controllers,DC=lab,DC=test"
#define LINKED                                                                                     \
	CHANGE("DC=lab,DC=test", "gPLink",                                                         \
		"[LDAP://CN=" POLICY ",CN=Policies,CN=System,DC=lab,DC=test;0]")
#define SETS                                                                                       \
	"sysvol lab.test/Policies/" POLICY "/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf\n"   \
	"  [System Access]\n  MinimumPasswordLength = 8\n"
	static const struct {
		const char *policy, *lines;
		enum run_setter_kind kind;
		const char *gpo; /* NULL: no setter at all */
	} cases[] = {
		{ "", LINKED SETS BAD(EVE), SETTER_GPO, "Default Domain Controllers Policy" },
		{ "", LINKED BAD(EVE), SETTER_NONE, "" },
		{ "", SETS BAD(EVE), SETTER_NONE, "" },
		{ "", LINKED "sysvol none\n" BAD(EVE), SETTER_UNKNOWN, "" },
		{ "", LINKED SETS CHANGE(DC1, "operatingSystem", "Samba") BAD(EVE), SETTER_SAMBA,
			"" },
		{ "", LINKED SETS "- operatingSystem @ " DC1 "\n" BAD(EVE), SETTER_UNKNOWN, "" },
		{ "", LINKED SETS, SETTER_UNKNOWN, NULL },
		{ "waivers:\n" WAIVE(DESCRIBED, ""), LINKED SETS BAD(EVE), SETTER_UNKNOWN, NULL },
		{ "", LINKED SETS OLD(ALICE), SETTER_UNKNOWN, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w = { 0 };
		const struct run_control *c;

		world_run(&w, cases[i].policy, cases[i].lines);
		c = world_control(&w, DESCRIBED);
		print_message("%zu\n", i);
		assert_int_equal(c->setter_count, cases[i].gpo ? 1 : 0);
		if (cases[i].gpo) {
			assert_int_equal(c->setters[0].kind, cases[i].kind);
			assert_true(str_eq(c->setters[0].gpo, str_of(cases[i].gpo)));
			assert_true(str_eq(c->setters[0].domain, STR("lab.test")));
		}
		/* It is about something else. */
		assert_int_equal(world_control(&w, "vuln_made_password")->setter_count, 0);
		world_free(&w);
	}
#undef POLICY
#undef DC1
#undef LINKED
#undef SETS
}

static void is_deterministic(void **state)
{
	static const char lines[] = WORST(EVE) BAD(BOB) OLD(ALICE) "- pwdLastSet @ " EVE "\n";
	struct buf first = { 0 }, second = { 0 };
	struct world w = { 0 }, v = { 0 };

	(void)state;
	world_run(&w, "", lines);
	world_run(&v, "", lines);
	show(&first, &w.run);
	show(&second, &v.run);
	assert_true(first.n > 100);
	assert_string_equal(buf_z(&first), buf_z(&second));
	buf_free(&first);
	buf_free(&second);
	world_free(&w);
	world_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(findings),
		cmocka_unit_test(coverage_lists_what_was_needed),
		cmocka_unit_test(waiver_notes),
		cmocka_unit_test(actions),
		cmocka_unit_test(tables),
		cmocka_unit_test(setters),
		cmocka_unit_test(is_deterministic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
