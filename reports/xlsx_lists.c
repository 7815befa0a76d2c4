/* The sheets that are lists: every row is a control, an action, a finding, an account. */
#include "reports/xlsx.h"

static uint64_t at_least_one(uint64_t n)
{
	return n ? n : 1;
}

uint64_t xlsx_list_rows(const struct run *r)
{
	uint64_t families = 0;

	for (size_t i = 0; i < ARRAY_LEN(r->families); i++)
		families += r->families[i].count + r->families[i].control_count;
	for (size_t i = 0; i < r->table_count; i++)
		families += r->tables[i].row_count;
	return families + at_least_one(r->control_count) + at_least_one(r->action_count) +
	       at_least_one(run_object_total(r)) + at_least_one(r->privileged_count) +
	       at_least_one(r->coverage_count + r->waiver_note_count);
}

static void put_text(struct xlsx_sheet *s, const struct run_text *t)
{
	xlsx_text(s, words_of(t, s->book->lang));
}

static void put_code(struct xlsx_sheet *s, enum code_group group, struct str code)
{
	words_code(&s->book->text, group, code, s->book->lang);
	xlsx_scratch(s);
}

static void put_level(struct xlsx_sheet *s, int level)
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
	{ TEXT_control_id, 41, STYLE_TEXT, false },
	{ TEXT_control, 40, STYLE_WRAP, false },
	{ TEXT_area, 17, STYLE_WRAP, false },
	{ TEXT_status, 15, STYLE_STATUS, false },
	{ TEXT_failed_level, 9, STYLE_LEVEL, false },
	{ TEXT_levels, 10, STYLE_CENTER, false },
	{ TEXT_examined, 11, STYLE_NUMBER, false },
	{ TEXT_failed, 11, STYLE_NUMBER, false },
	{ TEXT_undecided, 11, STYLE_NUMBER, false },
	{ TEXT_waived, 10, STYLE_NUMBER, false },
	{ TEXT_remarks, 46, STYLE_WRAP, false },
	{ TEXT_why, 90, STYLE_WRAP, true },
	{ TEXT_measure, 90, STYLE_WRAP, true },
	{ TEXT_fix, 120, STYLE_WRAP, true },
	{ TEXT_parameters, 30, STYLE_WRAP, true },
	{ TEXT_references, 34, STYLE_WRAP, true },
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
	put_text(s, &c->title);
	put_code(s, CODE_AREA, c->area);
	xlsx_z(s, words_status(c->status, lang));
	put_level(s, c->failed_level);
	put_levels(s, c);
	xlsx_number(s, c->examined);
	xlsx_number(s, c->count);
	xlsx_number(s, c->unknown);
	xlsx_number(s, c->waived);
	words_remarks(&s->book->text, c, lang);
	xlsx_scratch(s);
	put_text(s, &c->why);
	put_text(s, &c->measure);
	put_text(s, &c->fix);
	words_parameters(&s->book->text, c);
	xlsx_scratch(s);
	put_references(s, c);
}

static void write_controls(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_controls, control_columns,
		ARRAY_LEN(control_columns), r->control_count);

	for (size_t i = 0; i < r->control_count && xlsx_list_row(&s); i++)
		put_control(&s, &r->controls[i]);
	xlsx_list_end(&s);
}

/* ---- Plan d'action ----------------------------------------------------------------------------
 */

static const struct xlsx_column plan_columns[] = {
	{ TEXT_rank, 6, STYLE_CENTER, false },
	{ TEXT_control_id, 41, STYLE_TEXT, false },
	{ TEXT_control, 36, STYLE_WRAP, false },
	{ TEXT_level, 8, STYLE_LEVEL, false },
	{ TEXT_objects, 9, STYLE_NUMBER, false },
	{ TEXT_fix, 70, STYLE_WRAP, false },
	{ TEXT_responsible, 20, STYLE_WRAP, false },
	{ TEXT_due, 12, STYLE_DUE, false },
	{ TEXT_state, 15, STYLE_STATE, false },
	{ TEXT_comment, 34, STYLE_WRAP, false },
};
enum { PLAN_DUE = 7, PLAN_STATE = 8 };

static void put_action(struct xlsx_sheet *s, uint64_t rank, const struct run_control *c)
{
	xlsx_number(s, rank);
	xlsx_text(s, c->id);
	put_text(s, &c->title);
	put_level(s, c->failed_level);
	xlsx_number(s, c->count);
	put_text(s, &c->fix);
	xlsx_skip(s);
	xlsx_skip(s);
	xlsx_z(s, text(TEXT_todo, s->book->lang));
	xlsx_skip(s);
}

