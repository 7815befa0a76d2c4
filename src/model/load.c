/* Reads the records of a snapshot into objects, and runs the steps that index them. */
#include "ad/filetime.h"
#include "base/datetime.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL_BYTES ((size_t)256 * 1024)

/* Unaligned bytes out of the arena. */
struct pool {
	char *p;
	size_t left;
};

/* An attribute's last values: neighbours in a directory share most of what is the same for a
 * whole class (objectClass, objectCategory, flags), and are kept once. */
struct last {
	struct str packed;
	struct ad_value value;
};

struct pending {
	struct str raw_dn, dn;
	struct guid guid;
	const struct ad_value *values;
	uint32_t value_count, descriptor, class_index;
};

struct loader {
	struct model *m;
	struct snapshot *s;
	struct progress *progress;
	slot_number *slot_of; /* by attribute id of the snapshot */
	size_t id_count;
	struct last *last;     /* by slot */
	uint64_t *damaged;     /* by slot */
	struct ad_value *row;  /* values of the object at hand, by slot order */
	struct hash class_ids; /* packed objectClass values */
	struct pool pool;
	struct pending *objects;
	size_t count, room;
	uint64_t broken; /* records whose packing is damaged */
};

static struct str pool_copy(struct loader *l, struct str s)
{
	if (s.n > POOL_BYTES / 8)
		return arena_str(&l->m->arena, s);
	if (s.n > l->pool.left) {
		l->pool.p = arena_alloc(&l->m->arena, POOL_BYTES);
		l->pool.left = POOL_BYTES;
	}
	char *p = l->pool.p;

	if (s.n)
		memcpy(p, s.p, s.n);
	l->pool.p += s.n;
	l->pool.left -= s.n;
	return (struct str){ p, s.n };
}

static enum attr_type slot_type(slot_number slot)
{
	return slot < ATTR_COUNT ? attr_table[slot].type : ATTR_TYPE_BINARY;
}

static bool value_fits(enum attr_type type, struct str v)
{
	int64_t n;
	struct sid sid;

	switch (type) {
	case ATTR_TYPE_INT:
		return str_to_i64(v, &n) && n >= INT32_MIN && n <= (int64_t)UINT32_MAX;
	case ATTR_TYPE_INT64:
		return str_to_i64(v, &n);
	case ATTR_TYPE_TIME:
		return generalized_time_parse(v, &n);
	case ATTR_TYPE_SID:
		return sid_parse(v, &sid);
	case ATTR_TYPE_GUID:
		return v.n == 16;
	case ATTR_TYPE_BOOL:
		return str_ieq(v, STR("TRUE")) || str_ieq(v, STR("FALSE"));
	case ATTR_TYPE_STRING:
	case ATTR_TYPE_DN:
	case ATTR_TYPE_BINARY:
	case ATTR_TYPE_DN_BINARY:
		break;
	}
	return true;
}

static bool is_text(enum attr_type type)
{
	return type == ATTR_TYPE_STRING || type == ATTR_TYPE_DN;
}

/* Several values, or one whose clean form differs, with that form behind the last. */
static void keep_list(struct loader *l, struct ad_value *v, struct packed_cursor *c)
{
	enum attr_type type = slot_type(v->slot);
	struct str *list = ARENA_ARRAY(&l->m->arena, struct str, (size_t)c->count + 1);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		struct str s = packed_value(c);

		if (c->bad)
			break;
		if (value_fits(type, s))
			list[kept++] = s;
		else
			v->flags |= VALUE_DAMAGED;
	}
	if (kept && is_text(type) && !utf8_clean(list[0])) {
		v->flags |= VALUE_DIRTY;
		list[kept] = utf8_sanitize(&l->m->arena, list[0]);
	}
	v->count = kept;
	if (kept == 1 && !(v->flags & VALUE_DIRTY))
		v->as.one = list[0];
	else
		v->as.many = list;
}

