/* The file: what goes in comes out, secrets never go in, and nothing but a whole one is opened. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/platform.h"
#include "tests/base/check.h"
#include "tests/snapshot/help.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct snapshot_writer *create(const char *path)
{
	struct snapshot_writer *w = NULL;
	struct err err = { 0 };

	if (snapshot_create(path, &w, &err))
		fail_msg("%s", err.text);
	return w;
}

static void put(struct snapshot_writer *w, const char *dn, const struct raw_attr *attrs, size_t n)
{
	struct raw_object o = { str_of(dn), attrs, n };
	struct err err = { 0 };

	if (snapshot_put(w, &o, &err))
		fail_msg("%s", err.text);
}

static void finish(struct snapshot_writer *w)
{
	struct err err = { 0 };

	if (snapshot_finish(w, &err))
		fail_msg("%s", err.text);
}

static struct snapshot *open_good(const char *path)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };

	if (snapshot_open(path, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

/* A snapshot of 200 objects with three descriptors. */
static void write_example(const char *path)
{
	struct snapshot_writer *w = create(path);
	struct err err = { 0 };
	char filler[900];

	memset(filler, 'f', sizeof(filler));
	for (unsigned i = 0; i < 200; i++) {
		char dn[64], guid[16] = { 0 }, sd[64];

		snprintf(dn, sizeof(dn), "CN=user %u,OU=x,DC=chu,DC=example", i);
		guid[0] = (char)i;
		memset(sd, (int)(i % 3) + 1, sizeof(sd));
		struct str class[] = { STR("top"), STR("user") }, g = { guid, 16 },
			   d = { sd, sizeof(sd) }, f = { filler, sizeof(filler) };
		struct raw_attr attrs[] = {
			{ STR("objectClass"), class, 2 },
			{ STR("objectGUID"), &g, 1 },
			{ STR("nTSecurityDescriptor"), &d, 1 },
			{ STR("description"), &f, 1 },
			{ STR("member"), NULL, 0 },
		};
		put(w, dn, attrs, ARRAY_LEN(attrs));
	}
	assert_int_equal(snapshot_put_meta(w, META_SOURCE, STR("ldap"), &err), 0);
	assert_int_equal(snapshot_put_coverage(
				 w, STR("context DC=x"), COVERAGE_DENIED, STR("code 50"), &err),
		0);
	assert_int_equal(snapshot_put_log(w, STR("a line"), &err), 0);
	finish(w);
}

struct seen {
	uint64_t objects;
	size_t descriptors[3];
};

static int look(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct seen *seen = cx;
	char dn[64];

	(void)err;
	snprintf(dn, sizeof(dn), "CN=user %u,OU=x,DC=chu,DC=example", (unsigned)seen->objects++);
	assert_str_equal(r->dn, dn);
	assert_true(r->descriptor < 3);
	seen->descriptors[r->descriptor]++;
	struct packed_cursor c = packed_begin(r->packed);
	size_t attributes = 0;
	while (packed_next(&c))
		attributes++;
	assert_int_equal(attributes, 3); /* no descriptor, and no attribute without values */
	assert_false(c.bad);
	return 0;
}

static void test_round_trip(void **state)
{
	const char *path =
		help_path("round ?%#.adsnap"); /* characters that mean something in a URI */
	struct seen seen = { 0 };
	struct err err = { 0 };

	(void)state;
	write_example(path);
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_object_count(s), 200);
	assert_int_equal(snapshot_each(s, look, &seen, &err), 0);
	assert_int_equal(seen.objects, 200);
	assert_int_equal(snapshot_descriptor_count(s), 3);
	assert_int_equal(seen.descriptors[0] + seen.descriptors[1] + seen.descriptors[2], 200);
	assert_int_equal(seen.descriptors[2], 66);
	assert_int_equal(snapshot_descriptor(s, 1).n, 64);
	assert_int_equal(snapshot_descriptor(s, 1).p[63], 2);
	assert_str_equal(snapshot_meta(s, META_SOURCE), "ldap");
	assert_null(snapshot_meta(s, META_SERVER).p);
	assert_int_equal(snapshot_coverage_count(s), 1);
	assert_true(help_has_coverage(s, "context DC=x", COVERAGE_DENIED, "code 50"));
	assert_str_equal(
		help_values(s, "cn=USER 7,OU=x,DC=chu,DC=example", "objectClass"), "top|user");
	assert_str_equal(help_values(s, "cn=USER 8", "cn"), "(no object)");
	snapshot_close(s);
	platform_remove(path);
}

