/* Objects from the server into the snapshot: whole naming contexts, page by page, and the rest of
 * ranged values. */
#ifndef COLLECT_OBJECTS_H
#define COLLECT_OBJECTS_H

#include "collect/session.h"

/*
 * Reads the subtree of one naming context. What the server refuses or cuts becomes coverage; a lost
 * connection, and a domain that cannot be read at all, are errors.
 */
int objects_read_context(struct session *s, const struct plan_context *context, struct err *err);
/* An entry_fn over struct session: puts one object, with the rest of its ranged values. */
int objects_take(void *cx, const struct raw_object *o, struct err *err);

#endif
