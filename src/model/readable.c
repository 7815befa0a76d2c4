/*
 * Is an absent attribute empty, or could it not be seen? AD answers what a reader may not read by
 * leaving it out (MS-ADTS 3.1.1.3.1.3), so each object and attribute is decided by what is known:
 * the reader's token against the object's descriptor, else what other objects show, else how the
 * file was read (design, Words).
 */
#include "model/state.h"

#include <stdlib.h>

/* Which objects are alike for "seen on no object of a class". */
enum stat_class {
	STAT_ACCOUNT,
	STAT_COMPUTER,
	STAT_MSA,
	STAT_GROUP,
	STAT_DOMAIN,
	STAT_CONTAINER,
	STAT_GPO,
	STAT_PSO,
	STAT_TRUST,
	STAT_FSP,
	STAT_TEMPLATE,
	STAT_ENROLLMENT,
	STAT_AUTHORITY,
	STAT_OTHER,
	STAT_COUNT
};

static const uint8_t stat_class[AD_KIND_COUNT] = {
	[AD_FOREST] = STAT_OTHER,
	[AD_DOMAIN] = STAT_DOMAIN,
	[AD_USER] = STAT_ACCOUNT,
	[AD_COMPUTER] = STAT_COMPUTER,
	[AD_MSA] = STAT_MSA,
	[AD_KRBTGT] = STAT_ACCOUNT,
	[AD_TRUST_ACCOUNT] = STAT_ACCOUNT,
	[AD_GROUP] = STAT_GROUP,
	[AD_OU] = STAT_CONTAINER,
	[AD_CONTAINER] = STAT_CONTAINER,
	[AD_GPO] = STAT_GPO,
	[AD_PSO] = STAT_PSO,
	[AD_TRUST] = STAT_TRUST,
	[AD_FSP] = STAT_FSP,
	[AD_CERT_TEMPLATE] = STAT_TEMPLATE,
	[AD_ENROLLMENT_SERVICE] = STAT_ENROLLMENT,
	[AD_CERTIFICATION_AUTHORITY] = STAT_AUTHORITY,
	[AD_OTHER] = STAT_OTHER,
};

static bool is_kind_of_account(enum ad_kind kind)
{
	return kind == AD_USER || kind == AD_COMPUTER || kind == AD_MSA || kind == AD_KRBTGT ||
	       kind == AD_TRUST_ACCOUNT;
}

/* What every object of a kind has on a real domain controller, and what an ordinary reader loses
 * first: without it, the object was read with fewer rights. */
static slot_number mark_of_full_read(const struct ad_object *o)
{
	if (is_kind_of_account(o->kind))
		return ATTR_USER_ACCOUNT_CONTROL;
	return o->kind == AD_GROUP ? ATTR_GROUP_TYPE : SLOT_NONE;
}

/* Property sets that Authenticated Users may read on accounts by the schema's default descriptor
 * (MS-ADTS 7.1.3 and the user class): what an empty Pre-Windows 2000 group does not hide. */
static const char *const open_sets[] = {
	"59ba2f42-79a2-11d0-9020-00c04fc2d3cf", /* General-Information */
	"e48d0154-bcf8-11d1-8702-00c04fb96050", /* Public-Information */
	"77b5b886-944a-11d1-aebd-0000f80367c1", /* Personal-Information */
	"e45795b3-9455-11d1-aebd-0000f80367c1", /* Web-Information */
};

static bool in_open_set(const struct model *m, slot_number slot)
{
	return m->access[slot].in_open_set;
}

/* Attributes that say who an object is: often granted one by one, so they prove nothing about the
 * rest of their property set. */
static bool is_identity(slot_number slot)
{
	switch (slot) {
	case ATTR_OBJECT_CLASS:
	case ATTR_OBJECT_CATEGORY:
	case ATTR_OBJECT_GUID:
	case ATTR_OBJECT_SID:
	case ATTR_CN:
	case ATTR_NAME:
	case ATTR_SAM_ACCOUNT_NAME:
		return true;
	default:
		return false;
	}
}

static const uint8_t *seen_row(const struct model *m, const uint8_t *table, enum ad_kind kind)
{
	return table + stat_class[kind] * m->slot_count;
}

static bool seen_on_class(const struct model *m, const struct ad_object *o, slot_number slot)
{
	return seen_row(m, m->seen, o->kind)[slot];
}

static bool was_asked(const struct model *m, const struct ad_object *o, slot_number slot)
{
	const bool *of_class = m->classes[m->object_class[o->index]].asked;

	return !m->asked || m->asked[slot] || (of_class && of_class[slot]);
}

