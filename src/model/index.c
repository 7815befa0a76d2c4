/* Finding objects by DN, SID and name. */
#include "base/utf8.h"
#include "model/state.h"

static void add_sids(struct model *m, bool fsp)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!sid_is_none(&o->sid) && (o->kind == AD_FSP) == fsp)
			hash_add(&m->by_sid, obj_value(o, ATTR_OBJECT_SID, 0), (uint32_t)i);
	}
}

void index_build(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct str canonical;

		hash_add(&m->by_dn, m->raw_dn[i], (uint32_t)i);
		if (dn_canonical(&m->arena, m->raw_dn[i], &canonical))
			hash_add(&m->by_canonical, canonical, (uint32_t)i);
	}
	/* A foreign security principal only stands for the object that has the SID. */
	add_sids(m, false);
	add_sids(m, true);
}

/* ---- by RID: five million ACEs name their trustees by SID ---- */

#define RIDS_AN_OBJECT 8 /* room of a table; a RID beyond it is found by its SID */

static void index_rids(struct model *m, const struct ad_domain *d, struct rid_table *t)
{
	uint32_t room = 0, rid;
	size_t bound = m->count * RIDS_AN_OBJECT + 4096;

	for (size_t i = 0; i < m->count; i++)
		if (sid_in_domain(&m->objects[i].sid, &d->sid, &rid) && rid >= room && rid < bound)
			room = rid + 1;
	*t = (struct rid_table){ ARENA_ARRAY(&m->arena, uint32_t, room), room };
	for (uint32_t i = 0; i < room; i++)
		t->objects[i] = NO_OBJECT;
	for (size_t i = 0; i < m->count; i++)
		if (sid_in_domain(&m->objects[i].sid, &d->sid, &rid) && rid < room)
			t->objects[rid] =
				hash_get(&m->by_sid, obj_value(&m->objects[i], ATTR_OBJECT_SID, 0));
}

void rids_build(struct model *m)
{
	m->rids = ARENA_ARRAY(&m->arena, struct rid_table, m->domain_count);
	for (size_t d = 0; d < m->domain_count && d < RID_TABLES; d++)
		if (!sid_is_none(&m->domains[d].sid))
			index_rids(m, &m->domains[d], &m->rids[d]);
}

static bool find_rid(const struct model *m, const struct sid *s, uint32_t *at)
{
	uint32_t rid;

	for (size_t d = 0; d < m->domain_count && d < RID_TABLES; d++)
		if (m->rids && sid_in_domain(s, &m->domains[d].sid, &rid)) {
			if (rid >= m->rids[d].room)
				return false;
			*at = m->rids[d].objects[rid];
			return *at != NO_OBJECT;
		}
	return false;
}

uint32_t index_dn(const struct model *m, struct arena *scratch, struct str dn)
{
	struct str canonical;
	uint32_t i = dn.n ? hash_get(&m->by_dn, dn) : HASH_NONE;

	if (i != HASH_NONE || !dn.n)
		return i;
	return dn_canonical(scratch, dn, &canonical) ? hash_get(&m->by_canonical, canonical)
						     : NO_OBJECT;
}

uint32_t index_sid(const struct model *m, const struct sid *s)
{
	unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];
	uint32_t at;

	if (find_rid(m, s, &at))
		return at;
	size_t n = sid_bytes(s, bytes);

	return hash_get(&m->by_sid, (struct str){ (const char *)bytes, n });
}

const struct ad_object *model_find_dn(const struct model *m, struct str dn)
{
	struct arena scratch = { 0 };
	uint32_t i = index_dn(m, &scratch, dn);

	arena_free(&scratch);
	return i == NO_OBJECT ? NULL : &m->objects[i];
}

const struct ad_object *model_find_sid(const struct model *m, const struct sid *s)
{
	uint32_t i = sid_is_none(s) ? NO_OBJECT : index_sid(m, s);

	return i == NO_OBJECT ? NULL : &m->objects[i];
}

/* Names are asked for a few times a run (tiers, waivers): a walk is cheaper than an index. */
static uint32_t find_named(const struct model *m, enum attr a, struct str name, bool *ambiguous)
{
	uint32_t found = NO_OBJECT;

	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct str value = a == ATTR_NAME ? o->name : obj_value(o, a, 0);

		if (!value.n || !utf8_ieq(value, name))
			continue;
		*ambiguous = found != NO_OBJECT;
		if (*ambiguous)
			return NO_OBJECT;
		found = i;
	}
	return found;
}

const struct ad_object *model_find_name(const struct model *m, struct str name, bool *ambiguous)
{
	static const enum attr order[] = { ATTR_SAM_ACCOUNT_NAME, ATTR_CN, ATTR_NAME };
	struct sid sid;

	*ambiguous = false;
	if (!name.n)
		return NULL;
	if (sid_from_text(name, &sid))
		return model_find_sid(m, &sid);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		uint32_t at = find_named(m, order[i], name, ambiguous);

		if (*ambiguous)
			return NULL;
		if (at != NO_OBJECT)
			return &m->objects[at];
	}
	return model_find_dn(m, name);
}
