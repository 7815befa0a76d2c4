/* Tables of ORADAD, whole and damaged: rows of UTF-16, and tables.tsv. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/oradad_rows.h"
#include "snapshot/oradad_tables.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <string.h>

/* Text as ORADAD writes it: the mark and UTF-16LE of what is ASCII or Latin-1 here. */
static void put_wide(struct buf *b, struct str latin1)
{
	for (size_t i = 0; i < latin1.n; i++) {
		buf_putc(b, latin1.p[i]);
		buf_putc(b, '\0');
	}
}

static struct str wide(struct buf *b, const char *latin1)
{
	buf_clear(b);
	buf_put_str(b, STR("\xff\xfe"));
	put_wide(b, str_of(latin1));
	return buf_str(b);
}

static const char *written(struct str bytes)
{
	const char *path = help_path("table.tsv");

	help_write(path, bytes);
	return path;
}

static struct oradad_rows *opened(struct str bytes, size_t columns)
{
	struct oradad_rows *r = NULL;
	struct err err = { 0 };

	if (oradad_rows_open(written(bytes), columns, &r, &err))
		fail_msg("%s", err.text);
	return r;
}

static bool next(struct oradad_rows *r)
{
	struct err err = { 0 };
	bool there = false;

	if (oradad_rows_next(r, &there, &err))
		fail_msg("%s", err.text);
	return there;
}

static void expect_cell(const struct oradad_rows *r, size_t column, const char *want)
{
	struct buf b = { 0 };

	oradad_utf8(&b, oradad_rows_cell(r, column));
	assert_str_equal(buf_str(&b), want);
	buf_free(&b);
}

/* The first error of the file; the text after its name is what is compared. */
static void expect_refused(struct str bytes, size_t columns, const char *want)
{
	const char *path = written(bytes);
	struct oradad_rows *r = NULL;
	struct err err = { 0 };
	bool there = true;
	int code = oradad_rows_open(path, columns, &r, &err);

	while (!code && there)
		code = oradad_rows_next(r, &there, &err);
	oradad_rows_close(r);
	assert_int_equal(code, ERR_SOURCE);
	assert_int_equal(err.code, ERR_SOURCE);
	assert_true(str_starts(str_of(err.text), str_of(path)));
	assert_string_equal(err.text + strlen(path), want);
	platform_remove(path);
}

static void test_cells(void **state)
{
	struct buf b = { 0 };
	struct oradad_rows *r = opened(wide(&b, "CN=a\t\"b\t\xe9\r\n\t\t\r\nc;d\t \te\r\n"), 3);

	(void)state;
	assert_true(next(r));
	assert_int_equal(oradad_rows_line(r), 1);
	expect_cell(r, 0, "CN=a");
	expect_cell(r, 1, "\"b");
	expect_cell(r, 2, "\xc3\xa9");
	assert_true(next(r));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(oradad_rows_cell(r, i).n, 0);
	assert_true(next(r));
	assert_int_equal(oradad_rows_line(r), 3);
	expect_cell(r, 0, "c;d");
	expect_cell(r, 1, " ");
	expect_cell(r, 2, "e");
	assert_false(next(r));
	assert_false(next(r));
	assert_int_equal(oradad_rows_bytes(r), b.n);
	oradad_rows_close(r);
	r = opened(STR("\xff\xfe"), 3);
	assert_false(next(r));
	oradad_rows_close(r);
	platform_remove(help_path("table.tsv"));
	buf_free(&b);
}

/* Letters one of whose bytes is that of a TAB or a line feed end neither a cell nor a row. */
static void test_other_letters(void **state)
{
	static const char bytes[] = "\xff\xfe"
				    "\x09\x01\t\0"	   /* U+0109 */
				    "\x05\x09\x0a\x0a\t\0" /* U+0905, U+0A0A */
				    "\x0a\x09\0\x09\0\x0a\x0d\x0a\r\0\n\0";
	struct oradad_rows *r = opened((struct str){ bytes, sizeof(bytes) - 1 }, 3);

	(void)state;
	assert_true(next(r));
	expect_cell(r, 0, "\xc4\x89");
	expect_cell(r, 1, "\xe0\xa4\x85\xe0\xa8\x8a");
	expect_cell(r, 2, "\xe0\xa4\x8a\xe0\xa4\x80\xe0\xa8\x80\xe0\xa8\x8d");
	assert_false(next(r));
	oradad_rows_close(r);
}

static void test_surrogates(void **state)
{
	struct buf b = { 0 };

	(void)state;
	oradad_utf8(&b, STR("a\0\x3d\xd8\x00\xde"
			    "b\0"));
	assert_str_equal(buf_str(&b), "a\xf0\x9f\x98\x80"
				      "b");
	buf_clear(&b);
	oradad_utf8(&b, STR("\x3d\xd8"
			    "a\0\x00\xde\x3d\xd8")); /* halves alone, in either order */
	assert_str_equal(buf_str(&b), "\xef\xbf\xbd"
				      "a\xef\xbf\xbd\xef\xbf\xbd");
	buf_free(&b);
}

