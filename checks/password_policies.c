#include "checks/password_policies.h"

#include "ad/filetime.h"

#define SECONDS_PER_MINUTE 60

/* One setting, as the domain's head and as a PSO keep it. */
struct setting {
	enum attr domain, pso;
};

static const struct setting length_setting = { ATTR_MIN_PWD_LENGTH,
	ATTR_MSDS_MINIMUM_PASSWORD_LENGTH };
static const struct setting max_age_setting = { ATTR_MAX_PWD_AGE, ATTR_MSDS_MAXIMUM_PASSWORD_AGE };
static const struct setting min_age_setting = { ATTR_MIN_PWD_AGE, ATTR_MSDS_MINIMUM_PASSWORD_AGE };
static const struct setting history_setting = { ATTR_PWD_HISTORY_LENGTH,
	ATTR_MSDS_PASSWORD_HISTORY_LENGTH };
static const struct setting threshold_setting = { ATTR_LOCKOUT_THRESHOLD,
	ATTR_MSDS_LOCKOUT_THRESHOLD };
static const struct setting window_setting = { ATTR_LOCKOUT_OBSERVATION_WINDOW,
	ATTR_MSDS_LOCKOUT_OBSERVATION_WINDOW };
static const struct setting duration_setting = { ATTR_LOCKOUT_DURATION,
	ATTR_MSDS_LOCKOUT_DURATION };

/* All of them are mandatory on a PSO and always there on a domain's head (MS-ADSC, MS-SAMR
 * 3.1.1.4): one that is absent was not read. Says undecided() then. */
static bool setting_read(
	struct check_cx *cx, const struct ad_object *policy, const struct setting *s, enum attr *a)
{
	*a = policy->kind == AD_PSO ? s->pso : s->domain;
	if (obj_has(policy, *a))
		return true;
	undecided(cx, policy,
		arena_printf(cx_arena(cx), "attribute_not_readable %s", attr_table[*a].ldap).p);
	return false;
}

/* The domain's policy always counts: accounts to come are under it. A PSO counts when an enabled
 * account is known to be under it. */
enum in_use { IN_USE, PERHAPS_IN_USE, NOT_IN_USE };

static enum in_use is_in_use(const struct ad_object *policy, const struct policy_use *use)
{
	if (policy->kind == AD_DOMAIN || use->accounts > 0)
		return IN_USE;
	return use->perhaps > 0 ? PERHAPS_IN_USE : NOT_IN_USE;
}

/* The policy is weak: a finding, unless perhaps nobody is under it. False: nothing to show. */
static bool report_policy(struct check_cx *cx, const struct ad_object *policy)
{
	struct policy_use use = model_policy_use(cx_model(cx), policy);

	if (is_in_use(policy, &use) == PERHAPS_IN_USE) {
		undecided(cx, policy, use.reason);
		return false;
	}
	finding(cx, policy);
	evidence_int(cx, "accounts", (int64_t)use.accounts);
	return true;
}

static bool unused(struct check_cx *cx, const struct ad_object *policy)
{
	struct policy_use use = model_policy_use(cx_model(cx), policy);

	if (is_in_use(policy, &use) != NOT_IN_USE)
		return false;
	passed_over(cx);
	return true;
}

/* ---- hyg_password_lockout ----------------------------------------------------------- */

/* Whole minutes of a window or a duration; INT64_MAX: without end; -1: no such value. */
static int64_t minutes(const struct ad_object *policy, enum attr a)
{
	int64_t raw = obj_i64(policy, a);

	if (raw == INT64_MIN)
		return INT64_MAX;
	return raw > 0 ? -1 : interval_to_seconds(raw) / SECONDS_PER_MINUTE;
}

struct lockout {
	int64_t threshold, window, duration;
};

static bool read_lockout(struct check_cx *cx, const struct ad_object *policy, struct lockout *out)
{
	enum attr threshold, window, duration;

	*out = (struct lockout){ 0 };
	if (!setting_read(cx, policy, &threshold_setting, &threshold))
		return false;
	out->threshold = obj_u32(policy, threshold);
	/* Nothing else matters then. */
	if (out->threshold == 0 || out->threshold > cx_int(cx, "max_attempts"))
		return true;
	if (!setting_read(cx, policy, &window_setting, &window) ||
		!setting_read(cx, policy, &duration_setting, &duration))
		return false;
	out->window = minutes(policy, window);
	out->duration = minutes(policy, duration);
	/* 0 and the longest: until an administrator unlocks (MS-ADTS 3.1.1.4.5.17). */
	if (out->duration == 0 && obj_i64(policy, duration) == 0)
		out->duration = INT64_MAX;
	if (out->window >= 0 && out->duration >= 0)
		return true;
	undecided(cx, policy, "policy_malformed");
	return false;
}

int lockout_policy(struct check_cx *cx, const struct ad_object *policy)
{
	int64_t least = cx_int(cx, "min_minutes");
	const char *why[2];
	struct lockout l;
	size_t n = 0;

	if (unused(cx, policy) || !read_lockout(cx, policy, &l))
		return 0;
	if (l.threshold == 0) {
		why[n++] = "no_lockout";
	} else if (l.threshold > cx_int(cx, "max_attempts")) {
		why[n++] = "threshold_too_high";
	} else {
		if (l.window < least)
			why[n++] = "window_too_short";
		if (l.duration < least)
			why[n++] = "lockout_too_short";
	}
	if (n == 0 || !report_policy(cx, policy))
		return 0;
	for (size_t i = 0; i < n; i++)
		evidence_z(cx, "reason", why[i]);
	evidence_int(cx, "lockout_threshold", l.threshold);
	if (l.threshold == 0 || l.threshold > cx_int(cx, "max_attempts"))
		return 0;
	if (l.window < INT64_MAX)
		evidence_int(cx, "observation_minutes", l.window);
	if (l.duration < INT64_MAX)
		evidence_int(cx, "lockout_minutes", l.duration);
	return 0;
}

