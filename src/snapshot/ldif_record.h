/* One record of an LDIF file: its values, which may come in any order, are gathered by attribute
 * and put as one object. */
#ifndef SNAPSHOT_LDIF_RECORD_H
#define SNAPSHOT_LDIF_RECORD_H

#include "snapshot/ldif_line.h"
#include "snapshot/names.h"
#include "snapshot/snapshot.h"

struct ldif_column;

struct ldif_record {
	struct snapshot_writer *w;
	const char *path; /* where the record stands, for messages */
	uint64_t line;
	bool open;	 /* has a DN */
	struct str dn;	 /* in the caller's bytes, like all values */
	struct buf last; /* DN of the last record that was put */
	struct names names;
	struct ldif_column *columns; /* by number in names */
	uint32_t column_room;
	uint32_t *used; /* columns of this record, in order of appearance */
	size_t used_count;
	uint64_t number;	/* of the record; 0 before the first */
	struct raw_attr *attrs; /* room for every column */
};

void ldif_record_init(struct ldif_record *r, struct snapshot_writer *w);
void ldif_record_free(struct ldif_record *r);
/* Starts a record; its bytes must stay until ldif_record_end(). */
void ldif_record_begin(struct ldif_record *r, struct str dn);
/* Adds the value of one line, decoding it in place. Damage of the value is coverage. */
int ldif_record_add(struct ldif_record *r, struct ldif_line *line, struct err *err);
/* Puts the object. */
int ldif_record_end(struct ldif_record *r, struct err *err);
/* True when the record at hand (before or after its end) has the attribute. */
bool ldif_record_has(struct ldif_record *r, struct str name);
/* The first value of the attribute in the record at hand, or {NULL,0}. */
struct str ldif_record_first(struct ldif_record *r, struct str name);
/* Coverage about the record at hand, and a log line that says where. attribute {NULL,0}: the whole
 * object. */
int ldif_record_damage(struct ldif_record *r, struct str attribute, enum coverage_state state,
	const char *code, struct err *err);

#endif
