#include "checks/password_dates.h"

static bool has_flag(const struct ad_object *obj, uint32_t flag)
{
	return obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & flag;
}

/* ---- hyg_password_never_set --------------------------------------------------------- */

/* Since when has the password been waiting for its holder? Who must change it cannot log on before
 * (MS-SAMR 3.1.5.14.4), and nothing of the account was changed since whenChanged. */
static enum tri waits_since(struct check_cx *cx, const struct ad_object *obj, int64_t limit)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	int64_t changed = obj_time(obj, ATTR_WHEN_CHANGED);

	if (l.state == LOGON_NEVER)
		return YES;
	if (changed != INT64_MIN && changed < limit)
		return YES;
	/* DONT_EXPIRE_PASSWORD lets it be used all the same. */
	if (l.state == LOGON_AT && l.at >= limit && obj_has(obj, ATTR_USER_ACCOUNT_CONTROL) &&
		!has_flag(obj, UAC_DONT_EXPIRE_PASSWORD))
		return NO;
	return UNKNOWN;
}

int password_never_set(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "min_days"));
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	/* The guest has a point of its own; the directory makes up passwords for cards. */
	if (has_rid(obj, RID_GUEST) || has_flag(obj, UAC_SMARTCARD_REQUIRED))
		return passed_over(cx);
	if (obj_i64(obj, ATTR_PWD_LAST_SET) != 0 || (created != INT64_MIN && created >= limit))
		return 0;
	if (created == INT64_MIN && !readable(cx, obj, ATTR_WHEN_CREATED))
		return 0;
	switch (waits_since(cx, obj, limit)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "password_reset_not_dated");
	case YES:
		break;
	}
	finding(cx, obj);
	evidence_last_use(cx, obj);
	if (obj_has(obj, ATTR_WHEN_CHANGED))
		evidence_date(cx, "changed", obj_time(obj, ATTR_WHEN_CHANGED));
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_password_expired ----------------------------------------------------------- */

int password_expired(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t set = obj_time(obj, ATTR_PWD_LAST_SET), grace = DAYS(cx_int(cx, "min_days"));
	struct password_policy p;

	if (has_flag(obj, UAC_DONT_EXPIRE_PASSWORD | UAC_SMARTCARD_REQUIRED))
		return passed_over(cx);
	/* An erased date is hyg_password_never_set's. */
	if (set == INT64_MIN || set >= cx_now(cx) - grace)
		return 0;
	p = account_password_policy(cx_model(cx), obj);
	if (!p.max_age_known)
		return undecided(cx, obj, p.reason ? p.reason : "password_policy_unknown");
	if (p.max_age <= 0 || set >= cx_now(cx) - grace - p.max_age)
		return 0;
	finding(cx, obj);
	evidence_date(cx, "password_set", set);
	evidence_int(cx, "max_age_days", p.max_age / SECONDS_PER_DAY);
	evidence_int(cx, "expired_days", (cx_now(cx) - set - p.max_age) / SECONDS_PER_DAY);
	evidence_last_use(cx, obj);
	return 0;
}

/* ---- hyg_password_before_policy ----------------------------------------------------- */

/* The object that holds the policy which applies; NULL: not known. */
static const struct ad_object *policy_of(
	const struct ad_object *obj, const struct password_policy *p)
{
	if (p->source == POLICY_PSO)
		return p->pso;
	return p->no_pso && obj->domain ? obj->domain->head : NULL;
}

/*
 * AD keeps the date of a setting in replication metadata, which is not read. A PSO exists since
 * whenCreated: what is older was never held to it. Nothing of an object has changed since
 * whenChanged, of which every domain controller keeps its own, never earlier than the change: what
 * is newer was held to it. Between the two, nothing is known.
 */
int password_before_policy(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t set = model_past_time(cx_model(cx), obj, ATTR_PWD_LAST_SET), created, changed;
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	const struct ad_object *policy = policy_of(obj, &p);

	if (set == INT64_MIN && obj_i64(obj, ATTR_PWD_LAST_SET))
		return undecided(cx, obj, account_undated_reason(obj));
	/* Who must change it at the next logon is held to the policy of that day. */
	if (set == INT64_MIN && !readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL))
		return 0;
	if (set == INT64_MIN)
		return has_flag(obj, UAC_DONT_EXPIRE_PASSWORD)
			       ? undecided(cx, obj, "password_date_erased")
			       : 0;
	if (!policy)
		return undecided(cx, obj, p.reason ? p.reason : "password_policy_unknown");
	created = obj_time(policy, ATTR_WHEN_CREATED);
	changed = obj_time(policy, ATTR_WHEN_CHANGED);
	if (changed != INT64_MIN && set >= changed)
		return 0;
	if (policy->kind != AD_PSO || created == INT64_MIN || set >= created)
		return undecided(cx, obj, "policy_change_not_dated");
	finding(cx, obj);
	evidence(cx, "policy", policy->name);
	evidence_date(cx, "policy_created", created);
	evidence_date(cx, "password_set", set);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- hyg_computer_default_password -------------------------------------------------- */

/* What makes the password of a computer made by hand its own name: "Reset account", and "assign
 * this computer account as a pre-Windows 2000 computer", which leaves PASSWD_NOTREQD. A computer
 * that joined has changed it. */
enum sign { NO_SIGN, NEVER_SET, SET_AT_CREATION };

static enum sign default_password_sign(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t set = obj_time(obj, ATTR_PWD_LAST_SET);
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	if (obj_has(obj, ATTR_PWD_LAST_SET) && obj_i64(obj, ATTR_PWD_LAST_SET) == 0)
		return NEVER_SET;
	if (set == INT64_MIN || created == INT64_MIN || set > created + SECONDS_PER_DAY / 24)
		return NO_SIGN;
	if (!readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL))
		return NO_SIGN;
	return has_flag(obj, UAC_PASSWD_NOTREQD) ? SET_AT_CREATION : NO_SIGN;
}

int default_password(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "min_days"));
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);
	struct logon l = account_last_logon(cx_model(cx), obj);
	enum sign sign;

	/* Microsoft Entra's own computer never logs on. */
	if (is_dc_computer(obj) ||
		str_ieq(obj_str(obj, ATTR_SAM_ACCOUNT_NAME), STR("AZUREADSSOACC$")))
		return passed_over(cx);
	if (l.state == LOGON_AT || (created != INT64_MIN && created >= limit))
		return 0;
	if (!readable(cx, obj, ATTR_PWD_LAST_SET) || !readable(cx, obj, ATTR_WHEN_CREATED))
		return 0;
	sign = default_password_sign(cx, obj);
	if (sign == NO_SIGN)
		return 0;
	if (l.state == LOGON_UNKNOWN)
		return undecided(cx, obj, "last_logon_unknown");
	finding(cx, obj);
	evidence_z(cx, "reason",
		sign == NEVER_SET ? "password_never_set" : "password_set_at_creation");
	if (has_flag(obj, UAC_PASSWD_NOTREQD))
		evidence_z(cx, "flag", "PASSWD_NOTREQD");
	evidence_last_use(cx, obj);
	return 0;
}
