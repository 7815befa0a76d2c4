/* tables.tsv: which tables a run of ORADAD has, and their columns, whose order differs from one
 * version to the next. */
#ifndef SNAPSHOT_ORADAD_TABLES_H
#define SNAPSHOT_ORADAD_TABLES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct oradad_column {
	struct str name; /* lDAPDisplayName, or that and "_int", or one of ORADAD's own */
	struct str sql;	 /* "nvarchar(255)", "int", … */
};

struct oradad_table {
	struct str file;   /* "domain\ch.example\user.tsv" */
	struct str base;   /* "domain", "configuration", … ; "" for metadata */
	struct str domain; /* "ch.example": the folder below it; "" where there is none */
	struct str name;   /* "user", "top", "rootDSE" */
	const struct oradad_column *columns;
	size_t column_count;
	uint64_t line; /* of tables.tsv */
};

struct oradad_tables {
	struct str run; /* the first line: "<root domain>_<date>" */
	const struct oradad_table *tables;
	size_t count;
};

/* Everything lives in a. ERR_SOURCE with file and line: a line that is none of a table, a count of
 * columns that lies, a name that leaves the folder, the same file twice, a bound of limits.h. */
int oradad_tables_read(
	const char *path, struct arena *a, struct oradad_tables *out, struct err *err);
/* The column of that name (ASCII case ignored), or SIZE_MAX. */
size_t oradad_column(const struct oradad_table *t, struct str name);

#endif
