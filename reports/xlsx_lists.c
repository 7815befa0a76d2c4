/* The sheets that are lists: every row is a control, an account, an accepted risk. */
#include "reports/xlsx.h"

#include "base/datetime.h"

void xlsx_put_words(struct xlsx_sheet *s, const struct run_text *t)
{
	xlsx_text(s, words_of(t, s->book->lang));
}

void xlsx_put_code(struct xlsx_sheet *s, enum code_group group, struct str code)
{
	words_code(&s->book->text, group, code, s->book->lang);
	xlsx_scratch(s);
}

void xlsx_put_level(struct xlsx_sheet *s, int level)
{
	if (level)
		xlsx_number(s, (uint64_t)level);
	else
		xlsx_skip(s);
}

static void put_bool(struct xlsx_sheet *s, int yes)
{
	xlsx_z(s, text(yes < 0 ? TEXT_not_read : yes ? TEXT_yes : TEXT_no, s->book->lang));
}

/* ---- Points de contrôle -----------------------------------------------------------------------
 */

static const struct xlsx_column control_columns[] = {
	{ TEXT_control_id, 41, STYLE_TEXT, PRINTED },
	{ TEXT_control, 40, STYLE_WRAP, PRINTED },
	{ TEXT_area, 17, STYLE_WRAP, PRINTED },
	{ TEXT_status, 15, STYLE_STATUS, PRINTED },
	{ TEXT_failed_level, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_levels, 10, STYLE_CENTER, PRINTED },
	{ TEXT_examined, 11, STYLE_NUMBER, PRINTED },
	{ TEXT_failed, 11, STYLE_NUMBER, PRINTED },
	{ TEXT_undecided, 11, STYLE_NUMBER, PRINTED },
	{ TEXT_waived, 10, STYLE_NUMBER, PRINTED },
	{ TEXT_remarks, 46, STYLE_WRAP, PRINTED },
	{ TEXT_why, 90, STYLE_WRAP, SCREEN },
	{ TEXT_measure, 90, STYLE_WRAP, SCREEN },
	{ TEXT_fix, 120, STYLE_WRAP, SCREEN },
	{ TEXT_parameters, 30, STYLE_WRAP, SCREEN },
	{ TEXT_references, 34, STYLE_WRAP, SCREEN },
};

static void put_levels(struct xlsx_sheet *s, const struct run_control *c)
{
	for (size_t i = 0; i < c->level_count; i++)
		buf_printf(&s->book->text, "%s%d", i ? ", " : "", c->levels[i]);
	xlsx_scratch(s);
}

static void put_references(struct xlsx_sheet *s, const struct run_control *c)
{
	for (size_t i = 0; i < c->reference_count; i++) {
		if (i)
			buf_putc(&s->book->text, '\n');
		buf_put_str(&s->book->text, c->references[i]);
	}
	xlsx_scratch(s);
}

static void put_control(struct xlsx_sheet *s, const struct run_control *c)
{
	enum lang lang = s->book->lang;

	xlsx_text(s, c->id);
	xlsx_put_words(s, &c->title);
	xlsx_put_code(s, CODE_AREA, c->area);
	xlsx_z(s, words_status(c->status, lang));
	xlsx_put_level(s, c->failed_level);
	put_levels(s, c);
	xlsx_number(s, c->examined);
	xlsx_number(s, c->count);
	xlsx_number(s, c->unknown);
	xlsx_number(s, c->waived);
	words_remarks(&s->book->text, c, lang);
	xlsx_scratch(s);
	xlsx_put_words(s, &c->why);
	xlsx_put_words(s, &c->measure);
	xlsx_put_words(s, &c->fix);
	words_parameters(&s->book->text, c);
	xlsx_scratch(s);
	put_references(s, c);
}

void xlsx_write_controls(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_controls, control_columns,
		ARRAY_LEN(control_columns), r->control_count);

	for (size_t i = 0; i < r->control_count && xlsx_list_row(&s); i++)
		put_control(&s, &r->controls[i]);
	xlsx_list_end(&s);
}

/* ---- Comptes à privilèges ---------------------------------------------------------------------
 */

static const struct xlsx_column privileged_columns[] = {
	{ TEXT_name, 26, STYLE_TEXT, PRINTED },
	{ TEXT_domain, 26, STYLE_TEXT, PRINTED },
	{ TEXT_kind, 13, STYLE_TEXT, PRINTED },
	{ TEXT_tier_column, 10, STYLE_CENTER, PRINTED },
	{ TEXT_enabled, 10, STYLE_CENTER, PRINTED },
	{ TEXT_membership, 46, STYLE_WRAP, PRINTED },
	{ TEXT_password_set, 14, STYLE_DATE, PRINTED },
	{ TEXT_last_logon, 13, STYLE_DATE, PRINTED },
	{ TEXT_never_expires, 11, STYLE_CENTER, PRINTED },
	{ TEXT_mfa, 11, STYLE_CENTER, PRINTED },
	{ TEXT_failed_controls, 13, STYLE_NUMBER, PRINTED },
	{ TEXT_dn, 60, STYLE_TEXT, SCREEN },
	{ TEXT_sid, 46, STYLE_TEXT, SCREEN },
};

