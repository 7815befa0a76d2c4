#include "tests/base/check.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

#define NAME "export.csv"

/* Rows as "line|cell|cell" joined by newlines, an error as its sentence. */
static void read_all(struct csv *c, struct buf *out, struct err *err)
{
	bool there;

	while (!csv_next(c, &there, err) && there) {
		buf_printf(out, "%zu", csv_line(c));
		for (size_t i = 0; i < csv_heading_count(c); i++)
			buf_printf(out, "|%.*s", STR_ARG(csv_cell(c, i)));
		buf_putz(out, csv_is_ragged(c) ? "!\n" : "\n");
	}
	if (err->code)
		buf_putz(out, err->text);
}

static void expect(struct str bytes, const char *headings, const char *rows)
{
	struct buf head = { 0 }, body = { 0 };
	struct csv *c = NULL;
	struct err err = { 0 };

	if (csv_of_bytes(NAME, bytes, &c, &err)) {
		buf_putz(&body, err.text);
	} else {
		for (size_t i = 0; i < csv_heading_count(c); i++)
			buf_printf(&head, "%s%.*s", i ? "|" : "", STR_ARG(csv_heading(c, i)));
		read_all(c, &body, &err);
	}
	assert_string_equal(buf_z(&head), headings);
	assert_string_equal(buf_z(&body), rows);
	buf_free(&head);
	buf_free(&body);
	csv_close(c);
}

#define BYTES(literal) ((struct str){ (literal), sizeof(literal) - 1 })

static void rows_and_separators(void **state)
{
	(void)state;
	expect(BYTES("a,b\n1,2\n"), "a|b", "2|1|2\n");
	expect(BYTES("a;b\r\n1,5;2\r\n3;4"), "a|b", "2|1,5|2\n3|3|4\n");
	expect(BYTES("a\tb\n1, 5;6\t2\n"), "a|b", "2|1, 5;6|2\n");
	expect(BYTES("a;b\r1;2\r3;4\r"), "a|b", "2|1|2\n3|3|4\n");
	expect(BYTES("\"a;x,y,z\";b\n1;2\n"), "a;x,y,z|b", "2|1|2\n");
	expect(BYTES("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\nnext,1\n"), "a|b",
		"2|x, \"y\"|two\r\nlines\n4|next|1\n");
	expect(BYTES("a,b\n \xc2\xa0 1 ,\t2\n"), "a|b", "2|1|2\n");
	expect(BYTES("a,b\n\n,\n;\n1\n"), "a|b", "4|;|\n5|1|\n");
	expect(BYTES("a,b,,\n1,2,,\n1,2,3,\n"), "a|b", "2|1|2\n3|1|2!\n");
	expect(BYTES("sep=;\r\na,b;c\r\n1;2\r\n"), "a,b|c", "3|1|2\n");
	expect(BYTES("#TYPE System.Object\r\n\"a\",\"b\"\r\n\"1\",\"2\"\r\n"), "a|b", "3|1|2\n");
	expect(BYTES("mail\nx@y\n"), "mail", "2|x@y\n");
	expect(BYTES("a,b\n\"1\" ,2\n"), "a|b", "2|1|2\n");
	expect(BYTES("a,b\nit is 5\",2\n"), "a|b", "2|it is 5\"|2\n");
}

