/* Évolution: from one audit to the next. A sheet of what changed, and one of the findings that are
 * gone, a row each. */
#include "reports/xlsx.h"

#include "reports/diff_words.h"

enum { LABEL, BEFORE, NOW, CHANGE, ADDED, BACK, FIXED, LOST, ID, COLUMNS };
#define CHART_ROWS 16
#define CHART_ROW_HEIGHT 17

/* ---- from one audit to the next --------------------------------------------------------------
 */

static void put_heads(struct xlsx_page *p, const enum text_id *heads, size_t count)
{
	for (size_t i = 0; i < count; i++)
		xlsx_page_id(p, (lxw_col_t)i, heads[i], STYLE_HEADER);
}

static void put_point(struct xlsx_page *p, const struct evolution_point *points, size_t i)
{
	const struct evolution_point *e = &points[i];
	bool changed = i && !str_eq(e->policy_sha256, points[i - 1].policy_sha256);

	/* In words: LibreOffice would make an axis of years of real dates. */
	words_date(&p->s.book->text, e->evaluated_at, p->s.book->lang);
	xlsx_page_scratch(p, LABEL, STYLE_CELL_WORDS);
	xlsx_page_number(p, BEFORE, e->level, STYLE_CELL_LEVEL);
	xlsx_page_number(p, NOW, e->level_floor, STYLE_CELL_LEVEL);
	xlsx_page_number(p, CHANGE, e->level_with_waivers, STYLE_CELL_LEVEL);
	xlsx_page_number(p, ADDED, (double)e->failed, STYLE_CELL_CENTER);
	xlsx_page_number(p, BACK, (double)e->unknown, STYLE_CELL_CENTER);
	xlsx_page_number(p, FIXED, (double)e->findings, STYLE_CELL_CENTER);
	xlsx_page_put(p, LOST, e->catalogue, STYLE_CELL_WORDS);
	xlsx_page_id(p, ID, !i ? TEXT_none : changed ? TEXT_changed : TEXT_same, STYLE_CELL_WORDS);
}

struct curve {
	enum text_id title;
	lxw_col_t column, at;
	double most; /* of the axis; 0: as it comes */
	lxw_color_t ink;
};

static void insert_curve(
	struct xlsx_page *p, const struct curve *c, lxw_row_t first, lxw_row_t last, lxw_row_t row)
{
	struct xlsx_book *b = p->s.book;
	const char *sheet = text(TEXT_sheet_evolution, b->lang);
	lxw_chart_line line = { .color = c->ink, .width = 2.25F }, none = { .none = LXW_TRUE };
	lxw_chart_fill fill = { .color = c->ink };
	lxw_chart_font title = { .size = 11, .bold = LXW_TRUE }, small = { .size = 9 };
	lxw_chart_options options = { .x_offset = 4,
		.y_offset = 6,
		.x_scale = 1.1,
		.y_scale = 0.9,
		.object_position = LXW_OBJECT_MOVE_DONT_SIZE,
		.description = xlsx_unconst(text(c->title, b->lang)) };
	lxw_chart *chart = workbook_add_chart(b->workbook, LXW_CHART_LINE);
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);

	chart_series_set_categories(series, sheet, first, LABEL, last, LABEL);
	chart_series_set_values(series, sheet, first, c->column, last, c->column);
	chart_series_set_name(series, text(c->title, b->lang));
	chart_series_set_line(series, &line);
	chart_series_set_marker_type(series, LXW_CHART_MARKER_CIRCLE);
	chart_series_set_marker_fill(series, &fill);
	chart_series_set_labels(series);
	chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_ABOVE);
	chart_title_set_name(chart, text(c->title, b->lang));
	chart_title_set_name_font(chart, &title);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	chart_axis_set_num_font(chart->x_axis, &small);
	chart_axis_set_num_font(chart->y_axis, &small);
	chart_axis_set_min(chart->y_axis, 0);
	if (c->most > 0)
		chart_axis_set_max(chart->y_axis, c->most);
	chart_axis_set_num_format(chart->y_axis, "0");
	chart_chartarea_set_line(chart, &none);
	xlsx_take(b, worksheet_insert_chart_opt(p->s.ws, row, c->at, chart, &options));
}

