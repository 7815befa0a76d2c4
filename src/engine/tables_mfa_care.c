/* Which carers have an identifier, by the unit that the account stands in; none where the policy
 * declares no identity. */
#include "engine/family.h"

#include "ad/dn.h"

struct care_unit {
	struct str dn;
	int64_t counts[CARE_COUNTS];
};

void count_care(const struct model *m, const struct ad_object *o, int64_t *counts)
{
	enum identity_state state = account_identity(m, o);

	if (state == IDENTITY_OUTSIDE)
		return;
	counts[CARE_ACCOUNTS]++;
	counts[state == IDENTITY_VERIFIED   ? CARE_VERIFIED
		: state == IDENTITY_MISSING ? CARE_MISSING
					    : CARE_UNKNOWN]++;
}

static void care_rows(struct table_maker *t, const struct care_unit *units, size_t count)
{
	int64_t totals[CARE_COUNTS] = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (!units[i].counts[CARE_ACCOUNTS])
			continue;
		table_row(t);
		cell_text(t, units[i].dn);
		for (size_t k = 0; k < CARE_COUNTS; k++) {
			cell_number(t, units[i].counts[k]);
			totals[k] += units[i].counts[k];
		}
	}
	table_total(t);
	cell_null(t);
	for (size_t k = 0; k < CARE_COUNTS; k++)
		cell_number(t, totals[k]);
}

void table_care_units(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	size_t count = model_object_count(m);
	struct arena scratch = { 0 };
	struct care_unit *units;

	if (!model_population_declared(m, POPULATION_IDENTITY))
		return;
	/* By the unit's place in the model; the last one is for those that were not read. */
	units = ARENA_ARRAY(&scratch, struct care_unit, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct ad_object *o = model_object(m, i), *unit;

		if (account_identity(m, o) == IDENTITY_OUTSIDE)
			continue;
		unit = model_find_dn(m, dn_parent(o->dn));
		if (unit)
			units[unit->index].dn = unit->dn;
		count_care(m, o, units[unit ? unit->index : count].counts);
	}
	table_begin(t, "care_units");
	table_column(t, "unit", COLUMN_TEXT);
	table_column(t, "accounts", COLUMN_NUMBER);
	table_column(t, "verified", COLUMN_NUMBER);
	table_column(t, "missing", COLUMN_NUMBER);
	table_column(t, "unknown_identity", COLUMN_NUMBER);
	table_sort(t, 3, true);
	care_rows(t, units, count + 1);
	table_end(t);
	arena_free(&scratch);
}
