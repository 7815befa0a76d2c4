#include "collect/plan.h"

#include "base/limits.h"
#include "collect/transport.h"
#include "model/attr.h"

#include <string.h>

const char *const plan_root_attributes[] = { "configurationNamingContext", "currentTime",
	"defaultNamingContext", "dnsHostName", "domainControllerFunctionality",
	"domainFunctionality", "dsServiceName", "forestFunctionality", "highestCommittedUSN",
	"isGlobalCatalogReady", "isSynchronized", "ldapServiceName", "namingContexts",
	"rootDomainNamingContext", "schemaNamingContext", "serverName", "subschemaSubentry",
	"supportedCapabilities", "supportedControl", "supportedExtension", "supportedLDAPPolicies",
	"supportedLDAPVersion", "supportedSASLMechanisms", "vendorName", "vendorVersion", NULL };

/* LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS 3.1.1.3.4.3.1); AD LDS has another one. */
#define CAPABILITY_AD "1.2.840.113556.1.4.800"

/* MS-ADTS 3.1.1.4.5; sorted as there is none to search for: a policy names a handful at most. */
static const char *const constructed[] = { "allowedAttributes", "allowedAttributesEffective",
	"allowedChildClasses", "allowedChildClassesEffective", "aNR", "attributeTypes",
	"canonicalName", "createTimeStamp", "dITContentRules", "entryTTL", "extendedAttributeInfo",
	"extendedClassInfo", "fromEntry", "matchingRules", "matchingRuleUse", "modifyTimeStamp",
	"msDS-Approx-Immed-Subordinates", "msDS-Auxiliary-Classes", "msDS-isGC", "msDS-isRODC",
	"msDS-isUserCachableAtRodc", "msDS-KeyVersionNumber", "msDS-LocalEffectiveDeletionTime",
	"msDS-LocalEffectiveRecycleTime", "msDS-ManagedPassword", "msds-memberOfTransitive",
	"msds-memberTransitive", "msDS-NCReplCursors", "msDS-NCReplInboundNeighbors",
	"msDS-NCReplOutboundNeighbors", "msDS-PrincipalName", "msDS-QuotaEffective",
	"msDS-QuotaUsed", "msDS-ReplAttributeMetaData", "msDS-ReplValueMetaData",
	"msDS-ReplValueMetaDataExt", "msDS-ResultantPSO", "msDS-RevealedList",
	"msDS-RevealedListBL", "msDS-SiteName", "msds-tokenGroupNames",
	"msds-tokenGroupNamesGlobalAndUniversal", "msds-tokenGroupNamesNoGCAcceptable",
	"msDS-TopQuotaUsage", "msDS-User-Account-Control-Computed",
	"msDS-UserPasswordExpiryTimeComputed", "objectClasses", "parentGUID", "possibleInferiors",
	"primaryGroupToken", "sDRightsEffective", "structuralObjectClass", "subSchemaSubEntry",
	"tokenGroups", "tokenGroupsGlobalAndUniversal", "tokenGroupsNoGCAcceptable" };

bool plan_is_constructed(struct str attribute)
{
	for (size_t i = 0; i < ARRAY_LEN(constructed); i++)
		if (str_ieq(attribute, str_of(constructed[i])))
			return true;
	return false;
}

/* A name that LDAP can carry (RFC 4512 1.4): a policy's filter is not to smuggle options in. */
static bool name_valid(struct str s)
{
	if (s.n == 0 || s.n > 256)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '.'))
			return false;
	}
	return true;
}

static const char *const *plan_attributes(
	struct arena *a, const struct str *extra, size_t extra_count)
{
	const char **list = ARENA_ARRAY(a, const char *, ATTR_COUNT + extra_count + 2);
	size_t n = 0;

