/* results.json: docs/results.schema.json says every key; nothing in it depends on the language. */
#include "reports/writers.h"

#include "base/datetime.h"
#include "base/platform.h"
#include "reports/json_write.h"
#include "reports/words.h"

#define RESULTS_SCHEMA 1

static void put_list(struct json_writer *w, const struct str *values, size_t count)
{
	json_write_array(w);
	for (size_t i = 0; i < count; i++)
		json_write_string(w, values[i]);
	json_write_end(w);
}

static void put_head(struct json_writer *w, const struct run *r)
{
	json_write_key(w, STR("schema"));
	json_write_int(w, RESULTS_SCHEMA);
	if (r->anonymous) {
		json_write_key(w, STR("anonymous"));
		json_write_bool(w, true);
	}
	json_write_new_line(w);
	json_write_key(w, STR("tool"));
	json_write_object(w);
	json_put_string(w, STR("name"), STR("adhygiene"));
	json_put_string(w, STR("version"), r->tool_version);
	json_put_string(w, STR("catalogue"), r->catalogue_version);
	json_write_end(w);
	json_write_new_line(w);
	json_write_key(w, STR("facility"));
	json_write_object(w);
	json_put_optional(w, STR("name"), r->facility_name);
	json_put_optional(w, STR("finess"), r->facility_finess);
	json_put_optional(w, STR("ght"), r->facility_ght);
	json_write_end(w);
}

static void put_directory(struct json_writer *w, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, STR("directory"));
	json_write_object(w);
	json_put_optional(w, STR("forest"), r->forest);
	json_write_key(w, STR("domains"));
	json_write_array(w);
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct run_domain *d = &r->domains[i];

		json_write_object(w);
		json_put_optional(w, STR("dns"), d->dns);
		json_put_optional(w, STR("netbios"), d->netbios);
		json_put_optional(w, STR("sid"), d->sid);
		if (r->anonymous)
			json_put_optional(w, STR("key"), d->key);
		json_write_end(w);
	}
	json_write_end(w);
	json_put_string(w, STR("source"), r->source);
	json_put_date(w, STR("collected_at"), r->collected_at);
	json_put_date(w, STR("evaluated_at"), r->evaluated_at);
	json_write_key(w, STR("counts"));
	json_write_object(w);
	json_put_uint(w, STR("objects"), r->counts.objects);
	json_put_uint(w, STR("users"), r->counts.users);
	json_put_uint(w, STR("users_enabled"), r->counts.users_enabled);
	json_put_uint(w, STR("computers"), r->counts.computers);
	json_put_uint(w, STR("groups"), r->counts.groups);
	json_write_end(w);
	json_write_end(w);
}

static void put_levels(struct json_writer *w, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, STR("policy"));
	json_write_object(w);
	json_put_string(w, STR("name"), r->policy_name);
	json_put_string(w, STR("sha256"), r->policy_sha256);
	json_write_end(w);
	json_write_new_line(w);
	json_write_key(w, STR("level"));
	json_write_int(w, r->level);
	json_write_key(w, STR("level_floor"));
	json_write_int(w, r->level_floor);
	json_write_key(w, STR("level_with_waivers"));
	json_write_int(w, r->level_with_waivers);
}

/* By family and name of the number, what put() says of it. */
static void put_numbers(struct json_writer *w, const struct run *r, struct str key,
	void (*put)(struct json_writer *w, const struct run_indicator *number))
{
	json_write_new_line(w);
	json_write_key(w, key);
	json_write_object(w);
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++) {
		const struct run_family *f = &r->families[i];

		json_write_new_line(w);
		json_write_key(w, f->name);
		json_write_object(w);
		for (size_t k = 0; k < f->count; k++) {
			json_write_key(w, f->indicators[k].name);
			put(w, &f->indicators[k]);
		}
		json_write_end(w);
	}
	json_write_end(w);
}

static void put_value(struct json_writer *w, const struct run_indicator *number)
{
	if (number->value == INT64_MIN)
		json_write_null(w);
	else
		json_write_int(w, number->value);
}

/* Which controls stand behind the number. */
static void put_behind(struct json_writer *w, const struct run_indicator *number)
{
	put_list(w, number->controls, number->control_count);
}

/* Why the numbers of a family are lower bounds. */
static void put_indicator_notes(struct json_writer *w, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, STR("indicator_notes"));
	json_write_object(w);
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++) {
		json_write_key(w, r->families[i].name);
		put_list(w, r->families[i].notes, r->families[i].note_count);
	}
	json_write_end(w);
}

