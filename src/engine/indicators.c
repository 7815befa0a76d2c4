/* The numbers of the five families: from controls where one counts them, else from the model. */
#include "engine/family.h"

#include <stdlib.h>

static const struct family *const families[] = { &family_password_policy, &family_privileged,
	&family_tiering, &family_stale, &family_mfa };

const struct outcome *evaluation_find(const struct evaluation *e, const char *id)
{
	for (size_t i = 0; i < e->control_count; i++)
		if (str_eq(e->outcomes[i].shown.id, str_of(id)))
			return &e->outcomes[i];
	return NULL;
}

static int64_t field_of(const struct outcome *o, enum indicator_field field)
{
	uint64_t found, undecided, examined;

	if (!o || o->shown.status == STATUS_DISABLED || o->shown.status == STATUS_NOT_APPLICABLE ||
		(o->shown.status == STATUS_UNKNOWN && o->shown.examined == 0))
		return INDICATOR_NONE;
	found = o->shown.object_count;
	undecided = o->shown.unknown;
	/* Privileged members that were not read are unknown, and belong to the whole. */
	examined = o->shown.examined + (undecided - o->undecided);
	switch (field) {
	case INDICATOR_FACT:
		break;
	case INDICATOR_EXAMINED:
		return (int64_t)examined;
	case INDICATOR_FOUND:
		return o->shown.status == STATUS_UNKNOWN ? INDICATOR_NONE : (int64_t)found;
	case INDICATOR_NOT_COMPLIANT:
		return (int64_t)found;
	case INDICATOR_COMPLIANT:
		return examined > found + undecided ? (int64_t)(examined - found - undecided) : 0;
	case INDICATOR_UNKNOWN:
		return (int64_t)undecided;
	}
	return INDICATOR_NONE;
}

static size_t controls_of(const struct indicator_row *row)
{
	size_t n = 0;

	while (n < INDICATOR_CONTROLS && row->controls[n])
		n++;
	return n;
}

static void fill_indicator(const struct evaluation *e, const struct indicator_row *row,
	const int64_t *facts, struct run_indicator *out)
{
	size_t count = controls_of(row);
	struct str *ids = ARENA_ARRAY(&e->run->arena, struct str, count);

	for (size_t i = 0; i < count; i++)
		ids[i] = str_of(row->controls[i]);
	out->name = str_of(row->name);
	out->controls = ids;
	out->control_count = count;
	if (row->field == INDICATOR_FACT)
		out->value = facts[row->fact];
	else
		out->value = field_of(evaluation_find(e, row->controls[0]), row->field);
}

static bool listed(const char *const *list, struct str word)
{
	for (; list && *list; list++)
		if (str_eq(word, str_of(*list)))
			return true;
	return false;
}

static bool belongs(const struct family *f, const struct run_control *c)
{
	if (listed(f->areas, c->area) || listed(f->controls, c->id))
		return true;
	for (size_t i = 0; i < f->row_count; i++)
		for (size_t k = 0; k < controls_of(&f->rows[i]); k++)
			if (str_eq(c->id, str_of(f->rows[i].controls[k])))
				return true;
	return false;
}

static void list_controls(struct run *r, const struct family *f, struct run_family *out)
{
	const struct run_control **list =
		ARENA_ARRAY(&r->arena, const struct run_control *, r->control_count);

	out->control_count = 0;
	for (size_t i = 0; i < r->control_count; i++)
		if (belongs(f, &r->controls[i]))
			list[out->control_count++] = &r->controls[i];
	out->controls = list;
}

void families_list_controls(struct run *r)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		list_controls(r, families[i], &r->families[i]);
}

static void add_note(struct str *notes, size_t *count, const char *reason)
{
	struct str code = str_of(reason ? reason : "not_read_whole");

	for (size_t i = 0; i < *count; i++)
		if (str_eq(notes[i], code))
			return;
	if (*count < FAMILY_NOTES)
		notes[(*count)++] = code;
}

static void list_notes(const struct evaluation *e, const struct family *f, struct run_family *out)
{
	struct str *notes = ARENA_ARRAY(&e->run->arena, struct str, FAMILY_NOTES);
	const char *reason = NULL;

	for (unsigned k = 0; k < AD_KIND_COUNT; k++)
		if ((f->kinds & 1u << k) &&
			model_complete(e->model, (enum ad_kind)k, &reason) != YES)
			add_note(notes, &out->note_count, reason);
	if (f->of_privileged && model_privileged_complete(e->model, &reason) != YES)
		add_note(notes, &out->note_count, reason);
	out->notes = notes;
}

static void compute_family(
	const struct evaluation *e, const struct family *f, struct run_family *out)
{
	struct run_indicator *list =
		ARENA_ARRAY(&e->run->arena, struct run_indicator, f->row_count);
	int64_t *facts = xcalloc(f->fact_count + 1, sizeof(*facts));

	for (size_t i = 0; i < f->fact_count; i++)
		facts[i] = INDICATOR_NONE;
	if (f->facts)
		f->facts(e, facts);
	for (size_t i = 0; i < f->row_count; i++)
		fill_indicator(e, &f->rows[i], facts, &list[i]);
	free(facts);
	*out = (struct run_family){
		.name = str_of(f->name), .indicators = list, .count = f->row_count
	};
	list_notes(e, f, out);
}

void families_compute(struct evaluation *e)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		compute_family(e, families[i], &e->run->families[i]);
	families_list_controls(e->run);
	tables_compute(e, families, ARRAY_LEN(families));
}
