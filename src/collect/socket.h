/* A TCP connection with a bound on the wait that an interrupt can end: libldap and OpenSSL get a
 * connected socket. POSIX; part of the transport. */
#ifndef COLLECT_SOCKET_H
#define COLLECT_SOCKET_H

#include "collect/transport.h"

/* A connected, blocking socket, every address of the name tried in turn. *unreachable is set
 * unless the failure is an interrupt. The caller closes *out. */
int socket_connect(const struct target *t, int *out, bool *unreachable, struct err *err);
void socket_close(int fd);

#endif
