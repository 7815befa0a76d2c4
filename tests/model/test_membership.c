#include "tests/model/made.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define GROUP(name, rid, members) MADE_GROUP(name, rid, members)

static void primary_group_and_nesting_count(void **state)
{
	struct made d = { 0 };
	const struct ad_object *const *list;

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD GROUP("outer", "@1200", MEMBER("inner")) GROUP(
					       "inner", "@1201", MEMBER("bob") MEMBER("absent"))
					       GROUP("users", "@513", "") MADE_USER("alice",
						       "@1103", "") MADE_USER("bob", "@1104", "")),
		0);
	assert_int_equal(group_members(d.model, made_find(&d, "users"), &list), 2);
	assert_ptr_equal(list[0], made_find(&d, "alice"));
	assert_ptr_equal(list[1], made_find(&d, "bob"));
	assert_int_equal(group_members(d.model, made_find(&d, "inner"), &list), 1);
	assert_int_equal(group_unread_members(d.model, made_find(&d, "inner")), 1);
	assert_int_equal(object_groups(d.model, made_find(&d, "bob"), &list), 2);
	assert_ptr_equal(list[0], made_find(&d, "inner"));
	assert_true(object_in_group(d.model, made_find(&d, "bob"), made_find(&d, "outer")));
	assert_false(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "outer")));
	assert_true(object_in_group(d.model, made_find(&d, "inner"), made_find(&d, "outer")));
	assert_false(object_in_group(d.model, made_find(&d, "outer"), made_find(&d, "inner")));
	assert_int_equal(group_depth(d.model, made_find(&d, "outer")), 1);
	assert_int_equal(group_depth(d.model, made_find(&d, "inner")), 0);
	made_free(&d);
}

static void a_member_by_both_ways_counts_once(void **state)
{
	struct made d = { 0 };
	const struct ad_object *const *list;

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD GROUP("users", "@513",
					       MEMBER("alice") "member: cn=ALICE, "
							       "cn=users, dc=chu,dc=example\n")
					       MADE_USER("alice", "@1103", "")),
		0);
	assert_int_equal(group_members(d.model, made_find(&d, "users"), &list), 1);
	made_free(&d);
}

static void loops_are_survived_and_named(void **state)
{
	struct made d = { 0 };
	const struct ad_object *cycle[4] = { NULL };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD GROUP("c", "@1202", MEMBER("a")) GROUP(
				      "a", "@1200", MEMBER("b") MEMBER("leaf")) GROUP("b", "@1201",
				      MEMBER("c") MEMBER("alice")) GROUP("leaf", "@1203", "")
				      GROUP("self", "@1204", MEMBER("self")) GROUP("above", "@1205",
					      MEMBER("c")) MADE_USER("alice", "@1103", "")),
		0);
	assert_int_equal(group_cycle(d.model, made_find(&d, "c"), cycle, 4), 3);
	assert_ptr_equal(cycle[0], made_find(&d, "a"));
	assert_ptr_equal(cycle[1], made_find(&d, "b"));
	assert_ptr_equal(cycle[2], made_find(&d, "c"));
	assert_int_equal(group_cycle(d.model, made_find(&d, "a"), cycle, 2), 2);
	assert_int_equal(group_cycle(d.model, made_find(&d, "self"), cycle, 4), 1);
	assert_int_equal(group_cycle(d.model, made_find(&d, "leaf"), cycle, 4), 0);
	assert_int_equal(group_cycle(d.model, made_find(&d, "above"), cycle, 4), 0);
	assert_int_equal(group_cycle(d.model, made_find(&d, "alice"), cycle, 4), 0);
	assert_true(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "c")));
	assert_true(object_in_group(d.model, made_find(&d, "a"), made_find(&d, "a")));
	assert_int_equal(group_depth(d.model, made_find(&d, "a")), 3);
	assert_int_equal(group_depth(d.model, made_find(&d, "above")), 4);
	made_free(&d);
}

#define FSP(sid)                                                                                   \
	"dn: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\nobjectClass: "             \
	"foreignSecurityPrincipal\nobjectSid: " sid "\n\n"
#define FSP_MEMBER(sid) "member: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\n"

static void foreign_principals_stand_for_what_was_read(void **state)
{
	struct made d = { 0 };
	const struct ad_object *const *list;

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD FSP("S-1-5-21-1-2-3-1103") FSP("S-1-5-21-9-9-9-1000") GROUP("g",
				"@1200",
				FSP_MEMBER("S-1-5-21-1-2-3-1103") FSP_MEMBER("S-1-5-21-9-9-9-1000")
					FSP_MEMBER("S-1-5-21-1-2-3-1104"))
				MADE_USER("alice", "@1103", "") MADE_USER("bob", "@1104", "")),
		0);
	assert_int_equal(group_members(d.model, made_find(&d, "g"), &list), 3);
	assert_true(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "g")));
	/* Its principal's object was not read; the SID in the DN is enough. */
	assert_true(object_in_group(d.model, made_find(&d, "bob"), made_find(&d, "g")));
	assert_int_equal(group_unread_members(d.model, made_find(&d, "g")), 0);
	made_free(&d);
}

static void everybody_is_every_account(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD FSP("S-1-5-11") GROUP("open", "@1200", FSP_MEMBER("S-1-5-11"))
				GROUP("outer", "@1201", MEMBER("open")) GROUP("other", "@1202", "")
					MADE_USER("alice", "@1103",
						"") "dn: CN=PC1,DC=chu,DC=example\nobjectClass: "
						    "computer\nsAMAccountName: PC1$\n\n"),
		0);
	assert_true(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "outer")));
	assert_true(object_in_group(d.model, made_find(&d, "PC1$"), made_find(&d, "open")));
	assert_false(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "other")));
	assert_false(object_in_group(d.model, made_find(&d, "other"), made_find(&d, "open")));
	made_free(&d);
}

#define DEEP 5000

static void deep_nesting_does_not_overflow(void **state)
{
	struct made d = { 0 };
	struct buf text = { 0 };

	(void)state;
	buf_putz(&text, MADE_HEAD MADE_USER("alice", "@1103", ""));
	for (int i = 0; i < DEEP; i++) {
		buf_printf(&text,
			"dn: CN=g%d,DC=chu,DC=example\nobjectClass: group\ncn: g%d\n"
			"groupType: 2\nmember: ",
			i, i);
		if (i + 1 < DEEP)
			buf_printf(&text, "CN=g%d,DC=chu,DC=example\n\n", i + 1);
		else
			buf_putz(&text, DN_OF("alice") "\n\n");
	}
	assert_int_equal(made_load(&d, buf_z(&text)), 0);
	assert_true(object_in_group(d.model, made_find(&d, "alice"), made_find(&d, "g0")));
	assert_int_equal(group_depth(d.model, made_find(&d, "g0")), DEEP - 1);
	made_free(&d);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(primary_group_and_nesting_count),
		cmocka_unit_test(a_member_by_both_ways_counts_once),
		cmocka_unit_test(loops_are_survived_and_named),
		cmocka_unit_test(foreign_principals_stand_for_what_was_read),
		cmocka_unit_test(everybody_is_every_account),
		cmocka_unit_test(deep_nesting_does_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
