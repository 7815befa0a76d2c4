/* Synthèse: what a director reads. A grid of twelve narrow columns; cells are joined within a row
 * only, and rows go from top to bottom (constant-memory mode). */
#include "reports/xlsx.h"

#include <inttypes.h>

#define GRID_FIRST 1 /* column A is a margin */
#define GRID_LAST 12
#define GRID_WIDTH 11.5
#define EFFORT (GRID_FIRST + 6) /* "Faible (heures)" on one line */
#define TEN 10
#define PRINT_SCALE 57	 /* percent: the grid on the width of A4 */
#define PAPER_HEIGHT 755 /* points: A4 within xlsx_sheet.c's margins, and a little left over */

struct grid {
	struct xlsx_sheet s;
	lxw_row_t row; /* the next one */
	double height; /* of all rows so far, in points */
};

static void begin_row(struct grid *g, double height)
{
	if (g->s.book->failed)
		return;
	xlsx_take(g->s.book, worksheet_set_row(g->s.ws, g->row, height, NULL));
	g->s.book->rows[0]++;
	g->row++;
	g->height += height;
}

/* Joins the columns; the first one's value is written behind it. */
static void join(struct grid *g, lxw_col_t from, lxw_col_t to, enum xlsx_style style)
{
	struct xlsx_book *b = g->s.book;

	if (from < to && !b->failed)
		xlsx_take(b, worksheet_merge_range(g->s.ws, g->row - 1, from, g->row - 1, to, "",
				     b->formats[style]));
}

static void put(
	struct grid *g, lxw_col_t from, lxw_col_t to, struct str value, enum xlsx_style style)
{
	join(g, from, to, style);
	xlsx_put_text(&g->s, g->row - 1, from, value, style);
}

static void put_id(
	struct grid *g, lxw_col_t from, lxw_col_t to, enum text_id id, enum xlsx_style style)
{
	put(g, from, to, str_of(text(id, g->s.book->lang)), style);
}

static void put_number(
	struct grid *g, lxw_col_t from, lxw_col_t to, uint64_t value, enum xlsx_style style)
{
	join(g, from, to, style);
	xlsx_put_number(&g->s, g->row - 1, from, (double)value, style);
}

/* What book->text holds; clears it. */
static void put_scratch(struct grid *g, lxw_col_t from, lxw_col_t to, enum xlsx_style style)
{
	put(g, from, to, buf_str(&g->s.book->text), style);
	buf_clear(&g->s.book->text);
}

static double height_of(struct str value, unsigned columns)
{
	return XLSX_LINE_HEIGHT * xlsx_lines(value, columns * GRID_WIDTH) + 4;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void section(struct grid *g, enum text_id id)
{
	begin_row(g, 10);
	begin_row(g, 24);
	put_id(g, GRID_FIRST, GRID_LAST, id, STYLE_SECTION);
}

/* ---- level ------------------------------------------------------------------------------------
 */

/* Our own words begin in lower case when they stand inside a line. */
static void put_sentence(struct buf *out, struct buf *words, const char *end)
{
	if (!words->n)
		return;
	if (words->p[0] >= 'a' && words->p[0] <= 'z')
		words->p[0] = (char)(words->p[0] - 'a' + 'A');
	buf_put_str(out, buf_str(words));
	buf_putz(out, end);
	buf_clear(words);
}

static void put_level_change(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang)
{
	static const enum text_id words[] = { [TREND_NONE] = TEXT_evolution_level_changed,
		[TREND_SAME] = TEXT_evolution_level_same,
		[TREND_CHANGED] = TEXT_evolution_level_changed,
		[TREND_BETTER] = TEXT_evolution_level_up,
		[TREND_WORSE] = TEXT_evolution_level_down };
	char from[12], to[12];

	snprintf(from, sizeof(from), "%d", before->level);
	snprintf(to, sizeof(to), "%d", now->level);
	words_expand(out, text(words[evolution_level(before, now)], lang),
		(struct str[]){ str_of(to), str_of(from) }, 2);
}

/* Findings since the run before: what was fixed, and what was not there. */
static void put_counts(struct buf *out, const struct run_evolution *e, enum lang lang)
{
	static const enum text_id ids[] = { TEXT_evolution_fixed, TEXT_evolution_added,
		TEXT_evolution_back, TEXT_evolution_lost };
	uint64_t counts[ARRAY_LEN(ids)] = { 0 };

	for (size_t i = 0; i < e->control_count; i++) {
		counts[0] += e->controls[i].fixed_count;
		counts[1] += e->controls[i].added;
		counts[2] += e->controls[i].back;
		counts[3] += e->controls[i].lost_count;
	}
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		if (i > 1 && !counts[i])
			continue;
		words_text(out, i ? TEXT_comma : TEXT_semicolon, lang);
		words_number(out, ids[i], lang, counts[i]);
	}
}

