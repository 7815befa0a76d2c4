#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
#define BLOCK_BYTES_MAX ((size_t)1024 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

static void *need(void *p)
{
	if (p)
		return p;
	fputs("adhygiene: out of memory\n", stderr);
	exit(70);
}

void *xmalloc(size_t n)
{
	return need(malloc(n ? n : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return need(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t n)
{
	return need(realloc(p, n ? n : 1));
}

static struct arena_block *add_block(struct arena *a, size_t n)
{
	size_t size = a->blocks ? a->blocks->size * 2 : BLOCK_BYTES;

	if (size > BLOCK_BYTES_MAX)
		size = BLOCK_BYTES_MAX;
	if (n > size)
		size = n;
	if (size > SIZE_MAX - sizeof(struct arena_block))
		need(NULL);
	struct arena_block *b = xmalloc(sizeof(*b) + size);
	b->size = size;
	b->used = 0;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t unit = alignof(max_align_t);
	struct arena_block *b = a->blocks;

	if (n > SIZE_MAX - unit)
		need(NULL);
	n = (n + unit - 1) / unit * unit;
	if (!b || b->size - b->used < n)
		b = add_block(a, n);
	void *p = b->bytes + b->used;
	b->used += n;
	a->total += n;
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		need(NULL);
	return arena_alloc(a, count * size);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

char *arena_strdup(struct arena *a, const char *z)
{
	size_t n = strlen(z) + 1;

	return memcpy(arena_alloc(a, n), z, n);
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return (struct str){ arena_alloc(a, 1), 0 };
	char *p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){ p, (size_t)n };
}

void arena_free(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	a->total = 0;
}

void arena_reset(struct arena *a)
{
	if (!a->blocks)
		return;
	struct arena_block *keep = a->blocks;
	struct arena rest = { keep->next, 0 };

	arena_free(&rest);
	keep->next = NULL;
	keep->used = 0;
	a->total = 0;
}
