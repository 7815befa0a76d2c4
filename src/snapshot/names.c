#include "snapshot/names.h"

#include "base/limits.h"

#include <stdlib.h>

struct str names_fold(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_put_str(b, s);
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] >= 'A' && b->p[i] <= 'Z')
			b->p[i] = (char)(b->p[i] + ('a' - 'A'));
	return buf_str(b);
}

static uint32_t add(struct names *t, struct str text, struct str folded)
{
	if (t->count == LIMIT_ATTRIBUTE_NAMES)
		return HASH_NONE;
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 256;
		t->items = xrealloc(t->items, t->room * sizeof(*t->items));
	}
	t->items[t->count] = (struct name_entry){ arena_str(&t->arena, text), HASH_NONE };
	return hash_add(&t->by_name, arena_str(&t->arena, folded), t->count++);
}

uint32_t names_find(struct names *t, struct str text, uint32_t before)
{
	uint32_t guess = before == HASH_NONE ? HASH_NONE : t->items[before].after;

	if (guess != HASH_NONE && str_eq(t->items[guess].text, text))
		return guess;
	struct str folded = names_fold(&t->folded, text);
	uint32_t at = hash_get(&t->by_name, folded);
	if (at == HASH_NONE)
		at = add(t, text, folded);
	if (before != HASH_NONE)
		t->items[before].after = at;
	return at;
}

void names_free(struct names *t)
{
	hash_free(&t->by_name);
	arena_free(&t->arena);
	buf_free(&t->folded);
	free(t->items);
	*t = (struct names){ 0 };
}