/* « Depuis l’audit du 12 septembre 2026 : niveau 2, contre 1 ; 34 constats corrigés, 5 nouveaux. »
 */
static void progress_line(
	struct buf *out, const struct run *r, const struct run_evolution *e, enum lang lang)
{
	struct buf date = { 0 }, what = { 0 };

	if (!e || !e->before)
		return;
	words_date(&date, e->before->evaluated_at, lang);
	put_level_change(&what, e->before, r, lang);
	put_counts(&what, e, lang);
	words_expand(out, text(TEXT_since_before, lang),
		(struct str[]){ buf_str(&date), buf_str(&what) }, 2);
	buf_putc(out, '\n');
	buf_free(&date);
	buf_free(&what);
}

/* Meaning, floor, waivers and progress of the level, a line each. */
static void level_lines(
	struct buf *out, const struct run *r, const struct run_evolution *e, enum lang lang)
{
	struct buf line = { 0 };

	buf_putc(out, '\n');
	if (*words_level_meaning(r, lang))
		buf_printf(out, "%s\n", words_level_meaning(r, lang));
	words_floor(&line, r, lang);
	put_sentence(out, &line, ".\n");
	words_waivers(&line, r, lang);
	put_sentence(out, &line, ".\n");
	progress_line(out, r, e, lang);
	out->n--; /* the last newline */
	buf_free(&line);
}

static void put_level(struct grid *g)
{
	struct xlsx_book *b = g->s.book;
	const struct run *r = b->run;
	int level = r->level < 1 ? 1 : r->level > 5 ? 5 : r->level;
	struct buf head = { 0 }, lines = { 0 };

	begin_row(g, 8);
	begin_row(g, b->evolution && b->evolution->before ? 104 : 86);
	/* What is not known colours nothing: the level may be the floor. */
	put_number(g, GRID_FIRST, GRID_FIRST + 1, (uint64_t)level,
		r->level_floor < r->level ? STYLE_FIGURE_AT_MOST
					  : STYLE_FIGURE + (enum xlsx_style)(level - 1));
	words_level(&head, r, b->lang);
	level_lines(&lines, r, b->evolution, b->lang);
	join(g, GRID_FIRST + 2, GRID_LAST, STYLE_MEANING);
	lxw_rich_string_tuple bold = { b->formats[STYLE_MEANING_BOLD], xlsx_unconst(buf_z(&head)) };
	lxw_rich_string_tuple plain = { NULL, xlsx_unconst(buf_z(&lines)) };
	lxw_rich_string_tuple *parts[] = { &bold, &plain, NULL };
	if (!b->failed)
		xlsx_take(b, worksheet_write_rich_string(g->s.ws, g->row - 1, GRID_FIRST + 2, parts,
				     b->formats[STYLE_MEANING]));
	buf_free(&head);
	buf_free(&lines);
	words_estimate(&b->text, r, TEXT_estimate, b->lang);
	begin_row(g, height_of(buf_str(&b->text), 12));
	put_scratch(g, GRID_FIRST, GRID_LAST, STYLE_ESTIMATE);
}

/* ---- directory --------------------------------------------------------------------------------
 */

/* One half of a row: a label and a value. */
struct fact {
	enum text_id label;
	struct str text; /* or */
	uint64_t number; /* when text.p is NULL and date is INT64_MIN */
	int64_t date;
};

static struct fact text_fact(enum text_id label, struct str value, enum lang lang)
{
	return (struct fact){ label, value.n ? value : str_of(text(TEXT_not_given, lang)), 0,
		INT64_MIN };
}

static struct fact number_fact(enum text_id label, uint64_t n)
{
	return (struct fact){ label, { 0 }, n, INT64_MIN };
}

