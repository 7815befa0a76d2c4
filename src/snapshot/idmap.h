/* A table from 64-bit hashes to 32-bit numbers: 12 bytes a key where base/hash.h takes 32 and holds
 * on to the key's bytes, which a collection of a million objects cannot afford. */
#ifndef SNAPSHOT_IDMAP_H
#define SNAPSHOT_IDMAP_H

#include <stddef.h>
#include <stdint.h>

#define IDMAP_NONE UINT32_MAX

/* Zero-initialise; idmap_free() gives it back. */
struct idmap {
	uint64_t *keys; /* 0: free */
	uint32_t *values;
	size_t room, count;
};

/* The value under key, or IDMAP_NONE. */
uint32_t idmap_get(const struct idmap *m, uint64_t key);
/* Adds key, which is not there yet. */
void idmap_add(struct idmap *m, uint64_t key, uint32_t value);
void idmap_free(struct idmap *m);

#endif