static void put_cell(struct json_writer *w, enum run_column_kind kind, const struct run_cell *c)
{
	char text[DATETIME_TEXT];

	if (!c->text.p && c->number == INT64_MIN)
		json_write_null(w);
	else if (kind == COLUMN_NUMBER)
		json_write_int(w, c->number);
	else if (kind == COLUMN_DATE)
		json_write_string(w, str_of(datetime_iso(c->number, text)));
	else
		json_write_string(w, c->text);
}

static void put_row(struct json_writer *w, const struct run_table *t, const struct run_cell *cells)
{
	json_write_array(w);
	for (size_t i = 0; i < t->column_count; i++)
		put_cell(w, t->columns[i].kind, &cells[i]);
	json_write_end(w);
}

static void put_table(struct json_writer *w, const struct run_table *t)
{
	json_write_new_line(w);
	json_write_object(w);
	json_put_string(w, STR("family"), t->family);
	json_put_string(w, STR("name"), t->name);
	json_write_key(w, STR("columns"));
	json_write_array(w);
	for (size_t i = 0; i < t->column_count; i++) {
		json_write_object(w);
		json_put_string(w, STR("name"), t->columns[i].name);
		json_put_string(w, STR("kind"), str_of(run_column_kind_name(t->columns[i].kind)));
		json_write_end(w);
	}
	json_write_end(w);
	json_write_key(w, STR("rows"));
	json_write_array(w);
	for (size_t i = 0; i < t->row_count; i++) {
		json_write_new_line(w);
		put_row(w, t, t->cells + i * t->column_count);
	}
	json_write_end(w);
	json_write_key(w, STR("total"));
	if (t->total)
		put_row(w, t, t->total);
	else
		json_write_null(w);
	json_put_uint(w, STR("row_total"), t->row_total);
	json_write_end(w);
}

static void put_tables(struct json_writer *w, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, STR("tables"));
	json_write_array(w);
	for (size_t i = 0; i < r->table_count; i++)
		put_table(w, &r->tables[i]);
	json_write_end(w);
}

static void put_parameters(struct json_writer *w, const struct run_control *c)
{
	json_write_key(w, STR("parameters"));
	json_write_object(w);
	for (size_t i = 0; i < c->parameter_count; i++) {
		const struct run_parameter *p = &c->parameters[i];

		json_write_key(w, p->name);
		if (p->kind == RUN_PARAMETER_INTEGER)
			json_write_int(w, p->number);
		else if (p->kind == RUN_PARAMETER_BOOLEAN)
			json_write_bool(w, p->number != 0);
		else
			json_write_string(w, p->text);
	}
	json_write_end(w);
}

void json_put_finding(struct json_writer *w, const struct run_object *o)
{
	json_put_string(w, STR("dn"), o->dn);
	json_put_optional(w, STR("sid"), o->sid);
	json_put_optional(w, STR("guid"), o->guid);
	json_put_optional(w, STR("domain"), o->domain);
	json_put_optional(w, STR("name"), o->name);
	json_put_string(w, STR("kind"), o->kind);
	json_write_key(w, STR("level"));
	json_write_int(w, o->level);
	json_write_key(w, STR("evidence"));
	json_write_object(w);
	for (size_t i = 0; i < o->evidence_count; i++) {
		const struct run_evidence *e = &o->evidence[i];

		json_write_key(w, e->key);
		if (e->count == 1)
			json_write_string(w, e->values[0]);
		else
			put_list(w, e->values, e->count);
	}
	json_write_end(w);
	json_write_key(w, STR("waived"));
	json_write_bool(w, o->waived);
}

static void put_object(struct json_writer *w, const struct run_object *o)
{
	json_write_new_line(w);
	json_write_object(w);
	json_put_finding(w, o);
	json_write_end(w);
}

static void put_verdict(struct json_writer *w, const struct run_control *c)
{
	json_put_string(w, STR("id"), c->id);
	json_put_string(w, STR("area"), c->area);
	json_write_key(w, STR("levels"));
	json_write_array(w);
	for (size_t i = 0; i < c->level_count; i++)
		json_write_int(w, c->levels[i]);
	json_write_end(w);
	json_write_key(w, STR("failed_level"));
	if (c->failed_level)
		json_write_int(w, c->failed_level);
	else
		json_write_null(w);
	json_put_string(w, STR("status"), str_of(run_status_name(c->status)));
	json_put_optional(w, STR("reason"), c->reason);
	json_put_uint(w, STR("examined"), c->examined);
	json_put_uint(w, STR("count"), c->count);
	json_put_uint(w, STR("unknown"), c->unknown);
	json_put_uint(w, STR("waived"), c->waived);
	put_parameters(w, c);
	if (c->declared.n)
		json_put_string(w, STR("declared"), c->declared);
}

static int put_objects(
	struct json_writer *w, const struct run_control *c, struct writing *x, struct err *err)
{
	json_write_key(w, STR("objects"));
	json_write_array(w);
	for (size_t i = 0; i < c->object_count; i++) {
		put_object(w, &c->objects[i]);
		if (writing_step(x, err))
			return err->code;
	}
	json_write_end(w);
	return 0;
}

