#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define HEAD_AND_ADMINS MADE_HEAD MADE_ADMINS("", "")

static void assert_text(struct str s, const char *want)
{
	assert_non_null(s.p);
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
}

static void objects_are_in_dn_order(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, "dn: CN=b,DC=chu,DC=example\nobjectClass: container\n\n" MADE_HEAD
			      "dn: CN=a,DC=chu,DC=example\nobjectClass: container\n\n"
			      "dn: CN=B,DC=chu,DC=example\nobjectClass: container\n\n"),
		0);
	assert_int_equal(model_object_count(d.model), 3);
	assert_text(model_object(d.model, 0)->dn, "CN=a,DC=chu,DC=example");
	assert_text(model_object(d.model, 1)->dn, "CN=b,DC=chu,DC=example");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(model_object(d.model, i)->index, i);
	/* DNs that differ in case only are one name: the snapshot keeps the first. */
	assert_ptr_equal(model_find_dn(d.model, str_of("cn=B, dc=CHU,DC=example")),
		model_object(d.model, 1));
	made_free(&d);
}

static void kinds_follow_class_and_sid(void **state)
{
	static const struct {
		const char *name;
		enum ad_kind kind;
	} want[] = {
		{ "krbtgt", AD_KRBTGT },
		{ "krbtgt_123", AD_KRBTGT },
		{ "krbtgt_999", AD_USER }, /* anyone may choose such a name */
		{ "AUTRE$", AD_TRUST_ACCOUNT },
		{ "CACHE$", AD_TRUST_ACCOUNT },
		{ "alice", AD_USER },
		{ "inet", AD_USER },
		{ "PC1$", AD_COMPUTER },
		{ "gmsa$", AD_MSA },
		{ "Admins du domaine", AD_GROUP },
		{ "gpo", AD_GPO },
		{ "nothing", AD_OTHER },
	};
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			HEAD_AND_ADMINS MADE_USER("krbtgt", "@502", "") MADE_USER(
				"alice", "@1103", "") MADE_USER("krbtgt_123", "@1104",
				"msDS-SecondaryKrbTgtNumber: 123\n") MADE_USER("krbtgt_999",
				"@1105",
				"") "dn: CN=AUTRE$,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "top\nobjectClass: "
				    "user\nsAMAccountName: AUTRE$\nuserAccountControl: 2080\n\n"
				    "dn: CN=CACHE$,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "top\nobjectClass: "
				    "user\nsAMAccountName: CACHE$\nsAMAccountType: 805306370\n\n"
				    "dn: CN=inet,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "top\nobjectClass: "
				    "user\nobjectClass: inetOrgPerson\ncn: inet\n\n"
				    "dn: CN=PC1,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "user\nobjectClass: "
				    "computer\nsAMAccountName: PC1$\n\n"
				    "dn: CN=gmsa,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "user\nobjectClass: "
				    "computer\nobjectClass: "
				    "msDS-GroupManagedServiceAccount\nsAMAccountName: "
				    "gmsa$\n\n"
				    "dn: CN=gpo,CN=Users,DC=chu,DC=example\nobjectClass: "
				    "container\nobjectClass: "
				    "groupPolicyContainer\n\n"
				    "dn: CN=nothing,CN=Users,DC=chu,DC=example\nwhenChanged: "
				    "20250101000000.0Z\n"),
		0);
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		if (made_find(&d, want[i].name)->kind != want[i].kind)
			print_error("%s\n", want[i].name);
		assert_int_equal(made_find(&d, want[i].name)->kind, want[i].kind);
	}
	assert_int_equal(model_count(d.model, AD_USER), 3);
	made_free(&d);
}

