/* Do the families' numbers add up? */
#ifndef TESTS_CASES_SUMS_H
#define TESTS_CASES_SUMS_H

#include "base/buf.h"
#include "engine/run.h"

/* Appends a line to out for every sum of sums.def that does not hold, for every total of a table
 * that is not the sum of its rows, and for every indicator without a control of the run. */
void sums_check(const struct run *r, struct buf *out);

#endif
