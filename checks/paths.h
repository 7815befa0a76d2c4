/* What other areas ask of the controls about control paths. */
#ifndef CHECKS_PATHS_H
#define CHECKS_PATHS_H

#include "checks/common.h"

/* For .after: undecided where an account, group, controller, head of a context, AdminSDHolder,
 * container or policy of tier 0 may be there that was not looked at. */
void path_targets_known(struct check_cx *cx);
/* Notes of which policies it is not known who may change their files. */
void note_file_rights(struct check_cx *cx);

#endif
