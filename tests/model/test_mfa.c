#include "tests/model/made.h"

#include "base/platform.h"
#include "model/mfa_export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FILE_NAME "test-mfa-export.csv"
#define LITERAL(z)                                                                                 \
	{                                                                                          \
		(z), sizeof(z) - 1                                                                 \
	}

static void write_csv(const char *text)
{
	struct err err = { 0 };
	FILE *f;

	platform_remove(FILE_NAME);
	f = platform_create(FILE_NAME, &err);
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(platform_finish(f, FILE_NAME, &err), 0);
}

static void methods_are_classed(void **state)
{
	static const struct str factors[] = { { "RADIUS-inWebo", 13 } };
	static const struct {
		const char *cell;
		unsigned class;
	} table[] = {
		{ "", 0 },
		{ "-", 0 },
		{ "None", 0 },
		{ "N/A", 0 },
		{ "non", 0 },
		{ "FALSE", 0 },
		{ "[]", 0 },
		{ "local_password", 0 },
		{ "Désactivé", 0 },
		{ "temporaryAccessPass", 0 },
		{ "Questions de sécurité", 0 },
		{ "email", EXPORT_WEAK },
		{ "E-mail", EXPORT_WEAK },
		{ "mobilePhone, officePhone", EXPORT_WEAK },
		{ "[\"email\",\"mobilePhone\"]", EXPORT_WEAK },
		{ "Téléphone mobile", EXPORT_WEAK },
		{ "SMS;non", EXPORT_WEAK },
		{ "email|softwareOneTimePasscode", EXPORT_WEAK | EXPORT_STRONG },
		{ "Microsoft Authenticator app (push notification)", EXPORT_STRONG },
		{ "microsoftAuthenticatorPasswordless", EXPORT_STRONG },
		{ "TOTP", EXPORT_STRONG },
		{ "FIDO2 security key", EXPORT_STRONG | EXPORT_KEY },
		{ "windowsHelloForBusiness", EXPORT_STRONG | EXPORT_KEY },
		{ "passKeyDeviceBoundAuthenticator", EXPORT_STRONG | EXPORT_KEY },
		{ "Oui", EXPORT_STRONG },
		{ "OTP", EXPORT_STRANGE },
		{ "radius-inwebo", EXPORT_STRONG },
		{ "RADIUS", EXPORT_STRANGE },
		{ "SMS + RADIUS", EXPORT_WEAK | EXPORT_STRANGE },
		{ "=cmd|' /C calc'!A0", EXPORT_STRANGE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		unsigned class = mfa_method_class(str_of(table[i].cell), factors, 1);

		if (class != table[i].class)
			print_error("%s: %x\n", table[i].cell, class);
		assert_int_equal(class, table[i].class);
	}
}

struct wanted {
	const char *name;
	enum tri covered;
	const char *evidence, *reason, *weak;
};

static void expect_each(const struct made *d, const struct wanted *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct wanted *w = &list[i];
		struct mfa mfa = account_mfa(d->model, made_find(d, w->name));

		if (mfa.covered != w->covered || (mfa.reason != NULL) != (w->reason != NULL) ||
			(w->reason && strcmp(mfa.reason, w->reason) != 0) ||
			!str_eq(mfa.evidence, str_of(w->evidence ? w->evidence : "")) ||
			!str_eq(mfa.weak, str_of(w->weak ? w->weak : "")))
			print_error("%s: %d %s %.*s %.*s\n", w->name, (int)mfa.covered,
				mfa.reason ? mfa.reason : "-", STR_ARG(mfa.evidence),
				STR_ARG(mfa.weak));
		assert_int_equal(mfa.covered, w->covered);
		assert_true(str_eq(mfa.evidence, str_of(w->evidence ? w->evidence : "")));
		assert_true(str_eq(mfa.weak, str_of(w->weak ? w->weak : "")));
		assert_string_equal(mfa.reason ? mfa.reason : "", w->reason ? w->reason : "");
	}
}

#define UPN(name) "userPrincipalName: " name "@chu.fr\n"
#define PEOPLE                                                                                     \
	MADE_HEAD MADE_USER("ann", "@1001", UPN("ann")) MADE_USER("bob", "@1002", UPN("bob"))      \
		MADE_USER("cid", "@1003", UPN("cid")) MADE_USER("dan", "@1004", UPN("dan"))        \
			MADE_USER("eve", "@1005", UPN("eve") "mail: fay@chu.fr\n")                 \
				MADE_USER("fay", "@1006", UPN("fay") "mail: team@chu.fr\n")

