/* oradad.log: 8-bit text, a line a message, cells separated by a TAB. What it says was cut or went
 * wrong. */
#ifndef SNAPSHOT_ORADAD_LOG_H
#define SNAPSHOT_ORADAD_LOG_H

#include "base/hash.h"
#include "snapshot/snapshot.h"

/* Zero-initialise; oradad_log_free() gives it back. */
struct oradad_log {
	struct arena arena;
	struct hash known; /* attributes of objects whose cell showed the cut itself */
};

/* dn's attribute was found cut, and coverage says so. */
void oradad_log_known(struct oradad_log *l, struct str dn, struct str attribute);
/* Puts coverage for what the file tells beyond that. */
int oradad_log_read(
	struct oradad_log *l, const char *path, struct snapshot_writer *w, struct err *err);
void oradad_log_free(struct oradad_log *l);

#endif
