/* What the files of the tiering area share. */
#ifndef CHECKS_TIERING_H
#define CHECKS_TIERING_H

#include "engine/check.h"

/* after: undecided where a name of the policy's tiers, or a member of AD's privileged groups, was
 * not read. */
check_fn tiering_resolved;

#endif
