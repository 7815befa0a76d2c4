/* compare.xlsx: the workbook as a whole, and its first sheet. */
#include "reports/compare_xlsx.h"

#include "base/limits.h"

#define SENTENCES 16
#define ACTIONS 10

enum { LABEL, LEVEL, WORST, DATE, FAILED, SHARE, ACCOUNTS, REMARKS, COLUMNS };

static const struct {
	enum text_id title;
	double width;
} columns[COLUMNS] = {
	[LABEL] = { TEXT_facility, 38 },
	[LEVEL] = { TEXT_level, 9 },
	[WORST] = { TEXT_cmp_worst, 16 },
	[DATE] = { TEXT_cmp_audited, 16 },
	[FAILED] = { TEXT_cmp_failed_points, 13 },
	[SHARE] = { TEXT_cmp_unknown_share, 13 },
	[ACCOUNTS] = { TEXT_cmp_accounts, 12 },
	[REMARKS] = { TEXT_cmp_remarks, 46 },
};

static void put_in_short(struct xlsx_page *p, const struct comparison *c)
{
	struct xlsx_book *b = p->s.book;

	xlsx_page_section_id(p, TEXT_cmp_in_short);
	for (size_t i = 0; i < SENTENCES; i++) {
		struct buf sentence = { 0 };
		bool more = compare_short(&sentence, c, i, b->lang);

		if (more && xlsx_page_row(p, 18))
			xlsx_page_joined(p, 0, COLUMNS - 1, buf_str(&sentence), STYLE_CELL);
		buf_free(&sentence);
		if (!more)
			break;
	}
}

static void put_member(struct xlsx_page *p, const struct compare_member *m)
{
	struct xlsx_book *b = p->s.book;

	if (!xlsx_page_row(p, 18))
		return;
	xlsx_page_put(p, LABEL, m->label, STYLE_CELL);
	xlsx_page_number(p, LEVEL, m->last->level, STYLE_CELL_LEVEL);
	xlsx_page_number(p, WORST, m->last->level_floor, STYLE_CELL_LEVEL);
	xlsx_page_date(p, DATE, m->last->evaluated_at, STYLE_CELL_DATE);
	xlsx_page_number(p, FAILED, (double)m->last->statuses[STATUS_FAIL], STYLE_CELL_CENTER);
	if (m->last->points)
		xlsx_page_number(
			p, SHARE, (double)compare_unknown_share(m->last) / 10, STYLE_CELL_DECIMAL);
	else
		xlsx_page_id(p, SHARE, TEXT_none, STYLE_CELL_CENTER);
	xlsx_page_number(p, ACCOUNTS, (double)m->users_enabled,
		m->users_unread ? STYLE_AT_LEAST : STYLE_CELL_CENTER);
	compare_marks(&b->text, m, b->lang);
	xlsx_page_scratch(p, REMARKS, STYLE_CELL);
}

static void put_members(struct xlsx_page *p, const struct comparison *c)
{
	lxw_row_t first;

	xlsx_page_section_id(p, TEXT_cmp_sheet_members);
	if (!xlsx_page_row(p, 32))
		return;
	for (size_t i = 0; i < COLUMNS; i++)
		xlsx_page_id(p, (lxw_col_t)i, columns[i].title, STYLE_HEAD);
	first = p->row;
	for (size_t i = 0; i < c->member_count; i++)
		put_member(p, &c->members[i]);
	if (p->row > first) {
		xlsx_colour(&p->s, first, LEVEL, p->row - 1, STYLE_CELL_LEVEL);
		xlsx_colour(&p->s, first, WORST, p->row - 1, STYLE_CELL_LEVEL);
	}
}