static void put_mfa(struct xlsx_sheet *s, int mfa)
{
	xlsx_z(s, text(mfa < 0 ? TEXT_not_known : mfa ? TEXT_yes : TEXT_no, s->book->lang));
}

static void put_account(struct xlsx_sheet *s, const struct run_privileged *p)
{
	xlsx_text(s, p->name);
	xlsx_text(s, p->domain);
	xlsx_put_code(s, CODE_KIND, p->kind);
	if (p->tier < 0)
		xlsx_z(s, text(TEXT_none, s->book->lang));
	else {
		words_number(&s->book->text, TEXT_tier, s->book->lang, (uint64_t)p->tier);
		xlsx_scratch(s);
	}
	put_bool(s, p->enabled);
	xlsx_text(s, p->path);
	xlsx_date(s, p->password_set);
	xlsx_date(s, p->last_logon);
	put_bool(s, p->never_expires);
	put_mfa(s, p->mfa);
	xlsx_number(s, p->failed_controls);
	xlsx_text(s, p->dn);
	xlsx_text(s, p->sid);
}

void xlsx_write_privileged(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_privileged, privileged_columns,
		ARRAY_LEN(privileged_columns), r->privileged_count);

	for (size_t i = 0; i < r->privileged_count && xlsx_list_row(&s); i++)
		put_account(&s, &r->privileged[i]);
	xlsx_list_end(&s);
}

/* ---- Dérogations ------------------------------------------------------------------------------
 */

/* The next audit: what ends before it is said now. */
#define SOON (60 * SECONDS_PER_DAY)

static const struct xlsx_column waiver_columns[] = {
	{ TEXT_waiver_state, 17, STYLE_WAIVER, PRINTED },
	{ TEXT_control_id, 34, STYLE_WRAP, PRINTED },
	{ TEXT_control, 36, STYLE_WRAP, PRINTED },
	{ TEXT_waiver_reach, 20, STYLE_WRAP, PRINTED },
	{ TEXT_waiver_target, 30, STYLE_WRAP, PRINTED },
	{ TEXT_waiver_reason, 40, STYLE_WRAP, PRINTED },
	{ TEXT_approved_by, 20, STYLE_WRAP, PRINTED },
	{ TEXT_until, 12, STYLE_DATE, PRINTED },
	{ TEXT_days_left, 10, STYLE_NUMBER, PRINTED },
	{ TEXT_waiver_findings, 11, STYLE_NUMBER, PRINTED },
	{ TEXT_remark, 40, STYLE_WRAP, PRINTED },
};

enum waiver_state { WAIVER_EXPIRED, WAIVER_ENDING, WAIVER_ACTIVE, WAIVER_STATES };

static enum waiver_state waiver_state(const struct run *r, const struct run_waiver *w)
{
	if (w->expired)
		return WAIVER_EXPIRED;
	return w->until - r->evaluated_at < SOON ? WAIVER_ENDING : WAIVER_ACTIVE;
}

static const struct run_control *find_control(const struct run *r, struct str id)
{
	for (size_t i = 0; i < r->control_count; i++)
		if (str_eq(r->controls[i].id, id))
			return &r->controls[i];
	return NULL;
}

static enum text_id waiver_reach(const struct run_waiver *w)
{
	static const struct {
		const char *reach;
		enum text_id text;
	} rows[] = { { "object", TEXT_reach_object }, { "group", TEXT_reach_group },
		{ "unit", TEXT_reach_unit } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_eq(str_of(w->reach), str_of(rows[i].reach)))
			return rows[i].text;
	return TEXT_reach_all;
}

