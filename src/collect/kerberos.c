/* First: these headers use names that base/banned.h poisons. */
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include "collect/kerberos.h"

#include "base/arena.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

struct kerberos {
	krb5_context ctx;
	krb5_principal me;
	krb5_ccache cache;
	char *name;    /* krb5_unparse_name of me */
	bool own;      /* cache is a MEMORY one of ours */
	bool told_gss; /* gss_krb5_ccache_name points at it */
};

/* What the administrator can do about an error of libkrb5 or of a KDC (RFC 4120 7.5.9). */
static const struct {
	krb5_error_code code;
	const char *words;
} table[] = {
	{ KRB5KRB_AP_ERR_SKEW, "this machine's clock differs from the domain controller's by more "
			       "than Kerberos allows (5 minutes): set it, for instance with NTP" },
	{ KRB5KRB_AP_ERR_TKT_NYV, "the ticket is not valid yet, so this machine's clock is wrong: "
				  "set it, for instance with NTP" },
	{ KRB5KRB_AP_ERR_TKT_EXPIRED, "the ticket has expired: run kinit" },
	{ KRB5KDC_ERR_NEVER_VALID, "the ticket would have ended before it began: check this "
				   "machine's clock" },
	{ KRB5_FCC_NOFILE, "there is no ticket: run kinit, or give --user with --password-file or "
			   "--keytab" },
	{ KRB5_CC_NOTFOUND, "there is no ticket: run kinit, or give --user with --password-file or "
			    "--keytab" },
	{ KRB5_CC_END, "there is no ticket: run kinit, or give --user with --password-file or "
		       "--keytab" },
	{ KRB5_KDC_UNREACH,
		"no KDC of the realm answers: check that a domain controller runs, that "
		"port 88 is open, and the realm's kdc in krb5.conf or DNS" },
	{ KRB5_REALM_UNKNOWN,
		"the realm is not known here: check its spelling (the DNS name of the "
		"domain, in capitals), DNS, or [realms] in krb5.conf" },
	{ KRB5_REALM_CANT_RESOLVE, "the KDC's name does not resolve: check DNS, or [realms] in "
				   "krb5.conf" },
	{ KRB5_CONFIG_NODEFREALM, "krb5.conf names no default realm: write --user user@REALM" },
	{ KRB5_CONFIG_CANTOPEN, "krb5.conf cannot be opened" },
	{ KRB5_CONFIG_BADFORMAT, "krb5.conf is malformed" },
	{ KRB5KDC_ERR_WRONG_REALM, "the account belongs to another realm: write --user user@REALM "
				   "with the DNS name of its domain in capitals" },
	{ KRB5_KDCREP_MODIFIED, "the KDC answered for another name: write --user user@REALM with "
				"the DNS name of its domain in capitals" },
	{ KRB5KDC_ERR_PREAUTH_FAILED, "the password (or the key in the keytab) is wrong; repeated "
				      "failures lock the account" },
	{ KRB5KRB_AP_ERR_BAD_INTEGRITY, "the password (or the key in the keytab) is wrong; "
					"repeated failures lock the account" },
	{ KRB5_PREAUTH_FAILED, "the KDC and this machine found no common way to prove the "
			       "password" },
	{ KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN,
		"the account does not exist in this realm: check --user" },
	{ KRB5KDC_ERR_CLIENT_REVOKED,
		"the account is disabled, locked or expired: enable or unlock "
		"it" },
	{ KRB5KDC_ERR_KEY_EXP, "the password has expired or must be changed at the first logon: "
			       "change it, then try again" },
	{ KRB5KDC_ERR_NAME_EXP, "the account has expired: extend it or use another one" },
	{ KRB5KDC_ERR_POLICY,
		"a policy of the domain refuses this logon (hours, workstations or an "
		"authentication policy)" },
	{ KRB5KDC_ERR_ETYPE_NOSUPP, "the account, the server and this machine share no encryption "
				    "type: enable AES on the account (and set its password again), "
				    "or check permitted_enctypes in krb5.conf" },
	{ KRB5_KT_NOTFOUND, "the keytab holds no usable key for this name: export it again" },
	{ KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
		"no service of that name is known in the realm: name the "
		"server by the DNS name of the domain controller and not "
		"by its IP address or an alias; if the name is right, "
		"set rdns = false in krb5.conf" },
	{ KRB5KRB_AP_ERR_NOT_US,
		"the server's key is not the one the KDC knows: is the name right, "
		"and is replication healthy?" },
};

static int fail(
	struct err *err, krb5_context ctx, krb5_error_code code, const char *what, const char *whom)
{
	const char *text = krb5_get_error_message(ctx, code);
	const char *words = NULL;

	for (size_t i = 0; i < ARRAY_LEN(table) && !words; i++)
		if (table[i].code == code)
			words = table[i].words;
	err_set(err, ERR_SERVER, "Kerberos: %s%s%s failed: %s%s%s%s", what, whom ? " " : "",
		whom ? whom : "", words ? words : text, words ? ". (" : "", words ? text : "",
		words ? ")" : ".");
	krb5_free_error_message(ctx, text);
	return err->code;
}

