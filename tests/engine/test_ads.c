/* ANSSI's own result beside a run: what differs, in which order, and the likely reasons. */
#include "engine/ads.h"

#include "base/buf.h"
#include "base/datetime.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const int one[] = { 1 }, both[] = { 1, 3 };
static const struct policy_param defaults[] = {
	{ .name = { "max_days", 8 }, .kind = PARAM_INT, .number = 365 },
};
static const struct run_parameter changed[] = { { { "max_days", 8 }, RUN_PARAMETER_INTEGER, 90,
	{ 0 } } };
static const struct run_parameter kept[] = { { { "max_days", 8 }, RUN_PARAMETER_INTEGER, 365,
	{ 0 } } };

/* Sorted by id, as the catalogue and a run are. */
static const struct catalogue_entry entries[] = {
	{ .id = { "hyg_ours", 8 } },
	{ .id = { "vuln_a", 6 }, .levels = one, .level_count = 1 },
	{ .id = { "vuln_b", 6 }, .levels = both, .level_count = 2, .interpretation = true },
	{ .id = { "vuln_c", 6 },
		.levels = both,
		.level_count = 2,
		.defaults = defaults,
		.default_count = 1 },
	{ .id = { "warning_d", 9 }, .levels = both, .level_count = 2 },
};
static const struct catalogue catalogue = {
	.version = { "2026-11", 7 }, .entries = entries, .entry_count = ARRAY_LEN(entries)
};

struct world {
	struct run run;
	struct run_control controls[ARRAY_LEN(entries)];
	struct run_coverage coverage;
	struct ads_row rows[8];
	struct ads_result result;
};

static int64_t at(const char *date)
{
	int64_t out = 0;

	assert_true(datetime_parse(str_of(date), &out));
	return out;
}

/* Everything passes here, and the file of the same day names nothing yet. */
static void begin(struct world *w)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < ARRAY_LEN(entries); i++)
		w->controls[i] = (struct run_control){ .id = entries[i].id,
			.area = STR("made"),
			.levels = entries[i].levels,
			.level_count = entries[i].level_count,
			.status = STATUS_PASS };
	w->controls[3].parameters = kept;
	w->controls[3].parameter_count = 1;
	w->run.controls = w->controls;
	w->run.control_count = ARRAY_LEN(entries);
	w->run.catalogue_version = catalogue.version;
	w->run.collected_at = at("2026-11-21T10:00:00Z");
	w->run.evaluated_at = w->run.collected_at;
	w->result = (struct ads_result){ at("2026-11-21"), w->rows, 0 };
}

static void name(struct world *w, const char *id, enum run_status status, int level, int64_t count)
{
	w->rows[w->result.count] =
		(struct ads_row){ str_of(id), status, level, count, w->result.count + 2 };
	w->result.count++;
}

static void fails(struct world *w, size_t i, int level, uint64_t count, uint64_t waived)
{
	w->controls[i].status = count ? STATUS_FAIL : STATUS_WAIVED;
	w->controls[i].failed_level = level;
	w->controls[i].count = count;
	w->controls[i].waived = waived;
}

/* "vuln_a missed ads_no_reason; …" without what the file does not name. */
static void expect(struct world *w, int level, const char *text)
{
	const struct run_ads *ads = ads_compare(&catalogue, &w->result, &w->run);
	struct buf b = { 0 };

	for (size_t i = 0; i < ads->point_count; i++) {
		const struct run_ads_point *p = &ads->points[i];

		if (p->difference == ADS_NOT_LISTED)
			continue;
		buf_printf(&b, "%s%.*s %s", b.n ? "; " : "", STR_ARG(p->id),
			ads_difference_name(p->difference));
		for (size_t k = 0; k < p->reason_count; k++)
			buf_printf(&b, " [%.*s]", STR_ARG(p->reasons[k]));
		assert_int_equal(p->difference, run_ads_difference(p));
		assert_true(i == 0 || run_ads_order(&ads->points[i - 1], p) < 0);
	}
	assert_string_equal(buf_z(&b), text);
	assert_int_equal(ads->level, level);
	assert_int_equal(ads->level, run_ads_level(ads->points, ads->point_count));
	buf_free(&b);
	arena_free(&w->run.arena);
}

