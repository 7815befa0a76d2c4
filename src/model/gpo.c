/* Which group policies reach a computer, in which order, and which value of a setting wins
 * (MS-GPOL 3.2.5.1.5 to 3.2.5.1.10). */
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdlib.h>

#define LINK_DISABLED 1
#define LINK_ENFORCED 2
#define BLOCK_INHERITANCE 1u	  /* gPOptions */
#define FLAG_COMPUTER_DISABLED 2u /* flags of the policy */

struct link {
	const struct gpo *gpo; /* NULL: it is there and was not read */
	bool enforced, maybe;
	bool head;	  /* a link of the domain's head */
	enum tri applies; /* to the computer asked about */
};

struct links { /* highest precedence first, once they are sorted */
	struct link *items;
	size_t count, room;
	const char *unknown;	  /* why there may be others */
	const char *head_unknown; /* why there may be others of the domain's head */
};

/* Memo: the links of the computer asked about last. */
struct gpo_reach {
	const struct ad_object *computer;
	struct links links;
};

/* Client-side extensions, by the files that they read. */
static const struct {
	enum gpo_store store;
	const char *extension;
} extensions[] = {
	{ GPO_PREFERENCE, "{B087BE9D-ED37-454F-AF9C-04291E351182}" },
	{ GPO_SECURITY, "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}" },
	{ GPO_REGISTRY, "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}" },
	{ GPO_AUDIT, "{F3CCC681-B74C-4060-9F26-CD84525DCA2A}" },
	{ GPO_GROUPS, "{17D89FEC-5C44-4972-B12D-241CAEF74509}" },
};

/* ---- links ---------------------------------------------------------------------------------- */

static void links_add(struct links *l, struct link link)
{
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 16;
		l->items = xrealloc(l->items, l->room * sizeof(*l->items));
	}
	l->items[l->count++] = link;
}

/* Is it certain that there is no such object, only a link that was left behind? */
static bool is_dangling(const struct model *m, struct arena *scratch, struct str dn)
{
	uint32_t parent = index_dn(m, scratch, dn_parent(dn));

	if (parent == NO_OBJECT)
		return false;
	return m->reader_known ? access_lists_children(m, &m->objects[parent]) : m->ldif_all;
}

/* "LDAP://cn={…},cn=policies,…;2" */
static void take_link(
	const struct model *m, struct arena *scratch, struct str text, bool maybe, struct links *l)
{
	static const struct str scheme = { "LDAP://", 7 };
	size_t cut = text.n;
	int64_t options = 0;

	while (cut > 0 && text.p[cut - 1] != ';')
		cut--;
	if (!cut || !str_istarts(text, scheme) ||
		!str_to_i64((struct str){ text.p + cut, text.n - cut }, &options)) {
		l->unknown = "gpo_link_malformed";
		return;
	}
	if (options & LINK_DISABLED)
		return;
	struct str dn = { text.p + scheme.n, cut - 1 - scheme.n };
	uint32_t at = index_dn(m, scratch, dn);
	struct link link = { NULL, options & LINK_ENFORCED, maybe, false, UNKNOWN };

	if (at != NO_OBJECT)
		link.gpo = gpo_of(m, &m->objects[at]);
	if (at != NO_OBJECT || !is_dangling(m, scratch, dn))
		links_add(l, link);
}

/* The links of one container. The last of the attribute is the first of the management console and
 * wins over those before it. */
static void take_container(const struct model *m, struct arena *scratch,
	const struct ad_object *container, bool maybe, struct links *l)
{
	struct str rest = obj_str(container, ATTR_GP_LINK);
	struct links found = { 0 };

	if (model_readable(m, container, ATTR_GP_LINK) != READABLE)
		l->unknown = "gpo_links_not_readable";
	while (rest.n) {
		struct str link;

		str_cut(rest, '[', &link);
		if (!link.p)
			break;
		take_link(m, scratch, str_cut(link, ']', &rest), maybe, &found);
	}
	for (size_t i = found.count; i > 0; i--)
		links_add(l, found.items[i - 1]);
	if (found.unknown)
		l->unknown = found.unknown;
	free(found.items);
}

