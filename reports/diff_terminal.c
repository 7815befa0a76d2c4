/* What diff prints: everything that changed, a few lines of each kind. */
#include "reports/diff_words.h"

#include "reports/writers.h"

#include "base/utf8.h"

#include <inttypes.h>

/* Lines of a section; the files hold all. */
#define CONTROLS_SHOWN 12
#define INDICATORS_SHOWN 12

struct page {
	const struct run *now;
	const struct run_evolution *e;
	enum lang lang;
	size_t columns;
	FILE *out;
	struct buf line;
};

static void print(struct page *p)
{
	terminal_print(p->out, &p->line, p->columns);
}

static void print_text(struct page *p, enum text_id id)
{
	words_text(&p->line, id, p->lang);
	print(p);
}

/* A sentence on as many lines as it needs. */
static void print_wrapped(struct page *p)
{
	struct buf all = p->line;
	struct str rest = buf_str(&all);

	p->line = (struct buf){ 0 };
	while (rest.p) {
		struct str word = str_cut(rest, ' ', &rest);

		if (p->line.n &&
			utf8_length(buf_str(&p->line)) + 1 + utf8_length(word) > p->columns)
			print(p);
		buf_putz(&p->line, p->line.n ? " " : "");
		buf_put_str(&p->line, word);
	}
	print(p);
	buf_free(&all);
}

/* ---- the head ------------------------------------------------------------------------------- */

static void print_label(struct page *p, enum text_id id)
{
	words_text(&p->line, id, p->lang);
	words_text(&p->line, TEXT_colon, p->lang);
}

static void print_head(struct page *p)
{
	struct diff_totals t = diff_totals(p->e);

	diff_words_subject(&p->line, p->e->before, p->now, p->lang);
	print_wrapped(p);
	buf_putz(&p->line, "== ");
	diff_words_level(&p->line, p->e->before, p->now, p->lang);
	buf_putz(&p->line, " ==");
	print(p);
	words_floor(&p->line, p->now, p->lang);
	print_wrapped(p);
	diff_words_level_note(&p->line, p->e->before, p->now, p->lang);
	print_wrapped(p);
	words_estimate(&p->line, p->now, TEXT_estimate_short, p->lang);
	print(p);
	for (size_t i = 0; diff_words_note(&p->line, p->now, p->e, i, p->lang); i++)
		print_wrapped(p);
	print_label(p, TEXT_diff_controls);
	diff_words_controls(&p->line, &t, p->lang);
	print_wrapped(p);
	if (!t.anonymous) {
		print_label(p, TEXT_diff_findings);
		diff_words_findings(&p->line, &t, p->lang);
		print_wrapped(p);
	}
}

/* The levels of all runs that were given. */
static void print_levels(struct page *p)
{
	if (p->e->point_count < 3)
		return;
	print_label(p, TEXT_diff_levels);
	for (size_t i = 0; i < p->e->point_count; i++) {
		buf_printf(&p->line, "%s%d (", i ? " → " : "", p->e->points[i].level);
		words_date(&p->line, p->e->points[i].evaluated_at, p->lang);
		buf_putc(&p->line, ')');
	}
	print_wrapped(p);
}

/* ---- controls ------------------------------------------------------------------------------- */

static void print_control(struct page *p, const struct evolution_control *c)
{
	buf_printf(&p->line, " [%d] ", diff_level(c));
	buf_put_str(&p->line, words_of(&diff_control(c)->title, p->lang));
	print(p);
	buf_putz(&p->line, "     ");
	diff_words_control(&p->line, c, p->lang);
	print(p);
}

static void print_more(struct page *p, uint64_t left)
{
	if (!left)
		return;
	buf_putz(&p->line, "     ");
	words_number(&p->line, TEXT_diff_more, p->lang, left);
	print(p);
}

/* Worst level first, then by id, in which they stand. */
static void print_kind(struct page *p, enum control_change change)
{
	uint64_t shown = 0, all = 0;

	for (int level = 1; level <= 5; level++)
		for (size_t i = 0; i < p->e->control_count; i++) {
			const struct evolution_control *c = &p->e->controls[i];

			if (c->change != change || !diff_changed(c) || diff_level(c) != level)
				continue;
			if (!all++) {
				fputc('\n', p->out);
				print_text(p, diff_heading(change));
			}
			if (shown < CONTROLS_SHOWN) {
				print_control(p, c);
				shown++;
			}
		}
	print_more(p, all - shown);
}

/* ---- indicators ----------------------------------------------------------------------------- */

static void print_indicator(struct page *p, size_t f, size_t i, const struct evolution_indicator *x)
{
	const struct run_family *family = &p->now->families[f];
	const char *trend = diff_words_trend(x, p->lang);
	const char *arrow = diff_arrow(x);
	struct buf tail = { 0 };

	diff_words_value(&tail, &family->indicators[i], x->before, p->lang);
	buf_putz(&tail, " → ");
	diff_words_value(&tail, &family->indicators[i], x->now, p->lang);
	if (*trend)
		buf_printf(&tail, "  %s", trend);
	buf_printf(&p->line, " %s ", *arrow ? arrow : "·");
	words_indicator_meaning(&p->line, family, i, p->lang);
	if (utf8_length(buf_str(&p->line)) + 2 + utf8_length(buf_str(&tail)) > p->columns) {
		print(p);
		buf_putz(&p->line, "   ");
	}
	buf_putz(&p->line, "  ");
	buf_put_str(&p->line, buf_str(&tail));
	print(p);
	buf_free(&tail);
}

/* What may be judged first; the rest where there is room. */
static void print_family(struct page *p, size_t f)
{
	uint64_t shown = 0, all = 0;

	for (int judged = 1; judged >= 0; judged--)
		for (size_t i = 0; i < p->now->families[f].count; i++) {
			struct evolution_indicator x =
				evolution_indicator(p->e->before, p->now, f, i);
			bool verdict = x.trend == TREND_BETTER || x.trend == TREND_WORSE;

			if (x.before == x.now || verdict != (judged == 1))
				continue;
			if (!all++) {
				words_code(
					&p->line, CODE_FAMILY, p->now->families[f].name, p->lang);
				print(p);
			}
			if (shown < INDICATORS_SHOWN) {
				print_indicator(p, f, i, &x);
				shown++;
			}
		}
	print_more(p, all - shown);
}

void diff_summary(const struct run *now, const struct report_options *o, FILE *out)
{
	struct page p = { .now = now, .e = o->evolution, .lang = o->lang, .out = out };

	p.columns =
		o->columns < TERMINAL_COLUMNS_LEAST ? TERMINAL_COLUMNS_LEAST : (size_t)o->columns;
	print_head(&p);
	print_levels(&p);
	for (size_t i = 0; i < DIFF_CHANGES; i++)
		print_kind(&p, diff_order[i]);
	fputc('\n', out);
	print_text(&p, TEXT_section_families);
	for (size_t f = 0; f < ARRAY_LEN(now->families); f++)
		print_family(&p, f);
	buf_free(&p.line);
}
