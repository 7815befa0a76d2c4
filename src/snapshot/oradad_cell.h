/*
 * What stands in one cell of ORADAD, as LDAP gives it: numbers, GeneralizedTime and FILETIME as
 * text, SIDs, GUIDs and descriptors as bytes, several values apart. Which attributes are taken, and
 * how, is in oradad_columns.def.
 */
#ifndef SNAPSHOT_ORADAD_CELL_H
#define SNAPSHOT_ORADAD_CELL_H

#include "base/arena.h"
#include "snapshot/snapshot.h"

enum oradad_kind {
	ORADAD_TEXT,
	ORADAD_NUMBER,	  /* decimal; of the column NAME_int where there is one */
	ORADAD_RAW,	  /* the same, of NAME_int only: the text beside it is computed wrongly */
	ORADAD_TIME,	  /* 2026-11-21 10:00:00: GeneralizedTime */
	ORADAD_FILETIME,  /* the same, or decimal: FILETIME; 2999-12-12 is never */
	ORADAD_BOOL,	  /* 1, 0: TRUE, FALSE */
	ORADAD_SID,	  /* S-1-…: bytes */
	ORADAD_GUID,	  /* bytes */
	ORADAD_HEX,	  /* bytes */
	ORADAD_DN_BINARY, /* hexadecimal digits of the text B:…:…:DN, or that text */
	ORADAD_DACL,	  /* SDDL: a self-relative descriptor */
};

enum oradad_values { ORADAD_ONE, ORADAD_ANY, ORADAD_DN, ORADAD_PREFIX, ORADAD_MENU };

enum oradad_how {
	ORADAD_COLLECTED,
	ORADAD_EXTRA,
	ORADAD_ABOVE,
	ORADAD_NEVER,
	ORADAD_UNRANGED,
	ORADAD_FIRST,
	ORADAD_SECRET,
};

struct oradad_attribute {
	const char *name; /* lDAPDisplayName */
	enum oradad_kind kind;
	enum oradad_values values;
	enum oradad_how how;
};

extern const struct oradad_attribute oradad_attributes[];
extern const size_t oradad_attribute_count;

/* Where versions from 3.6.216 on cut a cell: UTF-16 units (1 MiB). */
#define ORADAD_CELL_UNITS 524288u

enum oradad_cell {
	ORADAD_CELL_EMPTY, /* absent, not readable, 0 of a time: it is not told which */
	ORADAD_CELL_WHOLE,
	ORADAD_CELL_CUT, /* values are missing behind those in out */
	ORADAD_CELL_BAD, /* values that are not of the kind were left out */
};

/* cell: UTF-16LE; limit: a text of as many units was cut, SIZE_MAX: this version cuts none. out
 * gets the attribute's name and its values, which live in arena; count is 0 when there are none. */
enum oradad_cell oradad_cell_decode(const struct oradad_attribute *a, struct str cell, size_t limit,
	struct arena *arena, struct raw_attr *out);

/* "2026-11-21 10:00:00" (UTC), or the name of a run, "20261121-100000", to seconds since 1970. */
bool oradad_time_parse(struct str text, int64_t *out);

#endif
