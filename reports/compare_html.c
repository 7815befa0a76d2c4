/* compare.html: several facilities on one page. */
#include "reports/compare.h"

#include "base/datetime.h"
#include "reports/html_shell.h"

#define SENTENCES 16

static const enum text_id texts[] = {
	TEXT_cmp_title,
	TEXT_cmp_sheet_summary,
	TEXT_cmp_sheet_map,
	TEXT_cmp_sheet_plan,
	TEXT_cmp_sheet_members,
	TEXT_cmp_sheet_indicators,
	TEXT_cmp_sheet_outliers,
	TEXT_cmp_sheet_evolution,
	TEXT_cmp_sheet_trusts,
	TEXT_cmp_sheet_foreign,
	TEXT_cmp_sheet_method,
	TEXT_cmp_in_short,
	TEXT_cmp_first_actions,
	TEXT_cmp_no_shared,
	TEXT_cmp_worst,
	TEXT_cmp_audited,
	TEXT_cmp_failed_points,
	TEXT_cmp_unknown_points,
	TEXT_cmp_unknown_share,
	TEXT_cmp_accounts,
	TEXT_cmp_remarks,
	TEXT_cmp_failing,
	TEXT_cmp_comparable,
	TEXT_cmp_undecided,
	TEXT_cmp_accepting,
	TEXT_cmp_who,
	TEXT_cmp_objects,
	TEXT_cmp_unit,
	TEXT_cmp_median,
	TEXT_cmp_scaled,
	TEXT_cmp_distance,
	TEXT_cmp_sense,
	TEXT_cmp_above,
	TEXT_cmp_below,
	TEXT_cmp_late,
	TEXT_cmp_late_yes,
	TEXT_cmp_catalogue,
	TEXT_cmp_side_a,
	TEXT_cmp_side_b,
	TEXT_cmp_domain_a,
	TEXT_cmp_domain_b,
	TEXT_cmp_trust_type,
	TEXT_cmp_direction,
	TEXT_cmp_filter_a,
	TEXT_cmp_filter_b,
	TEXT_cmp_selective_a,
	TEXT_cmp_selective_b,
	TEXT_cmp_delegation_a,
	TEXT_cmp_delegation_b,
	TEXT_cmp_finding,
	TEXT_cmp_groups_of,
	TEXT_cmp_come_from,
	TEXT_cmp_foreign_members,
	TEXT_cmp_foreign_privileged,
	TEXT_cmp_foreign_names,
	TEXT_cmp_absent,
	TEXT_cmp_other,
	TEXT_cmp_legend,
	TEXT_cmp_no_outliers,
	TEXT_cmp_no_trusts,
	TEXT_cmp_no_foreign,
	TEXT_cmp_search,
	TEXT_cmp_family,
	TEXT_cmp_show,
	TEXT_cmp_show_values,
	TEXT_cmp_show_scaled,
	TEXT_cmp_plan_text,
	TEXT_cmp_chart_text,
	TEXT_facility,
	TEXT_level,
	TEXT_control,
	TEXT_control_id,
	TEXT_indicator,
	TEXT_value,
	TEXT_fix,
	TEXT_effort,
	TEXT_change_risk,
	TEXT_change_test,
	TEXT_change_back,
	TEXT_html_all,
	TEXT_html_points,
	TEXT_status,
};

typedef void words_fn(struct buf *out, const void *of, enum lang lang);

