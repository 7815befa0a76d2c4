/* good/: what is in force, value by value; bad/: every mistake with its place, word for word. */
#include "base/platform.h"
#include "policies/shipped.h"
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Texts name files by the path that was given; the .expect files leave the folder out. */
static void put_without_folder(struct buf *out, struct str text, const char *folder)
{
	struct str prefix = str_of(folder);

	for (size_t i = 0; i < text.n; i++) {
		if (str_starts((struct str){ text.p + i, text.n - i }, prefix))
			i += prefix.n - 1;
		else
			buf_putc(out, text.p[i]);
	}
	buf_putc(out, '\n');
}

static void put_mistakes(
	struct buf *out, const struct policy_mistake *mistakes, size_t count, const char *folder)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct str at = policy_position_text(&a, mistakes[i].at);

		put_without_folder(out,
			arena_printf(&a, "%.*s: %.*s", STR_ARG(at), STR_ARG(mistakes[i].text)),
			folder);
	}
	arena_free(&a);
}

static void put_values(struct buf *out, const struct policy *p, const char *folder)
{
	const struct policy_value *rows;
	struct arena a = { 0 };
	size_t count;

	policy_describe(p, &a, &rows, &count);
	for (size_t i = 0; i < count; i++)
		put_without_folder(out,
			arena_printf(&a, "%.*s = %.*s (%s:%u)", STR_ARG(rows[i].key),
				STR_ARG(rows[i].value), rows[i].at.file, rows[i].at.line),
			folder);
	arena_free(&a);
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static void check_file(const char *folder, const char *name, bool good)
{
	struct buf path = { 0 }, expect_path = { 0 }, expect = { 0 }, got = { 0 };
	const struct policy_mistake *mistakes;
	struct err err = { 0 };
	struct policy p;
	size_t count;

	buf_printf(&path, "%s%s", folder, name);
	buf_printf(&expect_path, "%s%.*s.expect", folder, (int)strlen(name) - 5, name);
	if (platform_read_file(buf_z(&expect_path), 1 << 20, &expect, ERR_SOURCE, &err))
		fail_msg("%s", err.text);
	int rc = policy_load(buf_z(&path), shipped_policies, shipped_policies_count, &p, &mistakes,
		&count, &err);
	if (good && rc)
		fail_msg("%s", err.text);
	if (good) {
		assert_int_equal(count, 0);
		put_values(&got, &p, folder);
	} else {
		struct buf first = { 0 };

		assert_int_equal(rc, ERR_USAGE);
		assert_true(count > 0);
		put_mistakes(&got, mistakes, count, folder);
		put_without_folder(&first, str_of(err.text), folder);
		assert_true(str_starts(buf_str(&got), buf_str(&first)));
		buf_free(&first);
	}
	if (!str_eq(buf_str(&got), buf_str(&expect))) {
		fprintf(stderr, "%s gives\n%s", name, buf_z(&got));
		fail_msg("%s is not as its .expect file says", name);
	}
	policy_free(&p);
	buf_free(&path);
	buf_free(&expect_path);
	buf_free(&expect);
	buf_free(&got);
}

static unsigned check_folder(const char *folder, bool good)
{
	struct platform_dir *state = NULL;
	const char *name;
	unsigned count = 0;

	while ((name = platform_dir_next(folder, &state)))
		if (ends_with(name, ".yaml")) {
			check_file(folder, name, good);
			count++;
		}
	return count;
}

static void good_files(void **state)
{
	(void)state;
	assert_true(check_folder(TEST_DATA "/good/", true) >= 4);
}

static void bad_files(void **state)
{
	(void)state;
	assert_true(check_folder(TEST_DATA "/bad/", false) >= 40);
}

static void many_mistakes(void **state)
{
	(void)state;
	struct buf text = { 0 };
	const struct policy_mistake *mistakes;
	struct err err;
	struct policy p;
	size_t count;

	buf_putz(&text, "schema: 1\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "wrong_%d: 1\n", i);
	const struct embedded_file file = { "many.yaml", (const unsigned char *)buf_z(&text),
		text.n };
	assert_int_equal(policy_load("many", &file, 1, &p, &mistakes, &count, &err), ERR_USAGE);
	assert_int_equal(count, LIMIT_POLICY_MISTAKES);
	assert_true(str_starts(mistakes[count - 1].text, STR("there are more mistakes")));
	assert_int_equal(mistakes[0].at.line, 2);
	policy_free(&p);
	buf_free(&text);
}

static void unknown_names(void **state)
{
	(void)state;
	const struct policy_mistake *mistakes;
	struct err err;
	struct policy p;
	size_t count;

	assert_int_equal(policy_load("cure", shipped_policies, shipped_policies_count, &p,
				 &mistakes, &count, &err),
		ERR_USAGE);
	assert_int_equal(count, 0);
	assert_non_null(strstr(err.text, "anssi, care, strict"));
	policy_free(&p);
	assert_int_equal(policy_load(TEST_DATA "/none.yaml", shipped_policies,
				 shipped_policies_count, &p, &mistakes, &count, &err),
		ERR_USAGE);
	assert_non_null(strstr(err.text, "none.yaml"));
	policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_files),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(many_mistakes),
		cmocka_unit_test(unknown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
