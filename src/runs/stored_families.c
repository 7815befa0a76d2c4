/* The five families of results.json: indicators, the controls behind them, notes and tables. */
#include "runs/stored_reading.h"

#include "base/limits.h"

#include <string.h>

#define TABLE_BYTES 100u
#define COLUMN_BYTES 26u
#define INDICATOR_BYTES 5u

static const char *const family_names[] = { "password_policy", "privileged", "tiering", "stale",
	"mfa", NULL };

/* ---- indicators ----------------------------------------------------------------------------- */

static int read_number_or_none(struct reading *r, int64_t *out, struct err *err)
{
	*out = INT64_MIN;
	if (json_scan_word(&r->scan, "null"))
		return 0;
	if (json_scan_integer(&r->scan, out) && *out == INT64_MIN)
		return wrong(r, err, "a number is out of bounds");
	return check_scan(r, err);
}

static int read_indicators(struct reading *r, void *to, struct err *err)
{
	struct run_family *f = to;
	uint64_t stamp = ++r->stamp;
	struct run_indicator *list;
	struct str key;
	size_t count = 0, n = 0;

	if (count_items(r, '{', INDICATOR_BYTES, LIMIT_RESULTS_MEMBERS, &count, err))
		return err->code;
	list = ARENA_ARRAY(&r->run->arena, struct run_indicator, count);
	json_scan_enter(&r->scan, '{');
	while (json_scan_member(&r->scan, &key)) {
		if (!is_word(key))
			return wrong(r, err, "an indicator's name is malformed");
		if (share_key(r, key, stamp, &list[n].name, err) ||
			read_number_or_none(r, &list[n].value, err))
			return err->code;
		n++;
	}
	f->indicators = list;
	f->count = count;
	return check_scan(r, err);
}

/* Ids of controls, at least one, none twice. */
static int read_behind(struct reading *r, struct run_indicator *i, struct err *err)
{
	uint64_t stamp = ++r->stamp;
	struct str *list, id = { 0 };
	size_t count = 0, n = 0;

	if (count_items(r, '[', 3, LIMIT_RESULTS_MEMBERS, &count, err))
		return err->code;
	if (!count)
		return wrong(r, err, "no control stands behind an indicator");
	list = ARENA_ARRAY(&r->run->arena, struct str, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_id(r, &id, err) || share_key(r, id, stamp, &list[n++], err))
			return err->code;
	i->controls = list;
	i->control_count = count;
	return check_scan(r, err);
}

static int read_indicator_controls(struct reading *r, void *to, struct err *err)
{
	struct run_family *f = to;
	struct run_indicator *list = ARENA_ARRAY(&r->run->arena, struct run_indicator, f->count);
	struct str key;
	size_t n = 0;

	if (f->count)
		memcpy(list, f->indicators, f->count * sizeof(*list));
	json_scan_enter(&r->scan, '{');
	while (json_scan_member(&r->scan, &key)) {
		if (n == f->count || !str_eq(key, list[n].name))
			return wrong(r, err, "indicator_controls are of other indicators");
		if (read_behind(r, &list[n++], err))
			return err->code;
	}
	if (!r->scan.why && n != f->count)
		return wrong(r, err, "indicator_controls are of other indicators");
	f->indicators = list;
	return check_scan(r, err);
}

static int read_family_notes(struct reading *r, void *to, struct err *err)
{
	struct run_family *f = to;
	struct texts list;

	if (read_texts(r, &list, err))
		return err->code;
	if (list.count > LIMIT_RESULTS_MEMBERS)
		return wrong(r, err, "a family has too many notes");
	for (size_t i = 0; i < list.count; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(list.items[i], list.items[k]))
				return wrong(r, err, "a note of a family stands twice");
	f->notes = list.items;
	f->note_count = list.count;
	return 0;
}

/* The same reader over each of the five families. */
static int read_each(struct reading *r, size_t at, read_fn *read, struct err *err)
{
	struct json_scan end = r->scan;
	struct member rows[ARRAY_LEN(r->run->families)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = (struct member){ family_names[i], read, i * sizeof(struct run_family),
			false };
	r->scan.at = at;
	if (read_members(r, rows, ARRAY_LEN(rows), r->run->families, err))
		return err->code;
	r->scan = end;
	return 0;
}

int read_families(struct reading *r, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(r->run->families); i++)
		r->run->families[i].name = str_of(family_names[i]);
	if (read_each(r, r->indicators, read_indicators, err) ||
		read_each(r, r->indicator_controls, read_indicator_controls, err))
		return err->code;
	return read_each(r, r->indicator_notes, read_family_notes, err);
}

/* ---- tables --------------------------------------------------------------------------------- */

struct open_table {
	struct run_table table;
	size_t rows, total; /* where they begin in the text: columns may stand behind them */
};

