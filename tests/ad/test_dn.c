#include "ad/dn.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/base/check.h"

static void test_canonical(void **state)
{
	static const struct {
		const char *text, *canonical;
	} rows[] = {
		{ "", "" },
		{ "  ", "" },
		{ "DC=CHU,DC=example", "dc=chu,dc=example" },
		{ "CN=Jean  Dupont,OU=M=1,DC=x", "cn=jean  dupont,ou=m=1,dc=x" },
		{ "cn = Jean Dupont ,  DC = x", "cn=jean dupont,dc=x" },
		{ "CN=A\\2CB,DC=x", "cn=a\\,b,dc=x" },
		{ "cn=a\\,b, dc=X", "cn=a\\,b,dc=x" },
		{ "CN=a\\\\,DC=x", "cn=a\\\\,dc=x" },
		{ "CN=a\\5c,DC=x", "cn=a\\\\,dc=x" },
		{ "CN=\\#1,DC=x", "cn=\\#1,dc=x" },
		{ "CN=\\231,DC=x", "cn=\\#1,dc=x" },
		{ "CN=C#,DC=x", "cn=c#,dc=x" },
		{ "CN=C\\#,DC=x", "cn=c#,dc=x" },
		{ "CN=\\ a\\ ,DC=x", "cn=\\ a\\ ,dc=x" },
		{ "CN=\\20\\20a\\20\\20  ,DC=x", "cn=\\  a \\ ,dc=x" },
		{ "CN=a\\=b,DC=x", "cn=a=b,dc=x" },
		{ "CN=\\\"q\\\"\\<\\>\\;\\+,DC=x", "cn=\\\"q\\\"\\<\\>\\;\\+,dc=x" },
		{ "CN=\xc3\x89lodie,DC=x", "cn=\xc3\xa9lodie,dc=x" },
		{ "CN=\\C3\\89lodie,DC=x", "cn=\xc3\xa9lodie,dc=x" },
		{ "CN=\\c3\\a9LODIE,DC=x", "cn=\xc3\xa9lodie,dc=x" },
		{ "CN=\xff,DC=x", "cn=\xff,dc=x" },
		{ "CN=Poste\\0ACNF:6f1a,DC=x", "cn=poste\\0acnf:6f1a,dc=x" },
		{ "CN=Poste\nCNF:6F1A,DC=x", "cn=poste\\0acnf:6f1a,dc=x" },
		{ "CN=a\\00b,DC=x", "cn=a\\00b,dc=x" },
		{ "CN=,DC=x", "cn=,dc=x" },
		{ "OU=b+CN=A,DC=x", "cn=a+ou=b,dc=x" },
		{ "cn=A + ou=B,DC=x", "cn=a+ou=b,dc=x" },
		{ "1.2.840=a,DC=x", "1.2.840=a,dc=x" },
		{ "CN=#04024869,DC=x", "cn=hi,dc=x" },
		{ "CN=#0C03C389 ", NULL },
		{ "CN=#0C02C389 ", "cn=\xc3\xa9" },
		{ "CN=#04022C2C,DC=x", "cn=\\,\\,,dc=x" },
		{ "CN=#0402486", NULL },
		{ "CN=#04", NULL },
		{ "CN=#zz", NULL },
		{ "CN=#020148", NULL },
		{ "CN", NULL },
		{ "=a", NULL },
		{ "CN=a,", NULL },
		{ ",CN=a", NULL },
		{ "CN=a,,DC=x", NULL },
		{ "CN=a\\", NULL },
		{ "CN=a\\4", NULL },
		{ "CN=a\\4g", NULL },
		{ "CN=a\\zb", NULL },
		{ "C N=a", NULL },
		{ "CN=a+b,DC=x", NULL },
		{ "CN=a+,DC=x", NULL },
		{ "<GUID=00>;CN=a", NULL },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = STR("untouched"), again;
		bool good = dn_canonical(&a, str_of(rows[i].text), &out);

		if (good != (rows[i].canonical != NULL))
			fail_msg("\"%s\" %s", rows[i].text, good ? "is taken" : "is refused");
		assert_str_equal(out, good ? rows[i].canonical : "untouched");
		if (good) {
			assert_true(dn_canonical(&a, out, &again));
			assert_str_equal(again, rows[i].canonical);
		}
	}
	arena_free(&a);
}