static krb5_error_code set_principal(struct kerberos *k, krb5_principal p)
{
	k->me = p;
	return krb5_unparse_name(k->ctx, p, &k->name);
}

/* The first entry of the keytab. */
static krb5_error_code keytab_principal(krb5_context ctx, krb5_keytab kt, krb5_principal *out)
{
	krb5_kt_cursor cursor;
	krb5_keytab_entry entry;
	krb5_error_code code = krb5_kt_start_seq_get(ctx, kt, &cursor);

	if (code)
		return code;
	code = krb5_kt_next_entry(ctx, kt, &entry, &cursor);
	if (!code) {
		code = krb5_copy_principal(ctx, entry.principal, out);
		krb5_free_keytab_entry_contents(ctx, &entry);
	}
	krb5_kt_end_seq_get(ctx, kt, &cursor);
	return code;
}

/*
 * The stepwise interface asks one KDC's answer once; krb5_get_init_creds_password() would repeat a
 * wrong password to the primary KDC and count twice towards a lockout.
 */
static krb5_error_code get_ticket(
	struct kerberos *k, const struct secret *password, krb5_keytab kt, krb5_creds *out)
{
	krb5_get_init_creds_opt *opt = NULL;
	krb5_init_creds_context icc = NULL;
	krb5_error_code code = krb5_get_init_creds_opt_alloc(k->ctx, &opt);

	if (code)
		return code;
	krb5_get_init_creds_opt_set_forwardable(opt, 0);
	krb5_get_init_creds_opt_set_proxiable(opt, 0);
	krb5_get_init_creds_opt_set_change_password_prompt(opt, 0);
	code = krb5_init_creds_init(k->ctx, k->me, NULL, NULL, 0, opt, &icc);
	if (!code)
		code = kt ? krb5_init_creds_set_keytab(k->ctx, icc, kt)
			  : krb5_init_creds_set_password(k->ctx, icc, password->p);
	if (!code)
		code = krb5_init_creds_get(k->ctx, icc);
	if (!code)
		code = krb5_init_creds_get_creds(k->ctx, icc, out);
	if (icc)
		krb5_init_creds_free(k->ctx, icc);
	krb5_get_init_creds_opt_free(k->ctx, opt);
	return code;
}

static krb5_error_code keep_ticket(struct kerberos *k, krb5_creds *ticket)
{
	krb5_error_code code = krb5_cc_new_unique(k->ctx, "MEMORY", NULL, &k->cache);

	if (code)
		return code;
	k->own = true;
	code = krb5_cc_initialize(k->ctx, k->cache, k->me);
	return code ? code : krb5_cc_store_cred(k->ctx, k->cache, ticket);
}

static int obtain(
	struct kerberos *k, const struct kerberos_request *rq, krb5_keytab kt, struct err *err)
{
	krb5_creds ticket;
	krb5_error_code code;

	memset(&ticket, 0, sizeof(ticket));
	code = get_ticket(k, rq->password, kt, &ticket);
	if (!code)
		code = keep_ticket(k, &ticket);
	krb5_free_cred_contents(k->ctx, &ticket);
	if (code)
		return fail(err, k->ctx, code, "the logon of", k->name);
	return 0;
}

static int from_keytab(struct kerberos *k, const struct kerberos_request *rq, struct err *err)
{
	struct arena a = { 0 };
	krb5_principal p = NULL;
	krb5_keytab kt = NULL;
	krb5_error_code code =
		krb5_kt_resolve(k->ctx, arena_printf(&a, "FILE:%s", rq->keytab).p, &kt);
	int rc = 0;

	if (!code && !k->me) {
		code = keytab_principal(k->ctx, kt, &p);
		if (!code)
			code = set_principal(k, p);
	}
	if (code)
		rc = err_set(err, ERR_USAGE,
			"The keytab '%s' cannot be used: is it a keytab with at least one entry, "
			"such as ktpass or 'samba-tool domain exportkeytab' writes?",
			rq->keytab);
	else
		rc = obtain(k, rq, kt, err);
	if (kt)
		krb5_kt_close(k->ctx, kt);
	arena_free(&a);
	return rc;
}

/* The latest end of any ticket in the cache; 0 when there is none. */
static krb5_error_code cache_end(struct kerberos *k, krb5_timestamp *out)
{
	krb5_cc_cursor cursor;
	krb5_creds c;
	krb5_error_code code = krb5_cc_start_seq_get(k->ctx, k->cache, &cursor);

	*out = 0;
	if (code)
		return code;
	while (krb5_cc_next_cred(k->ctx, k->cache, &cursor, &c) == 0) {
		if (!krb5_is_config_principal(k->ctx, c.server) &&
			(uint32_t)c.times.endtime > (uint32_t)*out)
			*out = c.times.endtime;
		krb5_free_cred_contents(k->ctx, &c);
	}
	return krb5_cc_end_seq_get(k->ctx, k->cache, &cursor);
}

