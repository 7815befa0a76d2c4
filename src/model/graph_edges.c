/*
 * From security descriptors to edges, once for all objects that share descriptor, class and domain.
 * Each ACE is a set of atoms (the rights of rights.def, and what it takes to hold all of a kind);
 * the atoms that a trustee is left with after denies become relations.
 */
#include "model/graph_state.h"

#include <stdlib.h>
#include <string.h>

enum atom {
	ATOM_WRITE_DACL,
	ATOM_WRITE_OWNER,
	ATOM_ALL, /* every right there is */
	ATOM_ALL_PROPERTIES,
	ATOM_ALL_EXTENDED,
	ATOM_ALL_VALIDATED,
	ATOM_OWNER,
#define RIGHT(name, right, ldap, guid, set, classes, relation) ATOM_##name,
#include "model/rights.def"
#undef RIGHT
	ATOM_COUNT
};
#define ATOM(a) (UINT64_C(1) << (a))
#define FIRST_RIGHT (ATOM_OWNER + 1)
#define RIGHT_COUNT (ATOM_COUNT - FIRST_RIGHT)
#define ALL_RIGHTS 0x000f01ffu
#define RELATION_NONE RELATION_COUNT
_Static_assert(ATOM_COUNT <= 64, "a trustee's atoms are bits of one word");

/* Where a descriptor has no DACL: everybody may do everything. */
static const struct sid everyone = { 1, 1, 1, { 0 } };
static const struct sid authenticated_users = { 1, 1, 5, { 11 } };
static const struct sid owner_rights = { 1, 1, 3, { 4 } };

static const struct {
	const char *ldap, *guid, *set;
	uint32_t right;
	unsigned classes;
	unsigned relation;
} rights[RIGHT_COUNT] = {
#define RIGHT(name, right, ldap, guid, set, classes, relation)                                     \
	{ ldap, guid, set, right, classes, RELATION_##relation },
#include "model/rights.def"
#undef RIGHT
};

struct rights_in_force { /* rights[] with the GUIDs of this forest */
	struct guid id[RIGHT_COUNT], set[RIGHT_COUNT];
	bool known[RIGHT_COUNT];
	uint64_t by_byte[256]; /* the rights whose id or set begins with this byte */
};

/* ---- GUIDs ---- */

static void shipped_guids(struct rights_in_force *r)
{
	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < RIGHT_COUNT; i++) {
		r->known[i] = guid_from_text(str_of(rights[i].guid), &r->id[i]);
		guid_from_text(str_of(rights[i].set), &r->set[i]);
	}
}

/* Most ACEs name a GUID that is none of ours: one look tells. */
static void index_guids(struct rights_in_force *r)
{
	for (size_t i = 0; i < RIGHT_COUNT; i++) {
		if (!r->known[i])
			continue;
		r->by_byte[r->id[i].b[0]] |= ATOM(i);
		if (!guid_is_none(&r->set[i]))
			r->by_byte[r->set[i].b[0]] |= ATOM(i);
	}
}

static void read_guids(struct rights_in_force *r, const struct model *m)
{
	shipped_guids(r);
	for (size_t o = 0; o < m->count; o++) {
		const struct ad_object *obj = &m->objects[o];

		if (!(object_class_flags(m, obj) & (CLASS_ATTRIBUTE_SCHEMA | CLASS_CLASS_SCHEMA)) ||
			!obj_has(obj, ATTR_SCHEMA_ID_GUID))
			continue;
		struct str name = obj_value(obj, ATTR_LDAP_DISPLAY_NAME, 0);

		for (size_t i = 0; i < RIGHT_COUNT && name.n; i++) {
			if (!*rights[i].ldap || !str_ieq(name, str_of(rights[i].ldap)))
				continue;
			r->known[i] = guid_parse(obj_value(obj, ATTR_SCHEMA_ID_GUID, 0), &r->id[i]);
			if (obj_has(obj, ATTR_ATTRIBUTE_SECURITY_GUID))
				guid_parse(obj_value(obj, ATTR_ATTRIBUTE_SECURITY_GUID, 0),
					&r->set[i]);
		}
	}
}

