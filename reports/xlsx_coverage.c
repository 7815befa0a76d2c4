/* Couverture: what was not read, what that leaves open, and what would bring the answers. */
#include "reports/xlsx.h"

#include "reports/rights.h"

#include <stdlib.h>

enum { CAUSE, VERDICTS, LEFT_OPEN, RIGHT_COLUMN, COLUMNS };

/* A reason that leaves controls unknown, and them. */
struct cause {
	struct str reason;
	uint64_t count;
	size_t first; /* in the list sorted by reason */
};

struct causes {
	const struct run_control **controls; /* unknown ones, by reason, then by id */
	size_t control_count;
	struct cause *list; /* that decide most come first */
	size_t count;
};

static int by_reason(const void *a, const void *b)
{
	const struct run_control *x = *(const struct run_control *const *)a;
	const struct run_control *y = *(const struct run_control *const *)b;
	int order = str_cmp(x->reason, y->reason);

	return order ? order : str_cmp(x->id, y->id);
}

static int by_count(const void *a, const void *b)
{
	const struct cause *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return str_cmp(x->reason, y->reason);
}

static struct causes find_causes(const struct run *r)
{
	struct causes c = { 0 };

	c.controls = xcalloc(r->control_count + 1, sizeof(const struct run_control *));
	c.list = xcalloc(r->control_count + 1, sizeof(*c.list));
	for (size_t i = 0; i < r->control_count; i++)
		if (r->controls[i].status == STATUS_UNKNOWN)
			c.controls[c.control_count++] = &r->controls[i];
	if (!c.control_count)
		return c;
	qsort(c.controls, c.control_count, sizeof(const struct run_control *), by_reason);
	for (size_t i = 0; i < c.control_count; i++) {
		if (!i || !str_eq(c.controls[i]->reason, c.controls[i - 1]->reason))
			c.list[c.count++] = (struct cause){ c.controls[i]->reason, 0, i };
		c.list[c.count - 1].count++;
	}
	qsort(c.list, c.count, sizeof(*c.list), by_count);
	return c;
}

static void put_cause(struct xlsx_page *p, const struct causes *c, const struct cause *cause)
{
	struct xlsx_book *b = p->s.book;

	words_code(&b->text, CODE_REASON, cause->reason, b->lang);
	xlsx_page_scratch(p, CAUSE, STYLE_CELL);
	xlsx_page_number(p, VERDICTS, (double)cause->count, STYLE_CELL_CENTER);
	for (size_t i = 0; i < cause->count; i++) {
		buf_putz(&b->text, i ? "\n" : "");
		buf_put_str(&b->text, c->controls[cause->first + i]->id);
	}
	xlsx_page_scratch(p, LEFT_OPEN, STYLE_CELL);
	xlsx_page_put(
		p, RIGHT_COLUMN, str_of(words_right(right_of(cause->reason), b->lang)), STYLE_CELL);
}

static void put_causes(struct xlsx_page *p)
{
	struct xlsx_book *b = p->s.book;
	struct causes c = find_causes(b->run);

	if (!xlsx_page_section_id(p, TEXT_coverage_rights))
		goto out;
	if (rights_needed(b->run) && xlsx_page_row(p, 18))
		xlsx_page_joined(p, 0, COLUMNS - 1, str_of(text(TEXT_coverage_script, b->lang)),
			STYLE_ESTIMATE);
	if (!c.count) {
		words_text(&b->text, TEXT_coverage_all_read, b->lang);
		xlsx_page_note(p);
		goto out;
	}
	if (!xlsx_page_row(p, 20))
		goto out;
	xlsx_page_id(p, CAUSE, TEXT_coverage_cause, STYLE_HEADER);
	xlsx_page_id(p, VERDICTS, TEXT_coverage_verdicts, STYLE_HEADER);
	xlsx_page_id(p, LEFT_OPEN, TEXT_coverage_left, STYLE_HEADER);
	xlsx_page_id(p, RIGHT_COLUMN, TEXT_coverage_right, STYLE_HEADER);
	for (size_t i = 0; i < c.count && xlsx_page_row(p, 0); i++)
		put_cause(p, &c, &c.list[i]);
out:
	free(c.controls);
	free(c.list);
}

static void put_read(struct xlsx_page *p, struct str need, struct str state, struct str detail)
{
	struct xlsx_book *b = p->s.book;

	xlsx_page_put(p, CAUSE, need, STYLE_CELL);
	words_code(&b->text, CODE_STATE, state, b->lang);
	xlsx_page_scratch(p, VERDICTS, STYLE_CELL_WORDS);
	words_code(&b->text, CODE_REASON, detail, b->lang);
	xlsx_page_scratch(p, LEFT_OPEN, STYLE_CELL);
}

static void put_reads(struct xlsx_page *p)
{
	struct xlsx_book *b = p->s.book;
	const struct run *r = b->run;
	struct buf need = { 0 };
	lxw_row_t first;

	if (!xlsx_page_section_id(p, TEXT_coverage_reads) || !xlsx_page_row(p, 20))
		return;
	xlsx_page_id(p, CAUSE, TEXT_need, STYLE_HEADER);
	xlsx_page_id(p, VERDICTS, TEXT_status, STYLE_HEADER);
	xlsx_page_id(p, LEFT_OPEN, TEXT_detail, STYLE_HEADER);
	first = p->row;
	for (size_t i = 0; i < r->coverage_count && xlsx_page_row(p, 0); i++) {
		words_code(&need, CODE_NEED, r->coverage[i].need, b->lang);
		put_read(p, buf_str(&need), r->coverage[i].state, r->coverage[i].detail);
		buf_clear(&need);
	}
	for (size_t i = 0; i < r->waiver_note_count && xlsx_page_row(p, 0); i++)
		put_read(p, str_of(text(TEXT_waivers, b->lang)), STR("note"), r->waiver_notes[i]);
	if (p->row > first)
		xlsx_colour(&p->s, first, VERDICTS, p->row - 1, STYLE_COVERAGE);
	buf_free(&need);
}

void xlsx_write_coverage(struct xlsx_book *b)
{
	struct xlsx_page p = { .s.book = b, .columns = COLUMNS, .widths = { 60, 17, 60, 60 } };

	xlsx_page_begin(&p, TEXT_sheet_coverage);
	put_causes(&p);
	put_reads(&p);
	xlsx_page_end(&p);
}
