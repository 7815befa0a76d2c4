/* One sheet a family: its numbers, its short tables, its controls, its lists. The tables share the
 * columns of the sheet; cells are joined within a row only, and rows go from top to bottom. */
#include "reports/xlsx.h"

#define COLUMNS_LEAST 9
#define COLUMNS_MOST 64
/* Rows of a table that stands above the controls; longer ones would push them out of sight. */
#define SHORT_TABLE 25
#define TITLE_HEIGHT 34
#define SECTION_HEIGHT 28
#define FIRST_WIDTH 52.0
/* Columns of the two fixed blocks; ids of controls take what is joined from JOIN to JOIN_END. */
enum { LABEL, VALUE, JOIN, JOIN_END = JOIN + 3, LEVEL, FAILED, UNDECIDED };

struct page {
	struct xlsx_sheet s;
	const struct run_family *family;
	lxw_row_t row; /* the next one */
	lxw_col_t columns;
	double widths[COLUMNS_MOST];
	double height; /* of the row under way, so far */
	bool full;
};

/* ---- rows and cells -------------------------------------------------------------------------
 */

/* Constant-memory mode writes a row when the next one begins: its height comes before that. */
static void end_row(struct page *p)
{
	if (p->row && !p->s.book->failed)
		xlsx_take(p->s.book, worksheet_set_row(p->s.ws, p->row - 1, p->height, NULL));
}

/* False when the sheet is full: the last row says so. */
static bool begin_row(struct page *p, double height)
{
	struct xlsx_book *b = p->s.book;

	if (b->failed || p->full)
		return false;
	end_row(p);
	p->height = height;
	p->row++;
	b->rows[b->sheet_count - 1]++;
	p->full = p->row >= b->limits.sheet_rows;
	if (p->full)
		xlsx_put_text(
			&p->s, p->row - 1, 0, str_of(text(TEXT_cut_sheet, b->lang)), STYLE_NOTE);
	return !p->full;
}

static void need_height(struct page *p, struct str value, double width)
{
	double height = XLSX_LINE_HEIGHT * xlsx_lines(value, width) + 4;

	if (height > p->height)
		p->height = height;
}

static void put(struct page *p, lxw_col_t column, struct str value, enum xlsx_style style)
{
	need_height(p, value, p->widths[column]);
	xlsx_put_text(&p->s, p->row - 1, column, value, style);
}

static void put_id(struct page *p, lxw_col_t column, enum text_id id, enum xlsx_style style)
{
	put(p, column, str_of(text(id, p->s.book->lang)), style);
}

/* What book->text holds; clears it. */
static void put_scratch(struct page *p, lxw_col_t column, enum xlsx_style style)
{
	put(p, column, buf_str(&p->s.book->text), style);
	buf_clear(&p->s.book->text);
}

static void put_number(struct page *p, lxw_col_t column, double value, enum xlsx_style style)
{
	xlsx_put_number(&p->s, p->row - 1, column, value, style);
}

static void join(struct page *p, lxw_col_t from, lxw_col_t to, enum xlsx_style style)
{
	struct xlsx_book *b = p->s.book;

	if (!b->failed)
		xlsx_take(b, worksheet_merge_range(p->s.ws, p->row - 1, from, p->row - 1, to, "",
				     b->formats[style]));
}

static void put_joined(struct page *p, struct str value, enum xlsx_style style)
{
	double width = 0;

	for (size_t i = JOIN; i <= JOIN_END; i++)
		width += p->widths[i];
	join(p, JOIN, JOIN_END, style);
	need_height(p, value, width);
	xlsx_put_text(&p->s, p->row - 1, JOIN, value, style);
}

/* An empty row and a title over the whole sheet, from book->text; clears it. */
static bool section(struct page *p)
{
	bool fits = begin_row(p, 12) && begin_row(p, SECTION_HEIGHT);

	if (fits) {
		join(p, 0, p->columns - 1, STYLE_SECTION);
		xlsx_put_text(&p->s, p->row - 1, 0, buf_str(&p->s.book->text), STYLE_SECTION);
	}
	buf_clear(&p->s.book->text);
	return fits;
}