/* The values stand in the pool packed as they were; the views point into them. */
static struct ad_value keep_values(
	struct loader *l, slot_number slot, const struct packed_cursor *from)
{
	struct last *last = &l->last[slot];

	if (last->packed.p && str_eq(last->packed, from->values)) {
		l->damaged[slot] += last->value.flags & VALUE_DAMAGED ? 1 : 0;
		return last->value;
	}
	struct packed_cursor c = *from;
	struct ad_value v = { .slot = slot };

	c.values = pool_copy(l, from->values);
	last->packed = c.values;
	struct packed_cursor first = c;
	struct str s = packed_value(&first);

	if (c.count == 1 && !first.bad && value_fits(slot_type(slot), s) &&
		(!is_text(slot_type(slot)) || utf8_clean(s))) {
		v.as.one = s;
		v.count = 1;
	} else {
		keep_list(l, &v, &c);
	}
	if (v.flags & VALUE_DAMAGED)
		l->damaged[slot]++;
	last->value = v;
	return v;
}

/* Names separated by spaces, as slots. */
static const bool *slots_of(struct model *m, struct str rest)
{
	bool *slots = ARENA_ARRAY(&m->arena, bool, m->slot_count);

	while (rest.n) {
		slot_number slot = model_slot(m, str_cut(rest, ' ', &rest));

		if (slot != SLOT_NONE)
			slots[slot] = true;
	}
	return slots;
}

/* What was asked of the most specific of these classes that was asked by itself. */
static const bool *asked_of_class(struct loader *l, const struct ad_value *classes)
{
	char key[sizeof(META_ATTRIBUTES_ASKED_OF) + LIMIT_ATTRIBUTE_NAME_BYTES];

	for (uint32_t i = classes->count; i-- > 0;) {
		struct str name = value_list(classes)[i];

		if (name.n > LIMIT_ATTRIBUTE_NAME_BYTES)
			continue;
		snprintf(key, sizeof(key), META_ATTRIBUTES_ASKED_OF "%.*s", STR_ARG(name));
		struct str list = snapshot_meta(l->s, key);

		if (list.p)
			return slots_of(l->m, list);
	}
	return NULL;
}

static uint32_t class_of(struct loader *l, struct str packed, const struct ad_value *v)
{
	uint32_t id = hash_get(&l->class_ids, packed);
	struct model *m = l->m;

	if (id != HASH_NONE || !v->count)
		return id == HASH_NONE ? 0 : id;
	if (m->class_count == m->class_room) {
		struct class_info *old = m->classes;

		m->class_room *= 2;
		m->classes = ARENA_ARRAY(&m->arena, struct class_info, m->class_room);
		memcpy(m->classes, old, m->class_count * sizeof(*old));
	}
	id = (uint32_t)m->class_count++;
	m->classes[id].name = value_list(v)[v->count - 1];
	for (uint32_t i = 0; i < v->count; i++)
		m->classes[id].flags |= class_flag(value_list(v)[i]);
	m->classes[id].asked = asked_of_class(l, v);
	hash_add(&l->class_ids, packed, id);
	return id;
}

static uint32_t row_insert(struct ad_value *row, uint32_t n, struct ad_value v)
{
	uint32_t at = n;

	while (at && row[at - 1].slot > v.slot)
		at--;
	if (at && row[at - 1].slot == v.slot)
		return n; /* the same attribute twice: the first stays */
	memmove(row + at + 1, row + at, (n - at) * sizeof(*row));
	row[at] = v;
	return n + 1;
}

static struct pending *new_pending(struct loader *l)
{
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 4096;
		l->objects = xrealloc(l->objects, l->room * sizeof(*l->objects));
	}
	return memset(&l->objects[l->count++], 0, sizeof(*l->objects));
}

