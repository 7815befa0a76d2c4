/* The pure parts of the collector: ranges, refusals in words, names of accounts and of servers. */
#include "collect/account.h"
#include "collect/bind_errors.h"
#include "collect/plan.h"
#include "collect/range.h"
#include "collect/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void ranges_are_read(void **state)
{
	static const struct {
		const char *text, *name;
		enum range_kind kind;
		uint32_t low, high;
		bool last;
	} rows[] = {
		{ "member", "member", RANGE_NONE, 0, 0, false },
		{ "userCertificate;binary", "userCertificate", RANGE_NONE, 0, 0, false },
		{ "member;range=0-1499", "member", RANGE_PART, 0, 1499, false },
		{ "member;Range=1500-*", "member", RANGE_PART, 1500, 0, true },
		{ "member;binary;range=0-0", "member", RANGE_PART, 0, 0, false },
		{ "member;", "member", RANGE_NONE, 0, 0, false },
		{ "", "", RANGE_NONE, 0, 0, false },
		{ "member;range=", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=5", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=5-", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=5-4", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=*-*", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=-1-5", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=0-18446744073709551616", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=4294967296-*", "member", RANGE_DAMAGED, 0, 0, false },
		{ "member;range=0-4294967297", "member", RANGE_DAMAGED, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct range r = { 0 };

		if (range_parse(str_of(rows[i].text), &r) != rows[i].kind)
			fail_msg("kind of '%s'", rows[i].text);
		assert_true(str_eq(r.name, str_of(rows[i].name)));
		if (rows[i].kind != RANGE_PART)
			continue;
		assert_int_equal(r.low, rows[i].low);
		assert_int_equal(r.high, rows[i].high);
		assert_int_equal(r.last, rows[i].last);
	}
}

static void data_codes_are_found(void **state)
{
	static const struct {
		const char *text;
		uint32_t data;
	} rows[] = {
		{ "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data "
		  "52e, v4563",
			0x52e },
		{ "error, data 775, v1db1", 0x775 },
		{ "error, data 80090346, v1db1", 0x80090346 },
		{ "error, data 52E", 0x52e },
		{ "error, data ", 0 },
		{ "error, data", 0 },
		{ "nothing", 0 },
		{ "", 0 },
		{ ", data 123456789abcdef", 0x12345678 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(bind_error_data(str_of(rows[i].text)), rows[i].data);
}

static void every_data_code_has_its_own_words(void **state)
{
	static const uint32_t codes[] = { 0x525, 0x52e, 0x530, 0x531, 0x532, 0x533, 0x701, 0x773,
		0x775 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		assert_non_null(bind_error_words(codes[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(
				bind_error_words(codes[i]), bind_error_words(codes[k]));
	}
	assert_null(bind_error_words(0));
	assert_null(bind_error_words(0x52d));
}

static void a_refusal_names_server_and_account(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(
		bind_error_set(&err, "ldaps://dc1:636", "alice", 49, STR("error, data 533, v1")),
		ERR_SERVER);
	assert_non_null(strstr(err.text, "ldaps://dc1:636"));
	assert_non_null(strstr(err.text, "alice"));
	assert_non_null(strstr(err.text, "disabled"));
	/* A data code speaks of a refused password only when the server refused one. */
	bind_error_set(&err, "ldaps://dc1:636", NULL, 8, STR("error, data 0, v1"));
	assert_non_null(strstr(err.text, "signing or TLS"));
	bind_error_set(&err, "ldaps://dc1:636", NULL, 49, STR("80090346: data 80090346, v1"));
	assert_non_null(strstr(err.text, "channel binding"));
	bind_error_set(&err, "ldaps://dc1:636", NULL, 49, (struct str){ NULL, 0 });
	assert_non_null(strstr(err.text, "password is wrong"));
}

static void names_become_principals(void **state)
{
	static const struct {
		const char *user, *domain, *principal; /* NULL: refused */
	} rows[] = {
		{ "alice", NULL, "alice" },
		{ "alice", "chu.example", "alice@CHU.EXAMPLE" },
		{ "alice@CHU.EXAMPLE", NULL, "alice@CHU.EXAMPLE" },
		{ "alice@chu.example", "other.example", "alice@CHU.EXAMPLE" },
		{ "chu.example\\alice", NULL, "alice@CHU.EXAMPLE" },
		{ "CHU\\alice", "chu.example", "alice@CHU.EXAMPLE" },
		{ "CHU\\alice", "other.example", NULL },
		{ "CHU\\alice", NULL, NULL },
		{ "DC1$", "chu.example", "DC1$@CHU.EXAMPLE" },
		{ "http/web.chu.example@CHU.EXAMPLE", NULL, "http/web.chu.example@CHU.EXAMPLE" },
		{ "a@b@CHU.EXAMPLE", NULL, "a\\@b@CHU.EXAMPLE" },
		{ "CN=alice,DC=chu,DC=example", "chu.example", NULL },
		{ "alice@", NULL, NULL },
		{ "@CHU.EXAMPLE", NULL, NULL },
		{ "CHU\\", "chu.example", NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = { 0 };
		struct err err = { 0 };
		const char *got = NULL;
		int rc = account_principal(&a, rows[i].user, rows[i].domain, &got, &err);

		if (rows[i].principal) {
			assert_int_equal(rc, 0);
			assert_string_equal(got, rows[i].principal);
		} else {
			assert_int_equal(rc, ERR_USAGE);
			assert_null(got);
		}
		arena_free(&a);
	}
}

static void names_of_simple_binds(void **state)
{
	static const struct {
		const char *user, *domain, *name;
	} rows[] = {
		{ "alice", "chu.example", "alice@chu.example" },
		{ "alice", NULL, NULL },
		{ "CHU\\alice", NULL, "CHU\\alice" },
		{ "alice@chu.example", "other.example", "alice@chu.example" },
		{ "CN=alice,DC=chu", NULL, "CN=alice,DC=chu" },
		{ "", "chu.example", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = { 0 };
		struct err err = { 0 };
		const char *got = NULL;
		int rc = account_bind_name(&a, rows[i].user, rows[i].domain, &got, &err);

		assert_int_equal(rc, rows[i].name ? 0 : ERR_USAGE);
		if (rows[i].name)
			assert_string_equal(got, rows[i].name);
		arena_free(&a);
	}
}

static void addresses_of_servers(void **state)
{
	static const struct {
		const char *text, *uri, *host;
	} rows[] = {
		{ "ldap://dc1.chu.example", "ldap://dc1.chu.example:389", "dc1.chu.example" },
		{ "LDAPS://dc1/", "ldaps://dc1:636", "dc1" },
		{ "ldaps://10.0.0.1:1636", "ldaps://10.0.0.1:1636", "10.0.0.1" },
		{ "ldap://[::1]", "ldap://[::1]:389", "::1" },
		{ "ldap://[fe80::1%eth0]:1389", "ldap://[fe80::1%eth0]:1389", "fe80::1%eth0" },
		{ "ldapi://%2Frun%2Fldapi", "ldapi://%2Frun%2Fldapi", "%2Frun%2Fldapi" },
		{ "ldapi:///", "ldapi://", "" },
		{ "dc1", NULL, NULL },
		{ "ldap://", NULL, NULL },
		{ "ldap://dc1:0", NULL, NULL },
		{ "ldap://dc1:65536", NULL, NULL },
		{ "ldap://dc1:", NULL, NULL },
		{ "ldap://dc1:389x", NULL, NULL },
		{ "ldap://[::1", NULL, NULL },
		{ "ldap://[::1]x", NULL, NULL },
		{ "ldap://user@dc1", NULL, NULL },
		{ "ldap://dc1/DC=chu", NULL, NULL },
		{ "ldap://dc1?x", NULL, NULL },
		{ "ldap://dc1:3268", NULL, NULL },
		{ "ldaps://dc1:3269", NULL, NULL },
		{ "ldapi:///run/ldapi", NULL, NULL },
		{ "http://dc1", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct server s = { 0 };
		struct err err = { 0 };
		int rc = server_parse(rows[i].text, &s, &err);

		if (rc != (rows[i].uri ? 0 : ERR_USAGE))
			fail_msg("'%s'", rows[i].text);
		if (!rows[i].uri)
			continue;
		assert_string_equal(s.uri, rows[i].uri);
		assert_string_equal(s.host, rows[i].host);
	}
}

static void servers_of_srv_records(void **state)
{
	struct server s = { 0 };

	(void)state;
	assert_true(server_from_srv(STR("dc1.chu.example:389"), false, &s));
	assert_string_equal(s.uri, "ldap://dc1.chu.example:389");
	assert_true(server_from_srv(STR("dc1.chu.example.:389"), true, &s));
	assert_string_equal(s.uri, "ldaps://dc1.chu.example:636");
	assert_false(server_from_srv(STR("dc1.chu.example"), false, &s));
	assert_false(server_from_srv(STR("dc1/x:389"), false, &s));
	assert_false(server_from_srv(STR(":389"), false, &s));
}

static void servers_beside_another(void **state)
{
	struct server like, s = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(server_parse("ldaps://dc1.chu.example:3636", &like, &err), 0);
	assert_true(server_beside(&like, STR("dc2.chu.example"), &s));
	assert_string_equal(s.uri, "ldaps://dc2.chu.example:3636");
	assert_true(s.tls);
	assert_false(server_beside(&like, STR("dc2.chu.example:389"), &s));
	assert_false(server_beside(&like, STR("dc2/x"), &s));
	assert_false(server_beside(&like, STR(""), &s));
	assert_int_equal(server_parse("ldap://[::1]", &like, &err), 0);
	assert_true(server_beside(&like, STR("dc2.chu.example"), &s));
	assert_string_equal(s.uri, "ldap://dc2.chu.example:389");
	assert_int_equal(server_parse("ldapi://", &like, &err), 0);
	assert_false(server_beside(&like, STR("dc2.chu.example"), &s));
}

static void constructed_attributes_are_known(void **state)
{
	(void)state;
	assert_true(plan_is_constructed(STR("TOKENGROUPS")));
	assert_true(plan_is_constructed(STR("msDS-ResultantPSO")));
	assert_false(plan_is_constructed(STR("member")));
	assert_false(plan_is_constructed(STR("msDS-PSOApplied")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(data_codes_are_found),
		cmocka_unit_test(every_data_code_has_its_own_words),
		cmocka_unit_test(a_refusal_names_server_and_account),
		cmocka_unit_test(names_become_principals),
		cmocka_unit_test(names_of_simple_binds),
		cmocka_unit_test(addresses_of_servers),
		cmocka_unit_test(servers_of_srv_records),
		cmocka_unit_test(servers_beside_another),
		cmocka_unit_test(constructed_attributes_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
