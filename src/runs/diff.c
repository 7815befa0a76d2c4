#include "runs/diff.h"

#include "base/hash.h"
#include "runs/match.h"

#include <stdlib.h>
#include <string.h>

/* ---- the directory -------------------------------------------------------------------------- */

/* What a domain is told by: its SID, or the hash of it that an anonymous run has instead. */
static struct str identity_of(const struct run_domain *d)
{
	return d->sid.n ? d->sid : d->key;
}

static bool has_identity(const struct run *r)
{
	for (size_t i = 0; i < r->domain_count; i++)
		if (identity_of(&r->domains[i]).n)
			return true;
	return false;
}

static bool share_a_domain(const struct run *a, const struct run *b)
{
	struct hash sids = { 0 };
	bool found = false;

	for (size_t i = 0; i < a->domain_count; i++)
		if (identity_of(&a->domains[i]).n)
			hash_add(&sids, identity_of(&a->domains[i]), 1);
	for (size_t i = 0; !found && i < b->domain_count; i++)
		found = identity_of(&b->domains[i]).n &&
			hash_get(&sids, identity_of(&b->domains[i])) != HASH_NONE;
	hash_free(&sids);
	return found;
}

int diff_same_directory(const struct run *before, const struct run *now, struct err *err)
{
	if (before->anonymous != now->anonymous)
		return err_set(err, ERR_USAGE,
			"One of the two runs is anonymous: it cannot be told whether they are of "
			"the "
			"same directory. Compare two anonymous runs, or none.");
	if (!has_identity(before) || !has_identity(now))
		return err_set(err, ERR_USAGE,
			"It cannot be told whether the two runs are of the same directory: one of "
			"them holds no domain SID.");
	if (!share_a_domain(before, now))
		return err_set(err, ERR_USAGE,
			"The two runs are of different directories: no domain has the same SID.");
	return 0;
}

/* ---- one control ---------------------------------------------------------------------------- */

static enum control_change change_of(enum run_status before, enum run_status now)
{
	bool decided = before != STATUS_UNKNOWN && before != STATUS_DISABLED;

	if (before == now)
		return CHANGE_NONE;
	if (now == STATUS_UNKNOWN)
		return decided ? CHANGE_LOST : CHANGE_OTHER;
	if (now == STATUS_FAIL)
		return CHANGE_WORSE;
	if (now != STATUS_PASS)
		return CHANGE_OTHER;
	if (before == STATUS_FAIL || before == STATUS_WAIVED)
		return CHANGE_BETTER;
	return before == STATUS_UNKNOWN ? CHANGE_DECIDED : CHANGE_OTHER;
}

/* An anonymous run counts findings and lists none. */
static bool lists_findings(const struct run_control *c)
{
	return c->object_count || !(c->count + c->waived);
}

/* Which findings of before does nothing of now carry on? One flag each, 1 where so. */
static unsigned char *find_gone(
	const struct run_control *before, const uint32_t *match, size_t matches)
{
	unsigned char *is_gone = xcalloc(before->object_count + 1, sizeof(*is_gone));

	memset(is_gone, 1, before->object_count);
	for (size_t i = 0; i < matches; i++)
		if (match[i] != MATCH_NONE)
			is_gone[match[i]] = 0;
	return is_gone;
}

/* Those of before's findings whose flag is `which`. */
static const struct run_object *const *pick(const struct run_control *before,
	const unsigned char *flags, unsigned char which, struct arena *a, size_t *count)
{
	const struct run_object **list;
	size_t n = 0;

	for (size_t i = 0; i < before->object_count; i++)
		n += flags[i] == which;
	list = ARENA_ARRAY(a, const struct run_object *, n);
	n = 0;
	for (size_t i = 0; i < before->object_count; i++)
		if (flags[i] == which)
			list[n++] = &before->objects[i];
	*count = n;
	return list;
}

#define GONE_FIXED 1u
#define GONE_LOST 2u /* this run cannot tell what became of it */

/* Has now read where the finding of before stands? Where that is not known: all of before. */
static bool reads_place(const struct run *now, const struct run *before, const struct run_object *o)
{
	const struct run_domain *d = evolution_domain(before, o);

	return d && evolution_reads_domain(now, d);
}

