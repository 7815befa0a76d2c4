/* Numbers of the family of MFA: covered + not_covered + unknown = required. Of whom it is not known
 * whether the policy requires it is counted apart, in required_unknown: when a privileged group
 * cannot be read that is everybody, who are then no more required than covered. */
#include "engine/family.h"

#define PRIVILEGED "hyg_mfa_privileged"
#define REQUIRED_FOR "hyg_mfa_required"
#define REMOTE "hyg_mfa_remote_access"
#define OUTSIDERS "hyg_external_no_mfa"
#define IDENTITY "hyg_identity_missing"

enum {
	REQUIRED,
	COVERED,
	NOT_COVERED,
	NOT_KNOWN,
	REQUIRED_UNKNOWN,
	EXCLUDED,
	PERCENT,
	CARE, /* CARE_COUNTS of them */
	CARE_PERCENT = CARE + CARE_COUNTS,
	FACT_COUNT
};

static const struct indicator_row rows[] = {
	FACT("required", REQUIRED, REQUIRED_FOR, PRIVILEGED),
	FACT("covered", COVERED, REQUIRED_FOR, PRIVILEGED),
	FACT("not_covered", NOT_COVERED, REQUIRED_FOR, PRIVILEGED),
	FACT("unknown", NOT_KNOWN, REQUIRED_FOR, PRIVILEGED),
	FACT("required_unknown", REQUIRED_UNKNOWN, REQUIRED_FOR, PRIVILEGED),
	FACT("excluded", EXCLUDED, "hyg_mfa_excluded"),
	FACT("percent", PERCENT, REQUIRED_FOR, PRIVILEGED),
	INDICATOR("privileged", INDICATOR_EXAMINED, PRIVILEGED),
	INDICATOR("privileged_covered", INDICATOR_COMPLIANT, PRIVILEGED),
	INDICATOR("privileged_not_covered", INDICATOR_NOT_COMPLIANT, PRIVILEGED),
	INDICATOR("privileged_unknown", INDICATOR_UNKNOWN, PRIVILEGED),
	INDICATOR("remote_access", INDICATOR_EXAMINED, REMOTE),
	INDICATOR("remote_access_covered", INDICATOR_COMPLIANT, REMOTE),
	INDICATOR("remote_access_not_covered", INDICATOR_NOT_COMPLIANT, REMOTE),
	INDICATOR("remote_access_unknown", INDICATOR_UNKNOWN, REMOTE),
	INDICATOR("weak_factor", INDICATOR_FOUND, "hyg_mfa_weak_factor"),
	INDICATOR("keys_unconfirmed", INDICATOR_FOUND, "hyg_mfa_key_unconfirmed"),
	INDICATOR("external", INDICATOR_EXAMINED, OUTSIDERS),
	INDICATOR("external_covered", INDICATOR_COMPLIANT, OUTSIDERS),
	INDICATOR("external_not_covered", INDICATOR_NOT_COMPLIANT, OUTSIDERS),
	INDICATOR("external_unknown", INDICATOR_UNKNOWN, OUTSIDERS),
	FACT("care", CARE + CARE_ACCOUNTS, IDENTITY),
	FACT("care_verified", CARE + CARE_VERIFIED, IDENTITY),
	FACT("care_missing", CARE + CARE_MISSING, IDENTITY),
	FACT("care_unknown", CARE + CARE_UNKNOWN, IDENTITY),
	FACT("care_percent", CARE_PERCENT, IDENTITY),
	INDICATOR("identity_duplicates", INDICATOR_FOUND, "hyg_identity_duplicates"),
	INDICATOR("shared_accounts", INDICATOR_FOUND, "hyg_shared_accounts"),
};

enum tri account_mfa_state(const struct mfa *mfa)
{
	return mfa->declared ? mfa->covered : UNKNOWN;
}

static void count_account(const struct mfa *mfa, int64_t *facts)
{
	enum tri covered = account_mfa_state(mfa);

	if (mfa->required == NO)
		return;
	if (mfa->excluded == YES) {
		facts[EXCLUDED]++;
		return;
	}
	if (mfa->required == UNKNOWN) {
		facts[REQUIRED_UNKNOWN]++;
		return;
	}
	facts[REQUIRED]++;
	facts[covered == YES ? COVERED : covered == NO ? NOT_COVERED : NOT_KNOWN]++;
}

/* Of care accounts, where the policy says which they are. */
static void care_facts(const struct model *m, int64_t *facts)
{
	if (!model_population_declared(m, POPULATION_IDENTITY))
		return;
	for (size_t k = 0; k < CARE_COUNTS; k++)
		facts[CARE + k] = 0;
	for (size_t i = 0; i < model_object_count(m); i++)
		count_care(m, model_object(m, i), &facts[CARE]);
	if (facts[CARE + CARE_ACCOUNTS] > 0)
		facts[CARE_PERCENT] =
			100 * facts[CARE + CARE_VERIFIED] / facts[CARE + CARE_ACCOUNTS];
}

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

	/* Nobody was read, and not because there is nobody. */
	if (model_count(m, AD_USER) == 0 && model_complete(m, AD_USER, NULL) != YES)
		return;
	for (size_t f = 0; f < PERCENT; f++)
		facts[f] = 0;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct mfa mfa;

		if (!counts_as_user(m, o))
			continue;
		mfa = account_mfa(m, o);
		count_account(&mfa, facts);
	}
	if (facts[REQUIRED] > 0)
		facts[PERCENT] = 100 * facts[COVERED] / facts[REQUIRED];
	care_facts(m, facts);
}

static const char *const areas[] = { "mfa", NULL };
static const char *const controls[] = { "hyg_external_no_mfa", "info_keycredentiallink_priv",
	"hyg_shadow_credentials", NULL };

const struct family family_mfa = {
	.name = "mfa",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER,
	.of_privileged = true,
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_mfa,
};
