/* The JSON writer, its bytes, and what jansson reads back. */
#include "reports/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <jansson.h>

/* What the writer made, up to 64 KiB. */
static struct str finish(struct json_writer *w, char *bytes, size_t room)
{
	FILE *f = w->f;
	size_t n;

	json_write_finish(w);
	rewind(f);
	n = fread(bytes, 1, room, f);
	fclose(f);
	return (struct str){ bytes, n };
}

static void begin(struct json_writer *w)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	json_write_begin(w, f);
}

static void layout(void **state)
{
	struct json_writer w;
	char bytes[512];

	(void)state;
	begin(&w);
	json_write_object(&w);
	json_write_key(&w, STR("a"));
	json_write_int(&w, INT64_MIN);
	json_write_key(&w, STR("b"));
	json_write_array(&w);
	json_write_end(&w);
	json_write_new_line(&w);
	json_write_key(&w, STR("c"));
	json_write_array(&w);
	json_write_new_line(&w);
	json_write_bool(&w, true);
	json_write_bool(&w, false);
	json_write_new_line(&w);
	json_write_null(&w);
	json_write_end(&w);
	json_write_key(&w, STR("d"));
	json_write_object(&w);
	json_write_key(&w, STR("e"));
	json_write_uint(&w, UINT64_MAX);
	json_write_end(&w);
	json_write_end(&w);
	struct str s = finish(&w, bytes, sizeof(bytes));
	struct str expected = STR("{\"a\": -9223372036854775808, \"b\": [],\n\"c\": [\ntrue, "
				  "false,\nnull], \"d\": {\"e\": 18446744073709551615}}\n");
	assert_true(str_eq(s, expected));
}

static void escapes(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
#define ROW(in, out)                                                                               \
	{                                                                                          \
		{ in, sizeof(in) - 1 },                                                            \
		{                                                                                  \
			out, sizeof(out) - 1                                                       \
		}                                                                                  \
	}
		ROW("", "\"\"\n"),
		ROW("a\"b\\c/", "\"a\\\"b\\\\c/\"\n"),
		ROW("\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"\n"),
		ROW("\0\x01\x1f", "\"\\u0000\\u0001\\u001f\"\n"),
		ROW("\x7f", "\"\x7f\"\n"),
		ROW("é€😀\u2028", "\"é€😀\u2028\"\n"),
		/* Not UTF-8: a stray byte, a cut character, an overlong one, a surrogate. */
		ROW("a\xff"
		    "b",
			"\"a\uFFFDb\"\n"),
		ROW("\xe2\x82", "\"\uFFFD\uFFFD\"\n"),
		ROW("\xc0\xaf", "\"\uFFFD\uFFFD\"\n"),
		ROW("\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\"\n"),
		ROW("\xe2\x82\"", "\"\uFFFD\uFFFD\\\"\"\n"),
#undef ROW
	};
	struct json_writer w;
	char bytes[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		begin(&w);
		json_write_string(&w, rows[i].in);
		assert_true(str_eq(finish(&w, bytes, sizeof(bytes)), rows[i].out));
	}
}

/* More than what is kept pending, and every byte: an independent reader takes it. */
static void read_back(void **state)
{
	static char bytes[4 * 1024 * 1024];
	struct json_writer w;
	json_error_t e;
	json_t *all;
	char every[256];

	(void)state;
	for (size_t i = 0; i < sizeof(every); i++)
		every[i] = (char)i;
	begin(&w);
	json_write_array(&w);
	for (int i = 0; i < 3000; i++) {
		json_write_object(&w);
		json_write_key(&w, (struct str){ every + 1, 127 });
		json_write_string(&w, (struct str){ every + 1, sizeof(every) - 1 });
		json_write_key(&w, STR("n"));
		json_write_int(&w, i);
		json_write_end(&w);
	}
	json_write_end(&w);
	struct str s = finish(&w, bytes, sizeof(bytes));
	assert_true(s.n < sizeof(bytes));
	all = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, &e);
	assert_non_null(all);
	assert_int_equal(json_array_size(all), 3000);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(
			json_integer_value(json_object_get(json_array_get(all, i), "n")), i);
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout),
		cmocka_unit_test(escapes),
		cmocka_unit_test(read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
