/* audit.html: what html_audit.c (the page) and html_audit_data.c (its first block) share. */
#ifndef REPORTS_HTML_AUDIT_H
#define REPORTS_HTML_AUDIT_H

#include "base/hash.h"
#include "reports/html_objects.h"

#define HTML_TODAYS 3 /* of enum run_deadline_today */

struct audit_page {
	const struct run *run;
	const struct run_evolution *evolution; /* NULL: none */
	struct html_writer w;
	struct hash controls; /* id -> position in run->controls */
	struct hash changes;  /* id -> position in change_list */
	const struct run_change **change_list;
	uint32_t change_count;
	uint64_t part; /* the next block, while the first one says where everything will stand */
};

/* Position of a control, HASH_NONE when the run has none of that name. */
uint32_t audit_control(const struct audit_page *p, struct str id);
/* Position of a change among the page's. */
uint32_t audit_change(const struct audit_page *p, const struct run_change *c);

/* Everything but the lists of objects, in the order of the blocks that audit_put_parts() writes. */
void audit_put_head(struct audit_page *p);
/* "evolution": null or what changed. */
void audit_put_evolution(struct audit_page *p);

#endif