/* ---- indicators -----------------------------------------------------------------------------
 */

static void put_value(struct page *p, const struct run_indicator *i)
{
	struct xlsx_book *b = p->s.book;

	if (i->value == INT64_MIN) {
		put_id(p, VALUE, TEXT_status_unknown, STYLE_CELL_CENTER);
	} else if (words_indicator_is_number(i)) {
		put_number(p, VALUE, (double)i->value, STYLE_CELL_CENTER);
	} else {
		words_indicator(&b->text, i, b->lang);
		put_scratch(p, VALUE, STYLE_CELL_CENTER);
	}
}

static void put_behind(struct page *p, const struct run_indicator *i)
{
	struct buf ids = { 0 };

	for (size_t k = 0; k < i->control_count; k++) {
		buf_putz(&ids, k ? "\n" : "");
		buf_put_str(&ids, i->controls[k]);
	}
	put_joined(p, buf_str(&ids), STYLE_CELL);
	buf_free(&ids);
}

/* Why the numbers are lower bounds, a line each. */
static void put_notes(struct page *p)
{
	struct xlsx_book *b = p->s.book;
	struct buf why = { 0 };

	for (size_t i = 0; i < p->family->note_count && begin_row(p, 18); i++) {
		words_code(&why, CODE_REASON, p->family->notes[i], b->lang);
		words_expand(&b->text, text(TEXT_incomplete, b->lang),
			(struct str[]){ buf_str(&why) }, 1);
		xlsx_put_text(&p->s, p->row - 1, 0, buf_str(&b->text), STYLE_NOTE);
		buf_clear(&b->text);
		buf_clear(&why);
	}
	buf_free(&why);
}

static void put_indicators(struct page *p)
{
	const struct run_family *f = p->family;
	struct xlsx_book *b = p->s.book;

	words_text(&b->text, TEXT_section_families, b->lang);
	if (!section(p))
		return;
	put_notes(p);
	if (!begin_row(p, 20))
		return;
	put_id(p, LABEL, TEXT_indicator, STYLE_HEADER);
	put_id(p, VALUE, TEXT_value, STYLE_HEADER);
	put_joined(p, str_of(text(TEXT_behind, b->lang)), STYLE_HEADER);
	for (size_t i = 0; i < f->count && begin_row(p, 0); i++) {
		words_indicator_meaning(&b->text, f, i, b->lang);
		put_scratch(p, LABEL, STYLE_CELL);
		put_value(p, &f->indicators[i]);
		put_behind(p, &f->indicators[i]);
	}
}

/* ---- tables ---------------------------------------------------------------------------------
 */

static void put_cell(struct page *p, const struct run_table *t, lxw_col_t column,
	const struct run_cell *c, enum xlsx_style forced)
{
	struct xlsx_book *b = p->s.book;
	bool centred = column > 0 && !run_column_names(t->columns[column].kind);
	enum xlsx_style style = !centred				   ? STYLE_CELL
				: t->columns[column].kind == COLUMN_NUMBER ? STYLE_CELL_CENTER
									   : STYLE_CELL_WORDS;

	style = forced < STYLE_COUNT ? forced : style;
	if (!c->text.p && c->number == INT64_MIN)
		put_id(p, column, TEXT_none, style);
	else if (t->columns[column].kind == COLUMN_NUMBER)
		put_number(p, column, (double)c->number, style);
	else if (t->columns[column].kind == COLUMN_DATE)
		xlsx_put_date(&p->s, p->row - 1, column, c->number, STYLE_CELL_DATE);
	else if (t->columns[column].kind == COLUMN_CODE) {
		words_cell(&b->text, t, c->text, b->lang);
		put_scratch(p, column, style);
	} else
		put(p, column, c->text, style);
}

