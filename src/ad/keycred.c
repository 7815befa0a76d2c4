#include "ad/keycred.h"

#include "ad/filetime.h"
#include "base/compiler.h"
#include "base/limits.h"
#include "base/reader.h"

#define VERSION_2 0x200u
#define HASH_BYTES 32u

/* Identifiers of KEYCREDENTIALLINK_ENTRY (MS-ADTS 2.2.20.6). */
enum entry {
	ENTRY_ID = 1,
	ENTRY_HASH,
	ENTRY_MATERIAL,
	ENTRY_USAGE,
	ENTRY_SOURCE,
	ENTRY_DEVICE,
	ENTRY_CUSTOM,
	ENTRY_LAST_LOGON,
	ENTRY_CREATED,
	ENTRY_COUNT
};

bool dn_binary_parse(struct str value, struct buf *blob, struct str *dn)
{
	struct str rest, head = str_cut(value, ':', &rest);
	uint64_t digits;

	if (!str_ieq(head, STR("B")) || !rest.p)
		return false;
	head = str_cut(rest, ':', &rest);
	if (!rest.p || !str_to_u64(head, &digits) || digits > rest.n || digits % 2 ||
		digits > LIMIT_VALUE_BYTES || (digits < rest.n && rest.p[digits] != ':'))
		return false;
	for (size_t i = 0; i < digits; i += 2) {
		int high = ascii_hex(rest.p[i]), low = ascii_hex(rest.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		buf_putc(blob, (char)(high << 4 | low));
	}
	*dn = digits < rest.n ? (struct str){ rest.p + digits + 1, rest.n - digits - 1 } : STR("");
	return true;
}

/* What an entry's value must take; 0: any. */
static size_t size_of_entry(unsigned id)
{
	static const uint8_t sizes[ENTRY_COUNT] = {
		[ENTRY_ID] = HASH_BYTES,
		[ENTRY_HASH] = HASH_BYTES,
		[ENTRY_USAGE] = 1,
		[ENTRY_SOURCE] = 1,
		[ENTRY_DEVICE] = 16,
		[ENTRY_LAST_LOGON] = 8,
		[ENTRY_CREATED] = 8,
	};

	return id < ENTRY_COUNT ? sizes[id] : 0;
}

static int64_t time_of(struct str value)
{
	struct reader r = reader_of(value);
	uint64_t ticks = reader_u64le(&r);
	int64_t seconds;

	if (ticks > INT64_MAX || !filetime_to_seconds((int64_t)ticks, &seconds))
		return INT64_MIN;
	return seconds;
}

static void take_entry(struct keycred *k, unsigned id, struct str value)
{
	uint8_t first = value.n ? (uint8_t)value.p[0] : 0;

	switch (id) {
	case ENTRY_ID:
		k->id = value;
		break;
	case ENTRY_MATERIAL:
		k->material = value.n;
		break;
	case ENTRY_USAGE:
		k->usage = first;
		break;
	case ENTRY_SOURCE:
		k->source = first;
		break;
	case ENTRY_DEVICE:
		guid_parse(value, &k->device);
		break;
	case ENTRY_CUSTOM: /* version, flags, and in the longer form more */
		k->flags = value.n >= 2 ? (uint8_t)value.p[1] : 0;
		break;
	case ENTRY_LAST_LOGON:
		k->last_logon = time_of(value);
		break;
	case ENTRY_CREATED:
		k->created = time_of(value);
		break;
	default:
		break;
	}
}

bool keycred_parse(struct str blob, struct keycred *out)
{
	const unsigned needed = 1u << ENTRY_ID | 1u << ENTRY_MATERIAL | 1u << ENTRY_USAGE;
	struct keycred k = { .created = INT64_MIN, .last_logon = INT64_MIN };
	struct reader r = reader_of(blob);
	uint32_t version = reader_u32le(&r);
	unsigned seen = 0;

	while (r.left && !r.bad) {
		uint16_t length = reader_u16le(&r);
		unsigned id = reader_u8(&r);
		struct str value = reader_bytes(&r, length);
		size_t want = size_of_entry(id);

		if (r.bad || (want && value.n != want))
			return false;
		if (id < ENTRY_COUNT && seen & 1u << id)
			return false;
		seen |= id < ENTRY_COUNT ? 1u << id : 0;
		take_entry(&k, id, value);
	}
	if (r.bad || version != VERSION_2 || (seen & needed) != needed || !k.material)
		return false;
	*out = k;
	return true;
}

bool keycred_is_logon(const struct keycred *k)
{
	return k->usage == KEY_USAGE_NGC || k->usage == KEY_USAGE_FIDO;
}