/* ---- ACEs ---- */

static bool is_deny(uint8_t type)
{
	return type == ACE_ACCESS_DENIED || type == ACE_ACCESS_DENIED_OBJECT ||
	       type == ACE_ACCESS_DENIED_CALLBACK || type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

struct of_class {
	const struct rights_in_force *rights;
	struct guid id; /* schemaIDGUID, or none */
	unsigned flags;
	uint32_t also; /* READ_PROPERTY, where it may show a secret */
};

static bool concerns(const struct ace *ace, const struct of_class *c, size_t right)
{
	const struct guid *type = &ace->object_type;

	if (!ace->has_object_type)
		return true;
	if (guid_is_none(type))
		return false;
	if (guid_eq(type, &c->rights->id[right]))
		return true;
	/* A property set holds attributes to be read and written, and the confidential ones of it;
	 * a class is the root of all its attributes (MS-ADTS 5.1.3.3.3 and .4). */
	return guid_eq(type, &c->rights->set[right]) ||
	       ((rights[right].right & (RIGHT_DS_WRITE_PROPERTY | RIGHT_DS_READ_PROPERTY)) &&
		       guid_eq(type, &c->id));
}

static uint64_t whole_atoms(uint32_t mask, bool deny)
{
	uint64_t atoms = 0;

	if (mask & RIGHT_WRITE_DAC)
		atoms |= ATOM(ATOM_WRITE_DACL);
	if (mask & RIGHT_WRITE_OWNER)
		atoms |= ATOM(ATOM_WRITE_OWNER);
	if (mask & RIGHT_DS_WRITE_PROPERTY)
		atoms |= ATOM(ATOM_ALL_PROPERTIES);
	if (mask & RIGHT_DS_CONTROL_ACCESS)
		atoms |= ATOM(ATOM_ALL_EXTENDED);
	if (mask & RIGHT_DS_WRITE_PROPERTY_EXTENDED)
		atoms |= ATOM(ATOM_ALL_VALIDATED);
	if (deny ? atoms != 0 : (mask & ALL_RIGHTS) == ALL_RIGHTS)
		atoms |= ATOM(ATOM_ALL);
	return atoms;
}

/* What a deny of one right takes from "all" of its kind. */
static uint64_t collective(uint32_t right)
{
	switch (right) {
	case RIGHT_DS_WRITE_PROPERTY:
		return ATOM(ATOM_ALL_PROPERTIES) | ATOM(ATOM_ALL);
	case RIGHT_DS_CONTROL_ACCESS:
		return ATOM(ATOM_ALL_EXTENDED) | ATOM(ATOM_ALL);
	case RIGHT_DS_WRITE_PROPERTY_EXTENDED:
		return ATOM(ATOM_ALL_VALIDATED) | ATOM(ATOM_ALL);
	default:
		return 0;
	}
}

#define OF_INTEREST                                                                                \
	(RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER | RIGHT_DS_WRITE_PROPERTY | RIGHT_DS_CONTROL_ACCESS | \
		RIGHT_DS_WRITE_PROPERTY_EXTENDED | RIGHT_DS_CREATE_CHILD)

static uint64_t atoms_of(const struct ace *ace, const struct of_class *c, bool deny)
{
	uint32_t mask = rights_of_mask(ace->mask);
	bool of_class = ace->has_object_type && !guid_is_none(&ace->object_type) &&
			guid_eq(&ace->object_type, &c->id);
	uint64_t atoms = 0;

	if (!(mask & (OF_INTEREST | c->also)) || (ace->flags & ACE_FLAG_INHERIT_ONLY))
		return 0;
	/* An ObjectType narrows every right of the ACE to one node of the object's type tree: only
	 * that of the class is the object itself, whose DACL and owner may then be written too
	 * (MS-ADTS 5.1.3.3.2 and .3). */
	if (!ace->has_object_type)
		atoms = whole_atoms(mask, deny);
	else if (of_class)
		atoms = whole_atoms(
			mask & (RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER | RIGHT_DS_WRITE_PROPERTY),
			deny);
	if (ace->has_object_type && !of_class && !c->rights->by_byte[ace->object_type.b[0]])
		return atoms;
	for (size_t i = 0; i < RIGHT_COUNT; i++)
		if ((mask & rights[i].right) && (c->flags & rights[i].classes) &&
			c->rights->known[i] && concerns(ace, c, i))
			atoms |= ATOM(FIRST_RIGHT + i) | (deny ? collective(rights[i].right) : 0);
	return atoms;
}

/* ---- one descriptor ---- */

struct trustee {
	uint32_t node;
	uint64_t atoms;
	bool denied;
};

struct reading {
	struct graph *g;
	const struct model *m;
	struct of_class c;
	const struct ad_domain *domain;
	struct trustee *all; /* in order of appearance */
	size_t count, room;
};

static void give(struct reading *r, uint32_t node, uint64_t atoms, bool deny)
{
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->all = xrealloc(r->all, r->room * sizeof(*r->all));
	}
	r->all[r->count++] = (struct trustee){ node, atoms, deny };
}

