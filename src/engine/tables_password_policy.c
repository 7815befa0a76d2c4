/* Tables of the family of passwords. */
#include "engine/family.h"
#include "engine/password_census.h"

#include "base/datetime.h"

/* ---- policies in force ---------------------------------------------------------------------- */

static void put_settings(struct table_maker *t, const struct password_policy *p)
{
	cell_number(t, p->policy_min_length);
	cell_tri(t, p->complexity ? YES : NO);
	cell_number(t, p->max_age / SECONDS_PER_DAY);
	cell_number(t, p->history);
	cell_number(t, p->lockout_threshold);
}

/* Does the policy by itself give what a class of accounts is held to? */
static void put_fitness(
	struct table_maker *t, const struct password_census *c, const struct policy_count *row)
{
	struct password_policy bare = row->settings;

	bare.min_length = bare.policy_min_length;
	for (size_t i = 0; i < PASSWORD_CLASSES; i++) {
		bool decided;

		if (!row->seen || !c->asked[i])
			cell_null(t);
		else
			cell_tri(t, password_policy_breaches(&bare, &c->rules[i], &decided) ? NO
				    : decided						    ? YES
					      : UNKNOWN);
	}
}

static void put_counts(struct table_maker *t, const struct policy_count *row)
{
	cell_number(t, row->users);
	cell_number(t, row->classes[PASSWORD_SERVICE]);
	cell_number(t, row->classes[PASSWORD_ADMIN]);
	cell_number(t, row->count.held);
	cell_number(t, row->count.not_held);
	cell_number(t, row->count.unknown);
}

#define POLICY_SETTINGS 8 /* columns between the policy's source and its accounts */

static void put_policy(struct table_maker *t, const struct password_census *c, size_t place)
{
	const struct policy_count *row = &c->policies[place];
	const struct ad_object *o = row->policy;

	table_row(t);
	cell_object(t, o);
	cell_code(t, !o ? "not_known" : o->kind == AD_PSO ? "pso" : "domain_policy");
	if (row->seen && o) {
		put_settings(t, &row->settings);
		put_fitness(t, c, row);
	} else {
		for (size_t i = 0; i < POLICY_SETTINGS; i++)
			cell_null(t);
	}
	put_counts(t, row);
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
	table_column(t, "fits_users", COLUMN_CODE);
	table_column(t, "fits_services", COLUMN_CODE);
	table_column(t, "fits_admins", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "services", COLUMN_NUMBER);
	table_column(t, "privileged", COLUMN_NUMBER);
	table_column(t, "held", COLUMN_NUMBER);
	table_column(t, "not_held", COLUMN_NUMBER);
	table_column(t, "held_unknown", COLUMN_NUMBER);
}

/* Each user has one policy; one that nobody is under has no row of settings: what it says was not
 * asked of an account. */
static void policies(struct table_maker *t, const struct password_census *c)
{
	struct policy_count total = { 0 };

	begin_policies(t);
	for (size_t i = 0; i <= c->policy_count; i++) {
		const struct policy_count *row = &c->policies[i];

		put_policy(t, c, i);
		total.users += row->users;
		for (size_t k = 0; k < PASSWORD_CLASSES; k++)
			total.classes[k] += row->classes[k];
		total.count.held += row->count.held;
		total.count.not_held += row->count.not_held;
		total.count.unknown += row->count.unknown;
	}
	table_total(t);
	for (size_t i = 0; i < POLICY_SETTINGS + 2; i++)
		cell_null(t);
	put_counts(t, &total);
	table_end(t);
}

/* ---- the rule, and the way to it ------------------------------------------------------------ */

static void put_rule(struct table_maker *t, const struct password_rule *rule)
{
	cell_number(t, rule->min_length);
	cell_tri(t, rule->complexity ? YES : NO);
	if (rule->max_age)
		cell_number(t, rule->max_age / SECONDS_PER_DAY);
	else
		cell_null(t);
}

static void put_class(struct table_maker *t, const struct class_count *n)
{
	cell_number(t, n->required);
	cell_number(t, n->held);
	cell_number(t, n->not_held);
	cell_number(t, n->unknown);
}

