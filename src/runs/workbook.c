#include "runs/workbook.h"

#include "base/datetime.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runs/memory.h"
#include "runs/workbook_sheet.h"

#include <stdlib.h>
#include <string.h>

/* People put a title above a table. */
#define HEADER_ROWS 40u
#define MEMORY_SCHEMA "1"

/* What the sheets said of a key so far. */
struct row_state {
	bool typed;
	const struct run_followup *carried; /* what this program had written there */
};

struct reading {
	struct workbook *workbook;
	struct memory memory;
	struct row_state *states; /* by row of memory */
	size_t state_room;
	/* of the sheet under way */
	struct workbook_columns columns;
	enum workbook_sheet kind;
	bool is_memory, has_header, english;
	unsigned rows_before;
	struct buf key; /* scratch */
	struct arena scratch;
	bool newer, too_many;
	/* One text may stand in a million cells, and is kept once. */
	struct hash kept;
	struct str *texts;
	size_t text_count, text_room;
	uint64_t kept_bytes;
	struct str *domains;
	size_t domain_room;
	struct workbook_measure *measures;
	size_t measure_room;
	unsigned missing; /* bits of columns that a sheet lacks */
};

/* ---- what people wrote ---------------------------------------------------------------------- */

bool followup_is_empty(const struct run_followup *f)
{
	return !f || !(f->responsible.n || f->state.n || f->comment.n || f->proof.n ||
			     f->due != INT64_MIN);
}

bool followup_equal(const struct run_followup *a, const struct run_followup *b)
{
	if (followup_is_empty(a) || followup_is_empty(b))
		return followup_is_empty(a) && followup_is_empty(b);
	return str_eq(a->responsible, b->responsible) && str_eq(a->state, b->state) &&
	       str_eq(a->comment, b->comment) && str_eq(a->proof, b->proof) && a->due == b->due;
}

struct run_followup *followup_copy(struct arena *a, const struct run_followup *f)
{
	struct run_followup *copy = ARENA_NEW(a, struct run_followup);

	*copy = (struct run_followup){ .responsible = arena_str(a, f->responsible),
		.comment = arena_str(a, f->comment),
		.proof = arena_str(a, f->proof),
		.state = arena_str(a, f->state),
		.due = f->due };
	return copy;
}

static bool count_bytes(struct reading *r, size_t n)
{
	r->kept_bytes += n;
	r->too_many |= r->kept_bytes > LIMIT_WORKBOOK_KEPT_BYTES;
	return !r->too_many;
}

static struct str keep_text(struct reading *r, struct str s)
{
	uint32_t known = s.n ? hash_get(&r->kept, s) : HASH_NONE;

	if (known != HASH_NONE)
		return r->texts[known];
	if (!s.n || !count_bytes(r, s.n))
		return STR("");
	if (r->text_count == r->text_room) {
		r->text_room = r->text_room ? r->text_room * 2 : 256;
		r->texts = xrealloc(r->texts, r->text_room * sizeof(*r->texts));
	}
	r->texts[r->text_count] = arena_str(&r->workbook->arena, s);
	hash_add(&r->kept, r->texts[r->text_count], (uint32_t)r->text_count);
	return r->texts[r->text_count++];
}

static struct run_followup *keep_followup(struct reading *r, const struct run_followup *f)
{
	struct run_followup *copy = ARENA_NEW(&r->workbook->arena, struct run_followup);

	*copy = (struct run_followup){ .responsible = keep_text(r, f->responsible),
		.comment = keep_text(r, f->comment),
		.proof = keep_text(r, f->proof),
		.state = keep_text(r, f->state),
		.due = f->due };
	return copy;
}

/* The row of this key; NULL: there are too many. */
static struct evolution_memory *keep_row(struct reading *r, struct str key)
{
	size_t count = r->memory.count;

	r->too_many |= count >= LIMIT_WORKBOOK_ROWS;
	if (r->too_many)
		return NULL;
	struct evolution_memory *row = memory_at(&r->memory, key);
	return r->memory.count == count || count_bytes(r, key.n) ? row : NULL;
}

/* ---- keys ----------------------------------------------------------------------------------- */

static bool is_control_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = c >= 'a' && c <= 'z';

		if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '_')))
			return false;
	}
	return s.n > 0 && s.n <= LIMIT_ATTRIBUTE_NAME_BYTES;
}

static bool is_key(struct str s)
{
	struct str rest, id = str_cut(s, '|', &rest);

	return is_control_id(id) && (!rest.p || (rest.n > 0 && rest.n <= LIMIT_DN_BYTES));
}

/* What the row shows of whom it is about. */
struct visible {
	struct str control; /* empty: not to be read */
	struct run_object object;
	bool lists_objects; /* the sheet has a column for them */
};