/* Links of sites: which one a computer is in is decided by its address. */
static void take_sites(const struct model *m, struct arena *scratch, struct links *l)
{
	for (size_t i = 0; i < m->site_count; i++)
		take_container(m, scratch, &m->objects[m->sites[i]], m->site_count > 1, l);
	if (!m->site_count)
		l->unknown = "sites_not_read";
}

#define MAX_LEVELS (LIMIT_DN_DEPTH + 1)

/* The containers from the computer's own up to the head of its domain, nearest first. */
static size_t containers_above(const struct model *m, struct arena *scratch,
	const struct ad_object *computer, const struct ad_object **out, const char **unknown)
{
	const struct ad_object *head = computer->domain ? computer->domain->head : NULL;
	struct str dn = dn_parent(computer->dn);
	size_t n = 0;

	while (dn.n && n < MAX_LEVELS) {
		uint32_t at = index_dn(m, scratch, dn);
		const struct ad_object *o = at == NO_OBJECT ? NULL : &m->objects[at];

		if (!o)
			*unknown = "container_not_read";
		else if (o == head || o->kind == AD_OU)
			out[n++] = o; /* nothing else carries links */
		if (o && o == head)
			return n;
		dn = dn_parent(dn);
	}
	*unknown = "container_not_read";
	return n;
}

/* All links that reach the computer: enforced ones from the top down, then the others from the
 * nearest up, as far as inheritance is not blocked. */
static void collect_links(const struct model *m, struct arena *scratch,
	const struct ad_object *computer, struct links *out)
{
	const struct ad_object *levels[MAX_LEVELS];
	size_t n = containers_above(m, scratch, computer, levels, &out->unknown);
	struct links *at = ARENA_ARRAY(scratch, struct links, n + 1);
	bool blocked = false;

	out->head_unknown = out->unknown;
	for (size_t i = 0; i < n; i++) {
		take_container(m, scratch, levels[i], false, &at[i]);
		if (!computer->domain || levels[i] != computer->domain->head)
			continue;
		out->head_unknown = at[i].unknown ? at[i].unknown : out->head_unknown;
		for (size_t k = 0; k < at[i].count; k++)
			at[i].items[k].head = true;
	}
	take_sites(m, scratch, &at[n]);
	for (size_t i = n + 1; i > 0; i--)
		for (size_t k = 0; k < at[i - 1].count; k++)
			if (at[i - 1].items[k].enforced)
				links_add(out, at[i - 1].items[k]);
	for (size_t i = 0; i <= n; i++) {
		for (size_t k = 0; !blocked && k < at[i].count; k++)
			if (!at[i].items[k].enforced)
				links_add(out, at[i].items[k]);
		if (at[i].unknown)
			out->unknown = at[i].unknown;
		free(at[i].items);
		if (i < n && model_readable(m, levels[i], ATTR_GP_OPTIONS) != READABLE)
			out->unknown = out->head_unknown = "gpo_links_not_readable";
		blocked |= i < n && (obj_u32(levels[i], ATTR_GP_OPTIONS) & BLOCK_INHERITANCE);
	}
}

/* ---- does a policy apply -------------------------------------------------------------------- */

static const struct guid *apply_right(void)
{
	/* edacfd8f-ffb3-11d1-b41d-00a0c968f939, Apply-Group-Policy (MS-GPOL 3.2.5.1.6) */
	static const struct guid right = { { 0x8f, 0xfd, 0xac, 0xed, 0xb3, 0xff, 0xd1, 0x11, 0xb4,
		0x1d, 0x00, 0xa0, 0xc9, 0x68, 0xf9, 0x39 } };

	return &right;
}

