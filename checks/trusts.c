/* Trusts, and SID history: how another domain's SIDs come to count in this one. */
#include "checks/common.h"

#include "ad/trust.h"
#include "base/utf8.h"

static bool trust_read(struct check_cx *cx, const struct ad_object *trust)
{
	return readable(cx, trust, ATTR_TRUST_DIRECTION) &&
	       readable(cx, trust, ATTR_TRUST_ATTRIBUTES);
}

static int trust_finding(struct check_cx *cx, const struct ad_object *trust)
{
	finding(cx, trust);
	evidence(cx, "partner", obj_str(trust, ATTR_TRUST_PARTNER));
	evidence_hex(cx, "trust_attributes", obj_u32(trust, ATTR_TRUST_ATTRIBUTES));
	return 0;
}

/* Old trusts between domains of one forest may lack the mark WITHIN_FOREST. */
static bool partner_in_forest(struct check_cx *cx, const struct ad_object *trust)
{
	return model_context_of(cx_model(cx), obj_str(trust, ATTR_TRUST_PARTNER)) != NULL;
}

static int domain_not_filtered(struct check_cx *cx, const struct ad_object *trust)
{
	uint32_t attributes = obj_u32(trust, ATTR_TRUST_ATTRIBUTES);

	if (!trust_read(cx, trust))
		return 0;
	if (!readable(cx, trust, ATTR_TRUST_TYPE) || !readable(cx, trust, ATTR_TRUST_PARTNER))
		return 0;
	/* A Kerberos realm sends no SIDs. */
	if (obj_u32(trust, ATTR_TRUST_TYPE) == TRUST_TYPE_MIT ||
		(attributes & (TRUST_WITHIN_FOREST | TRUST_FOREST_TRANSITIVE)) ||
		partner_in_forest(cx, trust))
		return passed_over(cx);
	if (!(obj_u32(trust, ATTR_TRUST_DIRECTION) & TRUST_OUTBOUND) ||
		(attributes & TRUST_QUARANTINED))
		return 0;
	return trust_finding(cx, trust);
}

static int forest_sid_history(struct check_cx *cx, const struct ad_object *trust)
{
	uint32_t attributes = obj_u32(trust, ATTR_TRUST_ATTRIBUTES);

	if (!trust_read(cx, trust))
		return 0;
	if (!(attributes & TRUST_FOREST_TRANSITIVE))
		return passed_over(cx);
	if (!(obj_u32(trust, ATTR_TRUST_DIRECTION) & TRUST_OUTBOUND) ||
		!(attributes & TRUST_TREAT_AS_EXTERNAL) || (attributes & TRUST_QUARANTINED))
		return 0;
	return trust_finding(cx, trust);
}

static int tgt_delegation(struct check_cx *cx, const struct ad_object *trust)
{
	uint32_t attributes = obj_u32(trust, ATTR_TRUST_ATTRIBUTES);

	if (!trust_read(cx, trust))
		return 0;
	if (!(obj_u32(trust, ATTR_TRUST_DIRECTION) & TRUST_INBOUND) ||
		!(attributes & TRUST_ENABLE_TGT_DELEGATION) ||
		(attributes & TRUST_NO_TGT_DELEGATION))
		return 0;
	return trust_finding(cx, trust);
}

/* Allowed, and without effect today: the trust is not inbound, or another mark forbids it. One
 * change of either and the point above fails. */
static int tgt_delegation_asleep(struct check_cx *cx, const struct ad_object *trust)
{
	uint32_t attributes = obj_u32(trust, ATTR_TRUST_ATTRIBUTES);

	if (!trust_read(cx, trust))
		return 0;
	if (!(attributes & TRUST_ENABLE_TGT_DELEGATION) ||
		((obj_u32(trust, ATTR_TRUST_DIRECTION) & TRUST_INBOUND) &&
			!(attributes & TRUST_NO_TGT_DELEGATION)))
		return 0;
	return trust_finding(cx, trust);
}

/* Without userAccountControl and sAMAccountType nobody knows whose account it is; a trust's name
 * ends with a dollar, like a computer's (MS-ADTS 6.1.6.9.1). */
static bool may_be_trust_account(const struct ad_object *user)
{
	struct str name = obj_str(user, ATTR_SAM_ACCOUNT_NAME);

	if (obj_has(user, ATTR_USER_ACCOUNT_CONTROL))
		return false;
	return name.n == 0 || name.p[name.n - 1] == '$';
}

static int trust_account(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj->kind == AD_USER && !may_be_trust_account(obj))
		return passed_over(cx);
	if (obj->kind == AD_USER && !readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL))
		return 0;
	return password_unchanged(cx, obj, cx_int(cx, "max_days"));
}

/* Inside a forest the domain controllers' own settings decide. */
static bool is_outside_forest(struct check_cx *cx, const struct ad_object *trust)
{
	return !(obj_u32(trust, ATTR_TRUST_ATTRIBUTES) & TRUST_WITHIN_FOREST) &&
	       !partner_in_forest(cx, trust);
}

/* Without the attribute a trust's tickets are made with RC4 (MS-KILE 3.3.5.1.1, MS-LSAD
 * 3.1.4.7.16). */
static int trust_without_aes(struct check_cx *cx, const struct ad_object *trust)
{
	if (!trust_read(cx, trust) || !readable(cx, trust, ATTR_TRUST_TYPE))
		return 0;
	if (obj_u32(trust, ATTR_TRUST_TYPE) != TRUST_TYPE_UPLEVEL ||
		obj_u32(trust, ATTR_TRUST_DIRECTION) == 0 || !is_outside_forest(cx, trust))
		return passed_over(cx);
	if (!readable(cx, trust, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES) ||
		(obj_u32(trust, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES) &
			(ENCTYPE_AES128 | ENCTYPE_AES256)))
		return 0;
	trust_finding(cx, trust);
	evidence_encryption_types(cx, trust);
	return 0;
}

