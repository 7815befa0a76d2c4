/*
 * The latest logon of every account over all domain controllers of the domain: lastLogon is not
 * replicated (MS-ADTS 3.1.1.5.3), each domain controller, writable or not, knows only the logons
 * that it answered itself.
 */
#ifndef COLLECT_LASTLOGON_H
#define COLLECT_LASTLOGON_H

#include "base/arena.h"
#include "collect/session.h"

/*
 * Asks the domain controllers beside the one of s, one after the other, as like says and with the
 * same credentials, and keeps in s->logons what they know. Writes META_LAST_LOGON when all of them
 * answered whole; otherwise a coverage note each: what another server does not say is no failure.
 * Fails when the connection of s is lost or the user interrupts.
 */
int lastlogon_ask(
	struct session *s, const struct target *like, struct credentials *cr, struct err *err);
/* o with the latest lastLogon, in a; o itself where no other domain controller knows a later one.
 */
struct raw_object lastlogon_merge(
	const struct lastlogons *l, const struct raw_object *o, struct arena *a);
void lastlogon_free(struct lastlogons *l);

#endif
