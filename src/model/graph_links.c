/* Control that no ACE of the target gives: SID history, delegation, GPO links, managedBy, and who
 * may read the password of a managed service account. */
#include "ad/uac.h"
#include "model/graph_state.h"

#include <stdlib.h>
#include <string.h>

#define GPLINK_DISABLED 1u /* MS-GPOL 2.2.2 */

void graph_link(struct graph *g, uint32_t source, uint32_t target, enum relation r)
{
	if (g->link_count == g->link_room) {
		g->link_room = g->link_room ? g->link_room * 2 : 256;
		g->links = xrealloc(g->links, g->link_room * sizeof(*g->links));
	}
	g->links[g->link_count++] = (struct graph_link){ target, source, r };
}

static void link_sid(struct graph *g, const struct model *m, const struct sid *sid,
	const struct ad_object *target, enum relation r)
{
	uint32_t source = graph_principal(g, m, sid, target->domain);

	if (source != target->index && !graph_trusts(g, m, source))
		graph_link(g, source, target->index, r);
}

/* The next DN of [LDAP://cn={…},cn=policies,…;0][LDAP://…;2] whose link is not disabled; false:
 * there is none (MS-GPOL 2.2.2). */
static bool next_link(struct str *rest, struct str *dn)
{
	enum gplink found;
	uint64_t flags;

	while ((found = gplink_next(rest, dn, &flags)) != GPLINK_END)
		if (found == GPLINK_ONE && !(flags & GPLINK_DISABLED))
			return true;
	return false;
}

