/* A TCP connection with a bound on the wait that an interrupt can end: libldap and OpenSSL get a
 * connected socket. POSIX; part of the transport. */
#ifndef COLLECT_SOCKET_H
#define COLLECT_SOCKET_H

#include "collect/transport.h"

#include <threads.h>

/* A connected, blocking socket, every address of the name tried in turn. *unreachable is set
 * unless the failure is an interrupt. The caller closes *out. */
int socket_connect(const struct target *t, int *out, bool *unreachable, struct err *err);
void socket_close(int fd);
/* Reads and writes that would wait fail instead. */
void socket_set_nonblocking(int fd);

/*
 * Ends a connection from a thread of its own after so many seconds, or when the program is
 * interrupted: a handshake inside a library has no bound of its own that could be relied on.
 */
struct socket_watch {
	int fd, pipe[2];
	int64_t deadline;
	bool cut;
	thrd_t thread;
};
int socket_watch_begin(struct socket_watch *w, int fd, int seconds, struct err *err);
/* True when the connection was ended. */
bool socket_watch_end(struct socket_watch *w);

#endif
