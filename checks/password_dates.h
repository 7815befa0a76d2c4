/* The controls of the area "passwords" that compare the date of a password with another; their rows
 * are in passwords.c. Each is a check_fn for AD_USER; default_password is for AD_COMPUTER. */
#ifndef CHECKS_PASSWORD_DATES_H
#define CHECKS_PASSWORD_DATES_H

#include "checks/common.h"

check_fn password_never_set;
check_fn password_expired;
check_fn password_before_policy;
check_fn default_password;

#endif
