/* Descriptors and SDDL made by Windows, Samba and other tools, from the folder REAL_DATA. */
#include "ad/sddl.h"
#include "ad/secdesc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/platform.h"
#include "tests/base/check.h"

#include <jansson.h>
#include <zlib.h>

#define FOLDER REAL_DATA "/descriptors/"

static struct str read_file(struct arena *a, const char *name)
{
	struct buf b = { 0 }, path = { 0 };
	struct err err;

	buf_printf(&path, "%s%s", FOLDER, name);
	if (platform_read_file(buf_z(&path), 1u << 20, &b, ERR_SOURCE, &err))
		fail_msg("%s", err.text);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	buf_free(&path);
	return out;
}

/* Ends at the padding, which one file holds as a literal \u003d. */
static struct str base64(struct arena *a, struct str text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = { 0 };
	uint32_t bits = 0;
	int have = 0;

	text = str_trim(text);
	for (size_t i = 0; i < text.n && text.p[i] != '=' && text.p[i] != '\\'; i++) {
		const char *at = memchr(digits, text.p[i], 64);

		assert_non_null(at);
		bits = (bits << 6 | (uint32_t)(at - digits)) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_putc(&b, (char)(bits >> have & 0xff));
		}
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static bool same_ace(const struct ace *x, const struct ace *y)
{
	return x->type == y->type && x->flags == y->flags && x->mask == y->mask &&
	       x->has_object_type == y->has_object_type &&
	       x->has_inherited_object_type == y->has_inherited_object_type &&
	       guid_eq(&x->object_type, &y->object_type) &&
	       guid_eq(&x->inherited_object_type, &y->inherited_object_type) &&
	       sid_eq(&x->sid, &y->sid);
}

static bool same(const struct secdesc *x, const struct secdesc *y)
{
	if (x->control != y->control || !sid_eq(&x->owner, &y->owner) ||
		!sid_eq(&x->group, &y->group) || x->has_dacl != y->has_dacl ||
		x->dacl_count != y->dacl_count || x->skipped != y->skipped)
		return false;
	for (size_t i = 0; i < x->dacl_count; i++)
		if (!same_ace(&x->dacl[i], &y->dacl[i]))
			return false;
	return true;
}

/* What python3-samba 4.17 (samba.ndr) reads in the same bytes. */
struct expected {
	const char *name, *owner, *group;
	uint16_t control;
	size_t aces, object_aces;
	uint64_t sum_of_masks;
	const char *last_sid;
};

static void check_descriptor(struct arena *a, struct str bytes, const struct expected *e)
{
	struct secdesc sd;
	char text[SID_TEXT];
	size_t objects = 0;
	uint64_t masks = 0;
	struct str sddl, again;

	if (!secdesc_parse(a, bytes, &sd))
		fail_msg("%s is refused", e->name);
	assert_string_equal(sid_text(&sd.owner, text), e->owner);
	assert_string_equal(sid_text(&sd.group, text), e->group);
	assert_int_equal(sd.control, e->control);
	assert_int_equal(sd.dacl_count, e->aces);
	assert_int_equal(sd.skipped, 0);
	for (size_t i = 0; i < sd.dacl_count; i++) {
		objects += sd.dacl[i].type == ACE_ACCESS_ALLOWED_OBJECT ||
			   sd.dacl[i].type == ACE_ACCESS_DENIED_OBJECT;
		masks += sd.dacl[i].mask;
	}
	assert_int_equal(objects, e->object_aces);
	assert_true(masks == e->sum_of_masks);
	assert_string_equal(sid_text(&sd.dacl[sd.dacl_count - 1].sid, text), e->last_sid);
	/* And as text and back. */
	struct secdesc back;
	assert_true(secdesc_to_sddl(a, bytes, &sddl));
	assert_true(sddl_to_bytes(a, sddl, NULL, &again));
	assert_true(secdesc_parse(a, again, &back));
	sd.control &= (uint16_t)~0x0810u; /* the SACL is not written */
	assert_true(same(&sd, &back));
}

static void test_binary_files(void **state)
{
	static const struct expected files[] = {
		{ "sddlSample.bin", "S-1-5-21-3750063493-4261579475-3088784596-512",
			"S-1-5-21-3750063493-4261579475-3088784596-512", 0x8c14, 482, 462, 24470975,
			"S-1-5-32-544" },
		{ "daclOnlySample.bin", "", "", 0x8c04, 482, 462, 24470975, "S-1-5-32-544" },
		{ "cloudsoda/binary/share1_file-from-arash.txt_sd.bin",
			"S-1-5-21-961957430-4093132677-2755073997-1108",
			"S-1-5-21-961957430-4093132677-2755073997-513", 0x8404, 6, 0, 11340452,
			"S-1-5-21-961957430-4093132677-2755073997-1108" },
	};
	static const struct expected ntsd = { "ntsd.b64",
		"S-1-5-21-2333832797-2102143736-1942374753-512",
		"S-1-5-21-2333832797-2102143736-1942374753-512", 0x8c04, 50, 42, 5575805,
		"S-1-5-32-544" };
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		check_descriptor(&a, read_file(&a, files[i].name), &files[i]);
	check_descriptor(&a, base64(&a, read_file(&a, "go-winacl/ntsd.b64")), &ntsd);
	arena_free(&a);
}

static void test_sharphound(void **state)
{
#define SHARP "S-1-5-21-3130019616-2776909439-2417379446"
	static const struct expected rows[] = {
		{ "ProtectedUserNTSecurityDescriptor", SHARP "-512", "", 0x9c04, 24, 19, 4197736,
			"S-1-5-18" },
		{ "UnProtectedUserNtSecurityDescriptor", SHARP "-512", "", 0x8c04, 39, 31, 5576301,
			"S-1-5-32-544" },
		{ "GMSAProperty", "S-1-5-32-544", "", 0x8004, 1, 0, 983551, SHARP "-500" },
		{ "AddMemberSecurityDescriptor", SHARP "-512", "", 0x8c04, 21, 13, 5574537,
			"S-1-5-32-544" },
	};
	struct arena a = { 0 };
	struct str text = read_file(&a, "acl_test_sds.json");
	json_t *root = json_loadb(text.p, text.n, 0, NULL);
	const json_t *values = json_object_get(root, "values");

	(void)state;
	assert_int_equal(json_object_size(values), 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value = json_string_value(json_object_get(values, rows[i].name));

		assert_non_null(value);
		check_descriptor(&a, base64(&a, str_of(value)), &rows[i]);
	}
	json_decref(root);
	arena_free(&a);
}

/* SDDL and bytes of one descriptor, each as Windows gave it. */
static void check_pair(struct arena *a, struct str sddl, struct str bytes)
{
	/* The machine's domain in these files, for LA. */
	static const struct sid machine = { 1, 4, 5,
		{ 21, 1886771222, 1226956130, UINT32_C(4148604499) } };
	struct secdesc from_bytes, from_text;
	struct str made;

	assert_true(secdesc_parse(a, bytes, &from_bytes));
	if (!sddl_to_bytes(a, sddl, &machine, &made))
		fail_msg("refused: %.*s", STR_ARG(sddl));
	assert_true(secdesc_parse(a, made, &from_text));
	/* Windows sets SE_SACL_AUTO_INHERITED also where there is no SACL; no text says so. */
	if (!(from_bytes.control & SD_SACL_PRESENT))
		from_bytes.control &= (uint16_t)~0x0800u;
	if (!same(&from_bytes, &from_text)) {
		struct str got;

		assert_true(secdesc_to_sddl(a, bytes, &got));
		fail_msg("the bytes are %.*s (control %04x), the text is %.*s", STR_ARG(got),
			from_bytes.control, STR_ARG(sddl));
	}
}

static void test_sddl_of_windows(void **state)
{
	static const char *const folders[] = { "cloudsoda/many-perms/from-windows.txt",
		"cloudsoda/single-perm/from-windos.txt" };
	struct arena a = { 0 };
	struct str rest;

	(void)state;
	check_pair(&a, read_file(&a, "go-winacl/ntsd.sddl"),
		base64(&a, read_file(&a, "go-winacl/ntsd.b64")));
	check_pair(&a, read_file(&a, "cloudsoda/dacl-and-sacl/hello.txt.windows.sddl.utf8"),
		base64(&a, read_file(&a, "cloudsoda/dacl-and-sacl/hello.txt.windows.bin.b64")));
	check_pair(&a, read_file(&a, "cloudsoda/dacl-and-sacl/hello.txt.linux.sddl.utf8"),
		base64(&a, read_file(&a, "cloudsoda/dacl-and-sacl/hello.txt.linux.b64")));
	for (size_t i = 0; i < 2; i++) {
		struct str sddl = str_cut(read_file(&a, folders[i]), '\n', &rest);

		check_pair(&a, sddl, base64(&a, str_cut(rest, '\n', &rest)));
	}
	arena_free(&a);
}

static struct str gunzip(struct arena *a, const char *path)
{
	gzFile f = gzopen(path, "rb");
	struct buf b = { 0 };
	char part[65536];
	int n;

	assert_non_null(f);
	while ((n = gzread(f, part, sizeof(part))) > 0)
		buf_put(&b, part, (size_t)n);
	assert_int_equal(n, 0);
	assert_int_equal(gzclose(f), Z_OK);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str bytes_of_list(struct arena *a, const json_t *list)
{
	size_t n = json_array_size(list);
	char *p = ARENA_ARRAY(a, char, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)json_integer_value(json_array_get(list, i));
	return (struct str){ p, n };
}

/* Samba's own table of SDDL and the bytes that Windows makes of it. */
static void test_sddl_of_samba(void **state)
{
	struct arena a = { 0 };
	struct str text = gunzip(&a, FOLDER "short-ordinary-acls.json.gz");
	json_t *root = json_loadb(text.p, text.n, 0, NULL), *value;
	/* The domain of the machine that made it, for LA and LG. */
	static const struct sid domain = { 1, 4, 5,
		{ 21, UINT32_C(2457507606), UINT32_C(2709100691), 398136650 } };
	const char *sddl;
	size_t count = 0, differ = 0;

	(void)state;
	assert_non_null(root);
	json_object_foreach(root, sddl, value)
	{
		struct arena scratch = { 0 };
		struct str bytes = bytes_of_list(&scratch, value), made;
		struct secdesc want, got;

		count++;
		bool good = secdesc_parse(&scratch, bytes, &want) &&
			    sddl_to_bytes(&scratch, str_of(sddl), &domain, &made) &&
			    secdesc_parse(&scratch, made, &got) && same(&want, &got);
		if (!good) {
			differ++;
			print_error("%s\n", sddl);
		}
		arena_free(&scratch);
	}
	json_decref(root);
	arena_free(&a);
	assert_int_equal(count, 7140);
	assert_int_equal(differ, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binary_files),
		cmocka_unit_test(test_sharphound),
		cmocka_unit_test(test_sddl_of_windows),
		cmocka_unit_test(test_sddl_of_samba),
	};

	if (!platform_exists(FOLDER)) {
		printf("No real descriptors: REAL_DATA is not given or has no folder descriptors. "
		       "Made ones are tested by test_ad_secdesc and test_ad_sddl.\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
