/*
 * What is wrong with a server's TLS, by one handshake of OpenSSL that carries no data: libldap is
 * built with GnuTLS on Debian and says nothing about certificates. POSIX; part of the transport.
 */
#ifndef COLLECT_TLS_DIAGNOSE_H
#define COLLECT_TLS_DIAGNOSE_H

#include "collect/transport.h"

/* ERR_USAGE when path cannot be read, is empty or holds no PEM certificate. */
int tls_check_ca_file(const char *path, struct err *err);
/* The system's own file of trusted certificates, or NULL when none is found. */
const char *tls_system_ca_file(void);
/*
 * After a failed handshake with t: fills *err (ERR_SERVER) with what is wrong and returns its
 * code. ca_file: what was trusted, NULL for nothing; said: the failed handshake's own text.
 */
int tls_diagnose(const struct target *t, const char *ca_file, const char *said, struct err *err);

#endif
