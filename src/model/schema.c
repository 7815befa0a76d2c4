/* What an access check needs to know of attributes and classes: from the schema that was read, else
 * from access.def. */
#include "model/state.h"

#define SEARCH_FLAG_CONFIDENTIAL 0x80u /* MS-ADTS 2.2.10 fCONFIDENTIAL */
#define SYSTEM_FLAG_CONSTRUCTED 0x4u   /* MS-ADTS 2.2.11 FLAG_ATTR_IS_CONSTRUCTED */

enum property_set {
	SET_NONE,
#define PROPERTY_SET(name, guid) SET_##name,
#include "model/access.def"
#undef PROPERTY_SET
};

static const char *const set_guids[] = {
	[SET_NONE] = "00000000-0000-0000-0000-000000000000",
#define PROPERTY_SET(name, guid) [SET_##name] = (guid),
#include "model/access.def"
#undef PROPERTY_SET
};

static const struct {
	const char *id;
	enum property_set set;
	slot_number slot;
} shipped[] = {
#define ACCESS(name, guid, property_set) { guid, SET_##property_set, ATTR_##name },
#include "model/access.def"
#undef ACCESS
};

static const struct {
	const char *name, *id;
} shipped_classes[] = {
	{ "user", "bf967aba-0de6-11d0-a285-00aa003049e2" },
	{ "inetOrgPerson", "4828cc14-1437-45bc-9b07-ad6f015e5f28" },
	{ "computer", "bf967a86-0de6-11d0-a285-00aa003049e2" },
	{ "msDS-ManagedServiceAccount", "ce206244-5827-4a86-ba1c-1c0c386c1b64" },
	{ "msDS-GroupManagedServiceAccount", "7b8b558a-93a5-4af7-adca-c017e67f1057" },
	{ "group", "bf967a9c-0de6-11d0-a285-00aa003049e2" },
	{ "domainDNS", "19195a5b-6da0-11d0-afd3-00c04fd930c9" },
	{ "organizationalUnit", "bf967aa5-0de6-11d0-a285-00aa003049e2" },
	{ "container", "bf967a8b-0de6-11d0-a285-00aa003049e2" },
	{ "groupPolicyContainer", "f30e3bc2-9ff0-11d1-b603-0000f80367c1" },
	{ "msDS-PasswordSettings", "3bcd9db8-f84b-451c-952f-6c52b81f9ec6" },
	{ "msDS-PasswordSettingsContainer", "5b06b06a-4cf3-44c0-bd16-43bc10a987da" },
	{ "trustedDomain", "bf967ab8-0de6-11d0-a285-00aa003049e2" },
	{ "foreignSecurityPrincipal", "89e31c12-8530-11d0-afda-00c04fd930c9" },
	{ "crossRef", "bf967a8d-0de6-11d0-a285-00aa003049e2" },
	{ "crossRefContainer", "ef9e60e0-56f7-11d1-a9c6-0000f80367c1" },
	{ "pKICertificateTemplate", "e5209ca2-3bba-11d2-90cc-00c04fd91ab1" },
	{ "pKIEnrollmentService", "ee4aa692-3bba-11d2-90cc-00c04fd91ab1" },
	{ "certificationAuthority", "3fdfee50-47f4-11d1-a9c3-0000f80367c1" },
	{ "msPKI-Enterprise-Oid", "37cfd85c-6719-4ad8-8f9e-8678ba627563" },
};

/* Constructed attributes that a custom control may name (MS-ADTS 3.1.1.4.5). */
static const char *const constructed[] = { "allowedAttributes", "allowedAttributesEffective",
	"allowedChildClasses", "allowedChildClassesEffective", "canonicalName", "createTimeStamp",
	"fromEntry", "modifyTimeStamp", "msDS-ApproxImmed-Subordinates", "msDS-isGC", "msDS-isRODC",
	"msDS-KeyVersionNumber", "msds-memberOfTransitive", "msds-memberTransitive",
	"msDS-PrincipalName", "msDS-ResultantPSO", "msDS-SiteName", "msds-tokenGroupNames",
	"msDS-User-Account-Control-Computed", "msDS-UserPasswordExpiryTimeComputed", "parentGUID",
	"primaryGroupToken", "sDRightsEffective", "structuralObjectClass", "tokenGroups",
	"tokenGroupsGlobalAndUniversal", "tokenGroupsNoGCAcceptable" };

static struct guid guid_of(const char *text)
{
	struct guid g = { { 0 } };

	guid_from_text(str_of(text), &g);
	return g;
}

static void start_with_shipped(struct model *m)
{
	for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
		m->access[shipped[i].slot].id = guid_of(shipped[i].id);
		m->access[shipped[i].slot].property_set = guid_of(set_guids[shipped[i].set]);
	}
	for (size_t i = 0; i < ARRAY_LEN(constructed); i++) {
		slot_number slot = model_slot(m, str_of(constructed[i]));

		if (slot != SLOT_NONE)
			m->access[slot].constructed = true;
	}
	for (size_t c = 1; c < m->class_count; c++)
		for (size_t i = 0; i < ARRAY_LEN(shipped_classes); i++)
			if (str_ieq(m->classes[c].name, str_of(shipped_classes[i].name)))
				m->classes[c].guid = guid_of(shipped_classes[i].id);
}

static void read_attribute(struct model *m, const struct ad_object *o)
{
	slot_number slot = model_slot(m, obj_value(o, ATTR_LDAP_DISPLAY_NAME, 0));

	/* A definition that the reader saw in part says nothing better than the shipped one. */
	if (slot == SLOT_NONE || !obj_has(o, ATTR_SCHEMA_ID_GUID) || !obj_has(o, ATTR_SEARCH_FLAGS))
		return;
	struct attr_access *a = &m->access[slot];

	*a = (struct attr_access){ .constructed = a->constructed };
	guid_parse(obj_value(o, ATTR_SCHEMA_ID_GUID, 0), &a->id);
	guid_parse(obj_value(o, ATTR_ATTRIBUTE_SECURITY_GUID, 0), &a->property_set);
	a->confidential = obj_u32(o, ATTR_SEARCH_FLAGS) & SEARCH_FLAG_CONFIDENTIAL;
	if (obj_has(o, ATTR_SYSTEM_FLAGS))
		a->constructed = obj_u32(o, ATTR_SYSTEM_FLAGS) & SYSTEM_FLAG_CONSTRUCTED;
}

static void read_class(struct model *m, const struct ad_object *o)
{
	struct str name = obj_value(o, ATTR_LDAP_DISPLAY_NAME, 0);

	for (size_t c = 1; c < m->class_count && name.n; c++)
		if (str_ieq(m->classes[c].name, name))
			guid_parse(obj_value(o, ATTR_SCHEMA_ID_GUID, 0), &m->classes[c].guid);
}

void schema_build(struct model *m)
{
	m->access = ARENA_ARRAY(&m->arena, struct attr_access, m->slot_count);
	start_with_shipped(m);
	for (size_t i = 0; i < m->count; i++) {
		unsigned flags = object_class_flags(m, &m->objects[i]);

		if (flags & CLASS_ATTRIBUTE_SCHEMA)
			read_attribute(m, &m->objects[i]);
		else if (flags & CLASS_CLASS_SCHEMA)
			read_class(m, &m->objects[i]);
	}
}