static int trust_downlevel(struct check_cx *cx, const struct ad_object *trust)
{
	if (!readable(cx, trust, ATTR_TRUST_TYPE) ||
		obj_u32(trust, ATTR_TRUST_TYPE) != TRUST_TYPE_DOWNLEVEL)
		return 0;
	finding(cx, trust);
	evidence(cx, "partner", obj_str(trust, ATTR_TRUST_PARTNER));
	return 0;
}

/* While the group NETBIOS$$$ exists, the domain's SIDs may be copied into another's SID history
 * (MS-DRSR 4.1.2.2.3, IDL_DRSAddSidHistory). */
static int sid_history_auditing(struct check_cx *cx, const struct ad_object *group)
{
	struct str name = obj_str(group, ATTR_SAM_ACCOUNT_NAME), end = STR("$$$");
	struct str domain = group->domain ? group->domain->netbios : (struct str){ NULL, 0 };

	if (!readable(cx, group, ATTR_SAM_ACCOUNT_NAME))
		return 0;
	if (name.n <= end.n || !str_eq((struct str){ name.p + name.n - end.n, end.n }, end))
		return 0;
	if (domain.n && !utf8_ieq((struct str){ name.p, name.n - end.n }, domain))
		return 0;
	return finding(cx, group);
}

/* ---- SID history -------------------------------------------------------------------- */

#define FIRST_ORDINARY_RID 1000u

/* A well-known SID, a built-in one of a domain, or one that is privileged in this forest. */
static bool is_dangerous(struct check_cx *cx, const struct sid *sid)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *owner = model_find_sid(m, sid);

	if (!sid_is_domain_principal(sid) || sid_rid(sid) < FIRST_ORDINARY_RID)
		return true;
	if (!owner)
		return false;
	return owner->kind == AD_GROUP ? group_is_privileged(m, owner)
				       : account_privileged(m, owner) == YES;
}

static void evidence_sids(struct check_cx *cx, const struct ad_object *obj, bool dangerous)
{
	size_t found = 0;

	for (size_t i = 0; i < obj_count(obj, ATTR_SID_HISTORY); i++) {
		char text[SID_TEXT];
		struct sid sid;

		if (!sid_parse(obj_value(obj, ATTR_SID_HISTORY, i), &sid) ||
			(dangerous && !is_dangerous(cx, &sid)))
			continue;
		if (found++ < EVIDENCE_NAMES)
			evidence_z(cx, "sid_history", sid_text(&sid, text));
	}
	if (found > EVIDENCE_NAMES)
		evidence_int(cx, "count", (int64_t)found);
}

static int sid_history_present(struct check_cx *cx, const struct ad_object *obj)
{
	if (!obj_has(obj, ATTR_SID_HISTORY))
		return 0;
	finding(cx, obj);
	evidence_sids(cx, obj, false);
	return 0;
}

static int sid_history_dangerous(struct check_cx *cx, const struct ad_object *obj)
{
	for (size_t i = 0; i < obj_count(obj, ATTR_SID_HISTORY); i++) {
		struct sid sid;

		if (!sid_parse(obj_value(obj, ATTR_SID_HISTORY, i), &sid) ||
			!is_dangerous(cx, &sid))
			continue;
		finding(cx, obj);
		evidence_sids(cx, obj, true);
		return 0;
	}
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec days_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

#define TRUST_READS                                                                                \
	{                                                                                          \
		ATTR_TRUST_DIRECTION, ATTR_TRUST_ATTRIBUTES                                        \
	}

static const struct check rows[] = {
	{ .id = "vuln_trusts_domain_notfiltered",
		.each = AD_TRUST,
		.reads = TRUST_READS,
		.run = domain_not_filtered },
	{ .id = "vuln_trusts_forest_sidhistory",
		.each = AD_TRUST,
		.reads = TRUST_READS,
		.run = forest_sid_history },
	{ .id = "vuln_trusts_tgt_deleg",
		.each = AD_TRUST,
		.reads = TRUST_READS,
		.run = tgt_delegation },
	{ .id = "warning_trusts_tgt_deleg",
		.each = AD_TRUST,
		.reads = TRUST_READS,
		.run = tgt_delegation_asleep },
	{ .id = "hyg_trust_without_aes",
		.each = AD_TRUST,
		.reads = { ATTR_TRUST_DIRECTION, ATTR_TRUST_ATTRIBUTES, ATTR_TRUST_TYPE,
			ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES },
		.run = trust_without_aes },
	{ .id = "hyg_trust_downlevel",
		.each = AD_TRUST,
		.reads = { ATTR_TRUST_TYPE },
		.run = trust_downlevel },
	{ .id = "hyg_sidhistory_auditing",
		.each = AD_GROUP,
		.reads = { ATTR_SAM_ACCOUNT_NAME },
		.run = sid_history_auditing },
	{ .id = "vuln_trusts_accounts",
		.each = AD_TRUST_ACCOUNT,
		.kinds = KIND(AD_USER),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PWD_LAST_SET },
		.run = trust_account,
		.params = days_params },
	{ .id = "vuln_sidhistory_present",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = sid_history_present,
		.needs = { ATTR_SID_HISTORY } },
	{ .id = "vuln_sidhistory_dangerous",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = sid_history_dangerous,
		.needs = { ATTR_SID_HISTORY } },
};

CHECK_AREA(trusts, rows);