static void put_fact(struct grid *g, lxw_col_t column, const struct fact *f)
{
	put_id(g, column, column + 1, f->label, STYLE_LABEL);
	column += 2;
	if (f->text.p) {
		put(g, column, column + 3, f->text, STYLE_VALUE);
	} else if (f->date != INT64_MIN) {
		join(g, column, column + 3, STYLE_VALUE_DATE);
		xlsx_put_date(&g->s, g->row - 1, column, f->date, STYLE_VALUE_DATE);
	} else {
		put_number(g, column, column + 3, f->number, STYLE_VALUE_NUMBER);
	}
}

static void put_facts(struct grid *g, struct fact left, struct fact right)
{
	begin_row(g, larger(height_of(left.text, 4), height_of(right.text, 4)));
	put_fact(g, GRID_FIRST, &left);
	put_fact(g, GRID_FIRST + 6, &right);
}

static void list_domains(struct buf *out, const struct run *r)
{
	for (size_t i = 0; i < r->domain_count && i < TEN; i++) {
		const struct run_domain *d = &r->domains[i];

		buf_putz(out, i ? ", " : "");
		buf_put_str(out, d->dns);
		if (d->netbios.n)
			buf_printf(out, " (%.*s)", STR_ARG(d->netbios));
	}
	if (r->domain_count > TEN)
		buf_putz(out, ", …");
}

static void put_directory(struct grid *g)
{
	const struct run *r = g->s.book->run;
	enum lang lang = g->s.book->lang;
	struct buf domains = { 0 }, source = { 0 }, tool = { 0 };
	struct str reader = r->reader.n ? r->reader : str_of(text(TEXT_not_known, lang));
	struct fact collected = { TEXT_collected_at, { 0 }, 0, r->collected_at };
	struct fact evaluated = { TEXT_evaluated_at, { 0 }, 0, r->evaluated_at };

	list_domains(&domains, r);
	words_code(&source, CODE_SOURCE, r->source, lang);
	buf_printf(&tool, "adhygiene %.*s, %.*s", STR_ARG(r->tool_version),
		STR_ARG(r->catalogue_version));
	if (r->collected_at == INT64_MIN)
		collected = text_fact(TEXT_collected_at, (struct str){ 0 }, lang);
	section(g, TEXT_section_directory);
	put_facts(g, text_fact(TEXT_facility, r->facility_name, lang),
		text_fact(TEXT_domains, buf_str(&domains), lang));
	put_facts(g, text_fact(TEXT_ght, r->facility_ght, lang),
		text_fact(TEXT_forest, r->forest, lang));
	put_facts(g, text_fact(TEXT_finess, r->facility_finess, lang),
		text_fact(TEXT_source, buf_str(&source), lang));
	put_facts(g, collected, text_fact(TEXT_reader, reader, lang));
	put_facts(g, evaluated, text_fact(TEXT_policy, r->policy_name, lang));
	put_facts(g, number_fact(TEXT_count_objects, r->counts.objects),
		text_fact(TEXT_tool, buf_str(&tool), lang));
	put_facts(g, number_fact(TEXT_count_users, r->counts.users),
		number_fact(TEXT_count_enabled, r->counts.users_enabled));
	put_facts(g, number_fact(TEXT_count_computers, r->counts.computers),
		number_fact(TEXT_count_groups, r->counts.groups));
	buf_free(&domains);
	buf_free(&source);
	buf_free(&tool);
}

/* ---- results: two small tables, and the chart beside them -------------------------------------
 */

enum { STATUS_COLUMN = GRID_FIRST, LEVEL_COLUMN = GRID_FIRST + 4, CHART_COLUMN = GRID_FIRST + 8 };
#define RESULT_HEIGHT 20

static void add_series(struct grid *g, lxw_chart *chart, lxw_col_t column, enum text_id name,
	lxw_row_t first, lxw_color_t ink)
{
	const char *sheet = text(TEXT_sheet_summary, g->s.book->lang);
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	lxw_chart_fill fill = { .color = ink };
	lxw_chart_font font = { .color = 0xFFFFFF, .bold = LXW_TRUE, .size = 9 };

	chart_series_set_categories(series, sheet, first, LEVEL_COLUMN, first + 4, LEVEL_COLUMN);
	chart_series_set_values(series, sheet, first, column, first + 4, column);
	chart_series_set_name(series, text(name, g->s.book->lang));
	chart_series_set_fill(series, &fill);
	chart_series_set_labels(series);
	chart_series_set_labels_num_format(series, "0;;;");
	chart_series_set_labels_font(series, &font);
}

