/* What an object is, by objectClass and, for accounts, by what the system made of them. */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "model/state.h"

#include <stdio.h>

static const char *const kind_names[AD_KIND_COUNT] = {
	[AD_FOREST] = "forest",
	[AD_DOMAIN] = "domain",
	[AD_USER] = "user",
	[AD_COMPUTER] = "computer",
	[AD_MSA] = "msa",
	[AD_KRBTGT] = "krbtgt",
	[AD_TRUST_ACCOUNT] = "trust_account",
	[AD_GROUP] = "group",
	[AD_OU] = "ou",
	[AD_CONTAINER] = "container",
	[AD_GPO] = "gpo",
	[AD_PSO] = "pso",
	[AD_TRUST] = "trust",
	[AD_FSP] = "fsp",
	[AD_CERT_TEMPLATE] = "certificate_template",
	[AD_ENROLLMENT_SERVICE] = "enrollment_service",
	[AD_CERTIFICATION_AUTHORITY] = "certification_authority",
	[AD_OTHER] = "other",
};

static const struct {
	const char *name;
	unsigned flag;
} class_flags[] = {
	{ "user", CLASS_USER },
	{ "inetOrgPerson", CLASS_USER },
	{ "computer", CLASS_COMPUTER },
	{ "msDS-ManagedServiceAccount", CLASS_MSA },
	{ "msDS-GroupManagedServiceAccount", CLASS_MSA },
	{ "msDS-DelegatedManagedServiceAccount", CLASS_MSA },
	{ "group", CLASS_GROUP },
	{ "organizationalUnit", CLASS_OU },
	{ "container", CLASS_CONTAINER },
	{ "groupPolicyContainer", CLASS_GPO },
	{ "msDS-PasswordSettings", CLASS_PSO },
	{ "msDS-PasswordSettingsContainer", CLASS_PSO_CONTAINER },
	{ "trustedDomain", CLASS_TRUST },
	{ "foreignSecurityPrincipal", CLASS_FSP },
	{ "builtinDomain", CLASS_PLACE },
	{ "lostAndFound", CLASS_PLACE },
	{ "domainDNS", CLASS_DOMAIN_DNS },
	{ "crossRef", CLASS_CROSS_REF },
	{ "crossRefContainer", CLASS_PARTITIONS },
	{ "configuration", CLASS_CONFIGURATION },
	{ "dMD", CLASS_SCHEMA },
	{ "attributeSchema", CLASS_ATTRIBUTE_SCHEMA },
	{ "classSchema", CLASS_CLASS_SCHEMA },
	{ "pKICertificateTemplate", CLASS_CERT_TEMPLATE },
	{ "pKIEnrollmentService", CLASS_ENROLLMENT_SERVICE },
	{ "certificationAuthority", CLASS_CERTIFICATION_AUTHORITY },
};

/* The first flag that an object's classes hold decides: managed service accounts are computers,
 * computers are users, GPOs are containers. */
static const struct {
	unsigned flag;
	enum ad_kind kind;
} kinds[] = {
	{ CLASS_MSA, AD_MSA },
	{ CLASS_COMPUTER, AD_COMPUTER },
	{ CLASS_USER, AD_USER },
	{ CLASS_GROUP, AD_GROUP },
	{ CLASS_OU, AD_OU },
	{ CLASS_GPO, AD_GPO },
	{ CLASS_PSO, AD_PSO },
	{ CLASS_TRUST, AD_TRUST },
	{ CLASS_FSP, AD_FSP },
	{ CLASS_CONTAINER, AD_CONTAINER },
	{ CLASS_CERT_TEMPLATE, AD_CERT_TEMPLATE },
	{ CLASS_ENROLLMENT_SERVICE, AD_ENROLLMENT_SERVICE },
	{ CLASS_CERTIFICATION_AUTHORITY, AD_CERTIFICATION_AUTHORITY },
};

#define SAM_TRUST_ACCOUNT 0x30000002u /* MS-SAMR 2.2.1.9 */