static void put_total(struct page *p, const struct run_table *t)
{
	for (lxw_col_t c = 0; c < t->column_count; c++) {
		const struct run_cell *cell = &t->total[c];

		if (c == 0 && !cell->text.p && cell->number == INT64_MIN)
			put_id(p, c, TEXT_total, STYLE_HEAD);
		else if (!cell->text.p && cell->number == INT64_MIN)
			put(p, c, (struct str){ 0 }, STYLE_TOTAL);
		else
			put_cell(p, t, c, cell, STYLE_TOTAL);
	}
}

static void put_note(struct page *p, enum text_id id, uint64_t n)
{
	struct xlsx_book *b = p->s.book;

	if (begin_row(p, 18)) {
		words_number(&b->text, id, b->lang, n);
		put_scratch(p, 0, STYLE_NOTE);
	}
	buf_clear(&b->text);
}

static void put_table(struct page *p, const struct run_table *t)
{
	struct xlsx_book *b = p->s.book;

	words_table(&b->text, t, b->lang);
	if (!section(p) || !begin_row(p, 20))
		return;
	for (lxw_col_t c = 0; c < t->column_count; c++) {
		words_column(&b->text, t, c, b->lang);
		put_scratch(p, c, STYLE_HEADER);
	}
	for (size_t i = 0; i < t->row_count && begin_row(p, 0); i++)
		for (lxw_col_t c = 0; c < t->column_count; c++)
			put_cell(p, t, c, &t->cells[i * t->column_count + c], STYLE_COUNT);
	if (!t->row_count)
		put_note(p, TEXT_no_rows, 0);
	if (t->row_total > t->row_count)
		put_note(p, TEXT_cut_table, t->row_total - t->row_count);
	if (t->total && begin_row(p, 0))
		put_total(p, t);
}

static bool is_of(const struct run_table *t, const struct run_family *f)
{
	return str_eq(t->family, f->name);
}

/* The short ones, or those that are lists. */
static void put_tables(struct page *p, bool lists)
{
	const struct run *r = p->s.book->run;

	for (size_t i = 0; i < r->table_count; i++)
		if (is_of(&r->tables[i], p->family) &&
			lists == (r->tables[i].row_total > SHORT_TABLE))
			put_table(p, &r->tables[i]);
}

/* ---- controls -------------------------------------------------------------------------------
 */

static void put_control(struct page *p, const struct run_control *c)
{
	enum lang lang = p->s.book->lang;

	put(p, LABEL, words_of(&c->title, lang), STYLE_CELL);
	put(p, VALUE, str_of(words_status(c->status, lang)), STYLE_CELL_STATUS);
	put_joined(p, c->id, STYLE_CELL);
	if (c->failed_level)
		put_number(p, LEVEL, c->failed_level, STYLE_CELL_LEVEL);
	else
		put(p, LEVEL, (struct str){ 0 }, STYLE_CELL_CENTER);
	put_number(p, FAILED, (double)c->count, STYLE_CELL_CENTER);
	put_number(p, UNDECIDED, (double)c->unknown, STYLE_CELL_CENTER);
}

/* What is to be done first comes first: by status, then by level, then by id. */
static void put_sorted(struct page *p, const struct run_family *f)
{
	for (size_t s = 0; s < STATUS_COUNT; s++)
		for (int level = 0; level <= 5; level++)
			for (size_t i = 0; i < f->control_count; i++) {
				const struct run_control *c = f->controls[i];

				if (c->status == run_status_order[s] && c->failed_level == level &&
					begin_row(p, 0))
					put_control(p, c);
			}
}

