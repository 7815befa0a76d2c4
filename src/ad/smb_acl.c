#include "ad/smb_acl.h"

#include "ad/secdesc.h"

#include <string.h>

#define ACL_REVISION 2

static void put_le(struct buf *out, uint32_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_putc(out, (char)(n >> (8 * i) & 0xff));
}

static void put_sid(struct buf *out, const struct sid *s)
{
	unsigned char bytes[80];

	buf_put(out, bytes, sid_bytes(s, bytes));
}

/* Decimal, or hexadecimal behind "0x". */
static bool read_number(struct str s, uint32_t max, uint32_t *out)
{
	uint64_t n = 0;

	if (!str_istarts(s, STR("0x"))) {
		if (!str_to_u64(s, &n) || n > max)
			return false;
		*out = (uint32_t)n;
		return true;
	}
	if (s.n < 3 || s.n > 10)
		return false;
	for (size_t i = 2; i < s.n; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0)
			return false;
		n = n << 4 | (unsigned)digit;
	}
	*out = (uint32_t)n;
	return n <= max;
}

/* "S-1-…:type/flags/mask" */
static bool put_ace(struct str text, struct buf *out)
{
	struct str rest, sid_text = str_cut(text, ':', &rest);
	struct str type_text = str_cut(rest, '/', &rest), flags_text = str_cut(rest, '/', &rest);
	uint32_t type, flags, mask;
	struct sid sid;

	if (!sid_from_text(sid_text, &sid) || !read_number(type_text, 0xff, &type) ||
		!read_number(flags_text, 0xff, &flags) || !read_number(rest, UINT32_MAX, &mask) ||
		(type != ACE_ACCESS_ALLOWED && type != ACE_ACCESS_DENIED))
		return false;
	put_le(out, type, 1);
	put_le(out, flags, 1);
	put_le(out, 8 + 8 + 4 * (uint32_t)sid.count, 2);
	put_le(out, mask, 4);
	put_sid(out, &sid);
	return true;
}

static void assemble(const struct sid *owner, const struct sid *group, const struct buf *aces,
	uint32_t count, struct buf *out)
{
	uint32_t owner_at = 20, group_at = owner_at + 8 + 4 * (uint32_t)owner->count;
	uint32_t dacl_at = group_at + 8 + 4 * (uint32_t)group->count;

	put_le(out, 1, 2);
	put_le(out, SD_SELF_RELATIVE | SD_DACL_PRESENT, 2);
	put_le(out, owner_at, 4);
	put_le(out, group_at, 4);
	put_le(out, 0, 4);
	put_le(out, dacl_at, 4);
	put_sid(out, owner);
	put_sid(out, group);
	put_le(out, ACL_REVISION, 2);
	put_le(out, 8 + (uint32_t)aces->n, 2);
	put_le(out, count, 4);
	buf_put_str(out, buf_str(aces));
}

bool smb_acl_descriptor(struct str text, struct buf *out)
{
	struct sid owner = { 0 }, group = { 0 };
	struct buf aces = { 0 };
	bool good = true;
	uint32_t count = 0;

	while (good && text.p) {
		struct str value, one = str_cut(text, ',', &text);
		struct str key = str_cut(one, ':', &value);

		if (str_eq(key, STR("OWNER")))
			good = sid_from_text(value, &owner);
		else if (str_eq(key, STR("GROUP")))
			good = sid_from_text(value, &group);
		else if (str_eq(key, STR("ACL")))
			good = put_ace(value, &aces) && ++count;
		else
			good = str_eq(key, STR("REVISION"));
	}
	/* An ACL's size is 16 bits. Without entries it may be empty or absent: opposites. */
	good &= !sid_is_none(&owner) && !sid_is_none(&group) && count && aces.n <= UINT16_MAX - 8;
	if (good)
		assemble(&owner, &group, &aces, count, out);
	buf_free(&aces);
	return good;
}
