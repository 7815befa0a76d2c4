#include "collect/discover.h"

static bool domain_valid(struct str d)
{
	if (d.n == 0 || d.n > 240)
		return false;
	for (size_t i = 0; i < d.n; i++) {
		char c = d.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '_' || (c == '.' && i && d.p[i - 1] != '.')))
			return false;
	}
	return true;
}

static size_t read_list(struct str text, bool tls, struct server *out)
{
	size_t n = 0;

	while (text.p && n < LIMIT_SERVERS) {
		struct str one = str_cut(text, ' ', &text);

		if (one.n && server_from_srv(one, tls, &out[n]))
			n++;
	}
	return n;
}

int discover_servers(const struct transport *t, const char *domain, bool tls, struct arena *a,
	struct server_list *out, struct err *err)
{
	struct server *list = ARENA_ARRAY(a, struct server, LIMIT_SERVERS);
	struct buf found = { .max = 65536 };
	size_t n = 0;
	int rc = 0;

	if (!domain_valid(str_of(domain)))
		return err_set(err, ERR_USAGE,
			"--domain '%s' is no DNS name of a domain, such as chu.example.", domain);
	/* The first name holds domain controllers only, the second one any LDAP server. */
	const char *const names[] = { arena_printf(a, "dc._msdcs.%s", domain).p, domain };
	for (size_t i = 0; i < ARRAY_LEN(names) && !rc && n == 0; i++) {
		buf_clear(&found);
		rc = t->lookup(names[i], &found, err);
		if (!rc)
			n = read_list(buf_str(&found), tls, list);
	}
	buf_free(&found);
	if (rc)
		return rc;
	if (n == 0)
		return err_set(err, ERR_SERVER,
			"DNS names no domain controller of '%s' (SRV records "
			"_ldap._tcp.dc._msdcs.%s and _ldap._tcp.%s): check the spelling, make this "
			"machine ask the domain's DNS servers, or name one with --server.",
			domain, domain, domain);
	*out = (struct server_list){ list, n };
	return 0;
}
