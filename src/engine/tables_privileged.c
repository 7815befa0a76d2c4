/* Tables of the family of privilege. */
#include "engine/family.h"

/* Accounts in each privileged group, nested ones included, in the order of the model's groups; in
 * scratch. */
static const int64_t *count_effective(const struct model *m, struct arena *scratch)
{
	size_t groups = model_privileged_group_count(m);
	int64_t *effective = ARENA_ARRAY(scratch, int64_t, groups);
	size_t *place = ARENA_ARRAY(scratch, size_t, model_object_count(m));
	const struct ad_object **held = ARENA_ARRAY(scratch, const struct ad_object *, groups);

	for (size_t g = 0; g < groups; g++)
		place[model_privileged_group(m, g)->index] = g;
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		size_t n = account_privileged_groups(m, model_privileged(m, i), held, groups);

		for (size_t k = 0; k < n && k < groups; k++)
			effective[place[held[k]->index]]++;
	}
	return effective;
}

/* An account may be in several groups: there is no total. */
static void groups_of_privilege(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	struct arena scratch = { 0 };
	const int64_t *effective = count_effective(m, &scratch);

	table_begin(t, "groups");
	table_column(t, "group", COLUMN_NAME);
	table_column(t, "domain", COLUMN_TEXT);
	table_column(t, "direct_members", COLUMN_NUMBER);
	table_column(t, "effective_accounts", COLUMN_NUMBER);
	table_column(t, "nesting_depth", COLUMN_NUMBER);
	table_column(t, "unread_members", COLUMN_NUMBER);
	table_column(t, "read_whole", COLUMN_CODE);
	table_sort(t, 3, true);
	for (size_t i = 0; i < model_privileged_group_count(m); i++) {
		const struct ad_object *g = model_privileged_group(m, i);
		const struct ad_object *const *members;

		table_row(t);
		cell_object(t, g);
		cell_text(t, g->domain ? g->domain->dns : STR(""));
		cell_number(t, (int64_t)group_members(m, g, &members));
		cell_number(t, effective[i]);
		cell_number(t, group_depth(m, g));
		cell_number(t, (int64_t)group_unread_members(m, g));
		cell_tri(t, group_misses_members(m, g) ? NO : YES);
	}
	table_end(t);
	arena_free(&scratch);
}

void tables_privileged(struct evaluation *e, struct table_maker *t)
{
	groups_of_privilege(e, t);
	tables_privileged_ways(e, t);
	table_foreign_members(e, t);
}
