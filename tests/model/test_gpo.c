/* Which policies reach a domain controller and which value wins: MS-GPOL's rules, one by one. */
#include "ad/registry_pol.h"
#include "model/gpo.h"
#include "tests/model/made.h"

#include <stdio.h>
#include <string.h>

#include "tests/base/check.h"

#define G1 "{11111111-0000-4000-8000-000000000000}"
#define G2 "{22222222-0000-4000-8000-000000000000}"
#define G3 "{33333333-0000-4000-8000-000000000000}"
#define POLICIES ",CN=Policies,CN=System,DC=chu,DC=example"
#define LINK(guid, options)                                                                        \
	"[LDAP://cn=" guid ",cn=policies,cn=system,DC=chu,DC=example;" options "]"
#define SECURITY "gPCMachineExtensionNames: [{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E}]\n"

#define HEAD(rest)                                                                                 \
	"dn: DC=chu,DC=example\nobjectClass: top\nobjectClass: domainDNS\nobjectSid: "             \
	"S-1-5-21-1-2-3\ninstanceType: 5\n" rest "\n"
#define OU(rest)                                                                                   \
	"dn: OU=Domain Controllers,DC=chu,DC=example\nobjectClass: top\nobjectClass: "             \
	"organizationalUnit\n" rest "\n"
#define SITE(rest)                                                                                 \
	"dn: CN=Paris,CN=Sites,CN=Configuration,DC=chu,DC=example\nobjectClass: "                  \
	"top\nobjectClass: site\n" rest "\n"
#define DC                                                                                         \
	"dn: CN=DC1,OU=Domain Controllers,DC=chu,DC=example\nobjectClass: top\nobjectClass: "      \
	"user\nobjectClass: computer\ncn: DC1\nsAMAccountName: DC1$\nobjectSid: "                  \
	"@1000\nuserAccountControl: 532480\nprimaryGroupID: 516\n\n"
#define ANYBODY                                                                                    \
	"nTSecurityDescriptor: O:DAG:DAD:(A;;0x1f01ff;;;DA)(A;;RPLCRC;;;AU)"                       \
	"(OA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)\n"
#define GPO(guid, rest)                                                                            \
	"dn: CN=" guid POLICIES "\nobjectClass: top\nobjectClass: container\nobjectClass: "        \
	"groupPolicyContainer\ncn: " guid "\n" SECURITY rest "\n"
#define ALL GPO(G1, ANYBODY) GPO(G2, ANYBODY) GPO(G3, ANYBODY)
#define POLICIES_OBJECT                                                                            \
	"dn: CN=Policies,CN=System,DC=chu,DC=example\nobjectClass: top\nobjectClass: "             \
	"container\n\n"

#define BYTES(z)                                                                                   \
	{                                                                                          \
		(z), sizeof(z) - 1                                                                 \
	}
#define TEMPLATE(value)                                                                            \
	BYTES("[Registry Values]\nMACHINE\\System\\Level=4," value                                 \
	      "\n[Event Audit]\nAuditLogonEvents = " value "\n")
#define PATH(guid) "chu.example/Policies/" guid "/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf"

static const struct made_file three[] = {
	{ PATH(G1), TEMPLATE("1") },
	{ PATH(G2), TEMPLATE("2") },
	{ PATH(G3), TEMPLATE("3") },
	{ NULL, { NULL, 0 } },
};

static const struct gpo_query level = { GPO_REGISTRY, { "system", 6 }, { "LEVEL", 5 } };

/* The candidates, joined by '|' ("-" for not set), then the reason. */
static void in_words(const struct gpo_answer *a, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < a->count; i++)
		n += (size_t)snprintf(text + n, size - n, "%s%.*s", i ? "|" : "",
			a->values[i].gpo ? (int)a->values[i].value.n : 1,
			a->values[i].gpo ? a->values[i].value.p : "-");
	if (a->unknown)
		snprintf(text + n, size - n, "?%s", a->unknown);
}