static int stop_at_third(void *cx, const struct snapshot_record *r, struct err *err)
{
	(void)r;
	(void)err;
	return ++*(int *)cx == 3 ? 42 : 0;
}

static void test_callback_stops(void **state)
{
	const char *path = help_path("stop.adsnap");
	struct err err = { 0 };
	int calls = 0;

	(void)state;
	write_example(path);
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_each(s, stop_at_third, &calls, &err), 42);
	assert_int_equal(calls, 3);
	snapshot_close(s);
	platform_remove(path);
}

static const char *const secret_names[] = { "unicodePwd", "dBCSPwd", "lmPwdHistory", "ntPwdHistory",
	"supplementalCredentials", "userPassword", "unixUserPassword", "msSFU30Password",
	"ms-Mcs-AdmPwd", "ms-Mcs-AdmPwdHistory", "msLAPS-Password", "msLAPS-EncryptedPassword",
	"msLAPS-EncryptedPasswordHistory", "msLAPS-EncryptedDSRMPassword",
	"msLAPS-EncryptedDSRMPasswordHistory", "msDS-ManagedPassword", "msFVE-RecoveryPassword",
	"msFVE-KeyPackage", "msTPM-OwnerInformation", "msTPM-OwnerInformationTemp",
	"msKds-RootKeyData", "trustAuthIncoming", "trustAuthOutgoing", "initialAuthIncoming",
	"initialAuthOutgoing", "currentValue", "priorValue", "msPKIAccountCredentials",
	"msPKIDPAPIMasterKeys", "msPKI-CredentialRoamingTokens" };

static void test_secret_list(void **state)
{
	static const char *const open[] = { "ms-Mcs-AdmPwdExpirationTime",
		"msLAPS-PasswordExpirationTime", "msDS-ManagedPasswordId",
		"msDS-ManagedPasswordInterval", "msDS-ManagedPasswordPreviousId", "pwdLastSet",
		"trustAttributes", "msFVE-RecoveryGuid", "msKds-CreateTime", "currentTime",
		"unicodePwdX", "xunicodePwd", "", ";" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(secret_names); i++) {
		char other[128];
		size_t n = (size_t)snprintf(
			other, sizeof(other), "%s;range=0-*;binary", secret_names[i]);

		assert_true(snapshot_is_secret(str_of(secret_names[i])));
		assert_true(snapshot_is_secret((struct str){ other, n }));
		for (size_t k = 0; k < n; k++)
			if (other[k] >= 'a' && other[k] <= 'z')
				other[k] = (char)(other[k] - 32);
		assert_true(snapshot_is_secret((struct str){ other, n }));
	}
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		assert_false(snapshot_is_secret(str_of(open[i])));
}

static void test_secrets_are_not_in_the_file(void **state)
{
	const char *path = help_path("secret.adsnap");
	struct snapshot_writer *w = create(path);
	struct str value = STR("Tr0ub4dor-and-3"), two[] = { value, value };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(secret_names); i++) {
		char dn[64];
		struct raw_attr attrs[] = { { STR("cn"), &value, 0 },
			{ str_of(secret_names[i]), two, 2 } };

		snprintf(dn, sizeof(dn), "CN=%zu", i);
		put(w, dn, attrs, 2);
	}
	finish(w);
	struct str file = help_read(path);
	for (size_t i = 0; i + value.n <= file.n; i++)
		assert_int_not_equal(memcmp(file.p + i, value.p, value.n), 0);
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_object_count(s), ARRAY_LEN(secret_names));
	assert_int_equal(snapshot_coverage_count(s), ARRAY_LEN(secret_names));
	for (size_t i = 0; i < ARRAY_LEN(secret_names); i++) {
		char need[96];

		snprintf(need, sizeof(need), "attribute %s", secret_names[i]);
		assert_true(help_has_coverage(s, need, COVERAGE_NOTE, "secret_dropped 2"));
	}
	snapshot_close(s);
	free((void *)(uintptr_t)file.p);
	platform_remove(path);
}

