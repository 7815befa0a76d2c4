#include "engine/ads.h"

#include "base/datetime.h"
#include "base/hash.h"

#include <stdlib.h>

#define REASONS_MOST 8

/* ---- what differs --------------------------------------------------------------------------- */

const char *ads_difference_name(enum ads_difference d)
{
	static const char *const names[ADS_DIFFERENCE_COUNT] = {
		[ADS_MISSED] = "missed",
		[ADS_NOT_ASSESSED] = "not_assessed",
		[ADS_NOT_KNOWN] = "not_known",
		[ADS_OURS_ONLY] = "ours_only",
		[ADS_LEVEL] = "level",
		[ADS_ACCEPTED] = "accepted",
		[ADS_COUNT] = "count",
		[ADS_NOT_SAID] = "not_said",
		[ADS_SCOPE] = "scope",
		[ADS_NOT_LISTED] = "not_listed",
		[ADS_SAME] = "same",
	};

	return names[d];
}

bool run_ads_is_point(struct str id)
{
	struct str name, kind = str_cut(id, '_', &name);

	return name.n && (str_eq(kind, STR("vuln")) || str_eq(kind, STR("warning")) ||
				 str_eq(kind, STR("info")));
}

uint64_t run_ads_found(const struct run_control *c)
{
	return c->count + c->waived;
}

static bool is_open(enum run_status s)
{
	return s == STATUS_UNKNOWN || s == STATUS_DISABLED;
}

static bool has_findings(enum run_status s)
{
	return s == STATUS_FAIL || s == STATUS_WAIVED;
}

static bool counts_differ(const struct run_ads_point *p)
{
	return p->count != INT64_MIN && (uint64_t)p->count != run_ads_found(p->control);
}

enum ads_difference run_ads_difference(const struct run_ads_point *p)
{
	const struct run_control *c = p->control;

	if (!c)
		return ADS_NOT_KNOWN;
	if (!p->listed)
		return ADS_NOT_LISTED;
	if (p->status == STATUS_UNKNOWN)
		return is_open(c->status) ? ADS_SAME : ADS_NOT_SAID;
	if (is_open(c->status))
		return ADS_NOT_ASSESSED;
	if (p->status == STATUS_FAIL && !has_findings(c->status))
		return ADS_MISSED;
	if (p->status == STATUS_FAIL) {
		if (p->level && p->level != c->failed_level)
			return ADS_LEVEL;
		if (c->status == STATUS_WAIVED)
			return ADS_ACCEPTED;
		return counts_differ(p) ? ADS_COUNT : ADS_SAME;
	}
	if (has_findings(c->status))
		return ADS_OURS_ONLY;
	return p->status == c->status ? ADS_SAME : ADS_SCOPE;
}

/* ---- the order ------------------------------------------------------------------------------ */

static bool fails_there(const struct run_ads_point *p)
{
	return p->listed && p->status == STATUS_FAIL;
}

/* What ADS has as failed and this run does not see before all else; then what only one of both can
 * tell; then what both see otherwise. */
static int rank_of(const struct run_ads_point *p)
{
	static const struct {
		int failed, other; /* by what ADS says */
	} ranks[ADS_DIFFERENCE_COUNT] = {
		[ADS_MISSED] = { 0, 0 },
		[ADS_NOT_ASSESSED] = { 1, 7 },
		[ADS_NOT_KNOWN] = { 2, 10 },
		[ADS_LEVEL] = { 3, 3 },
		[ADS_OURS_ONLY] = { 4, 4 },
		[ADS_ACCEPTED] = { 5, 5 },
		[ADS_COUNT] = { 6, 6 },
		[ADS_NOT_SAID] = { 8, 8 },
		[ADS_SCOPE] = { 9, 9 },
		[ADS_NOT_LISTED] = { 11, 11 },
		[ADS_SAME] = { 12, 12 },
	};

	return fails_there(p) ? ranks[p->difference].failed : ranks[p->difference].other;
}

/* Within a rank: what was called compliant here, what is worse there, what fails here. */
static bool comes_later(const struct run_ads_point *p)
{
	switch (p->difference) {
	case ADS_MISSED:
		return p->control->status != STATUS_PASS;
	case ADS_LEVEL:
		return p->level > p->control->failed_level;
	case ADS_NOT_LISTED:
		return !has_findings(p->control->status);
	default:
		return false;
	}
}

static int kind_of(struct str id)
{
	return str_starts(id, STR("vuln_")) ? 0 : str_starts(id, STR("warning_")) ? 1 : 2;
}

/* The worst that one of both gives; of a point that fails in neither the worst it can have. */
static int level_of(const struct run_ads_point *p)
{
	int level = p->level;

	if (p->control && p->control->failed_level && (!level || p->control->failed_level < level))
		level = p->control->failed_level;
	if (!level && p->control)
		level = p->control->levels[0];
	return level ? level : 9;
}

