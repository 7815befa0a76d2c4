/*
 * LDIF (RFC 2849) as ldapsearch, ldifde and others write it, UTF-8 or UTF-16 with a byte order
 * mark, plain or gzip, into a snapshot. Several files make one directory. Memory stays flat.
 */
#ifndef SNAPSHOT_LDIF_H
#define SNAPSHOT_LDIF_H

#include "base/progress.h"
#include "snapshot/snapshot.h"

/* Reads the files one after the other and puts every record; writes META_SOURCE "ldif",
 * META_SERVER, META_LDIF_ALL, META_COLLECTED_AT where the rootDSE says it. Errors name file and
 * line. Change records ("changetype:") are refused with a clear sentence. */
int ldif_import(struct snapshot_writer *w, const char *const *paths, size_t count,
	struct progress *progress, struct err *err);

#endif
