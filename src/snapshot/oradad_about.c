#include "snapshot/oradad_about.h"

#include "ad/filetime.h"
#include "ad/sid.h"
#include "base/datetime.h"
#include "base/limits.h"
#include "snapshot/oradad_typed.h"

#include <string.h>

/* ---- metadata.tsv ---- */

static struct str text_of(struct arena *a, const struct oradad_rows *rows, size_t column)
{
	struct buf b = { 0 };

	oradad_utf8(&b, oradad_rows_cell(rows, column));
	struct str s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

static void take_fact(struct oradad_about *out, struct str key, struct str value)
{
	int64_t n;

	if (str_ieq(key, STR("oradad_version")))
		out->version = value;
	else if (str_ends(key, STR("|systemtime")))
		oradad_time_parse(value, &out->collected_at);
	else if ((str_eq(key, STR("oradad|config|level")) || str_eq(key, STR("oradad_level"))) &&
		 str_to_i64(value, &n))
		out->level = n;
	else if (str_eq(key, STR("oradad|config|confidential")) && str_to_i64(value, &n))
		out->confidential = n;
}

static int read_metadata(struct oradad_about *out, const struct oradad_folder *f,
	const struct oradad_table *t, struct arena *a, struct err *err)
{
	const char *path = oradad_folder_file(f, t->file);
	struct oradad_rows *rows = NULL;
	bool there = true;

	if (!path || t->column_count < 2)
		return 0;
	int code = oradad_rows_open(path, t->column_count, &rows, err);
	while (!code && !(code = oradad_rows_next(rows, &there, err)) && there)
		take_fact(out, text_of(a, rows, 0), text_of(a, rows, 1));
	oradad_rows_close(rows);
	return code;
}

/* ---- the rootDSEs ---- */

struct roots {
	struct oradad_about *out;
	struct snapshot_writer *w;
	struct arena *a;
	bool forest_root; /* of this pass: only that of the forest's root */
	bool any, put;
	bool no_token; /* one of them does not say who read */
};

static const struct raw_attr *attr_of(const struct raw_object *o, struct str name)
{
	for (size_t i = 0; i < o->count; i++)
		if (str_ieq(o->attrs[i].name, name) && o->attrs[i].count)
			return &o->attrs[i];
	return NULL;
}

static bool holds(const struct raw_attr *a, struct str sid)
{
	for (size_t i = 0; i < a->count; i++)
		if (str_eq(a->values[i], sid))
			return true;
	return false;
}

/* Keeps the SIDs that this token has too: an operator of one domain is none of another's. */
static void take_token(struct roots *r, const struct raw_attr *token)
{
	struct oradad_about *out = r->out;
	struct str *kept;
	size_t n = 0;

	if (!token) {
		r->no_token = true;
		return;
	}
	if (!r->any) {
		out->token = token->values;
		out->token_count =
			token->count < LIMIT_TOKEN_SIDS ? token->count : LIMIT_TOKEN_SIDS;
		return;
	}
	kept = ARENA_ARRAY(r->a, struct str, out->token_count);
	for (size_t i = 0; i < out->token_count; i++)
		if (holds(token, out->token[i]))
			kept[n++] = out->token[i];
	out->token = kept;
	out->token_count = n;
}

static bool is_forest_root(const struct raw_object *o)
{
	const struct raw_attr *own = attr_of(o, STR("defaultNamingContext"));
	const struct raw_attr *root = attr_of(o, STR("rootDomainNamingContext"));

	return own && root && str_ieq(own->values[0], root->values[0]);
}

static void take_facts(struct roots *r, const struct raw_object *o)
{
	const struct raw_attr *forest = attr_of(o, STR("rootDomainNamingContext"));
	const struct raw_attr *time = attr_of(o, STR("currentTime"));

	if (forest)
		r->out->forest = forest->values[0];
	if (time && r->out->collected_at == INT64_MIN)
		generalized_time_parse(time->values[0], &r->out->collected_at);
}

static int take_root(struct roots *r, const struct oradad_reading *from, struct err *err)
{
	struct raw_attr *attrs = ARENA_ARRAY(r->a, struct raw_attr, from->taken_count);
	struct raw_object o = { .dn = STR(""), .attrs = attrs };
	const struct raw_attr *token = NULL;

	for (size_t i = 0; i < from->taken_count; i++) {
		const struct oradad_taken *t = &from->taken[i];

		oradad_cell_decode(t->attribute, oradad_rows_cell(from->rows, t->column), SIZE_MAX,
			r->a, &attrs[o.count]);
		o.count += attrs[o.count].count > 0;
	}
	token = attr_of(&o, STR("tokenGroups"));
	if (r->forest_root)
		take_token(r, token);
	r->any = true;
	if (r->put || (r->forest_root && !is_forest_root(&o)))
		return 0;
	r->put = true;
	take_facts(r, &o);
	return snapshot_put(r->w, &o, err);
}

/* One row, or one for each domain in the versions that have one file for all. */
static int read_root(struct roots *r, const struct oradad_folder *f, const struct oradad_table *t,
	struct err *err)
{
	struct oradad_reading from;
	bool there = true;
	int code = oradad_reading_open(&from, f, t, r->a, err);

