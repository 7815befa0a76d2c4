/* A good file, changed by an input, put where the code under test opens it. */
#ifndef TESTS_FUZZ_DAMAGE_H
#define TESTS_FUZZ_DAMAGE_H

#include "base/buf.h"
#include "base/reader.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What is left of r is runs of (32-bit offset, 8-bit length, bytes): they overwrite file. */
static inline void damage(struct reader *r, struct buf *file)
{
	while (r->left && !r->bad) {
		uint32_t at = reader_u32le(r);
		struct str bytes = reader_bytes(r, reader_u8(r));

		if (file->n && bytes.n && bytes.n <= file->n) {
			at %= (uint32_t)(file->n - bytes.n + 1);
			memcpy(file->p + at, bytes.p, bytes.n);
		}
	}
}

static inline void damage_write(const char *path, const struct buf *file)
{
	FILE *f = fopen(path, "wb");

	assert(f && fwrite(buf_str(file).p, 1, file->n, f) == file->n && fclose(f) == 0);
}

#endif
