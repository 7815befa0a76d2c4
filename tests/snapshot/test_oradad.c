/* --oradad: small runs, whole and damaged, into snapshots. Names of files carry '\', as where an
 * archive was extracted on a system whose separator is '/'. */
#include "base/platform.h"
#include "snapshot/oradad.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <stdio.h>
#include <string.h>

#define DOMAIN "domain\\ch.example\\"
#define USERS ",CN=Users,DC=ch,DC=example"

static struct buf root, tables;
static struct snapshot *made;

static int begin(void **state)
{
	struct err err;

	(void)state;
	made = NULL;
	buf_clear(&root);
	buf_clear(&tables);
	buf_putz(&tables, "ch.example_20260102-030405\n");
	return platform_make_temporary(&root, &err);
}

static int end(void **state)
{
	struct buf path = { 0 };

	(void)state;
	snapshot_close(made);
	platform_remove_all(buf_z(&root));
	platform_remove(help_path("oradad.adsnap"));
	buf_free(&path);
	buf_free(&root);
	buf_free(&tables);
	return 0;
}

static void put_file(const char *name, struct str bytes)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", buf_z(&root), name);
	help_write(path, bytes);
}

/* UTF-16LE of UTF-8 text below U+0800; '|' between cells, '~' for a bar, a row a line. */
static void put_rows(const char *name, const char *text)
{
	struct buf b = { 0 };

	buf_put_str(&b, STR("\xff\xfe"));
	for (const unsigned char *t = (const unsigned char *)text; *t; t++) {
		unsigned unit = *t == '|' ? '\t' : *t == '~' ? '|' : *t;

		if (unit >= 0xc0)
			unit = (unit & 0x1f) << 6 | (*++t & 0x3f);
		if (unit == '\n')
			buf_put(&b, "\r\0", 2);
		buf_putc(&b, (char)(unit & 0xff));
		buf_putc(&b, (char)(unit >> 8));
	}
	put_file(name, buf_str(&b));
	buf_free(&b);
}

/* A line of tables.tsv: columns separated by spaces; and its rows, unless NULL. */
static void put_table(const char *file, const char *name, const char *columns, const char *rows)
{
	struct str rest = str_of(columns);
	size_t n = 1;

	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == ' ';
	buf_printf(&tables, "%s\t%s\t%s\t%zu", file, name, name, n);
	while (rest.n) {
		struct str word = str_cut(rest, ' ', &rest);

		buf_printf(&tables, "\t%.*s\tnvarchar(255)", STR_ARG(word));
	}
	buf_putz(&tables, "\n");
	if (rows)
		put_rows(file, rows);
}

static void put_metadata(const char *rows)
{
	put_table("metadata.tsv", "metadata", "key value", rows);
}

#define TOP "dn shortname shortdn objectClass whenCreated isDeleted isRecycled description memberOf"
#define HEAD "DC=ch,DC=example|domain/ch.example||top;domain;domainDNS|2020-01-02 03:04:05||||\n"

static void put_top(const char *rows)
{
	put_table(DOMAIN "top.tsv", "domain_top", TOP, rows);
}

/* The tables that every run has, where the test names none of its own and leaves none out. */
static const char *left_out = "";

static void put_core(void)
{
	static const struct {
		const char *file, *name, *columns, *rows;
	} core[] = {
		{ DOMAIN "user.tsv", "domain_user", "dn", "" },
		{ DOMAIN "computer.tsv", "domain_computer", "dn", "" },
		{ DOMAIN "group.tsv", "domain_group", "dn", "" },
		{ DOMAIN "root.tsv", "domain_root", "dn", "DC=ch,DC=example\n" },
		{ "configuration\\top.tsv", "configuration_top", TOP, "" },
		{ "schema\\top.tsv", "schema_top", TOP, "" },
		{ "forestdns\\top.tsv", "forestdns_top", TOP, "" },
		{ "domaindns\\ch.example\\top.tsv", "domaindns_top", TOP, "" },
	};
	char line[80];

	for (size_t i = 0; i < ARRAY_LEN(core); i++) {
		snprintf(line, sizeof(line), "%s\t", core[i].file);
		if (!str_contains(buf_str(&tables), str_of(line)) &&
			strcmp(core[i].file, left_out) != 0)
			put_table(core[i].file, core[i].name, core[i].columns, core[i].rows);
	}
}

