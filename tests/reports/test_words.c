/* Words, codes and the summary on the terminal. */
#include "made_run.h"
#include "reports/words.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct buf out;

static const char *said(void)
{
	return buf_z(&out);
}

static int setup(void **state)
{
	(void)state;
	buf_clear(&out);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_free(&out);
	out = (struct buf){ 0 };
	return 0;
}

static const char *code(enum code_group group, const char *z, enum lang lang)
{
	buf_clear(&out);
	words_code(&out, group, str_of(z), lang);
	return said();
}

static void every_text_has_two_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		assert_true(*text((enum text_id)i, LANG_FR));
		assert_true(*text((enum text_id)i, LANG_EN));
	}
}

static void plurals(void **state)
{
	(void)state;
	static const struct {
		uint64_t n;
		const char *fr, *en;
	} rows[] = { { 0, "0 objet", "0 objects" }, { 1, "1 objet", "1 object" },
		{ 2, "2 objets", "2 objects" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_clear(&out);
		words_number(&out, TEXT_summary_objects, LANG_FR, rows[i].n);
		assert_string_equal(said(), rows[i].fr);
		buf_clear(&out);
		words_number(&out, TEXT_summary_objects, LANG_EN, rows[i].n);
		assert_string_equal(said(), rows[i].en);
	}
}

static void codes(void **state)
{
	(void)state;
	assert_string_equal(code(CODE_REASON, "attribute_not_readable pwdLastSet", LANG_EN),
		"The reader may not read the attribute pwdLastSet");
	/* Too few arguments, no such code, no code at all. */
	assert_string_equal(
		code(CODE_REASON, "attribute_not_readable", LANG_EN), "attribute_not_readable");
	assert_string_equal(code(CODE_REASON, "of_tomorrow a b", LANG_FR), "of_tomorrow a b");
	assert_string_equal(code(CODE_REASON, "", LANG_FR), "");
	/* The last argument takes the rest; what has no place is not lost. */
	assert_string_equal(
		code(CODE_NEED, "context DC=a b,DC=c", LANG_EN), "Partition DC=a b,DC=c");
	assert_string_equal(code(CODE_STATE, "note more of it", LANG_EN), "Note (more of it)");
	assert_string_equal(code(CODE_REASON, "waiver_unused vuln_x Jean de La", LANG_EN),
		"The waiver on vuln_x matches nothing (object: Jean de La)");
	/* Two rows with one code: by the arguments there are. */
	assert_string_equal(code(CODE_NEED, "domain", LANG_EN), "Domain");
	assert_string_equal(code(CODE_NEED, "domain b.example", LANG_EN), "Domain b.example");
	/* A word of another vocabulary is not taken. */
	assert_string_equal(code(CODE_KIND, "attribute x", LANG_EN), "attribute x");
	/* Words of the code that are no arguments. */
	assert_string_equal(
		code(CODE_REASON, "share 3 of 12 accounts", LANG_EN), "3 of 12 account(s)");
	assert_string_equal(
		code(CODE_REASON, "share 3 in 12 accounts", LANG_EN), "share 3 in 12 accounts");
	/* Arguments are text, not templates. */
	assert_string_equal(code(CODE_NEED, "object %1 %2", LANG_EN), "Object %1 %2");
}

static const char *path(const char *z, enum lang lang)
{
	buf_clear(&out);
	words_path(&out, str_of(z), lang);
	return said();
}

static void paths(void **state)
{
	(void)state;
	assert_string_equal(path("svc-print > write_all_properties > adm-dc1", LANG_EN),
		"svc-print → may write every property of → adm-dc1");
	assert_string_equal(path("a > member_of > GG un > reset_password > b", LANG_FR),
		"a → est membre de → GG un → peut réinitialiser le mot de passe de → b");
	/* A name cannot pose as a step, and comes out as it was. */
	assert_string_equal(path("x \\> owner \\> y > member_of > c\\\\d", LANG_EN),
		"x > owner > y → is a member of → c\\d");
	/* No paths: a folder, a relation of tomorrow, a path cut short, nothing. */
	static const char *const others[] = { "\\\\dc1\\SYSVOL\\x > y", "a > of_tomorrow > b",
		"a > owner", "a > owner > ", "a", "> owner > b", "" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_string_equal(path(others[i], LANG_FR), others[i]);
}

static void path_in_evidence(void **state)
{
	struct run_evidence e[] = {
		{ STR("path"), (struct str[]){ STR("a > owner > b"), STR("c > contains > b") }, 2 },
		{ STR("relation"), (struct str[]){ STR("owner") }, 1 },
	};
	struct run_object o = { .evidence = e, .evidence_count = ARRAY_LEN(e) };

	(void)state;
	words_evidence(&out, &o, LANG_EN);
	assert_string_equal(said(), "path: a → owns → b\nc → contains → b; relation: owner");
}

static void dates(void **state)
{
	(void)state;
	words_date(&out, INT64_C(1795255200), LANG_FR);
	assert_string_equal(said(), "21 novembre 2026");
	buf_clear(&out);
	words_date(&out, INT64_C(1796083200), LANG_FR);
	assert_string_equal(said(), "1er décembre 2026");
	buf_clear(&out);
	words_date(&out, INT64_C(1796083200), LANG_EN);
	assert_string_equal(said(), "1 December 2026");
}

static void levels(void **state)
{
	struct run r = { .level = 3, .level_floor = 1, .level_with_waivers = 3 };

	(void)state;
	words_floor(&out, &r, LANG_FR);
	words_waivers(&out, &r, LANG_FR);
	assert_string_equal(said(), "niveau 3 au mieux, 1 si les points non évalués échouent");
	buf_clear(&out);
	r.level_floor = 3;
	words_floor(&out, &r, LANG_FR);
	assert_string_equal(said(), "");
	r.level_with_waivers = 4;
	words_waivers(&out, &r, LANG_EN);
	assert_string_equal(said(), "level 4 when accepted risks are left out");
}

/* Nothing good is said of a directory of which not all was read. */
static void level_meanings(void **state)
{
	(void)state;
	for (int level = 0; level <= 6; level++) {
		for (int floor = 1; floor <= level; floor++) {
			struct run r = { .level = level, .level_floor = floor };
			bool says = level >= 1 && level <= 5 && (level <= 2 || floor == level);

			assert_int_equal(*words_level_meaning(&r, LANG_FR) != 0, says);
			assert_int_equal(*words_level_meaning(&r, LANG_EN) != 0, says);
		}
	}
	struct run r = { .level = 5, .level_floor = 4 };

	words_level(&out, &r, LANG_FR);
	assert_string_equal(said(), "Niveau 5 sur 5 au mieux");
	buf_clear(&out);
	r.level_floor = 5;
	words_level(&out, &r, LANG_FR);
	assert_string_equal(said(), "Niveau 5 sur 5");
}

static void catalogue_dates(void **state)
{
	static const struct {
		const char *version, *shown;
	} rows[] = { { "2026-11", "novembre 2026" }, { "2026-13", "2026-13" }, { "2026", "2026" },
		{ "", "" }, { "11-2026", "11-2026" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run r = { .catalogue_version = str_of(rows[i].version) };
		struct buf expected = { 0 };

		buf_clear(&out);
		words_estimate(&out, &r, TEXT_estimate_short, LANG_FR);
		buf_printf(&expected, "(%s)", rows[i].shown);
		assert_non_null(strstr(said(), buf_z(&expected)));
		buf_free(&expected);
	}
}

static void indicators(void **state)
{
	static const struct {
		const char *name;
		int64_t value;
		const char *shown;
	} rows[] = { { "required", 12, "12" }, { "percent", 85, "85\u00a0%" },
		{ "percent", INT64_MIN, "—" }, { "domain_complexity", 1, "Oui" },
		{ "domain_complexity", 0, "Non" }, { "domain_complexity", INT64_MIN, "—" },
		{ "complete", 0, "Non" }, { "accounts_percent", 3, "3\u00a0%" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run_indicator one = { .name = str_of(rows[i].name), .value = rows[i].value };

		buf_clear(&out);
		words_indicator(&out, &one, LANG_FR);
		assert_string_equal(said(), rows[i].shown);
	}
}

static void setters(void **state)
{
	const struct run_setter three[] = { { STR("a.example"), SETTER_GPO, STR("Défaut %1") },
		{ STR("b.example"), SETTER_NONE, { NULL, 0 } },
		{ STR("c.example"), SETTER_UNKNOWN, { NULL, 0 } } };
	const struct run_setter samba = { STR("d.example"), SETTER_SAMBA, { NULL, 0 } };
	struct run_control c = { .setters = three, .setter_count = ARRAY_LEN(three) };

	(void)state;
	buf_clear(&out);
	words_setters(&out, &c, LANG_FR);
	assert_string_equal(said(),
		"Politique du domaine a.example\u00a0: ce réglage vient de la GPO «\u00a0Défaut "
		"%1\u00a0». C’est là qu’il se change, l’émulateur PDC la réapplique par-dessus un "
		"réglage direct.\n"
		"Politique du domaine b.example\u00a0: aucune GPO ne fixe ce réglage. Il se pose "
		"dans "
		"une GPO liée à la racine du domaine.\n"
		"Politique du domaine c.example\u00a0: la GPO qui fixe ce réglage n’a pas pu être "
		"établie. gpresult /h sur l’émulateur PDC la nomme.");
	buf_clear(&out);
	c = (struct run_control){ .setters = &samba, .setter_count = 1 };
	words_setters(&out, &c, LANG_EN);
	assert_non_null(strstr(said(), "samba-tool domain passwordsettings set"));
	buf_clear(&out);
	words_setters(&out, &(struct run_control){ 0 }, LANG_FR);
	assert_string_equal(said(), "");
}

static void efforts(void **state)
{
	(void)state;
	assert_string_equal(words_effort(EFFORT_LOW, LANG_FR), "Faible (heures)");
	assert_string_equal(words_effort(EFFORT_HIGH, LANG_EN), "High (project)");
}

static void first_steps(void **state)
{
	static const struct {
		const char *fix, *step;
	} rows[] = { { "One. Two.", "One." }, { "  1. Do it.\n2. Check.", "Do it." },
		{ "Use x.y here\nThen that", "Use x.y here" }, { "", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run_control c = { .fix = { .en = str_of(rows[i].fix) } };

		assert_true(str_eq(words_first_step(&c, LANG_EN), str_of(rows[i].step)));
	}
}

static void value_words(void **state)
{
	struct str values[] = { STR("too_short"), STR("=1+1") };
	struct run_evidence e[] = { { STR("reason"), values, 2 },
		{ STR("new_key"), values + 1, 1 } };
	struct run_object o = { .evidence = e, .evidence_count = 2 };

	(void)state;
	words_evidence(&out, &o, LANG_FR);
	assert_string_equal(
		said(), "motif\u00a0: longueur insuffisante, =1+1\u00a0; new_key\u00a0: =1+1");
}

/* Every kind of run, language and width: at most 22 lines, none too wide, no control character. */
static void summary_fits(void **state)
{
	static const int widths[] = { 0, 80, 120 };

	(void)state;
	for (int kind = MADE_SMALL; kind <= MADE_CLEAN; kind++) {
		for (size_t i = 0; i < 2 * ARRAY_LEN(widths); i++) {
			struct report_options o = { .lang = i % 2 ? LANG_EN : LANG_FR,
				.columns = widths[i / 2] };
			size_t columns = o.columns < 40 ? 40 : (size_t)o.columns, lines = 0;
			FILE *f = tmpfile();
			char line[2048];
			struct run r;

			assert_non_null(f);
			made_run((enum made_kind)kind, &r);
			report_summary(&r, &o, f);
			rewind(f);
			for (; fgets(line, sizeof(line), f); lines++) {
				struct str s = str_trim(str_of(line));

				assert_true(utf8_length(s) <= columns);
				assert_true(utf8_clean(s));
				assert_null(memchr(s.p, '\x1b', s.n));
			}
			assert_in_range(lines, 10, 22);
			fclose(f);
			run_free(&r);
		}
	}
}

static void summary_cuts_hostile_words(void **state)
{
	struct run_control c = { .id = STR("vuln_x"),
		.failed_level = 1,
		.count = 3,
		.title = { STR("a\x1b[31mred\nline"), STR("t") } };
	struct run_action action = { &c };
	struct run r = { .level = 1,
		.level_floor = 1,
		.level_with_waivers = 1,
		.actions = &action,
		.action_count = 1 };
	struct report_options o = { .lang = LANG_FR, .columns = 80 };
	FILE *f = tmpfile();
	char all[4096];
	size_t n;

	(void)state;
	assert_non_null(f);
	report_summary(&r, &o, f);
	rewind(f);
	n = fread(all, 1, sizeof(all) - 1, f);
	all[n] = '\0';
	fclose(f);
	assert_null(strchr(all, '\x1b'));
	assert_non_null(strstr(all, " 1. [1] a?[31mred?line"));
	assert_non_null(strstr(all, "3 objets\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_has_two_languages),
		cmocka_unit_test_setup_teardown(plurals, setup, teardown),
		cmocka_unit_test_setup_teardown(codes, setup, teardown),
		cmocka_unit_test_setup_teardown(paths, setup, teardown),
		cmocka_unit_test_setup_teardown(path_in_evidence, setup, teardown),
		cmocka_unit_test_setup_teardown(dates, setup, teardown),
		cmocka_unit_test_setup_teardown(levels, setup, teardown),
		cmocka_unit_test_setup_teardown(level_meanings, setup, teardown),
		cmocka_unit_test_setup_teardown(catalogue_dates, setup, teardown),
		cmocka_unit_test_setup_teardown(indicators, setup, teardown),
		cmocka_unit_test(setters),
		cmocka_unit_test(efforts),
		cmocka_unit_test(first_steps),
		cmocka_unit_test_setup_teardown(value_words, setup, teardown),
		cmocka_unit_test(summary_fits),
		cmocka_unit_test(summary_cuts_hostile_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
