#include "ad/sid.h"

#include "base/reader.h"

#include <stdio.h>
#include <string.h>

#define AUTHORITY_NT 5u
#define AUTHORITY_MAX ((UINT64_C(1) << 48) - 1)
#define RID_NT_NON_UNIQUE 21u /* S-1-5-21: machines and domains */
#define RID_NT_BUILTIN 32u

bool sid_parse_prefix(struct str bytes, struct sid *out, size_t *used)
{
	struct reader r = reader_of(bytes);
	struct sid s = { 0 };

	s.revision = reader_u8(&r);
	s.count = reader_u8(&r);
	if (s.revision != 1 || s.count > LIMIT_SID_SUBAUTHORITIES)
		return false;
	for (int i = 0; i < 6; i++)
		s.authority = s.authority << 8 | reader_u8(&r);
	for (size_t i = 0; i < s.count; i++)
		s.sub[i] = reader_u32le(&r);
	if (r.bad)
		return false;
	*used = bytes.n - r.left;
	*out = s;
	return true;
}

bool sid_parse(struct str bytes, struct sid *out)
{
	struct sid s;
	size_t used;

	if (!sid_parse_prefix(bytes, &s, &used) || used != bytes.n)
		return false;
	*out = s;
	return true;
}

/* Hexadecimal of an authority above 32 bits: "0x" and twelve digits. */
static bool hex_authority(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n < 3 || s.n > 14)
		return false;
	for (size_t i = 2; i < s.n; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*out = v;
	return true;
}

bool sid_from_text(struct str text, struct sid *out)
{
	struct sid s = { .revision = 1 };
	struct str rest;
	uint64_t v;

	if (!str_istarts(text, STR("S-1-")))
		return false;
	struct str part = str_cut((struct str){ text.p + 4, text.n - 4 }, '-', &rest);
	if (str_istarts(part, STR("0x")) ? !hex_authority(part, &s.authority)
					 : !str_to_u64(part, &s.authority))
		return false;
	if (s.authority > AUTHORITY_MAX)
		return false;
	while (rest.p) {
		part = str_cut(rest, '-', &rest);
		if (s.count == LIMIT_SID_SUBAUTHORITIES || !str_to_u64(part, &v) || v > UINT32_MAX)
			return false;
		s.sub[s.count++] = (uint32_t)v;
	}
	*out = s;
	return true;
}

const char *sid_text(const struct sid *s, char *out)
{
	int n;

	out[0] = '\0';
	if (sid_is_none(s))
		return out;
	/* MS-DTYP 2.4.2.1: decimal below 2^32, else hexadecimal. */
	if (s->authority <= UINT32_MAX)
		n = snprintf(out, SID_TEXT, "S-1-%lu", (unsigned long)s->authority);
	else
		n = snprintf(out, SID_TEXT, "S-1-0x%012llX", (unsigned long long)s->authority);
	for (size_t i = 0; i < s->count && i < LIMIT_SID_SUBAUTHORITIES; i++)
		n += snprintf(out + n, SID_TEXT - (size_t)n, "-%lu", (unsigned long)s->sub[i]);
	return out;
}

bool sid_is_none(const struct sid *s)
{
	return s->revision == 0;
}

bool sid_eq(const struct sid *a, const struct sid *b)
{
	return a->revision == b->revision && a->count == b->count && a->authority == b->authority &&
	       memcmp(a->sub, b->sub, a->count * sizeof(a->sub[0])) == 0;
}

size_t sid_bytes(const struct sid *s, unsigned char *out)
{
	size_t n = 0;

	out[n++] = s->revision;
	out[n++] = s->count;
	for (int shift = 40; shift >= 0; shift -= 8)
		out[n++] = (unsigned char)(s->authority >> shift);
	for (size_t i = 0; i < s->count; i++)
		for (int shift = 0; shift < 32; shift += 8)
			out[n++] = (unsigned char)(s->sub[i] >> shift);
	return n;
}

bool sid_in_domain(const struct sid *s, const struct sid *domain, uint32_t *rid)
{
	if (sid_is_none(domain) || s->count != domain->count + 1 ||
		s->revision != domain->revision || s->authority != domain->authority ||
		memcmp(s->sub, domain->sub, domain->count * sizeof(*s->sub)) != 0)
		return false;
	*rid = sid_rid(s);
	return true;
}

uint32_t sid_rid(const struct sid *s)
{
	return s->count ? s->sub[s->count - 1] : 0;
}

struct sid sid_domain(const struct sid *s)
{
	struct sid d = *s;

	if (d.count)
		d.sub[--d.count] = 0;
	return d;
}

struct sid sid_with_rid(const struct sid *domain, uint32_t rid)
{
	struct sid s = *domain;

	if (sid_is_none(domain) || s.count >= LIMIT_SID_SUBAUTHORITIES)
		return (struct sid){ 0 };
	s.sub[s.count++] = rid;
	return s;
}

struct sid sid_builtin(uint32_t rid)
{
	return (struct sid){ 1, 2, AUTHORITY_NT, { RID_NT_BUILTIN, rid } };
}

bool sid_is_domain_principal(const struct sid *s)
{
	return s->revision == 1 && s->authority == AUTHORITY_NT && s->count >= 5 &&
	       s->sub[0] == RID_NT_NON_UNIQUE;
}
