/* Controls about one population of the policy: contractors, backups, shared accounts … All of them
 * say in the same words what is not declared, not found or not readable. */
#ifndef CHECKS_POPULATION_H
#define CHECKS_POPULATION_H

#include "engine/check.h"

/* For .before: not applicable where the policy does not declare p. Always 0. */
int population_before(struct check_cx *cx, enum policy_population p);
/* For .after: undecided where the policy names for p what was not found or not read whole. Always
 * 0. */
int population_after(struct check_cx *cx, enum policy_population p);
/* May obj be in p? Else it is passed over. What is quiet of any account need not be decided. */
bool population_may_hold(
	struct check_cx *cx, const struct ad_object *obj, enum policy_population p);
/* Is obj known to be in p, of one that may be? Else it is undecided. For what would be a finding.
 */
bool population_holds(struct check_cx *cx, const struct ad_object *obj, enum policy_population p);
/* For .after of controls that also ask for tiers: undecided where those up to `lowest` or the
 * privileged groups are not known whole. */
void population_tiers_resolved(struct check_cx *cx, int lowest);

#endif