static int import(struct err *err)
{
	struct snapshot_writer *w;
	struct progress quiet;
	const char *path = help_path("oradad.adsnap");

	put_core();
	put_file("tables.tsv", buf_str(&tables));
	progress_init(&quiet, true);
	assert_int_equal(snapshot_create(path, &w, err), 0);
	if (oradad_import(w, buf_z(&root), true, &quiet, err)) {
		snapshot_abandon(w);
		return err->code;
	}
	return snapshot_finish(w, err) ? err->code : snapshot_open(path, &made, err);
}

static void imported(void)
{
	struct err err = { 0 };

	if (import(&err))
		fail_msg("%s", err.text);
}

static void refused(const char *part)
{
	struct err err = { 0 };

	assert_int_equal(import(&err), ERR_SOURCE);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" does not say \"%s\"", err.text, part);
}

static void expect(const char *dn, const char *attribute, const char *want)
{
	assert_str_equal(help_values(made, dn, attribute), want);
}

static void expect_meta(const char *key, const char *want)
{
	assert_str_equal(snapshot_meta(made, key), want);
}

/* Is this word in the list? */
static bool lists(const char *key, const char *word)
{
	struct str rest = snapshot_meta(made, key);

	while (rest.n)
		if (str_eq(str_cut(rest, ' ', &rest), str_of(word)))
			return true;
	return false;
}

static void expect_coverage(const char *need, enum coverage_state state, const char *detail)
{
	if (!help_has_coverage(made, need, state, detail))
		fail_msg("no \"%s\" \"%s\"", need, detail ? detail : "(any)");
}

#define USER "dn sAMAccountName userAccountControl userAccountControl_int pwdLastSet maxPwdAge"

static void rows_of_one_name_are_one_object(void **state)
{
	(void)state;
	put_top(HEAD "CN=Zoé" USERS
		     "|x|y|top;person;user|2020-01-02 03:04:05|||\"ouvert|CN=g;CN=h\n"
		     "CN=old" USERS "|x|y|top;user|2020-01-02 03:04:05|1|||\n"
		     "CN=older" USERS "|x|y|top;user|2020-01-02 03:04:05|1|1||\n"
		     "CN=box" USERS "|x|y|top;person;user|2020-01-02 03:04:05|0||d|\n");
	put_table(DOMAIN "user.tsv", "domain_user", USER,
		"CN=box" USERS "|box|NORMAL|512||\nCN=Zoé" USERS
		"|zoe|DISABLE \x21 512|514|2020-01-02 03:04:05|0:00:00:01\n");
	put_table(DOMAIN "root.tsv", "domain_root", "dn maxPwdAge_int maxPwdAge",
		"DC=ch,DC=example|-864000000000|1:00:00:00\n");
	imported();
	assert_int_equal(snapshot_object_count(made), 3);
	expect("CN=Zoé" USERS, "sAMAccountName", "zoe");
	expect("CN=Zoé" USERS, "userAccountControl", "514");
	expect("CN=Zoé" USERS, "description", "\"ouvert");
	expect("CN=Zoé" USERS, "memberOf", "CN=g|CN=h");
	expect("CN=Zoé" USERS, "pwdLastSet", "132224078450000000");
	expect("CN=Zoé" USERS, "maxPwdAge", "(none)");
	expect("CN=box" USERS, "userAccountControl", "512");
	expect("CN=box" USERS, "pwdLastSet", "(none)");
	expect("DC=ch,DC=example", "maxPwdAge", "-864000000000");
	expect("DC=ch,DC=example", "whenCreated", "20200102030405.0Z");
}

