/* The attributes this program knows, from attrs.def: what the collector asks for and what the model
 * keeps. */
#ifndef MODEL_ATTR_H
#define MODEL_ATTR_H

#include "base/str.h"

enum attr {
	ATTR_NONE, /* ends lists of needs */
#define ATTR(name, ldap, type, classes) ATTR_##name,
#include "model/attrs.def"
#undef ATTR
	ATTR_COUNT
};

enum attr_type {
	ATTR_TYPE_STRING,
	ATTR_TYPE_INT,
	ATTR_TYPE_INT64,
	ATTR_TYPE_TIME,
	ATTR_TYPE_SID,
	ATTR_TYPE_GUID,
	ATTR_TYPE_DN,
	ATTR_TYPE_BINARY,
	ATTR_TYPE_BOOL,
	ATTR_TYPE_DN_BINARY,
};

struct attr_info {
	const char *ldap; /* lDAPDisplayName */
	enum attr_type type;
	const char *classes; /* letters of attrs.def */
};

/* Index by enum attr; [ATTR_NONE] is empty. */
extern const struct attr_info attr_table[ATTR_COUNT];
/* Case-insensitive; ATTR_NONE when not in the table. */
enum attr attr_by_name(struct str ldap);

#endif
