/* Naming contexts, the heads of the domains that were read, and which domain an object is of. */
#include "base/utf8.h"
#include "model/state.h"

#include <stdio.h>
#include <stdlib.h>

#define CROSS_REF_NTDS_DOMAIN 0x2u /* systemFlags FLAG_CR_NTDS_DOMAIN, MS-ADTS 6.1.1.2.1.1 */
#define NO_DOMAIN UINT32_MAX

static bool same_dn(struct arena *scratch, struct str a, struct str b)
{
	struct str x, y;

	return str_ieq(a, b) ||
	       (dn_canonical(scratch, a, &x) && dn_canonical(scratch, b, &y) && str_eq(x, y));
}

/* The crossRef of a naming context, or NULL. */
static const struct ad_object *cross_ref_of(const struct model *m, struct str nc)
{
	struct arena scratch = { 0 };
	const struct ad_object *found = NULL;
	size_t looked_at = 0;

	for (size_t i = 0; i < m->count && !found && looked_at < LIMIT_NAMING_CONTEXTS; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!(object_class_flags(m, o) & CLASS_CROSS_REF))
			continue;
		looked_at++;
		if (same_dn(&scratch, obj_value(o, ATTR_NC_NAME, 0), nc))
			found = o;
	}
	arena_free(&scratch);
	return found;
}

static bool is_domain_ref(const struct ad_object *ref)
{
	return obj_u32(ref, ATTR_SYSTEM_FLAGS) & CROSS_REF_NTDS_DOMAIN;
}

/* DomainDnsZones and ForestDnsZones are domainDNS objects as well: without SID, and their crossRef
 * is no domain's. */
static bool is_domain_head(const struct model *m, const struct ad_object *o)
{
	if (!(object_class_flags(m, o) & CLASS_DOMAIN_DNS))
		return false;
	const struct ad_object *ref = cross_ref_of(m, m->raw_dn[o->index]);

	if (ref && obj_has(ref, ATTR_SYSTEM_FLAGS))
		return is_domain_ref(ref);
	if (!sid_is_none(&o->sid))
		return true;
	return m->rootdse &&
	       model_find_dn(m, obj_value(m->rootdse, ATTR_DEFAULT_NAMING_CONTEXT, 0)) == o;
}

/* The crossRef and the rootDSE say the same number (MS-ADTS 6.1.4.3). */
static int functional_level(
	const struct model *m, const struct ad_object *head, const struct ad_object *ref)
{
	if (obj_has(head, ATTR_MSDS_BEHAVIOR_VERSION))
		return (int)obj_u32(head, ATTR_MSDS_BEHAVIOR_VERSION);
	if (m->rootdse && obj_has(m->rootdse, ATTR_DOMAIN_FUNCTIONALITY) &&
		model_find_dn(m, obj_value(m->rootdse, ATTR_DEFAULT_NAMING_CONTEXT, 0)) == head)
		return (int)obj_u32(m->rootdse, ATTR_DOMAIN_FUNCTIONALITY);
	if (ref && obj_has(ref, ATTR_MSDS_BEHAVIOR_VERSION))
		return (int)obj_u32(ref, ATTR_MSDS_BEHAVIOR_VERSION);
	return -1;
}

static void add_domain(struct model *m, struct ad_object *head)
{
	struct str dn = m->raw_dn[head->index];
	const struct ad_object *ref = cross_ref_of(m, dn);
	struct ad_domain *d = &m->domains[m->domain_count++];

	head->kind = AD_DOMAIN;
	d->head = head;
	d->sid = head->sid;
	d->dns = ref ? obj_str(ref, ATTR_DNS_ROOT) : (struct str){ NULL, 0 };
	if (!d->dns.n)
		d->dns = utf8_sanitize(&m->arena, dn_dns_domain(&m->arena, dn));
	d->netbios = ref ? obj_str(ref, ATTR_NETBIOS_NAME) : (struct str){ NULL, 0 };
	d->functional_level = functional_level(m, head, ref);
}

static void find_domains(struct model *m)
{
	size_t candidates = 0;

	for (size_t i = 0; i < m->count; i++)
		candidates += (object_class_flags(m, &m->objects[i]) & CLASS_DOMAIN_DNS) != 0;
	if (candidates > LIMIT_NAMING_CONTEXTS)
		candidates = LIMIT_NAMING_CONTEXTS;
	m->domains = ARENA_ARRAY(&m->arena, struct ad_domain, candidates);
	for (size_t i = 0; i < m->count && m->domain_count < candidates; i++)
		if (is_domain_head(m, &m->objects[i]))
			add_domain(m, &m->objects[i]);
}

