#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define TOKEN "S-1-5-21-1-2-3-1200 S-1-1-0 S-1-5-11" /* an ordinary account: "reader" */
#define SD(aces) "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:" aces "\n"
/* The schema's default for users without its Pre-Windows 2000 entry: General, Public, Personal and
 * Web information for Authenticated Users, everything for the user itself. */
#define DEFAULT_ACES                                                                               \
	"(OA;;RP;59ba2f42-79a2-11d0-9020-00c04fc2d3cf;;S-1-5-11)"                                  \
	"(OA;;RP;e48d0154-bcf8-11d1-8702-00c04fb96050;;S-1-5-11)"                                  \
	"(OA;;RP;77b5b886-944a-11d1-aebd-0000f80367c1;;S-1-5-11)"                                  \
	"(OA;;RP;e45795b3-9455-11d1-aebd-0000f80367c1;;S-1-5-11)(A;;RPLCLORC;;;S-1-5-10)"
#define BARE_USER(name, rid, rest)                                                                 \
	"dn: CN=" name                                                                             \
	",CN=Users,DC=chu,DC=example\nobjectClass: top\nobjectClass: user\ncn: " name              \
	"\nsAMAccountName: " name "\nobjectSid: " rid "\nprimaryGroupID: 513\n" rest "\n"

static enum readable readable(const struct made *d, const char *name, enum attr a)
{
	return model_readable(d->model, made_find(d, name), a);
}

