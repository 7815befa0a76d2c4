/* Sheets of blocks that stand one below the other and share the sheet's columns. */
#include "reports/xlsx.h"

#define TITLE_HEIGHT 34
#define SECTION_HEIGHT 28

/* Constant-memory mode writes a row when the next one begins: its height comes before that. */
static void end_row(struct xlsx_page *p)
{
	if (p->row && !p->s.book->failed)
		xlsx_take(p->s.book, worksheet_set_row(p->s.ws, p->row - 1, p->height, NULL));
}

bool xlsx_page_row(struct xlsx_page *p, double height)
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

static void need_height(struct xlsx_page *p, struct str value, double width)
{
	double height = XLSX_LINE_HEIGHT * xlsx_lines(value, width) + 4;

	if (height > p->height)
		p->height = height;
}

void xlsx_page_put(struct xlsx_page *p, lxw_col_t column, struct str value, enum xlsx_style style)
{
	need_height(p, value, p->widths[column]);
	xlsx_put_text(&p->s, p->row - 1, column, value, style);
}

void xlsx_page_id(struct xlsx_page *p, lxw_col_t column, enum text_id id, enum xlsx_style style)
{
	xlsx_page_put(p, column, str_of(text(id, p->s.book->lang)), style);
}

void xlsx_page_scratch(struct xlsx_page *p, lxw_col_t column, enum xlsx_style style)
{
	xlsx_page_put(p, column, buf_str(&p->s.book->text), style);
	buf_clear(&p->s.book->text);
}

void xlsx_page_number(struct xlsx_page *p, lxw_col_t column, double value, enum xlsx_style style)
{
	xlsx_put_number(&p->s, p->row - 1, column, value, style);
}

void xlsx_page_date(struct xlsx_page *p, lxw_col_t column, int64_t seconds, enum xlsx_style style)
{
	xlsx_put_date(&p->s, p->row - 1, column, seconds, style);
}

static void join(struct xlsx_page *p, lxw_col_t from, lxw_col_t to, enum xlsx_style style)
{
	struct xlsx_book *b = p->s.book;

	if (!b->failed)
		xlsx_take(b, worksheet_merge_range(p->s.ws, p->row - 1, from, p->row - 1, to, "",
				     b->formats[style]));
}

void xlsx_page_joined(
	struct xlsx_page *p, lxw_col_t from, lxw_col_t to, struct str value, enum xlsx_style style)
{
	double width = 0;

	for (lxw_col_t i = from; i <= to; i++)
		width += p->widths[i];
	join(p, from, to, style);
	need_height(p, value, width);
	xlsx_put_text(&p->s, p->row - 1, from, value, style);
}

bool xlsx_page_section(struct xlsx_page *p)
{
	bool fits = xlsx_page_row(p, 12) && xlsx_page_row(p, SECTION_HEIGHT);

	if (fits) {
		join(p, 0, p->columns - 1, STYLE_SECTION);
		xlsx_put_text(&p->s, p->row - 1, 0, buf_str(&p->s.book->text), STYLE_SECTION);
	}
	buf_clear(&p->s.book->text);
	return fits;
}

bool xlsx_page_section_id(struct xlsx_page *p, enum text_id id)
{
	words_text(&p->s.book->text, id, p->s.book->lang);
	return xlsx_page_section(p);
}

void xlsx_page_note(struct xlsx_page *p)
{
	struct buf *words = &p->s.book->text;

	if (xlsx_page_row(p, 18))
		xlsx_put_text(&p->s, p->row - 1, 0, buf_str(words), STYLE_NOTE);
	buf_clear(words);
}

void xlsx_page_begin(struct xlsx_page *p, enum text_id name)
{
	struct xlsx_book *b = p->s.book;

	p->s = xlsx_sheet_add(b, name);
	if (b->failed)
		return;
	for (lxw_col_t c = 0; c < p->columns && !b->failed; c++)
		xlsx_take(b, worksheet_set_column(p->s.ws, c, c, p->widths[c], NULL));
	worksheet_gridlines(p->s.ws, LXW_HIDE_ALL_GRIDLINES);
	worksheet_freeze_panes(p->s.ws, 1, 1);
	xlsx_take(b, worksheet_repeat_rows(p->s.ws, 0, 0));
	xlsx_page_row(p, TITLE_HEIGHT);
	join(p, 0, p->columns - 1, STYLE_TITLE);
	xlsx_put_text(&p->s, 0, 0, str_of(text(name, b->lang)), STYLE_TITLE);
}

void xlsx_page_end(struct xlsx_page *p)
{
	struct xlsx_book *b = p->s.book;

	end_row(p);
	if (!b->failed)
		xlsx_take(b, worksheet_print_area(p->s.ws, 0, 0, p->row - 1, p->columns - 1));
}
