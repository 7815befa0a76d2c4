#include "reports/compare.h"

#include "base/datetime.h"
#include "base/utf8.h"
#include "reports/words.h"
#include "reports/writers.h"

#include <inttypes.h>

#define MEMBERS_SHOWN 20
#define ACTIONS_SHOWN 10
#define SENTENCES 16
#define LABEL 34

static void put_member(struct buf *b, const struct compare_member *m, enum lang lang)
{
	char date[DATETIME_TEXT];
	int64_t share = compare_unknown_share(m->last);

	terminal_put_cut(b, m->label, LABEL);
	if (m->last->level == m->last->level_floor)
		buf_printf(b, " %d    ", m->last->level);
	else
		buf_printf(b, " %d (%d)", m->last->level, m->last->level_floor);
	buf_printf(b, " %5" PRIu64, m->last->statuses[STATUS_FAIL]);
	if (m->last->points)
		buf_printf(b, " %5" PRId64 "%s%d %%", share / 10, lang == LANG_EN ? "." : ",",
			(int)(share % 10));
	else
		buf_printf(b, "         %s", text(TEXT_none, lang));
	buf_printf(b, "  %s  ", datetime_date(m->last->evaluated_at, date));
	compare_marks(b, m, lang);
}

static void put_head(struct buf *b, enum lang lang)
{
	terminal_put_cut(b, str_of(text(TEXT_facility, lang)), LABEL);
	buf_putz(b, lang == LANG_EN ? " Level   Fail  Not assessed" : " Niv.  Échecs   Non éval.");
}

static void put_action(
	struct buf *b, const struct compare_control *k, enum lang lang, size_t columns)
{
	struct buf count = { 0 };

	buf_printf(&count, " %" PRIu64 "/%" PRIu64, k->statuses[STATUS_FAIL], k->comparable);
	buf_printf(b, "[%d] ", k->level);
	terminal_put_cut(b, words_of(&k->control->title, lang),
		columns - utf8_length(buf_str(b)) - utf8_length(buf_str(&count)));
	buf_put_str(b, buf_str(&count));
	buf_free(&count);
}

void compare_summary(const struct comparison *c, const struct report_options *o, FILE *out)
{
	size_t columns =
		o->columns < TERMINAL_COLUMNS_LEAST ? TERMINAL_COLUMNS_LEAST : (size_t)o->columns;
	struct buf b = { 0 };

	compare_subject(&b, c, o->lang);
	terminal_print(out, &b, columns);
	put_head(&b, o->lang);
	terminal_print(out, &b, columns);
	for (size_t i = 0; i < c->member_count && i < MEMBERS_SHOWN; i++) {
		put_member(&b, &c->members[i], o->lang);
		terminal_print(out, &b, columns);
	}
	if (c->member_count > MEMBERS_SHOWN) {
		words_number(&b, TEXT_cut_table, o->lang, c->member_count - MEMBERS_SHOWN);
		terminal_print(out, &b, columns);
	}
	for (size_t i = 0; i < SENTENCES && compare_short(&b, c, i, o->lang); i++)
		terminal_print(out, &b, columns > 200 ? columns : 200);
	if (c->shared_count)
		words_text(&b, TEXT_cmp_first_actions, o->lang);
	terminal_print(out, &b, columns);
	for (size_t i = 0; i < c->shared_count && i < ACTIONS_SHOWN; i++) {
		put_action(&b, c->shared[i], o->lang, columns);
		terminal_print(out, &b, columns);
	}
	buf_free(&b);
}
