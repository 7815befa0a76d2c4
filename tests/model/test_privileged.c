#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FSP(sid)                                                                                   \
	"dn: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\nobjectClass: "             \
	"foreignSecurityPrincipal\nobjectSid: " sid "\n\n"
#define FSP_MEMBER(sid) "member: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\n"

static enum tri privileged(const struct made *d, const char *name)
{
	return account_privileged(d->model, made_find(d, name));
}

static void groups_are_found_by_sid(void **state)
{
	struct made d = { 0 };
	const struct ad_object *path[4];

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_OTHERS("") MADE_ADMINS(
				MEMBER("GG-Adm"), MEMBER("Admins du domaine")) MADE_GROUP("GG-Adm",
				"@1200", MEMBER("alice")) MADE_GROUP("Domain Admins", "@1201",
				MEMBER("bob")) MADE_GROUP("Op\xc3\xa9rateurs de compte",
				"S-1-5-32-548", MEMBER("carol")) MADE_GROUP("Duplicateurs",
				"S-1-5-32-552", MEMBER("dave")) MADE_USER("alice", "@1103", "")
				MADE_USER("bob", "@1104", "") MADE_USER("carol", "@1105", "")
					MADE_USER("dave", "@1106", "") MADE_USER("Renomme", "@500",
						"") "dn: CN=prim,DC=chu,DC=example\nobjectClass: "
						    "user\nsAMAccountName: "
						    "prim\nobjectSid: @1107\nuserAccountControl: "
						    "512\nprimaryGroupID: 512\n\n"),
		0);
	assert_int_equal(privileged(&d, "alice"), YES);
	assert_int_equal(privileged(&d, "bob"), NO); /* "Domain Admins" by name only */
	assert_int_equal(privileged(&d, "carol"), YES);
	assert_int_equal(privileged(&d, "dave"), NO); /* 552 is only to be kept empty */
	assert_int_equal(privileged(&d, "Renomme"), YES);
	assert_int_equal(privileged(&d, "prim"), YES);
	assert_int_equal(model_privileged_count(d.model), 4);
	assert_int_equal(model_privileged_group_count(d.model), 7);
	assert_ptr_equal(model_privileged_group(d.model, 0), made_find(&d, "Admins du domaine"));
	assert_ptr_equal(model_privileged_group(d.model, 1), made_find(&d, "Controleurs"));
	assert_ptr_equal(model_privileged_group(d.model, 2), made_find(&d, "Administrateurs"));
	assert_true(group_is_privileged(d.model, made_find(&d, "Administrateurs")));
	assert_false(group_is_privileged(d.model, made_find(&d, "GG-Adm")));
	assert_int_equal(account_privilege_path(d.model, made_find(&d, "alice"), path, 4), 2);
	assert_ptr_equal(path[0], made_find(&d, "GG-Adm"));
	assert_ptr_equal(path[1], made_find(&d, "Admins du domaine"));
	assert_int_equal(account_privilege_path(d.model, made_find(&d, "Renomme"), path, 4), 0);
	assert_int_equal(account_privileged_groups(d.model, made_find(&d, "alice"), path, 4), 2);
	assert_int_equal(model_privileged_complete(d.model, NULL), YES);
	assert_int_equal(model_privileged_unread_count(d.model), 0);
	made_free(&d);
}

static void unread_members_are_never_silent(void **state)
{
	struct made d = { 0 };
	struct str s;

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_ADMINS(MEMBER("nested"),
				"member: CN=Enterprise Admins,CN=Users,DC=example\n" FSP_MEMBER(
					"S-1-5-9") FSP_MEMBER("S-1-5-21-9-9-9-1000"))
				MADE_GROUP("nested", "@1200",
					"member: CN=Enterprise Admins,CN=Users,DC=example\n" MEMBER(
						"gone")) FSP("S-1-5-9") FSP("S-1-5-21-9-9-9-1000")),
		0);
	assert_int_equal(model_privileged_unread_count(d.model), 3);
	s = model_privileged_unread(d.model, 0);
	assert_memory_equal(s.p, "CN=Enterprise Admins,CN=Users,DC=example", s.n);
	s = model_privileged_unread(d.model, 1);
	assert_memory_equal(s.p, DN_OF("gone"), s.n);
	s = model_privileged_unread(d.model, 2);
	assert_memory_equal(s.p, "S-1-5-21-9-9-9-1000", s.n);
	made_free(&d);
}

