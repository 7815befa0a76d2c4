#include "ad/sddl.h"
#include "ad/secdesc.h"
#include "base/buf.h"
#include "tests/base/check.h"

#define DOMAIN "S-1-5-21-1-2-3"
#define USER "S-1-5-21-1-2-3-1104"
#define GROUP "S-1-5-21-1-2-3-1200"
#define OTHER "S-1-5-21-1-2-3-1300"

#define CLASS_USER "bf967aba-0de6-11d0-a285-00aa003049e2"
#define CLASS_COMPUTER "bf967a86-0de6-11d0-a285-00aa003049e2"
#define ATTRIBUTE "bf967950-0de6-11d0-a285-00aa003049e2"
#define ATTRIBUTE_2 "bf967953-0de6-11d0-a285-00aa003049e2"
#define PROPERTY_SET "4c164200-20c0-11d0-a768-00aa006e0529"
#define RIGHT_RESET "00299570-246d-11d0-a768-00aa006e0529"
#define RIGHT_CHANGE "ab721a53-1e2f-11d0-9819-00aa0040529b"

static struct sid sid(const char *text)
{
	struct sid s = { 0 };

	assert_true(sid_from_text(str_of(text), &s));
	return s;
}

static struct guid guid(const char *text)
{
	struct guid g = { { 0 } };

	if (text)
		assert_true(guid_from_text(str_of(text), &g));
	return g;
}

static struct str make(struct arena *a, const char *sddl)
{
	struct sid domain = sid(DOMAIN);
	struct str bytes = { NULL, 0 };

	if (!sddl_to_bytes(a, str_of(sddl), &domain, &bytes))
		fail_msg("no SDDL: %s", sddl);
	return bytes;
}

static void test_parse(void **state)
{
	struct arena a = { 0 };
	struct secdesc sd;
	struct sid owner = sid(DOMAIN "-512"), group = sid("S-1-5-32-544"), user = sid(USER);
	struct guid object = guid(RIGHT_RESET), inherited = guid(CLASS_USER);

	(void)state;
	assert_true(secdesc_parse(&a,
		make(&a, "O:DAG:BAD:PAI(D;;WP;;;WD)(OA;CIIO;CR;" RIGHT_RESET ";" CLASS_USER ";" USER
			 ")(A;ID;GA;;;SY)"),
		&sd));
	assert_true(sd.has_dacl);
	assert_int_equal(
		sd.control, SD_SELF_RELATIVE | SD_DACL_PRESENT | SD_DACL_PROTECTED | 0x0400);
	assert_true(sid_eq(&sd.owner, &owner));
	assert_true(sid_eq(&sd.group, &group));
	assert_int_equal(sd.dacl_count, 3);
	assert_int_equal(sd.skipped, 0);
	const struct ace *ace = &sd.dacl[0];
	assert_int_equal(ace->type, ACE_ACCESS_DENIED);
	assert_int_equal(ace->mask, RIGHT_DS_WRITE_PROPERTY);
	assert_false(ace->has_object_type || ace->has_inherited_object_type);
	assert_true(guid_is_none(&ace->object_type));
	ace = &sd.dacl[1];
	assert_int_equal(ace->type, ACE_ACCESS_ALLOWED_OBJECT);
	assert_int_equal(ace->flags, ACE_FLAG_CONTAINER_INHERIT | ACE_FLAG_INHERIT_ONLY);
	assert_true(ace->has_object_type && ace->has_inherited_object_type);
	assert_true(guid_eq(&ace->object_type, &object));
	assert_true(guid_eq(&ace->inherited_object_type, &inherited));
	assert_true(sid_eq(&ace->sid, &user));
	assert_int_equal(sd.dacl[2].flags, ACE_FLAG_INHERITED);
	assert_true(sd.dacl[2].mask == RIGHT_GENERIC_ALL);
	arena_free(&a);
}