/* A chart is tied to cells; in constant-memory mode the library has forgotten how high their rows
 * are and takes each for one of 15 points. */
static double chart_scale(const struct grid *g, double scale, double row_height)
{
	return g->s.book->constant_memory ? scale * XLSX_LINE_HEIGHT / row_height : scale;
}

static void insert_chart(struct grid *g, lxw_row_t first)
{
	struct xlsx_book *b = g->s.book;
	lxw_chart *chart;
	lxw_chart_font small = { .size = 9 }, title = { .size = 11, .bold = LXW_TRUE };
	lxw_chart_line no_line = { .none = LXW_TRUE };
	lxw_chart_options options = { .x_offset = 6,
		.y_offset = 5,
		.x_scale = 0.7,
		.y_scale = chart_scale(g, 0.72, RESULT_HEIGHT + 2),
		.object_position = LXW_OBJECT_MOVE_DONT_SIZE,
		.description = xlsx_unconst(text(TEXT_failed_by_level, b->lang)) };

	if (b->failed)
		return;
	chart = workbook_add_chart(b->workbook, LXW_CHART_COLUMN_STACKED);
	add_series(g, chart, LEVEL_COLUMN + 1, TEXT_anssi_points, first, 0x1F3864);
	add_series(g, chart, LEVEL_COLUMN + 2, TEXT_other_points, first, 0x8497B0);
	add_series(g, chart, LEVEL_COLUMN + 3, TEXT_accepted_points, first, 0xD9660A);
	chart_title_set_name(chart, text(TEXT_failed_by_level, b->lang));
	chart_title_set_name_font(chart, &title);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	chart_legend_set_font(chart, &small);
	chart_axis_set_num_font(chart->x_axis, &small);
	chart_axis_set_num_font(chart->y_axis, &small);
	chart_axis_set_min(chart->y_axis, 0);
	chart_axis_set_num_format(chart->y_axis, "0");
	chart_chartarea_set_line(chart, &no_line);
	chart_set_series_gap(chart, 60);
	xlsx_take(b, worksheet_insert_chart_opt(g->s.ws, first - 1, CHART_COLUMN, chart, &options));
}

static void put_result(struct grid *g, size_t i)
{
	struct xlsx_book *b = g->s.book;
	const struct run *r = b->run;
	int level = (int)i + 1;

	begin_row(g, RESULT_HEIGHT);
	put(g, STATUS_COLUMN, STATUS_COLUMN + 1, str_of(words_status(run_status_order[i], b->lang)),
		STYLE_CELL_STATUS);
	put_number(g, STATUS_COLUMN + 2, STATUS_COLUMN + 2,
		run_status_total(r, run_status_order[i]), STYLE_CELL_CENTER);
	if (level > 5)
		return;
	words_number(&b->text, TEXT_level_n, b->lang, (uint64_t)level);
	put_scratch(g, LEVEL_COLUMN, LEVEL_COLUMN, STYLE_CELL);
	put_number(g, LEVEL_COLUMN + 1, LEVEL_COLUMN + 1, run_failed_at(r, level, true),
		STYLE_CELL_CENTER);
	put_number(g, LEVEL_COLUMN + 2, LEVEL_COLUMN + 2, run_failed_at(r, level, false),
		STYLE_CELL_CENTER);
	put_number(
		g, LEVEL_COLUMN + 3, LEVEL_COLUMN + 3, run_waived_at(r, level), STYLE_CELL_CENTER);
}

