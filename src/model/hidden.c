/*
 * What may be there and is not seen. A reader that may not list a container sees none of its
 * children, in list-object mode some (MS-ADTS 5.1.3.3.6); one that may not read objectClass sees a
 * name and no kind. Objects that stand in such a place could be accounts and groups.
 */
#include "model/state.h"

/* Where Active Directory and its services keep what is theirs. Parts of it are closed to everybody
 * but administrators in every domain (Password Settings Container, BCKUPKEY secrets, NTDS Quotas,
 * Keys, Deleted Objects) or in many (GPOs that apply to few, the keys of AD FS), and nobody keeps
 * accounts there: they do not make every audit by an ordinary account undecided. Coverage counts
 * them. */
static const char *const service_places[] = { "CN=System,", "CN=Program Data,", "CN=Keys,",
	"CN=NTDS Quotas,", "CN=TPM Devices,", "CN=Deleted Objects," };

static bool is_at(struct str dn, struct str place, struct str head)
{
	return dn.n == place.n + head.n && str_istarts(dn, place) &&
	       str_ieq((struct str){ dn.p + place.n, head.n }, head);
}

/* Is o one of the service places of its domain, or below one? */
static bool is_of_services(const struct model *m, const struct ad_object *o)
{
	struct str head = m->raw_dn[o->domain->head->index], dn = m->raw_dn[o->index];

	for (; dn.n > head.n; dn = dn_parent(dn))
		for (size_t i = 0; i < ARRAY_LEN(service_places); i++)
			if (is_at(dn, str_of(service_places[i]), head))
				return true;
	return false;
}

/* What stands in CN=System in every domain, closed to ordinary readers there: no trust. */
static const char *const closed_in_system[] = { "CN=BCKUPKEY_", "CN=IP Security,",
	"CN=MicrosoftDNS,", "CN=Password Settings Container,",
	"CN=RAS and IAS Servers Access Check," };

static bool is_child_of(struct str dn, struct str place, struct str head)
{
	return dn.n > head.n && is_at(dn_parent(dn), place, head);
}

/* GPOs stand in CN=Policies,CN=System, trusts in CN=System; containers that a point is about are
 * known by their names, so that only a place that cannot be listed may hide one. */
static void note_kinds(struct model *m, const struct ad_object *o, const char *gap)
{
	struct str head = m->raw_dn[o->domain->head->index], dn = m->raw_dn[o->index];
	bool named = false, faceless = object_is_faceless(m, o->index);

	for (size_t i = 0; i < ARRAY_LEN(closed_in_system); i++)
		named |= str_istarts(dn, str_of(closed_in_system[i]));
	/* What the head of the domain does not show hides CN=System too. */
	if (o == o->domain->head || is_at(dn, STR("CN=System,"), head)) {
		m->kind_gap[AD_GPO] = m->kind_gap[AD_TRUST] = m->kind_gap[AD_CONTAINER] = gap;
		return;
	}
	if (is_at(dn, STR("CN=Policies,CN=System,"), head) ||
		(faceless && is_child_of(dn, STR("CN=Policies,CN=System,"), head)))
		m->kind_gap[AD_GPO] = gap;
	if (faceless && !named && is_child_of(dn, STR("CN=System,"), head))
		m->kind_gap[AD_TRUST] = gap;
	if (!faceless && is_of_services(m, o))
		m->kind_gap[AD_CONTAINER] = gap;
}

static bool has_class(const struct model *m, const struct ad_object *o)
{
	return m->object_class[o->index] != 0;
}

/* Classes below which users, computers and groups may stand (their possSuperiors). */
static bool holds_accounts(const struct model *m, const struct ad_object *o)
{
	return o->kind == AD_OU ||
	       (object_class_flags(m, o) & (CLASS_CONTAINER | CLASS_PLACE | CLASS_DOMAIN_DNS));
}

/* Without a descriptor one child that was seen stands for all, but in list-object mode. */
static bool shows_children(const struct model *m, const struct ad_object *o, bool one_was_seen)
{
	if (model_has_descriptor(m, o))
		return access_lists_children(m, o);
	return one_was_seen && !m->list_object_mode;
}

/* Where the objects of a PKI stand, below CN=Public Key Services,CN=Services of the configuration.
 */
