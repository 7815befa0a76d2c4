/* People from outside; none where the policy declares none. */
#include "engine/family.h"

static void external_row(struct table_maker *t, const struct model *m, const struct ad_object *o)
{
	struct logon logon = account_last_logon(m, o);
	int64_t expires = obj_time(o, ATTR_ACCOUNT_EXPIRES);
	struct mfa mfa = account_mfa(m, o);

	table_row(t);
	cell_object(t, o);
	cell_date(t, expires);
	cell_tri(t, expires != INT64_MIN				     ? YES
		    : model_readable(m, o, ATTR_ACCOUNT_EXPIRES) == READABLE ? NO
									     : UNKNOWN);
	cell_date(t, logon.state == LOGON_AT ? logon.at : INT64_MIN);
	cell_tri(t, account_mfa_state(&mfa));
	cell_tri(t, account_privileged(m, o));
}

void table_external(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;

	if (!model_population_declared(m, POPULATION_EXTERNAL))
		return;
	table_begin(t, "external");
	table_column(t, "account", COLUMN_NAME);
	table_column(t, "expires", COLUMN_DATE);
	table_column(t, "has_end", COLUMN_CODE);
	table_column(t, "last_logon", COLUMN_DATE);
	table_column(t, "second_factor", COLUMN_CODE);
	table_column(t, "is_privileged", COLUMN_CODE);
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (counts_as_user(m, o) && object_in_population(m, o, POPULATION_EXTERNAL) == YES)
			external_row(t, m, o);
	}
	table_end(t);
}