static const char *answer(
	const char *directory, const struct made_file *files, const struct gpo_query *q)
{
	static char text[256];
	struct made d = { .sysvol = files };

	if (made_load(&d, directory))
		fail_msg("%s", d.err.text);
	struct gpo_answer a = gpo_effective(d.model, made_find(&d, "DC1$"), q);
	in_words(&a, text, sizeof(text));
	made_free(&d);
	return text;
}

#define IS(directory, want) assert_string_equal(answer(directory, three, &level), want)

static void test_order(void **state)
{
	(void)state;
	/* Nearest wins; within a container the last of the attribute. */
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\n") SITE("") DC ALL,
		"2");
	IS(HEAD("") OU("gPLink: " LINK(G2, "0") LINK(G3, "0") "\n") SITE("") DC ALL, "3");
	/* A disabled link, and links that are both. */
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "1") "\n") SITE("") DC ALL,
		"1");
	IS(HEAD("gPLink: " LINK(G1, "3") "\n") OU("gPLink: " LINK(G2, "0") "\n") SITE("") DC ALL,
		"2");
	/* Enforced: the higher one wins. */
	IS(HEAD("gPLink: " LINK(G1, "2") "\n") OU("gPLink: " LINK(G2, "2") "\n") SITE("") DC ALL,
		"1");
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\n")
			SITE("gPLink: " LINK(G3, "2") "\n") DC ALL,
		"3");
	/* Blocked inheritance stops what is above and not enforced. */
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPOptions: 1\n") SITE("") DC ALL, "-");
	IS(HEAD("gPLink: " LINK(G1, "2") "\n") OU("gPOptions: 1\n") SITE("") DC ALL, "1");
	/* Nothing is linked; the site is the last to be asked. */
	IS(HEAD("") OU("") SITE("") DC ALL, "-");
	IS(HEAD("") OU("") SITE("gPLink: " LINK(G3, "0") "\n") DC ALL, "3");
}

/* An OU below another: GPOs of the lower one come last and win, unless one above is enforced. */
static void test_nesting(void **state)
{
#define INNER(rest)                                                                                \
	"dn: OU=Inner,OU=Domain Controllers,DC=chu,DC=example\nobjectClass: top\nobjectClass: "    \
	"organizationalUnit\n" rest "\n"                                                           \
	"dn: CN=DC1,OU=Inner,OU=Domain Controllers,DC=chu,DC=example\nobjectClass: "               \
	"top\nobjectClass: user\nobjectClass: computer\ncn: DC1\nsAMAccountName: "                 \
	"DC1$\nobjectSid: @1000\nuserAccountControl: 532480\nprimaryGroupID: 516\n\n"
	(void)state;
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\n")
			INNER("gPLink: " LINK(G3, "0") "\n") SITE("") ALL,
		"3");
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "2") "\n")
			INNER("gPLink: " LINK(G3, "0") "\n") SITE("") ALL,
		"2");
	IS(HEAD("gPLink: " LINK(G1, "2") "\n") OU("gPLink: " LINK(G2, "2") "\n")
			INNER("gPLink: " LINK(G3, "2") "\ngPOptions: 1\n") SITE("") ALL,
		"1");
	/* Several enforced links of one container: their order among themselves stays. */
	IS(HEAD("gPLink: " LINK(G1, "2") LINK(G2, "2") "\n") OU("") INNER("") SITE("") ALL, "2");
	/* What a container links itself is not stopped by its own blocked inheritance. */
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\ngPOptions: 1\n")
			INNER("") SITE("gPLink: " LINK(G3, "0") "\n") ALL,
		"2");
	/* Two sites: either may be the computer's. */
	IS(HEAD("") OU("") INNER("") SITE(
		   "gPLink: " LINK(G3, "0") "\n") "dn: CN=Lyon,CN=Sites,"
						  "CN=Configuration,DC=chu,DC=example\nobjectClass:"
						  " top\nobjectClass: site\n\n" ALL,
		"3|-");
