/* How the tables of the families are built, whatever they hold. */
#include "engine/family.h"

#include "base/datetime.h"
#include "base/limits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct run_cell null_cell = { { NULL, 0 }, INT64_MIN };

void table_begin(struct table_maker *t, const char *name)
{
	assert(!t->open.name.p);
	t->open = (struct run_table){ .family = t->family, .name = str_of(name) };
	t->cell_count = 0;
	t->total = false;
	t->order = 0;
}

void table_column(struct table_maker *t, const char *name, enum run_column_kind kind)
{
	assert(t->open.name.p && t->open.column_count < TABLE_COLUMNS && !t->open.row_total);
	t->columns[t->open.column_count++] = (struct run_column){ str_of(name), kind };
}

void table_sort(struct table_maker *t, size_t column, bool largest_first)
{
	assert(column < t->open.column_count && !t->open.row_total);
	t->order = (int)(column + 1) * (largest_first ? -1 : 1);
}

/* Is the last row whole? */
static bool row_is_whole(const struct table_maker *t)
{
	size_t rows = t->open.row_total + t->total;

	return t->cell_count == rows * t->open.column_count;
}

void table_row(struct table_maker *t)
{
	assert(t->open.column_count && !t->total && row_is_whole(t));
	t->open.row_total++;
}

void table_total(struct table_maker *t)
{
	assert(t->open.column_count && !t->total && row_is_whole(t));
	t->total = true;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void add_cell(struct table_maker *t, struct run_cell c)
{
	assert(!row_is_whole(t));
	if (t->cell_count == t->cell_room) {
		t->cell_room = t->cell_room ? t->cell_room * 2 : 64;
		t->cells = xrealloc(t->cells, t->cell_room * sizeof(*t->cells));
	}
	t->cells[t->cell_count++] = c;
}

static enum run_column_kind kind_of_next(const struct table_maker *t)
{
	return t->columns[t->cell_count % t->open.column_count].kind;
}

static void add_text(struct table_maker *t, enum run_column_kind kind, struct str text)
{
	assert(kind_of_next(t) == kind);
	(void)kind;
	add_cell(t, text.n ? (struct run_cell){ text, INT64_MIN } : null_cell);
}

void cell_text(struct table_maker *t, struct str text)
{
	add_text(t, COLUMN_TEXT, text);
}

void cell_object(struct table_maker *t, const struct ad_object *o)
{
	add_text(t, COLUMN_NAME, o ? o->name : (struct str){ 0 });
}

void cell_code(struct table_maker *t, const char *code)
{
	add_text(t, COLUMN_CODE, str_of(code));
}

void cell_tri(struct table_maker *t, enum tri yes)
{
	cell_code(t, yes == YES ? "yes" : yes == NO ? "no" : "not_known");
}

void cell_number(struct table_maker *t, int64_t n)
{
	assert(kind_of_next(t) == COLUMN_NUMBER);
	add_cell(t, (struct run_cell){ { NULL, 0 }, n });
}

void cell_date(struct table_maker *t, int64_t seconds)
{
	assert(kind_of_next(t) == COLUMN_DATE);
	add_cell(t, (struct run_cell){ { NULL, 0 }, seconds });
}

void cell_sid(struct table_maker *t, const struct sid *sid)
{
	char text[SID_TEXT];

	if (sid_is_none(sid))
		cell_null(t);
	else
		cell_text(t, arena_str(t->arena, str_of(sid_text(sid, text))));
}

void cell_null(struct table_maker *t)
{
	add_cell(t, null_cell);
}

/* ---- the finished table --------------------------------------------------------------------- */

struct ranked {
	int64_t key; /* smaller first */
	size_t row;
};

static int by_key(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* The number of the row's cell, so that what comes first is smaller and nulls are last. */
static int64_t key_of(const struct table_maker *t, size_t row)
{
	size_t column = (size_t)abs(t->order) - 1;
	int64_t n = t->cells[row * t->open.column_count + column].number;

	if (n == INT64_MIN)
		return INT64_MAX;
	return t->order < 0 ? -n : n;
}

static struct ranked *rank_rows(const struct table_maker *t)
{
	struct ranked *ranked = xcalloc(t->open.row_total + 1, sizeof(*ranked));

	for (size_t i = 0; i < t->open.row_total; i++)
		ranked[i] = (struct ranked){ t->order ? key_of(t, i) : 0, i };
	if (t->order)
		qsort(ranked, t->open.row_total, sizeof(*ranked), by_key);
	return ranked;
}

static void keep_columns(struct table_maker *t)
{
	struct run_column *columns = ARENA_ARRAY(t->arena, struct run_column, t->open.column_count);

	memcpy(columns, t->columns, t->open.column_count * sizeof(*columns));
	t->open.columns = columns;
}

static void keep_rows(struct table_maker *t)
{
	struct run_table *o = &t->open;
	size_t width = o->column_count;
	struct ranked *ranked = rank_rows(t);
	struct run_cell *cells;

	o->row_count = o->row_total < LIMIT_TABLE_ROWS ? o->row_total : LIMIT_TABLE_ROWS;
	cells = ARENA_ARRAY(t->arena, struct run_cell, (o->row_count + 1) * width);
	for (size_t i = 0; i < o->row_count; i++)
		memcpy(cells + i * width, t->cells + ranked[i].row * width, width * sizeof(*cells));
	o->cells = cells;
	if (t->total) {
		o->total = cells + o->row_count * width;
		memcpy(cells + o->row_count * width, t->cells + o->row_total * width,
			width * sizeof(*cells));
	}
	free(ranked);
}

void table_end(struct table_maker *t)
{
	assert(t->open.column_count && row_is_whole(t));
	keep_columns(t);
	keep_rows(t);
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 16;
		t->list = xrealloc(t->list, t->room * sizeof(*t->list));
	}
	t->list[t->count++] = t->open;
	t->open = (struct run_table){ 0 };
}

/* ---- ages ----------------------------------------------------------------------------------- */

const char *const age_band_codes[AGE_BANDS] = { "under_30_days", "under_90_days", "under_180_days",
	"under_1_year", "under_3_years", "older" };

enum age_band age_band(int64_t seconds)
{
	static const int days[AGE_OLDER] = { 30, 90, 180, 365, 3 * 365 };
	size_t i = 0;

	while (i < AGE_OLDER && seconds >= days[i] * SECONDS_PER_DAY)
		i++;
	return (enum age_band)i;
}

bool counts_as_user(const struct model *m, const struct ad_object *o)
{
	return o->kind == AD_USER && account_enabled(m, o) != NO;
}

void tables_compute(struct evaluation *e, const struct family *const *families, size_t count)
{
	struct table_maker t = { .arena = &e->run->arena };
	struct run_table *tables;

	for (size_t i = 0; i < count; i++) {
		t.family = str_of(families[i]->name);
		families[i]->tables(e, &t);
		assert(!t.open.name.p);
	}
	tables = ARENA_ARRAY(t.arena, struct run_table, t.count);
	if (t.count)
		memcpy(tables, t.list, t.count * sizeof(*tables));
	e->run->tables = tables;
	e->run->table_count = t.count;
	free(t.list);
	free(t.cells);
}
