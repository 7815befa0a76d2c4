#include "collect/collect.h"

#include "ad/filetime.h"
#include "base/datetime.h"
#include "base/platform.h"
#include "collect/discover.h"
#include "collect/identity.h"
#include "collect/lastlogon.h"
#include "collect/objects.h"
#include "collect/options.h"
#include "collect/account.h"
#include "collect/session.h"
#include "collect/smb.h"

#include <stdarg.h>
#include <stdio.h>

#define DEFAULT_TIMEOUT 30

int session_note(struct session *s, const char *kind, struct str name, enum coverage_state state,
	struct err *err, const char *detail, ...)
{
	struct buf need = { 0 };
	char text[256];
	va_list ap;
	int rc;

	va_start(ap, detail);
	vsnprintf(text, sizeof(text), detail, ap);
	va_end(ap);
	buf_printf(&need, "%s ", kind);
	buf_put_str(&need, name);
	rc = snapshot_put_coverage(s->w, buf_str(&need), state, str_of(text), err);
	buf_free(&need);
	return rc;
}

/* ---- logging on ---- */

struct logon {
	const struct transport *t;
	const struct collect_options *o;
	struct server_list servers;
	struct target target; /* of the server that answered */
	struct credentials *cr;
	struct connection *c;
	struct secret password;
};

/* Tries the servers in order. Only one that cannot be reached makes room for the next: to repeat a
 * wrong password would lock the account. */
static int connect_any(struct logon *l, struct credentials *cr, struct err *err)
{
	struct buf reasons = { .max = sizeof(err->text) - 128 };
	bool unreachable = true;
	int rc = ERR_SERVER;

	for (size_t i = 0; i < l->servers.count && unreachable; i++) {
		l->target.server = &l->servers.at[i];
		rc = l->t->open(&l->target, &l->c, &unreachable, err);
		if (!rc) {
			rc = l->t->bind(l->c, cr, &unreachable, err);
			if (!rc)
				break;
			l->t->close(l->c);
			l->c = NULL;
		}
		buf_printf(&reasons, " %s", err->text);
	}
	if (rc && unreachable && l->servers.count > 1)
		err_set(err, ERR_SERVER, "None of the %zu servers can be reached.%s",
			l->servers.count, buf_z(&reasons));
	buf_free(&reasons);
	return rc;
}

static int acquire(struct logon *l, struct credentials **out, struct err *err)
{
	struct login login = {
		.auth = l->o->auth,
		.user = l->o->user,
		.domain = l->o->domain,
		.keytab = l->o->keytab,
		.password = &l->password,
	};
	int rc = 0;

	if (l->o->password_file)
		rc = secret_read(l->o->password_file, &l->password, err);
	if (!rc)
		rc = l->t->acquire(&login, out, err);
	/* SYSVOL is logged on to on its own. */
	if (rc || !l->o->sysvol)
		secret_wipe(&l->password);
	return rc;
}

static int log_on(struct logon *l, struct arena *a, const char **name, struct err *err)
{
	const struct collect_options *o = l->o;
	const char *who;
	int rc = collect_options_check(o, a, &l->servers, err);

	l->target = (struct target){ .starttls = o->starttls,
		.ca_file = o->ca_file,
		.timeout_seconds = o->timeout_seconds > 0 ? o->timeout_seconds : DEFAULT_TIMEOUT };
	if (!rc && o->domain)
		rc = discover_servers(l->t, o->domain, o->auth == AUTH_SIMPLE && !o->starttls, a,
			&l->servers, err);
	if (!rc)
		rc = acquire(l, &l->cr, err);
	if (!rc)
		rc = connect_any(l, l->cr, err);
	if (!rc) {
		who = l->t->name(l->cr);
		*name = who ? arena_strdup(a, who) : NULL;
	}
	return rc;
}

/* ---- reading ---- */

struct root_cx {
	struct session *s;
	struct arena *a;
	const struct collect_options *o;
	bool seen;
};

static int take_root(void *cx, const struct raw_object *o, struct err *err)
{
	struct root_cx *r = cx;
	int rc = plan_make(r->a, o, r->o->extra, r->o->extra_count, &r->s->plan, err);

	if (rc)
		return rc;
	r->seen = true;
	return snapshot_put(r->s->w, &(struct raw_object){ STR(""), o->attrs, o->count }, err);
}

static int read_root(
	struct session *s, const struct collect_options *o, struct arena *a, struct err *err)
{
	struct root_cx r = { s, a, o, false };
	struct search_request rq = { .base = "",
		.scope = SEARCH_BASE,
		.filter = "(objectClass=*)",
		.attributes = plan_root_attributes };
	struct search_done done = { 0 };
	int rc = s->t->search(s->c, &rq, take_root, &r, &done, err);

