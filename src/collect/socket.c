#include "collect/socket.h"

#include "base/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLICE_MS 200 /* between two looks at the interrupt flag */

/* 0 when connected, an errno, or ERR_INTERRUPTED. */
static int wait_connected(int fd, int64_t deadline, struct err *err)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int failed = 0;
	socklen_t n = sizeof(failed);

	for (;;) {
		int rc = poll(&p, 1, SLICE_MS);

		if (rc < 0 && errno != EINTR)
			return errno;
		if (platform_check_interrupted(err))
			return err->code;
		if (rc > 0)
			break;
		if (platform_monotonic_ms() >= deadline)
			return ETIMEDOUT;
	}
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &n) ? errno : failed;
}

static int try_address(const struct addrinfo *a, int seconds, int *out, struct err *err)
{
	int one = 1, failed = 0;
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return errno;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	if (connect(fd, a->ai_addr, a->ai_addrlen)) {
		failed = errno;
		if (failed == EINPROGRESS || failed == EINTR)
			failed = wait_connected(
				fd, platform_monotonic_ms() + (int64_t)seconds * 1000, err);
	}
	if (failed) {
		close(fd);
		return failed;
	}
	fcntl(fd, F_SETFL, 0);
	*out = fd;
	return 0;
}

int socket_connect(const struct target *t, int *out, bool *unreachable, struct err *err)
{
	const struct server *s = t->server;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int failed = getaddrinfo(s->host, s->port, &hints, &list);

	*unreachable = true;
	if (failed)
		return err_set(err, ERR_SERVER,
			"The name of the server '%s' does not resolve (%s): check its spelling and "
			"this machine's DNS.",
			s->host, gai_strerror(failed));
	for (struct addrinfo *a = list; a; a = a->ai_next) {
		failed = try_address(a, t->timeout_seconds, out, err);
		if (!failed || failed == ERR_INTERRUPTED)
			break;
	}
	freeaddrinfo(list);
	if (!failed) {
		*unreachable = false;
		return 0;
	}
	if (failed == ERR_INTERRUPTED) {
		*unreachable = false;
		return failed;
	}
	if (failed == ETIMEDOUT)
		return err_set(err, ERR_SERVER,
			"No answer from %s within %d seconds: check that the server runs and that "
			"no firewall stands between (port %s), or raise --timeout.",
			s->uri, t->timeout_seconds, s->port);
	return err_set(err, ERR_SERVER,
		"Cannot connect to %s: %s. Check that the server runs, that it listens on port %s "
		"and that no firewall refuses it.",
		s->uri, strerror(failed), s->port);
}

void socket_close(int fd)
{
	close(fd);
}

void socket_set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

static int watch(void *cx)
{
	struct socket_watch *w = cx;
	struct pollfd p = { .fd = w->pipe[0], .events = POLLIN };

	while (poll(&p, 1, SLICE_MS) <= 0) {
		if (!platform_interrupted() && platform_monotonic_ms() < w->deadline)
			continue;
		shutdown(w->fd, SHUT_RDWR);
		w->cut = true;
		break;
	}
	return 0;
}

int socket_watch_begin(struct socket_watch *w, int fd, int seconds, struct err *err)
{
	*w = (struct socket_watch){ .fd = fd,
		.deadline = platform_monotonic_ms() + (int64_t)seconds * 1000 };
	if (pipe(w->pipe))
		return err_set(err, ERR_INTERNAL, "No pipe from the system: %s.", strerror(errno));
	if (thrd_create(&w->thread, watch, w) == thrd_success)
		return 0;
	close(w->pipe[0]);
	close(w->pipe[1]);
	return err_set(err, ERR_INTERNAL, "No thread from the system.");
}

bool socket_watch_end(struct socket_watch *w)
{
	close(w->pipe[1]);
	thrd_join(w->thread, NULL);
	close(w->pipe[0]);
	return w->cut;
}
