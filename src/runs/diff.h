/* Two runs of one directory: what changed. */
#ifndef RUNS_DIFF_H
#define RUNS_DIFF_H

#include "base/err.h"
#include "engine/evolution.h"

/* Fills controls, before and two points; of next_audit, memory and what people wrote, nothing. Both
 * runs must outlive out, which lives in a. ERR_USAGE when they are of different directories (no
 * domain SID, or key of anonymous runs, in common) or it cannot be told. Linear in findings.
 *
 * The same object: the same GUID; where one of the two has none, the same domain SID; where that is
 * missing too, the same DN in any case. Several findings on one object are told apart by their
 * evidence, as far as it did not change. A finding that is gone is fixed only when this run can
 * tell: the control was measured alike and decided for every object, the domain that the finding
 * stood in was read, and nothing is hidden from the reader. A run without objects (of an anonymous
 * audit) is compared by its counts: findings is NULL then.
 *
 * A finding is new or remaining; diff_earlier() tells what came back. since is the date of the run
 * before, or of this one. */
int diff_runs(const struct run *before, const struct run *now, struct arena *a,
	struct run_evolution *out, struct err *err);

/* A run still older than those that e, of diff_runs(…, now, …), knows; call with the newest first.
 * A new finding that it had becomes FINDING_BACK where a later run saw it gone, else remaining; the
 * row of runs of the others is followed back into it; it becomes a point, without families: it need
 * not outlive e. seen: of e->control_count, false before the first call, kept by the caller between
 * calls. ERR_USAGE as above. */
int diff_earlier(const struct run *earlier, const struct run *now, struct arena *a,
	struct run_evolution *e, bool *seen, struct err *err);

/* The run in a trend; what it points at is the run's. */
struct evolution_point diff_point(const struct run *r);

/* The same directory, ERR_USAGE else. */
int diff_same_directory(const struct run *before, const struct run *now, struct err *err);

#endif