static void put_action(struct xlsx_page *p, const struct compare_control *k)
{
	struct xlsx_book *b = p->s.book;

	if (!xlsx_page_row(p, 18))
		return;
	xlsx_page_put(p, LABEL, words_of(&k->control->title, b->lang), STYLE_CELL);
	xlsx_page_number(p, LEVEL, k->level, STYLE_CELL_LEVEL);
	xlsx_page_number(p, WORST, (double)k->statuses[STATUS_FAIL], STYLE_CELL_CENTER);
	xlsx_page_number(p, DATE, (double)k->comparable, STYLE_CELL_CENTER);
	xlsx_page_joined(p, FAILED, COLUMNS - 1, words_first_step(k->control, b->lang), STYLE_CELL);
}

static void put_actions(struct xlsx_page *p, const struct comparison *c)
{
	lxw_row_t first;

	xlsx_page_section_id(p, TEXT_cmp_first_actions);
	if (!c->shared_count) {
		if (xlsx_page_row(p, 18))
			xlsx_page_joined(p, 0, COLUMNS - 1,
				str_of(text(TEXT_cmp_no_shared, p->s.book->lang)), STYLE_CELL);
		return;
	}
	if (!xlsx_page_row(p, 46))
		return;
	xlsx_page_id(p, LABEL, TEXT_control, STYLE_HEAD);
	xlsx_page_id(p, LEVEL, TEXT_level, STYLE_HEAD);
	xlsx_page_id(p, WORST, TEXT_cmp_failing, STYLE_HEAD);
	xlsx_page_id(p, DATE, TEXT_cmp_comparable, STYLE_HEAD);
	xlsx_page_joined(
		p, FAILED, COLUMNS - 1, str_of(text(TEXT_first_step, p->s.book->lang)), STYLE_HEAD);
	first = p->row;
	for (size_t i = 0; i < c->shared_count && i < ACTIONS; i++)
		put_action(p, c->shared[i]);
	if (p->row > first)
		xlsx_colour(&p->s, first, LEVEL, p->row - 1, STYLE_CELL_LEVEL);
}

static void write_summary(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_page p = { .s.book = b, .columns = COLUMNS };

	for (size_t i = 0; i < COLUMNS; i++)
		p.widths[i] = columns[i].width;
	xlsx_page_begin(&p, TEXT_cmp_title);
	if (xlsx_page_row(&p, 24)) {
		compare_subject(&b->text, c, b->lang);
		xlsx_page_joined(&p, 0, COLUMNS - 1, buf_str(&b->text), STYLE_SUBTITLE);
		buf_clear(&b->text);
	}
	put_in_short(&p, c);
	put_members(&p, c);
	put_actions(&p, c);
	xlsx_page_end(&p);
}

/* ---- Méthode -------------------------------------------------------------------------------- */

static void write_method(struct xlsx_book *b)
{
	static const struct xlsx_column list[] = {
		{ TEXT_subject, 30, STYLE_TEXT, PRINTED },
		{ TEXT_explanation, 120, STYLE_WRAP, PRINTED },
	};
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_cmp_sheet_method, list, ARRAY_LEN(list), compare_method_count);

	for (size_t i = 0; i < compare_method_count && xlsx_list_row(&s); i++) {
		xlsx_z(&s, text(compare_method[i].subject, b->lang));
		xlsx_z(&s, text(compare_method[i].words, b->lang));
	}
	xlsx_list_end(&s);
}

int compare_xlsx_write(const struct comparison *c, const struct report_options *o, const char *path,
	struct err *err)
{
	struct xlsx_book b = { .lang = o->lang, .limits = { LIMIT_XLSX_ROWS, XLSX_TABLE_ROWS } };
	struct buf subject = { 0 };
	int rc;

	compare_subject(&subject, c, o->lang);
	struct xlsx_about about = { text(TEXT_cmp_title, o->lang), buf_str(&subject), c->newest };
	rc = xlsx_book_open(&b, path, &about, compare_xlsx_rows(c), err);
	if (!rc) {
		write_summary(&b, c);
		compare_xlsx_map(&b, c);
		compare_xlsx_lists(&b, c);
		compare_xlsx_indicators(&b, c);
		compare_xlsx_trusts(&b, c);
		write_method(&b);
	}
	if (xlsx_book_close(&b, path, err))
		rc = err->code;
	buf_free(&subject);
	return rc;
}
