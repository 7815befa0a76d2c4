/*
 * What was lost between the directory and the model, as the snapshot's coverage tells it: a record
 * that could not be parsed, a value that could not be decoded, a range that came in part. What is
 * absent for such a reason must not count as empty, and a set that lacks members is not whole.
 */
#include "model/state.h"

#include <stdlib.h>

static int damage_order(const void *a, const void *b)
{
	const struct damage *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return (x->slot > y->slot) - (x->slot < y->slot);
}

static void lost(struct model *m, const char *gap)
{
	m->domain_gap = m->domain_gap ? m->domain_gap : gap;
	m->forest_gap = m->forest_gap ? m->forest_gap : gap;
}

/* "object DN": what is missing from it is not said. One that is not there was lost whole. */
static void object_damage(struct model *m, struct arena *scratch, struct str dn)
{
	uint32_t at = index_dn(m, scratch, dn);

	if (at != NO_OBJECT)
		m->object_damaged[at] = 1;
	else
		lost(m, "records_malformed");
}

/* "attribute NAME", with "code DN" as detail. */
static void attribute_damage(
	struct model *m, struct arena *scratch, struct str name, struct str detail)
{
	slot_number slot = model_slot(m, name);
	struct str dn;

	str_cut(detail, ' ', &dn);
	uint32_t at = slot == SLOT_NONE || !dn.n ? NO_OBJECT : index_dn(m, scratch, dn);

	if (at != NO_OBJECT)
		m->damages[m->damage_count++] = (struct damage){ at, slot };
}

static void take(struct model *m, struct arena *scratch, struct coverage c)
{
	struct str of, word = str_cut(c.need, ' ', &of);

	if (str_eq(word, STR("object")))
		object_damage(m, scratch, of);
	else if (str_eq(word, STR("attribute")))
		attribute_damage(m, scratch, of, c.detail);
	else if (str_eq(word, STR("record")) || str_eq(word, STR("objects")))
		lost(m, "records_malformed");
	else if (str_eq(word, STR("source")))
		lost(m, c.state == COVERAGE_TRUNCATED ? "source_truncated" : "source_malformed");
}

void damage_build(struct model *m)
{
	struct arena scratch = { 0 };

	m->object_damaged = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
	m->damages = ARENA_ARRAY(&m->arena, struct damage, m->coverage.count);
	for (size_t i = 0; i < m->coverage.count; i++) {
		struct coverage c = m->coverage.items[i];

		arena_reset(&scratch);
		if (c.state == COVERAGE_TRUNCATED || c.state == COVERAGE_MALFORMED)
			take(m, &scratch, c);
	}
	arena_free(&scratch);
	if (m->damage_count)
		qsort(m->damages, m->damage_count, sizeof(*m->damages), damage_order);
}

bool model_known_in_part(const struct model *m, const struct ad_object *o)
{
	return m->object_damaged[o->index];
}

bool damage_names(const struct model *m, const struct ad_object *o, slot_number slot)
{
	struct damage key = { o->index, slot };

	return m->damage_count &&
	       bsearch(&key, m->damages, m->damage_count, sizeof(key), damage_order);
}

bool damage_hits(const struct model *m, const struct ad_object *o, slot_number slot)
{
	return m->object_damaged[o->index] || damage_names(m, o, slot);
}