	while (!code && from.rows && !(code = oradad_rows_next(from.rows, &there, err)) && there)
		code = take_root(r, &from, err);
	if (!from.rows)
		r->no_token = true;
	oradad_rows_close(from.rows);
	return code;
}

static int read_roots(struct roots *r, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct err *err)
{
	for (size_t i = 0; i < tables->count; i++)
		if (str_ieq(tables->tables[i].name, STR("rootDSE")) &&
			read_root(r, f, &tables->tables[i], err))
			return err->code;
	return 0;
}

int oradad_about_read(struct oradad_about *out, const struct oradad_folder *f,
	const struct oradad_tables *tables, struct snapshot_writer *w, struct arena *a,
	struct err *err)
{
	struct roots r = { .out = out, .w = w, .a = a, .forest_root = true };

	*out = (struct oradad_about){ .confidential = -1, .collected_at = INT64_MIN };
	for (size_t i = 0; i < tables->count; i++)
		if (str_ieq(tables->tables[i].name, STR("metadata")) &&
			read_metadata(out, f, &tables->tables[i], a, err))
			return err->code;
	if (read_roots(&r, f, tables, err))
		return err->code;
	r.forest_root = false;
	if (!r.put && read_roots(&r, f, tables, err))
		return err->code;
	if (r.no_token)
		out->token_count = 0;
	return 0;
}

/* Is the version known, and before 3.6.build? */
static bool is_before(struct str version, int64_t build)
{
	const int64_t first[] = { 3, 6, build };

	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		int64_t n;

		if (!str_to_i64(str_cut(version, '.', &version), &n) || n > first[i])
			return false;
		if (n < first[i])
			return true;
	}
	return false;
}

size_t oradad_about_limit(const struct oradad_about *about)
{
	return is_before(about->version, 216) ? SIZE_MAX : ORADAD_CELL_UNITS;
}

bool oradad_about_first_only(const struct oradad_about *about)
{
	return !about->version.n || is_before(about->version, 218);
}

/* ---- of the snapshot ---- */

static int put_token(const struct oradad_about *about, struct snapshot_writer *w, struct err *err)
{
	struct buf b = { 0 };
	char text[SID_TEXT];
	struct sid sid;

	for (size_t i = 0; i < about->token_count; i++)
		if (sid_parse(about->token[i], &sid))
			buf_printf(&b, b.n ? " %s" : "%s", sid_text(&sid, text));
	int code = b.n ? snapshot_put_meta(w, META_READER_TOKEN, buf_str(&b), err)
		       : snapshot_put_coverage(
				 w, STR("identity"), COVERAGE_NOTE, STR("reader_unknown"), err);
	buf_free(&b);
	return code;
}

int oradad_about_put(const struct oradad_about *about, struct str run, struct snapshot_writer *w,
	struct err *err)
{
	char time[DATETIME_TEXT];
	int code = snapshot_put_meta(w, META_SOURCE, STR("oradad"), err);

	if (!code)
		code = snapshot_put_meta(w, META_SERVER, run, err);
	if (!code && about->version.n)
		code = snapshot_put_meta(w, META_ORADAD_VERSION, about->version, err);
	if (!code && about->collected_at != INT64_MIN)
		code = snapshot_put_meta(
			w, META_COLLECTED_AT, str_of(datetime_iso(about->collected_at, time)), err);
	return code ? code : put_token(about, w, err);
}
