/* Controls on what group policies give domain controllers, for the rows of gpo.c. */
#ifndef CHECKS_GPO_DC_H
#define CHECKS_GPO_DC_H

#include "engine/check.h"
#include "model/gpo.h"

/* Is dc a domain controller whose settings come from group policies? Else it is passed over, or
 * undecided. */
bool gpo_reads_dc(struct check_cx *cx, const struct ad_object *dc);
/* Evidence "gpo": the policy's name for people. */
void evidence_gpo(struct check_cx *cx, const struct ad_object *gpo);

check_fn gpo_dc_audit;	 /* hyg_dc_audit_policy */
check_fn gpo_dc_rights;	 /* hyg_dc_user_rights */
check_fn gpo_dc_weakens; /* hyg_dc_weakened_defaults */

#endif
