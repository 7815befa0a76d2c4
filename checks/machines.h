/* What the area "machines" holds in other files. */
#ifndef CHECKS_MACHINES_H
#define CHECKS_MACHINES_H

#include "engine/check.h"

/* machines.c: the system and its version. */
void evidence_system(struct check_cx *cx, const struct ad_object *obj);

/* machines_systems.c: parameter soon_days. */
check_fn obsolete_computer, obsolete_after;
check_fn biomedical_before, obsolete_biomedical, biomedical_after;

#endif
