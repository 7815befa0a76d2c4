#include "engine/evolution.h"

#include "engine/family.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct family *const families[] = { &family_password_policy, &family_privileged,
	&family_tiering, &family_stale, &family_mfa };

static void every_indicator_has_a_direction(void **state)
{
	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(families); f++)
		for (size_t i = 0; i < families[f]->row_count; i++)
			if (evolution_direction(str_of(families[f]->name),
				    str_of(families[f]->rows[i].name)) == DIRECTION_UNKNOWN)
				fail_msg("%s.%s does not stand in engine/directions.def",
					families[f]->name, families[f]->rows[i].name);
	assert_int_equal(evolution_direction(STR("stale"), STR("use")), DIRECTION_UNKNOWN);
	assert_int_equal(evolution_direction(STR("stale"), STR("users")), DIRECTION_LESS);
	assert_int_equal(evolution_direction(STR("mfa"), STR("percent")), DIRECTION_MORE);
	assert_int_equal(evolution_direction(STR("mfa"), STR("covered")), DIRECTION_NONE);
}

#define FAMILY_STALE 3
#define FAMILY_MFA 4

/* Two runs of one indicator with one control behind it. */
struct world {
	struct run_control control[2];
	struct run_parameter parameter[2];
	struct run_indicator indicator[2];
	struct run run[2];
};

static const struct str behind[] = { { "hyg_x", 5 } };

static void begin(struct world *w, size_t family, const char *name, int64_t before, int64_t now)
{
	int64_t values[2] = { before, now };

	*w = (struct world){ 0 };
	for (int i = 0; i < 2; i++) {
		w->parameter[i] = (struct run_parameter){ .name = STR("days"), .number = 90 };
		w->control[i] = (struct run_control){ .id = STR("hyg_x"),
			.status = STATUS_FAIL,
			.parameters = &w->parameter[i],
			.parameter_count = 1 };
		w->indicator[i] = (struct run_indicator){ .name = str_of(name),
			.value = values[i],
			.controls = behind,
			.control_count = 1 };
		w->run[i].controls = &w->control[i];
		w->run[i].control_count = 1;
		w->run[i].policy_sha256 = STR("a");
		w->run[i].families[family] =
			(struct run_family){ .name = str_of(families[family]->name),
				.indicators = &w->indicator[i],
				.count = 1 };
	}
}

static enum indicator_trend trend(const struct world *w, size_t family, int arrow)
{
	struct evolution_indicator e = evolution_indicator(&w->run[0], &w->run[1], family, 0);

	assert_int_equal(e.arrow, arrow);
	return e.trend;
}

static void fewer_is_better_where_the_table_says_so(void **state)
{
	struct world w;

	(void)state;
	begin(&w, FAMILY_STALE, "users", 12, 7);
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_BETTER);
	begin(&w, FAMILY_STALE, "users", 7, 12);
	assert_int_equal(trend(&w, FAMILY_STALE, 1), TREND_WORSE);
	begin(&w, FAMILY_STALE, "users", 7, 7);
	assert_int_equal(trend(&w, FAMILY_STALE, 0), TREND_SAME);
	begin(&w, FAMILY_STALE, "external", 7, 9);
	assert_int_equal(trend(&w, FAMILY_STALE, 1), TREND_CHANGED);
	begin(&w, FAMILY_MFA, "percent", 50, 60);
	assert_int_equal(trend(&w, FAMILY_MFA, 1), TREND_BETTER);
	w.control[1].unknown = 1; /* a share of fewer accounts may be larger */
	assert_int_equal(trend(&w, FAMILY_MFA, 1), TREND_CHANGED);
	begin(&w, FAMILY_MFA, "percent", 60, INT64_MIN);
	assert_int_equal(trend(&w, FAMILY_MFA, 0), TREND_NONE);
	begin(&w, FAMILY_MFA, "percent", INT64_MIN, 0);
	assert_int_equal(trend(&w, FAMILY_MFA, 0), TREND_NONE);
}

/* Half of the accounts could not be read this time: fewer findings are no progress. */
static void what_was_not_read_is_no_progress(void **state)
{
	struct world w;

	(void)state;
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.control[1].unknown = 5;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	w.control[1].unknown = 0;
	w.control[1].status = STATUS_UNKNOWN;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	w.control[1].status = STATUS_PASS;
	w.run[1].families[FAMILY_STALE].note_count = 1;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	/* Last time: there were twelve at least, and now there are seven. */
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.control[0].unknown = 5;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_BETTER);
	begin(&w, FAMILY_STALE, "users", 7, 12);
	w.control[0].unknown = 5;
	assert_int_equal(trend(&w, FAMILY_STALE, 1), TREND_CHANGED);
}

