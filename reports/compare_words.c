/* Sentences that the terminal, the workbook and the page of a comparison share. */
#include "reports/compare.h"

#include "reports/words.h"

void compare_subject(struct buf *out, const struct comparison *c, enum lang lang)
{
	struct buf date = { 0 };

	if (c->ght.n) {
		buf_put_str(out, c->ght);
		buf_putz(out, " — ");
	}
	words_number(out, TEXT_cmp_members_n, lang, c->member_count);
	buf_putz(out, " — ");
	words_date(&date, c->newest, lang);
	words_expand(out, text(TEXT_cmp_until, lang), (struct str[]){ buf_str(&date) }, 1);
	buf_free(&date);
}

struct totals {
	int best, worst;
	uint64_t old, otherwise, open, undecided, partners;
};

static struct totals count(const struct comparison *c)
{
	struct totals t = { .best = 1, .worst = 5 };

	for (size_t i = 0; i < c->member_count; i++) {
		const struct compare_member *m = &c->members[i];

		if (m->last->level > t.best)
			t.best = m->last->level;
		if (m->last->level < t.worst)
			t.worst = m->last->level;
		t.old += (m->marks & MARK_OLD) != 0;
		t.otherwise += m->foreign > 0;
	}
	for (size_t i = 0; i < c->trust_count; i++) {
		t.open += c->trusts[i].open;
		t.undecided +=
			c->trusts[i].undecided && !c->trusts[i].open && !c->trusts[i].contradicts;
		t.partners += c->trusts[i].member[1] == SIZE_MAX && !c->trusts[i].unmatched;
	}
	return t;
}

static void put_levels(struct buf *out, const struct totals *t, enum lang lang)
{
	char worst[12], best[12];

	snprintf(worst, sizeof(worst), "%d", t->worst);
	snprintf(best, sizeof(best), "%d", t->best);
	words_expand(out,
		text(t->worst == t->best ? TEXT_cmp_levels_same : TEXT_cmp_levels_range, lang),
		(struct str[]){ str_of(worst), str_of(best) }, 2);
}

bool compare_short(struct buf *out, const struct comparison *c, size_t i, enum lang lang)
{
	struct totals t = count(c);
	const struct {
		enum text_id id;
		uint64_t n;
	} lines[] = {
		{ TEXT_cmp_shared_n, c->shared_count },
		{ TEXT_cmp_old_n, t.old },
		{ TEXT_cmp_otherwise_n, t.otherwise },
		{ TEXT_cmp_open_n, t.open },
		{ TEXT_cmp_undecided_n, t.undecided },
		{ TEXT_cmp_partners_n, t.partners },
	};

	if (i == 0) {
		put_levels(out, &t, lang);
		return true;
	}
	for (size_t k = 0; k < ARRAY_LEN(lines); k++)
		if (lines[k].n && --i == 0) {
			words_number(out, lines[k].id, lang, lines[k].n);
			return true;
		}
	for (size_t k = 0; k < c->note_count; k++)
		if (--i == 0) {
			words_code(out, CODE_REASON, c->notes[k], lang);
			buf_putc(out, '.');
			return true;
		}
	return false;
}

/* The date of the audit alone would not say why it is old. */
static void put_read(struct buf *out, int64_t at, enum lang lang)
{
	struct buf date = { 0 };

	words_date(&date, at, lang);
	buf_putz(out, " (");
	words_expand(out, text(TEXT_cmp_read_at, lang), (struct str[]){ buf_str(&date) }, 1);
	buf_putc(out, ')');
	buf_free(&date);
}

void compare_marks(struct buf *out, const struct compare_member *m, enum lang lang)
{
	static const struct {
		unsigned mark;
		enum text_id id;
	} marks[] = {
		{ MARK_OLD, TEXT_cmp_mark_old },
		{ MARK_MISSING, TEXT_cmp_mark_missing },
		{ MARK_CATALOGUE, TEXT_cmp_mark_catalogue },
		{ MARK_PARAMETERS, TEXT_cmp_mark_parameters },
		{ MARK_GHT, TEXT_cmp_mark_ght },
	};
	bool first = true;

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (!(m->marks & marks[i].mark))
			continue;
		buf_putz(out, first ? "" : ", ");
		words_text(out, marks[i].id, lang);
		if (marks[i].mark == MARK_OLD && m->last->read_at < m->last->evaluated_at)
			put_read(out, m->last->read_at, lang);
		first = false;
	}
}

