#include "model/graph.h"
#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* "attacker" is @1103, the group "Equipe" @1201; owner and group of every descriptor: SYSTEM. */
#define ATT "S-1-5-21-1-2-3-1103"
#define TEAM "S-1-5-21-1-2-3-1201"
#define SD(aces) "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:" aces "\n"
#define PROTECTED(aces) "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18D:P" aces "\n"
#define EMPTY SD("(A;;RP;;;S-1-5-18)")
#define BASE                                                                                       \
	MADE_HEAD MADE_ADMINS("", "") MADE_USER("attacker", "@1103", EMPTY) MADE_GROUP("Equipe",   \
		"@1201",                                                                           \
		EMPTY) "dn: CN=Users,DC=chu,DC=example\nobjectClass: container\ncn: Users\n" EMPTY \
		       "\n"
#define OU(name, rest)                                                                             \
	"dn: OU=" name ",DC=chu,DC=example\nobjectClass: top\nobjectClass: organizationalUnit\n"   \
	"name: " name "\n" rest "\n"
#define OBJECT(dn_, class_, rest)                                                                  \
	"dn: " dn_ "\nobjectClass: top\nobjectClass: " class_ "\n" rest "\n"
#define COMPUTER(dn_, rest)                                                                        \
	"dn: " dn_ "\nobjectClass: top\nobjectClass: user\nobjectClass: computer\n" rest "\n"
#define USER_AT(dn_, sam, rid, rest)                                                               \
	"dn: " dn_ "\nobjectClass: top\nobjectClass: user\nsAMAccountName: " sam                   \
	"\nobjectSid: " rid "\nuserAccountControl: 512\nprimaryGroupID: 513\n" rest "\n"

#define WRITE(guid) "(OA;;WP;" guid ";;" ATT ")"
#define MEMBER_GUID "bf9679c0-0de6-11d0-a285-00aa003049e2"
#define SPN_GUID "f3a64788-5306-11d1-a9c5-0000f80367c1"
#define KEY_GUID "5b47d60f-6090-40b2-9f37-2a4de88f3063"
#define RBCD_GUID "3f78c3e5-f79a-46bd-a0b8-9d18116ddc79"
#define ALT_GUID "00fbf30c-91fe-11d1-aebc-0000f80367c1"
#define UAC_GUID "bf967a68-0de6-11d0-a285-00aa003049e2"
#define GPLINK_GUID "f30e3bbe-9ff0-11d1-b603-0000f80367c1"
#define GPC_GUID "f30e3bc1-9ff0-11d1-b603-0000f80367c1"
#define RESET_GUID "00299570-246d-11d0-a768-00aa006e0529"
#define RESTRICTIONS_SET "4c164200-20c0-11d0-a768-00aa006e0529"
#define ENROLL_GUID "0e10c968-78fb-11d2-90d4-00c04f79dc55"
#define CHANGES_GUID "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
#define CHANGES_ALL_GUID "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
#define USER_CLASS "bf967aba-0de6-11d0-a285-00aa003049e2"

static uint64_t direct(const struct made *d, const char *by, const char *target)
{
	const struct ad_object *who = made_find(d, by);
	struct graph_control c[64];
	size_t n = graph_direct(d->model, made_find(d, target), c, ARRAY_LEN(c));
	uint64_t relations = 0;

	for (size_t i = 0; i < n; i++)
		if (c[i].by.object == who)
			relations |= c[i].relations;
	return relations;
}

static void put_name(char *out, size_t room, struct graph_node n)
{
	char sid[SID_TEXT];

	if (n.object)
		snprintf(out + strlen(out), room - strlen(out), "%.*s", STR_ARG(n.object->name));
	else
		snprintf(out + strlen(out), room - strlen(out), "%s", sid_text(&n.sid, sid));
}

/* "attacker reset_password victim", the whole path in words; "" when there is none. */
static const char *path(const struct made *d, const char *from, const char *to, char *out)
{
	enum { ROOM = 1000 };
	struct graph_step s[32];
	size_t n = graph_path(d->model, made_find(d, from), made_find(d, to), s, ARRAY_LEN(s));

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (!i)
			put_name(out, ROOM, s[i].from);
		snprintf(out + strlen(out), ROOM - strlen(out), " %s ",
			relation_name(s[i].relation));
		put_name(out, ROOM, (struct graph_node){ s[i].to, s[i].to_sid });
	}
	return out;
}