/* What the denies among the first `count` entries leave of atoms. */
static uint64_t after_denies(const struct reading *r, size_t count, uint32_t node, uint64_t atoms)
{
	for (size_t i = 0; i < count; i++)
		if (r->all[i].denied && (r->all[i].atoms & atoms) &&
			graph_certainly_in(r->g, r->m, node, r->all[i].node))
			atoms &= ~r->all[i].atoms;
	return atoms;
}

static bool has_owner_rights(const struct secdesc *sd)
{
	for (size_t i = 0; i < sd->dacl_count; i++)
		if (!(sd->dacl[i].flags & ACE_FLAG_INHERIT_ONLY) &&
			!ace_is_callback(sd->dacl[i].type) &&
			sid_eq(&sd->dacl[i].sid, &owner_rights))
			return true;
	return false;
}

static void read_ace(struct reading *r, const struct secdesc *sd, const struct ace *ace)
{
	bool deny = is_deny(ace->type);
	uint64_t atoms = atoms_of(ace, &r->c, deny);
	const struct sid *sid = sid_eq(&ace->sid, &owner_rights) ? &sd->owner : &ace->sid;

	/* A deny with a condition may deny nothing: what somebody may control is not hidden by it.
	 */
	if (!atoms || sid_is_none(sid) || (deny && !ace_surely_denies(ace->type)))
		return;
	uint32_t node = graph_principal(r->g, r->m, sid, r->domain);

	/* Halves of DCSync count from everybody, trusted or not: the other half may be elsewhere.
	 */
	if (!deny && graph_trusts(r->g, r->m, node) && !(r->c.flags & TARGET_NC))
		return;
	if (!deny)
		atoms = after_denies(r, r->count, node, atoms);
	if (atoms)
		give(r, node, atoms, deny);
}

static void read_descriptor(struct reading *r, const struct secdesc *sd)
{
	r->count = 0;
	if (!sd->has_dacl) {
		give(r, graph_principal(r->g, r->m, &everyone, NULL), ATOM(ATOM_ALL), false);
		return;
	}
	/* Before the DACL, so that no deny takes it away (MS-DTYP 2.5.3.2). */
	if (!sid_is_none(&sd->owner) && !has_owner_rights(sd))
		give(r, graph_principal(r->g, r->m, &sd->owner, r->domain), ATOM(ATOM_OWNER),
			false);
	for (size_t i = 0; i < sd->dacl_count; i++)
		read_ace(r, sd, &sd->dacl[i]);
}

/* ---- relations ---- */

