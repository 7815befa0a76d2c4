/* audit.html: one page for the director, the administrator and the technician. */
#include "reports/html_audit.h"

#include "base/arena.h"
#include "base/datetime.h"

#include <stdlib.h>

static const enum text_id texts[] = {
#define PAGE_TEXT(id) TEXT_##id,
#include "reports/html_audit_texts.def"
#undef PAGE_TEXT
};

uint32_t audit_control(const struct audit_page *p, struct str id)
{
	return hash_get(&p->controls, id);
}

uint32_t audit_change(const struct audit_page *p, const struct run_change *c)
{
	return hash_get(&p->changes, c->id);
}

static void open_page(struct audit_page *p)
{
	const struct run *r = p->run;

	p->change_list = xcalloc(r->control_count + 1, sizeof(struct run_change *));
	for (uint32_t i = 0; i < r->control_count; i++) {
		const struct run_change *c = r->controls[i].change;

		hash_set(&p->controls, r->controls[i].id, i);
		if (c && hash_add(&p->changes, c->id, p->change_count) == p->change_count)
			p->change_list[p->change_count++] = c;
	}
}

static void close_page(struct audit_page *p)
{
	hash_free(&p->controls);
	hash_free(&p->changes);
	free(p->change_list);
}

/* ---- blocks that are read when they are asked for ---- */

static void put_coverage(struct audit_page *p)
{
	struct json_writer *j = html_part(&p->w);

	json_write_array(j);
	for (size_t i = 0; i < p->run->coverage_count; i++) {
		const struct run_coverage *c = &p->run->coverage[i];

		json_write_array(j);
		html_pair_code(j, CODE_NEED, c->need);
		json_write_string(j, c->state);
		html_pair_code(j, CODE_STATE, c->state);
		html_pair_code(j, CODE_REASON, c->detail);
		json_write_end(j);
	}
	json_write_end(j);
	html_part_end(&p->w);
}

static void put_date(struct json_writer *j, int64_t seconds)
{
	char text[DATETIME_TEXT];

	if (seconds == INT64_MIN)
		json_write_null(j);
	else
		json_write_string(j, str_of(datetime_iso(seconds, text)));
}

static void put_account(struct json_writer *j, const struct run_privileged *a)
{
	json_write_array(j);
	json_write_string(j, a->name);
	json_write_string(j, a->domain);
	json_write_string(j, a->kind);
	json_write_int(j, a->tier);
	json_write_int(j, a->enabled);
	json_write_string(j, a->path);
	put_date(j, a->password_set);
	put_date(j, a->last_logon);
	json_write_int(j, a->never_expires);
	json_write_int(j, a->mfa);
	json_write_uint(j, a->failed_controls);
	json_write_string(j, a->dn);
	json_write_string(j, a->sid);
	json_write_end(j);
}

static void put_privileged(struct audit_page *p)
{
	struct json_writer *j = html_part(&p->w);

	json_write_array(j);
	for (size_t i = 0; i < p->run->privileged_count; i++)
		put_account(j, &p->run->privileged[i]);
	json_write_end(j);
	html_part_end(&p->w);
}

static void put_cell(
	struct json_writer *j, const struct run_table *t, size_t column, const struct run_cell *c)
{
	struct buf fr = { 0 }, en = { 0 };

	if (!c->text.p && c->number == INT64_MIN)
		json_write_null(j);
	else if (t->columns[column].kind == COLUMN_NUMBER)
		json_write_int(j, c->number);
	else if (t->columns[column].kind == COLUMN_DATE)
		put_date(j, c->number);
	else if (t->columns[column].kind == COLUMN_CODE) {
		words_cell(&fr, t, c->text, LANG_FR);
		words_cell(&en, t, c->text, LANG_EN);
		html_pair(j, buf_str(&fr), buf_str(&en));
	} else {
		json_write_string(j, c->text);
	}
	buf_free(&fr);
	buf_free(&en);
}