static void what_was_asked_is_known_by_class(void **state)
{
	(void)state;
	put_top(HEAD);
	put_table(DOMAIN "user.tsv", "domain_user", USER, "");
	put_table(
		DOMAIN "computer.tsv", "domain_computer", "dn msDS-RevealedUsers dNSHostName", "");
	put_table(DOMAIN "root.tsv", "domain_root", "dn minPwdLength", "DC=ch,DC=example|7\n");
	put_table(
		"domain\\b.example\\root.tsv", "domain_root", "dn minPwdLength pwdProperties", "");
	put_metadata("oradad~config~level|2\noradad~config~confidential|0\n");
	imported();
	assert_true(lists("attributes_asked", "description"));
	assert_false(lists("attributes_asked", "sAMAccountName"));
	assert_true(lists("attributes_asked_of_user", "userAccountControl"));
	/* In words alone it is computed wrongly. */
	assert_false(lists("attributes_asked_of_user", "maxPwdAge"));
	assert_true(lists("attributes_asked_of_computer", "dNSHostName"));
	/* What all domains have. */
	assert_true(lists("attributes_asked_of_domainDNS", "minPwdLength"));
	assert_false(lists("attributes_asked_of_domainDNS", "pwdProperties"));
	/* No table: nothing; but a dMSA is among the computers. */
	expect_meta("attributes_asked_of_msDS-PasswordSettings", "dn");
	assert_null(
		snapshot_meta(made, "attributes_asked_of_msDS-DelegatedManagedServiceAccount").p);
	expect_coverage("attribute member", COVERAGE_NOT_ASKED, "oradad_level 2");
	expect_coverage("attribute employeeID", COVERAGE_NOT_ASKED, "oradad_level 2");
	expect_coverage("attribute msLAPS-Password", COVERAGE_NOT_ASKED, "oradad_confidential");
	expect_coverage("attribute isDefunct", COVERAGE_NOT_ASKED, "oradad_never");
	assert_false(help_has_coverage(made, "attribute description", COVERAGE_NOT_ASKED, NULL));
}

/* Several SIDs of an account in a version that keeps the first of them look like one. */
static void one_sid_of_an_old_version_may_not_be_all(void **state)
{
	static const struct {
		const char *version, *cell;
		bool doubtful;
	} rows[] = { { "3.5.214.0", "S-1-5-21-9-9-9-1105", true },
		{ "3.6.217.0", "S-1-5-21-9-9-9-1105", true }, { "", "S-1-5-21-9-9-9-1105", true },
		{ "3.6.218.0", "S-1-5-21-9-9-9-1105", false },
		{ "4.0.1.0", "S-1-5-21-9-9-9-1105", false },
		{ "3.6.218.0", "S-1-5-21-9-9-9-1105;S-1-5-21-9-9-9-512", false },
		{ "3.5.214.0", "", false } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[200];

		end(state);
		begin(state);
		snprintf(text, sizeof(text), "oradad_version|%s\n", rows[i].version);
		put_metadata(*rows[i].version ? text : "");
		put_top(HEAD "CN=eve" USERS "|x|y|top;person;user|2020-01-02 03:04:05||||\n");
		snprintf(text, sizeof(text), "CN=eve" USERS "|eve|%s\n", rows[i].cell);
		put_table(DOMAIN "user.tsv", "domain_user", "dn sAMAccountName sIDHistory", text);
		put_table(DOMAIN "root.tsv", "domain_root", "dn minPwdLength",
			"DC=ch,DC=example|7\n");
		imported();
		assert_int_equal(help_has_coverage(made, "attribute sIDHistory", COVERAGE_TRUNCATED,
					 "oradad_cut CN=eve" USERS),
			rows[i].doubtful);
	}
}

#define ROOT_DSE "server currentTime defaultNamingContext rootDomainNamingContext tokenGroups"

