/*
 * A small directory written as text, for tests: objects with their attributes in readable form
 * (SIDs and GUIDs as text, descriptors as SDDL, times as "400 days ago"), encoded as an LDAP server
 * sends them, put into a snapshot and loaded, so that every decoder on the way is under test.
 * docs/adding-a-control.md describes the lines.
 */
#ifndef TESTS_CASES_DIRECTORY_H
#define TESTS_CASES_DIRECTORY_H

#include "model/model.h"

#define DIRECTORY_DOMAIN_SID "S-1-5-21-1-2-3"

struct directory;

struct directory *directory_new(void);
void directory_free(struct directory *d);
/* A copy that may be changed alone. */
struct directory *directory_copy(const struct directory *d);
/* One line: "+ DN", "+ DN like DN", "  attr: value", "x DN", "- attr @ DN|*", "~ attr",
 * "! state need -- detail", "sysvol PATH|none" (then its text, indented by two), "acl PATH --
 * SDDL", "at: DATE", "reader: SID …|none". */
int directory_line(struct directory *d, struct str line, struct err *err);
/* Every line of text; '#' comments and empty lines are passed over. */
int directory_text(struct directory *d, struct str text, const char *file, struct err *err);
/* Writes a snapshot to path, which is the caller's to remove, and loads it under policy. keep: as
 * in model_options. */
int directory_load(struct directory *d, const struct policy *policy, const struct str *keep,
	size_t keep_count, const char *path, struct model **out, struct err *err);

#endif