	buf_free(&done.cookie);
	if (rc || r.seen)
		return rc;
	return err_set(err, ERR_SERVER,
		"%s does not show its rootDSE (LDAP %d%s%s); is it a domain controller?",
		s->server->uri, done.code, *done.diagnostic ? ": " : "", done.diagnostic);
}

static int put_source(struct session *s, struct err *err)
{
	struct buf names = { 0 };
	char text[DATETIME_TEXT];
	int64_t now;
	int rc = snapshot_put_meta(s->w, META_SOURCE, STR("ldap"), err);

	if (!rc)
		rc = snapshot_put_meta(s->w, META_SERVER, str_of(s->server->uri), err);
	if (!rc && s->plan.current_time &&
		generalized_time_parse(str_of(s->plan.current_time), &now))
		rc = snapshot_put_meta(
			s->w, META_COLLECTED_AT, str_of(datetime_iso(now, text)), err);
	for (size_t i = 0; s->plan.attributes[i]; i++)
		buf_printf(&names, "%s%s", i ? " " : "", s->plan.attributes[i]);
	if (!rc)
		rc = snapshot_put_meta(s->w, META_ATTRIBUTES_ASKED, buf_str(&names), err);
	buf_free(&names);
	return rc;
}

static int read_contexts(struct session *s, struct err *err)
{
	int rc = 0;

	if (!s->plan.sd_flags)
		rc = session_note(s, "attribute", STR("nTSecurityDescriptor"), COVERAGE_NOTE, err,
			"no_sd_flags_control");
	for (size_t i = 0; i < s->plan.context_count && !rc; i++) {
		const struct plan_context *c = &s->plan.contexts[i];

		rc = c->hosted ? objects_read_context(s, c, err)
			       : session_note(s, "context", str_of(c->dn), COVERAGE_MISSING, err,
					 "not_on_this_server");
	}
	return rc;
}

/* "DC=chu,DC=example" as "chu.example". */
static const char *dns_of(struct arena *a, const char *dn)
{
	struct str rest = str_of(dn);
	struct buf dns = { 0 };

	while (rest.p) {
		struct str value, one = str_cut(rest, ',', &rest);

		if (str_ieq(str_trim(str_cut(one, '=', &value)), STR("DC")) && value.p)
			buf_printf(&dns, "%s%.*s", dns.n ? "." : "", STR_ARG(str_trim(value)));
	}
	const char *kept = arena_strdup(a, buf_z(&dns));
	buf_free(&dns);
	return kept;
}

/* The same domain controller, by the name that its ticket has. What fails is coverage. */
static int read_sysvol(struct session *s, const struct logon *l, struct arena *a,
	struct progress *progress, struct err *err)
{
	const struct collect_options *o = l->o;
	struct smb_request rq = { .host = s->plan.host,
		.password = &l->password,
		.keytab = o->keytab,
		.timeout_seconds = l->target.timeout_seconds };
	struct err why;

	rq.realm = dns_of(a, s->plan.domain);
	if (o->auth == AUTH_EXTERNAL || !rq.host ||
		(o->user && account_principal(a, o->user, rq.realm, &rq.principal, &why)))
		return snapshot_put_coverage(
			s->w, STR("sysvol"), COVERAGE_DENIED, STR("smb_no_ticket"), err);
	progress_end(progress);
	progress_start(progress, o->sysvol);
	return smb_read_sysvol(&rq, s->w, progress, err);
}

int collect_over(const struct transport *t, const struct collect_options *o,
	struct snapshot_writer *w, struct progress *progress, struct err *err)
{
	struct arena a = { 0 };
	struct logon l = { .t = t, .o = o };
	struct session s = { .t = t, .w = w, .progress = progress };
	int rc = log_on(&l, &a, &s.logon, err);

	s.c = l.c;
	s.server = l.target.server;
	if (!rc)
		rc = read_root(&s, o, &a, err);
	if (!rc)
		rc = put_source(&s, err);
	if (!rc)
		rc = plan_note_left_out(w, o->extra, o->extra_count, err);
	if (!rc)
		rc = identity_read(&s, err);
	if (!rc)
		rc = lastlogon_ask(&s, &l.target, l.cr, err);
	t->release(l.cr);
	if (!rc)
		rc = read_contexts(&s, err);
	t->close(l.c);
	lastlogon_free(&s.logons);
	if (!rc && o->sysvol)
		rc = read_sysvol(&s, &l, &a, progress, err);
	secret_wipe(&l.password);
	arena_free(&a);
	return rc;
}

int collect_run(const struct collect_options *o, struct snapshot_writer *w,
	struct progress *progress, struct err *err)
{
	return collect_over(&transport_openldap, o, w, progress, err);
}
