/* A results.json from anywhere: any bytes give a run whose texts are all clean, or a sentence. */
#include "base/utf8.h"
#include "runs/diff.h"
#include "runs/stored.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str s)
{
	if (s.n && !utf8_clean(s))
		abort();
}

static void check_list(const struct str *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_text(list[i]);
}

static void check_object(const struct run_object *o)
{
	check_text(o->dn);
	check_text(o->sid);
	check_text(o->guid);
	check_text(o->domain);
	check_text(o->name);
	check_text(o->kind);
	for (size_t i = 0; i < o->evidence_count; i++) {
		check_text(o->evidence[i].key);
		check_list(o->evidence[i].values, o->evidence[i].count);
	}
}

static void check_control(const struct run_control *c)
{
	check_text(c->id);
	check_text(c->area);
	check_text(c->reason);
	check_list(c->notes, c->note_count);
	for (size_t i = 0; i < c->parameter_count; i++)
		check_text(c->parameters[i].text);
	for (size_t i = 0; i < c->object_count; i++)
		check_object(&c->objects[i]);
	if (c->level_count < 1 || c->levels[0] < 1 || c->levels[0] > 5)
		abort();
}

static void check_tables(const struct run *r)
{
	for (size_t i = 0; i < r->table_count; i++) {
		const struct run_table *t = &r->tables[i];

		for (size_t k = 0; k < t->row_count * t->column_count; k++)
			check_text(t->cells[k].text);
		for (size_t k = 0; t->total && k < t->column_count; k++)
			check_text(t->total[k].text);
	}
}

/* Nothing changed between a run and itself. */
static void check_diff(const struct run *r)
{
	struct run_evolution e = { 0 };
	struct arena a = { 0 };
	struct err err = { 0 };

	if (diff_runs(r, r, &a, &e, &err) == 0)
		for (size_t i = 0; i < e.control_count; i++)
			if (e.controls[i].change != CHANGE_NONE || e.controls[i].added ||
				e.controls[i].fixed_count || e.controls[i].lost_count)
				abort();
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct run r;

	if (stored_run_parse((struct str){ (const char *)data, size }, "fuzz.json", &r, &err)) {
		if (err.code != ERR_SOURCE)
			abort();
		return 0;
	}
	for (size_t i = 0; i < r.control_count; i++)
		check_control(&r.controls[i]);
	for (size_t i = 0; i < r.coverage_count; i++)
		check_text(r.coverage[i].detail);
	check_list(r.waiver_notes, r.waiver_note_count);
	check_tables(&r);
	check_diff(&r);
	run_free(&r);
	return 0;
}