void graph_gpos_of(const struct model *m, const struct ad_object *container,
	void (*visit)(void *arg, uint32_t gpo), void *arg)
{
	struct arena scratch = { 0 };
	struct str rest = obj_value(container, ATTR_GP_LINK, 0), dn;

	while (next_link(&rest, &dn)) {
		uint32_t gpo = index_dn(m, &scratch, dn);

		if (gpo != NO_OBJECT && m->objects[gpo].kind == AD_GPO)
			visit(arg, gpo);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

/* A policy that was deleted leaves its links; one that the reader may not see looks the same. One
 * that is there may hide that it is a policy. */
static bool may_be_there(const struct model *m, struct arena *scratch, struct str gpo)
{
	uint32_t at = index_dn(m, scratch, gpo), up = index_dn(m, scratch, dn_parent(gpo));

	if (at != NO_OBJECT)
		return object_is_faceless(m, at);
	return up == NO_OBJECT || model_shows_children(m, &m->objects[up]) != YES;
}

const char *graph_links_gap(const struct model *m, const struct ad_object *container)
{
	struct arena scratch = { 0 };
	struct str rest = obj_value(container, ATTR_GP_LINK, 0), dn;
	const char *gap = NULL;

	if (model_readable(m, container, ATTR_GP_LINK) != READABLE ||
		damage_hits(m, container, ATTR_GP_LINK))
		return "gpo_links_not_readable";
	while (!gap && next_link(&rest, &dn))
		gap = may_be_there(m, &scratch, dn) ? "linked_gpo_not_read" : NULL;
	arena_free(&scratch);
	return gap;
}

/* Descriptors in attributes: whom they allow anything. */
static void link_descriptor(struct graph *g, const struct model *m, const struct ad_object *o,
	enum attr a, enum relation r)
{
	static const struct sid everyone = { 1, 1, 1, { 0 } };
	struct arena scratch = { 0 };
	struct secdesc sd = { 0 };

	if (obj_has(o, a) && secdesc_parse(&scratch, obj_value(o, a, 0), &sd)) {
		/* Without a list everybody is granted everything (MS-DTYP 2.5.3.2). */
		if (!sd.has_dacl)
			link_sid(g, m, &everyone, o, r);
		for (size_t i = 0; i < sd.dacl_count; i++)
			if ((sd.dacl[i].type == ACE_ACCESS_ALLOWED ||
				    sd.dacl[i].type == ACE_ACCESS_ALLOWED_OBJECT) &&
				!(sd.dacl[i].flags & ACE_FLAG_INHERIT_ONLY))
				link_sid(g, m, &sd.dacl[i].sid, o, r);
	}
	arena_free(&scratch);
}

static void link_sid_history(struct graph *g, const struct model *m, const struct ad_object *o)
{
	for (size_t i = 0; i < obj_count(o, ATTR_SID_HISTORY); i++) {
		struct sid sid;

		if (g->trusted[o->index] || !sid_parse(obj_value(o, ATTR_SID_HISTORY, i), &sid))
			continue;
		uint32_t target = graph_principal(g, m, &sid, o->domain);

		/* Its own SID is in its token anyway. */
		if (target != o->index)
			graph_link(g, o->index, target, RELATION_SID_HISTORY);
	}
}

struct file_writers {
	struct graph *g;
	const struct model *m;
	const struct ad_object *gpo;
};

static void link_writer(void *arg, const struct sid *sid)
{
	struct file_writers *w = arg;

	link_sid(w->g, w->m, sid, w->gpo, RELATION_WRITE_GPO_FILES);
}

/* Who changes a policy's files changes what it does, whatever its object says. */
static void link_files(struct graph *g, const struct model *m, const struct ad_object *gpo)
{
	struct file_writers w = { g, m, gpo };
	const struct gpo_entry *entries;
	size_t count = gpo_entries(m, gpo, &entries);

	for (size_t i = 0; i < count; i++)
		gpo_entry_writers(&entries[i], link_writer, &w);
}

static void link_managed_by(struct graph *g, const struct model *m, const struct ad_object *o)
{
	const struct ad_object *by = obj_has(o, ATTR_MANAGED_BY) && graph_is_rodc(o)
					     ? model_find_dn(m, obj_value(o, ATTR_MANAGED_BY, 0))
					     : NULL;

	if (by && !g->trusted[by->index])
		graph_link(g, by->index, o->index, RELATION_MANAGED_BY);
}

/* ---- constrained delegation with protocol transition ---- */

/* Who answers for the service: HOST stands for most classes of a computer (sPNMappings). */
static const struct ad_object *host_of(const struct model *m, struct str spn)
{
	const struct ad_object *owner = model_spn_owner(m, spn);
	struct str rest;

	if (owner)
		return owner;
	str_cut(spn, '/', &spn);
	return model_host(m, str_cut(str_cut(spn, '/', &rest), ':', &rest));
}

static void link_delegation(struct graph *g, const struct model *m, const struct ad_object *o)
{
	if (g->trusted[o->index] || !obj_has(o, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO) ||
		!(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_TRUSTED_TO_AUTH_FOR_DELEGATION))
		return;
	for (size_t i = 0; i < obj_count(o, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO); i++) {
		const struct ad_object *host =
			host_of(m, obj_value(o, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO, i));

		if (host && host != o)
			graph_link(g, o->index, host->index, RELATION_DELEGATION);
	}
}

/* Members that stand for nothing that was read: the SID in the name of a foreign principal. */
static void link_bare_members(struct graph *g, const struct model *m, const struct ad_object *group)
{
	struct arena scratch = { 0 };

	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);
		struct sid sid;

		/* In a privileged group it is tier 0 itself, as any member is. */
		if (str_istarts(dn, STR("CN=S-1-")) && index_dn(m, &scratch, dn) == NO_OBJECT &&
			principal_sid(m, &scratch, NO_OBJECT, dn, &sid) &&
			index_sid(m, &sid) == NO_OBJECT &&
			(!(g->critical[group->index] & CRITICAL_GROUP) || graph_is_wide(&sid)))
			link_sid(g, m, &sid, group, RELATION_MEMBER_OF);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

static bool may_be_hidden(
	struct graph *g, const struct model *m, const struct ad_object *o, enum attr a)
{
	enum readable r = model_readable(m, o, a);

	if (r != READABLE && !g->unread)
		g->unread = arena_printf(&g->arena, "%s %s",
			r == NOT_COLLECTED ? "attribute_not_collected" : "attribute_not_readable",
			attr_table[a].ldap)
				    .p;
	return r != READABLE;
}

/* What a principal itself carries may lead anywhere: where it was not read, no path is known to be
 * none. */
static void look_for_gaps(struct graph *g, const struct model *m, const struct ad_object *o)
{
	if (g->unread || g->trusted[o->index] || (!object_is_account(o) && o->kind != AD_GROUP))
		return;
	if (may_be_hidden(g, m, o, ATTR_SID_HISTORY) || o->kind == AD_GROUP)
		return;
	if (!may_be_hidden(g, m, o, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO) &&
		obj_has(o, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO))
		may_be_hidden(g, m, o, ATTR_USER_ACCOUNT_CONTROL);
}

struct gpo_links {
	struct graph *g;
	size_t count, room;
};

static void add_gpo(void *arg, uint32_t gpo)
{
	struct gpo_links *l = arg;

	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 256;
		l->g->gpos = xrealloc(l->g->gpos, l->room * sizeof(*l->g->gpos));
	}
	l->g->gpos[l->count++] = gpo;
}

static int by_target(const void *a, const void *b)
{
	const struct graph_link *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return (int)x->relation - (int)y->relation;
}

/* The same principals write most files of a policy: one link each. */
static void unite_links(struct graph *g)
{
	size_t kept = 0;

	qsort(g->links, g->link_count, sizeof(*g->links), by_target);
	for (size_t i = 0; i < g->link_count; i++)
		if (!kept || by_target(&g->links[kept - 1], &g->links[i]) != 0)
			g->links[kept++] = g->links[i];
	g->link_count = kept;
}

static void sort_links(struct graph *g, const struct model *m)
{
	uint32_t nodes = graph_nodes(m, g);

	if (g->link_count)
		unite_links(g);
	g->link_start = ARENA_ARRAY(&g->arena, uint32_t, nodes + 2);
	for (size_t i = 0; i < g->link_count; i++)
		g->link_start[g->links[i].target + 1]++;
	for (uint32_t i = 1; i <= nodes; i++)
		g->link_start[i] += g->link_start[i - 1];
}

void graph_links_build(struct graph *g, const struct model *m)
{
	struct gpo_links gpos = { .g = g };

	g->gpo_start = ARENA_ARRAY(&g->arena, uint32_t, m->count + 2);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		look_for_gaps(g, m, o);
		link_sid_history(g, m, o);
		link_descriptor(g, m, o, ATTR_MSDS_ALLOWED_TO_ACT, RELATION_ALLOWED_TO_ACT);
		if (o->kind == AD_MSA)
			link_descriptor(g, m, o, ATTR_MSDS_GROUP_MSA_MEMBERSHIP,
				RELATION_READ_GMSA_PASSWORD);
		link_managed_by(g, m, o);
		if (o->kind == AD_GPO)
			link_files(g, m, o);
		link_delegation(g, m, o);
		if (o->kind == AD_GROUP && (m->unread_members[i] || m->everybody_count))
			link_bare_members(g, m, o);
		if (obj_has(o, ATTR_GP_LINK))
			graph_gpos_of(m, o, add_gpo, &gpos);
		g->gpo_start[i + 1] = (uint32_t)gpos.count;
	}
	g->gpo_start[m->count + 1] = (uint32_t)gpos.count;
	sort_links(g, m);
}
