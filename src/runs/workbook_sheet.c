#include "runs/workbook_sheet.h"

#include "base/datetime.h"
#include "base/utf8.h"

/* The words of the reports, in both languages: the sheets are read by what was written. */
enum word {
#define TEXT(id, fr_one, fr_many, en_one, en_many) WORD_##id,
#include "reports/texts.def"
#undef TEXT
	WORD_COUNT
};

static const char *const words[WORD_COUNT][2] = {
#define TEXT(id, fr_one, fr_many, en_one, en_many) { fr_one, en_one },
#include "reports/texts.def"
#undef TEXT
};

/* "sheet_…" */
static const char *const word_ids[WORD_COUNT] = {
#define TEXT(id, fr_one, fr_many, en_one, en_many) #id,
#include "reports/texts.def"
#undef TEXT
};

static bool is_word(struct str s, enum word w)
{
	return utf8_ieq(s, str_of(words[w][0])) || utf8_ieq(s, str_of(words[w][1]));
}

/* "Objets (2)": the sheet goes on. */
static struct str without_number(struct str s)
{
	size_t n = s.n;

	if (!n || s.p[n - 1] != ')')
		return s;
	n--;
	while (n && s.p[n - 1] >= '0' && s.p[n - 1] <= '9')
		n--;
	return n >= 2 && s.p[n - 1] == '(' && n < s.n - 1 ? str_trim((struct str){ s.p, n - 1 })
							  : s;
}

enum workbook_sheet workbook_sheet_kind(struct str name, bool *english)
{
	static const struct {
		enum word word;
		enum workbook_sheet kind;
	} ours[] = { { WORD_sheet_plan, SHEET_PLAN }, { WORD_sheet_objects, SHEET_OBJECTS } };

	name = without_number(str_trim(name));
	if (utf8_ieq(name, STR("Suivi")))
		return SHEET_MEMORY;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (is_word(name, ours[i].word)) {
			*english = utf8_ieq(name, str_of(words[ours[i].word][1]));
			return ours[i].kind;
		}
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (str_starts(str_of(word_ids[i]), STR("sheet_")) && is_word(name, (enum word)i))
			return SHEET_OTHER;
	return SHEET_UNKNOWN;
}

/* ---- the header ----------------------------------------------------------------------------- */

static const enum word headers[COLUMN_KEY] = {
	[COLUMN_RESPONSIBLE] = WORD_responsible,
	[COLUMN_DUE] = WORD_due,
	[COLUMN_STATE] = WORD_state,
	[COLUMN_COMMENT] = WORD_comment,
	[COLUMN_PROOF] = WORD_proof,
};

/* In Suivi, and the hidden one of the others. */
static const char *const fixed_headers[COLUMN_COUNT] = {
	[COLUMN_RESPONSIBLE] = "responsible",
	[COLUMN_DUE] = "due",
	[COLUMN_STATE] = "state",
	[COLUMN_COMMENT] = "comment",
	[COLUMN_PROOF] = "proof",
	[COLUMN_KEY] = "key",
	[COLUMN_FIRST_SEEN] = "first_seen",
	[COLUMN_SINCE] = "since",
	[COLUMN_LAST_SEEN] = "last_seen",
	[COLUMN_FIXED_AT] = "fixed_at",
};

const char *workbook_column_name(enum workbook_column column, bool english)
{
	return words[headers[column]][english];
}

static enum workbook_column column_of_header(struct str s, bool memory)
{
	static const struct {
		enum workbook_column column;
		enum word word;
	} others[] = { { COLUMN_CONTROL, WORD_control_id }, { COLUMN_DN, WORD_dn },
		{ COLUMN_SID, WORD_sid }, { COLUMN_GUID, WORD_guid } };

