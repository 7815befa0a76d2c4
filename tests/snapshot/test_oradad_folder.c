/* --oradad: where a run's files are, in every shape in which it can be kept. */
#include "base/platform.h"
#include "snapshot/oradad_folder.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct buf root; /* of the test at hand */

static int make_root(void **state)
{
	struct err err;

	(void)state;
	buf_clear(&root);
	return platform_make_temporary(&root, &err);
}

static int remove_root(void **state)
{
	(void)state;
	platform_remove_all(buf_z(&root));
	return 0;
}

static const char *below(const char *name)
{
	static char paths[4][512];
	static size_t used;
	char *path = paths[used++ % 4];

	snprintf(path, sizeof(paths[0]), "%s%s%s", buf_z(&root), *name ? "/" : "", name);
	return path;
}

static void made(const char *name)
{
	const char *path = below(name);
	char folder[512];
	struct err err;
	bool created;

	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	assert_int_equal(platform_make_folder(folder, &created, &err), 0);
	help_write(path, STR("x"));
}

static struct oradad_folder *opened(const char *name)
{
	struct oradad_folder *f = NULL;
	struct err err = { 0 };

	assert_true(oradad_folder_is(below(name)));
	if (oradad_folder_open(below(name), &f, &err))
		fail_msg("%s", err.text);
	return f;
}

static void expect_path(const char *got, const char *want)
{
	if (!want)
		assert_null(got);
	else
		assert_string_equal(got ? got : "(nothing)", below(want));
}

static void expect_refused(const char *path, const char *part)
{
	struct oradad_folder *f = NULL;
	struct err err = { 0 };

	assert_false(oradad_folder_is(path));
	assert_int_equal(oradad_folder_open(path, &f, &err), ERR_SOURCE);
	assert_null(f);
	if (!strstr(err.text, part))
		fail_msg("'%s' is not in: %s", part, err.text);
}

#define RUN "ch.example/20250301-120000"

static void test_from_above(void **state)
{
	static const char *const given[] = { "", "ch.example", RUN, RUN "/",
		"ch.example/../" RUN "/." };

	(void)state;
	made("ch.example/20250101-120000/tables.tsv");
	made(RUN "/tables.tsv");
	made(RUN "/domain/ch.example/User.tsv");
	made(RUN "/configuration/top.tsv");
	made(RUN "_SYSVOL/ch.example/{31B2}/123_GPT.INI");
	made("ch.example/20250101-120000_SYSVOL/ch.example/other");
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct oradad_folder *f = opened(given[i]);
		const char *user = oradad_folder_file(f, STR("DOMAIN\\ch.example\\user.tsv"));
		const char *gpt = oradad_folder_sysvol(f, STR("ch.example\\{31b2}\\123_gpt.ini"));

		assert_true(platform_is_same(oradad_folder_path(f), below(RUN "/tables.tsv")));
		assert_non_null(user);
		assert_true(platform_is_same(user, below(RUN "/domain/ch.example/User.tsv")));
		assert_non_null(gpt);
		assert_true(
			platform_is_same(gpt, below(RUN "_SYSVOL/ch.example/{31B2}/123_GPT.INI")));
		assert_null(oradad_folder_file(f, STR("domain\\ch.example\\group.tsv")));
		assert_null(oradad_folder_file(f, STR("domain\\ch.example")));
		assert_null(oradad_folder_sysvol(f, STR("ch.example\\other")));
		oradad_folder_close(f);
	}
}

/* The folder at hand is the run, whatever newer one was copied into it. */
static void test_run_itself(void **state)
{
	struct oradad_folder *f;

	(void)state;
	made("tables.tsv");
	made("z/tables.tsv");
	f = opened("");
	expect_path(oradad_folder_path(f), "tables.tsv");
	oradad_folder_close(f);
}

