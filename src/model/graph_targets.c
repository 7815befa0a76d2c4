/* Which objects are tier 0, and whose control point each belongs to. */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/graph_state.h"

bool graph_is_rodc(const struct ad_object *o)
{
	return o->kind == AD_COMPUTER &&
	       (obj_u32(o, ATTR_PRIMARY_GROUP_ID) == RID_RODCS ||
		       (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_PARTIAL_SECRETS_ACCOUNT));
}

static bool is_dc(const struct ad_object *o)
{
	return o->kind == AD_COMPUTER &&
	       (obj_u32(o, ATTR_PRIMARY_GROUP_ID) == RID_DOMAIN_CONTROLLERS ||
		       (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SERVER_TRUST_ACCOUNT) ||
		       graph_is_rodc(o));
}

static bool under(struct str dn, struct str place)
{
	for (size_t at = 1; place.n && at + place.n <= dn.n; at++)
		if (dn.p[at - 1] == ',' && str_istarts((struct str){ dn.p + at, dn.n - at }, place))
			return true;
	return !place.n;
}

bool graph_is_naming_context(const struct model *m, const struct ad_object *o)
{
	struct str dn = m->raw_dn[o->index];

	if (o->kind == AD_DOMAIN ||
		(object_class_flags(m, o) & (CLASS_CONFIGURATION | CLASS_SCHEMA)))
		return true;
	/* A record of that name lies below CN=MicrosoftDNS. */
	return (str_istarts(dn, STR("DC=DomainDnsZones,DC=")) ||
		       str_istarts(dn, STR("DC=ForestDnsZones,DC="))) &&
	       !under(dn, STR("CN=MicrosoftDNS,"));
}

static struct str class_name(const struct model *m, uint32_t object)
{
	return m->classes[m->object_class[object]].name;
}

/* Objects that are what they are by their place; names that AD gives in every language. */
static const struct {
	const char *start; /* of the DN */
	const char *under; /* anywhere later in it; "": anywhere */
	const char *class_name;
	unsigned critical;
} places[] = {
	{ "CN=AdminSDHolder,CN=System,DC=", "", "", CRITICAL_ADMINSDHOLDER },
	{ "CN=MicrosoftDNS,CN=System,DC=", "", "", CRITICAL_DNS },
	{ "CN=BCKUPKEY_", "CN=System,DC=", "", CRITICAL_DPAPI },
	{ "CN=Domain System Volume,CN=DFSR-GlobalSettings,CN=System,DC=", "", "", CRITICAL_DFSR },
	{ "CN=", "CN=Domain System Volume,CN=DFSR-GlobalSettings,CN=System,DC=", "",
		CRITICAL_DFSR },
	{ "CN=SYSVOL Subscription,CN=Domain System Volume,CN=DFSR-LocalSettings,", "", "",
		CRITICAL_DFSR },
	{ "CN=Schema,CN=Configuration,DC=", "", "", CRITICAL_SCHEMA },
	{ "CN=", "CN=Schema,CN=Configuration,DC=", "", CRITICAL_SCHEMA },
	{ "CN=", "CN=Master Root Keys,CN=Group Key Distribution Service,CN=Services,", "",
		CRITICAL_GMSA_KEY },
	{ "CN=Public Key Services,CN=Services,CN=Configuration,DC=", "", "", CRITICAL_PKI },
	{ "CN=", "CN=Public Key Services,CN=Services,CN=Configuration,DC=", "", CRITICAL_PKI },
	{ "CN=Users,DC=", "", "", WATCHED_PLACE },
	{ "CN=Computers,DC=", "", "", WATCHED_PLACE },
	{ "CN=System,DC=", "", "", WATCHED_PLACE },
	{ "CN=Managed Service Accounts,DC=", "", "", WATCHED_PLACE },
	{ "CN=Builtin,DC=", "", "", WATCHED_PLACE },
	{ "OU=Domain Controllers,DC=", "", "", WATCHED_PLACE },
	{ "CN=Password Settings Container,CN=System,DC=", "", "", WATCHED_PLACE },
};

static unsigned by_place(const struct model *m, uint32_t i)
{
	struct str dn = m->raw_dn[i];
	unsigned critical = 0;

	for (size_t p = 0; p < ARRAY_LEN(places); p++)
		if (str_istarts(dn, str_of(places[p].start)) &&
			under(dn, str_of(places[p].under)) &&
			(!*places[p].class_name ||
				str_ieq(class_name(m, i), str_of(places[p].class_name))))
			critical |= places[p].critical;
	if (m->objects[i].kind == AD_CERT_TEMPLATE)
		critical = (critical & ~CRITICAL_PKI) | CRITICAL_TEMPLATE;
	return critical;
}

static bool is_wide_group(const struct ad_object *o)
{
	uint32_t rid = sid_rid(&o->sid);

	return rid == RID_DOMAIN_USERS || rid == RID_DOMAIN_COMPUTERS || rid == RID_DOMAIN_GUESTS ||
	       rid == RID_BUILTIN_USERS || rid == RID_BUILTIN_GUESTS;
}