const char *ad_kind_name(enum ad_kind k)
{
	return kind_names[k];
}

bool ad_kind_parse(struct str name, enum ad_kind *out)
{
	for (int i = 0; i < AD_KIND_COUNT; i++)
		if (str_eq(name, str_of(kind_names[i]))) {
			*out = (enum ad_kind)i;
			return true;
		}
	return false;
}

unsigned class_flag(struct str object_class)
{
	for (size_t i = 0; i < ARRAY_LEN(class_flags); i++)
		if (str_ieq(object_class, str_of(class_flags[i].name)))
			return class_flags[i].flag;
	return 0;
}

unsigned object_class_flags(const struct model *m, const struct ad_object *o)
{
	return m->classes[m->object_class[o->index]].flags;
}

bool object_is_faceless(const struct model *m, uint32_t object)
{
	return !m->object_class[object] && m->objects[object].kind == AD_OTHER;
}

bool object_is_account(const struct ad_object *o)
{
	return o->kind == AD_USER || o->kind == AD_COMPUTER || o->kind == AD_MSA;
}

/* krbtgt_N of a read-only domain controller. Anyone who may create accounts may choose the name:
 * it counts with the number that only the system writes, or on a disabled account, which these
 * always are. */
static bool is_rodc_krbtgt(const struct ad_object *o)
{
	struct str digits = obj_value(o, ATTR_SAM_ACCOUNT_NAME, 0);
	uint64_t number;

	if (!sid_is_domain_principal(&o->sid) || !str_istarts(digits, STR("krbtgt_")))
		return false;
	digits.p += sizeof("krbtgt_") - 1;
	digits.n -= sizeof("krbtgt_") - 1;
	return str_to_u64(digits, &number) &&
	       (obj_has(o, ATTR_MSDS_SECONDARY_KRBTGT_NUMBER) ||
		       (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_ACCOUNTDISABLE));
}

static bool is_trust_account(const struct ad_object *o)
{
	if (obj_has(o, ATTR_USER_ACCOUNT_CONTROL))
		return obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_INTERDOMAIN_TRUST_ACCOUNT;
	return obj_u32(o, ATTR_SAM_ACCOUNT_TYPE) == SAM_TRUST_ACCOUNT;
}

static enum ad_kind user_kind(const struct ad_object *o)
{
	if (sid_is_domain_principal(&o->sid) && sid_rid(&o->sid) == RID_KRBTGT)
		return AD_KRBTGT;
	if (is_rodc_krbtgt(o))
		return AD_KRBTGT;
	return is_trust_account(o) ? AD_TRUST_ACCOUNT : AD_USER;
}

/* Its class could not be read, but its name tells: no other class is named by OU (rDNAttID), and
 * where AD keeps foreign principals their name is the SID. */
static enum ad_kind kind_by_name(struct str dn)
{
	if (str_istarts(dn, STR("OU=")))
		return AD_OU;
	if (str_istarts(dn, STR("CN=S-1-")) &&
		str_istarts(dn_parent(dn), STR("CN=ForeignSecurityPrincipals,DC=")))
		return AD_FSP;
	return AD_OTHER;
}

/* The reader may list such an object and nothing more: it could be of any kind. */
static void report_unreadable(struct model *m)
{
	char detail[64];
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += m->object_class[i] == 0;
	if (!n)
		return;
	snprintf(detail, sizeof(detail), "class_not_readable %zu", n);
	coverage_add(m, STR("objects"), COVERAGE_DENIED, str_of(detail));
}

void kinds_build(struct model *m)
{
	report_unreadable(m);
	for (size_t i = 0; i < m->count; i++) {
		struct ad_object *o = &m->objects[i];
		unsigned flags = object_class_flags(m, o);

		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			if (flags & kinds[k].flag) {
				o->kind = kinds[k].kind;
				break;
			}
		if (o->kind == AD_USER)
			o->kind = user_kind(o);
		else if (!m->object_class[i])
			o->kind = kind_by_name(m->raw_dn[i]);
	}
}
