/* Controls on who may log on where, by the group policies of the computers' units, for the rows of
 * tiering.c. */
#ifndef CHECKS_TIERING_LOGON_H
#define CHECKS_TIERING_LOGON_H

#include "engine/check.h"

check_fn tiering_logon_down;	  /* hyg_tier_admin_logon_down */
check_fn tiering_deny_logon;	  /* hyg_tier0_deny_logon */
check_fn tiering_needs_computers; /* before: does the policy declare lower tiers? */
check_fn tiering_logon_known;	  /* after */
check_fn tiering_deny_known;	  /* after */

#endif