static void domains_come_from_heads_and_cross_references(void **state)
{
	struct made d = { 0 };
	struct sid sid;

	(void)state;
	assert_int_equal(
		made_load(&d,
			HEAD_AND_ADMINS MADE_USER("alice", "@1103",
				"") "dn: DC=DomainDnsZones,DC=chu,DC=example\nobjectClass: "
				    "domainDNS\n"
				    "instanceType: 5\n\n"
				    "dn: DC=z,DC=DomainDnsZones,DC=chu,DC=example\nobjectClass: "
				    "dnsZone\n\n"
				    "dn: CN=Configuration,DC=chu,DC=example\nobjectClass: "
				    "configuration\n\n"
				    "dn: "
				    "CN=Partitions,CN=Configuration,DC=chu,DC=example\nobjectClass:"
				    " "
				    "crossRefContainer\n\n"
				    "dn: "
				    "CN=CHU,CN=Partitions,CN=Configuration,DC=chu,DC="
				    "example\nobjectClass: "
				    "crossRef\nsystemFlags: 3\nnCName: "
				    "DC=chu,DC=example\nnETBIOSName: CHU\n"
				    "dnsRoot: chu.example\n\n"
				    "dn: "
				    "CN=EHPAD,CN=Partitions,CN=Configuration,DC=chu,DC="
				    "example\nobjectClass: "
				    "crossRef\nsystemFlags: 3\nnCName: "
				    "DC=ehpad,DC=chu,DC=example\nnETBIOSName: "
				    "EHPAD\ndnsRoot: ehpad.chu.example\n\n"
				    "dn: CN=x,DC=ehpad,DC=chu,DC=example\nobjectClass: "
				    "container\n\n"),
		0);
	assert_int_equal(model_domain_count(d.model), 1);
	assert_text(model_domain(d.model, 0)->dns, "chu.example");
	assert_text(model_domain(d.model, 0)->netbios, "CHU");
	assert_int_equal(model_domain(d.model, 0)->functional_level, 7);
	assert_text(model_forest(d.model), "chu.example");
	assert_string_equal(made_coverage(&d, "domain ehpad.chu.example"), "not_read");
	assert_null(made_coverage(&d, "domain chu.example"));
	assert_ptr_equal(made_find(&d, "alice")->domain, model_domain(d.model, 0));
	assert_null(made_find(&d, "CN=x,DC=ehpad,DC=chu,DC=example")->domain);
	assert_null(made_find(&d, "CN=Configuration,DC=chu,DC=example")->domain);
	assert_null(made_find(&d, "DC=z,DC=DomainDnsZones,DC=chu,DC=example")->domain);
	assert_int_equal(made_find(&d, "DC=DomainDnsZones,DC=chu,DC=example")->kind, AD_OTHER);
	assert_int_equal(
		made_find(&d, "CN=Partitions,CN=Configuration,DC=chu,DC=example")->kind, AD_FOREST);
	assert_int_equal(model_complete(d.model, AD_USER, NULL), YES);
	assert_int_equal(model_complete(d.model, AD_FOREST, NULL), YES);
	assert_true(sid_from_text(STR("S-1-5-21-1-2-3-1103"), &sid));
	assert_ptr_equal(model_find_sid(d.model, &sid), made_find(&d, "alice"));
	made_free(&d);
}

static void what_was_not_read_is_not_complete(void **state)
{
	const char *reason = NULL;
	struct made none = { 0 }, denied = { .denied = "context DC=chu,DC=example" };
	struct made config = { .denied = "context CN=Configuration,DC=chu,DC=example" };
	struct made dns = { .denied = "context DC=DomainDnsZones,DC=chu,DC=example" };
	struct made part = { .truncated = "context DC=chu,DC=example" };

	(void)state;
	assert_int_equal(made_load(&none, MADE_USER("alice", "@1103", "")), 0);
	assert_int_equal(model_complete(none.model, AD_USER, &reason), NO);
	assert_string_equal(reason, "no_domain_head");
	reason = NULL;
	assert_int_equal(model_privileged_complete(none.model, &reason), NO);
	assert_string_equal(made_coverage(&none, "domain"), "no_domain_head");
	made_free(&none);
	assert_int_equal(made_load(&denied, HEAD_AND_ADMINS), 0);
	assert_int_equal(model_complete(denied.model, AD_GROUP, &reason), NO);
	assert_string_equal(reason, "context_denied");
	made_free(&denied);
	assert_int_equal(made_load(&part, HEAD_AND_ADMINS), 0);
	assert_int_equal(model_complete(part.model, AD_USER, &reason), NO);
	assert_string_equal(reason, "context_truncated");
	made_free(&part);
	assert_int_equal(
		made_load(&config, HEAD_AND_ADMINS "dn: CN=Configuration,DC=chu,DC=example\n"
						   "objectClass: configuration\n\n"),
		0);
	assert_int_equal(model_complete(config.model, AD_GROUP, NULL), YES);
	assert_int_equal(model_complete(config.model, AD_FOREST, &reason), NO);
	assert_string_equal(reason, "context_denied");
	made_free(&config);
	assert_int_equal(made_load(&dns, HEAD_AND_ADMINS), 0);
	assert_int_equal(model_complete(dns.model, AD_GROUP, NULL), YES);
	assert_int_equal(model_complete(dns.model, AD_FOREST, &reason), NO);
	assert_string_equal(reason, "configuration_not_read");
	made_free(&dns);
}

