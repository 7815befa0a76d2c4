/* Who is privileged and should not be, who is in fact without being it by name, and who became it
 * since the previous run. */
#include "checks/sprawl.h"

#include "checks/paths.h"
#include "checks/population.h"
#include "engine/previous.h"
#include "model/privilege.h"

/* ---- privileged accounts that nobody uses ------------------------------------------- */

/* The built-in Administrator is kept for emergencies: not to use it is right. */
static int privileged_stale(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t limit = cx_now(cx) - DAYS(unused_days(cx, obj, cx_int(cx, "max_days")));

	if (unused_said_elsewhere(cx, obj, NULL))
		return 0;
	/* Of those that were never used hyg_privileged_never_used speaks. */
	if (is_rid500(obj) || account_last_logon(cx_model(cx), obj).state == LOGON_NEVER)
		return 0;
	switch (account_surely_unused(cx, obj, limit)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "last_logon_unknown");
	case YES:
		break;
	}
	if (may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_surely_unused(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int privileged_never_used(struct check_cx *cx, const struct ad_object *obj)
{
	if (unused_said_elsewhere(cx, obj, NULL) ||
		!account_never_used(cx, obj, unused_days(cx, obj, cx_int(cx, "min_days"))))
		return 0;
	finding(cx, obj);
	evidence_last_use(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- privileged accounts that are no person's --------------------------------------- */

/* Every privileged account is examined: those outside the population are good ones. */
static bool is_declared(struct check_cx *cx, const struct ad_object *obj, enum policy_population p)
{
	return object_in_population(cx_model(cx), obj, p) != NO && population_holds(cx, obj, p);
}

/* A service principal name alone is what vuln_spn_priv is about. */
static int privileged_service(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj->kind != AD_MSA && !is_declared(cx, obj, POPULATION_SERVICE))
		return 0;
	finding(cx, obj);
	evidence_z(cx, "reason",
		obj->kind == AD_MSA ? "managed_service_account" : "declared_service_account");
	evidence_privilege_path(cx, obj);
	return 0;
}

static int privileged_service_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	population_before(cx, POPULATION_SERVICE);
	return population_after(cx, POPULATION_SERVICE);
}

static int shared_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_SHARED);
}

/* The built-in Administrator is nobody's by nature: warning_rid500 says whether it is used. */
static int privileged_shared(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_rid500(obj) || !is_declared(cx, obj, POPULATION_SHARED) || may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int shared_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_SHARED);
}

/* A computer that was given the rights of a domain controller's group is one of
 * vuln_dc_inconsistent_uac; here, one that any other group makes privileged. */
static int privileged_computer(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_dc_computer(obj) ||
		(obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) &
			(UAC_SERVER_TRUST_ACCOUNT | UAC_PARTIAL_SECRETS_ACCOUNT)))
		return 0;
	if (!readable(cx, obj, ATTR_PRIMARY_GROUP_ID))
		return 0;
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- who administers the hypervisors of tier 0 -------------------------------------- */

static int hypervisor_before(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	if (!model_population_declared(m, POPULATION_HYPERVISOR))
		return population_before(cx, POPULATION_HYPERVISOR);
	return model_tier_declares(m, 0) ? 0 : not_applicable(cx, "no_tier0_declared");
}

/* Who holds the disks of the domain controllers holds the directory. */
static int hypervisor_admin(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	if (!population_may_hold(cx, obj, POPULATION_HYPERVISOR) || object_tier(m, obj) == 0)
		return 0;
	if (account_privileged(m, obj) == UNKNOWN)
		return undecided(cx, obj, "privilege_not_readable");
	if (model_tier_unresolved(m, 0))
		return undecided(cx, obj, "tier_not_resolved 0");
	if (!population_holds(cx, obj, POPULATION_HYPERVISOR))
		return 0;
	finding(cx, obj);
	if (object_tier(m, obj) == TIER_NONE)
		evidence_z(cx, "tier", "none");
	else
		evidence_int(cx, "tier", object_tier(m, obj));
	return 0;
}

static int hypervisor_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_HYPERVISOR);
}

/* ---- hyg_hidden_admins -------------------------------------------------------------- */

