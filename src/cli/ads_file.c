#include "cli/ads_file.h"

#include "base/datetime.h"
#include "base/hash.h"
#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A mistyped id of more letters than this is another point. */
#define NEAR 3u
#define LEVEL_MOST 5
#define ID_MOST 120u

enum role { CONTROL, LEVEL, STATUS, COUNT, DATE, ROLE_COUNT };

/* As csv_plain() leaves them. */
static const struct {
	enum role role;
	const char *word;
} headings[] = {
	{ CONTROL, "control" },
	{ CONTROL, "controle" },
	{ CONTROL, "controlid" },
	{ CONTROL, "point" },
	{ CONTROL, "pointdecontrole" },
	{ CONTROL, "id" },
	{ CONTROL, "identifiant" },
	{ CONTROL, "vulnerabilite" },
	{ CONTROL, "vulnerability" },
	{ LEVEL, "level" },
	{ LEVEL, "niveau" },
	{ STATUS, "status" },
	{ STATUS, "statut" },
	{ STATUS, "etat" },
	{ STATUS, "resultat" },
	{ STATUS, "result" },
	{ STATUS, "conformite" },
	{ COUNT, "count" },
	{ COUNT, "nombre" },
	{ COUNT, "nb" },
	{ COUNT, "objets" },
	{ COUNT, "objects" },
	{ COUNT, "nombredobjets" },
	{ COUNT, "nbobjets" },
	{ COUNT, "numberofobjects" },
	{ DATE, "date" },
	{ DATE, "dateads" },
	{ DATE, "datedurapport" },
	{ DATE, "dateduresultat" },
	{ DATE, "reportdate" },
	{ DATE, "dateofreport" },
};

static const struct {
	const char *word;
	enum run_status status;
} statuses[] = {
	{ "fail", STATUS_FAIL },
	{ "failed", STATUS_FAIL },
	{ "ko", STATUS_FAIL },
	{ "nok", STATUS_FAIL },
	{ "x", STATUS_FAIL },
	{ "nonconforme", STATUS_FAIL },
	{ "notcompliant", STATUS_FAIL },
	{ "noncompliant", STATUS_FAIL },
	{ "echec", STATUS_FAIL },
	{ "✗", STATUS_FAIL },
	{ "✘", STATUS_FAIL },
	{ "pass", STATUS_PASS },
	{ "passed", STATUS_PASS },
	{ "ok", STATUS_PASS },
	{ "conforme", STATUS_PASS },
	{ "✓", STATUS_PASS },
	{ "✔", STATUS_PASS },
	{ "compliant", STATUS_PASS },
	{ "unknown", STATUS_UNKNOWN },
	{ "nonevalue", STATUS_UNKNOWN },
	{ "nonevaluee", STATUS_UNKNOWN },
	{ "notassessed", STATUS_UNKNOWN },
	{ "notevaluated", STATUS_UNKNOWN },
	{ "inconnu", STATUS_UNKNOWN },
	{ "notapplicable", STATUS_NOT_APPLICABLE },
	{ "na", STATUS_NOT_APPLICABLE },
	{ "sansobjet", STATUS_NOT_APPLICABLE },
	{ "nonapplicable", STATUS_NOT_APPLICABLE },
};

struct reading {
	struct arena *arena;
	struct csv *csv;
	const char *name;
	const struct catalogue *catalogue;
	size_t columns[ROLE_COUNT]; /* CSV_NONE: there is none */
	size_t column_count;	    /* that the header names */
	struct ads_row *rows;
	size_t count, room;
	struct hash seen; /* id -> row */
	struct ads_stranger *strangers;
	size_t stranger_count;
	int64_t dated;
	size_t dated_line;
	struct buf plain; /* scratch */
	struct err *err;
};

static int wrong(struct reading *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

static int wrong(struct reading *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->err, ERR_USAGE, "%s:%zu: %s", r->name, csv_line(r->csv), text);
}

#define SHOWN 60
#define SHOW(s) (int)((s).n < SHOWN ? (s).n : SHOWN), (s).p

static struct str cell_of(const struct reading *r, enum role role)
{
	return r->columns[role] == CSV_NONE ? STR("") : csv_cell(r->csv, r->columns[role]);
}

