#include "ad/wellknown.h"

#include "base/compiler.h"

struct rid_name {
	uint32_t rid;
	const char *name;
};

static const struct rid_name domain_names[] = {
#define DOMAIN_RID(name, rid, text) { (rid), (text) },
#define BUILTIN_RID(name, rid, text)
#include "ad/wellknown.def"
#undef DOMAIN_RID
#undef BUILTIN_RID
};

static const struct rid_name builtin_names[] = {
#define DOMAIN_RID(name, rid, text)
#define BUILTIN_RID(name, rid, text) { (rid), (text) },
#include "ad/wellknown.def"
#undef DOMAIN_RID
#undef BUILTIN_RID
};

/* MS-DTYP 2.4.2.4. */
static const struct {
	struct sid sid;
	const char *name;
} other_names[] = {
	{ { 1, 1, 0, { 0 } }, "Nobody" },
	{ { 1, 1, 1, { 0 } }, "Everyone" },
	{ { 1, 1, 2, { 0 } }, "Local" },
	{ { 1, 1, 3, { 0 } }, "Creator Owner" },
	{ { 1, 1, 3, { 1 } }, "Creator Group" },
	{ { 1, 1, 3, { 4 } }, "Owner Rights" },
	{ { 1, 1, 5, { 1 } }, "Dialup" },
	{ { 1, 1, 5, { 2 } }, "Network" },
	{ { 1, 1, 5, { 3 } }, "Batch" },
	{ { 1, 1, 5, { 4 } }, "Interactive" },
	{ { 1, 1, 5, { 6 } }, "Service" },
	{ { 1, 1, 5, { 7 } }, "Anonymous Logon" },
	{ { 1, 1, 5, { 9 } }, "Enterprise Domain Controllers" },
	{ { 1, 1, 5, { 10 } }, "Self" },
	{ { 1, 1, 5, { 11 } }, "Authenticated Users" },
	{ { 1, 1, 5, { 12 } }, "Restricted" },
	{ { 1, 1, 5, { 13 } }, "Terminal Server User" },
	{ { 1, 1, 5, { 14 } }, "Remote Interactive Logon" },
	{ { 1, 1, 5, { 15 } }, "This Organization" },
	{ { 1, 1, 5, { 17 } }, "IIS User" },
	{ { 1, 1, 5, { 18 } }, "System" },
	{ { 1, 1, 5, { 19 } }, "Local Service" },
	{ { 1, 1, 5, { 20 } }, "Network Service" },
	{ { 1, 1, 5, { 1000 } }, "Other Organization" },
};

static const char *find(const struct rid_name *table, size_t n, uint32_t rid)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].rid == rid)
			return table[i].name;
	return NULL;
}

const char *wellknown_name(const struct sid *s)
{
	struct sid builtin = sid_builtin(sid_rid(s));

	if (sid_eq(s, &builtin))
		return find(builtin_names, ARRAY_LEN(builtin_names), sid_rid(s));
	if (sid_is_domain_principal(s) && s->count == 5)
		return find(domain_names, ARRAY_LEN(domain_names), sid_rid(s));
	for (size_t i = 0; i < ARRAY_LEN(other_names); i++)
		if (sid_eq(s, &other_names[i].sid))
			return other_names[i].name;
	return NULL;
}

bool wellknown_is_everybody(const struct sid *s)
{
	static const struct sid everyone = { 1, 1, 1, { 0 } };
	static const struct sid authenticated = { 1, 1, 5, { 11 } };

	return sid_eq(s, &everyone) || sid_eq(s, &authenticated);
}
