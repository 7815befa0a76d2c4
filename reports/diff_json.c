/* diff.json: docs/diff.schema.json says every key; nothing in it depends on the language. */
#include "reports/diff.h"

#include "base/platform.h"
#include "reports/json_write.h"
#include "reports/writers.h"

#define DIFF_SCHEMA 1

static void put_run(struct json_writer *w, struct str key, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, key);
	json_write_object(w);
	json_put_date(w, STR("evaluated_at"), r->evaluated_at);
	json_put_date(w, STR("collected_at"), r->collected_at);
	json_put_string(w, STR("version"), r->tool_version);
	json_put_string(w, STR("catalogue"), r->catalogue_version);
	json_write_key(w, STR("policy"));
	json_write_object(w);
	json_put_string(w, STR("name"), r->policy_name);
	json_put_string(w, STR("sha256"), r->policy_sha256);
	json_write_end(w);
	json_put_int(w, STR("level"), r->level);
	json_put_int(w, STR("level_floor"), r->level_floor);
	json_put_int(w, STR("level_with_waivers"), r->level_with_waivers);
	json_write_end(w);
}

static void put_head(struct json_writer *w, const struct run *now, const struct run_evolution *e)
{
	json_put_int(w, STR("schema"), DIFF_SCHEMA);
	json_write_new_line(w);
	json_write_key(w, STR("tool"));
	json_write_object(w);
	json_put_string(w, STR("name"), STR("adhygiene diff"));
	json_write_end(w);
	json_write_new_line(w);
	json_write_key(w, STR("facility"));
	json_write_object(w);
	json_put_optional(w, STR("name"), now->facility_name);
	json_put_optional(w, STR("finess"), now->facility_finess);
	json_put_optional(w, STR("ght"), now->facility_ght);
	json_write_end(w);
	json_put_optional(w, STR("forest"), now->forest);
	put_run(w, STR("before"), e->before);
	put_run(w, STR("now"), now);
	json_write_new_line(w);
	json_put_string(
		w, STR("level_trend"), str_of(diff_trend_name(evolution_level(e->before, now))));
}

static void put_totals(struct json_writer *w, const struct run_evolution *e)
{
	struct diff_totals t = diff_totals(e);

	json_write_new_line(w);
	json_write_key(w, STR("totals"));
	json_write_object(w);
	json_write_key(w, STR("controls"));
	json_write_object(w);
	for (int c = 0; c < DIFF_CHANGES; c++)
		json_put_uint(w, str_of(diff_change_name((enum control_change)c)), t.changes[c]);
	json_write_end(w);
	json_write_key(w, STR("findings"));
	json_write_object(w);
	json_put_uint(w, STR("new"), t.added);
	json_put_uint(w, STR("back"), t.back);
	json_put_uint(w, STR("remaining"), t.remaining);
	json_put_uint(w, STR("fixed"), t.fixed);
	json_put_uint(w, STR("lost"), t.lost);
	json_write_end(w);
	json_write_key(w, STR("anonymous"));
	json_write_bool(w, t.anonymous);
	json_write_end(w);
}

static void put_points(struct json_writer *w, const struct run_evolution *e)
{
	json_write_new_line(w);
	json_write_key(w, STR("runs"));
	json_write_array(w);
	for (size_t i = 0; i < e->point_count; i++) {
		const struct evolution_point *p = &e->points[i];

		json_write_new_line(w);
		json_write_object(w);
		json_put_date(w, STR("evaluated_at"), p->evaluated_at);
		json_put_int(w, STR("level"), p->level);
		json_put_int(w, STR("level_floor"), p->level_floor);
		json_put_int(w, STR("level_with_waivers"), p->level_with_waivers);
		json_put_uint(w, STR("failed"), p->failed);
		json_put_uint(w, STR("unknown"), p->unknown);
		json_put_uint(w, STR("findings"), p->findings);
		json_write_end(w);
	}
	json_write_end(w);
}

static void put_number(struct json_writer *w, struct str key, int64_t value)
{
	json_write_key(w, key);
	if (value == INT64_MIN)
		json_write_null(w);
	else
		json_write_int(w, value);
}

