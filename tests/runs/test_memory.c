#include "runs/memory.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define GUID "0f0e0d0c-0b0a-0908-0706-000000000001"
#define DAY INT64_C(86400)

/* One control with at most one finding, in a run of some day. */
struct world {
	struct arena arena;
	struct memory memory;
	struct run_domain domains[2];
	struct run_object object;
	struct run_parameter parameter;
	struct run_coverage coverage;
	struct run_control control;
	struct run run;
	int64_t day;
};

static void begin(struct world *w)
{
	*w = (struct world){ 0 };
	w->memory.arena = &w->arena;
	w->domains[0] =
		(struct run_domain){ .dns = STR("a.example"), .sid = STR("S-1-5-21-1-2-3") };
	w->domains[1] =
		(struct run_domain){ .dns = STR("b.example"), .sid = STR("S-1-5-21-7-8-9") };
	w->object = (struct run_object){ .dn = STR("CN=a,DC=b,DC=example"),
		.guid = STR(GUID),
		.sid = STR("S-1-5-21-7-8-9-1105"),
		.domain = STR("b.example"),
		.level = 1 };
	w->parameter = (struct run_parameter){ .name = STR("max_days"), .number = 90 };
	w->coverage =
		(struct run_coverage){ STR("dSHeuristics"), STR("note"), STR("list_object_mode") };
	w->control.id = STR("hyg_x");
	w->control.parameters = &w->parameter;
	w->control.parameter_count = 1;
	w->control.objects = &w->object;
	w->run.domains = w->domains;
	w->run.domain_count = 2;
	w->run.controls = &w->control;
	w->run.control_count = 1;
	w->run.coverage = &w->coverage;
}

/* The next run, with or without the finding; the row of it. */
static struct evolution_memory *next(struct world *w, bool found)
{
	w->run.evaluated_at = ++w->day * DAY;
	w->control.status = found ? STATUS_FAIL : STATUS_PASS;
	w->control.object_count = w->control.count = found;
	memory_advance(&w->memory, &w->run);
	return memory_find(&w->memory, STR("hyg_x|" GUID));
}

static void end(struct world *w)
{
	memory_free(&w->memory);
	arena_free(&w->arena);
}

static void what_is_gone_is_fixed_and_comes_back(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(next(&w, true)->fixed_at, INT64_MIN);
	assert_int_equal(next(&w, false)->fixed_at, 2 * DAY);
	assert_int_equal(memory_find(&w.memory, STR("hyg_x"))->fixed_at, 2 * DAY);
	assert_int_equal(next(&w, false)->fixed_at, 2 * DAY);
	assert_int_equal(next(&w, true)->since, 4 * DAY);
	end(&w);
}

/* However many runs later: the last that had it is what they are held against. */
static void another_measure_fixes_nothing(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	next(&w, true);
	w.parameter.number = 1000;
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	assert_int_equal(memory_find(&w.memory, STR("hyg_x"))->fixed_at, INT64_MIN);
	w.parameter.number = 90;
	assert_int_equal(next(&w, true)->since, DAY); /* it never went */
	w.control.declared = STR("0123456789abcdef");
	w.run.policy_sha256 = STR("b");
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	w.control.declared = (struct str){ 0 };
	assert_int_equal(next(&w, false)->fixed_at, 6 * DAY);
	end(&w);
}

static void unseen_file_rights_fix_nothing(void **state)
{
	const struct str unread[] = { STR("policy_file_rights_not_read") };
	struct world w;

	(void)state;
	begin(&w);
	next(&w, true);
	w.control.notes = unread;
	w.control.note_count = 1;
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	w.control.note_count = 0;
	assert_int_equal(next(&w, false)->fixed_at, 3 * DAY);
	end(&w);
}

static void another_domain_fixes_nothing(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	next(&w, true);
	w.run.domain_count = 1;
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	/* The control failed in one of two domains, and passes in the other. */
	assert_int_equal(memory_find(&w.memory, STR("hyg_x"))->fixed_at, INT64_MIN);
	w.run.domains = &w.domains[1];
	assert_int_equal(next(&w, false)->fixed_at, 4 * DAY);
	assert_int_equal(memory_find(&w.memory, STR("hyg_x"))->fixed_at, INT64_MIN);
	w.run.domains = w.domains;
	w.run.domain_count = 2;
	next(&w, false);
	assert_int_equal(memory_find(&w.memory, STR("hyg_x"))->fixed_at, 5 * DAY);
	end(&w);
}

static void what_may_be_hidden_is_not_fixed(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	next(&w, true);
	w.run.coverage_count = 1;
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	w.run.coverage_count = 0;
	assert_int_equal(next(&w, false)->fixed_at, 3 * DAY);
	end(&w);
}

/* A row of a workbook whose run is not there: how it was measured is not known. */
static void a_row_without_its_run_is_not_fixed(void **state)
{
	struct world w;
	struct evolution_memory *row;

	(void)state;
	begin(&w);
	row = memory_at(&w.memory, STR("hyg_x|" GUID));
	row->first_seen = row->since = row->last_seen = -DAY;
	assert_int_equal(next(&w, false)->fixed_at, INT64_MIN);
	assert_int_equal(next(&w, true)->since, -DAY);
	assert_int_equal(next(&w, false)->fixed_at, 3 * DAY);
	end(&w);
}

/* Its key is made of its SID then. */
static void what_goes_by_another_name_is_not_fixed(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	next(&w, true);
	w.object.guid = STR("");
	assert_int_equal(next(&w, true)->fixed_at, INT64_MIN);
	w.object.guid = STR(GUID);
	assert_int_equal(next(&w, true)->since, DAY);
	assert_int_equal(
		memory_find(&w.memory, STR("hyg_x|S-1-5-21-7-8-9-1105"))->fixed_at, INT64_MIN);
	assert_int_equal(next(&w, false)->fixed_at, 4 * DAY);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_gone_is_fixed_and_comes_back),
		cmocka_unit_test(another_measure_fixes_nothing),
		cmocka_unit_test(unseen_file_rights_fix_nothing),
		cmocka_unit_test(another_domain_fixes_nothing),
		cmocka_unit_test(what_may_be_hidden_is_not_fixed),
		cmocka_unit_test(a_row_without_its_run_is_not_fixed),
		cmocka_unit_test(what_goes_by_another_name_is_not_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
