/* A table from byte strings to 32-bit numbers. Keys are not copied: they must outlive the table. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

#define HASH_NONE UINT32_MAX

struct hash_slot {
	struct str key;
	uint64_t hash;
	uint32_t value;
	bool used;
};

/* Zero-initialise. The owner calls hash_free(). */
struct hash {
	struct hash_slot *slots;
	size_t room, count; /* room is 0 or a power of two */
};

/* Keyed per process, so that names in a directory cannot be chosen to collide; the order of the
 * table is never shown. */
uint64_t hash_bytes(struct str key);
/* The value under key, or HASH_NONE. */
uint32_t hash_get(const struct hash *h, struct str key);
/* Adds key unless it is there; returns the value that the table now holds for it. */
uint32_t hash_add(struct hash *h, struct str key, uint32_t value);
void hash_set(struct hash *h, struct str key, uint32_t value);
void hash_free(struct hash *h);

#endif
