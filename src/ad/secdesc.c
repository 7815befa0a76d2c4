#include "ad/secdesc.h"

#include "base/limits.h"
#include "base/reader.h"

/* ACE_OBJECT flags (MS-DTYP 2.4.4.3) */
#define OBJECT_TYPE_PRESENT 0x1u
#define INHERITED_OBJECT_TYPE_PRESENT 0x2u

#define HEADER_BYTES 20u
#define ACL_HEADER_BYTES 8u
#define ACE_HEADER_BYTES 4u

static bool is_object_ace(uint8_t type)
{
	return type == ACE_ACCESS_ALLOWED_OBJECT || type == ACE_ACCESS_DENIED_OBJECT ||
	       type == ACE_ACCESS_ALLOWED_CALLBACK_OBJECT ||
	       type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

static bool is_deny(uint8_t type)
{
	return type == ACE_ACCESS_DENIED || type == ACE_ACCESS_DENIED_OBJECT ||
	       type == ACE_ACCESS_DENIED_CALLBACK || type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

bool ace_is_callback(uint8_t type)
{
	return type == ACE_ACCESS_ALLOWED_CALLBACK || type == ACE_ACCESS_DENIED_CALLBACK ||
	       type == ACE_ACCESS_ALLOWED_CALLBACK_OBJECT ||
	       type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

bool ace_surely_denies(uint8_t type)
{
	return is_deny(type) && !ace_is_callback(type);
}

bool ace_may_allow(uint8_t type)
{
	return type == ACE_ACCESS_ALLOWED || type == ACE_ACCESS_ALLOWED_OBJECT ||
	       type == ACE_ACCESS_ALLOWED_CALLBACK || type == ACE_ACCESS_ALLOWED_CALLBACK_OBJECT;
}

static bool is_allow(uint8_t type)
{
	return type == ACE_ACCESS_ALLOWED || type == ACE_ACCESS_ALLOWED_OBJECT;
}

static bool is_known(uint8_t type)
{
	return is_deny(type) || is_allow(type) || ace_is_callback(type);
}

/* body: the ACE after its header. What follows the SID is a condition or nothing. */
static bool parse_ace(struct str body, struct ace *ace)
{
	struct reader r = reader_of(body);
	size_t used;

	ace->mask = reader_u32le(&r);
	if (is_object_ace(ace->type)) {
		uint32_t present = reader_u32le(&r);

		ace->has_object_type = present & OBJECT_TYPE_PRESENT;
		ace->has_inherited_object_type = present & INHERITED_OBJECT_TYPE_PRESENT;
		if (ace->has_object_type)
			guid_parse(reader_bytes(&r, sizeof(ace->object_type.b)), &ace->object_type);
		if (ace->has_inherited_object_type)
			guid_parse(reader_bytes(&r, sizeof(ace->inherited_object_type.b)),
				&ace->inherited_object_type);
	}
	if (r.bad)
		return false;
	return sid_parse_prefix(reader_bytes(&r, r.left), &ace->sid, &used);
}

static bool parse_acl(struct arena *a, struct str bytes, struct secdesc *sd)
{
	struct reader r = reader_of(bytes);
	uint8_t revision = reader_u8(&r);

	reader_u8(&r);
	size_t size = reader_u16le(&r);
	size_t count = reader_u16le(&r);
	reader_u16le(&r);
	/* Revisions 2 and 4 exist (MS-DTYP 2.4.5); Windows takes what lies between as well. */
	if (r.bad || revision < 2 || revision > 4 || size < ACL_HEADER_BYTES || size > bytes.n ||
		count > (size - ACL_HEADER_BYTES) / ACE_HEADER_BYTES)
		return false;
	r = reader_of((struct str){ bytes.p + ACL_HEADER_BYTES, size - ACL_HEADER_BYTES });
	struct ace *aces = ARENA_ARRAY(a, struct ace, count);
	for (size_t i = 0; i < count; i++) {
		struct ace ace = { .type = reader_u8(&r), .flags = reader_u8(&r) };
		size_t ace_size = reader_u16le(&r);

		if (r.bad || ace_size < ACE_HEADER_BYTES)
			return false;
		struct str body = reader_bytes(&r, ace_size - ACE_HEADER_BYTES);
		if (r.bad)
			return false;
		if (is_known(ace.type) && parse_ace(body, &ace))
			aces[sd->dacl_count++] = ace;
		else
			sd->skipped++;
	}
	sd->dacl = aces;
	return true;
}

/* The bytes from an offset in the header on; false when the offset leaves the descriptor. */
static bool part_at(struct str bytes, uint32_t offset, struct str *out)
{
	if (offset < HEADER_BYTES || offset >= bytes.n)
		return false;
	*out = (struct str){ bytes.p + offset, bytes.n - offset };
	return true;
}

static bool parse_sid_at(struct str bytes, uint32_t offset, struct sid *out)
{
	struct str part;
	size_t used;

	return offset == 0 || (part_at(bytes, offset, &part) && sid_parse_prefix(part, out, &used));
}

bool secdesc_parse(struct arena *a, struct str bytes, struct secdesc *out)
{
	struct reader r = reader_of(bytes);
	struct secdesc sd = { 0 };
	struct str acl;
	uint8_t revision = reader_u8(&r);

	reader_u8(&r);
	sd.control = reader_u16le(&r);
	uint32_t owner = reader_u32le(&r);
	uint32_t group = reader_u32le(&r);
	reader_u32le(&r); /* the SACL */
	uint32_t dacl = reader_u32le(&r);
	if (r.bad || bytes.n > LIMIT_SECDESC_BYTES || revision != 1 ||
		!(sd.control & SD_SELF_RELATIVE))
		return false;
	if (!parse_sid_at(bytes, owner, &sd.owner) || !parse_sid_at(bytes, group, &sd.group))
		return false;
	/* Present with offset 0 is the NULL DACL, which is no DACL (MS-DTYP 2.4.6). */
	sd.has_dacl = (sd.control & SD_DACL_PRESENT) && dacl;
	if (sd.has_dacl && (!part_at(bytes, dacl, &acl) || !parse_acl(a, acl, &sd)))
		return false;
	*out = sd;
	return true;
}

uint32_t rights_of_mask(uint32_t mask)
{
	static const struct {
		uint32_t generic, rights;
	} map[] = {
		{ RIGHT_GENERIC_READ, RIGHT_READ_CONTROL | RIGHT_DS_LIST_CONTENTS |
					      RIGHT_DS_READ_PROPERTY | RIGHT_DS_LIST_OBJECT },
		{ RIGHT_GENERIC_WRITE, RIGHT_READ_CONTROL | RIGHT_DS_WRITE_PROPERTY_EXTENDED |
					       RIGHT_DS_WRITE_PROPERTY },
		{ RIGHT_GENERIC_EXECUTE, RIGHT_READ_CONTROL | RIGHT_DS_LIST_CONTENTS },
		{ RIGHT_GENERIC_ALL, 0x000f01ffu },
	};
	uint32_t rights = mask & 0x0fffffffu;

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (mask & map[i].generic)
			rights |= map[i].rights;
	return rights;
}

bool token_holds(const struct token *t, const struct sid *s)
{
	for (size_t i = 0; i < t->count; i++)
		if (sid_eq(&t->sids[i], s))
			return true;
	return false;
}

static const struct sid owner_rights = { 1, 1, 3, { 4 } };    /* S-1-3-4 */
static const struct sid principal_self = { 1, 1, 5, { 10 } }; /* S-1-5-10 */

static bool is_effective(const struct ace *ace)
{
	return !(ace->flags & ACE_FLAG_INHERIT_ONLY);
}

static bool concerns_token(
	const struct ace *ace, const struct token *t, const struct sid *self, bool is_owner)
{
	if (sid_eq(&ace->sid, &principal_self))
		return !sid_is_none(self) && token_holds(t, self);
	if (sid_eq(&ace->sid, &owner_rights))
		return is_owner;
	return token_holds(t, &ace->sid);
}

/*
 * Does the ACE speak of what is asked? Its ObjectType must lie on the way from the asked node up
 * to the root of the tree class > property set > attribute (MS-ADTS 5.1.3.3.3). For extended
 * rights, validated writes and children it must be the asked GUID (5.1.3.3.4), for a confidential
 * attribute its property set also does. InheritedObjectType has no part in a check: an ACE meant
 * for other classes was made INHERIT_ONLY when it was inherited.
 */
static bool concerns_node(const struct ace *ace, const struct access_question *q)
{
	const uint32_t by_guid = RIGHT_DS_CONTROL_ACCESS | RIGHT_DS_WRITE_PROPERTY_EXTENDED |
				 RIGHT_DS_CREATE_CHILD | RIGHT_DS_DELETE_CHILD;
	const struct guid *type = &ace->object_type;

	if (!ace->has_object_type)
		return true;
	if (guid_is_none(type))
		return false;
	if (guid_eq(type, &q->attribute) || guid_eq(type, &q->property_set))
		return true;
	if (!(q->right & by_guid) && guid_eq(type, &q->self_class))
		return true;
	/* A refused part makes the whole unreadable (5.1.3.3.3); but it must not hide that a
	 * principal may write all the rest. */
	return is_deny(ace->type) && guid_is_none(&q->attribute) &&
	       q->right == RIGHT_DS_READ_PROPERTY;
}

bool secdesc_grants(
	const struct secdesc *sd, const struct token *t, const struct access_question *q)
{
	uint32_t wanted = rights_of_mask(q->right);

	if (!sd->has_dacl || wanted == 0)
		return wanted != 0;
	bool is_owner = !sid_is_none(&sd->owner) && token_holds(t, &sd->owner);
	bool implicit = is_owner;
	for (size_t i = 0; i < sd->dacl_count; i++)
		if (is_effective(&sd->dacl[i]) && sid_eq(&sd->dacl[i].sid, &owner_rights))
			implicit = false;
	/* MS-DTYP 2.5.3.2: before the DACL, so that no deny takes them away. */
	if (implicit)
		wanted &= ~(RIGHT_READ_CONTROL | RIGHT_WRITE_DAC);
	for (size_t i = 0; wanted && i < sd->dacl_count; i++) {
		const struct ace *ace = &sd->dacl[i];
		uint32_t rights = rights_of_mask(ace->mask) & wanted;

		if (!rights || !is_effective(ace) || !concerns_token(ace, t, &q->self, is_owner) ||
			!concerns_node(ace, q))
			continue;
		if (q->perhaps ? ace_surely_denies(ace->type) : is_deny(ace->type))
			return false;
		if (q->perhaps ? ace_may_allow(ace->type) : is_allow(ace->type))
			wanted &= ~rights;
	}
	return wanted == 0;
}
