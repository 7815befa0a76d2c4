/*
 * An Office Open XML package (ECMA-376 part 2): a zip of parts, from anywhere. Nothing is inflated
 * beyond the bounds of base/limits.h, whatever the file says of its sizes. package.c is the only
 * file here that includes libzip.
 */
#ifndef RUNS_PACKAGE_H
#define RUNS_PACKAGE_H

#include "base/err.h"
#include "base/str.h"

struct package;

/* ERR_SOURCE with a sentence for what is no zip file, one with too many parts, or another program's
 * format; name is for sentences. */
int package_open(const char *path, const char *name, struct package **out, struct err *err);
void package_close(struct package *p); /* NULL is fine */
bool package_has(const struct package *p, struct str part);

/* Gives the part's bytes, a piece at a time, to each(); stops without an error when each() returns
 * false. A part that is not there, is over a bound, encrypted, or whose checksum is wrong is
 * ERR_SOURCE. */
typedef bool package_fn(void *cx, struct str bytes);
int package_read(struct package *p, struct str part, package_fn *each, void *cx, struct err *err);

/* "… is damaged (why)": the sentence of everything that a workbook may have wrong. */
int package_damaged(const struct package *p, const char *why, struct err *err);

#endif
