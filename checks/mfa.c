#include "checks/mfa.h"

#include "ad/keycred.h"
#include "checks/common.h"
#include "checks/population.h"

/* ---- accounts that must have a second factor ------------------------------------------------ */

bool mfa_is_missing(struct check_cx *cx, const struct ad_object *obj, const struct mfa *mfa)
{
	if (mfa->excluded == YES)
		passed_over(cx);
	else if (!mfa->declared)
		undecided(cx, obj, "mfa_evidence_not_declared");
	else if (mfa->covered == UNKNOWN)
		undecided(cx, obj, mfa->reason);
	else if (mfa->covered == NO && mfa->excluded == UNKNOWN)
		undecided(cx, obj, "mfa_exclusion_not_readable");
	else
		return mfa->covered == NO;
	return false;
}

void mfa_evidence_lines(struct check_cx *cx, const struct mfa *mfa)
{
	if (mfa->weak.n) {
		evidence_z(cx, "mfa", "weak");
		evidence(cx, "mfa_source", mfa->weak);
	} else {
		evidence_z(cx, "mfa", "none");
	}
}

static int missing(struct check_cx *cx, const struct ad_object *obj, const struct mfa *mfa)
{
	if (!mfa_is_missing(cx, obj, mfa))
		return 0;
	finding(cx, obj);
	mfa_evidence_lines(cx, mfa);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int mfa_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	return missing(cx, obj, &mfa);
}

#define REQUIRED 0 /* counter: accounts that must have it, or may have to */

static int mfa_required(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (mfa.required == NO)
		return passed_over(cx);
	++*cx_counter(cx, REQUIRED);
	if (mfa.required == UNKNOWN && mfa.covered != YES && mfa.excluded != YES)
		return undecided(cx, obj, "mfa_requirement_not_readable");
	return missing(cx, obj, &mfa);
}

static int mfa_required_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_mfa_is_required(cx_model(cx)) ? 0
						   : not_applicable(cx, "mfa_required_of_nobody");
}

static int mfa_required_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (model_mfa_is_required_of_privileged(cx_model(cx)) &&
		model_privileged_unread_count(cx_model(cx)))
		undecided(cx, NULL, "privileged_member_not_read");
	if (model_mfa_required_misses_members(cx_model(cx)))
		undecided(cx, NULL, "mfa_required_member_not_read");
	return *cx_counter(cx, REQUIRED) ? 0 : not_applicable(cx, "mfa_required_of_nobody");
}

static int remote_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_REMOTE_ACCESS);
}

static int remote_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_REMOTE_ACCESS);
}

static int mfa_remote_access(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (!population_may_hold(cx, obj, POPULATION_REMOTE_ACCESS) ||
		!mfa_is_missing(cx, obj, &mfa) ||
		!population_holds(cx, obj, POPULATION_REMOTE_ACCESS))
		return 0;
	finding(cx, obj);
	mfa_evidence_lines(cx, &mfa);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_mfa_weak_factor ------------------------------------------------------------ */

static int weak_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_mfa_exports_tell_methods(cx_model(cx))
		       ? 0
		       : not_applicable(cx, "mfa_no_export_of_methods");
}

static int weak_factor(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (mfa.excluded == YES)
		return passed_over(cx);
	if (mfa.covered == UNKNOWN)
		return mfa.weak.n || mfa.export_unclear ? undecided(cx, obj, mfa.reason) : 0;
	if (mfa.weak.n) {
		finding(cx, obj);
		evidence(cx, "mfa_source", mfa.weak);
		evidence_z(cx, "mfa_accepted", mfa.covered == YES ? "yes" : "no");
		evidence_privilege_path(cx, obj);
	}
	return 0;
}

/* ---- hyg_mfa_key_unconfirmed -------------------------------------------------------- */

#define KEYS_SHOWN 8

