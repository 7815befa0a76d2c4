#include "reports/diff_words.h"

#include <inttypes.h>

/* ---- counting ------------------------------------------------------------------------------- */

const enum control_change diff_order[DIFF_CHANGES] = { CHANGE_WORSE, CHANGE_LOST, CHANGE_BETTER,
	CHANGE_DECIDED, CHANGE_NONE, CHANGE_INCOMPARABLE, CHANGE_ABSENT, CHANGE_OTHER };

static bool names_findings(const struct evolution_control *c)
{
	const struct run_control *now = c->now;

	return c->findings || !now || !(now->count + now->waived);
}

struct diff_totals diff_totals(const struct run_evolution *e)
{
	struct diff_totals t = { 0 };

	for (size_t i = 0; i < e->control_count; i++) {
		const struct evolution_control *c = &e->controls[i];

		t.changes[c->change]++;
		t.added += c->added;
		t.back += c->back;
		t.remaining += c->remaining;
		t.fixed += c->fixed_count;
		t.lost += c->lost_count;
		t.anonymous |= !names_findings(c);
	}
	return t;
}

bool diff_changed(const struct evolution_control *c)
{
	return c->change != CHANGE_NONE || c->added || c->back || c->fixed_count || c->lost_count;
}

const struct run_control *diff_control(const struct evolution_control *c)
{
	return c->now ? c->now : c->before;
}

int diff_level(const struct evolution_control *c)
{
	if (c->now && c->now->failed_level)
		return c->now->failed_level;
	if (c->before && c->before->failed_level)
		return c->before->failed_level;
	return diff_control(c)->levels[0];
}

int diff_each_finding(
	const struct evolution_control *c, diff_finding_fn *fn, void *to, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && c->findings && i < c->now->object_count; i++)
		if (c->findings[i].age != FINDING_REMAINING)
			rc = fn(to, c, c->findings[i].age == FINDING_NEW ? DIFF_NEW : DIFF_BACK,
				&c->now->objects[i], c->findings[i].since, err);
	for (size_t i = 0; !rc && i < c->fixed_count; i++)
		rc = fn(to, c, DIFF_FIXED, c->fixed[i], INT64_MIN, err);
	for (size_t i = 0; !rc && i < c->lost_count; i++)
		rc = fn(to, c, DIFF_LOST, c->lost[i], INT64_MIN, err);
	return rc;
}

/* ---- words of machines ---------------------------------------------------------------------- */

const char *diff_change_name(enum control_change c)
{
	static const char *const names[DIFF_CHANGES] = {
		[CHANGE_NONE] = "none",
		[CHANGE_BETTER] = "better",
		[CHANGE_WORSE] = "worse",
		[CHANGE_LOST] = "lost",
		[CHANGE_DECIDED] = "decided",
		[CHANGE_OTHER] = "other",
		[CHANGE_ABSENT] = "absent",
		[CHANGE_INCOMPARABLE] = "incomparable",
	};

	return names[c];
}

const char *diff_trend_name(enum indicator_trend t)
{
	static const char *const names[] = {
		[TREND_NONE] = "none",
		[TREND_SAME] = "same",
		[TREND_CHANGED] = "changed",
		[TREND_BETTER] = "better",
		[TREND_WORSE] = "worse",
	};

	return names[t];
}

const char *diff_age_name(enum finding_age a)
{
	return a == FINDING_NEW ? "new" : a == FINDING_BACK ? "back" : "remaining";
}

/* ---- words of people ------------------------------------------------------------------------ */

void diff_words_subject(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang)
{
	struct buf from = { 0 }, to = { 0 };

	if (now->facility_name.n) {
		buf_put_str(out, now->facility_name);
		buf_putz(out, " — ");
	}
	if (now->forest.n || now->domain_count) {
		buf_put_str(out, now->domain_count ? now->domains[0].dns : now->forest);
		buf_putz(out, " — ");
	}
	words_date(&from, before->evaluated_at, lang);
	words_date(&to, now->evaluated_at, lang);
	words_expand(out, text(TEXT_diff_from_to, lang),
		(struct str[]){ buf_str(&from), buf_str(&to) }, 2);
	buf_free(&from);
	buf_free(&to);
}