/* Letters and digits of the cell; valid until the next call. */
static struct str plain(struct reading *r, struct str cell)
{
	buf_clear(&r->plain);
	csv_plain(&r->plain, cell);
	return buf_str(&r->plain);
}

/* ROLE_COUNT: none of ours. */
static enum role role_of(struct reading *r, struct str heading)
{
	struct str word = plain(r, heading);

	for (size_t i = 0; i < ARRAY_LEN(headings); i++)
		if (str_eq(word, str_of(headings[i].word)))
			return headings[i].role;
	return ROLE_COUNT;
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* Dashes and the like say nothing. */
static bool says_nothing(struct reading *r, struct str cell)
{
	return !plain(r, cell).n;
}

/* "1", "Niveau 1", "N1", "Level 1" */
static int read_level(struct reading *r, int *level)
{
	static const char *const words[] = { "niveau", "level", "n", "" };
	struct str cell = cell_of(r, LEVEL), digits;
	int64_t n = 0;

	*level = 0;
	if (says_nothing(r, cell))
		return 0;
	digits = cell;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_istarts(cell, str_of(words[i]))) {
			digits.p += strlen(words[i]);
			digits.n -= strlen(words[i]);
			break;
		}
	if (!str_to_i64(str_trim(digits), &n) || n < 1 || n > LEVEL_MOST)
		return wrong(r, "the level is '%.*s'; it is 1 to 5, or empty.", SHOW(cell));
	*level = (int)n;
	return 0;
}

/* "1 234" with a space of any kind. */
static int read_number(struct reading *r, int64_t *count)
{
	static const char *const spaces[] = { " ", "\u00a0", "\u202f" };
	struct str cell = cell_of(r, COUNT), rest = cell;
	struct buf digits = { 0 };
	uint64_t n = 0;
	bool good;

	*count = INT64_MIN;
	if (says_nothing(r, cell))
		return 0;
	while (rest.n) {
		size_t skip = 0;

		for (size_t i = 0; i < ARRAY_LEN(spaces) && !skip; i++)
			if (str_starts(rest, str_of(spaces[i])))
				skip = strlen(spaces[i]);
		if (!skip)
			buf_putc(&digits, rest.p[0]);
		skip += !skip;
		rest = (struct str){ rest.p + skip, rest.n - skip };
	}
	good = str_to_u64(buf_str(&digits), &n) && n <= LIMIT_OBJECTS;
	buf_free(&digits);
	if (!good)
		return wrong(
			r, "the count is '%.*s'; it is a number of objects, or empty.", SHOW(cell));
	*count = (int64_t)n;
	return 0;
}

/* Without a status a point that has findings fails; that it is compliant must be said. */
static int read_status(struct reading *r, struct ads_row *row)
{
	struct str cell = cell_of(r, STATUS), word = plain(r, cell);

	row->status =
		row->count > 0 || (row->level && row->count != 0) ? STATUS_FAIL : STATUS_UNKNOWN;
	if (!word.n)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (str_eq(word, str_of(statuses[i].word))) {
			row->status = statuses[i].status;
			return 0;
		}
	return wrong(r,
		"the status is '%.*s'; it is one of fail, pass, unknown, not applicable (non "
		"conforme, conforme, non évalué, sans objet), or empty.",
		SHOW(cell));
}

/* ---- the date ------------------------------------------------------------------------------- */

static int take_date(struct reading *r, struct str cell)
{
	int64_t from, to;

	if (says_nothing(r, cell))
		return 0;
	if (!datetime_parse_export(cell, &from, &to))
		return wrong(r, "the date is '%.*s'; it is one such as 2026-10-14 or 14/10/2026.",
			SHOW(cell));
	if (r->dated != INT64_MIN && r->dated != from)
		return wrong(r, "the date is '%.*s', and line %zu has another one.", SHOW(cell),
			r->dated_line);
	r->dated = from;
	r->dated_line = csv_line(r->csv);
	return 0;
}

/* "date;14/10/2026": the first cell behind the word that says anything. */
static int take_date_line(struct reading *r, size_t word)
{
	for (size_t i = word + 1; i < LIMIT_CSV_COLUMNS; i++)
		if (csv_cell(r->csv, i).n)
			return take_date(r, csv_cell(r->csv, i));
	return wrong(r, "the date is missing behind its name.");
}

