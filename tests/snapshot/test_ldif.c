/* What real tools write into LDIF files, one test a quirk. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void expect(const char *text, const char *dn, const char *attribute, const char *want)
{
	struct snapshot *s = help_open_text(text);

	assert_str_equal(help_values(s, dn, attribute), want);
	help_close(s);
}

static void expect_coverage(
	const char *text, const char *need, enum coverage_state state, const char *detail)
{
	struct snapshot *s = help_open_text(text);

	assert_true(help_has_coverage(s, need, state, detail));
	help_close(s);
}

/* The import fails with ERR_SOURCE and a sentence that holds both parts. */
static void expect_refused(struct str bytes, const char *first, const char *second)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	assert_int_equal(help_import(bytes, &s, &err), ERR_SOURCE);
	if (!strstr(err.text, first) || !strstr(err.text, second))
		fail_msg("'%s' and '%s' are not in: %s", first, second, err.text);
}

static void test_values(void **state)
{
	(void)state;
	expect("dn: CN=a\ncn: a\n", "CN=a", "cn", "a");
	expect("dn: CN=a\ncn:a\n", "CN=a", "cn", "a");
	expect("dn: CN=a\ncn:   a b \n", "CN=a", "cn", "a b ");
	expect("dn: CN=a\ncn:: YQ==\n", "CN=a", "cn", "a");
	expect("dn: CN=a\ncn:: YWI= \n", "CN=a", "cn", "ab");
	expect("dn: CN=a\ncn::YWJj\n", "CN=a", "cn", "abc");
	expect("dn: CN=a\ncn: a: b; c\n", "CN=a", "cn", "a: b; c");
	expect("dn: CN=a\ncn:\nsn: x\n", "CN=a", "cn", "");
	expect("dn: CN=a\ncn: a", "CN=a", "cn", "a"); /* no final newline */
	expect("dn:: Q049YQ==\ncn: a\n", "CN=a", "cn", "a");
	expect("DN: CN=a\ncn: a\n", "cn=A", "CN", "a");
}

static void test_folding(void **state)
{
	(void)state;
	expect("dn: CN=a,D\n C=x\ncn: one \n  two\n  three\n", "CN=a,DC=x", "cn", "one  two three");
	expect("dn: CN=a\ncn:: YW\n Jj\n", "CN=a", "cn", "abc");
	expect("dn: CN=a\r\ncn: a\r\n b\r\n", "CN=a", "cn", "ab");
	expect("# a comment\n that goes on: x\ndn: CN=a\n# another\ncn: a\n", "CN=a", "cn", "a");
	expect("dn: CN=a\nc\n n: a\n", "CN=a", "cn", "a");
}

static void test_interleaved_values_are_gathered(void **state)
{
	const char *text = "dn: CN=a\nmember: 1\ncn: a\nMEMBER: 2\nsn: s\nmember: 3\n";
	struct snapshot *s = help_open_text(text);

	(void)state;
	assert_str_equal(help_values(s, "CN=a", "member"), "1|2|3");
	assert_int_equal(snapshot_attribute_count(s), 3);
	assert_str_equal(snapshot_attribute_name(s, 0), "member"); /* the first spelling */
	help_close(s);
}

static void test_nothing_leaks_into_the_next_record(void **state)
{
	const char *text = "dn: CN=a\ncn: a\nsn: only a\nmember;range=0-0: x\n\n"
			   "dn: CN=b\ncn: b\nmember: y\n";
	struct snapshot *s = help_open_text(text);

	(void)state;
	assert_str_equal(help_values(s, "CN=b", "cn"), "b");
	assert_str_equal(help_values(s, "CN=b", "sn"), "(none)");
	assert_str_equal(help_values(s, "CN=b", "member"), "y");
	assert_true(help_has_coverage(
		s, "attribute member", COVERAGE_TRUNCATED, "range_incomplete CN=a"));
	assert_false(help_has_coverage(
		s, "attribute member", COVERAGE_TRUNCATED, "range_incomplete CN=b"));
	help_close(s);
}

