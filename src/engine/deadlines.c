/* What stands to turn by itself: the controls evaluated again with the clock moved on. Of that
 * later evaluation one control at a time is kept. */
#include "engine/internal.h"

#include "base/datetime.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

/* A computer changes its password every 30 days (MaximumPasswordAge of Netlogon), as a managed
 * service account does (msDS-ManagedPasswordInterval); a logon is noted every 14 days at the latest
 * (MS-ADA1 2.351, lastLogonTimestamp). */
#define RENEWAL (31 * SECONDS_PER_DAY)

struct lookout {
	struct evaluation later;
	struct run *run;
	struct run_deadline *list;
	size_t count, room;
};

static void add(struct lookout *l, struct run_deadline d)
{
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 64;
		l->list = xrealloc(l->list, l->room * sizeof(*l->list));
	}
	l->list[l->count++] = d;
}

/* ---- copies into the run ---- */

static const struct run_evidence *copy_evidence(struct arena *a, const struct run_object *o)
{
	struct run_evidence *list = ARENA_ARRAY(a, struct run_evidence, o->evidence_count);

	for (size_t i = 0; i < o->evidence_count; i++) {
		const struct run_evidence *e = &o->evidence[i];
		struct str *values = ARENA_ARRAY(a, struct str, e->count);

		for (size_t k = 0; k < e->count; k++)
			values[k] = arena_str(a, e->values[k]);
		list[i] = (struct run_evidence){ arena_str(a, e->key), values, e->count };
	}
	return list;
}

/* DN, name and domain are the model's. */
static const struct run_object *copy_object(struct arena *a, const struct run_object *o)
{
	struct run_object *copy = ARENA_NEW(a, struct run_object);

	*copy = *o;
	copy->sid = arena_str(a, o->sid);
	copy->guid = arena_str(a, o->guid);
	copy->evidence = copy_evidence(a, o);
	return copy;
}

/* ---- what turns ---- */

/* The finding on o today; NULL: none. Objects stand by DN; *from is where to look on. */
static const struct run_object *find(
	const struct run_control *now, const struct run_object *o, size_t *from)
{
	while (*from < now->object_count && str_cmp(now->objects[*from].dn, o->dn) < 0)
		++*from;
	for (size_t i = *from; i < now->object_count && str_eq(now->objects[i].dn, o->dn); i++)
		if (str_eq(now->objects[i].guid, o->guid))
			return &now->objects[i];
	return NULL;
}

/* Counted from the day when it was read: what --at adds says nothing of use. */
static bool within(const struct lookout *l, int64_t seconds)
{
	const struct run *r = l->run;
	int64_t read = r->collected_at != INT64_MIN && r->collected_at < r->evaluated_at
			       ? r->collected_at
			       : r->evaluated_at;

	return seconds != INT64_MIN && read - seconds <= RENEWAL;
}

/* Will o have done again by itself what the finding is about? A machine that did either lives, and
 * will do both. */
static bool keeps_up(const struct lookout *l, const struct ad_object *o)
{
	enum check_upkeep upkeep = l->later.cx.control->check->upkeep;
	bool machine = o->kind == AD_COMPUTER || o->kind == AD_MSA;
	struct logon logon;

	if (upkeep == UPKEEP_NONE || !kind_is_account(o->kind) ||
		(upkeep == UPKEEP_PASSWORD && !machine))
		return false;
	logon = account_last_logon(l->later.model, o);
	return (logon.state == LOGON_AT && within(l, logon.at)) ||
	       (machine && within(l, obj_time(o, ATTR_PWD_LAST_SET)));
}

static enum run_deadline_today place_today(const struct run_object *today)
{
	if (!today)
		return DEADLINE_NO_FINDING;
	return today->waived ? DEADLINE_ACCEPTED : DEADLINE_BETTER_LEVEL;
}

/* The findings of cx are those of `then`, in its order, with what is undecided between them. */
static void compare_objects(
	struct lookout *l, const struct run_control *now, const struct run_control *then)
{
	const struct found *found = l->later.cx.found;
	size_t from = 0;

	for (size_t i = 0; i < then->object_count; i++, found++) {
		const struct run_object *o = &then->objects[i], *today = find(now, o, &from);

		while (found->undecided)
			found++;
		if (!o->waived && (!today || today->waived || o->level < today->level) &&
			(today || !keeps_up(l, found->obj)))
			add(l, (struct run_deadline){ now, copy_object(&l->run->arena, o),
				       then->status, place_today(today) });
	}
}

static bool worse(enum run_status now, enum run_status then)
{
	return now != then && (then == STATUS_FAIL || then == STATUS_UNKNOWN);
}

static void compare(
	struct lookout *l, const struct run_control *now, const struct run_control *then)
{
	size_t before = l->count;

	compare_objects(l, now, then);
	if (l->count == before && worse(now->status, then->status) && !then->object_count)
		add(l, (struct run_deadline){ now, NULL, then->status, DEADLINE_NO_FINDING });
}

/* ---- the later evaluation ---- */

static int look_at_controls(struct lookout *l, struct progress *progress, struct err *err)
{
	struct evaluation *e = &l->later;
	struct arena one = { 0 };
	int rc = 0;

	e->cx.arena = &one;
	for (size_t i = 0; !rc && i < e->control_count; i++) {
		rc = platform_check_interrupted(err);
		if (!rc)
			rc = evaluate_control(e, i, err);
		if (!rc)
			compare(l, &l->run->controls[i], &e->outcomes[i].shown);
		arena_reset(&one);
		if (progress)
			progress_step(progress, i + 1, e->control_count);
	}
	e->cx.arena = NULL;
	arena_free(&one);
	return rc;
}

static void keep(struct lookout *l, int64_t at)
{
	struct run_deadline *list = ARENA_ARRAY(&l->run->arena, struct run_deadline, l->count);

	if (l->count)
		memcpy(list, l->list, l->count * sizeof(*list));
	l->run->deadlines = list;
	l->run->deadline_count = l->count;
	l->run->deadlines_at = at;
}

int engine_look_ahead(const struct catalogue *c, const struct policy *p, struct model *m,
	const struct previous_run *previous, int64_t at, struct progress *progress, struct run *r,
	struct err *err)
{
	struct run kept = { 0 };
	struct lookout l = { .run = r };
	int64_t today = model_now(m);
	int rc;

	model_move_clock(m, at);
	evaluation_begin(&l.later, c, p, m, previous, &kept);
	rc = look_at_controls(&l, progress, err);
	if (!rc)
		keep(&l, at);
	evaluation_end(&l.later);
	run_free(&kept);
	free(l.list);
	model_move_clock(m, today);
	return rc;
}
