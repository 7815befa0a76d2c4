/*
 * Reads numbers and runs of bytes out of bytes from outside. After the first read past the end
 * every read gives zeros and `bad` stays set: parse everything, then ask once.
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/str.h"

struct reader {
	const unsigned char *p;
	size_t left;
	bool bad;
};

struct reader reader_of(struct str bytes);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16le(struct reader *r);
uint32_t reader_u32le(struct reader *r);
uint64_t reader_u64le(struct reader *r);
uint32_t reader_u32be(struct reader *r);
/* LEB128, at most 64 bits. */
uint64_t reader_varint(struct reader *r);
/* The next n bytes, or an empty run when there are not so many. */
struct str reader_bytes(struct reader *r, size_t n);

#endif
