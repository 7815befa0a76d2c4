/*
 * GptTmpl.inf, the security settings of a group policy (MS-GPSB 2.2). Sections that this program
 * does not interpret (Registry Keys, File Security, …) are kept as text.
 */
#ifndef AD_GPT_TMPL_H
#define AD_GPT_TMPL_H

#include "ad/sid.h"
#include "base/arena.h"

enum gpt_section {
	GPT_SYSTEM_ACCESS,
	GPT_KERBEROS_POLICY,
	GPT_EVENT_AUDIT,
	GPT_PRIVILEGE_RIGHTS,
	GPT_REGISTRY_VALUES,
	GPT_GROUP_MEMBERSHIP,
	GPT_REGISTRY_KEYS,
	GPT_FILE_SECURITY,
	GPT_SERVICES,
	GPT_OTHER,
};

/* "*S-1-5-…" or a name, as an administrator without a resolver wrote it. */
struct gpt_principal {
	struct sid sid;	 /* none: only the name is known */
	struct str name; /* empty for a SID */
};

struct gpt_setting {
	enum gpt_section section;
	struct str name;  /* registry values: path of the key and the value's name; group
			     membership: the group, with neither "*" nor "__Members" */
	struct str value; /* without quotes; registry values: what stands behind the type; sections
			     kept as text: the whole line */
	unsigned type;	  /* registry values: REG_SZ 1, REG_EXPAND_SZ 2, REG_BINARY 3, REG_DWORD 4,
			     REG_MULTI_SZ 7 */
	bool member_of;	  /* group membership: the groups that the group is put into */
	const struct gpt_principal *principals; /* privilege rights and group membership */
	size_t principal_count;
};

struct gpt_tmpl {
	const struct gpt_setting *settings; /* in the order of the file */
	size_t count;
	size_t skipped; /* lines that are not what their section holds */
};

/* Everything lives in a. False when the file is over a bound of limits.h. */
bool gpt_tmpl_parse(struct arena *a, struct str bytes, struct gpt_tmpl *out);

#endif
