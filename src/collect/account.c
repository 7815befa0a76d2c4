#include "collect/account.h"

#include <string.h>

static struct str upper(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; s.p && i < s.n; i++) {
		p[i] = s.p[i];
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] ^= 'a' ^ 'A';
	}
	return (struct str){ p, s.n };
}

static bool has(struct str s, char c)
{
	return s.n && memchr(s.p, c, s.n);
}

struct account_name account_split(struct str text)
{
	struct account_name n = { 0 };
	struct str rest, first = str_cut(text, '\\', &rest);

	if (rest.p) {
		n.netbios = first;
		n.user = rest;
		return n;
	}
	n.user = text;
	for (size_t i = text.n; i-- > 0;) {
		if (text.p[i] != '@')
			continue;
		n.user.n = i;
		n.realm = (struct str){ text.p + i + 1, text.n - i - 1 };
		break;
	}
	return n;
}

/* A principal's own syntax (krb5_parse_name): what would mean something else in it is escaped. */
static struct str join(struct arena *a, struct str user, struct str realm)
{
	char *p = arena_alloc(a, user.n * 2 + realm.n + 2);
	size_t n = 0;

	for (size_t i = 0; i < user.n; i++) {
		if (user.p[i] == '@' || user.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = user.p[i];
	}
	if (realm.n) {
		p[n++] = '@';
		memcpy(p + n, realm.p, realm.n);
		n += realm.n;
	}
	return (struct str){ p, n };
}

int account_principal(
	struct arena *a, const char *user, const char *domain, const char **out, struct err *err)
{
	struct account_name n = account_split(str_of(user));
	struct str realm = n.realm, rest;

	if (n.user.n == 0 || (n.realm.p && n.realm.n == 0))
		return err_set(err, ERR_USAGE,
			"--user '%s' is no name of an account; write user@REALM.", user);
	if (!n.netbios.n && !n.realm.n && has(n.user, '=') && has(n.user, ','))
		return err_set(err, ERR_USAGE,
			"--user '%s' is a distinguished name, which Kerberos does not know; write "
			"user@REALM.",
			user);
	if (n.netbios.n) {
		if (has(n.netbios, '.'))
			realm = n.netbios;
		else if (domain && str_ieq(n.netbios, str_cut(str_of(domain), '.', &rest)))
			realm = str_of(domain);
		else
			return err_set(err, ERR_USAGE,
				"--user '%s': the short name '%.*s' does not tell Kerberos the "
				"realm; write %.*s@REALM with the DNS name of the domain in "
				"capitals.",
				user, STR_ARG(n.netbios), STR_ARG(n.user));
	} else if (!realm.n && domain) {
		realm = str_of(domain);
	}
	*out = join(a, n.user, upper(a, realm)).p;
	return 0;
}

int account_bind_name(
	struct arena *a, const char *user, const char *domain, const char **out, struct err *err)
{
	struct str u = str_of(user);

	if (u.n == 0)
		return err_set(err, ERR_USAGE,
			"--user is empty; a simple bind without a name is an anonymous one.");
	if (has(u, '@') || has(u, '\\') || has(u, '=')) {
		*out = arena_str(a, u).p;
		return 0;
	}
	if (!domain)
		return err_set(err, ERR_USAGE,
			"--user '%s' does not tell the domain; write %s@DOMAIN, DOMAIN\\%s or a "
			"distinguished name.",
			user, user, user);
	*out = arena_printf(a, "%s@%s", user, domain).p;
	return 0;
}
