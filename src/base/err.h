/*
 * Errors: filled once where the failure is first known, with a whole sentence that says what
 * failed, on what, and what to do; passed up unchanged; printed only by the command line.
 *
 * A function that can fail returns 0 or the (negative) code it put into *err. Its outputs are
 * untouched when it fails. Callers do not branch on another module's codes.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/compiler.h"

/* The program's exit code is the negated error code (design: "Command line"). */
enum err_code {
	ERR_NONE = 0,
	ERR_USAGE = -2,	    /* wrong usage, missing or empty password or CA file, wrong policy */
	ERR_SERVER = -3,    /* server, network, authentication, certificate, expect mismatch */
	ERR_SOURCE = -4,    /* a source file is unreadable or corrupt */
	ERR_OUTPUT = -5,    /* an output cannot be written */
	ERR_INTERNAL = -70, /* our own mistake */
	ERR_INTERRUPTED = -130, /* SIGINT or SIGTERM */
};

struct err {
	enum err_code code;
	char text[2048]; /* one sentence or two, UTF-8, without a newline at the end */
};

/* Fills *err and returns code. Control characters in arguments become '?'. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
