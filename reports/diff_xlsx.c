/* diff.xlsx: what changed on one sheet, then in detail, then the findings. */
#include "reports/xlsx.h"

#include "reports/diff_words.h"

#include "base/limits.h"

enum { LABEL, BEFORE, NOW, TREND, COLUMNS };

/* ---- Synthèse: what a director reads ---------------------------------------------------------
 */

static void put_heads(struct xlsx_page *p, const enum text_id *heads, size_t count)
{
	for (size_t i = 0; i < count; i++)
		xlsx_page_id(p, (lxw_col_t)i, heads[i], STYLE_HEADER);
}

/* book->text as a line over the sheet. */
static void put_line(struct xlsx_page *p, enum xlsx_style style)
{
	struct buf *words = &p->s.book->text;

	if (words->n && xlsx_page_row(p, 0))
		xlsx_page_joined(p, LABEL, COLUMNS - 1, buf_str(words), style);
	buf_clear(words);
}

static void put_head(struct xlsx_page *p)
{
	struct xlsx_book *b = p->s.book;
	const struct run *before = b->evolution->before;
	struct diff_totals t = diff_totals(b->evolution);

	diff_words_subject(&b->text, before, b->run, b->lang);
	put_line(p, STYLE_SUBTITLE);
	diff_words_level(&b->text, before, b->run, b->lang);
	put_line(p, STYLE_SECTION);
	buf_putz(&b->text, words_level_meaning(b->run, b->lang));
	put_line(p, STYLE_MEANING);
	diff_words_level_note(&b->text, before, b->run, b->lang);
	put_line(p, STYLE_MEANING);
	buf_printf(&b->text, "%s%s", text(TEXT_diff_controls, b->lang), text(TEXT_colon, b->lang));
	diff_words_controls(&b->text, &t, b->lang);
	put_line(p, STYLE_MEANING);
	if (!t.anonymous) {
		buf_printf(&b->text, "%s%s", text(TEXT_diff_findings, b->lang),
			text(TEXT_colon, b->lang));
		diff_words_findings(&b->text, &t, b->lang);
		put_line(p, STYLE_MEANING);
	}
	for (size_t i = 0; diff_words_note(&b->text, b->run, b->evolution, i, b->lang); i++)
		put_line(p, STYLE_ESTIMATE);
	words_estimate(&b->text, b->run, TEXT_estimate, b->lang);
	put_line(p, STYLE_ESTIMATE);
}

struct figure {
	double before, now;
	enum text_id label;
	enum xlsx_style style;
};

static void put_figures(struct xlsx_page *p)
{
	static const enum text_id heads[COLUMNS] = { TEXT_diff_levels, TEXT_value_before,
		TEXT_value_now, TEXT_diff_trend };
	const struct run_evolution *e = p->s.book->evolution;
	const struct evolution_point *was = &e->points[e->point_count - 2];
	const struct evolution_point *is = &e->points[e->point_count - 1];
	const struct figure figures[] = {
		{ was->level, is->level, TEXT_level, STYLE_CELL_LEVEL },
		{ was->level_floor, is->level_floor, TEXT_level_floor, STYLE_CELL_LEVEL },
		{ was->level_with_waivers, is->level_with_waivers, TEXT_level_waived,
			STYLE_CELL_LEVEL },
		{ (double)was->failed, (double)is->failed, TEXT_diff_failed, STYLE_CELL_CENTER },
		{ (double)was->unknown, (double)is->unknown, TEXT_diff_unknown, STYLE_CELL_CENTER },
		{ (double)was->findings, (double)is->findings, TEXT_diff_objects,
			STYLE_CELL_CENTER },
	};
	struct xlsx_book *b = p->s.book;
	lxw_row_t first;

	if (!xlsx_page_section_id(p, TEXT_diff_trend) || !xlsx_page_row(p, 20))
		return;
	put_heads(p, heads, ARRAY_LEN(heads));
	first = p->row;
	for (size_t i = 0; i < ARRAY_LEN(figures) && xlsx_page_row(p, 18); i++) {
		const struct figure *f = &figures[i];

		xlsx_page_id(p, LABEL, f->label, STYLE_CELL);
		xlsx_page_number(p, BEFORE, f->before, f->style);
		xlsx_page_number(p, NOW, f->now, f->style);
		buf_putz(&b->text, f->now > f->before ? "↑" : f->now < f->before ? "↓" : "→");
		xlsx_page_scratch(p, TREND, STYLE_CELL_WORDS);
	}
	for (lxw_col_t c = BEFORE; c <= NOW && !b->failed; c++)
		xlsx_colour(&p->s, first, c, first + 2, STYLE_CELL_LEVEL);
}

