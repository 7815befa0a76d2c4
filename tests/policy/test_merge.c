/* Typed values of one file and of a chain, and the shipped policies. */
#include "policies/shipped.h"
#include "policy/filter.h"
#include "policy/policy.h"
#include "base/sha256.h"
#include "base/platform.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define assert_str(got, text)                                                                      \
	do {                                                                                       \
		if (!str_eq((got), str_of(text)))                                                  \
			fail_msg("'%.*s' and not '%s'", STR_ARG(got), text);                       \
	} while (0)

static void load(const char *name, struct policy *p)
{
	const struct policy_mistake *mistakes;
	size_t count;
	struct err err;

	if (policy_load(name, shipped_policies, shipped_policies_count, p, &mistakes, &count, &err))
		fail_msg("%s", err.text);
}

static const struct policy_control *control(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->control_count; i++)
		if (str_eq(p->controls[i].id, str_of(id)))
			return &p->controls[i];
	return NULL;
}

static const struct policy_param *param(const struct policy_control *c, const char *name)
{
	for (size_t i = 0; i < c->param_count; i++)
		if (str_eq(c->params[i].name, str_of(name)))
			return &c->params[i];
	return NULL;
}

static void identity_values(void **state)
{
	(void)state;
	struct policy p;
	char sid[SID_TEXT];

	load(TEST_DATA "/good/everything.yaml", &p);
	assert_str(p.name, "everything");
	assert_string_equal(sid_text(&p.expect_domain, sid), "S-1-5-21-1-2-3");
	assert_str(p.facility_name, "Hôpital d'Exemple");
	assert_str(p.facility_finess, "010000000");
	assert_str(p.admin_name_pattern, "^adm[-_.]");
	assert_int_equal(p.admin_name_pattern_at.line, 6);
	assert_int_equal(p.tiers[0].group_count, 3);
	assert_str(p.tiers[0].groups[2], "CN=GG-T0b,DC=x");
	assert_int_equal(p.tiers[0].unit_count, 1);
	assert_str(p.tiers[0].accounts[0], "adm-a");
	assert_int_equal(p.tiers[1].group_count, 0);
	assert_int_equal(p.tiers[2].group_count, 0);
	policy_free(&p);
}

static void mfa_values(void **state)
{
	(void)state;
	static const enum mfa_scope_kind kinds[] = { MFA_PRIVILEGED, MFA_TIER0, MFA_TIER1, MFA_ALL,
		MFA_IN_GROUP, MFA_IN_UNIT };
	struct policy p;

	load(TEST_DATA "/good/everything.yaml", &p);
	assert_int_equal(p.mfa_required_count, ARRAY_LEN(kinds));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_int_equal(p.mfa_required[i].kind, kinds[i]);
	assert_str(p.mfa_required[4].name, "GG-VPN");
	assert_str(p.mfa_required[5].name, "OU=DSI,DC=x");
	assert_int_equal(p.mfa_evidence_count, 5);
	assert_int_equal(p.mfa_evidence[0].kind, MFA_SMARTCARD_REQUIRED);
	assert_int_equal(p.mfa_evidence[1].kind, MFA_KEY_CREDENTIAL);
	assert_int_equal(p.mfa_evidence[2].kind, MFA_GROUP);
	assert_str(p.mfa_evidence[2].group, "GG-MFA");
	assert_int_equal(p.mfa_evidence[3].kind, MFA_CSV);
	assert_str(p.mfa_evidence[3].file, TEST_DATA "/good/sub/mfa.csv");
	assert_str(p.mfa_evidence[3].account_column, "samaccountname");
	assert_str(p.mfa_evidence[3].account_attribute, "sAMAccountName");
	assert_str(p.mfa_evidence[3].method_column, "methods");
	assert_str(p.mfa_evidence[4].file, "/srv/mfa.csv");
	assert_int_equal(p.mfa_evidence[4].account_attribute.n, 0);
	assert_int_equal(p.mfa_evidence[4].format, MFA_GENERIC);
	assert_true(p.mfa_evidence[4].exported == INT64_MIN);
	assert_int_equal(p.mfa_evidence[4].at.line, 17);
	policy_free(&p);
}