/* One ACE or more on one object: the relations that the attacker has over it. */
static const struct {
	const char *what, *text;
	uint64_t want;
} aces[] = {
#define ON_USER(what, sd, want)                                                                    \
	{                                                                                          \
		what, BASE MADE_USER("target", "@1500", sd), want                                  \
	}
#define ON_GROUP(what, sd, want)                                                                   \
	{                                                                                          \
		what, BASE MADE_GROUP("target", "@1500", sd), want                                 \
	}
#define R(name) RELATION_BIT(RELATION_##name)
	ON_USER("generic all", SD("(A;;GA;;;" ATT ")"), R(GENERIC_ALL)),
	ON_USER("every right", SD("(A;;0xf01ff;;;" ATT ")"), R(GENERIC_ALL)),
	ON_USER("generic write", SD("(A;;GW;;;" ATT ")"), R(GENERIC_WRITE)),
	ON_USER("all properties", SD("(A;;WP;;;" ATT ")"), R(WRITE_ALL_PROPERTIES)),
	ON_USER("DACL", SD("(A;;WD;;;" ATT ")"), R(WRITE_DACL)),
	ON_USER("owner right", SD("(A;;WO;;;" ATT ")"), R(WRITE_OWNER)),
	ON_USER("owner", "nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:(A;;RP;;;S-1-5-18)\n",
		R(OWNER)),
	ON_USER("owner with OWNER RIGHTS",
		"nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:(A;;RP;;;S-1-3-4)\n", 0),
	ON_USER("OWNER RIGHTS may write the DACL",
		"nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:(A;;WD;;;S-1-3-4)\n", R(WRITE_DACL)),
	ON_USER("all extended rights", SD("(A;;CR;;;" ATT ")"), R(ALL_EXTENDED_RIGHTS)),
	ON_GROUP("extended rights of a group are none", SD("(A;;CR;;;" ATT ")"), 0),
	ON_USER("reset password", SD("(OA;;CR;" RESET_GUID ";;" ATT ")"), R(RESET_PASSWORD)),
	ON_USER("change password", SD("(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;" ATT ")"), 0),
	ON_GROUP("reset password of a group", SD("(OA;;CR;" RESET_GUID ";;" ATT ")"), 0),
	ON_USER("WP with the GUID of reset password", SD(WRITE(RESET_GUID)), 0),
	ON_GROUP("member", SD(WRITE(MEMBER_GUID)), R(WRITE_MEMBER)),
	ON_USER("member of a user", SD(WRITE(MEMBER_GUID)), 0),
	ON_GROUP("membership set", SD(WRITE("bc0ac240-79a9-11d0-9020-00c04fc2d4cf")),
		R(WRITE_MEMBER)),
	ON_GROUP("self-membership", SD("(OA;;SW;" MEMBER_GUID ";;" ATT ")"), R(SELF_MEMBERSHIP)),
	ON_GROUP("all validated writes", SD("(A;;SW;;;" ATT ")"), R(ALL_VALIDATED_WRITES)),
	ON_USER("SPN", SD(WRITE(SPN_GUID)), R(WRITE_SPN)),
	ON_USER("key credential", SD(WRITE(KEY_GUID)), R(WRITE_KEY_CREDENTIAL)),
	ON_USER("RBCD", SD(WRITE(RBCD_GUID)), R(WRITE_ALLOWED_TO_ACT)),
	ON_USER("altSecurityIdentities", SD(WRITE(ALT_GUID)), R(WRITE_ALT_IDENTITY)),
	ON_USER("userAccountControl", SD(WRITE(UAC_GUID)), R(WRITE_UAC)),
	ON_USER("account restrictions", SD(WRITE(RESTRICTIONS_SET)),
		R(WRITE_UAC) | R(WRITE_ALLOWED_TO_ACT)),
	ON_USER("its class", SD(WRITE(USER_CLASS)), R(WRITE_ALL_PROPERTIES)),
	ON_USER("description", SD(WRITE("bf967950-0de6-11d0-a285-00aa003049e2")), 0),
	ON_USER("inherit only", SD("(A;CIIO;GA;;;" ATT ")"), 0),
	ON_USER("SELF", SD("(A;;GA;;;S-1-5-10)"), 0),
	ON_USER("deny first", SD("(D;;WD;;;" ATT ")(A;;WD;;;" ATT ")"), 0),
	ON_USER("deny last", SD("(A;;WD;;;" ATT ")(D;;WD;;;" ATT ")"), R(WRITE_DACL)),
	ON_USER("deny Everyone first", SD("(D;;GA;;;S-1-1-0)(A;;GA;;;" ATT ")"), 0),
	ON_USER("deny a part of everything", SD("(D;;WD;;;S-1-1-0)(A;;GA;;;" ATT ")"),
		R(WRITE_OWNER) | R(GENERIC_WRITE) | R(ALL_EXTENDED_RIGHTS)),
	ON_USER("deny deletion", SD("(D;;SDDT;;;S-1-1-0)(A;;GA;;;" ATT ")"), R(GENERIC_ALL)),
	ON_USER("deny another right",
		SD("(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;S-1-1-0)(A;;CR;;;" ATT ")"),
		R(ALL_EXTENDED_RIGHTS)),
	ON_USER("deny one extended right", SD("(OD;;CR;" RESET_GUID ";;S-1-1-0)(A;;CR;;;" ATT ")"),
		0),
	ON_USER("CREATOR OWNER is nobody's token", SD("(A;;GA;;;S-1-3-0)"), 0),
	ON_USER("no DACL is Everyone's", "nTSecurityDescriptor: O:S-1-5-18G:S-1-5-18\n", 0),
	ON_USER("an empty DACL is the owner's alone",
		"nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:\n", R(OWNER)),
	ON_USER("deny does not take what an owner has",
		"nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:(D;;WDWO;;;" ATT ")\n", R(OWNER)),
	ON_USER("deny one property of all", SD("(OD;;WP;" SPN_GUID ";;S-1-1-0)(A;;WP;;;" ATT ")"),
		R(WRITE_KEY_CREDENTIAL) | R(WRITE_ALLOWED_TO_ACT) | R(WRITE_ALT_IDENTITY) |
			R(WRITE_UAC)),
	ON_USER("deny one property of a property set",
		SD("(OD;;WP;" UAC_GUID ";;S-1-1-0)(OA;;WP;" RESTRICTIONS_SET ";;" ATT ")"),
		R(WRITE_ALLOWED_TO_ACT)),
	ON_USER("deny a property set, allow one property of it",
		SD("(OD;;WP;" RESTRICTIONS_SET ";;" ATT ")(OA;;WP;" UAC_GUID ";;" ATT ")"), 0),
	ON_USER("allow one property before the deny of its set",
		SD("(OA;;WP;" UAC_GUID ";;" ATT ")(OD;;WP;" RESTRICTIONS_SET ";;" ATT ")"),
		R(WRITE_UAC)),
	{ "owner that is disabled",
		MADE_HEAD
		"dn: CN=attacker,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
		"cn: attacker\nobjectSid: @1103\nuserAccountControl: 514\n\n" MADE_USER("target",
			"@1500", "nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:(A;;RP;;;S-1-5-18)\n"),
		R(OWNER) },
	ON_GROUP("deny the one property that counts",
		SD("(OD;;WP;" MEMBER_GUID ";;S-1-1-0)(A;;WP;;;" ATT ")"), 0),
	ON_USER("InheritedObjectType has no part in it",
		SD("(OA;;WP;" KEY_GUID ";bf967a9c-0de6-11d0-a285-00aa003049e2;" ATT ")"),
		R(WRITE_KEY_CREDENTIAL)),
	ON_USER("deny inherit-only", SD("(D;CIIO;WD;;;" ATT ")(A;;WD;;;" ATT ")"), R(WRITE_DACL)),
	ON_USER("deny another trustee", SD("(D;;WD;;;" TEAM ")(A;;WD;;;" ATT ")"), R(WRITE_DACL)),
	{ "deny a group he is in",
		MADE_HEAD MADE_USER("attacker", "@1103", EMPTY)
			MADE_GROUP("Equipe", "@1201", MEMBER("attacker")) MADE_USER(
				"target", "@1500", SD("(D;;WD;;;" TEAM ")(A;;WDWO;;;" ATT ")")),
		R(WRITE_OWNER) },
	{ "gPLink", BASE OU("target", SD(WRITE(GPLINK_GUID))), R(WRITE_GPLINK) },
	ON_USER("gPLink of a user", SD(WRITE(GPLINK_GUID)), 0),
	{ "gPCFileSysPath",
		BASE OBJECT("CN=target,CN=Policies,CN=System,DC=chu,DC=example",
			"groupPolicyContainer", "cn: target\n" SD(WRITE(GPC_GUID))),
		R(WRITE_GPC_PATH) },
	{ "Enroll with WriteProperty",
		BASE OBJECT("CN=target,CN=Certificate Templates,CN=Configuration,DC=chu,DC=example",
			"pKICertificateTemplate",
			"cn: target\n" SD("(OA;;RPWPCR;" ENROLL_GUID ";;" ATT ")")),
		0 },
	{ "Get-Changes and -All",
		MADE_USER("attacker", "@1103",
			EMPTY) "dn: DC=chu,DC=example\nobjectClass: domainDNS\n"
			       "cn: target\nobjectSid: S-1-5-21-1-2-3\n" SD(
				       "(OA;;CR;" CHANGES_GUID ";;" ATT ")(OA;;CR;" CHANGES_ALL_GUID
				       ";;" ATT ")"),
		R(DCSYNC) },
	{ "Get-Changes-All alone",
		MADE_USER("attacker", "@1103",
			EMPTY) "dn: DC=chu,DC=example\nobjectClass: domainDNS\n"
			       "cn: target\nobjectSid: S-1-5-21-1-2-3\n" SD(
				       "(OA;;CR;" CHANGES_ALL_GUID ";;" ATT ")"),
		0 },
	ON_USER("replication rights of a user",
		SD("(OA;;CR;" CHANGES_GUID ";;" ATT ")(OA;;CR;" CHANGES_ALL_GUID ";;" ATT ")"), 0),
};

