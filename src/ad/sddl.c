#include "ad/sddl.h"

#include "ad/secdesc.h"
#include "ad/wellknown.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/limits.h"

#include <string.h>

/* Two- or three-letter words and what they stand for. */
struct word {
	const char *text;
	uint32_t value;
};

/* The first of several words with one value is the one that is written. */
static const struct word ace_types[] = {
	{ "A", ACE_ACCESS_ALLOWED },
	{ "D", ACE_ACCESS_DENIED },
	{ "OA", ACE_ACCESS_ALLOWED_OBJECT },
	{ "OD", ACE_ACCESS_DENIED_OBJECT },
	{ "AU", ACE_SYSTEM_AUDIT },
	{ "OU", ACE_SYSTEM_AUDIT_OBJECT },
};

/* Written for the reader, never read: they need a condition. */
static const struct word callback_types[] = {
	{ "XA", ACE_ACCESS_ALLOWED_CALLBACK },
	{ "XD", ACE_ACCESS_DENIED_CALLBACK },
	{ "ZA", ACE_ACCESS_ALLOWED_CALLBACK_OBJECT },
	{ "ZD", ACE_ACCESS_DENIED_CALLBACK_OBJECT },
};

static const struct word ace_flags[] = {
	{ "OI", ACE_FLAG_OBJECT_INHERIT },
	{ "CI", ACE_FLAG_CONTAINER_INHERIT },
	{ "NP", ACE_FLAG_NO_PROPAGATE },
	{ "IO", ACE_FLAG_INHERIT_ONLY },
	{ "ID", ACE_FLAG_INHERITED },
	{ "SA", 0x40u },
	{ "FA", 0x80u },
};

static const struct word rights[] = {
	{ "CC", RIGHT_DS_CREATE_CHILD },
	{ "DC", RIGHT_DS_DELETE_CHILD },
	{ "LC", RIGHT_DS_LIST_CONTENTS },
	{ "SW", RIGHT_DS_WRITE_PROPERTY_EXTENDED },
	{ "RP", RIGHT_DS_READ_PROPERTY },
	{ "WP", RIGHT_DS_WRITE_PROPERTY },
	{ "DT", RIGHT_DS_DELETE_TREE },
	{ "LO", RIGHT_DS_LIST_OBJECT },
	{ "CR", RIGHT_DS_CONTROL_ACCESS },
	{ "SD", RIGHT_DELETE },
	{ "RC", RIGHT_READ_CONTROL },
	{ "WD", RIGHT_WRITE_DAC },
	{ "WO", RIGHT_WRITE_OWNER },
	{ "GA", RIGHT_GENERIC_ALL },
	{ "GX", RIGHT_GENERIC_EXECUTE },
	{ "GW", RIGHT_GENERIC_WRITE },
	{ "GR", RIGHT_GENERIC_READ },
};

/* Rights of files, read only: descriptors of SYSVOL and of other tools' examples use them. */
static const struct word file_rights[] = {
	{ "FA", 0x1f01ffu },
	{ "FR", 0x120089u },
	{ "FW", 0x120116u },
	{ "FX", 0x1200a0u },
};

static const struct word acl_flags[] = {
	{ "P", SD_DACL_PROTECTED }, { "AR", 0x0100u }, /* SE_DACL_AUTO_INHERIT_REQ */
	{ "AI", 0x0400u },			       /* SE_DACL_AUTO_INHERITED */
};

