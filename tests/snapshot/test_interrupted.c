/* What stops a collection half-way: a signal, a full disk. Each in a process of its own, because
 * flags and limits of a process stay. */
#include "base/buf.h"
#include "base/platform.h"
#include "snapshot/ldif.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct buf target, ldif;

/* In the child: an import of the large file; its code is the exit status. */
static int import(void)
{
	struct snapshot_writer *w = NULL;
	struct progress quiet = { .quiet = true };
	struct err err = { 0 };
	const char *paths[] = { buf_z(&ldif) };

	if (snapshot_create(buf_z(&target), &w, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return -err.code;
	}
	int code = ldif_import(w, paths, 1, &quiet, &err);
	if (code)
		snapshot_abandon(w);
	else
		code = snapshot_finish(w, &err);
	if (code)
		fprintf(stderr, "%s\n", err.text);
	return -code;
}

static int interrupted_import(void)
{
	platform_catch_interrupts();
	raise(SIGINT);
	return import();
}

static int import_on_a_full_disk(void)
{
	struct rlimit small = { 300000, 300000 };

	platform_catch_interrupts(); /* ignores SIGXFSZ, as the program does */
	setrlimit(RLIMIT_FSIZE, &small);
	return import();
}

static int in_child(int (*run)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(run());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The working folder holds the older file, unchanged, and no other file of this name. */
static void assert_untouched(void)
{
	struct platform_dir *state = NULL;
	const char *name;
	size_t found = 0;

	while ((name = platform_dir_next(".", &state)))
		found += str_starts(str_of(name), buf_str(&target));
	assert_int_equal(found, 1);
	struct str bytes = help_read(buf_z(&target));
	assert_str_equal(bytes, "older");
	free((void *)(uintptr_t)bytes.p);
}

static int set_up(void **state)
{
	struct buf text = { 0 };

	(void)state;
	buf_putz(&target, help_path("target.adsnap"));
	buf_putz(&ldif, help_path("large.ldif"));
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&text,
			"dn: CN=user %u,DC=x\ncn: user %u\ndescription: something long enough "
			"to fill a page sooner or later\n\n",
			i, i);
	help_write(buf_z(&ldif), buf_str(&text));
	help_write(buf_z(&target), STR("older"));
	buf_free(&text);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	platform_remove(buf_z(&target));
	platform_remove(buf_z(&ldif));
	buf_free(&target);
	buf_free(&ldif);
	return 0;
}

static void test_signal(void **state)
{
	(void)state;
	assert_int_equal(in_child(interrupted_import), -ERR_INTERRUPTED);
	assert_untouched();
}

static void test_full_disk(void **state)
{
	(void)state;
	assert_int_equal(in_child(import_on_a_full_disk), -ERR_OUTPUT);
	assert_untouched();
}

static void test_whole_import_is_private(void **state)
{
	struct stat st;
	mode_t before = umask(0);

	(void)state;
	int code = in_child(import);
	umask(before);
	assert_int_equal(code, 0);
	assert_int_equal(stat(buf_z(&target), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_size > 300000); /* so that the limit above was in the way */
}

static void test_folder_that_is_not_there(void **state)
{
	struct snapshot_writer *w = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(snapshot_create("no-such-folder/x.adsnap", &w, &err), ERR_OUTPUT);
	assert_null(w);
	assert_non_null(strstr(err.text, "no-such-folder"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_whole_import_is_private),
		cmocka_unit_test(test_folder_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