/* Fixed, where this run could have found it; else lost. */
static void share_out(const struct run *before, const struct run *now, unsigned char *flags,
	struct arena *a, struct evolution_control *e)
{
	bool tells = evolution_can_tell(e->now) && e->change != CHANGE_INCOMPARABLE &&
		     evolution_sees_objects(now);
	bool everywhere = evolution_reads_domains(now, before);

	for (size_t i = 0; i < e->before->object_count; i++)
		if (flags[i] && !(tells && (everywhere || reads_place(now, before,
								  &e->before->objects[i]))))
			flags[i] = GONE_LOST;
	e->fixed = pick(e->before, flags, GONE_FIXED, a, &e->fixed_count);
	e->lost = pick(e->before, flags, GONE_LOST, a, &e->lost_count);
	/* It passes, and not for what was done about it. */
	if (e->change == CHANGE_BETTER && e->lost_count)
		e->change = CHANGE_INCOMPARABLE;
}

static void compare_findings(const struct run *before, const struct run *now, struct arena *a,
	struct evolution_control *e)
{
	size_t count = e->now->object_count;
	uint32_t *match = xcalloc(count, sizeof(*match));
	struct evolution_finding *list = ARENA_ARRAY(a, struct evolution_finding, count);
	unsigned char *flags;

	match_findings(e->before, e->now, match);
	for (size_t i = 0; i < count; i++) {
		bool known = match[i] != MATCH_NONE;

		list[i].age = known ? FINDING_REMAINING : FINDING_NEW;
		list[i].since = known ? before->evaluated_at : now->evaluated_at;
		e->remaining += known;
		e->added += !known;
	}
	e->findings = list;
	flags = find_gone(e->before, match, count);
	share_out(before, now, flags, a, e);
	free(flags);
	free(match);
}

static void compare_control(const struct run *before, const struct run *now, struct arena *a,
	struct evolution_control *e)
{
	e->change = evolution_comparable(before, e->before, now, e->now)
			    ? change_of(e->before->status, e->now->status)
			    : CHANGE_INCOMPARABLE;
	if (lists_findings(e->before) && lists_findings(e->now))
		compare_findings(before, now, a, e);
	else if (e->change == CHANGE_BETTER &&
		 !(evolution_reads_domains(now, before) && evolution_sees_objects(now)))
		e->change = CHANGE_INCOMPARABLE; /* anonymous: which findings is not known */
}

/* A control that only the run before has: what it found then is not known any more. */
static void lose_control(struct arena *a, struct evolution_control *e)
{
	unsigned char *flags = find_gone(e->before, NULL, 0);

	e->change = CHANGE_INCOMPARABLE;
	e->lost = pick(e->before, flags, GONE_FIXED, a, &e->lost_count);
	free(flags);
}

/* A control that the run before does not have: all it finds is found for the first time. */
static void add_control(const struct run *now, struct arena *a, struct evolution_control *e)
{
	size_t count = e->now->object_count;
	struct evolution_finding *list = ARENA_ARRAY(a, struct evolution_finding, count);

	e->change = CHANGE_ABSENT;
	if (!lists_findings(e->now))
		return;
	for (size_t i = 0; i < count; i++)
		list[i] = (struct evolution_finding){ .age = FINDING_NEW,
			.since = now->evaluated_at };
	e->findings = list;
	e->added = count;
}

/* ---- the runs ------------------------------------------------------------------------------- */

struct evolution_point diff_point(const struct run *r)
{
	struct evolution_point p = { .evaluated_at = r->evaluated_at,
		.level = r->level,
		.level_floor = r->level_floor,
		.level_with_waivers = r->level_with_waivers,
		.catalogue = r->catalogue_version,
		.policy_sha256 = r->policy_sha256,
		.families = r->families };

	for (size_t i = 0; i < r->control_count; i++) {
		p.failed += r->controls[i].status == STATUS_FAIL;
		p.unknown += r->controls[i].status == STATUS_UNKNOWN;
		p.findings += r->controls[i].count;
	}
	return p;
}

int diff_runs(const struct run *before, const struct run *now, struct arena *a,
	struct run_evolution *out, struct err *err)
{
	struct evolution_point *points;
	struct evolution_control *list;
	size_t n = now->control_count;