static void mfa_exports(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/good/mfa_exports.yaml", &p);
	assert_int_equal(p.mfa_required[0].kind, MFA_TIER2);
	assert_int_equal(p.mfa_required[1].kind, MFA_REMOTE_ACCESS);
	assert_int_equal(p.mfa_evidence_count, 5);
	assert_int_equal(p.mfa_evidence[0].kind, MFA_CERTIFICATE_MAPPING);
	assert_int_equal(p.mfa_evidence[1].kind, MFA_AUTHENTICATION_POLICY);
	assert_int_equal(p.mfa_evidence[2].format, MFA_ENTRA);
	assert_int_equal(p.mfa_evidence[2].account_column.n, 0);
	assert_true(p.mfa_evidence[2].exported == INT64_C(1793491200)); /* 2026-11-01 */
	assert_int_equal(p.mfa_evidence[3].format, MFA_WALLIX);
	assert_int_equal(p.mfa_evidence[3].factor_count, 2);
	assert_str(p.mfa_evidence[3].factors[1], "RADIUS OTP");
	assert_str(p.mfa_evidence[3].account_attribute, "sAMAccountName");
	assert_int_equal(p.mfa_evidence[4].account_attribute.n, 0);
	policy_free(&p);
}

static void control_values(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/good/everything.yaml", &p);
	assert_int_equal(p.control_count, 2);
	assert_str(p.controls[0].id, "vuln_a");
	const struct policy_control *a = &p.controls[0];
	assert_true(a->enabled);
	assert_int_equal(a->param_count, 5);
	assert_int_equal(param(a, "max_days")->kind, PARAM_INT);
	assert_int_equal(param(a, "max_days")->number, 30);
	assert_int_equal(param(a, "max_days")->at.line, 20);
	assert_int_equal(param(a, "max_days")->at.column, 22);
	assert_int_equal(param(a, "strict")->kind, PARAM_BOOL);
	assert_int_equal(param(a, "strict")->number, 1);
	assert_int_equal(param(a, "word")->kind, PARAM_STRING);
	assert_int_equal(param(a, "quoted")->kind, PARAM_STRING);
	assert_int_equal(param(a, "low")->number, -5);
	assert_false(p.controls[1].enabled);
	assert_str(p.controls[1].reason, "served elsewhere");
	policy_free(&p);
}

static void waiver_and_custom_values(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/good/everything.yaml", &p);
	assert_int_equal(p.waiver_count, 4);
	assert_int_equal(p.waivers[0].reach, REACH_OBJECT);
	assert_str(p.waivers[0].target, "svc-backup");
	assert_str(p.waivers[0].approved_by, "RSSI");
	assert_true(p.waivers[0].until == INT64_C(1801439999)); /* 2027-01-31T23:59:59Z */
	assert_int_equal(p.waivers[1].reach, REACH_UNIT);
	assert_int_equal(p.waivers[2].reach, REACH_GROUP);
	assert_int_equal(p.waivers[3].reach, REACH_ALL);
	assert_true(p.waivers[3].until == 86399);
	assert_int_equal(p.custom_count, 2);
	assert_int_equal(p.custom[0].level, 3);
	assert_str(p.custom[0].title.en, "Service account name");
	assert_str(p.custom[0].why.fr, "pourquoi");
	assert_int_equal(p.custom[0].why.en.n, 0);
	assert_str(p.custom[0].fix.fr, "rename");
	assert_str(p.custom[0].each, "user");
	assert_non_null(p.custom[0].parsed);
	assert_non_null(p.custom[1].parsed);
	policy_free(&p);
}

