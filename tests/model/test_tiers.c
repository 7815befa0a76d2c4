#include "tests/model/made.h"

#include "base/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define UNIT(name) "dn: OU=" name ",DC=chu,DC=example\nobjectClass: organizationalUnit\n\n"
#define IN_UNIT(name, unit, rid, rest)                                                             \
	"dn: CN=" name ",OU=" unit ",DC=chu,DC=example\nobjectClass: user\nsAMAccountName: " name  \
	"\nobjectSid: " rid "\nuserAccountControl: 512\nprimaryGroupID: 513\n" rest "\n"

static const struct str tier0_groups[] = { { "GG-T0", 5 }, { "absent", 6 } };
static const struct str tier1_groups[] = { { "gg-t1", 5 } };
static const struct str tier1_units[] = { { "ou=tier1, dc=CHU,dc=example", 27 } };
static const struct str tier2_units[] = { { "OU=Gone,DC=chu,DC=example", 25 } };
static const struct str tier2_accounts[] = { { "S-1-5-21-1-2-3-1106", 19 } };

static void declare_tiers(struct policy *p)
{
	p->tiers[0] = (struct policy_scope){ .groups = tier0_groups, .group_count = 2 };
	p->tiers[1] = (struct policy_scope){
		.groups = tier1_groups, .group_count = 1, .units = tier1_units, .unit_count = 1
	};
	p->tiers[2] = (struct policy_scope){ .units = tier2_units,
		.unit_count = 1,
		.accounts = tier2_accounts,
		.account_count = 1 };
}

#define DIRECTORY                                                                                  \
	MADE_HEAD MADE_ACCOUNT_OPERATORS("") MADE_OTHERS("") MADE_ADMINS(MEMBER("root"),           \
		"") MADE_GROUP("GG-T0", "@1200", MEMBER("alice")) MADE_GROUP("GG-T1", "@1201",     \
		MEMBER("inner")) MADE_GROUP("inner", "@1202", MEMBER("alice") MEMBER("bob"))       \
		MADE_USER("alice", "@1103", "") MADE_USER("bob", "@1104", "")                      \
			MADE_USER("root", "@1105", "") MADE_USER("desk", "@1106", "")              \
				MADE_USER("plain", "@1107", "") UNIT("Tier1")                      \
					IN_UNIT("srv", "Tier1", "@1108", "") UNIT("Tier1bis")      \
						IN_UNIT("no", "Tier1bis", "@1109", "")

static int tier(const struct made *d, const char *name)
{
	return object_tier(d->model, made_find(d, name));
}

static void tiers_come_from_groups_units_and_accounts(void **state)
{
	struct made d = { 0 };

	(void)state;
	declare_tiers(&d.policy);
	assert_int_equal(made_load(&d, DIRECTORY), 0);
	assert_int_equal(tier(&d, "alice"), 0);
	assert_int_equal(tier(&d, "bob"), 1);
	assert_int_equal(tier(&d, "root"), 0);
	assert_int_equal(tier(&d, "desk"), 2);
	assert_int_equal(tier(&d, "plain"), TIER_NONE);
	assert_int_equal(tier(&d, "srv"), 1);
	assert_int_equal(tier(&d, "no"), TIER_NONE);
	assert_int_equal(tier(&d, "GG-T1"), 1);
	assert_int_equal(tier(&d, "Admins du domaine"), 0);
	assert_int_equal(object_tier_groups(d.model, made_find(&d, "alice")), 3);
	assert_int_equal(object_tier_groups(d.model, made_find(&d, "bob")), 2);
	assert_int_equal(object_tier_groups(d.model, made_find(&d, "srv")), 0);
	assert_ptr_equal(
		object_tier_group(d.model, made_find(&d, "bob"), 1), made_find(&d, "GG-T1"));
	assert_ptr_equal(object_tier_group(d.model, made_find(&d, "root"), 0),
		made_find(&d, "Admins du domaine"));
	assert_null(object_tier_group(d.model, made_find(&d, "bob"), 0));
	assert_true(model_tier_has_units(d.model, 1));
	assert_false(model_tier_has_units(d.model, 0));
	assert_true(object_in_tier_units(d.model, made_find(&d, "srv"), 1));
	assert_false(object_in_tier_units(d.model, made_find(&d, "alice"), 1));
	assert_string_equal(made_coverage(&d, "tier0_group absent"), "not_found");
	assert_string_equal(made_coverage(&d, "tier2_unit OU=Gone,DC=chu,DC=example"), "not_found");
	made_free(&d);
}

