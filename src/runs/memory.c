#include "runs/memory.h"

#include "runs/workbook.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void memory_free(struct memory *m)
{
	hash_free(&m->index);
	free(m->rows);
	m->rows = NULL;
	m->count = m->room = 0;
}

struct evolution_memory *memory_find(const struct memory *m, struct str key)
{
	uint32_t at = hash_get(&m->index, key);

	return at == HASH_NONE ? NULL : &m->rows[at];
}

struct evolution_memory *memory_at(struct memory *m, struct str key)
{
	struct evolution_memory *row = memory_find(m, key);

	if (row)
		return row;
	if (m->count == m->room) {
		m->room = m->room ? m->room * 2 : 256;
		m->rows = xrealloc(m->rows, m->room * sizeof(*m->rows));
	}
	assert(m->rows);
	row = &m->rows[m->count];
	*row = (struct evolution_memory){ .key = arena_str(m->arena, key),
		.first_seen = INT64_MIN,
		.since = INT64_MIN,
		.last_seen = INT64_MIN,
		.fixed_at = INT64_MIN };
	hash_add(&m->index, row->key, (uint32_t)m->count++);
	return row;
}

static bool is_failed(const struct run_control *c)
{
	return c->status == STATUS_FAIL || c->status == STATUS_WAIVED;
}

static void see(struct memory *m, struct str key, int64_t at)
{
	struct evolution_memory *row = memory_at(m, key);

	if (row->first_seen == INT64_MIN)
		row->first_seen = at;
	if (row->last_seen == INT64_MIN || row->fixed_at != INT64_MIN)
		row->since = at;
	row->fixed_at = INT64_MIN;
	row->last_seen = at;
}

/* What is remembered and was not seen. */
static void miss(struct evolution_memory *row, const struct run *before, const struct run *r)
{
	struct str rest, id = str_cut(row->key, '|', &rest);
	const struct run_control *c = evolution_find(r, id),
				 *was = before ? evolution_find(before, id) : NULL;
	bool alike = c && (!was || evolution_comparable(was, c)) && evolution_can_tell(c) &&
		     (c->object_count || !(c->count + c->waived)); /* an anonymous run lists none */

	/* A control that fails for other objects is itself still there. */
	if (row->fixed_at == INT64_MIN && row->last_seen != INT64_MIN && alike &&
		(rest.p || !is_failed(c)))
		row->fixed_at = r->evaluated_at;
}

void memory_see(struct memory *m, const struct run *r)
{
	struct buf key = { 0 };

	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *c = &r->controls[i];

		if (is_failed(c))
			see(m, c->id, r->evaluated_at);
		for (size_t k = 0; k < c->object_count; k++) {
			buf_clear(&key);
			evolution_key(&key, c->id, &c->objects[k]);
			see(m, buf_str(&key), r->evaluated_at);
		}
	}
	buf_free(&key);
}

void memory_advance(struct memory *m, const struct run *before, const struct run *r)
{
	memory_see(m, r);
	for (size_t i = 0; i < m->count; i++)
		if (m->rows[i].last_seen != r->evaluated_at)
			miss(&m->rows[i], before, r);
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(((const struct evolution_memory *)a)->key,
		((const struct evolution_memory *)b)->key);
}

void memory_sort(struct evolution_memory *rows, size_t count)
{
	if (count)
		qsort(rows, count, sizeof(*rows), by_key);
}

const struct evolution_memory *memory_export(
	const struct memory *m, int64_t at, struct arena *a, size_t *count)
{
	struct evolution_memory *list;
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += m->rows[i].first_seen != at || !followup_is_empty(m->rows[i].followup);
	list = ARENA_ARRAY(a, struct evolution_memory, n);
	n = 0;
	for (size_t i = 0; i < m->count; i++)
		if (m->rows[i].first_seen != at || !followup_is_empty(m->rows[i].followup)) {
			list[n] = m->rows[i];
			if (followup_is_empty(list[n].followup))
				list[n].followup = NULL;
			n++;
		}
	memory_sort(list, n);
	*count = n;
	return list;
}
