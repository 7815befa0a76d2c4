/* Who names an object: links and service names taken backwards, each indexed at the first question,
 * so that no check walks through all objects for one of them. */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdlib.h>

struct backlinks {
	uint32_t *linked_from[ATTR_COUNT]; /* by object: the first one that names it */
	struct hash by_spn, by_host, by_dns_root;
	struct arena names;
	bool spns_built, hosts_built, roots_built, forest_in_part;
	bool controller_unnamed;	  /* what one goes by was not read */
	const struct ad_object **by_kind; /* in DN order within each */
	size_t kind_start[AD_KIND_COUNT + 1];
};

static struct backlinks *backlinks_of(const struct model *m)
{
	if (!*m->backlinks)
		*m->backlinks = xcalloc(1, sizeof(**m->backlinks));
	return *m->backlinks;
}

void backlinks_free(struct model *m)
{
	struct backlinks *b = m->backlinks ? *m->backlinks : NULL;

	if (!b)
		return;
	for (size_t a = 0; a < ATTR_COUNT; a++)
		free(b->linked_from[a]);
	hash_free(&b->by_spn);
	hash_free(&b->by_host);
	hash_free(&b->by_dns_root);
	arena_free(&b->names);
	free(b);
}

static uint32_t *index_links(const struct model *m, enum attr a)
{
	uint32_t *from = xcalloc(m->count + 1, sizeof(*from));
	struct arena scratch = { 0 };

	for (size_t i = 0; i < m->count; i++)
		from[i] = NO_OBJECT;
	for (uint32_t i = 0; i < m->count; i++)
		for (size_t v = 0; v < obj_count(&m->objects[i], a); v++) {
			uint32_t to = index_dn(m, &scratch, obj_value(&m->objects[i], a, v));

			if (to != NO_OBJECT && from[to] == NO_OBJECT)
				from[to] = i;
			arena_reset(&scratch);
		}
	arena_free(&scratch);
	return from;
}

const struct ad_object *model_linked_from(
	const struct model *m, enum attr a, const struct ad_object *target)
{
	struct backlinks *b = backlinks_of(m);

	if (target->index >= m->count)
		return NULL;
	if (!b->linked_from[a])
		b->linked_from[a] = index_links(m, a);
	uint32_t at = b->linked_from[a][target->index];

	return at == NO_OBJECT ? NULL : &m->objects[at];
}

/* ---- services ---- */

static void add_host(struct backlinks *b, struct str name, uint32_t computer)
{
	if (name.n)
		hash_add(&b->by_host, utf8_folded(&b->names, name), computer);
}

/* Whichever mark it carries: the check decides. */
static bool may_be_dc(const struct ad_object *o)
{
	uint32_t group = obj_u32(o, ATTR_PRIMARY_GROUP_ID);

	return group == RID_DOMAIN_CONTROLLERS || group == RID_RODCS ||
	       (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) &
		       (UAC_SERVER_TRUST_ACCOUNT | UAC_PARTIAL_SECRETS_ACCOUNT));
}

static void add_hosts(struct backlinks *b, const struct model *m, bool dcs)
{
	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct str name = obj_str(o, ATTR_SAM_ACCOUNT_NAME);

		if (o->kind != AD_COMPUTER || may_be_dc(o) != dcs)
			continue;
		name.n -= name.n > 0 && name.p[name.n - 1] == '$';
		add_host(b, obj_str(o, ATTR_DNS_HOST_NAME), i);
		add_host(b, name, i);
	}
}

static const struct hash *spns_of(const struct model *m)
{
	struct backlinks *b = backlinks_of(m);

	if (b->spns_built)
		return &b->by_spn;
	b->spns_built = true;
	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!object_is_account(o) && o->kind != AD_KRBTGT)
			continue;
		for (size_t s = 0; s < obj_count(o, ATTR_SERVICE_PRINCIPAL_NAME); s++)
			hash_add(&b->by_spn,
				utf8_folded(
					&b->names, obj_value(o, ATTR_SERVICE_PRINCIPAL_NAME, s)),
				i);
	}
	return &b->by_spn;
}

