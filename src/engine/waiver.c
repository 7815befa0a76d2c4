/* Accepted risks: which findings a policy's waivers cover. A waived control is evaluated all the
 * same; nothing here hides a finding. */
#include "engine/internal.h"

#include "ad/dn.h"
#include "base/datetime.h"
#include "base/utf8.h"

void waivers_prepare(
	struct waivers *w, struct arena *a, const struct policy *p, const struct model *m)
{
	w->count = p->waiver_count;
	w->list = ARENA_ARRAY(a, struct waiver, p->waiver_count);
	for (size_t i = 0; i < w->count; i++) {
		struct waiver *v = &w->list[i];

		v->policy = &p->waivers[i];
		v->expired = v->policy->until < model_now(m);
		if (v->policy->reach == REACH_OBJECT || v->policy->reach == REACH_GROUP)
			v->target = model_find_name(m, v->policy->target, &v->ambiguous);
		else if (v->policy->reach == REACH_UNIT &&
			 !dn_canonical(a, v->policy->target, &v->unit))
			v->unit = (struct str){ 0 };
	}
}

static bool covers(const struct waiver *v, struct arena *scratch, const struct model *m,
	const struct ad_object *o)
{
	struct str dn;

	switch (v->policy->reach) {
	case REACH_ALL:
		return true;
	case REACH_OBJECT:
		return v->target == o;
	case REACH_GROUP:
		return v->target && object_in_group(m, o, v->target);
	case REACH_UNIT:
		return v->unit.n > 0 && dn_canonical(scratch, o->dn, &dn) &&
		       dn_is_below(dn, v->unit);
	}
	return false;
}

bool waivers_cover(struct waivers *w, struct arena *scratch, const struct model *m,
	struct str control, const struct ad_object *o)
{
	bool covered = false;

	for (size_t i = 0; i < w->count; i++) {
		struct waiver *v = &w->list[i];

		if (v->expired || !str_eq(v->policy->control, control) || !covers(v, scratch, m, o))
			continue;
		v->findings++;
		covered = true;
	}
	return covered;
}

size_t waivers_notes(const struct waivers *w, struct arena *a, const struct str **out)
{
	struct str *notes = ARENA_ARRAY(a, struct str, w->count);
	size_t count = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct policy_waiver *p = w->list[i].policy;
		struct str target = p->reach == REACH_ALL ? STR("*") : utf8_sanitize(a, p->target);
		char date[DATETIME_TEXT];

		if (w->list[i].expired)
			notes[count++] =
				arena_printf(a, "waiver_expired %.*s %.*s %s", STR_ARG(p->control),
					STR_ARG(target), datetime_date(p->until, date));
		else if (!w->list[i].findings)
			notes[count++] = arena_printf(a, "%s %.*s %.*s",
				w->list[i].ambiguous ? "waiver_ambiguous" : "waiver_unused",
				STR_ARG(p->control), STR_ARG(target));
	}
	*out = notes;
	return count;
}

size_t waivers_list(const struct waivers *w, struct arena *a, const struct run_waiver **out)
{
	static const char *const reach[] = { [REACH_OBJECT] = "object",
		[REACH_GROUP] = "group",
		[REACH_UNIT] = "unit",
		[REACH_ALL] = "all" };
	struct run_waiver *list = ARENA_ARRAY(a, struct run_waiver, w->count);

	for (size_t i = 0; i < w->count; i++) {
		const struct policy_waiver *p = w->list[i].policy;

		list[i] = (struct run_waiver){ .control = arena_str(a, p->control),
			.target = arena_str(a, utf8_sanitize(a, p->target)),
			.reason = arena_str(a, utf8_sanitize(a, p->reason)),
			.approved_by = arena_str(a, utf8_sanitize(a, p->approved_by)),
			.reach = reach[p->reach],
			.until = p->until,
			.expired = w->list[i].expired,
			.findings = w->list[i].findings };
	}
	*out = list;
	return w->count;
}
