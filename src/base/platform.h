/*
 * Everything that differs between Linux and Windows, outside the LDAP transport.
 * platform_posix.c is the POSIX side.
 */
#ifndef BASE_PLATFORM_H
#define BASE_PLATFORM_H

#include "base/buf.h"
#include "base/err.h"

#include <stdio.h>

void platform_random(void *out, size_t n);
int64_t platform_monotonic_ms(void);
/* Wall clock, seconds since 1970. Only the command line and the collector may ask. */
int64_t platform_now(void);
bool platform_stderr_is_terminal(void);
bool platform_stdout_is_terminal(void);
/* Columns of the terminal behind standard output, 80 when it is none. */
int platform_columns(void);
/* True when the locale's language is English; French otherwise (design: command line). */
bool platform_locale_is_english(void);
/* Overwrites secrets in a way the compiler may not drop. */
void platform_wipe(void *p, size_t n);

/* After this, SIGINT and SIGTERM set a flag; the second one ends the program at once. */
void platform_catch_interrupts(void);
/* The file, if it is there, is removed before that second one ends the program; one file at a
 * time. NULL: none any more. */
void platform_remove_when_killed(const char *path);
bool platform_interrupted(void);
/* ERR_INTERRUPTED with its sentence when the flag is set, else 0. */
int platform_check_interrupted(struct err *err);

/* Reads a whole file; "-" is standard input. code: the error code of a failure. */
int platform_read_file(
	const char *path, size_t max, struct buf *out, enum err_code code, struct err *err);
/* Opens for reading, binary. */
FILE *platform_open_read(const char *path, enum err_code code, struct err *err);
/* The next read begins at that byte; false when the file cannot do that. */
bool platform_seek(FILE *f, uint64_t offset);
bool platform_exists(const char *path);
bool platform_is_folder(const char *path);
/* Do both name one file or folder, however they are spelled? False when either is not there. */
bool platform_is_same(const char *path, const char *other);
/* Does path stand in the folder, or in one below it, or is it the folder itself, however both are
 * spelled? Links are followed. A path that is not there stands where its folder does. */
bool platform_is_within(const char *path, const char *folder);
/* What stands at path itself: a symbolic link is not followed. */
enum platform_kind {
	PLATFORM_NOTHING,
	PLATFORM_FILE,
	PLATFORM_FOLDER,
	PLATFORM_LINK,
	PLATFORM_OTHER
};
enum platform_kind platform_kind_of(const char *path);
/* When what stands at path was last written to, seconds since 1970; INT64_MIN: not known. */
int64_t platform_modified_at(const char *path);
/* An extended attribute of the file (Linux), appended to out; false when it has none, it is larger
 * than max, or the system knows no such thing. */
bool platform_file_attribute(const char *path, const char *name, size_t max, struct buf *out);
/* May its entries be listed? */
bool platform_folder_opens(const char *path);
/* The next entry's name in a folder: call with *state == NULL first; NULL at the end. */
struct platform_dir;
const char *platform_dir_next(const char *folder, struct platform_dir **state);

/* Creates the folder (0700) if it is not there; parents too. *created tells which. */
int platform_make_folder(const char *path, bool *created, struct err *err);
/* Removes an empty folder; silently does nothing when it is not empty. */
void platform_remove_folder(const char *path);
/* Creates a new file, mode 0600, for writing; fails when it exists. */
FILE *platform_create(const char *path, struct err *err);
/* Flushes to the disk and closes; a full disk is found here at the latest. Closes also on failure.
 */
int platform_finish(FILE *f, const char *path, struct err *err);
/* fsync of a file that a library wrote and closed. */
int platform_sync_path(const char *path, struct err *err);
int platform_set_private(const char *path, struct err *err);
/* Atomic replacement. */
int platform_rename(const char *from, const char *to, struct err *err);
void platform_remove(const char *path);
/* A new folder (0700) below the system's folder for temporary files; its path is appended to out.
 */
int platform_make_temporary(struct buf *out, struct err *err);
/* Removes it with all that is below it; links are removed, not followed. */
void platform_remove_all(const char *path);
/* Process id, for names of files beside the target. */
long platform_pid(void);

#endif