static void test_ldapsearch(void **state)
{
	const char *text = "# extended LDIF\n#\n# LDAPv3\n# base <DC=x> with scope subtree\n#\n\n"
			   "# a, x\ndn: CN=a,DC=x\ncn: a\nref: kept\n\n"
			   "# search reference\nref: ldap://other/DC=y??base\n\n"
			   "# search result\nsearch: 2\nresult: 0 Success\n"
			   "control: 1.2.840.113556.1.4.319 false MAUCAQAEAA==\n"
			   "pagedresults: cookie=\n\n# numResponses: 3\n# numEntries: 1\n";
	struct snapshot *s = help_open_text(text);

	(void)state;
	assert_int_equal(snapshot_object_count(s), 1);
	assert_str_equal(help_values(s, "CN=a,DC=x", "ref"), "kept");
	assert_true(help_has_coverage(
		s, "referral", COVERAGE_NOTE, "not_followed ldap://other/DC=y??base"));
	for (size_t i = 0; i < snapshot_coverage_count(s); i++)
		assert_int_equal(snapshot_coverage_at(s, i).state, COVERAGE_NOTE);
	assert_true(help_has_coverage(s, "identity", COVERAGE_NOTE, "reader_unknown"));
	help_close(s);
}

static void test_failed_or_cut_search_is_told(void **state)
{
	char need[160];

	(void)state;
	snprintf(need, sizeof(need), "source test-%ld-x.ldif", platform_pid());
	expect_coverage("# extended LDIF\n\ndn: CN=a\ncn: a\n\nsearch: 2\n"
			"result: 4 Size limit exceeded\n",
		need, COVERAGE_TRUNCATED, "ldap_result 4");
	expect_coverage(
		"# extended LDIF\n\ndn: CN=a\ncn: a\n", need, COVERAGE_TRUNCATED, "no_result");
}

static void test_ldifde(void **state)
{
	(void)state;
	expect("dn: CN=a\r\nchangetype: add\r\ncn: a\r\n\r\n", "CN=a", "cn", "a");
	expect("dn: CN=a\r\nchangetype: add\r\ncn: a\r\n", "CN=a", "changetype", "(none)");
	expect_refused(STR("dn: CN=b\ncn: b\n\ndn: CN=a\nchangetype: modify\n"),
		"x.ldif:5:", "file of changes");
	expect_refused(STR("dn: CN=a\nchangetype: delete\n"), "x.ldif:2:", "file of changes");
	expect_refused(STR("dn: CN=a\nchangetype: modrdn\n"), "x.ldif:2:", "file of changes");
}