static struct visible look_at_row(struct reading *r, const struct sheet_cell *cells, size_t count)
{
	struct str texts[COLUMN_SHEET_COUNT];
	struct visible v = { .lists_objects = false };

	for (size_t c = COLUMN_CONTROL; c < COLUMN_SHEET_COUNT; c++) {
		texts[c] = workbook_text(
			workbook_cell(cells, count, &r->columns, (enum workbook_column)c),
			r->english, &r->scratch);
		v.lists_objects |= c >= COLUMN_DN && r->columns.at[c] != NO_COLUMN;
	}
	if (is_control_id(texts[COLUMN_CONTROL]))
		v.control = texts[COLUMN_CONTROL];
	v.object.dn = texts[COLUMN_DN];
	v.object.sid = texts[COLUMN_SID];
	v.object.guid = texts[COLUMN_GUID];
	return v;
}

/* Does the hidden key belong to another control or object than the one that people see? Columns of
 * objects may have been taken out: only a GUID contradicts. */
static bool contradicts(struct str hidden, const struct visible *v)
{
	struct str rest, control = str_cut(hidden, '|', &rest);

	if (v->control.n && !str_eq(control, v->control))
		return true;
	return rest.p && v->object.guid.n && !str_eq(rest, v->object.guid);
}

/* The key of the row into r->key. What people see decides where the hidden cell contradicts it:
 * they typed beside what they saw. */
static bool key_of_row(struct reading *r, const struct sheet_cell *cells, size_t count)
{
	struct str hidden = workbook_text(
		workbook_cell(cells, count, &r->columns, COLUMN_KEY), r->english, &r->scratch);
	struct visible v = look_at_row(r, cells, count);

	buf_clear(&r->key);
	if (is_key(hidden) && !contradicts(hidden, &v)) {
		buf_put_str(&r->key, hidden);
		return true;
	}
	bool is_plan = r->kind == SHEET_PLAN || (r->kind == SHEET_UNKNOWN && r->columns.of_plan);
	bool is_known =
		v.lists_objects ? v.object.dn.n || v.object.sid.n || v.object.guid.n : is_plan;
	if (!v.control.n || !is_known)
		return false;
	r->workbook->by_columns++;
	if (v.lists_objects)
		evolution_key(&r->key, v.control, &v.object);
	else
		buf_put_str(&r->key, v.control);
	return true;
}

/* ---- rows of Plan d'action and Objets ------------------------------------------------------- */

static struct row_state *state_at(struct reading *r, const struct evolution_memory *row)
{
	size_t at = (size_t)(row - r->memory.rows), room = r->state_room;

	if (at >= room) {
		r->state_room = r->memory.room;
		r->states = xrealloc(r->states, r->state_room * sizeof(*r->states));
		memset(r->states + room, 0, (r->state_room - room) * sizeof(*r->states));
	}
	return &r->states[at];
}

/* A column that is not there takes nothing away. */
static void keep_missing(
	const struct reading *r, const struct run_followup *before, struct run_followup *f)
{
	const uint32_t *at = r->columns.at;

	if (!before)
		return;
	if (at[COLUMN_RESPONSIBLE] == NO_COLUMN)
		f->responsible = before->responsible;
	if (at[COLUMN_DUE] == NO_COLUMN)
		f->due = before->due;
	if (at[COLUMN_STATE] == NO_COLUMN)
		f->state = before->state;
	if (at[COLUMN_COMMENT] == NO_COLUMN)
		f->comment = before->comment;
	if (at[COLUMN_PROOF] == NO_COLUMN)
		f->proof = before->proof;
}

/* "To do" alone is what the plan shows where nobody wrote anything. */
static bool is_default(const struct run_followup *f)
{
	return str_eq(f->state, STR("todo")) && !f->responsible.n && !f->comment.n && !f->proof.n &&
	       f->due == INT64_MIN;
}

/* A finding of these sheets is one of the workbook's run. */
static void date_finding(const struct reading *r, struct evolution_memory *row)
{
	int64_t at = r->workbook->evaluated_at;

	if (!str_contains(row->key, STR("|")) || at == INT64_MIN)
		return;
	if (row->first_seen == INT64_MIN)
		row->first_seen = row->since = at;
	row->last_seen = at;
	row->fixed_at = INT64_MIN;
}

/* The key stands in several rows: findings of one object, or somebody copied a row. What people
 * changed stands above what they left as it was. */
static bool is_overruled(struct reading *r, const struct run_followup *kept,
	const struct row_state *state, const struct run_followup *f)
{
	if (followup_equal(f, state->carried))
		return true;
	if (followup_equal(kept, state->carried))
		return false;
	r->workbook->twice += !followup_equal(f, kept) && !followup_is_empty(f);
	return !followup_is_empty(kept);
}