static void merged_values(void **state)
{
	(void)state;
	struct policy p;
	char sid[SID_TEXT];

	load(TEST_DATA "/good/hospital.yaml", &p);
	assert_int_equal(p.file_count, 4);
	assert_string_equal(p.files[0], TEST_DATA "/good/hospital.yaml");
	assert_string_equal(p.files[3], TEST_DATA "/good/../chain/nation.yaml");
	assert_str(p.name, "hospital");
	assert_string_equal(sid_text(&p.expect_domain, sid), "S-1-5-21-9-9-9");
	assert_str(p.facility_name, "CH");
	assert_str(p.facility_ght, "GHT Exemple");
	assert_str(p.facility_finess, "1");
	assert_str(p.admin_name_pattern, "^ght-");
	/* The nearest list replaces the other one; lists that it does not name stay. */
	assert_int_equal(p.tiers[0].group_count, 1);
	assert_str(p.tiers[0].groups[0], "GG-CH");
	assert_str(p.tiers[0].accounts[0], "adm-ght");
	assert_str(p.tiers[1].units[0], "OU=T1,DC=x");
	assert_str(p.tiers[2].groups[0], "GG-NATION");
	assert_int_equal(p.mfa_required_count, 1);
	assert_int_equal(p.mfa_required[0].kind, MFA_ALL);
	assert_int_equal(p.mfa_evidence_count, 0);
	/* Waivers and custom controls of all files, the nearest first. */
	assert_int_equal(p.waiver_count, 2);
	assert_str(p.waivers[0].target, "near");
	assert_str(p.waivers[1].target, "far");
	assert_int_equal(p.custom_count, 2);
	assert_str(p.custom[0].id, "site_near");
	assert_str(p.custom[1].id, "site_far");
	policy_free(&p);
}

static void merged_controls(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/good/hospital.yaml", &p);
	const struct policy_control *x = control(&p, "hyg_x");
	assert_int_equal(x->param_count, 2);
	assert_int_equal(param(x, "max_days")->number, 10);
	assert_non_null(strstr(param(x, "max_days")->at.file, "hospital.yaml"));
	assert_int_equal(param(x, "min_days")->number, 5);
	assert_non_null(strstr(param(x, "min_days")->at.file, "ght.yaml"));
	assert_non_null(strstr(x->at.file, "hospital.yaml"));
	assert_true(control(&p, "hyg_on_again")->enabled);
	assert_null(control(&p, "hyg_on_again")->reason.p);
	assert_int_equal(param(control(&p, "hyg_on_again"), "max_days")->number, 7);
	assert_true(control(&p, "hyg_region")->enabled);
	assert_null(control(&p, "hyg_region")->reason.p);
	assert_int_equal(param(control(&p, "hyg_region"), "max_days")->number, 3);
	assert_int_equal(param(control(&p, "hyg_region"), "depth")->number, 2);
	assert_false(control(&p, "hyg_off")->enabled);
	assert_str(control(&p, "hyg_off")->reason, "one product for all");
	policy_free(&p);
}

/* A path in an ancestor is relative to the ancestor. */
static void path_of_an_ancestor(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/chain/ght.yaml", &p);
	assert_int_equal(p.mfa_evidence_count, 1);
	assert_str(p.mfa_evidence[0].file, TEST_DATA "/chain/mfa.csv");
	policy_free(&p);
}