static void test_damaged_rows(void **state)
{
	struct buf b = { 0 };

	(void)state;
	expect_refused(STR(""), 1, ":1: it is empty: not even the byte order mark was copied.");
	expect_refused(STR("a\tb\r\n"), 2,
		":1: it does not begin with the byte order mark of UTF-16LE, as a table of ORADAD "
		"does.");
	expect_refused(STR("\xfe\xff\0a\0\r\0\n"), 1,
		":1: it does not begin with the byte order mark of UTF-16LE, as a table of ORADAD "
		"does.");
	expect_refused(
		wide(&b, "a\tb\r\na\r\n"), 2, ":2: the number of cells is 1; tables.tsv says 2.");
	expect_refused(wide(&b, "a\tb\r\na\tb\tc\td\r\n"), 2,
		":2: the number of cells is 4; tables.tsv says 2.");
	expect_refused(
		wide(&b, "a\tb\r\n\r\n"), 2, ":2: the number of cells is 1; tables.tsv says 2.");
	expect_refused(wide(&b, "a\tb\na\tb\r\n"), 2, ":1: the row does not end with CR and LF.");
	expect_refused(wide(&b, "\n"), 1, ":1: the row does not end with CR and LF.");
	expect_refused(wide(&b, "a\tb\r\na\tb"), 2,
		":2: the last row has no end; the file was cut short.");
	expect_refused(wide(&b, "a\tb\r\na\tb\r"), 2,
		":2: the last row has no end; the file was cut short.");
	wide(&b, "a\tb\r\na\tb\r\n");
	expect_refused((struct str){ b.p, b.n - 1 }, 2,
		":2: it ends within a character; the file was cut short.");
	buf_free(&b);
}

/* Rows of every length around the sizes in which the file is read. */
static void test_long_rows(void **state)
{
	struct buf b = { 0 }, cell = { 0 };
	size_t rows = 0;

	(void)state;
	buf_put_str(&b, STR("\xff\xfe"));
	for (size_t n = 1; n < 1500000; n = n * 3 + 1, rows++) {
		while (cell.n < n)
			buf_putc(&cell, (char)('a' + cell.n % 26));
		put_wide(&b, STR("x\t"));
		put_wide(&b, buf_str(&cell));
		put_wide(&b, STR("\t\r\n"));
	}
	struct oradad_rows *r = opened(buf_str(&b), 3);
	for (size_t n = 1; n < 1500000; n = n * 3 + 1) {
		assert_true(next(r));
		assert_int_equal(oradad_rows_cell(r, 1).n, n * 2);
		struct buf text = { 0 };
		oradad_utf8(&text, oradad_rows_cell(r, 1));
		assert_memory_equal(text.p, cell.p, n);
		buf_free(&text);
		assert_int_equal(oradad_rows_cell(r, 2).n, 0);
	}
	assert_int_equal(oradad_rows_line(r), rows);
	assert_false(next(r));
	oradad_rows_close(r);
	buf_free(&b);
	buf_free(&cell);
}

static void put_zeros(FILE *f, size_t n)
{
	static const char zeros[1u << 16];

	for (size_t at = 0; at < n; at += sizeof(zeros))
		assert_int_equal(fwrite(zeros, 1, sizeof(zeros), f), sizeof(zeros));
}

static void put_text(FILE *f, const char *text)
{
	struct buf b = { 0 };

	put_wide(&b, str_of(text));
	assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
	buf_free(&b);
}

static void test_too_long(void **state)
{
	const char *path = help_path("table.tsv");
	struct err err = { 0 };
	FILE *f = fopen(path, "wb");
	struct oradad_rows *r = NULL;
	bool there;
	char want[256];

	(void)state;
	assert_non_null(f);
	assert_int_equal(fwrite("\xff\xfe", 1, 2, f), 2);
	put_text(f, "a\tb\r\n");
	put_zeros(f, LIMIT_ORADAD_ROW_BYTES + 2);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(oradad_rows_open(path, 2, &r, &err), 0);
	assert_true(next(r));
	assert_int_equal(oradad_rows_next(r, &there, &err), ERR_SOURCE);
	snprintf(want, sizeof(want), "%s:2: the row is longer than a row of ORADAD can be.", path);
	assert_string_equal(err.text, want);
	oradad_rows_close(r);
	platform_remove(path);
}