static void each_ace_gives_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(aces); i++) {
		struct made d = { 0 };

		assert_int_equal(made_load(&d, aces[i].text), 0);
		uint64_t got = direct(&d, "attacker", "target");

		if (got != aces[i].want)
			fail_msg("%s: %llx, not %llx", aces[i].what, (unsigned long long)got,
				(unsigned long long)aces[i].want);
		made_free(&d);
	}
}

#define SCHEMA(name, class_, guid)                                                                 \
	"dn: CN=" name ",CN=Schema,CN=Configuration,DC=chu,DC=example\nobjectClass: " class_       \
	"\nlDAPDisplayName: " name "\nschemaIDGUID: " guid "\nsearchFlags: 904\n\n"
#define LAPS_GUID "11111111-2222-3333-4444-555555555555"
#define LAPS2_GUID "21111111-2222-3333-4444-555555555555"
#define DMSA_GUID "0feb936f-47b3-49f2-9386-1dedc2c23765"

static void guids_of_a_forest_come_from_its_schema(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, BASE SCHEMA("ms-Mcs-AdmPwd", "attributeSchema", LAPS_GUID) SCHEMA(
				      "msLAPS-Password", "attributeSchema",
				      LAPS2_GUID) SCHEMA("msDS-DelegatedManagedServiceAccount",
				      "classSchema", DMSA_GUID) COMPUTER("CN=pc1,DC=chu,DC=example",
				      "cn: pc1\nms-Mcs-AdmPwdExpirationTime: 1\n" SD(
					      "(OA;;RPCR;" LAPS_GUID ";;" ATT
					      ")")) COMPUTER("CN=pc2,DC=chu,DC=example",
				      "cn: pc2\nms-Mcs-AdmPwdExpirationTime: 1\n" SD(
					      "(OA;;RP;" LAPS_GUID ";;" ATT
					      ")")) COMPUTER("CN=pc3,DC=chu,DC=example",
				      "cn: pc3\nmsLAPS-PasswordExpirationTime: 1\n" SD(
					      "(A;;RP;;;" ATT ")(OA;;CR;" LAPS2_GUID ";;" ATT ")"))
				      OU("delegated", SD("(OA;;CC;" DMSA_GUID ";;" ATT ")"))
					      OU("users", SD("(OA;;CC;" USER_CLASS ";;" ATT ")"))),
		0);
	assert_int_equal(direct(&d, "attacker", "pc1"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "pc2"), 0); /* confidential: CR is missing */
	assert_int_equal(direct(&d, "attacker", "pc3"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "delegated"), R(CREATE_DMSA));
	assert_int_equal(direct(&d, "attacker", "users"), 0);
	made_free(&d);
}

