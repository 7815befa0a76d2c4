#include "model/attr.h"

const struct attr_info attr_table[ATTR_COUNT] = {
	[ATTR_NONE] = { "", ATTR_TYPE_STRING, "" },
#define ATTR(name, ldap, type, classes) [ATTR_##name] = { ldap, ATTR_TYPE_##type, classes },
#include "model/attrs.def"
#undef ATTR
};

enum attr attr_by_name(struct str ldap)
{
	for (int i = 1; i < ATTR_COUNT; i++)
		if (str_ieq(ldap, str_of(attr_table[i].ldap)))
			return (enum attr)i;
	return ATTR_NONE;
}
