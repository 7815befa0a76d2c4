/*
 * The privileged set (ANSSI): recursive members of these groups, found by SID in every domain that
 * was read, primaryGroupID included; and the built-in administrator.
 */
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdlib.h>

static const uint32_t domain_rids[] = { RID_DOMAIN_ADMINS, RID_DOMAIN_CONTROLLERS,
	RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS, RID_KEY_ADMINS, RID_ENTERPRISE_KEY_ADMINS };
static const uint32_t builtin_rids[] = { RID_BUILTIN_ADMINISTRATORS, RID_BUILTIN_ACCOUNT_OPERATORS,
	RID_BUILTIN_SERVER_OPERATORS, RID_BUILTIN_PRINT_OPERATORS, RID_BUILTIN_BACKUP_OPERATORS };

#define SECONDS_PER_HOUR 3600

/* Power by design or local to a machine: no account of a person stands behind them. */
static const char *const service_sids[] = { "S-1-5-9", "S-1-5-10", "S-1-5-18", "S-1-5-19",
	"S-1-5-20", "S-1-3-0" };

/* The place in the two tables, or SIZE_MAX. */
static size_t privileged_rank(const struct ad_object *o)
{
	uint32_t rid = sid_rid(&o->sid);
	struct sid builtin = sid_builtin(rid);

	if (o->kind != AD_GROUP || sid_is_none(&o->sid))
		return SIZE_MAX;
	for (size_t i = 0; i < ARRAY_LEN(domain_rids); i++)
		if (rid == domain_rids[i] && sid_is_domain_principal(&o->sid))
			return i;
	for (size_t i = 0; i < ARRAY_LEN(builtin_rids); i++)
		if (rid == builtin_rids[i] && sid_eq(&o->sid, &builtin))
			return ARRAY_LEN(domain_rids) + i;
	return SIZE_MAX;
}

bool privileged_by_itself(const struct ad_object *o)
{
	return o->kind == AD_USER && sid_is_domain_principal(&o->sid) &&
	       sid_rid(&o->sid) == RID_ADMINISTRATOR;
}

static int group_order(const void *a, const void *b)
{
	const struct ad_object *const *x = a, *const *y = b;
	const struct ad_domain *dx = (*x)->domain, *dy = (*y)->domain;

	if (dx != dy)
		return !dx ? 1 : !dy ? -1 : dx->head->index < dy->head->index ? -1 : 1;
	size_t rx = privileged_rank(*x), ry = privileged_rank(*y);

	if (rx != ry)
		return rx < ry ? -1 : 1;
	return (*x)->index < (*y)->index ? -1 : (*x)->index > (*y)->index;
}

static void find_groups(struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += privileged_rank(&m->objects[i]) != SIZE_MAX;
	m->privileged_groups = ARENA_ARRAY(&m->arena, const struct ad_object *, n);
	for (size_t i = 0; i < m->count; i++)
		if (privileged_rank(&m->objects[i]) != SIZE_MAX)
			m->privileged_groups[m->privileged_group_count++] = &m->objects[i];
	if (n)
		qsort(m->privileged_groups, n, sizeof(const struct ad_object *), group_order);
}

struct spread {
	const struct model *m;
	uint32_t *via, *queue; /* by object: who brought privilege; NO_OBJECT: nobody did */
	uint32_t count;
	int64_t since;	   /* not through groups that changed later */
	bool to_everybody; /* done: a second time adds nobody */
};

static void spread_to(struct spread *s, const struct ad_object *to, uint32_t from)
{
	if (s->via[to->index] != NO_OBJECT)
		return;
	if (to->kind == AD_GROUP && obj_time(to, ATTR_WHEN_CHANGED) > s->since)
		return;
	s->via[to->index] = from;
	s->queue[s->count++] = to->index;
}

static void spread_everybody(struct spread *s, uint32_t group)
{
	const struct model *m = s->m;

	for (size_t i = 0; i < m->everybody_count && !s->to_everybody; i++)
		s->to_everybody = m->everybody[i] == group;
	for (size_t o = 0; o < m->count && s->to_everybody; o++)
		if (object_is_account(&m->objects[o]))
			spread_to(s, &m->objects[o], group);
}

