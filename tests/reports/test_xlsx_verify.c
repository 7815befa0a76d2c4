/* Reading a workbook back: each way in which one can be incomplete is seen. */
#include "reports/xlsx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <zip.h>

#define SHEET1 "xl/worksheets/sheet1.xml"
#define PATH "test_xlsx_verify.xlsx"

static const char whole[] =
	"<?xml version=\"1.0\"?>\n<worksheet a=\"b\"><sheetData><row r=\"1\">"
	"<c><v>1</v></c></row><row r=\"2\"/></sheetData><rowBreaks/></worksheet>";
static const char strings[] = "<sst><si><t>row</t></si></sst>";

/* Writes a zip with those two parts; NULL leaves the part out. */
static void make(const char *sheet, const char *shared)
{
	int code = 0;
	zip_t *z = zip_open(PATH, ZIP_CREATE | ZIP_TRUNCATE, &code);

	assert_non_null(z);
	if (sheet)
		assert_true(zip_file_add(z, SHEET1, zip_source_buffer(z, sheet, strlen(sheet), 0),
				    0) >= 0);
	assert_true(zip_file_add(z, "xl/sharedStrings.xml",
			    zip_source_buffer(z, shared, strlen(shared), 0), 0) >= 0);
	assert_int_equal(zip_close(z), 0);
}

static int verdict(const char *sheet, const char *shared, uint64_t rows)
{
	struct err err = { 0 };
	int rc;

	make(sheet, shared);
	rc = xlsx_verify(PATH, &rows, 1, &err);
	assert_int_equal(rc, err.code);
	if (rc) {
		assert_int_equal(rc, ERR_OUTPUT);
		assert_non_null(strstr(err.text, PATH));
		assert_non_null(strstr(err.text, "TMPDIR"));
		assert_non_null(strstr(err.text, xlsx_temporary_folder()));
	}
	remove(PATH);
	return rc;
}

static void counts_rows(void **state)
{
	(void)state;
	assert_int_equal(verdict(whole, strings, 2), 0);
	assert_int_equal(verdict(whole, strings, 1), ERR_OUTPUT);
	assert_int_equal(verdict(whole, strings, 3), ERR_OUTPUT);
	assert_int_equal(verdict(NULL, strings, 0), ERR_OUTPUT);
}

static void sees_cut_parts(void **state)
{
	char cut[sizeof(whole)];

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		memcpy(cut, whole, n);
		cut[n] = '\0';
		assert_int_equal(verdict(cut, strings, 2), ERR_OUTPUT);
	}
	/* What is missing may be in the middle, too, and in a part that has no rows. */
	assert_int_equal(verdict("<worksheet><row></worksheet>", strings, 1), ERR_OUTPUT);
	assert_int_equal(verdict("<worksheet><row r=\"<row/></worksheet>", strings, 1), ERR_OUTPUT);
	assert_int_equal(verdict("<worksheet><row/></worksheet><row/>", strings, 2), ERR_OUTPUT);
	assert_int_equal(verdict("</worksheet><worksheet><row/>", strings, 1), ERR_OUTPUT);
	assert_int_equal(verdict(whole, "<sst><si><t>row</t></si>", 2), ERR_OUTPUT);
	assert_int_equal(verdict(whole, "", 2), ERR_OUTPUT);
}

static void sees_broken_files(void **state)
{
	struct err err = { 0 };
	uint64_t rows = 2;
	FILE *f;

	(void)state;
	assert_int_equal(xlsx_verify("no such file.xlsx", &rows, 1, &err), ERR_OUTPUT);
	make(whole, strings);
	f = fopen(PATH, "r+b");
	assert_non_null(f);
	/* A byte of the first part's compressed data: its checksum is wrong. */
	assert_int_equal(fseek(f, 60, SEEK_SET), 0);
	assert_true(fputc('!', f) != EOF);
	fclose(f);
	assert_int_equal(xlsx_verify(PATH, &rows, 1, &err), ERR_OUTPUT);
	remove(PATH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_rows),
		cmocka_unit_test(sees_cut_parts),
		cmocka_unit_test(sees_broken_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
