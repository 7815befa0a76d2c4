/*
 * The transport over libldap, Cyrus SASL and (kerberos.h) libkrb5. The socket is ours: libldap's
 * own connecting has no bound that an interrupt can end and does not say what went wrong.
 */
#include "collect/transport.h"

#include "base/arena.h"
#include "base/platform.h"
#include "collect/account.h"
#include "collect/bind_errors.h"
#include "collect/kerberos.h"
#include "collect/socket.h"
#include "collect/tls_diagnose.h"

#include <ldap.h>
#include <openldap.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLICE_US 200000 /* between two looks at the interrupt flag */

struct credentials {
	enum collect_auth auth;
	struct arena names;
	const char *bind_name; /* simple */
	struct secret password;
	struct kerberos *kerberos; /* gssapi */
};

struct connection {
	LDAP *ld;
	const struct target *target;
	bool tls;
};

/* ---- errors ---- */

static struct str diagnostic_of(LDAP *ld, char *out, size_t room)
{
	char *text = NULL;

	ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
	snprintf(out, room, "%s", text ? text : "");
	ldap_memfree(text);
	return str_of(out);
}

static int lost(struct connection *c, int code, const char *doing, struct err *err)
{
	char text[256];

	diagnostic_of(c->ld, text, sizeof(text));
	if (code == LDAP_DECODING_ERROR)
		return err_set(err, ERR_SERVER,
			"What %s answered to %s is no valid LDAP; is it a domain controller, and "
			"does nothing stand between that changes the answers?",
			c->target->server->uri, doing);
	return err_set(err, ERR_SERVER,
		"%s closed the connection during %s (%s%s%s). Nothing was kept; try again, and "
		"look at the server's log if it happens again.",
		c->target->server->uri, doing, ldap_err2string(code), *text ? ": " : "", text);
}

static int last_code(struct connection *c)
{
	int code = LDAP_OTHER;

	ldap_get_option(c->ld, LDAP_OPT_RESULT_CODE, &code);
	return code;
}

/* The next message of msgid; *gone is set when the connection is of no more use. */
static int wait_message(struct connection *c, int msgid, int all, const char *doing,
	LDAPMessage **out, bool *gone, struct err *err)
{
	int64_t deadline = platform_monotonic_ms() + (int64_t)c->target->timeout_seconds * 1000;

	for (;;) {
		struct timeval slice = { 0, SLICE_US };
		LDAPMessage *m = NULL;
		int rc = ldap_result(c->ld, msgid, all, &slice, &m);

		if (platform_check_interrupted(err)) {
			ldap_msgfree(m);
			return err->code;
		}
		if (rc > 0) {
			*out = m;
			return 0;
		}
		*gone = true;
		if (rc < 0)
			return lost(c, last_code(c), doing, err);
		if (platform_monotonic_ms() >= deadline)
			return err_set(err, ERR_SERVER,
				"%s did not answer within %d seconds during %s; raise --timeout if "
				"the server is slow. Nothing was kept.",
				c->target->server->uri, c->target->timeout_seconds, doing);
		*gone = false;
	}
}

/* ---- connecting ---- */