static void test_ranges(void **state)
{
	static const struct {
		const char *lines, *values;
		bool complete;
	} cases[] = {
		{ "m;range=0-*: a\n", "a", true },
		{ "m;range=0-1: a\nm;range=0-1: b\nm;range=2-*: c\n", "a|b|c", true },
		{ "m;range=2-*: c\nm;Range=0-1: a\nm;range=0-1: b\n", "c|a|b", true },
		{ "m: a\nm;range=0-*: b\n", "a|b", true },
		{ "m;range=0-1: a\nm;range=0-1: b\n", "a|b", false }, /* no "*" */
		{ "m;range=1-*: a\n", "a", false },		      /* no 0 */
		{ "m;range=0-0: a\nm;range=2-*: c\n", "a|c", false }, /* a hole */
		{ "m;range=0-1: a\nm;range=2-*: c\n", "a|c", false }, /* a value is missing */
		{ "m;range=0-*: a\nm;range=1-*: c\n", "a|c", false }, /* two ends */
		{ "m;range=x-*: a\n", "a", false },
		{ "m;range=0: a\n", "a", false },
		{ "m;range=5-2: a\n", "a", false },
		{ "m;range=0-18446744073709551615: a\n", "a", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[256];

		snprintf(text, sizeof(text), "dn: CN=g\n%s", cases[i].lines);
		struct snapshot *s = help_open_text(text);
		assert_str_equal(help_values(s, "CN=g", "m"), cases[i].values);
		assert_int_equal(help_has_coverage(s, "attribute m", COVERAGE_TRUNCATED,
					 "range_incomplete CN=g"),
			!cases[i].complete);
		help_close(s);
	}
}

static void test_options_are_dropped(void **state)
{
	struct snapshot *s =
		help_open_text("dn: CN=a\nuserCertificate;binary:: AAEC\nusercertificate: x\n");
	struct str values = help_values(s, "CN=a", "userCertificate");

	(void)state;
	assert_int_equal(values.n, 5);
	assert_memory_equal(values.p, "\0\1\2|x", 5);
	assert_int_equal(snapshot_attribute_count(s), 1);
	help_close(s);
}

static void test_encodings(void **state)
{
	static const char text[] = "version: 1\n\ndn: CN=é€\xf0\x9f\x98\x80\ncn: é\n";
	static const char dn[] = "CN=é€\xf0\x9f\x98\x80";

	(void)state;
	expect(text, dn, "cn", "é");
	for (int kind = 0; kind < 3; kind++) {
		struct buf b = { 0 };
		struct str left = STR(text);

		buf_putz(&b, kind == 0 ? "\xef\xbb\xbf" : kind == 1 ? "\xff\xfe" : "\xfe\xff");
		while (left.n) {
			size_t n;
			uint32_t c = utf8_decode(left, &n);
			uint32_t units[2] = { c, 0 };

			if (kind == 0)
				buf_put(&b, left.p, n);
			left.p += n;
			left.n -= n;
			if (c >= 0x10000) {
				units[0] = 0xd800 + ((c - 0x10000) >> 10);
				units[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
			}
			for (int u = 0; kind && u < 2 && (u == 0 || units[u]); u++) {
				char low = (char)(units[u] & 0xff), high = (char)(units[u] >> 8);

				buf_putc(&b, kind == 1 ? low : high);
				buf_putc(&b, kind == 1 ? high : low);
			}
		}
		struct snapshot *s = help_open(buf_str(&b));
		assert_str_equal(help_values(s, dn, "cn"), "é");
		help_close(s);
		buf_free(&b);
	}
}

static void test_lone_surrogates(void **state)
{
	/* "dn: CN=a", LF, "cn: ", a lone high half, "b", a lone low half, LF, half a unit */
	static const char bytes[] = "\xff\xfe"
				    "d\0n\0:\0 \0C\0N\0=\0a\0\n\0"
				    "c\0n\0:\0 \0\x3d\xd8"
				    "b\0\x00\xde\n\0x";
	struct snapshot *s = help_open(STR(bytes));

	(void)state;
	assert_str_equal(help_values(s, "CN=a", "cn"), "\xef\xbf\xbd"
						       "b\xef\xbf\xbd");
	help_close(s);
}

static void gzip(struct buf *out, const char *text)
{
	z_stream z = { 0 };
	unsigned char bytes[4096], in[1024];
	size_t n = strlen(text);

	assert_true(n <= sizeof(in));
	memcpy(in, text, n);
	assert_int_equal(
		deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = in;
	z.avail_in = (uInt)n;
	z.next_out = bytes;
	z.avail_out = sizeof(bytes);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_put(out, bytes, sizeof(bytes) - z.avail_out);
	deflateEnd(&z);
}

static void test_gzip(void **state)
{
	struct buf b = { 0 };

	(void)state;
	gzip(&b, "dn: CN=a\ncn: a\n\ndn: CN=b\nc");
	size_t first = b.n;
	gzip(&b, "n: b\n");
	size_t both = b.n;
	buf_put(&b, "\0\0\0\0", 4); /* padding, as tapes have */
	for (size_t n = both; n <= b.n; n += 4) {
		struct snapshot *s = help_open((struct str){ b.p, n });

		assert_int_equal(snapshot_object_count(s), 2);
		assert_str_equal(help_values(s, "CN=b", "cn"), "b");
		help_close(s);
	}
	for (size_t n = 3; n < both; n++)
		if (n != first) /* a whole file of its own */
			expect_refused((struct str){ b.p, n }, "x.ldif", "gzip");
	b.n = both;
	buf_putz(&b, "dn: CN=c\ncn: c\n"); /* zlib's own reader would ignore this */
	expect_refused(buf_str(&b), "x.ldif", "not gzip");
	b.p[first / 2] ^= 0x40;
	expect_refused((struct str){ b.p, both }, "x.ldif", "gzip");
	buf_free(&b);
}

static void test_damage_is_coverage(void **state)
{
	struct snapshot *s = help_open(
		STR("dn: CN=a\ncn:: !!!!\nsn:: YQ\nou:: YQ=a\nl: a\0b\nno colon\nb@d: x\n"
		    "mail: m\n\ndn:: %%%%\ncn: lost\n\ndn: CN=c\ncn: c\n\nsn: stray\nl: x\n"));
	char record[160];

	(void)state;
	snprintf(record, sizeof(record), "record test-%ld-x.ldif", platform_pid());
	assert_int_equal(snapshot_object_count(s), 2);
	assert_str_equal(help_values(s, "CN=a", "mail"), "m");
	assert_str_equal(help_values(s, "CN=a", "cn"), "(none)");
	assert_str_equal(help_values(s, "CN=c", "sn"), "(none)");
	static const char *const base64[] = { "attribute cn", "attribute sn", "attribute ou" };
	for (size_t i = 0; i < ARRAY_LEN(base64); i++)
		assert_true(help_has_coverage(s, base64[i], COVERAGE_MALFORMED, "bad_base64 CN=a"));
	assert_true(help_has_coverage(s, "attribute l", COVERAGE_MALFORMED, "nul_byte CN=a"));
	assert_true(help_has_coverage(s, "object CN=a", COVERAGE_MALFORMED, "bad_line"));
	assert_true(help_has_coverage(s, record, COVERAGE_MALFORMED, "bad_dn line 10"));
	assert_true(help_has_coverage(s, "object CN=c", COVERAGE_MALFORMED, "stray_lines"));
	help_close(s);
	expect_coverage(
		"sn: x\nl: y\n\ndn: CN=a\ncn: a\n", record, COVERAGE_MALFORMED, "no_dn line 1");
}

static void test_value_over_the_limit(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_putz(&b, "dn: CN=a\ncn: a\nbig: ");
	for (size_t i = 0; i <= LIMIT_VALUE_BYTES / 16; i++)
		buf_putz(&b, "0123456789abcdef");
	buf_putz(&b, "\nsn: s\n");
	struct snapshot *s = help_open(buf_str(&b));
	assert_str_equal(help_values(s, "CN=a", "sn"), "s");
	assert_str_equal(help_values(s, "CN=a", "big"), "(none)");
	assert_true(
		help_has_coverage(s, "attribute big", COVERAGE_MALFORMED, "value_too_long CN=a"));
	help_close(s);
	buf_free(&b);
}

static void test_refused(void **state)
{
	(void)state;
	expect_refused(STR(""), "x.ldif", "holds no entry");
	expect_refused(STR("version: 1\n\n# nothing\n"), "x.ldif", "holds no entry");
	expect_refused(STR("search: 2\nresult: 0 Success\n"), "x.ldif", "holds no entry");
	expect_refused(STR("dn: CN=a\njpegPhoto:< file:///etc/passwd\n"), "x.ldif:2:", "URL");
	expect_refused(STR("dn:< file:///etc/passwd\n"), "x.ldif:1:", "URL");
	expect_refused(STR("version: 2\n\ndn: CN=a\n"), "x.ldif:1:", "version 1");
	expect_refused(STR("\x7f"
			   "ELF\0\0\0\1\n\n\2\3"),
		"x.ldif", "holds no entry");
}

static void test_missing_file(void **state)
{
	const char *paths[] = { "there-is-no-such-file.ldif" };
	struct snapshot *s = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(help_import_files("m.adsnap", paths, 1, &s, &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, paths[0]));
}

static void test_entries_without_blank_line(void **state)
{
	struct snapshot *s = help_open_text("dn: CN=a\ncn: a\ndn: CN=b\ncn: b\n\n\n\r\n\ndn: CN=c\n"
					    "cn: c\n\n\n");

	(void)state;
	assert_int_equal(snapshot_object_count(s), 3);
	assert_str_equal(help_values(s, "CN=a", "cn"), "a");
	assert_str_equal(help_values(s, "CN=b", "cn"), "b");
	help_close(s);
}

static void test_root_dse(void **state)
{
	struct snapshot *s = help_open_text("dn: \ncurrentTime: 20240105202414.0Z\n\n"
					    "dn: DC=x\ncurrentTime: 20990101000000.0Z\n\n"
					    "dn:\ncurrentTime: 20250101000000.0Z\n");

	(void)state;
	assert_str_equal(help_values(s, "", "currentTime"), "20240105202414.0Z");
	assert_str_equal(snapshot_meta(s, META_COLLECTED_AT), "2024-01-05T20:24:14Z");
	assert_str_equal(snapshot_meta(s, META_SOURCE), "ldif");
	help_close(s);
	s = help_open_text("dn: DC=x\ndc: x\n");
	assert_null(snapshot_meta(s, META_COLLECTED_AT).p);
	help_close(s);
}

static void test_read_with_star(void **state)
{
	static const struct {
		const char *first, *second;
		bool all;
	} cases[] = {
		{ "dn: CN=a\ninstanceType: 4\nuSNChanged: 5\n", NULL, true },
		{ "dn: CN=a\ninstanceType: 4\ndSCorePropagationData: 1\n", NULL, true },
		{ "dn: CN=a\nuSNChanged: 5\n", NULL, false },
		{ "dn: CN=a\ncn: a\n", NULL, false },
		{ "dn: CN=a\ninstanceType: 4\nuSNChanged: 5\n\ndn: CN=b\ncn: b\n", NULL, false },
		{ "dn: \ncurrentTime: x\n\ndn: CN=a\ninstanceType: 4\nuSNChanged: 5\n", NULL,
			true },
		{ "dn: CN=a\ninstanceType: 4\nuSNChanged: 5\n", "dn: CN=b\ncn: b\n", false },
		{ "dn: CN=a\ninstanceType: 4\nuSNChanged: 5\n", "dn: \ncurrentTime: x\n", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *paths[] = { help_path("a.ldif"), help_path("b.ldif") };
		size_t count = cases[i].second ? 2 : 1;
		struct snapshot *s = NULL;
		struct err err = { 0 };

		help_write(paths[0], str_of(cases[i].first));
		if (cases[i].second)
			help_write(paths[1], str_of(cases[i].second));
		assert_int_equal(help_import_files("s.adsnap", paths, count, &s, &err), 0);
		assert_int_equal(str_eq(snapshot_meta(s, META_LDIF_ALL), STR("1")), cases[i].all);
		help_close(s);
		platform_remove(paths[0]);
		if (cases[i].second)
			platform_remove(paths[1]);
	}
}

/* Records, lines and values around the edges of the importer's buffer. */
static void test_large_files(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (unsigned i = 0; i < 40000; i++) {
		buf_printf(&b, "dn: CN=user %u,DC=x\ncn: user %u\nmember: %.*s\n\n", i, i,
			(int)(i % 97),
			"0123456789012345678901234567890123456789012345678901234567"
			"89012345678901234567890123456789012345678");
	}
	buf_putz(&b, "dn: CN=group,DC=x\n");
	for (unsigned i = 0; i < 100000; i++)
		buf_printf(&b, "member: CN=user %u,DC=x\n", i);
	struct snapshot *s = help_open(buf_str(&b));
	assert_int_equal(snapshot_object_count(s), 40001);
	for (unsigned i = 0; i < 40000; i += 7919) {
		char dn[64], cn[64];

		snprintf(dn, sizeof(dn), "CN=user %u,DC=x", i);
		snprintf(cn, sizeof(cn), "user %u", i);
		assert_str_equal(help_values(s, dn, "cn"), cn);
		assert_int_equal(help_values(s, dn, "member").n, i % 97);
	}
	struct str members = help_values(s, "CN=group,DC=x", "member");
	size_t bars = 0;
	for (size_t i = 0; i < members.n; i++)
		bars += members.p[i] == '|';
	assert_int_equal(bars, 99999);
	help_close(s);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_interleaved_values_are_gathered),
		cmocka_unit_test(test_nothing_leaks_into_the_next_record),
		cmocka_unit_test(test_ldapsearch),
		cmocka_unit_test(test_failed_or_cut_search_is_told),
		cmocka_unit_test(test_ldifde),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_options_are_dropped),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_lone_surrogates),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_damage_is_coverage),
		cmocka_unit_test(test_value_over_the_limit),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_entries_without_blank_line),
		cmocka_unit_test(test_root_dse),
		cmocka_unit_test(test_read_with_star),
		cmocka_unit_test(test_large_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
