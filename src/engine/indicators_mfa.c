/* Numbers of the family of MFA: covered + not_covered + unknown = required. Of whom it is not known
 * whether the policy requires it is counted apart, in required_unknown: when a privileged group
 * cannot be read that is everybody, who are then no more required than covered. */
#include "engine/family.h"

#define PRIVILEGED "hyg_mfa_privileged"
#define REQUIRED_FOR "hyg_mfa_required"

enum { REQUIRED, COVERED, NOT_COVERED, NOT_KNOWN, REQUIRED_UNKNOWN, PERCENT, FACT_COUNT };

static const struct indicator_row rows[] = {
	FACT("required", REQUIRED, REQUIRED_FOR, PRIVILEGED),
	FACT("covered", COVERED, REQUIRED_FOR, PRIVILEGED),
	FACT("not_covered", NOT_COVERED, REQUIRED_FOR, PRIVILEGED),
	FACT("unknown", NOT_KNOWN, REQUIRED_FOR, PRIVILEGED),
	FACT("required_unknown", REQUIRED_UNKNOWN, REQUIRED_FOR, PRIVILEGED),
	FACT("percent", PERCENT, REQUIRED_FOR, PRIVILEGED),
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
	if (mfa->required == UNKNOWN) {
		facts[REQUIRED_UNKNOWN]++;
		return;
	}
	facts[REQUIRED]++;
	facts[covered == YES ? COVERED : covered == NO ? NOT_COVERED : NOT_KNOWN]++;
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