static void the_reader_has_what_all_domains_give_him(void **state)
{
	(void)state;
	put_metadata("oradad_version|3.6.218.0\nforest~systemtime|20260102-030405\n");
	put_top(HEAD);
	put_table(DOMAIN "rootDSE.tsv", "domain_rootDSE", ROOT_DSE,
		"dc2|2026-01-01 00:00:00|DC=b,DC=ch,DC=example|DC=ch,DC=example|S-1-5-11;S-1-5-32-"
		"544;S-1-1-0\n"
		"dc1|2026-01-01 00:00:01|DC=ch,DC=example|DC=ch,DC=example|S-1-1-0;S-1-5-11\n");
	imported();
	expect_meta("source", "oradad");
	expect_meta("oradad_version", "3.6.218.0");
	expect_meta("collected_at", "2026-01-02T03:04:05Z");
	expect_meta("reader_token", "S-1-5-11 S-1-1-0");
	expect("", "defaultNamingContext", "DC=ch,DC=example");
	assert_false(help_has_coverage(made, "identity", COVERAGE_NOTE, NULL));
}

static void a_reader_unknown_in_one_domain_is_unknown(void **state)
{
	(void)state;
	put_metadata("forest~systemtime|novembre\n");
	put_top(HEAD);
	put_table(DOMAIN "rootDSE.tsv", "domain_rootDSE", ROOT_DSE,
		"dc1|2026-01-01 00:00:01|DC=ch,DC=example|DC=ch,DC=example|S-1-1-0\n"
		"dc2|2026-01-01 00:00:00|DC=b,DC=ch,DC=example|DC=ch,DC=example|\n");
	imported();
	assert_null(snapshot_meta(made, "reader_token").p);
	expect_meta("collected_at", "2026-01-01T00:00:01Z");
	expect_coverage("identity", COVERAGE_NOTE, "reader_unknown");
}

static void what_is_cut_or_damaged_is_said_of_its_object(void **state)
{
	(void)state;
	put_top(HEAD "CN=g" USERS "|x|y|top;group|2020-01-02 03:04:05||||\n"
		     "CN=h" USERS "|x|y|top;group|hier||||\n"
		     "|x|y|top;group|2020-01-02 03:04:05||||\n");
	put_table(DOMAIN "group.tsv", "domain_group", "dn member",
		"CN=g" USERS "|CN=a" USERS ";CN=b" USERS ";;;\nCN=h" USERS "|CN=a" USERS "\n");
	put_file("oradad.log",
		STR("2026/01/02 - 03:04:05.000\t3\tldap.cpp\tProcess\t10\tAttribute is truncated "
		    "(CN=g,CN=Users,DC=ch,DC=example|member).\r\n"
		    "t\t3\tldap.cpp\tProcess\t10\tAttribute is truncated (CN=(h)|i,DC=ch|"
		    "member).\r\n"
		    "t\t2\tldap.cpp\tProcess\t11\t[!] Cannot read \xc9tienne.\r\n"
		    "t\t4\tldap.cpp\tpGetRangedAttribute\t12\tError in ldap_search_s() (error 1: "
		    "x).\r\n"
		    "t\t4\tldap.cpp\tProcess\t12\tFinished: 12 objects.\r\n"));
	imported();
	expect("CN=g" USERS, "member", "CN=a" USERS "|CN=b" USERS);
	expect_coverage("attribute member", COVERAGE_TRUNCATED, "oradad_cut CN=g" USERS);
	expect_coverage("attribute member", COVERAGE_TRUNCATED, "oradad_cut CN=(h)|i,DC=ch");
	expect_coverage("attribute whenCreated", COVERAGE_MALFORMED, "bad_cell CN=h" USERS);
	expect_coverage("record " DOMAIN "top.tsv", COVERAGE_MALFORMED, "bad_dn line 4");
	expect_coverage("source oradad", COVERAGE_NOTE, "oradad_error [!] Cannot read Étienne.");
	expect_coverage("source oradad", COVERAGE_TRUNCATED,
		"oradad_error Error in ldap_search_s() (error 1: x).");
	size_t cuts = 0;
	for (size_t i = 0; i < snapshot_coverage_count(made); i++)
		cuts += str_starts(snapshot_coverage_at(made, i).detail, STR("oradad_cut CN=g"));
	assert_int_equal(cuts, 1);
}