#define PC(name, aces)                                                                             \
	COMPUTER("CN=" name ",DC=chu,DC=example",                                                  \
		"cn: " name "\nms-Mcs-AdmPwdExpirationTime: 1\n" SD(aces))
#define CONTROLS(sid) "(OA;;CR;" LAPS_GUID ";;" sid ")"
#define READS(sid) "(A;;RP;;;" sid ")"
#define LAPS_PEOPLE                                                                                \
	MADE_HEAD SCHEMA("ms-Mcs-AdmPwd", "attributeSchema", LAPS_GUID)                            \
		MADE_USER("attacker", "@1103", EMPTY) MADE_USER("other", "@1104", EMPTY)           \
			MADE_GROUP("Equipe", "@1201", EMPTY MEMBER("attacker"))                    \
				MADE_GROUP("Old", "S-1-5-32-554", EMPTY MEMBER("S-1-5-11"))        \
					OBJECT(DN_OF("S-1-5-11"), "foreignSecurityPrincipal",      \
						"objectSid: S-1-5-11\n")
#define LAPS_COMPUTERS                                                                             \
	PC("all", READS("S-1-5-11") CONTROLS(ATT))                                                 \
	PC("every", READS("S-1-1-0") CONTROLS(ATT))                                                \
	PC("pre", READS("S-1-5-32-554") CONTROLS(ATT))                                             \
	PC("group", READS("S-1-5-32-554") CONTROLS(TEAM))                                          \
	PC("half", CONTROLS(TEAM) READS(ATT))                                                      \
	PC("nobody", CONTROLS(ATT))                                                                \
	PC("denied", "(OD;;RP;" LAPS_GUID ";;" ATT ")" READS("S-1-5-11") CONTROLS(ATT))            \
	PC("late", READS("S-1-5-11") "(OD;;RP;" LAPS_GUID ";;" ATT ")" CONTROLS(ATT))              \
	PC("stranger", READS("S-1-5-21-1-2-3-1104") CONTROLS(ATT))

/* Everybody may read; who holds the control access right then reads the password. */
static void halves_of_laps_meet_in_a_token(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, LAPS_PEOPLE LAPS_COMPUTERS), 0);
	assert_int_equal(direct(&d, "attacker", "all"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "every"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "pre"), R(READ_LAPS));
	assert_int_equal(direct(&d, "Equipe", "group"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "group"), 0); /* by being in it */
	assert_int_equal(direct(&d, "attacker", "half"), R(READ_LAPS));
	assert_int_equal(direct(&d, "Equipe", "half"), 0);
	assert_int_equal(direct(&d, "attacker", "late"), R(READ_LAPS));
	assert_int_equal(direct(&d, "attacker", "nobody"), 0);
	assert_int_equal(direct(&d, "attacker", "denied"), 0);
	assert_int_equal(direct(&d, "attacker", "stranger"), 0);
	assert_int_equal(direct(&d, "other", "all"), 0);
	made_free(&d);
}

static void halves_of_dcsync_meet_in_a_member(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d,
			"dn: DC=chu,DC=example\nobjectClass: domainDNS\ncn: head\nobjectSid: "
			"S-1-5-21-1-2-3\n" SD(
				"(OA;;CR;" CHANGES_GUID ";;" TEAM ")(OA;;CR;" CHANGES_ALL_GUID
				";;S-1-5-21-1-2-3-1202)") "\n" MADE_ADMINS("", "") MADE_USER("both",
				"@1103", EMPTY) MADE_USER("one", "@1104", EMPTY)
				MADE_GROUP("Equipe", "@1201", EMPTY MEMBER("both") MEMBER("one"))
					MADE_GROUP("Autre", "@1202", EMPTY MEMBER("both"))),
		0);
	assert_int_equal(direct(&d, "both", "head"), R(DCSYNC));
	assert_string_equal(path(&d, "both", "head", text), "both dcsync head");
	assert_string_equal(path(&d, "one", "head", text), "");
	assert_string_equal(path(&d, "Equipe", "head", text), "");
	made_free(&d);
}

static void tier_0_is_no_source_and_ends_paths(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d, BASE MADE_USER("patron", "@1300",
				      "adminCount: 1\n" SD(
					      "(A;;GA;;;" ATT ")(A;;GA;;;S-1-5-21-1-2-3-512)("
					      "A;;GA;;;S-1-5-9)")) MADE_GROUP("Ops", "S-1-5-32-548",
				      EMPTY MEMBER("patron")) MADE_USER("target", "@1500",
				      SD("(A;;GA;;;S-1-5-32-548)(A;;GA;;;S-1-5-21-1-2-3-"
					 "1300)"))),
		0);
	assert_int_equal(graph_critical(d.model, made_find(&d, "patron")), CRITICAL_ACCOUNT);
	assert_int_equal(graph_critical(d.model, made_find(&d, "Ops")), CRITICAL_GROUP);
	assert_int_equal(graph_critical(d.model, made_find(&d, "target")), 0);
	assert_string_equal(path(&d, "attacker", "patron", text), "attacker generic_all patron");
	assert_string_equal(path(&d, "attacker", "target", text), ""); /* through tier 0 */
	struct graph_reach r = graph_reach(d.model, made_find(&d, "patron"));

	assert_int_equal(r.count, 1);
	assert_ptr_equal(r.principals[0].who.object, made_find(&d, "attacker"));
	made_free(&d);
}