static void exports_of_entra(void **state)
{
	static const struct mfa_evidence evidence = { .kind = MFA_CSV,
		.file = LITERAL(FILE_NAME),
		.format = MFA_ENTRA,
		.at = { "p.yaml", 7, 5 } };
	static const struct wanted list[] = {
		{ "ann", YES, "csv:" FILE_NAME, NULL, NULL },
		{ "bob", NO, NULL, NULL, "csv:" FILE_NAME },
		{ "cid", NO, NULL, NULL, NULL },
		{ "dan", UNKNOWN, NULL, "mfa_method_not_known", NULL },
		{ "eve", NO, NULL, NULL, NULL },
		{ "fay", NO, NULL, NULL, NULL },
	};
	struct made d = { .policy = { .mfa_evidence = &evidence, .mfa_evidence_count = 1 } };

	(void)state;
	write_csv("userPrincipalName,isMfaRegistered,isMfaCapable,methodsRegistered\r\n"
		  "ANN@chu.fr,True,True,\"email,microsoftAuthenticatorPush,"
		  "windowsHelloForBusiness\"\r\n"
		  "bob@chu.fr,True,True,\"email,mobilePhone\"\r\n"
		  "cid@chu.fr,True,False,softwareOneTimePasscode\r\n"
		  "dan@chu.fr,True,True,quantumHandshake\r\n"
		  "eve@chu.fr,False,False,\r\n"
		  "gus@chu.fr,True,True,fido2SecurityKey\r\n");
	assert_int_equal(made_load(&d, PEOPLE), 0);
	expect_each(&d, list, ARRAY_LEN(list));
	assert_true(account_key_in_export(d.model, made_find(&d, "ann")));
	assert_false(account_key_in_export(d.model, made_find(&d, "bob")));
	assert_string_equal(
		made_coverage(&d, "csv_row " FILE_NAME ":7"), "csv_unmatched gus@chu.fr");
	assert_string_equal(
		made_coverage(&d, "mfa_method quantumHandshake"), "mfa_word_not_known " FILE_NAME);
	made_free(&d);

	/* SMS and mail count when the policy says so. */
	d = (struct made){ .policy = { .mfa_evidence = &evidence,
				   .mfa_evidence_count = 1,
				   .mfa_weak_methods = true } };
	assert_int_equal(made_load(&d, PEOPLE), 0);
	expect_each(
		&d, &(struct wanted){ "bob", YES, "csv:" FILE_NAME, NULL, "csv:" FILE_NAME }, 1);
	made_free(&d);
	platform_remove(FILE_NAME);
}

static void exports_of_others(void **state)
{
	static const struct str factors[] = { { "AD+inWebo", 9 } };
	static const struct mfa_evidence wallix = { .kind = MFA_CSV,
		.file = LITERAL(FILE_NAME),
		.format = MFA_WALLIX,
		.factors = factors,
		.factor_count = 1,
		.at = { "p.yaml", 7, 5 } };
	static const struct mfa_evidence rows = { .kind = MFA_CSV,
		.file = LITERAL(FILE_NAME),
		.account_column = LITERAL("compte"),
		.at = { "p.yaml", 7, 5 } };
	static const struct wanted of_wallix[] = {
		{ "ann", YES, "csv:" FILE_NAME, NULL, NULL },
		{ "bob", NO, NULL, NULL, NULL },
		{ "cid", UNKNOWN, NULL, "mfa_method_not_known", NULL },
		{ "dan", NO, NULL, NULL, NULL },
	};
	static const struct wanted of_rows[] = {
		{ "ann", YES, "csv:" FILE_NAME, NULL, NULL },
		{ "eve", UNKNOWN, NULL, "mfa_export_row_ambiguous", NULL },
		{ "fay", UNKNOWN, NULL, "mfa_export_row_ambiguous", NULL },
		{ "dan", NO, NULL, NULL, NULL },
	};
	struct made d = { .policy = { .mfa_evidence = &wallix, .mfa_evidence_count = 1 } };

	(void)state;
	write_csv("user_name;user_auths;profile\nann;AD+inWebo;user\nCHU.example\\bob;local_"
		  "password;user\n"
		  "cid;RADIUS;user\n");
	assert_int_equal(made_load(&d, PEOPLE), 0);
	expect_each(&d, of_wallix, ARRAY_LEN(of_wallix));
	made_free(&d);

	d = (struct made){ .policy = { .mfa_evidence = &rows, .mfa_evidence_count = 1 } };
	write_csv("compte\nann\nfay@chu.fr\n");
	assert_int_equal(made_load(&d, PEOPLE), 0);
	expect_each(&d, of_rows, ARRAY_LEN(of_rows));
	made_free(&d);

	d = (struct made){ .policy = { .mfa_evidence = &rows, .mfa_evidence_count = 1 } };
	write_csv("account\nann\n");
	assert_int_equal(made_load(&d, PEOPLE), ERR_USAGE);
	assert_string_equal(d.err.text, "p.yaml:7:5: " FILE_NAME
					":1: it has no column 'compte'; its columns are: account.");
	made_free(&d);
	platform_remove(FILE_NAME);
}

