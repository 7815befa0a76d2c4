/*
 * LDIF (RFC 2849) as ldapsearch, ldifde and others write it, UTF-8 or UTF-16 with a byte order
 * mark, plain or gzip, into a snapshot. Several files make one directory. Memory stays flat.
 */
#ifndef SNAPSHOT_LDIF_H
#define SNAPSHOT_LDIF_H

#include "base/progress.h"
#include "snapshot/snapshot.h"

/*
 * Reads the files one after the other and puts every record. Errors name file and line.
 *
 * META_SOURCE "ldif"; META_SERVER the files' names; META_COLLECTED_AT where a rootDSE says it.
 * META_LDIF_ALL "1" when every file was read with "*": at least 95 of 100 of its entries carry
 * instanceType and one of uSNChanged and dSCorePropagationData, which nobody selects by name.
 * Absent otherwise.
 *
 * "changetype: add" is content (ldifde exports so); other change records are refused, and so are
 * values by URL: no other file is ever opened.
 *
 * Coverage:
 *   "identity"        note       reader_unknown
 *   "attribute X"     malformed  bad_base64 DN | nul_byte DN | value_too_long DN: this value is
 * left out, so that the attribute's absence on DN proves nothing "attribute X"     truncated
 * range_incomplete DN: ranged values with a piece missing "object DN"       malformed  bad_line |
 * stray_lines: attributes of DN are missing, which ones is not known "record FILE"     malformed
 * bad_dn line N: a whole object was left out "source FILE"     truncated  ldap_result N |
 * no_result: the search failed or was cut short "referral"        note       not_followed URI
 */
int ldif_import(struct snapshot_writer *w, const char *const *paths, size_t count,
	struct progress *progress, struct err *err);

#endif