static void put_waiver(struct xlsx_sheet *s, const struct run_waiver *w, enum waiver_state state)
{
	static const enum text_id states[] = { TEXT_waiver_expired, TEXT_waiver_ending,
		TEXT_waiver_active };
	const struct run *r = s->book->run;
	const struct run_control *c = find_control(r, w->control);
	enum lang lang = s->book->lang;

	xlsx_z(s, text(states[state], lang));
	xlsx_text(s, w->control);
	xlsx_text(s, c ? words_of(&c->title, lang) : (struct str){ 0 });
	xlsx_z(s, text(waiver_reach(w), lang));
	xlsx_text(s, str_eq(str_of(w->reach), STR("all")) ? (struct str){ 0 } : w->target);
	xlsx_text(s, w->reason);
	xlsx_text(s, w->approved_by);
	xlsx_date(s, w->until);
	if (state == WAIVER_EXPIRED)
		xlsx_skip(s);
	else
		xlsx_number(s, (uint64_t)((w->until - r->evaluated_at) / SECONDS_PER_DAY));
	xlsx_number(s, w->findings);
	if (state == WAIVER_EXPIRED)
		xlsx_z(s, text(TEXT_waiver_over, lang));
	else if (!w->findings)
		xlsx_z(s, text(TEXT_waiver_idle, lang));
	else
		xlsx_skip(s);
}

/* What asks for a decision comes first; then the order of the policy. */
void xlsx_write_waivers(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_sheet_waivers, waiver_columns, ARRAY_LEN(waiver_columns), r->waiver_count);

	for (enum waiver_state state = WAIVER_EXPIRED; state < WAIVER_STATES; state++)
		for (size_t i = 0; i < r->waiver_count; i++)
			if (waiver_state(r, &r->waivers[i]) == state && xlsx_list_row(&s))
				put_waiver(&s, &r->waivers[i], state);
	xlsx_list_end(&s);
}

/* ---- Méthode ----------------------------------------------------------------------------------
 */

static const struct xlsx_column method_columns[] = {
	{ TEXT_subject, 30, STYLE_TEXT, PRINTED },
	{ TEXT_explanation, 120, STYLE_WRAP, PRINTED },
};

static void put_method(struct xlsx_sheet *s, enum text_id subject)
{
	if (!xlsx_list_row(s)) {
		buf_clear(&s->book->text);
		return;
	}
	xlsx_z(s, text(subject, s->book->lang));
	xlsx_scratch(s);
}

static void put_fact(struct buf *out, enum text_id label, struct str value, enum lang lang)
{
	buf_putz(out, out->n ? "\n" : "");
	words_text(out, label, lang);
	words_text(out, TEXT_colon, lang);
	if (value.n)
		buf_put_str(out, value);
	else
		words_text(out, TEXT_not_known, lang);
}

static void put_day(struct buf *out, enum text_id label, int64_t seconds, enum lang lang)
{
	char digits[DATETIME_TEXT];

	put_fact(out, label,
		seconds == INT64_MIN ? (struct str){ 0 } : str_of(datetime_iso(seconds, digits)),
		lang);
}

static void describe_source(struct buf *out, const struct run *r, enum lang lang)
{
	struct buf source = { 0 };

	words_code(&source, CODE_SOURCE, r->source, lang);
	put_fact(out, TEXT_source, buf_str(&source), lang);
	put_fact(out, TEXT_reader, r->reader, lang);
	put_day(out, TEXT_collected_at, r->collected_at, lang);
	put_day(out, TEXT_evaluated_at, r->evaluated_at, lang);
	buf_free(&source);
}

void xlsx_write_method(struct xlsx_book *b)
{
	static const enum text_id prose[][2] = {
		{ TEXT_method_level, TEXT_method_level_text },
		{ TEXT_method_unknown, TEXT_method_unknown_text },
		{ TEXT_method_waiver, TEXT_method_waiver_text },
		{ TEXT_method_accounts, TEXT_method_accounts_text },
		{ TEXT_method_dates, TEXT_method_dates_text },
		{ TEXT_method_shares, TEXT_method_shares_text },
		{ TEXT_method_plan, TEXT_method_plan_text },
		{ TEXT_method_evolution, TEXT_method_evolution_text },
		{ TEXT_method_deadlines, TEXT_method_deadlines_text },
		{ TEXT_method_confidential, TEXT_method_confidential_text },
	};
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_method, method_columns,
		ARRAY_LEN(method_columns), ARRAY_LEN(prose) + 4);

	words_estimate(&b->text, r, TEXT_estimate, b->lang);
	put_method(&s, TEXT_sheet_method);
	for (size_t i = 0; i < ARRAY_LEN(prose); i++) {
		words_text(&b->text, prose[i][1], b->lang);
		put_method(&s, prose[i][0]);
	}
	describe_source(&b->text, r, b->lang);
	put_method(&s, TEXT_method_source);
	buf_printf(&b->text, "%.*s (SHA-256 %.*s)", STR_ARG(r->policy_name),
		STR_ARG(r->policy_sha256));
	put_method(&s, TEXT_method_policy);
	buf_printf(&b->text, "adhygiene %.*s, catalogue %.*s", STR_ARG(r->tool_version),
		STR_ARG(r->catalogue_version));
	put_method(&s, TEXT_method_tool);
	xlsx_list_end(&s);
}
