/* Systems without support, by the dated tables of src/ad; biomedical equipment apart. */
#include "ad/windows.h"
#include "checks/common.h"
#include "checks/machines.h"
#include "checks/population.h"

#include <inttypes.h>

enum { ENDS_SOON }; /* counter */

/* Domain controllers have a point of ANSSI's; systems other than Windows are not in the tables. */
static bool is_judged(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_dc_computer(obj))
		return false;
	if (obj_has(obj, ATTR_OPERATING_SYSTEM))
		return windows_is_windows(obj_str(obj, ATTR_OPERATING_SYSTEM));
	return model_readable(cx_model(cx), obj, ATTR_OPERATING_SYSTEM) != READABLE;
}

/* Is it out of support? Where that is not known, obj is undecided. */
static bool is_obsolete(struct check_cx *cx, const struct ad_object *obj, const char **last)
{
	int64_t end;

	if (!readable(cx, obj, ATTR_OPERATING_SYSTEM))
		return false;
	*last = windows_end_of_support(
		obj_str(obj, ATTR_OPERATING_SYSTEM), obj_str(obj, ATTR_OPERATING_SYSTEM_VERSION));
	if (!*last || !datetime_parse(str_of(*last), &end)) {
		if (readable(cx, obj, ATTR_OPERATING_SYSTEM_VERSION))
			undecided(cx, obj, "operating_system_unknown");
		return false;
	}
	if (cx_now(cx) >= end + SECONDS_PER_DAY)
		return true;
	*cx_counter(cx, ENDS_SOON) += cx_now(cx) >= end - DAYS(cx_int(cx, "soon_days"));
	return false;
}

static int judge(struct check_cx *cx, const struct ad_object *obj)
{
	const char *last;

	if (!is_obsolete(cx, obj, &last))
		return 0;
	finding(cx, obj);
	evidence_system(cx, obj);
	evidence_z(cx, "end_of_support", last);
	return 0;
}

int obsolete_computer(struct check_cx *cx, const struct ad_object *obj)
{
	if (!is_judged(cx, obj) ||
		object_in_population(cx_model(cx), obj, POPULATION_BIOMEDICAL) == YES)
		return passed_over(cx);
	return judge(cx, obj);
}

int obsolete_after(struct check_cx *cx, const struct ad_object *none)
{
	uint64_t soon = *cx_counter(cx, ENDS_SOON);

	(void)none;
	if (soon)
		note(cx, arena_printf(cx_arena(cx), "support_ends_soon %" PRIu64 " %" PRId64, soon,
				 cx_int(cx, "soon_days"))
				 .p);
	return 0;
}

int biomedical_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return population_before(cx, POPULATION_BIOMEDICAL);
}

/* Whose population is not known is judged with the ordinary computers. */
int obsolete_biomedical(struct check_cx *cx, const struct ad_object *obj)
{
	if (!is_judged(cx, obj) ||
		object_in_population(cx_model(cx), obj, POPULATION_BIOMEDICAL) != YES)
		return passed_over(cx);
	return judge(cx, obj);
}

int biomedical_after(struct check_cx *cx, const struct ad_object *none)
{
	obsolete_after(cx, none);
	return population_after(cx, POPULATION_BIOMEDICAL);
}
