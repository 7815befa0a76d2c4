/* The objects of one naming context: each row of top together with those of the other tables. */
#ifndef SNAPSHOT_ORADAD_JOIN_H
#define SNAPSHOT_ORADAD_JOIN_H

#include "base/progress.h"
#include "snapshot/oradad_log.h"
#include "snapshot/oradad_typed.h"

struct oradad_join {
	struct snapshot_writer *w;
	const struct oradad_folder *folder;
	const struct oradad_tables *tables;
	struct oradad_log *log; /* told of every cell that was cut */
	struct progress *progress;
	size_t limit;	 /* of oradad_cell_decode() */
	bool first_only; /* oradad_about_first_only() */
	uint64_t rows;
	/* Objects without their row in the other kind of table; those behind the first thousand
	 * are not named. */
	uint64_t not_in_top, not_in_typed;
};

/* Puts the objects of top's naming context, and what oradad.h says of their cells. top is a table
 * whose first column is dn. */
int oradad_join(struct oradad_join *j, const struct oradad_table *top, struct err *err);

/* The classes whose objects stand in a table of their own. */
struct oradad_class {
	const char *table, *object_class;
};
extern const struct oradad_class oradad_classes[];
extern const size_t oradad_class_count;
/* Is there such a table in any naming context? */
bool oradad_has_table(const struct oradad_tables *tables, const char *name);

#endif
