/* Who names an object: links and service names taken backwards, each indexed at the first question,
 * so that no check walks through all objects for one of them. */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdlib.h>

struct backlinks {
	uint32_t *linked_from[ATTR_COUNT]; /* by object: the first one that names it */
	struct hash by_spn, by_host;
	struct arena names;
	bool services_built, forest_in_part;
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

static struct backlinks *services_of(const struct model *m)
{
	struct backlinks *b = backlinks_of(m);

	if (b->services_built)
		return b;
	b->services_built = true;
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
	/* A domain controller before any computer that took its name. */
	add_hosts(b, m, true);
	add_hosts(b, m, false);
	for (size_t i = 0; i < m->coverage.count; i++)
		b->forest_in_part |= str_starts(m->coverage.items[i].need, STR("domain "));
	return b;
}

static const struct ad_object *named(const struct model *m, const struct hash *h, struct str name)
{
	struct arena scratch = { 0 };
	uint32_t at = name.n ? hash_get(h, utf8_folded(&scratch, name)) : HASH_NONE;

	arena_free(&scratch);
	return at == HASH_NONE ? NULL : &m->objects[at];
}

const struct ad_object *model_spn_owner(const struct model *m, struct str spn)
{
	return named(m, &services_of(m)->by_spn, spn);
}

const struct ad_object *model_host(const struct model *m, struct str host)
{
	return named(m, &services_of(m)->by_host, host);
}

bool model_host_may_be_unread(const struct model *m, struct str host)
{
	struct str suffix;

	if (!services_of(m)->forest_in_part)
		return false;
	str_cut(host, '.', &suffix);
	for (size_t d = 0; d < m->domain_count; d++)
		if (suffix.n && utf8_ieq(suffix, m->domains[d].dns))
			return false;
	return true;
}