/* Rows over the bound by cells that nobody wants, in the middle and last. */
static void test_long_unwanted_cells(void **state)
{
	const char *path = help_path("table.tsv");
	FILE *f = fopen(path, "wb");
	struct oradad_rows *r = NULL;
	struct err err = { 0 };
	uint64_t offsets[4];
	bool there;

	(void)state;
	assert_non_null(f);
	assert_int_equal(fwrite("\xff\xfe", 1, 2, f), 2);
	put_text(f, "first\t1\t2\t3\r\nCN=a\tx");
	put_zeros(f, LIMIT_ORADAD_ROW_BYTES + 1000000);
	put_text(f, "\tb\t");
	put_zeros(f, LIMIT_ORADAD_ROW_BYTES);
	put_text(f, "\r\nCN=b\t\t");
	put_zeros(f, 2000000);
	put_text(f, "\t\r\nlast\t1\t2\t3\r\n");
	assert_int_equal(fclose(f), 0);
	assert_int_equal(oradad_rows_open(path, 4, &r, &err), 0);
	oradad_rows_want(r, 0);
	oradad_rows_want(r, 2);
	for (size_t i = 0; next(r); i++) {
		assert_in_range(i, 0, 3);
		offsets[i] = oradad_rows_offset(r);
		assert_int_equal(oradad_rows_line(r), i + 1);
		expect_cell(r, 0, i == 0 ? "first" : i == 1 ? "CN=a" : i == 2 ? "CN=b" : "last");
		if (i < 2)
			expect_cell(r, 2, i == 0 ? "2" : "b");
		if (i == 2)
			assert_in_range(oradad_rows_cell(r, 2).n, 2000000, 2100000);
	}
	assert_int_equal(oradad_rows_line(r), 4);
	for (size_t i = 4; i-- > 0;) {
		assert_int_equal(oradad_rows_seek(r, offsets[i], i + 1, &err), 0);
		assert_true(next(r));
		assert_int_equal(oradad_rows_offset(r), offsets[i]);
		expect_cell(r, 0, i == 0 ? "first" : i == 1 ? "CN=a" : i == 2 ? "CN=b" : "last");
	}
	oradad_rows_close(r);
	/* One that is wanted is too long. */
	assert_int_equal(oradad_rows_open(path, 4, &r, &err), 0);
	oradad_rows_want(r, 1);
	assert_true(next(r));
	assert_int_equal(oradad_rows_next(r, &there, &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, ":2: the row is longer than"));
	oradad_rows_close(r);
	platform_remove(path);
}

static void test_seek(void **state)
{
	enum { ROWS = 40000 };
	struct buf b = { 0 };
	static uint64_t offsets[ROWS];
	struct err err = { 0 };
	char text[32];

	(void)state;
	buf_put_str(&b, STR("\xff\xfe"));
	for (size_t i = 0; i < ROWS; i++) {
		snprintf(text, sizeof(text), "row %zu\tx\r\n", i);
		put_wide(&b, str_of(text));
	}
	struct oradad_rows *r = opened(buf_str(&b), 2);
	for (size_t i = 0; next(r); i++)
		offsets[i] = oradad_rows_offset(r);
	assert_int_equal(oradad_rows_line(r), ROWS);
	for (size_t i = 0, k = 7; i < 500; i++, k = (k * 7919 + 13) % ROWS) {
		assert_int_equal(oradad_rows_seek(r, offsets[k], k + 1, &err), 0);
		for (size_t n = k; n < k + 3 && n < ROWS; n++) {
			assert_true(next(r));
			snprintf(text, sizeof(text), "row %zu", n);
			expect_cell(r, 0, text);
			assert_int_equal(oradad_rows_line(r), n + 1);
			assert_int_equal(oradad_rows_offset(r), offsets[n]);
		}
	}
	assert_int_equal(oradad_rows_seek(r, offsets[ROWS - 1], ROWS, &err), 0);
	assert_true(next(r));
	assert_false(next(r));
	oradad_rows_close(r);
	buf_free(&b);
	platform_remove(help_path("table.tsv"));
}

/* ---- tables.tsv ----------------------------------------------------------------------------- */

#define HEAD                                                                                       \
	"ch.example_20250101-000000\nmetadata.tsv\tmetadata\tmetadata\t2\tkey\tnvarchar(255)"      \
	"\tvalue\tnvarchar(1024)\n"

