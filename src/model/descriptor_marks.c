#include "model/descriptor_marks.h"

#include "ad/wellknown.h"
#include "model/graph.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

/* Extended rights of replication (MS-ADTS 5.1.3.2.1): Get-Changes, Synchronize, Manage-Topology,
 * Get-Changes-All, Get-Changes-In-Filtered-Set, Read-Only-Replication-Secret-Synchronization. */
#define GET_CHANGES_ALL 3
static const char *const replication[] = { "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2",
	"1131f6ab-9c07-11d1-f79f-00c04fc2dcd2", "1131f6ac-9c07-11d1-f79f-00c04fc2dcd2",
	"1131f6ad-9c07-11d1-f79f-00c04fc2dcd2", "89e95b76-444d-4c62-991a-0facbeda640c",
	"1131f6ae-9c07-11d1-f79f-00c04fc2dcd2" };

#define GENERIC                                                                                    \
	(RIGHT_GENERIC_ALL | RIGHT_GENERIC_EXECUTE | RIGHT_GENERIC_WRITE | RIGHT_GENERIC_READ)

static const struct sid anonymous = { 1, 1, 5, { 7 } };

/* What descriptors were found to say, built at the first question. */
struct descriptor_notes {
	struct arena arena;
	uint8_t *sid_marks; /* by number of a SID that names nothing: mark + 1, 0 not yet */
	uint32_t sid_count;
	uint8_t *looked_at;	 /* by descriptor */
	uint8_t *set, *handed;	 /* by descriptor: marks of its own and of inherited entries */
	uint32_t *first, *alike; /* by profile (readable.c): object, number; NULL: no reader */
	struct hash history;	 /* SIDs that objects had before */
	uint32_t anonymous;	 /* the number of S-1-5-7 */
	struct sid *within;	 /* domains of the forest that were not read */
	struct sid *beyond;	 /* domains that are trusted and not of the forest */
	size_t within_count, beyond_count;
	struct guid replication[ARRAY_LEN(replication)];
	bool forest_in_part;   /* some domain of the forest was not read */
	bool trust_unread;     /* a trusted domain whose SID could not be read */
	bool accounts_in_part; /* accounts or groups may be there that were not read */
};

/* ---- domains and SIDs --------------------------------------------------------------- */

#define TRUST_WITHIN_FOREST 0x20u /* MS-ADTS 6.1.6.7.9 TAWF */

static void note_trusts(struct descriptor_notes *n, const struct model *m)
{
	size_t room = m->kinds[AD_TRUST];

	n->within = ARENA_ARRAY(&n->arena, struct sid, room + 1);
	n->beyond = ARENA_ARRAY(&n->arena, struct sid, room + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct sid sid;

		if (o->kind != AD_TRUST)
			continue;
		if (!sid_parse(obj_value(o, ATTR_SECURITY_IDENTIFIER, 0), &sid))
			n->trust_unread = true;
		else if (obj_u32(o, ATTR_TRUST_ATTRIBUTES) & TRUST_WITHIN_FOREST)
			n->within[n->within_count++] = sid;
		else if (n->beyond_count < room)
			n->beyond[n->beyond_count++] = sid;
	}
}

static void note_history(struct descriptor_notes *n, const struct model *m)
{
	for (size_t i = 0; i < m->count; i++)
		for (size_t v = 0; v < obj_count(&m->objects[i], ATTR_SID_HISTORY); v++)
			hash_add(&n->history, obj_value(&m->objects[i], ATTR_SID_HISTORY, v),
				(uint32_t)i);
}

static bool is_principal(enum ad_kind k)
{
	return k == AD_USER || k == AD_COMPUTER || k == AD_MSA || k == AD_KRBTGT ||
	       k == AD_TRUST_ACCOUNT || k == AD_GROUP;
}

