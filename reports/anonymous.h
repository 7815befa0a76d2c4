/*
 * A run without names: what a facility can send to the group of hospitals it belongs to. Verdicts,
 * levels and numbers stay as they are; of texts only those stay that this program wrote itself, and
 * the facility's own name (docs/decisions/0021-anonymous-runs.md).
 */
#ifndef REPORTS_ANONYMOUS_H
#define REPORTS_ANONYMOUS_H

#include "base/err.h"
#include "engine/run.h"

struct anonymous_rules {
	/* A keyed hash of a SID's text, 64 hexadecimal digits into out. */
	int (*keyed)(const void *key, struct str sid, char out[65], struct err *err);
	const void *key;
	/* Words that may stay as arguments of codes, beside codes.def's own: names of attributes.
	 */
	const struct str *words;
	size_t word_count;
	bool keep_policy_name; /* it is that of a policy that comes with the program */
};

/* r must outlive out, which the caller frees. */
int run_anonymous(
	const struct run *r, const struct anonymous_rules *rules, struct run *out, struct err *err);

#endif