/* An export of some kinds of object only says nothing of the others. */
static void a_kind_that_every_domain_has_was_left_out(void **state)
{
	const char *reason = NULL;
	struct made d = { 0 }, elsewhere = { .missing = "context DC=ehpad,DC=chu,DC=example" };

	(void)state;
	assert_int_equal(made_load(&d, HEAD_AND_ADMINS MADE_USER("alice", "@1103", "")), 0);
	assert_int_equal(model_complete(d.model, AD_USER, NULL), YES);
	assert_int_equal(model_complete(d.model, AD_GROUP, NULL), YES);
	assert_int_equal(model_complete(d.model, AD_COMPUTER, &reason), NO);
	assert_string_equal(reason, "none_was_read");
	assert_int_equal(model_complete(d.model, AD_KRBTGT, &reason), NO);
	assert_int_equal(model_complete(d.model, AD_PSO, &reason), NO);
	assert_string_equal(reason, "psos_not_readable");
	made_free(&d);
	assert_int_equal(
		made_load(&elsewhere, HEAD_AND_ADMINS
			"dn: "
			"CN=EHPAD,CN=Partitions,CN=Configuration,DC=chu,DC=example\nobjectClass: "
			"crossRef\nsystemFlags: 3\nnCName: DC=ehpad,DC=chu,DC=example\n\n"),
		0);
	assert_int_equal(model_complete(elsewhere.model, AD_GROUP, NULL), YES);
	assert_string_equal(made_coverage(&elsewhere, "domain ehpad.chu.example"), "not_read");
	made_free(&elsewhere);
}

static void what_was_lost_is_not_empty(void **state)
{
	const char *reason = NULL;
	struct made object = { .truncated = "object " DN_OF("alice") };
	struct made gone = { .truncated = "object " DN_OF("gone") };
	struct made file = { .truncated = "source a.ldif" };

	(void)state;
	assert_int_equal(made_load(&object, HEAD_AND_ADMINS MADE_USER("alice", "@1103", "")), 0);
	assert_int_equal(
		model_readable(object.model, made_find(&object, "alice"), ATTR_MAIL), NOT_READABLE);
	assert_int_equal(model_complete(object.model, AD_USER, NULL), YES);
	made_free(&object);
	assert_int_equal(made_load(&gone, HEAD_AND_ADMINS MADE_USER("alice", "@1103", "")), 0);
	assert_int_equal(model_complete(gone.model, AD_USER, &reason), NO);
	assert_string_equal(reason, "records_malformed");
	made_free(&gone);
	assert_int_equal(made_load(&file, HEAD_AND_ADMINS MADE_USER("alice", "@1103", "")), 0);
	assert_int_equal(model_complete(file.model, AD_GROUP, &reason), NO);
	assert_string_equal(reason, "source_truncated");
	made_free(&file);
}

static void the_clock_is_the_directory_s(void **state)
{
	struct made said = { 0 }, at = { .at = 1234 }, guessed = { .collected = "" };
	const char *text =
		HEAD_AND_ADMINS MADE_USER("alice", "@1103", "whenChanged: 20250102030405.0Z\n")
			MADE_USER("bob", "@1104", "whenChanged: 20240102030405.0Z\n");

	(void)state;
	assert_int_equal(made_load(&said, text), 0);
	assert_int_equal(model_now(said.model), 1767225600);
	assert_null(made_coverage(&said, "clock"));
	made_free(&said);
	assert_int_equal(made_load(&at, text), 0);
	assert_int_equal(model_now(at.model), 1234);
	assert_int_equal(model_collected_at(at.model), 1767225600);
	made_free(&at);
	assert_int_equal(made_load(&guessed, text), 0);
	assert_int_equal(model_now(guessed.model), 1735787045);
	assert_string_equal(
		made_coverage(&guessed, "clock"), "newest_whenChanged 2025-01-02T03:04:05Z");
	made_free(&guessed);
}

static void damaged_values_are_not_zero(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD_AND_ADMINS "dn: CN=eve,DC=chu,DC=example\nobjectClass: user\n"
					      "sAMAccountName: eve\nuserAccountControl: 5x\n"
					      "objectSid: broken\nmemberOf: x\n\n"),
		0);
	const struct ad_object *eve = made_find(&d, "eve");

	assert_false(obj_has(eve, ATTR_USER_ACCOUNT_CONTROL));
	assert_int_equal(model_readable(d.model, eve, ATTR_USER_ACCOUNT_CONTROL), NOT_READABLE);
	assert_int_equal(account_enabled(d.model, eve), UNKNOWN);
	assert_true(sid_is_none(&eve->sid));
	assert_string_equal(
		made_coverage(&d, "attribute userAccountControl"), "malformed_values 1");
	assert_string_equal(made_coverage(&d, "attribute objectSid"), "malformed_values 1");
	made_free(&d);
}