static void test_bounds(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct str out;

	(void)state;
	for (size_t i = 0; i < LIMIT_DN_DEPTH; i++)
		buf_putz(&b, i ? ",ou=\xc3\xa9" : "ou=a");
	assert_true(dn_canonical(&a, buf_str(&b), &out));
	buf_putz(&b, ",ou=a");
	assert_false(dn_canonical(&a, buf_str(&b), &out));
	buf_clear(&b);
	for (size_t i = 0; i <= LIMIT_DN_DEPTH; i++)
		buf_putz(&b, i ? ",ou=a" : "ou=a");
	assert_false(dn_canonical(&a, buf_str(&b), &out));
	buf_clear(&b);
	buf_putz(&b, "cn=");
	while (b.n < LIMIT_DN_BYTES)
		buf_putc(&b, 'a');
	assert_true(dn_canonical(&a, buf_str(&b), &out));
	buf_putc(&b, 'a');
	assert_false(dn_canonical(&a, buf_str(&b), &out));
	buf_clear(&b);
	for (size_t i = 0; i <= LIMIT_DN_PAIRS; i++)
		buf_putz(&b, i ? "+ou=a" : "ou=a");
	assert_false(dn_canonical(&a, buf_str(&b), &out));
	buf_free(&b);
	arena_free(&a);
}

static void test_parent_depth_value(void **state)
{
	static const struct {
		const char *text, *parent, *value;
		size_t depth;
	} rows[] = {
		{ "", "", "", 0 },
		{ "DC=x", "", "x", 1 },
		{ "CN=a\\,b,DC=x", "DC=x", "a,b", 2 },
		{ "CN=a\\2cb,DC=x", "DC=x", "a,b", 2 },
		{ "CN=a\\\\,DC=x,DC=y", "DC=x,DC=y", "a\\", 3 },
		{ "CN= \xc3\x89lodie , DC=x", "DC=x", "\xc3\x89lodie", 2 },
		{ "CN=A+OU=b,DC=x", "DC=x", "A", 2 },
		{ "CN=#04024869,DC=x", "DC=x", "Hi", 2 },
		{ "no dn", "", "", 1 },
		{ "CN=a\\", "", "", 1 },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str text = str_of(rows[i].text);

		struct str rdn = dn_rdn(text);

		assert_str_equal(dn_parent(text), rows[i].parent);
		assert_true(rdn.n <= text.n && (rdn.n == text.n || text.p[rdn.n] == ','));
		assert_str_equal(dn_rdn_value(&a, rdn), rows[i].value);
		assert_str_equal(dn_parent(rdn), "");
		assert_str_equal(dn_rdn_value(&a, text), rows[i].value);
		assert_int_equal(dn_depth(text), rows[i].depth);
	}
	assert_str_equal(dn_parent((struct str){ NULL, 0 }), "");
	arena_free(&a);
}

static void test_below(void **state)
{
	static const struct {
		const char *child, *ancestor;
		bool below;
	} rows[] = {
		{ "cn=a,dc=x", "dc=x", true },
		{ "dc=x", "dc=x", true },
		{ "dc=x", "", true },
		{ "", "", true },
		{ "", "dc=x", false },
		{ "dc=x", "cn=a,dc=x", false },
		{ "cn=a,adc=x", "dc=x", false },
		{ "cn=a\\,dc=x", "dc=x", false },
		{ "cn=a\\\\,dc=x", "dc=x", true },
		{ "cn=a\\\\\\,dc=x", "dc=x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (dn_is_below(str_of(rows[i].child), str_of(rows[i].ancestor)) != rows[i].below)
			fail_msg("%s below %s", rows[i].child, rows[i].ancestor);
}

static void test_dns_domain(void **state)
{
	static const struct {
		const char *text, *dns;
	} rows[] = {
		{ "CN=Users,DC=CHU,DC=example", "chu.example" },
		{ "DC=chu,DC=example", "chu.example" },
		{ "DC=www,DC=zone,CN=MicrosoftDNS,DC=DomainDnsZones,dc=chu,dc=example",
			"domaindnszones.chu.example" },
		{ "CN=a,O=b", "" },
		{ "DC=a,O=b", "" },
		{ "DC=a,O=c+DC=b,DC=d", "d" },
		{ "", "" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str_equal(dn_dns_domain(&a, str_of(rows[i].text)), rows[i].dns);
	arena_free(&a);
}

static void test_binary(void **state)
{
	static const char *const wrong[] = { "", "B:", "B:2", "B:2:", "B:2:00", "B:3:000:CN=a",
		"B:2:0g:CN=a", "B:4:00:CN=a", "B:-2:00:CN=a", "S:2:00:CN=a",
		"B:18446744073709551614:00:CN=a" };
	struct str hex = STR("x"), dn = STR("y");

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(dn_binary_split(str_of(wrong[i]), &hex, &dn));
	assert_str_equal(hex, "x");
	assert_str_equal(dn, "y");
	assert_true(dn_binary_split(STR("B:8:0001aF0a:CN=a:b,DC=x"), &hex, &dn));
	assert_str_equal(hex, "0001aF0a");
	assert_str_equal(dn, "CN=a:b,DC=x");
	assert_true(dn_binary_split(STR("B:0::"), &hex, &dn));
	assert_str_equal(hex, "");
	assert_str_equal(dn, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_parent_depth_value),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_dns_domain),
		cmocka_unit_test(test_binary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