static void put_row(struct json_writer *j, const struct run_table *t, const struct run_cell *cells)
{
	json_write_array(j);
	for (size_t c = 0; c < t->column_count; c++)
		put_cell(j, t, c, &cells[c]);
	json_write_end(j);
}

/* {"rows": […], "total": […] or null} */
static void put_table(struct audit_page *p, const struct run_table *t)
{
	struct json_writer *j = html_part(&p->w);

	json_write_object(j);
	json_write_key(j, STR("rows"));
	json_write_array(j);
	for (size_t i = 0; i < t->row_count; i++)
		put_row(j, t, t->cells + i * t->column_count);
	json_write_end(j);
	json_write_key(j, STR("total"));
	if (t->total)
		put_row(j, t, t->total);
	else
		json_write_null(j);
	json_write_end(j);
	html_part_end(&p->w);
}

/* ---- lists of objects ---- */

struct findings {
	const struct run_control *control;
	const struct evolution_finding *ages; /* as its objects; NULL: none */
};

static void finding_row(const void *list, size_t i, struct html_row *out)
{
	const struct findings *f = list;

	out->object = &f->control->objects[i];
	out->age = f->ages ? &f->ages[i] : NULL;
}

static void object_row(const void *list, size_t i, struct html_row *out)
{
	const struct run_object *const *objects = list;

	out->object = objects[i];
}

static void deadline_row(const void *list, size_t i, struct html_row *out)
{
	const struct audit_page *p = list;
	const struct run_deadline *d = &p->run->deadlines[i];

	out->object = d->object;
	out->extra = ((int64_t)audit_control(p, d->control->id) * HTML_TODAYS + (int64_t)d->today) *
			     STATUS_COUNT +
		     (int64_t)d->then;
}

/* What is known of the ages of a control's findings. */
static const struct evolution_finding *ages_of(const struct audit_page *p, size_t control)
{
	const struct run_evolution *e = p->evolution;

	/* Those of the run come first, in its order. */
	if (!e || control >= e->control_count ||
		e->controls[control].now != &p->run->controls[control])
		return NULL;
	return e->controls[control].findings;
}

static int put_changes_of(struct audit_page *p, struct err *err)
{
	const struct run_evolution *e = p->evolution;

	for (size_t i = 0; e && i < e->control_count; i++) {
		const struct evolution_control *c = &e->controls[i];

		if (html_put_objects(&p->w, object_row, c->fixed, c->fixed_count, NULL, err) ||
			html_put_objects(&p->w, object_row, c->lost, c->lost_count, NULL, err))
			return err->code;
	}
	return 0;
}

/* In the order in which the first block counted them. */
static int put_parts(struct audit_page *p, struct writing *x, struct err *err)
{
	const struct run *r = p->run;

	put_coverage(p);
	put_privileged(p);
	for (size_t i = 0; i < r->table_count; i++)
		put_table(p, &r->tables[i]);
	for (size_t i = 0; i < r->control_count; i++) {
		struct findings f = { &r->controls[i], ages_of(p, i) };

		if (html_put_objects(&p->w, finding_row, &f, f.control->object_count, x, err))
			return err->code;
	}
	if (r->deadlines_at != INT64_MIN &&
		html_put_objects(&p->w, deadline_row, p, r->deadline_count, NULL, err))
		return err->code;
	return put_changes_of(p, err);
}

int html_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	struct html_page page = { .name = "audit",
		.title = TEXT_title,
		.styles = "audit.css",
		.scripts = "graph.js objects.js audit_controls.js audit_views.js audit_ads.js "
			   "audit.js",
		.lang = o->lang,
		.texts = texts,
		.text_count = ARRAY_LEN(texts) };
	struct audit_page p = { .run = r, .evolution = o->evolution };
	struct writing x = writing_begin(r, o);
	int rc = html_begin(&p.w, path, &page, err);

	if (!rc) {
		open_page(&p);
		audit_put_head(&p);
		html_run(&p.w);
		rc = put_parts(&p, &x, err);
		if (rc)
			html_abandon(&p.w);
		else
			rc = html_end(&p.w, err);
		close_page(&p);
	}
	writing_end(&x);
	return rc;
}
