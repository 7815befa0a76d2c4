#include "runs/previous.h"

#include "runs/stored.h"

#include <stdlib.h>

/* ---- the directory ---- */

static int copy_domains(const struct run *r, const char *name, struct arena *a,
	struct previous_run *out, struct err *err)
{
	struct str *sids = ARENA_ARRAY(a, struct str, r->domain_count);

	for (size_t i = 0; i < r->domain_count; i++) {
		if (!r->domains[i].sid.n)
			return err_set(err, ERR_SOURCE,
				"%s is an anonymous run: it cannot be told whether it is of the "
				"same directory.",
				name);
		sids[i] = arena_str(a, r->domains[i].sid);
	}
	out->domains = sids;
	out->domain_count = r->domain_count;
	return 0;
}

/* ---- the table of privileged accounts ---- */

static const struct run_table *find_table(const struct run *r)
{
	for (size_t i = 0; i < r->table_count; i++)
		if (str_eq(r->tables[i].family, STR("privileged")) &&
			str_eq(r->tables[i].name, STR("accounts")))
			return &r->tables[i];
	return NULL;
}

struct columns {
	size_t sid, name, enabled;
};

/* A column of text. */
static bool find_column(const struct run_table *t, const char *name, size_t *at)
{
	for (*at = 0; *at < t->column_count; ++*at)
		if (str_eq(t->columns[*at].name, str_of(name)))
			return t->columns[*at].kind != COLUMN_NUMBER &&
			       t->columns[*at].kind != COLUMN_DATE;
	return false;
}

static int by_sid(const void *a, const void *b)
{
	return str_cmp(((const struct previous_account *)a)->sid,
		((const struct previous_account *)b)->sid);
}

static void copy_rows(const struct run_table *t, const struct columns *at, struct arena *a,
	struct previous_run *out)
{
	struct previous_account *list = ARENA_ARRAY(a, struct previous_account, t->row_count);
	size_t n = 0;

	for (size_t i = 0; i < t->row_count; i++) {
		const struct run_cell *row = t->cells + i * t->column_count;

		if (!row[at->sid].text.p)
			continue;
		list[n++] = (struct previous_account){
			.sid = arena_str(a, row[at->sid].text),
			.name = arena_str(a, row[at->name].text),
			.enabled = str_eq(row[at->enabled].text, STR("yes")),
		};
	}
	if (n)
		qsort(list, n, sizeof(*list), by_sid);
	out->accounts = list;
	out->count = n;
}

static bool is_complete(const struct run *r)
{
	for (size_t f = 0; f < ARRAY_LEN(r->families); f++)
		for (size_t i = 0; i < r->families[f].count; i++)
			if (str_eq(r->families[f].name, STR("privileged")) &&
				str_eq(r->families[f].indicators[i].name, STR("complete")))
				return r->families[f].indicators[i].value == 1;
	return false;
}

int previous_of_run(const struct run *r, const char *name, struct arena *a,
	struct previous_run *out, struct err *err)
{
	struct previous_run p = { .evaluated_at = r->evaluated_at, .complete = is_complete(r) };
	const struct run_table *t = find_table(r);
	struct columns at;

	if (copy_domains(r, name, a, &p, err))
		return err->code;
	/* One that was cut is no list. */
	if (t) {
		if (!find_column(t, "sid", &at.sid) || !find_column(t, "account", &at.name) ||
			!find_column(t, "enabled", &at.enabled))
			return err_set(err, ERR_SOURCE,
				"%s is not a results.json of this program: the table of privileged "
				"accounts is malformed.",
				name);
		p.listed = t->row_total == t->row_count;
		copy_rows(t, &at, a, &p);
	}
	*out = p;
	return 0;
}

/* ---- files ---- */

static int finish(
	struct run *r, const char *name, struct arena *a, struct previous_run *out, struct err *err)
{
	int rc = previous_of_run(r, name, a, out, err);

	run_free(r);
	return rc;
}

int previous_parse(struct str bytes, const char *name, struct arena *a, struct previous_run *out,
	struct err *err)
{
	struct run r;

	if (stored_run_parse(bytes, name, &r, err))
		return err->code;
	return finish(&r, name, a, out, err);
}

bool previous_shares_domain(
	const struct str *sids, size_t count, const struct str *others, size_t other_count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < other_count; k++)
			if (str_eq(sids[i], others[k]))
				return true;
	return false;
}

int previous_same_directory(const struct previous_run *p, const char *name, const struct str *sids,
	size_t count, struct err *err)
{
	if (previous_shares_domain(p->domains, p->domain_count, sids, count))
		return 0;
	return err_set(err, ERR_USAGE,
		"--previous: %s is a run of another directory: no domain has the same SID.", name);
}