	if (diff_same_directory(before, now, err))
		return err->code;
	for (size_t i = 0; i < before->control_count; i++)
		n += !evolution_find(now, before->controls[i].id);
	list = ARENA_ARRAY(a, struct evolution_control, n);
	n = 0;
	for (size_t i = 0; i < now->control_count; i++) {
		struct evolution_control *e = &list[n++];

		e->now = &now->controls[i];
		e->before = evolution_find(before, e->now->id);
		if (e->before)
			compare_control(before, now, a, e);
		else
			add_control(now, a, e);
	}
	for (size_t i = 0; i < before->control_count; i++)
		if (!evolution_find(now, before->controls[i].id)) {
			list[n].before = &before->controls[i];
			lose_control(a, &list[n++]);
		}
	points = ARENA_ARRAY(a, struct evolution_point, 2);
	points[0] = diff_point(before);
	points[1] = diff_point(now);
	*out = (struct run_evolution){ .before = before,
		.controls = list,
		.control_count = n,
		.points = points,
		.point_count = 2,
		.next_audit = INT64_MIN };
	return 0;
}

/* ---- runs before those ---------------------------------------------------------------------- */

/* Would the run have found then what fails now? */
static bool could_tell(const struct run *earlier, const struct run_control *then,
	const struct run *r, const struct run_control *now)
{
	return then && evolution_comparable(earlier, then, r, now) && evolution_can_tell(then) &&
	       evolution_reads_domains(earlier, r) && evolution_sees_objects(earlier);
}

/* The finding was there in the run of the date `at`; next: the date of the run after that one;
 * seen: a run in between had it not, though it could tell. */
static void look_back(struct evolution_control *e, struct evolution_finding *f, int64_t at,
	int64_t next, bool seen)
{
	if (f->age == FINDING_REMAINING && f->since == next) {
		f->since = at;
	} else if (f->age == FINDING_NEW) {
		f->age = seen ? FINDING_BACK : FINDING_REMAINING;
		f->since = seen ? f->since : at;
		e->added--;
		e->back += seen;
		e->remaining += !seen;
	}
}

static void look_back_control(const struct run *earlier, const struct run_control *then,
	int64_t next, struct arena *a, struct evolution_control *e, bool seen)
{
	size_t count = e->findings ? e->now->object_count : 0;
	struct evolution_finding *list;
	uint32_t *match;

	if (!then || !count || !then->object_count)
		return;
	match = xcalloc(count, sizeof(*match));
	list = ARENA_ARRAY(a, struct evolution_finding, count);
	memcpy(list, e->findings, count * sizeof(*list));
	match_findings(then, e->now, match);
	for (size_t i = 0; i < count; i++)
		if (match[i] != MATCH_NONE)
			look_back(e, &list[i], earlier->evaluated_at, next, seen);
	e->findings = list;
	free(match);
}

static struct evolution_point kept_point(const struct run *r, struct arena *a)
{
	struct evolution_point p = diff_point(r);

	p.families = NULL;
	p.catalogue = arena_str(a, p.catalogue);
	p.policy_sha256 = arena_str(a, p.policy_sha256);
	return p;
}

int diff_earlier(const struct run *earlier, const struct run *now, struct arena *a,
	struct run_evolution *e, bool *seen, struct err *err)
{
	struct evolution_control *controls =
		ARENA_ARRAY(a, struct evolution_control, e->control_count);
	struct evolution_point *points = ARENA_ARRAY(a, struct evolution_point, e->point_count + 1);

	if (diff_same_directory(earlier, e->before, err))
		return err->code;
	for (size_t i = 0; i < e->control_count; i++) {
		struct evolution_control *c = &controls[i];
		const struct run_control *then;

		*c = e->controls[i];
		if (!c->now)
			continue;
		then = evolution_find(earlier, c->now->id);
		seen[i] |= could_tell(e->before, c->before, now, c->now);
		look_back_control(earlier, then, e->points[0].evaluated_at, a, c, seen[i]);
		seen[i] |= could_tell(earlier, then, now, c->now);
	}
	points[0] = kept_point(earlier, a);
	memcpy(points + 1, e->points, e->point_count * sizeof(*points));
	e->controls = controls;
	e->points = points;
	e->point_count++;
	return 0;
}
