/* Filters over one made-up object: the truth tables, every kind of assertion, and what is refused.
 */
#include "policy/filter.h"

#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct row {
	const char *attribute;
	struct str values[3];
	int state;
};

#define SID_BYTES "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"
#define GUID_BYTES "\x70\x95\x29\x00\x6d\x24\xd0\x11\xa7\x68\x00\xaa\x00\x6e\x05\x29"

static const struct row object[] = {
	{ "cn", { { "Dupont Éric", 12 } }, 1 },
	{ "sAMAccountName", { { "svc-Backup", 10 } }, 1 },
	{ "odd", { { "a(b)*\\c\0d", 9 } }, 1 },
	{ "userAccountControl", { { "66048", 5 } }, 1 },
	{ "groupType", { { "-2147483646", 11 } }, 1 },
	{ "large", { { "9223372036854775807", 19 } }, 1 },
	{ "x-daysSinceLogon", { { "120", 3 } }, 1 },
	{ "whenCreated", { { "20240105202414.0Z", 17 } }, 1 },
	{ "mail", { { "a@x", 3 }, { "b@x", 3 }, { "10", 2 } }, 1 },
	{ "manager", { { "CN=A\\2CB,OU=Gens,DC=chu,DC=example", 34 } }, 1 },
	{ "objectSid", { { SID_BYTES, 16 } }, 1 },
	{ "objectGUID", { { GUID_BYTES, 16 } }, 1 },
	{ "hidden", { { NULL, 0 } }, -1 },
};

static int get(void *cx, struct str attribute, const struct str **values, size_t *count)
{
	(void)cx;
	for (size_t i = 0; i < ARRAY_LEN(object); i++)
		if (str_ieq(attribute, str_of(object[i].attribute))) {
			size_t n = 0;

			while (n < 3 && object[i].values[n].p)
				n++;
			*values = object[i].values;
			*count = n;
			return object[i].state;
		}
	return 0;
}

static enum filter_result in_chain(void *cx, struct str attribute, struct str dn)
{
	(void)cx;
	if (!str_ieq(attribute, STR("memberOf")))
		return FILTER_UNDEFINED;
	return str_eq(dn, STR("CN=Domain Admins,DC=x")) ? FILTER_TRUE : FILTER_FALSE;
}

static enum filter_result match(struct str text)
{
	const struct filter_source source = { .get = get, .in_chain = in_chain };
	struct arena a = { 0 };
	const struct filter *f;
	size_t column;
	struct err err;

	if (filter_parse(&a, text, &f, &column, &err))
		fail_msg("%.*s: %s", STR_ARG(text), err.text);
	enum filter_result r = filter_match(f, &source);
	arena_free(&a);
	return r;
}

struct match_case {
	const char *text;
	enum filter_result result;
};

static void check_all(const struct match_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum filter_result r = match(str_of(cases[i].text));

		if (r != cases[i].result)
			fail_msg("%s gives %d and not %d", cases[i].text, (int)r,
				(int)cases[i].result);
	}
}

/* RFC 4511 4.5.1.7: T, F and U in every pair. */
static void truth_tables(void **state)
{
	(void)state;
	static const char *const items[] = { "(cn=no)", "(cn=*)", "(hidden=*)" };
	static const enum filter_result and[3][3] = {
		{ FILTER_FALSE, FILTER_FALSE, FILTER_FALSE },
		{ FILTER_FALSE, FILTER_TRUE, FILTER_UNDEFINED },
		{ FILTER_FALSE, FILTER_UNDEFINED, FILTER_UNDEFINED },
	};
	static const enum filter_result or [3][3] = {
		{ FILTER_FALSE, FILTER_TRUE, FILTER_UNDEFINED },
		{ FILTER_TRUE, FILTER_TRUE, FILTER_TRUE },
		{ FILTER_UNDEFINED, FILTER_TRUE, FILTER_UNDEFINED },
	};
	static const enum filter_result not [3] = { FILTER_TRUE, FILTER_FALSE, FILTER_UNDEFINED };
	struct arena a = { 0 };

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(match(arena_printf(&a, "(!%s)", items[i])), not [i]);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(
				match(arena_printf(&a, "(&%s%s)", items[i], items[j])), and[i][j]);
			assert_int_equal(
				match(arena_printf(&a, "(|%s%s)", items[i], items[j])), or [i][j]);
		}
	}
	arena_free(&a);
}

