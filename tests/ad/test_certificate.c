#include "ad/certificate.h"
#include "base/arena.h"
#include "tests/base/check.h"

#define FOLDER TEST_DATA "/../fuzz/seeds/fuzz_certificate/"

/* The bytes of a certificate that make-certificates made. */
static struct str read_der(struct arena *a, const char *name)
{
	char *bytes = arena_alloc(a, 4096);
	FILE *f = fopen(arena_printf(a, FOLDER "%s.der", name).p, "rb");

	assert_non_null(f);
	size_t n = fread(bytes, 1, 4096, f);

	assert_true(n > 0 && n < 4096);
	fclose(f);
	return (struct str){ bytes, n };
}

static void test_keys_and_signatures(void **state)
{
	static const struct {
		const char *name;
		struct certificate want;
	} rows[] = {
		{ "ec", { .key = CERTIFICATE_EC, .bits = 256, .hash_name = "SHA256" } },
		{ "ed25519", { .key = CERTIFICATE_EDWARDS, .bits = 256 } },
		{ "dsa", { .key = CERTIFICATE_DSA,
				 .bits = 1024,
				 .dsa_signed = true,
				 .hash_name = "SHA256" } },
		{ "rsa2048", { .key = CERTIFICATE_RSA,
				     .bits = 2048,
				     .exponent = 65537,
				     .hash_name = "SHA256" } },
		{ "rsa_pss", { .key = CERTIFICATE_RSA,
				     .bits = 2048,
				     .exponent = 65537,
				     .hash_name = "SHA384" } },
		{ "rsa_sha1", { .key = CERTIFICATE_RSA,
				      .bits = 2048,
				      .exponent = 65537,
				      .hash = CERTIFICATE_HASH_WEAK,
				      .hash_name = "SHA1" } },
		{ "rsa_md5", { .key = CERTIFICATE_RSA,
				     .bits = 2048,
				     .exponent = 65537,
				     .hash = CERTIFICATE_HASH_WEAK,
				     .hash_name = "MD5" } },
		{ "rsa_e3", { .key = CERTIFICATE_RSA,
				    .bits = 2048,
				    .exponent = 3,
				    .hash_name = "SHA256" } },
		{ "rsa1024", { .key = CERTIFICATE_RSA,
				     .bits = 1024,
				     .exponent = 65537,
				     .hash_name = "SHA256" } },
		{ "rsa768", { .key = CERTIFICATE_RSA,
				    .bits = 768,
				    .exponent = 65537,
				    .hash_name = "SHA256" } },
		{ "roca", { .key = CERTIFICATE_RSA,
				  .bits = 2048,
				  .exponent = 65537,
				  .roca = true,
				  .hash_name = "SHA256" } },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct certificate *want = &rows[i].want;
		struct certificate c;

		print_message("%s\n", rows[i].name);
		assert_true(certificate_parse(read_der(&a, rows[i].name), &c));
		assert_int_equal(c.key, want->key);
		assert_int_equal(c.bits, want->bits);
		assert_int_equal(c.exponent, want->exponent);
		assert_int_equal(c.roca, want->roca);
		assert_int_equal(c.dsa_signed, want->dsa_signed);
		assert_int_equal(c.hash, want->hash);
		assert_string_equal(c.hash_name, want->hash_name);
		/* `openssl req -days 3650` */
		assert_int_equal(c.not_after - c.not_before, INT64_C(3650) * 86400);
		assert_true(c.not_before > INT64_C(1577836800));
	}
	arena_free(&a);
}

static void test_not_a_certificate(void **state)
{
	struct arena a = { 0 };
	struct str good = read_der(&a, "rsa2048");
	struct certificate c = { .bits = 77 };

	(void)state;
	assert_false(certificate_parse(STR(""), &c));
	assert_false(certificate_parse(STR("\0"), &c));
	assert_false(certificate_parse(read_der(&a, "text"), &c));
	assert_false(certificate_parse(read_der(&a, "cut"), &c));
	/* One byte more than the certificate. */
	char *more = arena_alloc(&a, good.n + 1);

	memcpy(more, good.p, good.n);
	assert_false(certificate_parse((struct str){ more, good.n + 1 }, &c));
	assert_int_equal(c.bits, 77);
	for (size_t n = 0; n < good.n; n++)
		assert_false(certificate_parse((struct str){ good.p, n }, &c));
	arena_free(&a);
}

/* 65537 is a power of itself; 3 is none modulo 11, where the powers are 1 and 10. */
static void test_roca_fingerprint(void **state)
{
	(void)state;
	assert_true(certificate_modulus_is_roca(STR("\x01\x00\x01")));
	assert_true(certificate_modulus_is_roca(STR("\x01\x00\x02\x00\x01"))); /* its square */
	assert_true(certificate_modulus_is_roca(STR("\x01")));
	assert_false(certificate_modulus_is_roca(STR("\x03")));
	assert_false(certificate_modulus_is_roca(STR("\x01\x00\x03")));
	assert_false(certificate_modulus_is_roca(STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_and_signatures),
		cmocka_unit_test(test_not_a_certificate),
		cmocka_unit_test(test_roca_fingerprint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