/* Downwards from all privileged groups at once, so that every path is a shortest one. */
static uint32_t *spread(struct model *m, int64_t since)
{
	struct spread s = { .m = m,
		.via = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1),
		.queue = xcalloc(m->count + 1, sizeof(uint32_t)),
		.since = since };

	for (size_t i = 0; i <= m->count; i++)
		s.via[i] = NO_OBJECT;
	for (size_t i = 0; i < m->privileged_group_count; i++)
		spread_to(&s, m->privileged_groups[i], m->privileged_groups[i]->index);
	for (uint32_t done = 0; done < s.count; done++) {
		const struct ad_object *g = &m->objects[s.queue[done]];

		if (g->kind != AD_GROUP)
			continue;
		for (uint32_t c = m->child_start[g->index]; c < m->child_start[g->index + 1]; c++)
			spread_to(&s, m->children[c], g->index);
		if (!s.to_everybody)
			spread_everybody(&s, g->index);
	}
	free(s.queue);
	return s.via;
}

static void find_accounts(struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += account_privileged(m, &m->objects[i]) == YES;
	m->privileged = ARENA_ARRAY(&m->arena, const struct ad_object *, n);
	for (size_t i = 0; i < m->count; i++)
		if (account_privileged(m, &m->objects[i]) == YES)
			m->privileged[m->privileged_count++] = &m->objects[i];
}

/* ---- members that were not read ---- */

static bool is_service_sid(const struct sid *s)
{
	for (size_t i = 0; i < ARRAY_LEN(service_sids); i++) {
		struct sid known;

		if (sid_from_text(str_of(service_sids[i]), &known) && sid_eq(s, &known))
			return true;
	}
	return wellknown_is_everybody(s);
}

static void add_unread(struct model *m, struct hash *there, struct str text)
{
	text = utf8_sanitize(&m->arena, text);
	if (hash_get(there, text) != HASH_NONE)
		return;
	hash_add(there, text, 0);
	m->privileged_unread[m->privileged_unread_count++] = text;
}

static void unread_of_group(struct model *m, const struct ad_object *group, struct hash *there)
{
	struct arena scratch = { 0 };
	char text[SID_TEXT];

	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);
		uint32_t at = index_dn(m, &scratch, dn);
		struct sid sid;

		if (at != NO_OBJECT && object_is_faceless(m, at)) {
			add_unread(m, there, dn);
			continue;
		}
		if (at != NO_OBJECT && m->objects[at].kind != AD_FSP)
			continue;
		if (!principal_sid(m, &scratch, at, dn, &sid)) {
			add_unread(m, there, dn);
			continue;
		}
		at = index_sid(m, &sid);
		if (is_service_sid(&sid) || (at != NO_OBJECT && m->objects[at].kind != AD_FSP))
			continue;
		sid_text(&sid, text);
		add_unread(m, there, arena_str(&m->arena, str_of(text)));
	}
	arena_free(&scratch);
}

static int text_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void find_unread(struct model *m)
{
	struct hash there = { 0 };
	size_t room = 0;

	for (size_t i = 0; i < m->count; i++)
		if (m->via[i] != NO_OBJECT && m->objects[i].kind == AD_GROUP)
			room += obj_count(&m->objects[i], ATTR_MEMBER);
	m->privileged_unread = ARENA_ARRAY(&m->arena, struct str, room);
	for (size_t i = 0; i < m->count; i++)
		if (m->via[i] != NO_OBJECT && m->objects[i].kind == AD_GROUP)
			unread_of_group(m, &m->objects[i], &there);
	hash_free(&there);
	if (m->privileged_unread_count)
		qsort(m->privileged_unread, m->privileged_unread_count,
			sizeof(*m->privileged_unread), text_order);
}

/* ---- is the set whole? ---- */

static bool domain_has_group(const struct model *m, const struct ad_domain *d, uint32_t rid)
{
	for (size_t i = 0; i < m->privileged_group_count; i++) {
		const struct ad_object *g = m->privileged_groups[i];

		if (g->domain == d && sid_rid(&g->sid) == rid)
			return true;
	}
	return false;
}

/* What every domain has from its first day and nobody can delete (isCriticalSystemObject): one that
 * is missing was not read. The others stand in the root domain or come with a newer schema. */