static bool has_unread_names(const struct model *m, const struct ad_object *o)
{
	static const enum attr names[] = { ATTR_DNS_HOST_NAME, ATTR_SAM_ACCOUNT_NAME,
		ATTR_SERVICE_PRINCIPAL_NAME };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!obj_has(o, names[i]) && model_readable(m, o, names[i]) != READABLE)
			return true;
	return false;
}

/* Could a computer that is, or may be, a domain controller go by a name that was not read? */
static bool finds_unnamed_controller(const struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		bool marked =
			obj_has(o, ATTR_PRIMARY_GROUP_ID) || obj_has(o, ATTR_USER_ACCOUNT_CONTROL);

		if (o->kind == AD_COMPUTER && (may_be_dc(o) || !marked) && has_unread_names(m, o))
			return true;
	}
	return false;
}

static const struct hash *hosts_of(const struct model *m)
{
	struct backlinks *b = backlinks_of(m);

	if (b->hosts_built)
		return &b->by_host;
	b->hosts_built = true;
	/* A domain controller before any computer that took its name. */
	add_hosts(b, m, true);
	add_hosts(b, m, false);
	for (size_t i = 0; i < m->coverage.count; i++)
		b->forest_in_part |= str_starts(m->coverage.items[i].need, STR("domain "));
	b->controller_unnamed = finds_unnamed_controller(m);
	return &b->by_host;
}

static const struct hash *roots_of(const struct model *m)
{
	struct backlinks *b = backlinks_of(m);

	if (b->roots_built)
		return &b->by_dns_root;
	b->roots_built = true;
	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct str root = obj_str(o, ATTR_DNS_ROOT);

		if (o->kind == AD_OTHER && obj_has(o, ATTR_NC_NAME) && root.n)
			hash_add(&b->by_dns_root, utf8_folded(&b->names, root), i);
	}
	return &b->by_dns_root;
}

static const struct ad_object *named(const struct model *m, const struct hash *h, struct str name)
{
	struct arena scratch = { 0 };
	uint32_t at = hash_get(h, utf8_folded(&scratch, name));

	arena_free(&scratch);
	return at == HASH_NONE ? NULL : &m->objects[at];
}

const struct ad_object *model_spn_owner(const struct model *m, struct str spn)
{
	return spn.n ? named(m, spns_of(m), spn) : NULL;
}

const struct ad_object *model_host(const struct model *m, struct str host)
{
	return host.n ? named(m, hosts_of(m), host) : NULL;
}

const struct ad_object *model_context_of(const struct model *m, struct str dns_root)
{
	return dns_root.n ? named(m, roots_of(m), dns_root) : NULL;
}

/* ---- kinds ---- */

static void sort_by_kind(struct backlinks *b, const struct model *m)
{
	size_t at[AD_KIND_COUNT];

	for (size_t i = 0; i < m->count; i++)
		b->kind_start[m->objects[i].kind + 1]++;
	for (size_t k = 0; k < AD_KIND_COUNT; k++) {
		b->kind_start[k + 1] += b->kind_start[k];
		at[k] = b->kind_start[k];
	}
	b->by_kind = ARENA_ARRAY(&b->names, const struct ad_object *, m->count + 1);
	for (size_t i = 0; i < m->count; i++)
		b->by_kind[at[m->objects[i].kind]++] = &m->objects[i];
}

size_t model_of_kind(const struct model *m, enum ad_kind kind, const struct ad_object *const **out)
{
	struct backlinks *b = backlinks_of(m);

	if (!b->by_kind)
		sort_by_kind(b, m);
	*out = b->by_kind + b->kind_start[kind];
	return b->kind_start[kind + 1] - b->kind_start[kind];
}

bool model_host_may_be_unread(const struct model *m, struct str host)
{
	struct str suffix;

	hosts_of(m);
	if (backlinks_of(m)->controller_unnamed)
		return true;
	if (!backlinks_of(m)->forest_in_part)
		return false;
	str_cut(host, '.', &suffix);
	for (size_t d = 0; d < m->domain_count; d++)
		if (suffix.n && utf8_ieq(suffix, m->domains[d].dns))
			return false;
	return true;
}
