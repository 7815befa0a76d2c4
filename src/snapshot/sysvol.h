/*
 * A copy of SYSVOL, or of its Policies folder, into a snapshot: the files by which group policies
 * say something (those that ANSSI's ORADAD copies), whatever the case of their names and wherever
 * below the folder the {GUID} folders stand, with braces or without.
 */
#ifndef SNAPSHOT_SYSVOL_H
#define SNAPSHOT_SYSVOL_H

#include "base/progress.h"
#include "snapshot/snapshot.h"

/*
 * Walks the folder in the order of names and puts what matters. Scripts and packages are put
 * without their bytes: that they are there is enough, and scripts hold passwords. Symbolic links
 * are not followed. META_SYSVOL "copy".
 *
 * ERR_SOURCE when it is no folder or no policy's folder is below it.
 *
 * Coverage:
 *   "sysvol"       ok         files N
 *   "sysvol"       truncated  too_many_files: over a bound of limits.h, the walk was ended
 *   "sysvol PATH"  denied     folder_not_opened | file_not_opened
 *   "sysvol PATH"  truncated  path_too_long | too_deep: what is below was left out
 *   "sysvol PATH"  truncated  file_too_large
 *   "sysvol PATH"  note       link_not_followed
 */
int sysvol_import(
	struct snapshot_writer *w, const char *folder, struct progress *progress, struct err *err);

#endif
