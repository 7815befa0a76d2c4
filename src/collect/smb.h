/*
 * SYSVOL of the domain controller that LDAP talked to, over SMB 3, signed and encrypted, with
 * Kerberos only: an answer of NTLM to whoever stands in between could be cracked. By libsmbclient;
 * smb_absent.c stands in where it was not there to build with.
 */
#ifndef COLLECT_SMB_H
#define COLLECT_SMB_H

#include "base/progress.h"
#include "collect/secret.h"
#include "snapshot/snapshot.h"

struct smb_request {
	const char *host;      /* DNS name of the domain controller */
	const char *realm;     /* DNS name of its domain, any case */
	const char *principal; /* user@REALM; NULL: the first of the keytab, or the cache's */
	const struct secret *password; /* empty: none */
	const char *keytab;	       /* NULL: none */
	int timeout_seconds;
};

/*
 * Puts SYSVOL into w, META_SYSVOL "smb". What fails is coverage, never an error: need "sysvol",
 * state denied, detail
 *   smb_no_ticket       Kerberos gave none for this logon
 *   smb_not_reachable   no answer on port 445 of the host
 *   smb_refused         the server refused the logon, the share, or encryption
 *   smb_failed TEXT     anything else, in the system's words
 *   smb_not_built       this program was built without libsmbclient
 * A password is given to libsmbclient; a ticket goes through a cache file (0600, in a folder of its
 * own) that is removed as soon as the connections stand, or a second interrupt ends the program;
 * the folder, before this returns. Errors: writing the snapshot, an interruption.
 */
int smb_read_sysvol(const struct smb_request *rq, struct snapshot_writer *w,
	struct progress *progress, struct err *err);

#endif