/* Every cut of a descriptor is refused or, where only unused bytes go, read the same. */
static void test_truncation(void **state)
{
	struct arena a = { 0 };
	struct str whole = make(&a, "O:DAG:DUD:(OA;;CR;" RIGHT_RESET ";;" USER ")(A;;GA;;;SY)");
	struct secdesc sd;

	(void)state;
	assert_true(secdesc_parse(&a, whole, &sd));
	for (size_t n = 0; n < whole.n; n++) {
		struct buf copy = { 0 }; /* of exactly n bytes, so that a read beyond is seen */
		struct secdesc cut = { .control = 7 };

		buf_put(&copy, whole.p, n);
		if (copy.p)
			copy.p = xrealloc(copy.p, n);
		assert_false(secdesc_parse(&a, buf_str(&copy), &cut));
		assert_int_equal(cut.control, 7);
		buf_free(&copy);
	}
	arena_free(&a);
}

static void test_changed_bytes(void **state)
{
	/* Offset in "D:(A;;GA;;;SY)", its new value, and whether it still is a descriptor. */
	static const struct {
		size_t at;
		unsigned char value;
		bool good;
		size_t aces, skipped;
	} rows[] = {
		{ 0, 2, false, 0, 0 },				/* revision */
		{ 3, 0x00, false, 0, 0 },			/* not self-relative */
		{ 4, 19, false, 0, 0 },				/* owner inside the header */
		{ 4, 48, false, 0, 0 },				/* owner at the end */
		{ 7, 0xff, false, 0, 0 },			/* owner far outside */
		{ 16, 0, true, 0, 0 },				/* NULL DACL */
		{ 16, 4, false, 0, 0 },				/* DACL inside the header */
		{ 19, 0x80, false, 0, 0 },			/* DACL far outside */
		{ 20, 1, false, 0, 0 },				/* revision of the ACL */
		{ 20, 4, true, 1, 0 }, { 22, 29, false, 0, 0 }, /* ACL longer than the bytes */
		{ 22, 27, false, 0, 0 },			/* ACL shorter than its ACE */
		{ 22, 7, false, 0, 0 },				/* ACL shorter than its header */
		{ 24, 2, false, 0, 0 },				/* more ACEs than there are */
		{ 24, 0, true, 0, 0 }, { 25, 0xff, false, 0, 0 },
		{ 28, 0x99, true, 0, 1 }, /* unknown type */
		{ 28, ACE_SYSTEM_AUDIT, true, 0, 1 },
		{ 28, ACE_ACCESS_ALLOWED_CALLBACK, true, 1, 0 },
		{ 28, ACE_ACCESS_ALLOWED_OBJECT, true, 0, 1 }, /* too short for it */
		{ 30, 3, false, 0, 0 },			       /* ACE shorter than its header */
		{ 30, 21, false, 0, 0 },		       /* ACE longer than the ACL */
		{ 30, 19, true, 0, 1 },			       /* ACE shorter than its SID */
		{ 36, 2, true, 0, 1 },			       /* revision of the SID */
		{ 37, 2, true, 0, 1 },			       /* SID longer than the ACE */
	};
	struct arena a = { 0 };
	struct str made = make(&a, "D:(A;;GA;;;SY)");

	(void)state;
	assert_int_equal(made.n, 48);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct secdesc sd;
		struct buf copy = { 0 };

		buf_put_str(&copy, made);
		copy.p = xrealloc(copy.p, copy.n);
		copy.p[rows[i].at] = (char)rows[i].value;
		bool good = secdesc_parse(&a, buf_str(&copy), &sd);
		if (good != rows[i].good)
			fail_msg("row %zu is %s", i, good ? "taken" : "refused");
		if (good) {
			assert_int_equal(sd.dacl_count, rows[i].aces);
			assert_int_equal(sd.skipped, rows[i].skipped);
		}
		buf_free(&copy);
	}
	arena_free(&a);
}

static void test_generic_rights(void **state)
{
	(void)state;
	assert_int_equal(rights_of_mask(0), 0);
	assert_int_equal(rights_of_mask(RIGHT_GENERIC_ALL), 0xf01ff);
	assert_int_equal(rights_of_mask(RIGHT_GENERIC_READ), 0x20094);
	assert_int_equal(rights_of_mask(RIGHT_GENERIC_WRITE), 0x20028);
	assert_int_equal(rights_of_mask(RIGHT_GENERIC_EXECUTE), 0x20004);
	assert_int_equal(rights_of_mask(RIGHT_GENERIC_READ | RIGHT_DS_CONTROL_ACCESS), 0x20194);
}

