/* What is read: which attributes, which naming contexts, which controls the server knows. */
#ifndef COLLECT_PLAN_H
#define COLLECT_PLAN_H

#include "base/arena.h"
#include "snapshot/snapshot.h"

/* The rootDSE attributes that are asked for by name (MS-ADTS 3.1.1.3.2). */
extern const char *const plan_root_attributes[];

struct plan_context {
	const char *dn;
	bool required; /* without it there is nothing to audit: the domain */
	bool hosted;   /* the server's namingContexts has it */
};

/* All strings in the arena given to plan_make(). */
struct plan {
	const char *const *attributes; /* NULL-terminated: attrs.def, nTSecurityDescriptor, extra */
	struct plan_context contexts[5];
	size_t context_count;
	const char *domain;		    /* the domain's DN */
	const char *configuration;	    /* the configuration's DN, or NULL */
	const char *service;		    /* DN of the server's NTDS Settings, or NULL */
	const char *host;		    /* the server's DNS name, or NULL */
	const char *current_time;	    /* as the rootDSE has it, or NULL */
	bool paged, sd_flags, domain_scope; /* supportedControl has them */
	bool whoami;			    /* supportedExtension has it */
};

/*
 * From the rootDSE. extra: attributes that a policy reads beside attrs.def; what is secret or
 * constructed (computed by the server, object by object; some fail a whole subtree search) is left
 * out of the plan and goes to coverage by plan_note_left_out(). ERR_SERVER when the server is no
 * domain controller of AD.
 */
int plan_make(struct arena *a, const struct raw_object *root, const struct str *extra,
	size_t extra_count, struct plan *out, struct err *err);
/* The wanted attributes that nobody asks a server for. */
int plan_note_left_out(
	struct snapshot_writer *w, const struct str *extra, size_t count, struct err *err);
/* True for a constructed attribute of MS-ADTS 3.1.1.4.5. */
bool plan_is_constructed(struct str attribute);

#endif