static const struct guid *path_attribute(void)
{
	/* f30e3bc1-9ff0-11d1-b603-0000f80367c1, gPCFileSysPath (MS-ADA1) */
	static const struct guid path = { { 0xc1, 0x3b, 0x0e, 0xf3, 0xf0, 0x9f, 0xd1, 0x11, 0xb6,
		0x03, 0x00, 0x00, 0xf8, 0x03, 0x67, 0xc1 } };

	return &path;
}

/* Could the computer be a member of one that the descriptor names, though nothing shows it? */
static bool may_hide_member(const struct model *m, const struct secdesc *sd)
{
	for (size_t i = 0; i < sd->dacl_count; i++) {
		const struct ad_object *o = model_find_sid(m, &sd->dacl[i].sid);

		if (!o && sid_is_domain_principal(&sd->dacl[i].sid))
			return true;
		if (o && o->kind == AD_GROUP && group_is_opaque(m, o))
			return true;
	}
	return false;
}

/* Security filtering: the rights to apply the policy and to read it, by its own descriptor. What
 * the computer cannot read it does not find (MS-GPOL 3.2.5.1.5, 3.2.5.1.6). */
static enum tri is_allowed(const struct model *m, struct arena *scratch,
	const struct ad_object *computer, const struct gpo *g)
{
	const struct secdesc *sd = model_descriptor(m, g->object, scratch);
	uint32_t groups = walk_up(m, computer), n = 0;
	struct sid *sids = ARENA_ARRAY(scratch, struct sid, groups + 4);
	struct access_question apply = { .right = RIGHT_DS_CONTROL_ACCESS,
		.attribute = *apply_right() };
	struct access_question read = { .right = RIGHT_DS_READ_PROPERTY };

	if (!sd)
		return UNKNOWN;
	sids[n++] = computer->sid;
	sid_from_text(STR("S-1-1-0"), &sids[n++]);
	sid_from_text(STR("S-1-5-11"), &sids[n++]);
	if (obj_u32(computer, ATTR_PRIMARY_GROUP_ID) == RID_DOMAIN_CONTROLLERS)
		sid_from_text(STR("S-1-5-9"), &sids[n++]);
	for (uint32_t i = 0; i < groups; i++)
		sids[n++] = m->objects[m->walk->queue[i]].sid;
	struct token token = { sids, n };
	enum tri granted = NO;
	if (secdesc_grants(sd, &token, &apply)) {
		bool whole = secdesc_grants(sd, &token, &read);

		/* A denied attribute hides the policy only when it is one that is needed. */
		read.attribute = *path_attribute();
		granted = whole ? YES : secdesc_grants(sd, &token, &read) ? UNKNOWN : NO;
	}
	/* Everybody's right is nobody's to hide, unless somebody is denied. */
	return may_hide_member(m, sd) && granted == NO ? UNKNOWN : granted;
}

static enum tri applies(const struct model *m, struct arena *scratch,
	const struct ad_object *computer, const struct gpo *g)
{
	const struct ad_object *o = g->object;
	bool hidden = false;

	if (obj_u32(o, ATTR_FLAGS) & FLAG_COMPUTER_DISABLED)
		return NO;
	/* A half that was never written to is passed over (MS-GPOL 3.2.5.1.6). */
	if (obj_has(o, ATTR_VERSION_NUMBER) && !(obj_u32(o, ATTR_VERSION_NUMBER) & 0xffff))
		return NO;
	if (model_readable(m, o, ATTR_FLAGS) != READABLE ||
		model_readable(m, o, ATTR_GPC_WQL_FILTER) != READABLE)
		hidden = true;
	enum tri allowed = is_allowed(m, scratch, computer, g);
	if (allowed == NO)
		return NO;
	/* A space stands there where a filter was taken away. */
	if (str_trim(obj_str(o, ATTR_GPC_WQL_FILTER)).n || hidden)
		return UNKNOWN;
	return allowed;
}

