/* The sheets of compare.xlsx that have a column a facility. */
#include "reports/compare_xlsx.h"

#define HEAD_HEIGHT 62
#define MEMBER_WIDTH 15

/* A sheet with its first columns, then one for each member; the header row is written. */
static struct xlsx_sheet begin(struct xlsx_book *b, const struct comparison *c, enum text_id name,
	const struct xlsx_column *columns, uint16_t count)
{
	struct xlsx_sheet s = xlsx_sheet_add(b, name);

	if (b->failed)
		return s;
	s.columns = columns;
	s.column_count = count;
	for (uint16_t i = 0; i < count; i++) {
		xlsx_take(b, worksheet_set_column(s.ws, i, i, columns[i].width, NULL));
		xlsx_put_text(&s, 0, i, str_of(text(columns[i].title, b->lang)), STYLE_HEADER);
	}
	xlsx_take(b, worksheet_set_column(s.ws, count, (lxw_col_t)(count + c->member_count - 1),
			     MEMBER_WIDTH, NULL));
	for (size_t i = 0; i < c->member_count; i++)
		xlsx_put_text(&s, 0, (lxw_col_t)(count + i), c->members[i].label, STYLE_HEADER);
	xlsx_take(b, worksheet_set_row(s.ws, 0, HEAD_HEIGHT, NULL));
	worksheet_freeze_panes(s.ws, 1, count);
	xlsx_take(b, worksheet_repeat_rows(s.ws, 0, 0));
	xlsx_take(b, worksheet_repeat_columns(s.ws, 0, (lxw_col_t)(count - 1)));
	/* As many pages as the members take: a hundred on one could not be read. */
	worksheet_fit_to_pages(s.ws, (uint16_t)((c->member_count + 11) / 12), 0);
	b->rows[b->sheet_count - 1] = 1;
	return s;
}

static void begin_row(struct xlsx_sheet *s)
{
	s->row++;
	s->column = 0;
	s->lines = 1;
	s->book->rows[s->book->sheet_count - 1]++;
}

static void end_row(struct xlsx_sheet *s)
{
	if (s->lines > 1 && !s->book->failed)
		xlsx_take(s->book,
			worksheet_set_row(s->ws, s->row, s->lines * XLSX_LINE_HEIGHT + 1, NULL));
}

static void end(struct xlsx_sheet *s, const struct comparison *c)
{
	if (!s->book->failed && s->row)
		xlsx_take(s->book, worksheet_autofilter(s->ws, 0, 0, s->row,
					   (lxw_col_t)(s->column_count + c->member_count - 1)));
}

/* ---- Carte des points ----------------------------------------------------------------------- */

static const struct xlsx_column map_columns[] = {
	{ TEXT_control, 52, STYLE_WRAP, PRINTED },
	{ TEXT_control_id, 34, STYLE_TEXT, PRINTED },
	{ TEXT_level, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_failing, 15, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_comparable, 15, STYLE_NUMBER, PRINTED },
};

static void put_control(
	struct xlsx_sheet *s, const struct comparison *c, const struct compare_control *k)
{
	struct xlsx_book *b = s->book;

	begin_row(s);
	xlsx_text(s, words_of(&k->control->title, b->lang));
	xlsx_text(s, k->control->id);
	xlsx_number(s, (uint64_t)k->level);
	xlsx_number(s, k->statuses[STATUS_FAIL]);
	xlsx_number(s, k->comparable);
	for (size_t i = 0; i < c->member_count; i++) {
		compare_cell_words(&b->text, &k->cells[i], b->lang);
		xlsx_put_text(s, s->row, (lxw_col_t)(ARRAY_LEN(map_columns) + i), buf_str(&b->text),
			k->cells[i].state == CELL_SAME ? STYLE_STATUS : STYLE_OTHERWISE);
		buf_clear(&b->text);
	}
	end_row(s);
}

