#include "runs/previous.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define TOOL                                                                                       \
	"\"schema\": 1, \"tool\": {\"name\": \"adhygiene\", \"version\": \"1\", \"catalogue\": "   \
	"\"2026-11\"}"
#define SID "\"S-1-5-21-1-2-3\""
#define COUNTS                                                                                     \
	"{\"objects\": 1, \"users\": 1, \"users_enabled\": 1, \"computers\": 0, \"groups\": 0}"
#define DIRECTORY(sid, at)                                                                         \
	"\"directory\": {\"forest\": null, \"domains\": [{\"dns\": null, \"netbios\": null, "      \
	"\"sid\": " sid                                                                            \
	"}], \"source\": \"ldif\", \"collected_at\": null, \"evaluated_at\": \"" at                \
	"\", \"counts\": " COUNTS "}"
#define FAMILIES(empty, privileged)                                                                \
	"{\"password_policy\": " empty ", \"privileged\": " privileged ", \"tiering\": " empty     \
	", \"stale\": " empty ", \"mfa\": " empty "}"
#define INDICATORS(complete)                                                                       \
	"\"level\": 5, \"level_floor\": 5, \"level_with_waivers\": 5, \"indicators\": " FAMILIES(  \
		"{}", "{\"complete\": " complete "}") ", \"indicator_controls\": " FAMILIES("{}",  \
		"{\"complete\": [\"x\"]}") ", \"indicator_notes\": " FAMILIES("[]", "[]")
#define REST                                                                                       \
	"\"facility\": {\"name\": null, \"finess\": null, \"ght\": null}, \"policy\": {\"name\": " \
	"\"care\", \"sha256\": "                                                                   \
	"\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}, "                  \
	"\"controls\": [{\"id\": \"x\", \"area\": \"accounts\", \"levels\": [3], "                 \
	"\"failed_level\": null, \"status\": \"pass\", \"reason\": null, \"examined\": 1, "        \
	"\"count\": 0, \"unknown\": 0, \"waived\": 0, \"parameters\": {}, \"objects\": []}], "     \
	"\"coverage\": []"
#define COLUMNS                                                                                    \
	"\"columns\": [{\"name\": \"account\", \"kind\": \"name\"}, {\"name\": \"sid\", "          \
	"\"kind\": \"text\"}, {\"name\": \"enabled\", \"kind\": \"code\"}]"
#define ACCOUNTS(columns, rows, total)                                                             \
	"\"tables\": [{\"family\": \"privileged\", \"name\": \"accounts\", " columns               \
	", \"rows\": [" rows "], \"total\": null, \"row_total\": " total "}]"
#define TABLE(rows, total) ACCOUNTS(COLUMNS, rows, total)
#define RUN_OF(directory, table)                                                                   \
	"{" TOOL ", " directory ", " INDICATORS("1") ", " table ", " REST "}"
#define RUN(table) RUN_OF(DIRECTORY(SID, "2026-10-01T00:00:00Z"), table)
#define ROWS                                                                                       \
	"[\"bob\", \"S-1-5-21-1-2-3-1102\", \"no\"], [\"al\\u0007ice\", \"S-1-5-21-1-2-3-1101\", " \
	"\"yes\"], [\"x\", null, \"yes\"]"

struct world {
	struct arena arena;
	struct previous_run run;
	struct err err;
};

static int parse(struct world *w, const char *text)
{
	*w = (struct world){ 0 };
	return previous_parse(str_of(text), "old.json", &w->arena, &w->run, &w->err);
}

static void the_list_is_read(void **state)
{
	struct world w;
	const struct previous_account *who;

	(void)state;
	assert_int_equal(parse(&w, RUN(TABLE(ROWS, "3"))), 0);
	assert_true(w.run.listed && w.run.complete);
	assert_int_equal(w.run.evaluated_at, 1790812800);
	assert_int_equal(w.run.count, 2);
	who = previous_find(&w.run, STR("S-1-5-21-1-2-3-1101"));
	assert_non_null(who);
	assert_true(who->enabled);
	assert_memory_equal(who->name.p, "al", 2); /* no control character is left of it */
	assert_null(memchr(who->name.p, 7, who->name.n));
	who = previous_find(&w.run, STR("S-1-5-21-1-2-3-1102"));
	assert_false(who->enabled);
	assert_null(previous_find(&w.run, STR("S-1-5-21-1-2-3-1103")));
	arena_free(&w.arena);
}

static void what_is_not_whole_is_no_list(void **state)
{
	static const char *const texts[] = {
		RUN(TABLE(ROWS, "4")),
		RUN("\"tables\": []"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct world w;

		assert_int_equal(parse(&w, texts[i]), 0);
		assert_false(w.run.listed);
		assert_true(w.run.complete);
		arena_free(&w.arena);
	}
}

static void anything_else_is_refused_with_a_sentence(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "", "old.json:1: this is not JSON" },
		{ "PK\x03\x04", "this is not JSON" },
		{ "{\"schema\": 1, \"schema\": 1}", "it says neither schema nor tool" },
		{ "{\"schema\": 1, \"tool\": {\"name\": \"other\"}}",
			"it says neither schema nor tool" },
		{ "{\"schema\": 2, \"tool\": {\"name\": \"adhygiene\"}}", "has schema 2" },
		{ "{" TOOL "}", "\"facility\" is missing" },
		{ RUN_OF(DIRECTORY("null", "2026-10-01T00:00:00Z"), TABLE(ROWS, "3")),
			"anonymous run" },
		{ RUN_OF(DIRECTORY("7", "2026-10-01T00:00:00Z"), TABLE(ROWS, "3")),
			"a text in quotes" },
		{ RUN_OF(DIRECTORY(SID, "hier"), TABLE(ROWS, "3")), "is no date" },
		{ RUN(ACCOUNTS(
			  "\"columns\": [{\"name\": \"account\", \"kind\": \"name\"}]", "", "0")),
			"table of privileged accounts is malformed" },
		{ RUN(TABLE("7", "1")), "a list is expected" },
		{ RUN(TABLE("[\"x\", 7, \"yes\"]", "1")), "a text in quotes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct world w;

		assert_int_equal(parse(&w, wrong[i].text), ERR_SOURCE);
		if (!strstr(w.err.text, wrong[i].says))
			fail_msg("%s\ninstead of: %s", w.err.text, wrong[i].says);
		arena_free(&w.arena);
	}
}

static void nesting_has_an_end(void **state)
{
	static char deep[1000000];
	struct world w;

	(void)state;
	memset(deep, '[', sizeof(deep) - 1);
	assert_int_equal(parse(&w, deep), ERR_SOURCE);
	arena_free(&w.arena);
}

static void another_directory_is_refused(void **state)
{
	struct str same = STR("S-1-5-21-1-2-3"), other = STR("S-1-5-21-1-2-4");
	struct world w;

	(void)state;
	assert_int_equal(parse(&w, RUN(TABLE(ROWS, "3"))), 0);
	assert_int_equal(previous_same_directory(&w.run, "old.json", &same, 1, &w.err), 0);
	assert_int_equal(previous_same_directory(&w.run, "old.json", &other, 1, &w.err), ERR_USAGE);
	assert_non_null(strstr(w.err.text, "another directory"));
	assert_int_equal(previous_same_directory(&w.run, "old.json", NULL, 0, &w.err), ERR_USAGE);
	arena_free(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_is_read),
		cmocka_unit_test(what_is_not_whole_is_no_list),
		cmocka_unit_test(anything_else_is_refused_with_a_sentence),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(another_directory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
