#include "checks/tiering.h"

#include "ad/dn.h"
#include "checks/common.h"
#include "checks/tiering_logon.h"

/* ---- hyg_tier0_outside_units -------------------------------------------------------- */

static int tier0_units_declared(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_tier_has_units(cx_model(cx), 0) ? 0 : not_applicable(cx, "no_tier0_units");
}

/* Who is in tier 0 by AD's own groups. */
static void privileged_resolved(struct check_cx *cx)
{
	const char *reason = "privileged_groups_not_read";

	if (model_privileged_complete(cx_model(cx), &reason) != YES)
		undecided(cx, NULL, reason);
	if (model_privileged_unread_count(cx_model(cx)))
		undecided(cx, NULL, "privileged_member_not_read");
}

/* Who is in tier 0 by the policy's own names. */
static int tier0_resolved(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	privileged_resolved(cx);
	return model_tier_unresolved(cx_model(cx), 0) ? undecided(cx, NULL, "tier_not_resolved 0")
						      : 0;
}

/* AD keeps RID 500 in CN=Users and the DCs in OU=Domain Controllers; krbtgt is no user. */
static int tier0_outside_units(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	if (is_rid500(obj) || is_dc_computer(obj))
		return passed_over(cx);
	if (object_in_tier_units(m, obj, 0))
		return 0;
	if (object_tier(m, obj) != 0)
		return account_privileged(m, obj) == UNKNOWN
			       ? undecided(cx, obj, "privilege_not_readable")
			       : passed_over(cx);
	if (may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	evidence(cx, "unit", dn_parent(obj->dn));
	if (object_tier_group(m, obj, 0))
		evidence(cx, "tier0_group", object_tier_group(m, obj, 0)->name);
	return 0;
}

/* ---- hyg_tier_membership_crossing --------------------------------------------------- */

/* Tier 0 exists by itself: without a group of tiers 1 and 2 nothing can cross. */
static int lower_tiers_declared(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	for (int t = 1; t < 3; t++)
		if (model_tier_declares_groups(m, t))
			return 0;
	return not_applicable(cx, "no_tier_groups");
}

static int tier_membership_crossing(struct check_cx *cx, const struct ad_object *obj)
{
	static const char *const keys[] = { "tier0_group", "tier1_group", "tier2_group" };
	const struct model *m = cx_model(cx);
	unsigned tiers = object_tier_groups(m, obj);

	if (!(tiers & (tiers - 1)))
		return account_privileged(m, obj) == UNKNOWN && (tiers & ~1u)
			       ? undecided(cx, obj, "privilege_not_readable")
			       : 0;
	finding(cx, obj);
	for (int t = 0; t < 3; t++) {
		const struct ad_object *group = object_tier_group(m, obj, t);

		if ((tiers & (1u << t)) && group)
			evidence(cx, keys[t], group->name);
	}
	return 0;
}

int tiering_resolved(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	privileged_resolved(cx);
	for (int t = 0; t < 3; t++)
		if (model_tier_unresolved(cx_model(cx), t))
			undecided(
				cx, NULL, arena_printf(cx_arena(cx), "tier_not_resolved %d", t).p);
	return 0;
}

/* ---- hyg_admin_not_dedicated -------------------------------------------------------- */

static int admin_not_dedicated(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	bool mailbox = obj_has(obj, ATTR_MAIL);
	enum tri named = YES;

	if (model_has_admin_pattern(m) && !is_rid500(obj))
		named = account_matches_admin_pattern(m, obj);
	if (!mailbox && named != NO) {
		if (readable(cx, obj, ATTR_MAIL) && named == UNKNOWN)
			undecided(cx, obj, "attribute_not_readable sAMAccountName");
		return 0;
	}
	if (!mailbox && may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	if (mailbox) {
		evidence_z(cx, "reason", "mailbox");
		evidence(cx, "mail", obj_str(obj, ATTR_MAIL));
	}
	if (named == NO)
		evidence_z(cx, "reason", "naming_pattern");
	evidence_privilege_path(cx, obj);
	return 0;
}

static int admin_not_dedicated_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (!model_has_admin_pattern(cx_model(cx)))
		note(cx, "no_admin_name_pattern");
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

/* Whatever can hold computers. */
#define CONTAINERS (KIND(AD_CONTAINER) | KIND(AD_DOMAIN) | KIND(AD_OTHER))

static const struct param_spec deny_params[] = {
	{ "network", PARAM_BOOL, 0, 1, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_tier0_outside_units",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = tier0_outside_units,
		.after = tier0_resolved,
		.before = tier0_units_declared },
	{ .id = "hyg_tier_membership_crossing",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = tier_membership_crossing,
		.before = lower_tiers_declared,
		.after = tiering_resolved },
	{ .id = "hyg_admin_not_dedicated",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MAIL, ATTR_SAM_ACCOUNT_NAME },
		.run = admin_not_dedicated,
		.before = admin_not_dedicated_before },
	{ .id = "hyg_tier_admin_logon_down",
		.each = AD_OU,
		.kinds = CONTAINERS,
		.scope = SCOPE_NAMED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER, ATTR_GP_LINK },
		.run = tiering_logon_down,
		.before = tiering_needs_computers,
		.after = tiering_logon_known },
	{ .id = "hyg_tier0_deny_logon",
		.each = AD_OU,
		.kinds = CONTAINERS,
		.scope = SCOPE_NAMED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER, ATTR_GP_LINK },
		.params = deny_params,
		.run = tiering_deny_logon,
		.before = tiering_needs_computers,
		.after = tiering_deny_known },
};

CHECK_AREA(tiering, rows);