/* MS-DTYP 2.5.1.1 sid-token. */
static const struct {
	char text[3];
	struct sid sid;
} fixed_sids[] = {
	{ "AA", { 1, 2, 5, { 32, 579 } } },
	{ "AC", { 1, 2, 15, { 2, 1 } } },
	{ "AN", { 1, 1, 5, { 7 } } },
	{ "AO", { 1, 2, 5, { 32, 548 } } },
	{ "AS", { 1, 1, 18, { 1 } } },
	{ "AU", { 1, 1, 5, { 11 } } },
	{ "BA", { 1, 2, 5, { 32, 544 } } },
	{ "BG", { 1, 2, 5, { 32, 546 } } },
	{ "BO", { 1, 2, 5, { 32, 551 } } },
	{ "BU", { 1, 2, 5, { 32, 545 } } },
	{ "CD", { 1, 2, 5, { 32, 574 } } },
	{ "CG", { 1, 1, 3, { 1 } } },
	{ "CO", { 1, 1, 3, { 0 } } },
	{ "CY", { 1, 2, 5, { 32, 569 } } },
	{ "ED", { 1, 1, 5, { 9 } } },
	{ "ER", { 1, 2, 5, { 32, 573 } } },
	{ "ES", { 1, 2, 5, { 32, 576 } } },
	{ "HA", { 1, 2, 5, { 32, 578 } } },
	{ "HI", { 1, 1, 16, { 12288 } } },
	{ "IS", { 1, 2, 5, { 32, 568 } } },
	{ "IU", { 1, 1, 5, { 4 } } },
	{ "LS", { 1, 1, 5, { 19 } } },
	{ "LU", { 1, 2, 5, { 32, 559 } } },
	{ "LW", { 1, 1, 16, { 4096 } } },
	{ "ME", { 1, 1, 16, { 8192 } } },
	{ "MP", { 1, 1, 16, { 8448 } } },
	{ "MS", { 1, 2, 5, { 32, 577 } } },
	{ "MU", { 1, 2, 5, { 32, 558 } } },
	{ "NO", { 1, 2, 5, { 32, 556 } } },
	{ "NS", { 1, 1, 5, { 20 } } },
	{ "NU", { 1, 1, 5, { 2 } } },
	{ "OW", { 1, 1, 3, { 4 } } },
	{ "PO", { 1, 2, 5, { 32, 550 } } },
	{ "PS", { 1, 1, 5, { 10 } } },
	{ "PU", { 1, 2, 5, { 32, 547 } } },
	{ "RA", { 1, 2, 5, { 32, 575 } } },
	{ "RC", { 1, 1, 5, { 12 } } },
	{ "RD", { 1, 2, 5, { 32, 555 } } },
	{ "RE", { 1, 2, 5, { 32, 552 } } },
	{ "RM", { 1, 2, 5, { 32, 580 } } },
	{ "RU", { 1, 2, 5, { 32, 554 } } },
	{ "SI", { 1, 1, 16, { 16384 } } },
	{ "SO", { 1, 2, 5, { 32, 549 } } },
	{ "SS", { 1, 1, 18, { 2 } } },
	{ "SU", { 1, 1, 5, { 6 } } },
	{ "SY", { 1, 1, 5, { 18 } } },
	{ "UD", { 1, 6, 5, { 84, 0, 0, 0, 0, 0 } } },
	{ "WD", { 1, 1, 1, { 0 } } },
	{ "WR", { 1, 1, 5, { 33 } } },
};

static const struct word domain_sids[] = {
	{ "AP", RID_PROTECTED_USERS },
	{ "CA", RID_CERT_PUBLISHERS },
	{ "CN", RID_CLONEABLE_DCS },
	{ "DA", RID_DOMAIN_ADMINS },
	{ "DC", RID_DOMAIN_COMPUTERS },
	{ "DD", RID_DOMAIN_CONTROLLERS },
	{ "DG", RID_DOMAIN_GUESTS },
	{ "DU", RID_DOMAIN_USERS },
	{ "EA", RID_ENTERPRISE_ADMINS },
	{ "EK", RID_ENTERPRISE_KEY_ADMINS },
	{ "KA", RID_KEY_ADMINS },
	{ "LA", RID_ADMINISTRATOR },
	{ "LG", RID_GUEST },
	{ "PA", RID_GROUP_POLICY_CREATOR_OWNERS },
	{ "RO", RID_ENTERPRISE_RODCS },
	{ "RS", RID_RAS_SERVERS },
	{ "SA", RID_SCHEMA_ADMINS },
};

