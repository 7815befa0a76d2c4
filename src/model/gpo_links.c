/* Which group policies something links: the gPLink of domain heads, units and sites
 * (MS-GPOL 2.2.2), read once at the first question. */
#include "model/state.h"

struct gpo_links {
	bool built;
	uint8_t *linked; /* by object */
	const char *gap; /* why others may be linked; NULL: all links were read */
};

enum gplink gplink_next(struct str *rest, struct str *dn, uint64_t *options)
{
	struct str part, text;

	*rest = str_trim(*rest);
	if (!rest->n)
		return GPLINK_END;
	part = str_trim(str_cut(*rest, ']', rest));
	if (!str_istarts(part, STR("[LDAP://")))
		return GPLINK_MALFORMED;
	*options = 0;
	*dn = str_cut((struct str){ part.p + 8, part.n - 8 }, ';', &text);
	return !text.n || str_to_u64(str_trim(text), options) ? GPLINK_ONE : GPLINK_MALFORMED;
}

static void take_links(const struct model *m, struct arena *scratch, const struct ad_object *from)
{
	struct str rest = obj_value(from, ATTR_GP_LINK, 0), dn;
	struct gpo_links *l = m->gpo_links;
	enum gplink found;
	uint64_t options;

	if (model_readable(m, from, ATTR_GP_LINK) != READABLE || damage_hits(m, from, ATTR_GP_LINK))
		l->gap = "gpo_links_not_readable";
	while ((found = gplink_next(&rest, &dn, &options)) != GPLINK_END) {
		uint32_t at = found == GPLINK_ONE ? index_dn(m, scratch, dn) : NO_OBJECT;

		if (found == GPLINK_MALFORMED)
			l->gap = "gpo_link_malformed";
		if (at != NO_OBJECT)
			l->linked[at] = 1;
		arena_reset(scratch);
	}
}

/* What other domains of the forest link, only they tell. */
static const char *unread_links(const struct model *m)
{
	const char *gap = NULL;

	if (model_complete(m, AD_OU, &gap) != YES || model_configuration_complete(m, &gap) != YES)
		return gap;
	if (!m->site_count)
		return "sites_not_read";
	for (size_t i = 0; i < m->coverage.count; i++)
		if (str_starts(m->coverage.items[i].need, STR("domain ")))
			return "forest_in_part";
	return NULL;
}

static void build(const struct model *m)
{
	struct gpo_links *l = m->gpo_links;
	struct arena scratch = { 0 };

	l->built = true;
	l->gap = unread_links(m);
	for (size_t i = 0; i < m->count; i++)
		if (m->objects[i].kind == AD_OU || m->objects[i].kind == AD_DOMAIN)
			take_links(m, &scratch, &m->objects[i]);
	for (size_t i = 0; i < m->site_count; i++)
		take_links(m, &scratch, &m->objects[m->sites[i]]);
	arena_free(&scratch);
}

enum tri gpo_is_linked(const struct model *m, const struct ad_object *gpo, const char **reason)
{
	if (!m->gpo_links->built)
		build(m);
	if (m->gpo_links->linked[gpo->index])
		return YES;
	if (m->gpo_links->gap && reason)
		*reason = m->gpo_links->gap;
	return m->gpo_links->gap ? UNKNOWN : NO;
}

void gpo_links_build(struct model *m)
{
	m->gpo_links = ARENA_NEW(&m->arena, struct gpo_links);
	m->gpo_links->linked = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
}
