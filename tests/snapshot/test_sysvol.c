/* --sysvol: copies in every shape, and what must never get into a snapshot. */
#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/sysvol.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLICY "{31B2F340-016D-11D2-945F-00C04FB984F9}"
#define PASSWORD "j1Uyj3Vx8TY9LtLZil2uAuZkFQA"

static struct buf listing; /* "path=bytes\n" of the last import */

static int take(void *cx, struct str path, struct str bytes, struct err *err)
{
	(void)cx;
	(void)err;
	buf_printf(&listing, "%.*s=%.*s\n", STR_ARG(path), STR_ARG(bytes));
	return 0;
}

/* A folder of our own, new. */
static const char *made_folder(const char *name)
{
	static char path[256];
	struct err err;
	bool created;

	snprintf(path, sizeof(path), "%s-%ld", help_path(name), platform_pid());
	assert_int_equal(platform_make_folder(path, &created, &err), 0);
	assert_true(created);
	return path;
}

static void made_file(const char *folder, const char *name, struct str bytes)
{
	char path[512];
	struct err err;
	bool created;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	*strrchr(path, '/') = '\0';
	assert_int_equal(platform_make_folder(path, &created, &err), 0);
	path[strlen(path)] = '/';
	help_write(path, bytes);
}

static void remove_all(const char *path)
{
	struct platform_dir *state = NULL;
	const char *name;

	if (platform_kind_of(path) != PLATFORM_FOLDER) {
		platform_remove(path);
		return;
	}
	chmod(path, 0700);
	for (;;) {
		char entry[512] = "";

		while ((name = platform_dir_next(path, &state)) != NULL)
			if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
				snprintf(entry, sizeof(entry), "%s/%s", path, name);
		if (!entry[0])
			break;
		remove_all(entry);
	}
	platform_remove_folder(path);
}

static int import(const char *folder, struct snapshot **out, struct err *err)
{
	const char *path = help_path("sysvol.adsnap");
	struct snapshot_writer *w = NULL;
	struct progress progress;

	progress_init(&progress, true);
	buf_clear(&listing);
	assert_int_equal(snapshot_create(path, &w, err), 0);
	int rc = sysvol_import(w, folder, &progress, err);
	if (rc) {
		snapshot_abandon(w);
		return rc;
	}
	assert_int_equal(snapshot_finish(w, err), 0);
	assert_int_equal(snapshot_open(path, out, err), 0);
	assert_int_equal(snapshot_each_sysvol(*out, take, NULL, err), 0);
	return 0;
}

static void finish(struct snapshot *s, const char *folder)
{
	snapshot_close(s);
	platform_remove(help_path("sysvol.adsnap"));
	remove_all(folder);
}

static void test_files(void **state)
{
	const char *folder = made_folder("sysvol");
	struct snapshot *s = NULL;
	struct err err;

	(void)state;
	made_file(folder, "chu.example/Policies/" POLICY "/gpt.ini", STR("[General]"));
	made_file(folder, "chu.example/Policies/" POLICY "/MACHINE/Registry.pol", STR("PReg"));
	made_file(folder, "chu.example/Policies/" POLICY "/MACHINE/other.txt", STR("no"));
	made_file(folder, "chu.example/Policies/" POLICY "/User/Scripts/x.BAT", STR("secret"));
	made_file(folder, "chu.example/Policies/" POLICY "/MACHINE/Registry.pol.bak", STR("no"));
	made_file(folder, "chu.example/DfsrPrivate/" POLICY "/GPT.INI", STR("no"));
	made_file(folder, "6ac1786c-016f-11d2-945f-00c04fb984f9/GPT.INI", STR(""));
	assert_int_equal(import(folder, &s, &err), 0);
	assert_str_equal(buf_str(&listing),
		"6ac1786c-016f-11d2-945f-00c04fb984f9/GPT.INI=\n"
		"chu.example/Policies/" POLICY "/MACHINE/Registry.pol=?\n"
		"chu.example/Policies/" POLICY "/User/Scripts/x.BAT=\n"
		"chu.example/Policies/" POLICY "/gpt.ini=[General]\n");
	assert_str_equal(snapshot_meta(s, META_SYSVOL), "copy");
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_OK, "files 4"));
	finish(s, folder);
}

