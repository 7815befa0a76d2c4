/* Tables of the family of passwords. */
#include "engine/family.h"

#include "base/datetime.h"

#include <stdlib.h>

/* ---- policies in force ---------------------------------------------------------------------- */

struct policy_row {
	struct password_policy settings; /* of the first account that it applies to */
	int64_t users, privileged;
	bool seen;
};

/* Whose policy an account has, by the index of the PSO or of the domain's head; the last place is
 * for what is not known. */
static size_t place_of(
	const struct model *m, const struct ad_object *o, const struct password_policy *p)
{
	if (p->source == POLICY_PSO)
		return p->pso->index;
	return p->source == POLICY_DOMAIN ? o->domain->head->index : model_object_count(m);
}

static void put_settings(struct table_maker *t, const struct password_policy *p)
{
	cell_number(t, p->policy_min_length);
	cell_tri(t, p->complexity ? YES : NO);
	cell_number(t, p->max_age / SECONDS_PER_DAY);
	cell_number(t, p->history);
	cell_number(t, p->lockout_threshold);
}

static void put_policy(struct table_maker *t, const struct ad_object *o, const char *source,
	const struct policy_row *row)
{
	table_row(t);
	cell_object(t, o);
	cell_code(t, source);
	if (row->seen && o) {
		put_settings(t, &row->settings);
	} else {
		for (size_t i = 0; i < 5; i++)
			cell_null(t);
	}
	cell_number(t, row->users);
	cell_number(t, row->privileged);
}

static void begin_policies(struct table_maker *t)
{
	table_begin(t, "policies");
	table_column(t, "policy", COLUMN_NAME);
	table_column(t, "source", COLUMN_CODE);
	table_column(t, "min_length", COLUMN_NUMBER);
	table_column(t, "complexity", COLUMN_CODE);
	table_column(t, "max_age_days", COLUMN_NUMBER);
	table_column(t, "history", COLUMN_NUMBER);
	table_column(t, "lockout_threshold", COLUMN_NUMBER);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "privileged", COLUMN_NUMBER);
}

static void count_policies(const struct model *m, struct policy_row *rows, struct policy_row *total)
{
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct password_policy p;
		struct policy_row *row;
		bool privileged;

		if (!counts_as_user(m, o))
			continue;
		p = account_password_policy(m, o);
		row = &rows[place_of(m, o, &p)];
		privileged = account_privileged(m, o) == YES;
		if (!row->seen)
			row->settings = p;
		row->seen = true;
		row->users++;
		row->privileged += privileged;
		total->users++;
		total->privileged += privileged;
	}
}

/* Each user has one policy; one that nobody is under has no row of settings: what it says was not
 * asked of an account. */
static void policies(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	size_t last = model_object_count(m);
	struct policy_row *rows = xcalloc(last + 1, sizeof(*rows)), total = { 0 };

	count_policies(m, rows, &total);
	begin_policies(t);
	for (size_t i = 0; i < model_domain_count(m); i++)
		put_policy(t, model_domain(m, i)->head, "domain_policy",
			&rows[model_domain(m, i)->head->index]);
	for (size_t i = 0; i < last; i++)
		if (model_object(m, i)->kind == AD_PSO)
			put_policy(t, model_object(m, i), "pso", &rows[i]);
	put_policy(t, NULL, "not_known", &rows[last]);
	table_total(t);
	for (size_t i = 0; i < 7; i++)
		cell_null(t);
	cell_number(t, total.users);
	cell_number(t, total.privileged);
	table_end(t);
	free(rows);
}

/* ---- age of passwords ----------------------------------------------------------------------- */

enum { NEVER_SET = AGE_BANDS, NOT_READ, BANDS };

/* 0 stands for "to be changed at the next logon" too (MS-ADTS 2.2 pwdLastSet). */
static size_t band_of(const struct model *m, const struct ad_object *o)
{
	int64_t set = obj_time(o, ATTR_PWD_LAST_SET);

	if (set != INT64_MIN)
		return age_band(model_now(m) - set);
	return model_readable(m, o, ATTR_PWD_LAST_SET) == READABLE ? NEVER_SET : NOT_READ;
}

static void ages(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	int64_t counts[2][BANDS] = { 0 }, totals[2] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		bool privileged;
		size_t band;

		if (!counts_as_user(m, o))
			continue;
		privileged = account_privileged(m, o) == YES;
		band = band_of(m, o);
		counts[0][band]++;
		totals[0]++;
		counts[1][band] += privileged;
		totals[1] += privileged;
	}
	table_begin(t, "password_age");
	table_column(t, "password_age", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "privileged", COLUMN_NUMBER);
	for (size_t b = 0; b < BANDS; b++) {
		table_row(t);
		cell_code(t, b == NEVER_SET  ? "never_set"
			     : b == NOT_READ ? "not_read"
					     : age_band_codes[b]);
		cell_number(t, counts[0][b]);
		cell_number(t, counts[1][b]);
	}
	table_total(t);
	cell_null(t);
	cell_number(t, totals[0]);
	cell_number(t, totals[1]);
	table_end(t);
}

void tables_password_policy(struct evaluation *e, struct table_maker *t)
{
	policies(e, t);
	ages(e, t);
	table_leaks(e, t);
}
