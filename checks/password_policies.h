/* The controls of the area "passwords" that look at policies: domain heads and PSOs; their rows are
 * in passwords.c. Each is a check_fn for AD_DOMAIN and AD_PSO, or for AD_PSO alone. */
#ifndef CHECKS_PASSWORD_POLICIES_H
#define CHECKS_PASSWORD_POLICIES_H

#include "checks/common.h"

check_fn forced_renewal;
check_fn lockout_policy;
check_fn password_history;
check_fn minimum_age;
check_fn pso_without_effect;

#endif
