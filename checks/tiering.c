#include "checks/tiering.h"

#include "ad/dn.h"
#include "checks/common.h"
#include "checks/tiering_control.h"
#include "checks/tiering_logon.h"
#include "model/graph.h"

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

/* Tier 0 exists by itself: without a group or account of tiers 1 and 2 nothing can cross. */
static int lower_tiers_declared(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	for (int t = 1; t < 3; t++)
		if (model_tier_declares_groups(m, t) || model_tier_declares_accounts(m, t))
			return 0;
	return not_applicable(cx, "no_tier_groups");
}

static int tier_membership_crossing(struct check_cx *cx, const struct ad_object *obj)
{
	static const char *const keys[] = { "tier0_group", "tier1_group", "tier2_group" };
	const struct model *m = cx_model(cx);
	unsigned tiers = object_tier_groups(m, obj);

	for (int t = 0; t < 3; t++)
		if (object_is_tier_account(m, obj, t))
			tiers |= 1u << t;
	if (!(tiers & (tiers - 1)))
		return account_privileged(m, obj) == UNKNOWN && (tiers & ~1u)
			       ? undecided(cx, obj, "privilege_not_readable")
			       : 0;
	finding(cx, obj);
	for (int t = 0; t < 3; t++) {
		const struct ad_object *group = object_tier_group(m, obj, t);

		if ((tiers & (1u << t)) && group)
			evidence(cx, keys[t], group->name);
		else if (tiers & (1u << t))
			evidence_int(cx, "declared_tier", t);
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

/* ---- hyg_tier_same_person ----------------------------------------------------------- */

/* Is it a finding of hyg_admin_not_dedicated? */
static bool is_not_dedicated(const struct model *m, const struct ad_object *obj)
{
	return account_privileged(m, obj) == YES &&
	       (obj_has(obj, ATTR_MAIL) ||
		       (model_has_admin_pattern(m) && account_matches_admin_pattern(m, obj) == NO));
}

/* Its mailbox and its name were readable; else it is undecided. */
static bool use_is_readable(struct check_cx *cx, const struct ad_object *obj)
{
	return readable(cx, obj, ATTR_MAIL) &&
	       (!model_has_admin_pattern(cx_model(cx)) || readable(cx, obj, ATTR_SAM_ACCOUNT_NAME));
}

enum one_account { SEVERAL, MAILBOX, NAMED_OTHERWISE, ONLY_ONE, PERHAPS_ONE };

static enum one_account why_one_account(struct check_cx *cx, const struct ad_object *obj, int tier)
{
	const struct model *m = cx_model(cx);

	if (tier == 1 && obj_has(obj, ATTR_MAIL))
		return MAILBOX;
	if (tier == 1 && model_has_admin_pattern(m) && account_matches_admin_pattern(m, obj) == NO)
		return NAMED_OTHERWISE;
	if (!obj_has(obj, ATTR_EMPLOYEE_ID))
		return SEVERAL;
	switch (model_employee_is_ordinary(m, obj_str(obj, ATTR_EMPLOYEE_ID))) {
	case YES:
		return SEVERAL;
	case NO:
		return ONLY_ONE;
	case UNKNOWN:
		break;
	}
	return PERHAPS_ONE;
}

static void show_one_account(struct check_cx *cx, enum one_account why)
{
	if (why == MAILBOX)
		evidence_z(cx, "reason", "mailbox");
	else if (why == NAMED_OTHERWISE)
		evidence_z(cx, "reason", "naming_pattern");
	else
		evidence_z(cx, "reason", "only_account_of_person");
}

static int same_person(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	int tier = object_tier(m, obj);

	if (tier != 0 && tier != 1)
		return account_privileged(m, obj) == UNKNOWN
			       ? undecided(cx, obj, "privilege_not_readable")
			       : passed_over(cx);
	if (is_rid500(obj) || is_not_dedicated(m, obj) ||
		object_in_population(m, obj, POPULATION_SERVICE) == YES)
		return passed_over(cx);
	enum one_account why = why_one_account(cx, obj, tier);

	if (why == SEVERAL) {
		if (readable(cx, obj, ATTR_EMPLOYEE_ID) && tier == 1)
			use_is_readable(cx, obj);
		return 0;
	}
	if (object_in_population(m, obj, POPULATION_SERVICE) == UNKNOWN)
		return undecided(cx, obj, "primary_group_not_readable");
	/* Of a privileged account another point speaks. */
	if (account_privileged(m, obj) == NO && model_privileged_complete(m, NULL) != YES)
		return undecided(cx, obj, "privilege_not_readable");
	/* Which ordinary accounts carry the number is hidden. */
	if (why == PERHAPS_ONE)
		return undecided(cx, obj, "attribute_not_readable employeeID");
	/* It may be a finding of hyg_admin_not_dedicated. */
	if (account_privileged(m, obj) == YES && !use_is_readable(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_int(cx, "tier", tier);
	show_one_account(cx, why);
	if (obj_has(obj, ATTR_MAIL))
		evidence(cx, "mail", obj_str(obj, ATTR_MAIL));
	if (obj_has(obj, ATTR_EMPLOYEE_ID))
		evidence(cx, "employee_id", obj_str(obj, ATTR_EMPLOYEE_ID));
	return 0;
}

/* ---- hyg_tier0_computer_outside_units ----------------------------------------------- */

/* A server that AD or its own account shows to be tier 0, and that nothing says to be. */
static bool is_outside(struct check_cx *cx, const struct ad_object *host)
{
	const struct model *m = cx_model(cx);

	return account_enabled(m, host) != NO && !is_dc_computer(host) && object_tier(m, host) != 0;
}

/* A server that may be switched off is no finding yet, nor is one that an account names which
 * may be: in_use is that account's state, YES where none names it. */
static bool show_server(struct check_cx *cx, const struct ad_object *host, enum tri in_use)
{
	if (in_use != YES || account_enabled(cx_model(cx), host) != YES) {
		undecided(cx, host, "enabled_not_readable");
		return false;
	}
	/* A group that was not read may make it tier 0. */
	if (account_privileged(cx_model(cx), host) == UNKNOWN) {
		undecided(cx, host, "privilege_not_readable");
		return false;
	}
	finding(cx, host);
	evidence(cx, "unit", dn_parent(host->dn));
	return true;
}

/* "… running on computer SRV-SYNC configured to synchronize to tenant …" */
static struct str sync_host(struct str description)
{
	static const struct str before = { "on computer ", 12 };
	struct str rest;

	for (size_t i = 0; i + before.n < description.n; i++) {
		struct str at = { description.p + i, description.n - i };

		if (!str_istarts(at, before))
			continue;
		at = str_cut((struct str){ at.p + before.n, at.n - before.n }, ' ', &rest);
		while (at.n && (at.p[0] == '\'' || at.p[0] == '"'))
			at = (struct str){ at.p + 1, at.n - 1 };
		while (at.n && (at.p[at.n - 1] == '\'' || at.p[at.n - 1] == '"'))
			at.n--;
		return at;
	}
	return (struct str){ 0 };
}

/* Microsoft Entra Connect makes MSOL_… (or AAD_…) in each directory that it reads, with the right
 * to replicate passwords, and says in its description where it runs. */
static int judge_sync_account(struct check_cx *cx, const struct ad_object *user)
{
	struct str name = obj_str(user, ATTR_SAM_ACCOUNT_NAME), host;

	enum tri in_use = account_enabled(cx_model(cx), user);

	if (in_use == NO)
		return passed_over(cx);
	/* A name that was not read may be one of these. */
	if (!name.n)
		return readable(cx, user, ATTR_SAM_ACCOUNT_NAME) ? passed_over(cx) : 0;
	if (!str_istarts(name, STR("MSOL_")) && !str_istarts(name, STR("AAD_")))
		return passed_over(cx);
	host = sync_host(obj_str(user, ATTR_DESCRIPTION));
	if (!host.n)
		return readable(cx, user, ATTR_DESCRIPTION)
			       ? undecided(cx, user, "sync_host_not_named")
			       : 0;
	const struct ad_object *computer = model_host(cx_model(cx), host);

	if (!computer)
		return undecided(cx, user, "sync_host_not_read");
	if ((graph_watched(cx_model(cx), computer) & WATCHED_CA_HOST) || !is_outside(cx, computer))
		return 0;
	if (show_server(cx, computer, in_use))
		evidence_z(cx, "role", "entra_connect");
	return 0;
}

static int tier0_server(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj->kind == AD_USER)
		return judge_sync_account(cx, obj);
	if (!(graph_watched(cx_model(cx), obj) & WATCHED_CA_HOST))
		return passed_over(cx);
	if (!is_outside(cx, obj))
		return 0;
	if (show_server(cx, obj, YES))
		evidence_z(cx, "role", "certification_authority");
	return 0;
}

static int tier0_servers_known(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	if (graph_misses_ca_hosts(cx_model(cx)))
		undecided(cx, NULL, "ca_host_not_read");
	if (model_complete(cx_model(cx), AD_ENROLLMENT_SERVICE, &reason) != YES)
		undecided(cx, NULL, reason);
	return tier0_resolved(cx, none);
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
	{ .id = "hyg_tier_same_person",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MAIL, ATTR_EMPLOYEE_ID, ATTR_SAM_ACCOUNT_NAME, ATTR_MEMBER },
		.run = same_person,
		.after = tiering_resolved },
	{ .id = "hyg_tier0_computer_outside_units",
		.each = AD_COMPUTER,
		.kinds = KIND(AD_USER),
		.reads = { ATTR_DESCRIPTION, ATTR_DNS_HOST_NAME, ATTR_SAM_ACCOUNT_NAME,
			ATTR_USER_ACCOUNT_CONTROL },
		.run = tier0_server,
		.before = tier0_units_declared,
		.after = tier0_servers_known },
	{ .id = "hyg_tier_control_crossing",
		.each = AD_GROUP,
		.kinds = KINDS_ACCOUNTS | KIND(AD_USER) | KIND(AD_FSP),
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER, ATTR_GP_LINK },
		.run = tiering_control_crossing,
		.before = tiering_tiers_declared,
		.after = tiering_control_known },
	{ .id = "hyg_tier0_gpo_editable",
		.each = AD_GPO,
		.scope = SCOPE_NAMED,
		.reads = { ATTR_GP_LINK },
		.run = tiering_gpo_editable,
		.before = tier0_units_declared,
		.after = tiering_gpo_known },
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
