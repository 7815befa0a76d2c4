#include "tests/cases/sums.h"

#include <inttypes.h>

#define NAMES 10

struct sum {
	const char *where, *names[NAMES]; /* the whole first */
};

static const struct sum indicator_sums[] = {
#define SUM(family, ...) { family, { __VA_ARGS__ } },
#define ROW_SUM(table, ...)
#include "tests/cases/sums.def"
#undef SUM
#undef ROW_SUM
};

static const struct sum row_sums[] = {
#define SUM(family, ...)
#define ROW_SUM(table, ...) { table, { __VA_ARGS__ } },
#include "tests/cases/sums.def"
#undef SUM
#undef ROW_SUM
};

/* values: the whole, then the parts. */
static void check_sum(const struct sum *s, const int64_t *values, size_t count, struct buf *out)
{
	int64_t parts = 0;

	for (size_t i = 0; i < count; i++)
		if ((values[i] == INT64_MIN) != (values[0] == INT64_MIN)) {
			buf_printf(out, "%s: %s is null where others are not, or the reverse\n",
				s->where, s->names[i]);
			return;
		}
	for (size_t i = 1; i < count; i++)
		parts += values[0] == INT64_MIN ? 0 : values[i];
	if (values[0] != INT64_MIN && parts != values[0])
		buf_printf(out, "%s: %s is %" PRId64 ", its parts are %" PRId64 "\n", s->where,
			s->names[0], values[0], parts);
}

/* ---- indicators ---- */

static void check_indicators(const struct run_family *f, const struct sum *s, struct buf *out)
{
	int64_t values[NAMES];
	size_t count = 0;

	for (; count < NAMES && s->names[count]; count++) {
		size_t i = 0;

		while (i < f->count && !str_eq(f->indicators[i].name, str_of(s->names[count])))
			i++;
		if (i == f->count) {
			buf_printf(out, "%s: no indicator %s\n", s->where, s->names[count]);
			return;
		}
		values[count] = f->indicators[i].value;
	}
	check_sum(s, values, count, out);
}

static bool has_control(const struct run *r, struct str id)
{
	for (size_t i = 0; i < r->control_count; i++)
		if (str_eq(r->controls[i].id, id))
			return true;
	return false;
}

static void check_controls(const struct run *r, const struct run_family *f, struct buf *out)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct run_indicator *n = &f->indicators[i];

		if (!n->control_count)
			buf_printf(out, "%.*s.%.*s: no control is behind it\n", STR_ARG(f->name),
				STR_ARG(n->name));
		for (size_t k = 0; k < n->control_count; k++)
			if (!has_control(r, n->controls[k]))
				buf_printf(out, "%.*s.%.*s: there is no control %.*s\n",
					STR_ARG(f->name), STR_ARG(n->name),
					STR_ARG(n->controls[k]));
	}
}

/* ---- tables ---- */

static void check_rows(const struct run_table *t, const struct sum *s, struct buf *out)
{
	size_t columns[NAMES], count = 0;
	int64_t values[NAMES];

	for (; count < NAMES && s->names[count]; count++) {
		size_t c = 0;

		while (c < t->column_count && !str_eq(t->columns[c].name, str_of(s->names[count])))
			c++;
		if (c == t->column_count) {
			buf_printf(out, "%s: no column %s\n", s->where, s->names[count]);
			return;
		}
		columns[count] = c;
	}
	for (size_t row = 0; row < t->row_count + (t->total != NULL); row++) {
		for (size_t i = 0; i < count; i++)
			values[i] = t->cells[row * t->column_count + columns[i]].number;
		check_sum(s, values, count, out);
	}
}

static void check_total(const struct run_table *t, struct buf *out)
{
	if (!t->total || t->row_total > t->row_count)
		return;
	for (size_t c = 0; c < t->column_count; c++) {
		int64_t sum = 0;

		for (size_t row = 0; row < t->row_count; row++) {
			int64_t n = t->cells[row * t->column_count + c].number;

			sum += n == INT64_MIN ? 0 : n;
		}
		if (t->total[c].number != INT64_MIN && t->total[c].number != sum)
			buf_printf(out,
				"%.*s.%.*s: the total of %.*s is %" PRId64 ", not %" PRId64 "\n",
				STR_ARG(t->family), STR_ARG(t->name), STR_ARG(t->columns[c].name),
				sum, t->total[c].number);
	}
}

static bool is_table(const struct run_table *t, const char *where)
{
	struct str name, family = str_cut(str_of(where), '.', &name);

	return str_eq(t->family, family) && str_eq(t->name, name);
}

void sums_check(const struct run *r, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++) {
		check_controls(r, &r->families[i], out);
		for (size_t k = 0; k < ARRAY_LEN(indicator_sums); k++)
			if (str_eq(r->families[i].name, str_of(indicator_sums[k].where)))
				check_indicators(&r->families[i], &indicator_sums[k], out);
	}
	for (size_t i = 0; i < r->table_count; i++) {
		check_total(&r->tables[i], out);
		for (size_t k = 0; k < ARRAY_LEN(row_sums); k++)
			if (is_table(&r->tables[i], row_sums[k].where))
				check_rows(&r->tables[i], &row_sums[k], out);
	}
}