/* The access check, a row each. The token holds USER, GROUP and Everyone; the object is USER's own
 * unless the row says otherwise. */
struct row {
	const char *why, *sddl;
	uint32_t right;
	const char *attribute, *property_set, *self;
	bool granted;
};

#define RP RIGHT_DS_READ_PROPERTY
#define WP RIGHT_DS_WRITE_PROPERTY
#define CR RIGHT_DS_CONTROL_ACCESS
#define CC RIGHT_DS_CREATE_CHILD

static const struct row rows[] = {
	{ "no DACL", "O:BA", WP, NULL, NULL, OTHER, true },
	{ "NULL DACL", "D:NO_ACCESS_CONTROL", RIGHT_WRITE_DAC, NULL, NULL, OTHER, true },
	{ "empty DACL", "O:BAD:", RP, NULL, NULL, OTHER, false },
	{ "no right asked", "D:", 0, NULL, NULL, OTHER, false },
	{ "own SID", "D:(A;;RP;;;" USER ")", RP, NULL, NULL, OTHER, true },
	{ "group SID", "D:(A;;RP;;;" GROUP ")", RP, NULL, NULL, OTHER, true },
	{ "another's SID", "D:(A;;RP;;;" OTHER ")", RP, NULL, NULL, OTHER, false },
	{ "another right", "D:(A;;WP;;;WD)", RP, NULL, NULL, OTHER, false },
	{ "GA holds all", "D:(A;;GA;;;WD)", CR, RIGHT_RESET, NULL, OTHER, true },
	{ "GR reads", "D:(A;;GR;;;WD)", RP, ATTRIBUTE, NULL, OTHER, true },
	{ "GR does not write", "D:(A;;GR;;;WD)", WP, ATTRIBUTE, NULL, OTHER, false },
	{ "GW writes, extended rights not", "D:(A;;GW;;;WD)", CR, RIGHT_RESET, NULL, OTHER, false },
	{ "two rights from two ACEs", "D:(A;;RP;;;WD)(A;;WP;;;WD)", RP | WP, NULL, NULL, OTHER,
		true },
	{ "only one of two", "D:(A;;RP;;;WD)", RP | WP, NULL, NULL, OTHER, false },
	{ "generic asked", "D:(A;;RCLCRPLO;;;WD)", RIGHT_GENERIC_READ, NULL, NULL, OTHER, true },

	{ "deny first", "D:(D;;RP;;;" GROUP ")(A;;RP;;;WD)", RP, NULL, NULL, OTHER, false },
	{ "stored order counts", "D:(A;;RP;;;WD)(D;;RP;;;" GROUP ")", RP, NULL, NULL, OTHER, true },
	{ "deny of another", "D:(D;;RP;;;" OTHER ")(A;;RP;;;WD)", RP, NULL, NULL, OTHER, true },
	{ "deny of another right", "D:(D;;WP;;;WD)(A;;RP;;;WD)", RP, NULL, NULL, OTHER, true },
	{ "inherit-only allow", "D:(A;CIIO;RP;;;WD)", RP, NULL, NULL, OTHER, false },
	{ "inherit-only deny", "D:(D;CIIO;RP;;;WD)(A;;RP;;;WD)", RP, NULL, NULL, OTHER, true },
	{ "inherited", "D:(A;CIID;RP;;;WD)", RP, NULL, NULL, OTHER, true },

	{ "attribute", "D:(OA;;RP;" ATTRIBUTE ";;WD)", RP, ATTRIBUTE, PROPERTY_SET, OTHER, true },
	{ "another attribute", "D:(OA;;RP;" ATTRIBUTE_2 ";;WD)", RP, ATTRIBUTE, PROPERTY_SET, OTHER,
		false },
	{ "property set", "D:(OA;;RP;" PROPERTY_SET ";;WD)", RP, ATTRIBUTE, PROPERTY_SET, OTHER,
		true },
	{ "not in that set", "D:(OA;;RP;" PROPERTY_SET ";;WD)", RP, ATTRIBUTE, NULL, OTHER, false },
	{ "own class as ObjectType", "D:(OA;;RP;" CLASS_USER ";;WD)", RP, ATTRIBUTE, NULL, OTHER,
		true },
	{ "other class as ObjectType", "D:(OA;;RP;" CLASS_COMPUTER ";;WD)", RP, ATTRIBUTE, NULL,
		OTHER, false },
	{ "object ACE without ObjectType", "D:(OA;;RP;;" CLASS_USER ";WD)", RP, ATTRIBUTE, NULL,
		OTHER, true },
	{ "InheritedObjectType of another class is no matter", "D:(OA;;RP;;" CLASS_COMPUTER ";WD)",
		RP, ATTRIBUTE, NULL, OTHER, true },
	{ "ObjectType of zeros", "D:(OA;;RP;00000000-0000-0000-0000-000000000000;;WD)", RP, NULL,
		NULL, OTHER, false },
	{ "deny on the attribute", "D:(OD;;RP;" ATTRIBUTE ";;WD)(A;;RP;;;WD)", RP, ATTRIBUTE, NULL,
		OTHER, false },
	{ "deny on the set", "D:(OD;;RP;" PROPERTY_SET ";;WD)(OA;;RP;" ATTRIBUTE ";;WD)", RP,
		ATTRIBUTE, PROPERTY_SET, OTHER, false },
	{ "deny on another attribute", "D:(OD;;RP;" ATTRIBUTE_2 ";;WD)(A;;RP;;;WD)", RP, ATTRIBUTE,
		NULL, OTHER, true },
	{ "one attribute is not the whole", "D:(OA;;WP;" ATTRIBUTE ";;WD)", WP, NULL, NULL, OTHER,
		false },
	{ "a denied part spoils reading the whole", "D:(OD;;RP;" ATTRIBUTE ";;WD)(A;;RP;;;WD)", RP,
		NULL, NULL, OTHER, false },
	{ "but hides no writing", "D:(OD;;WP;" ATTRIBUTE ";;WD)(A;;WP;;;WD)", WP, NULL, NULL, OTHER,
		true },

	{ "extended right", "D:(OA;;CR;" RIGHT_RESET ";;WD)", CR, RIGHT_RESET, NULL, OTHER, true },
	{ "another extended right", "D:(OA;;CR;" RIGHT_CHANGE ";;WD)", CR, RIGHT_RESET, NULL, OTHER,
		false },
	{ "all extended rights", "D:(A;;CR;;;WD)", CR, RIGHT_RESET, NULL, OTHER, true },
	{ "one is not all", "D:(OA;;CR;" RIGHT_RESET ";;WD)", CR, NULL, NULL, OTHER, false },
	{ "deny of one keeps the others", "D:(OD;;CR;" RIGHT_CHANGE ";;WD)(A;;CR;;;WD)", CR,
		RIGHT_RESET, NULL, OTHER, true },
	{ "the class is no extended right", "D:(OA;;CR;" CLASS_USER ";;WD)", CR, RIGHT_RESET, NULL,
		OTHER, false },
	{ "confidential attribute by its set", "D:(OA;;CR;" PROPERTY_SET ";;WD)", CR, ATTRIBUTE,
		PROPERTY_SET, OTHER, true },
	{ "child class", "D:(OA;;CC;" CLASS_COMPUTER ";;WD)", CC, CLASS_COMPUTER, NULL, OTHER,
		true },
	{ "own class is not every child", "D:(OA;;CC;" CLASS_USER ";;WD)", CC, CLASS_COMPUTER, NULL,
		OTHER, false },

	{ "SELF on oneself", "D:(A;;WP;;;PS)", WP, NULL, NULL, USER, true },
	{ "SELF on another", "D:(A;;WP;;;PS)", WP, NULL, NULL, OTHER, false },
	{ "SELF on a group one is in", "D:(A;;WP;;;PS)", WP, NULL, NULL, GROUP, true },
	{ "SELF without a SID", "D:(A;;WP;;;PS)", WP, NULL, NULL, NULL, false },
	{ "SELF denied", "D:(D;;WP;;;PS)(A;;WP;;;WD)", WP, NULL, NULL, USER, false },

	{ "owner may write the DACL", "O:" USER "D:", RIGHT_WRITE_DAC, NULL, NULL, OTHER, true },
	{ "owner by group", "O:" GROUP "D:", RIGHT_READ_CONTROL, NULL, NULL, OTHER, true },
	{ "no deny takes it away", "O:" USER "D:(D;;RCWD;;;WD)", RIGHT_WRITE_DAC, NULL, NULL, OTHER,
		true },
	{ "owner may not take ownership", "O:" USER "D:", RIGHT_WRITE_OWNER, NULL, NULL, OTHER,
		false },
	{ "owner may not write", "O:" USER "D:", WP, NULL, NULL, OTHER, false },
	{ "another owner", "O:" OTHER "D:", RIGHT_WRITE_DAC, NULL, NULL, OTHER, false },
	{ "OWNER RIGHTS replace the implicit ones", "O:" USER "D:(A;;RC;;;OW)", RIGHT_WRITE_DAC,
		NULL, NULL, OTHER, false },
	{ "OWNER RIGHTS give", "O:" USER "D:(A;;WP;;;OW)", WP, NULL, NULL, OTHER, true },
	{ "OWNER RIGHTS are the owner's", "O:" OTHER "D:(A;;WP;;;OW)", WP, NULL, NULL, OTHER,
		false },
	{ "inherit-only OWNER RIGHTS replace nothing", "O:" USER "D:(A;CIIO;RC;;;OW)",
		RIGHT_WRITE_DAC, NULL, NULL, OTHER, true },
};