static bool find_word(const struct word *table, size_t n, struct str text, uint32_t *out)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(text, str_of(table[i].text))) {
			*out = table[i].value;
			return true;
		}
	return false;
}

static const char *find_value(const struct word *table, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].value == value)
			return table[i].text;
	return NULL;
}

/* A run of words without separators, the longest table word first where two begin alike. */
static bool read_words(const struct word *table, size_t n, struct str text, uint32_t *out)
{
	uint32_t all = 0;

	while (text.n) {
		size_t best = n;

		for (size_t i = 0; i < n; i++)
			if (str_istarts(text, str_of(table[i].text)) &&
				(best == n || strlen(table[i].text) > strlen(table[best].text)))
				best = i;
		if (best == n)
			return false;
		all |= table[best].value;
		text.p += strlen(table[best].text);
		text.n -= strlen(table[best].text);
	}
	*out = all;
	return true;
}

static bool read_number(struct str text, uint32_t *out)
{
	uint64_t v = 0;

	if (!str_istarts(text, STR("0x"))) {
		if (!str_to_u64(text, &v) || v > UINT32_MAX)
			return false;
		*out = (uint32_t)v;
		return true;
	}
	if (text.n < 3 || text.n > 10)
		return false;
	for (size_t i = 2; i < text.n; i++) {
		int digit = ascii_hex(text.p[i]);

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*out = (uint32_t)v;
	return true;
}

static bool read_rights(struct str text, uint32_t *out)
{
	return find_word(file_rights, ARRAY_LEN(file_rights), text, out) ||
	       (text.n && text.p[0] >= '0' && text.p[0] <= '9'
			       ? read_number(text, out)
			       : read_words(rights, ARRAY_LEN(rights), text, out));
}

static bool read_sid(struct str text, const struct sid *domain, struct sid *out)
{
	uint32_t rid;

	if (sid_from_text(text, out))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(fixed_sids); i++)
		if (str_ieq(text, str_of(fixed_sids[i].text))) {
			*out = fixed_sids[i].sid;
			return true;
		}
	if (!domain || !find_word(domain_sids, ARRAY_LEN(domain_sids), text, &rid))
		return false;
	*out = sid_with_rid(domain, rid);
	return !sid_is_none(out);
}

static void put_number(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_putc(b, (char)(v >> 8 * i & 0xff));
}

static void put_sid(struct buf *b, const struct sid *s)
{
	unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];

	buf_put(b, bytes, sid_bytes(s, bytes));
}

/* The six fields of "type;flags;rights;object;inherited;sid". */
static bool split_fields(struct str text, struct str fields[6])
{
	for (int i = 0; i < 6; i++) {
		if (!text.p)
			return false;
		fields[i] = str_trim(str_cut(text, ';', &text));
	}
	return !text.p;
}

static bool put_ace(struct buf *b, struct str text, const struct sid *domain, bool *has_objects)
{
	struct str f[6];
	uint32_t type, flags, mask;
	struct guid object = { { 0 } }, inherited = { { 0 } };
	struct sid sid;

	if (!split_fields(text, f) || !find_word(ace_types, ARRAY_LEN(ace_types), f[0], &type) ||
		!read_words(ace_flags, ARRAY_LEN(ace_flags), f[1], &flags) ||
		!read_rights(f[2], &mask) || (f[3].n && !guid_from_text(f[3], &object)) ||
		(f[4].n && !guid_from_text(f[4], &inherited)) || !read_sid(f[5], domain, &sid))
		return false;
	bool of_object = type == ACE_ACCESS_ALLOWED_OBJECT || type == ACE_ACCESS_DENIED_OBJECT ||
			 type == ACE_SYSTEM_AUDIT_OBJECT;
	if (!of_object && (f[3].n || f[4].n))
		return false;
	size_t guids = (f[3].n ? 16u : 0u) + (f[4].n ? 16u : 0u);
	size_t size = 8 + (of_object ? 4 + guids : 0) + 8 + (size_t)4 * sid.count;
	put_number(b, type, 1);
	put_number(b, flags, 1);
	put_number(b, size, 2);
	put_number(b, mask, 4);
	if (of_object) {
		put_number(b, (f[3].n ? 1u : 0u) | (f[4].n ? 2u : 0u), 4);
		buf_put(b, object.b, f[3].n ? sizeof(object.b) : 0);
		buf_put(b, inherited.b, f[4].n ? sizeof(inherited.b) : 0);
	}
	put_sid(b, &sid);
	*has_objects = *has_objects || of_object;
	return true;
}