/* Is the extension that reads such files named in the policy? */
static enum tri extension_runs(const struct model *m, const struct gpo *g, enum gpo_store store)
{
	struct str list = obj_str(g->object, ATTR_GPC_MACHINE_EXTENSIONS);

	if (model_readable(m, g->object, ATTR_GPC_MACHINE_EXTENSIONS) != READABLE)
		return UNKNOWN;
	for (size_t e = 0; e < sizeof(extensions) / sizeof(extensions[0]); e++) {
		struct str want = str_of(extensions[e].extension);

		if (extensions[e].store != store)
			continue;
		for (size_t i = 0; i + want.n <= list.n; i++)
			if (str_ieq((struct str){ list.p + i, want.n }, want))
				return YES;
	}
	return NO;
}

/* ---- the answer ----------------------------------------------------------------------------- */

/* each: the same value from another policy is another candidate. */
static void add_candidate(
	struct gpo_answer *a, bool each, const struct ad_object *gpo, struct str value)
{
	for (size_t i = 0; i < a->count; i++)
		if ((a->values[i].gpo != NULL) == (gpo != NULL) &&
			(!each || a->values[i].gpo == gpo) && str_eq(a->values[i].value, value))
			return;
	if (a->count == GPO_CANDIDATES)
		a->unknown = "gpo_too_many_values";
	else
		a->values[a->count++] = (struct gpo_candidate){ gpo, value };
}

/* The last line of the policy's files that speaks of it. */
static const struct gpo_setting *find_setting(
	const struct gpo *g, enum gpo_store store, const struct gpo_query *q)
{
	for (size_t i = g->setting_count; i > 0; i--) {
		const struct gpo_setting *s = &g->settings[i - 1];

		if (s->store == store && !s->user && utf8_ieq(s->path, q->path) &&
			(utf8_ieq(s->name, q->name) || (s->removed && !s->name.n)))
			return s;
	}
	return NULL;
}

/* Whether this kind of file settles the question for good; head: by links of the domain's head
 * alone. */
static bool ask_store(const struct model *m, const struct links *l, bool head, enum gpo_store store,
	const struct gpo_query *q, struct gpo_answer *a)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct link *link = &l->items[i];
		const struct gpo *g = link->gpo;

		if (head && !link->head)
			continue;
		if (!g) {
			a->unknown = "linked_gpo_not_read";
			continue;
		}
		if (link->applies == NO)
			continue;
		enum tri runs = extension_runs(m, g, store);
		if (runs == NO)
			continue;
		const struct gpo_setting *s = find_setting(g, store, q);
		if (g->gap)
			a->unknown = g->gap;
		else if (runs == YES && !(g->files & (1u << store)))
			a->unknown = "gpo_file_missing";
		if (!s)
			continue;
		bool sure =
			link->applies == YES && runs == YES && !g->gap && !link->maybe && !s->maybe;
		if (s->removed)
			add_candidate(a, head, NULL, STR(""));
		else
			add_candidate(a, head, g->object, s->value);
		if (sure)
			return true;
	}
	return false;
}

static const struct links *links_of(const struct model *m, const struct ad_object *computer)
{
	struct gpo_reach *r = m->gpo_reach;
	struct arena scratch = { 0 };

	if (r->computer == computer)
		return &r->links;
	r->computer = computer;
	r->links.count = 0;
	r->links.unknown = NULL;
	collect_links(m, &scratch, computer, &r->links);
	for (size_t i = 0; i < r->links.count; i++)
		if (r->links.items[i].gpo)
			r->links.items[i].applies =
				applies(m, &scratch, computer, r->links.items[i].gpo);
	arena_free(&scratch);
	return &r->links;
}