static void test_tables(void **state)
{
	struct oradad_tables t;
	struct arena a = { 0 };
	struct err err = { 0 };
	const char *path = written(STR(HEAD
		"domain\\ch.example\\user.tsv\tdomain_ch.example_user\tdomain_user\t3\tdn\t"
		"nvarchar(450)\tuserAccountControl\tnvarchar(255)\tuserAccountControl_int\tint\n"
		"configuration\\top.tsv\tconfiguration_top\tconfiguration_top\t1\tdn\tnvarchar(450)"
		"\n"));

	(void)state;
	if (oradad_tables_read(path, &a, &t, &err))
		fail_msg("%s", err.text);
	assert_str_equal(t.run, "ch.example_20250101-000000");
	assert_int_equal(t.count, 3);
	assert_str_equal(t.tables[0].name, "metadata");
	assert_str_equal(t.tables[0].base, "");
	assert_str_equal(t.tables[1].file, "domain\\ch.example\\user.tsv");
	assert_str_equal(t.tables[1].base, "domain");
	assert_str_equal(t.tables[1].domain, "ch.example");
	assert_str_equal(t.tables[1].name, "user");
	assert_int_equal(t.tables[1].line, 3);
	assert_int_equal(t.tables[1].column_count, 3);
	assert_str_equal(t.tables[1].columns[2].name, "userAccountControl_int");
	assert_str_equal(t.tables[1].columns[2].sql, "int");
	assert_int_equal(oradad_column(&t.tables[1], STR("USERaccountcontrol")), 1);
	assert_int_equal(oradad_column(&t.tables[1], STR("sAMAccountName")), SIZE_MAX);
	assert_str_equal(t.tables[2].base, "configuration");
	assert_str_equal(t.tables[2].domain, "");
	arena_free(&a);
}

/* A domain whose name is not ASCII, as the system's own code page has it. */
static void test_tables_8_bit(void **state)
{
	struct oradad_tables t;
	struct arena a = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
		oradad_tables_read(written(STR("h\xf4pital.fr_x\ndomain\\h\xf4pital.fr\\top.tsv\ta"
					       "\tb\t1\tdn\tint\n")),
			&a, &t, &err),
		0);
	assert_str_equal(t.tables[0].domain, "h\xc3\xb4pital.fr");
	arena_free(&a);
}

static void test_damaged_tables(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", ":1: it has no table." },
		{ "\n", ":1: it does not begin with the name of a run of ORADAD." },
		{ "a\tb\n", ":1: it does not begin with the name of a run of ORADAD." },
		{ "run\n", ":2: it has no table." },
		{ HEAD "user.tsv\n", ":3: it is no line of a table of ORADAD." },
		{ HEAD "\n" HEAD, ":3: it is no line of a table of ORADAD." },
		{ HEAD "user.tsv\ta\tb\tmany\tdn\tint\n",
			":3: it is no line of a table of ORADAD." },
		{ HEAD "user.tsv\ta\tb\t2\tdn\tint\n",
			":3: it says 2 columns (1 to 8192 are possible) and names 1." },
		{ HEAD "user.tsv\ta\tb\t1\tdn\tint\tcn\tint\n",
			":3: it says 1 columns (1 to 8192 are possible) and names 2." },
		{ HEAD "user.tsv\ta\tb\t4000000000000000\tdn\tint\n",
			":3: it says 4000000000000000 columns (1 to 8192 are possible) and names "
			"1." },
		{ HEAD "user.tsv\ta\tb\t-1\tdn\tint\n",
			":3: it says -1 columns (1 to 8192 are possible) and names 1." },
		{ HEAD "user.tsv\ta\tb\t2\tdn\tint\tDN\tint\n",
			":3: two columns have the same name." },
		{ HEAD "user.tsv\ta\tb\t1\t\tint\n",
			":3: a column has no name, or one that is too long." },
		{ HEAD "METADATA.tsv\ta\tb\t1\tdn\tint\n", ":3: 'METADATA.tsv' is there twice." },
		{ HEAD "..\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: '..\\user.tsv' is no file of a table below this folder." },
		{ HEAD "domain\\..\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: 'domain\\..\\user.tsv' is no file of a table below this folder." },
		{ HEAD "domain\\../..\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: 'domain\\../..\\user.tsv' is no file of a table below this folder." },
		{ HEAD "\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: '\\user.tsv' is no file of a table below this folder." },
		{ HEAD "c:\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: 'c:\\user.tsv' is no file of a table below this folder." },
		{ HEAD "a\\b\\c\\user.tsv\ta\tb\t1\tdn\tint\n",
			":3: 'a\\b\\c\\user.tsv' is no file of a table below this folder." },
		{ HEAD ".tsv\ta\tb\t1\tdn\tint\n",
			":3: '.tsv' is no file of a table below this folder." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = written(str_of(cases[i].text));
		struct oradad_tables t;
		struct arena a = { 0 };
		struct err err = { 0 };

		assert_int_equal(oradad_tables_read(path, &a, &t, &err), ERR_SOURCE);
		assert_true(str_starts(str_of(err.text), str_of(path)));
		assert_string_equal(err.text + strlen(path), cases[i].want);
		arena_free(&a);
		platform_remove(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_other_letters),
		cmocka_unit_test(test_surrogates),
		cmocka_unit_test(test_damaged_rows),
		cmocka_unit_test(test_long_rows),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_long_unwanted_cells),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_tables_8_bit),
		cmocka_unit_test(test_damaged_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
