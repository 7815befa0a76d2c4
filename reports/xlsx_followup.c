/* What people write in the workbook and what is known of earlier runs: the cells that show it, and
 * the hidden sheet that the next audit reads. */
#include "reports/xlsx.h"

#include "base/datetime.h"

#define MEMORY_SCHEMA "1"

const struct evolution_control *xlsx_evolution_of(const struct xlsx_book *b, size_t i)
{
	const struct run_evolution *e = b->evolution;

	if (!e || i >= e->control_count || e->controls[i].now != &b->run->controls[i])
		return NULL;
	return &e->controls[i];
}

/* The words of a state that has a code; what somebody typed stays as it is. */
static struct str state_words(struct str state, enum lang lang)
{
	static const struct {
		const char *code;
		enum text_id text;
	} rows[] = { { "todo", TEXT_todo }, { "doing", TEXT_doing }, { "done", TEXT_done },
		{ "accepted", TEXT_accepted } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_eq(state, str_of(rows[i].code)))
			return str_of(text(rows[i].text, lang));
	return state;
}

void xlsx_followup(struct xlsx_sheet *s, const struct run_followup *f)
{
	static const struct run_followup nothing = { .due = INT64_MIN };

	f = f ? f : &nothing;
	xlsx_text(s, f->responsible);
	xlsx_date(s, f->due);
	xlsx_text(s, state_words(f->state, s->book->lang));
	xlsx_text(s, f->comment);
	xlsx_text(s, f->proof);
}

/* ---- Suivi ------------------------------------------------------------------------------------
 */

static const struct xlsx_column memory_columns[] = {
	{ TEXT_key, 60, STYLE_TEXT, SCREEN },
	{ TEXT_memory_first_seen, 22, STYLE_TEXT, SCREEN },
	{ TEXT_memory_since, 22, STYLE_TEXT, SCREEN },
	{ TEXT_memory_last_seen, 22, STYLE_TEXT, SCREEN },
	{ TEXT_memory_fixed_at, 22, STYLE_TEXT, SCREEN },
	{ TEXT_memory_responsible, 20, STYLE_TEXT, SCREEN },
	{ TEXT_memory_due, 12, STYLE_TEXT, SCREEN },
	{ TEXT_memory_state, 14, STYLE_TEXT, SCREEN },
	{ TEXT_memory_comment, 40, STYLE_TEXT, SCREEN },
	{ TEXT_memory_proof, 30, STYLE_TEXT, SCREEN },
};

/* As text: a spreadsheet shows dates in its own way and forgets their seconds. */
static void put_time(struct xlsx_sheet *s, int64_t seconds)
{
	char digits[DATETIME_TEXT];

	xlsx_z(s, seconds == INT64_MIN ? "" : datetime_iso(seconds, digits));
}

static void put_memory(struct xlsx_sheet *s, const struct evolution_memory *m)
{
	static const struct run_followup nothing = { .due = INT64_MIN };
	const struct run_followup *f = m->followup ? m->followup : &nothing;
	char digits[DATETIME_TEXT];

	if (!xlsx_list_row(s))
		return;
	xlsx_text(s, m->key);
	put_time(s, m->first_seen);
	put_time(s, m->since);
	put_time(s, m->last_seen);
	put_time(s, m->fixed_at);
	xlsx_text(s, f->responsible);
	xlsx_z(s, f->due == INT64_MIN ? "" : datetime_date(f->due, digits));
	xlsx_text(s, f->state);
	xlsx_text(s, f->comment);
	xlsx_text(s, f->proof);
}

/* Rows about the workbook itself: "@…", a time, a value. */
static void put_about(struct xlsx_sheet *s, const char *key, int64_t seconds, struct str value)
{
	struct run_followup f = { .due = INT64_MIN, .comment = value };

	put_memory(s, &(struct evolution_memory){ .key = str_of(key),
			      .first_seen = INT64_MIN,
			      .since = INT64_MIN,
			      .last_seen = seconds,
			      .fixed_at = INT64_MIN,
			      .followup = &f });
}

/* "control parameters declared": what the next audit is held against, where it has but the
 * workbook.
 */
static void put_measure(struct xlsx_sheet *s, const struct run *r, const struct run_control *c)
{
	struct arena scratch = { 0 };
	struct evolution_measure m = evolution_measure(r, c, &scratch);
	struct str value = arena_printf(&scratch, "%.*s %.*s%s%.*s", STR_ARG(c->id),
		STR_ARG(m.parameters), m.declared.n ? " " : "", STR_ARG(m.declared));

	put_about(s, "@measure", INT64_MIN, value);
	arena_free(&scratch);
}

void xlsx_write_memory(struct xlsx_book *b)
{
	const struct run *r = b->run;
	size_t count = b->evolution ? b->evolution->memory_count : 0;
	struct xlsx_sheet s = xlsx_list_begin(b, TEXT_sheet_memory, memory_columns,
		ARRAY_LEN(memory_columns), count + r->domain_count + r->control_count + 2);

	xlsx_list_hide(&s);
	put_about(&s, "@schema", INT64_MIN, STR(MEMORY_SCHEMA));
	put_about(&s, "@run", r->evaluated_at, r->policy_sha256);
	for (size_t i = 0; i < r->domain_count; i++)
		put_about(&s, "@domain", INT64_MIN, r->domains[i].sid);
	for (size_t i = 0; i < r->control_count; i++)
		put_measure(&s, r, &r->controls[i]);
	for (size_t i = 0; i < count; i++)
		put_memory(&s, &b->evolution->memory[i]);
	xlsx_list_end(&s);
}