static void show_hidden(struct check_cx *cx, const struct hidden_admin *h)
{
	evidence_int(cx, "tier0_objects", (int64_t)h->objects);
	evidence(cx, "path", graph_text(cx_arena(cx), h->steps, h->step_count));
}

static int hidden_admin(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	const struct hidden_admin *h;

	if (graph_critical(m, obj) & HIDDEN_TARGETS)
		return passed_over(cx);
	h = hidden_admin_of(m, obj);
	if (!h)
		return 0;
	finding(cx, obj);
	if (obj->kind == AD_GROUP) {
		struct privilege_count n = privilege_count(m, obj);

		evidence_int(cx, "accounts", n.effective);
	}
	show_hidden(cx, h);
	return 0;
}

/* A SID whose object was not read, Everyone for one: shown at the nearest target. */
static int hidden_admins_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct hidden_admins *all = hidden_admins(cx_model(cx));

	(void)obj;
	for (size_t i = 0; i < all->count; i++) {
		const struct hidden_admin *h = &all->all[i];

		if (h->who.object)
			continue;
		finding(cx, h->target);
		evidence(cx, "principal", graph_name(cx_arena(cx), NULL, &h->who.sid));
		show_hidden(cx, h);
	}
	if (all->in_part)
		note(cx, "paths_in_part");
	note_file_rights(cx);
	path_targets_known(cx);
	return all->reason ? undecided(cx, NULL, all->reason) : 0;
}

/* ---- hyg_privileged_growth ---------------------------------------------------------- */

static int growth_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return cx_previous(cx) ? 0 : not_applicable(cx, "no_previous_run");
}

/* A new domain controller is not a new administrator. */
static int growth(struct check_cx *cx, const struct ad_object *obj)
{
	const struct previous_run *previous = cx_previous(cx);
	char sid[SID_TEXT];

	if (is_dc_computer(obj))
		return passed_over(cx);
	if (!previous->listed)
		return undecided(cx, obj, "previous_run_without_list");
	if (!readable(cx, obj, ATTR_OBJECT_SID))
		return 0;
	if (previous_find(previous, str_of(sid_text(&obj->sid, sid))))
		return 0;
	if (!previous->complete)
		return undecided(cx, obj, "previous_run_not_whole");
	finding(cx, obj);
	evidence_date(cx, "previous_run", previous->evaluated_at);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int growth_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct previous_run *previous = cx_previous(cx);

	(void)obj;
	return previous->listed ? 0 : undecided(cx, NULL, "previous_run_without_list");
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec stale_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct param_spec never_used_params[] = {
	{ "min_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_privileged_stale",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP, ATTR_LAST_LOGON, ATTR_WHEN_CREATED },
		.run = privileged_stale,
		.params = stale_params },
	{ .id = "hyg_privileged_never_used",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP, ATTR_LAST_LOGON, ATTR_WHEN_CREATED },
		.run = privileged_never_used,
		.params = never_used_params },
	{ .id = "hyg_privileged_service",
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = privileged_service,
		.after = privileged_service_after },
	{ .id = "hyg_privileged_shared",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.before = shared_before,
		.run = privileged_shared,
		.after = shared_after },
	{ .id = "hyg_privileged_computers",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_PRIMARY_GROUP_ID },
		.run = privileged_computer,
		.needs = { ATTR_USER_ACCOUNT_CONTROL } },
	{ .id = "hyg_privileged_orphan_members",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER, ATTR_SECURITY_IDENTIFIER, ATTR_TRUST_ATTRIBUTES },
		.run = orphan_members,
		.after = orphan_members_after },
	{ .id = "hyg_exchange_groups",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = exchange_group,
		.after = exchange_group_after },
	{ .id = "hyg_hypervisor_admins_not_tier0",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.before = hypervisor_before,
		.run = hypervisor_admin,
		.after = hypervisor_after },
	{ .id = "hyg_hidden_admins",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP) | KIND(AD_FSP),
		.run = hidden_admin,
		.after = hidden_admins_after },
	{ .id = "hyg_privileged_growth",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_PRIVILEGED,
		.before = growth_before,
		.run = growth,
		.after = growth_after },
};

CHECK_AREA(sprawl, rows);
