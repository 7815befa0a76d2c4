/* The numbers of the five families: from controls where one counts them, else from the model. */
#include "engine/internal.h"

#include "ad/filetime.h"
#include "ad/uac.h"
#include "base/datetime.h"

#define NONE INT64_MIN

enum fact {
	FACT_NONE,
	FACT_DOMAIN_MIN_LENGTH,
	FACT_DOMAIN_COMPLEXITY,
	FACT_DOMAIN_MAX_AGE,
	FACT_DOMAIN_LOCKOUT,
	FACT_PRIVILEGED,
	FACT_PRIVILEGED_ENABLED,
	FACT_PRIVILEGED_GROUPS,
	FACT_PRIVILEGED_UNREAD,
	FACT_DOMAIN_CONTROLLERS,
	FACT_TIER0,
	FACT_TIER1,
	FACT_TIER2,
	FACT_MFA_REQUIRED,
	FACT_MFA_COVERED,
	FACT_MFA_NOT_COVERED,
	FACT_MFA_UNKNOWN,
	FACT_MFA_PERCENT,
	FACT_COUNT
};

/* What of a control: NONE of it when it was not evaluated or says nothing of this directory. */
enum field {
	FIELD_FOUND, /* none when the control is unknown: 0 would read as "there are none" */
	/* parts of a whole, shown side by side */
	FIELD_EXAMINED,
	FIELD_COMPLIANT,
	FIELD_NOT_COMPLIANT,
	FIELD_UNKNOWN,
};

enum family { PASSWORD_POLICY, PRIVILEGED, TIERING, STALE, MFA, FAMILY_COUNT };

static const char *const family_names[FAMILY_COUNT] = { "password_policy", "privileged", "tiering",
	"stale", "mfa" };

/* A row is a fact of the model, or a number of a control. */
static const struct row {
	const char *name, *control; /* control NULL: fact */
	enum family family;
	enum fact fact;
	enum field field;
} rows[] = {
#define FACT(family, name, fact)                                                                   \
	{                                                                                          \
		name, NULL, family, fact, 0                                                        \
	}
#define CONTROL(family, name, id, field)                                                           \
	{                                                                                          \
		name, id, family, FACT_NONE, field                                                 \
	}
#define USERS "hyg_password_length_users"
#define ADMINS "hyg_password_length_admins"
	CONTROL(PASSWORD_POLICY, "accounts", USERS, FIELD_EXAMINED),
	CONTROL(PASSWORD_POLICY, "compliant", USERS, FIELD_COMPLIANT),
	CONTROL(PASSWORD_POLICY, "not_compliant", USERS, FIELD_NOT_COMPLIANT),
	CONTROL(PASSWORD_POLICY, "unknown", USERS, FIELD_UNKNOWN),
	CONTROL(PASSWORD_POLICY, "admins", ADMINS, FIELD_EXAMINED),
	CONTROL(PASSWORD_POLICY, "admins_compliant", ADMINS, FIELD_COMPLIANT),
	CONTROL(PASSWORD_POLICY, "admins_not_compliant", ADMINS, FIELD_NOT_COMPLIANT),
	CONTROL(PASSWORD_POLICY, "admins_unknown", ADMINS, FIELD_UNKNOWN),
	CONTROL(PASSWORD_POLICY, "not_required", "hyg_password_not_required", FIELD_FOUND),
	CONTROL(PASSWORD_POLICY, "never_expires", "vuln_dont_expire", FIELD_FOUND),
	FACT(PASSWORD_POLICY, "domain_min_length", FACT_DOMAIN_MIN_LENGTH),
	FACT(PASSWORD_POLICY, "domain_complexity", FACT_DOMAIN_COMPLEXITY),
	FACT(PASSWORD_POLICY, "domain_max_age_days", FACT_DOMAIN_MAX_AGE),
	FACT(PASSWORD_POLICY, "domain_lockout_threshold", FACT_DOMAIN_LOCKOUT),
	FACT(PRIVILEGED, "accounts", FACT_PRIVILEGED),
	FACT(PRIVILEGED, "enabled", FACT_PRIVILEGED_ENABLED),
	FACT(PRIVILEGED, "groups", FACT_PRIVILEGED_GROUPS),
	FACT(PRIVILEGED, "unread", FACT_PRIVILEGED_UNREAD),
	FACT(PRIVILEGED, "domain_controllers", FACT_DOMAIN_CONTROLLERS),
	CONTROL(PRIVILEGED, "never_expires", "vuln_dont_expire_priv", FIELD_FOUND),
	CONTROL(PRIVILEGED, "disabled", "hyg_privileged_disabled", FIELD_FOUND),
	CONTROL(PRIVILEGED, "not_dedicated", "hyg_admin_not_dedicated", FIELD_FOUND),
	FACT(TIERING, "tier0", FACT_TIER0),
	FACT(TIERING, "tier1", FACT_TIER1),
	FACT(TIERING, "tier2", FACT_TIER2),
	CONTROL(TIERING, "crossings", "hyg_tier_membership_crossing", FIELD_FOUND),
	CONTROL(TIERING, "outside_units", "hyg_tier0_outside_units", FIELD_FOUND),
	CONTROL(STALE, "users", "hyg_stale_users", FIELD_FOUND),
	CONTROL(STALE, "users_unknown", "hyg_stale_users", FIELD_UNKNOWN),
	CONTROL(STALE, "computers", "hyg_stale_computers", FIELD_FOUND),
	CONTROL(STALE, "computers_unknown", "hyg_stale_computers", FIELD_UNKNOWN),
	CONTROL(STALE, "never_logged_on", "hyg_never_logged_on", FIELD_FOUND),
	FACT(MFA, "required", FACT_MFA_REQUIRED),
	FACT(MFA, "covered", FACT_MFA_COVERED),
	FACT(MFA, "not_covered", FACT_MFA_NOT_COVERED),
	FACT(MFA, "unknown", FACT_MFA_UNKNOWN),
	FACT(MFA, "percent", FACT_MFA_PERCENT),
};

