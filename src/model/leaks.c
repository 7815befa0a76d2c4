/* Accounts whose credentials leaked, and when (policy: leaks). */
#include "base/datetime.h"
#include "model/roster.h"
#include "model/state.h"

#define COLUMN_DATE 0
#define LISTED_ROWS 20u /* rows without a usable date that stand in the coverage one by one */

static bool read_date(
	const struct model *m, const struct roster_row *row, int64_t *from, int64_t *to)
{
	/* What has not happened yet is a mistake of the list. */
	return datetime_parse_export(row->values[COLUMN_DATE], from, to) && *from <= m->at;
}

struct leak account_leak(const struct model *m, const struct ad_object *o)
{
	struct leak leak = { .state = LEAK_NONE, .from = INT64_MIN, .to = INT64_MIN };
	const struct roster_row *rows;
	enum roster_state state;
	size_t count;

	if (!m->leaks)
		return leak;
	state = roster_rows(m->leaks, m, o, &rows, &count);
	if (count)
		leak.state = LEAK_LISTED;
	else if (state == ROSTER_UNKNOWN)
		leak.state = LEAK_UNKNOWN;
	leak.unsure = state == ROSTER_UNKNOWN;
	for (size_t i = 0; leak.state == LEAK_LISTED && i < count; i++) {
		int64_t from, to;

		leak.unsure |= rows[i].doubtful;
		if (!read_date(m, &rows[i], &from, &to)) {
			leak.undated = true;
		} else if (from > leak.from) {
			leak.from = from;
			leak.to = to;
			leak.line = rows[i].line;
		}
	}
	return leak;
}

enum tri leaked_password_kept(const struct model *m, const struct ad_object *o,
	const struct leak *leak, const char **reason)
{
	int64_t set = model_past_time(m, o, ATTR_PWD_LAST_SET);

	*reason = NULL;
	if (leak->state == LEAK_NONE)
		return NO;
	if (set != INT64_MIN && set < leak->from)
		return YES;
	if (leak->undated)
		*reason = "leak_date_not_readable";
	else if (leak->unsure)
		*reason = "leak_row_not_joined";
	/* No password is older than its account. */
	else if ((set == INT64_MIN ? model_past_time(m, o, ATTR_WHEN_CREATED) : set) >= leak->to)
		return NO;
	else if (set != INT64_MIN)
		*reason = "password_set_on_leak_day";
	else if (model_readable(m, o, ATTR_PWD_LAST_SET) == READABLE)
		*reason = account_undated_reason(o);
	return UNKNOWN;
}

bool model_leaks_declared(const struct model *m)
{
	return m->policy->leaks.file.n > 0;
}

/* Rows of accounts whose date says nothing. */
static void cover_dates(struct model *m)
{
	struct arena scratch = { 0 };
	size_t bad = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct roster_row *rows;
		int64_t from, to;
		size_t count;

		if (m->objects[i].kind != AD_USER)
			continue;
		roster_rows(m->leaks, m, &m->objects[i], &rows, &count);
		for (size_t k = 0; k < count; k++) {
			if (read_date(m, &rows[k], &from, &to) || ++bad > LISTED_ROWS)
				continue;
			coverage_add(m,
				arena_printf(&scratch, "csv_row %.*s:%zu",
					STR_ARG(roster_file_name(m->leaks)), rows[k].line),
				COVERAGE_MALFORMED,
				arena_printf(&scratch, "csv_date %.*s",
					STR_ARG(rows[k].values[COLUMN_DATE])));
			arena_reset(&scratch);
		}
	}
	if (bad > LISTED_ROWS)
		coverage_add(m,
			arena_printf(
				&scratch, "csv_rows %.*s", STR_ARG(roster_file_name(m->leaks))),
			COVERAGE_MALFORMED,
			arena_printf(&scratch, "csv_date_more %zu", bad - LISTED_ROWS));
	arena_free(&scratch);
}

int leaks_build(struct model *m, struct err *err)
{
	const struct policy_list *list = &m->policy->leaks;
	struct roster_spec spec = {
		.file = list->file,
		.at = list->at,
		.account = list->account_column,
		.match = list->attribute.n ? roster_match_parse(list->attribute) : ROSTER_ANY,
		.columns = { { .name = list->value_column } },
		.column_count = 1,
		.rows_add_up = true,
	};
	int rc;

	if (!model_leaks_declared(m))
		return 0;
	rc = roster_load(m, &spec, &m->leaks, err);
	if (!rc)
		cover_dates(m);
	return rc;
}

void leaks_free(struct model *m)
{
	roster_free(m->leaks);
}
