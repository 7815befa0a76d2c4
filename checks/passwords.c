#include "checks/common.h"
#include "checks/password_dates.h"
#include "checks/password_policies.h"
#include "checks/population.h"

/* ---- effective policy --------------------------------------------------------------- */

/* Counters. */
enum { DECIDED, SHORT_RENEWAL };

/* What the control's parameters ask; with renewal: those that have max_days. */
static struct password_rule rule_of(struct check_cx *cx, bool complexity, bool renewal)
{
	return (struct password_rule){ .min_length = cx_int(cx, "min_length"),
		.complexity = complexity && cx_bool(cx, "complexity"),
		.max_age = renewal ? DAYS(cx_int(cx, "max_days")) : 0 };
}

static void evidence_policy(
	struct check_cx *cx, const struct ad_object *obj, const struct password_policy *p)
{
	if (p->pso || p->pso_dn.n)
		evidence(cx, "policy", p->pso ? p->pso->name : p->pso_dn);
	else if (p->source == POLICY_DOMAIN)
		evidence(cx, "policy", obj->domain ? obj->domain->dns : STR("domain"));
	if (p->length_known)
		evidence_int(cx, "min_length", p->min_length);
	if (p->complexity_known)
		evidence_z(cx, "complexity", p->complexity ? "yes" : "no");
	if (!p->max_age_known)
		return;
	if (p->max_age > 0)
		evidence_int(cx, "max_age_days", p->max_age / SECONDS_PER_DAY);
	else
		evidence_z(cx, "max_age_days", "none");
}

/* A breach that was read is a finding, whatever else of the policy is unknown; without one all that
 * the rule asks for must be known. p is the policy that applies, held what of it holds. */
static int weak_policy(struct check_cx *cx, const struct ad_object *obj,
	const struct password_policy *p, const struct password_policy *held,
	const struct password_rule *rule)
{
	bool decided;
	unsigned weak = password_policy_breaches(held, rule, &decided);

	if (!weak && !decided)
		return undecided(cx, obj, p->reason ? p->reason : "password_policy_unknown");
	if (!weak)
		return 0;
	finding(cx, obj);
	evidence_policy(cx, obj, p);
	if (weak & BREACH_TOO_SHORT)
		evidence_z(cx, "reason", p->not_required ? "password_not_required" : "too_short");
	if (weak & BREACH_NO_COMPLEXITY)
		evidence_z(cx, "reason", "no_complexity");
	if (weak & BREACH_NO_RENEWAL)
		evidence_z(cx, "reason",
			obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_DONT_EXPIRE_PASSWORD &&
					p != held
				? "never_expires"
				: "no_maximum_age");
	if (weak & BREACH_RENEWAL_TOO_LONG)
		evidence_z(cx, "reason", "maximum_age_too_long");
	evidence_privilege_path(cx, obj);
	return 0;
}

/* A declared filter is evidence that a reader may weigh, and nothing that was measured. */
static int note_filter(struct check_cx *cx, const struct ad_object *obj)
{
	const struct password_filter *f = model_password_filter(cx_model(cx));

	(void)obj;
	if (!f)
		return 0;
	note(cx, arena_printf(
			 cx_arena(cx), "password_filter_declared %d %d", f->classes, f->min_length)
			 .p);
	if (f->banned_words)
		note(cx, "password_filter_bans_words");
	return 0;
}

#define USERS "hyg_password_length_users"
#define SERVICES "hyg_password_service_accounts"

/* Of services the control on services speaks. */
static int password_length_users(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	struct password_rule rule = rule_of(cx, true, false);
	enum tri service = asks_of(cx, SERVICES, obj) ? account_is_service(cx_model(cx), obj) : NO;
	bool decided;

	if (service == YES)
		return passed_over(cx);
	if (service == UNKNOWN && password_policy_breaches(&p, &rule, &decided))
		return undecided(cx, obj, "service_not_readable");
	return weak_policy(cx, obj, &p, &p, &rule);
}

static int password_length_admins(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	struct password_policy held = password_policy_held(obj, &p);
	struct password_rule rule = rule_of(cx, true, true);

	*cx_counter(cx, DECIDED) += p.source != POLICY_UNKNOWN;
	if (held.max_age_known && held.max_age > 0 && held.max_age < DAYS(cx_int(cx, "note_days")))
		++*cx_counter(cx, SHORT_RENEWAL);
	return weak_policy(cx, obj, &p, &held, &rule);
}

