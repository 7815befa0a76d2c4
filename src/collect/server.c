#include "collect/server.h"

#include <stdio.h>
#include <string.h>

static bool port_valid(struct str port)
{
	uint64_t n;

	return port.n <= 5 && str_to_u64(port, &n) && n > 0 && n <= 65535;
}

static bool host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

static bool host_valid(struct str host, bool address6)
{
	if (host.n == 0 || host.n > 255)
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (!host_byte(host.p[i]) && !(address6 && (host.p[i] == ':' || host.p[i] == '%')))
			return false;
	return true;
}

static bool path_valid(struct str path)
{
	if (path.n > 255)
		return false;
	for (size_t i = 0; i < path.n; i++)
		if (!host_byte(path.p[i]) && path.p[i] != '%')
			return false;
	return true;
}

/* host, host:port, [address] or [address]:port. */
static bool split_authority(struct str text, struct str *host, struct str *port, bool *address6)
{
	const char *close;

	*port = (struct str){ NULL, 0 };
	*address6 = text.n && text.p[0] == '[';
	if (!*address6) {
		*host = str_cut(text, ':', port);
		return !port->p || port_valid(*port);
	}
	close = memchr(text.p, ']', text.n);
	if (!close)
		return false;
	*host = (struct str){ text.p + 1, (size_t)(close - text.p) - 1 };
	text = (struct str){ close + 1, text.n - host->n - 2 };
	if (text.n == 0)
		return true;
	if (text.p[0] != ':')
		return false;
	*port = (struct str){ text.p + 1, text.n - 1 };
	return port_valid(*port);
}

static void fill(struct server *s, struct str host, struct str port, bool address6)
{
	memcpy(s->host, host.p, host.n);
	snprintf(s->port, sizeof(s->port), "%.*s", STR_ARG(port));
	snprintf(s->uri, sizeof(s->uri), "%s://%s%s%s:%s", s->tls ? "ldaps" : "ldap",
		address6 ? "[" : "", s->host, address6 ? "]" : "", s->port);
}

int server_parse(const char *uri, struct server *out, struct err *err)
{
	struct server s = { 0 };
	struct str text = str_of(uri), host, port;
	bool address6;

	if (str_istarts(text, STR("ldapi://"))) {
		struct str path = { text.p + 8, text.n - 8 };

		if (path.n && path.p[path.n - 1] == '/')
			path.n--;
		if (!path_valid(path))
			return err_set(err, ERR_USAGE,
				"'%s' is no ldapi:// address; write the path of the socket with "
				"%%2F for /, as in ldapi://%%2Frun%%2Fldapi.",
				uri);
		s.local = true;
		memcpy(s.host, path.p, path.n);
		snprintf(s.uri, sizeof(s.uri), "ldapi://%s", s.host);
		*out = s;
		return 0;
	}
	s.tls = str_istarts(text, STR("ldaps://"));
	if (!s.tls && !str_istarts(text, STR("ldap://")))
		return err_set(err, ERR_USAGE,
			"'%s' is no address of a server; write ldaps://NAME, ldap://NAME or "
			"ldapi://PATH.",
			uri);
	text = (struct str){ text.p + (s.tls ? 8 : 7), text.n - (s.tls ? 8 : 7) };
	if (text.n && text.p[text.n - 1] == '/')
		text.n--;
	if (!split_authority(text, &host, &port, &address6) || !host_valid(host, address6))
		return err_set(err, ERR_USAGE,
			"'%s' is no address of a server; write ldaps://NAME or ldap://NAME, with "
			":PORT where it is not the usual one.",
			uri);
	if (str_eq(port, STR("3268")) || str_eq(port, STR("3269")))
		return err_set(err, ERR_USAGE,
			"'%s' is a global catalogue, which holds only a part of every object; use "
			"port 389 or 636.",
			uri);
	fill(&s, host, port.p ? port : s.tls ? STR("636") : STR("389"), address6);
	*out = s;
	return 0;
}

bool server_from_srv(struct str host_port, bool tls, struct server *out)
{
	struct server s = { .tls = tls };
	struct str port, host = str_cut(host_port, ':', &port);

	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	if (!host_valid(host, false) || !port_valid(port))
		return false;
	/* SRV records name the port of plain LDAP; LDAPS has none of its own. */
	fill(&s, host, tls ? STR("636") : port, false);
	*out = s;
	return true;
}

bool server_beside(const struct server *like, struct str host, struct server *out)
{
	struct server s = { .tls = like->tls };

	if (like->local || !host_valid(host, false))
		return false;
	fill(&s, host, str_of(like->port), false);
	*out = s;
	return true;
}
