/* The checks of sprawl.c's table that look at groups. */
#ifndef CHECKS_SPRAWL_H
#define CHECKS_SPRAWL_H

#include "checks/common.h"

check_fn orphan_members, orphan_members_after, exchange_group, exchange_group_after;

#endif