static int load_record(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct loader *l = cx;
	struct packed_cursor c = packed_begin(r->packed);
	struct pending *o = new_pending(l);
	uint32_t n = 0;

	if (l->count > LIMIT_OBJECTS)
		return err_set(
			err, ERR_SOURCE, "The snapshot holds more than %u objects.", LIMIT_OBJECTS);
	while (packed_next(&c)) {
		slot_number slot = c.attribute < l->id_count ? l->slot_of[c.attribute] : SLOT_NONE;

		if (slot == SLOT_NONE)
			continue;
		struct ad_value v = keep_values(l, slot, &c);

		n = row_insert(l->row, n, v);
		if (slot == ATTR_OBJECT_CLASS)
			o->class_index = class_of(l, l->last[slot].packed, &v);
		else if (slot == ATTR_OBJECT_GUID && v.count)
			guid_parse(*value_list(&v), &o->guid);
	}
	l->broken += c.bad;
	o->raw_dn = pool_copy(l, r->dn);
	o->dn = utf8_sanitize(&l->m->arena, o->raw_dn);
	o->descriptor = r->descriptor;
	o->value_count = n;
	struct ad_value *values = ARENA_ARRAY(&l->m->arena, struct ad_value, n);

	memcpy(values, l->row, n * sizeof(*values));
	o->values = values;
	if (l->count % 1024)
		return 0;
	progress_step(l->progress, l->count, snapshot_object_count(l->s));
	return platform_check_interrupted(err);
}

static int by_dn_bytes(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;
	int order = str_cmp(x->dn, y->dn);

	if (!order)
		order = guid_cmp(&x->guid, &y->guid);
	return order ? order : str_cmp(x->raw_dn, y->raw_dn);
}

static void place_object(struct model *m, const struct pending *from, size_t at)
{
	struct ad_object *o = &m->objects[at];

	o->index = (uint32_t)at;
	o->kind = AD_OTHER;
	o->dn = from->dn;
	o->guid = from->guid;
	o->sd = from->descriptor;
	o->values = from->values;
	o->value_count = from->value_count;
	if (obj_has(o, ATTR_OBJECT_SID))
		sid_parse(obj_value(o, ATTR_OBJECT_SID, 0), &o->sid);
	o->name = obj_str(o, ATTR_SAM_ACCOUNT_NAME);
	if (!o->name.n)
		o->name = obj_str(o, ATTR_CN);
	if (!o->name.n)
		o->name = utf8_sanitize(&m->arena, dn_rdn_value(&m->arena, from->raw_dn));
	m->raw_dn[at] = from->raw_dn;
	m->object_class[at] = from->class_index;
}

/* The rootDSE is no object of the directory: it stands behind the last one. */
static void place_objects(struct loader *l)
{
	struct model *m = l->m;
	const struct pending *rootdse = NULL;

	qsort(l->objects, l->count, sizeof(*l->objects), by_dn_bytes);
	m->objects = ARENA_ARRAY(&m->arena, struct ad_object, l->count + 1);
	m->raw_dn = ARENA_ARRAY(&m->arena, struct str, l->count + 1);
	m->object_class = ARENA_ARRAY(&m->arena, uint32_t, l->count + 1);
	for (size_t i = 0; i < l->count; i++) {
		if (l->objects[i].raw_dn.n)
			place_object(m, &l->objects[i], m->count++);
		else
			rootdse = &l->objects[i];
	}
	if (rootdse) {
		place_object(m, rootdse, m->count);
		m->rootdse = &m->objects[m->count];
	}
}

static void loader_begin(struct loader *l, const struct model_options *options)
{
	struct model *m = l->m;

	m->kept = ARENA_ARRAY(&m->arena, struct str, options->keep_count);
	for (size_t i = 0; i < options->keep_count; i++)
		if (model_slot(m, options->keep[i]) == SLOT_NONE &&
			ATTR_COUNT + m->kept_count < SLOT_NONE)
			m->kept[m->kept_count++] = arena_str(&m->arena, options->keep[i]);
	m->slot_count = ATTR_COUNT + m->kept_count;
	m->class_room = 64;
	m->class_count = 1;
	m->classes = ARENA_ARRAY(&m->arena, struct class_info, m->class_room);
	l->id_count = snapshot_attribute_count(l->s);
	l->slot_of = xcalloc(l->id_count, sizeof(*l->slot_of));
	for (size_t i = 0; i < l->id_count; i++)
		l->slot_of[i] = model_slot(m, snapshot_attribute_name(l->s, (uint32_t)i));
	l->last = xcalloc(m->slot_count, sizeof(*l->last));
	l->damaged = xcalloc(m->slot_count, sizeof(*l->damaged));
	l->row = xcalloc(m->slot_count + 1, sizeof(*l->row));
}