/* 1 reset_password, 2 owner, 3 write_member (and member_of), 4 sid_history … : every kind of step,
 * shortest first. */
#define CHAIN                                                                                      \
	MADE_HEAD MADE_ADMINS("",                                                                  \
		"") "dn: CN=Users,DC=chu,DC=example\nobjectClass: container\ncn: "                 \
		    "Users\n" EMPTY                                                                \
		    "\n" MADE_USER("attacker", "@1103", EMPTY) MADE_USER("svc", "@1104",           \
			    SD("(OA;;CR;" RESET_GUID ";;" ATT ")")) MADE_GROUP("Equipe", "@1201",  \
			    SD("(OA;;WP;" MEMBER_GUID                                              \
			       ";;S-1-5-21-1-2-3-1104)")) MADE_GROUP("Support", "@1202",           \
			    EMPTY MEMBER("Equipe")) OU("Postes",                                   \
			    SD("(A;;WD;;;S-1-5-21-1-2-3-1202)")) "dn: "                            \
								 "CN=pivot,OU=Postes,DC=chu,"      \
								 "DC=example\nobjectClass: "       \
								 "user\nsAMAccountName: "          \
								 "pivot\n"                         \
								 "objectSid: "                     \
								 "@1105\nuserAccountControl: "     \
								 "512\nprimaryGroupID: "           \
								 "513\n" EMPTY "\n"                \
								 "dn: "                            \
								 "CN={G},CN=Policies,CN="          \
								 "System,DC=chu,DC="               \
								 "example\nobjectClass: "          \
								 "groupPolicyContainer\n"          \
								 "cn: "                            \
								 "{G}\nnTSecurityDescriptor: "     \
								 "O:S-1-5-21-1-2-3-1105G:S-1-"     \
								 "5-18D:P(A;;RP;;;S-1-5-18)"       \
								 "\n\n" OU("Serveurs",             \
									 "gPLin"                   \
									 "k: "                     \
									 "[LDAP"                   \
									 "://"                     \
									 "cn={"                    \
									 "g},"                     \
									 "cn="                     \
									 "polic"                   \
									 "ies,"                    \
									 "cn="                     \
									 "syste"                   \
									 "m,DC="                   \
									 "chu,"                    \
									 "DC="                     \
									 "examp"                   \
									 "le;0]"                   \
									 "\n" EMPTY) USER_AT("CN=" \
											     "mig" \
											     "re," \
											     "OU=" \
											     "Ser" \
											     "veu" \
											     "rs," \
											     "DC=" \
											     "chu" \
											     ",DC" \
											     "="   \
											     "exa" \
											     "mpl" \
											     "e",  \
									 "migre", "@1106",         \
									 "sIDHistory: "            \
									 "@1300\n" PROTECTED(      \
										 "(A;;RP;;;S-"     \
										 "1-5-18)"))       \
									 MADE_USER("victim",       \
										 "@1300",          \
										 PROTECTED("(A;"   \
											   ";RP"   \
											   ";;;"   \
											   "S-"    \
											   "1-"    \
											   "5-"    \
											   "18"    \
											   ")"))

static void seven_steps_are_found(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(made_load(&d, CHAIN), 0);
	assert_string_equal(path(&d, "attacker", "victim", text),
		"attacker reset_password svc write_member Equipe member_of Support write_dacl "
		"Postes inherits pivot owner {G} gpo_link migre sid_history victim");
	assert_string_equal(
		path(&d, "Support", "pivot", text), "Support write_dacl Postes inherits pivot");
	assert_int_equal(graph_known(d.model, made_find(&d, "victim"), NULL), YES);
	struct graph_reach r = graph_reach(d.model, made_find(&d, "victim"));

	assert_int_equal(r.count, 6); /* migre, pivot, Support, Equipe, svc, attacker */
	for (size_t i = 1; i < r.count; i++)
		assert_true(r.principals[i - 1].steps <= r.principals[i].steps);
	assert_ptr_equal(r.principals[5].who.object, made_find(&d, "attacker"));
	made_free(&d);
}

static void a_protected_dacl_ends_inheritance(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d, BASE OU("Open", SD("(A;;WD;;;" ATT ")")) OU("Props",
				      SD("(A;;WP;;;" ATT
					 ")")) USER_AT("CN=free,OU=Open,DC=chu,DC=example", "free",
				      "@1501", EMPTY) USER_AT("CN=kept,OU=Open,DC=chu,DC=example",
				      "kept", "@1502", PROTECTED("(A;;RP;;;S-1-5-18)"))
				      OBJECT("CN=box,OU=Open,DC=chu,DC=example", "container",
					      "cn: box\n" PROTECTED("(A;;RP;;;S-1-5-18)"))
					      OBJECT("CN=box2,OU=Props,DC=chu,DC=example",
						      "container", "cn: box2\n" EMPTY)),
		0);
	assert_string_equal(
		path(&d, "attacker", "free", text), "attacker write_dacl Open inherits free");
	/* No DACL reaches it, but a linked GPO does: it is an account. */
	assert_string_equal(
		path(&d, "attacker", "kept", text), "attacker write_dacl Open contains kept");
	assert_string_equal(path(&d, "attacker", "box", text), "");
	assert_string_equal(path(&d, "attacker", "box2", text), ""); /* not down to the DACL */
	made_free(&d);
}