const struct outcome *evaluation_find(const struct evaluation *e, const char *id)
{
	for (size_t i = 0; i < e->control_count; i++)
		if (str_eq(e->outcomes[i].shown.id, str_of(id)))
			return &e->outcomes[i];
	return NULL;
}

static int64_t field_of(const struct outcome *o, enum field field)
{
	uint64_t found, undecided;

	if (!o || o->shown.status == STATUS_DISABLED || o->shown.status == STATUS_NOT_APPLICABLE ||
		(o->shown.status == STATUS_UNKNOWN && o->shown.examined == 0))
		return NONE;
	found = o->shown.object_count;
	undecided = o->undecided;
	switch (field) {
	case FIELD_EXAMINED:
		return (int64_t)o->shown.examined;
	case FIELD_FOUND:
		return o->shown.status == STATUS_UNKNOWN ? NONE : (int64_t)found;
	case FIELD_NOT_COMPLIANT:
		return (int64_t)found;
	case FIELD_COMPLIANT:
		return o->shown.examined > found + undecided
			       ? (int64_t)(o->shown.examined - found - undecided)
			       : 0;
	case FIELD_UNKNOWN:
		return (int64_t)o->shown.unknown;
	}
	return NONE;
}

/* The weakest of the domains' values; a maximum age or a threshold of 0 means none and stays. */
static void weakest(int64_t *fact, int64_t value, bool smallest)
{
	if (*fact == NONE || (smallest ? value < *fact : value > *fact && *fact != 0) || value == 0)
		*fact = value;
}