static void put_curves(struct xlsx_page *p, lxw_row_t first)
{
	static const struct curve curves[] = {
		{ TEXT_trend_level, BEFORE, LABEL, 5, 0x1F3864 },
		{ TEXT_trend_failed, ADDED, CHANGE, 0, 0xC00000 },
	};
	lxw_row_t last = p->row - 1, row = p->row;

	for (size_t i = 0; i < CHART_ROWS; i++)
		xlsx_page_row(p, CHART_ROW_HEIGHT);
	for (size_t i = 0; i < ARRAY_LEN(curves) && !p->s.book->failed; i++)
		insert_curve(p, &curves[i], first, last, row);
}

static void put_trend(struct xlsx_page *p, const struct run_evolution *e)
{
	static const enum text_id heads[COLUMNS] = { TEXT_audit_date, TEXT_level, TEXT_level_floor,
		TEXT_level_waived, TEXT_failed_controls, TEXT_undecided, TEXT_findings,
		TEXT_catalogue_column, TEXT_policy };
	struct xlsx_book *b = p->s.book;
	lxw_row_t first;

	if (!e->point_count || !xlsx_page_section_id(p, TEXT_trend))
		return;
	if (e->next_audit != INT64_MIN) {
		words_text(&b->text, TEXT_next_audit, b->lang);
		buf_putc(&b->text, ' ');
		words_date(&b->text, e->next_audit, b->lang);
		xlsx_page_note(p);
	}
	if (!xlsx_page_row(p, 34))
		return;
	put_heads(p, heads, ARRAY_LEN(heads));
	first = p->row;
	for (size_t i = 0; i < e->point_count && xlsx_page_row(p, 18); i++)
		put_point(p, e->points, i);
	if (b->failed || p->row == first)
		return;
	for (int c = BEFORE; c <= CHANGE; c++)
		xlsx_colour(&p->s, first, (lxw_col_t)c, p->row - 1, STYLE_CELL_LEVEL);
	if (p->row - first > 1)
		put_curves(p, first);
}

/* ---- indicators ------------------------------------------------------------------------------
 */

static void put_value(
	struct xlsx_page *p, lxw_col_t column, const struct run_indicator *like, int64_t value)
{
	struct run_indicator i = { .name = like->name, .value = value };
	struct xlsx_book *b = p->s.book;

	if (words_indicator_is_number(&i)) {
		xlsx_page_number(p, column, (double)value, STYLE_CELL_CENTER);
		return;
	}
	if (value == INT64_MIN)
		words_text(&b->text, TEXT_status_unknown, b->lang);
	else
		words_indicator(&b->text, &i, b->lang);
	xlsx_page_scratch(p, column, STYLE_CELL_WORDS);
}

static enum text_id arrow_words(const struct evolution_indicator *t)
{
	static const enum text_id ups[] = { [TREND_NONE] = TEXT_arrow_unknown,
		[TREND_SAME] = TEXT_arrow_same,
		[TREND_CHANGED] = TEXT_arrow_up,
		[TREND_BETTER] = TEXT_arrow_up_better,
		[TREND_WORSE] = TEXT_arrow_up_worse };
	static const enum text_id downs[] = { [TREND_NONE] = TEXT_arrow_unknown,
		[TREND_SAME] = TEXT_arrow_same,
		[TREND_CHANGED] = TEXT_arrow_down,
		[TREND_BETTER] = TEXT_arrow_down_better,
		[TREND_WORSE] = TEXT_arrow_down_worse };

	return (t->arrow > 0 ? ups : downs)[t->trend];
}

static void put_indicator(struct xlsx_page *p, const struct run_family *f, size_t i,
	const struct evolution_indicator *t)
{
	const struct run_indicator *now = &f->indicators[i];
	struct xlsx_book *b = p->s.book;

	words_indicator_meaning(&b->text, f, i, b->lang);
	xlsx_page_scratch(p, LABEL, STYLE_CELL);
	put_value(p, BEFORE, now, t->before);
	put_value(p, NOW, now, t->now);
	xlsx_page_id(p, CHANGE, arrow_words(t), STYLE_CELL_WORDS);
	if (t->before != INT64_MIN && t->now != INT64_MIN)
		xlsx_page_number(p, ADDED, (double)t->now - (double)t->before, STYLE_CELL_SIGNED);
	else
		xlsx_page_id(p, ADDED, TEXT_none, STYLE_CELL_WORDS);
}