#undef INNER
}

static void test_whether_it_applies(void **state)
{
	(void)state;
#define ONE(rest)                                                                                  \
	HEAD("gPLink: " LINK(G1, "0") "\n")                                                        \
	OU("gPLink: " LINK(G2, "0") "\n") SITE("") DC GPO(G1, ANYBODY) GPO(G2, rest)
	IS(ONE(ANYBODY "flags: 2\n"), "1");
	IS(ONE(ANYBODY "flags: 3\n"), "1");
	IS(ONE(ANYBODY "flags: 1\n"), "2");
	IS(ONE(ANYBODY "versionNumber: 65536\n"), "1");
	IS(ONE(ANYBODY "versionNumber: 65537\n"), "2");
	IS(ONE(ANYBODY "gPCWQLFilter: [chu.example;{x};0]\n"), "2|1");
	IS(ONE(ANYBODY "gPCWQLFilter:  \n"), "2");
	/* Security filtering: for nobody that a DC is; to DCs by name; denied. */
	IS(ONE("nTSecurityDescriptor: O:DAG:DAD:(A;;RPLCRC;;;AU)\n"), "1");
	IS(ONE("nTSecurityDescriptor: O:DAG:DAD:(A;;RPLCRC;;;ED)(OA;;CR;edacfd8f-ffb3-11d1-b41d-"
	       "00a0c968f939;;ED)\n"),
		"2");
	IS(ONE("nTSecurityDescriptor: O:DAG:DAD:(OD;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;"
	       "ED)(A;;RPLCRC;;;AU)(OA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)\n"),
		"1");
	/* It may apply the policy and not read it. */
	IS(ONE("nTSecurityDescriptor: O:DAG:DAD:(OA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)"
	       "\n"),
		"1");
	/* A group that was not read may hold the DC. */
	IS(ONE("nTSecurityDescriptor: O:DAG:DAD:(A;;RPLCRC;;;AU)(OA;;CR;edacfd8f-ffb3-11d1-b41d-"
	       "00a0c968f939;;S-1-5-21-1-2-3-4711)\n"),
		"2|1");
	IS(ONE(""), "2|1");
#undef ONE
}

static void test_not_read(void **state)
{
	static const struct made_file one[] = { { PATH(G1), TEMPLATE("1") },
		{ NULL, { NULL, 0 } } };
	static const struct made_file damaged[] = { { PATH(G1), TEMPLATE("1") },
		{ PATH(G2), BYTES("[Registry Values]\nno number=x\n") }, { NULL, { NULL, 0 } } };
	static const struct made_file without[] = { { PATH(G1), TEMPLATE("1") },
		{ "chu.example/Policies/" G2 "/GPT.INI", BYTES("") }, { NULL, { NULL, 0 } } };
	static const char *const both = HEAD("gPLink: " LINK(G1, "0") "\n")
		OU("gPLink: " LINK(G2, "0") "\n") SITE("") DC ALL;

	(void)state;
	assert_string_equal(answer(both, NULL, &level), "?sysvol_not_read");
	assert_string_equal(answer(both, one, &level), "1?gpo_folder_not_read");
	assert_string_equal(answer(both, damaged, &level), "1?gpo_file_not_read");
	assert_string_equal(answer(both, without, &level), "1?gpo_file_missing");
	/* Sites and a policy that is linked and was not read; a link that was left behind. */
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("") DC ALL, "1?sites_not_read");
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\n") SITE("")
			DC GPO(G1, ANYBODY),
		"1?linked_gpo_not_read");
	IS(HEAD("gPLink: " LINK(G1, "0") "\n") OU("gPLink: " LINK(G2, "0") "\n") SITE("")
			DC GPO(G1, ANYBODY) POLICIES_OBJECT,
		"1");
	IS(HEAD("gPLink: nonsense\n") OU("") SITE("") DC ALL, "-");
	IS(HEAD("gPLink: [LDAP://x]\n") OU("") SITE("") DC ALL, "-?gpo_link_malformed");
}

