/* Accounts that nobody uses any more and that are still there: services, expired, disabled. */
#include "checks/stale.h"
#include "checks/common.h"
#include "checks/population.h"

/* ---- hyg_stale_service_accounts ----------------------------------------------------- */

static int service_unused(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "max_days"));

	bool service = is_service_account(cx, obj);

	if (!service && model_readable(cx_model(cx), obj, ATTR_SERVICE_PRINCIPAL_NAME) == READABLE)
		return passed_over(cx);
	/* A managed one that was never used no other control knows. */
	const char *privileged = account_last_logon(cx_model(cx), obj).state == LOGON_NEVER
					 ? NULL
					 : "hyg_privileged_stale";

	if (is_rid500(obj) || unused_said_elsewhere(cx, obj, privileged))
		return 0;
	switch (account_surely_unused(cx, obj, limit)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "last_logon_unknown");
	case YES:
		break;
	}
	/* hyg_never_logged_on lists users and computers. */
	if (obj->kind != AD_MSA && account_last_logon(cx_model(cx), obj).state == LOGON_NEVER)
		return 0;
	/* A service principal name, if only it were seen, would make it one. */
	if (!service && !readable(cx, obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return 0;
	finding(cx, obj);
	evidence_surely_unused(cx, obj);
	return 0;
}

/* ---- hyg_expired_enabled ------------------------------------------------------------ */

static int expired_enabled(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t end = obj_time(obj, ATTR_ACCOUNT_EXPIRES);

	if (end == INT64_MIN || end >= cx_now(cx) - DAYS(cx_int(cx, "max_days")))
		return 0;
	finding(cx, obj);
	evidence_date(cx, "expired", end);
	evidence_last_use(cx, obj);
	return 0;
}

/* ---- hyg_disabled_long -------------------------------------------------------------- */

/* msExchRecipientTypeDetails of mailboxes whose account is disabled as long as they serve: linked,
 * shared, room, equipment, system, arbitration, discovery, and their counterparts in the cloud. */
#define DISABLED_MAILBOXES                                                                         \
	(1 << 1 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 23 | 1 << 29 | INT64_C(1) << 33 |                \
		INT64_C(1) << 34 | INT64_C(1) << 35)

static bool is_disabled_mailbox(const struct ad_object *obj)
{
	return obj_i64(obj, ATTR_MSEXCH_RECIPIENT_TYPE_DETAILS) & DISABLED_MAILBOXES;
}

/* Was the account still in use, or not yet made, at `limit`? It was then disabled later. */
static bool was_in_use(struct check_cx *cx, const struct ad_object *obj, int64_t limit)
{
	struct logon l = account_last_logon(cx_model(cx), obj);

	return obj_time(obj, ATTR_WHEN_CREATED) >= limit || (l.state == LOGON_AT && l.at >= limit);
}

/* No attribute tells when an account was disabled. whenChanged is never before that day: what has
 * not changed for max_days was disabled all the while. */
static int disabled_long(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t changed = obj_time(obj, ATTR_WHEN_CHANGED);
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "max_days"));
	enum tri enabled = account_enabled(cx_model(cx), obj);

	if (enabled == YES || is_system_object(obj) || is_disabled_mailbox(obj) ||
		is_entra_object(obj))
		return passed_over(cx);
	if (changed != INT64_MIN && changed >= limit && was_in_use(cx, obj, limit))
		return 0;
	if (enabled == UNKNOWN && !readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL))
		return 0;
	if (changed == INT64_MIN && !readable(cx, obj, ATTR_WHEN_CHANGED))
		return 0;
	if (changed == INT64_MIN || changed >= limit)
		return undecided(cx, obj, "disabled_since_unknown");
	if (may_be_system_object(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_date(cx, "unchanged_since", changed);
	evidence_last_use(cx, obj);
	return 0;
}

/* ---- hyg_disabled_remote_access ----------------------------------------------------- */

static int remote_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return population_before(cx, POPULATION_REMOTE_ACCESS);
}

static int disabled_remote(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri enabled = account_enabled(cx_model(cx), obj);

	if (!population_may_hold(cx, obj, POPULATION_REMOTE_ACCESS) || enabled == YES ||
		(enabled == UNKNOWN && !readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL)) ||
		!population_holds(cx, obj, POPULATION_REMOTE_ACCESS))
		return 0;
	finding(cx, obj);
	evidence_last_use(cx, obj);
	return 0;
}

static int remote_after(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return population_after(cx, POPULATION_REMOTE_ACCESS);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec max_days[] = {
	{ "max_days", PARAM_INT, 15, 36500, 0 },
	{ 0 },
};

static const struct param_spec expired_days[] = {
	{ "max_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct param_spec min_days[] = {
	{ "min_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_stale_service_accounts",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_SERVICE_PRINCIPAL_NAME, ATTR_LAST_LOGON_TIMESTAMP,
			ATTR_WHEN_CREATED },
		.run = service_unused,
		.params = max_days },
	{ .id = "hyg_expired_enabled",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = expired_enabled,
		.needs = { ATTR_ACCOUNT_EXPIRES },
		.params = expired_days },
	{ .id = "hyg_disabled_long",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_WHEN_CHANGED },
		.run = disabled_long,
		.params = max_days },
	{ .id = "hyg_disabled_remote_access",
		.each = AD_USER,
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PRIMARY_GROUP_ID },
		.before = remote_before,
		.run = disabled_remote,
		.after = remote_after },
	{ .id = "hyg_hr_left",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_EMPLOYEE_ID, ATTR_MAIL, ATTR_SAM_ACCOUNT_NAME },
		.before = hr_before,
		.run = hr_left,
		.after = hr_after },
	{ .id = "hyg_hr_unknown",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_EMPLOYEE_ID, ATTR_MAIL, ATTR_SAM_ACCOUNT_NAME },
		.before = hr_before,
		.run = hr_unknown },
	{ .id = "hyg_manager_left",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = manager_left,
		.needs = { ATTR_MANAGER } },
	{ .id = "hyg_empty_groups",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER, ATTR_PRIMARY_GROUP_ID, ATTR_GROUP_TYPE },
		.run = empty_group,
		.params = min_days },
	{ .id = "hyg_empty_ous",
		.each = AD_OU,
		.reads = { ATTR_WELL_KNOWN_OBJECTS },
		.run = empty_unit,
		.params = min_days },
	{ .id = "hyg_gpo_unlinked",
		.each = AD_GPO,
		.reads = { ATTR_GP_LINK },
		.run = unlinked_gpo,
		.params = min_days },
};

CHECK_AREA(stale, rows);
