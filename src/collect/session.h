/* One logged-on connection and where its objects go; what collect.c, objects.c, identity.c
 * and lastlogon.c share. */
#ifndef COLLECT_SESSION_H
#define COLLECT_SESSION_H

#include "collect/plan.h"
#include "collect/transport.h"
#include "snapshot/idmap.h"

/* What the other domain controllers know, by a hash of objectGUID. */
struct lastlogons {
	struct idmap accounts; /* index in at */
	int64_t *at;	       /* the latest lastLogon (FILETIME) */
	uint32_t count, room;
};

struct session {
	const struct transport *t;
	struct connection *c;
	const struct server *server;
	struct snapshot_writer *w;
	struct progress *progress;
	const char *logon; /* the name that logged on, or NULL */
	struct plan plan;
	struct lastlogons logons;
	uint64_t objects; /* put so far */
};

/* Coverage whose need is "<kind> <name>" and whose detail is printed. */
int session_note(struct session *s, const char *kind, struct str name, enum coverage_state state,
	struct err *err, const char *detail, ...) PRINTF_LIKE(6, 7);

#endif
