/* Attribute names, compared without ASCII case, as dense numbers from 0. */
#ifndef SNAPSHOT_NAMES_H
#define SNAPSHOT_NAMES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"

struct name_entry {
	struct str text; /* the first spelling, with a NUL behind it */
	uint32_t after;	 /* what followed it last time */
};

/* Zero-initialise; names_free() gives it back. */
struct names {
	struct arena arena;
	struct hash by_name;
	struct name_entry *items;
	uint32_t count, room;
	struct buf folded;
};

/* The number of text, added when it is new; HASH_NONE when the table is full
 * (LIMIT_ATTRIBUTE_NAMES). before: the number of the name in front of it, or HASH_NONE. Objects of
 * one class come with the same attributes in the same order, so that the next name is mostly the
 * one that followed last time and needs no hash. */
uint32_t names_find(struct names *t, struct str text, uint32_t before);
void names_free(struct names *t);
/* s in ASCII lower case, in b. */
struct str names_fold(struct buf *b, struct str s);

#endif
