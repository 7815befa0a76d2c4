/* The result of ADS beside a run, from results.json. What it says of this run must be what the
 * run's controls say, and the differences those that follow: they would be believed. */
#include "runs/stored_reading.h"

#include <stdlib.h>

#define POINT_BYTES 60u
#define REASONS_MOST 64u

/* One side of a point. */
struct side {
	bool there;
	enum run_status status;
	int level;
	int64_t count;
};

struct point {
	struct str id;
	size_t difference;
	struct side ads, ours;
	struct texts reasons;
};

#define MEMBER(type, name, read)                                                                   \
	{                                                                                          \
#name, read, offsetof(type, name), false                                           \
	}

static int read_count_or_none(struct reading *r, void *to, struct err *err)
{
	uint64_t n = 0;

	*(int64_t *)to = INT64_MIN;
	if (json_scan_word(&r->scan, "null"))
		return 0;
	if (read_count(r, &n, err))
		return err->code;
	*(int64_t *)to = (int64_t)n;
	return 0;
}

static const struct member side_members[] = {
	MEMBER(struct side, status, read_status),
	MEMBER(struct side, level, read_level_or_none),
	MEMBER(struct side, count, read_count_or_none),
};

static int read_side(struct reading *r, void *to, struct err *err)
{
	struct side *side = to;

	side->there = !json_scan_word(&r->scan, "null");
	return side->there ? read_members(r, side_members, ARRAY_LEN(side_members), side, err) : 0;
}

static int read_difference(struct reading *r, void *to, struct err *err)
{
	const char *names[ADS_DIFFERENCE_COUNT + 1] = { NULL };

	for (int d = 0; d < ADS_DIFFERENCE_COUNT; d++)
		names[d] = ads_difference_name((enum ads_difference)d);
	return read_choice(r, names, to, err);
}

static int read_reasons(struct reading *r, void *to, struct err *err)
{
	size_t count = 0;

	return count_items(r, '[', 2, REASONS_MOST, &count, err) ? err->code
								 : read_texts(r, to, err);
}

static const struct member point_members[] = {
	MEMBER(struct point, id, read_id),
	MEMBER(struct point, difference, read_difference),
	MEMBER(struct point, ads, read_side),
	MEMBER(struct point, ours, read_side),
	MEMBER(struct point, reasons, read_reasons),
};

static int by_id(const void *key, const void *control)
{
	return str_cmp(*(const struct str *)key, ((const struct run_control *)control)->id);
}

/* Does the run say of it what the point says that it does? */
static bool is_ours(const struct point *p, const struct run_control *c)
{
	if (!c || !p->ours.there)
		return !c && !p->ours.there;
	return p->ours.status == c->status && p->ours.level == c->failed_level &&
	       p->ours.count == (int64_t)run_ads_found(c);
}

/* Does ADS say such a thing? A level is that at which a point fails. */
static bool is_theirs(const struct side *s)
{
	return !s->there || (s->status != STATUS_WAIVED && s->status != STATUS_DISABLED &&
				    (s->status == STATUS_FAIL || !s->level));
}

static int read_point(struct reading *r, struct run_ads_point *out, struct err *err)
{
	struct point p = { 0 };
	const struct run *run = r->run;

	if (read_members(r, point_members, ARRAY_LEN(point_members), &p, err))
		return err->code;
	*out = (struct run_ads_point){ .id = p.id,
		.control = run->control_count ? bsearch(&p.id, run->controls, run->control_count,
							sizeof(*run->controls), by_id)
					      : NULL,
		.listed = p.ads.there,
		.status = p.ads.there ? p.ads.status : STATUS_UNKNOWN,
		.level = p.ads.level,
		.count = p.ads.there ? p.ads.count : INT64_MIN,
		.difference = (enum ads_difference)p.difference,
		.reasons = p.reasons.items,
		.reason_count = p.reasons.count };
	if (!run_ads_is_point(p.id))
		return wrong(r, err, "a point of ADS is none of ANSSI's");
	if (!is_ours(&p, out->control) || !is_theirs(&p.ads) || (!out->control && !out->listed) ||
		run_ads_difference(out) != out->difference)
		return wrong(r, err, "what ADS is said to differ in is not so");
	for (size_t i = 0; i < p.reasons.count; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(p.reasons.items[i], p.reasons.items[k]))
				return wrong(r, err, "a reason stands twice");
	return 0;
}

static int read_points(struct reading *r, void *to, struct err *err)
{
	struct run_ads *ads = to;
	struct run_ads_point *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', POINT_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&r->run->arena, struct run_ads_point, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan)) {
		if (read_point(r, &list[n], err))
			return err->code;
		if (n && run_ads_order(&list[n - 1], &list[n]) >= 0)
			return wrong(r, err, "the points of ADS are not in their order");
		n++;
	}
	ads->points = list;
	ads->point_count = count;
	return check_scan(r, err);
}

static int read_withheld(struct reading *r, void *to, struct err *err)
{
	if (read_count(r, to, err))
		return err->code;
	if (!r->run->anonymous || !*(uint64_t *)to)
		return wrong(r, err, "only an anonymous run withholds points of ADS");
	return 0;
}

static const struct member ads_members[] = {
	MEMBER(struct run_ads, dated, read_date_or_none),
	MEMBER(struct run_ads, level, read_level_or_none),
	{ "points", read_points, 0, false },
	{ "withheld", read_withheld, offsetof(struct run_ads, withheld), true },
};

int read_ads(struct reading *r, struct err *err)
{
	struct run_ads *ads;

	if (!r->ads)
		return 0;
	r->scan.at = r->ads;
	ads = ARENA_NEW(&r->run->arena, struct run_ads);
	if (read_members(r, ads_members, ARRAY_LEN(ads_members), ads, err))
		return err->code;
	/* What was withheld of an anonymous run may be the worst. */
	if (!ads->point_count ||
		(!ads->withheld && ads->level != run_ads_level(ads->points, ads->point_count)))
		return wrong(r, err, "the level of ADS is not the one of its points");
	r->run->ads = ads;
	return 0;
}
