#include "model/roster_index.h"

#include "base/csv.h"
#include "base/search.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COVERAGE_ROWS 20u /* rows of one problem that stand in the coverage one by one */
#define NOTE_BYTES 200u

struct found_row {		 /* a row of one account */
	uint32_t object, values; /* of roster.values */
	size_t line;
	bool doubtful;
};

struct problem {
	size_t count;
	struct roster_note *list; /* ROSTER_LISTED of them */
};

struct value_set {
	const struct str *cells; /* column_count of them */
};

struct roster {
	struct arena arena;
	struct roster_spec spec;
	struct str file_name;

	struct hash value_ids; /* sets of values that were met, by their text */
	struct value_set *values;
	size_t value_count, value_room;

	struct found_row *found; /* by object, then values, then line */
	size_t found_count, found_room;
	struct roster_row *rows; /* the same order */
	size_t row_count, matched_count, hidden_count;
	unsigned open;	 /* attributes by which a row may be an account's that hides them */
	uint8_t *maybe;	 /* by object: a row that could not be told apart may be its */
	uint8_t *differ; /* by object: its rows contradict one another */
	size_t object_count;
	struct problem problems[ROSTER_PROBLEM_COUNT];
};

struct reading { /* what roster_load() needs while it reads */
	struct model *m;
	struct roster *r;
	struct csv *csv;
	struct roster_index *index;
	size_t account, columns[ROSTER_COLUMNS];
	struct buf text; /* of a row's values, one behind the other */
};

const char *roster_problem_code(enum roster_problem p)
{
	static const char *const codes[ROSTER_PROBLEM_COUNT] = {
		[ROSTER_UNMATCHED] = "csv_unmatched",
		[ROSTER_AMBIGUOUS] = "csv_ambiguous",
		[ROSTER_DOUBTFUL] = "csv_doubtful",
		[ROSTER_CONTRADICTION] = "csv_contradiction",
		[ROSTER_NO_ACCOUNT] = "csv_no_account",
		[ROSTER_RAGGED] = "csv_ragged",
		[ROSTER_FORMULA] = "csv_formula",
	};

	return codes[p];
}