int run_ads_order(const void *a, const void *b)
{
	const struct run_ads_point *x = a, *y = b;
	int order = rank_of(x) - rank_of(y);

	if (!order)
		order = comes_later(x) - comes_later(y);
	if (!order)
		order = kind_of(x->id) - kind_of(y->id);
	if (!order)
		order = level_of(x) - level_of(y);
	return order ? order : str_cmp(x->id, y->id);
}

/* ---- the level ------------------------------------------------------------------------------ */

/* 0: not given, and it may be one of several. */
static int failed_level_there(const struct run_ads_point *p)
{
	if (!p->level && p->control && p->control->level_count == 1)
		return p->control->levels[0];
	return p->level;
}

int run_ads_level(const struct run_ads_point *points, size_t count)
{
	bool all_said = count > 0, all_levels = true;
	int least = 6;

	for (size_t i = 0; i < count; i++) {
		const struct run_ads_point *p = &points[i];
		int level = failed_level_there(p);

		if (!str_starts(p->id, STR("vuln_")))
			continue;
		all_said &= p->listed && p->status != STATUS_UNKNOWN;
		if (!fails_there(p))
			continue;
		all_levels &= level != 0;
		if (level && level < least)
			least = level;
	}
	if (least == 1 || (least < 6 && all_levels))
		return least;
	return least == 6 && all_levels && all_said ? 5 : 0;
}

/* ---- likely reasons ------------------------------------------------------------------------- */

struct comparing {
	const struct catalogue *catalogue;
	const struct ads_result *result;
	struct run *run;
	int64_t days;	    /* from the report of ADS to what was read here; 0 where not known */
	bool newer;	    /* the report is of a later month than the catalogue */
	bool in_part;	    /* domains of the forest were not read here */
	bool failures_only; /* the file lists nothing but points that fail */
};

struct reasons {
	struct comparing *c;
	struct str list[REASONS_MOST];
	size_t count;
};

static void reason_add(struct reasons *r, struct str code)
{
	if (r->count < REASONS_MOST)
		r->list[r->count++] = code;
}

static void reason_add_number(struct reasons *r, const char *code, int64_t n)
{
	reason_add(r, arena_printf(&r->c->run->arena, "%s %lld", code, (long long)n));
}

static void reason_add_catalogue(struct reasons *r, const char *code)
{
	reason_add(r, arena_printf(&r->c->run->arena, "%s %.*s", code,
			      STR_ARG(r->c->run->catalogue_version)));
}

static bool same_value(const struct policy_param *d, const struct run_parameter *p)
{
	return p->kind == RUN_PARAMETER_STRING ? str_eq(d->text, p->text) : d->number == p->number;
}

/* Does the policy measure it otherwise than the catalogue? */
static bool is_adjusted(const struct catalogue_entry *e, const struct run_control *c)
{
	for (size_t i = 0; e && i < c->parameter_count; i++)
		for (size_t k = 0; k < e->default_count; k++)
			if (str_eq(e->defaults[k].name, c->parameters[i].name) &&
				!same_value(&e->defaults[k], &c->parameters[i]))
				return true;
	return false;
}

static bool has_level(const struct run_control *c, int level)
{
	for (size_t i = 0; i < c->level_count; i++)
		if (c->levels[i] == level)
			return true;
	return false;
}

/* Has ADS found what this run has not, or more of it, or worse? */
static bool is_more_there(const struct run_ads_point *p)
{
	if (p->difference == ADS_LEVEL)
		return p->level < p->control->failed_level;
	if (p->difference == ADS_COUNT)
		return (uint64_t)p->count > run_ads_found(p->control);
	return p->difference == ADS_MISSED;
}

/* Why two that both decided are not of one mind. */
static void reasons_of_verdict(struct reasons *r, const struct run_ads_point *p)
{
	const struct run_control *c = p->control;
	const struct catalogue_entry *e = catalogue_find(r->c->catalogue, c->id);

	if (p->level && !has_level(c, p->level))
		reason_add_catalogue(r, "ads_level_not_known");
	if (c->unknown && is_more_there(p))
		reason_add_number(r, "ads_unread", (int64_t)c->unknown);
	if (r->c->in_part && is_more_there(p))
		reason_add(r, STR("forest_in_part"));
	if (is_adjusted(e, c))
		reason_add(r, STR("ads_policy"));
	if (r->c->days)
		reason_add_number(r, r->c->days > 0 ? "ads_older" : "ads_newer",
			r->c->days > 0 ? r->c->days : -r->c->days);
	else if (r->c->result->dated == INT64_MIN)
		reason_add(r, STR("ads_date_not_given"));
	if (e && e->interpretation)
		reason_add(r, STR("ads_interpretation"));
	if (r->c->newer)
		reason_add_catalogue(r, "ads_catalogue");
	if (p->difference == ADS_COUNT)
		reason_add(r, STR("ads_counting"));
	if (!r->count)
		reason_add(r, STR("ads_no_reason"));
}

