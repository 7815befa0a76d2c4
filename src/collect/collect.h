/*
 * Collection from a live directory into a snapshot: read only, least privilege, streamed. What is
 * read and how stands in plan.c; the connection is behind collect/transport.h.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "base/progress.h"
#include "snapshot/snapshot.h"

enum collect_auth { AUTH_GSSAPI, AUTH_SIMPLE, AUTH_EXTERNAL };

struct collect_options {
	const char *const *servers; /* URIs, tried in order */
	size_t server_count;
	const char *domain; /* --domain: DCs by SRV records; NULL when servers are given */
	enum collect_auth auth;
	const char *user;	   /* NULL: the user's own ticket cache */
	const char *password_file; /* "-": standard input; NULL: none */
	const char *keytab;	   /* NULL: none */
	const char *ca_file;	   /* NULL: the system's */
	bool starttls;
	int timeout_seconds;	 /* 0: default 30; for connecting and for each answer */
	const struct str *extra; /* attributes that the policy's custom filters read */
	size_t extra_count;
	const char *sysvol; /* read SYSVOL too, over SMB; the word for its files that progress
			       shows. NULL: not */
};

int collect_run(const struct collect_options *o, struct snapshot_writer *w,
	struct progress *progress, struct err *err);

#endif
