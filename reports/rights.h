/* What the audit could not read, what would let it, and the script that grants it. */
#ifndef REPORTS_RIGHTS_H
#define REPORTS_RIGHTS_H

#include "reports/words.h"

/* What would let a control be decided. */
enum right {
	RIGHT_CASE,	  /* to be looked at: nothing general helps */
	RIGHT_PSO,	  /* reading the Password Settings Container */
	RIGHT_DESCRIPTOR, /* reading security descriptors */
	RIGHT_ATTRIBUTE,  /* reading attributes */
	RIGHT_LIST,	  /* listing units and containers */
	RIGHT_COLLECT,	  /* collecting more, no right */
	RIGHT_SYSVOL,	  /* reading SYSVOL */
	RIGHT_DOMAIN,	  /* auditing another domain of the forest too */
	RIGHT_SERVER,	  /* looking at the server itself: it is not in the directory */
	RIGHT_DECLARE,	  /* saying it in the policy */
	RIGHT_PREVIOUS,	  /* an earlier run */
	RIGHT_COUNT
};
/* By the reason (a code with arguments) why a control is unknown. */
enum right right_of(struct str reason);
/* What is to be granted or done. */
const char *words_right(enum right right, enum lang lang);
/* Is it one that rights.ps1 grants? */
bool right_is_granted(enum right right);

/* Is there anything that rights.ps1 could bring to this audit? */
bool rights_needed(const struct run *r);
/* Creates path, which must not exist, with the script. Deterministic; UTF-8 with BOM and CRLF. */
int rights_write(const struct run *r, enum lang lang, const char *path, struct err *err);

#endif
