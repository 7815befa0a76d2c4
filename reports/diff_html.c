/* diff.html: what changed on one page, and the findings of each control behind it. */
#include "reports/diff_words.h"
#include "reports/html_objects.h"

#include "base/arena.h"
#include "base/datetime.h"

#include <stdlib.h>

/* What diff.js, objects.js and graph.js ask for, beside the shell's own. */
static const enum text_id texts[] = { TEXT_audit_date, TEXT_change, TEXT_comment, TEXT_control_id,
	TEXT_diff_changed, TEXT_diff_controls, TEXT_diff_failed, TEXT_diff_finding_back,
	TEXT_diff_finding_fixed, TEXT_diff_finding_lost, TEXT_diff_finding_new,
	TEXT_diff_finding_remaining, TEXT_diff_findings, TEXT_diff_levels, TEXT_diff_more,
	TEXT_diff_no_change, TEXT_diff_not_in_run, TEXT_diff_objects, TEXT_diff_title,
	TEXT_diff_trend, TEXT_diff_unknown, TEXT_dn, TEXT_doing, TEXT_domain, TEXT_done, TEXT_due,
	TEXT_accepted, TEXT_guid, TEXT_age, TEXT_age_back, TEXT_age_new, TEXT_age_remaining,
	TEXT_html_all, TEXT_html_graph_keys, TEXT_html_graph_left, TEXT_html_graph_more,
	TEXT_html_graph_start, TEXT_html_graph_step, TEXT_html_graph_target,
	TEXT_html_graph_through, TEXT_last_use, TEXT_html_paths, TEXT_html_points, TEXT_proof,
	TEXT_html_since, TEXT_indicator, TEXT_kind, TEXT_level, TEXT_level_floor, TEXT_level_waived,
	TEXT_method_diff_back, TEXT_method_diff_back_text, TEXT_method_diff_fixed,
	TEXT_method_diff_fixed_text, TEXT_method_diff_same, TEXT_method_diff_same_text,
	TEXT_method_diff_trend, TEXT_method_diff_trend_text, TEXT_name, TEXT_outcome, TEXT_remarks,
	TEXT_responsible, TEXT_section_families, TEXT_sheet_diff_method, TEXT_sheet_summary,
	TEXT_sid, TEXT_state, TEXT_status, TEXT_status_disabled, TEXT_status_fail,
	TEXT_status_not_applicable, TEXT_status_pass, TEXT_status_unknown, TEXT_status_waived,
	TEXT_summary_objects, TEXT_todo, TEXT_trend_better, TEXT_trend_worse, TEXT_value_before,
	TEXT_value_now };

struct page {
	struct html_writer w;
	const struct run *now;
	const struct run_evolution *e;
	uint64_t part; /* the next block, while the first one says where everything will stand */
};

static void key(struct json_writer *j, const char *name)
{
	json_write_key(j, str_of(name));
}

/* ---- sentences in both languages ------------------------------------------------------------- */

typedef void say_fn(struct buf *out, const struct run *before, const struct run *now, enum lang l);

static void put_said(struct page *p, const char *name, say_fn *say)
{
	struct json_writer *j = html_json(&p->w);
	struct buf fr = { 0 }, en = { 0 };

	say(&fr, p->e->before, p->now, LANG_FR);
	say(&en, p->e->before, p->now, LANG_EN);
	key(j, name);
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void say_floor(struct buf *out, const struct run *before, const struct run *now, enum lang l)
{
	(void)before;
	words_floor(out, now, l);
}

static void say_estimate(
	struct buf *out, const struct run *before, const struct run *now, enum lang l)
{
	(void)before;
	words_estimate(out, now, TEXT_estimate, l);
}

static void say_meaning(
	struct buf *out, const struct run *before, const struct run *now, enum lang l)
{
	(void)before;
	buf_putz(out, words_level_meaning(now, l));
}

static void put_notes(struct page *p)
{
	struct json_writer *j = html_json(&p->w);
	struct buf fr = { 0 }, en = { 0 };

	key(j, "notes");
	json_write_array(j);
	for (size_t i = 0; diff_words_note(&fr, p->now, p->e, i, LANG_FR); i++) {
		diff_words_note(&en, p->now, p->e, i, LANG_EN);
		html_pair(j, buf_str(&fr), buf_str(&en));
		buf_clear(&fr);
		buf_clear(&en);
	}
	json_write_end(j);
	buf_free(&fr);
	buf_free(&en);
}

/* ---- the head -------------------------------------------------------------------------------- */

static void put_level(struct page *p)
{
	struct json_writer *j = html_json(&p->w);

	html_key_string(j, "tool", p->now->tool_version);
	html_key_string(j, "catalogue", p->now->catalogue_version);
	put_said(p, "subject", diff_words_subject);
	html_key_int(j, "level", p->now->level);
	html_key_int(j, "floor", p->now->level_floor);
	html_key_string(
		j, "levelTrend", str_of(diff_trend_name(evolution_level(p->e->before, p->now))));
	put_said(p, "levelWords", diff_words_level);
	put_said(p, "levelNote", diff_words_level_note);
	put_said(p, "meaning", say_meaning);
	put_said(p, "floorWords", say_floor);
	put_said(p, "estimate", say_estimate);
	put_notes(p);
}

static void put_runs(struct page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "runs");
	json_write_array(j);
	for (size_t i = 0; i < p->e->point_count; i++) {
		const struct evolution_point *x = &p->e->points[i];

		json_write_object(j);
		json_put_date(j, STR("at"), x->evaluated_at);
		json_put_int(j, STR("level"), x->level);
		json_put_int(j, STR("floor"), x->level_floor);
		json_put_int(j, STR("withWaivers"), x->level_with_waivers);
		json_put_uint(j, STR("failed"), x->failed);
		json_put_uint(j, STR("unknown"), x->unknown);
		json_put_uint(j, STR("findings"), x->findings);
		json_write_end(j);
	}
	json_write_end(j);
}

