/* Evaluation: checks × policy over a model gives a run. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/catalogue.h"
#include "engine/run.h"

/* Checks that every id, parameter, bound and waiver of the policy fits the catalogue, and that a
 * vuln_* threshold is only tightened. All mistakes go to *mistakes (in arena of policy), the first
 * to *err (ERR_USAGE). */
int engine_bind(const struct catalogue *c, struct policy *p, const struct policy_mistake **mistakes,
	size_t *mistake_count, struct err *err);

/* Parameters in force for one control after binding: policy over catalogue; count values into
 * out[max]. */
size_t engine_parameters(const struct catalogue_entry *e, const struct policy *p,
	struct policy_param *out, size_t max);

/* Attributes that the policy's custom controls read beyond attrs.def, in a, without the derived
 * ones: for model_options.keep and for the collector. Returns their number. */
size_t engine_attributes(const struct policy *p, struct arena *a, const struct str **out);

/* previous: of the run before this one; NULL: none. The same model, policy, catalogue and previous
 * run give the same run, byte for byte. */
struct previous_run;
int engine_run(const struct catalogue *c, const struct policy *p, const struct model *m,
	const struct previous_run *previous, struct progress *progress, struct run *out,
	struct err *err);

/* Evaluates the same model again with its clock at `at` and puts into r, the run of today, what
 * stands to turn by itself until then: findings that today has not, or has as accepted or at a
 * better level, and controls that fail or are unknown then and are not today. Of accounts in use it
 * is not foretold that they stop (check.h, upkeep). Linear; of the second evaluation one control at
 * a time is kept. The clock of m is put back. */
int engine_look_ahead(const struct catalogue *c, const struct policy *p, struct model *m,
	const struct previous_run *previous, int64_t at, struct progress *progress, struct run *r,
	struct err *err);

/* Adds to a stored run what results.json does not hold and what can be told from it: the words of
 * the catalogue (a control that it does not know keeps its id as title), the controls of each
 * family, the order of actions and, from the table of privileged accounts, run.privileged with what
 * that table says. The catalogue must outlive the run. */
void engine_describe_run(const struct catalogue *c, struct run *r);

#endif
