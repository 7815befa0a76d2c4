/* What a hospital has kept: runs, snapshots, LDIF exports and folders of ORADAD, in folders. */
#ifndef CLI_SHELF_H
#define CLI_SHELF_H

#include "base/arena.h"
#include "base/err.h"

enum shelf_kind { SHELF_RUN, SHELF_SNAPSHOT, SHELF_LDIF, SHELF_ORADAD };

struct shelf_item {
	enum shelf_kind kind;
	const char *path;
};

struct shelf {
	struct arena *arena;
	struct shelf_item *items; /* the caller frees it */
	size_t count, room;
};

/*
 * Adds what path is, or what is in it and in the folders below it, SHELF_DEPTH levels at most, by
 * name: a folder with a results.json is a run, one with ORADAD's tables.tsv a collection (what is
 * below them is not looked at); files are told by their names (.adsnap, .ldif, .ldf, .ldif.gz,
 * .ldf.gz, .mla; of those given by themselves any other is a results.json). Names that begin with a
 * dot are passed over, and an .mla whose collection stands beside it in clear.
 * ERR_SOURCE: there is nothing of that kind, or more than LIMIT_SHELF_ITEMS.
 */
#define SHELF_DEPTH 4
int shelf_gather(struct shelf *s, const char *path, struct err *err);

#endif
