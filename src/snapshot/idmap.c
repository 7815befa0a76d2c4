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
	struct idmap old = *m;

	m->room = old.room ? old.room * 2 : 1024;
	m->keys = xcalloc(m->room, sizeof(*m->keys));
	m->values = xcalloc(m->room, sizeof(*m->values));
	for (size_t i = 0; i < old.room; i++) {
		if (!old.keys[i])
			continue;
		size_t at = find(m, old.keys[i]);
		m->keys[at] = old.keys[i];
		m->values[at] = old.values[i];
	}
	idmap_free(&old);
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