static void the_descriptor_decides_for_a_known_reader(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_USER("open", "@1103", SD("(A;;RP;;;S-1-5-11)")) MADE_USER(
				"none", "@1104", SD("(A;;RC;;;S-1-5-11)")) MADE_USER("one", "@1105",
				SD("(OA;;RP;bf967918-0de6-11d0-a285-00aa003049e2;;S-1-5-11)"))
				MADE_USER("set", "@1106",
					SD("(OA;;RP;4c164200-20c0-11d0-a768-00aa006e0529;;S-1-5-"
					   "11)")) MADE_USER("denied", "@1107",
					SD("(OD;;RP;4c164200-20c0-11d0-a768-00aa006e0529;;S-1-1-0)("
					   "A;;RP;;;S-1-5-11)"))),
		0);
	assert_int_equal(readable(&d, "open", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "none", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_int_equal(
		readable(&d, "none", ATTR_USER_ACCOUNT_CONTROL), READABLE); /* it is there */
	assert_int_equal(readable(&d, "one", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "one", ATTR_ACCOUNT_EXPIRES), NOT_READABLE);
	assert_int_equal(readable(&d, "set", ATTR_ACCOUNT_EXPIRES), READABLE);
	assert_int_equal(readable(&d, "set", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_int_equal(readable(&d, "denied", ATTR_ACCOUNT_EXPIRES), NOT_READABLE);
	assert_int_equal(readable(&d, "denied", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "none", ATTR_OBJECT_CLASS), READABLE);
	made_free(&d);
}

static void confidential_attributes_need_more_than_read(void **state)
{
#define SCHEMA(flags)                                                                              \
	"dn: CN=Employee-ID,CN=Schema,CN=Configuration,DC=chu,DC=example\nobjectClass: "           \
	"attributeSchema\nlDAPDisplayName: employeeID\nschemaIDGUID: "                             \
	"bf967962-0de6-11d0-a285-00aa003049e2\nsearchFlags: " flags "\n\n"
	static const struct {
		const char *text;
		enum readable want;
	} table[] = {
		{ MADE_HEAD SCHEMA("0") MADE_USER("u", "@1103", SD("(A;;RP;;;S-1-5-11)")),
			READABLE },
		{ MADE_HEAD SCHEMA("128") MADE_USER("u", "@1103", SD("(A;;RP;;;S-1-5-11)")),
			NOT_READABLE },
		{ MADE_HEAD SCHEMA("128") MADE_USER("u", "@1103", SD("(A;;RPCR;;;S-1-5-11)")),
			READABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct made d = { .token = TOKEN };

		assert_int_equal(made_load(&d, table[i].text), 0);
		assert_int_equal(readable(&d, "u", ATTR_EMPLOYEE_ID), table[i].want);
		made_free(&d);
	}
}

/* An ordinary account in a domain whose Pre-Windows 2000 group is empty: descriptors of unprotected
 * users cannot be read either. */
static void an_empty_pre_windows_2000_group_hides_some_sets(void **state)
{
	static const enum attr hidden[] = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PWD_LAST_SET,
		ATTR_ACCOUNT_EXPIRES, ATTR_LAST_LOGON, ATTR_LAST_LOGON_TIMESTAMP, ATTR_ADMIN_COUNT,
		ATTR_WHEN_CREATED, ATTR_MSDS_KEY_CREDENTIAL_LINK, ATTR_MSDS_ALLOWED_TO_ACT,
		ATTR_MSDS_PSO_APPLIED };
	static const enum attr shown[] = { ATTR_SERVICE_PRINCIPAL_NAME,
		ATTR_MSDS_ALLOWED_TO_DELEGATE_TO, ATTR_SID_HISTORY, ATTR_DESCRIPTION };
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD BARE_USER("plain", "@1103",
				"userPrincipalName: plain@chu.example\nsAMAccountType: 805306368\n")
				BARE_USER("other", "@1104", "") MADE_USER(
					"reader", "@1200", SD(DEFAULT_ACES)) MADE_USER("admin",
					"@1105", "adminCount: 1\n" SD("(A;;RPLCLORC;;;S-1-5-11)"))),
		0);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		assert_int_equal(readable(&d, "plain", hidden[i]), NOT_READABLE);
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		assert_int_equal(readable(&d, "plain", shown[i]), READABLE);
	assert_int_equal(readable(&d, "admin", ATTR_MSDS_PSO_APPLIED), READABLE);
	assert_int_equal(readable(&d, "admin", ATTR_ACCOUNT_EXPIRES), READABLE);
	assert_int_equal(readable(&d, "reader", ATTR_ADMIN_COUNT), READABLE); /* SELF */
	made_free(&d);
}

static void self_is_the_reader_only(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("reader", "@1200", SD(DEFAULT_ACES))
					       MADE_USER("other", "@1201", SD(DEFAULT_ACES))),
		0);
	assert_int_equal(readable(&d, "reader", ATTR_LAST_LOGON), READABLE);
	assert_int_equal(readable(&d, "other", ATTR_LAST_LOGON), NOT_READABLE);
	assert_int_equal(readable(&d, "other", ATTR_SID_HISTORY), READABLE);
	made_free(&d);
}

static void without_a_descriptor_the_class_speaks(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("a", "@1103", "") MADE_USER(
					       "b", "@1104", "adminCount: 1\nlastLogon: 0\n")
					       MADE_GROUP("g", "@1205", "")),
		0);
	assert_int_equal(readable(&d, "a", ATTR_ADMIN_COUNT), READABLE);     /* seen on b */
	assert_int_equal(readable(&d, "a", ATTR_ACCOUNT_EXPIRES), READABLE); /* UAC: the same set */
	assert_int_equal(readable(&d, "b", ATTR_LAST_LOGON_TIMESTAMP), READABLE); /* lastLogon */
	assert_int_equal(
		readable(&d, "a", ATTR_LAST_LOGON_TIMESTAMP), NOT_READABLE); /* nothing of it */
	assert_int_equal(readable(&d, "a", ATTR_MSDS_KEY_CREDENTIAL_LINK), NOT_READABLE);
	assert_int_equal(readable(&d, "g", ATTR_ADMIN_COUNT), NOT_READABLE);
	made_free(&d);
}