static void values_are_typed_and_clean(void **state)
{
	static const struct str keep[] = { { "extensionAttribute1", 19 }, { "cn", 2 } };
	struct made d = { .keep = keep, .keep_count = 2 };
	const struct str *values;
	size_t count;

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD_AND_ADMINS MADE_USER("alice", "@1103",
				      "description: a\x01"
				      "b\xff\ndescription: c\nextensionAttribute1: v1\n"
				      "extensionAttribute1: v2\nextensionAttribute2: no\n"
				      "pwdLastSet: 133497408000000000\naccountExpires: "
				      "9223372036854775807\nisCriticalSystemObject: TRUE\n")),
		0);
	const struct ad_object *alice = made_find(&d, "ALICE");

	assert_text(obj_str(alice, ATTR_DESCRIPTION), "a\xef\xbf\xbd"
						      "b\xef\xbf\xbd");
	assert_text(obj_value(alice, ATTR_DESCRIPTION, 0), "a\x01"
							   "b\xff");
	assert_int_equal(obj_count(alice, ATTR_DESCRIPTION), 2);
	assert_null(obj_value(alice, ATTR_DESCRIPTION, 2).p);
	assert_int_equal(obj_time(alice, ATTR_PWD_LAST_SET), 1705267200);
	assert_true(obj_time(alice, ATTR_ACCOUNT_EXPIRES) == INT64_MIN);
	assert_true(obj_bool(alice, ATTR_IS_CRITICAL_SYSTEM_OBJECT));
	assert_true(obj_by_name(d.model, alice, str_of("EXTENSIONattribute1"), &values, &count));
	assert_int_equal(count, 2);
	assert_text(values[1], "v2");
	assert_false(obj_by_name(d.model, alice, str_of("extensionAttribute2"), &values, &count));
	assert_int_equal(
		model_readable_name(d.model, alice, str_of("extensionAttribute2")), NOT_COLLECTED);
	assert_int_equal(obj_u32(made_find(&d, "Admins du domaine"), ATTR_GROUP_TYPE), 0x80000002u);
	assert_int_equal(obj_count(made_find(&d, "chu"), ATTR_OBJECT_CLASS), 2);
	made_free(&d);
}

static void names_may_be_ambiguous(void **state)
{
	struct made d = { 0 };
	bool ambiguous;

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD_AND_ADMINS
			"dn: CN=x,OU=a,DC=chu,DC=example\nobjectClass: container\ncn: x\n\n"
			"dn: CN=x,OU=b,DC=chu,DC=example\nobjectClass: container\ncn: x\n\n"
			"dn: CN=\xc3\x89mile,DC=chu,DC=example\nobjectClass: user\nsAMAccountName: "
			"\xc3\x89mile\n\n"),
		0);
	assert_null(model_find_name(d.model, str_of("x"), &ambiguous));
	assert_true(ambiguous);
	assert_null(model_find_name(d.model, str_of("absent"), &ambiguous));
	assert_false(ambiguous);
	assert_non_null(model_find_name(d.model, str_of("\xc3\xa9MILE"), &ambiguous));
	assert_non_null(model_find_name(d.model, str_of("S-1-5-21-1-2-3-512"), &ambiguous));
	assert_non_null(
		model_find_name(d.model, str_of("cn=X,ou=a,dc=chu,dc=example"), &ambiguous));
	made_free(&d);
}

static void another_domain_is_refused(void **state)
{
	struct made right = { 0 }, wrong = { 0 }, none = { 0 };

	(void)state;
	sid_from_text(STR("S-1-5-21-1-2-3"), &right.policy.expect_domain);
	assert_int_equal(made_load(&right, HEAD_AND_ADMINS), 0);
	made_free(&right);
	sid_from_text(STR("S-1-5-21-9-9-9"), &wrong.policy.expect_domain);
	none.policy.expect_domain = wrong.policy.expect_domain;
	assert_int_equal(made_load(&wrong, HEAD_AND_ADMINS), ERR_SERVER);
	assert_non_null(strstr(wrong.err.text, "S-1-5-21-9-9-9"));
	assert_non_null(strstr(wrong.err.text, "S-1-5-21-1-2-3"));
	made_free(&wrong);
	assert_int_equal(made_load(&none, MADE_USER("alice", "@1103", "")), ERR_SERVER);
	made_free(&none);
}

