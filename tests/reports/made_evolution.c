/* What a made run has beside its findings: accepted risks, what will turn, an earlier run and what
 * people wrote. */
#include "made_run.h"

#include "base/datetime.h"

#include <string.h>

#define DAY SECONDS_PER_DAY

void made_waivers(struct run *r)
{
	static const char *const reaches[] = { "all", "object", "group", "unit" };
	struct run_waiver *w = ARENA_ARRAY(&r->arena, struct run_waiver, 4);

	for (size_t i = 0; i < 4; i++)
		w[i] = (struct run_waiver){ .control = STR("vuln_spn_priv"),
			.target = i ? STR("=svc-sauvegarde") : STR("*"),
			.reason = STR("Attendre le nouveau serveur"),
			.approved_by = STR("RSSI"),
			.reach = reaches[i],
			.until = r->evaluated_at + ((int64_t)i * 59 + 1) * DAY,
			.findings = i };
	w[2].until = r->evaluated_at - DAY;
	w[2].expired = true;
	r->waivers = w;
	r->waiver_count = 4;
}

void made_deadlines(struct run *r)
{
	const struct run_control *c = &r->controls[0];
	struct run_deadline *d = ARENA_ARRAY(&r->arena, struct run_deadline, 5);

	d[0] = (struct run_deadline){ c, &c->objects[0], STATUS_FAIL, DEADLINE_NO_FINDING };
	d[1] = (struct run_deadline){ c, &c->objects[1], STATUS_FAIL, DEADLINE_ACCEPTED };
	d[2] = (struct run_deadline){ c, &c->objects[2], STATUS_FAIL, DEADLINE_BETTER_LEVEL };
	d[3] = (struct run_deadline){ c, NULL, STATUS_FAIL, DEADLINE_NO_FINDING };
	d[4] = (struct run_deadline){ c, NULL, STATUS_UNKNOWN, DEADLINE_NO_FINDING };
	r->deadlines = d;
	r->deadline_count = 5;
	r->deadlines_at = r->evaluated_at + 60 * DAY;
}

/* What somebody typed, with what they may have typed it to break. */
static const struct run_followup *followup(struct arena *a, size_t i)
{
	static const char *const states[] = { "doing", "done", "accepted", "=attendre" };
	struct run_followup *f = ARENA_NEW(a, struct run_followup);

	f->responsible = i % 2 ? STR("=HYPERLINK(\"http://evil.example\")") : STR("Équipe AD");
	f->comment = STR("Vu avec la pharmacie,\npuis le bloc");
	f->proof = STR("ticket 4711");
	f->state = str_of(states[i % 4]);
	f->due = i % 3 ? INT64_C(1801440000) : INT64_MIN; /* 2027-02-01 */
	return f;
}

static void made_ages(struct arena *a, struct evolution_control *c, int64_t since)
{
	size_t n = c->now->object_count;
	struct evolution_finding *list = ARENA_ARRAY(a, struct evolution_finding, n);

	for (size_t i = 0; i < n; i++) {
		list[i].age = (enum finding_age)(i % 3);
		list[i].since = list[i].age == FINDING_REMAINING ? since : since + 60 * DAY;
		list[i].followup = i % 5 ? NULL : followup(a, i);
		c->added += list[i].age == FINDING_NEW;
		c->remaining += list[i].age == FINDING_REMAINING;
		c->back += list[i].age == FINDING_BACK;
	}
	c->findings = list;
}

/* Before: the same controls, of which the first three were otherwise. */
static const struct run *made_before(struct run *r)
{
	struct run *b = ARENA_NEW(&r->arena, struct run);
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, r->control_count);

	*b = *r;
	b->arena = (struct arena){ 0 };
	memcpy(list, r->controls, r->control_count * sizeof(*list));
	list[0].status = STATUS_PASS;
	list[1].status = STATUS_UNKNOWN;
	b->controls = list;
	b->level = 1;
	b->evaluated_at = r->evaluated_at - 60 * DAY;
	for (size_t f = 0; f < ARRAY_LEN(b->families); f++) {
		struct run_indicator *i =
			ARENA_ARRAY(&r->arena, struct run_indicator, r->families[f].count);

		memcpy(i, r->families[f].indicators, r->families[f].count * sizeof(*i));
		i[0].value += 5;
		b->families[f].indicators = i;
	}
	return b;
}

static void made_gone(struct arena *a, struct evolution_control *c)
{
	const struct run_object **gone = ARENA_ARRAY(a, const struct run_object *, 3);

	for (size_t i = 0; i < 3; i++)
		gone[i] = &c->before->objects[i];
	c->fixed = gone;
	c->fixed_count = 2;
	c->lost = gone + 2;
	c->lost_count = 1;
}

static void made_points(struct arena *a, const struct run *r, struct run_evolution *e)
{
	struct evolution_point *p = ARENA_ARRAY(a, struct evolution_point, 4);

	for (size_t i = 0; i < 4; i++)
		p[i] = (struct evolution_point){
			.evaluated_at = r->evaluated_at - ((int64_t)3 - (int64_t)i) * 60 * DAY,
			.level = i < 2 ? 1 : 2,
			.level_floor = 1,
			.level_with_waivers = i < 2 ? 1 : 3,
			.failed = 60 - 11 * i,
			.unknown = 4,
			.findings = 400 - 70 * i,
			.catalogue = r->catalogue_version,
			.policy_sha256 = i ? r->policy_sha256 : STR("before"),
		};
	e->points = p;
	e->point_count = 4;
}

static void made_memory(struct arena *a, const struct run *r, struct run_evolution *e)
{
	struct evolution_memory *m = ARENA_ARRAY(a, struct evolution_memory, 2);

	m[0] = (struct evolution_memory){
		STR("hyg_stale_users|0f0e0d0c-0b0a-0908-0706-00000000ffff"),
		r->evaluated_at - 180 * DAY, r->evaluated_at - 120 * DAY,
		r->evaluated_at - 60 * DAY, r->evaluated_at, followup(a, 1)
	};
	m[1] = (struct evolution_memory){ STR("vuln_guest"), r->evaluated_at - 180 * DAY,
		r->evaluated_at - 180 * DAY, r->evaluated_at, INT64_MIN, NULL };
	e->memory = m;
	e->memory_count = 2;
}

void made_evolution(struct run *r, struct run_evolution *out)
{
	const struct run *before = made_before(r);
	struct evolution_control *list =
		ARENA_ARRAY(&r->arena, struct evolution_control, r->control_count);

	for (size_t i = 0; i < r->control_count; i++) {
		list[i] = (struct evolution_control){ .now = &r->controls[i],
			.before = &before->controls[i],
			.followup = i % 2 ? followup(&r->arena, i) : NULL };
		made_ages(&r->arena, &list[i], before->evaluated_at);
	}
	list[0].change = CHANGE_WORSE;
	list[1].change = CHANGE_DECIDED;
	made_gone(&r->arena, &list[1]);
	*out = (struct run_evolution){ .before = before,
		.controls = list,
		.control_count = r->control_count,
		.next_audit = r->evaluated_at + 61 * DAY };
	made_points(&r->arena, r, out);
	made_memory(&r->arena, r, out);
}
