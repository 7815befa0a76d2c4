/* What the rows of backup.c share with the one on logons. */
#ifndef CHECKS_BACKUP_H
#define CHECKS_BACKUP_H

#include "engine/check.h"

/* Is an account of the backup one of a program's? Those that the policy names are; of the members
 * of its groups and units, those that look like it: the others are people. */
enum tri backup_is_deposit(const struct model *m, const struct ad_object *o);
/* Says undecided() of o for what leaves that open. Always 0. */
int backup_deposit_unknown(struct check_cx *cx, const struct ad_object *o);

check_fn backup_deposit_logon;	     /* hyg_backup_interactive_logon: which accounts it is about */
check_fn backup_deposit_logon_after; /* and where each may log on */

#endif
