/* The bytes of an LDIF file as UTF-8: gzip and UTF-16 are undone. */
#ifndef SNAPSHOT_LDIF_SOURCE_H
#define SNAPSHOT_LDIF_SOURCE_H

#include "base/err.h"

#include <stddef.h>

struct ldif_source;

/* path must outlive the source. */
int ldif_source_open(const char *path, struct ldif_source **out, struct err *err);
/* Up to room bytes (at least 16) into out; *got is 0 at the end only. A gzip file that is cut short
 * or damaged is ERR_SOURCE. */
int ldif_source_read(struct ldif_source *s, char *out, size_t room, size_t *got, struct err *err);
void ldif_source_close(struct ldif_source *s); /* NULL is fine */

#endif
