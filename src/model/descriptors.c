/*
 * Security descriptors, decoded once while the snapshot is read. A directory of 100,000 objects may
 * hold five million ACEs and no two descriptors alike: an ACE takes 16 bytes here, trustees and
 * object types are numbers. Also what each descriptor says to the reader, which is little and
 * nearly always the same: many descriptors share one such view.
 */
#include "base/buf.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

static const struct sid owner_rights = { 1, 1, 3, { 4 } };
static const struct sid principal_self = { 1, 1, 5, { 10 } };

/* ---- trustees: objects, and SIDs that none has ---- */

uint32_t sid_number_find(const struct model *m, const struct sid *s)
{
	unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];
	uint32_t at = index_sid(m, s);

	if (at != NO_OBJECT)
		return at;
	struct str key = { (const char *)bytes, sid_bytes(s, bytes) };

	at = hash_get(&m->bare->by_sid, key);
	return at == HASH_NONE ? NO_OBJECT : (uint32_t)m->count + 1 + at;
}

uint32_t sid_number(const struct model *m, const struct sid *s)
{
	struct bare_sids *bare = m->bare;
	unsigned char bytes[8 + 4 * LIMIT_SID_SUBAUTHORITIES];
	uint32_t at = sid_number_find(m, s);

	if (at != NO_OBJECT)
		return at;
	if (bare->count == bare->room) {
		bare->room = bare->room ? bare->room * 2 : 256;
		bare->sids = xrealloc(bare->sids, bare->room * sizeof(*bare->sids));
	}
	bare->sids[bare->count] = *s;
	struct str key = { (const char *)bytes, sid_bytes(s, bytes) };

	hash_add(&bare->by_sid, arena_str(&bare->arena, key), bare->count);
	return (uint32_t)m->count + 1 + bare->count++;
}

const struct sid *sid_of_number(const struct model *m, uint32_t number)
{
	return number <= m->count ? &m->objects[number].sid : &m->bare->sids[number - m->count - 1];
}

/* ---- decoding ---- */

struct decoding {
	struct model *m;
	struct arena scratch;
	struct hash types; /* GUIDs of m->ace_types, and their number */
};

static uint32_t type_number(struct decoding *d, const struct ace *ace)
{
	struct model *m = d->m;
	struct str key = { (const char *)ace->object_type.b, sizeof(ace->object_type.b) };

	if (!ace->has_object_type)
		return ACE_UNTYPED;
	uint32_t at = hash_get(&d->types, key);

	if (at != HASH_NONE)
		return at;
	if (m->ace_type_count == m->ace_type_room) {
		m->ace_type_room = m->ace_type_room ? m->ace_type_room * 2 : 256;
		m->ace_types = xrealloc(m->ace_types, m->ace_type_room * sizeof(*m->ace_types));
	}
	m->ace_types[m->ace_type_count] = ace->object_type;
	hash_add(&d->types, arena_str(&m->arena, key), m->ace_type_count);
	return m->ace_type_count++;
}

static uint32_t sid_or_none(const struct model *m, const struct sid *s)
{
	return sid_is_none(s) ? NO_OBJECT : sid_number(m, s);
}

static int take_descriptor(void *cx, uint32_t id, struct str bytes, struct err *err)
{
	struct decoding *d = cx;
	struct model *m = d->m;
	struct secdesc sd;

	(void)err;
	arena_reset(&d->scratch);
	if (!secdesc_parse(&d->scratch, bytes, &sd))
		return 0;
	struct ace_entry *aces = ARENA_ARRAY(&m->arena, struct ace_entry, sd.dacl_count);

	for (size_t i = 0; i < sd.dacl_count; i++) {
		const struct ace *ace = &sd.dacl[i];

		aces[i] = (struct ace_entry){ .trustee = sid_number(m, &ace->sid),
			.mask = ace->mask,
			.object_type = type_number(d, ace),
			.type = ace->type,
			.flags = ace->flags };
	}
	m->descriptors[id] = (struct descriptor){ .aces = aces,
		.count = (uint32_t)sd.dacl_count,
		.skipped = (uint32_t)sd.skipped,
		.owner = sid_or_none(m, &sd.owner),
		.group = sid_or_none(m, &sd.group),
		.control = sd.control,
		.good = true,
		.has_dacl = sd.has_dacl };
	return 0;
}

static struct sid sid_or_zero(const struct model *m, uint32_t number)
{
	return number == NO_OBJECT ? (struct sid){ 0 } : *sid_of_number(m, number);
}

struct secdesc descriptor_decode(const struct model *m, const struct descriptor *d, struct arena *a)
{
	struct ace *dacl = ARENA_ARRAY(a, struct ace, d->count);

