#include "snapshot/idmap.h"

#include "base/arena.h"

#include <stdlib.h>

static size_t find(const struct idmap *m, uint64_t key)
{
	size_t at = (size_t)key & (m->room - 1);

	while (m->keys[at] && m->keys[at] != key)
		at = (at + 1) & (m->room - 1);
	return at;
}

/* 0 marks a free place. */
static uint64_t usable(uint64_t key)
{
	return key ? key : 1;
}

uint32_t idmap_get(const struct idmap *m, uint64_t key)
{
	if (!m->room)
		return IDMAP_NONE;
	size_t at = find(m, usable(key));
	return m->keys[at] ? m->values[at] : IDMAP_NONE;
}

static void grow(struct idmap *m)
{
	struct idmap bigger = { .room = m->room ? m->room * 2 : 1024, .count = m->count };

	bigger.keys = xcalloc(bigger.room, sizeof(*bigger.keys));
	bigger.values = xcalloc(bigger.room, sizeof(*bigger.values));
	for (size_t i = 0; i < m->room; i++) {
		if (!m->keys[i])
			continue;
		size_t at = find(&bigger, m->keys[i]);
		bigger.keys[at] = m->keys[i];
		bigger.values[at] = m->values[i];
	}
	idmap_free(m);
	*m = bigger;
}

void idmap_add(struct idmap *m, uint64_t key, uint32_t value)
{
	if ((m->count + 1) * 4 > m->room * 3)
		grow(m);
	size_t at = find(m, usable(key));
	m->keys[at] = usable(key);
	m->values[at] = value;
	m->count++;
}

void idmap_free(struct idmap *m)
{
	free(m->keys);
	free(m->values);
	*m = (struct idmap){ 0 };
}
