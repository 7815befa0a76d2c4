/* What a hospital could take away, by the findings on what nobody uses. */
#include "engine/family.h"

#include <stdlib.h>

static const struct {
	const char *controls[4]; /* ends with NULL */
	bool people;		 /* users among its findings are people's accounts */
} causes[SAVINGS] = {
	[SAVING_LEFT] = { { "hyg_hr_left" }, true },
	[SAVING_EXPIRED] = { { "hyg_expired_enabled" }, true },
	[SAVING_UNUSED_USER] = { { "hyg_stale_users", "hyg_privileged_stale",
					 "hyg_external_dormant" },
		true },
	[SAVING_NEVER_USED] = { { "hyg_never_logged_on", "hyg_privileged_never_used" }, true },
	[SAVING_UNUSED_SERVICE] = { { "hyg_stale_service_accounts" }, false },
	[SAVING_UNUSED_COMPUTER] = { { "hyg_stale_computers" }, false },
	[SAVING_DISABLED] = { { "hyg_disabled_long" }, false },
	[SAVING_GROUP] = { { "hyg_empty_groups" }, false },
	[SAVING_UNIT] = { { "hyg_empty_ous" }, false },
	[SAVING_POLICY] = { { "hyg_gpo_unlinked" }, false },
};

/* A licence is freed where an enabled account is closed that no service uses. */
static bool has_licence(const struct model *m, const struct ad_object *o)
{
	return o->kind == AD_USER && account_enabled(m, o) == YES &&
	       !obj_has(o, ATTR_SERVICE_PRINCIPAL_NAME) &&
	       object_in_population(m, o, POPULATION_SERVICE) != YES;
}

static void count_control(const struct evaluation *e, const char *control, enum saving cause,
	struct savings *s, bool *counted)
{
	const struct outcome *o = evaluation_find(e, control);

	for (size_t i = 0; o && i < o->shown.object_count; i++) {
		const struct run_object *found = &o->shown.objects[i];
		const struct ad_object *object =
			found->waived ? NULL : model_find_dn(e->model, found->dn);

		if (!object)
			continue;
		s->causes[cause].found++;
		if (counted[object->index])
			continue;
		counted[object->index] = true;
		s->causes[cause].objects++;
		s->causes[cause].licences += causes[cause].people && has_licence(e->model, object);
	}
}

static enum said what_was_said(const struct evaluation *e, enum saving cause)
{
	bool found = false, nothing = false, unknown = false;

	for (const char *const *id = causes[cause].controls; *id; id++) {
		const struct outcome *o = evaluation_find(e, *id);

		if (!o || o->shown.status == STATUS_DISABLED ||
			o->shown.status == STATUS_NOT_APPLICABLE)
			continue;
		found |= o->shown.status == STATUS_FAIL || o->shown.status == STATUS_WAIVED;
		nothing |= o->shown.status == STATUS_PASS;
		unknown |= o->shown.status == STATUS_UNKNOWN;
	}
	if (found || (nothing && !unknown))
		return SAID_SOMETHING;
	return unknown ? SAID_UNKNOWN : SAID_NOTHING;
}

/* 0 only where every control that was to say something did: else a lower bound, or nothing. */
static int64_t total(const struct evaluation *e, int64_t sum, bool people_only)
{
	bool any = false, unknown = false;

	for (size_t c = 0; c < SAVINGS; c++) {
		enum said said = what_was_said(e, (enum saving)c);

		if (people_only && !causes[c].people)
			continue;
		any |= said == SAID_SOMETHING;
		unknown |= said == SAID_UNKNOWN;
	}
	return !any || (sum == 0 && unknown) ? INDICATOR_NONE : sum;
}

struct savings savings_count(const struct evaluation *e)
{
	bool *counted = xcalloc(model_object_count(e->model) + 1, sizeof(*counted));
	struct savings s = { 0 };

	for (size_t c = 0; c < SAVINGS; c++) {
		for (const char *const *id = causes[c].controls; *id; id++)
			count_control(e, *id, (enum saving)c, &s, counted);
		s.causes[c].said = what_was_said(e, (enum saving)c);
		s.objects += s.causes[c].objects;
		s.licences += s.causes[c].licences;
	}
	free(counted);
	s.objects = total(e, s.objects, false);
	s.licences = total(e, s.licences, true);
	return s;
}
