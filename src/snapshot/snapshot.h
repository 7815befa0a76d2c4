/*
 * The snapshot: one SQLite file with everything that was read of a directory, raw, and what could
 * not be read. docs/snapshot.md describes the tables.
 *
 * A writer works on a file beside the target and renames it when it is whole: an interrupted or
 * failed collection never leaves a file that looks complete, and never touches an older one.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* One attribute of one object: the name as the server wrote it (options such as ;range removed). */
struct raw_attr {
	struct str name;
	const struct str *values;
	size_t count;
};

struct raw_object {
	struct str dn;
	const struct raw_attr *attrs;
	size_t count;
};

/* State of something that was wanted. The names in the file and in results.json are the lower-case
 * words: ok, denied, truncated, missing, malformed, not_asked, note. */
enum coverage_state {
	COVERAGE_OK,
	COVERAGE_DENIED,    /* the server refused */
	COVERAGE_TRUNCATED, /* read in part: lower bounds only */
	COVERAGE_MISSING,   /* looked for and not there */
	COVERAGE_MALFORMED, /* there and damaged; what was damaged is left out */
	COVERAGE_NOT_ASKED, /* this source does not hold it */
	COVERAGE_NOTE,	    /* worth knowing, nothing is lost */
};
const char *coverage_state_name(enum coverage_state s);
bool coverage_state_parse(struct str name, enum coverage_state *out);

struct coverage {
	struct str need; /* "attribute X", "context DC=…", "object DN", "identity", … */
	enum coverage_state state;
	struct str detail; /* a code with arguments, words separated by spaces; ASCII words, no
			      prose */
};

/* Names of metadata rows; values are text unless said otherwise. */
#define META_SOURCE "source"	     /* ldap, ldif, oradad */
#define META_TOOL "tool"	     /* adhygiene 0.1.0 */
#define META_SERVER "server"	     /* the URI, or the file names */
#define META_STARTED_AT "started_at" /* ISO 8601, wall clock */
#define META_FINISHED_AT "finished_at"
#define META_COLLECTED_AT                                                                          \
	"collected_at"		     /* the directory's own time, ISO 8601: rootDSE currentTime */
#define META_READER_DN "reader_dn"   /* who read, when known */
#define META_READER_SID "reader_sid" /* text form */
#define META_READER_TOKEN                                                                          \
	"reader_token"		 /* text SIDs separated by spaces: tokenGroups, the account        \
				    and well-known SIDs of its logon; absent: unknown reader */
#define META_LDIF_ALL "ldif_all" /* 1: the LDIF was read with "*" (design, Words) */
#define META_ATTRIBUTES_ASKED                                                                      \
	"attributes_asked" /* names separated by spaces, as the collector asked;                   \
			      absent: everything ("*") or not known */
#define META_ATTRIBUTES_ASKED_OF                                                                   \
	"attributes_asked_of_" /* and a class: names that were asked besides of objects whose      \
				  most specific class with such a row it is */
#define META_ORADAD_VERSION "oradad_version" /* of the ORADAD that read: 3.6.218.0 */
#define META_LAST_LOGON                                                                            \
	"last_logon" /* "all": lastLogon is the latest of all domain controllers of the domain,    \
			for every account; absent: that of the one that was read */
#define META_SYSVOL                                                                                \
	"sysvol" /* "copy": SYSVOL was read too, from a copy (--sysvol); "smb": from the domain    \
		    controller; "oradad": from what ORADAD kept; absent: not */

/* Every secret attribute that is never asked for and never stored (design, Snapshot).
 * Case-insensitive, options ignored. */
bool snapshot_is_secret(struct str attribute);

struct snapshot_writer;

int snapshot_create(const char *path, struct snapshot_writer **out, struct err *err);
/* Adds one object; secret attributes are dropped and counted. Duplicate DNs: the first stays, the
 * second is a coverage entry. The rootDSE is the object with the empty DN. */
int snapshot_put(struct snapshot_writer *w, const struct raw_object *o, struct err *err);
int snapshot_put_meta(
	struct snapshot_writer *w, const char *key, struct str value, struct err *err);
int snapshot_put_coverage(struct snapshot_writer *w, struct str need, enum coverage_state state,
	struct str detail, struct err *err);
/* A line for people who open the file: where in a source the damage was, what was retried. */
int snapshot_put_log(struct snapshot_writer *w, struct str text, struct err *err);
/* One file of SYSVOL: path below the folder that was read, with '/'. Files lose
 * the secrets they hold here, whoever calls (ad/sysvol_secrets.h). */