/* A user with a key: of version 2, KeyID, KeyMaterial "k" and KeyUsage; then what follows. */
static void put_key(struct buf *b, const char *name, const char *usage, const char *rest)
{
	struct buf hex = { 0 };

	buf_putz(&hex, "00020000"
		       "200001");
	for (int i = 0; i < 32; i++)
		buf_putz(&hex, "aa");
	buf_printf(&hex,
		"0100036b"
		"010004%s%s",
		usage, rest);
	buf_printf(b,
		"dn: CN=%s,CN=Users,DC=chu,DC=example\nobjectClass: user\nsAMAccountName: %s\n"
		"userAccountControl: 512\nmsDS-KeyCredentialLink: B:%zu:%s:CN=x\n\n",
		name, name, hex.n, buf_z(&hex));
	buf_free(&hex);
}

static void keys_need_a_known_device(void **state)
{
	static const struct mfa_evidence evidence = { .kind = MFA_KEY_CREDENTIAL };
	static const struct wanted list[] = {
		{ "known", YES, "key_credential", NULL, NULL },
		{ "registered", YES, "key_credential", NULL, NULL },
		{ "stranger", UNKNOWN, NULL, "mfa_key_unconfirmed", NULL },
		{ "bare", UNKNOWN, NULL, "mfa_key_unconfirmed", NULL },
		{ "fek", NO, NULL, NULL, NULL },
		{ "single", UNKNOWN, NULL, "mfa_key_single_factor", NULL },
		{ "junk", UNKNOWN, NULL, "mfa_key_unconfirmed", NULL },
		{ "none", NO, NULL, NULL, NULL },
	};
	static const char computer[] = "100006"
				       "00000000000000000000000000000007";
	static const char device[] = "100006"
				     "30303030303030303030303030303041";
	struct made d = { .policy = { .mfa_evidence = &evidence, .mfa_evidence_count = 1 } };
	struct account_keys k;
	struct buf text = { 0 };

	(void)state;
	buf_putz(&text, MADE_HEAD MADE_USER("none", "@1008", "") MADE_USER(
				"junk", "@1007", "msDS-KeyCredentialLink: B:2:00:CN=x\n"));
	buf_putz(&text,
		"dn: CN=pc,DC=chu,DC=example\nobjectClass: top\nobjectClass: computer\n"
		"sAMAccountName: pc$\nobjectGUID: 7\n\n"
		"dn: CN=tablet,DC=chu,DC=example\nobjectClass: top\nobjectClass: msDS-Device\n"
		"msDS-DeviceID: 000000000000000A\n\n");
	put_key(&text, "known", "01", computer);
	put_key(&text, "registered", "07", device);
	put_key(&text, "stranger", "01",
		"100006"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	put_key(&text, "bare", "07", "");
	put_key(&text, "fek", "08", "");
	struct buf single = { 0 };
	buf_printf(&single, "%s0200070102", computer);
	put_key(&text, "single", "01", buf_z(&single));
	buf_free(&single);
	assert_int_equal(made_load(&d, buf_z(&text)), 0);
	buf_free(&text);
	expect_each(&d, list, ARRAY_LEN(list));
	k = account_keys(d.model, made_find(&d, "registered"));
	assert_int_equal(k.fido, 1);
	assert_int_equal(k.ngc, 0);
	k = account_keys(d.model, made_find(&d, "junk"));
	assert_int_equal(k.malformed, 1);
	made_free(&d);
}

static void mappings_and_exceptions(void **state)
{
	static const struct mfa_evidence evidence[] = { { .kind = MFA_CERTIFICATE_MAPPING } };
	static const struct mfa_exclusion excluded[] = {
		{ .reach = REACH_OBJECT, .target = LITERAL("bob"), .reason = LITERAL("secours") },
		{ .reach = REACH_GROUP, .target = LITERAL("absent"), .reason = LITERAL("rien") },
	};
	static const struct wanted list[] = {
		{ "ann", YES, "certificate_mapping", NULL, NULL },
		{ "bob", NO, NULL, NULL, NULL },
	};
	struct made d = { .policy = { .mfa_evidence = evidence,
				  .mfa_evidence_count = 1,
				  .mfa_excluded = excluded,
				  .mfa_excluded_count = 2 } };

	(void)state;
	assert_int_equal(
		made_load(&d, MADE_HEAD MADE_USER("ann", "@1001",
				      "altSecurityIdentities: Kerberos:a@B\n"
				      "altSecurityIdentities: X509:<I>CN=CA<SR>1200\n")
				      MADE_USER("bob", "@1002",
					      "altSecurityIdentities: X509:<I>CN=CA<S>CN=bob\n"
					      "altSecurityIdentities: X509:<RFC822>bob@chu.fr\n")),
		0);
	expect_each(&d, list, ARRAY_LEN(list));
	struct mfa mfa = account_mfa(d.model, made_find(&d, "bob"));
	assert_int_equal(mfa.excluded, YES);
	assert_true(str_eq(mfa.exclusion, STR("secours")));
	assert_int_equal(account_mfa(d.model, made_find(&d, "ann")).excluded, NO);
	assert_string_equal(made_coverage(&d, "mfa_excluded_group absent"), "not_found");
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_are_classed),
		cmocka_unit_test(exports_of_entra),
		cmocka_unit_test(exports_of_others),
		cmocka_unit_test(keys_need_a_known_device),
		cmocka_unit_test(mappings_and_exceptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
