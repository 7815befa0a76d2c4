/* One logged-on connection and where its objects go; what collect.c, objects.c and identity.c
 * share. */
#ifndef COLLECT_SESSION_H
#define COLLECT_SESSION_H

#include "collect/plan.h"
#include "collect/transport.h"

struct session {
	const struct transport *t;
	struct connection *c;
	const struct server *server;
	struct snapshot_writer *w;
	struct progress *progress;
	const char *logon; /* the name that logged on, or NULL */
	struct plan plan;
	uint64_t objects; /* put so far */
};

/* Coverage whose need is "<kind> <name>" and whose detail is printed. */
int session_note(struct session *s, const char *kind, struct str name, enum coverage_state state,
	struct err *err, const char *detail, ...) PRINTF_LIKE(6, 7);

#endif
