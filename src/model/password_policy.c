/*
 * The password settings that really apply to an account (MS-ADTS 3.1.1.4.5.36): a password settings
 * object (PSO) linked to the user, else one linked to a global security group of its domain that
 * holds it, lowest precedence, then smallest objectGUID; else the domain's.
 */
#include "ad/filetime.h"
#include "ad/uac.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

/* What is known so far of the PSOs that stand for one account. */
struct choice {
	const struct ad_object *best;
	struct str unread;  /* a linked PSO that was not read, or in part */
	const char *reason; /* why others may exist that are not seen; NULL: none */
	bool any;
};

/* ---- loading ---- */

static int link_order(const void *a, const void *b)
{
	const struct pso_link *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return x->pso < y->pso ? -1 : x->pso > y->pso;
}

static bool groups_may_be_hidden(const struct model *m)
{
	return m->domain_gap || m->principal_gap;
}

/* A group, perhaps, whose members are under this PSO; where no group is hidden, a deleted one. */
static void note_unread_target(struct model *m, const struct ad_object *pso)
{
	if (pso->domain && groups_may_be_hidden(m))
		m->pso_group_unread[pso->domain - m->domains] = true;
}

static void load_links(struct model *m)
{
	struct arena scratch = { 0 };
	size_t room = 0;

	for (size_t i = 0; i < m->count; i++)
		if (m->objects[i].kind == AD_PSO)
			room += obj_count(&m->objects[i], ATTR_MSDS_PSO_APPLIES_TO);
	m->pso_links = ARENA_ARRAY(&m->arena, struct pso_link, room);
	m->pso_group_unread = ARENA_ARRAY(&m->arena, bool, m->domain_count);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *pso = &m->objects[i];

		if (pso->kind != AD_PSO)
			continue;
		for (size_t v = 0; v < obj_count(pso, ATTR_MSDS_PSO_APPLIES_TO); v++) {
			uint32_t target =
				index_dn(m, &scratch, obj_value(pso, ATTR_MSDS_PSO_APPLIES_TO, v));

			if (target == NO_OBJECT || object_is_faceless(m, target))
				note_unread_target(m, pso);
			else
				m->pso_links[m->pso_link_count++] =
					(struct pso_link){ target, (uint32_t)i };
		}
	}
	arena_free(&scratch);
	if (m->pso_link_count)
		qsort(m->pso_links, m->pso_link_count, sizeof(*m->pso_links), link_order);
}

/* Every needed attribute is mandatory in the class: one that is missing was not read. */
static bool pso_is_whole(const struct ad_object *pso)
{
	static const enum attr needed[] = { ATTR_MSDS_PASSWORD_SETTINGS_PRECEDENCE,
		ATTR_MSDS_MINIMUM_PASSWORD_LENGTH, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED,
		ATTR_MSDS_PASSWORD_REVERSIBLE_ENCRYPTION, ATTR_MSDS_MAXIMUM_PASSWORD_AGE };

	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!obj_has(pso, needed[i]))
			return false;
	return !guid_is_none(&pso->guid);
}

static bool is_child(const struct model *m, const struct ad_object *o, const struct ad_object *of)
{
	return str_ieq(dn_parent(m->raw_dn[o->index]), m->raw_dn[of->index]);
}

/* Were all PSOs of this domain read, with their links? The container is closed to everybody but
 * administrators, so its contents must be known to be open to this reader; a file's reader is
 * trusted to see them all only when it saw one whole. */
static bool all_psos_read(const struct model *m, const struct ad_domain *d)
{
	const struct ad_object *container = NULL;
	size_t psos = 0;

	for (size_t i = 0; i < m->count && !container; i++)
		if (m->objects[i].domain == d &&
			(object_class_flags(m, &m->objects[i]) & CLASS_PSO_CONTAINER))
			container = &m->objects[i];
	if (!container || (m->reader_known && !access_lists_children(m, container)))
		return false;
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!is_child(m, o, container))
			continue;
		if (o->kind != AD_PSO || !pso_is_whole(o) ||
			model_readable(m, o, ATTR_MSDS_PSO_APPLIES_TO) != READABLE ||
			damage_hits(m, o, ATTR_MSDS_PSO_APPLIES_TO))
			return false;
		psos++;
	}
	return m->reader_known || (m->ldif_all && psos > 0);
}

