/* Inside src/model: the pieces of evidence of a second factor that the policy names. */
#ifndef MODEL_MFA_SOURCES_H
#define MODEL_MFA_SOURCES_H

#include "model/mfa_export.h"
#include "model/state.h"

struct mfa_source {
	enum mfa_evidence_kind kind;
	struct scope_name group;   /* MFA_GROUP */
	struct mfa_export *export; /* MFA_CSV */
	struct str evidence;	   /* "smartcard_required", "group:…", "csv:…" */
};

struct mfa_proof {
	enum tri covers;
	bool weak;	    /* a method that is weak, and none that is not */
	const char *reason; /* covers UNKNOWN: a code */
};

int mfa_source_load(
	struct model *m, struct mfa_source *s, const struct mfa_evidence *from, struct err *err);
void mfa_source_free(struct mfa_source *s);
struct mfa_proof mfa_source_proves(
	const struct model *m, const struct mfa_source *s, const struct ad_object *o);

/* mfa_devices.c: the devices by which key credentials are known. */
void devices_build(struct model *m);
void devices_free(struct model *m);

#endif