/* The file's attributes were chosen one by one, and nothing says which. */
static bool is_selection(const struct model *m)
{
	return !m->reader_known && !m->ldif_all && !m->asked;
}

static bool shows_closed_attribute(const struct model *m, const struct ad_object *o)
{
	for (uint32_t i = 0; i < o->value_count; i++)
		if (o->values[i].count && !in_open_set(m, o->values[i].slot))
			return true;
	return false;
}

static bool read_with_fewer_rights(const struct model *m, const struct ad_object *o)
{
	slot_number mark = mark_of_full_read(o);

	if (mark == SLOT_NONE || obj_has(o, (enum attr)mark))
		return false;
	if (!was_asked(m, o, mark) || (is_selection(m) && !seen_on_class(m, o, mark)))
		return !shows_closed_attribute(m, o);
	return true;
}

/* What Active Directory puts on every object of the kind (MS-SAMR 3.1.1.8, MS-ADTS 3.1.1.1): absent
 * is never empty. */
static bool is_always_there(enum ad_kind kind, slot_number slot)
{
	switch (slot) {
	case ATTR_WHEN_CREATED:
	case ATTR_WHEN_CHANGED:
		return true;
	case ATTR_OBJECT_SID:
	case ATTR_SAM_ACCOUNT_NAME:
		return is_kind_of_account(kind) || kind == AD_GROUP;
	case ATTR_USER_ACCOUNT_CONTROL:
	case ATTR_PRIMARY_GROUP_ID:
	case ATTR_PWD_LAST_SET:
		return is_kind_of_account(kind);
	case ATTR_GROUP_TYPE:
		return kind == AD_GROUP;
	case ATTR_TRUST_DIRECTION:
	case ATTR_TRUST_ATTRIBUTES:
	case ATTR_TRUST_PARTNER:
	case ATTR_TRUST_TYPE:
		return kind == AD_TRUST;
	case ATTR_MIN_PWD_LENGTH:
	case ATTR_MAX_PWD_AGE:
	case ATTR_PWD_PROPERTIES:
		return kind == AD_DOMAIN;
	default:
		return false;
	}
}

/* ---- a known reader ---- */

/* What the object's descriptor says to the reader; NULL: none, or damaged. */
static const struct secdesc *view_of(const struct model *m, const struct ad_object *o)
{
	return descriptor_of(m, o) ? &m->views[m->view_of[o->sd]] : NULL;
}

static bool granted(const struct model *m, const struct ad_object *o, const struct secdesc *sd,
	slot_number slot)
{
	const struct attr_access *a = &m->access[slot];
	struct access_question q = {
		.right = RIGHT_DS_READ_PROPERTY,
		.attribute = a->id,
		.property_set = a->property_set,
		.self_class = m->classes[m->object_class[o->index]].guid,
		.self = o->sid,
	};

	if (!secdesc_grants(sd, &m->token, &q))
		return false;
	if (!a->confidential)
		return true;
	q.right = RIGHT_DS_CONTROL_ACCESS;
	return secdesc_grants(sd, &m->token, &q);
}

/* Objects that share what the descriptor says to the reader, class and "is it the reader itself"
 * share every answer. */
static bool may_read(const struct model *m, const struct ad_object *o, const struct secdesc *sd,
	slot_number slot)
{
	uint8_t *verdict = &m->verdicts[(size_t)m->profile[o->index] * m->slot_count + slot];

	if (!*verdict)
		*verdict = granted(m, o, sd, slot) ? 1 : 2;
	return *verdict == 1;
}

bool access_may_read(const struct model *m, const struct ad_object *o, slot_number slot)
{
	return may_read(m, o, view_of(m, o), slot);
}

static enum readable by_descriptor(const struct model *m, const struct ad_object *o,
	const struct secdesc *sd, slot_number slot)
{
	slot_number mark = mark_of_full_read(o);

	if (!may_read(m, o, sd, slot))
		return NOT_READABLE;
	/* The descriptor grants what every such object has, and still it is not there: this
	 * descriptor does not tell the whole truth about this object. */
	if (mark != SLOT_NONE && !obj_has(o, (enum attr)mark) && !in_open_set(m, slot) &&
		may_read(m, o, sd, mark))
		return NOT_READABLE;
	return READABLE;
}