static bool may_carry_pso(const struct ad_object *group)
{
	uint32_t type = obj_u32(group, ATTR_GROUP_TYPE);

	return group->kind == AD_GROUP && (type & GROUP_TYPE_GLOBAL) &&
	       (type & GROUP_TYPE_SECURITY_ENABLED);
}

static bool is_typeless(const struct ad_object *o)
{
	return o->kind == AD_GROUP && !obj_has(o, ATTR_GROUP_TYPE);
}

/* The first link to target, or where it would stand. */
static size_t first_link(const struct model *m, uint32_t target)
{
	size_t low = 0, high = m->pso_link_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (m->pso_links[mid].target < target)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool has_link(const struct model *m, uint32_t target)
{
	size_t at = first_link(m, target);

	return at < m->pso_link_count && m->pso_links[at].target == target;
}

/* Could a group with a PSO hold accounts that are not seen in it? */
static bool has_opaque_pso_group(const struct model *m, const struct ad_domain *d)
{
	bool unknown_links = false, hidden_members = false;

	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *g = &m->objects[i];

		if (g->kind != AD_GROUP || g->domain != d)
			continue;
		hidden_members |= group_members_hidden(m, g);
		if (obj_has(g, ATTR_MSDS_PSO_APPLIED) || has_link(m, (uint32_t)i)) {
			if (group_is_opaque(m, g))
				return true;
		} else if (!m->psos_known[d - m->domains] &&
			   model_readable(m, g, ATTR_MSDS_PSO_APPLIED) != READABLE) {
			unknown_links = true;
		}
	}
	return unknown_links && hidden_members;
}

/* ---- linked to one object ---- */

static int64_t precedence(const struct ad_object *pso)
{
	return obj_i64(pso, ATTR_MSDS_PASSWORD_SETTINGS_PRECEDENCE);
}

/* The one that wins first. */
static int pso_order(const struct ad_object *a, const struct ad_object *b)
{
	int64_t x = precedence(a), y = precedence(b);

	return x != y ? (x < y ? -1 : 1) : guid_cmp(&a->guid, &b->guid);
}

static void consider(struct choice *c, const struct ad_object *account, const struct ad_object *pso)
{
	if (pso->domain != account->domain)
		return;
	c->any = true;
	if (!pso_is_whole(pso)) {
		c->unread = pso->dn;
		return;
	}
	if (!c->best || pso_order(pso, c->best) < 0)
		c->best = pso;
}

/* PSOs linked to holder, by both ends of the link. */
static void consider_holder(const struct model *m, struct choice *c,
	const struct ad_object *account, const struct ad_object *holder)
{
	const struct ad_value *applied = object_slot(holder, ATTR_MSDS_PSO_APPLIED);
	size_t at = first_link(m, holder->index);

	for (; at < m->pso_link_count && m->pso_links[at].target == holder->index; at++)
		consider(c, account, &m->objects[m->pso_links[at].pso]);
	for (uint32_t i = 0; applied && i < applied->count; i++) {
		const struct ad_object *pso = model_find_dn(m, value_list(applied)[i]);

		if (pso && pso->kind == AD_PSO) {
			consider(c, account, pso);
			continue;
		}
		c->any = true;
		c->unread = obj_str(holder, ATTR_MSDS_PSO_APPLIED);
	}
	if (!m->psos_known[account->domain - m->domains] &&
		model_readable(m, holder, ATTR_MSDS_PSO_APPLIED) != READABLE)
		c->reason = "pso_links_not_readable";
}

/* ---- what stands above each group ---- */

enum group_mark {
	PSO_CARRIER = 1,    /* PSOs act on its members: a global security group */
	PSO_PERHAPS = 2,    /* its type was not read */
	ABOVE_UNREAD = 4,   /* links at it or above it were not read */
	ABOVE_LINKED = 8,   /* a link, or one not read, if groups without a type are carriers */
	ABOVE_TYPELESS = 16 /* and on the way to it stands such a group */
};

