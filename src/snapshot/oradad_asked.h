/* Which attributes a run of ORADAD asked for, of which class of object. */
#ifndef SNAPSHOT_ORADAD_ASKED_H
#define SNAPSHOT_ORADAD_ASKED_H

#include "snapshot/oradad_about.h"

/* Puts META_ATTRIBUTES_ASKED, META_ATTRIBUTES_ASKED_OF each class, and coverage for what no table
 * has. Of a table that several naming contexts have, what all of them ask. */
int oradad_asked_put(const struct oradad_tables *tables, const struct oradad_folder *f,
	const struct oradad_about *about, struct snapshot_writer *w, struct err *err);

#endif
