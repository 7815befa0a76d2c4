/* Descriptors of files in other people's wrappings. The attributes were packed by Samba's own
 * Python bindings (samba.dcerpc.xattr) from one descriptor. */
#include "ad/ntacl.h"
#include "ad/sddl.h"
#include "ad/secdesc.h"
#include "ad/smb_acl.h"
#include "tests/base/check.h"

static const char descriptor[] =
	"01000494140000002400000000000000340000000102000000000005200000002002000001020000"
	"000000052000000020020000040034000200000000031800ff010000010200000000000520000000"
	"2002000000131400a900120001010000000000050b000000";
static const char *const wrapped[] = {
	"0100010000000200010004941c0000002c000000000000003c000000010200000000000520000000"
	"2002000001020000000000052000000020020000040034000200000000031800ff01000001020000"
	"00000005200000002002000000131400a900120001010000000000050b000000",
	"02000200000002000400020001010101010101010101010101010101010004943000000040000000"
	"00000000500000000102000000000005200000002002000001020000000000052000000020020000"
	"040034000200000000031800ff0100000102000000000005200000002002000000131400a9001200"
	"01010000000000050b000000",
	"03000300000002000400020001000202020202020202020202020202020202020202020202020202"
	"02020202020202020202020202020202020202020202020202020202020202020202020202020000"
	"01000494640000007400000000000000840000000102000000000005200000002002000001020000"
	"000000052000000020020000040034000200000000031800ff010000010200000000000520000000"
	"2002000000131400a900120001010000000000050b000000",
	"04000400000002000400020001000202020202020202020202020202020202020202020202020202"
	"0202020202020202020202020202020202020202020202020202020202020202020202020202706f"
	"7369785f61636c000500000000000000030303030303030303030303030303030303030303030303"
	"03030303030303030303030303030303030303030303030303030303030303030303030303030303"
	"01000494b4000000c400000000000000d40000000102000000000005200000002002000001020000"
	"000000052000000020020000040034000200000000031800ff010000010200000000000520000000"
	"2002000000131400a900120001010000000000050b000000",
};

static struct str bytes_of(struct arena *a, const char *hex)
{
	size_t n = str_of(hex).n / 2;
	char *p = arena_alloc(a, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(ascii_hex(hex[2 * i]) << 4 | ascii_hex(hex[2 * i + 1]));
	return (struct str){ p, n };
}

static void test_ntacl(void **state)
{
	struct arena a = { 0 };
	struct str want = bytes_of(&a, descriptor);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrapped); i++) {
		struct str from = bytes_of(&a, wrapped[i]);
		struct buf out = { 0 };

		assert_true(ntacl_descriptor(from, &out));
		assert_true(str_eq(buf_str(&out), want));
		/* Cut short: never a crash, and never another good descriptor. */
		for (size_t cut = 0; cut < from.n; cut++) {
			struct secdesc sd;

			buf_clear(&out);
			if (ntacl_descriptor((struct str){ from.p, cut }, &out))
				assert_false(secdesc_parse(&a, buf_str(&out), &sd) &&
					     sd.dacl_count == 2);
		}
		buf_free(&out);
	}
	struct buf out = { 0 };
	assert_false(ntacl_descriptor(STR(""), &out));
	assert_false(
		ntacl_descriptor(STR("\5\0\5\0garbage that is long enough to hold one"), &out));
	assert_false(
		ntacl_descriptor(STR("\1\0\2\0garbage that is long enough to hold one"), &out));
	buf_free(&out);
	arena_free(&a);
}

static const char *sddl_of(struct arena *a, const char *text)
{
	struct buf out = { 0 };
	struct str sddl = { NULL, 0 };

	if (!smb_acl_descriptor(str_of(text), &out))
		return NULL;
	assert_true(secdesc_to_sddl(a, buf_str(&out), &sddl));
	buf_free(&out);
	return arena_str(a, sddl).p;
}

static void test_smb_acl(void **state)
{
	struct arena a = { 0 };
	static const char *const bad[] = { "", "OWNER:S-1-5-18", "OWNER:x,GROUP:S-1-5-18",
		"OWNER:S-1-5-18,GROUP:S-1-5-18,ACL:S-1-5-11:0/0",
		"OWNER:S-1-5-18,GROUP:S-1-5-18,ACL:S-1-5-11:0/0/0x1ffffffff",
		"OWNER:S-1-5-18,GROUP:S-1-5-18,ACL:S-1-5-11:5/0/1",
		"OWNER:S-1-5-18,GROUP:S-1-5-18,ACL:S-1-5-11:0/256/1", "OWNER:S-1-5-18,WHAT:1" };

	(void)state;
	assert_string_equal(sddl_of(&a, "REVISION:1,OWNER:S-1-5-32-544,GROUP:S-1-5-18,"
					"ACL:S-1-5-11:0/16/0x001200a9,ACL:S-1-1-0:1/0/2"),
		"O:BAG:SYD:(A;ID;0x1200a9;;;AU)(D;;DC;;;WD)");
	/* Nothing is inherited, and whether that is so by protection is not known. */
	assert_string_equal(
		sddl_of(&a,
			"REVISION:1,OWNER:S-1-5-32-544,GROUP:S-1-5-18,ACL:S-1-5-11:0/3/1179817"),
		"O:BAG:SYD:(A;OICI;0x1200a9;;;AU)");
	/* A DACL that is empty, or none at all. */
	assert_null(sddl_of(&a, "OWNER:S-1-5-32-544,GROUP:S-1-5-18"));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(sddl_of(&a, bad[i]));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ntacl),
		cmocka_unit_test(test_smb_acl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
