/* The address of a server: ldap://host[:port], ldaps://host[:port] or ldapi://[path]. */
#ifndef COLLECT_SERVER_H
#define COLLECT_SERVER_H

#include "base/err.h"
#include "base/str.h"

struct server {
	bool tls;	/* ldaps */
	bool local;	/* ldapi: host is the socket's path, percent-encoded, or empty */
	char host[256]; /* name or address, without the brackets of an IPv6 address */
	char port[6];	/* decimal */
	char uri[300];	/* rebuilt from the parts */
};

/* ERR_USAGE on anything else: an LDAP URL's DN, user or options have no place here, and the
 * global catalogue's ports serve only a part of each object. */
int server_parse(const char *uri, struct server *out, struct err *err);
/* "host:port" of an SRV record, with TLS on port 636 or plain. False when it is none. */
bool server_from_srv(struct str host_port, bool tls, struct server *out);
/* The server host, reached as like is: same scheme, same port. False when host is no name or like
 * is a local socket. */
bool server_beside(const struct server *like, struct str host, struct server *out);

#endif