static const struct {
	uint32_t rid;
	const char *gap;
} always_there[] = {
	{ RID_DOMAIN_ADMINS, "domain_admins_not_read" },
	{ RID_BUILTIN_ADMINISTRATORS, "administrators_not_read" },
	{ RID_DOMAIN_CONTROLLERS, "privileged_group_not_read" },
	{ RID_BUILTIN_ACCOUNT_OPERATORS, "privileged_group_not_read" },
	{ RID_BUILTIN_SERVER_OPERATORS, "privileged_group_not_read" },
	{ RID_BUILTIN_PRINT_OPERATORS, "privileged_group_not_read" },
	{ RID_BUILTIN_BACKUP_OPERATORS, "privileged_group_not_read" },
};

static const char *find_gap(const struct model *m)
{
	if (!m->domain_count)
		return "no_domain_head";
	for (size_t d = 0; d < m->domain_count; d++)
		for (size_t i = 0; i < ARRAY_LEN(always_there); i++)
			if (!domain_has_group(m, &m->domains[d], always_there[i].rid))
				return always_there[i].gap;
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (object_is_account(o) && !o->domain)
			return "domain_head_not_read";
		if (o->kind == AD_GROUP && sid_is_none(&o->sid))
			return "group_sid_not_readable";
		if (m->via[i] == NO_OBJECT || o->kind != AD_GROUP)
			continue;
		if (group_members_hidden(m, o))
			return "members_not_readable";
	}
	const char *gap = NULL;

	model_complete(m, AD_GROUP, &gap);
	return gap;
}

void privileged_build(struct model *m)
{
	find_groups(m);
	m->via = spread(m, INT64_MAX);
	m->settled = spread(m, m->at - SECONDS_PER_HOUR);
	find_accounts(m);
	find_unread(m);
	m->privileged_gap = find_gap(m);
}

/* ---- questions ---- */

enum tri account_privileged(const struct model *m, const struct ad_object *o)
{
	if (!object_is_account(o))
		return NO;
	if (m->via[o->index] != NO_OBJECT || privileged_by_itself(o))
		return YES;
	/* Its primary group may be a privileged one, of the domain that its SID names. */
	return !sid_is_none(&o->sid) && model_readable(m, o, ATTR_PRIMARY_GROUP_ID) == READABLE
		       ? NO
		       : UNKNOWN;
}

enum tri account_privileged_whole(const struct model *m, const struct ad_object *o)
{
	enum tri r = account_privileged(m, o);

	return r == NO && m->privileged_gap ? UNKNOWN : r;
}

bool group_is_privileged(const struct model *m, const struct ad_object *group)
{
	return m->via[group->index] == group->index;
}

bool object_brings_privilege(const struct model *m, const struct ad_object *o)
{
	return m->via[o->index] != NO_OBJECT;
}

size_t model_privileged_group_count(const struct model *m)
{
	return m->privileged_group_count;
}

const struct ad_object *model_privileged_group(const struct model *m, size_t i)
{
	return m->privileged_groups[i];
}

size_t model_privileged_count(const struct model *m)
{
	return m->privileged_count;
}

const struct ad_object *model_privileged(const struct model *m, size_t i)
{
	return m->privileged[i];
}

size_t model_privileged_unread_count(const struct model *m)
{
	return m->privileged_unread_count;
}

struct str model_privileged_unread(const struct model *m, size_t i)
{
	return m->privileged_unread[i];
}

enum tri model_privileged_complete(const struct model *m, const char **reason)
{
	if (reason && m->privileged_gap)
		*reason = m->privileged_gap;
	return m->privileged_gap ? NO : YES;
}

bool account_privileged_for_an_hour(const struct model *m, const struct ad_object *o)
{
	return m->settled[o->index] != NO_OBJECT || privileged_by_itself(o);
}

size_t account_privilege_path(
	const struct model *m, const struct ad_object *o, const struct ad_object **path, size_t max)
{
	size_t n = 0;
	uint32_t at = o->index;

	while (n < max && m->via[at] != NO_OBJECT && m->via[at] != at) {
		at = m->via[at];
		path[n++] = &m->objects[at];
	}
	return n;
}

size_t account_privileged_groups(const struct model *m, const struct ad_object *o,
	const struct ad_object **groups, size_t max)
{
	size_t n = 0;

	if (!walk_up(m, o))
		return 0;
	for (size_t i = 0; i < m->privileged_group_count && n < max; i++)
		if (walk_holds(m, m->privileged_groups[i]))
			groups[n++] = m->privileged_groups[i];
	return n;
}