/* A confidential attribute is read with both. */
static const uint64_t laps_pairs[] = { ATOM(ATOM_LAPS_READ) | ATOM(ATOM_LAPS_CONTROL),
	ATOM(ATOM_LAPS2_READ) | ATOM(ATOM_LAPS2_CONTROL),
	ATOM(ATOM_LAPS2E_READ) | ATOM(ATOM_LAPS2E_CONTROL) };

static bool reads_laps(uint64_t atoms)
{
	for (size_t i = 0; i < ARRAY_LEN(laps_pairs); i++)
		if ((atoms & laps_pairs[i]) == laps_pairs[i])
			return true;
	return false;
}

/* The other halves of those that atoms holds one of. */
static uint64_t missing_laps(uint64_t atoms)
{
	uint64_t missing = 0;

	for (size_t i = 0; i < ARRAY_LEN(laps_pairs); i++)
		if (atoms & laps_pairs[i])
			missing |= laps_pairs[i] & ~atoms;
	return missing;
}

/* In group, or as somebody who logged on: Pre-Windows 2000 Compatible Access may hold these. */
static bool is_in(const struct reading *r, uint32_t who, uint32_t group)
{
	if (graph_certainly_in(r->g, r->m, who, group))
		return true;
	uint32_t users = graph_find_principal(r->g, r->m, &authenticated_users);

	return users != NO_OBJECT && graph_certainly_in(r->g, r->m, who, users) &&
	       graph_certainly_in(r->g, r->m, users, group);
}

/* One token may hold one half of reading a LAPS password by itself and the other through a group:
 * everybody may read a computer's attributes by default. */
static void join_laps(struct reading *r)
{
	size_t count = r->count;

	if (!(r->c.flags & (TARGET_LAPS | TARGET_LAPS2)))
		return;
	for (size_t i = 0; i < count; i++) {
		uint32_t who = r->all[i].node;
		uint64_t missing = r->all[i].denied ? 0 : missing_laps(r->all[i].atoms);

		for (size_t k = 0; missing && k < count; k++) {
			uint64_t half = r->all[k].denied ? 0 : r->all[k].atoms & missing;

			if (!half || r->all[k].node == who || !is_in(r, who, r->all[k].node))
				continue;
			half = after_denies(r, k, who, half);
			if (half)
				give(r, who, half, false);
		}
	}
}

/* The widest words for what is held: who may do everything is not said to reset passwords. */
static uint64_t relations_of(uint64_t atoms, unsigned flags)
{
	const uint64_t dcsync = ATOM(ATOM_GET_CHANGES) | ATOM(ATOM_GET_CHANGES_ALL);
	uint64_t r = 0;
	uint32_t hidden = 0;

	if (atoms & ATOM(ATOM_OWNER))
		r |= RELATION_BIT(RELATION_OWNER);
	if (atoms & ATOM(ATOM_ALL))
		return r | RELATION_BIT(RELATION_GENERIC_ALL);
	if (atoms & ATOM(ATOM_WRITE_DACL))
		r |= RELATION_BIT(RELATION_WRITE_DACL);
	if (atoms & ATOM(ATOM_WRITE_OWNER))
		r |= RELATION_BIT(RELATION_WRITE_OWNER);
	if ((atoms & dcsync) == dcsync)
		r |= RELATION_BIT(RELATION_DCSYNC);
	if ((atoms & ATOM(ATOM_ALL_EXTENDED)) && (flags & (CLASS_USER | TARGET_NC))) {
		r |= RELATION_BIT(RELATION_ALL_EXTENDED_RIGHTS);
		hidden |= RIGHT_DS_CONTROL_ACCESS;
	}
	if (atoms & ATOM(ATOM_ALL_PROPERTIES)) {
		r |= RELATION_BIT(atoms & ATOM(ATOM_ALL_VALIDATED) ? RELATION_GENERIC_WRITE
								   : RELATION_WRITE_ALL_PROPERTIES);
		hidden |= RIGHT_DS_WRITE_PROPERTY | RIGHT_DS_WRITE_PROPERTY_EXTENDED;
	} else if ((atoms & ATOM(ATOM_ALL_VALIDATED)) && (flags & (CLASS_GROUP | CLASS_COMPUTER))) {
		r |= RELATION_BIT(RELATION_ALL_VALIDATED_WRITES);
		hidden |= RIGHT_DS_WRITE_PROPERTY_EXTENDED;
	}
	for (size_t i = 0; i < RIGHT_COUNT; i++)
		if ((atoms & ATOM(FIRST_RIGHT + i)) && !(rights[i].right & hidden) &&
			rights[i].relation != RELATION_NONE)
			r |= RELATION_BIT(rights[i].relation);
	if (reads_laps(atoms))
		r |= RELATION_BIT(RELATION_READ_LAPS);
	return r;
}