static void test_duplicates(void **state)
{
	const char *path = help_path("dup.adsnap");
	struct snapshot_writer *w = create(path);
	struct str one = STR("one"), other = STR("two");
	struct raw_attr first = { STR("cn"), &one, 1 }, second = { STR("cn"), &other, 1 };

	(void)state;
	put(w, "CN=a,DC=x", &first, 1);
	put(w, "cn=A,dc=X", &second, 1);
	for (unsigned i = 0; i < LIMIT_DUPLICATES_NAMED + 9; i++)
		put(w, "CN=a,DC=x", &second, 1);
	put(w, "CN=b,DC=x", &second, 1);
	assert_int_equal(snapshot_count(w), 2);
	finish(w);
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_object_count(s), 2);
	assert_str_equal(help_values(s, "CN=a,DC=x", "cn"), "one");
	assert_true(help_has_coverage(s, "object cn=A,dc=X", COVERAGE_NOTE, "duplicate_dn"));
	assert_true(help_has_coverage(s, "objects", COVERAGE_NOTE, "duplicate_dn_total 1010"));
	assert_int_equal(snapshot_coverage_count(s), LIMIT_DUPLICATES_NAMED + 1);
	snapshot_close(s);
	platform_remove(path);
}

static void test_repeated_attribute_is_merged(void **state)
{
	const char *path = help_path("merge.adsnap");
	struct snapshot_writer *w = create(path);
	struct str v[] = { STR("1"), STR("2"), STR("3") };
	struct raw_attr attrs[] = { { STR("member"), v, 1 }, { STR("cn"), v, 1 },
		{ STR("MEMBER"), v + 1, 2 } };

	(void)state;
	put(w, "CN=a", attrs, 3);
	finish(w);
	struct snapshot *s = open_good(path);
	assert_str_equal(help_values(s, "CN=a", "member"), "1|2|3");
	assert_int_equal(snapshot_attribute_count(s), 2);
	snapshot_close(s);
	platform_remove(path);
}

static void test_damaged_objects(void **state)
{
	const char *path = help_path("damaged.adsnap");
	struct snapshot_writer *w = create(path);
	static char long_dn[LIMIT_DN_BYTES + 2], big[LIMIT_SECDESC_BYTES + 1];
	struct str v = STR("x"), none = STR(""), large = { big, sizeof(big) }, two[] = { v, v };
	struct raw_attr bad_name = { STR("a b\n"), &v, 1 },
			sd = { STR("nTSecurityDescriptor"), two, 2 },
			empty_sd = { STR("ntsecuritydescriptor"), &none, 1 },
			big_sd = { STR("nTSecurityDescriptor"), &large, 1 };

	(void)state;
	memset(long_dn, 'x', sizeof(long_dn) - 1);
	put(w, long_dn, &bad_name, 1);
	put(w, "CN=a", &bad_name, 1);
	put(w, "CN=b", &sd, 1);
	put(w, "CN=c", &empty_sd, 1);
	put(w, "CN=d", &big_sd, 1);
	finish(w);
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_object_count(s), 4);
	assert_int_equal(snapshot_descriptor_count(s), 0);
	assert_int_equal(snapshot_coverage_count(s), 5);
	assert_true(help_has_coverage(s, "object CN=a", COVERAGE_MALFORMED, "bad_attribute_name"));
	assert_true(help_has_coverage(
		s, "attribute nTSecurityDescriptor", COVERAGE_MALFORMED, "several_values CN=b"));
	assert_true(help_has_coverage(
		s, "attribute nTSecurityDescriptor", COVERAGE_MALFORMED, "bad_size CN=c"));
	assert_true(help_has_coverage(
		s, "attribute nTSecurityDescriptor", COVERAGE_MALFORMED, "bad_size CN=d"));
	snapshot_close(s);
	platform_remove(path);
}