static void add_choices(struct xlsx_sheet *s)
{
	enum lang lang = s->book->lang;
	char *states[] = { xlsx_unconst(text(TEXT_todo, lang)),
		xlsx_unconst(text(TEXT_doing, lang)), xlsx_unconst(text(TEXT_done, lang)),
		xlsx_unconst(text(TEXT_accepted, lang)), NULL };
	lxw_data_validation choice = { .validate = LXW_VALIDATION_TYPE_LIST,
		.value_list = states,
		.error_title = xlsx_unconst(text(TEXT_state, lang)),
		.error_message = xlsx_unconst(text(TEXT_state_hint, lang)) };
	lxw_data_validation date = { .validate = LXW_VALIDATION_TYPE_DATE,
		.criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
		.value_datetime = { .year = 2000, .month = 1, .day = 1 },
		.error_title = xlsx_unconst(text(TEXT_due, lang)),
		.error_message = xlsx_unconst(text(TEXT_due_hint, lang)) };

	if (s->book->failed || !s->done)
		return;
	xlsx_take(s->book, worksheet_data_validation_range(
				   s->ws, 1, PLAN_STATE, (lxw_row_t)s->done, PLAN_STATE, &choice));
	xlsx_take(s->book, worksheet_data_validation_range(
				   s->ws, 1, PLAN_DUE, (lxw_row_t)s->done, PLAN_DUE, &date));
}

static void write_plan(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_sheet_plan, plan_columns, ARRAY_LEN(plan_columns), r->action_count);

	for (size_t i = 0; i < r->action_count && xlsx_list_row(&s); i++)
		put_action(&s, i + 1, r->actions[i].control);
	add_choices(&s);
	xlsx_list_end(&s);
}

/* ---- Objets -----------------------------------------------------------------------------------
 */

static const struct xlsx_column object_columns[] = {
	{ TEXT_control_id, 41, STYLE_TEXT, false },
	{ TEXT_control, 44, STYLE_TEXT, false },
	{ TEXT_level, 8, STYLE_LEVEL, false },
	{ TEXT_status, 15, STYLE_STATUS, false },
	{ TEXT_name, 24, STYLE_TEXT, false },
	{ TEXT_kind, 13, STYLE_TEXT, false },
	{ TEXT_domain, 26, STYLE_TEXT, false },
	{ TEXT_evidence, 64, STYLE_WRAP, false },
	{ TEXT_dn, 60, STYLE_TEXT, true },
	{ TEXT_sid, 46, STYLE_TEXT, true },
	{ TEXT_guid, 38, STYLE_TEXT, true },
};

static void put_object(
	struct xlsx_sheet *s, const struct run_control *c, const struct run_object *o)
{
	xlsx_text(s, c->id);
	put_text(s, &c->title);
	put_level(s, o->level);
	xlsx_z(s, words_status(o->waived ? STATUS_WAIVED : STATUS_FAIL, s->book->lang));
	xlsx_text(s, o->name);
	put_code(s, CODE_KIND, o->kind);
	xlsx_text(s, o->domain);
	words_evidence(&s->book->text, o, s->book->lang);
	xlsx_scratch(s);
	xlsx_text(s, o->dn);
	xlsx_text(s, o->sid);
	xlsx_text(s, o->guid);
}

static void write_objects(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_objects, object_columns,
		ARRAY_LEN(object_columns), run_object_total(r));

	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *c = &r->controls[i];

		for (size_t k = 0; k < c->object_count && xlsx_list_row(&s); k++) {
			put_object(&s, c, &c->objects[k]);
			if (!b->failed && writing_step(b->writing, b->err))
				b->failed = true;
		}
	}
	xlsx_list_end(&s);
}

/* ---- Comptes à privilèges ---------------------------------------------------------------------
 */

