/* Ranged values (MS-ADTS 3.1.1.3.1.3.3): "member;range=0-1499" is a part, "…;range=1500-*" the
 * last one. */
#ifndef COLLECT_RANGE_H
#define COLLECT_RANGE_H

#include "base/str.h"

struct range {
	struct str name; /* the attribute without any option, a view */
	uint32_t low, high;
	bool last; /* the upper bound is "*"; high is 0 */
};

enum range_kind {
	RANGE_NONE,    /* no range option: all values are there */
	RANGE_PART,    /* a range, in *out */
	RANGE_DAMAGED, /* a range option that makes no sense */
};

/* attribute: a name as the server wrote it, with options; out->name is always set. */
enum range_kind range_parse(struct str attribute, struct range *out);

#endif
