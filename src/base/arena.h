/*
 * Memory that is given back all at once. The model, the policy and the run each live in one arena;
 * a pointer's arena is named in the header that hands it out. When the machine has no memory left
 * the program says so and exits with 70: a batch program has nothing better to do.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/compiler.h"
#include "base/str.h"

struct arena_block;

/* Zero-initialise: struct arena a = { 0 }; */
struct arena {
	struct arena_block *blocks;
	size_t total; /* bytes handed out, for limits and tests */
};

/* Zeroed, aligned for any type; never NULL, also for n == 0. */
void *arena_alloc(struct arena *a, size_t n);
/* count * size with an overflow check. */
void *arena_array(struct arena *a, size_t count, size_t size);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))
/* Copies, with a NUL after the last byte that is not counted. */
struct str arena_str(struct arena *a, struct str s);
char *arena_strdup(struct arena *a, const char *z);
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Gives everything back; the arena may be used again. */
void arena_free(struct arena *a);
/* Forgets everything but keeps one block: scratch space in a loop. */
void arena_reset(struct arena *a);

/* malloc family that ends the program instead of returning NULL. */
void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t n);

#endif
