/* Contractors, remote maintenance, interns and locums: the policy's population external. */
#include "checks/common.h"
#include "checks/mfa.h"
#include "checks/population.h"

static int external_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_EXTERNAL);
}

static int external_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_EXTERNAL);
}

/* ---- hyg_external_no_expiry --------------------------------------------------------- */

/* accountExpires: absent, 0 and the largest number all mean never (MS-ADTS 2.2, accountExpires). */
static int external_no_expiry(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t expires = obj_time(obj, ATTR_ACCOUNT_EXPIRES);
	int days = model_external_max_days(cx_model(cx));
	int64_t limit = cx_now(cx) + DAYS(days ? days : cx_int(cx, "max_days"));

	if (!population_may_hold(cx, obj, POPULATION_EXTERNAL) ||
		!readable(cx, obj, ATTR_ACCOUNT_EXPIRES))
		return 0;
	if (expires != INT64_MIN && expires <= limit)
		return 0;
	if (!population_holds(cx, obj, POPULATION_EXTERNAL))
		return 0;
	finding(cx, obj);
	if (expires == INT64_MIN)
		evidence_z(cx, "expires", "never");
	else
		evidence_date(cx, "expires", expires);
	return 0;
}

/* ---- hyg_external_no_mfa ------------------------------------------------------------ */

static int external_no_mfa(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (!population_may_hold(cx, obj, POPULATION_EXTERNAL))
		return 0;
	if (!mfa_is_missing(cx, obj, &mfa) || !population_holds(cx, obj, POPULATION_EXTERNAL))
		return 0;
	finding(cx, obj);
	mfa_evidence_lines(cx, &mfa);
	return 0;
}

/* ---- hyg_external_dormant ----------------------------------------------------------- */

#define PRIVILEGED_LEVEL 2
#define OTHERS_LEVEL 3

/* Of who is privileged as well nobody waits longer than of other privileged accounts. */
static int64_t privileged_days(struct check_cx *cx, const struct ad_object *obj, int64_t days)
{
	enum logon_state state = account_last_logon(cx_model(cx), obj).state;
	int64_t never = cx_int_of(cx, "hyg_privileged_never_used", "min_days", days);
	int64_t since = cx_int_of(cx, "hyg_privileged_stale", "max_days", days);

	return strictest_days(state, never, since, days);
}

static int external_dormant(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri privileged = account_privileged(cx_model(cx), obj), unused, sure;
	int64_t days = unused_days(cx, obj, cx_int(cx, "max_days")), least = days;

	if (!population_may_hold(cx, obj, POPULATION_EXTERNAL))
		return 0;
	if (privileged != NO)
		least = privileged_days(cx, obj, days);
	unused = account_surely_unused(cx, obj, cx_now(cx) - DAYS(least));
	sure = privileged == UNKNOWN ? account_surely_unused(cx, obj, cx_now(cx) - DAYS(days))
				     : unused;
	if (unused == NO)
		return 0;
	if (unused == UNKNOWN)
		return undecided(cx, obj, "last_logon_unknown");
	if (sure != YES)
		return undecided(cx, obj, "privilege_not_readable");
	if (!population_holds(cx, obj, POPULATION_EXTERNAL))
		return 0;
	finding_at(cx, obj, privileged == YES ? PRIVILEGED_LEVEL : OTHERS_LEVEL);
	evidence_surely_unused(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_external_privileged -------------------------------------------------------- */

#define TIER_1_LEVEL 3
#define TIER_0_LEVEL 2

static int external_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	int tier = object_tier(m, obj);

	if (!population_may_hold(cx, obj, POPULATION_EXTERNAL))
		return 0;
	if (tier != 0 && tier != 1)
		return account_privileged(m, obj) == UNKNOWN
			       ? undecided(cx, obj, "privilege_not_readable")
			       : 0;
	if (!population_holds(cx, obj, POPULATION_EXTERNAL))
		return 0;
	finding_at(cx, obj, tier == 0 ? TIER_0_LEVEL : TIER_1_LEVEL);
	evidence_int(cx, "tier", tier);
	if (object_tier_group(m, obj, tier))
		evidence(cx, tier ? "tier1_group" : "tier0_group",
			object_tier_group(m, obj, tier)->name);
	evidence_privilege_path(cx, obj);
	return 0;
}

static int external_privileged_after(struct check_cx *cx, const struct ad_object *obj)
{
	population_tiers_resolved(cx, 1);
	return external_after(cx, obj);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec days_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct param_spec dormant_params[] = {
	{ "max_days", PARAM_INT, 15, 36500, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_external_no_expiry",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_ACCOUNT_EXPIRES, ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = external_no_expiry,
		.before = external_before,
		.after = external_after,
		.params = days_params },
	{ .id = "hyg_external_no_mfa",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_KEY_CREDENTIAL_LINK, ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = external_no_mfa,
		.before = external_before,
		.after = external_after },
	{ .id = "hyg_external_dormant",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP, ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = external_dormant,
		.before = external_before,
		.after = external_after,
		.params = dormant_params },
	{ .id = "hyg_external_privileged",
		.each = AD_USER,
		.kinds = KIND(AD_MSA),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = external_privileged,
		.before = external_before,
		.after = external_privileged_after },
};

CHECK_AREA(people, rows);