/* Of a group: what it brings its members, by itself and by the account groups of its domain that
 * hold it (MS-DRSR 4.1.8.3, RevMembGetAccountGroups). */
struct pso_above {
	const struct ad_object *best;
	struct str unread;
	uint8_t marks;
};

/* Has holder a PSO, or could it have one that is not seen? */
static bool may_be_linked(const struct model *m, const struct ad_object *holder)
{
	if (obj_has(holder, ATTR_MSDS_PSO_APPLIED) || has_link(m, holder->index))
		return true;
	return !m->psos_known[holder->domain - m->domains] &&
	       model_readable(m, holder, ATTR_MSDS_PSO_APPLIED) != READABLE;
}

/* Something that a group gets from above: false when it has it already, and so all below it. */
typedef bool take_fn(struct pso_above *of, const struct choice *c);

static bool take_best(struct pso_above *of, const struct choice *c)
{
	if (of->best)
		return false;
	of->best = c->best;
	return true;
}

static bool take_unread(struct pso_above *of, const struct choice *c)
{
	if (of->unread.n)
		return false;
	of->unread = c->unread;
	return true;
}

static bool take_mark(struct pso_above *of, uint8_t mark)
{
	if (of->marks & mark)
		return false;
	of->marks |= mark;
	return true;
}

static bool take_reason(struct pso_above *of, const struct choice *c)
{
	(void)c;
	return take_mark(of, ABOVE_UNREAD);
}

static bool take_linked(struct pso_above *of, const struct choice *c)
{
	(void)c;
	return take_mark(of, ABOVE_LINKED);
}

static bool take_typeless(struct pso_above *of, const struct choice *c)
{
	(void)c;
	return take_mark(of, ABOVE_TYPELESS);
}

/* Gives it to group and to the groups below, through groups with one of these marks. */
static void spread(const struct model *m, uint32_t *queue, uint32_t group, unsigned through,
	take_fn *take, const struct choice *c)
{
	uint32_t filled = 0;

	if (!(m->pso_above[group].marks & through) || !take(&m->pso_above[group], c))
		return;
	queue[filled++] = group;
	for (uint32_t done = 0; done < filled; done++) {
		uint32_t at = queue[done];

		for (uint32_t i = m->child_start[at]; i < m->child_start[at + 1]; i++) {
			const struct ad_object *child = m->children[i];

			if (child->domain == m->objects[group].domain &&
				(m->pso_above[child->index].marks & through) &&
				take(&m->pso_above[child->index], c))
				queue[filled++] = child->index;
		}
	}
}

struct linked {
	uint32_t group;
	struct choice choice;
};

/* The strongest PSO first. */
static int linked_order(const void *a, const void *b)
{
	const struct linked *x = a, *y = b;

	if (x->choice.best != y->choice.best) {
		if (!x->choice.best || !y->choice.best)
			return x->choice.best ? -1 : 1;
		return pso_order(x->choice.best, y->choice.best);
	}
	return x->group < y->group ? -1 : x->group > y->group;
}

static void mark_groups(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *g = &m->objects[i];

		if (g->kind != AD_GROUP || !g->domain)
			continue;
		if (may_carry_pso(g))
			m->pso_above[i].marks = PSO_CARRIER;
		else if (is_typeless(g))
			m->pso_above[i].marks = PSO_PERHAPS;
	}
}

static struct linked *linked_groups(const struct model *m, struct arena *a, size_t *count)
{
	struct linked *list;
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += m->pso_above[i].marks && may_be_linked(m, &m->objects[i]);
	list = ARENA_ARRAY(a, struct linked, n);
	*count = n;
	n = 0;
	for (uint32_t i = 0; i < m->count && n < *count; i++) {
		if (!m->pso_above[i].marks || !may_be_linked(m, &m->objects[i]))
			continue;
		list[n].group = i;
		consider_holder(m, &list[n++].choice, &m->objects[i], &m->objects[i]);
	}
	if (n)
		qsort(list, n, sizeof(*list), linked_order);
	return list;
}