static void evidence_key(struct check_cx *cx, const struct keycred *k)
{
	char device[GUID_TEXT];

	evidence_z(cx, "key_usage", k->usage == KEY_USAGE_FIDO ? "fido" : "ngc");
	if (guid_is_none(&k->device))
		evidence_z(cx, "key_device", "none");
	else
		evidence_z(cx, "key_device", guid_text(&k->device, device));
	if (k->created != INT64_MIN)
		evidence_date(cx, "key_created", k->created);
}

static void evidence_keys(struct check_cx *cx, const struct ad_object *obj)
{
	size_t shown = 0;

	for (size_t i = 0; i < obj_count(obj, ATTR_MSDS_KEY_CREDENTIAL_LINK); i++) {
		struct str value = obj_value(obj, ATTR_MSDS_KEY_CREDENTIAL_LINK, i), dn;
		struct buf blob = { 0 };
		struct keycred k;

		if (!dn_binary_parse(value, &blob, &dn) || !blob.n ||
			!keycred_parse(buf_str(&blob), &k)) {
			if (shown++ < KEYS_SHOWN)
				evidence_z(cx, "key_usage", "malformed");
		} else if (keycred_is_logon(&k) && !model_device(cx_model(cx), &k.device) &&
			   shown++ < KEYS_SHOWN) {
			evidence_key(cx, &k);
		}
		buf_free(&blob);
	}
}

static int key_unconfirmed(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	struct account_keys keys = account_keys(m, obj);

	if (!keys.unconfirmed && !keys.malformed)
		return 0;
	if (keys.unconfirmed && !keys.malformed && account_key_in_export(m, obj) == YES)
		return 0;
	/* The device may be one that was not read. */
	if (keys.unconfirmed && !keys.malformed && model_devices_unread(m))
		return undecided(cx, obj, "devices_not_read");
	if (keys.unconfirmed && !keys.malformed && account_key_in_export(m, obj) == UNKNOWN)
		return undecided(cx, obj, "mfa_export_row_ambiguous");
	finding(cx, obj);
	evidence_int(cx, "keys", keys.unconfirmed + keys.malformed);
	evidence_keys(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_mfa_excluded --------------------------------------------------------------- */

static int excluded_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_mfa_excludes(cx_model(cx)) ? 0 : not_applicable(cx, "mfa_excludes_nobody");
}

static int excluded(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (mfa.excluded == NO)
		return passed_over(cx);
	if (mfa.covered == YES)
		return 0;
	if (mfa.excluded == UNKNOWN)
		return undecided(cx, obj, "mfa_exclusion_not_readable");
	finding(cx, obj);
	evidence(cx, "exclusion", mfa.exclusion);
	evidence_privilege_path(cx, obj);
	return 0;
}

static const struct param_spec stale_params[] = { { "max_days", PARAM_INT, 1, 3650, 0 }, { 0 } };

static const struct check rows[] = {
	{ .id = "hyg_mfa_privileged",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_KEY_CREDENTIAL_LINK, ATTR_ALT_SECURITY_IDENTITIES },
		.run = mfa_privileged },
	{ .id = "hyg_mfa_required",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = mfa_required,
		.before = mfa_required_before,
		.after = mfa_required_after },
	{ .id = "hyg_mfa_remote_access",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = mfa_remote_access,
		.before = remote_before,
		.after = remote_after },
	{ .id = "hyg_mfa_weak_factor",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = weak_factor,
		.before = weak_before },
	{ .id = "hyg_mfa_key_unconfirmed",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.needs = { ATTR_MSDS_KEY_CREDENTIAL_LINK },
		.run = key_unconfirmed },
	{ .id = "hyg_mfa_excluded",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = excluded,
		.before = excluded_before },
	{ .id = "hyg_mfa_export_unmatched",
		.each = AD_FOREST,
		.run = mfa_export_unmatched,
		.before = mfa_export_before },
	{ .id = "hyg_mfa_export_stale",
		.each = AD_FOREST,
		.run = mfa_export_stale,
		.before = mfa_export_dated_before,
		.params = stale_params },
};

CHECK_AREA(mfa, rows);