static void domain_facts(const struct model *m, int64_t *facts)
{
	for (size_t i = 0; i < model_domain_count(m); i++) {
		const struct ad_object *head = model_domain(m, i)->head;

		if (obj_has(head, ATTR_MIN_PWD_LENGTH))
			weakest(&facts[FACT_DOMAIN_MIN_LENGTH], obj_u32(head, ATTR_MIN_PWD_LENGTH),
				true);
		if (obj_has(head, ATTR_PWD_PROPERTIES))
			weakest(&facts[FACT_DOMAIN_COMPLEXITY],
				obj_u32(head, ATTR_PWD_PROPERTIES) & PASSWORD_PROPERTIES_COMPLEX,
				true);
		if (obj_has(head, ATTR_MAX_PWD_AGE)) {
			int64_t age = interval_to_seconds(obj_i64(head, ATTR_MAX_PWD_AGE));

			weakest(&facts[FACT_DOMAIN_MAX_AGE], age < 0 ? 0 : age / SECONDS_PER_DAY,
				false);
		}
		if (obj_has(head, ATTR_LOCKOUT_THRESHOLD))
			weakest(&facts[FACT_DOMAIN_LOCKOUT], obj_u32(head, ATTR_LOCKOUT_THRESHOLD),
				false);
	}
}

static void privileged_facts(const struct model *m, int64_t *facts)
{
	facts[FACT_PRIVILEGED] = (int64_t)model_privileged_count(m);
	facts[FACT_PRIVILEGED_GROUPS] = (int64_t)model_privileged_group_count(m);
	facts[FACT_PRIVILEGED_UNREAD] = (int64_t)model_privileged_unread_count(m);
	facts[FACT_PRIVILEGED_ENABLED] = facts[FACT_DOMAIN_CONTROLLERS] = 0;
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);

		facts[FACT_PRIVILEGED_ENABLED] += account_enabled(m, o) == YES;
		facts[FACT_DOMAIN_CONTROLLERS] +=
			o->kind == AD_COMPUTER &&
			(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SERVER_TRUST_ACCOUNT);
	}
}

static void count_mfa(const struct model *m, const struct ad_object *o, int64_t *facts)
{
	struct mfa mfa = account_mfa(m, o);

	if (account_enabled(m, o) == NO || mfa.required == NO)
		return;
	facts[FACT_MFA_REQUIRED] += mfa.required == YES;
	if (mfa.required == UNKNOWN || !mfa.declared || mfa.covered == UNKNOWN)
		facts[FACT_MFA_UNKNOWN]++;
	else
		facts[mfa.covered == YES ? FACT_MFA_COVERED : FACT_MFA_NOT_COVERED]++;
}

static void account_facts(const struct model *m, int64_t *facts)
{
	for (int f = FACT_TIER0; f <= FACT_MFA_UNKNOWN; f++)
		facts[f] = 0;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		int tier;

		if (!kind_is_account(o->kind))
			continue;
		tier = object_tier(m, o);
		if (tier >= 0 && tier <= 2)
			facts[FACT_TIER0 + tier]++;
		if (o->kind == AD_USER)
			count_mfa(m, o, facts);
	}
	if (facts[FACT_MFA_REQUIRED] > 0)
		facts[FACT_MFA_PERCENT] = 100 * facts[FACT_MFA_COVERED] / facts[FACT_MFA_REQUIRED];
}

void indicators_compute(struct evaluation *e)
{
	struct arena *a = &e->run->arena;
	int64_t facts[FACT_COUNT];

	for (size_t i = 0; i < FACT_COUNT; i++)
		facts[i] = NONE;
	domain_facts(e->model, facts);
	privileged_facts(e->model, facts);
	account_facts(e->model, facts);
	for (size_t f = 0; f < FAMILY_COUNT; f++) {
		struct run_indicator *list = ARENA_ARRAY(a, struct run_indicator, ARRAY_LEN(rows));
		size_t count = 0;

		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			if (rows[i].family != f)
				continue;
			list[count].name = str_of(rows[i].name);
			list[count++].value =
				rows[i].control ? field_of(evaluation_find(e, rows[i].control),
							  rows[i].field)
						: facts[rows[i].fact];
		}
		e->run->families[f] = (struct run_family){ str_of(family_names[f]), list, count };
	}
}