static int read_family_name(struct reading *r, void *to, struct err *err)
{
	size_t place = 0;

	if (read_choice(r, family_names, &place, err))
		return err->code;
	*(struct str *)to = str_of(family_names[place]);
	return 0;
}

static int read_kind(struct reading *r, void *to, struct err *err)
{
	const char *names[COLUMN_CODE + 2] = { NULL };
	size_t place = 0;

	for (int k = 0; k <= COLUMN_CODE; k++)
		names[k] = run_column_kind_name((enum run_column_kind)k);
	if (read_choice(r, names, &place, err))
		return err->code;
	*(enum run_column_kind *)to = (enum run_column_kind)place;
	return 0;
}

static const struct member column_members[] = {
	{ "name", read_id, offsetof(struct run_column, name), false },
	{ "kind", read_kind, offsetof(struct run_column, kind), false },
};

static int read_columns(struct reading *r, void *to, struct err *err)
{
	struct run_table *t = &((struct open_table *)to)->table;
	struct run_column *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', COLUMN_BYTES, LIMIT_TABLE_COLUMNS, &count, err))
		return err->code;
	if (!count)
		return wrong(r, err, "a table has no columns");
	list = ARENA_ARRAY(&r->run->arena, struct run_column, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_members(r, column_members, ARRAY_LEN(column_members), &list[n++], err))
			return err->code;
	t->columns = list;
	t->column_count = count;
	return check_scan(r, err);
}

static int note_rows(struct reading *r, void *to, struct err *err)
{
	json_scan_peek(&r->scan);
	((struct open_table *)to)->rows = r->scan.at;
	return skip_value(r, to, err);
}

static int note_total(struct reading *r, void *to, struct err *err)
{
	json_scan_peek(&r->scan);
	((struct open_table *)to)->total = r->scan.at;
	return skip_value(r, to, err);
}

static const struct member table_members[] = {
	{ "family", read_family_name, offsetof(struct open_table, table.family), false },
	{ "name", read_id, offsetof(struct open_table, table.name), false },
	{ "columns", read_columns, 0, false },
	{ "rows", note_rows, 0, false },
	{ "total", note_total, 0, false },
	{ "row_total", read_count, offsetof(struct open_table, table.row_total), false },
};

static int read_cell(
	struct reading *r, enum run_column_kind kind, struct run_cell *c, struct err *err)
{
	c->number = INT64_MIN;
	if (json_scan_word(&r->scan, "null"))
		return 0;
	if (kind == COLUMN_NUMBER)
		return read_number_or_none(r, &c->number, err);
	if (kind == COLUMN_DATE)
		return read_date(r, &c->number, err);
	return kind == COLUMN_CODE ? read_shared(r, &c->text, err) : read_text(r, &c->text, err);
}

static int read_row(
	struct reading *r, const struct run_table *t, struct run_cell *cells, struct err *err)
{
	size_t n = 0;

	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan)) {
		if (n == t->column_count)
			return wrong(r, err, "a row has more cells than its table columns");
		if (read_cell(r, t->columns[n].kind, &cells[n], err))
			return err->code;
		n++;
	}
	if (check_scan(r, err))
		return err->code;
	return n == t->column_count ? 0
				    : wrong(r, err, "a row has fewer cells than its table columns");
}

static int read_rows(struct reading *r, struct open_table *o, struct err *err)
{
	struct run_table *t = &o->table;
	struct run_cell *cells;
	size_t n = 0;

	r->scan.at = o->rows;
	if (count_items(r, '[', 2, LIMIT_TABLE_ROWS, &t->row_count, err))
		return err->code;
	if (t->row_total < t->row_count)
		return wrong(r, err, "a table has more rows than it counts");
	cells = ARENA_ARRAY(&r->run->arena, struct run_cell, t->row_count * t->column_count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_row(r, t, cells + n++ * t->column_count, err))
			return err->code;
	t->cells = cells;
	return check_scan(r, err);
}

static int read_total(struct reading *r, struct open_table *o, struct err *err)
{
	struct run_cell *cells;

	r->scan.at = o->total;
	if (json_scan_word(&r->scan, "null"))
		return 0;
	cells = ARENA_ARRAY(&r->run->arena, struct run_cell, o->table.column_count);
	o->table.total = cells;
	return read_row(r, &o->table, cells, err);
}

int read_table_list(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;
	struct run_table *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', TABLE_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&run->arena, struct run_table, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan)) {
		struct open_table o = { 0 };
		struct json_scan end;

		if (read_members(r, table_members, ARRAY_LEN(table_members), &o, err))
			return err->code;
		end = r->scan;
		if (read_rows(r, &o, err) || read_total(r, &o, err))
			return err->code;
		r->scan = end;
		list[n++] = o.table;
	}
	run->tables = list;
	run->table_count = count;
	return check_scan(r, err);
}
