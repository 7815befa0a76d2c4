/* What the configuration context says of AD CS: which CA issues which template, which CA's
 * certificates log on, which issuance policy stands for a group. */
#include "base/utf8.h"
#include "model/state.h"

static bool is_policy_oid(const struct model *m, const struct ad_object *o)
{
	return str_ieq(m->classes[m->object_class[o->index]].name, STR("msPKI-Enterprise-Oid"));
}

void pki_build(struct model *m)
{
	size_t services = 0, authorities = 0, oids = 0;

	for (size_t i = 0; i < m->count; i++) {
		services += m->objects[i].kind == AD_ENROLLMENT_SERVICE;
		authorities += m->objects[i].kind == AD_CERTIFICATION_AUTHORITY;
		oids += is_policy_oid(m, &m->objects[i]);
	}
	m->enrollment_services = ARENA_ARRAY(&m->arena, const struct ad_object *, services);
	m->authorities = ARENA_ARRAY(&m->arena, const struct ad_object *, authorities);
	m->policy_oids = ARENA_ARRAY(&m->arena, const struct ad_object *, oids);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (o->kind == AD_ENROLLMENT_SERVICE)
			m->enrollment_services[m->enrollment_service_count++] = o;
		else if (o->kind == AD_CERTIFICATION_AUTHORITY)
			m->authorities[m->authority_count++] = o;
		else if (is_policy_oid(m, o))
			m->policy_oids[m->policy_oid_count++] = o;
	}
}

/* certificateTemplates holds the template's cn. */
static enum tri issues(
	const struct model *m, const struct ad_object *ca, const struct ad_object *template)
{
	for (size_t i = 0; i < obj_count(ca, ATTR_CERTIFICATE_TEMPLATES); i++)
		if (utf8_ieq(obj_value(ca, ATTR_CERTIFICATE_TEMPLATES, i),
			    obj_value(template, ATTR_CN, 0)))
			return YES;
	return model_readable(m, ca, ATTR_CERTIFICATE_TEMPLATES) != READABLE ||
			       damage_hits(m, ca, ATTR_CERTIFICATE_TEMPLATES)
		       ? UNKNOWN
		       : NO;
}

static bool is_ntauth(const struct ad_object *o)
{
	return str_istarts(o->dn, STR("CN=NTAuthCertificates,"));
}

static bool holds_certificate(const struct ad_object *o, struct str der)
{
	for (size_t i = 0; i < obj_count(o, ATTR_CA_CERTIFICATE); i++)
		if (str_eq(obj_value(o, ATTR_CA_CERTIFICATE, i), der))
			return true;
	return false;
}

/* The KDC and Schannel take a certificate for logon when its issuer stands in NTAuthCertificates
 * (MS-PKCA 3.1.5.2.1). */
static enum tri logs_on(const struct model *m, const struct ad_object *ca)
{
	const struct ad_object *store = NULL;

	for (size_t i = 0; i < m->authority_count && !store; i++)
		if (is_ntauth(m->authorities[i]))
			store = m->authorities[i];
	for (size_t i = 0; store && i < obj_count(ca, ATTR_CA_CERTIFICATE); i++)
		if (holds_certificate(store, obj_value(ca, ATTR_CA_CERTIFICATE, i)))
			return YES;
	/* Every CA has a certificate; the store comes with the forest's first one. */
	if (!store || !obj_has(ca, ATTR_CA_CERTIFICATE) || damage_hits(m, ca, ATTR_CA_CERTIFICATE))
		return UNKNOWN;
	return model_readable(m, store, ATTR_CA_CERTIFICATE) != READABLE ||
			       damage_hits(m, store, ATTR_CA_CERTIFICATE)
		       ? UNKNOWN
		       : NO;
}

static enum tri published(const struct model *m, const struct ad_object *template, bool for_logon)
{
	/* A CA that was not seen may publish it. */
	enum tri answer = m->kind_gap[AD_ENROLLMENT_SERVICE] ? UNKNOWN : NO;

	if (!obj_has(template, ATTR_CN))
		return UNKNOWN;
	for (size_t i = 0; i < m->enrollment_service_count; i++) {
		const struct ad_object *ca = m->enrollment_services[i];
		enum tri issued = issues(m, ca, template);

		if (issued != NO && for_logon) {
			enum tri trusted = logs_on(m, ca);

			issued = trusted == YES ? issued : trusted;
		}
		if (issued == YES)
			return YES;
		if (issued == UNKNOWN)
			answer = UNKNOWN;
	}
	return answer;
}

enum tri template_published(const struct model *m, const struct ad_object *template)
{
	return published(m, template, false);
}

enum tri template_published_for_logon(const struct model *m, const struct ad_object *template)
{
	return published(m, template, true);
}

size_t template_issuers(const struct model *m, const struct ad_object *template, bool for_logon,
	const struct ad_object **issuers, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < m->enrollment_service_count && n < max; i++) {
		const struct ad_object *ca = m->enrollment_services[i];

		if (issues(m, ca, template) == YES && (!for_logon || logs_on(m, ca) == YES))
			issuers[n++] = ca;
	}
	return n;
}

enum tri issuance_policy_group(const struct model *m, struct str oid, struct str *group)
{
	enum tri answer = m->forest_gap || m->kind_gap[AD_OTHER] ? UNKNOWN : NO;

	for (size_t i = 0; i < m->policy_oid_count; i++) {
		const struct ad_object *o = m->policy_oids[i];

		if (model_readable(m, o, ATTR_MSPKI_CERT_TEMPLATE_OID) != READABLE)
			answer = UNKNOWN;
		if (!str_eq(obj_value(o, ATTR_MSPKI_CERT_TEMPLATE_OID, 0), oid))
			continue;
		if (obj_has(o, ATTR_MSDS_OID_TO_GROUP_LINK)) {
			*group = obj_str(o, ATTR_MSDS_OID_TO_GROUP_LINK);
			return YES;
		}
		if (model_readable(m, o, ATTR_MSDS_OID_TO_GROUP_LINK) != READABLE)
			answer = UNKNOWN;
	}
	return answer;
}
