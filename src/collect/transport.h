/*
 * How the collector talks to a directory, as a table of functions: openldap.c is the one for
 * systems with libldap, tests bring a fake, and another file can speak through winldap.
 * Nothing here knows what is read or why (plan.h, collect.c).
 */
#ifndef COLLECT_TRANSPORT_H
#define COLLECT_TRANSPORT_H

#include "base/buf.h"
#include "collect/collect.h"
#include "collect/secret.h"
#include "collect/server.h"

/* Who logs on; password is empty unless one was given. */
struct login {
	enum collect_auth auth;
	const char *user;   /* NULL: whoever holds the ticket cache, or the first of the keytab */
	const char *domain; /* --domain, to complete the user's name; may be NULL */
	const char *keytab; /* NULL: none */
	const struct secret *password;
};

struct target {
	const struct server *server;
	bool starttls;
	const char *ca_file; /* NULL: the system's */
	int timeout_seconds; /* for connecting and for each answer */
};

enum search_scope { SEARCH_BASE, SEARCH_SUBTREE };

#define CONTROL_PAGED "1.2.840.113556.1.4.319"
#define CONTROL_SD_FLAGS "1.2.840.113556.1.4.801"
#define CONTROL_DOMAIN_SCOPE "1.2.840.113556.1.4.1339"
#define EXTENDED_WHOAMI "1.3.6.1.4.1.4203.1.11.3"

/* MS-ADTS 3.1.1.3.4.1.11: owner, group and DACL; the SACL needs a privilege and is not wanted. */
#define SD_FLAGS_OWNER_GROUP_DACL 7

struct search_request {
	const char *base;
	enum search_scope scope;
	const char *filter;
	const char *const *attributes; /* NULL-terminated */
	int page_size;		       /* 0: no paging control */
	bool sd_flags;		       /* send CONTROL_SD_FLAGS, critical */
	bool domain_scope;	       /* send CONTROL_DOMAIN_SCOPE, not critical */
};

/* LDAP result codes (RFC 4511 4.1.9) that somebody here looks at. */
enum ldap_code {
	LDAP_CODE_SUCCESS = 0,
	LDAP_CODE_OPERATIONS_ERROR = 1,
	LDAP_CODE_TIME_LIMIT = 3,
	LDAP_CODE_SIZE_LIMIT = 4,
	LDAP_CODE_AUTH_METHOD = 7,
	LDAP_CODE_STRONGER_AUTH = 8,
	LDAP_CODE_REFERRAL = 10,
	LDAP_CODE_ADMIN_LIMIT = 11,
	LDAP_CODE_CRITICAL_EXTENSION = 12,
	LDAP_CODE_CONFIDENTIALITY = 13,
	LDAP_CODE_NO_SUCH_OBJECT = 32,
	LDAP_CODE_INAPPROPRIATE_AUTH = 48,
	LDAP_CODE_INVALID_CREDENTIALS = 49,
	LDAP_CODE_INSUFFICIENT_ACCESS = 50,
	LDAP_CODE_BUSY = 51,
	LDAP_CODE_UNAVAILABLE = 52,
	LDAP_CODE_UNWILLING = 53,
};

/* The end of one search, or of one page of it. */
struct search_done {
	int code;	      /* enum ldap_code, or any other of the server's */
	char diagnostic[512]; /* the server's own text */
	/* In: where to go on, empty at the beginning. Out: where the next page begins, empty after
	 * the last. The caller frees it. */
	struct buf cookie;
	uint64_t entries; /* that came with this page */
};

/* An entry as it came: attribute names with their options, all bytes owned by the transport and
 * valid during the call. May itself search on the same connection. */
typedef int entry_fn(void *cx, const struct raw_object *o, struct err *err);

struct credentials;
struct connection;

struct transport {
	/* Once, before any server is asked: reads tickets or obtains one. */
	int (*acquire)(const struct login *login, struct credentials **out, struct err *err);
	/* The name that logs on, as Kerberos or the simple bind has it; NULL when there is none. */
	const char *(*name)(const struct credentials *cr);
	/* The servers of DNS SRV records _ldap._tcp.<name>, in order of preference: "host:port"
	 * separated by spaces are appended to out; nothing is when there are none. */
	int (*lookup)(const char *name, struct buf *out, struct err *err);
	/* Connects, and starts TLS where wanted. *unreachable: another server may be tried. */
	int (*open)(const struct target *t, struct connection **out, bool *unreachable,
		struct err *err);
	int (*bind)(
		struct connection *c, struct credentials *cr, bool *unreachable, struct err *err);
	/* Fails only when the connection is lost or what comes is no LDAP: what the server answers
	 * is in *done. */
	int (*search)(struct connection *c, const struct search_request *rq, entry_fn *each,
		void *cx, struct search_done *done, struct err *err);
	/* RFC 4532: appends the authorization identity; nothing when the server will not say. */
	int (*whoami)(struct connection *c, struct buf *out, struct err *err);
	void (*close)(struct connection *c);
	void (*release)(struct credentials *cr); /* wipes what is secret; NULL is fine */
};

extern const struct transport transport_openldap;

/* collect_run() over a transport of the caller's choice. */
int collect_over(const struct transport *t, const struct collect_options *o,
	struct snapshot_writer *w, struct progress *progress, struct err *err);

#endif
