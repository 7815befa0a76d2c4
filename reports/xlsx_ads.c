/* Rapprochement ADS: ANSSI's own result beside this one, the differences first. */
#include "reports/xlsx.h"

enum {
	DIFFERENCE,
	CONTROL,
	STATUS_THERE,
	LEVEL_THERE,
	COUNT_THERE,
	STATUS_HERE,
	LEVEL_HERE,
	COUNT_HERE,
	REASONS,
	ID,
	COLUMNS
};

/* ---- the head -------------------------------------------------------------------------------- */

/* Begins a row with its label. */
static bool label(struct xlsx_page *p, enum text_id id)
{
	if (!xlsx_page_row(p, 19))
		return false;
	xlsx_page_id(p, DIFFERENCE, id, STYLE_LABEL);
	return true;
}

static void put_date(struct xlsx_page *p, enum text_id id, int64_t seconds)
{
	struct xlsx_book *b = p->s.book;

	if (!label(p, id))
		return;
	if (seconds == INT64_MIN)
		words_text(&b->text, TEXT_not_given, b->lang);
	else
		words_date(&b->text, seconds, b->lang);
	xlsx_page_scratch(p, CONTROL, STYLE_VALUE);
}

static void put_total(struct xlsx_page *p, enum text_id id, uint64_t n)
{
	if (label(p, id))
		xlsx_page_number(p, CONTROL, (double)n, STYLE_VALUE_NUMBER);
}

static void put_head(struct xlsx_page *p, const struct run_ads *ads)
{
	struct xlsx_book *b = p->s.book;
	const struct run *r = b->run;

	if (!xlsx_page_row(p, 26))
		return;
	words_ads_missed(&b->text, ads, b->lang);
	xlsx_page_joined(p, DIFFERENCE, COLUMNS - 1, buf_str(&b->text), STYLE_VALUE);
	buf_clear(&b->text);
	put_date(p, TEXT_ads_dated, ads->dated);
	put_date(p, TEXT_collected_at, r->collected_at);
	if (label(p, TEXT_ads_level_there)) {
		words_number(&b->text, ads->level ? TEXT_level_of : TEXT_not_given, b->lang,
			(uint64_t)ads->level);
		xlsx_page_scratch(p, CONTROL, STYLE_VALUE);
	}
	if (label(p, TEXT_ads_level_here)) {
		words_level(&b->text, r, b->lang);
		xlsx_page_scratch(p, CONTROL, STYLE_VALUE);
	}
	put_total(p, TEXT_ads_compared, run_ads_compared(ads));
	put_total(p, TEXT_ads_differences, run_ads_differences(ads));
	words_text(&b->text, TEXT_ads_intro, b->lang);
	xlsx_page_note(p);
}

/* ---- points ---------------------------------------------------------------------------------- */

static void put_level(struct xlsx_page *p, lxw_col_t column, int level)
{
	if (level)
		xlsx_page_number(p, column, level, STYLE_CELL_LEVEL);
	else
		xlsx_page_id(p, column, TEXT_none, STYLE_CELL_WORDS);
}

static void put_count(struct xlsx_page *p, lxw_col_t column, int64_t count)
{
	if (count != INT64_MIN)
		xlsx_page_number(p, column, (double)count, STYLE_CELL_CENTER);
	else
		xlsx_page_id(p, column, TEXT_none, STYLE_CELL_WORDS);
}

static void put_there(struct xlsx_page *p, const struct run_ads_point *x)
{
	enum lang lang = p->s.book->lang;

	xlsx_page_put(p, STATUS_THERE,
		str_of(x->listed ? words_status(x->status, lang) : text(TEXT_none, lang)),
		STYLE_CELL_STATUS);
	put_level(p, LEVEL_THERE, x->level);
	put_count(p, COUNT_THERE, x->count);
}

static void put_here(struct xlsx_page *p, const struct run_control *c)
{
	enum lang lang = p->s.book->lang;

	xlsx_page_put(p, STATUS_HERE,
		str_of(c ? words_status(c->status, lang) : text(TEXT_none, lang)),
		STYLE_CELL_STATUS);
	put_level(p, LEVEL_HERE, c ? c->failed_level : 0);
	put_count(p, COUNT_HERE, c ? (int64_t)run_ads_found(c) : INT64_MIN);
}