int snapshot_put_sysvol(
	struct snapshot_writer *w, struct str path, struct str bytes, struct err *err);
/* What is known of a file or folder of SYSVOL beside its bytes. */
struct sysvol_entry {
	struct str path; /* as in snapshot_put_sysvol(); a folder's without '/' at the end */
	bool folder;
	int64_t modified;      /* seconds since 1970; INT64_MIN: not known */
	struct str descriptor; /* self-relative; {NULL,0}: not read */
	bool control_known;    /* its control flags are the file's own, not made up by the reader */
};
int snapshot_put_sysvol_entry(
	struct snapshot_writer *w, const struct sysvol_entry *e, struct err *err);
/* Objects put so far, without duplicates. */
uint64_t snapshot_count(const struct snapshot_writer *w);
/* Completes the file, flushes it to disk and renames it into place; frees w in every case. */
int snapshot_finish(struct snapshot_writer *w, struct err *err);
/* Removes the unfinished file; NULL is fine. */
void snapshot_abandon(struct snapshot_writer *w);

struct snapshot;

/* Opens a finished snapshot read-only; refuses other files, other versions, truncated and
 * unfinished ones with ERR_SOURCE and a sentence that names the file. */
int snapshot_open(const char *path, struct snapshot **out, struct err *err);
void snapshot_close(struct snapshot *s);
/* Metadata value, or {NULL,0}; lives as long as s. */
struct str snapshot_meta(const struct snapshot *s, const char *key);
uint64_t snapshot_object_count(const struct snapshot *s);
size_t snapshot_coverage_count(const struct snapshot *s);
struct coverage snapshot_coverage_at(const struct snapshot *s, size_t i);
/* Attribute names: ids are dense from 0. */
size_t snapshot_attribute_count(const struct snapshot *s);
struct str snapshot_attribute_name(const struct snapshot *s, uint32_t id);
/* Distinct security descriptors: ids are dense from 0. A large directory has hundreds of megabytes
 * of them: they stay in the file. */
size_t snapshot_descriptor_count(const struct snapshot *s);
/* Calls each(cx, …) for every one in the order of ids; bytes are valid only during the call. A
 * non-zero return stops and is returned. */
int snapshot_each_descriptor(struct snapshot *s,
	int (*each)(void *cx, uint32_t id, struct str bytes, struct err *err), void *cx,
	struct err *err);
/* One of them, valid until the next call; {NULL,0} when its row is damaged. */
struct str snapshot_descriptor(struct snapshot *s, uint32_t id);

#define SNAPSHOT_NO_DESCRIPTOR UINT32_MAX

/* Calls each(cx, …) for every object in the order they were put. attrs is a cursor over the
 * object's packed attributes: bytes are valid only during the call. A non-zero return stops and is
 * returned. A record whose packing is damaged is an ERR_SOURCE. */
struct snapshot_record {
	struct str dn;
	uint32_t descriptor; /* id or SNAPSHOT_NO_DESCRIPTOR */
	struct str packed;
};
int snapshot_each(struct snapshot *s,
	int (*each)(void *cx, const struct snapshot_record *r, struct err *err), void *cx,
	struct err *err);
/* One object by DN (compared as dn_canonical does not: exact bytes, ASCII case ignored). Returns 1
 * and fills *r (valid until the next call) when found, 0 when not, negative on error. */
int snapshot_find(struct snapshot *s, struct str dn, struct snapshot_record *r, struct err *err);
/* Calls each(cx, …) for every file of SYSVOL in the order they were put; path and bytes are valid
 * only during the call. A non-zero return stops and is returned. */
int snapshot_each_sysvol(struct snapshot *s,
	int (*each)(void *cx, struct str path, struct str bytes, struct err *err), void *cx,
	struct err *err);

/* The same for what is known of files and folders; none in older snapshots. */
int snapshot_each_sysvol_entry(struct snapshot *s,
	int (*each)(void *cx, const struct sysvol_entry *e, struct err *err), void *cx,
	struct err *err);

/* Walks packed attributes: while (packed_next(&c)) { c.attribute, c.values … packed_value(&c) }.
 * The importer and the database are not trusted: c.bad is set when a length leaves the bytes. */
struct packed_cursor {
	struct str rest;
	uint32_t attribute; /* id of snapshot_attribute_name() */
	uint32_t count;	    /* values of this attribute */
	struct str values;  /* packed values */
	bool bad;
};
struct packed_cursor packed_begin(struct str packed);
bool packed_next(struct packed_cursor *c);
/* The next value of the current attribute; {NULL,0} after the last. */
struct str packed_value(struct packed_cursor *c);

#endif
