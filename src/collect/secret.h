/* A password between its file and the server. Its bytes are only ever in this one place of ours,
 * which secret_wipe() overwrites. */
#ifndef COLLECT_SECRET_H
#define COLLECT_SECRET_H

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

struct secret {
	size_t n;
	char p[LIMIT_PASSWORD_BYTES + 3]; /* and a line end, and a NUL behind it */
};

/* The content of a file ("-": standard input) without one line end. ERR_USAGE when it cannot be
 * read, is empty (RFC 4513 5.1.2: an empty password would be an anonymous bind that succeeds), too
 * long or holds a NUL byte. */
int secret_read(const char *path, struct secret *out, struct err *err);
void secret_wipe(struct secret *s);

#endif
