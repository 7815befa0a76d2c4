/*
 * Tickets, by libkrb5: from the user's cache, from a keytab or from a password. What this program
 * obtains itself goes into a MEMORY cache that ends with it; nothing is written to disk. Errors
 * say what to do.
 */
#ifndef COLLECT_KERBEROS_H
#define COLLECT_KERBEROS_H

#include "collect/secret.h"

struct kerberos;

struct kerberos_request {
	const char *principal;	       /* as account_principal() gives; NULL: see keytab, cache */
	const struct secret *password; /* NULL or empty: none */
	const char *keytab;	       /* NULL: none; principal NULL means its first one */
};

/*
 * Password or keytab: asks the KDC once for a ticket. Neither: looks for one in the caches. Also
 * makes it the one that GSSAPI uses in this thread until kerberos_release().
 */
int kerberos_acquire(const struct kerberos_request *rq, struct kerberos **out, struct err *err);
/* Obtains the ticket for ldap/<host>: GSSAPI would do the same, but could not say what failed. */
int kerberos_ticket_for(struct kerberos *k, const char *host, struct err *err);
/* Copies the tickets to a new cache file, readable by its owner only. */
int kerberos_write_cache(struct kerberos *k, const char *path, struct err *err);
/* The name in the ticket, user@REALM; lives as long as k. */
const char *kerberos_principal(const struct kerberos *k);
/* Destroys a cache of ours; NULL is fine. */
void kerberos_release(struct kerberos *k);

#endif
