/* audit.csv, the advanced audit policy of a group policy (MS-GPAC 2.2.1). */
#ifndef AD_AUDIT_CSV_H
#define AD_AUDIT_CSV_H

#include "ad/guid.h"
#include "base/arena.h"

/* Setting Value of a subcategory (MS-GPAC 2.2.1.2). */
#define AUDIT_UNCHANGED 0u
#define AUDIT_SUCCESS 1u
#define AUDIT_FAILURE 2u
#define AUDIT_NONE 4u

struct audit_row {
	struct guid subcategory; /* none: an option ("Option:CrashOnAuditFail") or a SACL */
	struct str name;	 /* in the language of who wrote it */
	uint32_t value;
};

struct audit_csv {
	const struct audit_row *rows; /* of the system's own policy; per-user rows are left out */
	size_t count;
	size_t skipped; /* rows without a number */
};

/* Everything lives in a. False when the columns of MS-GPAC are missing or a bound is passed. */
bool audit_csv_parse(struct arena *a, struct str bytes, struct audit_csv *out);

#endif
