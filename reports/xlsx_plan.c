/* What is to be done: the plan, a row a failed control; its findings, a row each; and what will
 * turn by itself before the next audit. */
#include "reports/xlsx.h"

#include <stdlib.h>

/* ---- Plan d'action ----------------------------------------------------------------------------
 */

static const struct xlsx_column plan_columns[] = {
	{ TEXT_rank, 5, STYLE_CENTER, PRINTED },
	{ TEXT_control, 30, STYLE_WRAP, PRINTED },
	{ TEXT_level, 8, STYLE_LEVEL, PRINTED },
	{ TEXT_objects, 9, STYLE_NUMBER, PRINTED },
	{ TEXT_effort, 11, STYLE_WORDS, PRINTED },
	{ TEXT_fix, 50, STYLE_WRAP, PRINTED },
	{ TEXT_change_risk, 36, STYLE_WRAP, PRINTED },
	{ TEXT_change_test, 30, STYLE_WRAP, PRINTED },
	{ TEXT_change_back, 30, STYLE_WRAP, PRINTED },
	{ TEXT_responsible, 16, STYLE_WRAP, PRINTED },
	{ TEXT_due, 12, STYLE_DUE, PRINTED },
	{ TEXT_state, 14, STYLE_STATE, PRINTED },
	{ TEXT_comment, 22, STYLE_WRAP, PRINTED },
	{ TEXT_proof, 16, STYLE_WRAP, PRINTED },
	{ TEXT_powershell, 41, STYLE_TEXT, SCREEN },
	{ TEXT_control_id, 41, STYLE_TEXT, SCREEN },
	{ TEXT_key, 41, STYLE_TEXT, HIDDEN },
};

/* Under the action: which GPO sets what is to be changed. */
static void put_change(struct xlsx_sheet *s, const struct run_control *c)
{
	static const struct run_text none = { 0 };
	const struct run_change *change = c->change;
	struct buf *fix = &s->book->text;

	xlsx_z(s, change ? words_effort(change->effort, s->book->lang) : "");
	buf_put_str(fix, words_of(&c->fix, s->book->lang));
	if (c->setter_count) {
		buf_putc(fix, '\n');
		words_setters(fix, c, s->book->lang);
	}
	xlsx_scratch(s);
	xlsx_put_words(s, change ? &change->risk : &none);
	xlsx_put_words(s, change ? &change->test : &none);
	xlsx_put_words(s, change ? &change->back : &none);
}

/* Nothing was written yet: it is to be done. */
static struct run_followup begun(const struct run_followup *f)
{
	struct run_followup out = { .due = INT64_MIN };

	if (f)
		out = *f;
	if (!out.state.n)
		out.state = STR("todo");
	return out;
}

static void put_action(struct xlsx_sheet *s, uint64_t rank, const struct run_control *c)
{
	const struct xlsx_book *b = s->book;
	const struct evolution_control *e = xlsx_evolution_of(b, (size_t)(c - b->run->controls));
	struct run_followup followup = begun(e ? e->followup : NULL);

	xlsx_number(s, rank);
	xlsx_put_words(s, &c->title);
	xlsx_put_level(s, c->failed_level);
	xlsx_number(s, c->count);
	put_change(s, c);
	xlsx_followup(s, &followup);
	xlsx_text(s, powershell_mends(c) ? c->id : (struct str){ 0 });
	xlsx_text(s, c->id);
	xlsx_text(s, c->id);
}

struct step {
	const struct run_control *control;
	size_t place; /* among the actions of the run */
};

/* A site's own control does not say. */
static int effort_of(const struct run_control *c)
{
	return (int)(c->change ? c->change->effort : EFFORT_MEDIUM);
}

/* What brings the level up soonest: worst level first; at one level ANSSI's points, which hold it,
 * before the others, then the least effort, then the order of the run's actions. */
static int by_gain(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	int order = x->control->level_with_waivers - y->control->level_with_waivers;

	if (!order)
		order = control_sets_level(y->control) - control_sets_level(x->control);
	if (!order)
		order = effort_of(x->control) - effort_of(y->control);
	return order ? order : x->place < y->place ? -1 : 1;
}

static struct step *sort_steps(const struct run *r)
{
	struct step *steps = xcalloc(r->action_count + 1, sizeof(*steps));

	for (size_t i = 0; i < r->action_count; i++)
		steps[i] = (struct step){ r->actions[i].control, i };
	if (r->action_count)
		qsort(steps, r->action_count, sizeof(*steps), by_gain);
	return steps;
}

void xlsx_write_plan(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct step *steps = sort_steps(r);
	struct xlsx_sheet s = xlsx_list_begin(
		b, TEXT_sheet_plan, plan_columns, ARRAY_LEN(plan_columns), r->action_count);

	for (size_t i = 0; i < r->action_count && xlsx_list_row(&s); i++)
		put_action(&s, i + 1, steps[i].control);
	xlsx_list_end(&s);
	free(steps);
}

/* ---- Objets -----------------------------------------------------------------------------------
 */

