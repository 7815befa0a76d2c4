/* What the tests of the snapshot share. */
#ifndef TESTS_SNAPSHOT_HELP_H
#define TESTS_SNAPSHOT_HELP_H

#include "snapshot/snapshot.h"

/* A path in the working folder that no other test program uses; valid until the end. */
const char *help_path(const char *name);
void help_write(const char *path, struct str bytes);
/* The whole file; the caller frees .p. */
struct str help_read(const char *path);

/* Imports the files into help_path(name) and opens it. Returns 0, or the error of whichever step
 * failed; then nothing is open and no file is left. */
int help_import_files(const char *name, const char *const *paths, size_t count,
	struct snapshot **out, struct err *err);
/* The same for the bytes of one file, which stands in for "x.ldif" and is removed again. */
int help_import(struct str bytes, struct snapshot **out, struct err *err);
/* The same, and fails the test when it fails. */
struct snapshot *help_open(struct str bytes);
struct snapshot *help_open_text(const char *text);
/* Closes and removes what help_import() left. */
void help_close(struct snapshot *s);

/* The values of an attribute (case ignored) of the object, joined by '|', in a buffer that lives
 * until the next call; "(none)" when the object lacks it, "(no object)". */
struct str help_values(struct snapshot *s, const char *dn, const char *attribute);
/* True when there is such an entry; detail NULL: any. */
bool help_has_coverage(
	const struct snapshot *s, const char *need, enum coverage_state state, const char *detail);

#endif
