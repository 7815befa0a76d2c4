/* What importers need of the writer beyond snapshot/snapshot.h. */
#ifndef SNAPSHOT_WRITER_H
#define SNAPSHOT_WRITER_H

#include "snapshot/snapshot.h"

/* A coverage entry about one object. attribute {NULL,0}: need "object DN", detail the code.
 * Otherwise: need "attribute X", detail the code, a space, and the DN up to the end. */
int snapshot_put_damage(struct snapshot_writer *w, struct str dn, struct str attribute,
	enum coverage_state state, const char *code, struct err *err);

#endif
