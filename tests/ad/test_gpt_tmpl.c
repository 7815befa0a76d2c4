#include "ad/gpt_tmpl.h"
#include "ad/gpo_text.h"
#include "base/buf.h"
#include "tests/base/check.h"

#define TEXT                                                                                       \
	"[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordLength = 7\r\n"             \
	"NewGuestName = \"invit\xc3\xa9\"\r\n; a comment\r\n[Privilege Rights]\r\n"                \
	"SeDebugPrivilege = *S-1-5-32-544, Guest ,CHU\\svc-print\r\nSeTcbPrivilege =\r\n"          \
	"[Registry Values]\r\nMACHINE\\System\\NoLMHash=4,1\r\n"                                   \
	"MACHINE\\System\\Paths=7,a,b\r\nMACHINE\\System\\Name=1,\"text\"\r\nbroken=x\r\n"         \
	"[Group Membership]\r\n*S-1-5-32-555__Members = *S-1-5-11,Bob\r\nTemp__Memberof = \r\n"    \
	"[Registry Keys]\r\n\"MACHINE\\SOFTWARE\\X\",0,\"D:PAR(A;CI;KA;;;BA)\"\r\n"                \
	"[Kerberos Policy]\r\nMaxTicketAge=10\r\n[event audit]\r\nAuditLogonEvents = 3\r\n"

static const struct gpt_setting *find(const struct gpt_tmpl *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_eq(t->settings[i].name, str_of(name)))
			return &t->settings[i];
	fail_msg("no setting %s", name);
	return NULL;
}

static void check_parsed(struct str bytes)
{
	struct arena a = { 0 };
	struct gpt_tmpl t;
	const struct gpt_setting *s;

	assert_true(gpt_tmpl_parse(&a, bytes, &t));
	assert_int_equal(t.skipped, 1);
	s = find(&t, "MinimumPasswordLength");
	assert_int_equal(s->section, GPT_SYSTEM_ACCESS);
	assert_str_equal(s->value, "7");
	assert_str_equal(find(&t, "NewGuestName")->value, "invit\xc3\xa9");
	s = find(&t, "SeDebugPrivilege");
	assert_int_equal(s->section, GPT_PRIVILEGE_RIGHTS);
	assert_int_equal(s->principal_count, 3);
	struct sid admins = sid_builtin(544);
	assert_true(sid_eq(&s->principals[0].sid, &admins));
	assert_true(sid_is_none(&s->principals[1].sid));
	assert_str_equal(s->principals[1].name, "Guest");
	assert_str_equal(s->principals[2].name, "CHU\\svc-print");
	assert_int_equal(find(&t, "SeTcbPrivilege")->principal_count, 0);
	s = find(&t, "MACHINE\\System\\NoLMHash");
	assert_int_equal(s->type, 4);
	assert_str_equal(s->value, "1");
	assert_str_equal(find(&t, "MACHINE\\System\\Paths")->value, "a,b");
	assert_str_equal(find(&t, "MACHINE\\System\\Name")->value, "text");
	s = find(&t, "S-1-5-32-555");
	assert_false(s->member_of);
	assert_int_equal(s->principal_count, 2);
	s = find(&t, "Temp");
	assert_true(s->member_of);
	assert_int_equal(s->principal_count, 0);
	assert_int_equal(find(&t, "AuditLogonEvents")->section, GPT_EVENT_AUDIT);
	assert_int_equal(find(&t, "MaxTicketAge")->section, GPT_KERBEROS_POLICY);
	s = &t.settings[t.count - 3];
	assert_int_equal(s->section, GPT_REGISTRY_KEYS);
	assert_str_equal(s->value, "\"MACHINE\\SOFTWARE\\X\",0,\"D:PAR(A;CI;KA;;;BA)\"");
	arena_free(&a);
}

/* TEXT as UTF-16; only two-byte sequences stand in it. */
static void put_utf16(struct buf *b, bool big)
{
	for (const unsigned char *p = (const unsigned char *)TEXT; *p; p++) {
		unsigned c = *p;

		if (c >= 0xc0)
			c = (c & 0x1f) << 6 | (*++p & 0x3fu);
		buf_putc(b, (char)(big ? c >> 8 : c & 0xff));
		buf_putc(b, (char)(big ? c & 0xff : c >> 8));
	}
}

static void test_encodings(void **state)
{
	(void)state;
	check_parsed(STR(TEXT));
	check_parsed(STR("\xef\xbb\xbf" TEXT));
	for (int big = 0; big < 2; big++) {
		struct buf b = { 0 };

		put_utf16(&b, big);
		check_parsed(buf_str(&b));
		buf_clear(&b);
		buf_put(&b, big ? "\xfe\xff" : "\xff\xfe", 2);
		put_utf16(&b, big);
		check_parsed(buf_str(&b));
		buf_free(&b);
	}
}

static void test_text(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_str_equal(gpo_text(&a, STR("")), "");
	assert_str_equal(gpo_text(&a, STR("\xff\xfe")), "");
	/* A pair, half of one, an odd byte at the end. */
	assert_str_equal(gpo_text(&a, STR("\xff\xfe\x3d\xd8\x00\xde")), "\xf0\x9f\x98\x80");
	assert_str_equal(gpo_text(&a, STR("\xff\xfe\x3d\xd8"
					  "a\0b")),
		"\xef\xbf\xbd"
		"a");
	assert_str_equal(gpo_text(&a, STR("caf\xe9")), "caf\xef\xbf\xbd");
	arena_free(&a);
}

static void test_bounds(void **state)
{
	struct arena a = { 0 };
	struct gpt_tmpl t = { .count = 42 };
	struct buf b = { 0 };

	(void)state;
	assert_true(gpt_tmpl_parse(&a, STR(""), &t));
	assert_int_equal(t.count, 0);
	t.count = 42;
	for (unsigned i = 0; i <= LIMIT_GPO_RECORDS; i++)
		buf_putz(&b, "a=b\n");
	assert_false(gpt_tmpl_parse(&a, buf_str(&b), &t));
	assert_int_equal(t.count, 42);
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
