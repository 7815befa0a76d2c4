#include "base/utf8.h"
#include "model/state.h"

#include <string.h>

void coverage_add(struct model *m, struct str need, enum coverage_state state, struct str detail)
{
	struct coverage_list *l = &m->coverage;

	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 32;
		struct coverage *items = ARENA_ARRAY(&m->arena, struct coverage, room);

		if (l->count)
			memcpy(items, l->items, l->count * sizeof(*items));
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = (struct coverage){
		.need = utf8_sanitize(&m->arena, arena_str(&m->arena, need)),
		.state = state,
		.detail = utf8_sanitize(&m->arena, arena_str(&m->arena, detail)),
	};
}

bool coverage_mentions(const struct model *m, struct str need)
{
	for (size_t i = 0; i < m->coverage.count; i++)
		if (str_eq(m->coverage.items[i].need, need))
			return true;
	return false;
}

size_t model_coverage_count(const struct model *m)
{
	return m->coverage.count;
}

struct coverage model_coverage_at(const struct model *m, size_t i)
{
	return m->coverage.items[i];
}