static void what_differs(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	name(&w, "vuln_a", STATUS_PASS, 0, INT64_MIN);
	expect(&w, 0, "vuln_a same");
	begin(&w);
	name(&w, "vuln_a", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_a missed [ads_no_reason]");
	begin(&w);
	w.controls[1].status = STATUS_NOT_APPLICABLE;
	name(&w, "vuln_a", STATUS_FAIL, 0, INT64_MIN);
	expect(&w, 1, "vuln_a missed [ads_no_reason]");
	begin(&w);
	w.controls[1].status = STATUS_NOT_APPLICABLE;
	name(&w, "vuln_a", STATUS_PASS, 0, INT64_MIN);
	expect(&w, 0, "vuln_a scope [ads_no_reason]");
	begin(&w);
	fails(&w, 1, 1, 2, 0);
	name(&w, "vuln_a", STATUS_PASS, 0, 0);
	expect(&w, 0, "vuln_a ours_only [ads_no_reason]");
	begin(&w);
	fails(&w, 1, 1, 2, 1);
	name(&w, "vuln_a", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_a same");
	begin(&w);
	fails(&w, 1, 1, 2, 1);
	name(&w, "vuln_a", STATUS_FAIL, 1, 2);
	expect(&w, 1, "vuln_a count [ads_counting]");
	begin(&w);
	fails(&w, 1, 1, 0, 2);
	name(&w, "vuln_a", STATUS_FAIL, 1, 7);
	expect(&w, 1, "vuln_a accepted [ads_waived 2]");
	begin(&w);
	fails(&w, 2, 3, 1, 0);
	name(&w, "vuln_b", STATUS_FAIL, 1, 1);
	expect(&w, 1, "vuln_b level [ads_interpretation]");
	begin(&w);
	name(&w, "vuln_new", STATUS_FAIL, 2, 1);
	expect(&w, 2, "vuln_new not_known [ads_not_known 2026-11]");
}

static void what_is_open(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	w.controls[1].status = STATUS_UNKNOWN;
	w.controls[1].reason = STR("attribute_not_readable x");
	name(&w, "vuln_a", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_a not_assessed [attribute_not_readable x]");
	begin(&w);
	w.controls[1].status = STATUS_UNKNOWN;
	name(&w, "vuln_a", STATUS_PASS, 0, INT64_MIN);
	expect(&w, 0, "vuln_a not_assessed [ads_unread_here]");
	begin(&w);
	w.controls[1].status = STATUS_DISABLED;
	w.controls[1].reason = STR("the policy's own words");
	name(&w, "vuln_a", STATUS_FAIL, 1, INT64_MIN);
	expect(&w, 1, "vuln_a not_assessed [ads_disabled]");
	begin(&w);
	w.controls[1].status = STATUS_UNKNOWN;
	name(&w, "vuln_a", STATUS_UNKNOWN, 0, INT64_MIN);
	expect(&w, 0, "vuln_a same");
	begin(&w);
	name(&w, "vuln_a", STATUS_UNKNOWN, 0, INT64_MIN);
	expect(&w, 0, "vuln_a not_said [ads_not_said]");
}

static void reasons(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	w.result.dated = at("2026-10-14");
	w.controls[3].parameters = changed;
	name(&w, "vuln_c", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_c missed [ads_policy] [ads_older 38]");
	begin(&w);
	w.result.dated = at("2026-12-01");
	name(&w, "vuln_c", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_c missed [ads_newer 10] [ads_catalogue 2026-11]");
	begin(&w);
	w.result.dated = INT64_MIN;
	fails(&w, 2, 3, 4, 0);
	w.controls[2].unknown = 2;
	name(&w, "vuln_b", STATUS_FAIL, 2, 4);
	expect(&w, 2,
		"vuln_b level [ads_level_not_known 2026-11] [ads_unread 2] [ads_date_not_given] "
		"[ads_interpretation]");
	/* More here than there: what was not read here is no reason. */
	begin(&w);
	fails(&w, 1, 1, 4, 0);
	w.controls[1].unknown = 2;
	name(&w, "vuln_a", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_a count [ads_counting]");
	begin(&w);
	w.coverage = (struct run_coverage){ STR("domain other.example"), STR("missing"),
		STR("not_read") };
	w.run.coverage = &w.coverage;
	w.run.coverage_count = 1;
	name(&w, "vuln_a", STATUS_FAIL, 1, 3);
	expect(&w, 1, "vuln_a missed [forest_in_part]");
}

static void worst_first(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	fails(&w, 1, 1, 2, 0);
	fails(&w, 2, 3, 1, 0);
	w.controls[3].status = STATUS_UNKNOWN;
	name(&w, "vuln_a", STATUS_PASS, 0, INT64_MIN);
	name(&w, "vuln_b", STATUS_FAIL, 1, 1);
	name(&w, "vuln_c", STATUS_PASS, 0, INT64_MIN);
	name(&w, "vuln_other", STATUS_PASS, 0, INT64_MIN);
	name(&w, "vuln_zero", STATUS_FAIL, 1, 1);
	name(&w, "warning_d", STATUS_FAIL, 3, 1);
	expect(&w, 1,
		"warning_d missed [ads_no_reason]; vuln_zero not_known [ads_not_known 2026-11]; "
		"vuln_b level [ads_interpretation]; vuln_a ours_only [ads_no_reason]; "
		"vuln_c not_assessed [ads_unread_here]; vuln_other not_known [ads_not_known "
		"2026-11]");
}

/* What the file does not name: what fails here first, and whether it names only failures. */
static void not_named(void **state)
{
	const struct run_ads *ads;
	struct world w;

	(void)state;
	begin(&w);
	fails(&w, 3, 1, 1, 0);
	name(&w, "vuln_b", STATUS_FAIL, 1, 1);
	ads = ads_compare(&catalogue, &w.result, &w.run);
	assert_int_equal(ads->point_count, 4); /* ours alone is no point of ANSSI's */
	assert_true(str_eq(ads->points[1].id, STR("vuln_c")));
	assert_true(str_eq(ads->points[1].reasons[0], STR("ads_list_of_failures")));
	assert_true(str_eq(ads->points[2].id, STR("vuln_a")));
	arena_free(&w.run.arena);
	begin(&w);
	name(&w, "vuln_b", STATUS_PASS, 1, 1);
	ads = ads_compare(&catalogue, &w.result, &w.run);
	assert_true(str_eq(ads->points[0].reasons[0], STR("ads_not_listed")));
	assert_int_equal(ads->points[3].level, 0); /* of a passed point it is no level */
	arena_free(&w.run.arena);
}

static void level_there(void **state)
{
	struct world w;

	(void)state;
	/* Every point is said to be passed. */
	begin(&w);
	name(&w, "vuln_a", STATUS_PASS, 0, INT64_MIN);
	name(&w, "vuln_b", STATUS_PASS, 0, INT64_MIN);
	name(&w, "vuln_c", STATUS_NOT_APPLICABLE, 0, INT64_MIN);
	expect(&w, 5, "vuln_c scope [ads_no_reason]; vuln_a same; vuln_b same");
	/* One of several levels, and which was not given. */
	begin(&w);
	fails(&w, 2, 3, 1, 0);
	name(&w, "vuln_b", STATUS_FAIL, 0, 1);
	expect(&w, 0, "vuln_b same");
	/* A warning moves nothing. */
	begin(&w);
	fails(&w, 4, 1, 1, 0);
	name(&w, "warning_d", STATUS_FAIL, 1, 1);
	expect(&w, 0, "warning_d same");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs),
		cmocka_unit_test(what_is_open),
		cmocka_unit_test(reasons),
		cmocka_unit_test(worst_first),
		cmocka_unit_test(not_named),
		cmocka_unit_test(level_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