static void links_are_honoured(void **state)
{
#define GPO(name, sd)                                                                              \
	OBJECT("CN=" name ",CN=Policies,CN=System,DC=chu,DC=example", "groupPolicyContainer",      \
		"cn: " name "\n" sd)
#define LINK(name, flags) "[LDAP://CN=" name ",CN=Policies,CN=System,DC=chu,DC=example;" flags "]"
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d,
			BASE GPO("on", SD("(A;;WP;;;" ATT ")")) GPO("off", SD("(A;;WP;;;" TEAM ")"))
				OU("Postes", "gPLink: " LINK("off", "1") LINK("on", "0") "\n" EMPTY)
					USER_AT("CN=u,OU=Postes,DC=chu,DC=example", "u", "@1501",
						EMPTY) MADE_GROUP("g", "@1502", EMPTY)),
		0);
	assert_string_equal(
		path(&d, "attacker", "u", text), "attacker write_all_properties on gpo_link u");
	assert_string_equal(path(&d, "Equipe", "u", text), "");	  /* disabled */
	assert_string_equal(path(&d, "attacker", "g", text), ""); /* not below it */
	made_free(&d);
}

static void attributes_make_edges_too(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_USER("attacker", "@1103",
				EMPTY "msDS-AllowedToDelegateTo: cifs/pc1.chu.example\n")
				MADE_USER("trusted", "@1104",
					EMPTY "msDS-AllowedToDelegateTo: "
					      "cifs/PC1.chu.example:445\n")
					COMPUTER("CN=pc1,DC=chu,DC=example",
						"cn: pc1\ndNSHostName: "
						"pc1.chu.example\nmsDS-AllowedToActOnBehalfOfOther"
						"Identity: O:S-1-5-18D:(A;;GA;;;" ATT
						")\n" EMPTY) COMPUTER("CN=rodc,DC=chu,DC=example",
						"cn: rodc\nprimaryGroupID: 521\nmanagedBy: "
						"CN=attacker,CN=Users,DC=chu,DC="
						"example\n" EMPTY) "dn: "
								   "CN=gmsa,DC=chu,DC="
								   "example\nobjectClass: "
								   "msDS-"
								   "GroupManagedServiceAcco"
								   "unt\ncn: "
								   "gmsa\nmsDS-"
								   "GroupMSAMembership: "
								   "O:S-1-5-18D:(A;;GA;;"
								   ";" ATT ")\n" EMPTY "\n"),
		0);
	assert_int_equal(direct(&d, "attacker", "pc1"), R(ALLOWED_TO_ACT)); /* no transition */
	assert_int_equal(direct(&d, "trusted", "pc1"), 0);
	assert_int_equal(direct(&d, "attacker", "rodc"), R(MANAGED_BY));
	assert_int_equal(direct(&d, "attacker", "gmsa"), R(READ_GMSA_PASSWORD));
	made_free(&d);
}

static void protocol_transition_is_an_edge(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD "dn: CN=t,DC=chu,DC=example\nobjectClass: user\ncn: t\n"
					"objectSid: @1104\nuserAccountControl: 16777728\n"
					"msDS-AllowedToDelegateTo: cifs/PC1.chu.example:445\n" EMPTY
					"\n" COMPUTER("CN=pc1,DC=chu,DC=example",
						"cn: pc1\ndNSHostName: pc1.chu.example\n" EMPTY)),
		0);
	assert_int_equal(direct(&d, "t", "pc1"), R(DELEGATION));
	made_free(&d);
}

static void everybody_is_a_principal(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d, BASE MADE_USER("target", "@1500", SD("(A;;WD;;;S-1-5-11)"))), 0);
	struct graph_reach r = graph_reach(d.model, made_find(&d, "target"));
	char sid[SID_TEXT];

	assert_int_equal(r.count, 1);
	assert_null(r.principals[0].who.object);
	assert_string_equal(sid_text(&r.principals[0].who.sid, sid), "S-1-5-11");
	assert_string_equal(path(&d, "attacker", "target", text),
		"attacker member_of S-1-5-11 write_dacl target");
	made_free(&d);
}

static void loops_are_survived(void **state)
{
	struct made d = { 0 };
	char text[1000];

	(void)state;
	assert_int_equal(
		made_load(&d,
			BASE MADE_GROUP("a", "@1501",
				MEMBER("b") SD("(A;;WD;;;S-1-5-21-1-2-3-1502)")) MADE_GROUP("b",
				"@1502",
				MEMBER("a") SD("(A;;WD;;;S-1-5-21-1-2-3-1501)(A;;WD;;;" ATT ")"))),
		0);
	assert_string_equal(path(&d, "attacker", "a", text), "attacker write_dacl b write_dacl a");
	assert_string_equal(path(&d, "a", "a", text), "");
	made_free(&d);
}

static void one_descriptor_serves_many_objects(void **state)
{
	struct made d = { 0 };

	(void)state;
	/* The first object that has it is itself named in it. */
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("attacker", "@1103",
				      SD("(A;;WD;;;" ATT ")(A;;WP;;;" TEAM ")")) MADE_USER("target",
				      "@1500", SD("(A;;WD;;;" ATT ")(A;;WP;;;" TEAM ")"))
				      MADE_GROUP("Equipe", "@1201", EMPTY)),
		0);
	assert_int_equal(direct(&d, "attacker", "target"), R(WRITE_DACL));
	assert_int_equal(direct(&d, "attacker", "attacker"), 0);
	assert_int_equal(direct(&d, "Equipe", "attacker"), R(WRITE_ALL_PROPERTIES));
	made_free(&d);
}