static void rules(struct table_maker *t, const struct password_census *c)
{
	static const char *const names[PASSWORD_CLASSES] = { "ordinary_accounts",
		"service_accounts", "privileged_accounts" };
	struct class_count total = { 0 };

	table_begin(t, "rules");
	table_column(t, "class", COLUMN_CODE);
	table_column(t, "asked_length", COLUMN_NUMBER);
	table_column(t, "asked_complexity", COLUMN_CODE);
	table_column(t, "asked_max_age_days", COLUMN_NUMBER);
	table_column(t, "accounts", COLUMN_NUMBER);
	table_column(t, "held", COLUMN_NUMBER);
	table_column(t, "not_held", COLUMN_NUMBER);
	table_column(t, "held_unknown", COLUMN_NUMBER);
	for (size_t i = 0; i < PASSWORD_CLASSES; i++) {
		const struct class_count *n = &c->classes[i];

		if (!c->asked[i])
			continue;
		table_row(t);
		cell_code(t, names[i]);
		put_rule(t, &c->rules[i]);
		put_class(t, n);
		total.required += n->required;
		total.held += n->held;
		total.not_held += n->not_held;
		total.unknown += n->unknown;
	}
	table_total(t);
	for (size_t i = 0; i < 4; i++)
		cell_null(t);
	put_class(t, &total);
	table_end(t);
}

static void changes(struct table_maker *t, const struct password_census *c)
{
	static const char *const names[] = {
		[RAISE_DOMAIN_POLICY] = "raise_domain_policy",
		[RAISE_PSO] = "raise_pso",
		[NEW_PSO_ADMINS] = "new_pso_admins",
		[NEW_PSO_SERVICES] = "new_pso_services",
		[CLEAR_NOT_REQUIRED] = "clear_not_required",
		[CLEAR_NEVER_EXPIRES] = "clear_never_expires",
	};
	int64_t brought = 0;

	table_begin(t, "changes");
	table_column(t, "change", COLUMN_CODE);
	table_column(t, "policy", COLUMN_NAME);
	table_column(t, "asked_length", COLUMN_NUMBER);
	table_column(t, "asked_complexity", COLUMN_CODE);
	table_column(t, "asked_max_age_days", COLUMN_NUMBER);
	table_column(t, "accounts", COLUMN_NUMBER);
	table_column(t, "brought", COLUMN_NUMBER);
	table_column(t, "brought_so_far", COLUMN_NUMBER);
	for (size_t i = 0; i < c->change_count; i++) {
		const struct change_row *row = &c->changes[i];

		table_row(t);
		cell_code(t, names[row->change]);
		cell_object(t, row->policy);
		if (row->rule.min_length) {
			put_rule(t, &row->rule);
		} else {
			for (size_t k = 0; k < 3; k++)
				cell_null(t);
		}
		brought += row->brought;
		cell_number(t, row->accounts);
		cell_number(t, row->brought);
		cell_number(t, brought);
	}
	table_end(t);
}

/* ---- age of passwords ----------------------------------------------------------------------- */

enum { NEVER_SET = AGE_BANDS, NOT_READ, BANDS };

/* 0 stands for "to be changed at the next logon" too (MS-ADTS 2.2 pwdLastSet). */
static size_t band_of(const struct model *m, const struct ad_object *o)
{
	int64_t set = model_past_time(m, o, ATTR_PWD_LAST_SET);

	if (set != INT64_MIN)
		return age_band(model_now(m) - set);
	return model_readable(m, o, ATTR_PWD_LAST_SET) == READABLE && !obj_i64(o, ATTR_PWD_LAST_SET)
		       ? NEVER_SET
		       : NOT_READ;
}

static void ages(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	int64_t counts[PASSWORD_CLASSES + 1][BANDS] = { 0 }, totals[PASSWORD_CLASSES + 1] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		enum password_class at_most;
		size_t band;

		if (!counts_as_user(m, o))
			continue;
		band = band_of(m, o);
		for (size_t k = 0; k < 2; k++) {
			size_t to = k ? account_password_class(m, o, &at_most) : PASSWORD_CLASSES;

			counts[to][band]++;
			totals[to]++;
		}
	}
	table_begin(t, "password_age");
	table_column(t, "password_age", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "services", COLUMN_NUMBER);
	table_column(t, "privileged", COLUMN_NUMBER);
	for (size_t b = 0; b < BANDS; b++) {
		table_row(t);
		cell_code(t, b == NEVER_SET  ? "never_set"
			     : b == NOT_READ ? "not_read"
					     : age_band_codes[b]);
		cell_number(t, counts[PASSWORD_CLASSES][b]);
		cell_number(t, counts[PASSWORD_SERVICE][b]);
		cell_number(t, counts[PASSWORD_ADMIN][b]);
	}
	table_total(t);
	cell_null(t);
	cell_number(t, totals[PASSWORD_CLASSES]);
	cell_number(t, totals[PASSWORD_SERVICE]);
	cell_number(t, totals[PASSWORD_ADMIN]);
	table_end(t);
}

void tables_password_policy(struct evaluation *e, struct table_maker *t)
{
	struct password_census c;

	password_census_take(e, &c);
	rules(t, &c);
	changes(t, &c);
	policies(t, &c);
	password_census_free(&c);
	ages(e, t);
	table_biomedical_passwords(e, t);
	table_leaks(e, t);
}
