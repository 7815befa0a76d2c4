/* Which findings of one run are those of another. */
#ifndef RUNS_MATCH_H
#define RUNS_MATCH_H

#include "engine/run.h"

#define MATCH_NONE UINT32_MAX

/* match[i], of now->object_count: the place in before->objects of the finding that now->objects[i]
 * is, each at most once, or MATCH_NONE. The same object: diff_runs() says how. Linear. */
void match_findings(
	const struct run_control *before, const struct run_control *now, uint32_t *match);

#endif