/* mlar extract on a system whose separator is '/'. */
static void test_backslashes(void **state)
{
	struct oradad_folder *f;

	(void)state;
	made("out/ch.example\\20250101-120000\\tables.tsv");
	made("out/ch.example\\20250301-120000\\tables.tsv");
	made("out/ch.example\\20250301-120000\\domain\\ch.example\\user.tsv");
	made("out/ch.example\\20250301-120000_SYSVOL\\ch.example\\{31B2}\\1_GPT.INI");
	made("out/ch.example\\20250301-120000\\..\\..\\secret.tsv");
	made("out/..\\z\\tables.tsv");
	f = opened("out");
	expect_path(oradad_folder_path(f), "out/ch.example\\20250301-120000\\tables.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\ch.example\\user.tsv")),
		"out/ch.example\\20250301-120000\\domain\\ch.example\\user.tsv");
	expect_path(oradad_folder_sysvol(f, STR("ch.example\\{31B2}\\1_GPT.INI")),
		"out/ch.example\\20250301-120000_SYSVOL\\ch.example\\{31B2}\\1_GPT.INI");
	expect_path(oradad_folder_file(f, STR("..\\..\\secret.tsv")), NULL);
	oradad_folder_close(f);
	f = opened("");
	expect_path(oradad_folder_path(f), "out/ch.example\\20250301-120000\\tables.tsv");
	oradad_folder_close(f);
	/* One of several. */
	f = opened("out/ch.example\\20250101-120000");
	expect_path(oradad_folder_path(f), "out/ch.example\\20250101-120000\\tables.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\ch.example\\user.tsv")), NULL);
	oradad_folder_close(f);
	expect_refused(below("out/ch.example\\2025"), "no tables.tsv");
	expect_refused(below("out/ch.example\\20250301-120000\\.."), "no tables.tsv");
}

/* A domain's accents: lost in tables.tsv, or by what unpacked the files. */
static void test_lost_letters(void **state)
{
	struct oradad_folder *f;

	(void)state;
	made("tables.tsv");
	made("domain/h\xc3\xb4pital-n\xc3\xaemes.fr/top.tsv");
	made("domain/h\xf4tel.fr/top.tsv");
	made("domain/pr\xc3\xa9.fr/top.tsv");
	made("domain/pr\xc3\xaa.fr/top.tsv");
	f = opened("");
	expect_path(oradad_folder_file(f, STR("domain\\H\xc3\x94PITAL-n\xc3\xaemes.fr\\top.tsv")),
		"domain/h\xc3\xb4pital-n\xc3\xaemes.fr/top.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\h?pital-n?mes.fr\\top.tsv")),
		"domain/h\xc3\xb4pital-n\xc3\xaemes.fr/top.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\h\xc3\xb4tel.fr\\top.tsv")),
		"domain/h\xf4tel.fr/top.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\pr\xc3\xa9.fr\\top.tsv")),
		"domain/pr\xc3\xa9.fr/top.tsv");
	/* two that it can be */
	expect_path(oradad_folder_file(f, STR("domain\\pr?.fr\\top.tsv")), NULL);
	expect_path(oradad_folder_file(f, STR("domain\\hotel.fr\\top.tsv")), NULL);
	oradad_folder_close(f);
}

static void test_links(void **state)
{
	struct oradad_folder *f;

	(void)state;
	made("outside/top.tsv");
	made("run/tables.tsv");
	made("run/domain/ch.example/user.tsv");
	assert_int_equal(
		symlink("../../../outside/top.tsv", below("run/domain/ch.example/top.tsv")), 0);
	assert_int_equal(symlink("../outside", below("run/configuration")), 0);
	assert_int_equal(symlink("outside", below("run_SYSVOL")), 0);
	f = opened("run");
	expect_path(oradad_folder_file(f, STR("domain\\ch.example\\user.tsv")),
		"run/domain/ch.example/user.tsv");
	expect_path(oradad_folder_file(f, STR("domain\\ch.example\\top.tsv")), NULL);
	expect_path(oradad_folder_file(f, STR("configuration\\top.tsv")), NULL);
	expect_path(oradad_folder_file(f, STR("..\\outside\\top.tsv")), NULL);
	expect_path(oradad_folder_sysvol(f, STR("top.tsv")), NULL);
	oradad_folder_close(f);
	made("linked/x");
	assert_int_equal(symlink("../run/tables.tsv", below("linked/tables.tsv")), 0);
	expect_refused(below("linked"), "There is no tables.tsv in");
}

static void test_refused(void **state)
{
	(void)state;
	expect_refused(below("nowhere"), "There is no folder");
	made("a/b/c/tables.tsv");
	expect_refused(below(""), "There is no tables.tsv in");
	made("file.txt");
	expect_refused(below("file.txt"), "is no folder; give the one that ORADAD wrote");
	made("runs/ch.example_20250101-000000.MLA");
	expect_refused(below("runs"), "<outputFiles>1</outputFiles>");
	made("x.mla");
	expect_refused(below("x.mla"), "mlar 1.x");
	help_write(below("renamed"), STR("MLA\1\0\0\0"));
	expect_refused(below("renamed"), "mlar 1.x");
	/* ORADAD may write both: then the folder is read. */
	made("runs/ch.example/20250101-000000/tables.tsv");
	oradad_folder_close(opened("runs"));
}

#define ROOTED(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOTED(test_from_above),
		ROOTED(test_run_itself),
		ROOTED(test_backslashes),
		ROOTED(test_lost_letters),
		ROOTED(test_links),
		ROOTED(test_refused),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&root);
	return failed;
}