static void loader_end(struct loader *l)
{
	hash_free(&l->class_ids);
	free(l->slot_of);
	free(l->last);
	free(l->damaged);
	free(l->row);
	free(l->objects);
}

static void damage_report(struct loader *l)
{
	char need[128], detail[64];

	for (size_t i = 1; i < l->m->slot_count; i++) {
		if (!l->damaged[i])
			continue;
		struct str name =
			i < ATTR_COUNT ? str_of(attr_table[i].ldap) : l->m->kept[i - ATTR_COUNT];

		snprintf(need, sizeof(need), "attribute %.*s", STR_ARG(name));
		snprintf(detail, sizeof(detail), "malformed_values %llu",
			(unsigned long long)l->damaged[i]);
		coverage_add(l->m, str_of(need), COVERAGE_MALFORMED, str_of(detail));
	}
	if (l->broken) {
		snprintf(detail, sizeof(detail), "malformed_records %llu",
			(unsigned long long)l->broken);
		coverage_add(l->m, STR("objects"), COVERAGE_MALFORMED, str_of(detail));
	}
}

static int load_objects(struct loader *l, const struct model_options *options, struct err *err)
{
	loader_begin(l, options);
	int rc = snapshot_each(l->s, load_record, l, err);

	if (!rc) {
		place_objects(l);
		damage_report(l);
	}
	loader_end(l);
	return rc;
}

static void load_coverage(struct model *m, struct snapshot *s)
{
	for (size_t i = 0; i < snapshot_coverage_count(s); i++) {
		struct coverage c = snapshot_coverage_at(s, i);

		coverage_add(m, c.need, c.state, c.detail);
	}
}

static struct str load_meta(struct model *m, struct snapshot *s, const char *key)
{
	return utf8_sanitize(&m->arena, arena_str(&m->arena, snapshot_meta(s, key)));
}

static int64_t newest_change(const struct model *m)
{
	int64_t newest = INT64_MIN;

	for (size_t i = 0; i < m->count; i++) {
		int64_t t = obj_time(&m->objects[i], ATTR_WHEN_CHANGED);

		newest = t > newest ? t : newest;
	}
	return newest;
}

/* --at, else the directory's own time, else the newest change that was read (design, 5). */
static void load_clock(struct model *m, struct snapshot *s, const struct model_options *options)
{
	char text[DATETIME_TEXT], detail[64];

	m->last_logon_of_all = str_eq(snapshot_meta(s, META_LAST_LOGON), STR("all"));
	m->time_stated = datetime_parse(snapshot_meta(s, META_COLLECTED_AT), &m->collected_at);
	if (!m->time_stated) {
		int64_t newest = newest_change(m);

		m->collected_at = newest;
		if (newest == INT64_MIN)
			snprintf(detail, sizeof(detail), "no_time");
		else
			snprintf(detail, sizeof(detail), "newest_whenChanged %s",
				datetime_iso(newest, text));
		coverage_add(m, STR("clock"),
			newest == INT64_MIN ? COVERAGE_MISSING : COVERAGE_NOTE, str_of(detail));
	}
	m->at = options->at == INT64_MIN ? m->collected_at : options->at;
	if (m->at == INT64_MIN)
		m->at = 0;
}

static void count_kinds(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		m->kinds[o->kind]++;
		if (o->kind == AD_USER && account_enabled(m, o) == YES)
			m->enabled_users++;
	}
	m->kinds[AD_FOREST] = m->forest_object ? 1 : 0;
}