static void put_number(struct xlsx_page *p, enum text_id label, uint64_t n)
{
	if (!n || !xlsx_page_row(p, 0))
		return;
	xlsx_page_id(p, LABEL, label, STYLE_CELL);
	xlsx_page_number(p, BEFORE, (double)n, STYLE_CELL_CENTER);
}

static void put_totals(struct xlsx_page *p)
{
	static const enum text_id heads[2][2] = { { TEXT_diff_controls, TEXT_diff_number },
		{ TEXT_diff_findings, TEXT_diff_number } };
	struct diff_totals t = diff_totals(p->s.book->evolution);
	uint64_t still = 0;

	for (size_t i = 0; i < p->s.book->evolution->control_count; i++) {
		const struct evolution_control *c = &p->s.book->evolution->controls[i];

		still += c->change == CHANGE_NONE && diff_changed(c);
	}
	t.changes[CHANGE_NONE] = still;
	if (!xlsx_page_section_id(p, TEXT_diff_changed) || !xlsx_page_row(p, 20))
		return;
	put_heads(p, heads[0], 2);
	for (size_t i = 0; i < DIFF_CHANGES; i++)
		put_number(p, diff_heading(diff_order[i]), t.changes[diff_order[i]]);
	if (t.anonymous || !xlsx_page_row(p, 10) || !xlsx_page_row(p, 20))
		return;
	put_heads(p, heads[1], 2);
	put_number(p, TEXT_diff_finding_fixed, t.fixed);
	put_number(p, TEXT_diff_finding_new, t.added);
	put_number(p, TEXT_diff_finding_back, t.back);
	put_number(p, TEXT_diff_finding_lost, t.lost);
	put_number(p, TEXT_diff_finding_remaining, t.remaining);
}

static void write_summary(struct xlsx_book *b)
{
	struct xlsx_page p = { .s.book = b, .columns = COLUMNS, .widths = { 72, 22, 22, 28 } };

	xlsx_page_begin(&p, TEXT_sheet_summary);
	if (!b->failed)
		worksheet_fit_to_pages(p.s.ws, 1, 1);
	put_head(&p);
	put_figures(&p);
	put_totals(&p);
	xlsx_page_end(&p);
}

/* ---- Constats nouveaux -----------------------------------------------------------------------
 */

static const struct xlsx_column finding_columns[] = {
	{ TEXT_control, 40, STYLE_TEXT, PRINTED },
	{ TEXT_outcome, 14, STYLE_TEXT, PRINTED },
	{ TEXT_level, 8, STYLE_LEVEL, PRINTED },
	{ TEXT_name, 26, STYLE_TEXT, PRINTED },
	{ TEXT_kind, 13, STYLE_TEXT, PRINTED },
	{ TEXT_evidence, 64, STYLE_WRAP, PRINTED },
	{ TEXT_diff_since, 12, STYLE_DATE, PRINTED },
	{ TEXT_control_id, 41, STYLE_TEXT, SCREEN },
	{ TEXT_dn, 60, STYLE_TEXT, SCREEN },
	{ TEXT_sid, 46, STYLE_TEXT, SCREEN },
	{ TEXT_guid, 38, STYLE_TEXT, SCREEN },
};