/* Could somebody have a SID that no object that was read has? */
static bool accounts_in_part(const struct model *m)
{
	for (int k = 0; k < AD_KIND_COUNT; k++)
		if (is_principal((enum ad_kind)k) &&
			model_complete(m, (enum ad_kind)k, NULL) != YES)
			return true;
	for (size_t i = 0; i < m->count; i++)
		if (sid_is_none(&m->objects[i].sid) &&
			(is_principal(m->objects[i].kind) || object_is_faceless(m, (uint32_t)i)))
			return true;
	return false;
}

static void note_profiles(struct descriptor_notes *n, const struct model *m)
{
	if (!m->reader_known)
		return;
	n->first = ARENA_ARRAY(&n->arena, uint32_t, m->count + 1);
	n->alike = ARENA_ARRAY(&n->arena, uint32_t, m->count + 1);
	for (size_t i = 0; i < m->count; i++)
		if (descriptor_of(m, &m->objects[i]) && !n->alike[m->profile[i]]++)
			n->first[m->profile[i]] = (uint32_t)i;
}

static struct descriptor_notes *notes_of(const struct model *m)
{
	struct descriptor_notes *n = *m->notes;

	if (n)
		return n;
	n = *m->notes = xcalloc(1, sizeof(*n));
	n->anonymous = sid_number_find(m, &anonymous);
	n->sid_count = m->bare->count;
	n->sid_marks = ARENA_ARRAY(&n->arena, uint8_t, n->sid_count + 1);
	n->looked_at = ARENA_ARRAY(&n->arena, uint8_t, m->descriptor_count + 1);
	n->set = ARENA_ARRAY(&n->arena, uint8_t, m->descriptor_count + 1);
	n->handed = ARENA_ARRAY(&n->arena, uint8_t, m->descriptor_count + 1);
	for (size_t i = 0; i < ARRAY_LEN(replication); i++)
		guid_from_text(str_of(replication[i]), &n->replication[i]);
	note_profiles(n, m);
	note_trusts(n, m);
	note_history(n, m);
	for (size_t i = 0; i < m->coverage.count; i++)
		n->forest_in_part |= str_starts(m->coverage.items[i].need, STR("domain "));
	n->accounts_in_part = accounts_in_part(m);
	return n;
}

void descriptor_notes_free(struct descriptor_notes *n)
{
	if (!n)
		return;
	hash_free(&n->history);
	arena_free(&n->arena);
	free(n);
}

static bool in_domains(const struct sid *s, const struct sid *domains, size_t n)
{
	uint32_t rid;

	for (size_t i = 0; i < n; i++)
		if (sid_in_domain(s, &domains[i], &rid))
			return true;
	return false;
}

static bool in_read_domain(const struct model *m, const struct sid *s)
{
	uint32_t rid;

	for (size_t d = 0; d < m->domain_count; d++)
		if (sid_in_domain(s, &m->domains[d].sid, &rid))
			return true;
	return false;
}

/* May its domain be one of this forest, as far as what was read tells? */
static bool may_be_of_forest(
	const struct descriptor_notes *n, const struct model *m, const struct sid *s)
{
	if (in_read_domain(m, s) || in_domains(s, n->within, n->within_count))
		return true;
	return n->forest_in_part && !in_domains(s, n->beyond, n->beyond_count);
}

/* RIDs below it are given by AD itself, the same in every domain (MS-SAMR 3.1.1.9.2.1). */
#define FIRST_RID 1000u

