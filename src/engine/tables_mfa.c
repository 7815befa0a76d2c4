/* Tables of the family of MFA. */
#include "engine/family.h"

enum population { PRIVILEGED, EVERYBODY, POPULATIONS };

struct coverage_counts {
	int64_t accounts, required, covered, not_covered, unknown, required_unknown;
};

static const char *const population_codes[POPULATIONS] = { "privileged_accounts", "all_accounts" };

static void count(struct coverage_counts *c, const struct mfa *mfa)
{
	enum tri covered = account_mfa_state(mfa);

	c->accounts++;
	c->required_unknown += mfa->required == UNKNOWN;
	if (mfa->required != YES)
		return;
	c->required++;
	c->covered += covered == YES;
	c->not_covered += covered == NO;
	c->unknown += covered == UNKNOWN;
}

/* Coverage of those of whom the policy requires it: covered + not covered + unknown = required. */
static void populations(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	struct coverage_counts counts[POPULATIONS] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct mfa mfa;

		if (!counts_as_user(m, o))
			continue;
		mfa = account_mfa(m, o);
		count(&counts[EVERYBODY], &mfa);
		if (account_privileged(m, o) == YES)
			count(&counts[PRIVILEGED], &mfa);
	}
	table_begin(t, "populations");
	table_column(t, "population", COLUMN_CODE);
	table_column(t, "accounts", COLUMN_NUMBER);
	table_column(t, "required", COLUMN_NUMBER);
	table_column(t, "covered", COLUMN_NUMBER);
	table_column(t, "not_covered", COLUMN_NUMBER);
	table_column(t, "unknown", COLUMN_NUMBER);
	table_column(t, "required_unknown", COLUMN_NUMBER);
	for (size_t p = 0; p < POPULATIONS; p++) {
		table_row(t);
		cell_code(t, population_codes[p]);
		cell_number(t, counts[p].accounts);
		cell_number(t, counts[p].required);
		cell_number(t, counts[p].covered);
		cell_number(t, counts[p].not_covered);
		cell_number(t, counts[p].unknown);
		cell_number(t, counts[p].required_unknown);
	}
	table_end(t);
}

void tables_mfa(struct evaluation *e, struct table_maker *t)
{
	populations(e, t);
	table_care_units(e, t);
}