static void put_point(struct xlsx_page *p, const struct run_ads_point *x)
{
	struct xlsx_book *b = p->s.book;

	xlsx_page_id(p, DIFFERENCE, words_ads_difference(x->difference), STYLE_CELL_ADS);
	xlsx_page_put(p, CONTROL,
		x->control ? words_of(&x->control->title, b->lang)
			   : str_of(text(TEXT_none, b->lang)),
		STYLE_CELL);
	put_there(p, x);
	put_here(p, x->control);
	for (size_t i = 0; i < x->reason_count; i++) {
		buf_putz(&b->text, i ? "\n" : "");
		words_code(&b->text, CODE_REASON, x->reasons[i], b->lang);
	}
	xlsx_page_scratch(p, REASONS, STYLE_CELL);
	xlsx_page_put(p, ID, x->id, STYLE_CELL);
}

static void put_heads(struct xlsx_page *p)
{
	static const enum text_id heads[COLUMNS] = { TEXT_ads_difference, TEXT_control,
		TEXT_ads_status_there, TEXT_ads_level_there, TEXT_ads_count_there,
		TEXT_ads_status_here, TEXT_ads_failed_here, TEXT_ads_count_here, TEXT_ads_reasons,
		TEXT_control_id };

	for (size_t i = 0; i < COLUMNS; i++)
		xlsx_page_id(p, (lxw_col_t)i, heads[i], STYLE_HEADER);
}

/* Those from *from on that are of the section: a block of its own, as the points are in order. */
static void put_section(struct xlsx_page *p, const struct run_ads *ads, enum text_id title,
	bool (*belongs)(enum ads_difference), size_t *from)
{
	lxw_row_t first;

	if (*from == ads->point_count || !belongs(ads->points[*from].difference) ||
		!xlsx_page_section_id(p, title) || !xlsx_page_row(p, 34))
		return;
	put_heads(p);
	first = p->row;
	for (; *from < ads->point_count && belongs(ads->points[*from].difference) &&
		xlsx_page_row(p, 0);
		++*from)
		put_point(p, &ads->points[*from]);
	if (p->row == first || p->s.book->failed)
		return;
	xlsx_colour(&p->s, first, DIFFERENCE, p->row - 1, STYLE_CELL_ADS);
	xlsx_colour(&p->s, first, STATUS_THERE, p->row - 1, STYLE_CELL_STATUS);
	xlsx_colour(&p->s, first, LEVEL_THERE, p->row - 1, STYLE_CELL_LEVEL);
	xlsx_colour(&p->s, first, STATUS_HERE, p->row - 1, STYLE_CELL_STATUS);
	xlsx_colour(&p->s, first, LEVEL_HERE, p->row - 1, STYLE_CELL_LEVEL);
}

static bool differs(enum ads_difference d)
{
	return d != ADS_NOT_LISTED && d != ADS_SAME;
}

static bool is_not_listed(enum ads_difference d)
{
	return d == ADS_NOT_LISTED;
}

static bool is_same(enum ads_difference d)
{
	return d == ADS_SAME;
}

void xlsx_write_ads(struct xlsx_book *b)
{
	const struct run_ads *ads = b->run->ads;
	struct xlsx_page p = { .s.book = b,
		.columns = COLUMNS,
		.widths = { 27, 46, 16, 11, 11, 16, 10, 10, 64, 44 } };
	size_t next = 0;

	if (!ads)
		return;
	xlsx_page_begin(&p, TEXT_sheet_ads);
	put_head(&p, ads);
	if (!run_ads_differences(ads)) {
		words_text(&b->text, TEXT_ads_no_difference, b->lang);
		xlsx_page_note(&p);
	}
	put_section(&p, ads, TEXT_ads_differences, differs, &next);
	put_section(&p, ads, TEXT_ads_section_not_listed, is_not_listed, &next);
	put_section(&p, ads, TEXT_ads_section_same, is_same, &next);
	xlsx_page_end(&p);
}