/* What a function of words says, in both languages. */
static void put_both(struct json_writer *j, words_fn *words, const void *of)
{
	struct buf fr = { 0 }, en = { 0 };

	words(&fr, of, LANG_FR);
	words(&en, of, LANG_EN);
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void subject_words(struct buf *out, const void *of, enum lang lang)
{
	compare_subject(out, of, lang);
}

static void mark_words(struct buf *out, const void *of, enum lang lang)
{
	compare_marks(out, of, lang);
}

struct sentence {
	const struct comparison *comparison;
	size_t i;
};

static void sentence_words(struct buf *out, const void *of, enum lang lang)
{
	const struct sentence *s = of;

	compare_short(out, s->comparison, s->i, lang);
}

static void put_sentences(struct json_writer *j, const struct comparison *c)
{
	json_write_key(j, STR("sentences"));
	json_write_array(j);
	for (size_t i = 0; i < SENTENCES; i++) {
		struct sentence s = { c, i };
		struct buf b = { 0 };
		bool more = compare_short(&b, c, i, LANG_FR);

		buf_free(&b);
		if (!more)
			break;
		put_both(j, sentence_words, &s);
	}
	json_write_end(j);
}

static void put_runs(struct json_writer *j, const struct compare_member *m)
{
	json_write_key(j, STR("runs"));
	json_write_array(j);
	for (size_t i = 0; i < m->run_count; i++) {
		const struct compare_run *r = &m->runs[i];

		json_write_array(j);
		json_write_int(j, r->evaluated_at);
		json_write_int(j, r->level);
		json_write_int(j, r->level_floor);
		json_write_uint(j, r->statuses[STATUS_FAIL]);
		json_write_uint(j, compare_not_assessed(r->statuses));
		if (r->points)
			json_write_int(j, compare_unknown_share(r));
		else
			json_write_null(j);
		json_write_string(j, r->catalogue);
		json_write_bool(j, r->late);
		json_write_end(j);
	}
	json_write_end(j);
}

static void put_members(struct json_writer *j, const struct comparison *c)
{
	json_write_key(j, STR("members"));
	json_write_array(j);
	for (size_t i = 0; i < c->member_count; i++) {
		const struct compare_member *m = &c->members[i];

		json_write_object(j);
		html_key_string(j, "label", m->label);
		html_key_int(j, "accounts", (int64_t)m->users_enabled);
		json_write_key(j, STR("least"));
		json_write_bool(j, m->users_unread > 0);
		json_write_key(j, STR("marks"));
		put_both(j, mark_words, m);
		json_write_key(j, STR("old"));
		json_write_bool(j, m->marks & MARK_OLD);
		put_runs(j, m);
		json_write_end(j);
	}
	json_write_end(j);
}

/* A cell is one number: its status, and 10 more where it is measured otherwise; -1: absent. */
static void put_cells(
	struct json_writer *j, const struct comparison *c, const struct compare_cell *cells)
{
	json_write_key(j, STR("cells"));
	json_write_array(j);
	for (size_t i = 0; i < c->member_count; i++)
		json_write_int(j,
			cells[i].state == CELL_ABSENT
				? -1
				: (int)cells[i].status + (cells[i].state == CELL_OTHER ? 10 : 0));
	json_write_end(j);
}

static void put_change(struct json_writer *j, const struct run_change *change)
{
	json_write_key(j, STR("change"));
	if (!change) {
		json_write_null(j);
		return;
	}
	json_write_array(j);
	html_pair(j, str_of(words_effort(change->effort, LANG_FR)),
		str_of(words_effort(change->effort, LANG_EN)));
	html_pair_run(j, &change->risk);
	html_pair_run(j, &change->test);
	html_pair_run(j, &change->back);
	json_write_end(j);
}

static void put_control(
	struct json_writer *j, const struct comparison *c, const struct compare_control *k)
{
	json_write_object(j);
	html_key_string(j, "id", k->control->id);
	json_write_key(j, STR("title"));
	html_pair_run(j, &k->control->title);
	html_key_int(j, "level", k->level);
	html_key_int(j, "fail", (int64_t)k->statuses[STATUS_FAIL]);
	html_key_int(j, "unknown", (int64_t)compare_not_assessed(k->statuses));
	html_key_int(j, "waived", (int64_t)k->statuses[STATUS_WAIVED]);
	html_key_int(j, "comparable", (int64_t)k->comparable);
	html_key_int(j, "objects", (int64_t)k->objects);
	put_cells(j, c, k->cells);
	if (k->shared) {
		json_write_key(j, STR("fix"));
		html_pair_run(j, &k->control->fix);
		put_change(j, k->control->change);
	}
	json_write_end(j);
}

static void put_controls(struct json_writer *j, const struct comparison *c)
{
	json_write_key(j, STR("controls"));
	json_write_array(j);
	for (size_t i = 0; i < c->control_count; i++)
		put_control(j, c, &c->controls[i]);
	json_write_end(j);
	json_write_key(j, STR("shared"));
	json_write_array(j);
	for (size_t i = 0; i < c->shared_count; i++)
		json_write_int(j, c->shared[i] - c->controls);
	json_write_end(j);
	json_write_key(j, STR("statuses"));
	json_write_array(j);
	for (int s = 0; s < STATUS_COUNT; s++) {
		json_write_array(j);
		json_write_string(j, str_of(run_status_name((enum run_status)s)));
		html_pair(j, str_of(words_status((enum run_status)s, LANG_FR)),
			str_of(words_status((enum run_status)s, LANG_EN)));
		json_write_end(j);
	}
	json_write_end(j);
}

static void meaning_words(struct buf *out, const void *of, enum lang lang)
{
	const struct compare_indicator *k = of;
	struct run_indicator indicator = { .name = k->name };
	struct run_family family = { .name = k->family, .indicators = &indicator, .count = 1 };

	words_indicator_meaning(out, &family, 0, lang);
}

static void put_value(struct json_writer *j, const struct compare_value *v)
{
	json_write_array(j);
	if (v->value == INT64_MIN)
		json_write_null(j);
	else
		json_write_int(j, v->value);
	if (v->scaled == INT64_MIN)
		json_write_null(j);
	else
		json_write_int(j, v->scaled);
	/* 1: comparable, 2: at least, 4: outlier */
	json_write_int(
		j, (v->comparable ? 1 : 0) + (v->lower_bound ? 2 : 0) + (v->outlier ? 4 : 0));
	json_write_int(j, v->distance);
	json_write_end(j);
}

static void put_indicators(struct json_writer *j, const struct comparison *c)
{
	json_write_key(j, STR("indicators"));
	json_write_array(j);
	for (size_t i = 0; i < c->indicator_count; i++) {
		const struct compare_indicator *k = &c->indicators[i];

		json_write_object(j);
		json_write_key(j, STR("family"));
		html_pair_code(j, CODE_FAMILY, k->family);
		json_write_key(j, STR("meaning"));
		put_both(j, meaning_words, k);
		json_write_key(j, STR("per"));
		html_pair(j, str_of(compare_per_words(k->per, LANG_FR)),
			str_of(compare_per_words(k->per, LANG_EN)));
		html_key_int(j, "median", k->median);
		json_write_key(j, STR("values"));
		json_write_array(j);
		for (size_t m = 0; m < c->member_count; m++)
			put_value(j, &k->values[m]);
		json_write_end(j);
		json_write_end(j);
	}
	json_write_end(j);
}

struct side {
	const struct compare_trust_side *side;
	struct str code;
};

static void side_words(struct buf *out, const void *of, enum lang lang)
{
	const struct side *s = of;

	compare_side(out, s->side, s->code, lang);
}

static void put_side(struct json_writer *j, const struct compare_trust_side *side, struct str code)
{
	struct side s = { side, code };

	put_both(j, side_words, &s);
}

static void type_words(struct buf *out, const void *of, enum lang lang)
{
	struct run_table table = { .family = STR("tiering") };

	words_cell(out, &table, ((const struct compare_trust *)of)->type, lang);
}

static void put_trust(
	struct json_writer *j, const struct comparison *c, const struct compare_trust *t)
{
	const struct compare_trust_side *a = &t->side[0], *b = &t->side[1];

	json_write_object(j);
	html_key_string(j, "a", c->members[t->member[0]].label);
	html_key_string(j, "domain_a", t->name[0]);
	json_write_key(j, STR("b"));
	html_pair(j, compare_partner(c, t, LANG_FR), compare_partner(c, t, LANG_EN));
	html_key_string(j, "domain_b", t->name[1]);
	json_write_key(j, STR("cells"));
	json_write_array(j);
	put_both(j, type_words, t);
	put_side(j, a, a->direction);
	put_side(j, a, a->filtering);
	put_side(j, b, b->filtering);
	put_side(j, a, a->selective);
	put_side(j, b, b->selective);
	put_side(j, a, a->delegation);
	put_side(j, b, b->delegation);
	json_write_end(j);
	json_write_key(j, STR("finding"));
	html_pair(j, str_of(compare_trust_finding(t, LANG_FR)),
		str_of(compare_trust_finding(t, LANG_EN)));
	json_write_key(j, STR("open"));
	json_write_bool(j, t->open || t->contradicts);
	json_write_end(j);
}

static void put_foreign(
	struct json_writer *j, const struct comparison *c, const struct compare_foreign *f)
{
	json_write_object(j);
	html_key_string(j, "of", c->members[f->member].label);
	json_write_key(j, STR("from"));
	if (f->origin == SIZE_MAX)
		html_pair_text(j, TEXT_cmp_unknown_directory);
	else
		html_pair(j, c->members[f->origin].label, c->members[f->origin].label);
	html_key_int(j, "members", (int64_t)f->members);
	html_key_int(j, "privileged", (int64_t)f->privileged);
	json_write_key(j, STR("names"));
	json_write_array(j);
	for (size_t i = 0; i < f->name_count; i++)
		json_write_string(j, f->names[i]);
	json_write_end(j);
	json_write_end(j);
}

static void put_trusts(struct json_writer *j, const struct comparison *c)
{
	json_write_key(j, STR("trusts"));
	json_write_array(j);
	for (size_t i = 0; i < c->trust_count; i++)
		put_trust(j, c, &c->trusts[i]);
	json_write_end(j);
	json_write_key(j, STR("foreign"));
	json_write_array(j);
	for (size_t i = 0; i < c->foreign_count; i++)
		put_foreign(j, c, &c->foreign[i]);
	json_write_end(j);
}

static void put_method(struct json_writer *j)
{
	json_write_key(j, STR("method"));
	json_write_array(j);
	for (size_t i = 0; i < compare_method_count; i++) {
		json_write_array(j);
		html_pair_text(j, compare_method[i].subject);
		html_pair_text(j, compare_method[i].words);
		json_write_end(j);
	}
	json_write_end(j);
}

int compare_html_write(const struct comparison *c, const struct report_options *o, const char *path,
	struct err *err)
{
	struct html_page page = { .name = "compare",
		.title = TEXT_cmp_title,
		.styles = "compare.css",
		.scripts = "compare.js",
		.lang = o->lang,
		.texts = texts,
		.text_count = ARRAY_LEN(texts) };
	struct html_writer w;
	struct json_writer *j;

	if (html_begin(&w, path, &page, err))
		return err->code;
	j = html_json(&w);
	html_key_string(j, "tool", c->catalogue_run.tool_version);
	html_key_string(j, "catalogue", c->catalogue);
	json_write_key(j, STR("subject"));
	put_both(j, subject_words, c);
	put_sentences(j, c);
	put_members(j, c);
	put_controls(j, c);
	put_indicators(j, c);
	put_trusts(j, c);
	put_method(j);
	html_run(&w);
	return html_end(&w, err);
}