/* A SID that names nothing: nobody's where the domain's accounts were all read, else somebody's. */
static void a_deleted_owner_is_nobody(void **state)
{
#define OWNED(sid) "nTSecurityDescriptor: O:" sid "G:S-1-5-18D:(A;;RP;;;S-1-5-18)\n"
#define OWNED_BY_THE_DEAD                                                                          \
	BASE MADE_USER("ours", "@1500", OWNED("S-1-5-21-1-2-3-4242")) MADE_USER("theirs", "@1501", \
		OWNED("S-1-5-21-7-8-9-4242")) COMPUTER("CN=dc,DC=chu,DC=example",                  \
		"cn: dc\nobjectSid: @1000\nprimaryGroupID: 516\n" EMPTY)
	static const char *const texts[] = { OWNED_BY_THE_DEAD MADE_USER("krbtgt", "@502", EMPTY),
		OWNED_BY_THE_DEAD };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct made d = { 0 };
		struct graph_control c[4];

		/* Without krbtgt not all accounts were read. */
		assert_int_equal(made_load(&d, texts[i]), 0);
		size_t ours = graph_direct(d.model, made_find(&d, "ours"), c, ARRAY_LEN(c));

		assert_int_equal(ours, i);
		assert_int_equal(
			graph_direct(d.model, made_find(&d, "theirs"), c, ARRAY_LEN(c)), 1);
		assert_null(c[0].by.object);
		assert_int_equal(c[0].relations, R(OWNER));
		made_free(&d);
	}
}

/* What AdminSDHolder hands to many is one search; each path still ends where it was asked. */
static void alike_targets_keep_their_names(void **state)
{
#define ADMIN(name, rid, aces) MADE_USER(name, rid, "adminCount: 1\n" PROTECTED(aces))
#define WIDE "(A;;WP;;;" TEAM ")"
	static const char *const names[] = { "one", "two", "three", "one", "two" };
	struct made d = { 0 };
	uint64_t number = 0;

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_ADMINS(MEMBER("one") MEMBER("two") MEMBER("three"),
				      "") MADE_USER("attacker", "@1103", EMPTY)
				      MADE_GROUP("Equipe", "@1201", EMPTY MEMBER("attacker")) ADMIN(
					      "one", "@1300", WIDE) ADMIN("two", "@1301", WIDE)
					      ADMIN("three", "@1302", "(A;;WD;;;" ATT ")")),
		0);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct ad_object *target = made_find(&d, names[i]);
		struct graph_reach r = graph_reach(d.model, target);
		struct graph_step steps[4];
		bool third = !strcmp(names[i], "three");

		assert_int_equal(r.count, third ? 1 : 2);
		for (size_t k = 0; k < r.count; k++) {
			size_t n = graph_steps(d.model, r.principals[k].node, steps, 4);

			assert_int_equal(n, k + 1);
			assert_ptr_equal(steps[n - 1].to, target);
			assert_int_equal(steps[n - 1].relations,
				third ? R(WRITE_DACL) : R(WRITE_ALL_PROPERTIES));
		}
		if (!i)
			number = r.number;
		assert_true(third ? r.number != number : r.number == number);
	}
	made_free(&d);
}

/* Protected as AdminSDHolder protects, so that ANSSI accepts it as a delegate. */
static void protected_delegates_are_known(void **state)
{
#define HOLDER                                                                                     \
	OBJECT("CN=AdminSDHolder,CN=System,DC=chu,DC=example", "container",                        \
		"cn: AdminSDHolder\n" PROTECTED(NORM))
#define NORM "(A;;GA;;;S-1-5-21-1-2-3-512)(A;;RPLCLORC;;;S-1-5-11)"
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d, BASE HOLDER MADE_USER("safe", "@1500", PROTECTED(NORM)) MADE_USER(
				      "open", "@1501", SD(NORM)) MADE_USER("reset", "@1502",
				      PROTECTED(NORM "(OA;;CR;" RESET_GUID ";;" TEAM
						     ")")) MADE_USER("owned", "@1503",
				      "nTSecurityDescriptor: O:" ATT "G:S-1-5-18D:P" NORM
				      "\n") MADE_GROUP("safe group", "@1504",
				      PROTECTED(NORM) MEMBER("safe")) MADE_GROUP("open group",
				      "@1505", PROTECTED(NORM) MEMBER("safe") MEMBER("open"))
				      COMPUTER("CN=pc,CN=Users,DC=chu,DC=example",
					      "cn: pc\nobjectSid: @1506\n" PROTECTED(NORM))),
		0);
	assert_true(graph_is_protected(d.model, made_find(&d, "safe")));
	assert_false(graph_is_protected(d.model, made_find(&d, "open")));
	assert_false(graph_is_protected(d.model, made_find(&d, "reset")));
	assert_false(graph_is_protected(d.model, made_find(&d, "owned")));
	assert_true(graph_is_protected(d.model, made_find(&d, "safe group")));
	assert_false(graph_is_protected(d.model, made_find(&d, "open group")));
	assert_false(graph_is_protected(d.model, made_find(&d, "pc")));
	assert_false(graph_is_protected(d.model, NULL));
	made_free(&d);
}

/* An entry for a group whose members all are tier 0 gives nobody else anything: the group is found
 * all the same, and named as such. */