static void take_followup(struct reading *r, struct evolution_memory *row, struct run_followup f)
{
	struct row_state *state = state_at(r, row);

	if (!str_contains(row->key, STR("|")) && is_default(&f))
		f.state = STR("");
	if (!state->typed)
		state->carried = row->followup;
	keep_missing(r, state->carried, &f);
	date_finding(r, row);
	if (state->typed && is_overruled(r, row->followup, state, &f))
		return;
	state->typed = true;
	/* Empty cells say something only where something stood in them. */
	if (!followup_is_empty(&f) || state->carried)
		row->followup = keep_followup(r, &f);
}

static bool take_row(struct reading *r, const struct sheet_cell *cells, size_t count)
{
	struct run_followup f =
		workbook_followup(cells, count, &r->columns, r->english, &r->scratch);

	if (!key_of_row(r, cells, count)) {
		r->workbook->without_key += !followup_is_empty(&f) && !is_default(&f);
		return true;
	}
	struct evolution_memory *row = keep_row(r, buf_str(&r->key));
	if (row)
		take_followup(r, row, f);
	return !r->too_many;
}

/* ---- rows of Suivi -------------------------------------------------------------------------- */

static int64_t date_of(struct reading *r, const struct sheet_cell *cells, size_t count,
	enum workbook_column column)
{
	int64_t seconds;
	struct str text =
		workbook_text(workbook_cell(cells, count, &r->columns, column), true, &r->scratch);

	return datetime_parse(text, &seconds) ? seconds : INT64_MIN;
}

/* "control parameters declared" */
static void take_measure(struct reading *r, struct str value)
{
	struct workbook *w = r->workbook;
	struct str rest, control = str_cut(value, ' ', &rest);
	struct str declared, parameters = str_cut(rest, ' ', &declared);

	if (!parameters.n || w->measure_count >= LIMIT_RESULTS_MEMBERS)
		return;
	if (w->measure_count == r->measure_room) {
		r->measure_room = r->measure_room ? r->measure_room * 2 : 256;
		struct workbook_measure *more =
			ARENA_ARRAY(&w->arena, struct workbook_measure, r->measure_room);
		if (w->measure_count)
			memcpy(more, r->measures, w->measure_count * sizeof(*more));
		r->measures = more;
	}
	r->measures[w->measure_count++] = (struct workbook_measure){ arena_str(&w->arena, control),
		{ .parameters = arena_str(&w->arena, parameters),
			.declared = arena_str(&w->arena, declared) } };
	w->measures = r->measures;
}

static void take_about(struct reading *r, struct str key, struct str value, int64_t at)
{
	struct workbook *w = r->workbook;

	if (str_eq(key, STR("@schema"))) {
		r->newer |= !str_eq(value, STR(MEMORY_SCHEMA));
	} else if (str_eq(key, STR("@run"))) {
		w->evaluated_at = at;
		w->policy_sha256 = keep_text(r, value);
	} else if (str_eq(key, STR("@measure"))) {
		take_measure(r, value);
	} else if (str_eq(key, STR("@domain")) && value.n && w->domain_count < LIMIT_OBJECTS) {
		if (w->domain_count == r->domain_room) {
			r->domain_room = r->domain_room ? r->domain_room * 2 : 16;
			struct str *more = ARENA_ARRAY(&w->arena, struct str, r->domain_room);
			if (w->domain_count)
				memcpy(more, r->domains, w->domain_count * sizeof(*more));
			r->domains = more;
		}
		r->domains[w->domain_count++] = keep_text(r, value);
		w->domains = r->domains;
	}
}

static bool take_memory(struct reading *r, const struct sheet_cell *cells, size_t count)
{
	struct str key = workbook_text(
		workbook_cell(cells, count, &r->columns, COLUMN_KEY), true, &r->scratch);
	struct run_followup f = workbook_followup(cells, count, &r->columns, true, &r->scratch);
	int64_t seen = date_of(r, cells, count, COLUMN_LAST_SEEN);

	if (key.n && key.p[0] == '@')
		take_about(r, key, f.comment, seen);
	if (!is_key(key))
		return !r->too_many;
	struct evolution_memory *row = keep_row(r, key);
	if (!row)
		return false;
	row->first_seen = date_of(r, cells, count, COLUMN_FIRST_SEEN);
	row->since = date_of(r, cells, count, COLUMN_SINCE);
	row->last_seen = seen;
	row->fixed_at = date_of(r, cells, count, COLUMN_FIXED_AT);
	if (!followup_is_empty(&f))
		row->followup = keep_followup(r, &f);
	return !r->too_many;
}

/* ---- sheets --------------------------------------------------------------------------------- */