/* ---- history and minimum age -------------------------------------------------------- */

int password_history(struct check_cx *cx, const struct ad_object *policy)
{
	enum attr a;

	if (unused(cx, policy) || !setting_read(cx, policy, &history_setting, &a) ||
		obj_u32(policy, a) >= cx_int(cx, "min_count") || !report_policy(cx, policy))
		return 0;
	evidence_int(cx, "history", obj_u32(policy, a));
	return 0;
}

int minimum_age(struct check_cx *cx, const struct ad_object *policy)
{
	int64_t age;
	enum attr a;

	if (unused(cx, policy) || !setting_read(cx, policy, &min_age_setting, &a))
		return 0;
	age = interval_to_seconds(obj_i64(policy, a));
	if (age < 0)
		return undecided(cx, policy, "policy_malformed");
	/* The longest interval: never to be changed by its holder. */
	if (obj_i64(policy, a) == INT64_MIN || age >= DAYS(cx_int(cx, "min_days")) ||
		!report_policy(cx, policy))
		return 0;
	evidence_int(cx, "min_age_hours", age * 24 / SECONDS_PER_DAY);
	return 0;
}

/* ---- hyg_password_forced_renewal ---------------------------------------------------- */

static bool is_complex(const struct ad_object *policy)
{
	return policy->kind == AD_PSO
		       ? obj_bool(policy, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED)
		       : obj_u32(policy, ATTR_PWD_PROPERTIES) & PASSWORD_PROPERTIES_COMPLEX;
}

static const struct setting complexity_setting = { ATTR_PWD_PROPERTIES,
	ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED };

int forced_renewal(struct check_cx *cx, const struct ad_object *policy)
{
	struct policy_use use = model_policy_use(cx_model(cx), policy);
	enum attr length, complexity, max_age;
	int64_t age, tolerated = DAYS(cx_int(cx, "tolerated_days"));

	if (unused(cx, policy) || !setting_read(cx, policy, &length_setting, &length) ||
		!setting_read(cx, policy, &complexity_setting, &complexity) ||
		!setting_read(cx, policy, &max_age_setting, &max_age))
		return 0;
	age = interval_to_seconds(obj_i64(policy, max_age));
	if (age < 0)
		return undecided(cx, policy, "policy_malformed");
	/* Renewal is not asked where length and complexity hold; elsewhere it may make up for them.
	 */
	if (age == 0 || (tolerated > 0 && age >= tolerated) ||
		obj_u32(policy, length) < cx_int(cx, "min_length") ||
		(cx_bool(cx, "complexity") && !is_complex(policy)))
		return 0;
	if (use.renewing == 0)
		return use.perhaps_renewing ? undecided(cx, policy, "privilege_not_readable")
		       : use.perhaps	    ? undecided(cx, policy, use.reason)
					    : 0;
	finding(cx, policy);
	evidence_int(cx, "accounts", (int64_t)use.renewing);
	evidence_int(cx, "max_age_days", age / SECONDS_PER_DAY);
	evidence_int(cx, "min_length", obj_u32(policy, length));
	return 0;
}

/* ---- hyg_password_pso_no_effect ----------------------------------------------------- */

static void evidence_idle_reason(struct check_cx *cx, const struct ad_object *pso)
{
	if (domain_has_psos(pso->domain) == NO)
		evidence_z(cx, "reason", "domain_level_too_low");
	else if (obj_has(pso, ATTR_MSDS_PSO_APPLIES_TO))
		evidence_z(cx, "reason", "pso_targets_without_effect");
	else
		evidence_z(cx, "reason", "pso_not_linked");
}

static void evidence_idle_targets(struct check_cx *cx, const struct ad_object *pso)
{
	size_t n = obj_count(pso, ATTR_MSDS_PSO_APPLIES_TO);

	for (size_t i = 0, shown = 0; i < n && shown < EVIDENCE_NAMES; i++) {
		struct str dn = obj_value(pso, ATTR_MSDS_PSO_APPLIES_TO, i);
		const struct ad_object *target = model_find_dn(cx_model(cx), dn);

		if (pso_acts_on(cx_model(cx), pso, i) != NO)
			continue;
		evidence(cx, "target", target ? target->name : dn);
		shown++;
	}
}

int pso_without_effect(struct check_cx *cx, const struct ad_object *pso)
{
	size_t n = obj_count(pso, ATTR_MSDS_PSO_APPLIES_TO), idle = 0, unread = 0;

	if (n == 0 && !readable(cx, pso, ATTR_MSDS_PSO_APPLIES_TO))
		return 0;
	for (size_t i = 0; i < n; i++) {
		enum tri acts = pso_acts_on(cx_model(cx), pso, i);

		idle += acts == NO;
		unread += acts == UNKNOWN;
	}
	if (n > 0 && idle == 0) {
		if (domain_has_psos(pso->domain) == UNKNOWN)
			return undecided(cx, pso, "functional_level_not_readable");
		return unread ? undecided(cx, pso, "pso_target_not_read") : 0;
	}
	finding(cx, pso);
	evidence_idle_reason(cx, pso);
	evidence_idle_targets(cx, pso);
	return 0;
}
