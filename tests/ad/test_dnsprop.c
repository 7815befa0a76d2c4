#include "ad/dnsprop.h"
#include "tests/base/check.h"

/* Length, name length, flag, version, id, data, name. */
#define HEAD(length, version, id) length "\0\0\0\xaf\x01\0\0\0\0\0\0" version "\0\0\0" id "\0\0\0"

static void test_values(void **state)
{
	struct dnsprop p;
	uint32_t n;

	(void)state;
	/* As a domain controller wrote them: one byte of data, then what follows is no data. */
	assert_true(dnsprop_parse(STR(HEAD("\1", "\1", "\2") "\2\xb0\x7f\xe1\x55"), &p));
	assert_int_equal(p.id, DNSPROP_ZONE_ALLOW_UPDATE);
	assert_int_equal(p.data.n, 1);
	assert_true(dnsprop_number(&p, &n));
	assert_int_equal(n, DNSPROP_UPDATE_SECURE);
	assert_true(dnsprop_parse(STR(HEAD("\4", "\1", "\1") "\1\2\0\0\0"), &p));
	assert_true(dnsprop_number(&p, &n));
	assert_int_equal(n, 0x201);
	assert_true(dnsprop_parse(STR(HEAD("\0", "\1", "\x10") "\0"), &p));
	n = 7;
	assert_false(dnsprop_number(&p, &n));
	assert_int_equal(n, 7);
}

static void test_wrong(void **state)
{
	struct dnsprop p = { .id = 9 };

	(void)state;
	assert_false(dnsprop_parse(STR(""), &p));
	assert_false(dnsprop_parse(STR(HEAD("\2", "\1", "\2") "\1"), &p));
	assert_false(dnsprop_parse(STR(HEAD("\1", "\2", "\2") "\1\0"), &p));
	assert_false(dnsprop_parse(STR("\1\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\2\0\0"), &p));
	assert_int_equal(p.id, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
