/*
 * Group policy preferences (MS-GPPREF 2.2.1): Groups, Services, ScheduledTasks, Drives,
 * DataSources, Printers and Registry XML. A stored password (cpassword, whose key Microsoft
 * published: MS-GPPREF 2.2.1.1.4) is only ever reported as present; its value is not kept.
 */
#ifndef AD_GPP_H
#define AD_GPP_H

#include "ad/sid.h"
#include "base/arena.h"
#include "base/buf.h"

enum gpp_kind {
	GPP_USER,
	GPP_GROUP,
	GPP_SERVICE,
	GPP_TASK,
	GPP_DRIVE,
	GPP_DATA_SOURCE,
	GPP_PRINTER,
	GPP_REGISTRY,
	GPP_OTHER,
};

struct gpp_member {
	struct str name;
	struct sid sid; /* none: only the name is known */
	bool removed;
};

struct gpp_item {
	enum gpp_kind kind;
	struct str name;   /* of the item */
	char action;	   /* 'C' create, 'R' replace, 'U' update, 'D' delete; 0 when not said */
	struct str user;   /* the account it creates, changes or runs as; empty: none */
	bool has_password; /* a cpassword that is not empty */
	bool disabled;	   /* does nothing, its file still holds what it holds */
	bool filtered;	   /* item-level targeting: may not apply */
	struct sid group;  /* GPP_GROUP; none: only the name is known */
	const struct gpp_member *members; /* GPP_GROUP */
	size_t member_count;
	struct str command; /* GPP_TASK: the program, without its arguments; each further one of a
			       task is an item of its own */
	struct str hive, key, value_name, value_type, value; /* GPP_REGISTRY */
};

struct gpp {
	const struct gpp_item *items; /* in the order of the file */
	size_t count;
};

/* Everything lives in a. False when it is no well-formed XML, has a document type (no preference
 * has one; entities come from nowhere else), or passes a bound of limits.h. */
bool gpp_parse(struct arena *a, struct str bytes, struct gpp *out);

/* What stands in a stored file in place of a password. */
#define GPP_REDACTED "[removed]"
/* The file as UTF-8 with every cpassword that is not empty replaced by GPP_REDACTED, appended to
 * out. Works on text, so that a file which is no XML loses its passwords too. Returns their number.
 */
size_t gpp_redact(struct str bytes, struct buf *out);

#endif