/* Of a SID that names nothing that was read. */
static unsigned mark_of_sid(
	const struct descriptor_notes *n, const struct model *m, const struct sid *s)
{
	unsigned char bytes[80];

	/* S-1-5-21-0-0-0-…: claims and compound identity (MS-DTYP 2.4.2.4). */
	if (!sid_is_domain_principal(s) || !(s->sub[1] | s->sub[2] | s->sub[3]))
		return 0;
	bool read = in_read_domain(m, s);

	if (read && sid_rid(s) < FIRST_RID)
		return 0;
	if (hash_get(&n->history, (struct str){ (const char *)bytes, sid_bytes(s, bytes) }) !=
		HASH_NONE)
		return 0;
	if (read)
		return n->accounts_in_part ? MARK_UNTOLD : MARK_NOBODY;
	/* A partner's accounts are looked up there. */
	if (in_domains(s, n->beyond, n->beyond_count))
		return 0;
	if (may_be_of_forest(n, m, s))
		return sid_rid(s) < FIRST_RID ? 0 : MARK_UNTOLD;
	return n->trust_unread ? MARK_UNTOLD : MARK_NOBODY;
}

enum tri descriptor_sid_is_nobodys(const struct model *m, const struct sid *s)
{
	unsigned mark = mark_of_sid(notes_of(m), m, s);

	return mark & MARK_UNTOLD ? UNKNOWN : mark & MARK_NOBODY ? YES : NO;
}

bool descriptor_sid_of_read_domain(const struct model *m, const struct sid *s)
{
	return in_read_domain(m, s);
}

static unsigned marks_of_number(struct descriptor_notes *n, const struct model *m, uint32_t number)
{
	uint32_t at = number - (uint32_t)m->count - 1;

	if (number <= m->count)
		return 0;
	if (at >= n->sid_count)
		return mark_of_sid(n, m, sid_of_number(m, number));
	if (!n->sid_marks[at])
		n->sid_marks[at] = (uint8_t)(mark_of_sid(n, m, sid_of_number(m, number)) + 1);
	return n->sid_marks[at] - 1u;
}

/* ---- one entry ---------------------------------------------------------------------- */

static bool is_sid(const struct sid *s, uint64_t authority, uint32_t part)
{
	return s->count == 1 && s->authority == authority && s->sub[0] == part;
}

static bool is_builtin(const struct sid *s, const uint32_t *rids, size_t n)
{
	if (s->authority != 5 || s->count != 2 || s->sub[0] != 32)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s->sub[1] == rids[i])
			return true;
	return false;
}

static bool has_rid_of(const struct sid *s, const uint32_t *rids, size_t n)
{
	for (size_t i = 0; sid_is_domain_principal(s) && i < n; i++)
		if (sid_rid(s) == rids[i])
			return true;
	return false;
}

