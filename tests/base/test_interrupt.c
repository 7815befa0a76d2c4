/* What a second interrupt leaves behind, in a process of its own. */
#include "base/platform.h"
#include "tests/base/check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void touch(const char *path)
{
	struct err err;
	FILE *f = platform_create(path, &err);

	assert_non_null(f);
	assert_int_equal(platform_finish(f, path, &err), 0);
}

/* The exit status of a process that is interrupted `times` times while `path` must not stay. */
static int interrupted(const char *path, bool forgotten, unsigned times)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		platform_catch_interrupts();
		platform_remove_when_killed(path);
		if (forgotten)
			platform_remove_when_killed(NULL);
		for (unsigned i = 0; i < times; i++)
			raise(SIGINT);
		_exit(platform_interrupted() ? 3 : 4);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_second_interrupt(void **state)
{
	static const struct {
		bool forgotten;
		unsigned times;
		int status;
		bool stays;
	} cases[] = {
		{ false, 0, 4, true },
		{ false, 1, 3, true }, /* who was interrupted cleans up in peace */
		{ false, 2, 130, false },
		{ true, 2, 130, true },
	};
	struct buf folder = { 0 }, path = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(platform_make_temporary(&folder, &err), 0);
	buf_printf(&path, "%s/ticket", buf_z(&folder));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		touch(buf_z(&path));
		assert_int_equal(interrupted(buf_z(&path), cases[i].forgotten, cases[i].times),
			cases[i].status);
		assert_int_equal(platform_kind_of(buf_z(&path)) == PLATFORM_FILE, cases[i].stays);
		platform_remove(buf_z(&path));
	}
	platform_remove_all(buf_z(&folder));
	buf_free(&folder);
	buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
