/* The first block of audit.html: all that is seen before a list of objects is opened. */
#include "reports/html_audit.h"

#include "base/datetime.h"
#include "reports/diff_words.h"
#include "reports/rights.h"

static void key(struct json_writer *j, const char *name)
{
	json_write_key(j, str_of(name));
}

static void key_uint(struct json_writer *j, const char *name, uint64_t value)
{
	key(j, name);
	json_write_uint(j, value);
}

static void key_date(struct json_writer *j, const char *name, int64_t seconds)
{
	char text[DATETIME_TEXT];

	html_key_string(j, name,
		seconds == INT64_MIN ? (struct str){ 0 } : str_of(datetime_iso(seconds, text)));
}

static void key_pair(struct json_writer *j, const char *name, const struct run_text *t)
{
	key(j, name);
	html_pair_run(j, t);
}

static void key_code(
	struct json_writer *j, const char *name, enum code_group group, struct str code)
{
	key(j, name);
	html_pair_code(j, group, code);
}

/* A pair of what say() makes of the run. */
static void key_said(struct json_writer *j, const char *name, const struct run *r,
	void (*say)(struct buf *out, const struct run *r, enum lang lang))
{
	struct buf fr = { 0 }, en = { 0 };

	say(&fr, r, LANG_FR);
	say(&en, r, LANG_EN);
	key(j, name);
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void put_codes_list(struct json_writer *j, enum code_group group, const char *name,
	const struct str *codes, size_t count)
{
	key(j, name);
	json_write_array(j);
	for (size_t i = 0; i < count; i++)
		html_pair_code(j, group, codes[i]);
	json_write_end(j);
}

/* ---- facility, directory, level ---- */

static void put_domains(struct json_writer *j, const struct run *r)
{
	key(j, "domains");
	json_write_array(j);
	for (size_t i = 0; i < r->domain_count; i++) {
		json_write_object(j);
		html_key_string(j, "dns", r->domains[i].dns);
		html_key_string(j, "netbios", r->domains[i].netbios);
		html_key_string(j, "sid", r->domains[i].sid);
		json_write_end(j);
	}
	json_write_end(j);
}

static void say_estimate(struct buf *out, const struct run *r, enum lang lang)
{
	words_estimate(out, r, TEXT_estimate, lang);
}

static void put_subject(struct json_writer *j, const struct run *r)
{
	html_key_string(j, "tool", r->tool_version);
	html_key_string(j, "catalogue", r->catalogue_version);
	html_key_string(j, "facility", r->facility_name);
	html_key_string(j, "finess", r->facility_finess);
	html_key_string(j, "ght", r->facility_ght);
	html_key_string(j, "forest", r->forest);
	put_domains(j, r);
	key_code(j, "source", CODE_SOURCE, r->source);
	html_key_string(j, "reader", r->reader);
	key_date(j, "collected", r->collected_at);
	key_date(j, "evaluated", r->evaluated_at);
	key(j, "counts");
	json_write_object(j);
	key_uint(j, "objects", r->counts.objects);
	key_uint(j, "users", r->counts.users);
	key_uint(j, "enabled", r->counts.users_enabled);
	key_uint(j, "computers", r->counts.computers);
	key_uint(j, "groups", r->counts.groups);
	json_write_end(j);
	html_key_string(j, "policy", r->policy_name);
	html_key_string(j, "sha256", r->policy_sha256);
	key_said(j, "subject", r, words_subject);
}

static void put_level(struct json_writer *j, const struct run *r)
{
	html_key_int(j, "level", r->level);
	html_key_int(j, "floor", r->level_floor);
	html_key_int(j, "withWaivers", r->level_with_waivers);
	key(j, "meaning");
	html_pair(j, str_of(words_level_meaning(r, LANG_FR)),
		str_of(words_level_meaning(r, LANG_EN)));
	key_said(j, "floorWords", r, words_floor);
	key_said(j, "waiverWords", r, words_waivers);
	key_said(j, "estimate", r, say_estimate);
}

/* ---- families ---- */

static void key_indicator(struct json_writer *j, const char *name, const struct run_family *f,
	size_t i, void (*say)(struct buf *, const struct run_family *, size_t, enum lang))
{
	struct buf fr = { 0 }, en = { 0 };

	say(&fr, f, i, LANG_FR);
	say(&en, f, i, LANG_EN);
	key(j, name);
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void say_value(struct buf *out, const struct run_family *f, size_t i, enum lang lang)
{
	words_indicator(out, &f->indicators[i], lang);
}

/* What became of it since the run before; better or worse only where that can be said. */
static void put_trend(struct audit_page *p, size_t family, size_t i)
{
	struct json_writer *j = html_json(&p->w);
	struct evolution_indicator e;

	if (!p->evolution || !p->evolution->before)
		return;
	e = evolution_indicator(p->evolution->before, p->run, family, i);
	key(j, "trend");
	json_write_object(j);
	html_key_int(j, "before", e.before);
	html_key_string(j, "arrow", str_of(diff_arrow(&e)));
	html_key_string(j, "verdict", str_of(diff_trend_name(e.trend)));
	key(j, "words");
	html_pair(j, str_of(diff_words_trend(&e, LANG_FR)), str_of(diff_words_trend(&e, LANG_EN)));
	json_write_end(j);
}

static void put_indicator(struct audit_page *p, size_t family, size_t i)
{
	struct json_writer *j = html_json(&p->w);
	const struct run_family *f = &p->run->families[family];
	const struct run_indicator *x = &f->indicators[i];

	json_write_object(j);
	html_key_string(j, "name", x->name);
	html_key_int(j, "value", x->value);
	if (!words_indicator_is_number(x))
		key_indicator(j, "shown", f, i, say_value);
	if (words_indicator_has_name(f, i))
		key_indicator(j, "short", f, i, words_indicator_name);
	key_indicator(j, "meaning", f, i, words_indicator_meaning);
	put_trend(p, family, i);
	key(j, "controls");
	json_write_array(j);
	for (size_t k = 0; k < x->control_count; k++) {
		uint32_t c = audit_control(p, x->controls[k]);

		if (c != HASH_NONE)
			json_write_uint(j, c);
	}
	json_write_end(j);
	json_write_end(j);
}

static void put_families(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "families");
	json_write_array(j);
	for (size_t i = 0; i < ARRAY_LEN(p->run->families); i++) {
		const struct run_family *f = &p->run->families[i];

		json_write_object(j);
		html_key_string(j, "name", f->name);
		key_code(j, "title", CODE_FAMILY, f->name);
		put_codes_list(j, CODE_REASON, "notes", f->notes, f->note_count);
		key(j, "indicators");
		json_write_array(j);
		for (size_t k = 0; k < f->count; k++)
			put_indicator(p, i, k);
		json_write_end(j);
		key(j, "controls");
		json_write_array(j);
		for (size_t k = 0; k < f->control_count; k++)
			json_write_uint(j, audit_control(p, f->controls[k]->id));
		json_write_end(j);
		json_write_end(j);
	}
	json_write_end(j);
}

static void key_table(struct json_writer *j, const struct run_table *t)
{
	struct buf fr = { 0 }, en = { 0 };

	words_table(&fr, t, LANG_FR);
	words_table(&en, t, LANG_EN);
	key(j, "title");
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void put_column(struct json_writer *j, const struct run_table *t, size_t c)
{
	struct buf fr = { 0 }, en = { 0 };

	words_column(&fr, t, c, LANG_FR);
	words_column(&en, t, c, LANG_EN);
	json_write_object(j);
	html_key_string(j, "kind", str_of(run_column_kind_name(t->columns[c].kind)));
	key(j, "title");
	html_pair(j, buf_str(&fr), buf_str(&en));
	json_write_end(j);
	buf_free(&fr);
	buf_free(&en);
}

/* Their rows stand in a block each. */
static void put_tables(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "tables");
	json_write_array(j);
	for (size_t i = 0; i < p->run->table_count; i++) {
		const struct run_table *t = &p->run->tables[i];

		json_write_object(j);
		html_key_string(j, "family", t->family);
		html_key_string(j, "name", t->name);
		key_table(j, t);
		key(j, "columns");
		json_write_array(j);
		for (size_t c = 0; c < t->column_count; c++)
			put_column(j, t, c);
		json_write_end(j);
		key_uint(j, "rows", t->row_count);
		key_uint(j, "total", t->row_total);
		key_uint(j, "part", p->part++);
		json_write_end(j);
	}
	json_write_end(j);
}

/* ---- controls ---- */

static void put_parameters(struct json_writer *j, const struct run_control *c)
{
	struct buf words = { 0 };

	words_parameters(&words, c);
	html_key_string(j, "parameters", buf_str(&words));
	buf_free(&words);
}

/* Why a control is disabled is the policy's own sentence. */
static void put_remarks(struct json_writer *j, const struct run_control *c)
{
	key(j, "reason");
	if (!c->reason.n)
		json_write_null(j);
	else if (c->status == STATUS_DISABLED)
		html_pair(j, c->reason, c->reason);
	else
		html_pair_code(j, CODE_REASON, c->reason);
	put_codes_list(j, CODE_REASON, "notes", c->notes, c->note_count);
	if (c->status == STATUS_UNKNOWN) {
		enum right right = right_of(c->reason);

		key(j, "right");
		html_pair(j, str_of(words_right(right, LANG_FR)),
			str_of(words_right(right, LANG_EN)));
	}
}

/* Which group policy holds the setting to be changed. */
static void put_setters(struct json_writer *j, const struct run_control *c)
{
	struct buf fr = { 0 }, en = { 0 };

	if (!c->setter_count)
		return;
	words_setters(&fr, c, LANG_FR);
	words_setters(&en, c, LANG_EN);
	key(j, "setters");
	html_pair(j, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

static void put_references(struct json_writer *j, const struct run_control *c)
{
	key(j, "references");
	json_write_array(j);
	for (size_t i = 0; i < c->reference_count; i++)
		json_write_string(j, c->references[i]);
	json_write_end(j);
}

static bool has_paths(const struct run_control *c)
{
	for (size_t i = 0; i < c->object_count; i++)
		for (size_t k = 0; k < c->objects[i].evidence_count; k++)
			if (str_eq(c->objects[i].evidence[k].key, STR("path")))
				return true;
	return false;
}

static void put_texts(struct json_writer *j, const struct run_control *c)
{
	struct run_text step = { words_first_step(c, LANG_FR), words_first_step(c, LANG_EN) };

	key_pair(j, "title", &c->title);
	key_pair(j, "why", &c->why);
	key_pair(j, "measure", &c->measure);
	key_pair(j, "fix", &c->fix);
	key_pair(j, "step", &step);
	put_references(j, c);
}

static void put_counts(struct json_writer *j, const struct run_control *c)
{
	key_uint(j, "examined", c->examined);
	key_uint(j, "count", c->count);
	key_uint(j, "unknown", c->unknown);
	key_uint(j, "waived", c->waived);
	key_uint(j, "objects", c->object_count);
}

static void put_control(struct audit_page *p, const struct run_control *c)
{
	struct json_writer *j = html_json(&p->w);

	json_write_object(j);
	html_key_string(j, "id", c->id);
	html_key_string(j, "area", c->area);
	html_key_string(j, "status", str_of(run_status_name(c->status)));
	html_key_int(j, "level", c->failed_level);
	key(j, "levels");
	json_write_array(j);
	for (size_t i = 0; i < c->level_count; i++)
		json_write_int(j, c->levels[i]);
	json_write_end(j);
	put_texts(j, c);
	put_counts(j, c);
	put_parameters(j, c);
	put_remarks(j, c);
	put_setters(j, c);
	if (c->change)
		key_uint(j, "change", audit_change(p, c->change));
	if (has_paths(c)) {
		key(j, "paths");
		json_write_bool(j, true);
	}
	key_uint(j, "part", p->part);
	p->part += html_object_parts(c->object_count);
	json_write_end(j);
}

static void put_controls(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "controls");
	json_write_array(j);
	for (size_t i = 0; i < p->run->control_count; i++)
		put_control(p, &p->run->controls[i]);
	json_write_end(j);
	key(j, "actions");
	json_write_array(j);
	for (size_t i = 0; i < p->run->action_count; i++)
		json_write_uint(j, audit_control(p, p->run->actions[i].control->id));
	json_write_end(j);
}

static void put_changes(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "changes");
	json_write_array(j);
	for (size_t i = 0; i < p->change_count; i++) {
		const struct run_change *c = p->change_list[i];

		json_write_object(j);
		html_key_string(j, "id", c->id);
		html_key_int(j, "effort", (int64_t)c->effort);
		key_pair(j, "risk", &c->risk);
		key_pair(j, "test", &c->test);
		key_pair(j, "back", &c->back);
		json_write_end(j);
	}
	json_write_end(j);
}

/* ---- waivers, deadlines ---- */

static void put_waiver(struct audit_page *p, const struct run_waiver *x)
{
	struct json_writer *j = html_json(&p->w);
	uint32_t control = audit_control(p, x->control);

	json_write_object(j);
	html_key_string(j, "id", x->control);
	html_key_int(j, "control", control == HASH_NONE ? INT64_MIN : (int64_t)control);
	html_key_string(j, "target", x->target);
	html_key_string(j, "reason", x->reason);
	html_key_string(j, "by", x->approved_by);
	html_key_string(j, "reach", str_of(x->reach));
	key_date(j, "until", x->until);
	html_key_int(j, "days",
		x->until == INT64_MIN ? INT64_MIN
				      : (x->until - p->run->evaluated_at) / SECONDS_PER_DAY);
	key(j, "expired");
	json_write_bool(j, x->expired);
	key_uint(j, "findings", x->findings);
	json_write_end(j);
}

static void put_waivers(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "waivers");
	json_write_array(j);
	for (size_t i = 0; i < p->run->waiver_count; i++)
		put_waiver(p, &p->run->waivers[i]);
	json_write_end(j);
	put_codes_list(
		j, CODE_REASON, "waiverNotes", p->run->waiver_notes, p->run->waiver_note_count);
}

