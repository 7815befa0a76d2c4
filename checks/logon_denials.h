/* Whom group policies deny a way to log on to a computer (MS-GPSB 2.2.2). */
#ifndef CHECKS_LOGON_DENIALS_H
#define CHECKS_LOGON_DENIALS_H

#include "engine/check.h"
#include "model/gpo.h"

struct denied {			     /* by one value of one right */
	const struct ad_object *gpo; /* NULL: no policy sets it */
	const struct ad_object **who;
	size_t count;
	bool everybody, local_accounts;
	bool unclear;	       /* names somebody that was not read, or a local group */
	size_t missed, unsure; /* accounts that must be denied */
};

struct denials { /* of one right: what may be in force */
	struct denied values[GPO_CANDIDATES];
	size_t count;
	const char *unknown;
};

/* Whom the policies that reach the computer deny this right (SeDeny…); the lists live in
 * cx_arena(). */
void denials_read(struct check_cx *cx, const struct ad_object *computer, const char *right,
	struct denials *out);
/* Is o, an account or a group, among those that one value denies? */
enum tri denial_holds(const struct model *m, const struct denied *d, const struct ad_object *o);
/* By whichever value is in force? */
enum tri denials_hold(const struct model *m, const struct denials *d, const struct ad_object *o);
/* A SID of a domain that was read whole, and that nobody has, is nobody's. */
bool logon_sid_may_be_somebody(struct check_cx *cx, const struct sid *s);

#endif
