/* Tables of the family of tiers. */
#include "engine/family.h"

#include "model/graph.h"

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

/* ---- who of which tier controls what of which ---- */

#define WITHOUT_TIER 3
#define TARGETS 3

struct matrix {
	/* By the controller's tier, WITHOUT_TIER included, and the target's. */
	int64_t principals[WITHOUT_TIER + 1][TARGETS], objects[WITHOUT_TIER + 1][TARGETS];
};

static bool shows_descriptors(const struct model *m)
{
	for (size_t i = 0; i < model_object_count(m); i++)
		if (model_has_descriptor(m, model_object(m, i)))
			return true;
	return false;
}

/* Only the way up is told: whoever holds a tier holds what is below. */
static bool is_way_up(const struct model *m, size_t by, int target)
{
	return (int)by > target && (target == 0 || model_tier_declares(m, target));
}

static void fill_matrix(const struct model *m, struct matrix *x)
{
	static const enum graph_tier targets[TARGETS] = { GRAPH_TIER_0_AD, GRAPH_TIER_1,
		GRAPH_TIER_2 };

	for (size_t t = 0; t < TARGETS; t++) {
		struct graph_reach r = graph_reach_tier(m, targets[t]);
		size_t objects[WITHOUT_TIER + 1];

		graph_tier_controlled(m, targets[t], objects);
		for (size_t by = 0; by <= WITHOUT_TIER; by++)
			x->objects[by][t] = (int64_t)objects[by];
		for (size_t i = 0; i < r.count; i++) {
			const struct ad_object *o = r.principals[i].who.object;
			int tier = o ? object_tier(m, o) : TIER_NONE;
			struct graph_step first;

			/* Who has it as a member is not counted: the group is. */
			if (graph_steps(m, r.principals[i].node, &first, 1) &&
				first.relation == RELATION_MEMBER_OF)
				continue;
			x->principals[tier == TIER_NONE ? WITHOUT_TIER : tier][t]++;
		}
	}
}

/* A principal may reach several tiers, and an object be controlled from several: no total. */
static void matrix(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	struct matrix x = { 0 };
	bool known = shows_descriptors(m);

	table_begin(t, "matrix");
	table_column(t, "controller", COLUMN_CODE);
	table_column(t, "tier0_principals", COLUMN_NUMBER);
	table_column(t, "tier0_objects", COLUMN_NUMBER);
	table_column(t, "tier1_principals", COLUMN_NUMBER);
	table_column(t, "tier1_objects", COLUMN_NUMBER);
	table_column(t, "tier2_principals", COLUMN_NUMBER);
	table_column(t, "tier2_objects", COLUMN_NUMBER);
	if (known)
		fill_matrix(m, &x);
	for (size_t by = 0; by <= WITHOUT_TIER; by++) {
		table_row(t);
		cell_code(t, tier_codes[by]);
		for (size_t c = 0; c < TARGETS; c++) {
			bool told = known && is_way_up(m, by, (int)c);

			cell_number(t, told ? x.principals[by][c] : INT64_MIN);
			cell_number(t, told ? x.objects[by][c] : INT64_MIN);
		}
	}
	table_end(t);
}

void tables_tiering(struct evaluation *e, struct table_maker *t)
{
	tiers(e, t);
	matrix(e, t);
	table_trusts(e, t);
}
