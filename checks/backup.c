/* Accounts and servers of the backup: what must survive the directory may not hang on it. */
#include "checks/backup.h"

#include "ad/dn.h"
#include "checks/common.h"
#include "checks/population.h"
#include "model/graph.h"

static int backup_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_BACKUP);
}

static int backup_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_BACKUP);
}

enum tri backup_is_deposit(const struct model *m, const struct ad_object *o)
{
	unsigned ways = object_population_ways(m, o, POPULATION_BACKUP);
	enum tri service;

	if ((ways & (BY_ACCOUNT | BY_PATTERN)) || o->kind == AD_MSA ||
		obj_has(o, ATTR_SERVICE_PRINCIPAL_NAME))
		return YES;
	service = object_in_population(m, o, POPULATION_SERVICE);
	/* A service principal name, if only it were seen, would make it one. */
	return service == NO && model_readable(m, o, ATTR_SERVICE_PRINCIPAL_NAME) != READABLE
		       ? UNKNOWN
		       : service;
}

int backup_deposit_unknown(struct check_cx *cx, const struct ad_object *o)
{
	if (object_in_population(cx_model(cx), o, POPULATION_SERVICE) == NO)
		readable(cx, o, ATTR_SERVICE_PRINCIPAL_NAME);
	else
		undecided(cx, o, "population_not_readable service_accounts");
	return 0;
}

/* ---- hyg_backup_admins_in_directory ------------------------------------------------- */

static int backup_admin(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri deposit = backup_is_deposit(cx_model(cx), obj);

	if (deposit == YES)
		return passed_over(cx);
	if (!population_may_hold(cx, obj, POPULATION_BACKUP) ||
		!population_holds(cx, obj, POPULATION_BACKUP))
		return 0;
	if (deposit == UNKNOWN)
		return backup_deposit_unknown(cx, obj);
	finding(cx, obj);
	evidence_last_use(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_backup_deposit_privileged -------------------------------------------------- */

static int deposit_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	enum tri deposit = backup_is_deposit(m, obj), privileged = account_privileged(m, obj);

	if (!population_may_hold(cx, obj, POPULATION_BACKUP))
		return 0;
	if (deposit == NO)
		return passed_over(cx);
	if (privileged == NO || !population_holds(cx, obj, POPULATION_BACKUP))
		return 0;
	if (deposit == UNKNOWN)
		return backup_deposit_unknown(cx, obj);
	if (privileged == UNKNOWN)
		return undecided(cx, obj, "privilege_not_readable");
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int deposit_privileged_after(struct check_cx *cx, const struct ad_object *obj)
{
	population_tiers_resolved(cx, -1);
	return backup_after(cx, obj);
}

/* ---- hyg_backup_server_not_tier0 ---------------------------------------------------- */

#define CONTROLLERS 20

static int server_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (model_population_declared(cx_model(cx), POPULATION_BACKUP) &&
		!model_tier_declares(cx_model(cx), 0))
		return not_applicable(cx, "no_tier0_declared");
	return population_before(cx, POPULATION_BACKUP);
}

static int server_not_tier0(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	struct graph_control by[CONTROLLERS];
	size_t n;

	if (!population_may_hold(cx, obj, POPULATION_BACKUP) || object_tier(m, obj) == 0)
		return 0;
	if (!population_holds(cx, obj, POPULATION_BACKUP))
		return 0;
	if (account_privileged(m, obj) == UNKNOWN)
		return undecided(cx, obj, "privilege_not_readable");
	finding(cx, obj);
	evidence(cx, "unit", dn_parent(obj->dn));
	if (object_tier(m, obj) != TIER_NONE)
		evidence_int(cx, "tier", object_tier(m, obj));
	n = graph_direct(m, obj, by, CONTROLLERS);
	for (size_t i = 0; i < n && i < CONTROLLERS; i++)
		evidence(cx, "controlled_by",
			graph_name(cx_arena(cx), by[i].by.object, &by[i].by.sid));
	return 0;
}

static int server_after(struct check_cx *cx, const struct ad_object *obj)
{
	population_tiers_resolved(cx, 0);
	return backup_after(cx, obj);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct check rows[] = {
	{ .id = "hyg_backup_admins_in_directory",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = backup_admin,
		.before = backup_before,
		.after = backup_after },
	{ .id = "hyg_backup_deposit_privileged",
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = deposit_privileged,
		.before = backup_before,
		.after = deposit_privileged_after },
	{ .id = "hyg_backup_interactive_logon",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_USER_WORKSTATIONS, ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = backup_deposit_logon,
		.before = backup_before,
		.after = backup_deposit_logon_after },
	{ .id = "hyg_backup_server_not_tier0",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = server_not_tier0,
		.before = server_before,
		.after = server_after },
};

CHECK_AREA(backup, rows);