/* "flags(ace)(ace)…" to an ACL; *control gets the flags, as those of a DACL. */
static bool put_acl(
	struct buf *b, struct str text, const struct sid *domain, uint32_t *control, bool *is_null)
{
	struct str aces, flags = str_trim(str_cut(text, '(', &aces));
	struct buf body = { 0 };
	size_t count = 0;
	bool good, has_objects = false;
	const struct str null_acl = STR("NO_ACCESS_CONTROL");

	*is_null = !aces.p && flags.n >= null_acl.n &&
		   str_ieq((struct str){ flags.p + flags.n - null_acl.n, null_acl.n }, null_acl);
	if (*is_null)
		flags.n -= null_acl.n;
	good = read_words(acl_flags, ARRAY_LEN(acl_flags), flags, control);
	while (good && aces.p) {
		struct str after, ace = str_cut(aces, ')', &after);

		good = after.p && put_ace(&body, ace, domain, &has_objects);
		if (!good)
			break;
		count++;
		after = str_trim(after);
		good = after.n == 0 || after.p[0] == '(';
		aces = after.n ? (struct str){ after.p + 1, after.n - 1 } : (struct str){ NULL, 0 };
	}
	good = good && body.n + 8 <= UINT16_MAX && count <= UINT16_MAX;
	if (good && !*is_null) {
		/* ACL_REVISION_DS with object ACEs (MS-DTYP 2.4.5) */
		put_number(b, has_objects ? 4 : 2, 2);
		put_number(b, body.n + 8, 2);
		put_number(b, count, 4);
		buf_put_str(b, buf_str(&body));
	}
	buf_free(&body);
	return good;
}

/* The letter and the text of the next "X:…" part; text ends before the next one. */
static bool next_part(struct str *text, char *letter, struct str *part)
{
	struct str s = str_trim(*text);
	size_t end = 2;
	bool in_ace = false;

	if (s.n < 2 || s.p[1] != ':')
		return false;
	*letter = (char)(s.p[0] & ~0x20);
	while (end < s.n && (in_ace || end + 1 == s.n || s.p[end + 1] != ':')) {
		if (s.p[end] == '(')
			in_ace = true;
		if (s.p[end] == ')')
			in_ace = false;
		end++;
	}
	*part = str_trim((struct str){ s.p + 2, end - 2 });
	*text = (struct str){ s.p + end, s.n - end };
	return true;
}

bool sddl_to_bytes(struct arena *a, struct str text, const struct sid *domain, struct str *out)
{
	struct buf b = { .max = LIMIT_SECDESC_BYTES };
	uint32_t offset[4] = { 0 }, control = SD_SELF_RELATIVE, flags;
	static const char order[] = "OGSD"; /* as the offsets of the header */
	bool good = true, is_null, seen[4] = { false };

	put_number(&b, 0, 8);
	put_number(&b, 0, 8);
	put_number(&b, 0, 4);
	text = str_trim(text);
	while (good && text.n) {
		struct str part;
		struct sid sid;
		char letter;

		good = next_part(&text, &letter, &part);
		const char *which = good && letter ? strchr(order, letter) : NULL;
		size_t i = which ? (size_t)(which - order) : 0;
		good = which && !seen[i];
		if (!good)
			break;
		seen[i] = true;
		offset[i] = (uint32_t)b.n;
		if (i < 2) {
			good = read_sid(part, domain, &sid);
			if (good)
				put_sid(&b, &sid);
			continue;
		}
		good = put_acl(&b, part, domain, &flags, &is_null);
		if (!good)
			break;
		/* The bits of the SACL follow those of the DACL. */
		control |= i == 2 ? SD_SACL_PRESENT | flags << 1 : SD_DACL_PRESENT | flags;
		if (is_null)
			offset[i] = 0;
	}
	if (good && !b.overflow) {
		struct buf header = { 0 };

		put_number(&header, 1, 2);
		put_number(&header, control, 2);
		for (size_t i = 0; i < 4; i++)
			put_number(&header, offset[i], 4);
		memcpy(b.p, header.p, header.n);
		buf_free(&header);
		*out = arena_str(a, buf_str(&b));
	}
	good = good && !b.overflow;
	buf_free(&b);
	return good;
}

