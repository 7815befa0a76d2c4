#include "tests/engine/made.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void loads(void **state)
{
	struct world w = { 0 };
	const struct catalogue_entry *e;

	(void)state;
	assert_int_equal(world_catalogue(&w, made_yaml), 0);
	assert_int_equal(w.catalogue.entry_count, 7);
	assert_true(str_eq(w.catalogue.version, STR("2026-11")));
	for (size_t i = 1; i < w.catalogue.entry_count; i++)
		assert_true(str_cmp(w.catalogue.entries[i - 1].id, w.catalogue.entries[i].id) < 0);
	e = catalogue_find(&w.catalogue, STR("vuln_made_password"));
	assert_non_null(e);
	assert_int_equal(e->levels[0], 2);
	assert_true(str_eq(e->area, STR("made")));
	/* The written one, and the one that the scope implies. */
	assert_int_equal(e->default_count, 2);
	assert_int_equal(e->defaults[0].number, 365);
	assert_true(str_eq(e->defaults[1].name, STR("include_disabled")));
	assert_int_equal(e->defaults[1].number, 0);
	assert_null(catalogue_find(&w.catalogue, STR("vuln_none")));
	assert_int_equal(w.catalogue.change_count, 1);
	assert_ptr_equal(e->change, &w.catalogue.changes[0]);
	assert_true(str_eq(e->change->id, STR("moved")));
	assert_string_equal(run_effort_name(e->change->effort), "medium");
	assert_true(str_eq(e->change->risk.en, STR("risk")));
	assert_true(str_eq(e->change->test.fr, STR("t")));
	assert_true(str_eq(e->change->back.en, STR("back")));
	world_free(&w);
}

/* yaml with the first `from` replaced by `to`. */
static void replaced(struct buf *out, const char *yaml, const char *from, const char *to)
{
	const char *at = strstr(yaml, from);

	assert_non_null(at);
	buf_put(out, yaml, (size_t)(at - yaml));
	buf_putz(out, to);
	buf_putz(out, at + strlen(from));
}

static void refuses(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} table[] = {
		{ "area: made\n", "area: other\n",
			"made.yaml:1:7: the area of this file is 'made'" },
		{ "area: made\n", "area: made\nextra: 1\n", "made.yaml:2:1: unknown key 'extra'" },
		{ ", en: Made up}", "}", "made.yaml:2:8: the key 'en' is missing" },
		{ "fr: t,", "fr: \"\",", "made.yaml:6:17: title must be a text" },
		{ "levels: [1, 3]", "levels: []", "levels must be a list" },
		{ "levels: [1, 3]", "levels: [3, 1]", "made.yaml:5:17: levels are in ascending" },
		{ "levels: [1, 3]", "levels: [0]", "a level is a number from 1 to 5" },
		{ "    levels: [1, 3]\n", "", "the key 'levels' is missing" },
		{ "references: [none]", "references: []", "references must be a list" },
		{ "max_days: 365", "max_days: 0", "must be from 1 to 2000" },
		{ "max_days: 365", "max_days: \"365\"", "must be a whole number" },
		{ "max_days: 365", "max_day: 365", "has no parameter 'max_day'" },
		{ "    parameters: {max_days: 365}\n", "",
			"no default for its parameter 'max_days'" },
		{ "    change: moved\n", "", "made.yaml:5:5: the key 'change' is missing" },
		{ "change: moved", "change: ''", "made.yaml:11:13: change must be a text" },
		{ "change: moved", "change: move",
			"made.yaml:11:13: changes.yaml has no kind of change 'move'" },
		{ "    parameters:", "    account_policy: MinPwdLength\n    parameters:",
			"account_policy is a key of [System Access]" },
		{ "    parameters:", "    account_policy: [LockoutBadCount]\n    parameters:",
			"account_policy is a key of [System Access]" },
		{ "vuln_made_forest:", "vuln_made_forst:", "'vuln_made_forst' has no row" },
		{ "  vuln_made_forest:\n", "  vuln_made_password:\n", "made.yaml:" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct world w = { 0 };
		struct buf yaml = { 0 };

		replaced(&yaml, made_yaml, table[i].from, table[i].to);
		assert_int_not_equal(world_catalogue(&w, buf_z(&yaml)), 0);
		if (!strstr(w.err.text, table[i].says))
			fail_msg("'%s' does not say '%s'", w.err.text, table[i].says);
		buf_free(&yaml);
		world_free(&w);
	}
}