/* Most users show their descriptor: what else was closed on the one that does not? */
static void a_closed_object_among_open_ones_tells_nothing(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("a", "@1103",
				      "whenCreated: 20200101000000.0Z\n") MADE_USER("b", "@1104",
				      "adminCount: 1\n" SD("(A;;RPLCLORC;;;S-1-5-11)"))
				      MADE_USER("c", "@1105", SD("(A;;RPLCLORC;;;S-1-5-11)"))),
		0);
	assert_int_equal(readable(&d, "a", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_int_equal(readable(&d, "a", ATTR_SERVICE_PRINCIPAL_NAME), NOT_READABLE);
	assert_int_equal(readable(&d, "c", ATTR_ADMIN_COUNT), READABLE);
	made_free(&d);
}

static void a_descriptor_that_lies_is_not_believed(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD BARE_USER("u", "@1103", SD("(A;;RP;;;S-1-5-11)"))), 0);
	assert_int_equal(readable(&d, "u", ATTR_USER_ACCOUNT_CONTROL), NOT_READABLE);
	assert_int_equal(readable(&d, "u", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_int_equal(readable(&d, "u", ATTR_SERVICE_PRINCIPAL_NAME), READABLE);
	made_free(&d);
}

static void what_was_not_asked_was_not_collected(void **state)
{
	struct made d = { .asked = "userAccountControl objectClass adminCount cn" };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("u", "@1103", "")), 0);
	assert_int_equal(readable(&d, "u", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "u", ATTR_MAIL), NOT_COLLECTED);
	made_free(&d);
}

/* As ORADAD does, whose tables have columns of their own. */
static void what_was_asked_of_a_class_was_asked_of_no_other(void **state)
{
	struct made d = { .asked = "objectClass cn description",
		.asked_of_user = "dn userAccountControl adminCount pwdLastSet groupType" };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_USER("u", "@1103", "") MADE_GROUP("g", "@1205",
				"") "dn: CN=i,CN=Users,DC=chu,"
				    "DC=example\nobjectClass: top\nobjectClass: user\nobjectClass: "
				    "inetOrgPerson\ncn: i\nuserAccountControl: 512\n\n"),
		0);
	assert_int_equal(readable(&d, "u", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "u", ATTR_DESCRIPTION), READABLE);
	assert_int_equal(readable(&d, "u", ATTR_MAIL), NOT_COLLECTED);
	assert_int_equal(readable(&d, "u", ATTR_PWD_LAST_SET), NOT_READABLE);
	assert_int_equal(readable(&d, "i", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "g", ATTR_DESCRIPTION), READABLE);
	assert_int_equal(readable(&d, "g", ATTR_ADMIN_COUNT), NOT_COLLECTED);
	assert_int_equal(readable(&d, "g", ATTR_MEMBER), NOT_COLLECTED);
	made_free(&d);
}

static void an_ldif_read_whole_has_empty_attributes(void **state)
{
	static const struct str keep[] = { { "msDS-ResultantPSO", 17 }, { "info", 4 } };
	struct made d = { .keep = keep, .keep_count = 2 };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("u", "@1103", "") BARE_USER(
					       "poor", "@1104", "") MADE_GROUP("g", "@1205", "")),
		0);
	assert_int_equal(readable(&d, "u", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "u", ATTR_MSDS_PSO_APPLIED), READABLE);
	assert_int_equal(model_readable_name(d.model, made_find(&d, "u"), STR("info")), READABLE);
	assert_int_equal(model_readable_name(d.model, made_find(&d, "u"), STR("msDS-ResultantPSO")),
		NOT_COLLECTED);
	assert_int_equal(readable(&d, "poor", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_int_equal(readable(&d, "poor", ATTR_USER_ACCOUNT_CONTROL), NOT_READABLE);
	assert_int_equal(readable(&d, "poor", ATTR_SERVICE_PRINCIPAL_NAME), READABLE);
	assert_int_equal(readable(&d, "g", ATTR_MEMBER), READABLE);
	assert_string_equal(made_coverage(&d, "identity"), "reader_unknown");
	made_free(&d);
}

static void an_ldif_of_chosen_attributes_knows_what_it_showed(void **state)
{
	struct made d = { .selection = true };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("a", "@1103", "adminCount: 1\n")
				      MADE_USER("b", "@1104", "") BARE_USER("poor", "@1105", "")),
		0);
	assert_int_equal(readable(&d, "b", ATTR_ADMIN_COUNT), READABLE);
	assert_int_equal(readable(&d, "b", ATTR_SERVICE_PRINCIPAL_NAME), NOT_COLLECTED);
	assert_int_equal(readable(&d, "poor", ATTR_ADMIN_COUNT), NOT_READABLE);
	made_free(&d);
}