/* Controls by kind, in the order of diff_order; those of the same status count where their objects
 * changed. */
static uint64_t count_kind(const struct run_evolution *e, enum control_change kind)
{
	uint64_t n = 0;

	for (size_t i = 0; i < e->control_count; i++)
		n += e->controls[i].change == kind && diff_changed(&e->controls[i]);
	return n;
}

static void put_totals(struct page *p)
{
	struct json_writer *j = html_json(&p->w);
	struct diff_totals t = diff_totals(p->e);

	key(j, "totals");
	json_write_object(j);
	json_put_uint(j, STR("fixed"), t.fixed);
	json_put_uint(j, STR("added"), t.added);
	json_put_uint(j, STR("back"), t.back);
	json_put_uint(j, STR("lost"), t.lost);
	json_put_uint(j, STR("remaining"), t.remaining);
	key(j, "anonymous");
	json_write_bool(j, t.anonymous);
	json_write_end(j);
	key(j, "kinds");
	json_write_array(j);
	for (size_t i = 0; i < DIFF_CHANGES; i++) {
		const struct evolution_control shown = { .now = p->now->controls,
			.change = diff_order[i] };

		json_write_object(j);
		html_key_string(j, "name", str_of(diff_change_name(diff_order[i])));
		key(j, "title");
		html_pair_text(j, diff_heading(diff_order[i]));
		key(j, "word");
		html_pair(j, str_of(diff_words_change(&shown, LANG_FR)),
			str_of(diff_words_change(&shown, LANG_EN)));
		json_put_uint(j, STR("count"), count_kind(p->e, diff_order[i]));
		json_write_end(j);
	}
	json_write_end(j);
}

/* ---- indicators ------------------------------------------------------------------------------ */

static void put_value(
	struct json_writer *j, const char *name, const struct run_indicator *i, int64_t value)
{
	struct buf fr = { 0 }, en = { 0 };
	struct run_indicator x = *i;

	x.value = value;
	if (value == INT64_MIN || words_indicator_is_number(&x)) {
		html_key_int(j, name, value);
		return;
	}
	words_indicator(&fr, &x, LANG_FR);
	words_indicator(&en, &x, LANG_EN);
	key(j, name);
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void put_indicator(struct page *p, size_t f, size_t i, const struct evolution_indicator *x)
{
	struct json_writer *j = html_json(&p->w);
	const struct run_family *family = &p->now->families[f];
	struct buf fr = { 0 }, en = { 0 };

	words_indicator_meaning(&fr, family, i, LANG_FR);
	words_indicator_meaning(&en, family, i, LANG_EN);
	json_write_object(j);
	key(j, "meaning");
	html_pair(j, buf_str(&fr), buf_str(&en));
	put_value(j, "before", &family->indicators[i], x->before);
	put_value(j, "now", &family->indicators[i], x->now);
	html_key_int(j, "arrow", x->trend == TREND_NONE ? INT64_MIN : x->arrow);
	html_key_string(j, "trend", str_of(diff_trend_name(x->trend)));
	key(j, "words");
	html_pair(j, str_of(diff_words_trend(x, LANG_FR)), str_of(diff_words_trend(x, LANG_EN)));
	json_write_end(j);
	buf_free(&fr);
	buf_free(&en);
}

/* Those that changed. */
static void put_families(struct page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "families");
	json_write_array(j);
	for (size_t f = 0; f < ARRAY_LEN(p->now->families); f++) {
		json_write_object(j);
		key(j, "title");
		html_pair_code(j, CODE_FAMILY, p->now->families[f].name);
		key(j, "indicators");
		json_write_array(j);
		for (size_t i = 0; i < p->now->families[f].count; i++) {
			struct evolution_indicator x =
				evolution_indicator(p->e->before, p->now, f, i);

			if (x.before != x.now)
				put_indicator(p, f, i, &x);
		}
		json_write_end(j);
		json_write_end(j);
	}
	json_write_end(j);
}

