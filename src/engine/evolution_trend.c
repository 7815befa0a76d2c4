/* What may be concluded from two runs: which change is progress, and which only looks like it. */
#include "engine/evolution.h"

#include "base/compiler.h"

/* ---- controls ------------------------------------------------------------------------------- */

bool evolution_can_tell(const struct run_control *now)
{
	if (now->status == STATUS_UNKNOWN || now->status == STATUS_DISABLED || now->unknown)
		return false;
	/* A reason says what was not read whole; or why the control does not apply, which may be
	 * that the policy does not declare what it asks about. */
	return !now->reason.p || (now->status == STATUS_NOT_APPLICABLE &&
					 str_eq(now->reason, STR("nothing_to_examine")));
}

/* A number that a policy set keeps the text it was written as, which a stored run has not. */
static bool same_parameter(const struct run_parameter *a, const struct run_parameter *b)
{
	if (a->kind != b->kind || !str_eq(a->name, b->name))
		return false;
	return a->kind == RUN_PARAMETER_STRING ? str_eq(a->text, b->text) : a->number == b->number;
}

bool evolution_comparable(const struct run_control *before, const struct run_control *now)
{
	if (before->parameter_count != now->parameter_count)
		return false;
	for (size_t i = 0; i < now->parameter_count; i++)
		if (!same_parameter(&before->parameters[i], &now->parameters[i]))
			return false;
	return true;
}

const struct run_control *evolution_find(const struct run *r, struct str id)
{
	size_t from = 0, to = r->control_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_cmp(id, r->controls[middle].id);

		if (order == 0)
			return &r->controls[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* ---- indicators ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum indicator_direction direction;
} directions[] = {
#define DIRECTION(name, direction) { name, DIRECTION_##direction },
#include "engine/directions.def"
#undef DIRECTION
};

enum indicator_direction evolution_direction(struct str family, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(directions); i++) {
		struct str rest, first = str_cut(str_of(directions[i].name), '.', &rest);

		if (str_eq(first, family) && str_eq(rest, name))
			return directions[i].direction;
	}
	return DIRECTION_UNKNOWN;
}

static const struct run_indicator *find_indicator(const struct run_family *f, struct str name)
{
	for (size_t i = 0; i < f->count; i++)
		if (str_eq(f->indicators[i].name, name))
			return &f->indicators[i];
	return NULL;
}

bool evolution_is_whole(
	const struct run *r, const struct run_family *family, const struct run_indicator *i)
{
	if (family->note_count)
		return false;
	for (size_t k = 0; k < i->control_count; k++) {
		const struct run_control *c = evolution_find(r, i->controls[k]);

		if (!c || (c->status != STATUS_NOT_APPLICABLE && !evolution_can_tell(c)))
			return false;
	}
	return i->control_count > 0;
}

/* Were all controls behind the number measured alike in both runs, and do those of `which` know all
 * that they count? */
static bool is_whole(const struct run *which, const struct run *other,
	const struct run_family *family, const struct run_indicator *i)
{
	if (!evolution_is_whole(which, family, i))
		return false;
	for (size_t k = 0; k < i->control_count; k++) {
		const struct run_control *c = evolution_find(which, i->controls[k]);
		const struct run_control *o = evolution_find(other, i->controls[k]);

		if (!c || !o || !evolution_comparable(c, o))
			return false;
	}
	return true;
}

/* Tiers and what counts as a second factor are declared in the policy: another one counts other
 * things. */
static bool depends_on_policy(const struct run_family *f)
{
	return str_eq(f->name, STR("tiering")) || str_eq(f->name, STR("mfa"));
}

static enum indicator_trend judge(const struct run *before, const struct run *now, size_t family,
	const struct run_indicator *was, const struct run_indicator *is)
{
	const struct run_family *f = &now->families[family];
	enum indicator_direction direction = evolution_direction(f->name, is->name);
	bool better;

	if (direction != DIRECTION_LESS && direction != DIRECTION_MORE)
		return TREND_CHANGED;
	if (depends_on_policy(f) && !str_eq(before->policy_sha256, now->policy_sha256))
		return TREND_CHANGED;
	/* The smaller of two counts is the one that may have missed something; of shares and
	 * settings both must be whole. */
	if ((direction == DIRECTION_MORE || is->value < was->value) &&
		!is_whole(now, before, f, is))
		return TREND_CHANGED;
	if ((direction == DIRECTION_MORE || is->value > was->value) &&
		!is_whole(before, now, &before->families[family], was))
		return TREND_CHANGED;
	better = (is->value < was->value) == (direction == DIRECTION_LESS);
	return better ? TREND_BETTER : TREND_WORSE;
}

struct evolution_indicator evolution_indicator(
	const struct run *before, const struct run *now, size_t family, size_t i)
{
	const struct run_indicator *is = &now->families[family].indicators[i];
	const struct run_indicator *was = find_indicator(&before->families[family], is->name);
	struct evolution_indicator e = { .before = was ? was->value : INT64_MIN, .now = is->value };

	if (e.before == INT64_MIN || e.now == INT64_MIN)
		return e;
	e.arrow = (e.now > e.before) - (e.now < e.before);
	e.trend = e.arrow ? judge(before, now, family, was, is) : TREND_SAME;
	return e;
}

/* ---- the level ------------------------------------------------------------------------------ */

static bool is_decided(const struct run_control *c, const struct run_control *other)
{
	return c && evolution_comparable(c, other) && evolution_can_tell(c);
}

/* Of the controls that fix the level of `which` and fail below `level`: does one (or do all) have a
 * decided counterpart in `other`? */
static bool decided_below(const struct run *which, const struct run *other, int level, bool all)
{
	for (size_t i = 0; i < which->control_count; i++) {
		const struct run_control *c = &which->controls[i];

		if (!str_starts(c->id, STR("vuln_")) || !c->failed_level ||
			c->failed_level >= level)
			continue;
		if (is_decided(evolution_find(other, c->id), c) != all)
			return !all;
	}
	return all;
}

enum indicator_trend evolution_level(const struct run *before, const struct run *now)
{
	if (before->level == now->level)
		return TREND_SAME;
	if (before->level < now->level)
		return decided_below(before, now, now->level, true) ? TREND_BETTER : TREND_CHANGED;
	return decided_below(now, before, before->level, false) ? TREND_WORSE : TREND_CHANGED;
}
