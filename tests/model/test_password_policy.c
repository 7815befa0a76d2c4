#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define PSC "CN=Password Settings Container,CN=System,DC=chu,DC=example"
#define CONTAINER "dn: " PSC "\nobjectClass: msDS-PasswordSettingsContainer\n\n"
#define PSO_DN(name) "CN=" name "," PSC
#define PSO(name, guid, precedence, length, rest)                                                  \
	"dn: " PSO_DN(name) "\nobjectClass: top\nobjectClass: msDS-PasswordSettings\ncn: " name    \
			    "\nobjectGUID: " guid "\nmsDS-PasswordSettingsPrecedence: " precedence \
			    "\nmsDS-MinimumPasswordLength: " length                                \
			    "\nmsDS-PasswordComplexityEnabled: TRUE\n"                             \
			    "msDS-PasswordReversibleEncryptionEnabled: FALSE\n"                    \
			    "msDS-MaximumPasswordAge: -864000000000\n"                             \
			    "msDS-PasswordHistoryLength: 12\nmsDS-LockoutThreshold: 3\n" rest "\n"
#define APPLIES(name) "msDS-PSOAppliesTo: " DN_OF(name) "\n"
#define APPLIED(name) "msDS-PSOApplied: " PSO_DN(name) "\n"
/* groupType stands first in a record's values: MADE_GROUP is a global security group. */
#define OTHER_GROUP(name, rid, type, rest)                                                         \
	"dn: CN=" name ",CN=Users,DC=chu,DC=example\nobjectClass: group\ncn: " name                \
	"\nsAMAccountName: " name "\nobjectSid: " rid "\ngroupType: " type "\n" rest "\n"
#define UNIVERSAL "-2147483640"
#define DOMAIN_LOCAL "-2147483644"
#define DISTRIBUTION "2"

static struct password_policy policy_of(const struct made *d, const char *name)
{
	return account_password_policy(d->model, made_find(d, name));
}

static void assert_pso(const struct made *d, const char *name, const char *pso)
{
	struct password_policy p = policy_of(d, name);

	assert_int_equal(p.source, POLICY_PSO);
	assert_ptr_equal(p.pso, made_find(d, pso));
}

static void assert_unknown(const struct made *d, const char *name, const char *reason)
{
	struct password_policy p = policy_of(d, name);

	assert_int_equal(p.source, POLICY_UNKNOWN);
	assert_string_equal(p.reason, reason);
}

static void the_domain_policy_is_the_default(void **state)
{
	struct made d = { 0 };
	struct password_policy p;

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("alice", "@1103", "") MADE_USER("krbtgt", "@502",
				      "") "dn: CN=free,DC=chu,DC=example\nobjectClass: "
					  "user\nsAMAccountName: free\n"
					  "objectSid: @1104\nuserAccountControl: "
					  "544\nprimaryGroupID: 513\n\n"
					  "dn: CN=PC1,DC=chu,DC=example\nobjectClass: "
					  "computer\nsAMAccountName: PC1$\n"
					  "userAccountControl: 4096\n\n"
					  "dn: CN=g,DC=chu,DC=example\nobjectClass: "
					  "msDS-GroupManagedServiceAccount\n"
					  "sAMAccountName: gmsa$\nuserAccountControl: 4096\n\n"
					  "dn: CN=hidden,DC=chu,DC=example\nobjectClass: "
					  "user\nsAMAccountName: "
					  "hidden\nobjectSid: @1105\n\n"),
		0);
	p = policy_of(&d, "alice");
	assert_int_equal(p.source, POLICY_DOMAIN);
	assert_int_equal(p.min_length, 8);
	assert_true(p.complexity);
	assert_false(p.reversible);
	assert_int_equal(p.max_age, 42 * 86400);
	assert_int_equal(p.history, 24);
	assert_int_equal(p.lockout_threshold, 5);
	p = policy_of(&d, "free");
	assert_int_equal(p.min_length, 0);
	assert_int_equal(p.policy_min_length, 8);
	assert_true(p.not_required);
	assert_int_equal(policy_of(&d, "krbtgt").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "PC1$").source, POLICY_NONE);
	assert_int_equal(policy_of(&d, "gmsa$").source, POLICY_NONE);
	assert_unknown(&d, "hidden", "account_flags_not_readable");
	made_free(&d);
}

