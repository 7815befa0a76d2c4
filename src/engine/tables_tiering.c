/* Tables of the family of tiers. */
#include "engine/family.h"

enum column { USERS, USERS_DISABLED, COMPUTERS, OTHERS, ACCOUNTS, COLUMNS };

static const char *const tier_codes[ACCOUNT_TIERS] = { "tier0", "tier1", "tier2", "no_tier",
	"not_known" };

static enum column column_of(const struct model *m, const struct ad_object *o)
{
	if (o->kind == AD_COMPUTER)
		return COMPUTERS;
	if (o->kind != AD_USER)
		return OTHERS;
	return account_enabled(m, o) == NO ? USERS_DISABLED : USERS;
}

static void put_numbers(struct table_maker *t, const int64_t *numbers)
{
	for (size_t c = 0; c < COLUMNS; c++)
		cell_number(t, numbers[c]);
}

/* Every account stands in one row and one column. */
static void tiers(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	int64_t counts[ACCOUNT_TIERS + 1][COLUMNS] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		enum column c;
		enum account_tier tier;

		if (!is_tier_account(o))
			continue;
		tier = account_tier(m, o);
		c = column_of(m, o);
		counts[tier][c]++;
		counts[tier][ACCOUNTS]++;
		counts[ACCOUNT_TIERS][c]++;
		counts[ACCOUNT_TIERS][ACCOUNTS]++;
	}
	table_begin(t, "tiers");
	table_column(t, "tier", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "users_disabled", COLUMN_NUMBER);
	table_column(t, "computers", COLUMN_NUMBER);
	table_column(t, "other_accounts", COLUMN_NUMBER);
	table_column(t, "accounts", COLUMN_NUMBER);
	for (size_t r = 0; r < ACCOUNT_TIERS; r++) {
		table_row(t);
		cell_code(t, tier_codes[r]);
		put_numbers(t, counts[r]);
	}
	table_total(t);
	cell_null(t);
	put_numbers(t, counts[ACCOUNT_TIERS]);
	table_end(t);
}

void tables_tiering(struct evaluation *e, struct table_maker *t)
{
	tiers(e, t);
}