	if (memory || str_eq(s, STR("key"))) {
		for (size_t i = 0; i < COLUMN_COUNT; i++)
			if (fixed_headers[i] && str_eq(s, str_of(fixed_headers[i])))
				return (enum workbook_column)i;
		return COLUMN_COUNT;
	}
	for (size_t i = 0; i < COLUMN_TYPED_COUNT; i++)
		if (is_word(s, headers[i]))
			return (enum workbook_column)i;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (is_word(s, others[i].word))
			return others[i].column;
	return COLUMN_COUNT;
}

static bool is_any_word(struct str s)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (is_word(s, (enum word)i))
			return true;
	return str_eq(s, STR("key"));
}

static bool has_any(const struct sheet_cell *cells, size_t count, const enum word *list, size_t n)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < n && cells[i].kind == CELL_TEXT; k++)
			if (is_word(str_trim(cells[i].text), list[k]))
				return true;
	return false;
}

/* Rows of a sheet that somebody made may be of objects though it shows no DN: a control alone does
 * not say whom they are about. */
static bool is_of_plan(const struct sheet_cell *cells, size_t count)
{
	static const enum word plan[] = { WORD_fix, WORD_change_risk, WORD_change_test,
		WORD_change_back, WORD_powershell },
			       object[] = { WORD_name, WORD_evidence, WORD_last_use, WORD_dn,
				       WORD_sid, WORD_guid };

	return has_any(cells, count, plan, ARRAY_LEN(plan)) &&
	       !has_any(cells, count, object, ARRAY_LEN(object));
}

static const struct sheet_cell *cell_at(
	const struct sheet_cell *cells, size_t count, uint32_t column)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].column == column)
			return &cells[i];
	return NULL;
}

/* Somebody gave a column another name: it stands between its neighbours, and its name is none of
 * ours. */
static void guess_column(const struct sheet_cell *cells, size_t count, enum workbook_column c,
	struct workbook_columns *out)
{
	uint32_t left = c ? out->at[c - 1] : NO_COLUMN,
		 right = c + 1 < COLUMN_TYPED_COUNT ? out->at[c + 1] : NO_COLUMN, at;

	if (left != NO_COLUMN)
		at = left + 1;
	else if (right != NO_COLUMN && right)
		at = right - 1;
	else
		return;
	const struct sheet_cell *cell = cell_at(cells, count, at);
	bool between = right == NO_COLUMN || right == at + 1;
	if (cell && between && cell->kind == CELL_TEXT && !is_any_word(str_trim(cell->text)))
		out->at[c] = at;
}

bool workbook_header(
	const struct sheet_cell *cells, size_t count, bool memory, struct workbook_columns *out)
{
	size_t typed = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		out->at[i] = NO_COLUMN;
	for (size_t i = 0; i < count; i++) {
		if (cells[i].kind != CELL_TEXT)
			continue;
		enum workbook_column c = column_of_header(str_trim(cells[i].text), memory);
		if (c == COLUMN_COUNT || out->at[c] != NO_COLUMN)
			continue; /* the first of two */
		out->at[c] = cells[i].column;
		typed += c < COLUMN_TYPED_COUNT;
	}
	if (!typed || (out->at[COLUMN_KEY] == NO_COLUMN &&
			      (memory || out->at[COLUMN_CONTROL] == NO_COLUMN)))
		return false;
	out->of_plan = !memory && is_of_plan(cells, count);
	for (size_t c = 0; !memory && c < COLUMN_TYPED_COUNT; c++)
		if (out->at[c] == NO_COLUMN)
			guess_column(cells, count, (enum workbook_column)c, out);
	return true;
}

/* ---- rows ----------------------------------------------------------------------------------- */

const struct sheet_cell *workbook_cell(const struct sheet_cell *cells, size_t count,
	const struct workbook_columns *at, enum workbook_column column)
{
	return at->at[column] == NO_COLUMN ? NULL : cell_at(cells, count, at->at[column]);
}

