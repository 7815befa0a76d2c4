#include "ad/sddl.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/base/check.h"

static const struct sid domain = { 1, 4, 5, { 21, 1, 2, 3 } };

/* Bytes as Windows makes them (ConvertStringSecurityDescriptorToSecurityDescriptor). */
static void test_bytes(void **state)
{
	static const struct {
		const char *text;
		struct str bytes;
	} rows[] = {
		{ "", { "\x01\0\0\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 } },
		{ "D:", { "\x01\0\x04\x80\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0\x02\0\x08\0\0\0\0\0",
				28 } },
		{ "D:NO_ACCESS_CONTROL", { "\x01\0\x04\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 } },
		{ "O:SY", { "\x01\0\0\x80\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			    "\x01\x01\0\0\0\0\0\x05\x12\0\0\0",
				  32 } },
		{ "D:PAI(A;CI;0x201f01ff;;;SY)",
			{ "\x01\0\x04\x94\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0\x02\0\x1c\0\x01\0\0\0"
			  "\0\x02\x14\0\xff\x01\x1f\x20\x01\x01\0\0\0\0\0\x05\x12\0\0\0",
				48 } },
		{ "S:AI(AU;SAFA;WD;;;WD)",
			{ "\x01\0\x10\x88\0\0\0\0\0\0\0\0\x14\0\0\0\0\0\0\0\x02\0\x1c\0\x01\0\0\0"
			  "\x02\xc0\x14\0\0\0\x04\0\x01\x01\0\0\0\0\0\x01\0\0\0\0",
				48 } },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out;

		if (!sddl_to_bytes(&a, str_of(rows[i].text), NULL, &out))
			fail_msg("refused: %s", rows[i].text);
		assert_int_equal(out.n, rows[i].bytes.n);
		assert_memory_equal(out.p, rows[i].bytes.p, out.n);
	}
	arena_free(&a);
}

static void test_there_and_back(void **state)
{
	/* Text, and the same as this program writes it (NULL: as it was read). */
	static const char *const rows[][2] = {
		{ "", NULL },
		{ "D:", NULL },
		{ "D:P", NULL },
		{ "D:PNO_ACCESS_CONTROL", NULL },
		{ "O:BAG:SYD:PAI(A;OICINPIOID;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)(D;;GA;;;AU)", NULL },
		{ "D:(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;PS)"
		  "(OD;CIIO;RPWP;;bf967aba-0de6-11d0-a285-00aa003049e2;CO)",
			NULL },
		{ "D:(OA;;RP;4c164200-20c0-11d0-a768-00aa006e0529;"
		  "bf967aba-0de6-11d0-a285-00aa003049e2;RU)",
			NULL },
		{ "O:DAG:DUD:(A;;RP;;;EA)", "O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-513"
					    "D:(A;;RP;;;S-1-5-21-1-2-3-519)" },
		{ " o:ba  d:p ( a ; ci ; rp ; ; ; s-1-5-18 ) ", "O:BAD:P(A;CI;RP;;;SY)" },
		{ "D:(A;;0x20;;;BA)(A;;32;;;BA)(A;;FA;;;BA)(A;;0x02000000;;;BA)",
			"D:(A;;WP;;;BA)(A;;WP;;;BA)(A;;0x1f01ff;;;BA)(A;;0x2000000;;;BA)" },
		{ "D:(A;;;;;BA)", NULL },
		{ "G:DDO:SA", "O:S-1-5-21-1-2-3-518G:S-1-5-21-1-2-3-516" },
		{ "O:BAS:(AU;SA;WP;;;WD)", "O:BA" },
		{ "D:(A;;GRGWGXGA;;;S-1-5-21-9-9-9-1000)",
			"D:(A;;GAGXGWGR;;;S-1-5-21-9-9-9-1000)" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str bytes, text;

		if (!sddl_to_bytes(&a, str_of(rows[i][0]), &domain, &bytes))
			fail_msg("refused: %s", rows[i][0]);
		assert_true(secdesc_to_sddl(&a, bytes, &text));
		assert_str_equal(text, rows[i][1] ? rows[i][1] : rows[i][0]);
	}
	arena_free(&a);
}

static void test_wrong(void **state)
{
	static const char *const rows[] = { "x", "O", "O:", "O:XX", "O:S-1-5-", "X:BA", "O:BAO:BA",
		"D:(", "D:()", "D:)", "D:(A;;RP;;;BA", "D:(A;;RP;;BA)", "D:(A;;RP;;;;BA)",
		"D:(A;;RP;;;BA)x", "D:(A;;RP;;;BA)(", "D:(B;;RP;;;BA)", "D:(A;XX;RP;;;BA)",
		"D:(A;;XX;;;BA)", "D:(A;;R;;;BA)", "D:(A;;0x;;;BA)", "D:(A;;0x123456789;;;BA)",
		"D:(A;;0xg;;;BA)", "D:(A;;4294967296;;;BA)", "D:(A;;RP;;;)", "D:(A;;RP;;;ZZ)",
		"D:Z", "D:(A;;RP;4c164200-20c0-11d0-a768-00aa006e0529;;BA)",
		"D:(OA;;RP;4c164200;;BA)", "D:(XA;;RP;;;BA;(1))", "\x01:BA" };
	struct arena a = { 0 };
	struct str out = STR("untouched");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (sddl_to_bytes(&a, str_of(rows[i]), &domain, &out))
			fail_msg("taken: %s", rows[i]);
	/* Aliases of a domain need one. */
	assert_false(sddl_to_bytes(&a, STR("O:DA"), NULL, &out));
	assert_false(sddl_to_bytes(&a, STR("O:DA"), &(struct sid){ 0 }, &out));
	assert_false(secdesc_to_sddl(&a, STR("no descriptor"), &out));
	assert_str_equal(out, "untouched");
	arena_free(&a);
}

static void test_too_long_an_acl(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct str out;

	(void)state;
	buf_putz(&b, "D:");
	for (int i = 0; i < 3276; i++) /* of 20 bytes; the ACL's size has 16 bits */
		buf_putz(&b, "(A;;RP;;;WD)");
	assert_true(sddl_to_bytes(&a, buf_str(&b), NULL, &out));
	assert_int_equal(out.n, 20 + 8 + 3276 * 20);
	buf_putz(&b, "(A;;RP;;;WD)");
	assert_false(sddl_to_bytes(&a, buf_str(&b), NULL, &out));
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_too_long_an_acl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