#define POL                                                                                        \
	"PReg\1\0\0\0[\0S\0y\0s\0t\0e\0m\0\0\0;\0L\0e\0v\0e\0l\0\0\0;\0\4\0\0\0;\0\4\0\0\0;\0"     \
	"\7\0\0\0]\0"

static void test_stores(void **state)
{
#define CSES(more) "gPCMachineExtensionNames: [{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]" more "\n"
#define REG "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}]"
#define PREF "[{B087BE9D-ED37-454F-AF9C-04291E351182}]"
#define PLAIN(guid, cses)                                                                          \
	"dn: CN=" guid POLICIES "\nobjectClass: top\nobjectClass: container\nobjectClass: "        \
	"groupPolicyContainer\ncn: " guid "\n" ANYBODY cses "\n"
	static const char *const directory = HEAD("") OU("gPLink: " LINK(G1, "0")
			LINK(G2, "0") "\n") SITE("") DC PLAIN(G1, CSES(PREF)) PLAIN(G2, CSES(REG));
	struct made_file files[] = {
		{ PATH(G1), STR("[Registry Values]\nMACHINE\\System\\Level=4,1\n") },
		{ PATH(G2), STR("[Event Audit]\nAuditLogonEvents = 3\n") },
		{ G2 "/Machine/Registry.pol", STR(POL) },
		{ G1 "/Machine/Preferences/Registry/Registry.xml", STR("<RegistrySettings/>") },
		{ NULL, { NULL, 0 } },
	};
	const struct gpo_query audit = { GPO_SECURITY, STR("Event Audit"),
		STR("AuditLogonEvents") };

	(void)state;
	/* GptTmpl.inf comes after Registry.pol, though its policy has less precedence. */
	assert_string_equal(answer(directory, files, &level), "1");
	assert_string_equal(answer(directory, files, &audit), "3");
	files[0].bytes = STR("");
	assert_string_equal(answer(directory, files, &level), "7");
	/* A preference comes after both. */
	files[3].bytes = STR("<RegistrySettings><Registry><Properties action='U' "
			     "hive='HKEY_LOCAL_MACHINE' key='SYSTEM' name='Level' "
			     "type='REG_DWORD' value='0000000A'/></Registry></RegistrySettings>");
	assert_string_equal(answer(directory, files, &level), "10");
	files[3].bytes = STR("<RegistrySettings><Registry><Properties action='U' "
			     "hive='HKEY_LOCAL_MACHINE' key='SYSTEM' name='Level' "
			     "type='REG_DWORD' value='0000000A'/><Filters><F/></Filters></Registry>"
			     "</RegistrySettings>");
	assert_string_equal(answer(directory, files, &level), "10|7");
}

static const char *account_policy(const char *directory, const struct made_file *files)
{
	static char text[256];
	struct made d = { .sysvol = files };

	if (made_load(&d, directory))
		fail_msg("%s", d.err.text);
	struct gpo_answer a =
		gpo_account_policy(d.model, model_domain(d.model, 0), STR("MinimumPasswordLength"));
	in_words(&a, text, sizeof(text));
	made_free(&d);
	return text;
}