static int build(struct model *m, struct snapshot *s, struct snapshot *sysvol, struct err *err)
{
	kinds_build(m);
	index_build(m);
	int rc = domains_build(m, err);

	if (rc)
		return rc;
	rids_build(m);
	domains_count_kinds(m);
	damage_build(m);
	schema_build(m);
	rc = descriptors_build(m, s, err);
	if (rc)
		return rc;
	access_build(m, s);
	hidden_build(m);
	membership_build(m);
	privileged_build(m);
	pki_build(m);
	password_policy_build(m);
	count_kinds(m);
	rc = gpo_build(m, sysvol, err);
	if (rc)
		return rc;
	rc = scopes_build(m, err);
	if (!rc)
		rc = identity_build(m, err);
	if (!rc)
		rc = leaks_build(m, err);
	rc = rc ? rc : mfa_build(m, err);
	return rc ? rc : hr_build(m, err);
}

int model_load(struct snapshot *s, const struct policy *policy, const struct model_options *options,
	struct progress *progress, struct model **out, struct err *err)
{
	struct model *m = xcalloc(1, sizeof(*m));
	struct loader l = { .m = m, .s = s, .progress = progress };

	m->policy = policy;
	m->graph = ARENA_NEW(&m->arena, struct graph *);
	m->backlinks = ARENA_NEW(&m->arena, struct backlinks *);
	m->policy_uses = ARENA_NEW(&m->arena, struct policy_uses *);
	m->ways = ARENA_NEW(&m->arena, struct privilege_ways *);
	m->notes = ARENA_NEW(&m->arena, struct descriptor_notes *);
	m->schema = ARENA_NEW(&m->arena, struct schema_classes *);
	m->source = load_meta(m, s, META_SOURCE);
	m->oradad_version = load_meta(m, s, META_ORADAD_VERSION);
	m->reader = load_meta(m, s, META_READER_DN);
	if (!m->reader.n)
		m->reader = load_meta(m, s, META_READER_SID);
	load_coverage(m, s);
	if (options->sysvol)
		load_coverage(m, options->sysvol);
	int rc = load_objects(&l, options, err);

	if (!rc) {
		load_clock(m, s, options);
		rc = build(m, s, options->sysvol ? options->sysvol : s, err);
	}
	if (rc) {
		model_free(m);
		return rc;
	}
	*out = m;
	return 0;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	hash_free(&m->by_dn);
	hash_free(&m->by_canonical);
	hash_free(&m->by_sid);
	leaks_free(m);
	mfa_free(m);
	hr_free(m);
	gpo_free(m);
	tier_lists_free(m);
	descriptors_free(m);
	backlinks_free(m);
	policy_uses_free(m);
	membership_free(m);
	privilege_free(m);
	if (m->graph)
		graph_free(*m->graph);
	if (m->notes)
		descriptor_notes_free(*m->notes);
	if (m->schema)
		schema_classes_free(*m->schema);
	arena_free(&m->arena);
	free(m);
}

int64_t model_now(const struct model *m)
{
	return m->at;
}

void model_move_clock(struct model *m, int64_t at)
{
	m->at = at;
}

int64_t model_collected_at(const struct model *m)
{
	return m->collected_at;
}

struct str model_source(const struct model *m)
{
	return m->source;
}

struct str model_oradad_version(const struct model *m)
{
	return m->oradad_version;
}

struct str model_reader(const struct model *m)
{
	return m->reader;
}

size_t model_object_count(const struct model *m)
{
	return m->count;
}

const struct ad_object *model_object(const struct model *m, size_t i)
{
	return &m->objects[i];
}

const struct ad_object *model_rootdse(const struct model *m)
{
	return m->rootdse;
}

size_t model_count(const struct model *m, enum ad_kind kind)
{
	return m->kinds[kind];
}

size_t model_count_enabled_users(const struct model *m)
{
	return m->enabled_users;
}
