/* The level of a directory, from what its controls say. */
#include "engine/run.h"

#define BEST_LEVEL 5

static void lower(int *level, int to)
{
	if (to > 0 && to < *level)
		*level = to;
}

/* Could it still fail at its worst level? What failed says with a reason that not all was read; of
 * the other verdicts only these two are open. */
static bool is_open(const struct run_control *c)
{
	if (c->status == STATUS_UNKNOWN || c->status == STATUS_DISABLED || c->unknown > 0)
		return true;
	return (c->status == STATUS_FAIL || c->status == STATUS_WAIVED) && c->reason.p;
}

struct run_levels run_levels_of(const struct run_control *controls, size_t count)
{
	struct run_levels l = { BEST_LEVEL, BEST_LEVEL, BEST_LEVEL };

	for (size_t i = 0; i < count; i++) {
		const struct run_control *c = &controls[i];

		if (!str_starts(c->id, STR("vuln_")))
			continue;
		lower(&l.level, c->failed_level);
		lower(&l.with_waivers, c->level_with_waivers);
		lower(&l.floor, c->failed_level);
		if (is_open(c))
			lower(&l.floor, c->levels[0]);
	}
	return l;
}
