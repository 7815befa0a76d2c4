/*
 * Rows of objects in blocks of a page, packed so that 100,000 of them stay a few megabytes and that
 * writing takes no more memory than one block. A block is one flat array, row behind row:
 *
 *   name, rdn, parent, sid, rid, guid, domain, kind     texts; rdn null: "CN=" + name; rid: number
 *   level, flags, last use, since                       numbers; days since 1970 or null
 *   extra                                               a number of the caller's
 *   [responsible, state, due, comment, proof]           only with the flag FOLLOWUP
 *   n, then n times: key, m, m values                   evidence
 *
 * A text that the block had already is written as its number among the block's texts, from 0 in the
 * order of their first use; null: none. The DN is rdn + "," + parent; the SID is sid + "-" + rid,
 * or sid where rid is null. flags: 1 waived, then the finding's age (0 not known, else 1 + enum
 * finding_age) times 2, and 8 for FOLLOWUP. reports/assets/objects.js reads it.
 */
#ifndef REPORTS_HTML_OBJECTS_H
#define REPORTS_HTML_OBJECTS_H

#include "engine/evolution.h"
#include "reports/html_shell.h"
#include "reports/writers.h"

#define HTML_ROWS_A_PART 2000u

struct html_row {
	const struct run_object *object;     /* NULL: none */
	const struct evolution_finding *age; /* NULL: not known */
	int64_t extra;
};

/* Fills the i-th row of a list. */
typedef void html_row_fn(const void *list, size_t i, struct html_row *out);

/* The blocks that count rows take. */
uint64_t html_object_parts(uint64_t count);
/* Writes them; a step of x for each row (x may be NULL). */
int html_put_objects(struct html_writer *w, html_row_fn *row, const void *list, size_t count,
	struct writing *x, struct err *err);

#endif
