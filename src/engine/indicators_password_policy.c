/* Numbers of the family of passwords. */
#include "engine/family.h"

#include "ad/filetime.h"
#include "ad/uac.h"
#include "base/datetime.h"

#define LEAKED "hyg_leaked_not_changed"
#define USERS "hyg_password_length_users"
#define ADMINS "hyg_password_length_admins"

enum { DOMAIN_MIN_LENGTH, DOMAIN_COMPLEXITY, DOMAIN_MAX_AGE, DOMAIN_LOCKOUT, FACT_COUNT };

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
	FACT("domain_lockout_threshold", DOMAIN_LOCKOUT, USERS),
};

/* The weakest of the domains' values; a maximum age or a threshold of 0 means none and stays. */
static void weakest(int64_t *fact, int64_t value, bool smallest)
{
	if (*fact == INDICATOR_NONE || (smallest ? value < *fact : value > *fact && *fact != 0) ||
		value == 0)
		*fact = value;
}

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

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