/* The whole file, not only what the reader gives of it. */
static void test_no_password(void **state)
{
	const char *folder = made_folder("sysvol");
	struct snapshot *s = NULL;
	struct err err;

	(void)state;
	made_file(folder, POLICY "/Machine/Preferences/Groups/Groups.XML",
		STR("<Groups><User><Properties cpassword=\"" PASSWORD "\" userName=\"x\"/>"));
	assert_int_equal(import(folder, &s, &err), 0);
	assert_str_equal(buf_str(&listing),
		POLICY "/Machine/Preferences/Groups/Groups.XML=<Groups><User><Properties "
		       "cpassword=\"[removed]\" userName=\"x\"/>\n");
	struct str file = help_read(help_path("sysvol.adsnap"));
	for (size_t i = 0; i + 6 <= file.n; i++)
		assert_memory_not_equal(file.p + i, PASSWORD, 6);
	free((void *)(uintptr_t)file.p);
	finish(s, folder);
}

static void test_links_and_rights(void **state)
{
	const char *folder = made_folder("sysvol");
	char link[512], outside[512];
	struct snapshot *s = NULL;
	struct err err;

	(void)state;
	made_file(folder, POLICY "/GPT.INI", STR("x"));
	made_file(folder, POLICY "/Machine/scripts.ini", STR("x"));
	snprintf(outside, sizeof(outside), "%s/" POLICY, folder);
	snprintf(link, sizeof(link), "%s/" POLICY "/loop", folder);
	assert_int_equal(symlink("..", link), 0);
	snprintf(link, sizeof(link), "%s/" POLICY "/Registry.pol", folder);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	snprintf(outside, sizeof(outside), "%s/" POLICY "/Machine", folder);
	/* root reads everything: then nothing is denied, and that is what is expected. */
	assert_int_equal(chmod(outside, 0), 0);
	bool denied = !platform_folder_opens(outside);
	assert_int_equal(import(folder, &s, &err), 0);
	assert_true(
		help_has_coverage(s, "sysvol " POLICY "/loop", COVERAGE_NOTE, "link_not_followed"));
	assert_true(help_has_coverage(
		s, "sysvol " POLICY "/Registry.pol", COVERAGE_NOTE, "link_not_followed"));
	assert_int_equal(denied, help_has_coverage(s, "sysvol " POLICY "/Machine", COVERAGE_DENIED,
					 "folder_not_opened"));
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_OK, denied ? "files 1" : "files 2"));
	finish(s, folder);
}

static void test_bounds(void **state)
{
	const char *folder = made_folder("sysvol");
	struct buf deep = { 0 }, big = { 0 };
	struct snapshot *s = NULL;
	struct err err;

	(void)state;
	buf_putz(&deep, POLICY);
	for (unsigned i = 0; i < LIMIT_SYSVOL_DEPTH; i++)
		buf_putz(&deep, "/d");
	buf_putz(&deep, "/GPT.INI");
	made_file(folder, buf_z(&deep), STR("x"));
	while (big.n <= LIMIT_SYSVOL_FILE_BYTES)
		buf_putz(&big, "0123456789abcdef0123456789abcdef0123456789abcdef");
	made_file(folder, POLICY "/audit.csv", buf_str(&big));
	assert_int_equal(import(folder, &s, &err), 0);
	assert_str_equal(buf_str(&listing), "");
	assert_true(help_has_coverage(
		s, "sysvol " POLICY "/audit.csv", COVERAGE_TRUNCATED, "file_too_large"));
	bool found = false;
	for (size_t i = 0; i < snapshot_coverage_count(s); i++)
		found |= str_eq(snapshot_coverage_at(s, i).detail, STR("too_deep"));
	assert_true(found);
	buf_free(&deep);
	buf_free(&big);
	finish(s, folder);
}

static void test_wrong_folder(void **state)
{
	const char *folder = made_folder("sysvol");
	char policy[512];
	struct snapshot *s = NULL;
	struct err err;

	(void)state;
	assert_int_equal(import("/nonexistent", &s, &err), ERR_SOURCE);
	assert_int_equal(import(folder, &s, &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, "no folder of a policy"));
	made_file(folder, POLICY "/GPT.INI", STR("x"));
	snprintf(policy, sizeof(policy), "%s/" POLICY "/", folder);
	assert_int_equal(import(policy, &s, &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, "one policy"));
	remove_all(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_no_password),
		cmocka_unit_test(test_links_and_rights),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_wrong_folder),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&listing);
	return failed;
}