static void text_values(void **state)
{
	(void)state;
	static const struct match_case cases[] = {
		{ "(cn=dupont éRIC)", FILTER_TRUE },
		{ "(CN~=DUPONT ÉRIC)", FILTER_TRUE },
		{ "(cn=dupont)", FILTER_FALSE },
		{ "(cn=)", FILTER_FALSE },
		{ "(absent=x)", FILTER_FALSE },
		{ "(!(absent=x))", FILTER_TRUE },
		{ "(absent=*)", FILTER_FALSE },
		{ "(hidden=x)", FILTER_UNDEFINED },
		{ "(hidden=x*)", FILTER_UNDEFINED },
		{ "(hidden>=1)", FILTER_UNDEFINED },
		{ "(hidden:1.2.840.113556.1.4.803:=1)", FILTER_UNDEFINED },
		{ "(odd=a\\28b\\29\\2a\\5cc\\00d)", FILTER_TRUE },
		{ "(odd=a\\28b\\29\\2A*d)", FILTER_TRUE },
		{ "(mail=B@X)", FILTER_TRUE },
		{ "(mail=c@x)", FILTER_FALSE },
		{ "(whenCreated>=20240105202414.0Z)", FILTER_TRUE },
		{ "(whenCreated>=20240105202415.0Z)", FILTER_FALSE },
		{ "(whenCreated<=20250101000000.0Z)", FILTER_TRUE },
		{ "\n ( & ( cn=*)\n\t( !(cn=x) ) ) ", FILTER_TRUE },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static void substrings(void **state)
{
	(void)state;
	static const struct match_case cases[] = {
		{ "(sAMAccountName=SVC-*)", FILTER_TRUE },
		{ "(sAMAccountName=*backup)", FILTER_TRUE },
		{ "(sAMAccountName=*c-b*)", FILTER_TRUE },
		{ "(sAMAccountName=s*-*u*p)", FILTER_TRUE },
		{ "(sAMAccountName=svc-backup*)", FILTER_TRUE },
		/* the beginning and the end may not share bytes */
		{ "(sAMAccountName=svc-back*-backup)", FILTER_FALSE },
		{ "(sAMAccountName=*up*up)", FILTER_FALSE },
		{ "(sAMAccountName=*svc)", FILTER_FALSE },
		{ "(sAMAccountName=*k*c*)", FILTER_FALSE },
		{ "(cn=*É*)", FILTER_TRUE },
		{ "(mail=b*)", FILTER_TRUE },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static void numbers(void **state)
{
	(void)state;
	static const struct match_case cases[] = {
		{ "(userAccountControl=66048)", FILTER_TRUE },
		{ "(userAccountControl=066048)", FILTER_TRUE },
		{ "(x-daysSinceLogon>=90)", FILTER_TRUE },
		{ "(x-daysSinceLogon>=1000)", FILTER_FALSE },
		{ "(x-daysSinceLogon<=120)", FILTER_TRUE },
		{ "(x-daysSinceLogon<=99)", FILTER_FALSE },
		{ "(userAccountControl:1.2.840.113556.1.4.803:=65536)", FILTER_TRUE },
		{ "(userAccountControl:1.2.840.113556.1.4.803:=65538)", FILTER_FALSE },
		{ "(userAccountControl:1.2.840.113556.1.4.804:=65538)", FILTER_TRUE },
		{ "(userAccountControl:1.2.840.113556.1.4.804:=2)", FILTER_FALSE },
		{ "(groupType:1.2.840.113556.1.4.803:=2147483648)", FILTER_TRUE },
		{ "(groupType:1.2.840.113556.1.4.803:=-2147483648)", FILTER_TRUE },
		{ "(groupType:1.2.840.113556.1.4.803:=2147483652)", FILTER_FALSE },
		{ "(large:1.2.840.113556.1.4.803:=4294967296)", FILTER_TRUE },
		{ "(absent:1.2.840.113556.1.4.803:=0)", FILTER_FALSE },
		/* a value that is no number has no bits */
		{ "(cn:1.2.840.113556.1.4.803:=1)", FILTER_UNDEFINED },
		{ "(!(cn:1.2.840.113556.1.4.803:=1))", FILTER_UNDEFINED },
		{ "(mail:1.2.840.113556.1.4.804:=2)", FILTER_TRUE },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static void names_and_ids(void **state)
{
	(void)state;
	static const struct match_case cases[] = {
		{ "(manager=cn=a\\5c,b, ou=gens,dc=CHU,dc=example)", FILTER_TRUE },
		{ "(manager=cn=c,ou=gens,dc=chu,dc=example)", FILTER_FALSE },
		{ "(objectSid=S-1-5-32-544)", FILTER_TRUE },
		{ "(objectSid=S-1-5-32-545)", FILTER_FALSE },
		{ "(objectSid=\\01\\02\\00\\00\\00\\00\\00\\05\\20\\00\\00\\00\\20\\02\\00\\00)",
			FILTER_TRUE },
		{ "(objectGUID=00299570-246d-11d0-a768-00aa006e0529)", FILTER_TRUE },
		{ "(objectGUID=\\70\\95\\29\\00\\6d\\24\\d0\\11\\a7\\68\\00\\aa\\00\\6e\\05\\29)",
			FILTER_TRUE },
		/* 0x4d is 'M' where the value has 'm': bytes have no case */
		{ "(objectGUID=\\70\\95\\29\\00\\4d\\24\\d0\\11\\a7\\68\\00\\aa\\00\\6e\\05\\29)",
			FILTER_FALSE },
		{ "(memberOf:1.2.840.113556.1.4.1941:=CN=Domain Admins,DC=x)", FILTER_TRUE },
		{ "(memberOf:1.2.840.113556.1.4.1941:=CN=Other,DC=x)", FILTER_FALSE },
		{ "(manager:1.2.840.113556.1.4.1941:=CN=Other,DC=x)", FILTER_UNDEFINED },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static void refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t column;
	} cases[] = {
		{ "", 1 },
		{ "cn=a", 1 },
		{ "(cn=a", 6 },
		{ "(cn=a))", 7 },
		{ "(&)", 3 },
		{ "(|)", 3 },
		{ "(!)", 3 },
		{ "(!(a=b)(c=d))", 8 },
		{ "(&(a=b)c)", 8 },
		{ "()", 2 },
		{ "(=a)", 2 },
		{ "(2.5.4.3=a)", 2 },
		{ "(cn;range=0-1=a)", 4 },
		{ "(cn)", 4 },
		{ "(cn>a)", 4 },
		{ "(cn>=a*)", 7 },
		{ "(cn~=*)", 6 },
		{ "(cn=a**b)", 9 },
		{ "(cn=a(b)", 6 },
		{ "(cn=\\4)", 5 },
		{ "(cn=\\zz)", 5 },
		{ "(é=a)", 2 },
		{ "(cn=é(b)", 6 },
		{ "(cn:dn:=a)", 5 },
		{ "(cn:dn:1.2.840.113556.1.4.803:=1)", 5 },
		{ "(cn:caseExactMatch:=a)", 5 },
		{ "(:1.2.840.113556.1.4.803:=1)", 2 },
		{ "(cn:=a)", 5 },
		{ "(cn:1.2.840.113556.1.4.803=1)", 5 },
		{ "(cn:1.2.840.113556.1.4.803:=x)", 29 },
		{ "(cn:1.2.840.113556.1.4.803:=1*)", 30 },
		{ "(cn:1.2.840.113556.1.4.1941:=Admins)", 30 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = { 0 };
		const struct filter *f = NULL;
		size_t column = 0;
		struct err err;

		if (!filter_parse(&a, str_of(cases[i].text), &f, &column, &err))
			fail_msg("%s is taken", cases[i].text);
		if (column != cases[i].column)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_null(f);
		arena_free(&a);
	}
}

static void bounds(void **state)
{
	(void)state;
	struct arena a = { 0 };
	const struct filter *f = NULL;
	struct buf deep = { 0 }, wide = { 0 };
	size_t column;
	struct err err;

	for (unsigned i = 0; i < LIMIT_FILTER_DEPTH - 1; i++)
		buf_putz(&deep, "(!");
	buf_putz(&deep, "(a=b)");
	for (unsigned i = 0; i < LIMIT_FILTER_DEPTH - 1; i++)
		buf_putz(&deep, ")");
	assert_int_equal(filter_parse(&a, buf_str(&deep), &f, &column, &err), 0);
	struct str deeper = arena_printf(&a, "(!%s)", buf_z(&deep));
	assert_int_equal(filter_parse(&a, deeper, &f, &column, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "too deeply"));
	buf_putz(&wide, "(|");
	for (unsigned i = 0; i < LIMIT_FILTER_NODES; i++)
		buf_putz(&wide, "(a=b)");
	buf_putz(&wide, ")");
	assert_int_equal(filter_parse(&a, buf_str(&wide), &f, &column, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "too many parts"));
	buf_free(&deep);
	buf_free(&wide);
	arena_free(&a);
}

static void collect_name(void *cx, struct str name)
{
	buf_put_str(cx, name);
	buf_putc(cx, ' ');
}

static void attributes(void **state)
{
	(void)state;
	struct arena a = { 0 };
	const struct filter *f;
	struct buf names = { 0 };
	size_t column;
	struct err err;

	assert_int_equal(filter_parse(&a,
				 STR("(&(servicePrincipalName=*)(!(|(cn=a*)(x-mfa=no)))"
				     "(memberOf:1.2.840.113556.1.4.1941:=CN=a))"),
				 &f, &column, &err),
		0);
	filter_attributes(f, collect_name, &names);
	assert_string_equal(buf_z(&names), "servicePrincipalName cn x-mfa memberOf ");
	buf_free(&names);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_tables),
		cmocka_unit_test(text_values),
		cmocka_unit_test(substrings),
		cmocka_unit_test(numbers),
		cmocka_unit_test(names_and_ids),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounds),
		cmocka_unit_test(attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
