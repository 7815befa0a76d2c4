#include "checks/population.h"

#include "checks/common.h"

int population_before(struct check_cx *cx, enum policy_population p)
{
	if (model_population_declared(cx_model(cx), p))
		return 0;
	return not_applicable(cx,
		arena_printf(cx_arena(cx), "population_not_declared %s", policy_population_name(p))
			.p);
}

int population_after(struct check_cx *cx, enum policy_population p)
{
	if (!model_population_unresolved(cx_model(cx), p))
		return 0;
	return undecided(cx, NULL,
		arena_printf(cx_arena(cx), "population_not_resolved %s", policy_population_name(p))
			.p);
}

bool population_may_hold(struct check_cx *cx, const struct ad_object *obj, enum policy_population p)
{
	if (object_in_population(cx_model(cx), obj, p) != NO)
		return true;
	passed_over(cx);
	return false;
}

bool population_holds(struct check_cx *cx, const struct ad_object *obj, enum policy_population p)
{
	if (object_in_population(cx_model(cx), obj, p) == YES)
		return true;
	undecided(cx, obj,
		arena_printf(cx_arena(cx), "population_not_readable %s", policy_population_name(p))
			.p);
	return false;
}

void population_tiers_resolved(struct check_cx *cx, int lowest)
{
	const struct model *m = cx_model(cx);
	const char *reason = "privileged_groups_not_read";

	if (model_privileged_complete(m, &reason) != YES)
		undecided(cx, NULL, reason);
	if (model_privileged_unread_count(m))
		undecided(cx, NULL, "privileged_member_not_read");
	for (int t = 0; t <= lowest; t++)
		if (model_tier_unresolved(m, t))
			undecided(
				cx, NULL, arena_printf(cx_arena(cx), "tier_not_resolved %d", t).p);
}
