/* The domain controllers of a domain, by DNS SRV records (MS-ADTS 6.3.2.3). */
#ifndef COLLECT_DISCOVER_H
#define COLLECT_DISCOVER_H

#include "collect/options.h"
#include "collect/transport.h"

/* In order of preference, in a. tls: LDAPS rather than plain LDAP. ERR_SERVER when DNS names none;
 * ERR_USAGE when domain is no name of a domain. */
int discover_servers(const struct transport *t, const char *domain, bool tls, struct arena *a,
	struct server_list *out, struct err *err);

#endif