static uint32_t domain_of_head(const struct model *m, const struct ad_object *head)
{
	for (size_t d = 0; d < m->domain_count; d++)
		if (m->domains[d].head == head)
			return (uint32_t)d;
	return NO_DOMAIN;
}

static void add_context(struct model *m, struct str dn, uint32_t domain, enum context_kind kind)
{
	struct arena scratch = { 0 };
	bool there = !dn.n || m->context_count == LIMIT_NAMING_CONTEXTS;

	for (size_t i = 0; i < m->context_count && !there; i++)
		there = same_dn(&scratch, m->contexts[i].dn, dn);
	arena_free(&scratch);
	if (!there)
		m->contexts[m->context_count++] = (struct naming_context){ dn, domain, kind };
}

static int longer_first(const void *a, const void *b)
{
	const struct naming_context *x = a, *y = b;

	if (x->dn.n != y->dn.n)
		return x->dn.n < y->dn.n ? 1 : -1;
	return str_cmp(x->dn, y->dn);
}

static void add_context_object(struct model *m, const struct ad_object *o)
{
	unsigned flags = object_class_flags(m, o);
	struct str dn = m->raw_dn[o->index];
	uint32_t domain = domain_of_head(m, o);

	if (flags & CLASS_CONFIGURATION)
		add_context(m, dn, NO_DOMAIN, CONTEXT_CONFIGURATION);
	else if (flags & CLASS_SCHEMA)
		add_context(m, dn, NO_DOMAIN, CONTEXT_SCHEMA);
	else if (flags & CLASS_DOMAIN_DNS)
		add_context(m, dn, domain, domain == NO_DOMAIN ? CONTEXT_OTHER : CONTEXT_DOMAIN);
}

/* From what was read and from what is only named: an object of a domain that was not read must not
 * count as one of its parent domain. */
static void find_contexts(struct model *m)
{
	const struct ad_object *r = m->rootdse;

	m->contexts = ARENA_ARRAY(&m->arena, struct naming_context, LIMIT_NAMING_CONTEXTS);
	for (size_t i = 0; i < m->count; i++)
		add_context_object(m, &m->objects[i]);
	if (r) {
		add_context(m, obj_value(r, ATTR_CONFIGURATION_NAMING_CONTEXT, 0), NO_DOMAIN,
			CONTEXT_CONFIGURATION);
		add_context(
			m, obj_value(r, ATTR_SCHEMA_NAMING_CONTEXT, 0), NO_DOMAIN, CONTEXT_SCHEMA);
	}
	for (size_t i = 0; i < m->count; i++)
		if (object_class_flags(m, &m->objects[i]) & CLASS_CROSS_REF)
			add_context(m, obj_value(&m->objects[i], ATTR_NC_NAME, 0), NO_DOMAIN,
				CONTEXT_OTHER);
	qsort(m->contexts, m->context_count, sizeof(*m->contexts), longer_first);
}

static bool ends_below(struct str dn, struct str context)
{
	if (dn.n < context.n)
		return false;
	struct str tail = { dn.p + (dn.n - context.n), context.n };

	return str_ieq(tail, context) && (dn.n == context.n || dn.p[dn.n - context.n - 1] == ',');
}

static const struct naming_context *context_of(const struct model *m, struct str dn)
{
	for (size_t i = 0; i < m->context_count; i++)
		if (ends_below(dn, m->contexts[i].dn))
			return &m->contexts[i];
	return NULL;
}

static const struct ad_domain *domain_by_sid(const struct model *m, const struct sid *sid)
{
	uint32_t rid;

	for (size_t d = 0; d < m->domain_count; d++)
		if (!sid_is_none(&m->domains[d].sid) &&
			sid_in_domain(sid, &m->domains[d].sid, &rid))
			return &m->domains[d];
	return NULL;
}

static const struct ad_domain *domain_by_dn(const struct model *m, struct str dn)
{
	struct arena scratch = { 0 };
	const struct naming_context *c = context_of(m, dn);
	struct str canonical, nc;

	/* Another spelling than the context's own: rare, so looked at only when nothing fits. */
	if (!c && dn_canonical(&scratch, dn, &canonical)) {
		for (size_t i = 0; i < m->context_count && !c; i++)
			if (dn_canonical(&scratch, m->contexts[i].dn, &nc) &&
				dn_is_below(canonical, nc))
				c = &m->contexts[i];
	}
	arena_free(&scratch);
	return c && c->domain != NO_DOMAIN ? &m->domains[c->domain] : NULL;
}