static void put_family(
	struct xlsx_page *p, const struct run *before, size_t family, uint64_t *shown)
{
	const struct run *now = p->s.book->run;
	const struct run_family *f = &now->families[family];

	for (size_t i = 0; i < f->count; i++) {
		struct evolution_indicator t = evolution_indicator(before, now, family, i);

		if (t.before == t.now || !xlsx_page_row(p, 0))
			continue;
		put_indicator(p, f, i, &t);
		++*shown;
	}
}

static void put_no_change(struct xlsx_page *p, uint64_t shown)
{
	if (shown)
		return;
	words_text(&p->s.book->text, TEXT_no_change, p->s.book->lang);
	xlsx_page_note(p);
}

static void put_indicators(struct xlsx_page *p, const struct run_evolution *e)
{
	static const enum text_id heads[] = { TEXT_indicator, TEXT_value_before, TEXT_value_now,
		TEXT_change, TEXT_difference };
	uint64_t shown = 0;

	if (!xlsx_page_section_id(p, TEXT_indicators_change) || !xlsx_page_row(p, 20))
		return;
	put_heads(p, heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < ARRAY_LEN(e->before->families); i++)
		put_family(p, e->before, i, &shown);
	put_no_change(p, shown);
}

/* ---- controls --------------------------------------------------------------------------------
 */

/* The words for a change; TEXT_COUNT: nothing changed. */
static enum text_id change_words(const struct evolution_control *c)
{
	static const enum text_id words[] = { [CHANGE_NONE] = TEXT_COUNT,
		[CHANGE_BETTER] = TEXT_turn_better,
		[CHANGE_WORSE] = TEXT_turn_worse,
		[CHANGE_LOST] = TEXT_turn_lost,
		[CHANGE_DECIDED] = TEXT_turn_decided,
		[CHANGE_OTHER] = TEXT_turn_other,
		[CHANGE_ABSENT] = TEXT_turn_absent,
		[CHANGE_INCOMPARABLE] = TEXT_turn_incomparable };
	uint64_t more = c->added + c->back;

	if (!c->now)
		return TEXT_turn_gone;
	if (c->change != CHANGE_NONE)
		return words[c->change];
	if (more > c->fixed_count)
		return TEXT_turn_more;
	if (more < c->fixed_count)
		return TEXT_turn_less;
	if (c->lost_count)
		return TEXT_turn_lost;
	return more ? TEXT_turn_moved : TEXT_COUNT;
}

static void put_status(struct xlsx_page *p, lxw_col_t column, const struct run_control *c)
{
	enum lang lang = p->s.book->lang;

	xlsx_page_put(p, column, str_of(c ? words_status(c->status, lang) : text(TEXT_none, lang)),
		STYLE_CELL_STATUS);
}

static void put_control(struct xlsx_page *p, const struct evolution_control *c, enum text_id change)
{
	const struct run_control *either = c->now ? c->now : c->before;

	xlsx_page_put(p, LABEL, words_of(&either->title, p->s.book->lang), STYLE_CELL);
	put_status(p, BEFORE, c->before);
	put_status(p, NOW, c->now);
	xlsx_page_id(p, CHANGE, change, STYLE_CELL_WORDS);
	xlsx_page_number(p, ADDED, (double)c->added, STYLE_CELL_CENTER);
	xlsx_page_number(p, BACK, (double)c->back, STYLE_CELL_CENTER);
	xlsx_page_number(p, FIXED, (double)c->fixed_count, STYLE_CELL_CENTER);
	xlsx_page_number(p, LOST, (double)c->lost_count, STYLE_CELL_CENTER);
	xlsx_page_put(p, ID, either->id, STYLE_CELL);
}