struct gpo_answer gpo_effective(
	const struct model *m, const struct ad_object *computer, const struct gpo_query *q)
{
	enum gpo_store first = q->store == GPO_REGISTRY ? GPO_PREFERENCE : q->store;
	struct gpo_answer a = { 0 };
	bool sure = false;

	if (!m->sysvol_read) {
		a.unknown = "sysvol_not_read";
		return a;
	}
	const struct links *links = links_of(m, computer);
	a.unknown = links->unknown;
	for (unsigned store = first; !sure && store <= (unsigned)q->store; store++)
		sure = ask_store(m, links, false, (enum gpo_store)store, q, &a);
	if (!sure)
		add_candidate(&a, false, NULL, STR(""));
	return a;
}

static void ask_controller(const struct model *m, const struct ad_object *dc,
	const struct gpo_query *q, struct gpo_answer *a)
{
	const struct links *links = links_of(m, dc);

	if (links->head_unknown)
		a->unknown = links->head_unknown;
	if (!ask_store(m, links, true, GPO_SECURITY, q, a))
		add_candidate(a, true, NULL, STR(""));
}

struct gpo_answer gpo_account_policy(
	const struct model *m, const struct ad_domain *domain, struct str name)
{
	const struct gpo_query q = { GPO_SECURITY, STR("System Access"), name };
	struct gpo_answer a = { .unknown = "no_domain_controller_read" };
	bool asked = false;

	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (o->kind != AD_COMPUTER || o->domain != domain ||
			obj_u32(o, ATTR_PRIMARY_GROUP_ID) != RID_DOMAIN_CONTROLLERS ||
			account_enabled(m, o) == NO)
			continue;
		if (str_contains(obj_str(o, ATTR_OPERATING_SYSTEM), STR("Samba")))
			return (struct gpo_answer){ .unknown = "dc_is_samba" };
		if (!asked)
			a.unknown = m->sysvol_read ? NULL : "sysvol_not_read";
		asked = true;
		if (m->sysvol_read)
			ask_controller(m, o, &q, &a);
		if (model_readable(m, o, ATTR_OPERATING_SYSTEM) != READABLE)
			a.unknown = "attribute_not_readable operatingSystem";
	}
	return a;
}

const char *gpo_each(const struct model *m, const struct ad_object *computer, enum gpo_store store,
	void (*visit)(void *arg, const struct ad_object *gpo, bool sure), void *arg)
{
	if (!m->sysvol_read)
		return "sysvol_not_read";
	const struct links *links = links_of(m, computer);
	const char *unknown = links->unknown;

	for (size_t i = 0; i < links->count; i++) {
		const struct link *link = &links->items[i];
		enum tri runs = link->gpo ? extension_runs(m, link->gpo, store) : UNKNOWN;

		if (!link->gpo)
			unknown = "linked_gpo_not_read";
		if (!link->gpo || link->applies == NO || runs == NO)
			continue;
		if (link->gpo->gap)
			unknown = link->gpo->gap;
		else if (runs == YES && !(link->gpo->files & (1u << store)))
			unknown = "gpo_file_missing";
		visit(arg, link->gpo->object,
			link->applies == YES && runs == YES && !link->gpo->gap && !link->maybe);
	}
	return unknown;
}

void gpo_reach_build(struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += str_ieq(m->classes[m->object_class[i]].name, STR("site"));
	m->sites = ARENA_ARRAY(&m->arena, uint32_t, n);
	for (size_t i = 0; i < m->count; i++)
		if (str_ieq(m->classes[m->object_class[i]].name, STR("site")))
			m->sites[m->site_count++] = (uint32_t)i;
	gpo_principals_build(m);
	gpo_links_build(m);
	gpo_places_build(m);
	tier_lists_build(m);
	m->gpo_reach = arena_alloc(&m->arena, sizeof(*m->gpo_reach));
}

void gpo_free(struct model *m)
{
	hash_free(&m->entry_by_path);
	gpo_places_free(m);
	if (m->gpo_reach)
		free(m->gpo_reach->links.items);
}