static const char *trend_words(enum indicator_trend t, enum lang lang)
{
	return t == TREND_BETTER  ? text(TEXT_trend_better, lang)
	       : t == TREND_WORSE ? text(TEXT_trend_worse, lang)
	       : t == TREND_SAME  ? text(TEXT_trend_same, lang)
				  : "";
}

void diff_words_level(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang)
{
	const char *trend = trend_words(evolution_level(before, now), lang);
	char levels[32];

	snprintf(levels, sizeof(levels), "%d → %d", before->level, now->level);
	if (before->level == now->level)
		snprintf(levels, sizeof(levels), "%d", now->level);
	words_expand(out, text(TEXT_level_of, lang), (struct str[]){ str_of(levels) }, 1);
	if (*trend)
		buf_printf(out, " (%s)", trend);
}

void diff_words_level_note(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang)
{
	if (evolution_level(before, now) == TREND_CHANGED)
		words_text(out,
			now->level > before->level ? TEXT_diff_level_up : TEXT_diff_level_down,
			lang);
}

static bool put_versions(
	struct buf *out, enum text_id id, struct str before, struct str now, enum lang lang)
{
	if (str_eq(before, now))
		return false;
	words_expand(out, text(id, lang), (struct str[]){ before, now }, 2);
	return true;
}

bool diff_words_older(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang)
{
	struct buf dates[2] = { { 0 } };

	if (before->collected_at == INT64_MIN || now->collected_at == INT64_MIN ||
		now->collected_at >= before->collected_at)
		return false;
	words_date(&dates[0], now->collected_at, lang);
	words_date(&dates[1], before->collected_at, lang);
	words_expand(out, text(TEXT_diff_older_reading, lang),
		(struct str[]){ buf_str(&dates[0]), buf_str(&dates[1]) }, 2);
	buf_free(&dates[0]);
	buf_free(&dates[1]);
	return true;
}

bool diff_words_note(struct buf *out, const struct run *now, const struct run_evolution *e,
	size_t i, enum lang lang)
{
	const struct run *before = e->before;
	struct buf notes[5] = { { 0 } };
	size_t n = 0;

	/* First: all that follows may be read the wrong way round. */
	n += diff_words_older(&notes[n], before, now, lang);
	if (!str_eq(before->policy_sha256, now->policy_sha256))
		words_text(&notes[n++], TEXT_diff_other_policy, lang);
	n += put_versions(&notes[n], TEXT_diff_other_catalogue, before->catalogue_version,
		now->catalogue_version, lang);
	n += put_versions(
		&notes[n], TEXT_diff_other_tool, before->tool_version, now->tool_version, lang);
	if (diff_totals(e).anonymous)
		words_text(&notes[n++], TEXT_diff_no_findings, lang);
	if (i < n)
		buf_put_str(out, buf_str(&notes[i]));
	for (size_t k = 0; k < ARRAY_LEN(notes); k++)
		buf_free(&notes[k]);
	return i < n;
}

struct counted {
	enum text_id text;
	uint64_t count;
};

/* "2 corrigés, 1 nouveau": what there is none of is left out. */
static bool put_counts(struct buf *out, const struct counted *list, size_t count, enum lang lang)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!list[i].count)
			continue;
		buf_putz(out, any ? ", " : "");
		words_number(out, list[i].text, lang, list[i].count);
		any = true;
	}
	return any;
}

void diff_words_controls(struct buf *out, const struct diff_totals *t, enum lang lang)
{
	const struct counted list[] = {
		{ TEXT_diff_n_better, t->changes[CHANGE_BETTER] },
		{ TEXT_diff_n_worse, t->changes[CHANGE_WORSE] },
		{ TEXT_diff_n_lost, t->changes[CHANGE_LOST] },
		{ TEXT_diff_n_decided, t->changes[CHANGE_DECIDED] },
		{ TEXT_diff_n_other, t->changes[CHANGE_OTHER] },
		{ TEXT_diff_n_absent, t->changes[CHANGE_ABSENT] },
		{ TEXT_diff_n_incomparable, t->changes[CHANGE_INCOMPARABLE] },
	};

	if (!put_counts(out, list, ARRAY_LEN(list), lang))
		words_text(out, TEXT_diff_no_change, lang);
}