static int by_node(const void *a, const void *b)
{
	const struct trustee *x = a, *y = b;

	return x->node < y->node ? -1 : x->node > y->node;
}

static void add_edge(struct graph *g, uint32_t source, uint64_t relations)
{
	if (g->edge_count == g->edge_room) {
		g->edge_room = g->edge_room ? g->edge_room * 2 : 4096;
		g->edges = xrealloc(g->edges, g->edge_room * sizeof(*g->edges));
	}
	g->edges[g->edge_count++] = (struct graph_edge){ source, (uint32_t)relations };
}

/* Allows of one trustee put together; denies have done their work. */
static size_t merge(struct trustee *all, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (!all[i].denied)
			all[n++] = all[i];
	if (n > 1)
		qsort(all, n, sizeof(*all), by_node);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && all[kept - 1].node == all[i].node)
			all[kept - 1].atoms |= all[i].atoms;
		else
			all[kept++] = all[i];
	}
	return kept;
}

static void find_dcsync(struct reading *r, uint32_t head)
{
	struct graph_halves h = { xcalloc(r->count + 1, sizeof(uint32_t)),
		xcalloc(r->count + 1, sizeof(uint32_t)), 0, 0 };

	for (size_t i = 0; i < r->count; i++) {
		uint64_t atoms = r->all[i].atoms;

		if (atoms & (ATOM(ATOM_GET_CHANGES) | ATOM(ATOM_ALL)))
			h.changes[h.changes_count++] = r->all[i].node;
		if (atoms & (ATOM(ATOM_GET_CHANGES_ALL) | ATOM(ATOM_ALL)))
			h.all[h.all_count++] = r->all[i].node;
	}
	graph_dcsync(r->g, r->m, head, &h);
	free(h.changes);
	free(h.all);
}

static void put_edges(struct reading *r, uint32_t object)
{
	struct graph *g = r->g;

	if (!r->all)
		return;
	join_laps(r);
	r->count = merge(r->all, r->count);
	for (size_t i = 0; i < r->count; i++) {
		uint64_t relations = relations_of(r->all[i].atoms, r->c.flags);

		if (relations && !graph_trusts(g, r->m, r->all[i].node))
			add_edge(g, r->all[i].node, relations);
	}
	if (r->c.flags & TARGET_NC)
		find_dcsync(r, object);
}

/* ---- all of them ---- */

struct profile_key {
	uint32_t descriptor, class_index, domain, flags;
};

/* A password that LAPS does not keep cannot be read; on domain controllers it keeps none of these.
 */
static unsigned laps_flags(const struct graph *g, const struct model *m, const struct ad_object *o)
{
	unsigned flags = 0;

	if (o->kind != AD_COMPUTER || (g->critical[o->index] & CRITICAL_DC))
		return 0;
	if (obj_has(o, ATTR_LAPS_LEGACY_EXPIRATION) ||
		model_readable(m, o, ATTR_LAPS_LEGACY_EXPIRATION) != READABLE)
		flags |= TARGET_LAPS;
	if (obj_has(o, ATTR_LAPS_EXPIRATION) ||
		model_readable(m, o, ATTR_LAPS_EXPIRATION) != READABLE)
		flags |= TARGET_LAPS2;
	return flags;
}

