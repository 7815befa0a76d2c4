/* Passwords of biomedical equipment beside all others: what the hospital does not decide alone must
 * not hide what it does. None where the policy declares no population biomedical. */
#include "engine/family.h"

#include "ad/uac.h"
#include "base/datetime.h"

enum { ACCOUNTS, NEVER_EXPIRES, NOT_REQUIRED, OLDER_THAN_YEAR, UNDATED, FLAGS_UNREAD, COUNTS };
enum { BIOMEDICAL, OTHERS, NOT_KNOWN, ROWS };

#define YEAR (365 * SECONDS_PER_DAY)

static void count_account(const struct model *m, const struct ad_object *o, int64_t *counts)
{
	uint32_t flags = obj_u32(o, ATTR_USER_ACCOUNT_CONTROL);
	int64_t set = obj_time(o, ATTR_PWD_LAST_SET);

	counts[ACCOUNTS]++;
	counts[NEVER_EXPIRES] += (flags & UAC_DONT_EXPIRE_PASSWORD) != 0;
	counts[NOT_REQUIRED] += (flags & UAC_PASSWD_NOTREQD) != 0;
	counts[FLAGS_UNREAD] += !obj_has(o, ATTR_USER_ACCOUNT_CONTROL);
	counts[UNDATED] += set == INT64_MIN;
	counts[OLDER_THAN_YEAR] += set != INT64_MIN && set < model_now(m) - YEAR;
}

void table_biomedical_passwords(struct evaluation *e, struct table_maker *t)
{
	static const char *const rows[ROWS] = { "biomedical", "others", "not_known" };
	const struct model *m = e->model;
	int64_t counts[ROWS][COUNTS] = { 0 }, totals[COUNTS] = { 0 };

	if (!model_population_declared(m, POPULATION_BIOMEDICAL))
		return;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		enum tri in = object_in_population(m, o, POPULATION_BIOMEDICAL);

		if (counts_as_user(m, o))
			count_account(m, o,
				counts[in == YES   ? BIOMEDICAL
					: in == NO ? OTHERS
						   : NOT_KNOWN]);
	}
	table_begin(t, "biomedical");
	table_column(t, "equipment", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "never_expires", COLUMN_NUMBER);
	table_column(t, "not_required", COLUMN_NUMBER);
	table_column(t, "older_than_year", COLUMN_NUMBER);
	table_column(t, "undated", COLUMN_NUMBER);
	table_column(t, "flags_unread", COLUMN_NUMBER);
	for (size_t r = 0; r < ROWS; r++) {
		table_row(t);
		cell_code(t, rows[r]);
		for (size_t k = 0; k < COUNTS; k++) {
			cell_number(t, counts[r][k]);
			totals[k] += counts[r][k];
		}
	}
	table_total(t);
	cell_null(t);
	for (size_t k = 0; k < COUNTS; k++)
		cell_number(t, totals[k]);
	table_end(t);
}
