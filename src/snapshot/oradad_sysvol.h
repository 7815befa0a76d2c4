/* What ORADAD kept of SYSVOL: sysvol.tsv of each domain, a row a file or folder, and the copies of
 * the files that its filter takes. */
#ifndef SNAPSHOT_ORADAD_SYSVOL_H
#define SNAPSHOT_ORADAD_SYSVOL_H

#include "base/progress.h"
#include "snapshot/oradad_folder.h"
#include "snapshot/oradad_tables.h"
#include "snapshot/snapshot.h"

/*
 * META_SYSVOL "oradad" when a table was there. Paths are those of snapshot/sysvol.h.
 *
 * Coverage: that of sysvol_walk(), and
 *   "sysvol"       missing    no_table DOMAIN: process_sysvol was 0, or the file is not there
 *   "sysvol PATH"  denied     oradad_error N: Windows' error for this file
 *   "sysvol PATH"  missing    no_copy: the row says that it was taken, and it is not there
 *   "sysvol PATH"  not_asked  not_in_filter: an XML file that ORADAD's filter left out
 */
int oradad_sysvol_import(struct snapshot_writer *w, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct progress *progress, struct err *err);

#endif