static void put_sid_text(struct buf *b, const struct sid *s)
{
	char text[SID_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(fixed_sids); i++)
		if (sid_eq(s, &fixed_sids[i].sid)) {
			buf_putz(b, fixed_sids[i].text);
			return;
		}
	buf_putz(b, sid_text(s, text));
}

/* The words of the bits of v; false, and nothing written, when some bit has no word. */
static bool put_words(struct buf *b, const struct word *table, size_t n, uint32_t v)
{
	uint32_t named = 0;

	for (size_t i = 0; i < n; i++)
		named |= table[i].value;
	if (v & ~named)
		return false;
	for (size_t i = 0; i < n; i++)
		if (v & table[i].value)
			buf_putz(b, table[i].text);
	return true;
}

static void put_ace_text(struct buf *b, const struct ace *ace)
{
	char guid[GUID_TEXT];
	const char *type = find_value(ace_types, ARRAY_LEN(ace_types), ace->type);

	if (!type)
		type = find_value(callback_types, ARRAY_LEN(callback_types), ace->type);
	buf_printf(b, "(%s;", type ? type : "?");
	put_words(b, ace_flags, ARRAY_LEN(ace_flags), ace->flags & 0xdfu);
	buf_putc(b, ';');
	if (!put_words(b, rights, ARRAY_LEN(rights), ace->mask))
		buf_printf(b, "0x%lx", (unsigned long)ace->mask);
	buf_printf(b, ";%s", ace->has_object_type ? guid_text(&ace->object_type, guid) : "");
	buf_printf(b, ";%s;",
		ace->has_inherited_object_type ? guid_text(&ace->inherited_object_type, guid) : "");
	put_sid_text(b, &ace->sid);
	buf_putc(b, ')');
}

struct str ace_to_sddl(struct arena *a, const struct ace *ace)
{
	struct buf b = { 0 };

	put_ace_text(&b, ace);
	struct str text = arena_str(a, buf_str(&b));

	buf_free(&b);
	return text;
}

bool secdesc_to_sddl(struct arena *a, struct str bytes, struct str *out)
{
	struct arena scratch = { 0 };
	struct secdesc sd;
	struct buf b = { 0 };
	bool good = secdesc_parse(&scratch, bytes, &sd);

	if (good) {
		if (!sid_is_none(&sd.owner)) {
			buf_putz(&b, "O:");
			put_sid_text(&b, &sd.owner);
		}
		if (!sid_is_none(&sd.group)) {
			buf_putz(&b, "G:");
			put_sid_text(&b, &sd.group);
		}
		if (sd.control & SD_DACL_PRESENT) {
			buf_putz(&b, "D:");
			put_words(&b, acl_flags, ARRAY_LEN(acl_flags), sd.control & 0x1500u);
			if (!sd.has_dacl)
				buf_putz(&b, "NO_ACCESS_CONTROL");
		}
		for (size_t i = 0; i < sd.dacl_count; i++)
			put_ace_text(&b, &sd.dacl[i]);
		*out = arena_str(a, buf_str(&b));
	}
	buf_free(&b);
	arena_free(&scratch);
	return good;
}