static int from_cache(struct kerberos *k, struct err *err)
{
	const char *wanted = k->name;
	krb5_principal p = NULL;
	krb5_timestamp end = 0, now = 0;
	krb5_error_code code;

	if (wanted)
		code = krb5_cc_cache_match(k->ctx, k->me, &k->cache);
	else
		code = krb5_cc_default(k->ctx, &k->cache);
	if (!code && !wanted) {
		code = krb5_cc_get_principal(k->ctx, k->cache, &p);
		if (!code)
			code = set_principal(k, p);
	}
	if (!code)
		code = cache_end(k, &end);
	if (!code)
		code = krb5_timeofday(k->ctx, &now);
	if (!code && (uint32_t)end <= (uint32_t)now)
		code = end ? KRB5KRB_AP_ERR_TKT_EXPIRED : KRB5_CC_NOTFOUND;
	if (code)
		return fail(err, k->ctx, code, wanted ? "using the ticket of" : "using your ticket",
			wanted);
	return 0;
}

/* Tells GSSAPI, in this thread, which cache to use. */
static int tell_gss(struct kerberos *k, struct err *err)
{
	char *name = NULL;
	OM_uint32 minor;
	krb5_error_code code = krb5_cc_get_full_name(k->ctx, k->cache, &name);

	if (!code && gss_krb5_ccache_name(&minor, name, NULL) != GSS_S_COMPLETE)
		code = (krb5_error_code)minor;
	krb5_free_string(k->ctx, name);
	if (code)
		return fail(err, k->ctx, code, "using the ticket of", k->name);
	k->told_gss = true;
	return 0;
}

int kerberos_acquire(const struct kerberos_request *rq, struct kerberos **out, struct err *err)
{
	struct kerberos *k = xcalloc(1, sizeof(*k));
	krb5_principal p = NULL;
	krb5_error_code code = krb5_init_context(&k->ctx);
	int rc = 0;

	if (code) {
		rc = fail(err, k->ctx, code, "reading krb5.conf", NULL);
		kerberos_release(k);
		return rc;
	}
	if (rq->principal) {
		code = krb5_parse_name(k->ctx, rq->principal, &p);
		if (!code)
			code = set_principal(k, p);
		if (code)
			rc = fail(err, k->ctx, code, "reading the name", rq->principal);
	}
	if (!rc && rq->keytab)
		rc = from_keytab(k, rq, err);
	else if (!rc && rq->password && rq->password->n)
		rc = obtain(k, rq, NULL, err);
	else if (!rc)
		rc = from_cache(k, err);
	if (!rc)
		rc = tell_gss(k, err);
	if (rc)
		kerberos_release(k);
	else
		*out = k;
	return rc;
}

int kerberos_ticket_for(struct kerberos *k, const char *host, struct err *err)
{
	krb5_creds want, *got = NULL;
	char *name = NULL;
	krb5_error_code code;

	memset(&want, 0, sizeof(want));
	want.client = k->me;
	code = krb5_sname_to_principal(k->ctx, host, "ldap", KRB5_NT_SRV_HST, &want.server);
	if (!code)
		code = krb5_unparse_name(k->ctx, want.server, &name);
	if (!code)
		code = krb5_get_credentials(k->ctx, 0, k->cache, &want, &got);
	if (code)
		fail(err, k->ctx, code, "the ticket for", name ? name : host);
	krb5_free_creds(k->ctx, got);
	krb5_free_unparsed_name(k->ctx, name);
	krb5_free_principal(k->ctx, want.server);
	return code ? err->code : 0;
}

int kerberos_write_cache(struct kerberos *k, const char *path, struct err *err)
{
	struct arena a = { 0 };
	krb5_ccache file = NULL;
	krb5_error_code code = krb5_cc_resolve(k->ctx, arena_printf(&a, "FILE:%s", path).p, &file);

	if (!code)
		code = krb5_cc_initialize(k->ctx, file, k->me);
	if (!code)
		code = krb5_cc_copy_creds(k->ctx, k->cache, file);
	if (!code)
		code = platform_set_private(path, err) ? KRB5_FCC_PERM : 0;
	if (file)
		krb5_cc_close(k->ctx, file);
	arena_free(&a);
	if (code)
		return fail(err, k->ctx, code, "writing the ticket of", k->name);
	return 0;
}

const char *kerberos_principal(const struct kerberos *k)
{
	return k->name;
}

void kerberos_release(struct kerberos *k)
{
	OM_uint32 minor;

	if (!k)
		return;
	if (k->told_gss)
		gss_krb5_ccache_name(&minor, NULL, NULL);
	if (k->ctx) {
		if (k->cache && k->own)
			krb5_cc_destroy(k->ctx, k->cache);
		else if (k->cache)
			krb5_cc_close(k->ctx, k->cache);
		krb5_free_unparsed_name(k->ctx, k->name);
		krb5_free_principal(k->ctx, k->me);
		krb5_free_context(k->ctx);
	}
	free(k);
}
