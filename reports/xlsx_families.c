/* One sheet a family: its numbers, its short tables, its controls, its lists. The tables share the
 * columns of the sheet; cells are joined within a row only, and rows go from top to bottom. */
#include "reports/xlsx.h"

#define COLUMNS_LEAST 9
/* Rows of a table that stands above the controls; longer ones would push them out of sight. */
#define SHORT_TABLE 25
#define FIRST_WIDTH 52.0
/* Columns of the two fixed blocks; ids of controls take what is joined from JOIN to JOIN_END. */
enum { LABEL, VALUE, JOIN, JOIN_END = JOIN + 3, LEVEL, FAILED, UNDECIDED };

/* ---- indicators -----------------------------------------------------------------------------
 */

static void put_value(struct xlsx_page *p, const struct run_indicator *i)
{
	struct xlsx_book *b = p->s.book;

	if (i->value == INT64_MIN) {
		xlsx_page_id(p, VALUE, TEXT_status_unknown, STYLE_CELL_CENTER);
	} else if (words_indicator_is_number(i)) {
		xlsx_page_number(p, VALUE, (double)i->value, STYLE_CELL_CENTER);
	} else {
		words_indicator(&b->text, i, b->lang);
		xlsx_page_scratch(p, VALUE, STYLE_CELL_CENTER);
	}
}

static void put_behind(struct xlsx_page *p, const struct run_indicator *i)
{
	struct buf ids = { 0 };

	for (size_t k = 0; k < i->control_count; k++) {
		buf_putz(&ids, k ? "\n" : "");
		buf_put_str(&ids, i->controls[k]);
	}
	xlsx_page_joined(p, JOIN, JOIN_END, buf_str(&ids), STYLE_CELL);
	buf_free(&ids);
}

/* Why the numbers are lower bounds, a line each. */
static void put_notes(struct xlsx_page *p)
{
	struct xlsx_book *b = p->s.book;
	struct buf why = { 0 };

	for (size_t i = 0; i < p->family->note_count; i++) {
		words_code(&why, CODE_REASON, p->family->notes[i], b->lang);
		words_expand(&b->text, text(TEXT_incomplete, b->lang),
			(struct str[]){ buf_str(&why) }, 1);
		xlsx_page_note(p);
		buf_clear(&why);
	}
	buf_free(&why);
}

static void put_indicators(struct xlsx_page *p)
{
	const struct run_family *f = p->family;
	struct xlsx_book *b = p->s.book;

	words_text(&b->text, TEXT_section_families, b->lang);
	if (!xlsx_page_section(p))
		return;
	put_notes(p);
	if (!xlsx_page_row(p, 20))
		return;
	xlsx_page_id(p, LABEL, TEXT_indicator, STYLE_HEADER);
	xlsx_page_id(p, VALUE, TEXT_value, STYLE_HEADER);
	xlsx_page_joined(p, JOIN, JOIN_END, str_of(text(TEXT_behind, b->lang)), STYLE_HEADER);
	for (size_t i = 0; i < f->count && xlsx_page_row(p, 0); i++) {
		words_indicator_meaning(&b->text, f, i, b->lang);
		xlsx_page_scratch(p, LABEL, STYLE_CELL);
		put_value(p, &f->indicators[i]);
		put_behind(p, &f->indicators[i]);
	}
}

/* ---- tables ---------------------------------------------------------------------------------
 */

static void put_cell(struct xlsx_page *p, const struct run_table *t, lxw_col_t column,
	const struct run_cell *c, enum xlsx_style forced)
{
	struct xlsx_book *b = p->s.book;
	bool centred = column > 0 && !run_column_names(t->columns[column].kind);
	enum xlsx_style style = !centred				   ? STYLE_CELL
				: t->columns[column].kind == COLUMN_NUMBER ? STYLE_CELL_CENTER
									   : STYLE_CELL_WORDS;

	style = forced < STYLE_COUNT ? forced : style;
	if (!c->text.p && c->number == INT64_MIN)
		xlsx_page_id(p, column, TEXT_none, style);
	else if (t->columns[column].kind == COLUMN_NUMBER)
		xlsx_page_number(p, column, (double)c->number, style);
	else if (t->columns[column].kind == COLUMN_DATE)
		xlsx_page_date(p, column, c->number, STYLE_CELL_DATE);
	else if (t->columns[column].kind == COLUMN_CODE) {
		words_cell(&b->text, t, c->text, b->lang);
		xlsx_page_scratch(p, column, style);
	} else
		xlsx_page_put(p, column, c->text, style);
}

static void put_total(struct xlsx_page *p, const struct run_table *t)
{
	for (lxw_col_t c = 0; c < t->column_count; c++) {
		const struct run_cell *cell = &t->total[c];

		if (c == 0 && !cell->text.p && cell->number == INT64_MIN)
			xlsx_page_id(p, c, TEXT_total, STYLE_HEAD);
		else if (!cell->text.p && cell->number == INT64_MIN)
			xlsx_page_put(p, c, (struct str){ 0 }, STYLE_TOTAL);
		else
			put_cell(p, t, c, cell, STYLE_TOTAL);
	}
}

static void put_note(struct xlsx_page *p, enum text_id id, uint64_t n)
{
	words_number(&p->s.book->text, id, p->s.book->lang, n);
	xlsx_page_note(p);
}