static void put_results(struct grid *g)
{
	lxw_row_t first;

	section(g, TEXT_section_results);
	begin_row(g, 34);
	put_id(g, STATUS_COLUMN, STATUS_COLUMN + 1, TEXT_status, STYLE_HEAD);
	put_id(g, STATUS_COLUMN + 2, STATUS_COLUMN + 2, TEXT_points, STYLE_HEAD);
	put_id(g, LEVEL_COLUMN, LEVEL_COLUMN, TEXT_level, STYLE_HEAD);
	put_id(g, LEVEL_COLUMN + 1, LEVEL_COLUMN + 1, TEXT_anssi_points, STYLE_HEAD);
	put_id(g, LEVEL_COLUMN + 2, LEVEL_COLUMN + 2, TEXT_other_points, STYLE_HEAD);
	put_id(g, LEVEL_COLUMN + 3, LEVEL_COLUMN + 3, TEXT_accepted_points, STYLE_HEAD);
	first = g->row;
	for (size_t i = 0; i < STATUS_COUNT; i++)
		put_result(g, i);
	begin_row(g, RESULT_HEIGHT); /* room for the chart */
	xlsx_colour(&g->s, first, STATUS_COLUMN, first + STATUS_COUNT - 1, STYLE_CELL_STATUS);
	insert_chart(g, first);
}

/* ---- five shares and the age of passwords: a small table and a chart each ---------------------
 */

#define SHARES 5
#define SHARE_HEIGHT 34
#define AGE_HEIGHT 18
#define AGES_MOST 8
#define NO_SHARE INT64_MIN

static int64_t indicator(const struct run *r, const char *family, const char *name)
{
	for (size_t f = 0; f < ARRAY_LEN(r->families); f++)
		for (size_t i = 0;
			str_eq(r->families[f].name, str_of(family)) && i < r->families[f].count;
			i++)
			if (str_eq(r->families[f].indicators[i].name, str_of(name)))
				return r->families[f].indicators[i].value;
	return NO_SHARE;
}

/* Of so many, all but these: floor of the percentage. */
static int64_t all_but(int64_t of, int64_t bad)
{
	if (of == NO_SHARE || bad == NO_SHARE || of <= 0 || bad < 0)
		return NO_SHARE;
	return bad > of ? 0 : 100 * (of - bad) / of;
}

struct share {
	enum text_id label;
	const char *family;
	int64_t percent; /* NO_SHARE: not known */
};

static int64_t stale_share(const struct run *r)
{
	int64_t stale = indicator(r, "stale", "users"),
		unknown = indicator(r, "stale", "users_unknown");

	if (stale == NO_SHARE || unknown == NO_SHARE)
		return NO_SHARE;
	return all_but((int64_t)r->counts.users_enabled, stale + unknown);
}

/* Each is a share of what is well, never of what was not read. */
static void shares_of(const struct run *r, struct share out[SHARES])
{
	int64_t accounts = indicator(r, "password_policy", "accounts"),
		held = indicator(r, "password_policy", "compliant");

	out[0] = (struct share){ TEXT_share_password_policy, "password_policy",
		held == NO_SHARE ? NO_SHARE : all_but(accounts, accounts - held) };
	out[1] = (struct share){ TEXT_share_privileged, "privileged",
		all_but(indicator(r, "privileged", "enabled"),
			indicator(r, "privileged", "not_dedicated")) };
	out[2] = (struct share){ TEXT_share_tiering, "tiering",
		all_but(indicator(r, "tiering", "tier0"),
			indicator(r, "tiering", "outside_units")) };
	out[3] = (struct share){ TEXT_share_stale, "stale", stale_share(r) };
	out[4] = (struct share){ TEXT_share_mfa, "mfa", indicator(r, "mfa", "percent") };
}

/* Where a family says that its numbers are lower bounds, a share of what is well is an upper one.
 */
static bool at_best(const struct run *r, const char *family)
{
	for (size_t f = 0; f < ARRAY_LEN(r->families); f++)
		if (str_eq(r->families[f].name, str_of(family)))
			return r->families[f].note_count > 0;
	return false;
}

static void put_share(struct grid *g, const struct share *s)
{
	struct xlsx_book *b = g->s.book;

	words_code(&b->text, CODE_FAMILY, str_of(s->family), b->lang);
	put_scratch(g, GRID_FIRST, GRID_FIRST + 1, STYLE_CELL);
	words_text(&b->text, s->label, b->lang);
	if (s->percent != NO_SHARE && at_best(b->run, s->family))
		buf_printf(&b->text, " (%s)", text(TEXT_at_best, b->lang));
	put_scratch(g, GRID_FIRST + 2, GRID_FIRST + 4, STYLE_CELL);
	if (s->percent == NO_SHARE)
		put_id(g, GRID_FIRST + 5, GRID_FIRST + 5, TEXT_status_unknown, STYLE_CELL_WORDS);
	else
		xlsx_put_number(&g->s, g->row - 1, GRID_FIRST + 5, (double)s->percent / 100,
			STYLE_CELL_PERCENT);
}

