/* Two runs of one directory: what changed. */
#ifndef RUNS_DIFF_H
#define RUNS_DIFF_H

#include "base/err.h"
#include "engine/evolution.h"

/* Fills controls, before and two points. Both runs must outlive out, which lives in a. ERR_USAGE
 * when they are of different directories (no domain SID in common; anonymous runs: no key). Linear
 * in findings. A run of an anonymous audit has no objects: then counts alone are compared. */
int diff_runs(const struct run *before, const struct run *now, struct arena *a,
	struct run_evolution *out, struct err *err);

#endif