static void put_deadlines(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);

	key(j, "deadlines");
	if (p->run->deadlines_at == INT64_MIN) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	key_date(j, "at", p->run->deadlines_at);
	key_uint(j, "count", p->run->deadline_count);
	key_uint(j, "part", p->part);
	json_write_end(j);
	p->part += html_object_parts(p->run->deadline_count);
}

/* ---- ADS ---- */

static void put_ads_side(struct json_writer *j, const struct run_ads_point *x)
{
	key(j, "ads");
	if (!x->listed) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	html_key_string(j, "status", str_of(run_status_name(x->status)));
	html_key_int(j, "level", x->level ? x->level : INT64_MIN);
	html_key_int(j, "count", x->count);
	json_write_end(j);
}

static void put_ads_point(struct audit_page *p, const struct run_ads_point *x)
{
	struct json_writer *j = html_json(&p->w);
	uint32_t control = x->control ? audit_control(p, x->id) : HASH_NONE;

	json_write_object(j);
	html_key_string(j, "id", x->id);
	html_key_int(j, "control", control == HASH_NONE ? INT64_MIN : (int64_t)control);
	html_key_string(j, "difference", str_of(ads_difference_name(x->difference)));
	key(j, "words");
	html_pair_text(j, words_ads_difference(x->difference));
	put_ads_side(j, x);
	put_codes_list(j, CODE_REASON, "reasons", x->reasons, x->reason_count);
	json_write_end(j);
}