/* The run before held a domain more: what fails there is not counted any more. */
static void a_domain_less_is_no_progress(void **state)
{
	static const struct run_domain domains[] = { { .dns = { "a", 1 },
							     .sid = { "S-1-5-21-1-2-3", 14 } },
		{ .dns = { "b", 1 }, .sid = { "S-1-5-21-7-8-9", 14 } } };
	struct world w;

	(void)state;
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.run[0].domains = w.run[1].domains = domains;
	w.run[0].domain_count = w.run[1].domain_count = 2;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_BETTER);
	w.run[1].domain_count = 1;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	w.run[0].level = 1;
	w.run[1].level = 2;
	assert_int_equal(evolution_level(&w.run[0], &w.run[1]), TREND_CHANGED);
	w.run[1].domain_count = 2;
	assert_int_equal(evolution_level(&w.run[0], &w.run[1]), TREND_BETTER);
	/* A domain more: what fails in it may have failed before. */
	begin(&w, FAMILY_STALE, "users", 7, 12);
	w.run[0].domains = w.run[1].domains = domains;
	w.run[0].domain_count = 1;
	w.run[1].domain_count = 2;
	assert_int_equal(trend(&w, FAMILY_STALE, 1), TREND_CHANGED);
}

/* Whole objects may be hidden from the reader. */
static void counts_under_list_object_mode_are_lower_bounds(void **state)
{
	static const struct run_coverage hidden = { { "dSHeuristics", 12 }, { "note", 4 },
		{ "list_object_mode", 16 } };
	struct world w;

	(void)state;
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.run[1].coverage = &hidden;
	w.run[1].coverage_count = 1;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	w.run[0].level = 1;
	w.run[1].level = 2;
	assert_int_equal(evolution_level(&w.run[0], &w.run[1]), TREND_CHANGED);
}

static void what_was_measured_otherwise_is_not_judged(void **state)
{
	struct world w;

	(void)state;
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.parameter[1].number = 180;
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.run[1].policy_sha256 = STR("b");
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_BETTER);
	begin(&w, FAMILY_MFA, "not_covered", 12, 7);
	assert_int_equal(trend(&w, FAMILY_MFA, -1), TREND_BETTER);
	w.run[1].policy_sha256 = STR("b");
	assert_int_equal(trend(&w, FAMILY_MFA, -1), TREND_CHANGED);
	begin(&w, FAMILY_STALE, "users", 12, 7);
	w.control[0].id = STR("hyg_w");
	assert_int_equal(trend(&w, FAMILY_STALE, -1), TREND_CHANGED);
}

static struct run_control failed(const char *id, int level)
{
	return (struct run_control){
		.id = str_of(id), .status = level ? STATUS_FAIL : STATUS_PASS, .failed_level = level
	};
}

static void a_level_rises_only_when_what_held_it_down_is_decided(void **state)
{
	struct run_control before[2] = { failed("vuln_a", 1), failed("vuln_b", 3) };
	struct run_control now[2] = { failed("vuln_a", 0), failed("vuln_b", 3) };
	struct run was = { .level = 1, .controls = before, .control_count = 2 };
	struct run is = { .level = 3, .controls = now, .control_count = 2 };

	(void)state;
	assert_int_equal(evolution_level(&was, &is), TREND_BETTER);
	assert_int_equal(evolution_level(&is, &was), TREND_WORSE);
	now[0].status = STATUS_UNKNOWN;
	assert_int_equal(evolution_level(&was, &is), TREND_CHANGED);
	/* It fails now and was not known before: no step back that anybody could see. */
	assert_int_equal(evolution_level(&is, &was), TREND_CHANGED);
	now[0].status = STATUS_DISABLED;
	assert_int_equal(evolution_level(&was, &is), TREND_CHANGED);
	now[0].id = STR("vuln_0");
	now[0].status = STATUS_PASS;
	assert_int_equal(evolution_level(&was, &is), TREND_CHANGED);
	is.level = 1;
	assert_int_equal(evolution_level(&was, &is), TREND_SAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_indicator_has_a_direction),
		cmocka_unit_test(fewer_is_better_where_the_table_says_so),
		cmocka_unit_test(what_was_not_read_is_no_progress),
		cmocka_unit_test(a_domain_less_is_no_progress),
		cmocka_unit_test(counts_under_list_object_mode_are_lower_bounds),
		cmocka_unit_test(what_was_measured_otherwise_is_not_judged),
		cmocka_unit_test(a_level_rises_only_when_what_held_it_down_is_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
