/* Numbers of the family of passwords. */
#include "engine/family.h"
#include "engine/password_census.h"

#include "ad/filetime.h"
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "ad/windows.h"
#include "base/datetime.h"

#define LEAKED "hyg_leaked_not_changed"
#define USERS "hyg_password_length_users"
#define ADMINS "hyg_password_length_admins"

#define SERVICES "hyg_password_service_accounts"
#define LAPS "info_laps", "info_laps_missing"

enum {
	DOMAIN_MIN_LENGTH,
	DOMAIN_COMPLEXITY,
	DOMAIN_MAX_AGE,
	DOMAIN_LOCKOUT,
	RULE_REQUIRED,
	RULE_HELD,
	RULE_NOT_HELD,
	RULE_UNKNOWN,
	SERVICE_REQUIRED,
	SERVICE_HELD,
	SERVICE_NOT_HELD,
	SERVICE_UNKNOWN,
	MANAGED,
	CHANGES,
	OLDER_THAN_YEAR,
	LAPS_COMPUTERS,
	LAPS_WINDOWS,
	LAPS_LEGACY,
	LAPS_BOTH,
	LAPS_NONE,
	LAPS_NOT_KNOWN,
	LAPS_DCS,
	LAPS_DCS_WITH,
	FACT_COUNT
};

static const struct indicator_row rows[] = {
	INDICATOR("accounts", INDICATOR_EXAMINED, USERS),
	INDICATOR("compliant", INDICATOR_COMPLIANT, USERS),
	INDICATOR("not_compliant", INDICATOR_NOT_COMPLIANT, USERS),
	INDICATOR("unknown", INDICATOR_UNKNOWN, USERS),
	INDICATOR("admins", INDICATOR_EXAMINED, ADMINS),
	INDICATOR("admins_compliant", INDICATOR_COMPLIANT, ADMINS),
	INDICATOR("admins_not_compliant", INDICATOR_NOT_COMPLIANT, ADMINS),
	INDICATOR("admins_unknown", INDICATOR_UNKNOWN, ADMINS),
	INDICATOR("not_required", INDICATOR_FOUND, "hyg_password_not_required"),
	INDICATOR("never_expires", INDICATOR_FOUND, "vuln_dont_expire"),
	INDICATOR("leaked", INDICATOR_EXAMINED, LEAKED),
	INDICATOR("leaked_changed", INDICATOR_COMPLIANT, LEAKED),
	INDICATOR("leaked_not_changed", INDICATOR_NOT_COMPLIANT, LEAKED),
	INDICATOR("leaked_unknown", INDICATOR_UNKNOWN, LEAKED),
	FACT("domain_min_length", DOMAIN_MIN_LENGTH, USERS, ADMINS),
	FACT("domain_complexity", DOMAIN_COMPLEXITY, USERS, ADMINS),
	FACT("domain_max_age_days", DOMAIN_MAX_AGE, USERS, ADMINS),
	FACT("domain_lockout_threshold", DOMAIN_LOCKOUT, "hyg_password_lockout"),
	FACT("required", RULE_REQUIRED, USERS, SERVICES, ADMINS),
	FACT("held", RULE_HELD, USERS, SERVICES, ADMINS),
	FACT("not_held", RULE_NOT_HELD, USERS, SERVICES, ADMINS),
	FACT("held_unknown", RULE_UNKNOWN, USERS, SERVICES, ADMINS),
	FACT("services", SERVICE_REQUIRED, SERVICES),
	FACT("services_held", SERVICE_HELD, SERVICES),
	FACT("services_not_held", SERVICE_NOT_HELD, SERVICES),
	FACT("services_unknown", SERVICE_UNKNOWN, SERVICES),
	FACT("managed_accounts", MANAGED, "vuln_password_change_msa_no_change_90"),
	FACT("changes", CHANGES, USERS, SERVICES, ADMINS),
	FACT("older_than_year", OLDER_THAN_YEAR, "warning_password_change"),
	FACT("laps_computers", LAPS_COMPUTERS, LAPS),
	FACT("laps_windows", LAPS_WINDOWS, LAPS),
	FACT("laps_legacy", LAPS_LEGACY, LAPS),
	FACT("laps_both", LAPS_BOTH, LAPS),
	FACT("laps_none", LAPS_NONE, LAPS),
	FACT("laps_unknown", LAPS_NOT_KNOWN, LAPS),
	INDICATOR("laps_expired", INDICATOR_FOUND, "hyg_laps_expired"),
	FACT("laps_dcs", LAPS_DCS, LAPS),
	FACT("laps_dcs_with", LAPS_DCS_WITH, LAPS),
};

/* The weakest of the domains' values; a maximum age or a threshold of 0 means none and stays. */
static void weakest(int64_t *fact, int64_t value, bool smallest)
{
	if (*fact == INDICATOR_NONE || (smallest ? value < *fact : value > *fact && *fact != 0) ||
		value == 0)
		*fact = value;
}

/* A number of what may not have been seen whole: 0 would read as "there are none". */
static void doubt(int64_t *fact, bool whole)
{
	if (*fact == 0 && !whole)
		*fact = INDICATOR_NONE;
}

/* The same for a whole and its parts, which stand one after the other. */
static void doubt_parts(int64_t *facts, int whole_fact, int last_part, bool whole)
{
	if (facts[whole_fact] != 0 || whole)
		return;
	for (int f = whole_fact; f <= last_part; f++)
		facts[f] = INDICATOR_NONE;
}

static void put_class(int64_t *facts, int first, const struct class_count *n)
{
	facts[first] = n->required;
	facts[first + 1] = n->held;
	facts[first + 2] = n->not_held;
	facts[first + 3] = n->unknown;
}

