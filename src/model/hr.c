#include "model/hr.h"

#include "base/csv.h"
#include "base/datetime.h"
#include "model/roster.h"
#include "model/state.h"

#define COVERAGE_CELLS 20

/* A departure as exports write it beside dates. Anything else is not guessed at. */
static const char *const yes_words[] = { "oui", "yes", "o", "y", "x", "1", "vrai", "true", "parti",
	"partie", "sorti", "sortie", "left" };
static const char *const no_words[] = { "non", "no", "n", "0", "faux", "false", "présent",
	"présente", "present", "actif", "active" };

enum cell { CELL_HERE, CELL_LEFT, CELL_MALFORMED };

static bool is_one_of(struct str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (csv_same_name(text, str_of(words[i])))
			return true;
	return false;
}

/* *at: the day, or INT64_MIN. */
static enum cell read_cell(const struct model *m, struct str text, int64_t *at)
{
	int64_t to;

	*at = INT64_MIN;
	if (!text.n || is_one_of(text, no_words, ARRAY_LEN(no_words)))
		return CELL_HERE;
	if (is_one_of(text, yes_words, ARRAY_LEN(yes_words)))
		return CELL_LEFT;
	if (!datetime_parse_export(text, at, &to))
		return CELL_MALFORMED;
	return *at <= m->at ? CELL_LEFT : CELL_HERE;
}

bool model_hr_declared(const struct model *m)
{
	return m->hr;
}

bool model_hr_matches(const struct model *m)
{
	return m->hr && roster_matched_count(m->hr) > 0;
}

struct str model_hr_file(const struct model *m)
{
	return m->hr ? roster_file_name(m->hr) : STR("");
}

enum attr model_hr_attribute(const struct model *m)
{
	return attr_by_name(m->policy->hr.attribute);
}

/* Somebody may have several rows, one a contract: who is still here by one of them is here. */
static struct hr weigh(const struct model *m, const struct roster_row *rows, size_t count)
{
	struct hr r = { .state = HR_LEFT, .left_at = INT64_MIN };

	for (size_t i = 0; i < count; i++) {
		int64_t at;
		enum cell cell = read_cell(m, rows[i].values[0], &at);

		if (cell == CELL_HERE)
			return (struct hr){ .state = HR_PRESENT, .line = rows[i].line };
		if (cell == CELL_MALFORMED) {
			r.state = HR_UNKNOWN;
			r.reason = "hr_cell_malformed";
			r.line = rows[i].line;
		} else if (r.state == HR_LEFT && (!r.line || at > r.left_at)) {
			r.left_at = at;
			r.line = rows[i].line;
		}
	}
	return r;
}

struct hr account_hr(const struct model *m, const struct ad_object *o)
{
	struct hr r = { .state = HR_UNKNOWN, .reason = "hr_not_declared" };
	enum attr key = model_hr_attribute(m);
	const struct roster_row *rows;
	size_t count;

	if (!m->hr)
		return r;
	enum roster_state state = roster_rows(m->hr, m, o, &rows, &count);

	if (count)
		r = weigh(m, rows, count);
	switch (state) {
	case ROSTER_PRESENT:
	case ROSTER_CONTRADICTED:
		return r;
	case ROSTER_UNKNOWN:
		/* Somebody is here by one row, whatever another says. */
		if (count && r.state != HR_LEFT)
			return r;
		r.state = HR_UNKNOWN;
		r.reason = model_readable(m, o, key) == READABLE ? "hr_row_unclear"
								 : "hr_key_not_readable";
		return r;
	case ROSTER_ABSENT:
		break;
	}
	r.state = obj_has(o, key) || model_readable(m, o, key) != READABLE ? HR_ABSENT : HR_NO_KEY;
	r.reason = NULL;
	return r;
}

/* Cells that are no departure by any reading, with their lines. */
static void cover_cells(struct model *m)
{
	struct str file = model_hr_file(m);
	size_t shown = 0;

	for (size_t i = 0; i < m->count && shown < COVERAGE_CELLS; i++) {
		const struct roster_row *rows;
		size_t count;

		if (!object_is_account(&m->objects[i]))
			continue;
		roster_rows(m->hr, m, &m->objects[i], &rows, &count);
		for (size_t k = 0; k < count && shown < COVERAGE_CELLS; k++) {
			int64_t at;

			if (read_cell(m, rows[k].values[0], &at) != CELL_MALFORMED)
				continue;
			shown++;
			coverage_add(m,
				arena_printf(
					&m->arena, "csv_row %.*s:%zu", STR_ARG(file), rows[k].line),
				COVERAGE_MALFORMED,
				arena_printf(&m->arena, "csv_cell_malformed %.*s",
					STR_ARG(rows[k].values[0])));
		}
	}
}

int hr_build(struct model *m, struct err *err)
{
	const struct policy_list *from = &m->policy->hr;
	struct roster_spec spec = {
		.file = from->file,
		.at = from->at,
		.account = from->account_column,
		.match = roster_match_parse(from->attribute),
		.columns = { { .name = from->value_column } },
		.column_count = 1,
		.rows_add_up = true,
		.people = true,
	};
	int rc;

	if (!from->file.n)
		return 0;
	rc = roster_load(m, &spec, &m->hr, err);
	if (!rc)
		cover_cells(m);
	return rc;
}

void hr_free(struct model *m)
{
	roster_free(m->hr);
}
