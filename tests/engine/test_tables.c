#include "engine/family.h"

#include "base/datetime.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct ad_object somebody = { .name = { "somebody", 8 } };

/* The function that tables_compute() calls is a family's own. */
static void three_tables(struct evaluation *e, struct table_maker *t)
{
	(void)e;
	table_begin(t, "empty");
	table_column(t, "name", COLUMN_NAME);
	table_end(t);

	table_begin(t, "kinds");
	table_column(t, "text", COLUMN_TEXT);
	table_column(t, "name", COLUMN_NAME);
	table_column(t, "number", COLUMN_NUMBER);
	table_column(t, "date", COLUMN_DATE);
	table_column(t, "code", COLUMN_CODE);
	table_sort(t, 2, true);
	for (int64_t i = 0; i < 4; i++) {
		table_row(t);
		cell_text(t, i ? STR("text") : STR(""));
		cell_object(t, i ? &somebody : NULL);
		if (i == 2)
			cell_null(t);
		else
			cell_number(t, i == 1 ? -5 : 7);
		cell_date(t, i ? i : INT64_MIN);
		cell_tri(t, (enum tri)(i % 3));
	}
	table_total(t);
	cell_null(t);
	cell_null(t);
	cell_number(t, 9);
	cell_null(t);
	cell_null(t);
	table_end(t);

	table_begin(t, "long");
	table_column(t, "number", COLUMN_NUMBER);
	table_sort(t, 0, false);
	for (int64_t i = 0; i < LIMIT_TABLE_ROWS + 10; i++) {
		table_row(t);
		cell_number(t, LIMIT_TABLE_ROWS + 10 - i);
	}
	table_total(t);
	cell_number(t, 1);
	table_end(t);
}

static const struct family family = { .name = "made", .tables = three_tables };

static void compute(struct run *r)
{
	static const struct family *const list[] = { &family };
	struct evaluation e = { .run = r };

	tables_compute(&e, list, ARRAY_LEN(list));
}

static bool is_null(const struct run_cell *c)
{
	return !c->text.p && c->number == INT64_MIN;
}

static void kinds(void **state)
{
	struct run r = { 0 };
	const struct run_table *t;
	const struct run_cell *row;

	(void)state;
	compute(&r);
	assert_int_equal(r.table_count, 3);
	t = &r.tables[0];
	assert_true(str_eq(t->family, STR("made")) && str_eq(t->name, STR("empty")));
	assert_int_equal(t->row_count, 0);
	assert_int_equal(t->row_total, 0);
	assert_null(t->total);
	t = &r.tables[1];
	assert_int_equal(t->column_count, 5);
	assert_int_equal(t->row_count, 4);
	/* 7 and 7 in their order, then -5, then null. */
	row = t->cells;
	assert_true(is_null(&row[0]) && is_null(&row[1]) && is_null(&row[3]));
	assert_true(str_eq(row[4].text, STR("no")));
	row += 5;
	assert_true(str_eq(row[0].text, STR("text")) && str_eq(row[1].text, STR("somebody")));
	assert_int_equal(row[2].number, 7);
	assert_int_equal(row[3].number, 3);
	row += 5;
	assert_int_equal(row[2].number, -5);
	assert_true(str_eq(row[4].text, STR("yes")));
	row += 5;
	assert_true(is_null(&row[2]));
	assert_true(str_eq(row[4].text, STR("not_known")));
	assert_ptr_equal(t->total, row + 5);
	assert_int_equal(t->total[2].number, 9);
	run_free(&r);
}

static void is_cut(void **state)
{
	struct run r = { 0 };
	const struct run_table *t;

	(void)state;
	compute(&r);
	t = &r.tables[2];
	assert_int_equal(t->row_count, LIMIT_TABLE_ROWS);
	assert_int_equal(t->row_total, LIMIT_TABLE_ROWS + 10);
	for (size_t i = 0; i < t->row_count; i++)
		assert_int_equal(t->cells[i].number, i + 1);
	assert_int_equal(t->total[0].number, 1);
	run_free(&r);
}

static void bands(void **state)
{
	static const struct {
		int64_t days;
		const char *code;
	} rows[] = { { -400, "under_30_days" }, { 0, "under_30_days" }, { 29, "under_30_days" },
		{ 30, "under_90_days" }, { 90, "under_180_days" }, { 179, "under_180_days" },
		{ 180, "under_1_year" }, { 365, "under_3_years" }, { 1094, "under_3_years" },
		{ 1095, "older" }, { 100000, "older" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(
			age_band_codes[age_band(rows[i].days * SECONDS_PER_DAY)], rows[i].code);
}

static void directory_text_is_marked(void **state)
{
	(void)state;
	assert_true(run_column_names(COLUMN_TEXT));
	assert_true(run_column_names(COLUMN_NAME));
	assert_false(run_column_names(COLUMN_NUMBER));
	assert_false(run_column_names(COLUMN_DATE));
	assert_false(run_column_names(COLUMN_CODE));
	assert_string_equal(run_column_kind_name(COLUMN_NAME), "name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(is_cut),
		cmocka_unit_test(bands),
		cmocka_unit_test(directory_text_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