static int put_control(struct json_writer *w, const struct run *r, const struct run_control *c,
	struct writing *x, struct err *err)
{
	json_write_new_line(w);
	json_write_object(w);
	put_verdict(w, c);
	if (!r->anonymous && put_objects(w, c, x, err))
		return err->code;
	if (c->note_count) {
		json_write_key(w, STR("notes"));
		put_list(w, c->notes, c->note_count);
	}
	json_write_end(w);
	return 0;
}

static int put_controls(
	struct json_writer *w, const struct run *r, struct writing *x, struct err *err)
{
	json_write_new_line(w);
	json_write_key(w, STR("controls"));
	json_write_array(w);
	for (size_t i = 0; i < r->control_count; i++)
		if (put_control(w, r, &r->controls[i], x, err))
			return err->code;
	json_write_end(w);
	return 0;
}

static void put_level_or_none(struct json_writer *w, int level)
{
	json_write_key(w, STR("level"));
	if (level)
		json_write_int(w, level);
	else
		json_write_null(w);
}

/* One side of a point: what stands there. */
static void put_ads_side(struct json_writer *w, enum run_status status, int level, int64_t count)
{
	json_write_object(w);
	json_put_string(w, STR("status"), str_of(run_status_name(status)));
	put_level_or_none(w, level);
	json_write_key(w, STR("count"));
	if (count == INT64_MIN)
		json_write_null(w);
	else
		json_write_int(w, count);
	json_write_end(w);
}

static void put_ads_point(struct json_writer *w, const struct run_ads_point *p)
{
	const struct run_control *c = p->control;

	json_write_new_line(w);
	json_write_object(w);
	json_put_string(w, STR("id"), p->id);
	json_put_string(w, STR("difference"), str_of(ads_difference_name(p->difference)));
	json_write_key(w, STR("ads"));
	if (p->listed)
		put_ads_side(w, p->status, p->level, p->count);
	else
		json_write_null(w);
	json_write_key(w, STR("ours"));
	if (c)
		put_ads_side(w, c->status, c->failed_level, (int64_t)run_ads_found(c));
	else
		json_write_null(w);
	json_write_key(w, STR("reasons"));
	put_list(w, p->reasons, p->reason_count);
	json_write_end(w);
}

/* ANSSI's own result beside this one. */
static void put_ads(struct json_writer *w, const struct run_ads *ads)
{
	if (!ads)
		return;
	json_write_new_line(w);
	json_write_key(w, STR("ads"));
	json_write_object(w);
	json_put_date(w, STR("dated"), ads->dated);
	put_level_or_none(w, ads->level);
	json_write_key(w, STR("points"));
	json_write_array(w);
	for (size_t i = 0; i < ads->point_count; i++)
		put_ads_point(w, &ads->points[i]);
	json_write_end(w);
	if (ads->withheld)
		json_put_uint(w, STR("withheld"), ads->withheld);
	json_write_end(w);
}

static void put_tail(struct json_writer *w, const struct run *r)
{
	json_write_new_line(w);
	json_write_key(w, STR("coverage"));
	json_write_array(w);
	for (size_t i = 0; i < r->coverage_count; i++) {
		json_write_new_line(w);
		json_write_object(w);
		json_put_string(w, STR("need"), r->coverage[i].need);
		json_put_string(w, STR("state"), r->coverage[i].state);
		json_put_string(w, STR("detail"), r->coverage[i].detail);
		json_write_end(w);
	}
	json_write_end(w);
	if (r->waiver_note_count) {
		json_write_new_line(w);
		json_write_key(w, STR("waiver_notes"));
		put_list(w, r->waiver_notes, r->waiver_note_count);
	}
	put_ads(w, r->ads);
}

int json_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	struct writing x = writing_begin(r, o);
	struct json_writer w;
	FILE *f = platform_create(path, err);
	int rc;

	if (!f)
		return err->code;
	json_write_begin(&w, f);
	json_write_object(&w);
	put_head(&w, r);
	put_directory(&w, r);
	put_levels(&w, r);
	put_numbers(&w, r, STR("indicators"), put_value);
	put_numbers(&w, r, STR("indicator_controls"), put_behind);
	put_indicator_notes(&w, r);
	put_tables(&w, r);
	rc = put_controls(&w, r, &x, err);
	if (rc) {
		json_write_abandon(&w);
		fclose(f);
	} else {
		put_tail(&w, r);
		json_write_end(&w);
		json_write_finish(&w);
		rc = platform_finish(f, path, err);
	}
	writing_end(&x);
	if (rc)
		platform_remove(path);
	return rc;
}
