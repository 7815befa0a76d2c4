/* --oradad: what its table of SYSVOL and the copies of files become, and every way in which files
 * may lack without a word. */
#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/oradad_sysvol.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <string.h>

#define GUID "{31B2F340-016D-11D2-945F-00C04FB984F9}"
#define P "Policies\\" GUID
#define DOMAIN "ch.example"
/* O:BAD:(A;;GA;;;BA) */
#define ACL                                                                                        \
	"01000480300000000000000000000000140000000200"                                             \
	"1c000100000000001400000000100102000000000005"                                             \
	"200000002002000001020000000000052000000020020000"

static struct {
	struct arena arena;
	struct buf root, rows, listing;
	const char *columns; /* of tables.tsv; NULL: those of 3.6 */
	bool no_top;
} t;

static int set_up(void **state)
{
	struct err err;

	(void)state;
	memset(&t, 0, sizeof(t));
	return platform_make_temporary(&t.root, &err);
}

static int tear_down(void **state)
{
	(void)state;
	platform_remove_all(buf_z(&t.root));
	platform_remove(help_path("oradad-sysvol.adsnap"));
	buf_free(&t.root);
	buf_free(&t.rows);
	buf_free(&t.listing);
	arena_free(&t.arena);
	return 0;
}

static void put_file(const char *name, struct str bytes)
{
	char *path =
		arena_strdup(&t.arena, arena_printf(&t.arena, "%s/%s", buf_z(&t.root), name).p);
	struct err err;
	bool created;

	*strrchr(path, '/') = '\0';
	assert_int_equal(platform_make_folder(path, &created, &err), 0);
	path[strlen(path)] = '/';
	help_write(path, bytes);
}

/* domain, guid, path, filename, archivename, descriptor, attributes, written, size, take, error */
static void put_row(const char *guid, const char *path, const char *name, const char *archive,
	const char *attributes, const char *size, const char *take, const char *error)
{
	buf_printf(&t.rows, "ch.example\t" DOMAIN "\t%s\t%s\t%s\t%s\t%s\t%s\t", guid, path, name,
		archive, ACL, attributes);
	buf_printf(&t.rows,
		"2020-01-01 00:00:00\t2020-01-01 00:00:00\t2026-11-20 09:30:00\t%s\t%s\t%s\r\n",
		size, take, error);
}

static void put_folder(const char *path)
{
	put_row("", path, "", "1", "16", "0", "0", "0");
}

/* The folders above the files of one policy. */
static void put_folders(void)
{
	put_row("", "", "", "1", "16", "0", "0", "0");
	put_folder("Policies");
	put_folder(P);
	put_folder(P "\\Machine");
}

static struct str utf16(struct str s)
{
	struct buf b = { 0 };

	buf_put(&b, "\xff\xfe", 2);
	for (size_t i = 0; i < s.n; i++) {
		buf_putc(&b, s.p[i]);
		buf_putc(&b, '\0');
	}
	struct str kept = arena_str(&t.arena, buf_str(&b));
	buf_free(&b);
	return kept;
}

static const char columns_of_3_6[] =
	"14\tforest\tnvarchar(9)\tdomain\tnvarchar(9)\tguid\tnvarchar(9)\tpath\tnvarchar(9)\t"
	"filename\tnvarchar(9)\tarchivename\tnvarchar(9)\tsecuritydescriptor\tnvarchar(9)\t"
	"fileattributes\tint\tftCreationTime\tdatetime2\tftLastAccessTime\tdatetime2\t"
	"ftCreaftLastWriteTimetionTime\tdatetime2\tfilesize\tint\ttake\ttinyint\terrorCode\tint";