/* ---- controls -------------------------------------------------------------------------------- */

static uint64_t rows_of(const struct evolution_control *c)
{
	return c->added + c->back + c->fixed_count + c->lost_count;
}

static void put_reason(struct json_writer *j, const struct run_control *c)
{
	struct buf fr = { 0 }, en = { 0 };

	if (c) {
		words_remarks(&fr, c, LANG_FR);
		words_remarks(&en, c, LANG_EN);
	}
	key(j, "reason");
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static struct str status_of(const struct run_control *c)
{
	return c ? str_of(run_status_name(c->status)) : (struct str){ 0 };
}

static void put_control(struct page *p, const struct evolution_control *c)
{
	struct json_writer *j = html_json(&p->w);
	struct buf fr = { 0 }, en = { 0 };

	diff_words_control(&fr, c, LANG_FR);
	diff_words_control(&en, c, LANG_EN);
	json_write_object(j);
	html_key_string(j, "id", diff_control(c)->id);
	key(j, "title");
	html_pair_run(j, &diff_control(c)->title);
	html_key_string(j, "kind", str_of(diff_change_name(c->change)));
	html_key_int(j, "level", diff_level(c));
	html_key_string(j, "before", status_of(c->before));
	html_key_string(j, "now", status_of(c->now));
	key(j, "words");
	html_pair(j, buf_str(&fr), buf_str(&en));
	put_reason(j, c->now);
	json_put_uint(j, STR("part"), p->part);
	json_put_uint(j, STR("rows"), rows_of(c));
	json_write_end(j);
	p->part += html_object_parts(rows_of(c));
	buf_free(&fr);
	buf_free(&en);
}

/* By kind, then worst level first, then by id: as they are shown, and as their blocks stand. */
static int each_control(struct page *p,
	int (*fn)(struct page *, const struct evolution_control *, void *, struct err *), void *to,
	struct err *err)
{
	for (size_t k = 0; k < DIFF_CHANGES; k++)
		for (int level = 1; level <= 5; level++)
			for (size_t i = 0; i < p->e->control_count; i++) {
				const struct evolution_control *c = &p->e->controls[i];

				if (c->change == diff_order[k] && diff_level(c) == level &&
					diff_changed(c) && fn(p, c, to, err))
					return err->code;
			}
	return 0;
}

static int head_of(struct page *p, const struct evolution_control *c, void *to, struct err *err)
{
	(void)to;
	(void)err;
	put_control(p, c);
	return 0;
}

/* ---- findings -------------------------------------------------------------------------------- */

struct rows {
	struct html_row *list;
	size_t count;
};

static int add_row(void *to, const struct evolution_control *c, enum diff_state state,
	const struct run_object *o, int64_t since, struct err *err)
{
	struct rows *r = to;

	(void)c;
	(void)since;
	(void)err;
	r->list[r->count++] = (struct html_row){ .object = o, .extra = state };
	return 0;
}

static void row_at(const void *list, size_t i, struct html_row *out)
{
	*out = ((const struct html_row *)list)[i];
}

static int part_of(struct page *p, const struct evolution_control *c, void *to, struct err *err)
{
	struct rows r = { .list = xcalloc(rows_of(c), sizeof(*r.list)) };
	int rc = diff_each_finding(c, add_row, &r, err);

	if (!rc)
		rc = html_put_objects(&p->w, row_at, r.list, r.count, to, err);
	free(r.list);
	return rc;
}

int diff_html_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err)
{
	static const enum code_group looked_up[] = { CODE_KEY, CODE_VALUE, CODE_KIND, CODE_STEP };
	struct html_page page = { .name = "diff",
		.title = TEXT_diff_title,
		.styles = "audit.css",
		.scripts = "graph.js objects.js diff.js",
		.lang = o->lang,
		.texts = texts,
		.text_count = ARRAY_LEN(texts) };
	struct page p = { .now = now, .e = o->evolution };
	struct writing x = writing_begin(now, o);
	int rc = html_begin(&p.w, path, &page, err);

	if (!rc) {
		html_put_codes(html_json(&p.w), looked_up, ARRAY_LEN(looked_up));
		put_level(&p);
		put_totals(&p);
		put_runs(&p);
		put_families(&p);
		key(html_json(&p.w), "controls");
		json_write_array(html_json(&p.w));
		each_control(&p, head_of, NULL, err);
		json_write_end(html_json(&p.w));
		html_run(&p.w);
		rc = each_control(&p, part_of, &x, err);
		if (rc)
			html_abandon(&p.w);
		else
			rc = html_end(&p.w, err);
	}
	writing_end(&x);
	return rc;
}
