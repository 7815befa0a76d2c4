/* Small directories for the tests of the model, written as text. */
#ifndef TESTS_MODEL_MADE_H
#define TESTS_MODEL_MADE_H

#include "model/model.h"

struct made_file {
	const char *path;
	struct str bytes;
};

struct made {
	/* What the source says of itself; zero-initialise for an LDIF read with "*". */
	const char *token;		/* SIDs separated by spaces; NULL: unknown reader */
	const char *asked;		/* attributes; NULL: not known */
	const char *asked_of_user;	/* those asked of class user besides; NULL: none */
	const char *collected;		/* collected_at; NULL: 2026-01-01T00:00:00Z, "": none */
	bool selection;			/* an LDIF of chosen attributes */
	const char *denied;		/* the need of a DENIED coverage entry */
	const char *missing;		/* the need of a MISSING one */
	const char *truncated;		/* the need of a TRUNCATED one */
	const struct made_file *sysvol; /* ends with a path of NULL; NULL: SYSVOL was not read */
	const struct str *keep;
	size_t keep_count;
	int64_t at; /* 0: from the snapshot */
	struct policy policy;
	/* Filled by made_load(). */
	struct model *model;
	struct err err;
	struct arena arena;
};

/* Records as in LDIF, separated by empty lines, without folding or base64. objectSid takes a SID or
 * "@500" (relative to the domain S-1-5-21-1-2-3), objectGUID a number, nTSecurityDescriptor SDDL.
 * Returns model_load()'s code. */
int made_load(struct made *d, const char *text);
void made_free(struct made *d);
const struct ad_object *made_find(const struct made *d, const char *name);
/* The detail of the first coverage entry with this need, or NULL. */
const char *made_coverage(struct made *d, const char *need);

/* The head of DC=chu,DC=example, its Domain Admins and its Administrators. */
#define MADE_HEAD                                                                                  \
	"dn: DC=chu,DC=example\nobjectClass: top\nobjectClass: domainDNS\nobjectSid: "             \
	"S-1-5-21-1-2-3\nmsDS-Behavior-Version: 7\nminPwdLength: 8\npwdProperties: 1\nmaxPwdAge: " \
	"-36288000000000\npwdHistoryLength: 24\nlockoutThreshold: 5\ninstanceType: 5\n\n"
#define MADE_GROUP(name, rid, rest)                                                                \
	"dn: CN=" name                                                                             \
	",CN=Users,DC=chu,DC=example\nobjectClass: top\nobjectClass: group\ncn: " name             \
	"\nsAMAccountName: " name "\nobjectSid: " rid "\ngroupType: -2147483646\n" rest "\n"
#define MADE_USER(name, rid, rest)                                                                 \
	"dn: CN=" name                                                                             \
	",CN=Users,DC=chu,DC=example\nobjectClass: top\nobjectClass: user\ncn: " name              \
	"\nsAMAccountName: " name "\nobjectSid: " rid                                              \
	"\nuserAccountControl: 512\nprimaryGroupID: 513\n" rest "\n"
#define MADE_ADMINS(da, builtin)                                                                   \
	MADE_GROUP("Admins du domaine", "@512", da)                                                \
	MADE_GROUP("Administrateurs", "S-1-5-32-544", builtin)
/* The other privileged groups that every domain has: 548, and the rest. */
#define MADE_ACCOUNT_OPERATORS(rest) MADE_GROUP("Operateurs de compte", "S-1-5-32-548", rest)
#define MADE_OTHERS(rest)                                                                          \
	MADE_GROUP("Controleurs", "@516", rest)                                                    \
	MADE_GROUP("Operateurs de serveur", "S-1-5-32-549", rest)                                  \
	MADE_GROUP("Operateurs d'impression", "S-1-5-32-550", rest)                                \
	MADE_GROUP("Operateurs de sauvegarde", "S-1-5-32-551", rest)
#define DN_OF(name) "CN=" name ",CN=Users,DC=chu,DC=example"
#define MEMBER(name) "member: " DN_OF(name) "\n"

#endif
