/* One root cause is one finding: what is handed down, what is there by default, and whom ANSSI
 * accepts as a delegate. */
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/graph_state.h"

static uint32_t holder_of(const struct graph *g, const struct model *m, const struct ad_object *o)
{
	return o->domain ? g->holders[o->domain - m->domains] : NO_OBJECT;
}

static bool gives(const struct graph *g, uint32_t from, uint32_t object, uint64_t relations)
{
	return object != NO_OBJECT && !(relations & ~graph_edge_between(g, from, object));
}

/* Nothing is inherited across the head of a naming context, nor is ownership anywhere. */
bool graph_is_from_above(
	const struct graph *g, uint32_t source, uint32_t target, uint64_t relations)
{
	uint32_t up = g->parent[target], profile = g->profile_of[target];

	return up != NO_OBJECT && profile != NO_OBJECT && !(g->critical[target] & CRITICAL_NC) &&
	       !g->profiles[profile].protected_dacl &&
	       !(relations & RELATION_BIT(RELATION_OWNER)) && gives(g, source, up, relations);
}

static bool is_inherited(const struct graph *g, uint32_t from, uint32_t target, uint64_t relations,
	unsigned critical)
{
	uint32_t up = g->parent[target];

	return up != NO_OBJECT && (g->critical[up] & critical) &&
	       graph_is_from_above(g, from, target, relations);
}

bool graph_is_handed_down(const struct graph *g, const struct model *m, uint32_t source,
	uint32_t target, uint64_t relations, unsigned point)
{
	if ((g->critical[target] & point & (CRITICAL_ACCOUNT | CRITICAL_GROUP)) &&
		gives(g, source, holder_of(g, m, &m->objects[target]), relations))
		return true;
	return is_inherited(g, source, target, relations, point);
}

size_t graph_protected_objects(const struct model *m, const struct ad_object *holder)
{
	return holder->domain ? graph_of(m)->fanned[holder->domain - m->domains] : 0;
}

/* ---- there by default ---- */

/* Cert Publishers holds the computers of CAs, those of other domains too. */
static enum tri only_computers(
	const struct graph *g, const struct model *m, const struct ad_object *group)
{
	const struct ad_object *const *members;
	size_t n = group ? group_members(m, group, &members) : 0;

	for (size_t i = 0; i < n; i++)
		if (members[i]->kind != AD_COMPUTER &&
			!(g->critical[members[i]->index] & CRITICAL_TIER_0))
			return NO;
	return group && group_misses_members(m, group) ? UNKNOWN : YES;
}

static bool is_published_to(const struct model *m, const struct ad_object *o)
{
	static const char *const places[] = { "CN=AIA", "CN=CDP", "CN=Certification Authorities" };
	struct str services = STR(",CN=Public Key Services,CN=Services,CN=Configuration,");

	for (struct str dn = m->raw_dn[o->index]; dn.n; dn = dn_parent(dn))
		for (size_t i = 0; i < ARRAY_LEN(places); i++) {
			struct str place = str_of(places[i]);

			if (str_istarts(dn, place) &&
				str_istarts(
					(struct str){ dn.p + place.n, dn.n - place.n }, services))
				return true;
		}
	return false;
}

static struct str short_name(struct str host)
{
	struct str rest;

	return str_cut(host, '.', &rest);
}

/* The objects of a CA have its name, or stand in the container that is named after its host. */
static bool is_of_ca(const struct model *m, const struct ad_object *ca, const struct ad_object *o)
{
	struct arena scratch = { 0 };
	struct str host = short_name(obj_value(ca, ATTR_DNS_HOST_NAME, 0));
	struct str dn = m->raw_dn[o->index];
	struct str name = dn_rdn_value(&scratch, dn);
	struct str above = dn_rdn_value(&scratch, dn_parent(dn));
	bool own = utf8_ieq(name, ca->name) ||
		   (host.n && (utf8_ieq(name, host) || utf8_ieq(above, host)));

	arena_free(&scratch);
	return own;
}

/* A SID of a domain that was not read. */
static bool may_be_host(const struct model *m, const struct graph_node *by)
{
	uint32_t rid;

	if (by->object || !sid_is_domain_principal(&by->sid))
		return false;
	for (size_t d = 0; d < m->domain_count; d++)
		if (sid_in_domain(&by->sid, &m->domains[d].sid, &rid))
			return false;
	return true;
}

static enum tri is_ca_host(const struct graph *g, const struct model *m,
	const struct graph_node *by, const struct ad_object *target)
{
	enum tri answer = NO;

	for (size_t i = 0; i < m->enrollment_service_count; i++) {
		if (!is_of_ca(m, m->enrollment_services[i], target))
			continue;
		if (by->object && by->object->index == g->ca_hosts[i])
			return YES;
		if (g->ca_hosts[i] == NO_OBJECT && may_be_host(m, by))
			answer = UNKNOWN;
	}
	return answer;
}

enum tri graph_is_default(
	const struct model *m, const struct graph_node *by, const struct ad_object *target)
{
	const struct graph *g = graph_of(m);
	unsigned critical = g->critical[target->index];

	if ((critical & CRITICAL_DNS) && by->object &&
		(g->critical[by->object->index] & CRITICAL_DNSADMINS))
		return graph_holds_only_tier0(m, by->object) ? YES : NO;
	if (!(critical & CRITICAL_PKI))
		return NO;
	if (sid_is_domain_principal(&by->sid) && sid_rid(&by->sid) == RID_CERT_PUBLISHERS)
		return is_published_to(m, target) ? only_computers(g, m, by->object) : NO;
	return is_ca_host(g, m, by, target);
}

