/* What a refused logon means, in words that say what to do. */
#ifndef COLLECT_BIND_ERRORS_H
#define COLLECT_BIND_ERRORS_H

#include "base/err.h"
#include "base/str.h"

/* The number behind ", data " in AD's diagnostic text ("80090308: LdapErr: DSID-…, comment:
 * AcceptSecurityContext error, data 52e, v4563"); 0 when there is none. */
uint32_t bind_error_data(struct str diagnostic);
/* The sentence for an AD data code of a refused logon, or NULL when it is not in the table. */
const char *bind_error_words(uint32_t data);
/* Fills *err (ERR_SERVER) for the LDAP result code of a bind and returns it. who: the name that
 * was sent, or NULL. */
int bind_error_set(
	struct err *err, const char *uri, const char *who, int code, struct str diagnostic);

#endif