static void assign_domains(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct ad_object *o = &m->objects[i];

		if (o->kind != AD_FSP && sid_is_domain_principal(&o->sid))
			o->domain = domain_by_sid(m, &o->sid);
		if (!o->domain)
			o->domain = domain_by_dn(m, m->raw_dn[i]);
	}
}

struct str configuration_dn(const struct model *m)
{
	if (m->rootdse && obj_has(m->rootdse, ATTR_CONFIGURATION_NAMING_CONTEXT))
		return obj_value(m->rootdse, ATTR_CONFIGURATION_NAMING_CONTEXT, 0);
	for (size_t i = 0; i < m->count; i++)
		if (object_class_flags(m, &m->objects[i]) & CLASS_CONFIGURATION)
			return m->raw_dn[i];
	return (struct str){ NULL, 0 };
}

/* The forest is named after its root domain, whose DN is the configuration context's parent. */
static void find_forest(struct model *m)
{
	struct str root = m->rootdse ? obj_value(m->rootdse, ATTR_ROOT_DOMAIN_NAMING_CONTEXT, 0)
				     : (struct str){ NULL, 0 };

	if (!root.n)
		root = dn_parent(configuration_dn(m));
	if (!root.n && m->domain_count)
		root = m->raw_dn[m->domains[0].head->index];
	m->forest = utf8_sanitize(&m->arena, dn_dns_domain(&m->arena, root));
	for (size_t i = 0; i < m->count && !m->forest_object; i++)
		if (object_class_flags(m, &m->objects[i]) & CLASS_PARTITIONS) {
			m->objects[i].kind = AD_FOREST;
			m->forest_object = &m->objects[i];
		}
	if (!m->forest_object)
		m->forest_object = m->rootdse	     ? m->rootdse
				   : m->domain_count ? m->domains[0].head
						     : NULL;
}

static bool domain_was_read(const struct model *m, struct str nc)
{
	const struct ad_object *head = model_find_dn(m, nc);

	return head && head->kind == AD_DOMAIN;
}

static void report_unread(struct model *m, struct str nc, struct str dns)
{
	char need[300];

	if (!nc.n || domain_was_read(m, nc))
		return;
	if (!dns.n)
		dns = dn_dns_domain(&m->arena, nc);
	snprintf(need, sizeof(need), "domain %.*s", dns.n > 255 ? 255 : (int)dns.n, dns.p);
	if (!coverage_mentions(m, str_of(need)))
		coverage_add(m, str_of(need), COVERAGE_MISSING, STR("not_read"));
}

static void report_unread_domains(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if ((object_class_flags(m, o) & CLASS_CROSS_REF) && is_domain_ref(o))
			report_unread(m, obj_value(o, ATTR_NC_NAME, 0), obj_str(o, ATTR_DNS_ROOT));
	}
	if (m->rootdse)
		report_unread(m, obj_value(m->rootdse, ATTR_ROOT_DOMAIN_NAMING_CONTEXT, 0),
			(struct str){ NULL, 0 });
	if (!m->domain_count)
		coverage_add(m, STR("domain"), COVERAGE_MISSING, STR("no_domain_head"));
}

static bool is_dns_context(struct str dn)
{
	return str_istarts(dn, STR("DC=DomainDnsZones,")) ||
	       str_istarts(dn, STR("DC=ForestDnsZones,"));
}

static const char *context_gap(enum coverage_state state)
{
	switch (state) {
	case COVERAGE_DENIED:
		return "context_denied";
	case COVERAGE_TRUNCATED:
		return "context_truncated";
	case COVERAGE_MALFORMED:
		return "context_malformed";
	case COVERAGE_MISSING:
		return "context_missing";
	case COVERAGE_OK:
	case COVERAGE_NOT_ASKED:
	case COVERAGE_NOTE:
		break;
	}
	return NULL;
}

static bool configuration_was_read(const struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct naming_context *nc = context_of(m, m->raw_dn[i]);

		if (nc && nc->kind == CONTEXT_CONFIGURATION)
			return true;
	}
	return false;
}

/* What could not be read of a whole context. The DNS contexts and the schema hold no kind of their
 * own; a domain that is not on this server is told apart by report_unread(). */
static void find_gaps(struct model *m)
{
	for (size_t i = 0; i < m->coverage.count; i++) {
		struct coverage c = m->coverage.items[i];
		const char *gap = context_gap(c.state);

		if (!gap || !str_starts(c.need, STR("context ")))
			continue;
		struct str dn = { c.need.p + 8, c.need.n - 8 };
		const struct naming_context *nc = context_of(m, dn);

		enum context_kind kind = nc ? nc->kind : CONTEXT_DOMAIN;

		if (kind == CONTEXT_SCHEMA || c.state != COVERAGE_MISSING)
			m->context_gap = gap;
		if (is_dns_context(dn))
			continue;
		if (kind == CONTEXT_CONFIGURATION)
			m->forest_gap = gap;
		else if (kind == CONTEXT_DOMAIN ||
			 (kind == CONTEXT_OTHER && c.state != COVERAGE_MISSING))
			m->domain_gap = gap;
	}
	if (!m->domain_count)
		m->domain_gap = "no_domain_head";
	if (!m->forest_gap && !configuration_was_read(m))
		m->forest_gap = "configuration_not_read";
}