uint64_t compare_not_assessed(const uint64_t *statuses)
{
	return statuses[STATUS_UNKNOWN] + statuses[STATUS_DISABLED];
}

int64_t compare_unknown_share(const struct compare_run *r)
{
	if (!r->points)
		return INT64_MIN;
	return (int64_t)((compare_not_assessed(r->statuses) * 1000 + r->points / 2) / r->points);
}

void compare_cell_words(struct buf *out, const struct compare_cell *cell, enum lang lang)
{
	struct str status = str_of(words_status(cell->status, lang));

	if (cell->state == CELL_ABSENT)
		words_text(out, TEXT_cmp_absent, lang);
	else if (cell->state == CELL_OTHER)
		words_expand(out, text(TEXT_cmp_other, lang), &status, 1);
	else
		buf_put_str(out, status);
}

const char *compare_per_words(enum compare_per per, enum lang lang)
{
	static const enum text_id ids[] = { [PER_NOTHING] = TEXT_cmp_per_nothing,
		[PER_ACCOUNTS] = TEXT_cmp_per_accounts,
		[PER_COMPUTERS] = TEXT_cmp_per_computers };

	return text(ids[per], lang);
}

const char *compare_trust_finding(const struct compare_trust *t, enum lang lang)
{
	if (t->open)
		return text(TEXT_cmp_trust_open, lang);
	if (t->contradicts)
		return text(TEXT_cmp_trust_contradicts, lang);
	if (t->undecided)
		return words_status(STATUS_UNKNOWN, lang);
	if (t->side[1].audited && !t->side[1].known)
		return text(TEXT_cmp_trust_half, lang);
	if (t->unmatched)
		return text(TEXT_cmp_trust_unmatched, lang);
	if (!t->side[1].audited)
		return text(TEXT_cmp_trust_partner, lang);
	return text(TEXT_cmp_trust_good, lang);
}

struct str compare_partner(
	const struct comparison *c, const struct compare_trust *t, enum lang lang)
{
	if (t->member[1] != SIZE_MAX)
		return c->members[t->member[1]].label;
	return str_of(text(t->unmatched ? TEXT_cmp_trust_unmatched : TEXT_cmp_not_audited, lang));
}

void compare_side(
	struct buf *out, const struct compare_trust_side *s, struct str code, enum lang lang)
{
	struct run_table table = { .family = STR("tiering") };

	if (!s->audited)
		words_text(out, TEXT_cmp_not_audited, lang);
	else if (!s->known)
		words_text(out, TEXT_cmp_no_such_trust, lang);
	else
		words_cell(out, &table, code, lang);
}

void compare_failing(struct buf *out, const struct comparison *c, const struct compare_control *k)
{
	bool first = true;

	for (size_t i = 0; i < c->member_count; i++) {
		if (k->cells[i].state != CELL_SAME || k->cells[i].status != STATUS_FAIL)
			continue;
		buf_putz(out, first ? "" : ", ");
		buf_put_str(out, c->members[i].label);
		first = false;
	}
}

const struct compare_method compare_method[] = {
	{ TEXT_method_level, TEXT_method_level_text },
	{ TEXT_cmp_method_same, TEXT_cmp_method_same_text },
	{ TEXT_cmp_method_comparable, TEXT_cmp_method_comparable_text },
	{ TEXT_cmp_method_shared, TEXT_cmp_method_shared_text },
	{ TEXT_cmp_method_scaled, TEXT_cmp_method_scaled_text },
	{ TEXT_cmp_method_outlier, TEXT_cmp_method_outlier_text },
	{ TEXT_cmp_method_old, TEXT_cmp_method_old_text },
	{ TEXT_cmp_method_trusts, TEXT_cmp_method_trusts_text },
	{ TEXT_method_confidential, TEXT_cmp_method_confidential_text },
};
const size_t compare_method_count = ARRAY_LEN(compare_method);
