#include "ad/ntacl.h"

#include "base/reader.h"

#include <string.h>

#define HASH_V2 16u
#define HASH_V3 64u
#define HEADER 20u /* of a descriptor: revision, control, four offsets */

static size_t aligned(size_t at, size_t to)
{
	return (at + to - 1) / to * to;
}

/* Where the descriptor begins, by version; 0: nowhere. */
static size_t begin_of(struct str b, unsigned version)
{
	size_t at = 14; /* version, selector, pointer, pointer to the descriptor, kind of hash */

	switch (version) {
	case 1:
		return 8;
	case 2:
		return aligned(12 + HASH_V2, 4);
	case 3:
		return aligned(at + HASH_V3, 4);
	case 4:
		at += HASH_V3;
		while (at < b.n && b.p[at])
			at++; /* a description, "posix_acl" */
		return aligned(aligned(at + 1, 8) + 8 + HASH_V3, 4);
	default:
		return 0;
	}
}

bool ntacl_descriptor(struct str bytes, struct buf *out)
{
	struct reader r = reader_of(bytes);
	unsigned version = reader_u16le(&r);
	bool same = reader_u16le(&r) == version;
	size_t begin = same && !r.bad ? begin_of(bytes, version) : 0;

	if (!begin || begin > bytes.n || bytes.n - begin < HEADER)
		return false;
	r = reader_of((struct str){ bytes.p + begin, bytes.n - begin });
	/* Its offsets count from the attribute's first byte. */
	buf_put(out, reader_bytes(&r, 4).p, 4);
	for (int i = 0; i < 4; i++) {
		uint32_t offset = reader_u32le(&r);

		if (offset)
			offset = offset >= begin ? offset - (uint32_t)begin : UINT32_MAX;
		for (int k = 0; k < 4; k++)
			buf_putc(out, (char)(offset >> (8 * k) & 0xff));
	}
	buf_put(out, r.p, r.left);
	return true;
}