/* A chart of one series, to the right of its table. */
struct bars {
	uint8_t type;
	enum text_id title;
	lxw_col_t labels, values, at;
	const char *format;
	double most, x_scale, y_scale, row_height; /* most 0: as it comes */
	lxw_color_t ink;
};

static void insert_bars(struct grid *g, const struct bars *c, lxw_row_t first, lxw_row_t last)
{
	struct xlsx_book *b = g->s.book;
	const char *sheet = text(TEXT_sheet_summary, b->lang);
	bool lying = c->type == LXW_CHART_BAR;
	lxw_chart_font small = { .size = 9 };
	lxw_chart_line none = { .none = LXW_TRUE }, pale = { .color = 0xD9D9D9 };
	lxw_chart_fill fill = { .color = c->ink };
	lxw_chart_options options = { .x_offset = 8,
		.y_offset = 3,
		.x_scale = c->x_scale,
		.y_scale = chart_scale(g, c->y_scale, c->row_height),
		.object_position = LXW_OBJECT_MOVE_DONT_SIZE,
		.description = xlsx_unconst(text(c->title, b->lang)) };

	if (b->failed || last < first)
		return;
	lxw_chart *chart = workbook_add_chart(b->workbook, c->type);
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	/* The library turns the two axes of lying bars when it writes them. */
	lxw_chart_axis *values = lying ? chart->x_axis : chart->y_axis;
	lxw_chart_axis *labels = lying ? chart->y_axis : chart->x_axis;

	chart_series_set_categories(series, sheet, first, c->labels, last, c->labels);
	chart_series_set_values(series, sheet, first, c->values, last, c->values);
	chart_series_set_name(series, text(c->title, b->lang));
	chart_series_set_fill(series, &fill);
	chart_series_set_labels(series);
	chart_series_set_labels_num_format(series, c->format);
	chart_series_set_labels_font(series, &small);
	chart_title_off(chart);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	chart_axis_set_num_font(values, &small);
	chart_axis_set_num_font(labels, &small);
	chart_axis_set_num_format(values, c->format);
	chart_axis_set_min(values, 0);
	chart_axis_major_gridlines_set_line(values, &pale);
	if (c->most > 0)
		chart_axis_set_max(values, c->most);
	if (lying)
		chart_axis_set_reverse(labels); /* the first row on top */
	chart_chartarea_set_line(chart, &none);
	chart_set_series_gap(chart, 50);
	xlsx_take(b, worksheet_insert_chart_opt(g->s.ws, first - 1, c->at, chart, &options));
}

static void put_shares(struct grid *g)
{
	static const struct bars bars = { LXW_CHART_BAR, TEXT_share_title, GRID_FIRST,
		GRID_FIRST + 5, GRID_FIRST + 6, "0\u00a0%", 1, 1.05, 0.62, SHARE_HEIGHT, 0x2E75B6 };
	struct share shares[SHARES];
	lxw_row_t first;

	shares_of(g->s.book->run, shares);
	section(g, TEXT_share_title);
	begin_row(g, 20);
	put_id(g, GRID_FIRST, GRID_FIRST + 1, TEXT_family, STYLE_HEAD);
	put_id(g, GRID_FIRST + 2, GRID_FIRST + 4, TEXT_indicator, STYLE_HEAD);
	put_id(g, GRID_FIRST + 5, GRID_FIRST + 5, TEXT_share_column, STYLE_HEAD);
	first = g->row;
	for (size_t i = 0; i < SHARES; i++) {
		begin_row(g, SHARE_HEIGHT);
		put_share(g, &shares[i]);
	}
	insert_bars(g, &bars, first, g->row - 1);
}

static const struct run_table *age_table(const struct run *r)
{
	for (size_t i = 0; i < r->table_count; i++)
		if (str_eq(r->tables[i].family, STR("password_policy")) &&
			str_eq(r->tables[i].name, STR("password_age")) &&
			r->tables[i].column_count >= 2)
			return &r->tables[i];
	return NULL;
}