	for (size_t i = ATTR_NONE + 1; i < ATTR_COUNT; i++)
		if (!snapshot_is_secret(str_of(attr_table[i].ldap)))
			list[n++] = attr_table[i].ldap;
	list[n++] = "nTSecurityDescriptor";
	for (size_t i = 0; i < extra_count; i++) {
		bool known = !name_valid(extra[i]) || snapshot_is_secret(extra[i]) ||
			     plan_is_constructed(extra[i]);

		for (size_t k = 0; k < n && !known; k++)
			known = str_ieq(extra[i], str_of(list[k]));
		if (!known)
			list[n++] = arena_str(a, extra[i]).p;
	}
	return list;
}

int plan_note_left_out(
	struct snapshot_writer *w, const struct str *extra, size_t count, struct err *err)
{
	struct buf need = { 0 };
	int rc = 0;

	for (size_t i = 0; i < count && !rc; i++) {
		bool secret = snapshot_is_secret(extra[i]);

		if (!secret && !plan_is_constructed(extra[i]))
			continue;
		buf_clear(&need);
		buf_putz(&need, "attribute ");
		buf_put_str(&need, extra[i]);
		rc = snapshot_put_coverage(w, buf_str(&need), COVERAGE_NOT_ASKED,
			secret ? STR("secret") : STR("constructed"), err);
	}
	buf_free(&need);
	return rc;
}

static const struct raw_attr *find(const struct raw_object *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++)
		if (str_ieq(o->attrs[i].name, str_of(name)))
			return &o->attrs[i];
	return NULL;
}

static bool holds(const struct raw_object *o, const char *name, const char *value)
{
	const struct raw_attr *at = find(o, name);

	for (size_t i = 0; at && i < at->count && i < LIMIT_NAMING_CONTEXTS; i++)
		if (str_ieq(at->values[i], str_of(value)))
			return true;
	return false;
}

/* A text value without NUL, in a; NULL when there is none. */
static const char *text(struct arena *a, const struct raw_object *o, const char *name)
{
	const struct raw_attr *at = find(o, name);

	if (!at || !at->count || !at->values[0].n || at->values[0].n > LIMIT_DN_BYTES ||
		memchr(at->values[0].p, '\0', at->values[0].n))
		return NULL;
	return arena_str(a, at->values[0]).p;
}

static void add_context(
	struct plan *p, const struct raw_object *root, const char *dn, bool required)
{
	if (!dn)
		return;
	p->contexts[p->context_count++] = (struct plan_context){ dn, required,
		required || holds(root, "namingContexts", dn) };
}

int plan_make(struct arena *a, const struct raw_object *root, const struct str *extra,
	size_t extra_count, struct plan *out, struct err *err)
{
	struct plan p = { .domain = text(a, root, "defaultNamingContext") };
	const char *forest = text(a, root, "rootDomainNamingContext");

	if (!p.domain || !holds(root, "supportedCapabilities", CAPABILITY_AD))
		return err_set(err, ERR_SERVER,
			"The server is no domain controller of Active Directory (its rootDSE names "
			"no default naming context or not AD's capability): check --server.");
	p.attributes = plan_attributes(a, extra, extra_count);
	add_context(&p, root, p.domain, true);
	p.configuration = text(a, root, "configurationNamingContext");
	add_context(&p, root, p.configuration, false);
	add_context(&p, root, text(a, root, "schemaNamingContext"), false);
	add_context(&p, root, arena_printf(a, "DC=DomainDnsZones,%s", p.domain).p, false);
	if (forest)
		add_context(&p, root, arena_printf(a, "DC=ForestDnsZones,%s", forest).p, false);
	p.service = text(a, root, "dsServiceName");
	p.host = text(a, root, "dnsHostName");
	p.current_time = text(a, root, "currentTime");
	p.paged = holds(root, "supportedControl", CONTROL_PAGED);
	p.sd_flags = holds(root, "supportedControl", CONTROL_SD_FLAGS);
	p.domain_scope = holds(root, "supportedControl", CONTROL_DOMAIN_SCOPE);
	p.whoami = holds(root, "supportedExtension", EXTENDED_WHOAMI);
	*out = p;
	return 0;
}