/* However many others stand before it. */
static void a_list_that_broke_off_is_told_behind_any_number_of_errors(void **state)
{
	struct buf log = { 0 };

	(void)state;
	put_top(HEAD);
	for (int i = 0; i < 1000; i++)
		buf_printf(&log, "t\t2\tldap.cpp\tProcess\t11\t[!] Cannot read %d.\r\n", i);
	buf_putz(&log, "t\t4\tldap.cpp\tpGetRangedAttribute\t12\tError in ldap_search_s().\r\n");
	put_file("oradad.log", buf_str(&log));
	buf_free(&log);
	imported();
	expect_coverage(
		"source oradad", COVERAGE_TRUNCATED, "oradad_error Error in ldap_search_s().");
	assert_false(help_has_coverage(made, "source oradad", COVERAGE_NOTE, "no_log"));
	assert_in_range(snapshot_coverage_count(made), 101, 500);
}

static void a_log_that_is_not_there_is_said(void **state)
{
	(void)state;
	put_top(HEAD);
	imported();
	expect_coverage("source oradad", COVERAGE_NOTE, "no_log");
}

/* A name that a code page may have changed is looked for in vain: all is in doubt. */
static void a_cut_name_that_is_not_ascii_puts_all_in_doubt(void **state)
{
	(void)state;
	put_top(HEAD);
	put_file("oradad.log", STR("t\t3\tl\tf\t1\tAttribute is truncated (CN=\x82|member).\r\n"));
	imported();
	expect_coverage("source oradad", COVERAGE_TRUNCATED, NULL);
}

static void objects_of_one_kind_of_table_alone_are_known_in_part(void **state)
{
	(void)state;
	put_top(HEAD "CN=u" USERS "|x|y|top;user|2020-01-02 03:04:05||||\n"
		     "CN=i" USERS "|x|y|top;user;inetOrgPerson|2020-01-02 03:04:05||||\n"
		     "CN=d" USERS "|x|y|top;user;computer;msDS-DelegatedManagedServiceAccount||||"
		     "|\n"
		     "CN=c" USERS "|x|y|top;container|2020-01-02 03:04:05||||\n");
	put_table(DOMAIN "user.tsv", "domain_user", "dn sAMAccountName",
		"CN=i" USERS "|i\nCN=new" USERS "|new\n");
	put_table(DOMAIN "computer.tsv", "domain_computer", "dn sAMAccountName dNSHostName",
		"CN=d" USERS "|d$|d.ch.example\n");
	put_table(DOMAIN "root.tsv", "domain_root", "dn", "DC=ch,DC=example\n");
	imported();
	expect("CN=d" USERS, "dNSHostName", "d.ch.example");
	expect("CN=new" USERS, "sAMAccountName", "new");
	/* It was made behind the back of the request for top. */
	expect("CN=new" USERS, "objectClass", "user");
	expect_coverage("object CN=new" USERS, COVERAGE_TRUNCATED, "not_in_top");
	expect_coverage("object CN=u" USERS, COVERAGE_TRUNCATED, "not_in_typed");
	assert_false(help_has_coverage(made, "object CN=i" USERS, COVERAGE_TRUNCATED, NULL));
	assert_false(help_has_coverage(made, "object CN=d" USERS, COVERAGE_TRUNCATED, NULL));
	assert_false(help_has_coverage(made, "object CN=c" USERS, COVERAGE_TRUNCATED, NULL));
	assert_false(help_has_coverage(made, "object DC=ch,DC=example", COVERAGE_TRUNCATED, NULL));
}