static void put_age(struct grid *g, const struct run_table *t, size_t i)
{
	const struct run_cell *c = &t->cells[i * t->column_count];
	struct xlsx_book *b = g->s.book;

	words_cell(&b->text, t, c[0].text, b->lang);
	put_scratch(g, GRID_FIRST, GRID_FIRST + 4, STYLE_CELL);
	if (c[1].number == INT64_MIN)
		put_id(g, GRID_FIRST + 5, GRID_FIRST + 5, TEXT_none, STYLE_CELL_CENTER);
	else
		put_number(g, GRID_FIRST + 5, GRID_FIRST + 5, (uint64_t)c[1].number,
			STYLE_CELL_CENTER);
}

static void put_ages(struct grid *g)
{
	static const struct bars bars = { LXW_CHART_COLUMN, TEXT_password_ages, GRID_FIRST,
		GRID_FIRST + 5, GRID_FIRST + 6, "0", 0, 1.05, 0.62, AGE_HEIGHT, 0x1F3864 };
	const struct run_table *t = age_table(g->s.book->run);
	lxw_row_t first;

	if (!t || !t->row_count)
		return;
	section(g, TEXT_password_ages);
	begin_row(g, 20);
	put_id(g, GRID_FIRST, GRID_FIRST + 4, TEXT_age_of_password, STYLE_HEAD);
	put_id(g, GRID_FIRST + 5, GRID_FIRST + 5, TEXT_users_column, STYLE_HEAD);
	first = g->row;
	for (size_t i = 0; i < t->row_count && i < AGES_MOST; i++) {
		begin_row(g, AGE_HEIGHT);
		put_age(g, t, i);
	}
	insert_bars(g, &bars, first, g->row - 1);
}

/* ---- indicators: three a row ------------------------------------------------------------------
 */

static void put_family(struct grid *g, const struct run_family *f)
{
	struct xlsx_book *b = g->s.book;
	struct buf name = { 0 };
	size_t shown = 0;

	begin_row(g, 19);
	words_code(&b->text, CODE_FAMILY, f->name, b->lang);
	put_scratch(g, GRID_FIRST, GRID_LAST, STYLE_HEAD);
	for (size_t i = 0; i < f->count; i++) {
		lxw_col_t column = (lxw_col_t)(GRID_FIRST + 4 * (shown % 3));

		if (!words_indicator_has_name(f, i))
			continue;
		if (shown++ % 3 == 0)
			begin_row(g, 18);
		words_indicator_name(&name, f, i, b->lang);
		put_sentence(&b->text, &name, "");
		put_scratch(g, column, column + 2, STYLE_LABEL);
		words_indicator(&b->text, &f->indicators[i], b->lang);
		put_scratch(g, column + 3, column + 3, STYLE_VALUE);
	}
	buf_free(&name);
}

static void put_families(struct grid *g)
{
	section(g, TEXT_section_families);
	for (size_t i = 0; i < ARRAY_LEN(g->s.book->run->families); i++)
		put_family(g, &g->s.book->run->families[i]);
}

/* ---- ten first actions ------------------------------------------------------------------------
 */

/* What stands between the level and the next one. */
static void put_next_level(struct grid *g)
{
	struct xlsx_book *b = g->s.book;
	const struct run *r = b->run;
	uint64_t n = run_failed_at(r, r->level, true) + run_waived_at(r, r->level);
	char next[12], now[12], count[24];

	if (r->level >= 5 || !n)
		return;
	snprintf(next, sizeof(next), "%d", r->level + 1);
	snprintf(now, sizeof(now), "%d", r->level);
	snprintf(count, sizeof(count), "%" PRIu64, n);
	words_expand(&b->text, text_n(TEXT_to_next, b->lang, n),
		(struct str[]){ str_of(next), str_of(now), str_of(count) }, 3);
	begin_row(g, 20);
	put_scratch(g, GRID_FIRST, GRID_LAST, STYLE_VALUE);
}