static void digest(void **state)
{
	(void)state;
	/* FIPS 180-2, appendix B.1, in two parts */
	const struct str abc[] = { STR("ab"), STR("c") };
	char hex[65];
	struct err err;
	struct policy p;

	assert_int_equal(sha256_hex(abc, 2, hex, &err), 0);
	assert_string_equal(
		hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	const struct str care[] = {
		{ (const char *)shipped_policies[1].bytes, shipped_policies[1].size },
		{ (const char *)shipped_policies[0].bytes, shipped_policies[0].size },
	};
	assert_string_equal(shipped_policies[1].name, "care.yaml");
	assert_int_equal(sha256_hex(care, 2, hex, &err), 0);
	load("care", &p);
	assert_string_equal(p.sha256, hex);
	policy_free(&p);
}

static bool is_hygiene(struct str id)
{
	return str_starts(id, STR("hyg_"));
}

/* A minimum may only be higher in strict, every other number only lower. */
static void check_not_laxer(const struct policy *strict, const struct policy *care)
{
	for (size_t i = 0; i < care->control_count; i++) {
		const struct policy_control *c = &care->controls[i];

		for (size_t j = 0; j < c->param_count; j++) {
			const struct policy_param *base = &c->params[j];
			const struct policy_param *p =
				param(control(strict, c->id.p), base->name.p);

			assert_non_null(p);
			if (base->kind == PARAM_BOOL || str_eq(base->name, STR("min_length")) ||
				str_eq(base->name, STR("min_minutes")) ||
				str_eq(base->name, STR("min_count")))
				assert_true(p->number >= base->number);
			else
				assert_true(p->number <= base->number);
		}
	}
}

/* anssi is ANSSI's points only; care and strict switch on what it switches off. */
static void shipped(void **state)
{
	(void)state;
	struct policy anssi, care, strict;
	size_t off = 0;

	load("anssi", &anssi);
	load("care", &care);
	load("strict", &strict);
	for (size_t i = 0; i < anssi.control_count; i++) {
		const char *id = anssi.controls[i].id.p;

		assert_true(is_hygiene(anssi.controls[i].id));
		assert_false(anssi.controls[i].enabled);
		assert_non_null(control(&care, id));
		assert_true(control(&care, id)->enabled);
		assert_non_null(control(&strict, id));
		assert_true(control(&strict, id)->enabled);
		off++;
	}
	assert_true(off >= 14);
	check_not_laxer(&strict, &care);
	assert_int_equal(
		param(control(&care, "hyg_password_length_users"), "min_length")->number, 12);
	assert_int_equal(
		param(control(&care, "hyg_password_length_admins"), "min_length")->number, 16);
	assert_int_equal(care.control_count, off);
	/* How a site names its administrators is for the site to say. */
	assert_int_equal(care.admin_name_pattern.n, 0);
	assert_int_equal(care.mfa_required_count, 1);
	assert_int_equal(care.mfa_evidence_count, 2);
	assert_true(strict.file_count <= 2); /* room for a group of hospitals and a hospital */
	policy_free(&anssi);
	policy_free(&care);
	policy_free(&strict);
}

static void examples(void **state)
{
	(void)state;
	struct policy p;

	load(TEST_DATA "/../../policies/examples/ght.yaml", &p);
	assert_str(p.name, "ght-exemple");
	policy_free(&p);
	load(TEST_DATA "/../../policies/examples/chu-trois-niveaux.yaml", &p);
	assert_str(p.name, "chu-trois-niveaux");
	assert_int_equal(p.file_count, 4);
	assert_true(p.waiver_count > 0 && p.custom_count > 0);
	policy_free(&p);
	load(TEST_DATA "/../../policies/examples/ch-seul.yaml", &p);
	assert_str(p.name, "ch-seul");
	for (size_t i = 0; i < POPULATION_COUNT; i++)
		assert_non_null(p.populations[i].at.file);
	assert_true(p.hr.file.n && p.leaks.file.n && p.mfa_excluded_count);
	policy_free(&p);
	load(TEST_DATA "/../../policies/examples/ght-ad-partage.yaml", &p);
	assert_str(p.name, "ght-ad-partage");
	for (size_t i = 0; i < 3; i++)
		assert_true(p.tiers[i].group_count && p.tiers[i].unit_count > 0);
	policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_values),
		cmocka_unit_test(mfa_values),
		cmocka_unit_test(mfa_exports),
		cmocka_unit_test(control_values),
		cmocka_unit_test(waiver_and_custom_values),
		cmocka_unit_test(merged_values),
		cmocka_unit_test(merged_controls),
		cmocka_unit_test(path_of_an_ancestor),
		cmocka_unit_test(digest),
		cmocka_unit_test(shipped),
		cmocka_unit_test(examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
