/* What may be concluded from two runs: which change is progress, and which only looks like it. */
#include "engine/evolution.h"

#include "base/compiler.h"
#include "base/sha256.h"

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

/* Runs of before 2026-12 do not say what was declared for the control: the same policy declared the
 * same. */
static bool declared_alike(struct str a, struct str a_policy, struct str b, struct str b_policy)
{
	return str_eq(a, b) || (!a.n != !b.n && a_policy.n && str_eq(a_policy, b_policy));
}

/* What a control says of rights on files that it did not see: what they let it find is found again
 * only where as much was read. Empty: it saw all, or asks nothing of them. */
static struct str unread_file_rights(const struct run_control *c)
{
	for (size_t i = 0; i < c->note_count; i++)
		if (str_starts(c->notes[i], STR("policy_file_rights_")))
			return c->notes[i];
	return STR("");
}

bool evolution_comparable(const struct run *before, const struct run_control *was,
	const struct run *now, const struct run_control *is)
{
	if (was->parameter_count != is->parameter_count ||
		!str_eq(unread_file_rights(was), unread_file_rights(is)))
		return false;
	for (size_t i = 0; i < is->parameter_count; i++)
		if (!same_parameter(&was->parameters[i], &is->parameters[i]))
			return false;
	return declared_alike(
		was->declared, before->policy_sha256, is->declared, now->policy_sha256);
}

#define MEASURE_DIGITS 16

struct evolution_measure evolution_measure(
	const struct run *r, const struct run_control *c, struct arena *a)
{
	struct evolution_measure m = { { 0 }, c->declared, r->policy_sha256 };
	struct buf b = { 0 };
	struct err err;
	char hex[65];

	for (size_t i = 0; i < c->parameter_count; i++) {
		const struct run_parameter *p = &c->parameters[i];

		buf_printf(&b, "%.*s %d ", STR_ARG(p->name), p->kind);
		if (p->kind == RUN_PARAMETER_STRING)
			buf_printf(&b, "%zu %.*s\n", p->text.n, STR_ARG(p->text));
		else
			buf_printf(&b, "%lld\n", (long long)p->number);
	}
	buf_put_str(&b, unread_file_rights(c));
	if (sha256_hex((struct str[]){ buf_str(&b) }, 1, hex, &err) == 0)
		m.parameters = arena_str(a, (struct str){ hex, MEASURE_DIGITS });
	buf_free(&b);
	return m;
}

bool evolution_measured_alike(const struct evolution_measure *a, const struct evolution_measure *b)
{
	return a->parameters.n && str_eq(a->parameters, b->parameters) &&
	       declared_alike(a->declared, a->policy_sha256, b->declared, b->policy_sha256);
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

/* ---- what was read -------------------------------------------------------------------------- */

/* The domain itself: by its SID, the hash of it that an anonymous run has instead, else its name.
 */
static bool same_domain(const struct run_domain *a, const struct run_domain *b)
{
	if (a->sid.n && b->sid.n)
		return str_eq(a->sid, b->sid);
	if (a->key.n && b->key.n)
		return str_eq(a->key, b->key);
	return !a->sid.n && !b->sid.n && !a->key.n && !b->key.n && str_ieq(a->dns, b->dns);
}

bool evolution_reads_domain(const struct run *r, const struct run_domain *d)
{
	for (size_t i = 0; i < r->domain_count; i++)
		if (same_domain(&r->domains[i], d))
			return true;
	return false;
}

bool evolution_reads_domains(const struct run *r, const struct run *other)
{
	for (size_t i = 0; i < other->domain_count; i++)
		if (!evolution_reads_domain(r, &other->domains[i]))
			return false;
	return true;
}

/* The SID of the domain with a RID behind it. */
static bool sid_is_of(struct str sid, struct str domain)
{
	return domain.n && str_starts(sid, domain) && sid.n > domain.n && sid.p[domain.n] == '-';
}

const struct run_domain *evolution_domain(const struct run *r, const struct run_object *o)
{
	for (size_t i = 0; o->domain.n && i < r->domain_count; i++)
		if (str_ieq(r->domains[i].dns, o->domain))
			return &r->domains[i];
	for (size_t i = 0; i < r->domain_count; i++)
		if (str_eq(o->sid, r->domains[i].sid) || sid_is_of(o->sid, r->domains[i].sid))
			return &r->domains[i];
	return NULL;
}

bool evolution_sees_objects(const struct run *r)
{
	for (size_t i = 0; i < r->coverage_count; i++)
		if (str_eq(r->coverage[i].detail, STR("list_object_mode")))
			return false;
	return true;
}

/* Is nothing of the other run out of the sight of this one? */
static bool reads_all(const struct run *r, const struct run *other)
{
	return evolution_reads_domains(r, other) && evolution_sees_objects(r);
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
	if (!reads_all(which, other) || !evolution_is_whole(which, family, i))
		return false;
	for (size_t k = 0; k < i->control_count; k++) {
		const struct run_control *c = evolution_find(which, i->controls[k]);
		const struct run_control *o = evolution_find(other, i->controls[k]);

		if (!c || !o || !evolution_comparable(which, c, other, o))
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

static bool is_decided(const struct run *r, const struct run *other, const struct run_control *of)
{
	const struct run_control *c = evolution_find(r, of->id);

	return c && evolution_comparable(r, c, other, of) && evolution_can_tell(c);
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
		if (is_decided(other, which, c) != all)
			return !all;
	}
	return all;
}

enum indicator_trend evolution_level(const struct run *before, const struct run *now)
{
	if (before->level == now->level)
		return TREND_SAME;
	/* What fails may stand in a domain that the other run has not, or be hidden from it. */
	if (before->level < now->level)
		return reads_all(now, before) && decided_below(before, now, now->level, true)
			       ? TREND_BETTER
			       : TREND_CHANGED;
	return reads_all(before, now) && decided_below(now, before, before->level, false)
		       ? TREND_WORSE
		       : TREND_CHANGED;
}