static void put_action(struct grid *g, size_t i, const struct run_control *c)
{
	enum lang lang = g->s.book->lang;
	struct str title = words_of(&c->title, lang), step = words_first_step(c, lang);

	begin_row(g, larger(height_of(title, 3), height_of(step, 5)));
	put_number(g, GRID_FIRST, GRID_FIRST, i + 1, STYLE_CELL_CENTER);
	put_number(g, GRID_FIRST + 1, GRID_FIRST + 1, (uint64_t)c->failed_level, STYLE_CELL_LEVEL);
	put(g, GRID_FIRST + 2, GRID_FIRST + 4, title, STYLE_CELL);
	put_number(g, GRID_FIRST + 5, GRID_FIRST + 5, c->count, STYLE_CELL_CENTER);
	put(g, EFFORT, EFFORT,
		str_of(c->change ? words_effort(c->change->effort, lang) : text(TEXT_none, lang)),
		STYLE_CELL_WORDS);
	put(g, GRID_FIRST + 7, GRID_LAST, step, STYLE_CELL);
}

static void put_actions(struct grid *g)
{
	const struct run *r = g->s.book->run;
	lxw_row_t first;

	section(g, TEXT_section_actions);
	put_next_level(g);
	begin_row(g, 20);
	put_id(g, GRID_FIRST, GRID_FIRST, TEXT_rank, STYLE_HEAD);
	put_id(g, GRID_FIRST + 1, GRID_FIRST + 1, TEXT_level, STYLE_HEAD);
	put_id(g, GRID_FIRST + 2, GRID_FIRST + 4, TEXT_control, STYLE_HEAD);
	put_id(g, GRID_FIRST + 5, GRID_FIRST + 5, TEXT_objects, STYLE_HEAD);
	put_id(g, EFFORT, EFFORT, TEXT_effort, STYLE_HEAD);
	put_id(g, GRID_FIRST + 7, GRID_LAST, TEXT_first_step, STYLE_HEAD);
	first = g->row;
	for (size_t i = 0; i < r->action_count && i < TEN; i++)
		put_action(g, i, r->actions[i].control);
	if (r->action_count) {
		xlsx_colour(&g->s, first, GRID_FIRST + 1, g->row - 1, STYLE_CELL_LEVEL);
	} else {
		begin_row(g, 18);
		put_id(g, GRID_FIRST, GRID_LAST, TEXT_no_action, STYLE_CELL);
	}
}

/* ---- the sheet --------------------------------------------------------------------------------
 */

/* The level, its charts and what is to be done on one page, how it was found on the next. Fitting
 * to pages would do away with the break. */
static void break_page(struct grid *g)
{
	lxw_row_t breaks[] = { g->row, 0 };
	double scale = 100 * PAPER_HEIGHT / g->height;

	if (g->s.book->failed)
		return;
	xlsx_take(g->s.book, worksheet_set_h_pagebreaks(g->s.ws, breaks));
	worksheet_set_print_scale(
		g->s.ws, scale < PRINT_SCALE ? (uint16_t)scale : (uint16_t)PRINT_SCALE);
}

static void set_columns(struct grid *g)
{
	static const struct {
		lxw_col_t first, last;
		double width;
	} columns[] = {
		{ 0, 0, 1.5 },
		{ GRID_FIRST, GRID_FIRST, GRID_WIDTH - 3 },
		{ GRID_FIRST + 1, EFFORT - 1, GRID_WIDTH },
		{ EFFORT, EFFORT, GRID_WIDTH + 3 },
		{ EFFORT + 1, GRID_LAST, GRID_WIDTH },
	};

	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		xlsx_take(g->s.book, worksheet_set_column(g->s.ws, columns[i].first,
					     columns[i].last, columns[i].width, NULL));
}

void xlsx_write_summary(struct xlsx_book *b)
{
	struct grid g = { .s = xlsx_sheet_add(b, TEXT_sheet_summary) };

	if (b->failed)
		return;
	worksheet_gridlines(g.s.ws, LXW_HIDE_ALL_GRIDLINES);
	worksheet_set_portrait(g.s.ws);
	worksheet_center_horizontally(g.s.ws);
	set_columns(&g);
	begin_row(&g, 38);
	put_id(&g, GRID_FIRST, GRID_LAST, TEXT_title, STYLE_TITLE);
	begin_row(&g, 24);
	words_subject(&b->text, b->run, b->lang);
	put_scratch(&g, GRID_FIRST, GRID_LAST, STYLE_SUBTITLE);
	put_level(&g);
	put_results(&g);
	put_shares(&g);
	put_ages(&g);
	put_actions(&g);
	break_page(&g);
	put_directory(&g);
	put_families(&g);
}