static void encodings(void **state)
{
	(void)state;
	expect(BYTES("\xef\xbb\xbfn\xc3\xa9;b\n1;2\n"), "n\xc3\xa9|b", "2|1|2\n");
	expect(BYTES("n\xe9;b\n\x80\x93;\x9c\n"), "n\xc3\xa9|b",
		"2|\xe2\x82\xac\xe2\x80\x9c|\xc5\x93\n");
	expect(BYTES("\xff\xfe"
		     "a\0;\0\xe9\0\n\0"
		     "1\0;\0\x3d\xd8\x00\xde\n\0"),
		"a|\xc3\xa9", "2|1|\xf0\x9f\x98\x80\n");
	expect(BYTES("\xfe\xff\0a\0;\0\xe9\0\n\0"
		     "1\0;\x20\xac\0\n"),
		"a|\xc3\xa9", "2|1|\xe2\x82\xac\n");
	expect(BYTES("a\0b\0\n\0\xe9\0\n\0"), "ab", "2|\xc3\xa9\n");
	expect(BYTES("\0a\0b\0\n\0\xe9\0\n"), "ab", "2|\xc3\xa9\n");
	/* Half a surrogate pair, inside and at the end. */
	expect(BYTES("a\0b\0\n\0\x3d\xd8x\0\n\0\x3d\xd8"), "ab",
		"2|\xef\xbf\xbdx\n3|\xef\xbf\xbd\n");
}

static void what_is_no_text_is_refused(void **state)
{
	(void)state;
	expect(BYTES("a,b\n1,\0\n"), "",
		"export.csv:2: it holds NUL characters and is not text; export it again as CSV "
		"(UTF-8, UTF-16 or Windows-1252).");
	expect(BYTES("\xff\xfe"
		     "a\0\0\0\n\0"),
		"",
		"export.csv:1: it holds NUL characters and is not text; export it again as CSV "
		"(UTF-8, UTF-16 or Windows-1252).");
	expect(BYTES("PK\x03\x04whatever"), "",
		"export.csv: it is an Excel workbook or a ZIP archive and not text; export it "
		"again as CSV.");
	expect(BYTES("a,b\n1,2\n\x81\xe9,\n"), "",
		"export.csv:3: it is neither UTF-8 nor UTF-16 nor Windows-1252; export it again as "
		"UTF-8.");
	expect(BYTES("\xef\xbb\xbf"
		     "a,b\n1,\xe9t\xe9\n"),
		"",
		"export.csv:2: it begins as UTF-8 and this line is not; export it again in one "
		"encoding.");
	expect(BYTES("\xff\xfe"
		     "a\0,\0b\0\n\0x"),
		"",
		"export.csv:2: it is UTF-16 and cut short in the middle of a character; export it "
		"again.");
	expect(BYTES(""), "", "export.csv:1: it is empty: its first row names the columns.");
	expect(BYTES("\n\n \n"), "", "export.csv:1: it is empty: its first row names the columns.");
}

static void broken_rows_name_their_line(void **state)
{
	(void)state;
	expect(BYTES("a,b\n1,\"x\n\n"), "a|b",
		"export.csv:2: a quoted cell has no end, or the row is too long.");
	expect(BYTES("a,b\n1,2\n\"x\"y,3\n"), "a|b",
		"2|1|2\nexport.csv:3: text follows the closing quote of a cell.");
}

static void repeat(struct buf *b, const char *text, size_t n)
{
	while (n--)
		buf_putz(b, text);
}

static void bounds(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_putz(&b, "a,b\nx,");
	repeat(&b, "0123456789abcdef", LIMIT_CSV_LINE / 16 + 1);
	expect(buf_str(&b), "a|b", "export.csv:2: the row is too long.");
	buf_clear(&b);
	buf_putz(&b, "a,b\n\"x\"");
	repeat(&b, "                ", LIMIT_CSV_LINE / 2);
	buf_putz(&b, ",2\n");
	expect(buf_str(&b), "a|b", "export.csv:2: the row is too long.");
	buf_clear(&b);
	buf_putz(&b, "a,b\n1");
	repeat(&b, ",", LIMIT_CSV_COLUMNS);
	expect(buf_str(&b), "a|b", "export.csv:2: the row has too many columns.");
	/* A row of all that is allowed, every character a doubled quote. */
	buf_clear(&b);
	buf_putz(&b, "a,b\n\"");
	repeat(&b, "\"\"", LIMIT_CSV_LINE - 1);
	buf_putz(&b, "\",2\n");
	struct csv *c = NULL;
	struct err err = { 0 };
	bool there;

	assert_int_equal(csv_of_bytes(NAME, buf_str(&b), &c, &err), 0);
	assert_int_equal(csv_next(c, &there, &err), 0);
	assert_int_equal(csv_cell(c, 0).n, LIMIT_CSV_LINE - 1);
	assert_str_equal(csv_cell(c, 1), "2");
	csv_close(c);
	buf_free(&b);
}