static void test_grants(void **state)
{
	struct arena a = { 0 };
	struct sid sids[] = { sid(USER), sid(GROUP), sid("S-1-1-0") };
	struct token token = { sids, 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct secdesc sd;
		struct access_question q = { .right = row->right,
			.attribute = guid(row->attribute),
			.property_set = guid(row->property_set),
			.self_class = guid(CLASS_USER) };

		if (row->self)
			q.self = sid(row->self);
		assert_true(secdesc_parse(&a, make(&a, row->sddl), &sd));
		if (secdesc_grants(&sd, &token, &q) != row->granted)
			fail_msg("%s: %s is %s", row->why, row->sddl,
				row->granted ? "refused" : "granted");
	}
	arena_free(&a);
}

static void test_conditions_grant_nothing(void **state)
{
	struct arena a = { 0 };
	struct sid everyone = sid("S-1-1-0");
	struct token token = { &everyone, 1 };
	struct access_question q = { .right = RP };
	struct ace aces[] = { { .type = ACE_ACCESS_ALLOWED_CALLBACK, .mask = RP, .sid = everyone },
		{ .type = ACE_ACCESS_ALLOWED, .mask = RP, .sid = everyone } };
	struct secdesc sd = { .has_dacl = true, .dacl = aces, .dacl_count = 1 };

	(void)state;
	assert_false(secdesc_grants(&sd, &token, &q));
	sd.dacl_count = 2;
	assert_true(secdesc_grants(&sd, &token, &q));
	aces[0].type = ACE_ACCESS_DENIED_CALLBACK;
	assert_false(secdesc_grants(&sd, &token, &q));
	/* Where the right is what is feared: neither hides it. */
	q.perhaps = true;
	assert_true(secdesc_grants(&sd, &token, &q));
	aces[0].type = ACE_ACCESS_DENIED;
	assert_false(secdesc_grants(&sd, &token, &q));
	aces[0].type = ACE_ACCESS_ALLOWED_CALLBACK;
	sd.dacl_count = 1;
	assert_true(secdesc_grants(&sd, &token, &q));
	assert_false(token_holds(&(struct token){ NULL, 0 }, &everyone));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_generic_rights),
		cmocka_unit_test(test_grants),
		cmocka_unit_test(test_conditions_grant_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