#define WHOLE MADE_HEAD MADE_ACCOUNT_OPERATORS("") MADE_OTHERS("")

static void incomplete_sets_say_why(void **state)
{
	static const struct {
		const char *text, *why;
		const char *truncated;
	} table[] = {
		{ MADE_HEAD MADE_GROUP("Administrateurs", "S-1-5-32-544", ""),
			"domain_admins_not_read", NULL },
		{ MADE_HEAD MADE_GROUP("Admins", "@512", ""), "administrators_not_read", NULL },
		{ MADE_HEAD MADE_ADMINS("", "") MADE_ACCOUNT_OPERATORS(""),
			"privileged_group_not_read", NULL },
		{ MADE_HEAD MADE_ADMINS("", "") MADE_OTHERS(""), "privileged_group_not_read",
			NULL },
		{ WHOLE MADE_ADMINS(MEMBER("a"), "") MADE_GROUP("a", "@1200", ""),
			"members_not_readable", "object " DN_OF("a") },
		{ WHOLE MADE_ADMINS("", "") MADE_USER("x", "S-1-5-21-9-9-9-1103", ""), NULL, NULL },
		{ WHOLE MADE_ADMINS(
			  "", "") "dn: CN=x,DC=other,DC=test\nobjectClass: user\nobjectSid: "
				  "S-1-5-21-9-9-9-1103\n\n",
			"domain_head_not_read", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct made d = { .truncated = table[i].truncated };
		const char *reason = NULL;

		assert_int_equal(made_load(&d, table[i].text), 0);
		assert_int_equal(
			model_privileged_complete(d.model, &reason), table[i].why ? NO : YES);
		if (table[i].why)
			assert_string_equal(reason, table[i].why);
		made_free(&d);
	}
}

static void everybody_may_be_privileged(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_ADMINS(FSP_MEMBER("S-1-1-0"), "")
					       FSP("S-1-1-0") MADE_USER("alice", "@1103", "")),
		0);
	assert_int_equal(privileged(&d, "alice"), YES);
	assert_int_equal(model_privileged_count(d.model), 1);
	assert_int_equal(model_privileged_unread_count(d.model), 0);
	made_free(&d);
}

static void an_unread_primary_group_is_unknown(void **state)
{
	struct made d = { .selection = true };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_ADMINS(MEMBER("bob"),
				"") "dn: CN=alice,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
				    "sAMAccountName: alice\nobjectSid: @1103\nuserAccountControl: "
				    "512\n\n"
				    "dn: CN=bob,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
				    "sAMAccountName: bob\nobjectSid: @1104\nuserAccountControl: "
				    "512\n\n"),
		0);
	assert_int_equal(privileged(&d, "alice"), UNKNOWN);
	assert_int_equal(privileged(&d, "bob"), YES);
	made_free(&d);
}

static void computers_count(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_ADMINS("", "") MADE_GROUP("DC", "@516",
					       "") "dn: CN=DC1,DC=chu,DC=example\nobjectClass: "
						   "computer\nsAMAccountName: "
						   "DC1$\nobjectSid: @1000\nuserAccountControl: "
						   "532480\nprimaryGroupID: 516\n\n"
						   "dn: CN=PC1,DC=chu,DC=example\nobjectClass: "
						   "computer\nsAMAccountName: "
						   "PC1$\nobjectSid: @1001\nuserAccountControl: "
						   "4096\nprimaryGroupID: 515\n\n"),
		0);
	assert_int_equal(privileged(&d, "DC1$"), YES);
	assert_int_equal(privileged(&d, "PC1$"), NO);
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_found_by_sid),
		cmocka_unit_test(unread_members_are_never_silent),
		cmocka_unit_test(incomplete_sets_say_why),
		cmocka_unit_test(everybody_may_be_privileged),
		cmocka_unit_test(an_unread_primary_group_is_unknown),
		cmocka_unit_test(computers_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