static void administrators_are_known_by_name(void **state)
{
	struct made d = { .policy.admin_name_pattern = STR("^(a|r)") }, none = { 0 };
	struct made wrong = { .policy.admin_name_pattern = STR("(") };

	(void)state;
	assert_int_equal(
		made_load(&d, DIRECTORY "dn: CN=x,DC=chu,DC=example\nobjectClass: user\n\n"), 0);
	assert_true(model_has_admin_pattern(d.model));
	assert_int_equal(account_matches_admin_pattern(d.model, made_find(&d, "alice")), YES);
	assert_int_equal(account_matches_admin_pattern(d.model, made_find(&d, "bob")), NO);
	assert_int_equal(account_matches_admin_pattern(d.model, made_find(&d, "x")), UNKNOWN);
	made_free(&d);
	assert_int_equal(made_load(&none, DIRECTORY), 0);
	assert_false(model_has_admin_pattern(none.model));
	assert_int_equal(account_matches_admin_pattern(none.model, made_find(&none, "alice")), NO);
	made_free(&none);
	wrong.policy.admin_name_pattern_at = (struct policy_position){ "p.yaml", 3, 9 };
	assert_int_equal(made_load(&wrong, DIRECTORY), ERR_USAGE);
	assert_non_null(strstr(wrong.err.text, "p.yaml:3:9"));
	made_free(&wrong);
}

static enum tri external(const struct made *d, const char *name)
{
	return object_in_population(d->model, made_find(d, name), POPULATION_EXTERNAL);
}

static void populations_come_from_what_the_policy_names(void **state)
{
	struct made d = { 0 };
	struct policy_scope *s = &d.policy.populations[POPULATION_EXTERNAL];
	static const struct str computers[] = { { "srv", 3 }, { "absent", 6 } };

	(void)state;
	*s = (struct policy_scope){ .at = { "p.yaml", 1, 1 },
		.groups = tier1_groups,
		.group_count = 1,
		.computers = computers,
		.computer_count = 2,
		.name_pattern = STR("^pl") };
	assert_int_equal(
		made_load(&d, DIRECTORY "dn: CN=x,DC=chu,DC=example\nobjectClass: user\n\n"), 0);
	assert_true(model_population_declared(d.model, POPULATION_EXTERNAL));
	assert_true(model_population_unresolved(d.model, POPULATION_EXTERNAL));
	assert_string_equal(made_coverage(&d, "population_computer external absent"), "not_found");
	assert_int_equal(external(&d, "bob"), YES);
	assert_int_equal(object_population_ways(d.model, made_find(&d, "bob"), POPULATION_EXTERNAL),
		BY_GROUP);
	assert_int_equal(external(&d, "plain"), YES);
	assert_int_equal(
		object_population_ways(d.model, made_find(&d, "plain"), POPULATION_EXTERNAL),
		BY_PATTERN);
	assert_int_equal(external(&d, "srv"), YES);
	assert_int_equal(object_population_ways(d.model, made_find(&d, "srv"), POPULATION_EXTERNAL),
		BY_COMPUTER);
	assert_int_equal(external(&d, "root"), NO);
	assert_int_equal(external(&d, "GG-T1"), NO);  /* its members are */
	assert_int_equal(external(&d, "x"), UNKNOWN); /* neither name nor primary group */
	assert_false(model_population_declared(d.model, POPULATION_BACKUP));
	assert_int_equal(object_in_population(d.model, made_find(&d, "x"), POPULATION_BACKUP), NO);
	made_free(&d);
}

static enum tri required(const struct made *d, const char *name)
{
	return account_mfa(d->model, made_find(d, name)).required;
}

static void mfa_is_required_by_scope(void **state)
{
	static const struct mfa_scope scopes[][2] = {
		{ { .kind = MFA_PRIVILEGED }, { .kind = MFA_IN_GROUP, .name = { "GG-T1", 5 } } },
		{ { .kind = MFA_TIER1 },
			{ .kind = MFA_IN_UNIT, .name = { "OU=Tier1bis,DC=chu,DC=example", 29 } } },
		{ { .kind = MFA_PRIVILEGED }, { .kind = MFA_IN_GROUP, .name = { "absent", 6 } } },
	};
	static const struct {
		size_t scope;
		const char *name;
		enum tri want;
	} table[] = {
		{ 0, "root", YES },
		{ 0, "alice", YES },
		{ 0, "plain", NO },
		{ 1, "srv", YES },
		{ 1, "no", YES },
		{ 1, "plain", NO },
		{ 2, "root", YES },
		{ 2, "plain", UNKNOWN },
	};

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(scopes); s++) {
		struct made d = { .policy = {
					  .mfa_required = scopes[s], .mfa_required_count = 2 } };

		d.policy.tiers[1] = (struct policy_scope){ .units = tier1_units, .unit_count = 1 };
		assert_int_equal(made_load(&d, DIRECTORY), 0);
		for (size_t i = 0; i < ARRAY_LEN(table); i++)
			if (table[i].scope == s)
				assert_int_equal(required(&d, table[i].name), table[i].want);
		if (s == 2)
			assert_string_equal(
				made_coverage(&d, "mfa_required_group absent"), "not_found");
		assert_false(account_mfa(d.model, made_find(&d, "root")).declared);
		made_free(&d);
	}
}

