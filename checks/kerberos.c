#include "checks/common.h"

/* ---- vuln_spn_priv ------------------------------------------------------------------ */

#define SPN_TOLERATED 0 /* counter */

/* Only AES: at least one AES type and none of DES and RC4 (MS-KILE 2.2.7). Absent is RC4. */
static bool is_aes_only(uint32_t types)
{
	uint32_t weak = ENCTYPE_DES_CBC_CRC | ENCTYPE_DES_CBC_MD5 | ENCTYPE_RC4_HMAC;

	return (types & (ENCTYPE_AES128 | ENCTYPE_AES256)) && !(types & weak);
}

/* One condition of the tolerance, for an attribute that may not have been read. */
static enum tri met(struct check_cx *cx, const struct ad_object *o, enum attr a, bool holds)
{
	if (model_readable(cx_model(cx), o, a) != READABLE)
		return UNKNOWN;
	return holds ? YES : NO;
}

static enum tri changed_after_pso(
	struct check_cx *cx, const struct ad_object *obj, const struct ad_object *pso)
{
	int64_t set = model_past_time(cx_model(cx), obj, ATTR_PWD_LAST_SET);
	int64_t changed = pso ? obj_time(pso, ATTR_WHEN_CHANGED) : INT64_MIN;

	if (set == INT64_MIN)
		return met(cx, obj, ATTR_PWD_LAST_SET, false);
	return changed == INT64_MIN ? UNKNOWN : set > changed ? YES : NO;
}

/* ANSSI tolerates an SPN whose password is out of reach of Kerberoasting: all four conditions. */
static enum tri is_tolerated(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	enum tri conditions[3] = { UNKNOWN, UNKNOWN, UNKNOWN }, all = YES;

	if (p.no_pso || p.source == POLICY_NONE)
		return NO;
	if (p.length_known && p.min_length <= cx_int(cx, "pso_length_over"))
		return NO;
	if (p.source == POLICY_PSO)
		conditions[0] =
			p.max_age > 0 && p.max_age <= DAYS(cx_int(cx, "pso_max_days")) ? YES : NO;
	conditions[1] = changed_after_pso(cx, obj, p.source == POLICY_PSO ? p.pso : NULL);
	conditions[2] = met(cx, obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES,
		is_aes_only(obj_u32(obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES)));
	for (size_t i = 0; i < 3; i++) {
		if (conditions[i] == NO)
			return NO;
		if (conditions[i] == UNKNOWN)
			all = UNKNOWN;
	}
	return all;
}

static void evidence_spns(struct check_cx *cx, const struct ad_object *obj)
{
	size_t n = obj_count(obj, ATTR_SERVICE_PRINCIPAL_NAME);

	for (size_t i = 0; i < n && i < EVIDENCE_NAMES; i++)
		evidence(cx, "spn", obj_value(obj, ATTR_SERVICE_PRINCIPAL_NAME, i));
	if (n > EVIDENCE_NAMES)
		evidence_int(cx, "count", (int64_t)n);
}

static int spn_priv(struct check_cx *cx, const struct ad_object *obj)
{
	if (!obj_has(obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return 0;
	switch (is_tolerated(cx, obj)) {
	case YES:
		++*cx_counter(cx, SPN_TOLERATED);
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "spn_tolerance_not_readable");
	case NO:
		break;
	}
	finding(cx, obj);
	evidence_spns(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int spn_tolerated(struct check_cx *cx, const struct ad_object *obj)
{
	if (!obj_has(obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return 0;
	switch (is_tolerated(cx, obj)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "spn_tolerance_not_readable");
	case YES:
		break;
	}
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int spn_priv_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (*cx_counter(cx, SPN_TOLERATED))
		note(cx, arena_printf(cx_arena(cx), "spn_tolerated %llu",
				 (unsigned long long)*cx_counter(cx, SPN_TOLERATED))
				 .p);
	return 0;
}

/* ---- vuln_delegation_t4d ------------------------------------------------------------ */

/* A writable DC is what AD itself trusts for delegation: both marks, or it is none. */
static bool is_writable_dc(const struct ad_object *obj)
{
	return obj->kind == AD_COMPUTER &&
	       (obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_SERVER_TRUST_ACCOUNT) &&
	       obj_u32(obj, ATTR_PRIMARY_GROUP_ID) == RID_DOMAIN_CONTROLLERS;
}

static int delegation_unconstrained(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t uac = obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL);

	if (!(uac & UAC_TRUSTED_FOR_DELEGATION) || is_writable_dc(obj))
		return 0;
	if ((uac & UAC_SERVER_TRUST_ACCOUNT) && !readable(cx, obj, ATTR_PRIMARY_GROUP_ID))
		return 0;
	return uac_flag_set(cx, obj);
}

/* ---- vuln_krbtgt: once a domain, so that one that was not read is seen -------------- */

static int krbtgt_password(struct check_cx *cx, const struct ad_object *head)
{
	struct sid sid = sid_with_rid(&head->sid, RID_KRBTGT);
	const struct ad_object *krbtgt =
		sid_is_none(&head->sid) ? NULL : model_find_sid(cx_model(cx), &sid);

	if (!krbtgt)
		return undecided(cx, head, "krbtgt_not_read");
	return password_unchanged(cx, krbtgt, cx_int(cx, "max_days"));
}

/* ---- services of accounts that are no computers ------------------------------------- */

static int no_aes(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t types = obj_u32(obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES);

	if (!obj_has(obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return passed_over(cx);
	if (!readable(cx, obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES) ||
		(types & (ENCTYPE_AES128 | ENCTYPE_AES256)))
		return 0;
	finding(cx, obj);
	evidence_encryption_types(cx, obj);
	evidence_spns(cx, obj);
	return 0;
}

static int kerberoastable(struct check_cx *cx, const struct ad_object *obj)
{
	if (!obj_has(obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return 0;
	finding(cx, obj);
	evidence_spns(cx, obj);
	evidence_encryption_types(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec spn_params[] = {
	{ "pso_length_over", PARAM_INT, 14, 255, 1 },
	{ "pso_max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec krbtgt_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_kerberos_properties_preauth_priv",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_DONT_REQ_PREAUTH },
	{ .id = "vuln_kerberos_properties_preauth",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_DONT_REQ_PREAUTH },
	{ .id = "vuln_kerberos_properties_deskey",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_USE_DES_KEY_ONLY },
	{ .id = "vuln_spn_priv",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_PWD_LAST_SET,
			ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES },
		.run = spn_priv,
		.after = spn_priv_after,
		.needs = { ATTR_SERVICE_PRINCIPAL_NAME },
		.params = spn_params },
	{ .id = "warning_spn_priv",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_PWD_LAST_SET,
			ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES },
		.run = spn_tolerated,
		.needs = { ATTR_SERVICE_PRINCIPAL_NAME },
		.params = spn_params },
	{ .id = "vuln_delegation_t4d",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID },
		.run = delegation_unconstrained,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_TRUSTED_FOR_DELEGATION },
	{ .id = "vuln_kerberos_properties_encryption",
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES },
		.run = no_aes,
		.needs = { ATTR_SERVICE_PRINCIPAL_NAME } },
	{ .id = "hyg_kerberoastable_users",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = kerberoastable,
		.needs = { ATTR_SERVICE_PRINCIPAL_NAME } },
	{ .id = "vuln_krbtgt", .each = AD_DOMAIN, .run = krbtgt_password, .params = krbtgt_params },
};

CHECK_AREA(kerberos, rows);
