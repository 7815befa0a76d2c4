/* What ORADAD kept of SYSVOL: sysvol.tsv of each domain, a row a file or folder, and the copies of
 * the files that its filter takes. */
#ifndef SNAPSHOT_ORADAD_SYSVOL_H
#define SNAPSHOT_ORADAD_SYSVOL_H

#include "base/progress.h"
#include "snapshot/oradad_folder.h"
#include "snapshot/oradad_tables.h"
#include "snapshot/snapshot.h"

/*
 * META_SYSVOL "oradad" when a table with files was there. Paths are those of snapshot/sysvol.h,
 * below a folder of the domain's name. ERR_SOURCE with file and line: a column is missing, a path
 * leaves SYSVOL.
 *
 * Coverage: that of sysvol_walk(), and
 *   "sysvol"       missing    no_table DOMAIN: process_sysvol was 0, or the file is not there
 *   "sysvol"       missing    no_rows DOMAIN: the table names no file
 *   "sysvol"       not_asked  no_path N: files and folders of which it is not said where they are
 *   "sysvol"       denied     windows_error N: one of those, that Windows did not open (paths over
 *                             260 characters)
 *   "sysvol"       truncated  path_too_long: over a bound of limits.h
 *   "sysvol PATH"  denied     windows_error N: Windows' error for this file or folder
 *   "sysvol PATH"  missing    no_copy: the row says that it was taken, and it is not there
 *   "sysvol PATH"  missing    no_row: a folder without a row of its own: others may lack
 *   "sysvol PATH"  truncated  copy_differs: of another size than the file (over 1 MiB, ORADAD
 *                             drops parts of it)
 *   "sysvol PATH"  malformed  listed_twice | no_folder: what stands below it is there as well
 *   "sysvol PATH"  not_asked  not_in_filter: a file with settings that ORADAD's filter left out
 */
int oradad_sysvol_import(struct snapshot_writer *w, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct progress *progress, struct err *err);

#endif