static void reasons_of(struct reasons *r, const struct run_ads_point *p)
{
	if (!p->control) { /* ADS_NOT_KNOWN */
		reason_add_catalogue(r, "ads_not_known");
		return;
	}
	switch (p->difference) {
	case ADS_SAME:
		return;
	case ADS_NOT_ASSESSED:
		/* Why it is disabled is the policy's own sentence, and no code. */
		if (p->control->status == STATUS_DISABLED)
			reason_add(r, STR("ads_disabled"));
		else
			reason_add(r,
				p->control->reason.n ? p->control->reason : STR("ads_unread_here"));
		return;
	case ADS_ACCEPTED:
		reason_add_number(r, "ads_waived", (int64_t)p->control->waived);
		return;
	case ADS_NOT_SAID:
		reason_add(r, STR("ads_not_said"));
		return;
	case ADS_NOT_LISTED:
		reason_add(r,
			r->c->failures_only ? STR("ads_list_of_failures") : STR("ads_not_listed"));
		return;
	default:
		reasons_of_verdict(r, p);
	}
}

static void explain(struct comparing *c, struct run_ads_point *p)
{
	struct reasons r = { .c = c };
	struct str *list;

	reasons_of(&r, p);
	list = ARENA_ARRAY(&c->run->arena, struct str, r.count);
	for (size_t i = 0; i < r.count; i++)
		list[i] = r.list[i];
	p->reasons = list;
	p->reason_count = r.count;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* "2026-11" as seconds of the first day of the month behind it; INT64_MAX: it is no month. */
static int64_t end_of_month(struct str version)
{
	struct str month, year = str_cut(version, '-', &month);
	struct civil c = { .day = 1 };
	int64_t m = 0, at;

	if (!str_to_i64(year, &c.year) || !month.p || !str_to_i64(month, &m) || m < 1 || m > 12)
		return INT64_MAX;
	c.month = (int)m;
	return datetime_seconds(c, &at) ? datetime_add_months(at, 1) : INT64_MAX;
}

static int64_t day_of(int64_t seconds)
{
	int64_t day = seconds / SECONDS_PER_DAY;

	return seconds < 0 && seconds % SECONDS_PER_DAY ? day - 1 : day;
}

static bool is_in_part(const struct run *r)
{
	for (size_t i = 0; i < r->coverage_count; i++)
		if (str_starts(r->coverage[i].need, STR("domain ")))
			return true;
	return false;
}

static struct comparing begin(
	const struct catalogue *c, const struct ads_result *result, struct run *r)
{
	int64_t read_at = r->collected_at == INT64_MIN ? r->evaluated_at : r->collected_at;
	struct comparing out = {
		.catalogue = c, .result = result, .run = r, .failures_only = true
	};

	if (result->dated != INT64_MIN) {
		out.days = day_of(read_at) - day_of(result->dated);
		out.newer = result->dated >= end_of_month(r->catalogue_version);
	}
	out.in_part = is_in_part(r);
	for (size_t i = 0; i < result->count; i++)
		out.failures_only &= result->rows[i].status == STATUS_FAIL;
	return out;
}

static struct run_ads_point point_of(
	struct arena *a, const struct ads_row *row, const struct run_control *c)
{
	struct run_ads_point p = { .id = c ? c->id : arena_str(a, row->id),
		.control = c,
		.listed = row != NULL,
		.status = row ? row->status : STATUS_UNKNOWN,
		.level = row && row->status == STATUS_FAIL ? row->level : 0,
		.count = row ? row->count : INT64_MIN };

	p.difference = run_ads_difference(&p);
	return p;
}

const struct run_ads *ads_compare(
	const struct catalogue *c, const struct ads_result *result, struct run *r)
{
	struct comparing comparing = begin(c, result, r);
	struct run_ads *out = ARENA_NEW(&r->arena, struct run_ads);
	struct run_ads_point *points =
		ARENA_ARRAY(&r->arena, struct run_ads_point, r->control_count + result->count);
	struct hash rows = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < result->count; i++)
		hash_set(&rows, result->rows[i].id, (uint32_t)i);
	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *k = &r->controls[i];
		uint32_t at = hash_get(&rows, k->id);

		if (run_ads_is_point(k->id) && !str_eq(k->area, STR("custom")))
			points[n++] =
				point_of(&r->arena, at == HASH_NONE ? NULL : &result->rows[at], k);
	}
	hash_free(&rows);
	for (size_t i = 0; i < result->count; i++)
		if (!catalogue_find(c, result->rows[i].id))
			points[n++] = point_of(&r->arena, &result->rows[i], NULL);
	for (size_t i = 0; i < n; i++)
		explain(&comparing, &points[i]);
	if (n)
		qsort(points, n, sizeof(*points), run_ads_order);
	*out = (struct run_ads){ .dated = result->dated,
		.level = run_ads_level(points, n),
		.points = points,
		.point_count = n };
	return out;
}
