#include "runs/previous.h"

#include "base/buf.h"
#include "base/datetime.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/utf8.h"

#include <jansson.h>
#include <stdlib.h>

struct reading {
	struct arena *arena;
	const char *name;
	struct previous_run *out;
};

static int wrong(const struct reading *r, const char *what, struct err *err)
{
	return err_set(
		err, ERR_SOURCE, "%s is not a results.json of this program: %s.", r->name, what);
}

static struct str text_of(const struct reading *r, const json_t *value)
{
	if (!json_is_string(value))
		return (struct str){ 0 };
	return arena_str(r->arena, utf8_sanitize(r->arena, (struct str){ json_string_value(value),
								   json_string_length(value) }));
}

static bool is_text(const json_t *value, const char *text)
{
	return json_is_string(value) && str_eq(str_of(json_string_value(value)), str_of(text));
}

/* ---- the directory ---- */

static int read_directory(struct reading *r, const json_t *root, struct err *err)
{
	const json_t *directory = json_object_get(root, "directory");
	const json_t *domains = json_object_get(directory, "domains");
	size_t count = json_array_size(domains);
	struct str *sids = ARENA_ARRAY(r->arena, struct str, count);

	if (!json_is_array(domains))
		return wrong(r, "directory.domains is missing", err);
	for (size_t i = 0; i < count; i++) {
		const json_t *sid = json_object_get(json_array_get(domains, i), "sid");

		if (json_is_null(sid))
			return err_set(err, ERR_SOURCE,
				"%s is an anonymous run: it cannot be told whether it is of the "
				"same directory.",
				r->name);
		if (!json_is_string(sid))
			return wrong(r, "a domain has no SID", err);
		sids[i] = text_of(r, sid);
	}
	if (!datetime_parse(
		    text_of(r, json_object_get(directory, "evaluated_at")), &r->out->evaluated_at))
		return wrong(r, "directory.evaluated_at is no date", err);
	r->out->domains = sids;
	r->out->domain_count = count;
	return 0;
}

/* ---- the table of privileged accounts ---- */

struct columns {
	size_t sid, name, enabled;
};

static bool find_column(const json_t *table, const char *name, size_t *at)
{
	const json_t *columns = json_object_get(table, "columns");
	size_t n = json_array_size(columns);

	for (*at = 0; *at < n; ++*at)
		if (is_text(json_object_get(json_array_get(columns, *at), "name"), name))
			return true;
	return false;
}

static const json_t *find_table(const json_t *root)
{
	const json_t *tables = json_object_get(root, "tables");

	for (size_t i = 0; i < json_array_size(tables); i++) {
		const json_t *table = json_array_get(tables, i);

		if (is_text(json_object_get(table, "family"), "privileged") &&
			is_text(json_object_get(table, "name"), "accounts"))
			return table;
	}
	return NULL;
}

static int by_sid(const void *a, const void *b)
{
	return str_cmp(((const struct previous_account *)a)->sid,
		((const struct previous_account *)b)->sid);
}

static int read_rows(
	struct reading *r, const json_t *rows, const struct columns *at, struct err *err)
{
	size_t count = json_array_size(rows), n = 0;
	struct previous_account *list = ARENA_ARRAY(r->arena, struct previous_account, count);

	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(rows, i), *sid = json_array_get(row, at->sid);

		if (!json_is_array(row) || (!json_is_string(sid) && !json_is_null(sid)))
			return wrong(r, "a row of the privileged accounts is malformed", err);
		if (!json_is_string(sid))
			continue;
		list[n++] = (struct previous_account){
			.sid = text_of(r, sid),
			.name = text_of(r, json_array_get(row, at->name)),
			.enabled = is_text(json_array_get(row, at->enabled), "yes"),
		};
	}
	if (n)
		qsort(list, n, sizeof(*list), by_sid);
	r->out->accounts = list;
	r->out->count = n;
	return 0;
}

/* A run of an older version has no such table; one that was cut is no list. */
static int read_accounts(struct reading *r, const json_t *root, struct err *err)
{
	const json_t *table = find_table(root), *rows = json_object_get(table, "rows");
	const json_t *total = json_object_get(table, "row_total");
	const json_t *family = json_object_get(json_object_get(root, "indicators"), "privileged");
	const json_t *complete = json_object_get(family, "complete");
	struct columns at;

	r->out->complete = json_is_integer(complete) && json_integer_value(complete) == 1;
	if (!table)
		return 0;
	if (!json_is_array(rows) || !json_is_integer(total) ||
		!find_column(table, "sid", &at.sid) || !find_column(table, "account", &at.name) ||
		!find_column(table, "enabled", &at.enabled))
		return wrong(r, "the table of privileged accounts is malformed", err);
	r->out->listed = json_integer_value(total) == (json_int_t)json_array_size(rows);
	return read_rows(r, rows, &at, err);
}

static int read_root(struct reading *r, const json_t *root, struct err *err)
{
	const json_t *schema = json_object_get(root, "schema");

	if (!json_is_integer(schema) ||
		!is_text(json_object_get(json_object_get(root, "tool"), "name"), "adhygiene"))
		return wrong(r, "it says neither schema nor tool", err);
	if (json_integer_value(schema) != 1)
		return err_set(err, ERR_SOURCE, "%s has schema %lld; this version reads schema 1.",
			r->name, (long long)json_integer_value(schema));
	if (read_directory(r, root, err) || read_accounts(r, root, err))
		return err->code;
	return 0;
}

int previous_parse(struct str bytes, const char *name, struct arena *a, struct previous_run *out,
	struct err *err)
{
	struct previous_run run = { 0 };
	struct reading r = { a, name, &run };
	json_error_t where;
	json_t *root = json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, &where);
	int rc;

	if (!root)
		return err_set(err, ERR_SOURCE, "%s:%d:%d: this is not JSON: %s.", name, where.line,
			where.column, where.text);
	rc = read_root(&r, root, err);
	json_decref(root);
	if (rc == 0)
		*out = run;
	return rc;
}

static bool ends_with(const char *path, const char *end)
{
	struct str p = str_of(path), e = str_of(end);

	return p.n >= e.n && str_ieq((struct str){ p.p + p.n - e.n, e.n }, e);
}

int previous_read(const char *path, struct arena *a, struct previous_run *out, struct err *err)
{
	struct buf bytes = { 0 };
	int rc;

	if (ends_with(path, ".xlsx"))
		return err_set(err, ERR_USAGE,
			"--previous does not read a workbook yet; give the results.json beside "
			"it.");
	if (platform_is_folder(path))
		path = arena_printf(a, "%s/results.json", path).p;
	rc = platform_read_file(path, LIMIT_RESULTS_BYTES, &bytes, ERR_SOURCE, err);
	if (rc == 0)
		rc = previous_parse(buf_str(&bytes), path, a, out, err);
	buf_free(&bytes);
	return rc;
}

int previous_same_directory(const struct previous_run *p, const char *name, const struct str *sids,
	size_t count, struct err *err)
{
	for (size_t i = 0; i < p->domain_count; i++)
		for (size_t k = 0; k < count; k++)
			if (str_eq(p->domains[i], sids[k]))
				return 0;
	return err_set(err, ERR_USAGE,
		"--previous: %s is a run of another directory: no domain has the same SID.", name);
}