static void columns_are_found_by_name(void **state)
{
	struct csv *c = NULL;
	struct err err = { 0 };
	size_t column = 7;

	(void)state;
	assert_int_equal(csv_of_bytes(NAME,
				 BYTES(" M\xc3\xa9thode ;E-mail;twice;TWICE;compte e\xcc\x81t\xc3"
				       "\xa9\n"),
				 &c, &err),
		0);
	assert_int_equal(csv_column(c, STR("methode")), 0);
	assert_int_equal(csv_column(c, STR("M\xc3\x89THODE")), 0);
	assert_int_equal(csv_column(c, STR("e-MAIL ")), 1);
	assert_int_equal(csv_column(c, STR("Compte \xc3\x89te")), 4);
	assert_true(csv_column(c, STR("twice")) == CSV_SEVERAL);
	assert_true(csv_column(c, STR("")) == CSV_NONE);
	assert_int_equal(csv_need_column(c, STR("E-Mail"), &column, &err), 0);
	assert_int_equal(column, 1);
	assert_int_equal(csv_need_column(c, STR("upn"), &column, &err), ERR_USAGE);
	assert_string_equal(err.text,
		"export.csv:1: it has no column 'upn'; its columns are: M\xc3\xa9thode, E-mail, "
		"twice, TWICE, compte e\xcc\x81t\xc3\xa9.");
	assert_int_equal(csv_need_column(c, STR("twice"), &column, &err), ERR_USAGE);
	assert_string_equal(err.text, "export.csv:1: two columns are called 'twice'.");
	assert_int_equal(column, 1);
	csv_close(c);
}

static void formulas(void **state)
{
	static const char *const yes[] = { "=1+1", "+33 1", "-x", "@SUM(A1)",
		"=cmd|' /C calc'!A0" };
	static const char *const no[] = { "", "-", "=", "a=1", "x@y", "12" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		assert_true(csv_is_formula(str_of(yes[i])));
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		assert_false(csv_is_formula(str_of(no[i])));
}

/* Chunks of a file tear cells, line ends and characters of several bytes. */
static void a_file_in_parts(void **state)
{
	struct err err = { 0 };
	struct csv *c = NULL;
	bool there;
	FILE *f;
	size_t rows = 40000;

	(void)state;
	platform_remove("test-parts.csv");
	f = platform_create("test-parts.csv", &err);
	assert_non_null(f);
	fputs("n;text\r\n", f);
	for (size_t i = 0; i < rows; i++)
		fprintf(f, "%zu;\"\xc3\xa9\xe2\x82\xac;%zu\"\r\n", i, i);
	assert_int_equal(platform_finish(f, "test-parts.csv", &err), 0);
	assert_int_equal(csv_open("test-parts.csv", &c, &err), 0);
	for (size_t i = 0; i < rows; i++) {
		char want[64];

		assert_int_equal(csv_next(c, &there, &err), 0);
		assert_true(there);
		assert_int_equal(csv_line(c), i + 2);
		snprintf(want, sizeof(want), "\xc3\xa9\xe2\x82\xac;%zu", i);
		assert_str_equal(csv_cell(c, 1), want);
	}
	assert_int_equal(csv_next(c, &there, &err), 0);
	assert_false(there);
	csv_close(c);
	platform_remove("test-parts.csv");
	assert_int_equal(csv_open("test-parts.csv", &c, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "test-parts.csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_separators),
		cmocka_unit_test(encodings),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(broken_rows_name_their_line),
		cmocka_unit_test(bounds),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(formulas),
		cmocka_unit_test(a_file_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