static void an_unreadable_head_is_unknown(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			"dn: DC=chu,DC=example\nobjectClass: domainDNS\nobjectSid: "
			"S-1-5-21-1-2-3\nmsDS-Behavior-Version: 7\nminPwdLength: "
			"20\npwdProperties: 1\n\n" MADE_USER("alice", "@1103",
				"") "dn: CN=x,DC=other,DC=test\nobjectClass: user\nobjectSid: "
				    "S-1-5-21-9-9-9-1103\nuserAccountControl: 512\nsAMAccountName: "
				    "x\n\n"),
		0);
	assert_unknown(&d, "alice", "domain_policy_not_readable");
	assert_unknown(&d, "x", "domain_policy_not_readable");
	made_free(&d);
}

static void a_direct_link_wins_over_groups(void **state)
{
	struct made d = { 0 };
	struct password_policy p;

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD CONTAINER PSO("direct", "7", "50", "10", APPLIES("alice"))
				      PSO("group", "8", "1", "20", APPLIES("g")) MADE_GROUP(
					      "g", "@1200", MEMBER("alice") MEMBER("bob"))
					      MADE_USER("alice", "@1103", APPLIED("direct"))
						      MADE_USER("bob", "@1104", "")
							      MADE_USER("carol", "@1105", "")),
		0);
	assert_pso(&d, "alice", "direct");
	p = policy_of(&d, "bob");
	assert_pso(&d, "bob", "group");
	assert_int_equal(p.min_length, 20);
	assert_int_equal(p.max_age, 86400);
	assert_int_equal(p.history, 12);
	assert_int_equal(p.lockout_threshold, 3);
	assert_int_equal(policy_of(&d, "carol").source, POLICY_DOMAIN);
	made_free(&d);
}

static void precedence_then_guid_decide(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD CONTAINER PSO("a", "9", "5", "9", APPLIES("g") APPLIES("alice"))
				PSO("b", "8", "5", "9", APPLIES("g") APPLIES("alice")) PSO(
					"c", "7", "6", "9", APPLIES("g")) PSO("d", "600", "4", "9",
					APPLIES("h")) MADE_GROUP("g", "@1200", MEMBER("bob"))
					MADE_GROUP("h", "@1201", MEMBER("carol")) MADE_USER(
						"alice", "@1103", "") MADE_USER("bob", "@1104", "")
						MADE_USER("carol", "@1105", "")),
		0);
	assert_pso(&d, "alice", "b");
	assert_pso(&d, "bob", "b");
	assert_pso(&d, "carol", "d");
	made_free(&d);
}

static void only_global_security_groups_count(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD CONTAINER PSO("p", "7", "1", "20",
				APPLIES("uni") APPLIES("loc") APPLIES("dist") APPLIES("outer")
					APPLIES("prim")) OTHER_GROUP("uni", "@1200", UNIVERSAL,
				MEMBER("u")) OTHER_GROUP("loc", "@1201", DOMAIN_LOCAL, MEMBER("l"))
				OTHER_GROUP("dist", "@1202", DISTRIBUTION, MEMBER("d")) MADE_GROUP(
					"outer", "@1203", MEMBER("inner")) MADE_GROUP("inner",
					"@1204", MEMBER("n")) MADE_GROUP("prim", "@1205",
					"") MADE_USER("u", "@1103", "") MADE_USER("l", "@1104", "")
					MADE_USER("d", "@1105", "") MADE_USER("n", "@1106",
						"") "dn: CN=p1,DC=chu,DC=example\nobjectClass: "
						    "user\nsAMAccountName: p1\n"
						    "objectSid: @1107\nuserAccountControl: "
						    "512\nprimaryGroupID: 1205\n\n"),
		0);
	assert_int_equal(policy_of(&d, "u").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "l").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "d").source, POLICY_DOMAIN);
	assert_pso(&d, "n", "p");
	assert_pso(&d, "p1", "p");
	made_free(&d);
}

