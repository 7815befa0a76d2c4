/* What changed since the run before, in the first block of audit.html. */
#include "reports/html_audit.h"

#include "base/datetime.h"
#include "reports/diff_words.h"

static void key(struct json_writer *j, const char *name)
{
	json_write_key(j, str_of(name));
}

static void key_date(struct json_writer *j, const char *name, int64_t seconds)
{
	char text[DATETIME_TEXT];

	html_key_string(j, name,
		seconds == INT64_MIN ? (struct str){ 0 } : str_of(datetime_iso(seconds, text)));
}

static void put_before(struct json_writer *j, const struct run_control *c)
{
	key(j, "before");
	if (!c) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	html_key_string(j, "id", c->id);
	key(j, "title");
	html_pair_run(j, &c->title);
	html_key_string(j, "status", str_of(run_status_name(c->status)));
	html_key_int(j, "level", c->failed_level);
	html_key_int(j, "count", (int64_t)c->count);
	json_write_end(j);
}

static void put_followup(struct json_writer *j, const struct run_followup *f)
{
	key(j, "followup");
	if (!f) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	html_key_string(j, "responsible", f->responsible);
	html_key_string(j, "state", f->state);
	key_date(j, "due", f->due);
	html_key_string(j, "comment", f->comment);
	html_key_string(j, "proof", f->proof);
	json_write_end(j);
}

/* A list of objects, by where its blocks will stand. */
static void put_list(struct audit_page *p, const char *name, size_t count)
{
	struct json_writer *j = html_json(&p->w);

	key(j, name);
	json_write_object(j);
	html_key_int(j, "count", (int64_t)count);
	html_key_int(j, "part", (int64_t)p->part);
	json_write_end(j);
	p->part += html_object_parts(count);
}

static void put_control(struct audit_page *p, const struct evolution_control *c)
{
	struct json_writer *j = html_json(&p->w);

	json_write_object(j);
	html_key_int(j, "control", c->now ? (int64_t)audit_control(p, c->now->id) : INT64_MIN);
	html_key_string(j, "change", str_of(diff_change_name(c->change)));
	put_before(j, c->before);
	html_key_int(j, "added", (int64_t)c->added);
	html_key_int(j, "remaining", (int64_t)c->remaining);
	html_key_int(j, "back", (int64_t)c->back);
	put_list(p, "fixed", c->fixed_count);
	put_list(p, "lost", c->lost_count);
	put_followup(j, c->followup);
	json_write_end(j);
}

static void put_point(struct json_writer *j, const struct evolution_point *x)
{
	json_write_object(j);
	key_date(j, "at", x->evaluated_at);
	html_key_int(j, "level", x->level);
	html_key_int(j, "floor", x->level_floor);
	html_key_int(j, "withWaivers", x->level_with_waivers);
	html_key_int(j, "failed", (int64_t)x->failed);
	html_key_int(j, "unknown", (int64_t)x->unknown);
	html_key_int(j, "findings", (int64_t)x->findings);
	html_key_string(j, "catalogue", x->catalogue);
	html_key_string(j, "policy", x->policy_sha256);
	key(j, "families");
	if (!x->families) {
		json_write_null(j);
		json_write_end(j);
		return;
	}
	json_write_object(j);
	for (size_t i = 0; i < 5; i++) {
		const struct run_family *f = &x->families[i];

		json_write_key(j, f->name);
		json_write_object(j);
		for (size_t k = 0; k < f->count; k++) {
			json_write_key(j, f->indicators[k].name);
			if (f->indicators[k].value == INT64_MIN)
				json_write_null(j);
			else
				json_write_int(j, f->indicators[k].value);
		}
		json_write_end(j);
	}
	json_write_end(j);
	json_write_end(j);
}

/* What may be said of the level, and of how well the two runs compare. */
static void put_comparison(
	struct json_writer *j, const struct run *now, const struct run_evolution *e)
{
	struct buf words[2] = { 0 };

	html_key_string(j, "verdict", str_of(diff_trend_name(evolution_level(e->before, now))));
	for (int lang = 0; lang < 2; lang++)
		diff_words_level(&words[lang], e->before, now, (enum lang)lang);
	key(j, "levelWords");
	html_pair(j, buf_str(&words[LANG_FR]), buf_str(&words[LANG_EN]));
	for (int lang = 0; lang < 2; lang++) {
		buf_clear(&words[lang]);
		diff_words_level_note(&words[lang], e->before, now, (enum lang)lang);
	}
	key(j, "levelNote");
	html_pair(j, buf_str(&words[LANG_FR]), buf_str(&words[LANG_EN]));
	key(j, "notes");
	json_write_array(j);
	for (size_t i = 0;; i++) {
		buf_clear(&words[LANG_FR]);
		buf_clear(&words[LANG_EN]);
		if (!diff_words_note(&words[LANG_FR], now, e, i, LANG_FR) ||
			!diff_words_note(&words[LANG_EN], now, e, i, LANG_EN))
			break;
		html_pair(j, buf_str(&words[LANG_FR]), buf_str(&words[LANG_EN]));
	}
	json_write_end(j);
	buf_free(&words[LANG_FR]);
	buf_free(&words[LANG_EN]);
}

void audit_put_evolution(struct audit_page *p)
{
	struct json_writer *j = html_json(&p->w);
	const struct run_evolution *e = p->evolution;

	key(j, "evolution");
	if (!e) {
		json_write_null(j);
		return;
	}
	json_write_object(j);
	key_date(j, "before", e->before ? e->before->evaluated_at : INT64_MIN);
	html_key_int(j, "levelBefore", e->before ? e->before->level : INT64_MIN);
	html_key_int(j, "floorBefore", e->before ? e->before->level_floor : INT64_MIN);
	if (e->before)
		put_comparison(j, p->run, e);
	key_date(j, "next", e->next_audit);
	key(j, "controls");
	json_write_array(j);
	for (size_t i = 0; i < e->control_count; i++)
		put_control(p, &e->controls[i]);
	json_write_end(j);
	key(j, "points");
	json_write_array(j);
	for (size_t i = 0; i < e->point_count; i++)
		put_point(j, &e->points[i]);
	json_write_end(j);
	json_write_end(j);
}