/* ---- the id --------------------------------------------------------------------------------- */

static struct str nearest(const struct catalogue *c, struct str id)
{
	struct str best = STR("");
	size_t least = NEAR + 1;

	for (size_t i = 0; i < c->entry_count; i++) {
		size_t n = run_ads_is_point(c->entries[i].id) ? str_distance(id, c->entries[i].id)
							      : SIZE_MAX;

		if (n < least) {
			least = n;
			best = c->entries[i].id;
		}
	}
	return best;
}

static bool is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!(id.p[i] >= 'a' && id.p[i] <= 'z') && !(id.p[i] >= '0' && id.p[i] <= '9') &&
			id.p[i] != '_')
			return false;
	return run_ads_is_point(id) && id.n <= ID_MOST;
}

/* "vuln2_dnsadmins", as older reports write it, is vuln_dnsadmins that fails at level 2. */
static int read_id(struct reading *r, struct str cell, struct ads_row *row)
{
	char *p = arena_strdup(r->arena, arena_str(r->arena, cell).p);
	struct str id = { p, cell.n };

	for (char *c = p; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (id.n > 6 && str_starts(id, STR("vuln")) && p[4] >= '1' && p[4] <= '5' && p[5] == '_') {
		int level = p[4] - '0';

		if (row->level && row->level != level)
			return wrong(r, "'%.*s' is of level %d, and the column says %d.",
				SHOW(cell), level, row->level);
		row->level = level;
		memmove(p + 4, p + 5, id.n - 4);
		id.n--;
	}
	row->id = id;
	return 0;
}

static int check_id(struct reading *r, struct str cell, const struct ads_row *row)
{
	struct str near = nearest(r->catalogue, row->id);
	uint32_t first;

	if (!is_id(row->id) && catalogue_find(r->catalogue, row->id))
		return wrong(r, "'%.*s' is a control of this program; ADS has no such point.",
			SHOW(cell));
	if (!is_id(row->id))
		return wrong(r,
			"'%.*s' is no control point of ANSSI's; one is "
			"vuln_dont_expire_priv%s%.*s%s.",
			SHOW(cell), near.n ? ". Is " : "", STR_ARG(near), near.n ? " meant?" : "");
	first = hash_get(&r->seen, row->id);
	if (first != HASH_NONE)
		return wrong(
			r, "'%.*s' stands on line %zu already.", SHOW(cell), r->rows[first].line);
	return 0;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void note_stranger(struct reading *r, const struct ads_row *row)
{
	if (catalogue_find(r->catalogue, row->id))
		return;
	r->strangers[r->stranger_count++] =
		(struct ads_stranger){ row->id, nearest(r->catalogue, row->id), row->line };
}

static int keep(struct reading *r, const struct ads_row *row)
{
	if (r->count == LIMIT_ADS_POINTS)
		return wrong(r, "it holds more than %u control points.", LIMIT_ADS_POINTS);
	r->rows[r->count] = *row;
	hash_set(&r->seen, row->id, (uint32_t)r->count++);
	note_stranger(r, row);
	return 0;
}

static bool has_more_cells(const struct reading *r)
{
	for (size_t i = r->column_count; i < LIMIT_CSV_COLUMNS; i++)
		if (csv_cell(r->csv, i).n)
			return true;
	return false;
}

static int read_row(struct reading *r)
{
	struct str cell = cell_of(r, CONTROL);
	struct ads_row row = { .line = csv_line(r->csv) };

	if (role_of(r, cell) == DATE)
		return take_date_line(r, r->columns[CONTROL]);
	if (has_more_cells(r))
		return wrong(r, "the row has more cells than there are columns.");
	if (!cell.n)
		return wrong(r, "the row names no control point.");
	if (read_level(r, &row.level) || read_number(r, &row.count) || read_id(r, cell, &row) ||
		check_id(r, cell, &row) || read_status(r, &row) || take_date(r, cell_of(r, DATE)))
		return r->err->code;
	return keep(r, &row);
}

/* ---- the header ----------------------------------------------------------------------------- */

static int take_heading(struct reading *r, struct str heading, size_t column)
{
	enum role role = role_of(r, heading);

	if (role == ROLE_COUNT)
		return 0;
	if (r->columns[role] != CSV_NONE)
		return wrong(r, "two columns say the same: '%.*s' is the second.", SHOW(heading));
	r->columns[role] = column;
	return 0;
}

/* The line of the date may come first; then the header is the row behind it. */
static int read_header(struct reading *r)
{
	bool there = false, later = csv_heading_count(r->csv) > 1 &&
				    role_of(r, csv_heading(r->csv, 0)) == DATE &&
				    role_of(r, csv_heading(r->csv, 1)) == ROLE_COUNT;

	if (later && (take_date_line(r, 0) || csv_next(r->csv, &there, r->err)))
		return r->err->code;
	if (later && !there)
		return wrong(r, "the row that names the columns is missing.");
	r->column_count = later ? 0 : csv_heading_count(r->csv);
	for (size_t i = 0; later && i < LIMIT_CSV_COLUMNS; i++)
		if (csv_cell(r->csv, i).n)
			r->column_count = i + 1;
	for (size_t i = 0; i < r->column_count; i++)
		if (take_heading(r, later ? csv_cell(r->csv, i) : csv_heading(r->csv, i), i))
			return r->err->code;
	if (r->columns[CONTROL] == CSV_NONE)
		return wrong(r,
			"it has no column 'control'; the columns are control;level;status;count "
			"(contrôle;niveau;statut;nombre).");
	if (r->columns[LEVEL] == CSV_NONE && r->columns[STATUS] == CSV_NONE &&
		r->columns[COUNT] == CSV_NONE)
		return wrong(r,
			"it has none of the columns level, status and count (niveau, statut, "
			"nombre).");
	return 0;
}

static int read_rows(struct reading *r)
{
	bool there;

	while (!csv_next(r->csv, &there, r->err) && there)
		if (read_row(r))
			return r->err->code;
	if (!r->err->code && !r->count)
		return wrong(r, "it names no control point.");
	return r->err->code;
}

int ads_file_read_csv(struct arena *a, struct csv *csv, const char *name, const struct catalogue *c,
	struct ads_file *out, struct err *err)
{
	struct err failed = { 0 };
	struct reading r = { .arena = a,
		.csv = csv,
		.name = name,
		.catalogue = c,
		.rows = ARENA_ARRAY(a, struct ads_row, LIMIT_ADS_POINTS),
		.strangers = ARENA_ARRAY(a, struct ads_stranger, LIMIT_ADS_POINTS),
		.dated = INT64_MIN,
		.err = &failed };

	for (size_t i = 0; i < ROLE_COUNT; i++)
		r.columns[i] = CSV_NONE;
	if (!read_header(&r))
		read_rows(&r);
	hash_free(&r.seen);
	buf_free(&r.plain);
	if (failed.code) {
		*err = failed;
		return err->code;
	}
	*out = (struct ads_file){ { r.dated, r.rows, r.count }, r.strangers, r.stranger_count };
	return 0;
}

int ads_file_read(struct arena *a, const char *path, const struct catalogue *c,
	struct ads_file *out, struct err *err)
{
	struct csv *csv = NULL;
	int rc = csv_open(path, &csv, err);

	if (!rc)
		rc = ads_file_read_csv(a, csv, path, c, out, err);
	csv_close(csv);
	return rc;
}

/* ---- what people should know ---------------------------------------------------------------- */

void ads_file_notes(const struct cli *cli, const struct ads_file *f, const char *path)
{
	bool french = cli->lang == LANG_FR;

	for (size_t i = 0; i < f->stranger_count && !cli->quiet; i++) {
		const struct ads_stranger *s = &f->strangers[i];

		fprintf(stderr,
			french ? "%s:%zu\u00a0: le catalogue ne connaît pas «\u00a0%.*s\u00a0»"
			       : "%s:%zu: the catalogue has no “%.*s”",
			path, s->line, STR_ARG(s->id));
		if (s->nearest.n)
			fprintf(stderr,
				french ? "\u00a0; s’agit-il de %.*s\u00a0?" : "; is %.*s meant?",
				STR_ARG(s->nearest));
		fputs(s->nearest.n ? "\n" : ".\n", stderr);
	}
}