static void the_last_logon_is_the_later_one(void **state)
{
	struct made d = { 0 }, off = { 0 };
	struct logon l;

	(void)state;
	assert_int_equal(
		made_load(&d, HEAD_AND_ADMINS MADE_USER("both", "@1103",
				      "lastLogonTimestamp: 133497408000000000\nlastLogon: "
				      "133498272000000000\n") MADE_USER("old", "@1104",
				      "lastLogonTimestamp: 133497408000000000\nlastLogon: 0\n")
				      MADE_USER("never", "@1105",
					      "lastLogon: 0\n") "dn: "
								"CN=hidden,DC=chu,DC="
								"example\nobjectClass: "
								"user\nsAMAccountName: "
								"hidden\nobjectSid: @1106\n\n"),
		0);
	l = account_last_logon(d.model, made_find(&d, "both"));
	assert_int_equal(l.state, LOGON_AT);
	assert_int_equal(l.at, 1705353600);
	assert_true(l.exact);
	l = account_last_logon(d.model, made_find(&d, "old"));
	assert_int_equal(l.at, 1705267200);
	assert_false(l.exact);
	assert_int_equal(account_last_logon(d.model, made_find(&d, "never")).state, LOGON_NEVER);
	assert_int_equal(account_last_logon(d.model, made_find(&d, "hidden")).state, LOGON_UNKNOWN);
	made_free(&d);
	assert_int_equal(
		made_load(&off,
			"dn: DC=chu,DC=example\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1-2-3\n"
			"msDS-LogonTimeSyncInterval: 0\n\n" MADE_USER("never", "@1105", "")
				MADE_USER("seen", "@1106", "lastLogon: 133497408000000000\n")),
		0);
	assert_int_equal(
		account_last_logon(off.model, made_find(&off, "never")).state, LOGON_UNKNOWN);
	assert_int_equal(account_last_logon(off.model, made_find(&off, "seen")).state, LOGON_AT);
	made_free(&off);
}

/* Questions that walk no list: kinds, naming contexts by name, hosts and services. */
static void indexes_answer(void **state)
{
	struct made d = { 0 };
	const struct ad_object *const *list;

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("zoe", "@1101", "") MADE_USER("abe", "@1102",
				      "servicePrincipalName: http/WWW.chu.example\n")
				      MADE_GROUP("g", "@1200", "") "dn: CN=CHU,CN=Partitions,CN="
								   "Configuration,DC=chu,DC=example"
								   "\nobjectClass: crossRef\n"
								   "nCName: DC=chu,DC=example\n"
								   "dnsRoot: Chu.Example\n\n"
								   "dn: CN=pc,DC=chu,DC=example\n"
								   "objectClass: computer\n"
								   "sAMAccountName: PC$\n"
								   "dNSHostName: pc.chu.example\n"
								   "\n"),
		0);
	assert_int_equal(model_of_kind(d.model, AD_USER, &list), 2);
	assert_ptr_equal(list[0], made_find(&d, "abe"));
	assert_ptr_equal(list[1], made_find(&d, "zoe"));
	assert_int_equal(model_of_kind(d.model, AD_GROUP, &list), 1);
	assert_int_equal(model_of_kind(d.model, AD_TRUST, &list), 0);
	assert_non_null(model_context_of(d.model, STR("CHU.example")));
	assert_null(model_context_of(d.model, STR("other.example")));
	assert_null(model_context_of(d.model, STR("")));
	assert_ptr_equal(
		model_spn_owner(d.model, STR("HTTP/www.chu.example")), made_find(&d, "abe"));
	assert_non_null(model_host(d.model, STR("PC.chu.example")));
	assert_ptr_equal(
		model_host(d.model, STR("pc")), model_host(d.model, STR("pc.chu.example")));
	assert_null(model_host(d.model, STR("")));
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_in_dn_order),
		cmocka_unit_test(kinds_follow_class_and_sid),
		cmocka_unit_test(domains_come_from_heads_and_cross_references),
		cmocka_unit_test(what_was_not_read_is_not_complete),
		cmocka_unit_test(a_kind_that_every_domain_has_was_left_out),
		cmocka_unit_test(what_was_lost_is_not_empty),
		cmocka_unit_test(the_clock_is_the_directory_s),
		cmocka_unit_test(damaged_values_are_not_zero),
		cmocka_unit_test(values_are_typed_and_clean),
		cmocka_unit_test(names_may_be_ambiguous),
		cmocka_unit_test(another_domain_is_refused),
		cmocka_unit_test(the_last_logon_is_the_later_one),
		cmocka_unit_test(indexes_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
