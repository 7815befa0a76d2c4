/* What a run of ORADAD says of itself: metadata.tsv and the rootDSEs. */
#ifndef SNAPSHOT_ORADAD_ABOUT_H
#define SNAPSHOT_ORADAD_ABOUT_H

#include "snapshot/oradad_folder.h"
#include "snapshot/oradad_tables.h"
#include "snapshot/snapshot.h"

struct oradad_about {
	struct str version;	 /* "3.6.218.0"; empty: not known */
	int64_t level;		 /* of the attributes that were collected; 0: not known */
	int64_t confidential;	 /* 0: confidential attributes were left out; -1: not known */
	int64_t collected_at;	 /* INT64_MIN: not known */
	const struct str *token; /* SIDs of the reader in every domain, as text */
	size_t token_count;	 /* 0: not known */
	struct str forest;	 /* DN of its root domain; empty: not known */
};

/* Puts the rootDSE too, that of the forest's root where there are several. What *out holds lives
 * in a. */
int oradad_about_read(struct oradad_about *out, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct snapshot_writer *w, struct arena *a,
	struct err *err);
/* Where this version cuts cells, for oradad_cell_decode(). */
size_t oradad_about_limit(const struct oradad_about *about);
/* Does it keep the first alone of several SIDs? */
bool oradad_about_first_only(const struct oradad_about *about);
/* Puts the metadata of the snapshot. */
int oradad_about_put(const struct oradad_about *about, struct str run, struct snapshot_writer *w,
	struct err *err);

#endif