static const struct xlsx_column object_columns[] = {
	{ TEXT_control, 34, STYLE_WRAP, PRINTED },
	{ TEXT_level, 8, STYLE_LEVEL, PRINTED },
	{ TEXT_status, 14, STYLE_STATUS, PRINTED },
	{ TEXT_name, 24, STYLE_TEXT, PRINTED },
	{ TEXT_kind, 15, STYLE_WRAP, PRINTED },
	{ TEXT_evidence, 60, STYLE_WRAP, PRINTED },
	{ TEXT_last_use, 12, STYLE_DATE, PRINTED },
	{ TEXT_age, 11, STYLE_AGE, PRINTED },
	{ TEXT_since, 12, STYLE_DATE, PRINTED },
	{ TEXT_responsible, 16, STYLE_WRAP, PRINTED },
	{ TEXT_due, 12, STYLE_DUE, PRINTED },
	{ TEXT_state, 14, STYLE_STATE, PRINTED },
	{ TEXT_comment, 22, STYLE_WRAP, PRINTED },
	{ TEXT_proof, 16, STYLE_WRAP, PRINTED },
	{ TEXT_control_id, 41, STYLE_TEXT, SCREEN },
	{ TEXT_domain, 26, STYLE_TEXT, SCREEN },
	{ TEXT_dn, 60, STYLE_TEXT, SCREEN },
	{ TEXT_sid, 46, STYLE_TEXT, SCREEN },
	{ TEXT_guid, 38, STYLE_TEXT, SCREEN },
	{ TEXT_key, 60, STYLE_TEXT, HIDDEN },
};

static void put_age(struct xlsx_sheet *s, const struct evolution_finding *f)
{
	static const enum text_id ages[] = { [FINDING_NEW] = TEXT_age_new,
		[FINDING_REMAINING] = TEXT_age_remaining,
		[FINDING_BACK] = TEXT_age_back };

	/* A first audit knows no age. */
	xlsx_z(s, f ? text(ages[f->age], s->book->lang) : "");
	xlsx_date(s, f ? f->since : INT64_MIN);
}

static void put_object(struct xlsx_sheet *s, const struct run_control *c,
	const struct run_object *o, const struct evolution_finding *f)
{
	xlsx_put_words(s, &c->title);
	xlsx_put_level(s, o->level);
	xlsx_z(s, words_status(o->waived ? STATUS_WAIVED : STATUS_FAIL, s->book->lang));
	xlsx_text(s, o->name);
	xlsx_put_code(s, CODE_KIND, o->kind);
	words_evidence_memo(&s->book->text, o, s->book->lang, &s->book->memo);
	xlsx_scratch(s);
	xlsx_date(s, o->last_use);
	put_age(s, f);
	xlsx_followup(s, f ? f->followup : NULL);
	xlsx_text(s, c->id);
	xlsx_text(s, o->domain);
	xlsx_text(s, o->dn);
	xlsx_text(s, o->sid);
	xlsx_text(s, o->guid);
	evolution_key(&s->book->text, c->id, o);
	xlsx_scratch(s);
}

void xlsx_write_objects(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_objects, object_columns,
		ARRAY_LEN(object_columns), run_object_total(r));

	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *c = &r->controls[i];
		const struct evolution_control *e = xlsx_evolution_of(b, i);

		for (size_t k = 0; k < c->object_count && xlsx_list_row(&s); k++) {
			put_object(
				&s, c, &c->objects[k], e && e->findings ? &e->findings[k] : NULL);
			if (!b->failed && writing_step(b->writing, b->err))
				b->failed = true;
		}
	}
	xlsx_list_end(&s);
}

/* ---- Échéances --------------------------------------------------------------------------------
 */

static const struct xlsx_column deadline_columns[] = {
	{ TEXT_control, 40, STYLE_WRAP, PRINTED },
	{ TEXT_deadline_what, 30, STYLE_WRAP, PRINTED },
	{ TEXT_level_then, 9, STYLE_LEVEL, PRINTED },
	{ TEXT_deadline_at, 12, STYLE_DATE, PRINTED },
	{ TEXT_name, 26, STYLE_TEXT, PRINTED },
	{ TEXT_kind, 13, STYLE_TEXT, PRINTED },
	{ TEXT_evidence_then, 64, STYLE_WRAP, PRINTED },
	{ TEXT_last_use, 13, STYLE_DATE, PRINTED },
	{ TEXT_control_id, 41, STYLE_TEXT, SCREEN },
	{ TEXT_domain, 26, STYLE_TEXT, SCREEN },
	{ TEXT_dn, 60, STYLE_TEXT, SCREEN },
	{ TEXT_sid, 46, STYLE_TEXT, SCREEN },
};

static enum text_id what_changes(const struct run_deadline *d)
{
	if (!d->object)
		return d->then == STATUS_UNKNOWN ? TEXT_deadline_control_unknown
						 : TEXT_deadline_control_fail;
	switch (d->today) {
	case DEADLINE_ACCEPTED:
		return TEXT_deadline_waiver;
	case DEADLINE_BETTER_LEVEL:
		return TEXT_deadline_worse;
	case DEADLINE_NO_FINDING:
		break;
	}
	return TEXT_deadline_finding;
}

static void put_deadline(struct xlsx_sheet *s, const struct run_deadline *d)
{
	static const struct run_object none = { .last_use = INT64_MIN };
	const struct run_object *o = d->object ? d->object : &none;

	xlsx_put_words(s, &d->control->title);
	xlsx_z(s, text(what_changes(d), s->book->lang));
	xlsx_put_level(s, o->level);
	xlsx_date(s, s->book->run->deadlines_at);
	xlsx_text(s, o->name);
	xlsx_put_code(s, CODE_KIND, o->kind);
	words_evidence_memo(&s->book->text, o, s->book->lang, &s->book->memo);
	xlsx_scratch(s);
	xlsx_date(s, o->last_use);
	xlsx_text(s, d->control->id);
	xlsx_text(s, o->domain);
	xlsx_text(s, o->dn);
	xlsx_text(s, o->sid);
}

void xlsx_write_deadlines(struct xlsx_book *b)
{
	const struct run *r = b->run;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_deadlines, deadline_columns,
		ARRAY_LEN(deadline_columns), r->deadline_count);

	for (size_t i = 0; i < r->deadline_count && xlsx_list_row(&s); i++)
		put_deadline(&s, &r->deadlines[i]);
	xlsx_list_end(&s);
}