static void put_tables(bool with_sysvol)
{
	struct str text = arena_printf(&t.arena,
		"ch.example_20261121-100000\nmetadata.tsv\tmetadata\tmetadata\t2\tkey\tnvarchar(9)"
		"\tvalue\tnvarchar(9)\ndomain\\" DOMAIN "\\top.tsv\tx\tx\t1\tdn\tnvarchar(9)\n");

	put_file("run/tables.tsv", text);
	if (with_sysvol)
		put_file("run/tables.tsv",
			arena_printf(&t.arena, "%.*sdomain\\" DOMAIN "\\sysvol.tsv\tx\tx\t%s\n",
				STR_ARG(text), t.columns ? t.columns : columns_of_3_6));
	put_file("run/domain/" DOMAIN "/sysvol.tsv", utf16(buf_str(&t.rows)));
}

static int take(void *cx, struct str path, struct str bytes, struct err *err)
{
	(void)cx;
	(void)err;
	buf_printf(&t.listing, "%.*s=%.*s\n", STR_ARG(path), STR_ARG(bytes));
	return 0;
}

static int import_into(struct snapshot_writer *w, struct err *err)
{
	struct oradad_folder *f = NULL;
	struct oradad_tables tables;
	struct progress progress;

	progress_init(&progress, true);
	assert_int_equal(
		oradad_folder_open(arena_printf(&t.arena, "%s/run", buf_z(&t.root)).p, &f, err), 0);
	assert_int_equal(oradad_tables_read(oradad_folder_path(f), &t.arena, &tables, err), 0);
	int rc = oradad_sysvol_import(w, f, &tables, &progress, err);
	oradad_folder_close(f);
	return rc;
}

static int import(struct snapshot **out, struct err *err)
{
	const char *path = help_path("oradad-sysvol.adsnap");
	struct snapshot_writer *w = NULL;

	assert_int_equal(snapshot_create(path, &w, err), 0);
	int rc = import_into(w, err);
	if (rc) {
		snapshot_abandon(w);
		return rc;
	}
	assert_int_equal(snapshot_finish(w, err), 0);
	assert_int_equal(snapshot_open(path, out, err), 0);
	assert_int_equal(snapshot_each_sysvol(*out, take, NULL, err), 0);
	return 0;
}

static struct snapshot *imported(void)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	put_tables(true);
	if (import(&s, &err))
		fail_msg("%s", err.text);
	return s;
}

static void expect_refused(const char *part)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	put_tables(true);
	assert_int_equal(import(&s, &err), ERR_SOURCE);
	if (!strstr(err.text, part))
		fail_msg("'%s' is not in: %s", part, err.text);
}

/* ---- what is there -------------------------------------------------------------------------- */

static void test_files(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "32", "9", "1", "0");
	put_row(GUID, P "\\Machine\\Registry.pol", "Registry.pol", "12", "32", "4", "1", "0");
	put_folder("scripts");
	put_row("", "scripts\\logon.BAT", "logon.BAT", "13", "32", "9", "1", "0");
	put_row("", "scripts\\x.exe", "x.exe", "14", "32", "9", "0", "0");
	put_file("run_SYSVOL/" DOMAIN "/" GUID "/11_GPT.INI", STR("[General]"));
	put_file("run_SYSVOL/" DOMAIN "/" GUID "/12_Registry.pol", STR("PReg"));
	put_file("run_SYSVOL/" DOMAIN "/13_logon.BAT", STR("secret 12"));
	struct snapshot *s = imported();
	assert_str_equal(buf_str(&t.listing),
		DOMAIN "/Policies/" GUID "/GPT.INI=[General]\n" DOMAIN "/Policies/" GUID
		       "/Machine/Registry.pol=?\n" DOMAIN "/scripts/logon.BAT=\n");
	assert_str_equal(snapshot_meta(s, META_SYSVOL), "oradad");
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_OK, "files 3"));
	assert_int_equal(snapshot_coverage_count(s), 1);
	snapshot_close(s);
}

struct seen {
	size_t entries, folders, with_acl;
	int64_t modified;
};