static bool take_cells(void *cx, uint32_t row, const struct sheet_cell *cells, size_t count)
{
	struct reading *r = cx;
	bool more = true;

	(void)row;
	if (r->has_header)
		more = r->is_memory ? take_memory(r, cells, count) : take_row(r, cells, count);
	else if (workbook_header(cells, count, r->is_memory, &r->columns))
		r->has_header = true;
	else
		more = r->rows_before++ < HEADER_ROWS;
	arena_reset(&r->scratch);
	return more;
}

static int read_sheet(
	struct reading *r, struct sheets *s, size_t i, enum workbook_sheet kind, struct err *err)
{
	bool memory = kind == SHEET_MEMORY;

	r->kind = kind;
	r->is_memory = memory;
	r->has_header = false;
	r->rows_before = 0;
	if (sheets_rows(s, i, take_cells, r, err))
		return err->code;
	if (r->too_many)
		return sheets_damaged(
			s, "it holds more rows or more text than this program keeps", err);
	if (r->newer)
		return sheets_damaged(
			s, "a later version of adhygiene wrote it; use that version", err);
	for (size_t c = 0; r->has_header && !memory && c < COLUMN_TYPED_COUNT; c++)
		if (r->columns.at[c] == NO_COLUMN)
			r->missing |= 1u << c;
	r->workbook->has_memory |= memory && r->has_header;
	return 0;
}

/* First what is remembered, then what people see, which stands above it. */
static int read_sheets(struct reading *r, struct sheets *s, struct err *err)
{
	bool found = false;

	for (size_t i = 0; i < sheets_count(s); i++)
		if (workbook_sheet_kind(sheets_name(s, i), &r->english) == SHEET_MEMORY &&
			read_sheet(r, s, i, SHEET_MEMORY, err))
			return err->code;
	r->workbook->is_english = r->english;
	for (size_t i = 0; i < sheets_count(s); i++) {
		enum workbook_sheet kind = workbook_sheet_kind(sheets_name(s, i), &r->english);

		if (kind == SHEET_MEMORY || kind == SHEET_OTHER)
			continue;
		if (read_sheet(r, s, i, kind, err))
			return err->code;
		found |= r->has_header;
	}
	if (!found && !r->workbook->has_memory)
		return sheets_damaged(s,
			"it holds neither an action plan nor objects; is it a workbook of this "
			"program?",
			err);
	return 0;
}

static void name_missing(struct reading *r)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < COLUMN_TYPED_COUNT; c++)
		if (r->missing & 1u << c)
			buf_printf(&text, "%s%s", text.n ? ", " : "",
				workbook_column_name((enum workbook_column)c, r->english));
	r->workbook->missing_columns = arena_str(&r->workbook->arena, buf_str(&text));
	buf_free(&text);
}

static bool is_kept(const struct evolution_memory *row)
{
	return row->last_seen != INT64_MIN || row->followup;
}

static int by_control(const void *a, const void *b)
{
	return str_cmp(((const struct workbook_measure *)a)->control,
		((const struct workbook_measure *)b)->control);
}

static void finish_measures(struct reading *r)
{
	struct workbook *w = r->workbook;

	for (size_t i = 0; i < w->measure_count; i++)
		r->measures[i].measure.policy_sha256 = w->policy_sha256;
	if (w->measure_count)
		qsort(r->measures, w->measure_count, sizeof(*r->measures), by_control);
}

static void finish(struct reading *r)
{
	struct workbook *w = r->workbook;
	struct evolution_memory *list =
		ARENA_ARRAY(&w->arena, struct evolution_memory, r->memory.count);

	for (size_t i = 0; i < r->memory.count; i++)
		if (is_kept(&r->memory.rows[i]))
			list[w->memory_count++] = r->memory.rows[i];
	memory_sort(list, w->memory_count);
	w->memory = list;
	name_missing(r);
}

int workbook_read(const char *path, struct workbook *out, struct err *err)
{
	struct workbook w = { .evaluated_at = INT64_MIN };
	struct reading r = { .workbook = &w, .memory = { .arena = &w.arena } };
	struct sheets *s = NULL;
	int rc = sheets_open(path, &s, err);

	if (!rc)
		rc = read_sheets(&r, s, err);
	if (!rc) {
		finish_measures(&r);
		finish(&r);
	}
	sheets_close(s);
	memory_free(&r.memory);
	hash_free(&r.kept);
	free(r.texts);
	free(r.states);
	buf_free(&r.key);
	arena_free(&r.scratch);
	if (rc)
		arena_free(&w.arena);
	else
		*out = w;
	return rc;
}

void workbook_free(struct workbook *w)
{
	arena_free(&w->arena);
	*w = (struct workbook){ .evaluated_at = INT64_MIN };
}