static void test_older_file_stays(void **state)
{
	const char *path = help_path("older.adsnap");
	struct buf partial = { 0 };

	(void)state;
	help_write(path, STR("older"));
	struct snapshot_writer *w = create(path);
	buf_printf(&partial, "%s.partial-%ld", path, platform_pid());
	assert_true(platform_exists(buf_z(&partial)));
	snapshot_abandon(w);
	assert_false(platform_exists(buf_z(&partial)));
	struct str bytes = help_read(path);
	assert_str_equal(bytes, "older");
	free((void *)(uintptr_t)bytes.p);
	w = create(path);
	finish(w);
	assert_false(platform_exists(buf_z(&partial)));
	struct snapshot *s = open_good(path);
	assert_int_equal(snapshot_object_count(s), 0);
	snapshot_close(s);
	snapshot_abandon(NULL);
	buf_free(&partial);
	platform_remove(path);
}

static int count_all(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct packed_cursor c = packed_begin(r->packed);

	(void)err;
	while (packed_next(&c))
		while (packed_value(&c).p)
			;
	assert_false(c.bad);
	++*(uint64_t *)cx;
	return 0;
}

/* 0 when the file opens and gives every object it promises, else the error. */
static int count_sysvol(void *cx, struct str path, struct str bytes, struct err *err)
{
	(void)bytes;
	(void)err;
	*(size_t *)cx += path.n;
	return 0;
}

static int read_all(const char *path, struct err *err)
{
	struct snapshot *s = NULL;
	uint64_t n = 0;
	int code = snapshot_open(path, &s, err);

	if (code)
		return code;
	code = snapshot_each(s, count_all, &n, err);
	if (!code)
		assert_int_equal(n, snapshot_object_count(s));
	if (!code)
		code = snapshot_each_sysvol(s, count_sysvol, &(size_t){ 0 }, err);
	snapshot_close(s);
	return code;
}

static void test_every_truncation_is_refused(void **state)
{
	const char *path = help_path("cut.adsnap");

	(void)state;
	write_example(path);
	struct str whole = help_read(path);
	for (size_t n = 0; n < whole.n; n += n % 16384 ? 16384 - n % 16384 : 4096 + 1) {
		struct err err = { 0 };

		help_write(path, (struct str){ whole.p, n });
		assert_int_equal(read_all(path, &err), ERR_SOURCE);
		assert_non_null(strstr(err.text, path));
	}
	free((void *)(uintptr_t)whole.p);
	platform_remove(path);
}

/* Single damaged bytes: an error or a whole directory, never a part of one (read_all asserts), and
 * nothing that a sanitizer finds. */
static void test_flipped_bytes(void **state)
{
	const char *path = help_path("flip.adsnap");
	size_t refused = 0;

	(void)state;
	write_example(path);
	struct str whole = help_read(path);
	char *copy = malloc(whole.n);
	assert_non_null(copy);
	for (size_t at = 0; at < whole.n; at += at < 4096 ? 7 : 997) {
		struct err err = { 0 };

		memcpy(copy, whole.p, whole.n);
		copy[at] = (char)(copy[at] ^ 0xff);
		help_write(path, (struct str){ copy, whole.n });
		refused += read_all(path, &err) != 0;
	}
	assert_true(refused > 5);
	free(copy);
	free((void *)(uintptr_t)whole.p);
	platform_remove(path);
}

