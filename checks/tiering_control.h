/* Controls on who controls what the policy declares for its tiers, for the rows of tiering.c. */
#ifndef CHECKS_TIERING_CONTROL_H
#define CHECKS_TIERING_CONTROL_H

#include "engine/check.h"

check_fn tiering_control_crossing; /* hyg_tier_control_crossing */
check_fn tiering_tiers_declared;   /* before */
check_fn tiering_control_known;	   /* after */
check_fn tiering_gpo_editable;	   /* hyg_tier0_gpo_editable */
check_fn tiering_gpo_known;	   /* after */

#endif