/* Each group is given each thing once, whatever the number of accounts and of ways up. */
static void spread_psos(struct model *m)
{
	struct arena scratch = { 0 };
	uint32_t *queue = ARENA_ARRAY(&scratch, uint32_t, m->count + 1);
	struct linked *list;
	size_t n;

	m->pso_above = ARENA_ARRAY(&m->arena, struct pso_above, m->count + 1);
	mark_groups(m);
	list = linked_groups(m, &scratch, &n);
	for (size_t i = 0; i < n; i++) {
		const struct choice *c = &list[i].choice;

		if (c->best)
			spread(m, queue, list[i].group, PSO_CARRIER, take_best, c);
		if (c->unread.n)
			spread(m, queue, list[i].group, PSO_CARRIER, take_unread, c);
		if (c->reason)
			spread(m, queue, list[i].group, PSO_CARRIER, take_reason, c);
		if (m->typeless_groups)
			spread(m, queue, list[i].group, PSO_CARRIER | PSO_PERHAPS, take_linked, c);
	}
	for (uint32_t i = 0; m->typeless_groups && i < m->count; i++)
		if ((m->pso_above[i].marks & PSO_PERHAPS) && (m->pso_above[i].marks & ABOVE_LINKED))
			spread(m, queue, i, PSO_CARRIER | PSO_PERHAPS, take_typeless, NULL);
	arena_free(&scratch);
}

void password_policy_build(struct model *m)
{
	load_links(m);
	m->psos_known = ARENA_ARRAY(&m->arena, bool, m->domain_count);
	m->pso_group_opaque = ARENA_ARRAY(&m->arena, bool, m->domain_count);
	m->policy_memos = ARENA_ARRAY(&m->arena, struct policy_memo, m->count + 1);
	for (size_t i = 0; i < m->count; i++)
		m->typeless_groups |= is_typeless(&m->objects[i]);
	for (size_t d = 0; d < m->domain_count; d++) {
		m->psos_known[d] = all_psos_read(m, &m->domains[d]);
		m->pso_group_opaque[d] = has_opaque_pso_group(m, &m->domains[d]);
		m->pso_group_unread[d] |= !m->psos_known[d] && groups_may_be_hidden(m);
	}
	spread_psos(m);
}

/* ---- of one account ---- */

static void consider_groups(
	const struct model *m, struct choice *c, const struct ad_object *account)
{
	bool typeless = false;

	for (uint32_t p = m->parent_start[account->index]; p < m->parent_start[account->index + 1];
		p++) {
		const struct pso_above *above = &m->pso_above[m->parents[p]->index];

		if (m->parents[p]->domain != account->domain)
			continue;
		typeless |= above->marks & ABOVE_TYPELESS;
		if (!(above->marks & PSO_CARRIER))
			continue;
		if (above->best)
			consider(c, account, above->best);
		if (above->unread.n) {
			c->any = true;
			c->unread = above->unread;
		}
		if (above->marks & ABOVE_UNREAD)
			c->reason = "pso_links_not_readable";
	}
	if (typeless)
		c->reason = "group_type_not_readable";
	if (m->pso_group_unread[account->domain - m->domains])
		c->reason = "pso_group_not_read";
	if (m->pso_group_opaque[account->domain - m->domains])
		c->reason = "members_not_readable";
	if (model_readable(m, account, ATTR_PRIMARY_GROUP_ID) != READABLE)
		c->reason = "primary_group_not_readable";
}

static struct choice choose(const struct model *m, const struct ad_object *account)
{
	struct choice c = { 0 };

	consider_holder(m, &c, account, account);
	if (!c.any && !c.reason)
		consider_groups(m, &c, account);
	return c;
}

/* ---- the answer ---- */

static struct password_policy not_known(struct password_policy p, const char *reason)
{
	p.source = POLICY_UNKNOWN;
	p.reason = reason;
	p.length_known |= p.not_required;
	return p;
}

static struct password_policy finish(struct password_policy p)
{
	p.min_length = p.not_required ? 0 : p.policy_min_length;
	return p;
}