static bool is_deny(const struct ace *ace)
{
	return ace->type == ACE_ACCESS_DENIED || ace->type == ACE_ACCESS_DENIED_OBJECT ||
	       ace->type == ACE_ACCESS_DENIED_CALLBACK ||
	       ace->type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

/* Rights of rights.def that are control by themselves; halves of a relation are not. */
#define RELATION_NONE RELATION_COUNT
static const struct {
	const char *id, *set;
	uint32_t right;
	unsigned relation;
} rights[] = {
#define RIGHT(name, right, ldap, guid, set, classes, relation)                                     \
	{ guid, set, right, RELATION_##relation },
#include "model/rights.def"
#undef RIGHT
};

static bool is_guid(const struct guid *g, const char *text)
{
	struct guid other;

	return guid_from_text(str_of(text), &other) && guid_eq(g, &other);
}

static bool controls_by_type(const struct guid *type, uint32_t mask)
{
	/* Of the two halves of DCSync this one gives the secrets. */
	if ((mask & RIGHT_DS_CONTROL_ACCESS) && is_guid(type, replication[GET_CHANGES_ALL]))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(rights); i++)
		if (rights[i].relation != RELATION_NONE && (mask & rights[i].right) &&
			(is_guid(type, rights[i].id) || is_guid(type, rights[i].set)))
			return true;
	return false;
}

bool descriptor_ace_controls(const struct ace *ace)
{
	uint32_t mask = rights_of_mask(ace->mask);
	uint32_t whole = RIGHT_DS_WRITE_PROPERTY | RIGHT_DS_CONTROL_ACCESS |
			 RIGHT_DS_WRITE_PROPERTY_EXTENDED;

	if (!ace_may_allow(ace->type))
		return false;
	if (mask & (RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER))
		return true;
	if (!ace->has_object_type)
		return mask & whole;
	return (mask & whole) && controls_by_type(&ace->object_type, mask);
}

bool descriptor_default_holder(const struct sid *s)
{
	static const uint32_t builtins[] = { RID_BUILTIN_ADMINISTRATORS,
		RID_BUILTIN_ACCOUNT_OPERATORS, RID_BUILTIN_SERVER_OPERATORS,
		RID_BUILTIN_PRINT_OPERATORS, RID_BUILTIN_BACKUP_OPERATORS };
	static const uint32_t rids[] = { RID_ENTERPRISE_RODCS, RID_DOMAIN_ADMINS,
		RID_DOMAIN_CONTROLLERS, RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS, RID_RODCS,
		RID_KEY_ADMINS, RID_ENTERPRISE_KEY_ADMINS };
	static const uint32_t nt[] = { 9, 10, 18, 19, 20 }; /* see graph_principals.c */

	for (size_t i = 0; i < ARRAY_LEN(nt); i++)
		if (is_sid(s, 5, nt[i]))
			return true;
	return is_sid(s, 3, 0) || is_sid(s, 3, 1) || is_sid(s, 3, 4) ||
	       is_builtin(s, builtins, ARRAY_LEN(builtins)) || has_rid_of(s, rids, ARRAY_LEN(rids));
}

/* Who replicates in every forest: domain controllers and administrators of it. */
static bool replicates_by_default(
	const struct descriptor_notes *n, const struct model *m, const struct sid *s)
{
	static const uint32_t builtins[] = { RID_BUILTIN_ADMINISTRATORS };
	static const uint32_t rids[] = { RID_ENTERPRISE_RODCS, RID_DOMAIN_ADMINS,
		RID_DOMAIN_CONTROLLERS, RID_ENTERPRISE_ADMINS, RID_RODCS };

	if (is_sid(s, 5, 9) || is_sid(s, 5, 18) || is_builtin(s, builtins, ARRAY_LEN(builtins)))
		return true;
	return has_rid_of(s, rids, ARRAY_LEN(rids)) && may_be_of_forest(n, m, s);
}

static bool gives_replication(
	const struct descriptor_notes *n, const struct model *m, const struct ace *ace)
{
	if (!ace_may_allow(ace->type) || !ace->has_object_type ||
		!(rights_of_mask(ace->mask) & RIGHT_DS_CONTROL_ACCESS) ||
		(ace->flags & ACE_FLAG_INHERIT_ONLY))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(replication); i++)
		if (guid_eq(&ace->object_type, &n->replication[i]))
			return !replicates_by_default(n, m, &ace->sid);
	return false;
}

/* Nobody reads a directory for an audit as one of these. */
static bool is_guest(const struct sid *s)
{
	static const uint32_t builtins[] = { RID_BUILTIN_GUESTS };
	static const uint32_t rids[] = { RID_GUEST, RID_DOMAIN_GUESTS };

	return is_sid(s, 5, 7) || is_builtin(s, builtins, ARRAY_LEN(builtins)) ||
	       has_rid_of(s, rids, ARRAY_LEN(rids));
}

/* A single attribute counts where the program reads it: that others are closed is no gap. */
static bool is_read_here(const struct model *m, const struct guid *type)
{
	for (size_t s = ATTR_NONE + 1; s < ATTR_COUNT; s++)
		if (guid_eq(&m->access[s].id, type) || guid_eq(&m->access[s].property_set, type))
			return true;
	for (size_t c = 1; c < m->class_count; c++)
		if (guid_eq(&m->classes[c].guid, type))
			return true;
	return false;
}