static int take_entry(void *cx, const struct sysvol_entry *e, struct err *err)
{
	struct seen *seen = cx;

	(void)err;
	seen->entries++;
	seen->folders += e->folder;
	seen->with_acl += e->descriptor.n == strlen(ACL) / 2 && e->control_known &&
			  (unsigned char)e->descriptor.p[3] == 0x80;
	seen->modified = e->modified;
	return 0;
}

static void test_descriptors_and_times(void **state)
{
	struct seen seen = { 0 };
	struct err err;

	(void)state;
	put_folders();
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "32", "9", "1", "0");
	put_file("run_SYSVOL/" DOMAIN "/" GUID "/11_GPT.INI", STR("[General]"));
	struct snapshot *s = imported();
	assert_int_equal(snapshot_each_sysvol_entry(s, take_entry, &seen, &err), 0);
	assert_int_equal(seen.entries, 5);
	assert_int_equal(seen.folders, 4);
	assert_int_equal(seen.with_acl, 5);
	assert_int_equal(seen.modified, INT64_C(1795167000));
	snapshot_close(s);
}

/* As one sees them, of whichever version. */
static void test_paths(void **state)
{
	static const char *const paths[] = { P "\\GPT.INI",
		"\\\\dc1.ch.example\\SYSVOL\\CH.example\\" P "\\GPT.INI",
		"C:\\Windows\\SYSVOL\\sysvol\\ch.example\\" P "\\GPT.INI",
		"C:\\Windows\\SYSVOL\\domain\\" P "\\GPT.INI" };

	(void)state;
	put_file("run_SYSVOL/" DOMAIN "/" GUID "/11_GPT.INI", STR("[General]"));
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		buf_clear(&t.rows);
		buf_clear(&t.listing);
		put_folders();
		put_row(GUID, paths[i], "GPT.INI", "11", "32", "9", "1", "0");
		struct snapshot *s = imported();
		assert_str_equal(
			buf_str(&t.listing), DOMAIN "/Policies/" GUID "/GPT.INI=[General]\n");
		assert_int_equal(snapshot_coverage_count(s), 1);
		snapshot_close(s);
	}
}

/* writeHeader=1 */
static void test_header(void **state)
{
	(void)state;
	buf_putz(&t.rows,
		"forest\tdomain\tguid\tpath\tfilename\tarchivename\tsecuritydescriptor\t"
		"fileattributes\tftCreationTime\tftLastAccessTime\tftCreaftLastWriteTimetionTime\t"
		"filesize\ttake\terrorCode\r\n");
	put_folders();
	struct snapshot *s = imported();
	assert_int_equal(snapshot_coverage_count(s), 1);
	snapshot_close(s);
}

/* ---- what is not ---------------------------------------------------------------------------- */

static void expect_gap(const char *below, enum coverage_state state, const char *detail)
{
	struct snapshot *s = imported();
	struct str need = arena_printf(&t.arena, "sysvol " DOMAIN "/%s", below);

	if (!help_has_coverage(s, need.p, state, detail))
		fail_msg("%s: no %s", need.p, detail);
	assert_false(str_contains(buf_str(&t.listing), STR("=[General]")));
	snapshot_close(s);
}

static void test_a_file_that_windows_did_not_open(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "32", "9", "1", "32");
	expect_gap("Policies/" GUID "/GPT.INI", COVERAGE_DENIED, "windows_error 32");
}

static void test_a_folder_that_windows_did_not_open(void **state)
{
	(void)state;
	put_row("", "", "", "1", "16", "0", "0", "0");
	put_folder("Policies");
	put_row(GUID, P, GUID, "1", "16", "0", "0", "5");
	expect_gap("Policies/" GUID, COVERAGE_DENIED, "windows_error 5");
}

/* Only its descriptor was refused: what is in it was listed. */
static void test_a_folder_that_was_listed_all_the_same(void **state)
{
	(void)state;
	put_row("", "", "", "1", "16", "0", "0", "0");
	put_folder("Policies");
	put_row(GUID, P, GUID, "1", "16", "0", "0", "5");
	put_row(GUID, P "\\x.txt", "x.txt", "2", "32", "0", "0", "0");
	struct snapshot *s = imported();
	assert_int_equal(snapshot_coverage_count(s), 1);
	snapshot_close(s);
}

