/* Tables of the family of stale accounts. */
#include "engine/family.h"

/* Bands of disuse, then what has no date. */
enum { NEVER = AGE_BANDS, NOT_KNOWN, BANDS };

/* A date that proves use proves no disuse where a later one may be hidden. */
static size_t band_of(const struct model *m, const struct ad_object *o)
{
	struct logon logon = account_last_logon(m, o);
	enum age_band band;

	if (logon.state == LOGON_NEVER)
		return NEVER;
	if (logon.state == LOGON_UNKNOWN)
		return NOT_KNOWN;
	band = age_band(model_now(m) - logon.at);
	return band > AGE_UNDER_30_DAYS && !logon.complete ? NOT_KNOWN : band;
}

/* Enabled accounts, or not known to be disabled, by their last use. */
static void last_use(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	int64_t counts[2][BANDS] = { 0 }, totals[2] = { 0 };

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		bool computer = o->kind == AD_COMPUTER;

		if (!counts_as_user(m, o) && !(computer && account_enabled(m, o) != NO))
			continue;
		counts[computer][band_of(m, o)]++;
		totals[computer]++;
	}
	table_begin(t, "last_use");
	table_column(t, "last_use", COLUMN_CODE);
	table_column(t, "users", COLUMN_NUMBER);
	table_column(t, "computers", COLUMN_NUMBER);
	for (size_t b = 0; b < BANDS; b++) {
		table_row(t);
		cell_code(t, b == NEVER	      ? "never"
			     : b == NOT_KNOWN ? "not_known"
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

/* ---- what could be taken away --------------------------------------------------------------- */

static const char *const cause_codes[SAVINGS] = {
	[SAVING_LEFT] = "left",
	[SAVING_EXPIRED] = "expired",
	[SAVING_UNUSED_USER] = "unused_user",
	[SAVING_NEVER_USED] = "never_used",
	[SAVING_UNUSED_SERVICE] = "unused_service",
	[SAVING_UNUSED_COMPUTER] = "unused_computer",
	[SAVING_DISABLED] = "disabled_long",
	[SAVING_GROUP] = "empty_group",
	[SAVING_UNIT] = "empty_unit",
	[SAVING_POLICY] = "unlinked_policy",
};

static void savings(struct evaluation *e, struct table_maker *t)
{
	struct savings s = savings_count(e);

	table_begin(t, "savings");
	table_column(t, "cause", COLUMN_CODE);
	table_column(t, "findings", COLUMN_NUMBER);
	table_column(t, "objects", COLUMN_NUMBER);
	table_column(t, "licences", COLUMN_NUMBER);
	for (size_t c = 0; c < SAVINGS; c++) {
		table_row(t);
		cell_code(t, cause_codes[c]);
		if (s.causes[c].said == SAID_SOMETHING) {
			cell_number(t, s.causes[c].found);
			cell_number(t, s.causes[c].objects);
			cell_number(t, s.causes[c].licences);
		} else {
			cell_null(t);
			cell_null(t);
			cell_null(t);
		}
	}
	table_total(t);
	cell_null(t);
	cell_null(t);
	cell_number(t, s.objects);
	cell_number(t, s.licences);
	table_end(t);
}

void tables_stale(struct evaluation *e, struct table_maker *t)
{
	last_use(e, t);
	savings(e, t);
	tables_stale_systems(e, t);
	table_external(e, t);
}
