/* What several areas ask of an account's second factor. */
#ifndef CHECKS_MFA_H
#define CHECKS_MFA_H

#include "engine/check.h"

/* Is what the policy's evidence says of obj, who must have a second factor, a finding? Else it is
 * quiet, passed over (the policy excepts it) or undecided, and that was said. */
bool mfa_is_missing(struct check_cx *cx, const struct ad_object *obj, const struct mfa *mfa);
/* The evidence of that finding. */
void mfa_evidence_lines(struct check_cx *cx, const struct mfa *mfa);

/* mfa_exports.c: what is wrong with the exports themselves. */
check_fn mfa_export_before, mfa_export_unmatched, mfa_export_dated_before, mfa_export_stale;

#endif