static const struct xlsx_column privileged_columns[] = {
	{ TEXT_name, 26, STYLE_TEXT, false },
	{ TEXT_domain, 26, STYLE_TEXT, false },
	{ TEXT_kind, 13, STYLE_TEXT, false },
	{ TEXT_tier_column, 10, STYLE_CENTER, false },
	{ TEXT_enabled, 10, STYLE_CENTER, false },
	{ TEXT_membership, 46, STYLE_WRAP, false },
	{ TEXT_password_set, 14, STYLE_DATE, false },
	{ TEXT_last_logon, 13, STYLE_DATE, false },
	{ TEXT_never_expires, 11, STYLE_CENTER, false },
	{ TEXT_mfa, 11, STYLE_CENTER, false },
	{ TEXT_failed_controls, 13, STYLE_NUMBER, false },
	{ TEXT_dn, 60, STYLE_TEXT, true },
	{ TEXT_sid, 46, STYLE_TEXT, true },
};

static void put_mfa(struct xlsx_sheet *s, int mfa)
{
	xlsx_z(s, text(mfa < 0 ? TEXT_not_known : mfa ? TEXT_yes : TEXT_no, s->book->lang));
}

static void put_account(struct xlsx_sheet *s, const struct run_privileged *p)
{
	xlsx_text(s, p->name);
	xlsx_text(s, p->domain);
	put_code(s, CODE_KIND, p->kind);
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

static void write_privileged(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_privileged, privileged_columns,
		ARRAY_LEN(privileged_columns), r->privileged_count);

	for (size_t i = 0; i < r->privileged_count && xlsx_list_row(&s); i++)
		put_account(&s, &r->privileged[i]);
	xlsx_list_end(&s);
}

/* ---- Couverture -------------------------------------------------------------------------------
 */

static const struct xlsx_column coverage_columns[] = {
	{ TEXT_need, 60, STYLE_WRAP, false },
	{ TEXT_status, 16, STYLE_COVERAGE, false },
	{ TEXT_detail, 90, STYLE_WRAP, false },
};

static void write_coverage(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_coverage, coverage_columns,
		ARRAY_LEN(coverage_columns), r->coverage_count + r->waiver_note_count);

	for (size_t i = 0; i < r->coverage_count && xlsx_list_row(&s); i++) {
		put_code(&s, CODE_NEED, r->coverage[i].need);
		put_code(&s, CODE_STATE, r->coverage[i].state);
		put_code(&s, CODE_REASON, r->coverage[i].detail);
	}
	for (size_t i = 0; i < r->waiver_note_count && xlsx_list_row(&s); i++) {
		xlsx_z(&s, text(TEXT_waivers, b->lang));
		put_code(&s, CODE_STATE, STR("note"));
		put_code(&s, CODE_REASON, r->waiver_notes[i]);
	}
	xlsx_list_end(&s);
}

/* ---- Méthode ----------------------------------------------------------------------------------
 */

static const struct xlsx_column method_columns[] = {
	{ TEXT_subject, 30, STYLE_TEXT, false },
	{ TEXT_explanation, 120, STYLE_WRAP, false },
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

static void write_method(struct xlsx_book *b)
{
	static const enum text_id prose[][2] = {
		{ TEXT_method_level, TEXT_method_level_text },
		{ TEXT_method_unknown, TEXT_method_unknown_text },
		{ TEXT_method_waiver, TEXT_method_waiver_text },
		{ TEXT_method_accounts, TEXT_method_accounts_text },
		{ TEXT_method_dates, TEXT_method_dates_text },
		{ TEXT_method_plan, TEXT_method_plan_text },
		{ TEXT_method_confidential, TEXT_method_confidential_text },
	};
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_method, method_columns,
		ARRAY_LEN(method_columns), ARRAY_LEN(prose) + 3);

	words_estimate(&b->text, r, TEXT_estimate, b->lang);
	put_method(&s, TEXT_sheet_method);
	for (size_t i = 0; i < ARRAY_LEN(prose); i++) {
		words_text(&b->text, prose[i][1], b->lang);
		put_method(&s, prose[i][0]);
	}
	buf_printf(&b->text, "%.*s (SHA-256 %.*s)", STR_ARG(r->policy_name),
		STR_ARG(r->policy_sha256));
	put_method(&s, TEXT_method_policy);
	buf_printf(&b->text, "adhygiene %.*s, catalogue %.*s", STR_ARG(r->tool_version),
		STR_ARG(r->catalogue_version));
	put_method(&s, TEXT_method_tool);
	xlsx_list_end(&s);
}

void xlsx_write_lists(struct xlsx_book *b)
{
	write_controls(b);
	write_plan(b);
	xlsx_write_families(b);
	write_objects(b);
	write_privileged(b);
	write_coverage(b);
	write_method(b);
}
