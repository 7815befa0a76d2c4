/* Whose credentials leaked, and whether the password was changed since; none where the policy
 * declares no list. */
#include "engine/family.h"

/* 1: privileged, or may come in from outside. As hyg_leaked_not_changed weighs them. */
static int64_t leak_level(const struct model *m, const struct ad_object *o)
{
	return account_privileged(m, o) == YES ||
			       object_in_population(m, o, POPULATION_REMOTE_ACCESS) == YES
		       ? 1
		       : 2;
}

static void leak_row(struct table_maker *t, const struct model *m, const struct ad_object *o)
{
	struct leak leak = account_leak(m, o);
	const char *reason;
	enum tri kept;

	if (leak.state == LEAK_NONE)
		return;
	kept = leaked_password_kept(m, o, &leak, &reason);
	table_row(t);
	cell_object(t, o);
	cell_number(t, leak_level(m, o));
	cell_date(t, leak.state == LEAK_LISTED ? leak.from : INT64_MIN);
	cell_date(t, obj_time(o, ATTR_PWD_LAST_SET));
	cell_tri(t, kept == UNKNOWN ? UNKNOWN : kept == YES ? NO : YES);
	cell_tri(t, account_privileged(m, o));
	cell_tri(t, object_in_population(m, o, POPULATION_REMOTE_ACCESS));
}

void table_leaks(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;

	if (!model_leaks_declared(m))
		return;
	table_begin(t, "leaks");
	table_column(t, "account", COLUMN_NAME);
	table_column(t, "level", COLUMN_NUMBER);
	table_column(t, "leaked", COLUMN_DATE);
	table_column(t, "password_set", COLUMN_DATE);
	table_column(t, "password_changed", COLUMN_CODE);
	table_column(t, "is_privileged", COLUMN_CODE);
	table_column(t, "remote_access", COLUMN_CODE);
	table_sort(t, 1, false);
	for (size_t i = 0; i < model_object_count(m); i++)
		if (counts_as_user(m, model_object(m, i)))
			leak_row(t, m, model_object(m, i));
	table_end(t);
}
