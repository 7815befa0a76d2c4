/* The sheets of compare.xlsx that are lists. */
#include "reports/compare_xlsx.h"

/* ---- Actions communes ----------------------------------------------------------------------- */

static const struct xlsx_column plan_columns[] = {
	{ TEXT_rank, 6, STYLE_NUMBER, PRINTED },
	{ TEXT_level, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_control, 46, STYLE_WRAP, PRINTED },
	{ TEXT_control_id, 34, STYLE_TEXT, PRINTED },
	{ TEXT_cmp_failing, 15, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_comparable, 15, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_undecided, 15, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_accepting, 15, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_objects, 11, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_who, 44, STYLE_WRAP, PRINTED },
	{ TEXT_effort, 18, STYLE_WRAP, PRINTED },
	{ TEXT_change_risk, 60, STYLE_WRAP, SCREEN },
	{ TEXT_change_test, 60, STYLE_WRAP, SCREEN },
	{ TEXT_change_back, 60, STYLE_WRAP, SCREEN },
	{ TEXT_fix, 100, STYLE_WRAP, SCREEN },
};

static void put_change(struct xlsx_sheet *s, const struct run_change *change)
{
	enum lang lang = s->book->lang;

	if (!change) {
		for (int i = 0; i < 4; i++)
			xlsx_skip(s);
		return;
	}
	xlsx_z(s, words_effort(change->effort, lang));
	xlsx_text(s, words_of(&change->risk, lang));
	xlsx_text(s, words_of(&change->test, lang));
	xlsx_text(s, words_of(&change->back, lang));
}

static void write_plan(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_cmp_sheet_plan, plan_columns, ARRAY_LEN(plan_columns), c->shared_count);

	for (size_t i = 0; i < c->shared_count && xlsx_list_row(&s); i++) {
		const struct compare_control *k = c->shared[i];

		xlsx_number(&s, i + 1);
		xlsx_number(&s, (uint64_t)k->level);
		xlsx_text(&s, words_of(&k->control->title, b->lang));
		xlsx_text(&s, k->control->id);
		xlsx_number(&s, k->statuses[STATUS_FAIL]);
		xlsx_number(&s, k->comparable);
		xlsx_number(&s, compare_not_assessed(k->statuses));
		xlsx_number(&s, k->statuses[STATUS_WAIVED]);
		xlsx_number(&s, k->objects);
		compare_failing(&b->text, c, k);
		xlsx_scratch(&s);
		put_change(&s, k->control->change);
		xlsx_text(&s, words_of(&k->control->fix, b->lang));
	}
	xlsx_list_end(&s);
}

/* ---- Établissements ------------------------------------------------------------------------- */

static const struct xlsx_column member_columns[] = {
	{ TEXT_facility, 38, STYLE_WRAP, PRINTED },
	{ TEXT_finess, 13, STYLE_CENTER, PRINTED },
	{ TEXT_ght, 24, STYLE_WRAP, PRINTED },
	{ TEXT_level, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_worst, 12, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_with_waivers, 13, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_audited, 12, STYLE_DATE, PRINTED },
	{ TEXT_cmp_points, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_failed_points, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_accepted_points, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_unknown_points, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_unknown_share, 12, STYLE_DECIMAL, PRINTED },
	{ TEXT_cmp_accounts, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_catalogue, 12, STYLE_CENTER, PRINTED },
	{ TEXT_cmp_foreign_points, 14, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_remarks, 40, STYLE_WRAP, PRINTED },
};

static void put_share(struct xlsx_sheet *s, const struct compare_run *r)
{
	if (r->points)
		xlsx_put_number(
			s, s->row, s->column, (double)compare_unknown_share(r) / 10, STYLE_DECIMAL);
	else
		xlsx_put_text(
			s, s->row, s->column, str_of(text(TEXT_none, s->book->lang)), STYLE_CENTER);
	s->column++;
}

static void write_members(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_cmp_sheet_members, member_columns,
		ARRAY_LEN(member_columns), c->member_count);

	for (size_t i = 0; i < c->member_count && xlsx_list_row(&s); i++) {
		const struct compare_member *m = &c->members[i];
		const struct compare_run *r = m->last;

		xlsx_text(&s, m->label);
		xlsx_text(&s, m->finess);
		xlsx_text(&s, m->ght);
		xlsx_number(&s, (uint64_t)r->level);
		xlsx_number(&s, (uint64_t)r->level_floor);
		xlsx_number(&s, (uint64_t)r->level_with_waivers);
		xlsx_date(&s, r->evaluated_at);
		xlsx_number(&s, r->points);
		xlsx_number(&s, r->statuses[STATUS_FAIL]);
		xlsx_number(&s, r->statuses[STATUS_WAIVED]);
		xlsx_number(&s, compare_not_assessed(r->statuses));
		put_share(&s, r);
		xlsx_put_number(&s, s.row, s.column++, (double)m->users_enabled,
			m->users_unread ? STYLE_AT_LEAST : STYLE_NUMBER);
		xlsx_text(&s, r->catalogue);
		xlsx_number(&s, m->foreign);
		compare_marks(&b->text, m, b->lang);
		xlsx_scratch(&s);
	}
	xlsx_list_end(&s);
}

