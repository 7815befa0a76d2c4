/* Verdicts and numbers of all members, and where they say the same thing. */
#include "runs/compare_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- controls ------------------------------------------------------------------------------- */

static int by_word(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The ids of all members, each once, sorted. */
static struct str *list_ids(struct compare *c, size_t *count)
{
	size_t room = 0, n = 0;
	struct hash seen = { 0 };
	struct str *ids;

	for (size_t i = 0; i < c->member_count; i++)
		room += c->last[i]->control_count;
	ids = ARENA_ARRAY(&c->arena, struct str, room);
	for (size_t i = 0; i < c->member_count; i++)
		for (size_t k = 0; k < c->last[i]->control_count; k++) {
			ids[n] = c->last[i]->controls[k].id;
			if (hash_add(&seen, ids[n], (uint32_t)n) == n)
				n++;
		}
	hash_free(&seen);
	if (n)
		qsort(ids, n, sizeof(*ids), by_word);
	*count = n;
	return ids;
}

/* How most members measure it; of two equally many those of the catalogue of most members. */
static struct str usual_fingerprint(const struct compare *c, struct str id)
{
	struct str best = { 0 };
	size_t best_count = 0;

	for (size_t i = 0; i < c->member_count; i++) {
		const struct kept_control *k = kept_find(c->last[i], id);
		size_t n = 0;

		if (!k)
			continue;
		for (size_t m = 0; m < c->member_count; m++) {
			const struct kept_control *o = kept_find(c->last[m], id);

			n += o && str_eq(o->fingerprint, k->fingerprint);
		}
		/* Twice, so that the catalogue only decides between equals. */
		n = 2 * n + str_eq(c->last[i]->shown.catalogue, c->out->catalogue);
		if (n > best_count) {
			best = k->fingerprint;
			best_count = n;
		}
	}
	return best;
}

static void add_cell(struct compare_control *to, const struct compare_cell *cell)
{
	switch (cell->state) {
	case CELL_ABSENT:
		to->absent++;
		return;
	case CELL_OTHER:
		to->others++;
		return;
	case CELL_SAME:
		break;
	}
	to->comparable++;
	to->statuses[cell->status]++;
	to->objects += cell->count;
	if (cell->status == STATUS_FAIL && (!to->level || cell->failed_level < to->level))
		to->level = cell->failed_level;
}

static void fill_control(struct compare *c, struct compare_control *to, struct str id)
{
	struct compare_cell *cells = ARENA_ARRAY(&c->arena, struct compare_cell, c->member_count);
	struct str usual = usual_fingerprint(c, id);
	int possible = 5;

	for (size_t i = 0; i < c->member_count; i++) {
		const struct kept_control *k = kept_find(c->last[i], id);

		cells[i] = k ? k->cell : (struct compare_cell){ .state = CELL_ABSENT };
		if (k && k->level < possible)
			possible = k->level;
		if (k && !str_eq(k->fingerprint, usual)) {
			cells[i].state = CELL_OTHER;
			c->members[i].marks |= MARK_PARAMETERS;
		}
		c->members[i].foreign += cells[i].state != CELL_SAME;
		add_cell(to, &cells[i]);
	}
	to->cells = cells;
	if (!to->level)
		to->level = possible;
	to->shared =
		to->statuses[STATUS_FAIL] >= 2 && 2 * to->statuses[STATUS_FAIL] >= to->comparable;
}

/* A run that has the words of all controls, in the order of ids. */
static void describe(struct compare *c, const struct str *ids, size_t count)
{
	struct run *r = &c->out->catalogue_run;
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, count);

	for (size_t i = 0; i < count; i++) {
		list[i].id = ids[i];
		list[i].area = STR("");
		for (size_t m = 0; m < c->member_count; m++) {
			const struct kept_control *k = kept_find(c->last[m], ids[i]);

			if (k)
				list[i].area = k->area;
		}
	}
	r->controls = list;
	r->control_count = count;
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++)
		r->families[i].name = STR("");
	r->catalogue_version = c->out->catalogue;
	c->rules.describe(c->rules.catalogue, r);
}