static void test_files_that_are_none(void **state)
{
	static const struct str files[] = { { "", 0 }, { "dn: DC=x\n", 9 },
		{ "SQLite format 3\0", 16 } };
	const char *path = help_path("none.adsnap");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct err err = { 0 };

		help_write(path, files[i]);
		assert_int_equal(read_all(path, &err), ERR_SOURCE);
		assert_non_null(strstr(err.text, path));
	}
	platform_remove(path);
	struct err err = { 0 };
	assert_int_equal(read_all(path, &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(read_all(".", &err), ERR_SOURCE);
	assert_non_null(strstr(err.text, "folder"));
}

static void change(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA writable_schema=ON;PRAGMA journal_mode=OFF", NULL, NULL, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, &message))
		fail_msg("%s: %s", sql, message);
	sqlite3_close(db);
}

static void test_crafted_files(void **state)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "PRAGMA application_id=1", "not an adhygiene snapshot" },
		{ "PRAGMA user_version=2", "format 2" },
		{ "DELETE FROM meta WHERE key='complete'", "never finished" },
		{ "UPDATE meta SET value='0' WHERE key='complete'", "never finished" },
		{ "UPDATE meta SET key='o' WHERE key='objects'", "never finished" },
		{ "DELETE FROM object WHERE id=199", "objects are missing" },
		{ "DELETE FROM meta WHERE id=0", "damaged" },
		{ "DELETE FROM object WHERE id=7", "damaged" },
		{ "DELETE FROM descriptor WHERE id=2", "damaged" },
		{ "UPDATE meta SET value='20000000' WHERE key='objects'", "objects are missing" },
		{ "UPDATE object SET descriptor=3 WHERE id=9", "damaged" },
		{ "UPDATE object SET descriptor=-1 WHERE id=9", "damaged" },
		{ "UPDATE object SET descriptor='x' WHERE id=9", "damaged" },
		{ "UPDATE object SET packed=x'0500' WHERE id=9", "damaged" },
		{ "UPDATE object SET packed='text' WHERE id=9", "damaged" },
		{ "UPDATE object SET packed=x'7f0100' WHERE id=9", "damaged" },
		{ "UPDATE object SET dn=x'00' WHERE id=9", "damaged" },
		{ "UPDATE coverage SET state='fine'", "damaged" },
		{ "UPDATE attribute SET name='unicodePwd' WHERE id=0", "damaged" },
		{ "UPDATE attribute SET name='' WHERE id=0", "damaged" },
		{ "UPDATE attribute SET id=-1 WHERE id=0", "damaged" },
		{ "DROP TABLE sysvol_file", "tables" },
		{ "INSERT INTO sysvol_file VALUES(0,'a',x'00')", "SYSVOL" },
		{ "CREATE TABLE more(x)", "tables" },
		{ "CREATE INDEX i ON object(dn)", "tables" },
		{ "CREATE TRIGGER t AFTER INSERT ON log BEGIN SELECT 1; END", "tables" },
		{ "DROP TABLE log; CREATE VIEW log AS SELECT 0 AS id,'x' AS text", "tables" },
		{ "UPDATE sqlite_schema SET type='view',rootpage=0,sql='CREATE VIEW object AS "
		  "WITH RECURSIVE r(id) AS (SELECT 0 UNION ALL SELECT id+1 FROM r) SELECT id,"
		  "''CN=x'' AS dn,NULL AS descriptor,x'''' AS packed FROM r' WHERE name='object'",
			"tables" },
		{ "UPDATE sqlite_schema SET rootpage=(SELECT rootpage FROM sqlite_schema WHERE "
		  "name='meta') WHERE name='object'",
			"damaged" },
	};
	const char *path = help_path("crafted.adsnap");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		platform_remove(path);
		write_example(path);
		assert_int_equal(read_all(path, &err), 0);
		change(path, cases[i].sql);
		assert_int_equal(read_all(path, &err), ERR_SOURCE);
		if (!strstr(err.text, cases[i].says) || !strstr(err.text, path))
			fail_msg("%s: %s", cases[i].sql, err.text);
	}
	platform_remove(path);
}

static void test_same_input_same_bytes(void **state)
{
	const char *one = help_path("one.adsnap"), *two = help_path("two.adsnap");

	(void)state;
	write_example(one);
	write_example(two);
	struct str a = help_read(one), b = help_read(two);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	platform_remove(one);
	platform_remove(two);
}

static void test_coverage_words(void **state)
{
	static const char *const words[] = { "ok", "denied", "truncated", "missing", "malformed",
		"not_asked", "note" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		enum coverage_state got = COVERAGE_OK;

		assert_true(coverage_state_parse(str_of(words[i]), &got));
		assert_int_equal(got, i);
		assert_string_equal(coverage_state_name(got), words[i]);
	}
	enum coverage_state got;
	assert_false(coverage_state_parse(STR("Ok"), &got));
	assert_false(coverage_state_parse(STR(""), &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_callback_stops),
		cmocka_unit_test(test_secret_list),
		cmocka_unit_test(test_secrets_are_not_in_the_file),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_repeated_attribute_is_merged),
		cmocka_unit_test(test_damaged_objects),
		cmocka_unit_test(test_older_file_stays),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_flipped_bytes),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_crafted_files),
		cmocka_unit_test(test_same_input_same_bytes),
		cmocka_unit_test(test_coverage_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