/* Samba lets each of these have its PSO; MS-ADTS 3.1.1.4.5.36 asks MS-DRSR 4.1.8.3 for account
 * groups (RevMembGetAccountGroups), which are global. */
static void a_pso_on_another_group_gives_way(void **state)
{
#define SCOPES                                                                                     \
	CONTAINER PSO("uni", "7", "1", "20", APPLIES("u"))                                         \
		PSO("loc", "8", "2", "21", APPLIES("l")) PSO("glo", "9", "50", "22", APPLIES("g"))
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD SCOPES OTHER_GROUP("u", "@1200", UNIVERSAL,
				MEMBER("alice") MEMBER("bob") MEMBER("inner")) OTHER_GROUP("l",
				"@1201", DOMAIN_LOCAL, MEMBER("alice") MEMBER("u") MEMBER("carol"))
				MADE_GROUP("g", "@1202", MEMBER("alice") MEMBER("dave"))
					MADE_GROUP("inner", "@1203", MEMBER("erin")) MADE_USER(
						"alice", "@1103", "") MADE_USER("bob", "@1104", "")
						MADE_USER("carol", "@1105", "")
							MADE_USER("dave", "@1106", "")
								MADE_USER("erin", "@1107", "")),
		0);
	assert_pso(&d, "alice", "glo"); /* though both others come first */
	assert_pso(&d, "dave", "glo");
	assert_int_equal(policy_of(&d, "bob").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "carol").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "erin").source, POLICY_DOMAIN); /* by a global one */
	made_free(&d);
}

/* A distribution group is in no token: nor is what holds it (MS-DRSR 4.1.8.3). */
static void nesting_through_other_groups_does_not_count(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD CONTAINER PSO("p", "7", "1", "20", APPLIES("outer"))
				MADE_GROUP("outer", "@1203", MEMBER("dist") MEMBER("inner"))
					OTHER_GROUP("dist", "@1202", DISTRIBUTION, MEMBER("d"))
						MADE_GROUP("inner", "@1204", MEMBER("n"))
							MADE_USER("d", "@1105", "")
								MADE_USER("n", "@1106", "")),
		0);
	assert_int_equal(policy_of(&d, "d").source, POLICY_DOMAIN);
	assert_pso(&d, "n", "p");
	made_free(&d);
}

static void psos_need_level_2008_and_an_ordinary_user(void **state)
{
#define HEAD_AT(level)                                                                             \
	"dn: DC=chu,DC=example\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1-2-3\n" level         \
	"minPwdLength: 8\npwdProperties: 17\nmaxPwdAge: -9223372036854775808\n\n"
#define REST                                                                                       \
	CONTAINER PSO("p", "7", "1", "20", APPLIES("alice") APPLIES("krbtgt") APPLIES("odd"))      \
		MADE_USER("alice", "@1103", "") MADE_USER("krbtgt", "@502", "") MADE_USER("bob",   \
			"@1105",                                                                   \
			"") "dn: CN=odd,CN=Users,DC=chu,DC=example\nobjectClass: "                 \
			    "user\nsAMAccountName: odd\n"                                          \
			    "objectSid: @1104\nuserAccountControl: 256\nprimaryGroupID: 513\n\n"
	struct made old = { 0 }, new = { 0 }, unsaid = { 0 };
	struct password_policy p;

	(void)state;
	assert_int_equal(made_load(&old, HEAD_AT("msDS-Behavior-Version: 2\n") REST), 0);
	p = policy_of(&old, "alice");
	assert_int_equal(p.source, POLICY_DOMAIN);
	assert_true(p.reversible);
	assert_int_equal(p.max_age, 0);
	made_free(&old);
	assert_int_equal(made_load(&new, HEAD_AT("msDS-Behavior-Version: 3\n") REST), 0);
	assert_pso(&new, "alice", "p");
	assert_int_equal(policy_of(&new, "krbtgt").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&new, "odd").source, POLICY_DOMAIN);
	made_free(&new);
	assert_int_equal(made_load(&unsaid, HEAD_AT("") REST), 0);
	assert_unknown(&unsaid, "alice", "functional_level_not_readable");
	assert_int_equal(policy_of(&unsaid, "bob").source, POLICY_DOMAIN);
	made_free(&unsaid);
}