static unsigned target_flags(
	const struct graph *g, const struct model *m, const struct ad_object *o)
{
	unsigned flags = object_class_flags(m, o);

	if (str_ieq(m->classes[m->object_class[o->index]].name, STR("site")))
		flags |= TARGET_SITE;
	if (graph_is_naming_context(m, o))
		flags |= TARGET_NC;
	if (graph_is_rodc(o))
		flags |= TARGET_RODC;
	/* Its DACL becomes that of accounts and groups: what it gives over them counts here. */
	if (g->critical[o->index] & CRITICAL_ADMINSDHOLDER)
		flags |= CLASS_USER | CLASS_GROUP;
	if (g->critical[o->index] & CRITICAL_PKI)
		flags |= TARGET_PKI;
	return flags | laps_flags(g, m, o);
}

static void build_profile(struct reading *r, uint32_t object, struct arena *scratch)
{
	const struct model *m = r->m;
	const struct ad_object *o = &m->objects[object];
	struct graph *g = r->g;
	struct graph_profile *p = &g->profiles[g->profile_count++];
	struct secdesc sd;

	*p = (struct graph_profile){ .first = (uint32_t)g->edge_count };
	arena_reset(scratch);
	if (!model_has_descriptor(m, o))
		return;
	sd = descriptor_decode(m, descriptor_of(m, o), scratch);
	p->protected_dacl = sd.control & SD_DACL_PROTECTED;
	p->whole = !sd.skipped && !sid_is_none(&sd.owner);
	r->domain = o->domain;
	r->c.also = r->c.flags & CLASS_COMPUTER ? RIGHT_DS_READ_PROPERTY : 0;
	r->c.id = m->classes[m->object_class[object]].guid;
	read_descriptor(r, &sd);
	put_edges(r, object);
	p->count = (uint32_t)(g->edge_count - p->first);
}

uint64_t graph_edge_between(const struct graph *g, uint32_t source, uint32_t object)
{
	uint32_t profile = g->profile_of[object];

	if (profile == NO_OBJECT)
		return 0;
	const struct graph_profile *p = &g->profiles[profile];
	uint32_t from = p->first, to = p->first + p->count;

	/* A profile's edges are in the order of their sources. */
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (g->edges[middle].source == source)
			return g->edges[middle].relations;
		if (g->edges[middle].source < source)
			from = middle + 1;
		else
			to = middle;
	}
	return 0;
}

void graph_edges_build(struct graph *g, const struct model *m)
{
	struct rights_in_force in_force;
	struct reading r = { .g = g, .m = m, .c.rights = &in_force };
	struct hash seen = { 0 };
	struct arena scratch = { 0 };
	struct profile_key *keys = xcalloc(m->count + 1, sizeof(*keys));

	read_guids(&in_force, m);
	index_guids(&in_force);
	g->profile_of = ARENA_ARRAY(&g->arena, uint32_t, m->count + 1);
	g->profiles = ARENA_ARRAY(&g->arena, struct graph_profile, m->count + 1);
	g->profile_of[m->count] = NO_OBJECT;
	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct profile_key *k = &keys[g->profile_count];

		g->profile_of[i] = NO_OBJECT;
		if (o->sd >= m->descriptor_count)
			continue;
		r.c.flags = target_flags(g, m, o);
		*k = (struct profile_key){ o->sd, m->object_class[i],
			o->domain ? (uint32_t)(o->domain - m->domains) : UINT32_MAX, r.c.flags };
		/* The head of a context has a profile of its own: its DCSync links name it. */
		struct str key = { (const char *)k, sizeof(*k) };
		uint32_t at = r.c.flags & TARGET_NC ? g->profile_count
						    : hash_add(&seen, key, g->profile_count);

		g->profile_of[i] = at;
		if (at == g->profile_count)
			build_profile(&r, i, &scratch);
	}
	hash_free(&seen);
	arena_free(&scratch);
	free(keys);
	free(r.all);
}