/* ---- Évolution ------------------------------------------------------------------------------ */

static const struct xlsx_column evolution_columns[] = {
	{ TEXT_facility, 38, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_audited, 13, STYLE_DATE, PRINTED },
	{ TEXT_level, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_worst, 14, STYLE_LEVEL, PRINTED },
	{ TEXT_cmp_failed_points, 14, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_accepted_points, 14, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_unknown_points, 14, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_unknown_share, 14, STYLE_DECIMAL, PRINTED },
	{ TEXT_cmp_catalogue, 12, STYLE_CENTER, PRINTED },
	{ TEXT_cmp_late, 36, STYLE_WRAP, PRINTED },
};

static void put_run(struct xlsx_sheet *s, const struct compare_member *m, size_t i)
{
	const struct compare_run *r = &m->runs[i];

	xlsx_text(s, m->label);
	xlsx_date(s, r->evaluated_at);
	xlsx_number(s, (uint64_t)r->level);
	xlsx_number(s, (uint64_t)r->level_floor);
	xlsx_number(s, r->statuses[STATUS_FAIL]);
	xlsx_number(s, r->statuses[STATUS_WAIVED]);
	xlsx_number(s, compare_not_assessed(r->statuses));
	put_share(s, r);
	xlsx_text(s, r->catalogue);
	xlsx_z(s, r->late ? text(TEXT_cmp_late_yes, s->book->lang) : "");
}

static void write_evolution(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_cmp_sheet_evolution, evolution_columns,
		ARRAY_LEN(evolution_columns), c->run_count);

	for (size_t i = 0; i < c->member_count; i++)
		for (size_t r = 0; r < c->members[i].run_count && xlsx_list_row(&s); r++)
			put_run(&s, &c->members[i], r);
	xlsx_list_end(&s);
}

/* ---- Écarts --------------------------------------------------------------------------------- */

static const struct xlsx_column outlier_columns[] = {
	{ TEXT_facility, 38, STYLE_WRAP, PRINTED },
	{ TEXT_family, 20, STYLE_TEXT, PRINTED },
	{ TEXT_indicator, 60, STYLE_WRAP, PRINTED },
	{ TEXT_value, 12, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_scaled, 14, STYLE_DECIMAL, PRINTED },
	{ TEXT_cmp_unit, 25, STYLE_TEXT, PRINTED },
	{ TEXT_cmp_median, 12, STYLE_DECIMAL, PRINTED },
	{ TEXT_cmp_sense, 14, STYLE_CENTER, PRINTED },
	{ TEXT_cmp_distance, 18, STYLE_DECIMAL, PRINTED },
};

static void put_decimal(struct xlsx_sheet *s, int64_t value, double by)
{
	xlsx_put_number(s, s->row, s->column, (double)value / by, STYLE_DECIMAL);
	s->column++;
}

static void put_outlier(struct xlsx_sheet *s, const struct comparison *c,
	const struct compare_indicator *k, size_t member)
{
	struct xlsx_book *b = s->book;
	const struct compare_value *v = &k->values[member];
	struct run_indicator indicator = { .name = k->name };
	struct run_family family = { .name = k->family, .indicators = &indicator, .count = 1 };

	xlsx_text(s, c->members[member].label);
	words_code(&b->text, CODE_FAMILY, k->family, b->lang);
	xlsx_scratch(s);
	words_indicator_meaning(&b->text, &family, 0, b->lang);
	xlsx_scratch(s);
	put_decimal(s, v->value, 1);
	put_decimal(s, v->scaled, 100);
	xlsx_z(s, compare_per_words(k->per, b->lang));
	put_decimal(s, k->median, 100);
	xlsx_z(s, text(v->distance > 0 ? TEXT_cmp_above : TEXT_cmp_below, b->lang));
	put_decimal(s, v->distance > 0 ? v->distance : -v->distance, 10);
}

static uint64_t count_outliers(const struct comparison *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->indicator_count; i++)
		for (size_t m = 0; m < c->member_count; m++)
			n += c->indicators[i].values[m].outlier;
	return n;
}