static int password_length_admins_after(struct check_cx *cx, const struct ad_object *obj)
{
	if (*cx_counter(cx, SHORT_RENEWAL))
		note(cx, arena_printf(cx_arena(cx), "renewal_under_days %lld accounts %llu",
				 (long long)cx_int(cx, "note_days"),
				 (unsigned long long)*cx_counter(cx, SHORT_RENEWAL))
				 .p);
	/* AD's complexity enforces three classes of five, never ANSSI's four (MS-SAMR 3.1.1.7.2).
	 */
	if (*cx_counter(cx, DECIDED))
		note(cx, "complexity_three_classes");
	return note_filter(cx, obj);
}

/* Computers and managed service accounts change long random passwords by themselves: people's
 * kind of account alone. */
static int password_service_accounts(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	struct password_rule rule = rule_of(cx, true, false);
	enum tri service = account_is_service(cx_model(cx), obj);
	int64_t users = cx_int_of(cx, USERS, "min_length", 0);
	bool decided;

	/* No less than of everybody. */
	if (users > rule.min_length)
		rule.min_length = users;
	rule.complexity |= cx_int_of(cx, USERS, "complexity", 0) != 0;
	if (service == NO)
		return passed_over(cx);
	if (service == YES)
		return weak_policy(cx, obj, &p, &p, &rule);
	/* Under a strong policy it does not matter what it is. */
	return password_policy_breaches(&p, &rule, &decided) || !decided
		       ? undecided(cx, obj, "service_not_readable")
		       : 0;
}

static int password_service_accounts_after(struct check_cx *cx, const struct ad_object *obj)
{
	note_filter(cx, obj);
	return model_population_declared(cx_model(cx), POPULATION_SERVICE)
		       ? population_after(cx, POPULATION_SERVICE)
		       : 0;
}

/* Complexity is no criterion of ANSSI's point, and DONT_EXPIRE is a point of its own. */
static int privileged_members_password(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);
	struct password_rule rule = rule_of(cx, false, true);

	return weak_policy(cx, obj, &p, &p, &rule);
}

/* ---- age ---------------------------------------------------------------------------- */

static int password_change_priv(struct check_cx *cx, const struct ad_object *obj)
{
	if (password_found_old(cx, obj, cx_int(cx, "max_days")))
		evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- vuln_dont_expire: a share of the enabled user accounts ------------------------- */

static enum share_part dont_expire_sort(struct check_cx *cx, const struct ad_object *obj)
{
	switch (account_enabled(cx_model(cx), obj)) {
	case NO:
		return SHARE_OUTSIDE;
	case UNKNOWN:
		return SHARE_UNREAD;
	case YES:
		break;
	}
	return obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_DONT_EXPIRE_PASSWORD ? SHARE_BAD
										  : SHARE_GOOD;
}

static void dont_expire_show(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	evidence_z(cx, "flag", "DONT_EXPIRE_PASSWORD");
}

static const struct share dont_expire_share = {
	.kinds = KIND(AD_USER),
	.sort = dont_expire_sort,
	.show = dont_expire_show,
	.unread = "attribute_not_readable userAccountControl",
};

static int dont_expire(struct check_cx *cx, const struct ad_object *obj)
{
	return share_count(cx, obj, &dont_expire_share);
}

static int dont_expire_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return share_decide(cx, &dont_expire_share);
}

/* What vuln_dont_expire says over its threshold, this says up to it. */
static const struct share dont_expire_few = {
	.kinds = KIND(AD_USER),
	.sort = dont_expire_sort,
	.show = dont_expire_show,
	.unread = "attribute_not_readable userAccountControl",
	.below = true,
};

static int dont_expire_few_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return share_decide(cx, &dont_expire_few);
}

static int password_change(struct check_cx *cx, const struct ad_object *obj)
{
	return password_unchanged(cx, obj, cx_int(cx, "max_days"));
}

/* ---- fine-grained policies ---------------------------------------------------------- */

/* Reports obj with the settings of pso. */
static void pso_listed(
	struct check_cx *cx, const struct ad_object *obj, const struct ad_object *pso)
{
	int64_t age = obj_i64(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE);

