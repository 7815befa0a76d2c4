#include "collect/bind_errors.h"

#include "collect/transport.h"

#include <string.h>

/* The Windows errors that MS-ADTS 5.1.1.1.1 and Microsoft's LDAP documentation give as data. */
static const struct {
	uint32_t data;
	const char *words;
} table[] = {
	{ 0x525, "the account does not exist: check --user" },
	{ 0x52e, "the name or the password is wrong: check --user and the password file (repeated "
		 "failures lock the account)" },
	{ 0x530, "the account may not log on at this hour: choose another time or change its logon "
		 "hours" },
	{ 0x531, "the account may not log on from this machine: change its list of workstations" },
	{ 0x532, "the password has expired: change it, then try again" },
	{ 0x533, "the account is disabled: enable it or use another one" },
	{ 0x569,
		"the account has not been granted this kind of logon on the server: check the user "
		"rights assignment" },
	{ 0x701, "the account has expired: extend it or use another one" },
	{ 0x773, "the password must be changed at the first logon: change it, then try again" },
	{ 0x775, "the account is locked: unlock it, and check the password before trying again" },
};

uint32_t bind_error_data(struct str d)
{
	static const char mark[] = ", data ";
	const size_t n = sizeof(mark) - 1;

	for (size_t i = 0; i + n < d.n; i++) {
		uint32_t data = 0;

		if (memcmp(d.p + i, mark, n) != 0)
			continue;
		for (size_t k = i + n; k < d.n && k < i + n + 8 && ascii_hex(d.p[k]) >= 0; k++)
			data = data * 16 + (uint32_t)ascii_hex(d.p[k]);
		return data;
	}
	return 0;
}

const char *bind_error_words(uint32_t data)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].data == data)
			return table[i].words;
	return NULL;
}

static bool contains(struct str s, struct str what)
{
	for (size_t i = 0; i + what.n <= s.n; i++)
		if (memcmp(s.p + i, what.p, what.n) == 0)
			return true;
	return false;
}

static const char *words_of_code(int code)
{
	switch (code) {
	case LDAP_CODE_STRONGER_AUTH:
	case LDAP_CODE_CONFIDENTIALITY:
		return "the server requires signing or TLS: use ldaps:// or --starttls with "
		       "--ca-file, or --auth gssapi";
	case LDAP_CODE_AUTH_METHOD:
		return "the server does not offer this --auth";
	case LDAP_CODE_INAPPROPRIATE_AUTH:
		return "the account cannot log on in this way: choose another --auth";
	case LDAP_CODE_INVALID_CREDENTIALS:
		return "the name or the password is wrong: check --user and the password file "
		       "(repeated failures lock the account)";
	case LDAP_CODE_INSUFFICIENT_ACCESS:
		return "the account has no right to log on to this server";
	case LDAP_CODE_BUSY:
	case LDAP_CODE_UNAVAILABLE:
		return "the server is too busy or shutting down: try again or name another one";
	case LDAP_CODE_UNWILLING:
		return "the server is unwilling: over TLS a SASL logon may neither sign nor seal, "
		       "and some servers restrict who may log on";
	default:
		return "the server did not say why in a way this program knows";
	}
}

int bind_error_set(struct err *err, const char *uri, const char *who, int code, struct str d)
{
	const char *words = NULL;

	/* SEC_E_BAD_BINDINGS: LdapEnforceChannelBinding. */
	if (contains(d, STR("80090346")))
		words = "the server requires TLS channel binding, and what it got does not match "
			"its certificate: connect to the server itself and not through a proxy or "
			"a load balancer that ends TLS, and use --auth gssapi or a simple bind";
	else if (code == LDAP_CODE_INVALID_CREDENTIALS)
		words = bind_error_words(bind_error_data(d));
	if (!words)
		words = words_of_code(code);
	return err_set(err, ERR_SERVER, "%s refused the logon%s%s: %s. (LDAP %d%s%.*s)", uri,
		who ? " of " : "", who ? who : "", words, code, d.n ? ": " : "",
		d.n > 300 ? 300 : (int)d.n, d.n ? d.p : "");
}