	for (uint32_t i = 0; i < d->count; i++) {
		const struct ace_entry *from = &d->aces[i];

		dacl[i] = (struct ace){ .type = from->type,
			.flags = from->flags,
			.mask = from->mask,
			.has_object_type = from->object_type != ACE_UNTYPED,
			.sid = *sid_of_number(m, from->trustee) };
		if (dacl[i].has_object_type)
			dacl[i].object_type = m->ace_types[from->object_type];
	}
	return (struct secdesc){ .control = d->control,
		.owner = sid_or_zero(m, d->owner),
		.group = sid_or_zero(m, d->group),
		.has_dacl = d->has_dacl,
		.dacl = dacl,
		.dacl_count = d->count,
		.skipped = d->skipped };
}

const struct descriptor *descriptor_of(const struct model *m, const struct ad_object *o)
{
	return o->sd < m->descriptor_count && m->descriptors[o->sd].good ? &m->descriptors[o->sd]
									 : NULL;
}

bool model_has_descriptor(const struct model *m, const struct ad_object *o)
{
	return descriptor_of(m, o) != NULL;
}

const struct secdesc *model_descriptor(
	const struct model *m, const struct ad_object *o, struct arena *a)
{
	const struct descriptor *d = descriptor_of(m, o);

	if (!d)
		return NULL;
	struct secdesc *sd = ARENA_NEW(a, struct secdesc);

	*sd = descriptor_decode(m, d, a);
	return sd;
}

/* ---- what the reader hears ---- */

struct views {
	struct model *m;
	uint8_t *heard; /* by trustee: the reader, a group of it, or one that may stand for it */
	struct hash known;
	struct buf key;
	struct ace_entry *aces;
	uint32_t room, view_room;
};

static void mark_heard(const struct views *v, const struct sid *s)
{
	uint32_t at = sid_number_find(v->m, s);

	if (at != NO_OBJECT)
		v->heard[at] = 1;
}

/* The ACEs that an access check of the reader looks at, and the owner if that is the reader. */
static struct descriptor heard_part(struct views *v, const struct descriptor *whole)
{
	struct descriptor part = {
		.good = true, .has_dacl = whole->has_dacl, .owner = NO_OBJECT, .group = NO_OBJECT
	};

	if (whole->count > v->room) {
		v->room = whole->count;
		v->aces = xrealloc(v->aces, v->room * sizeof(*v->aces));
	}
	for (uint32_t i = 0; i < whole->count; i++)
		if (v->heard[whole->aces[i].trustee] &&
			!(whole->aces[i].flags & ACE_FLAG_INHERIT_ONLY))
			v->aces[part.count++] = whole->aces[i];
	part.aces = v->aces;
	if (whole->owner != NO_OBJECT &&
		token_holds(&v->m->token, sid_of_number(v->m, whole->owner)))
		part.owner = whole->owner;
	return part;
}

static uint32_t view_number(struct views *v, const struct descriptor *part)
{
	struct model *m = v->m;

	buf_clear(&v->key);
	buf_put(&v->key, &part->owner, sizeof(part->owner));
	buf_put(&v->key, &part->has_dacl, sizeof(part->has_dacl));
	buf_put(&v->key, part->aces, part->count * sizeof(*part->aces));
	uint32_t at = hash_get(&v->known, buf_str(&v->key));

	if (at != HASH_NONE)
		return at;
	if (m->view_count == v->view_room) {
		v->view_room = v->view_room ? v->view_room * 2 : 64;
		m->views = xrealloc(m->views, v->view_room * sizeof(*m->views));
	}
	m->views[m->view_count] = descriptor_decode(m, part, &m->arena);
	hash_add(&v->known, arena_str(&m->arena, buf_str(&v->key)), m->view_count);
	return m->view_count++;
}

void views_build(struct model *m)
{
	struct views v = { .m = m,
		.heard = xcalloc(m->count + 1 + m->bare->count, sizeof(*v.heard)) };

	for (size_t i = 0; i < m->token.count; i++)
		mark_heard(&v, &m->token.sids[i]);
	mark_heard(&v, &principal_self);
	mark_heard(&v, &owner_rights);
	m->view_of = ARENA_ARRAY(&m->arena, uint32_t, m->descriptor_count);
	for (size_t i = 0; i < m->descriptor_count; i++) {
		if (!m->descriptors[i].good)
			continue;
		struct descriptor part = heard_part(&v, &m->descriptors[i]);

		m->view_of[i] = view_number(&v, &part);
	}
	free(v.heard);
	free(v.aces);
	buf_free(&v.key);
	hash_free(&v.known);
}

/* ---- loading ---- */

int descriptors_build(struct model *m, struct snapshot *s, struct err *err)
{
	struct decoding d = { .m = m };

	m->bare = ARENA_NEW(&m->arena, struct bare_sids);
	m->descriptor_count = snapshot_descriptor_count(s);
	m->descriptors = ARENA_ARRAY(&m->arena, struct descriptor, m->descriptor_count);
	int rc = snapshot_each_descriptor(s, take_descriptor, &d, err);

	hash_free(&d.types);
	arena_free(&d.scratch);
	return rc;
}

void descriptors_free(struct model *m)
{
	free(m->ace_types);
	free(m->views);
	if (!m->bare)
		return;
	hash_free(&m->bare->by_sid);
	free(m->bare->sids);
	arena_free(&m->bare->arena);
}