static bool shows_same_set(const struct model *m, const struct ad_object *o, slot_number slot)
{
	const struct guid *set = &m->access[slot].property_set;

	/* In no set: only what nobody grants by itself proves a right on the whole object. */
	if (guid_is_none(set))
		return obj_has(o, ATTR_WHEN_CREATED) || obj_has(o, ATTR_WHEN_CHANGED);
	for (uint32_t i = 0; i < o->value_count; i++) {
		const struct ad_value *v = &o->values[i];

		if (v->count && !is_identity(v->slot) &&
			guid_eq(&m->access[v->slot].property_set, set))
			return true;
	}
	return false;
}

/* Most objects of the class show their descriptor: where one does not, somebody closed it, and what
 * else was closed with it cannot be told from the others. */
static bool is_singled_out(const struct model *m, const struct ad_object *o)
{
	return m->blind[stat_class[o->kind]] * 2 < m->of_class[stat_class[o->kind]];
}

static enum readable without_descriptor(
	const struct model *m, const struct ad_object *o, slot_number slot)
{
	bool seen = seen_row(m, m->seen_blind, o->kind)[slot];

	if (is_singled_out(m, o))
		return NOT_READABLE;

	if (!in_open_set(m, slot) && read_with_fewer_rights(m, o))
		return NOT_READABLE;
	if (m->access[slot].confidential)
		return seen ? READABLE : NOT_READABLE;
	return seen || shows_same_set(m, o, slot) ? READABLE : NOT_READABLE;
}

/* ---- an unknown reader ---- */

static enum readable by_file(const struct model *m, const struct ad_object *o, slot_number slot)
{
	const struct attr_access *a = &m->access[slot];
	bool seen = seen_on_class(m, o, slot);

	if (!seen && (is_selection(m) || (a->constructed && !m->asked)))
		return NOT_COLLECTED;
	if (!seen && a->confidential)
		return NOT_READABLE;
	if (!in_open_set(m, slot) && read_with_fewer_rights(m, o))
		return NOT_READABLE;
	return READABLE;
}

/* On every object whose class can be seen (MS-ADTS 3.1.1.1.4): absent is what it says. */
static bool is_always_shown(slot_number slot)
{
	return slot == ATTR_OBJECT_CLASS || slot == ATTR_OBJECT_GUID || slot == ATTR_CN ||
	       slot == ATTR_NAME;
}

static enum readable by_reader(const struct model *m, const struct ad_object *o, slot_number slot)
{
	if (!m->reader_known)
		return by_file(m, o, slot);
	const struct secdesc *sd = view_of(m, o);

	return sd ? by_descriptor(m, o, sd, slot) : without_descriptor(m, o, slot);
}

static enum readable readable_slot(
	const struct model *m, const struct ad_object *o, slot_number slot)
{
	const struct ad_value *v = object_slot(o, slot);

	if (v && v->count)
		return READABLE;
	if (v || damage_hits(m, o, slot))
		return NOT_READABLE;
	if (!was_asked(m, o, slot) || o == m->rootdse)
		return NOT_COLLECTED;
	if (is_always_shown(slot))
		return obj_has(o, ATTR_OBJECT_CLASS) ? READABLE : NOT_READABLE;
	enum readable r = by_reader(m, o, slot);

	return r == READABLE && is_always_there(o->kind, slot) ? NOT_READABLE : r;
}

bool model_asked_of_class(const struct model *m, enum attr a)
{
	for (size_t i = 0; i < m->class_count; i++)
		if (m->classes[i].asked && m->classes[i].asked[a])
			return true;
	return false;
}

enum readable model_readable(const struct model *m, const struct ad_object *o, enum attr a)
{
	return readable_slot(m, o, (slot_number)a);
}

bool model_read_in_part(const struct model *m, const struct ad_object *o, enum attr a)
{
	return obj_has(o, a) && damage_names(m, o, (slot_number)a);
}

enum readable model_readable_name(const struct model *m, const struct ad_object *o, struct str name)
{
	slot_number slot = model_slot(m, name);

	return slot == SLOT_NONE ? NOT_COLLECTED : readable_slot(m, o, slot);
}

/* May the reader list all that is below o? This right shows every child in both modes; without it
 * list-object mode shows some (MS-ADTS 5.1.3.3.6). Unknown readers: no. */
bool access_lists_children(const struct model *m, const struct ad_object *o)
{
	const struct secdesc *sd = m->reader_known ? view_of(m, o) : NULL;
	struct access_question q = {
		.right = RIGHT_DS_LIST_CONTENTS,
		.self_class = m->classes[m->object_class[o->index]].guid,
		.self = o->sid,
	};

	return sd && secdesc_grants(sd, &m->token, &q);
}

enum tri model_shows_children(const struct model *m, const struct ad_object *o)
{
	if (!m->reader_known)
		return YES;
	return access_lists_children(m, o) && !m->list_object_mode ? YES : UNKNOWN;
}