static void say_ads_missed(struct buf *out, const struct run *r, enum lang lang)
{
	words_ads_missed(out, r->ads, lang);
}

/* ANSSI's own result beside this one. */
static void put_ads(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);
	const struct run_ads *ads = p->run->ads;

	key(j, "ads");
	if (!ads) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	key_date(j, "dated", ads->dated);
	html_key_int(j, "level", ads->level ? ads->level : INT64_MIN);
	key_uint(j, "compared", run_ads_compared(ads));
	key_uint(j, "differences", run_ads_differences(ads));
	key_said(j, "missed", p->run, say_ads_missed);
	key(j, "points");
	json_write_array(j);
	for (size_t i = 0; i < ads->point_count; i++)
		put_ads_point(p, &ads->points[i]);
	json_write_end(j);
	json_write_end(j);
}

void audit_put_head(struct audit_page *p)
{
	static const enum code_group looked_up[] = { CODE_KEY, CODE_VALUE, CODE_KIND, CODE_STEP,
		CODE_AREA };
	struct json_writer *j = html_json(&p->w);

	html_put_codes(j, looked_up, ARRAY_LEN(looked_up));
	put_subject(j, p->run);
	put_level(j, p->run);
	key(j, "coverage");
	json_write_object(j);
	key_uint(j, "count", p->run->coverage_count);
	key_uint(j, "part", p->part++);
	json_write_end(j);
	key(j, "privileged");
	json_write_object(j);
	key_uint(j, "count", p->run->privileged_count);
	key_uint(j, "part", p->part++);
	json_write_end(j);
	put_families(p);
	put_tables(p);
	put_controls(p);
	put_changes(p);
	put_waivers(p);
	put_deadlines(p);
	put_ads(p);
	audit_put_evolution(p);
}