static void an_unread_pso_is_unknown_for_its_accounts_only(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_USER("alice", "@1103", APPLIED("p")) MADE_USER("bob",
				"@1104", "") MADE_GROUP("g", "@1200", APPLIED("p") MEMBER("carol"))
				OTHER_GROUP("uni", "@1201", UNIVERSAL, APPLIED("p") MEMBER("dave"))
					MADE_USER("carol", "@1105", "")
						MADE_USER("dave", "@1106", "")),
		0);
	assert_unknown(&d, "alice", "pso_not_readable");
	assert_memory_equal(policy_of(&d, "alice").pso_dn.p, PSO_DN("p"), strlen(PSO_DN("p")));
	assert_unknown(&d, "carol", "pso_not_readable");
	assert_int_equal(policy_of(&d, "bob").source, POLICY_DOMAIN);
	assert_int_equal(policy_of(&d, "dave").source, POLICY_DOMAIN);
	made_free(&d);
}

static void a_pso_read_in_part_is_unknown(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD CONTAINER
			"dn: " PSO_DN("p") "\nobjectClass: msDS-PasswordSettings\n"
					   "msDS-MinimumPasswordLength: 20\nobjectGUID: "
					   "7\n\n" MADE_USER("alice", "@1103", APPLIED("p"))
						   MADE_USER("bob", "@1104", "")),
		0);
	assert_unknown(&d, "alice", "pso_not_readable");
	assert_ptr_equal(policy_of(&d, "alice").pso, made_find(&d, PSO_DN("p")));
	assert_int_equal(policy_of(&d, "bob").source, POLICY_DOMAIN);
	made_free(&d);
}

static void links_that_were_not_collected_are_unknown(void **state)
{
	struct made d = { .selection = true };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("alice", "@1103", "")), 0);
	assert_unknown(&d, "alice", "pso_links_not_readable");
	made_free(&d);
}

/* A reader that may list the container and read what is in it knows every PSO; one that may not
 * must see the accounts' own links. "S-1-5-21-1-2-3-1103" is alice, who reads. */
static void the_reader_decides_whether_all_psos_are_known(void **state)
{
#define TOKEN "S-1-5-21-1-2-3-1103 S-1-1-0 S-1-5-11"
/* Everything but msDS-PSOApplied (5e6cf031-…) may be read. */
#define NO_LINK_SD                                                                                 \
	"nTSecurityDescriptor: "                                                                   \
	"O:S-1-5-18G:S-1-5-18D:(OD;;RP;5e6cf031-bda8-43c8-aca4-8fee4127005b;;"                     \
	"S-1-5-11)(A;;RPLCLORC;;;S-1-5-11)\n"
#define OPEN_SD "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:(A;;RPLCLORC;;;S-1-5-11)\n"
#define CLOSED_SD "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:(A;;RPRC;;;S-1-5-11)\n"
#define USERS "dn: CN=Users,DC=chu,DC=example\nobjectClass: container\n" OPEN_SD "\n"
#define BOX(sd) "dn: " PSC "\nobjectClass: msDS-PasswordSettingsContainer\n" sd "\n"
	struct made open = { .token = TOKEN }, closed = { .token = TOKEN };

	(void)state;
	assert_int_equal(made_load(&open, MADE_HEAD BOX(OPEN_SD) PSO(
						  "p", "7", "1", "20", APPLIES("bob") OPEN_SD)
						  MADE_USER("alice", "@1103", NO_LINK_SD)
							  MADE_USER("bob", "@1104", NO_LINK_SD)),
		0);
	assert_int_equal(policy_of(&open, "alice").source, POLICY_DOMAIN);
	assert_pso(&open, "bob", "p");
	made_free(&open);
	assert_int_equal(made_load(&closed, MADE_HEAD USERS BOX(CLOSED_SD)
						    MADE_USER("alice", "@1103", NO_LINK_SD)
							    MADE_USER("bob", "@1104", OPEN_SD)),
		0);
	assert_unknown(&closed, "alice", "pso_links_not_readable");
	assert_int_equal(policy_of(&closed, "bob").source, POLICY_DOMAIN);
	made_free(&closed);
}