static void put_controls(struct xlsx_page *p, const struct run_evolution *e)
{
	static const enum text_id heads[COLUMNS] = { TEXT_control, TEXT_value_before,
		TEXT_value_now, TEXT_change, TEXT_added, TEXT_come_back, TEXT_fixed, TEXT_lost,
		TEXT_control_id };
	lxw_row_t first;

	if (!xlsx_page_section_id(p, TEXT_controls_changed) || !xlsx_page_row(p, 34))
		return;
	put_heads(p, heads, ARRAY_LEN(heads));
	first = p->row;
	for (size_t i = 0; i < e->control_count; i++) {
		enum text_id change = change_words(&e->controls[i]);

		if (change != TEXT_COUNT && xlsx_page_row(p, 0))
			put_control(p, &e->controls[i], change);
	}
	if (p->row > first)
		for (int c = BEFORE; c <= NOW; c++)
			xlsx_colour(&p->s, first, (lxw_col_t)c, p->row - 1, STYLE_CELL_STATUS);
	put_no_change(p, p->row - first);
}

/* ---- findings that are gone ------------------------------------------------------------------
 */

static const struct xlsx_column gone_columns[] = {
	{ TEXT_control, 40, STYLE_TEXT, PRINTED },
	{ TEXT_outcome, 30, STYLE_WRAP, PRINTED },
	{ TEXT_level, 8, STYLE_LEVEL, PRINTED },
	{ TEXT_name, 26, STYLE_TEXT, PRINTED },
	{ TEXT_kind, 13, STYLE_TEXT, PRINTED },
	{ TEXT_evidence, 64, STYLE_WRAP, PRINTED },
	{ TEXT_control_id, 41, STYLE_TEXT, SCREEN },
	{ TEXT_dn, 60, STYLE_TEXT, SCREEN },
	{ TEXT_sid, 46, STYLE_TEXT, SCREEN },
	{ TEXT_guid, 38, STYLE_TEXT, SCREEN },
};

static void put_gone(struct xlsx_sheet *s, const struct evolution_control *c,
	const struct run_object *o, enum text_id outcome)
{
	const struct run_control *either = c->now ? c->now : c->before;

	xlsx_put_words(s, &either->title);
	xlsx_z(s, text(outcome, s->book->lang));
	xlsx_put_level(s, o->level);
	xlsx_text(s, o->name);
	xlsx_put_code(s, CODE_KIND, o->kind);
	words_evidence_memo(&s->book->text, o, s->book->lang, &s->book->memo);
	xlsx_scratch(s);
	xlsx_text(s, either->id);
	xlsx_text(s, o->dn);
	xlsx_text(s, o->sid);
	xlsx_text(s, o->guid);
}

static void write_gone(struct xlsx_book *b, const struct run_evolution *e)
{
	uint64_t total = 0;
	struct xlsx_sheet s;

	for (size_t i = 0; i < e->control_count; i++)
		total += e->controls[i].fixed_count + e->controls[i].lost_count;
	s = xlsx_list_begin(b, TEXT_sheet_gone, gone_columns, ARRAY_LEN(gone_columns), total);
	for (size_t i = 0; i < e->control_count; i++) {
		const struct evolution_control *c = &e->controls[i];

		for (size_t k = 0; k < c->fixed_count && xlsx_list_row(&s); k++)
			put_gone(&s, c, c->fixed[k], TEXT_outcome_fixed);
		for (size_t k = 0; k < c->lost_count && xlsx_list_row(&s); k++)
			put_gone(&s, c, c->lost[k], TEXT_outcome_lost);
	}
	xlsx_list_end(&s);
}

/* ---- the sheets ------------------------------------------------------------------------------
 */

void xlsx_write_evolution(struct xlsx_book *b)
{
	const struct run_evolution *e = b->evolution;
	struct xlsx_page p = {
		.s.book = b, .columns = COLUMNS, .widths = { 54, 17, 17, 26, 13, 13, 13, 14, 42 }
	};

	xlsx_page_begin(&p, TEXT_sheet_evolution);
	if (e)
		put_trend(&p, e);
	if (!e || !e->before) {
		words_text(&b->text, e && e->memory_count ? TEXT_only_workbook : TEXT_first_audit,
			b->lang);
		xlsx_page_note(&p);
	} else {
		if (diff_words_older(&b->text, e->before, b->run, b->lang))
			xlsx_page_note(&p);
		put_indicators(&p, e);
		put_controls(&p, e);
	}
	xlsx_page_end(&p);
	if (e && e->before)
		write_gone(b, e);
}