static void two_tables_of_one_object_are_merged(void **state)
{
	(void)state;
	put_top(HEAD "CN=d" USERS "|x|y|top;user;computer;msDS-DelegatedManagedServiceAccount||||"
		     "|\n");
	put_table(DOMAIN "computer.tsv", "domain_computer", "dn sAMAccountName adminCount",
		"CN=d" USERS "|d$|\n");
	put_table(DOMAIN "dmsa.tsv", "domain_dmsa", "dn sAMAccountName adminCount",
		"CN=d" USERS "|d$|1\n");
	imported();
	expect("CN=d" USERS, "sAMAccountName", "d$");
	expect("CN=d" USERS, "adminCount", "1");
}

static void a_table_whose_file_is_missing_was_not_asked(void **state)
{
	(void)state;
	put_top(HEAD "OU=u,DC=ch,DC=example|x|y|top;organizationalUnit|2020-01-02 03:04:05||||\n");
	put_table(DOMAIN "ou.tsv", "domain_ou", "dn gPLink", NULL);
	imported();
	expect_meta("attributes_asked_of_organizationalUnit", "dn");
	expect_coverage("table " DOMAIN "ou.tsv", COVERAGE_MISSING, "no_file");
	assert_false(
		help_has_coverage(made, "object OU=u,DC=ch,DC=example", COVERAGE_TRUNCATED, NULL));
	assert_false(help_has_coverage(made, "source oradad", COVERAGE_TRUNCATED, NULL));
}

static void without_a_top_nothing_is_whole(void **state)
{
	(void)state;
	put_top(HEAD);
	put_table("configuration\\top.tsv", "configuration_top", TOP, NULL);
	imported();
	expect_coverage("source oradad", COVERAGE_TRUNCATED, "no_file");
}

/* ORADAD names the tables of contexts that are not there as well. */
static void a_top_that_is_not_named_is_missing(void **state)
{
	static const struct {
		const char *file, *need;
		bool all; /* nothing is whole without it */
	} tops[] = {
		{ "configuration\\top.tsv", "table configuration\\top.tsv", true },
		{ "schema\\top.tsv", "table schema\\top.tsv", true },
		{ "forestdns\\top.tsv", "context DC=ForestDnsZones,DC=ch,DC=example", false },
		{ "domaindns\\ch.example\\top.tsv", "context DC=DomainDnsZones,DC=ch,DC=example",
			false },
	};

	(void)state;
	put_top(HEAD);
	put_table(DOMAIN "rootDSE.tsv", "domain_rootDSE", ROOT_DSE,
		"dc1|2026-01-01 00:00:01|DC=ch,DC=example|DC=ch,DC=example|S-1-1-0\n");
	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		size_t named = tables.n;

		left_out = tops[i].file;
		imported();
		expect_coverage(tops[i].need, COVERAGE_MISSING, "no_file");
		assert_int_equal(help_has_coverage(made, "source oradad", COVERAGE_TRUNCATED, NULL),
			tops[i].all);
		snapshot_close(made);
		made = NULL;
		tables.n = named;
	}
	left_out = "";
	imported();
	assert_false(help_has_coverage(made, "source oradad", COVERAGE_TRUNCATED, NULL));
	assert_false(help_has_coverage(
		made, "context DC=ForestDnsZones,DC=ch,DC=example", COVERAGE_MISSING, NULL));
}

static void a_domain_without_its_accounts_is_refused(void **state)
{
	(void)state;
	put_top(HEAD);
	put_table(DOMAIN "user.tsv", "domain_user", "dn sAMAccountName", NULL);
	refused("user.tsv is not there");
}