static int check_expected(const struct model *m, struct err *err)
{
	char want[SID_TEXT], is[SID_TEXT] = "";

	if (sid_is_none(&m->policy->expect_domain))
		return 0;
	for (size_t d = 0; d < m->domain_count; d++) {
		if (sid_eq(&m->domains[d].sid, &m->policy->expect_domain))
			return 0;
		if (!*is)
			sid_text(&m->domains[d].sid, is);
	}
	sid_text(&m->policy->expect_domain, want);
	if (!*is)
		return err_set(err, ERR_SERVER,
			"The policy expects the domain %s, but the source does not say which "
			"domain "
			"it is; read the domain's head too, or remove expect.domain_sid.",
			want);
	return err_set(err, ERR_SERVER,
		"The policy expects the domain %s, but the source holds %s; check the server or "
		"file, or use the policy of that domain.",
		want, is);
}

int domains_build(struct model *m, struct err *err)
{
	find_domains(m);
	find_contexts(m);
	assign_domains(m);
	find_forest(m);
	report_unread_domains(m);
	find_gaps(m);
	return check_expected(m, err);
}

struct str model_forest(const struct model *m)
{
	return m->forest;
}

size_t model_domain_count(const struct model *m)
{
	return m->domain_count;
}

const struct ad_domain *model_domain(const struct model *m, size_t i)
{
	return &m->domains[i];
}

/* Every domain has some of these: where there is none, the source left them out. */
#define EVERY_DOMAIN_HAS                                                                           \
	(1u << AD_USER | 1u << AD_COMPUTER | 1u << AD_KRBTGT | 1u << AD_GROUP | 1u << AD_OU)

void domains_count_kinds(struct model *m)
{
	m->domain_kinds = ARENA_ARRAY(&m->arena, unsigned, m->domain_count);
	for (size_t i = 0; i < m->count; i++)
		if (m->objects[i].domain)
			m->domain_kinds[m->objects[i].domain - m->domains] |= 1u
									      << m->objects[i].kind;
}

static const char *psos_gap(const struct model *m)
{
	for (size_t d = 0; d < m->domain_count; d++)
		if (!m->psos_known[d])
			return "psos_not_readable";
	return NULL;
}

static const char *kind_gap(const struct model *m, enum ad_kind kind)
{
	if (kind == AD_FOREST)
		return m->forest_object && m->forest_object->kind == AD_FOREST ? NULL
									       : m->forest_gap;
	/* What lives in the configuration context. */
	if (kind == AD_CERT_TEMPLATE || kind == AD_ENROLLMENT_SERVICE ||
		kind == AD_CERTIFICATION_AUTHORITY)
		return m->forest_gap ? m->forest_gap : m->kind_gap[kind];
	if (kind == AD_OTHER)
		return m->domain_gap ? m->domain_gap : m->forest_gap;
	for (size_t d = 0; d < m->domain_count && !m->domain_gap; d++)
		if ((EVERY_DOMAIN_HAS & 1u << kind) && !(m->domain_kinds[d] & 1u << kind))
			return "none_was_read";
	if (m->domain_gap || kind == AD_DOMAIN)
		return m->domain_gap;
	if (kind == AD_PSO)
		return psos_gap(m);
	if (kind == AD_GPO || kind == AD_TRUST || kind == AD_CONTAINER)
		return m->kind_gap[kind];
	return m->principal_gap;
}

enum tri model_complete(const struct model *m, enum ad_kind kind, const char **reason)
{
	const char *gap = kind_gap(m, kind);

	if (reason && gap)
		*reason = gap;
	return gap ? NO : YES;
}

enum tri model_contexts_complete(const struct model *m, const char **reason)
{
	const char *gap = m->context_gap  ? m->context_gap
			  : m->domain_gap ? m->domain_gap
					  : m->forest_gap;

	if (reason && gap)
		*reason = gap;
	return gap ? NO : YES;
}

enum tri model_configuration_complete(const struct model *m, const char **reason)
{
	if (reason && m->forest_gap)
		*reason = m->forest_gap;
	return m->forest_gap ? NO : YES;
}