static void hidden_members_of_a_group_with_a_pso_are_unknown(void **state)
{
	struct made d = { .truncated = "object " DN_OF("g") };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD CONTAINER PSO("p", "7", "1", "20", APPLIES("g")) PSO("q", "8",
				"1", "20", APPLIES("bob")) MADE_GROUP("g", "@1200", MEMBER("carol"))
				MADE_USER("alice", "@1103", "") MADE_USER("bob", "@1104", "")),
		0);
	assert_unknown(&d, "alice", "members_not_readable");
	assert_pso(&d, "bob", "q");
	made_free(&d);
}

/* What shows nothing but its name may be a group under a PSO. */
static void a_hidden_group_may_carry_a_pso(void **state)
{
#define HIDDEN "dn: CN=hidden,CN=Users,DC=chu,DC=example\nuSNChanged: 1\n\n"
	struct made closed = { .token = TOKEN }, linked = { .token = TOKEN };
	struct made elsewhere = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&closed, MADE_HEAD HIDDEN MADE_USER("alice", "@1103", OPEN_SD)), 0);
	assert_unknown(&closed, "alice", "pso_group_not_read");
	made_free(&closed);
	assert_int_equal(made_load(&linked, MADE_HEAD HIDDEN BOX(OPEN_SD) PSO(
						    "p", "7", "1", "20", APPLIES("hidden") OPEN_SD)
						    MADE_USER("alice", "@1103", OPEN_SD)),
		0);
	assert_unknown(&linked, "alice", "pso_group_not_read");
	made_free(&linked);
	assert_int_equal(made_load(&elsewhere, MADE_HEAD HIDDEN BOX(OPEN_SD) PSO(
						       "p", "7", "1", "20", APPLIES("bob") OPEN_SD)
						       MADE_USER("alice", "@1103", OPEN_SD)
							       MADE_USER("bob", "@1104", OPEN_SD)),
		0);
	assert_int_equal(policy_of(&elsewhere, "alice").source, POLICY_DOMAIN);
	made_free(&elsewhere);
}

static void a_group_without_a_type_may_carry_a_pso(void **state)
{
	struct made d = { .selection = true };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_USER("alice", "@1103", "") MADE_USER("bob", "@1104",
				APPLIED("gone")) "dn: CN=typeless,DC=chu,DC=example\n"
						 "objectClass: group\nsAMAccountName: typeless\n"
						 "objectSid: @1200\n" MEMBER("alice") "\n"),
		0);
	assert_unknown(&d, "alice", "group_type_not_readable");
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_domain_policy_is_the_default),
		cmocka_unit_test(an_unreadable_head_is_unknown),
		cmocka_unit_test(a_direct_link_wins_over_groups),
		cmocka_unit_test(precedence_then_guid_decide),
		cmocka_unit_test(only_global_security_groups_count),
		cmocka_unit_test(a_pso_on_another_group_gives_way),
		cmocka_unit_test(nesting_through_other_groups_does_not_count),
		cmocka_unit_test(psos_need_level_2008_and_an_ordinary_user),
		cmocka_unit_test(an_unread_pso_is_unknown_for_its_accounts_only),
		cmocka_unit_test(a_pso_read_in_part_is_unknown),
		cmocka_unit_test(links_that_were_not_collected_are_unknown),
		cmocka_unit_test(the_reader_decides_whether_all_psos_are_known),
		cmocka_unit_test(hidden_members_of_a_group_with_a_pso_are_unknown),
		cmocka_unit_test(a_hidden_group_may_carry_a_pso),
		cmocka_unit_test(a_group_without_a_type_may_carry_a_pso),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