void diff_words_findings(struct buf *out, const struct diff_totals *t, enum lang lang)
{
	const struct counted list[] = {
		{ TEXT_diff_n_fixed, t->fixed },
		{ TEXT_diff_n_added, t->added },
		{ TEXT_diff_n_back, t->back },
		{ TEXT_diff_n_gone, t->lost },
		{ TEXT_diff_n_remaining, t->remaining },
	};

	if (!put_counts(out, list, ARRAY_LEN(list), lang))
		words_text(out, TEXT_diff_no_change, lang);
}

const char *diff_words_status(const struct run_control *c, enum lang lang)
{
	return c ? words_status(c->status, lang) : text(TEXT_diff_not_in_run, lang);
}

void diff_words_control(struct buf *out, const struct evolution_control *c, enum lang lang)
{
	const struct counted list[] = {
		{ TEXT_diff_n_fixed, c->fixed_count },
		{ TEXT_diff_n_added, c->added },
		{ TEXT_diff_n_back, c->back },
		{ TEXT_diff_n_gone, c->lost_count },
		{ TEXT_diff_n_remaining, c->remaining },
	};
	struct buf counts = { 0 };

	if (c->change == CHANGE_NONE)
		buf_putz(out, diff_words_status(c->now, lang));
	else
		buf_printf(out, "%s → %s", diff_words_status(c->before, lang),
			diff_words_status(c->now, lang));
	if (c->change == CHANGE_INCOMPARABLE && c->now)
		buf_printf(out, " (%s)", text(TEXT_diff_other_parameters, lang));
	if (put_counts(&counts, list, ARRAY_LEN(list), lang)) {
		words_text(out, TEXT_semicolon, lang);
		buf_put_str(out, buf_str(&counts));
	}
	buf_free(&counts);
}

enum text_id diff_heading(enum control_change c)
{
	static const enum text_id ids[DIFF_CHANGES] = {
		[CHANGE_NONE] = TEXT_diff_kind_none,
		[CHANGE_BETTER] = TEXT_diff_kind_better,
		[CHANGE_WORSE] = TEXT_diff_kind_worse,
		[CHANGE_LOST] = TEXT_diff_kind_lost,
		[CHANGE_DECIDED] = TEXT_diff_kind_decided,
		[CHANGE_OTHER] = TEXT_diff_kind_other,
		[CHANGE_ABSENT] = TEXT_diff_kind_absent,
		[CHANGE_INCOMPARABLE] = TEXT_diff_kind_incomparable,
	};

	return ids[c];
}

const char *diff_words_change(const struct evolution_control *c, enum lang lang)
{
	static const enum text_id ids[DIFF_CHANGES] = {
		[CHANGE_NONE] = TEXT_diff_same_status,
		[CHANGE_BETTER] = TEXT_html_change_better,
		[CHANGE_WORSE] = TEXT_html_change_worse,
		[CHANGE_LOST] = TEXT_html_change_lost,
		[CHANGE_DECIDED] = TEXT_html_change_decided,
		[CHANGE_OTHER] = TEXT_html_change_other,
		[CHANGE_ABSENT] = TEXT_html_change_absent,
		[CHANGE_INCOMPARABLE] = TEXT_html_change_incomparable,
	};

	return text(c->now ? ids[c->change] : TEXT_turn_gone, lang);
}

enum text_id diff_state_text(enum diff_state s)
{
	static const enum text_id ids[DIFF_STATES] = {
		[DIFF_NEW] = TEXT_diff_finding_new,
		[DIFF_BACK] = TEXT_diff_finding_back,
		[DIFF_FIXED] = TEXT_diff_finding_fixed,
		[DIFF_LOST] = TEXT_diff_finding_lost,
	};

	return ids[s];
}

const char *diff_arrow(const struct evolution_indicator *e)
{
	if (e->trend == TREND_NONE)
		return "";
	return e->arrow < 0 ? "↓" : e->arrow > 0 ? "↑" : "→";
}

const char *diff_words_trend(const struct evolution_indicator *e, enum lang lang)
{
	if (e->trend == TREND_NONE && e->before != INT64_MIN)
		return text(TEXT_trend_gone, lang);
	if (e->trend == TREND_NONE && e->now != INT64_MIN)
		return text(TEXT_trend_come, lang);
	return trend_words(e->trend, lang);
}

void diff_words_value(struct buf *out, const struct run_indicator *i, int64_t value, enum lang lang)
{
	struct run_indicator other = *i;

	other.value = value;
	words_indicator(out, &other, lang);
}