static void put_table(struct xlsx_page *p, const struct run_table *t)
{
	struct xlsx_book *b = p->s.book;

	words_table(&b->text, t, b->lang);
	if (!xlsx_page_section(p) || !xlsx_page_row(p, 20))
		return;
	for (lxw_col_t c = 0; c < t->column_count; c++) {
		words_column(&b->text, t, c, b->lang);
		xlsx_page_scratch(p, c, STYLE_HEADER);
	}
	for (size_t i = 0; i < t->row_count && xlsx_page_row(p, 0); i++)
		for (lxw_col_t c = 0; c < t->column_count; c++)
			put_cell(p, t, c, &t->cells[i * t->column_count + c], STYLE_COUNT);
	if (!t->row_count)
		put_note(p, TEXT_no_rows, 0);
	if (t->row_total > t->row_count)
		put_note(p, TEXT_cut_table, t->row_total - t->row_count);
	if (t->total && xlsx_page_row(p, 0))
		put_total(p, t);
}

static bool is_of(const struct run_table *t, const struct run_family *f)
{
	return str_eq(t->family, f->name);
}

/* The short ones, or those that are lists. */
static void put_tables(struct xlsx_page *p, bool lists)
{
	const struct run *r = p->s.book->run;

	for (size_t i = 0; i < r->table_count; i++)
		if (is_of(&r->tables[i], p->family) &&
			lists == (r->tables[i].row_total > SHORT_TABLE))
			put_table(p, &r->tables[i]);
}

/* ---- controls -------------------------------------------------------------------------------
 */

static void put_control(struct xlsx_page *p, const struct run_control *c)
{
	enum lang lang = p->s.book->lang;

	xlsx_page_put(p, LABEL, words_of(&c->title, lang), STYLE_CELL);
	xlsx_page_put(p, VALUE, str_of(words_status(c->status, lang)), STYLE_CELL_STATUS);
	xlsx_page_joined(p, JOIN, JOIN_END, c->id, STYLE_CELL);
	if (c->failed_level)
		xlsx_page_number(p, LEVEL, c->failed_level, STYLE_CELL_LEVEL);
	else
		xlsx_page_put(p, LEVEL, (struct str){ 0 }, STYLE_CELL_CENTER);
	xlsx_page_number(p, FAILED, (double)c->count, STYLE_CELL_CENTER);
	xlsx_page_number(p, UNDECIDED, (double)c->unknown, STYLE_CELL_CENTER);
}

/* What is to be done first comes first: by status, then by level, then by id. */
static void put_sorted(struct xlsx_page *p, const struct run_family *f)
{
	for (size_t s = 0; s < STATUS_COUNT; s++)
		for (int level = 0; level <= 5; level++)
			for (size_t i = 0; i < f->control_count; i++) {
				const struct run_control *c = f->controls[i];

				if (c->status == run_status_order[s] && c->failed_level == level &&
					xlsx_page_row(p, 0))
					put_control(p, c);
			}
}

static void put_controls(struct xlsx_page *p)
{
	const struct run_family *f = p->family;
	struct xlsx_book *b = p->s.book;
	lxw_row_t first;

	if (!f->control_count)
		return;
	words_text(&b->text, TEXT_family_controls, b->lang);
	if (!xlsx_page_section(p) || !xlsx_page_row(p, 20))
		return;
	xlsx_page_id(p, LABEL, TEXT_control, STYLE_HEADER);
	xlsx_page_id(p, VALUE, TEXT_status, STYLE_HEADER);
	xlsx_page_joined(p, JOIN, JOIN_END, str_of(text(TEXT_control_id, b->lang)), STYLE_HEADER);
	xlsx_page_id(p, LEVEL, TEXT_failed_level, STYLE_HEADER);
	xlsx_page_id(p, FAILED, TEXT_failed, STYLE_HEADER);
	xlsx_page_id(p, UNDECIDED, TEXT_undecided, STYLE_HEADER);
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
static void measure(struct xlsx_page *p)
{
	const struct run *r = p->s.book->run;

	p->columns = COLUMNS_LEAST;
	for (size_t c = 0; c < XLSX_PAGE_COLUMNS; c++)
		p->widths[c] = 12;
	p->widths[LABEL] = FIRST_WIDTH;
	p->widths[VALUE] = 16;
	for (size_t i = 0; i < r->table_count; i++) {
		const struct run_table *t = &r->tables[i];

		if (!is_of(t, p->family))
			continue;
		if (t->column_count > p->columns)
			p->columns = (lxw_col_t)t->column_count;
		for (size_t c = 0; c < t->column_count && c < XLSX_PAGE_COLUMNS; c++)
			if (width_of(t->columns[c].kind) > p->widths[c])
				p->widths[c] = width_of(t->columns[c].kind);
	}
}

static void write_family(struct xlsx_book *b, const struct run_family *f, enum text_id name)
{
	struct xlsx_page p = { .s.book = b, .family = f };

	measure(&p);
	xlsx_page_begin(&p, name);
	put_indicators(&p);
	put_tables(&p, false);
	put_controls(&p);
	put_tables(&p, true);
	xlsx_page_end(&p);
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
