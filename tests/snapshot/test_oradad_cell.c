/* Every kind of cell of ORADAD, what is cut, and what is none. */
#include "ad/secdesc.h"
#include "base/buf.h"
#include "snapshot/oradad_cell.h"
#include "tests/base/check.h"

#include <string.h>

static struct arena arena;

/* UTF-16LE of UTF-8 text below U+0800. */
static struct str cell(const char *text)
{
	char *p = arena_alloc(&arena, 2 * strlen(text) + 2), *at = p;

	for (const unsigned char *t = (const unsigned char *)text; *t; t++) {
		unsigned unit = *t;

		if (unit >= 0xc0)
			unit = (unit & 0x1f) << 6 | (*++t & 0x3f);
		*at++ = (char)(unit & 0xff);
		*at++ = (char)(unit >> 8);
	}
	return (struct str){ p, (size_t)(at - p) };
}

static const struct oradad_attribute *named(const char *name)
{
	for (size_t i = 0; i < oradad_attribute_count; i++)
		if (!strcmp(oradad_attributes[i].name, name))
			return &oradad_attributes[i];
	fail_msg("%s is not in the table", name);
	return NULL;
}

static enum oradad_cell decode_bytes(const char *name, struct str bytes, struct raw_attr *out)
{
	enum oradad_cell state =
		oradad_cell_decode(named(name), bytes, ORADAD_CELL_UNITS, &arena, out);

	assert_str_equal(out->name, name);
	return state;
}

/* The values joined by '|'. */
static void expect(const char *name, const char *text, enum oradad_cell state, const char *want)
{
	struct raw_attr got;
	struct buf b = { 0 };

	assert_int_equal(decode_bytes(name, cell(text), &got), state);
	for (size_t i = 0; i < got.count; i++)
		buf_printf(&b, i ? "|%.*s" : "%.*s", STR_ARG(got.values[i]));
	assert_str_equal(buf_str(&b), want);
	buf_free(&b);
}

static void text_is_taken_as_it_is(void **state)
{
	(void)state;
	expect("sAMAccountName", "\"guillemet", ORADAD_CELL_WHOLE, "\"guillemet");
	expect("displayName", "Hélène; née Œuf", ORADAD_CELL_WHOLE, "Hélène; née Œuf");
	expect("description", "a;b;", ORADAD_CELL_WHOLE, "a;b;");
	expect("mail", "", ORADAD_CELL_EMPTY, "");
	struct raw_attr got;
	assert_int_equal(decode_bytes("cn", (struct str){ "a\0\0\0", 4 }, &got), ORADAD_CELL_BAD);
	assert_int_equal(got.count, 0);
}

static void values_are_told_apart_where_one_can_begin(void **state)
{
	(void)state;
	expect("objectClass", "top;person;user", ORADAD_CELL_WHOLE, "top|person|user");
	expect("member", "CN=a\\;CN=b,DC=x;CN=c,DC=x;OU=d;e,DC=x;2.5.4.3=f", ORADAD_CELL_WHOLE,
		"CN=a\\;CN=b,DC=x|CN=c,DC=x|OU=d;e,DC=x|2.5.4.3=f");
	expect("member", "CN=a\\\\;CN=b", ORADAD_CELL_WHOLE, "CN=a\\\\|CN=b");
	expect("altSecurityIdentities", "X509:<I>DC=a;b<S>CN=c;Kerberos:d@e", ORADAD_CELL_WHOLE,
		"X509:<I>DC=a;b<S>CN=c|Kerberos:d@e");
	expect("adminContextMenu", "1,{0};2,&A;B,a.exe;3,c", ORADAD_CELL_WHOLE,
		"1,{0}|2,&A;B,a.exe|3,c");
	expect("servicePrincipalName", "HOST/a;;HOST/b", ORADAD_CELL_BAD, "HOST/a|HOST/b");
}

static void numbers_and_times_are_those_of_ldap(void **state)
{
	(void)state;
	expect("groupType", "-2147483646", ORADAD_CELL_WHOLE, "-2147483646");
	expect("userAccountControl", "NORMAL_ACCOUNT | 512", ORADAD_CELL_BAD, "");
	expect("maxPwdAge", "-36288000000000", ORADAD_CELL_WHOLE, "-36288000000000");
	expect("whenCreated", "2024-01-05 20:24:14", ORADAD_CELL_WHOLE, "20240105202414.0Z");
	expect("whenCreated", "2024-02-30 20:24:14", ORADAD_CELL_BAD, "");
	expect("whenCreated", "20240105-202414", ORADAD_CELL_BAD, "");
	expect("whenCreated", "2024-01-05 2-:24:14", ORADAD_CELL_BAD, "");
	expect("pwdLastSet", "2024-01-05 20:24:14", ORADAD_CELL_WHOLE, "133489598540000000");
	expect("accountExpires", "2999-12-12 23:59:59", ORADAD_CELL_WHOLE, "9223372036854775807");
	expect("accountExpires", "1601-01-01 00:00:00", ORADAD_CELL_WHOLE, "1");
	expect("accountExpires", "1600-01-01 00:00:00", ORADAD_CELL_BAD, "");
	expect("accountExpires", "133489598540000000", ORADAD_CELL_WHOLE, "133489598540000000");
	expect("isCriticalSystemObject", "1", ORADAD_CELL_WHOLE, "TRUE");
	expect("isCriticalSystemObject", "0", ORADAD_CELL_WHOLE, "FALSE");
	expect("isCriticalSystemObject", "TRUE", ORADAD_CELL_BAD, "");
}

