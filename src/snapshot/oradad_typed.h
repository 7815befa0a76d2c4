/*
 * The tables of one naming context beside top, such as user.tsv: rows found by DN. What is kept of
 * a row is 16 bytes; the row itself is read again when it is asked for.
 */
#ifndef SNAPSHOT_ORADAD_TYPED_H
#define SNAPSHOT_ORADAD_TYPED_H

#include "snapshot/oradad_cell.h"
#include "snapshot/oradad_folder.h"
#include "snapshot/oradad_rows.h"
#include "snapshot/oradad_tables.h"

/* Which column of a table an attribute is taken from. */
struct oradad_taken {
	const struct oradad_attribute *attribute;
	size_t column;
};

struct oradad_reading {
	const struct oradad_table *table;
	struct oradad_rows *rows; /* NULL: there is no such file */
	const struct oradad_taken *taken;
	size_t taken_count;
};

/* The columns that are taken of a table, in a; never a secret. */
size_t oradad_take(const struct oradad_table *t, struct arena *a, const struct oradad_taken **out);
/* rows stays NULL when the file is not there. */
int oradad_reading_open(struct oradad_reading *r, const struct oradad_folder *f,
	const struct oradad_table *t, struct arena *a, struct err *err);

struct oradad_entry {
	uint64_t hash;	/* of the DN's bytes */
	uint64_t where; /* offset << 16 | reading << 1 | was found */
};

/* Zero-initialise; oradad_typed_close() gives it back. */
struct oradad_typed {
	struct oradad_reading *readings;
	size_t count;
	struct oradad_entry *entries; /* by hash, then reading and offset */
	size_t entry_count, entry_room;
};

/* Opens the tables of this base and domain that begin with a column "dn", and indexes their rows;
 * what stays open lives in a. */
int oradad_typed_open(struct oradad_typed *t, const struct oradad_folder *f,
	const struct oradad_tables *tables, const struct oradad_table *top, struct arena *a,
	struct err *err);
void oradad_typed_close(struct oradad_typed *t);
/* The first entry that may be of this DN (bytes of UTF-16LE), or entry_count. */
size_t oradad_typed_find(const struct oradad_typed *t, struct str dn);
/* Entry i: makes its row the one at hand. *out is its table, or NULL when the row is of another DN;
 * dn {NULL,0}: any. What is given was found. */
int oradad_typed_read(struct oradad_typed *t, size_t i, struct str dn,
	const struct oradad_reading **out, struct err *err);
bool oradad_typed_was_found(const struct oradad_typed *t, size_t i);

#endif
