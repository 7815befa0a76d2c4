/* A stored run gets what its results.json leaves out. */
#include "engine/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ---------------------------------------------------------------------------------- */

static void describe_controls(const struct catalogue *catalogue, struct run *r)
{
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, r->control_count);

	if (r->control_count)
		memcpy(list, r->controls, r->control_count * sizeof(*list));
	for (size_t i = 0; i < r->control_count; i++) {
		const struct catalogue_entry *entry = catalogue_find(catalogue, list[i].id);

		if (entry)
			describe_entry(entry, &list[i]);
		else
			list[i].title = (struct run_text){ list[i].id, list[i].id };
	}
	r->controls = list;
}

/* ---- who is privileged ---------------------------------------------------------------------- */

static const struct run_table *find_table(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->table_count; i++)
		if (str_eq(r->tables[i].family, STR("privileged")) &&
			str_eq(r->tables[i].name, str_of(name)))
			return &r->tables[i];
	return NULL;
}

/* The row's cell of that column and kind; an empty one where there is no such column. */
static struct run_cell cell_of(
	const struct run_table *t, size_t row, const char *column, enum run_column_kind kind)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (t->columns[i].kind == kind && str_eq(t->columns[i].name, str_of(column)))
			return t->cells[row * t->column_count + i];
	return (struct run_cell){ { NULL, 0 }, INT64_MIN };
}

static int yes_or_no(struct str code)
{
	return str_eq(code, STR("yes")) ? 1 : str_eq(code, STR("no")) ? 0 : -1;
}

static void list_privileged(struct run *r)
{
	const struct run_table *t = find_table(r, "accounts");
	size_t count = t ? t->row_count : 0;
	struct run_privileged *list = ARENA_ARRAY(&r->arena, struct run_privileged, count);

	for (size_t i = 0; i < count; i++)
		list[i] = (struct run_privileged){
			.name = cell_of(t, i, "account", COLUMN_NAME).text,
			.sid = cell_of(t, i, "sid", COLUMN_TEXT).text,
			.kind = cell_of(t, i, "kind", COLUMN_CODE).text,
			.domain = cell_of(t, i, "domain", COLUMN_TEXT).text,
			.enabled = yes_or_no(cell_of(t, i, "enabled", COLUMN_CODE).text),
			.password_set = INT64_MIN,
			.last_logon = cell_of(t, i, "last_logon", COLUMN_DATE).number,
			.never_expires = -1,
			.mfa = -1,
			.tier = -1,
		};
	r->privileged = list;
	r->privileged_count = count;
}

/* A group is told by name and domain: its table holds no SID. */
static struct str group_key(struct arena *a, struct str name, struct str domain)
{
	return arena_printf(a, "%.*s\n%.*s", STR_ARG(name), STR_ARG(domain));
}

static void index_groups(struct run *r, struct arena *a, struct hash *groups)
{
	const struct run_table *t = find_table(r, "groups");

	for (size_t i = 0; t && i < t->row_count; i++)
		hash_add(groups,
			group_key(a, cell_of(t, i, "group", COLUMN_NAME).text,
				cell_of(t, i, "domain", COLUMN_TEXT).text),
			1);
}

struct who {
	struct run_privileged *list;
	struct hash accounts, groups;
	struct arena keys, scratch;
};

static uint64_t count_privileged(struct who *w, const struct run_control *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->object_count; i++) {
		const struct run_object *o = &c->objects[i];
		uint32_t at = o->waived || !o->sid.n ? HASH_NONE : hash_get(&w->accounts, o->sid);

		if (at != HASH_NONE) {
			w->list[at].failed_controls++;
			n++;
		} else if (!o->waived && str_eq(o->kind, STR("group"))) {
			n += hash_get(&w->groups, group_key(&w->scratch, o->name, o->domain)) !=
			     HASH_NONE;
			arena_reset(&w->scratch);
		}
	}
	return n;
}

static void order_stored_actions(struct run *r)
{
	struct who w = { 0 };
	uint64_t *privileged = xcalloc(r->control_count + 1, sizeof(*privileged));

	w.list = ARENA_ARRAY(&r->arena, struct run_privileged, r->privileged_count);
	if (r->privileged_count)
		memcpy(w.list, r->privileged, r->privileged_count * sizeof(*w.list));
	for (size_t i = 0; i < r->privileged_count; i++)
		if (w.list[i].sid.n)
			hash_add(&w.accounts, w.list[i].sid, (uint32_t)i);
	index_groups(r, &w.keys, &w.groups);
	for (size_t i = 0; i < r->control_count; i++)
		privileged[i] = count_privileged(&w, &r->controls[i]);
	run_order_actions(r, privileged);
	r->privileged = w.list;
	hash_free(&w.accounts);
	hash_free(&w.groups);
	arena_free(&w.keys);
	arena_free(&w.scratch);
	free(privileged);
}

void engine_describe_run(const struct catalogue *c, struct run *r)
{
	describe_controls(c, r);
	list_privileged(r);
	families_list_controls(r);
	order_stored_actions(r);
}