static const struct {
	const char *place;
	enum ad_kind kind;
} pki_places[] = {
	{ "CN=Certificate Templates,CN=Public Key Services,CN=Services,", AD_CERT_TEMPLATE },
	{ "CN=Enrollment Services,CN=Public Key Services,CN=Services,", AD_ENROLLMENT_SERVICE },
	{ "CN=AIA,CN=Public Key Services,CN=Services,", AD_CERTIFICATION_AUTHORITY },
	{ "CN=Certification Authorities,CN=Public Key Services,CN=Services,",
		AD_CERTIFICATION_AUTHORITY },
	{ "CN=Public Key Services,CN=Services,", AD_CERTIFICATION_AUTHORITY }, /* NTAuth… */
	{ "CN=OID,CN=Public Key Services,CN=Services,", AD_OTHER }, /* issuance policies */
};

/* Is dn the place, or above it? What cannot be listed hides all that is below. */
static bool leads_to(struct str dn, struct str place, struct str config)
{
	struct str head = { dn.p, dn.n > config.n ? dn.n - config.n : 0 };

	return dn.n >= config.n && str_ieq((struct str){ dn.p + head.n, config.n }, config) &&
	       str_iends(place, head) &&
	       (head.n == 0 || head.n == place.n || place.p[place.n - head.n - 1] == ',');
}

/* A template that enrollees alone may read is a name to everybody else. */
static void note_pki(
	struct model *m, const struct ad_object *o, struct str config, bool one_was_seen)
{
	struct str dn = m->raw_dn[o->index];
	bool closed = m->reader_known && has_class(m, o) && !shows_children(m, o, one_was_seen);
	bool faceless = object_is_faceless(m, o->index);

	if (!closed && !faceless)
		return;
	for (size_t i = 0; i < ARRAY_LEN(pki_places); i++) {
		struct str place = str_of(pki_places[i].place);

		if (faceless && is_child_of(dn, place, config))
			m->kind_gap[pki_places[i].kind] = "class_not_readable";
		if (leads_to(dn, place, config))
			m->kind_gap[pki_places[i].kind] =
				faceless ? "class_not_readable" : "children_not_listable";
	}
}

/* A name without a class: below what holds no accounts (the recovery keys of a computer) it is
 * none, and foreign principals are known by their name. */
static bool could_be_principal(
	const struct model *m, const struct ad_object *o, const struct ad_object *parent)
{
	return object_is_faceless(m, o->index) && str_istarts(m->raw_dn[o->index], STR("CN=")) &&
	       (!parent || !has_class(m, parent) || holds_accounts(m, parent));
}

static const char *gap_at(const struct model *m, const struct ad_object *o,
	const struct ad_object *parent, bool one_was_seen)
{
	if (could_be_principal(m, o, parent))
		return "class_not_readable";
	if (m->reader_known && holds_accounts(m, o) && !shows_children(m, o, one_was_seen))
		return "children_not_listable";
	return NULL;
}

void hidden_build(struct model *m)
{
	struct arena scratch = { 0 };
	uint32_t *parent = ARENA_ARRAY(&scratch, uint32_t, m->count + 1);
	bool *seen_child = ARENA_ARRAY(&m->arena, bool, m->count + 1);
	struct str config = configuration_dn(m);

	for (size_t i = 0; i < m->count; i++) {
		parent[i] = index_dn(m, &scratch, dn_parent(m->raw_dn[i]));
		if (parent[i] != NO_OBJECT)
			seen_child[parent[i]] = true;
	}
	m->has_child = seen_child;
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		const char *gap;

		if (!o->domain) {
			note_pki(m, o, config, seen_child[i]);
			continue;
		}
		gap = gap_at(m, o, parent[i] == NO_OBJECT ? NULL : &m->objects[parent[i]],
			seen_child[i]);
		if (!gap)
			continue;
		note_kinds(m, o, gap);
		if (!m->principal_gap && !is_of_services(m, o))
			m->principal_gap = gap;
	}
	arena_free(&scratch);
}

enum tri object_has_children(const struct model *m, const struct ad_object *o, const char **reason)
{
	const char *gap = NULL;

	if (o->index < m->count && m->has_child[o->index])
		return YES;
	if (m->domain_gap)
		gap = m->domain_gap;
	else if (m->object_damaged[o->index] || model_shows_children(m, o) != YES)
		gap = "children_not_listable";
	if (reason && gap)
		*reason = gap;
	return gap ? UNKNOWN : NO;
}

bool model_knows_group_sids(const struct model *m)
{
	if (model_complete(m, AD_GROUP, NULL) != YES)
		return false;
	for (size_t i = 0; i < m->count; i++)
		if (m->objects[i].kind == AD_GROUP && sid_is_none(&m->objects[i].sid))
			return false;
	return true;
}