static void mfa_is_covered_by_evidence(void **state)
{
	static const struct mfa_evidence evidence[] = { { .kind = MFA_SMARTCARD_REQUIRED },
		{ .kind = MFA_KEY_CREDENTIAL }, { .kind = MFA_GROUP, .group = { "GG-MFA", 6 } } };
	struct made d = { .policy = { .mfa_evidence = evidence, .mfa_evidence_count = 3 } };
	struct mfa m;

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_GROUP("GG-MFA", "@1200", MEMBER("member")) MADE_USER(
				"member", "@1103", "") MADE_USER("key", "@1104",
				"msDS-KeyCredentialLink: B:2:00:CN=x\n") MADE_USER("none", "@1105",
				"") "dn: CN=card,DC=chu,DC=example\nobjectClass: "
				    "user\nsAMAccountName: card\n"
				    "objectSid: @1106\nuserAccountControl: 262656\nprimaryGroupID: "
				    "513\n\n"
				    "dn: CN=hidden,DC=chu,DC=example\nobjectClass: "
				    "user\nsAMAccountName: "
				    "hidden\nobjectSid: @1107\nprimaryGroupID: 513\n\n"),
		0);
	m = account_mfa(d.model, made_find(&d, "card"));
	assert_int_equal(m.covered, YES);
	assert_memory_equal(m.evidence.p, "smartcard_required", m.evidence.n);
	m = account_mfa(d.model, made_find(&d, "key"));
	assert_int_equal(m.covered, UNKNOWN); /* no key by its own bytes */
	m = account_mfa(d.model, made_find(&d, "member"));
	assert_int_equal(m.covered, YES);
	assert_memory_equal(m.evidence.p, "group:GG-MFA", m.evidence.n);
	assert_int_equal(account_mfa(d.model, made_find(&d, "none")).covered, NO);
	assert_true(account_mfa(d.model, made_find(&d, "none")).declared);
	assert_int_equal(account_mfa(d.model, made_find(&d, "hidden")).covered, UNKNOWN);
	made_free(&d);
}

static void mfa_is_covered_by_a_file(void **state)
{
	static const struct mfa_evidence evidence = {
		.kind = MFA_CSV,
		.file = { "./test-tiers.csv", 16 },
		.account_column = { "upn", 3 },
		.method_column = { "methods", 7 },
		.account_attribute = { "userPrincipalName", 17 },
	};
	static const char rows[] = "upn;methods\nA@chu.example;fido2\nb@chu.example;\n";
	struct made d = { .policy = { .mfa_evidence = &evidence, .mfa_evidence_count = 1 } };
	struct made absent = { .policy = d.policy };
	struct err ignored;
	FILE *f;
	struct mfa m;

	(void)state;
	assert_int_equal(made_load(&absent, DIRECTORY), ERR_USAGE);
	made_free(&absent);
	f = platform_create("test-tiers.csv", &ignored);
	assert_non_null(f);
	assert_int_equal(fwrite(rows, 1, sizeof(rows) - 1, f), sizeof(rows) - 1);
	assert_int_equal(platform_finish(f, "test-tiers.csv", &ignored), 0);
	int rc = made_load(&d,
		MADE_HEAD MADE_USER("a", "@1103", "userPrincipalName: a@chu.example\n")
			MADE_USER("b", "@1104", "userPrincipalName: b@chu.example\n")
				MADE_USER("none", "@1105", ""));

	platform_remove("test-tiers.csv");
	assert_int_equal(rc, 0);
	m = account_mfa(d.model, made_find(&d, "a"));
	assert_int_equal(m.covered, YES);
	assert_memory_equal(m.evidence.p, "csv:test-tiers.csv", m.evidence.n);
	assert_int_equal(account_mfa(d.model, made_find(&d, "b")).covered, NO);
	assert_int_equal(account_mfa(d.model, made_find(&d, "none")).covered, NO);
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiers_come_from_groups_units_and_accounts),
		cmocka_unit_test(populations_come_from_what_the_policy_names),
		cmocka_unit_test(administrators_are_known_by_name),
		cmocka_unit_test(mfa_is_required_by_scope),
		cmocka_unit_test(mfa_is_covered_by_evidence),
		cmocka_unit_test(mfa_is_covered_by_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