static bool denies_read(const struct model *m, const struct ace *ace)
{
	uint32_t mask = rights_of_mask(ace->mask),
		 whole = RIGHT_DS_LIST_CONTENTS | RIGHT_READ_CONTROL;

	if (!is_deny(ace) || is_guest(&ace->sid))
		return false;
	if (m->list_object_mode)
		whole |= RIGHT_DS_LIST_OBJECT;
	if (!ace->has_object_type || guid_is_none(&ace->object_type))
		return mask & (whole | RIGHT_DS_READ_PROPERTY);
	return (mask & whole) ||
	       ((mask & RIGHT_DS_READ_PROPERTY) && is_read_here(m, &ace->object_type));
}

/* Most entries allow something specific to somebody who is known: nothing to say of them. */
static bool is_plain(const struct descriptor_notes *n, const struct ace_entry *e)
{
	return (e->type == ACE_ACCESS_ALLOWED || e->type == ACE_ACCESS_ALLOWED_OBJECT) &&
	       !(e->mask & GENERIC) && e->trustee != n->anonymous &&
	       (e->object_type == ACE_UNTYPED || !(e->mask & RIGHT_DS_CONTROL_ACCESS));
}

static unsigned entry_marks(
	struct descriptor_notes *n, const struct model *m, const struct ace_entry *e)
{
	unsigned marks = marks_of_number(n, m, e->trustee);
	struct arena scratch = { 0 };

	if (is_plain(n, e))
		return marks;
	struct secdesc sd = descriptor_decode(m,
		&(struct descriptor){
			.aces = e, .count = 1, .owner = NO_OBJECT, .group = NO_OBJECT },
		&scratch);
	const struct ace *ace = sd.dacl;

	if (is_sid(&ace->sid, 5, 7) && ace_may_allow(ace->type))
		marks |= MARK_ANONYMOUS |
			 (descriptor_ace_controls(ace) ? MARK_ANONYMOUS_CONTROL : 0);
	if (denies_read(m, ace))
		marks |= MARK_DENIES_READ;
	/* Where a right is handed down to whoever will own what is created, generic bits wait to be
	 * mapped there (MS-DTYP 2.5.3.4): only those in force were never mapped. */
	if ((ace->mask & GENERIC) && !(ace->flags & ACE_FLAG_INHERIT_ONLY))
		marks |= MARK_GENERIC;
	if (gives_replication(n, m, ace))
		marks |= MARK_REPLICATION;
	arena_free(&scratch);
	return marks;
}

/* ---- one object --------------------------------------------------------------------- */

static void look_at(struct descriptor_notes *n, const struct model *m, const struct ad_object *o)
{
	const struct descriptor *d = descriptor_of(m, o);

	if (!d || n->looked_at[o->sd])
		return;
	n->looked_at[o->sd] = 1;
	for (uint32_t i = 0; i < d->count; i++) {
		uint8_t marks = (uint8_t)entry_marks(n, m, &d->aces[i]);

		if (d->aces[i].flags & ACE_FLAG_INHERITED)
			n->handed[o->sd] |= marks;
		else
			n->set[o->sd] |= marks;
	}
}

const struct ad_object *descriptor_admin_sd_holder(
	const struct model *m, const struct ad_domain *domain)
{
	struct arena scratch = { 0 };
	const struct ad_object *o = NULL;

	if (domain)
		o = model_find_dn(m, arena_printf(&scratch, "CN=AdminSDHolder,CN=System,%.*s",
					     STR_ARG(domain->head->dn)));
	arena_free(&scratch);
	return o;
}

/* InheritedObjectTypes are not kept (descriptors.c): two entries that differ in it alone are one.
 */
static bool holds_entry(const struct descriptor *d, const struct ace_entry *e)
{
	for (uint32_t i = 0; i < d->count; i++)
		if (memcmp(&d->aces[i], e, sizeof(*e)) == 0)
			return true;
	return false;
}

static const struct descriptor *descriptor_of_holder(
	const struct model *m, const struct ad_object *o)
{
	const struct ad_object *holder = descriptor_admin_sd_holder(m, o->domain);

	return holder && holder != o ? descriptor_of(m, holder) : NULL;
}

