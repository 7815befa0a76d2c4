/* Regular expressions of a policy: PCRE2 with UTF, case-insensitive, and bounded, so that a pattern
 * that backtracks for ever gives an answer of its own instead of hanging. */
#ifndef POLICY_PATTERN_H
#define POLICY_PATTERN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"

struct pattern;

/* The compiled pattern lives in a. ERR_USAGE with what is wrong and where in text. */
int pattern_compile(struct arena *a, struct str text, const struct pattern **out, struct err *err);

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_UNDECIDED, /* over the bounds of limits.h, or the subject is not UTF-8 */
};
enum pattern_result pattern_match(const struct pattern *p, struct str subject);

#endif