/* ---- loading ---- */

static void load_token(struct model *m, struct snapshot *s)
{
	struct str rest = snapshot_meta(s, META_READER_TOKEN);
	size_t room = 1;

	for (size_t i = 0; i < rest.n; i++)
		room += rest.p[i] == ' ';
	struct sid *sids = ARENA_ARRAY(&m->arena, struct sid, room);
	size_t n = 0;

	while (rest.n) {
		struct str word = str_cut(rest, ' ', &rest);

		if (word.n && sid_from_text(word, &sids[n]))
			n++;
	}
	m->token = (struct token){ sids, n };
	m->reader_known = n > 0;
	if (!m->reader_known && !coverage_mentions(m, STR("identity")))
		coverage_add(m, STR("identity"), COVERAGE_MISSING, STR("reader_unknown"));
}

static void load_asked(struct model *m, struct snapshot *s)
{
	struct str rest = snapshot_meta(s, META_ATTRIBUTES_ASKED);

	if (!rest.n)
		return;
	m->asked = ARENA_ARRAY(&m->arena, bool, m->slot_count);
	while (rest.n) {
		struct str word = str_cut(rest, ' ', &rest);
		slot_number slot = model_slot(m, word);

		if (slot != SLOT_NONE)
			m->asked[slot] = true;
		if (str_eq(word, STR("*")))
			for (size_t i = 0; i < m->slot_count; i++)
				m->asked[i] = m->asked[i] || !m->access[i].constructed;
	}
}

static void mark_seen(struct model *m)
{
	m->seen = ARENA_ARRAY(&m->arena, uint8_t, STAT_COUNT * m->slot_count);
	m->seen_blind = ARENA_ARRAY(&m->arena, uint8_t, STAT_COUNT * m->slot_count);
	m->of_class = ARENA_ARRAY(&m->arena, size_t, STAT_COUNT);
	m->blind = ARENA_ARRAY(&m->arena, size_t, STAT_COUNT);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		size_t row = stat_class[o->kind] * m->slot_count;

		m->of_class[stat_class[o->kind]]++;
		m->blind[stat_class[o->kind]] += o->sd >= m->descriptor_count;
		for (uint32_t v = 0; v < o->value_count; v++) {
			if (!o->values[v].count)
				continue;
			m->seen[row + o->values[v].slot] = 1;
			if (o->sd >= m->descriptor_count)
				m->seen_blind[row + o->values[v].slot] = 1;
		}
	}
}

struct profile_key {
	uint32_t view, class_index, self;
};

static void make_profiles(struct model *m)
{
	struct hash profiles = { 0 };
	struct profile_key *keys = xcalloc(m->count + 1, sizeof(*keys));
	uint32_t n = 0;

	m->profile = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!descriptor_of(m, o))
			continue;
		keys[n] = (struct profile_key){ m->view_of[o->sd], m->object_class[i],
			!sid_is_none(&o->sid) && token_holds(&m->token, &o->sid) };
		struct str key = { (const char *)&keys[n], sizeof(keys[n]) };
		uint32_t row = hash_add(&profiles, key, n);

		m->profile[i] = row;
		n += row == n;
	}
	hash_free(&profiles);
	free(keys);
	m->verdicts = ARENA_ARRAY(&m->arena, uint8_t, (size_t)n * m->slot_count);
}

/* In list-object mode whole objects may be hidden: counts are lower bounds. */
static void load_list_mode(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct str h = obj_value(&m->objects[i], ATTR_DS_HEURISTICS, 0);

		if (h.n >= 3 && h.p[2] == '1')
			m->list_object_mode = true;
	}
	if (m->list_object_mode)
		coverage_add(m, STR("dSHeuristics"), COVERAGE_NOTE, STR("list_object_mode"));
}

static void find_open_sets(struct model *m)
{
	for (size_t i = 0; i < ARRAY_LEN(open_sets); i++) {
		struct guid set;

		if (!guid_from_text(str_of(open_sets[i]), &set))
			continue;
		for (size_t s = 0; s < m->slot_count; s++)
			m->access[s].in_open_set |= guid_eq(&m->access[s].property_set, &set);
	}
}

void access_build(struct model *m, struct snapshot *s)
{
	find_open_sets(m);
	load_token(m, s);
	load_asked(m, s);
	m->ldif_all = str_eq(snapshot_meta(s, META_LDIF_ALL), STR("1"));
	mark_seen(m);
	if (m->reader_known) {
		views_build(m);
		make_profiles(m);
	}
	load_list_mode(m);
}