static bool is_copied(const struct model *m, const struct ad_object *o, const struct ace_entry *e)
{
	const struct descriptor *d = descriptor_of(m, o);

	if (!(d->control & SD_DACL_PROTECTED) || !is_principal(o->kind))
		return false;
	d = descriptor_of_holder(m, o);
	return d && holds_entry(d, e);
}

/* Does the container above say it, of itself or from above? */
static bool is_said_above(const struct model *m, const struct ad_object *o, unsigned mark)
{
	struct descriptor_notes *n = notes_of(m);
	const struct ad_object *up = model_find_dn(m, dn_parent(o->dn));

	if (!up || !descriptor_of(m, up))
		return false;
	look_at(n, m, up);
	return (n->set[up->sd] | n->handed[up->sd]) & mark;
}

bool descriptor_ace_stands(
	const struct model *m, const struct ad_object *o, size_t i, unsigned mark)
{
	const struct descriptor *d = descriptor_of(m, o);

	if (!(entry_marks(notes_of(m), m, &d->aces[i]) & mark))
		return false;
	if (d->aces[i].flags & ACE_FLAG_INHERITED)
		return !is_said_above(m, o, mark);
	return !is_copied(m, o, &d->aces[i]);
}

unsigned descriptor_marks(const struct model *m, const struct ad_object *o)
{
	struct descriptor_notes *n = notes_of(m);
	const struct descriptor *d = descriptor_of(m, o);
	unsigned marks;

	if (!d)
		return MARK_MISSING;
	marks = d->skipped ? MARK_IN_PART : 0;
	look_at(n, m, o);
	for (unsigned mark = 1; mark <= MARK_UNTOLD; mark <<= 1) {
		if (!((n->set[o->sd] | n->handed[o->sd]) & mark))
			continue;
		for (uint32_t i = 0; i < d->count && !(marks & mark); i++)
			if (descriptor_ace_stands(m, o, i, mark))
				marks |= mark;
	}
	return marks;
}

/* ---- AdminSDHolder ------------------------------------------------------------------ */

enum tri descriptor_is_protected(
	const struct model *m, const struct ad_object *o, const char **reason)
{
	const struct descriptor *d = descriptor_of(m, o), *wanted = descriptor_of_holder(m, o);

	if (!d || d->skipped) {
		*reason = "descriptor_not_readable";
		return UNKNOWN;
	}
	if (!wanted || wanted->skipped) {
		*reason = "adminsdholder_not_readable";
		return UNKNOWN;
	}
	if (!(d->control & SD_DACL_PROTECTED) || d->has_dacl != wanted->has_dacl)
		return NO;
	for (uint32_t i = 0; i < d->count; i++)
		if (!holds_entry(wanted, &d->aces[i]))
			return NO;
	for (uint32_t i = 0; i < wanted->count; i++)
		if (!holds_entry(d, &wanted->aces[i]))
			return NO;
	return YES;
}

/* ---- listing ------------------------------------------------------------------------ */

/* Is everybody in Pre-Windows 2000 Compatible Access of this domain? */
static enum tri everybody_is_pre2000(const struct model *m, const struct ad_domain *domain)
{
	struct sid sid = sid_builtin(RID_BUILTIN_PRE_WINDOWS_2000);
	enum tri answer = UNKNOWN;

	for (size_t i = 0; i < m->everybody_count; i++) {
		const struct ad_object *g = &m->objects[m->everybody[i]];

		if (g->domain == domain && sid_eq(&g->sid, &sid))
			return YES;
	}
	for (size_t i = 0; i < m->count && answer == UNKNOWN; i++) {
		const struct ad_object *g = &m->objects[i];

		if (g->kind == AD_GROUP && g->domain == domain && sid_eq(&g->sid, &sid) &&
			!group_is_opaque(m, g))
			answer = NO;
	}
	return answer;
}

