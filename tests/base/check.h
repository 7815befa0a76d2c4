/* What every CMocka test of this project includes, and comparison of struct str. */
#ifndef TESTS_BASE_CHECK_H
#define TESTS_BASE_CHECK_H

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_str_equal(got, want) check_str((got), (want), __FILE__, __LINE__)

static inline void check_str(struct str got, const char *want, const char *file, int line)
{
	if (!str_eq(got, str_of(want))) {
		print_error("got \"%.*s\"\nnot \"%s\"\n", STR_ARG(got), want);
		_fail(file, line);
	}
}

#endif