bool graph_misses_ca_hosts(const struct model *m)
{
	const struct graph *g = graph_of(m);

	for (size_t i = 0; i < m->enrollment_service_count; i++)
		if (g->ca_hosts[i] == NO_OBJECT)
			return true;
	return false;
}

/* ---- protected as AdminSDHolder protects ---- */

#define READS_ONLY                                                                                 \
	(RIGHT_READ_CONTROL | RIGHT_DS_LIST_CONTENTS | RIGHT_DS_READ_PROPERTY |                    \
		RIGHT_DS_LIST_OBJECT)

static bool is_deny(const struct ace *ace)
{
	return ace->type == ACE_ACCESS_DENIED || ace->type == ACE_ACCESS_DENIED_OBJECT ||
	       ace->type == ACE_ACCESS_DENIED_CALLBACK ||
	       ace->type == ACE_ACCESS_DENIED_CALLBACK_OBJECT;
}

static bool same_ace(const struct ace *a, const struct ace *b)
{
	return a->type == b->type && !(rights_of_mask(a->mask) & ~rights_of_mask(b->mask)) &&
	       a->has_object_type == b->has_object_type &&
	       guid_eq(&a->object_type, &b->object_type) && sid_eq(&a->sid, &b->sid);
}

static bool holds_ace(const struct secdesc *sd, const struct ace *ace)
{
	for (size_t i = 0; i < sd->dacl_count; i++)
		if (same_ace(ace, &sd->dacl[i]))
			return true;
	return false;
}

static bool is_benign(const struct ace *ace)
{
	struct guid send_to;

	guid_from_text(STR("ab721a55-1e2f-11d0-9819-00aa0040529b"), &send_to);
	return !(rights_of_mask(ace->mask) & ~READS_ONLY) ||
	       (ace->has_object_type && guid_eq(&ace->object_type, &send_to) &&
		       rights_of_mask(ace->mask) == RIGHT_DS_CONTROL_ACCESS);
}

static bool is_as_the_norm(const struct graph *g, const struct model *m, const struct ad_object *o,
	struct arena *scratch)
{
	uint32_t holder = holder_of(g, m, o);
	const struct secdesc *sd = model_descriptor(m, o, scratch);
	const struct secdesc *norm =
		holder == NO_OBJECT ? NULL : model_descriptor(m, &m->objects[holder], scratch);

	if (!sd || !norm || !sd->has_dacl || !norm->has_dacl || sd->skipped ||
		!(sd->control & SD_DACL_PROTECTED) ||
		!graph_trusts_sid(g, m, &sd->owner, o->domain))
		return false;
	for (size_t i = 0; i < sd->dacl_count; i++) {
		const struct ace *ace = &sd->dacl[i];

		if (!is_deny(ace) && !is_benign(ace) &&
			!graph_trusts_sid(g, m, &ace->sid, o->domain) && !holds_ace(norm, ace))
			return false;
	}
	return true;
}

/* A computer is controlled by whoever administers it: no DACL protects it. */
static bool is_person(const struct ad_object *o)
{
	return o->kind == AD_USER || o->kind == AD_MSA;
}

/* Has anybody but tier 0 a right on this object? */
static bool has_hold(const struct graph *g, uint32_t object)
{
	uint32_t profile = g->profile_of[object];

	return profile != NO_OBJECT && g->profiles[profile].count;
}

/* Or by its place and by attributes: a GPO that applies to it, a unit that one may be linked to, a
 * SID history, a descriptor in an attribute? */
static bool is_untouched(const struct graph *g, uint32_t object)
{
	if (g->link_start[object] != g->link_start[object + 1])
		return false;
	for (uint32_t up = g->parent[object]; up != NO_OBJECT; up = g->parent[up]) {
		if (g->critical[up] & CRITICAL_TIER_0)
			break;
		if (has_hold(g, up))
			return false;
		for (uint32_t i = g->gpo_start[up]; i < g->gpo_start[up + 1]; i++)
			if (has_hold(g, g->gpos[i]))
				return false;
	}
	return true;
}

static bool has_protected_dacl(
	const struct graph *g, const struct model *m, const struct ad_object *o)
{
	struct arena scratch = { 0 };
	bool answer = is_untouched(g, o->index) && is_as_the_norm(g, m, o, &scratch);

	arena_free(&scratch);
	return answer;
}

static bool members_are_protected(
	const struct graph *g, const struct model *m, const struct ad_object *group)
{
	const struct ad_object *const *members;
	size_t n = group_members(m, group, &members);

	for (size_t i = 0; i < n; i++)
		if ((!is_person(members[i]) && !g->trusted[members[i]->index]) ||
			(!g->trusted[members[i]->index] && !has_protected_dacl(g, m, members[i])))
			return false;
	return !group_unread_members(m, group) && model_readable(m, group, ATTR_MEMBER) == READABLE;
}

static bool is_protected(const struct graph *g, const struct model *m, const struct ad_object *o)
{
	if (o->kind == AD_GROUP)
		return !graph_is_wide(&o->sid) && has_protected_dacl(g, m, o) &&
		       members_are_protected(g, m, o);
	return has_protected_dacl(g, m, o);
}

bool graph_is_protected(const struct model *m, const struct ad_object *o)
{
	struct graph *g = graph_of(m);

	if (!o || o->index >= m->count || (!is_person(o) && o->kind != AD_GROUP))
		return false;
	uint8_t *memo = &g->protected_as[o->index];

	if (!*memo)
		*memo = is_protected(g, m, o) ? YES + 1 : NO + 1;
	return *memo == YES + 1;
}