enum tri descriptor_users_may_list(
	const struct model *m, const struct ad_object *unit, const char **reason)
{
	const struct descriptor *d = descriptor_of(m, unit);
	struct sid *sids;
	struct token t = { 0 };
	struct access_question q = { .right = RIGHT_DS_LIST_CONTENTS,
		.self_class = m->classes[m->object_class[unit->index]].guid };
	struct arena scratch = { 0 };

	if (!d || d->skipped) {
		*reason = "descriptor_not_readable";
		return UNKNOWN;
	}
	t.sids = sids = ARENA_ARRAY(&scratch, struct sid, 5);
	sids[t.count++] = (struct sid){ 1, 1, 1, { 0 } };  /* Everyone */
	sids[t.count++] = (struct sid){ 1, 1, 5, { 11 } }; /* Authenticated Users */
	sids[t.count++] = sid_builtin(RID_BUILTIN_USERS);
	if (unit->domain && !sid_is_none(&unit->domain->sid))
		sids[t.count++] = sid_with_rid(&unit->domain->sid, RID_DOMAIN_USERS);
	struct secdesc sd = descriptor_decode(m, d, &scratch);
	bool without = secdesc_grants(&sd, &t, &q);

	sids[t.count++] = sid_builtin(RID_BUILTIN_PRE_WINDOWS_2000);
	bool with = secdesc_grants(&sd, &t, &q);
	enum tri pre2000 = with == without ? NO : everybody_is_pre2000(m, unit->domain);

	arena_free(&scratch);
	*reason = "members_not_readable";
	return pre2000 == UNKNOWN ? UNKNOWN : (pre2000 == YES ? with : without) ? YES : NO;
}

/* ---- the reader --------------------------------------------------------------------- */

bool descriptor_reader_known(const struct model *m)
{
	return m->reader_known;
}

/* The letter of attrs.def for what carries attributes of its own; 'x' for all else. */
static char letter_of(enum ad_kind kind)
{
	switch (kind) {
	case AD_USER:
	case AD_KRBTGT:
	case AD_TRUST_ACCOUNT:
		return 'u';
	case AD_COMPUTER:
		return 'c';
	case AD_MSA:
		return 'm';
	case AD_GROUP:
		return 'g';
	case AD_DOMAIN:
		return 'd';
	case AD_OU:
		return 'o';
	case AD_GPO:
		return 'p';
	case AD_PSO:
		return 's';
	case AD_TRUST:
		return 't';
	default:
		return 0;
	}
}

static bool carries(enum ad_kind kind, enum attr a)
{
	char letter = letter_of(kind);

	/* AD's own default rights on Partitions, foreign security principals and the like hold back
	 * whenCreated. */
	if (a == ATTR_OBJECT_CLASS || (letter && a == ATTR_WHEN_CREATED))
		return true;
	for (const char *c = attr_table[a].classes; letter && *c; c++)
		if (*c == letter)
			return true;
	return false;
}

size_t descriptor_unreadable(
	const struct model *m, const struct ad_object *o, enum attr *out, size_t max)
{
	size_t n = 0;

	if (!descriptor_of(m, o) || !m->reader_known)
		return 0;
	for (int a = ATTR_NONE + 1; a < ATTR_COUNT && n < max; a++) {
		if (!carries(o->kind, (enum attr)a) || guid_is_none(&m->access[a].id) ||
			m->access[a].confidential || m->access[a].constructed)
			continue;
		if (!access_may_read(m, o, (slot_number)a))
			out[n++] = (enum attr)a;
	}
	return n;
}

const struct ad_object *descriptor_first_like(
	const struct model *m, const struct ad_object *o, size_t *count)
{
	const struct descriptor_notes *n = notes_of(m);

	*count = n->alike[m->profile[o->index]];
	return &m->objects[n->first[m->profile[o->index]]];
}