static void add_problem(struct roster *r, enum roster_problem p, size_t line, struct str text)
{
	struct problem *list = &r->problems[p];

	if (!list->list)
		list->list = ARENA_ARRAY(&r->arena, struct roster_note, ROSTER_LISTED);
	if (text.n > NOTE_BYTES)
		text.n = NOTE_BYTES;
	if (list->count < ROSTER_LISTED)
		list->list[list->count] = (struct roster_note){ line,
			utf8_sanitize(&r->arena, arena_str(&r->arena, text)) };
	list->count++;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static struct str value_cell(const struct reading *in, size_t i)
{
	return in->columns[i] == CSV_NONE ? STR("") : csv_cell(in->csv, in->columns[i]);
}

/* Equal values are kept once: a million rows have a handful of methods. */
static uint32_t intern_values(struct reading *in)
{
	struct roster *r = in->r;
	size_t n = r->spec.column_count;

	buf_clear(&in->text);
	for (size_t i = 0; i < n; i++) {
		struct str cell = value_cell(in, i);

		buf_put(&in->text, &cell.n, sizeof(cell.n));
		buf_put_str(&in->text, cell);
	}
	uint32_t id = hash_get(&r->value_ids, buf_str(&in->text));
	if (id != HASH_NONE)
		return id;
	if (r->value_count == r->value_room) {
		r->value_room = r->value_room ? 2 * r->value_room : 64;
		r->values = xrealloc(r->values, r->value_room * sizeof(*r->values));
	}
	struct str *values = ARENA_ARRAY(&r->arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		values[i] = arena_str(&r->arena, value_cell(in, i));
	id = (uint32_t)r->value_count++;
	r->values[id].cells = values;
	return hash_add(&r->value_ids, arena_str(&r->arena, buf_str(&in->text)), id);
}

static void keep_row(struct reading *in, uint32_t object, bool doubtful)
{
	struct roster *r = in->r;

	if (r->found_count == r->found_room) {
		r->found_room = r->found_room ? 2 * r->found_room : 256;
		r->found = xrealloc(r->found, r->found_room * sizeof(*r->found));
	}
	r->found[r->found_count++] =
		(struct found_row){ object, intern_values(in), csv_line(in->csv), doubtful };
}

static void note_formulas(struct reading *in, struct str account)
{
	struct str at_fault = csv_is_formula(account) ? account : (struct str){ NULL, 0 };

	for (size_t i = 0; i < in->r->spec.column_count && !at_fault.p; i++)
		if (csv_is_formula(value_cell(in, i)))
			at_fault = value_cell(in, i);
	if (at_fault.p)
		add_problem(in->r, ROSTER_FORMULA, csv_line(in->csv), at_fault);
}

static void take_row(struct reading *in)
{
	struct roster *r = in->r;
	struct str account = csv_cell(in->csv, in->account);
	size_t line = csv_line(in->csv);
	uint32_t found[ROSTER_CANDIDATES];
	bool more = false, doubtful = false;
	unsigned by, open;

	r->row_count++;
	note_formulas(in, account);
	if (!account.n) {
		add_problem(r, ROSTER_NO_ACCOUNT, line, STR(""));
		return;
	}
	size_t n = roster_index_find(in->index, account, found, &more, &by);
	bool ragged = csv_is_ragged(in->csv), several = more || (n > 1 && !r->spec.people);

	open = roster_index_open(in->index, by);
	r->open |= open;
	if (ragged)
		add_problem(r, ROSTER_RAGGED, line, account);
	else if (several)
		add_problem(r, ROSTER_AMBIGUOUS, line, account);
	else if (!n)
		add_problem(r, ROSTER_UNMATCHED, line, account);
	else if (!r->spec.people)
		doubtful = roster_index_shares(in->index, open, &in->m->objects[found[0]]);
	if (doubtful)
		add_problem(r, ROSTER_DOUBTFUL, line, account);
	for (size_t i = 0; i < n; i++) {
		if (ragged || several)
			r->maybe[found[i]] = 1;
		else
			keep_row(in, found[i], doubtful);
	}
	r->matched_count += n && !ragged && !several;
}

static int read_rows(struct reading *in, struct err *err)
{
	bool there = false;

	for (;;) {
		if (csv_next(in->csv, &there, err))
			return err->code;
		if (!there)
			return 0;
		take_row(in);
	}
}

/* ---- what the rows say together ------------------------------------------------------------- */

static int row_order(const void *a, const void *b)
{
	const struct found_row *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	if (x->values != y->values)
		return x->values < y->values ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int note_order(const void *a, const void *b)
{
	const struct roster_note *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

/* Rows are by account now: one stays of those that say the same, and others of the account
 * contradict it. */
static void settle(struct reading *in)
{
	struct roster *r = in->r;
	struct problem *list = &r->problems[ROSTER_CONTRADICTION];
	size_t kept = 0;

	if (r->found_count)
		qsort(r->found, r->found_count, sizeof(*r->found), row_order);
	for (size_t i = 0; i < r->found_count; i++) {
		struct found_row row = r->found[i];
		bool same_account = kept && r->found[kept - 1].object == row.object;

		if (same_account && r->found[kept - 1].values == row.values) {
			r->found[kept - 1].doubtful &= row.doubtful;
			continue;
		}
		r->found[kept++] = row;
		if (!same_account || r->spec.rows_add_up)
			continue;
		r->differ[row.object] = 1;
		add_problem(r, ROSTER_CONTRADICTION, row.line, in->m->objects[row.object].name);
	}
	r->found_count = kept;
	if (list->count > 1)
		qsort(list->list, list->count < ROSTER_LISTED ? list->count : ROSTER_LISTED,
			sizeof(*list->list), note_order);
	r->rows = ARENA_ARRAY(&r->arena, struct roster_row, kept);
	for (size_t i = 0; i < kept; i++)
		r->rows[i] = (struct roster_row){ r->found[i].line,
			r->values[r->found[i].values].cells, r->found[i].doubtful };
}

static void count_hidden(const struct model *m, struct roster *r)
{
	for (size_t i = 0; i < m->count; i++)
		r->hidden_count += m->objects[i].kind == AD_USER &&
				   roster_index_misses(m, r->spec.match, &m->objects[i]) != 0;
}

static void cover(struct model *m, struct roster *r, enum roster_problem p)
{
	static const enum coverage_state states[ROSTER_PROBLEM_COUNT] = {
		[ROSTER_UNMATCHED] = COVERAGE_MISSING,
		[ROSTER_AMBIGUOUS] = COVERAGE_MALFORMED,
		[ROSTER_DOUBTFUL] = COVERAGE_NOTE,
		[ROSTER_CONTRADICTION] = COVERAGE_MALFORMED,
		[ROSTER_NO_ACCOUNT] = COVERAGE_MALFORMED,
		[ROSTER_RAGGED] = COVERAGE_MALFORMED,
		[ROSTER_FORMULA] = COVERAGE_NOTE,
	};
	const struct problem *list = &r->problems[p];
	const char *code = roster_problem_code(p);

	for (size_t i = 0; i < list->count && i < COVERAGE_ROWS; i++) {
		const struct roster_note *n = &list->list[i];

		coverage_add(m,
			arena_printf(&r->arena, "csv_row %.*s:%zu", STR_ARG(r->file_name), n->line),
			states[p],
			n->text.n ? arena_printf(&r->arena, "%s %.*s", code, STR_ARG(n->text))
				  : str_of(code));
	}
	if (list->count > COVERAGE_ROWS)
		coverage_add(m, arena_printf(&r->arena, "csv_rows %.*s", STR_ARG(r->file_name)),
			states[p],
			arena_printf(&r->arena, "%s_more %zu", code, list->count - COVERAGE_ROWS));
}

/* ---- loading -------------------------------------------------------------------------------- */

/* The heading that the file has, else the first one, to be missed by name. */
static struct str heading_of(const struct csv *csv, struct str name, const char *const *others)
{
	if (name.n || !others || !*others)
		return name;
	for (size_t i = 0; others[i]; i++)
		if (csv_column(csv, str_of(others[i])) != CSV_NONE)
			return str_of(others[i]);
	return str_of(others[0]);
}

static int find_columns(struct reading *in, struct err *err)
{
	const struct roster_spec *spec = &in->r->spec;
	struct str account = heading_of(in->csv, spec->account, spec->account_others);

	if (csv_need_column(in->csv, account, &in->account, err))
		return err->code;
	for (size_t i = 0; i < spec->column_count; i++) {
		const struct roster_column *c = &spec->columns[i];
		struct str name = heading_of(in->csv, c->name, c->others);

		in->columns[i] = csv_column(in->csv, name);
		if ((in->columns[i] != CSV_NONE || !c->optional) &&
			csv_need_column(in->csv, name, &in->columns[i], err))
			return err->code;
	}
	return 0;
}

static int read_csv(struct model *m, struct roster *r, struct csv *csv, struct err *err)
{
	struct reading in = { .m = m, .r = r, .csv = csv };
	int rc = find_columns(&in, err);

	if (!rc) {
		in.index = roster_index_build(m, r->spec.match);
		r->maybe = xcalloc(m->count + 1, 1);
		r->differ = xcalloc(m->count + 1, 1);
		r->object_count = m->count;
		rc = read_rows(&in, err);
	}
	if (!rc) {
		settle(&in);
		count_hidden(m, r);
		for (int p = 0; p < ROSTER_PROBLEM_COUNT; p++)
			cover(m, r, (enum roster_problem)p);
	}
	roster_index_free(in.index);
	buf_free(&in.text);
	return rc;
}

static struct str without_folder(struct str path)
{
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' || path.p[i - 1] == '\\')
			return (struct str){ path.p + i, path.n - i };
	return path;
}

/* The error of the file, with the policy's position in front. */
static int say_where(const struct roster_spec *spec, const struct err *why, struct err *err)
{
	struct arena scratch = { 0 };
	struct str at = policy_position_text(&scratch, spec->at);

	err_set(err, ERR_USAGE, "%.*s: %s", STR_ARG(at), why->text);
	arena_free(&scratch);
	return ERR_USAGE;
}

static int load(struct model *m, const struct roster_spec *spec, struct csv *csv,
	struct roster **out, struct err *err)
{
	struct roster *r = xcalloc(1, sizeof(*r));
	struct err why = { 0 };

	r->spec = *spec;
	r->file_name = without_folder(spec->file);
	int rc = read_csv(m, r, csv, &why);
	csv_close(csv);
	if (rc) {
		roster_free(r);
		return say_where(spec, &why, err);
	}
	*out = r;
	return 0;
}

int roster_load(
	struct model *m, const struct roster_spec *spec, struct roster **out, struct err *err)
{
	struct csv *csv = NULL;
	struct err why = { 0 };

	return csv_open(spec->file.p, &csv, &why) ? say_where(spec, &why, err)
						  : load(m, spec, csv, out, err);
}

int roster_load_bytes(struct model *m, const struct roster_spec *spec, struct str bytes,
	struct roster **out, struct err *err)
{
	struct csv *csv = NULL;
	struct err why = { 0 };

	return csv_of_bytes(spec->file.p, bytes, &csv, &why) ? say_where(spec, &why, err)
							     : load(m, spec, csv, out, err);
}

void roster_free(struct roster *r)
{
	if (!r)
		return;
	hash_free(&r->value_ids);
	free(r->values);
	free(r->found);
	free(r->maybe);
	free(r->differ);
	arena_free(&r->arena);
	free(r);
}

/* ---- answers -------------------------------------------------------------------------------- */

static bool is_before(const void *found, const void *object)
{
	return ((const struct found_row *)found)->object < *(const uint32_t *)object;
}

static size_t first_row(const struct roster *r, uint32_t object)
{
	return lower_bound(r->found, r->found_count, sizeof(*r->found), &object, is_before);
}

enum roster_state roster_rows(const struct roster *r, const struct model *m,
	const struct ad_object *account, const struct roster_row **rows, size_t *count)
{
	size_t from = first_row(r, account->index), n = 0;

	while (from + n < r->found_count && r->found[from + n].object == account->index)
		n++;
	*rows = r->rows + from;
	*count = n;
	if (account->index < r->object_count && r->differ[account->index])
		return ROSTER_CONTRADICTED;
	if (account->index < r->object_count && r->maybe[account->index])
		return ROSTER_UNKNOWN;
	/* A row that is nobody's may be that of an account whose name is hidden; so may one that
	 * is somebody's, unless no two accounts can have that name. */
	if (roster_index_misses(m, r->open, account))
		return ROSTER_UNKNOWN;
	return n ? ROSTER_PRESENT : ROSTER_ABSENT;
}

size_t roster_problems(const struct roster *r, enum roster_problem p,
	const struct roster_note **list, size_t *listed)
{
	size_t n = r->problems[p].count;

	*list = r->problems[p].list;
	*listed = n < ROSTER_LISTED ? n : ROSTER_LISTED;
	return n;
}

size_t roster_row_count(const struct roster *r)
{
	return r->row_count;
}

size_t roster_matched_count(const struct roster *r)
{
	return r->matched_count;
}

size_t roster_hidden_count(const struct roster *r)
{
	return r->hidden_count;
}

struct str roster_file_name(const struct roster *r)
{
	return r->file_name;
}