static void an_empty_cell_of_a_read_only_controller_is_no_empty_list(void **state)
{
	(void)state;
	put_top(HEAD "CN=r" USERS "|x|y|top;user;computer|2020-01-02 03:04:05||||\n"
		     "CN=f" USERS "|x|y|top;user;computer|2020-01-02 03:04:05||||\n"
		     "CN=c" USERS "|x|y|top;user;computer|2020-01-02 03:04:05||||\n");
	put_table(DOMAIN "nTDSDSA.tsv", "domain_nTDSDSA", "dn msDS-RevealedUsers",
		"CN=NTDS Settings" USERS "|\n");
	put_table(DOMAIN "computer.tsv", "domain_computer", "dn msDS-RevealedUsers primaryGroupID",
		"CN=r" USERS "||521\nCN=f" USERS "|423a323a30303a434e3d61|521\nCN=c" USERS
		"||515\n");
	imported();
	expect_coverage(
		"attribute msDS-RevealedUsers", COVERAGE_TRUNCATED, "oradad_cut CN=r" USERS);
	assert_false(help_has_coverage(
		made, "attribute msDS-RevealedUsers", COVERAGE_TRUNCATED, "oradad_cut CN=f" USERS));
	assert_false(help_has_coverage(
		made, "attribute msDS-RevealedUsers", COVERAGE_TRUNCATED, "oradad_cut CN=c" USERS));
	assert_false(help_has_coverage(made, "attribute msDS-RevealedUsers", COVERAGE_TRUNCATED,
		"oradad_cut CN=NTDS Settings" USERS));
	assert_true(lists("attributes_asked_of_computer", "msDS-RevealedUsers"));
}

static void secrets_are_never_kept(void **state)
{
	(void)state;
	put_top(HEAD "CN=u" USERS "|x|y|top;user|2020-01-02 03:04:05||||\n");
	put_table(DOMAIN "user.tsv", "domain_user", "dn userPassword ms-Mcs-AdmPwd msLAPS-Password",
		"CN=u" USERS "|536563726574|Secret|Secret\n");
	imported();
	for (size_t i = 0; i < snapshot_attribute_count(made); i++)
		assert_false(snapshot_is_secret(snapshot_attribute_name(made, (uint32_t)i)));
	expect("CN=u" USERS, "ms-Mcs-AdmPwd", "(none)");
}

static void what_is_no_whole_run_is_refused(void **state)
{
	(void)state;
	put_table("configuration\\top.tsv", "configuration_top", TOP, "");
	refused("names no domain");
}

static void a_top_without_classes_is_refused(void **state)
{
	(void)state;
	put_table(DOMAIN "top.tsv", "domain_top", "dn cn isDeleted", "");
	refused("objectClass");
}

static void a_row_of_another_length_is_refused(void **state)
{
	(void)state;
	put_top(HEAD);
	put_table(DOMAIN "user.tsv", "domain_user", "dn sAMAccountName", "CN=u|u|v\n");
	refused("user.tsv:1:");
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN(rows_of_one_name_are_one_object),
		RUN(what_was_asked_is_known_by_class),
		RUN(one_sid_of_an_old_version_may_not_be_all),
		RUN(the_reader_has_what_all_domains_give_him),
		RUN(a_reader_unknown_in_one_domain_is_unknown),
		RUN(what_is_cut_or_damaged_is_said_of_its_object),
		RUN(a_list_that_broke_off_is_told_behind_any_number_of_errors),
		RUN(a_log_that_is_not_there_is_said),
		RUN(a_cut_name_that_is_not_ascii_puts_all_in_doubt),
		RUN(objects_of_one_kind_of_table_alone_are_known_in_part),
		RUN(two_tables_of_one_object_are_merged),
		RUN(a_table_whose_file_is_missing_was_not_asked),
		RUN(without_a_top_nothing_is_whole),
		RUN(a_top_that_is_not_named_is_missing),
		RUN(a_domain_without_its_accounts_is_refused),
		RUN(an_empty_cell_of_a_read_only_controller_is_no_empty_list),
		RUN(secrets_are_never_kept),
		RUN(what_is_no_whole_run_is_refused),
		RUN(a_top_without_classes_is_refused),
		RUN(a_row_of_another_length_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