/* Domain controllers take account policies from the head's links alone. */
static void test_account_policy(void **state)
{
#define ACCESS(value) BYTES("[System Access]\nMinimumPasswordLength = " value "\n")
#define HEAD1 HEAD("gPLink: " LINK(G1, "0") "\n")
#define DC2(group)                                                                                 \
	"dn: CN=DC2,OU=Other,DC=chu,DC=example\nobjectClass: top\nobjectClass: "                   \
	"user\nobjectClass: "                                                                      \
	"computer\ncn: DC2\nsAMAccountName: DC2$\nobjectSid: @1001\nuserAccountControl: 532480\n"  \
	"primaryGroupID: " group "\n\ndn: OU=Other,DC=chu,DC=example\nobjectClass: top\n"          \
	"objectClass: organizationalUnit\ngPOptions: 1\n\n"
	static const struct made_file files[] = {
		{ PATH(G1), ACCESS("8") },
		{ PATH(G2), ACCESS("12") },
		{ PATH(G3), ACCESS("12") },
		{ NULL, { NULL, 0 } },
	};
	static const struct {
		const char *directory, *want;
	} table[] = {
		{ HEAD1 OU("gPLink: " LINK(G2, "2") "\n") SITE("gPLink: " LINK(G3, "2") "\n")
				DC ALL,
			"8" },
		{ HEAD("gPLink: " LINK(G1, "0") LINK(G2, "0") "\n") OU("") DC ALL, "12" },
		{ HEAD("gPLink: " LINK(G1, "2") LINK(G2, "0") "\n") OU("") DC ALL, "8" },
		{ HEAD("") OU("gPLink: " LINK(G2, "0") "\n") DC ALL, "-" },
		/* Which sites there are does not matter; whether inheritance is blocked does. */
		{ HEAD1 OU("gPOptions: 1\n") DC ALL, "-" },
		{ HEAD1 DC ALL, "8?container_not_read" },
		{ HEAD1 OU("") DC, "-?linked_gpo_not_read" },
		/* Controllers that are told different things; one that only reads. */
		{ HEAD1 OU("") DC DC2("516") ALL, "8|-" },
		{ HEAD1 OU("") DC DC2("521") ALL, "8" },
		{ HEAD1 OU("") ALL, "?no_domain_controller_read" },
		/* Either of two policies that say the same. */
		{ HEAD("gPLink: " LINK(G3, "0") LINK(G2, "0") "\n") OU("") DC GPO(G3, ANYBODY)
				GPO(G2, ANYBODY "gPCWQLFilter: [chu.example;{x};0]\n"),
			"12|12" },
		{ HEAD1 OU("") DC2("516\noperatingSystem: Samba") ALL, "?dc_is_samba" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(account_policy(table[i].directory, files), table[i].want);
	assert_string_equal(account_policy(HEAD1 OU("") DC ALL, NULL), "?sysvol_not_read");
#undef ACCESS
#undef HEAD1
#undef DC2
}

static void test_passwords(void **state)
{
	static const struct made_file files[] = {
		{ G1 "/Machine/Preferences/Groups/Groups.xml",
			BYTES("<Groups><User name='a'><Properties userName='adm' cpassword='x'/>"
			      "</User></Groups>") },
		{ "{44444444-0000-4000-8000-000000000000}/User/Preferences/Drives/Drives.xml",
			BYTES("<Drives><Drive name='S:'><Properties userName='u' cpassword='y'/>"
			      "</Drive></Drives>") },
		{ NULL, { NULL, 0 } },
	};
	const struct gpo_password *p;
	struct made d = { .sysvol = files };

	(void)state;
	assert_int_equal(made_load(&d, HEAD("") ALL), 0);
	assert_true(model_sysvol_read(d.model));
	assert_int_equal(gpo_passwords(d.model, made_find(&d, G1), &p), 1);
	assert_str_equal(p[0].user, "adm");
	assert_str_equal(p[0].file, G1 "/Machine/Preferences/Groups/Groups.xml");
	assert_int_equal(gpo_passwords(d.model, made_find(&d, G2), &p), 0);
	assert_int_equal(gpo_passwords(d.model, NULL, &p), 1);
	assert_str_equal(p[0].user, "u");
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_whether_it_applies),
		cmocka_unit_test(test_not_read),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_account_policy),
		cmocka_unit_test(test_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
