#include "base/reader.h"

struct reader reader_of(struct str bytes)
{
	/* Not NULL: adding 0 to it would be undefined. */
	return (struct reader){ (const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n, false };
}

static const unsigned char *take(struct reader *r, size_t n)
{
	static const unsigned char zeros[8];

	if (r->bad || r->left < n) {
		r->bad = true;
		return zeros;
	}
	const unsigned char *p = r->p;
	r->p += n;
	r->left -= n;
	return p;
}

uint8_t reader_u8(struct reader *r)
{
	return *take(r, 1);
}

uint16_t reader_u16le(struct reader *r)
{
	const unsigned char *p = take(r, 2);

	return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t reader_u32le(struct reader *r)
{
	const unsigned char *p = take(r, 4);

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint64_t reader_u64le(struct reader *r)
{
	uint64_t low = reader_u32le(r);

	return low | (uint64_t)reader_u32le(r) << 32;
}

uint32_t reader_u32be(struct reader *r)
{
	const unsigned char *p = take(r, 4);

	return (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

uint64_t reader_varint(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = reader_u8(r);

		if (shift == 63 && byte > 1)
			break;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return r->bad ? 0 : v;
	}
	r->bad = true;
	return 0;
}

struct str reader_bytes(struct reader *r, size_t n)
{
	if (r->bad || r->left < n) {
		r->bad = true;
		return (struct str){ "", 0 };
	}
	return (struct str){ (const char *)take(r, n), n };
}