void compare_xlsx_map(struct xlsx_book *b, const struct comparison *c)
{
	const uint16_t first = ARRAY_LEN(map_columns);
	struct xlsx_sheet s = begin(b, c, TEXT_cmp_sheet_map, map_columns, first);
	lxw_row_t last;

	for (size_t i = 0; i < c->control_count; i++)
		put_control(&s, c, &c->controls[i]);
	last = s.row ? s.row : 1;
	xlsx_colour(&s, 1, 2, last, STYLE_LEVEL);
	for (size_t i = 0; i < c->member_count; i++)
		xlsx_colour(&s, 1, (lxw_col_t)(first + i), last, STYLE_STATUS);
	end(&s, c);
	begin_row(&s);
	xlsx_put_text(&s, s.row, 0, str_of(text(TEXT_cmp_legend, b->lang)), STYLE_NOTE);
}

/* ---- Indicateurs ---------------------------------------------------------------------------- */

static const struct xlsx_column value_columns[] = {
	{ TEXT_family, 20, STYLE_TEXT, PRINTED },
	{ TEXT_indicator, 62, STYLE_WRAP, PRINTED },
};

static const struct xlsx_column scaled_columns[] = {
	{ TEXT_family, 20, STYLE_TEXT, PRINTED },
	{ TEXT_indicator, 62, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_unit, 25, STYLE_TEXT, PRINTED },
	{ TEXT_cmp_median, 11, STYLE_DECIMAL, PRINTED },
};

static void put_name(struct xlsx_sheet *s, const struct compare_indicator *k)
{
	struct xlsx_book *b = s->book;
	struct run_indicator indicator = { .name = k->name };
	struct run_family family = { .name = k->family, .indicators = &indicator, .count = 1 };

	words_code(&b->text, CODE_FAMILY, k->family, b->lang);
	xlsx_scratch(s);
	words_indicator_meaning(&b->text, &family, 0, b->lang);
	xlsx_scratch(s);
}

static void put_number(struct xlsx_sheet *s, lxw_col_t column, const struct compare_value *v,
	double number, bool whole)
{
	enum xlsx_style style = !v->comparable	 ? STYLE_OTHERWISE
				: v->lower_bound ? whole ? STYLE_AT_LEAST : STYLE_AT_LEAST_DECIMAL
				: v->outlier && !whole ? STYLE_OUTLIER
				: whole		       ? STYLE_NUMBER
						       : STYLE_DECIMAL;

	if ((whole ? v->value : v->scaled) == INT64_MIN)
		xlsx_put_text(
			s, s->row, column, str_of(text(TEXT_none, s->book->lang)), STYLE_CENTER);
	else
		xlsx_put_number(s, s->row, column, number, style);
}

static void write_values(struct xlsx_book *b, const struct comparison *c)
{
	const uint16_t first = ARRAY_LEN(value_columns);
	struct xlsx_sheet s = begin(b, c, TEXT_cmp_sheet_indicators, value_columns, first);

	for (size_t i = 0; i < c->indicator_count; i++) {
		const struct compare_indicator *k = &c->indicators[i];

		begin_row(&s);
		put_name(&s, k);
		for (size_t m = 0; m < c->member_count; m++)
			put_number(&s, (lxw_col_t)(first + m), &k->values[m],
				(double)k->values[m].value, true);
		end_row(&s);
	}
	end(&s, c);
}

static void write_scaled(struct xlsx_book *b, const struct comparison *c)
{
	const uint16_t first = ARRAY_LEN(scaled_columns);
	struct xlsx_sheet s = begin(b, c, TEXT_cmp_sheet_scaled, scaled_columns, first);

	for (size_t i = 0; i < c->indicator_count; i++) {
		const struct compare_indicator *k = &c->indicators[i];

		begin_row(&s);
		put_name(&s, k);
		xlsx_z(&s, compare_per_words(k->per, b->lang));
		if (k->median == INT64_MIN)
			xlsx_z(&s, text(TEXT_none, b->lang));
		else
			xlsx_put_number(
				&s, s.row, s.column, (double)k->median / 100, STYLE_DECIMAL);
		for (size_t m = 0; m < c->member_count; m++)
			put_number(&s, (lxw_col_t)(first + m), &k->values[m],
				(double)k->values[m].scaled / 100, false);
		end_row(&s);
	}
	end(&s, c);
}

void compare_xlsx_indicators(struct xlsx_book *b, const struct comparison *c)
{
	write_values(b, c);
	write_scaled(b, c);
}