static void put_controls(struct page *p)
{
	const struct run_family *f = p->family;
	struct xlsx_book *b = p->s.book;
	lxw_row_t first;

	if (!f->control_count)
		return;
	words_text(&b->text, TEXT_family_controls, b->lang);
	if (!section(p) || !begin_row(p, 20))
		return;
	put_id(p, LABEL, TEXT_control, STYLE_HEADER);
	put_id(p, VALUE, TEXT_status, STYLE_HEADER);
	put_joined(p, str_of(text(TEXT_control_id, b->lang)), STYLE_HEADER);
	put_id(p, LEVEL, TEXT_failed_level, STYLE_HEADER);
	put_id(p, FAILED, TEXT_failed, STYLE_HEADER);
	put_id(p, UNDECIDED, TEXT_undecided, STYLE_HEADER);
	first = p->row;
	put_sorted(p, f);
	xlsx_colour(&p->s, first, VALUE, p->row - 1, STYLE_CELL_STATUS);
	xlsx_colour(&p->s, first, LEVEL, p->row - 1, STYLE_CELL_LEVEL);
}

/* ---- the sheet ------------------------------------------------------------------------------
 */

static double width_of(enum run_column_kind kind)
{
	static const double widths[] = {
		[COLUMN_TEXT] = 32,
		[COLUMN_NAME] = 22,
		[COLUMN_NUMBER] = 12,
		[COLUMN_DATE] = 12,
		[COLUMN_CODE] = 14,
	};

	return widths[kind];
}

/* A column is as wide as the widest of the tables wants. */
static void measure(struct page *p)
{
	const struct run *r = p->s.book->run;

	p->columns = COLUMNS_LEAST;
	for (size_t c = 0; c < COLUMNS_MOST; c++)
		p->widths[c] = 12;
	p->widths[LABEL] = FIRST_WIDTH;
	p->widths[VALUE] = 16;
	for (size_t i = 0; i < r->table_count; i++) {
		const struct run_table *t = &r->tables[i];

		if (!is_of(t, p->family))
			continue;
		if (t->column_count > p->columns)
			p->columns = (lxw_col_t)t->column_count;
		for (size_t c = 0; c < t->column_count && c < COLUMNS_MOST; c++)
			if (width_of(t->columns[c].kind) > p->widths[c])
				p->widths[c] = width_of(t->columns[c].kind);
	}
	for (lxw_col_t c = 0; c < p->columns && !p->s.book->failed; c++)
		xlsx_take(p->s.book, worksheet_set_column(p->s.ws, c, c, p->widths[c], NULL));
}

static void write_family(struct xlsx_book *b, const struct run_family *f, enum text_id name)
{
	struct page p = { .s = xlsx_sheet_add(b, name), .family = f };

	if (b->failed)
		return;
	measure(&p);
	worksheet_gridlines(p.s.ws, LXW_HIDE_ALL_GRIDLINES);
	worksheet_freeze_panes(p.s.ws, 1, 1);
	xlsx_take(b, worksheet_repeat_rows(p.s.ws, 0, 0));
	begin_row(&p, TITLE_HEIGHT);
	join(&p, 0, p.columns - 1, STYLE_TITLE);
	xlsx_put_text(&p.s, 0, 0, str_of(text(name, b->lang)), STYLE_TITLE);
	put_indicators(&p);
	put_tables(&p, false);
	put_controls(&p);
	put_tables(&p, true);
	end_row(&p);
	if (!b->failed)
		xlsx_take(b, worksheet_print_area(p.s.ws, 0, 0, p.row - 1, p.columns - 1));
}

void xlsx_write_families(struct xlsx_book *b)
{
	static const struct {
		const char *family;
		enum text_id name;
	} sheets[] = {
		{ "password_policy", TEXT_sheet_password_policy },
		{ "privileged", TEXT_sheet_family_privileged },
		{ "tiering", TEXT_sheet_tiering },
		{ "stale", TEXT_sheet_stale },
		{ "mfa", TEXT_sheet_mfa },
	};

	for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
		for (size_t k = 0; k < ARRAY_LEN(b->run->families); k++)
			if (str_eq(b->run->families[k].name, str_of(sheets[i].family)))
				write_family(b, &b->run->families[k], sheets[i].name);
}