static unsigned by_itself(const struct model *m, const struct ad_object *o)
{
	unsigned critical = 0;

	if (o->kind == AD_KRBTGT || account_privileged(m, o) == YES)
		critical |= is_dc(o) ? CRITICAL_DC : CRITICAL_ACCOUNT;
	if (is_dc(o))
		critical |= CRITICAL_DC;
	if (o->kind == AD_GROUP && m->via[o->index] != NO_OBJECT && !is_wide_group(o))
		critical |= CRITICAL_GROUP;
	if (graph_is_naming_context(m, o))
		critical |= CRITICAL_NC;
	if (o->kind == AD_GROUP && utf8_ieq(o->name, STR("DnsAdmins")))
		critical |= CRITICAL_DNSADMINS;
	return critical;
}

static void find_parents(struct graph *g, const struct model *m)
{
	struct arena scratch = { 0 };

	g->parent = ARENA_ARRAY(&g->arena, uint32_t, m->count + 1);
	for (size_t i = 0; i < m->count; i++) {
		struct str up = dn_parent(m->raw_dn[i]);

		/* Brothers stand together in DN order only when their names do; the parent of the
		 * object before is the best guess all the same. */
		g->parent[i] = index_dn(m, &scratch, up);
		arena_reset(&scratch);
	}
	g->parent[m->count] = NO_OBJECT;
	arena_free(&scratch);
}

/* The OUs above what is privileged: their GPOs apply to it. */
static void mark_containers(struct graph *g, const struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		bool server = str_ieq(class_name(m, (uint32_t)i), STR("nTDSDSA")) ||
			      str_ieq(class_name(m, (uint32_t)i), STR("nTDSDSARO"));

		if (!server && !(g->critical[i] & (CRITICAL_ACCOUNT | CRITICAL_DC)))
			continue;
		uint32_t up = g->parent[i];

		for (unsigned n = 0; up != NO_OBJECT && n < LIMIT_DN_DEPTH; n++) {
			if (m->objects[up].kind == AD_OU || str_ieq(class_name(m, up), STR("site")))
				g->critical[up] |= CRITICAL_CONTAINER;
			up = g->parent[up];
		}
	}
}

/* The computers that enrolment services name. */
static void find_ca_hosts(struct graph *g, const struct model *m)
{
	size_t count = m->enrollment_service_count;

	g->ca_hosts = ARENA_ARRAY(&g->arena, uint32_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct ad_object *host =
			model_host(m, obj_value(m->enrollment_services[i], ATTR_DNS_HOST_NAME, 0));

		g->ca_hosts[i] = host ? host->index : NO_OBJECT;
		if (host)
			g->critical[host->index] |= WATCHED_CA_HOST;
	}
}

/* AdminSDHolder of each domain, and how many objects it protects. */
static void find_holders(struct graph *g, const struct model *m)
{
	g->holders = ARENA_ARRAY(&g->arena, uint32_t, m->domain_count + 1);
	g->fanned = ARENA_ARRAY(&g->arena, uint32_t, m->domain_count + 1);
	for (size_t d = 0; d <= m->domain_count; d++)
		g->holders[d] = NO_OBJECT;
	for (uint32_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!o->domain)
			continue;
		if (g->critical[i] & CRITICAL_ADMINSDHOLDER)
			g->holders[o->domain - m->domains] = i;
		if (obj_u32(o, ATTR_ADMIN_COUNT) == 1 &&
			(g->critical[i] & (CRITICAL_ACCOUNT | CRITICAL_GROUP)))
			g->fanned[o->domain - m->domains]++;
	}
}

static void mark_gpo(void *arg, uint32_t gpo)
{
	struct graph *g = arg;

	g->critical[gpo] |= CRITICAL_GPO;
}

void graph_targets_build(struct graph *g, const struct model *m)
{
	g->critical = ARENA_ARRAY(&g->arena, uint32_t, m->count + 1);
	find_parents(g, m);
	for (size_t i = 0; i < m->count; i++)
		g->critical[i] = by_itself(m, &m->objects[i]) | by_place(m, (uint32_t)i);
	mark_containers(g, m);
	find_ca_hosts(g, m);
	find_holders(g, m);
	for (size_t i = 0; i < m->count; i++)
		if ((g->critical[i] & CRITICAL_CONTAINER) || m->objects[i].kind == AD_DOMAIN)
			graph_gpos_of(m, &m->objects[i], mark_gpo, g);
}

unsigned graph_critical(const struct model *m, const struct ad_object *o)
{
	return graph_watched(m, o) & CRITICAL_TIER_0;
}

unsigned graph_watched(const struct model *m, const struct ad_object *o)
{
	return o->index < m->count ? graph_of(m)->critical[o->index] : 0;
}
