#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define TOKEN "S-1-5-21-1-2-3-1103 S-1-1-0 S-1-5-11"
#define SD(aces) "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:" aces "\n"
#define OPEN SD("(A;;RPLCLORC;;;S-1-5-11)")
#define CLOSED SD("(D;;LC;;;S-1-5-21-1-2-3-1103)(A;;RPLCLORC;;;S-1-5-11)")
#define UNIT(name, rest)                                                                           \
	"dn: OU=" name ",DC=chu,DC=example\nobjectClass: organizationalUnit\n" rest "\n"
#define BARE(rdn) "dn: " rdn ",DC=chu,DC=example\nuSNChanged: 1\n\n"
#define SYSTEM(sd)                                                                                 \
	"dn: CN=System,DC=chu,DC=example\nobjectClass: container\n" sd "\n"                        \
	"dn: CN=Policies,CN=System,DC=chu,DC=example\nobjectClass: container\n" OPEN "\n"
#define LIST_OBJECT_MODE                                                                           \
	"dn: CN=Directory Service,CN=Configuration,DC=chu,DC=example\nobjectClass: nTDSService\n"  \
	"dSHeuristics: 001\n\n"
#define HEAD                                                                                       \
	"dn: DC=chu,DC=example\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1-2-3\n" OPEN "\n"     \
	"dn: CN=Users,DC=chu,DC=example\nobjectClass: container\n" OPEN "\n"                       \
	"dn: OU=Domain Controllers,DC=chu,DC=example\nobjectClass: organizationalUnit\n" OPEN "\n" \
	"dn: CN=dc1,OU=Domain Controllers,DC=chu,DC=example\nobjectClass: computer\nobjectSid: "   \
	"@1000\nuserAccountControl: 532480\nprimaryGroupID: 516\n" OPEN "\n" MADE_OTHERS(OPEN)     \
		MADE_ADMINS(MEMBER("alice") OPEN, MEMBER("Admins du domaine") OPEN)                \
			MADE_USER("alice", "@1104", OPEN) MADE_USER("krbtgt", "@502", OPEN)

static const char *gap(const char *text, enum ad_kind kind)
{
	struct made d = { .token = TOKEN };
	static char copy[64];
	const char *reason = NULL;

	assert_int_equal(made_load(&d, text), 0);
	enum tri whole = model_complete(d.model, kind, &reason);

	assert_int_equal(whole, reason ? NO : YES);
	snprintf(copy, sizeof(copy), "%s", reason ? reason : "whole");
	made_free(&d);
	return copy;
}