static void an_object_without_class_shows_nothing(void **state)
{
	struct made d = { .token = TOKEN };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD "dn: CN=shut,DC=chu,DC=example\n"
					"distinguishedName: CN=shut,DC=chu,DC=example\n\n"),
		0);
	assert_int_equal(readable(&d, "shut", ATTR_OBJECT_CLASS), NOT_READABLE);
	assert_int_equal(readable(&d, "shut", ATTR_CN), NOT_READABLE);
	assert_int_equal(readable(&d, "shut", ATTR_ADMIN_COUNT), NOT_READABLE);
	assert_string_equal(made_coverage(&d, "objects"), "class_not_readable 1");
	made_free(&d);
}

static void what_every_object_has_is_never_empty(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD MADE_USER("one", "@1103",
					       "uSNChanged: 1\npwdLastSet: 0\n"
					       "whenCreated: 20200101000000.0Z\n")
					       MADE_USER("two", "@1104", "uSNChanged: 2\n")),
		0);
	assert_int_equal(readable(&d, "one", ATTR_PWD_LAST_SET), READABLE);
	assert_int_equal(readable(&d, "two", ATTR_PWD_LAST_SET), NOT_READABLE);
	assert_int_equal(readable(&d, "two", ATTR_WHEN_CREATED), NOT_READABLE);
	assert_int_equal(readable(&d, "two", ATTR_ADMIN_COUNT), READABLE);
	made_free(&d);
}

static void list_object_mode_is_noted(void **state)
{
	struct made d = { 0 }, off = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, MADE_HEAD "dn: CN=Directory Service,DC=chu,DC=example\n"
						 "objectClass: nTDSService\ndSHeuristics: 001\n\n"),
		0);
	assert_string_equal(made_coverage(&d, "dSHeuristics"), "list_object_mode");
	made_free(&d);
	assert_int_equal(
		made_load(&off, MADE_HEAD "dn: CN=Directory Service,DC=chu,DC=example\n"
					  "objectClass: nTDSService\ndSHeuristics: 0001\n\n"),
		0);
	assert_null(made_coverage(&off, "dSHeuristics"));
	made_free(&off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_descriptor_decides_for_a_known_reader),
		cmocka_unit_test(confidential_attributes_need_more_than_read),
		cmocka_unit_test(an_empty_pre_windows_2000_group_hides_some_sets),
		cmocka_unit_test(self_is_the_reader_only),
		cmocka_unit_test(without_a_descriptor_the_class_speaks),
		cmocka_unit_test(a_closed_object_among_open_ones_tells_nothing),
		cmocka_unit_test(a_descriptor_that_lies_is_not_believed),
		cmocka_unit_test(what_was_not_asked_was_not_collected),
		cmocka_unit_test(what_was_asked_of_a_class_was_asked_of_no_other),
		cmocka_unit_test(an_ldif_read_whole_has_empty_attributes),
		cmocka_unit_test(an_ldif_of_chosen_attributes_knows_what_it_showed),
		cmocka_unit_test(an_object_without_class_shows_nothing),
		cmocka_unit_test(what_every_object_has_is_never_empty),
		cmocka_unit_test(list_object_mode_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