static void write_outliers(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_cmp_sheet_outliers, outlier_columns,
		ARRAY_LEN(outlier_columns), count_outliers(c));

	for (size_t m = 0; m < c->member_count; m++)
		for (size_t i = 0; i < c->indicator_count; i++)
			if (c->indicators[i].values[m].outlier && xlsx_list_row(&s))
				put_outlier(&s, c, &c->indicators[i], m);
	xlsx_list_end(&s);
}

void compare_xlsx_lists(struct xlsx_book *b, const struct comparison *c)
{
	write_plan(b, c);
	write_members(b, c);
	write_evolution(b, c);
	write_outliers(b, c);
}

/* ---- Approbations, Membres d'ailleurs ------------------------------------------------------- */

static const struct xlsx_column trust_columns[] = {
	{ TEXT_cmp_side_a, 32, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_domain_a, 24, STYLE_TEXT, PRINTED },
	{ TEXT_cmp_side_b, 32, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_domain_b, 24, STYLE_TEXT, PRINTED },
	{ TEXT_cmp_trust_type, 16, STYLE_CENTER, PRINTED },
	{ TEXT_cmp_direction, 16, STYLE_CENTER, PRINTED },
	{ TEXT_cmp_filter_a, 20, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_filter_b, 20, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_selective_a, 18, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_selective_b, 18, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_delegation_a, 18, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_delegation_b, 18, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_finding, 28, STYLE_WRAP, PRINTED },
};

static void put_side(struct xlsx_sheet *s, const struct compare_trust_side *side, struct str code)
{
	compare_side(&s->book->text, side, code, s->book->lang);
	xlsx_scratch(s);
}

static void put_trust(
	struct xlsx_sheet *s, const struct comparison *c, const struct compare_trust *t)
{
	const struct compare_trust_side *a = &t->side[0], *b = &t->side[1];
	struct run_table table = { .family = STR("tiering") };

	xlsx_text(s, c->members[t->member[0]].label);
	xlsx_text(s, t->name[0]);
	xlsx_text(s, compare_partner(c, t, s->book->lang));
	xlsx_text(s, t->name[1]);
	words_cell(&s->book->text, &table, t->type, s->book->lang);
	xlsx_scratch(s);
	put_side(s, a, a->direction);
	put_side(s, a, a->filtering);
	put_side(s, b, b->filtering);
	put_side(s, a, a->selective);
	put_side(s, b, b->selective);
	put_side(s, a, a->delegation);
	put_side(s, b, b->delegation);
	xlsx_z(s, compare_trust_finding(t, s->book->lang));
}

static const struct xlsx_column foreign_columns[] = {
	{ TEXT_cmp_groups_of, 38, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_come_from, 46, STYLE_WRAP, PRINTED },
	{ TEXT_cmp_foreign_members, 14, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_foreign_privileged, 16, STYLE_NUMBER, PRINTED },
	{ TEXT_cmp_foreign_names, 60, STYLE_WRAP, PRINTED },
};

static void put_foreign(
	struct xlsx_sheet *s, const struct comparison *c, const struct compare_foreign *f)
{
	xlsx_text(s, c->members[f->member].label);
	if (f->origin == SIZE_MAX)
		xlsx_z(s, text(TEXT_cmp_unknown_directory, s->book->lang));
	else
		xlsx_text(s, c->members[f->origin].label);
	xlsx_number(s, f->members);
	xlsx_number(s, f->privileged);
	for (size_t i = 0; i < f->name_count; i++)
		buf_printf(&s->book->text, "%s%.*s", i ? "\n" : "", STR_ARG(f->names[i]));
	xlsx_scratch(s);
}

void compare_xlsx_trusts(struct xlsx_book *b, const struct comparison *c)
{
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_cmp_sheet_trusts, trust_columns, ARRAY_LEN(trust_columns), c->trust_count);

	for (size_t i = 0; i < c->trust_count && xlsx_list_row(&s); i++)
		put_trust(&s, c, &c->trusts[i]);
	xlsx_list_end(&s);
	s = xlsx_list_begin(b, TEXT_cmp_sheet_foreign, foreign_columns, ARRAY_LEN(foreign_columns),
		c->foreign_count);
	for (size_t i = 0; i < c->foreign_count && xlsx_list_row(&s); i++)
		put_foreign(&s, c, &c->foreign[i]);
	xlsx_list_end(&s);
}

uint64_t compare_xlsx_rows(const struct comparison *c)
{
	/* Sheets with a column a facility have no tables: only the lists count. */
	return c->member_count + c->run_count + c->shared_count + count_outliers(c) +
	       c->trust_count + c->foreign_count;
}