static int put_finding(void *to, const struct evolution_control *c, enum diff_state state,
	const struct run_object *o, int64_t since, struct err *err)
{
	struct xlsx_sheet *s = to;

	(void)err;
	/* Those that are gone have a sheet behind Évolution. */
	if ((state != DIFF_NEW && state != DIFF_BACK) || !xlsx_list_row(s))
		return 0;
	xlsx_put_words(s, &c->now->title);
	xlsx_z(s, text(diff_state_text(state), s->book->lang));
	xlsx_put_level(s, o->level);
	xlsx_text(s, o->name);
	xlsx_put_code(s, CODE_KIND, o->kind);
	words_evidence(&s->book->text, o, s->book->lang);
	xlsx_scratch(s);
	xlsx_date(s, since);
	xlsx_text(s, c->now->id);
	xlsx_text(s, o->dn);
	xlsx_text(s, o->sid);
	xlsx_text(s, o->guid);
	return 0;
}

static void write_findings(struct xlsx_book *b)
{
	const struct run_evolution *e = b->evolution;
	struct diff_totals t = diff_totals(e);
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_diff_new, finding_columns,
		ARRAY_LEN(finding_columns), t.added + t.back);

	for (size_t i = 0; i < e->control_count && !b->failed; i++)
		diff_each_finding(&e->controls[i], put_finding, &s, b->err);
	xlsx_list_end(&s);
}

/* ---- Comment lire ----------------------------------------------------------------------------
 */

static const struct xlsx_column method_columns[] = {
	{ TEXT_subject, 28, STYLE_TEXT, PRINTED },
	{ TEXT_explanation, 110, STYLE_WRAP, PRINTED },
};

static void write_method(struct xlsx_book *b)
{
	static const enum text_id rows[][2] = {
		{ TEXT_method_diff_same, TEXT_method_diff_same_text },
		{ TEXT_method_diff_fixed, TEXT_method_diff_fixed_text },
		{ TEXT_method_diff_back, TEXT_method_diff_back_text },
		{ TEXT_method_diff_trend, TEXT_method_diff_trend_text },
		{ TEXT_method_confidential, TEXT_method_confidential_text },
	};
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_diff_method, method_columns,
		ARRAY_LEN(method_columns), ARRAY_LEN(rows));

	for (size_t i = 0; i < ARRAY_LEN(rows) && xlsx_list_row(&s); i++) {
		xlsx_z(&s, text(rows[i][0], b->lang));
		xlsx_z(&s, text(rows[i][1], b->lang));
	}
	xlsx_list_end(&s);
}

/* ---- the workbook ---------------------------------------------------------------------------- */

static uint64_t all_rows(const struct run *now, const struct run_evolution *e)
{
	struct diff_totals t = diff_totals(e);
	uint64_t n = e->control_count + t.added + t.back + t.fixed + t.lost;

	for (size_t i = 0; i < ARRAY_LEN(now->families); i++)
		n += now->families[i].count;
	return n;
}

int diff_xlsx_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err)
{
	struct writing writing = writing_begin(now, o);
	struct xlsx_book b = { .run = now,
		.evolution = o->evolution,
		.lang = o->lang,
		.limits = { LIMIT_XLSX_ROWS, XLSX_TABLE_ROWS },
		.writing = &writing };
	struct buf subject = { 0 };
	int rc;

	diff_words_subject(&subject, o->evolution->before, now, o->lang);
	struct xlsx_about about = { text(TEXT_diff_title, o->lang), buf_str(&subject),
		now->evaluated_at };
	rc = xlsx_book_open(&b, path, &about, all_rows(now, o->evolution), err);
	if (!rc) {
		write_summary(&b);
		xlsx_write_evolution(&b);
		write_findings(&b);
		write_method(&b);
	}
	if (xlsx_book_close(&b, path, err))
		rc = err->code;
	writing_end(&writing);
	buf_free(&subject);
	return rc;
}
