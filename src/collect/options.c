#include "collect/options.h"

#include "base/platform.h"
#include "collect/tls_diagnose.h"

#include <stdio.h>

static int check_source(const struct collect_options *o, struct err *err)
{
	if (!o->server_count == !o->domain)
		return err_set(
			err, ERR_USAGE, "Name the directory with --domain or with --server.");
	if (o->server_count > LIMIT_SERVERS)
		return err_set(err, ERR_USAGE, "More than %u --server.", LIMIT_SERVERS);
	return 0;
}

static int check_simple(const struct collect_options *o, struct err *err)
{
	if (!o->user || !*o->user)
		return err_set(err, ERR_USAGE, "--auth simple needs --user.");
	if (!o->password_file)
		return err_set(err, ERR_USAGE,
			"--auth simple needs --password-file; a password has no place in a command "
			"line.");
	if (o->keytab)
		return err_set(err, ERR_USAGE, "--keytab goes with --auth gssapi.");
	return 0;
}

static int check_external(const struct collect_options *o, struct err *err)
{
	if (o->user || o->password_file || o->keytab)
		return err_set(err, ERR_USAGE,
			"--auth external takes no --user, --password-file or --keytab: the server "
			"asks the system who you are.");
	if (o->domain)
		return err_set(err, ERR_USAGE, "--auth external needs --server ldapi://PATH.");
	return 0;
}

static int check_gssapi(const struct collect_options *o, struct err *err)
{
	FILE *f;

	if (o->user && !*o->user)
		return err_set(err, ERR_USAGE, "--user is empty.");
	if (o->keytab && o->password_file)
		return err_set(err, ERR_USAGE,
			"--keytab and --password-file are two ways to prove who you are; give "
			"one.");
	if (o->password_file && !o->user)
		return err_set(err, ERR_USAGE, "--password-file needs --user.");
	if (!o->keytab)
		return 0;
	f = platform_open_read(o->keytab, ERR_USAGE, err);
	if (!f)
		return err->code;
	fclose(f);
	return 0;
}

static int check_server(const struct collect_options *o, const struct server *s, struct err *err)
{
	if (o->starttls && (s->tls || s->local))
		return err_set(err, ERR_USAGE,
			"--starttls goes with ldap://, and '%s' is another kind of connection.",
			s->uri);
	if (o->auth == AUTH_EXTERNAL && !s->local)
		return err_set(err, ERR_USAGE,
			"--auth external works over ldapi:// only, and '%s' is not.", s->uri);
	if (o->auth == AUTH_SIMPLE && !s->tls && !o->starttls)
		return err_set(err, ERR_USAGE,
			"--auth simple sends the password, and only goes through TLS: write "
			"ldaps:// or add --starttls for '%s'.",
			s->uri);
	return 0;
}

int collect_options_check(
	const struct collect_options *o, struct arena *a, struct server_list *out, struct err *err)
{
	static int (*const checks[])(const struct collect_options *, struct err *) = {
		[AUTH_GSSAPI] = check_gssapi,
		[AUTH_SIMPLE] = check_simple,
		[AUTH_EXTERNAL] = check_external,
	};
	struct server *list = ARENA_ARRAY(a, struct server, o->server_count);

	if (check_source(o, err) || checks[o->auth](o, err))
		return err->code;
	for (size_t i = 0; i < o->server_count; i++)
		if (server_parse(o->servers[i], &list[i], err) || check_server(o, &list[i], err))
			return err->code;
	if (o->ca_file && tls_check_ca_file(o->ca_file, err))
		return err->code;
	*out = (struct server_list){ list, o->server_count };
	return 0;
}