	finding(cx, obj);
	if (obj != pso)
		evidence(cx, "policy", pso->name);
	if (obj_has(pso, ATTR_MSDS_MINIMUM_PASSWORD_LENGTH))
		evidence_int(cx, "min_length", obj_i64(pso, ATTR_MSDS_MINIMUM_PASSWORD_LENGTH));
	if (obj_has(pso, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED))
		evidence_z(cx, "complexity",
			obj_bool(pso, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED) ? "yes" : "no");
	if (age < 0 && age != INT64_MIN)
		evidence_int(cx, "max_age_days", -(age / 10000000 / SECONDS_PER_DAY));
	else if (obj_has(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE))
		evidence_z(cx, "max_age_days", "none");
}

static int pso_inventory(struct check_cx *cx, const struct ad_object *pso)
{
	pso_listed(cx, pso, pso);
	return 0;
}

/* By default only administrators may read them; their links on users and groups anyone may. */
static int pso_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		for (size_t k = 0; k < obj_count(o, ATTR_MSDS_PSO_APPLIED); k++)
			if (!model_find_dn(m, obj_value(o, ATTR_MSDS_PSO_APPLIED, k)))
				return undecided(cx, NULL, "pso_not_readable");
	}
	return 0;
}

static bool pso_has_age(const struct ad_object *pso)
{
	int64_t age = obj_i64(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE);

	return age != INT64_MIN && age != 0;
}

/* No longest age is longer than any. */
static bool pso_age_weak(struct check_cx *cx, const struct ad_object *pso)
{
	int64_t seconds = -(obj_i64(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE) / 10000000);

	return !pso_has_age(pso) || seconds > DAYS(cx_int(cx, "max_days"));
}

/* Reasons why the PSO is weak, at most four, into why; what could not be read is no reason. */
static size_t pso_weaknesses(struct check_cx *cx, const struct ad_object *pso, const char *why[4])
{
	size_t n = 0;

	if (obj_has(pso, ATTR_MSDS_MINIMUM_PASSWORD_LENGTH) &&
		obj_i64(pso, ATTR_MSDS_MINIMUM_PASSWORD_LENGTH) < cx_int(cx, "min_length"))
		why[n++] = "too_short";
	if (obj_has(pso, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED) &&
		!obj_bool(pso, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED))
		why[n++] = "no_complexity";
	if (obj_bool(pso, ATTR_MSDS_PASSWORD_REVERSIBLE_ENCRYPTION))
		why[n++] = "reversible";
	if (obj_has(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE) && pso_age_weak(cx, pso))
		why[n++] = pso_has_age(pso) ? "maximum_age_too_long" : "no_maximum_age";
	return n;
}

static const enum attr pso_settings[] = { ATTR_MSDS_MINIMUM_PASSWORD_LENGTH,
	ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED, ATTR_MSDS_PASSWORD_REVERSIBLE_ENCRYPTION,
	ATTR_MSDS_MAXIMUM_PASSWORD_AGE };

/* A PSO has all four, all mandatory (MS-ADSC msDS-PasswordSettings): one that is absent was not
 * read. */
static const char *pso_gap(const struct ad_object *pso)
{
	for (size_t i = 0; i < ARRAY_LEN(pso_settings); i++)
		if (!obj_has(pso, pso_settings[i]))
			return attr_table[pso_settings[i]].ldap;
	return NULL;
}

/* Reports obj, the PSO itself or an account that it applies to. */
static int weak_pso(struct check_cx *cx, const struct ad_object *obj, const struct ad_object *pso)
{
	const char *why[4], *gap = pso_gap(pso);
	size_t n = pso_weaknesses(cx, pso, why);

	if (n == 0 && gap)
		return undecided(
			cx, obj, arena_printf(cx_arena(cx), "attribute_not_readable %s", gap).p);
	if (n == 0)
		return 0;
	pso_listed(cx, obj, pso);
	for (size_t i = 0; i < n; i++)
		evidence_z(cx, "reason", why[i]);
	return 0;
}

static int pso_weak(struct check_cx *cx, const struct ad_object *pso)
{
	return weak_pso(cx, pso, pso);
}

/* By the PSO that really applies: directly, or through a group. */
static int pso_weak_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	struct password_policy p = account_password_policy(cx_model(cx), obj);

	if (p.no_pso || p.source == POLICY_DOMAIN)
		return 0;
	if (!p.pso)
		return undecided(cx, obj, p.reason ? p.reason : "password_policy_unknown");
	weak_pso(cx, obj, p.pso);
	return 0;
}

#define MISSING_PSOS 0 /* counter */