static int set_options(struct connection *c, struct err *err)
{
	const struct target *t = c->target;
	struct timeval limit = { .tv_sec = t->timeout_seconds };
	ber_len_t largest = LIMIT_PDU_BYTES;
	int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, never = LDAP_DEREF_NEVER;
	Sockbuf *sb = NULL;
	int rc = 0;

	rc |= ldap_set_option(c->ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	rc |= ldap_set_option(c->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	rc |= ldap_set_option(c->ld, LDAP_OPT_DEREF, &never);
	rc |= ldap_set_option(c->ld, LDAP_OPT_RESTART, LDAP_OPT_ON);
	rc |= ldap_set_option(c->ld, LDAP_OPT_TIMEOUT, &limit);
	/* The name that the administrator gave, not what reverse DNS makes of it. */
	rc |= ldap_set_option(c->ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
	/* Also against a TLS_REQCERT in somebody's ldap.conf: the name is always checked. */
	rc |= ldap_set_option(c->ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	if (rc)
		return err_set(err, ERR_INTERNAL, "libldap refuses one of this program's options.");
	if (ldap_get_option(c->ld, LDAP_OPT_SOCKBUF, &sb) == LDAP_OPT_SUCCESS && sb)
		ber_sockbuf_ctrl(sb, LBER_SB_OPT_SET_MAX_INCOMING, &largest);
	return 0;
}

/* What is trusted: --ca-file, else TLS_CACERT of ldap.conf, else the system's file. */
static int set_trust(struct connection *c, char **out, struct err *err)
{
	const char *file = c->target->ca_file;
	char *configured = NULL;
	int client = 0, rc = 0;

	if (!file) {
		ldap_get_option(c->ld, LDAP_OPT_X_TLS_CACERTFILE, &configured);
		file = configured ? configured : tls_system_ca_file();
	} else {
		rc |= ldap_set_option(c->ld, LDAP_OPT_X_TLS_CACERTDIR, NULL);
	}
	if (file)
		rc |= ldap_set_option(c->ld, LDAP_OPT_X_TLS_CACERTFILE, file);
	*out = file ? ldap_strdup(file) : NULL;
	ldap_memfree(configured);
	if (!rc)
		rc = ldap_set_option(c->ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	if (!rc)
		return 0;
	ldap_memfree(*out);
	*out = NULL;
	return err_set(err, ERR_USAGE,
		"The certificates in '%s' cannot be loaded: is each of them whole?",
		c->target->ca_file ? c->target->ca_file : "the system's CA file");
}

static int ask_start_tls(struct connection *c, bool *unreachable, struct err *err)
{
	LDAPMessage *m = NULL;
	char text[256] = "";
	int msgid, code = ldap_start_tls(c->ld, NULL, NULL, &msgid);

	if (code != LDAP_SUCCESS)
		return lost(c, code, "StartTLS", err);
	if (wait_message(c, msgid, LDAP_MSG_ALL, "StartTLS", &m, unreachable, err))
		return err->code;
	if (ldap_parse_result(c->ld, m, &code, NULL, NULL, NULL, NULL, 1) != LDAP_SUCCESS)
		return lost(c, LDAP_DECODING_ERROR, "StartTLS", err);
	if (code == LDAP_SUCCESS)
		return 0;
	diagnostic_of(c->ld, text, sizeof(text));
	return err_set(err, ERR_SERVER,
		"%s offers no StartTLS (LDAP %d: %s): the domain controller needs a certificate "
		"for server authentication, or use --auth gssapi without --starttls.",
		c->target->server->uri, code, text);
}

/* libldap's own bound on a handshake (LDAP_OPT_NETWORK_TIMEOUT) spins and does not end. */
static int shake_hands(
	struct connection *c, int fd, const char *ca_file, bool *unreachable, struct err *err)
{
	const struct target *t = c->target;
	struct socket_watch watch;
	int code;

	if (socket_watch_begin(&watch, fd, t->timeout_seconds, err))
		return err->code;
	code = ldap_install_tls(c->ld);
	if (socket_watch_end(&watch)) {
		if (platform_check_interrupted(err))
			return err->code;
		*unreachable = true;
		return err_set(err, ERR_SERVER,
			"%s did not finish the TLS handshake within %d seconds; raise --timeout if "
			"the server is slow, and check the port.",
			t->server->uri, t->timeout_seconds);
	}
	return code == LDAP_SUCCESS ? 0 : tls_diagnose(t, ca_file, ldap_err2string(code), err);
}

static int secure(struct connection *c, int fd, bool *unreachable, struct err *err)
{
	char *ca_file = NULL;
	int rc = set_trust(c, &ca_file, err);

	if (!rc && c->target->starttls)
		rc = ask_start_tls(c, unreachable, err);
	if (!rc)
		rc = shake_hands(c, fd, ca_file, unreachable, err);
	c->tls = !rc;
	ldap_memfree(ca_file);
	return rc;
}

static int open_local(struct connection *c, bool *unreachable, struct err *err)
{
	int code = ldap_initialize(&c->ld, c->target->server->uri);

	if (code == LDAP_SUCCESS && set_options(c, err))
		return err->code;
	if (code == LDAP_SUCCESS)
		code = ldap_connect(c->ld);
	if (code == LDAP_SUCCESS)
		return 0;
	*unreachable = true;
	return err_set(err, ERR_SERVER,
		"Cannot connect to %s: %s. Check that the server runs on this machine, that the "
		"socket is there and that you may use it.",
		c->target->server->uri, ldap_err2string(code));
}

static int open_remote(struct connection *c, bool *unreachable, struct err *err)
{
	int fd, code;

	if (socket_connect(c->target, &fd, unreachable, err))
		return err->code;
	code = ldap_init_fd(fd, LDAP_PROTO_TCP, c->target->server->uri, &c->ld);
	if (code != LDAP_SUCCESS) {
		c->ld = NULL;
		socket_close(fd);
		return err_set(err, ERR_INTERNAL, "libldap cannot use a socket: %s.",
			ldap_err2string(code));
	}
	if (set_options(c, err))
		return err->code;
	return c->target->server->tls || c->target->starttls ? secure(c, fd, unreachable, err) : 0;
}

static void openldap_close(struct connection *c)
{
	if (!c)
		return;
	if (c->ld)
		ldap_unbind_ext(c->ld, NULL, NULL);
	free(c);
}

static int openldap_open(
	const struct target *t, struct connection **out, bool *unreachable, struct err *err)
{
	struct connection *c = xcalloc(1, sizeof(*c));
	int rc, fd = -1;

	c->target = t;
	*unreachable = false;
	rc = t->server->local ? open_local(c, unreachable, err) : open_remote(c, unreachable, err);
	if (rc) {
		openldap_close(c);
		return rc;
	}
	/* Or the rest of a message that never comes would be waited for inside ldap_result(). */
	if (ldap_get_option(c->ld, LDAP_OPT_DESC, &fd) == LDAP_OPT_SUCCESS && fd >= 0)
		socket_set_nonblocking(fd);
	*out = c;
	return 0;
}

/* ---- logging on ---- */

static void openldap_release(struct credentials *cr)
{
	if (!cr)
		return;
	kerberos_release(cr->kerberos);
	arena_free(&cr->names);
	secret_wipe(&cr->password);
	free(cr);
}

static int acquire_ticket(const struct login *l, struct credentials *cr, struct err *err)
{
	struct kerberos_request rq = { .password = l->password, .keytab = l->keytab };
	int rc = 0;

	if (l->user)
		rc = account_principal(&cr->names, l->user, l->domain, &rq.principal, err);
	return rc ? rc : kerberos_acquire(&rq, &cr->kerberos, err);
}

static int openldap_acquire(const struct login *l, struct credentials **out, struct err *err)
{
	struct credentials *cr = xcalloc(1, sizeof(*cr));
	int rc = 0;

	cr->auth = l->auth;
	if (l->auth == AUTH_GSSAPI) {
		rc = acquire_ticket(l, cr, err);
	} else if (l->auth == AUTH_SIMPLE) {
		rc = account_bind_name(&cr->names, l->user, l->domain, &cr->bind_name, err);
		cr->password = *l->password;
	}
	if (rc)
		openldap_release(cr);
	else
		*out = cr;
	return rc;
}

/* The server's answer to the last step of a bind. */
static int bind_refused(
	struct connection *c, const char *who, int code, bool *unreachable, struct err *err)
{
	char text[400];
	struct str d = diagnostic_of(c->ld, text, sizeof(text));

	if (code > 0) {
		*unreachable = code == LDAP_BUSY || code == LDAP_UNAVAILABLE;
		return bind_error_set(err, c->target->server->uri, who, code, d);
	}
	if (code == LDAP_SERVER_DOWN || code == LDAP_TIMEOUT || code == LDAP_DECODING_ERROR) {
		*unreachable = true;
		return lost(c, code, "the logon", err);
	}
	return err_set(err, ERR_SERVER, "The logon to %s%s%s failed on this side: %s%s%.*s.",
		c->target->server->uri, who ? " as " : "", who ? who : "", ldap_err2string(code),
		d.n ? ": " : "", STR_ARG(d));
}

/* Simple and EXTERNAL: one request, one answer. */
static int bind_once(struct connection *c, const char *mechanism, const char *name,
	struct berval *password, bool *unreachable, struct err *err)
{
	LDAPMessage *m = NULL;
	int msgid;
	int code = ldap_sasl_bind(c->ld, name, mechanism, password, NULL, NULL, &msgid);

	if (code != LDAP_SUCCESS)
		return bind_refused(c, name, code, unreachable, err);
	if (wait_message(c, msgid, LDAP_MSG_ALL, "the logon", &m, unreachable, err))
		return err->code;
	if (ldap_parse_result(c->ld, m, &code, NULL, NULL, NULL, NULL, 1) != LDAP_SUCCESS)
		code = LDAP_DECODING_ERROR;
	return code == LDAP_SUCCESS ? 0 : bind_refused(c, name, code, unreachable, err);
}

/* GSSAPI asks for nothing that the ticket does not hold. */
static int answer_nothing(LDAP *ld, unsigned flags, void *defaults, void *in)
{
	(void)ld;
	(void)flags;
	(void)defaults;
	for (sasl_interact_t *i = in; i->id != SASL_CB_LIST_END; i++) {
		i->result = "";
		i->len = 0;
	}
	return LDAP_SUCCESS;
}

/*
 * Outside TLS the logon seals all that follows. Inside, AD refuses a second layer, and the TLS
 * channel is bound to the logon instead (RFC 5929 tls-server-end-point).
 */
static int set_protection(struct connection *c, struct err *err)
{
	char sealed[] = "noanonymous,noplain,minssf=56", bound[] = "noanonymous,noplain,maxssf=0";
	int endpoint = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT, rc = 0;

	rc |= ldap_set_option(c->ld, LDAP_OPT_X_SASL_SECPROPS, c->tls ? bound : sealed);
	if (c->tls)
		rc |= ldap_set_option(c->ld, LDAP_OPT_X_SASL_CBINDING, &endpoint);
	if (rc)
		return err_set(err, ERR_INTERNAL,
			"libldap refuses the protection this program asks for (channel binding "
			"needs libldap 2.5 or newer).");
	return 0;
}

static int bind_gssapi(
	struct connection *c, struct credentials *cr, bool *unreachable, struct err *err)
{
	const char *mechanism = NULL, *who = kerberos_principal(cr->kerberos);
	LDAPMessage *m = NULL;
	ber_len_t ssf = 0;
	int code, msgid;

	if (!c->target->server->local &&
		kerberos_ticket_for(cr->kerberos, c->target->server->host, err))
		return err->code;
	if (set_protection(c, err))
		return err->code;
	for (;;) {
		code = ldap_sasl_interactive_bind(c->ld, NULL, "GSSAPI", NULL, NULL,
			LDAP_SASL_QUIET, answer_nothing, NULL, m, &mechanism, &msgid);
		ldap_msgfree(m);
		m = NULL;
		if (code != LDAP_SASL_BIND_IN_PROGRESS)
			break;
		if (wait_message(c, msgid, LDAP_MSG_ALL, "the logon", &m, unreachable, err))
			return err->code;
	}
	if (code != LDAP_SUCCESS)
		return bind_refused(c, who, code, unreachable, err);
	if (!c->tls)
		ldap_get_option(c->ld, LDAP_OPT_X_SASL_SSF, &ssf);
	if (!c->tls && ssf <= 1)
		return err_set(err, ERR_SERVER,
			"The logon to %s does not seal the connection; use ldaps:// or --starttls.",
			c->target->server->uri);
	return 0;
}

static const char *openldap_name(const struct credentials *cr)
{
	return cr->kerberos ? kerberos_principal(cr->kerberos) : cr->bind_name;
}

static int openldap_bind(
	struct connection *c, struct credentials *cr, bool *unreachable, struct err *err)
{
	/* EXTERNAL's answer is empty, but it is one (RFC 4422 appendix A): a NULL would not be
	 * sent. */
	char empty[] = "";
	struct berval password = { cr->password.n, cr->password.p }, nothing = { 0, empty };

	*unreachable = false;
	switch (cr->auth) {
	case AUTH_GSSAPI:
		return bind_gssapi(c, cr, unreachable, err);
	case AUTH_EXTERNAL:
		return bind_once(c, "EXTERNAL", NULL, &nothing, unreachable, err);
	case AUTH_SIMPLE:
		break;
	}
	/* The last look before the password leaves this machine. */
	if (!c->tls)
		return err_set(err, ERR_USAGE,
			"A simple bind sends the password, and only goes through TLS: use ldaps:// "
			"or --starttls.");
	return bind_once(c, LDAP_SASL_SIMPLE, cr->bind_name, &password, unreachable, err);
}

/* ---- searching ---- */

struct controls {
	LDAPControl *list[4];
	size_t count;
};

static int make_sd_flags(LDAPControl **out)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	struct berval *value = NULL;
	int code = LDAP_NO_MEMORY;

	if (ber && ber_printf(ber, "{i}", SD_FLAGS_OWNER_GROUP_DACL) >= 0 &&
		ber_flatten(ber, &value) == 0)
		code = ldap_control_create(CONTROL_SD_FLAGS, 1, value, 1, out);
	ber_bvfree(value);
	ber_free(ber, 1);
	return code;
}

static int make_controls(struct connection *c, const struct search_request *rq,
	const struct buf *cookie, struct controls *out)
{
	struct berval at = { cookie->n, cookie->p };
	int code = LDAP_SUCCESS;

	if (rq->page_size) {
		code = ldap_create_page_control(
			c->ld, rq->page_size, &at, 1, &out->list[out->count]);
		out->count += code == LDAP_SUCCESS;
	}
	if (code == LDAP_SUCCESS && rq->sd_flags) {
		code = make_sd_flags(&out->list[out->count]);
		out->count += code == LDAP_SUCCESS;
	}
	if (code == LDAP_SUCCESS && rq->domain_scope) {
		code = ldap_control_create(
			CONTROL_DOMAIN_SCOPE, 0, NULL, 0, &out->list[out->count]);
		out->count += code == LDAP_SUCCESS;
	}
	return code;
}

static int send_search(
	struct connection *c, const struct search_request *rq, const struct buf *cookie, int *msgid)
{
	struct controls controls = { 0 };
	char **names;
	size_t n = 0;
	int scope = rq->scope == SEARCH_BASE ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE;
	int code = make_controls(c, rq, cookie, &controls);

	while (rq->attributes[n])
		n++;
	/* libldap reads the names only, but wants them as char ** */
	names = xcalloc(n + 1, sizeof(*names));
	memcpy(names, rq->attributes, n * sizeof(*names));
	if (code == LDAP_SUCCESS)
		code = ldap_search_ext(c->ld, rq->base, scope, rq->filter, names, 0, controls.list,
			NULL, NULL, LDAP_NO_LIMIT, msgid);
	for (size_t i = 0; i < controls.count; i++)
		ldap_control_free(controls.list[i]);
	free(names);
	return code;
}

/* One search while its answers come in. */
struct answers {
	struct connection *c;
	entry_fn *each;
	void *cx;
	struct raw_attr *attrs; /* LIMIT_ATTRIBUTES_PER_OBJECT of them */
	struct arena scratch;	/* the values' views, until the next entry */
};

static int read_values(struct answers *a, struct berval *values, struct raw_attr *out)
{
	struct str *views;
	size_t n = 0;

	while (values && values[n].bv_val)
		n++;
	if (n > LIMIT_VALUES_PER_ATTRIBUTE)
		return LDAP_DECODING_ERROR;
	views = ARENA_ARRAY(&a->scratch, struct str, n);
	for (size_t i = 0; i < n; i++)
		views[i] = (struct str){ values[i].bv_val, values[i].bv_len };
	out->values = views;
	out->count = n;
	return LDAP_SUCCESS;
}

/* libldap decodes in place: names and values point into the message. */
static int read_entry(struct answers *a, LDAPMessage *m, struct raw_object *out)
{
	struct berval dn = { 0, NULL }, name = { 0, NULL }, *values = NULL;
	BerElement *ber = NULL;
	size_t n = 0;
	int code = ldap_get_dn_ber(a->c->ld, m, &ber, &dn);

	while (code == LDAP_SUCCESS) {
		values = NULL;
		code = ldap_get_attribute_ber(a->c->ld, m, ber, &name, &values);
		if (code != LDAP_SUCCESS || !name.bv_val)
			break;
		code = n < LIMIT_ATTRIBUTES_PER_OBJECT ? read_values(a, values, &a->attrs[n])
						       : LDAP_DECODING_ERROR;
		ber_memfree(values);
		if (code == LDAP_SUCCESS)
			a->attrs[n++].name = (struct str){ name.bv_val, name.bv_len };
	}
	ber_free(ber, 0);
	if (code == LDAP_SUCCESS && dn.bv_len > LIMIT_DN_BYTES)
		code = LDAP_DECODING_ERROR;
	*out = (struct raw_object){ { dn.bv_val ? dn.bv_val : "", dn.bv_len }, a->attrs, n };
	return code;
}

static int take_entry(struct answers *a, LDAPMessage *m, const char *doing, struct err *err)
{
	struct raw_object o;
	int code;

	arena_reset(&a->scratch);
	code = read_entry(a, m, &o);
	if (code != LDAP_SUCCESS)
		return lost(a->c, LDAP_DECODING_ERROR, doing, err);
	return a->each(a->cx, &o, err);
}

static int take_end(struct connection *c, LDAPMessage *m, const char *doing,
	struct search_done *done, struct err *err)
{
	LDAPControl **controls = NULL, *page;
	struct berval cookie = { 0, NULL };
	char *text = NULL;
	ber_int_t estimate;
	int code = ldap_parse_result(c->ld, m, &done->code, NULL, &text, NULL, &controls, 0);

	snprintf(done->diagnostic, sizeof(done->diagnostic), "%s", text ? text : "");
	ldap_memfree(text);
	if (code == LDAP_SUCCESS) {
		page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
		if (page)
			code = ldap_parse_pageresponse_control(c->ld, page, &estimate, &cookie);
	}
	buf_clear(&done->cookie);
	if (code == LDAP_SUCCESS)
		buf_put(&done->cookie, cookie.bv_val, cookie.bv_len);
	ber_memfree(cookie.bv_val);
	ldap_controls_free(controls);
	return code == LDAP_SUCCESS ? 0 : lost(c, LDAP_DECODING_ERROR, doing, err);
}

static int take_answers(
	struct answers *a, int msgid, const char *doing, struct search_done *done, struct err *err)
{
	for (;;) {
		LDAPMessage *m = NULL;
		bool gone = false;
		int type, rc = wait_message(a->c, msgid, LDAP_MSG_ONE, doing, &m, &gone, err);

		if (rc)
			return rc;
		type = ldap_msgtype(m);
		if (type == LDAP_RES_SEARCH_ENTRY) {
			done->entries++;
			rc = take_entry(a, m, doing, err);
		} else if (type == LDAP_RES_SEARCH_RESULT) {
			rc = take_end(a->c, m, doing, done, err);
		} else if (type != LDAP_RES_SEARCH_REFERENCE && type != LDAP_RES_INTERMEDIATE) {
			rc = lost(a->c, LDAP_DECODING_ERROR, doing, err);
		}
		ldap_msgfree(m);
		if (rc || type == LDAP_RES_SEARCH_RESULT)
			return rc;
	}
}

static int openldap_search(struct connection *c, const struct search_request *rq, entry_fn *each,
	void *cx, struct search_done *done, struct err *err)
{
	struct answers a = { .c = c, .each = each, .cx = cx };
	struct arena words = { 0 };
	const char *doing =
		arena_printf(&words, "the reading of '%s'", *rq->base ? rq->base : "rootDSE").p;
	int msgid, rc, code = send_search(c, rq, &done->cookie, &msgid);

	done->code = LDAP_OTHER;
	done->entries = 0;
	if (code != LDAP_SUCCESS) {
		rc = lost(c, code, doing, err);
	} else {
		a.attrs = xcalloc(LIMIT_ATTRIBUTES_PER_OBJECT, sizeof(*a.attrs));
		rc = take_answers(&a, msgid, doing, done, err);
		free(a.attrs);
		arena_free(&a.scratch);
	}
	arena_free(&words);
	return rc;
}

static int openldap_whoami(struct connection *c, struct buf *out, struct err *err)
{
	LDAPMessage *m = NULL;
	struct berval *id = NULL;
	bool gone = false;
	int msgid, code = ldap_whoami(c->ld, NULL, NULL, &msgid);

	if (code != LDAP_SUCCESS)
		return lost(c, code, "whoami", err);
	if (wait_message(c, msgid, LDAP_MSG_ALL, "whoami", &m, &gone, err))
		return err->code;
	if (ldap_parse_whoami(c->ld, m, &id) == LDAP_SUCCESS && id)
		buf_put(out, id->bv_val, id->bv_len);
	ber_bvfree(id);
	ldap_msgfree(m);
	return 0;
}

static int openldap_lookup(const char *name, struct buf *out, struct err *err)
{
	char *list = NULL;

	(void)err;
	if (ldap_domain2hostlist(name, &list) == LDAP_SUCCESS && list)
		buf_putz(out, list);
	ldap_memfree(list);
	return 0;
}

const struct transport transport_openldap = {
	.acquire = openldap_acquire,
	.name = openldap_name,
	.lookup = openldap_lookup,
	.open = openldap_open,
	.bind = openldap_bind,
	.search = openldap_search,
	.whoami = openldap_whoami,
	.close = openldap_close,
	.release = openldap_release,
};