static void a_group_of_tier_0_is_told_apart(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			MADE_HEAD MADE_ADMINS(MEMBER("boss"), "") MADE_USER("boss", "@1300",
				EMPTY) MADE_USER("attacker", "@1103", EMPTY) MADE_GROUP("Equipe",
				"@1201", EMPTY MEMBER("boss")) MADE_GROUP("Mixed", "@1202",
				EMPTY MEMBER("boss") MEMBER("attacker")) MADE_USER("target",
				"@1500", SD("(A;;WD;;;" TEAM ")(A;;WD;;;S-1-5-21-1-2-3-1202)"))),
		0);
	assert_int_equal(direct(&d, "Equipe", "target"), R(WRITE_DACL));
	assert_true(graph_holds_only_tier0(d.model, made_find(&d, "Equipe")));
	assert_int_equal(direct(&d, "Mixed", "target"), R(WRITE_DACL));
	assert_false(graph_holds_only_tier0(d.model, made_find(&d, "Mixed")));
	struct graph_reach r = graph_reach(d.model, made_find(&d, "target"));

	/* Both groups, and the attacker; never the tier 0 member. */
	assert_int_equal(r.count, 3);
	for (size_t i = 0; i < r.count; i++)
		assert_ptr_not_equal(r.principals[i].who.object, made_find(&d, "boss"));
	made_free(&d);
}

static struct graph_wish wish_for_users(void *arg, const struct ad_object *o)
{
	(void)arg;
	return (struct graph_wish){
		.relations = o->kind == AD_USER ? R(GENERIC_ALL) | R(RESET_PASSWORD) : 0,
		.mask = RIGHT_DS_CONTROL_ACCESS,
	};
}

/* An entry on a unit is one cause, and so are two of its trustees there; what an account holds
 * itself is another. */
static void grants_are_told_by_cause(void **state)
{
	struct made d = { 0 };
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			BASE OU("Unit", SD("(A;CI;GA;;;" ATT ")(A;CI;GA;;;" TEAM ")"))
				USER_AT("CN=a,OU=Unit,DC=chu,DC=example", "a", "@1500",
					SD("(A;CIID;GA;;;" ATT ")(A;CIID;GA;;;" TEAM ")"))
					USER_AT("CN=b,OU=Unit,DC=chu,DC=example", "b", "@1501",
						SD("(A;;GA;;;" ATT ")(A;CIID;GA;;;" ATT ")"))
						USER_AT("CN=c,OU=Unit,DC=chu,DC=example", "c",
							"@1502", SD("(A;CIID;WD;;;" ATT ")"))),
		0);
	struct graph_grants g = graph_grants(d.model, wish_for_users, NULL, &a);

	assert_int_equal(g.count, 3);
	assert_ptr_equal(g.all[0].at, made_find(&d, "b"));
	assert_ptr_equal(g.all[0].by.object, made_find(&d, "attacker"));
	assert_int_equal(g.all[0].count, 1);
	assert_ptr_equal(g.all[1].at, made_find(&d, "Unit"));
	assert_ptr_equal(g.all[1].by.object, made_find(&d, "Equipe"));
	assert_int_equal(g.all[1].relations, R(GENERIC_ALL));
	assert_ptr_equal(g.all[2].at, made_find(&d, "Unit"));
	assert_ptr_equal(g.all[2].by.object, made_find(&d, "attacker"));
	assert_int_equal(g.all[2].count, 1);
	assert_true(graph_holds_only_tier0(d.model, made_find(&d, "Equipe")));
	assert_false(graph_holds_only_tier0(d.model, made_find(&d, "attacker")));
	arena_free(&a);
	made_free(&d);
}

static void what_was_not_read_is_unknown(void **state)
{
	struct made d = { 0 };
	const char *reason = NULL;

	(void)state;
	assert_int_equal(made_load(&d, BASE MADE_USER("blind", "@1500", "") OU("Shut", "") USER_AT(
					       "CN=in,OU=Shut,DC=chu,DC=example", "in", "@1501",
					       EMPTY) USER_AT("CN=safe,OU=Shut,DC=chu,DC=example",
					       "safe", "@1502", PROTECTED("(A;;RP;;;S-1-5-18)"))),
		0);
	assert_int_equal(graph_known(d.model, made_find(&d, "blind"), &reason), UNKNOWN);
	assert_string_equal(reason, "descriptor_not_readable");
	assert_int_equal(graph_known(d.model, made_find(&d, "in"), &reason), UNKNOWN);
	assert_string_equal(reason, "container_not_readable");
	assert_int_equal(graph_known(d.model, made_find(&d, "safe"), &reason), YES);
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ace_gives_what_it_says),
		cmocka_unit_test(guids_of_a_forest_come_from_its_schema),
		cmocka_unit_test(halves_of_laps_meet_in_a_token),
		cmocka_unit_test(halves_of_dcsync_meet_in_a_member),
		cmocka_unit_test(a_deleted_owner_is_nobody),
		cmocka_unit_test(alike_targets_keep_their_names),
		cmocka_unit_test(protected_delegates_are_known),
		cmocka_unit_test(a_group_of_tier_0_is_told_apart),
		cmocka_unit_test(tier_0_is_no_source_and_ends_paths),
		cmocka_unit_test(seven_steps_are_found),
		cmocka_unit_test(a_protected_dacl_ends_inheritance),
		cmocka_unit_test(links_are_honoured),
		cmocka_unit_test(attributes_make_edges_too),
		cmocka_unit_test(protocol_transition_is_an_edge),
		cmocka_unit_test(everybody_is_a_principal),
		cmocka_unit_test(loops_are_survived),
		cmocka_unit_test(one_descriptor_serves_many_objects),
		cmocka_unit_test(grants_are_told_by_cause),
		cmocka_unit_test(what_was_not_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