/* Users and groups name the PSO that applies to them, which by default anybody may read. */
static int pso_missing_count(struct check_cx *cx, const struct ad_object *obj)
{
	for (size_t i = 0; i < obj_count(obj, ATTR_MSDS_PSO_APPLIED); i++) {
		struct str dn = obj_value(obj, ATTR_MSDS_PSO_APPLIED, i);
		const struct ad_object *pso = model_find_dn(cx_model(cx), dn);

		/* A name without attributes is all that a closed PSO shows (MS-ADTS 3.1.1.4.5). */
		if (pso && pso->kind == AD_PSO)
			continue;
		finding(cx, obj);
		evidence(cx, "policy", dn);
		return 0;
	}
	if (!obj_has(obj, ATTR_MSDS_PSO_APPLIED))
		readable(cx, obj, ATTR_MSDS_PSO_APPLIED);
	return 0;
}

/* Nobody names a PSO that applies to nobody: the container itself must have been read. */
static int pso_missing_after(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason;

	(void)none;
	return model_complete(cx_model(cx), AD_PSO, &reason) == YES ? 0
								    : undecided(cx, NULL, reason);
}

/* ---- domain ------------------------------------------------------------------------- */

static int reversible_namingcontext(struct check_cx *cx, const struct ad_object *head)
{
	if (!obj_has(head, ATTR_PWD_PROPERTIES))
		return undecided(cx, head, "domain_policy_not_readable");
	if (!(obj_u32(head, ATTR_PWD_PROPERTIES) & PASSWORD_PROPERTIES_STORE_CLEARTEXT))
		return 0;
	finding(cx, head);
	evidence_z(cx, "flag", "DOMAIN_PASSWORD_STORE_CLEARTEXT");
	evidence_int(cx, "pwd_properties", obj_u32(head, ATTR_PWD_PROPERTIES));
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec users_params[] = {
	{ "min_length", PARAM_INT, 1, 255, 0 },
	{ "complexity", PARAM_BOOL, 0, 1, 0 },
	{ 0 },
};

static const struct param_spec admins_params[] = {
	{ "min_length", PARAM_INT, 1, 255, 0 },
	{ "complexity", PARAM_BOOL, 0, 1, 0 },
	{ "max_days", PARAM_INT, 1, 36500, 0 },
	{ "note_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct param_spec members_password_params[] = {
	{ "min_length", PARAM_INT, 1, 255, 1 },
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec pso_params[] = {
	{ "min_length", PARAM_INT, 1, 255, 1 },
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec renewal_params[] = {
	{ "min_length", PARAM_INT, 1, 255, 0 },
	{ "complexity", PARAM_BOOL, 0, 1, 0 },
	{ "tolerated_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct param_spec lockout_params[] = {
	{ "max_attempts", PARAM_INT, 1, 999, 0 },
	{ "min_minutes", PARAM_INT, 0, 99999, 0 },
	{ 0 },
};

static const struct param_spec history_params[] = {
	{ "min_count", PARAM_INT, 1, 1024, 0 },
	{ 0 },
};

static const struct param_spec min_days_params[] = {
	{ "min_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct param_spec max_days_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec max_percent_params[] = {
	{ "max_percent", PARAM_INT, 0, 100, -1 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_password_length_users",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_UNPRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_MIN_PWD_LENGTH, ATTR_PWD_PROPERTIES },
		.run = password_length_users,
		.after = note_filter,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = users_params },
	{ .id = "hyg_password_length_admins",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_MIN_PWD_LENGTH, ATTR_PWD_PROPERTIES,
			ATTR_MAX_PWD_AGE },
		.run = password_length_admins,
		.after = password_length_admins_after,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = admins_params },
	{ .id = "hyg_password_not_required",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_PASSWD_NOTREQD },
	{ .id = "vuln_dont_expire_priv",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_DONT_EXPIRE_PASSWORD },
	{ .id = "vuln_dont_expire",
		.each = AD_USER,
		.reads = { ATTR_USER_ACCOUNT_CONTROL },
		.run = dont_expire,
		.after = dont_expire_after,
		.params = max_percent_params },
	{ .id = "vuln_password_change_priv",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = password_change_priv,
		.needs = { ATTR_PWD_LAST_SET },
		.params = max_days_params },
	{ .id = "vuln_reversible_password_priv_uac",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_ENCRYPTED_TEXT_PASSWORD_ALLOWED },
	{ .id = "vuln_reversible_password_priv_namingcontext",
		.each = AD_DOMAIN,
		.run = reversible_namingcontext,
		.needs = { ATTR_PWD_PROPERTIES } },
	{ .id = "vuln_privileged_members_password",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_MIN_PWD_LENGTH, ATTR_MAX_PWD_AGE },
		.run = privileged_members_password,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = members_password_params },
	{ .id = "warning_dont_expire",
		.each = AD_USER,
		.reads = { ATTR_USER_ACCOUNT_CONTROL },
		.run = dont_expire,
		.after = dont_expire_few_after,
		.params = max_percent_params },
	{ .id = "warning_password_change",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = password_change,
		.needs = { ATTR_PWD_LAST_SET },
		.params = max_days_params },
	{ .id = "warning_reversible_password",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_UNPRIVILEGED,
		.run = uac_flag_set,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.arg = UAC_ENCRYPTED_TEXT_PASSWORD_ALLOWED },
	{ .id = "warning_password_policy_pso_missing",
		.each = AD_USER,
		.kinds = KIND(AD_GROUP),
		.reads = { ATTR_MSDS_PSO_APPLIED },
		.run = pso_missing_count,
		.after = pso_missing_after },
	{ .id = "warning_password_policy_pso_weak",
		.each = AD_PSO,
		.reads = { ATTR_MSDS_PSO_APPLIED },
		.run = pso_weak,
		.after = pso_after,
		.params = pso_params },
	{ .id = "warning_password_policy_pso_weak2",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_PSO_APPLIED },
		.run = pso_weak_privileged,
		.params = pso_params },
	{ .id = "hyg_password_service_accounts",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_UNPRIVILEGED,
		.reads = { ATTR_SERVICE_PRINCIPAL_NAME, ATTR_MSDS_PSO_APPLIED, ATTR_MIN_PWD_LENGTH,
			ATTR_PWD_PROPERTIES },
		.run = password_service_accounts,
		.after = password_service_accounts_after,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = users_params },
	{ .id = "hyg_password_forced_renewal",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_PSO),
		.reads = { ATTR_MIN_PWD_LENGTH, ATTR_PWD_PROPERTIES, ATTR_MAX_PWD_AGE,
			ATTR_MSDS_PSO_APPLIED },
		.run = forced_renewal,
		.params = renewal_params },
	{ .id = "hyg_password_lockout",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_PSO),
		.reads = { ATTR_LOCKOUT_THRESHOLD, ATTR_LOCKOUT_DURATION,
			ATTR_LOCKOUT_OBSERVATION_WINDOW, ATTR_MSDS_PSO_APPLIED },
		.run = lockout_policy,
		.params = lockout_params },
	{ .id = "hyg_password_history",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_PSO),
		.reads = { ATTR_PWD_HISTORY_LENGTH, ATTR_MSDS_PSO_APPLIED },
		.run = password_history,
		.params = history_params },
	{ .id = "hyg_password_min_age",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_PSO),
		.reads = { ATTR_MIN_PWD_AGE, ATTR_MSDS_PSO_APPLIED },
		.run = minimum_age,
		.params = min_days_params },
	{ .id = "hyg_password_pso_no_effect",
		.each = AD_PSO,
		.reads = { ATTR_MSDS_PSO_APPLIES_TO, ATTR_GROUP_TYPE },
		.run = pso_without_effect },
	{ .id = "hyg_password_never_set",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_WHEN_CREATED, ATTR_LAST_LOGON_TIMESTAMP, ATTR_WHEN_CHANGED },
		.run = password_never_set,
		.needs = { ATTR_PWD_LAST_SET },
		.params = min_days_params },
	{ .id = "hyg_password_expired",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_MAX_PWD_AGE },
		.run = password_expired,
		.needs = { ATTR_PWD_LAST_SET },
		.params = min_days_params },
	{ .id = "hyg_password_before_policy",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_PSO_APPLIED, ATTR_WHEN_CREATED, ATTR_WHEN_CHANGED },
		.run = password_before_policy,
		.needs = { ATTR_PWD_LAST_SET } },
	{ .id = "hyg_computer_default_password",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PWD_LAST_SET, ATTR_WHEN_CREATED, ATTR_LAST_LOGON_TIMESTAMP,
			ATTR_USER_ACCOUNT_CONTROL },
		.run = default_password,
		.params = min_days_params },
	{ .id = "info_password_policy_pso",
		.each = AD_PSO,
		.reads = { ATTR_MSDS_PSO_APPLIED },
		.run = pso_inventory,
		.after = pso_after },
};

CHECK_AREA(passwords, rows);