static struct password_policy by_pso(struct password_policy p, const struct ad_object *pso)
{
	int64_t age = interval_to_seconds(obj_i64(pso, ATTR_MSDS_MAXIMUM_PASSWORD_AGE));

	if (age < 0)
		return not_known(p, "pso_malformed");
	p.source = POLICY_PSO;
	p.length_known = p.complexity_known = p.max_age_known = true;
	p.policy_min_length = (int)obj_u32(pso, ATTR_MSDS_MINIMUM_PASSWORD_LENGTH);
	p.complexity = obj_bool(pso, ATTR_MSDS_PASSWORD_COMPLEXITY_ENABLED);
	p.reversible = obj_bool(pso, ATTR_MSDS_PASSWORD_REVERSIBLE_ENCRYPTION);
	p.max_age = age;
	p.history = (int)obj_u32(pso, ATTR_MSDS_PASSWORD_HISTORY_LENGTH);
	p.lockout_threshold = (int)obj_u32(pso, ATTR_MSDS_LOCKOUT_THRESHOLD);
	return finish(p);
}

static struct password_policy by_domain(struct password_policy p, const struct ad_object *head)
{
	uint32_t properties = obj_u32(head, ATTR_PWD_PROPERTIES);
	int64_t age = interval_to_seconds(obj_i64(head, ATTR_MAX_PWD_AGE));

	p.source = POLICY_DOMAIN;
	p.no_pso = true;
	p.length_known = obj_has(head, ATTR_MIN_PWD_LENGTH);
	p.complexity_known = obj_has(head, ATTR_PWD_PROPERTIES);
	p.max_age_known = obj_has(head, ATTR_MAX_PWD_AGE) && age >= 0;
	if (!p.length_known || !p.complexity_known || !p.max_age_known)
		p = not_known(p, "domain_policy_not_readable");
	p.policy_min_length = (int)obj_u32(head, ATTR_MIN_PWD_LENGTH);
	p.complexity = properties & PASSWORD_PROPERTIES_COMPLEX;
	p.reversible = properties & PASSWORD_PROPERTIES_STORE_CLEARTEXT;
	p.max_age = age;
	p.history = (int)obj_u32(head, ATTR_PWD_HISTORY_LENGTH);
	p.lockout_threshold = (int)obj_u32(head, ATTR_LOCKOUT_THRESHOLD);
	return finish(p);
}

static bool pso_may_apply(const struct ad_object *o)
{
	return o->kind == AD_USER && (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_NORMAL_ACCOUNT) &&
	       domain_has_psos(o->domain) != NO;
}

static struct password_policy find_policy(const struct model *m, const struct ad_object *o)
{
	struct password_policy p = { .source = POLICY_NONE };

	/* Computers and managed service accounts set long random passwords by themselves. */
	if (o->kind != AD_USER && o->kind != AD_KRBTGT)
		return p;
	if (!obj_has(o, ATTR_USER_ACCOUNT_CONTROL))
		return not_known(p, "account_flags_not_readable");
	p.not_required = obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_PASSWD_NOTREQD;
	if (!o->domain)
		return not_known(p, "domain_policy_not_readable");
	if (!pso_may_apply(o))
		return by_domain(p, o->domain->head);
	struct choice c = choose(m, o);

	if (c.any && !c.unread.n && c.best) {
		p.pso = c.best;
		p.pso_dn = c.best->dn;
	} else if (c.unread.n) {
		p.pso_dn = c.unread;
		p.pso = model_find_dn(m, c.unread);
	}
	if (c.unread.n)
		return not_known(p, "pso_not_readable");
	if (c.reason)
		return not_known(p, c.reason);
	if (c.any && domain_has_psos(o->domain) == UNKNOWN)
		return not_known(p, "functional_level_not_readable");
	return c.any ? by_pso(p, c.best) : by_domain(p, o->domain->head);
}

/* Many points ask it of every account, and each answer walks up all its groups. */
struct password_policy account_password_policy(const struct model *m, const struct ad_object *o)
{
	struct policy_memo *memo = &m->policy_memos[o->index];

	if (!memo->known) {
		memo->policy = find_policy(m, o);
		memo->known = true;
	}
	return memo->policy;
}