static bool sets_level(const struct compare_control *k)
{
	return str_starts(k->control->id, STR("vuln_"));
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The heat map: worst level first, the points that set it first, then what most fail. */
static int by_level(const void *a, const void *b)
{
	const struct compare_control *x = a, *y = b;
	int order = x->level - y->level;

	if (!order)
		order = sets_level(y) - sets_level(x);
	if (!order)
		order = compare_u64(y->statuses[STATUS_FAIL], x->statuses[STATUS_FAIL]);
	return order ? order : str_cmp(x->control->id, y->control->id);
}

/* The plan: worst level first, then what most members fail. */
static int by_members(const void *a, const void *b)
{
	const struct compare_control *x = *(const struct compare_control *const *)a;
	const struct compare_control *y = *(const struct compare_control *const *)b;
	int order = x->level - y->level;

	if (!order)
		order = compare_u64(y->statuses[STATUS_FAIL], x->statuses[STATUS_FAIL]);
	if (!order)
		order = sets_level(y) - sets_level(x);
	return order ? order : str_cmp(x->control->id, y->control->id);
}

void compare_fill_controls(struct compare *c)
{
	struct comparison *out = c->out;
	size_t count = 0;
	struct str *ids = list_ids(c, &count);
	struct compare_control *list = ARENA_ARRAY(&c->arena, struct compare_control, count);
	const struct compare_control **shared =
		ARENA_ARRAY(&c->arena, const struct compare_control *, count);

	describe(c, ids, count);
	for (size_t i = 0; i < count; i++) {
		list[i].control = &out->catalogue_run.controls[i];
		fill_control(c, &list[i], ids[i]);
	}
	if (count)
		qsort(list, count, sizeof(*list), by_level);
	for (size_t i = 0; i < count; i++)
		if (list[i].shared)
			shared[out->shared_count++] = &list[i];
	if (out->shared_count)
		qsort(shared, out->shared_count, sizeof(struct compare_control *), by_members);
	for (size_t i = 0; i < count; i++)
		hash_add(&c->control_at, list[i].control->id, (uint32_t)i);
	out->controls = list;
	out->control_count = count;
	out->shared = shared;
}

/* ---- indicators ----------------------------------------------------------------------------- */

#define LARGEST INT64_C(1000000000000)
#define OUTLIER_MEMBERS 5
#define MEDIAN_MEMBERS 3
#define OUTLIER_SPREADS 3

/* What of a number is wrong when something behind it was not read. */
enum unread {
	UNREAD_LESS,	/* a count: there may be more */
	UNREAD_EITHER,	/* a share: it may be more or less */
	UNREAD_NOTHING, /* a setting, or what says whether all was read */
};

/* What is counted in computers, and what is no count of accounts or of things beside them. */
struct unit {
	const char *family, *name; /* NULL: any */
	enum compare_per per;
	enum unread unread;
};
static const struct unit units[] = {
	{ "password_policy", "domain_min_length", PER_NOTHING, UNREAD_NOTHING },
	{ "password_policy", "domain_complexity", PER_NOTHING, UNREAD_NOTHING },
	{ "password_policy", "domain_max_age_days", PER_NOTHING, UNREAD_NOTHING },
	{ "password_policy", "domain_lockout_threshold", PER_NOTHING, UNREAD_NOTHING },
	{ "password_policy", "changes", PER_NOTHING, UNREAD_LESS },
	{ "password_policy", "laps_computers", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_windows", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_legacy", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_both", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_none", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_unknown", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_expired", PER_COMPUTERS, UNREAD_LESS },
	{ "password_policy", "laps_dcs", PER_NOTHING, UNREAD_LESS },
	{ "password_policy", "laps_dcs_with", PER_NOTHING, UNREAD_LESS },
	{ "privileged", "complete", PER_NOTHING, UNREAD_NOTHING },
	{ "privileged", "groups", PER_NOTHING, UNREAD_LESS },
	{ "privileged", "domain_controllers", PER_NOTHING, UNREAD_LESS },
	{ "privileged", "operator_groups", PER_NOTHING, UNREAD_LESS },
	{ "privileged", "powerful_groups", PER_NOTHING, UNREAD_LESS },
	{ "privileged", "exchange_groups", PER_NOTHING, UNREAD_LESS },
	{ "tiering", "servers_outside_units", PER_COMPUTERS, UNREAD_LESS },
	{ "tiering", "backup_servers", PER_NOTHING, UNREAD_LESS },
	{ "tiering", "backup_servers_outside", PER_NOTHING, UNREAD_LESS },
	{ "stale", "computers", PER_COMPUTERS, UNREAD_LESS },
	{ "stale", "computers_unknown", PER_COMPUTERS, UNREAD_LESS },
	{ "stale", "obsolete_systems", PER_COMPUTERS, UNREAD_LESS },
	{ "stale", "obsolete_biomedical", PER_COMPUTERS, UNREAD_LESS },
	{ NULL, "percent", PER_NOTHING, UNREAD_EITHER },
	{ NULL, "care_percent", PER_NOTHING, UNREAD_EITHER },
};

static const struct unit *unit_of(struct str family, struct str name)
{
	static const struct unit accounts = { NULL, NULL, PER_ACCOUNTS, UNREAD_LESS };

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_eq(name, str_of(units[i].name)) &&
			(!units[i].family || str_eq(family, str_of(units[i].family))))
			return &units[i];
	return &accounts;
}

/* Is the number of enabled accounts known to a hundredth? */
static bool knows_accounts(const struct compare_member *m)
{
	return m->users_unread <= m->users_enabled / 100;
}

/* In hundredths, rounded to the nearest. */
static int64_t scale(int64_t value, enum compare_per per, const struct compare_member *m)
{
	uint64_t size = per == PER_COMPUTERS ? m->computers : m->users_enabled;

	if (value < -LARGEST || value > LARGEST)
		return INT64_MIN;
	if (per == PER_NOTHING)
		return value * 100;
	if (!size || size > (uint64_t)LARGEST || (per == PER_ACCOUNTS && !knows_accounts(m)))
		return INT64_MIN;
	return (value * 10000 + (int64_t)size / 2) / (int64_t)size;
}

