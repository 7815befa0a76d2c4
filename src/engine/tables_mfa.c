/* Tables of the family of MFA. */
#include "engine/family.h"

enum population { PRIVILEGED, TIER0, TIER1, TIER2, REMOTE_ACCESS, EVERYBODY, POPULATIONS };

struct coverage_counts {
	int64_t accounts, required, covered, weak, not_covered, unknown, excluded;
};

static const char *const population_codes[POPULATIONS] = {
	[PRIVILEGED] = "privileged_accounts",
	[TIER0] = "tier0",
	[TIER1] = "tier1",
	[TIER2] = "tier2",
	[REMOTE_ACCESS] = "remote_access",
	[EVERYBODY] = "all_accounts",
};

static void count(struct coverage_counts *c, const struct mfa *mfa)
{
	enum tri covered = account_mfa_state(mfa);

	c->accounts++;
	c->required += mfa->required == YES;
	c->weak += mfa->weak.n > 0 && covered != UNKNOWN;
	if (mfa->excluded == YES)
		c->excluded++;
	else if (covered == YES)
		c->covered++;
	else
		*(covered == NO ? &c->not_covered : &c->unknown) += 1;
}

static void count_everywhere(const struct model *m, const struct ad_object *o,
	struct coverage_counts counts[POPULATIONS])
{
	static const enum population tiers[] = { TIER0, TIER1, TIER2 };
	struct mfa mfa = account_mfa(m, o);
	enum account_tier tier = account_tier(m, o);

	count(&counts[EVERYBODY], &mfa);
	if (account_privileged(m, o) == YES)
		count(&counts[PRIVILEGED], &mfa);
	if (tier <= ACCOUNT_TIER_2)
		count(&counts[tiers[tier]], &mfa);
	if (model_population_declared(m, POPULATION_REMOTE_ACCESS) &&
		object_in_population(m, o, POPULATION_REMOTE_ACCESS) == YES)
		count(&counts[REMOTE_ACCESS], &mfa);
}

/* Whoever the policy requires it of: covered + not covered + unknown + excepted = accounts. */
static void populations(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	struct coverage_counts counts[POPULATIONS] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++)
		if (counts_as_user(m, model_object(m, i)))
			count_everywhere(m, model_object(m, i), counts);
	table_begin(t, "populations");
	table_column(t, "population", COLUMN_CODE);
	table_column(t, "accounts", COLUMN_NUMBER);
	table_column(t, "covered", COLUMN_NUMBER);
	table_column(t, "not_covered", COLUMN_NUMBER);
	table_column(t, "unknown", COLUMN_NUMBER);
	table_column(t, "excluded", COLUMN_NUMBER);
	table_column(t, "weak", COLUMN_NUMBER);
	table_column(t, "required", COLUMN_NUMBER);
	for (size_t p = 0; p < POPULATIONS; p++) {
		if (p == REMOTE_ACCESS && !model_population_declared(m, POPULATION_REMOTE_ACCESS))
			continue;
		table_row(t);
		cell_code(t, population_codes[p]);
		cell_number(t, counts[p].accounts);
		cell_number(t, counts[p].covered);
		cell_number(t, counts[p].not_covered);
		cell_number(t, counts[p].unknown);
		cell_number(t, counts[p].excluded);
		cell_number(t, counts[p].weak);
		cell_number(t, counts[p].required);
	}
	table_end(t);
}

/* Each covered account once, by the first piece of evidence that covers it. */
static void methods(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	size_t n = model_mfa_source_count(m);
	int64_t *covered = ARENA_ARRAY(t->arena, int64_t, n + 1);
	int64_t *privileged = ARENA_ARRAY(t->arena, int64_t, n + 1);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct mfa mfa;

		if (!counts_as_user(m, o))
			continue;
		mfa = account_mfa(m, o);
		if (mfa.covered != YES || mfa.excluded == YES)
			continue;
		covered[mfa.source]++;
		privileged[mfa.source] += account_privileged(m, o) == YES;
	}
	table_begin(t, "methods");
	table_column(t, "evidence", COLUMN_CODE);
	table_column(t, "evidence_name", COLUMN_TEXT);
	table_column(t, "covered", COLUMN_NUMBER);
	table_column(t, "privileged", COLUMN_NUMBER);
	for (size_t i = 0; i < n; i++) {
		struct str name, kind = str_cut(model_mfa_source(m, i), ':', &name);

		table_row(t);
		cell_code(t, arena_str(t->arena, kind).p);
		cell_text(t, name);
		cell_number(t, covered[i]);
		cell_number(t, privileged[i]);
	}
	table_end(t);
}

void tables_mfa(struct evaluation *e, struct table_maker *t)
{
	populations(e, t);
	methods(e, t);
	table_care_units(e, t);
}