static void put_indicators(
	struct json_writer *w, const struct run *now, const struct run_evolution *e)
{
	json_write_new_line(w);
	json_write_key(w, STR("indicators"));
	json_write_object(w);
	for (size_t f = 0; f < ARRAY_LEN(now->families); f++) {
		json_write_new_line(w);
		json_write_key(w, now->families[f].name);
		json_write_object(w);
		for (size_t i = 0; i < now->families[f].count; i++) {
			struct evolution_indicator x = evolution_indicator(e->before, now, f, i);

			json_write_key(w, now->families[f].indicators[i].name);
			json_write_object(w);
			put_number(w, STR("before"), x.before);
			put_number(w, STR("now"), x.now);
			json_put_string(w, STR("trend"), str_of(diff_trend_name(x.trend)));
			json_write_end(w);
		}
		json_write_end(w);
	}
	json_write_end(w);
}

/* ---- controls ------------------------------------------------------------------------------- */

static void put_side(struct json_writer *w, struct str key, const struct run_control *c)
{
	json_write_key(w, key);
	if (!c) {
		json_write_null(w);
		return;
	}
	json_write_object(w);
	json_put_string(w, STR("status"), str_of(run_status_name(c->status)));
	json_write_key(w, STR("failed_level"));
	if (c->failed_level)
		json_write_int(w, c->failed_level);
	else
		json_write_null(w);
	json_put_optional(w, STR("reason"), c->reason);
	json_put_uint(w, STR("examined"), c->examined);
	json_put_uint(w, STR("count"), c->count);
	json_put_uint(w, STR("unknown"), c->unknown);
	json_put_uint(w, STR("waived"), c->waived);
	json_write_end(w);
}

struct put {
	struct json_writer *w;
	struct writing *x;
	enum diff_state wanted;
};

static int put_finding(void *to, const struct evolution_control *c, enum diff_state state,
	const struct run_object *o, int64_t since, struct err *err)
{
	struct put *p = to;

	(void)c;
	(void)since;
	if (state != p->wanted)
		return 0;
	json_write_new_line(p->w);
	json_write_object(p->w);
	json_put_finding(p->w, o);
	json_write_end(p->w);
	return writing_step(p->x, err);
}

static int put_control(struct json_writer *w, const struct evolution_control *c, struct writing *x,
	struct err *err)
{
	static const char *const names[DIFF_STATES] = { [DIFF_NEW] = "new",
		[DIFF_BACK] = "back",
		[DIFF_FIXED] = "fixed",
		[DIFF_LOST] = "lost" };
	const struct run_control *shown = diff_control(c);
	struct put p = { .w = w, .x = x };

	json_write_new_line(w);
	json_write_object(w);
	json_put_string(w, STR("id"), shown->id);
	json_put_string(w, STR("area"), shown->area);
	json_put_string(w, STR("change"), str_of(diff_change_name(c->change)));
	put_side(w, STR("before"), c->before);
	put_side(w, STR("now"), c->now);
	json_put_uint(w, STR("remaining"), c->remaining);
	for (int s = 0; s < DIFF_STATES; s++) {
		p.wanted = (enum diff_state)s;
		json_write_key(w, str_of(names[s]));
		json_write_array(w);
		if (diff_each_finding(c, put_finding, &p, err))
			return err->code;
		json_write_end(w);
	}
	json_write_end(w);
	return 0;
}

static int put_controls(
	struct json_writer *w, const struct run_evolution *e, struct writing *x, struct err *err)
{
	json_write_new_line(w);
	json_write_key(w, STR("controls"));
	json_write_array(w);
	for (size_t i = 0; i < e->control_count; i++)
		if (put_control(w, &e->controls[i], x, err))
			return err->code;
	json_write_end(w);
	return 0;
}

int diff_json_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err)
{
	const struct run_evolution *e = o->evolution;
	struct writing x = writing_begin(now, o);
	struct json_writer w;
	FILE *f = platform_create(path, err);
	int rc;

	if (!f)
		return err->code;
	json_write_begin(&w, f);
	json_write_object(&w);
	put_head(&w, now, e);
	put_totals(&w, e);
	put_points(&w, e);
	put_indicators(&w, now, e);
	rc = put_controls(&w, e, &x, err);
	if (rc) {
		json_write_abandon(&w);
		fclose(f);
	} else {
		json_write_end(&w);
		json_write_finish(&w);
		rc = platform_finish(f, path, err);
	}
	writing_end(&x);
	if (rc)
		platform_remove(path);
	return rc;
}