static void refuses_changes(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} table[] = {
		{ "changes:\n", "change:\n", "changes.yaml:1:1: unknown key 'change'" },
		{ "changes:\n", "version: 1\nchanges:\n", "unknown key 'version'" },
		{ made_changes, "changes: [moved]\n", "changes.yaml:1:10: changes must be a map" },
		{ made_changes, "changes: {moved: text}\n", "changes.yaml:1:18: a map with" },
		{ "medium", "some", "changes.yaml:3:13: effort is low, medium or high" },
		{ "medium", "[low]", "changes.yaml:3:13: effort is low, medium or high" },
		{ "    effort: medium\n", "", "changes.yaml:3:5: the key 'effort' is missing" },
		{ "    back: {fr: b, en: back}\n", "", "the key 'back' is missing" },
		{ "en: risk", "en: ''", "changes.yaml:4:23: risk must be a text" },
		{ ", en: test}", "}", "changes.yaml:5:11: the key 'en' is missing" },
		{ "    back:", "    why: no\n    back:", "changes.yaml:6:5: unknown key 'why'" },
		{ "  moved:\n",
			"  kept:\n    effort: low\n    risk: {fr: r, en: risk}\n"
			"    test: {fr: t, en: test}\n    back: {fr: b, en: back}\n  moved:\n",
			"changes.yaml:2:3: no control has the kind of change 'kept'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct world w = { 0 };
		struct buf yaml = { 0 };

		replaced(&yaml, made_changes, table[i].from, table[i].to);
		assert_int_not_equal(world_catalogue_with(&w, made_yaml, buf_z(&yaml)), 0);
		if (!strstr(w.err.text, table[i].says))
			fail_msg("'%s' does not say '%s'", w.err.text, table[i].says);
		buf_free(&yaml);
		world_free(&w);
	}
}

static void row_without_entry(void **state)
{
	struct world w = { 0 };
	struct buf yaml = { 0 };
	const char *at = strstr(made_yaml, "  vuln_made_forest:");

	(void)state;
	buf_put(&yaml, made_yaml, (size_t)(at - made_yaml));
	assert_int_not_equal(world_catalogue(&w, buf_z(&yaml)), 0);
	assert_non_null(strstr(w.err.text, "a row 'vuln_made_forest' without entry"));
	buf_free(&yaml);
	world_free(&w);
}

static void files_and_areas(void **state)
{
	static const struct check_area *const areas[] = { &check_area_made };
	static const char version[] = "version: \"1\"\n";
	struct embedded_file files[] = {
		{ "catalogue.yaml", (const unsigned char *)version, sizeof(version) - 1 },
		{ "changes.yaml", (const unsigned char *)made_changes, strlen(made_changes) },
		{ "orphan.yaml", (const unsigned char *)made_yaml, strlen(made_yaml) },
	};
	struct catalogue c = { 0 };
	struct err err;

	(void)state;
	assert_int_not_equal(catalogue_load(areas, 1, files, 1, &c, &err), 0);
	assert_non_null(strstr(err.text, "no changes.yaml"));
	assert_int_not_equal(catalogue_load(areas, 1, files, 2, &c, &err), 0);
	assert_non_null(strstr(err.text, "no made.yaml"));
	assert_int_not_equal(catalogue_load(areas, 1, files, 3, &c, &err), 0);
	assert_non_null(strstr(err.text, "orphan.yaml:1:1"));
	assert_int_not_equal(catalogue_load(areas, 1, files + 1, 2, &c, &err), 0);
	assert_non_null(strstr(err.text, "no catalogue.yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_changes),
		cmocka_unit_test(row_without_entry),
		cmocka_unit_test(files_and_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