static void a_unit_that_cannot_be_listed_may_hold_anybody(void **state)
{
	static const struct {
		const char *text, *accounts;
	} table[] = {
		{ HEAD UNIT("A", OPEN), "whole" },
		{ HEAD UNIT("A", CLOSED), "children_not_listable" },
		/* Its descriptor is hidden: one child that was seen stands for all … */
		{ HEAD UNIT("A", ""), "children_not_listable" },
		{ HEAD UNIT("A", "") UNIT("B,OU=A", OPEN), "whole" },
		/* … but in list-object mode. */
		{ HEAD LIST_OBJECT_MODE UNIT("A", "") UNIT("B,OU=A", OPEN),
			"children_not_listable" },
		{ HEAD LIST_OBJECT_MODE UNIT("A", OPEN), "whole" },
		{ HEAD LIST_OBJECT_MODE UNIT("A", CLOSED) UNIT("B,OU=A", OPEN),
			"children_not_listable" },
		/* Not even its class may be read. */
		{ HEAD BARE("OU=A"), "children_not_listable" },
		{ HEAD "dn: CN=Builtin,DC=chu,DC=example\nobjectClass: builtinDomain\n" CLOSED "\n",
			"children_not_listable" },
		/* A user holds no accounts. */
		{ HEAD MADE_USER("carol", "@1105", CLOSED), "whole" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_string_equal(gap(table[i].text, AD_USER), table[i].accounts);
		assert_string_equal(gap(table[i].text, AD_GROUP), table[i].accounts);
		assert_string_equal(gap(table[i].text, AD_OU), table[i].accounts);
		assert_string_equal(gap(table[i].text, AD_DOMAIN), "whole");
	}
}

static void a_name_without_a_class_may_be_an_account(void **state)
{
	static const struct {
		const char *text, *accounts;
	} table[] = {
		{ HEAD BARE("CN=x,CN=Users"), "class_not_readable" },
		{ HEAD BARE("CN=x"), "class_not_readable" },
		{ HEAD BARE("CN=recovery,CN=dc1,OU=Domain Controllers"), "whole" },
		{ HEAD BARE("DC=zone,CN=Users"), "whole" },
		{ HEAD BARE("CN=S-1-5-11,CN=ForeignSecurityPrincipals"), "whole" },
		/* Closed to everybody in every domain. */
		{ HEAD BARE("CN=Keys") BARE("CN=NTDS Quotas") BARE("CN=Deleted Objects")
				BARE("CN=x,CN=Policies,CN=System"),
			"whole" },
		{ HEAD BARE("CN=Keys,CN=Users"), "class_not_readable" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_string_equal(gap(table[i].text, AD_USER), table[i].accounts);
		assert_string_equal(gap(table[i].text, AD_GROUP), table[i].accounts);
	}
}

/* What AD keeps in places of its own is hidden by what is closed there, and by nothing else. */
static void a_closed_object_hides_what_could_stand_there(void **state)
{
	static const struct {
		const char *text, *gpos, *trusts, *containers;
	} table[] = {
		{ HEAD SYSTEM(OPEN) BARE("CN=x,CN=Users"), "whole", "whole", "whole" },
		{ HEAD SYSTEM(OPEN) BARE("CN={1},CN=Policies,CN=System"), "class_not_readable",
			"whole", "whole" },
		{ HEAD SYSTEM(OPEN) BARE("CN=other.example,CN=System"), "whole",
			"class_not_readable", "whole" },
		{ HEAD SYSTEM(OPEN) BARE("CN=BCKUPKEY_P Secret,CN=System")
				BARE("CN=MicrosoftDNS,CN=System") BARE("CN=IP Security,CN=System")
					BARE("CN=Password Settings Container,CN=System")
						BARE("CN=ipsecPolicy{1},CN=IP Security,CN=System"),
			"whole", "whole", "whole" },
		{ HEAD SYSTEM(OPEN) BARE("CN=IP Security,CN=System")
				BARE("CN=RAS and IAS Servers Access Check,CN=System")
					BARE("CN=VolumeTable,CN=FileLinks,CN=System"),
			"whole", "whole", "whole" },
		{ HEAD SYSTEM(OPEN) BARE("CN=IPSECURITY,CN=System"), "whole", "class_not_readable",
			"whole" },
		{ HEAD SYSTEM(CLOSED), "children_not_listable", "children_not_listable",
			"children_not_listable" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_string_equal(gap(table[i].text, AD_GPO), table[i].gpos);
		assert_string_equal(gap(table[i].text, AD_TRUST), table[i].trusts);
		assert_string_equal(gap(table[i].text, AD_CONTAINER), table[i].containers);
	}
}

/* In a privileged group stands a name whose class may not be read, though its SID may. */
static void a_member_without_a_class_was_not_read(void **state)
{
	struct made d = { .token = TOKEN };
	const char *reason = NULL;

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD "dn: CN=Op,CN=Users,DC=chu,DC=example\nobjectClass: group\n"
				   "objectSid: S-1-5-32-548\n" MEMBER("x") OPEN
			"\n"
			"dn: CN=x,CN=Users,DC=chu,DC=example\nobjectSid: @1300\n\n"),
		0);
	assert_int_equal(model_privileged_unread_count(d.model), 1);
	assert_int_equal(group_unread_members(d.model, made_find(&d, "Op")), 1);
	assert_int_equal(model_privileged_complete(d.model, &reason), NO);
	assert_string_equal(reason, "class_not_readable");
	made_free(&d);
}

static void a_group_without_a_sid_may_be_a_privileged_one(void **state)
{
	struct made d = { .token = TOKEN };
	const char *reason = NULL;

	(void)state;
	assert_int_equal(
		made_load(&d,
			HEAD MADE_ACCOUNT_OPERATORS(
				OPEN) "dn: CN=Op,CN=Users,DC=chu,DC=example\nobjectClass: group\n"
				      "sAMAccountName: Op\n" MEMBER("alice") OPEN "\n"),
		0);
	assert_int_equal(model_privileged_complete(d.model, &reason), NO);
	assert_string_equal(reason, "group_sid_not_readable");
	assert_false(model_knows_group_sids(d.model));
	made_free(&d);
}

static void an_account_without_a_sid_is_unknown(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD "dn: CN=x,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
				   "sAMAccountName: x\nprimaryGroupID: 512\n" OPEN "\n"),
		0);
	assert_int_equal(account_privileged(d.model, made_find(&d, "x")), UNKNOWN);
	assert_true(model_knows_group_sids(d.model));
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_that_cannot_be_listed_may_hold_anybody),
		cmocka_unit_test(a_name_without_a_class_may_be_an_account),
		cmocka_unit_test(a_closed_object_hides_what_could_stand_there),
		cmocka_unit_test(a_member_without_a_class_was_not_read),
		cmocka_unit_test(a_group_without_a_sid_may_be_a_privileged_one),
		cmocka_unit_test(an_account_without_a_sid_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