static void rule_facts(const struct evaluation *e, int64_t *facts)
{
	bool whole = model_complete(e->model, AD_USER, NULL) == YES, any = false;
	struct class_count all = { 0 };
	struct password_census c;

	password_census_take(e, &c);
	for (size_t i = 0; i < PASSWORD_CLASSES; i++) {
		any |= c.asked[i];
		all.required += c.classes[i].required;
		all.held += c.classes[i].held;
		all.not_held += c.classes[i].not_held;
		all.unknown += c.classes[i].unknown;
	}
	if (any) {
		put_class(facts, RULE_REQUIRED, &all);
		doubt_parts(facts, RULE_REQUIRED, RULE_UNKNOWN, whole);
		facts[CHANGES] = (int64_t)c.change_count;
		doubt(&facts[CHANGES], whole && all.unknown == 0);
	}
	if (c.asked[PASSWORD_SERVICE]) {
		put_class(facts, SERVICE_REQUIRED, &c.classes[PASSWORD_SERVICE]);
		doubt_parts(facts, SERVICE_REQUIRED, SERVICE_UNKNOWN, whole && c.services_known);
	}
	facts[MANAGED] = c.managed;
	doubt(&facts[MANAGED], model_complete(e->model, AD_MSA, NULL) == YES);
	password_census_free(&c);
}

static bool has_laps_system(const struct ad_object *o)
{
	return windows_is_windows(obj_str(o, ATTR_OPERATING_SYSTEM));
}

/* What AD shows of LAPS on a computer, by the dates of expiry of both products. */
static void laps_facts(const struct model *m, const struct ad_object *o, int64_t *facts)
{
	bool now = obj_has(o, ATTR_LAPS_EXPIRATION), old = obj_has(o, ATTR_LAPS_LEGACY_EXPIRATION);
	uint32_t group = obj_u32(o, ATTR_PRIMARY_GROUP_ID);
	bool seen = model_readable(m, o, ATTR_LAPS_EXPIRATION) == READABLE;
	bool readable = seen && model_readable(m, o, ATTR_LAPS_LEGACY_EXPIRATION) == READABLE &&
			model_readable(m, o, ATTR_OPERATING_SYSTEM) == READABLE;

	if (group == RID_DOMAIN_CONTROLLERS || group == RID_RODCS) {
		facts[LAPS_DCS]++;
		/* Of one that hides it, how many have one is not known. */
		if (!seen)
			facts[LAPS_DCS_WITH] = INDICATOR_NONE;
		else if (facts[LAPS_DCS_WITH] != INDICATOR_NONE)
			facts[LAPS_DCS_WITH] += now;
		return;
	}
	if (readable && !has_laps_system(o))
		return;
	facts[LAPS_COMPUTERS]++;
	if (now || old)
		facts[now && old ? LAPS_BOTH : now ? LAPS_WINDOWS : LAPS_LEGACY]++;
	else
		facts[readable ? LAPS_NONE : LAPS_NOT_KNOWN]++;
}

static void object_facts(const struct model *m, int64_t *facts)
{
	bool users = model_complete(m, AD_USER, NULL) == YES;
	bool computers = model_complete(m, AD_COMPUTER, NULL) == YES;

	for (int f = OLDER_THAN_YEAR; f <= LAPS_DCS_WITH; f++)
		facts[f] = 0;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		int64_t set = model_past_time(m, o, ATTR_PWD_LAST_SET);

		if (account_enabled(m, o) == NO)
			continue;
		if (o->kind == AD_COMPUTER)
			laps_facts(m, o, facts);
		if (o->kind != AD_USER)
			continue;
		users &= model_readable(m, o, ATTR_PWD_LAST_SET) == READABLE &&
			 (set != INT64_MIN || !obj_i64(o, ATTR_PWD_LAST_SET));
		facts[OLDER_THAN_YEAR] +=
			set != INT64_MIN && set < model_now(m) - 365 * SECONDS_PER_DAY;
	}
	doubt(&facts[OLDER_THAN_YEAR], users);
	doubt_parts(facts, LAPS_COMPUTERS, LAPS_NOT_KNOWN, computers);
	doubt_parts(facts, LAPS_DCS, LAPS_DCS_WITH, computers);
}

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

	rule_facts(e, facts);
	object_facts(m, facts);
	for (size_t i = 0; i < model_domain_count(m); i++) {
		const struct ad_object *head = model_domain(m, i)->head;

		if (obj_has(head, ATTR_MIN_PWD_LENGTH))
			weakest(&facts[DOMAIN_MIN_LENGTH], obj_u32(head, ATTR_MIN_PWD_LENGTH),
				true);
		if (obj_has(head, ATTR_PWD_PROPERTIES))
			weakest(&facts[DOMAIN_COMPLEXITY],
				obj_u32(head, ATTR_PWD_PROPERTIES) & PASSWORD_PROPERTIES_COMPLEX,
				true);
		if (obj_has(head, ATTR_MAX_PWD_AGE)) {
			int64_t age = interval_to_seconds(obj_i64(head, ATTR_MAX_PWD_AGE));

			weakest(&facts[DOMAIN_MAX_AGE], age < 0 ? 0 : age / SECONDS_PER_DAY, false);
		}
		if (obj_has(head, ATTR_LOCKOUT_THRESHOLD))
			weakest(&facts[DOMAIN_LOCKOUT], obj_u32(head, ATTR_LOCKOUT_THRESHOLD),
				false);
	}
}

static const char *const areas[] = { "passwords", NULL };
static const char *const controls[] = { "info_laps", "info_laps_missing", "vuln_krbtgt",
	"hyg_laps_readers", "hyg_leaked_not_changed", "hyg_entra_sso_password", NULL };

const struct family family_password_policy = {
	.name = "password_policy",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER,
	.of_privileged = true,
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_password_policy,
};