static void bytes_are_bytes(void **state)
{
	struct raw_attr got;

	(void)state;
	assert_int_equal(decode_bytes("sIDHistory", cell("S-1-5-32-544;S-1-5-21-1-2-3-500"), &got),
		ORADAD_CELL_WHOLE);
	assert_int_equal(got.count, 2);
	assert_int_equal(got.values[0].n, 16);
	assert_memory_equal(got.values[0].p, "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16);
	assert_int_equal(got.values[1].n, 28);
	expect("objectSid", "S-1-x", ORADAD_CELL_BAD, "");
	assert_int_equal(
		decode_bytes("objectGUID", cell("00299570-246d-11d0-a768-00aa006e0529"), &got),
		ORADAD_CELL_WHOLE);
	assert_memory_equal(got.values[0].p,
		"\x70\x95\x29\x00\x6d\x24\xd0\x11\xa7\x68\x00\xaa\x00\x6e\x05\x29", 16);
	expect("cACertificate", "4142;43", ORADAD_CELL_WHOLE, "AB|C");
	expect("cACertificate", "4142;4;4x", ORADAD_CELL_BAD, "AB");
	expect("msDS-KeyCredentialLink", "423a323a30303a434e3d61", ORADAD_CELL_WHOLE,
		"B:2:00:CN=a");
	expect("msDS-KeyCredentialLink", "B:2:00:CN=a", ORADAD_CELL_WHOLE, "B:2:00:CN=a");
	expect("msDS-KeyCredentialLink", "4142", ORADAD_CELL_BAD, "");
}

static void a_dacl_in_words_becomes_a_descriptor(void **state)
{
	struct raw_attr got;
	struct secdesc sd;

	(void)state;
	assert_int_equal(decode_bytes("msDS-UserAllowedToAuthenticateFrom",
				 cell("D:(A;;CR;;;S-1-5-11)"), &got),
		ORADAD_CELL_WHOLE);
	assert_true(secdesc_parse(&arena, got.values[0], &sd));
	assert_int_equal(sd.dacl_count, 1);
	expect("msDS-UserAllowedToAuthenticateFrom", "D:(XA;;CR;;;WD;(Member_of {SID(BA)}))",
		ORADAD_CELL_BAD, "");
	expect("msDS-UserAllowedToAuthenticateFrom", "D:(A;;CR;;;DA)", ORADAD_CELL_BAD, "");
}

static void what_was_cut_is_cut(void **state)
{
	struct raw_attr got;
	size_t n = (size_t)2 * ORADAD_CELL_UNITS;
	char *p = arena_alloc(&arena, n + 2);

	(void)state;
	expect("member", "CN=a,DC=x;CN=b,DC=x;;;;", ORADAD_CELL_CUT, "CN=a,DC=x|CN=b,DC=x");
	expect("member", ";;", ORADAD_CELL_CUT, "");
	for (size_t i = 0; i < n; i += 2)
		p[i] = 'a';
	memcpy(p, "C\0N\0=\0a\0;\0C\0N\0=\0", 16);
	assert_int_equal(decode_bytes("member", (struct str){ p, n - 2 }, &got), ORADAD_CELL_WHOLE);
	assert_int_equal(got.count, 2);
	assert_int_equal(decode_bytes("member", (struct str){ p, n }, &got), ORADAD_CELL_CUT);
	assert_int_equal(got.count, 1);
	assert_str_equal(got.values[0], "CN=a");
	assert_int_equal(
		oradad_cell_decode(named("member"), (struct str){ p, n }, SIZE_MAX, &arena, &got),
		ORADAD_CELL_WHOLE);
	assert_int_equal(got.count, 2);
	p[n] = ';';
	assert_int_equal(decode_bytes("member", (struct str){ p, n + 2 }, &got), ORADAD_CELL_CUT);
	assert_int_equal(got.count, 1);
}

static void names_of_runs_are_times(void **state)
{
	int64_t t;

	(void)state;
	assert_true(oradad_time_parse(STR("20261122-081500"), &t));
	assert_int_equal(t, INT64_C(1795335300));
	assert_false(oradad_time_parse(STR("audit-novembre1"), &t));
	assert_false(oradad_time_parse(STR("20261322-081500"), &t));
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_taken_as_it_is),
		cmocka_unit_test(values_are_told_apart_where_one_can_begin),
		cmocka_unit_test(numbers_and_times_are_those_of_ldap),
		cmocka_unit_test(bytes_are_bytes),
		cmocka_unit_test(a_dacl_in_words_becomes_a_descriptor),
		cmocka_unit_test(what_was_cut_is_cut),
		cmocka_unit_test(names_of_runs_are_times),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