static void test_nothing_known_of_it(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "", "", "1", "");
	expect_gap("Policies/" GUID "/GPT.INI", COVERAGE_DENIED, "windows_error 0");
}

static void test_a_copy_that_is_not_there(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "32", "9", "1", "0");
	expect_gap("Policies/" GUID "/GPT.INI", COVERAGE_MISSING, "no_copy");
}

/* Over a mebibyte ORADAD drops whole ones. */
static void test_a_copy_of_another_size(void **state)
{
	static const char *const sizes[] = { "1048585", "8", "", "x" };

	(void)state;
	put_file("run_SYSVOL/" DOMAIN "/" GUID "/11_GPT.INI", STR("[General]"));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		buf_clear(&t.rows);
		put_folders();
		put_row(GUID, P "\\GPT.INI", "GPT.INI", "11", "32", sizes[i], "1", "0");
		expect_gap("Policies/" GUID "/GPT.INI", COVERAGE_TRUNCATED, "copy_differs");
	}
}

static void test_outside_the_filter(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\Machine\\Drives.xml", "Drives.xml", "11", "32", "9", "0", "0");
	expect_gap("Policies/" GUID "/Machine/Drives.xml", COVERAGE_NOT_ASKED, "not_in_filter");
}

static void test_a_gap_in_the_rows(void **state)
{
	(void)state;
	put_folder("Policies");
	put_row(GUID, P "\\Machine\\x.txt", "x.txt", "11", "32", "9", "0", "0");
	struct snapshot *s = imported();
	assert_true(help_has_coverage(
		s, "sysvol " DOMAIN "/Policies/" GUID "/Machine", COVERAGE_MISSING, "no_row"));
	assert_true(help_has_coverage(
		s, "sysvol " DOMAIN "/Policies/" GUID, COVERAGE_MISSING, "no_row"));
	assert_int_equal(snapshot_coverage_count(s), 3);
	snapshot_close(s);
}

static void test_rows_without_a_path(void **state)
{
	struct seen seen = { 0 };
	struct err err;

	(void)state;
	put_row("", "", "", "1", "16", "0", "0", "0");
	put_row("", "", "", "2", "16", "0", "0", "0");
	put_row("", "", "", "3", "32", "9", "1", "0");
	put_row("", "", "", "4", "", "", "0", "3");
	put_folder("Policies");
	struct snapshot *s = imported();
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_NOT_ASKED, "no_path 2"));
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_DENIED, "windows_error 3"));
	/* Which of them is the domain's folder is not known, nor therefore its descriptor. */
	assert_int_equal(snapshot_each_sysvol_entry(s, take_entry, &seen, &err), 0);
	assert_int_equal(seen.entries, 2);
	assert_int_equal(seen.with_acl, 1);
	snapshot_close(s);
}

static void test_a_link(void **state)
{
	(void)state;
	put_row("", "", "", "1", "1040", "0", "0", "0");
	put_row("", "Policies", "Policies", "1", "1040", "0", "0", "0");
	put_row("", "Policies\\x.txt", "x.txt", "1", "32", "0", "0", "0");
	put_row("", "ailleurs", "ailleurs", "1", "1040", "0", "0", "0");
	struct snapshot *s = imported();
	assert_true(help_has_coverage(
		s, "sysvol " DOMAIN "/ailleurs", COVERAGE_NOTE, "link_not_followed"));
	assert_int_equal(snapshot_coverage_count(s), 2);
	snapshot_close(s);
}

