/* The forms in which an administrator may write an account's name, and what each logon takes. */
#ifndef COLLECT_ACCOUNT_H
#define COLLECT_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A Kerberos principal, zero-terminated, in a: user@REALM with the realm in capitals, as AD has
 * it; user alone gets the realm of `domain` (--domain, or NULL), else stays without one, so that
 * krb5.conf's default applies. DOMAIN\user works where DOMAIN is a DNS name or the first label of
 * `domain`; a NetBIOS name alone does not tell the realm, nor does a DN: ERR_USAGE.
 */
int account_principal(
	struct arena *a, const char *user, const char *domain, const char **out, struct err *err);
/*
 * The name of a simple bind (MS-ADTS 5.1.1.1.1): user@domain, DOMAIN\user and a DN go as they are;
 * user alone becomes user@domain where `domain` is known, else ERR_USAGE.
 */
int account_bind_name(
	struct arena *a, const char *user, const char *domain, const char **out, struct err *err);

/* An account's name and what qualifies it. The views live as long as the text. */
struct account_name {
	struct str user;
	struct str realm;   /* behind the '@'; empty when there is none */
	struct str netbios; /* before the '\'; empty when there is none */
};
struct account_name account_split(struct str text);

#endif