static const struct kept_indicator *indicator_of(
	const struct kept_run *k, struct str family, struct str name)
{
	for (size_t i = 0; i < k->indicator_count; i++)
		if (str_eq(k->indicators[i].name, name) && str_eq(k->indicators[i].family, family))
			return &k->indicators[i];
	return NULL;
}

/* Are all controls behind the number measured as at most members? */
static bool is_comparable(const struct compare *c, const struct kept_indicator *k, size_t member)
{
	for (size_t i = 0; i < k->control_count; i++) {
		uint32_t at = hash_get(&c->control_at, k->controls[i]);

		if (at == HASH_NONE || c->out->controls[at].cells[member].state != CELL_SAME)
			return false;
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t median_of(int64_t *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_number);
	return count % 2 ? list[count / 2] : (list[count / 2 - 1] + list[count / 2]) / 2;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* The median absolute deviation, made comparable to a standard deviation (× 1.4826); where most
 * members have the same value a tenth of that, at least one tenth. */
static int64_t spread_of(int64_t *list, size_t count, int64_t median)
{
	for (size_t i = 0; i < count; i++)
		list[i] = distance(list[i], median);
	return larger(larger(median_of(list, count) / 10000 * 14826 +
				      median_of(list, count) % 10000 * 14826 / 10000,
			      distance(median, 0) / 10),
		10);
}

static void judge_value(struct compare_value *v, int64_t median, int64_t spread)
{
	int64_t off = distance(v->scaled, median);

	if (off <= OUTLIER_SPREADS * spread)
		return;
	v->outlier = true;
	v->distance = off / spread * 10 + off % spread * 10 / spread;
	if (v->scaled < median)
		v->distance = -v->distance;
}

/* A number that may miss something says nothing about the others, nor they of it. */
static bool is_compared(const struct compare_value *v)
{
	return v->comparable && !v->lower_bound && v->scaled != INT64_MIN;
}

static void judge(
	struct compare_indicator *to, struct compare_value *values, size_t count, bool yes_or_no)
{
	int64_t *list = xcalloc(count + 1, sizeof(*list)), spread;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (is_compared(&values[i]))
			list[n++] = values[i].scaled;
	to->comparable = n;
	to->median = n >= MEDIAN_MEMBERS && !yes_or_no ? median_of(list, n) : INT64_MIN;
	if (n >= OUTLIER_MEMBERS && !yes_or_no) {
		spread = spread_of(list, n, to->median);
		for (size_t i = 0; i < count; i++)
			if (is_compared(&values[i]))
				judge_value(&values[i], to->median, spread);
	}
	free(list);
}

static void fill_indicator(
	struct compare *c, struct compare_indicator *to, const struct kept_indicator *from)
{
	struct compare_value *values =
		ARENA_ARRAY(&c->arena, struct compare_value, c->member_count);
	const struct unit *unit = unit_of(from->family, from->name);

	to->family = from->family;
	to->name = from->name;
	to->per = unit->per;
	for (size_t i = 0; i < c->member_count; i++) {
		const struct kept_indicator *k = indicator_of(c->last[i], from->family, from->name);
		struct compare_value *v = &values[i];

		v->value = k ? k->value : INT64_MIN;
		v->scaled = k && k->value != INT64_MIN ? scale(k->value, to->per, &c->members[i])
						       : INT64_MIN;
		v->comparable =
			k && is_comparable(c, k, i) && (k->whole || unit->unread != UNREAD_EITHER);
		v->lower_bound = k && !k->whole && unit->unread == UNREAD_LESS;
	}
	judge(to, values, c->member_count,
		str_eq(to->name, STR("complete")) || str_eq(to->name, STR("domain_complexity")));
	to->values = values;
}

/* In the order of the families, and within one as the runs have them. */
void compare_fill_indicators(struct compare *c)
{
	static const char *const families[] = { "password_policy", "privileged", "tiering", "stale",
		"mfa" };
	struct comparison *out = c->out;
	struct compare_indicator *list;
	size_t room = 0;

	for (size_t i = 0; i < c->member_count; i++)
		room += c->last[i]->indicator_count;
	list = ARENA_ARRAY(&c->arena, struct compare_indicator, room);
	for (size_t f = 0; f < ARRAY_LEN(families); f++) {
		struct hash seen = { 0 };

		for (size_t i = 0; i < c->member_count; i++)
			for (size_t k = 0; k < c->last[i]->indicator_count; k++) {
				const struct kept_indicator *from = &c->last[i]->indicators[k];
				uint32_t n = (uint32_t)out->indicator_count;

				if (!str_eq(from->family, str_of(families[f])) ||
					hash_add(&seen, from->name, n) != n)
					continue;
				fill_indicator(c, &list[out->indicator_count++], from);
			}
		hash_free(&seen);
	}
	out->indicators = list;
}