static void test_damaged_lists(void **state)
{
	(void)state;
	put_folders();
	put_row(GUID, P "\\Machine\\Registry.pol", "Registry.pol", "1", "32", "9", "1", "0");
	put_row(GUID, P "\\Machine\\Registry.pol", "Registry.pol", "1", "32", "9", "1", "0");
	put_row(GUID, P "\\GPT.INI", "GPT.INI", "2", "32", "9", "1", "0");
	put_row(GUID, P "\\GPT.INI\\x", "x", "3", "32", "9", "1", "0");
	struct snapshot *s = imported();
	assert_true(help_has_coverage(s, "sysvol " DOMAIN "/Policies/" GUID "/Machine/Registry.pol",
		COVERAGE_MALFORMED, "listed_twice"));
	assert_true(help_has_coverage(
		s, "sysvol " DOMAIN "/Policies/" GUID "/GPT.INI", COVERAGE_MALFORMED, "no_folder"));
	snapshot_close(s);
}

static void expect_not_read(const char *detail)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	if (import(&s, &err))
		fail_msg("%s", err.text);
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_MISSING, detail));
	assert_int_equal(snapshot_meta(s, META_SYSVOL).n, 0);
	snapshot_close(s);
}

static void test_no_table(void **state)
{
	(void)state;
	put_tables(false);
	expect_not_read("no_table " DOMAIN);
	put_tables(true);
	platform_remove(
		arena_printf(&t.arena, "%s/run/domain/" DOMAIN "/sysvol.tsv", buf_z(&t.root)).p);
	expect_not_read("no_table " DOMAIN);
	put_tables(true);
	expect_not_read("no_rows " DOMAIN);
}

static void test_hostile_paths(void **state)
{
	static const char *const paths[] = { "..\\..\\x.ini", "Policies\\..\\..\\x",
		"Policies\\\\x", "Policies\\.\\x", "Policies\\a\x01", "Policies\\" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		buf_clear(&t.rows);
		put_folders();
		put_row("..\\..", paths[i], "..\\x", "..", "32", "9", "1", "0");
		expect_refused("sysvol.tsv:5: this is no path below SYSVOL");
	}
	/* The guid, name and archive of a row only choose among the files of the run. */
	buf_clear(&t.rows);
	put_folders();
	put_row("..", P "\\GPT.INI", "..\\..\\run\\tables.tsv", "..\\..", "32", "9", "1", "0");
	expect_gap("Policies/" GUID "/GPT.INI", COVERAGE_MISSING, "no_copy");
}

static void test_missing_columns(void **state)
{
	(void)state;
	put_folders();
	t.columns = "1\tpath\tnvarchar(9)";
	expect_refused("tables.tsv:4: the table of SYSVOL has no column 'domain'");
	t.columns = NULL;
	buf_putz(&t.rows, "ch.example\tx\r\n");
	expect_refused("sysvol.tsv:5: ");
}

static void test_a_very_long_path(void **state)
{
	char path[LIMIT_SYSVOL_PATH_BYTES + 128] = P "\\";

	(void)state;
	put_folders();
	memset(path + strlen(path), 'x', LIMIT_SYSVOL_PATH_BYTES);
	path[LIMIT_SYSVOL_PATH_BYTES] = '\0';
	put_row(GUID, path, "x", "1", "32", "9", "1", "0");
	struct snapshot *s = imported();
	assert_true(help_has_coverage(s, "sysvol", COVERAGE_TRUNCATED, "path_too_long"));
	snapshot_close(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files),
		TEST(test_descriptors_and_times),
		TEST(test_paths),
		TEST(test_header),
		TEST(test_a_file_that_windows_did_not_open),
		TEST(test_a_folder_that_windows_did_not_open),
		TEST(test_a_folder_that_was_listed_all_the_same),
		TEST(test_nothing_known_of_it),
		TEST(test_a_copy_that_is_not_there),
		TEST(test_a_copy_of_another_size),
		TEST(test_outside_the_filter),
		TEST(test_a_gap_in_the_rows),
		TEST(test_rows_without_a_path),
		TEST(test_a_link),
		TEST(test_damaged_lists),
		TEST(test_no_table),
		TEST(test_hostile_paths),
		TEST(test_missing_columns),
		TEST(test_a_very_long_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
