/* The CSV exports that the policy's evidence of second factors rests on. */
#include "checks/common.h"
#include "checks/mfa.h"
#include "model/roster.h"

int mfa_export_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_mfa_export_count(cx_model(cx)) ? 0 : not_applicable(cx, "mfa_no_export");
}

/* Rows that are wrong whoever reads the directory. */
static size_t rows_lost(const struct roster *r)
{
	static const enum roster_problem kinds[] = { ROSTER_AMBIGUOUS, ROSTER_NO_ACCOUNT,
		ROSTER_RAGGED };
	const struct roster_note *list;
	size_t listed, n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		n += roster_problems(r, kinds[i], &list, &listed);
	return n;
}

static void evidence_rows(
	struct check_cx *cx, const struct roster *r, enum roster_problem p, const char *key)
{
	const struct roster_note *list;
	struct str file = roster_file_name(r);
	size_t listed, count = roster_problems(r, p, &list, &listed);

	if (!count)
		return;
	for (size_t i = 0; i < listed && i < EVIDENCE_NAMES; i++)
		evidence(cx, key,
			arena_printf(cx_arena(cx), "%.*s:%zu%s%.*s", STR_ARG(file), list[i].line,
				list[i].text.n ? " " : "", STR_ARG(list[i].text)));
}

int mfa_export_unmatched(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	const struct roster_note *list;
	size_t listed, unmatched = 0, doubtful = 0, lost = 0, hidden = 0,
		       n = model_mfa_export_count(m);
	const char *reason;

	for (size_t i = 0; i < n; i++) {
		const struct roster *r = model_mfa_export(m, i).roster;

		unmatched += roster_problems(r, ROSTER_UNMATCHED, &list, &listed);
		doubtful += roster_problems(r, ROSTER_DOUBTFUL, &list, &listed);
		hidden += roster_hidden_count(r);
		lost += rows_lost(r);
	}
	if (!unmatched && !doubtful && !lost)
		return 0;
	/* They may be of accounts that were not read, or not by name. */
	if (!lost && (!unmatched || hidden || model_complete(m, AD_USER, &reason) == NO))
		return undecided(cx, obj, "csv_accounts_not_readable");
	finding(cx, obj);
	evidence_int(cx, "rows", (int64_t)(unmatched + lost));
	for (size_t i = 0; i < n; i++) {
		const struct roster *r = model_mfa_export(m, i).roster;

		evidence_rows(cx, r, ROSTER_UNMATCHED, "row_unmatched");
		evidence_rows(cx, r, ROSTER_AMBIGUOUS, "row_ambiguous");
		evidence_rows(cx, r, ROSTER_NO_ACCOUNT, "row_without_account");
		evidence_rows(cx, r, ROSTER_RAGGED, "row_malformed");
	}
	return 0;
}

int mfa_export_dated_before(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	for (size_t i = 0; i < model_mfa_export_count(m); i++)
		if (model_mfa_export(m, i).declared->exported != INT64_MIN)
			return 0;
	return not_applicable(cx, "mfa_export_not_dated");
}

int mfa_export_stale(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "max_days"));
	bool found = false, undated = false;

	for (size_t i = 0; i < model_mfa_export_count(m); i++) {
		struct mfa_export_view x = model_mfa_export(m, i);

		undated |= x.declared->exported == INT64_MIN;
		if (x.declared->exported == INT64_MIN || x.declared->exported >= limit)
			continue;
		if (!found)
			finding(cx, obj);
		found = true;
		evidence(cx, "file", roster_file_name(x.roster));
		evidence_date(cx, "exported", x.declared->exported);
	}
	return undated && !found ? undecided(cx, obj, "mfa_export_without_day") : 0;
}
