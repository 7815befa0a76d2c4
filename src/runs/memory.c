#include "runs/memory.h"

#include "runs/workbook.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void memory_free(struct memory *m)
{
	hash_free(&m->index);
	free(m->rows);
	free(m->traces);
	m->rows = NULL;
	m->traces = NULL;
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
		m->traces = xrealloc(m->traces, m->room * sizeof(*m->traces));
	}
	assert(m->rows && m->traces);
	m->traces[m->count] = (struct memory_trace){ 0 };
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

static void see(struct memory *m, struct str key, int64_t at, const struct memory_trace *trace)
{
	struct evolution_memory *row = memory_at(m, key);

	if (row->first_seen == INT64_MIN)
		row->first_seen = at;
	if (row->last_seen == INT64_MIN || row->fixed_at != INT64_MIN)
		row->since = at;
	row->fixed_at = INT64_MIN;
	row->last_seen = at;
	m->traces[row - m->rows] = *trace;
}

/* ---- how a run looked ----------------------------------------------------------------------- */

static const struct run *keep_domains(struct arena *a, const struct run *r)
{
	struct run *kept = ARENA_NEW(a, struct run);
	struct run_domain *list = ARENA_ARRAY(a, struct run_domain, r->domain_count);

	for (size_t i = 0; i < r->domain_count; i++)
		list[i] = (struct run_domain){ .dns = arena_str(a, r->domains[i].dns),
			.sid = arena_str(a, r->domains[i].sid),
			.key = arena_str(a, r->domains[i].key) };
	kept->domains = list;
	kept->domain_count = r->domain_count;
	kept->policy_sha256 = arena_str(a, r->policy_sha256);
	return kept;
}

/* Of all controls of r. */
static const struct evolution_measure *keep_measures(
	struct arena *a, const struct run *kept, const struct run *r)
{
	struct evolution_measure *list = ARENA_ARRAY(a, struct evolution_measure, r->control_count);

	for (size_t i = 0; i < r->control_count; i++) {
		list[i] = evolution_measure(kept, &r->controls[i], a);
		list[i].declared = arena_str(a, list[i].declared);
	}
	return list;
}

/* Would r have found the row, had it still been there? measure: of its control in r. */
static bool looked_alike(
	const struct memory_trace *t, const struct run *r, const struct evolution_measure *measure)
{
	if (!t->measure || !evolution_measured_alike(t->measure, measure))
		return false;
	return t->domain ? evolution_reads_domain(r, t->domain)
			 : evolution_reads_domains(r, t->seen_in);
}

/* How the findings of a control are named in a run. */
#define NAMED_BY_GUID 1u
#define NAMED_OTHERWISE 2u

static uint8_t *list_namings(const struct run *r)
{
	uint8_t *list = xcalloc(r->control_count + 1, sizeof(*list));

	for (size_t i = 0; i < r->control_count; i++)
		for (size_t k = 0; k < r->controls[i].object_count; k++)
			list[i] |=
				r->controls[i].objects[k].guid.n ? NAMED_BY_GUID : NAMED_OTHERWISE;
	return list;
}

/* By evolution_key(): a GUID, a SID or a DN. */
static uint8_t naming_of(struct str object)
{
	return str_starts(object, STR("S-1-")) || str_contains(object, STR("=")) ? NAMED_OTHERWISE
										 : NAMED_BY_GUID;
}

/* Could the finding of this row be one that goes by another name, because its GUID was read in one
 * of the two runs alone? */
static bool may_be_renamed(struct str object, uint8_t namings)
{
	return object.p && namings & ~naming_of(object);
}

/* What is remembered and was not seen. measures, namings: of the controls of r, which lists all
 * objects. */
static void miss(struct evolution_memory *row, const struct memory_trace *trace,
	const struct run *r, const struct evolution_measure *measures, const uint8_t *namings)
{
	struct str rest, id = str_cut(row->key, '|', &rest);
	const struct run_control *c = evolution_find(r, id);

	if (row->fixed_at != INT64_MIN || row->last_seen == INT64_MIN || !c ||
		may_be_renamed(rest, namings[c - r->controls]))
		return;
	/* A control that fails for other objects is itself still there. An anonymous run lists
	 * none. */
	if ((rest.p || !is_failed(c)) && evolution_can_tell(c) &&
		(c->object_count || !(c->count + c->waived)) &&
		looked_alike(trace, r, &measures[c - r->controls]))
		row->fixed_at = r->evaluated_at;
}

static void see_control(struct memory *m, const struct run *r, const struct run_control *c,
	const struct memory_trace *trace, struct buf *key)
{
	struct memory_trace here = *trace;

	if (is_failed(c))
		see(m, c->id, r->evaluated_at, trace);
	for (size_t k = 0; k < c->object_count; k++) {
		buf_clear(key);
		evolution_key(key, c->id, &c->objects[k]);
		here.domain = evolution_domain(trace->seen_in, &c->objects[k]);
		see(m, buf_str(key), r->evaluated_at, &here);
	}
}

static const struct evolution_measure *see_all(struct memory *m, const struct run *r)
{
	struct memory_trace trace = { .seen_in = keep_domains(m->arena, r) };
	const struct evolution_measure *measures = keep_measures(m->arena, trace.seen_in, r);
	struct buf key = { 0 };

	for (size_t i = 0; i < r->control_count; i++) {
		trace.measure = &measures[i];
		see_control(m, r, &r->controls[i], &trace, &key);
	}
	buf_free(&key);
	return measures;
}

void memory_see(struct memory *m, const struct run *r)
{
	see_all(m, r);
}

void memory_advance(struct memory *m, const struct run *r)
{
	const struct evolution_measure *measures = see_all(m, r);
	uint8_t *namings = list_namings(r);

	for (size_t i = 0; i < m->count && evolution_sees_objects(r); i++)
		if (m->rows[i].last_seen != r->evaluated_at)
			miss(&m->rows[i], &m->traces[i], r, measures, namings);
	free(namings);
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
