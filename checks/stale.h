/* What the area "stale" holds in other files. */
#ifndef CHECKS_STALE_H
#define CHECKS_STALE_H

#include "engine/check.h"

/* stale_objects.c: parameter min_days. */
check_fn empty_group, empty_unit, unlinked_gpo;

/* stale_hr.c: the export of human resources. */
check_fn hr_before, hr_left, hr_after, hr_unknown, manager_left;

#endif