static struct str date_text(int64_t seconds, bool english, struct arena *a)
{
	struct civil c = datetime_civil(seconds);
	struct buf text = { 0 };

	if (english)
		buf_printf(&text, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	else
		buf_printf(&text, "%02d/%02d/%04d", c.day, c.month, (int)c.year);
	if (c.hour || c.minute)
		buf_printf(&text, " %02d:%02d", c.hour, c.minute);
	struct str copy = arena_str(a, buf_str(&text));
	buf_free(&text);
	return copy;
}

/* White space around it, no-break spaces and line ends too, is no text. */
static struct str trim(struct str s)
{
	static const char *const spaces[] = { " ", "\t", "\n", "\r", "\xc2\xa0", "\xe2\x80\xaf" };

	for (size_t i = 0; i < ARRAY_LEN(spaces); i++) {
		struct str w = str_of(spaces[i]);

		if (str_starts(s, w)) {
			s = (struct str){ s.p + w.n, s.n - w.n };
			i = SIZE_MAX; /* from the first again */
		} else if (s.n >= w.n && str_eq((struct str){ s.p + s.n - w.n, w.n }, w)) {
			s.n -= w.n;
			i = SIZE_MAX;
		}
	}
	return s;
}

struct str workbook_text(const struct sheet_cell *cell, bool english, struct arena *a)
{
	if (!cell)
		return STR("");
	switch (cell->kind) {
	case CELL_TEXT:
		return arena_str(a, trim(cell->text));
	case CELL_NUMBER: /* 0.1 may stand there as 0.10000000000000001 */
		return arena_printf(a, "%.15g", cell->number);
	case CELL_DATE:
		return date_text(cell->seconds, english, a);
	case CELL_BOOL:
		break;
	}
	return english ? (cell->number != 0 ? STR("TRUE") : STR("FALSE"))
		       : (cell->number != 0 ? STR("VRAI") : STR("FAUX"));
}

static struct str state_of(struct str s)
{
	static const struct {
		const char *code;
		enum word word;
	} rows[] = { { "todo", WORD_todo }, { "doing", WORD_doing }, { "done", WORD_done },
		{ "accepted", WORD_accepted } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (is_word(s, rows[i].word))
			return str_of(rows[i].code);
	return s;
}

/* Midnight UTC of the day; false for what is no date. */
static bool due_of(const struct sheet_cell *cell, int64_t *out)
{
	int64_t from, to;

	if (cell->kind == CELL_DATE || (cell->kind == CELL_NUMBER && cell->number >= 366))
		from = cell->seconds;
	else if (cell->kind != CELL_TEXT || !datetime_parse_export(trim(cell->text), &from, &to))
		return false;
	if (from == INT64_MIN)
		return false;
	from -= ((from % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
	*out = from;
	return true;
}

struct run_followup workbook_followup(const struct sheet_cell *cells, size_t count,
	const struct workbook_columns *at, bool english, struct arena *a)
{
	const struct sheet_cell *due = workbook_cell(cells, count, at, COLUMN_DUE);
	struct str texts[COLUMN_TYPED_COUNT];
	struct run_followup f = { .due = INT64_MIN };

	for (size_t i = 0; i < COLUMN_TYPED_COUNT; i++)
		texts[i] = workbook_text(
			workbook_cell(cells, count, at, (enum workbook_column)i), english, a);
	f.responsible = texts[COLUMN_RESPONSIBLE];
	f.state = state_of(texts[COLUMN_STATE]);
	f.comment = texts[COLUMN_COMMENT];
	f.proof = texts[COLUMN_PROOF];
	if (due && !due_of(due, &f.due) && texts[COLUMN_DUE].n)
		f.comment = arena_printf(a, "%s%s%.*s%s%.*s", words[WORD_due][english],
			words[WORD_colon][english], STR_ARG(texts[COLUMN_DUE]),
			f.comment.n ? ". " : "", STR_ARG(f.comment));
	return f;
}
