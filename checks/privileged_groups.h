/* The controls of the area "privileged" that look at groups; their rows are in privileged.c. Each
 * is a check_fn for AD_GROUP, the ones that end with _after for the end. */
#ifndef CHECKS_PRIVILEGED_GROUPS_H
#define CHECKS_PRIVILEGED_GROUPS_H

#include "checks/common.h"

check_fn group_loop;
check_fn privileged_nesting;
check_fn privileged_nesting_after;
check_fn operator_groups;
check_fn operator_groups_after;
check_fn privileged_not_empty;
check_fn foreign_member;
check_fn foreign_member_after;
check_fn unprotected_members;
check_fn recently_changed;

#endif
