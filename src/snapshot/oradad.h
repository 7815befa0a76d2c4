/*
 * What ANSSI's ORADAD (3.0 to 3.6) collected, in clear, into a snapshot: the common attributes of
 * each object are in top.tsv, those of its class in user.tsv, group.tsv …; they are joined by DN.
 * docs/oradad.md says what is taken, what ORADAD leaves out and what follows from that.
 */
#ifndef SNAPSHOT_ORADAD_H
#define SNAPSHOT_ORADAD_H

#include "base/progress.h"
#include "snapshot/snapshot.h"

/*
 * path: as for oradad_folder_open(); sysvol: with what the run kept of SYSVOL. Memory stays flat
 * but for 16 bytes an object.
 *
 * META_SOURCE "oradad"; META_COLLECTED_AT metadata's systemtime; META_ORADAD_VERSION its version;
 * META_READER_TOKEN the rootDSE's tokenGroups (of several domains, those that all have);
 * META_ATTRIBUTES_ASKED the columns of top, META_ATTRIBUTES_ASKED_OF "<class>" those of each class.
 * Objects that are deleted or recycled are left out. No secret attribute is kept.
 *
 * Coverage:
 *   "attribute X"   truncated  oradad_cut DN: the cell was cut at 1 MiB
 *   "attribute X"   malformed  bad_cell DN: the cell is not of the attribute's type
 *   "record FILE"   malformed  bad_dn line N: a row without a name, left out
 *   "attribute X"   not_asked  oradad_level N | oradad_confidential | oradad_never: not collected
 *   "table NAME"    missing    no_file: tables.tsv names it, or should, and it is not there
 *   "context DN"    missing    no_file: tables.tsv names no table top of this DNS partition
 *   "object DN"     truncated  not_in_top: known from the table of its class alone
 *   "object DN"     truncated  not_in_typed: it is not in the table of its class
 *   "source oradad" note       oradad_error TEXT: what its log says went wrong;
 *                              no_log: it is not there
 *   "source oradad" truncated  oradad_error TEXT: so that values of some object are missing;
 *                              no_file: a table top; rows_do_not_meet: more than a thousand of
 *                              those above
 *   and those of oradad_sysvol_import(), which is left out when sysvol is false
 */
int oradad_import(struct snapshot_writer *w, const char *path, bool sysvol,
	struct progress *progress, struct err *err);

#endif
