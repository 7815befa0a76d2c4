#include "snapshot/oradad_typed.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/search.h"

#include <stdlib.h>

_Static_assert(LIMIT_ORADAD_TABLES < 0x8000, "a reading's number has 15 bits");
#define OFFSETS (UINT64_C(1) << 48)

/* The column of an attribute. A number that ORADAD also tells in words has one of its own. */
static size_t column_of(const struct oradad_table *t, const struct oradad_attribute *a)
{
	char number[LIMIT_ATTRIBUTE_NAME_BYTES + 8];

	if (a->kind == ORADAD_NUMBER || a->kind == ORADAD_RAW) {
		snprintf(number, sizeof(number), "%s_int", a->name);
		size_t at = oradad_column(t, str_of(number));

		if (at != SIZE_MAX || a->kind == ORADAD_RAW)
			return at;
	}
	return oradad_column(t, str_of(a->name));
}

size_t oradad_take(const struct oradad_table *t, struct arena *a, const struct oradad_taken **out)
{
	struct oradad_taken *taken = ARENA_ARRAY(a, struct oradad_taken, oradad_attribute_count);
	size_t n = 0;

	for (size_t i = 0; i < oradad_attribute_count; i++) {
		const struct oradad_attribute *attribute = &oradad_attributes[i];

		if (attribute->how == ORADAD_SECRET)
			continue;
		size_t column = column_of(t, attribute);

		if (column != SIZE_MAX)
			taken[n++] = (struct oradad_taken){ attribute, column };
	}
	*out = taken;
	return n;
}

int oradad_reading_open(struct oradad_reading *r, const struct oradad_folder *f,
	const struct oradad_table *t, struct arena *a, struct err *err)
{
	const char *path = oradad_folder_file(f, t->file);

	*r = (struct oradad_reading){ .table = t };
	r->taken_count = oradad_take(t, a, &r->taken);
	if (!path)
		return 0;
	if (oradad_rows_open(path, t->column_count, &r->rows, err))
		return err->code;
	oradad_rows_want(r->rows, 0);
	for (size_t i = 0; i < r->taken_count; i++)
		oradad_rows_want(r->rows, r->taken[i].column);
	return 0;
}

/* ---- the index ---- */

static void add_entry(struct oradad_typed *t, struct oradad_entry e)
{
	if (t->entry_count == t->entry_room) {
		t->entry_room = t->entry_room ? t->entry_room + t->entry_room / 2 : 1024;
		t->entries = xrealloc(t->entries, t->entry_room * sizeof(*t->entries));
	}
	t->entries[t->entry_count++] = e;
}

static int index_rows(struct oradad_typed *t, size_t number, struct err *err)
{
	struct oradad_rows *rows = t->readings[number].rows;
	bool there;

	for (;;) {
		int code = oradad_rows_next(rows, &there, err);

		if (!code && there && oradad_rows_line(rows) % 4096 == 0)
			code = platform_check_interrupted(err);
		if (code || !there)
			return code;
		uint64_t offset = oradad_rows_offset(rows);

		if (offset >= OFFSETS || t->entry_count > 2 * (uint64_t)LIMIT_OBJECTS)
			return err_set(err, ERR_SOURCE, "'%.*s' is too large.",
				STR_ARG(t->readings[number].table->file));
		add_entry(t, (struct oradad_entry){ hash_bytes(oradad_rows_cell(rows, 0)),
				     offset << 16 | number << 1 });
	}
}

static int order(const void *a, const void *b)
{
	const struct oradad_entry *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	uint64_t left = (x->where & 0xffff), right = (y->where & 0xffff);

	if (left != right)
		return left < right ? -1 : 1;
	return (x->where > y->where) - (x->where < y->where);
}

static bool is_typed(const struct oradad_table *t)
{
	return t->column_count && str_ieq(t->columns[0].name, STR("dn")) &&
	       !str_ieq(t->name, STR("top"));
}

int oradad_typed_open(struct oradad_typed *t, const struct oradad_folder *f,
	const struct oradad_tables *tables, const struct oradad_table *top, struct arena *a,
	struct err *err)
{
	*t = (struct oradad_typed){ 0 };
	t->readings = ARENA_ARRAY(a, struct oradad_reading, tables->count);
	for (size_t i = 0; i < tables->count; i++) {
		const struct oradad_table *table = &tables->tables[i];

		if (!is_typed(table) || !str_eq(table->base, top->base) ||
			!str_eq(table->domain, top->domain))
			continue;
		if (oradad_reading_open(&t->readings[t->count], f, table, a, err))
			return err->code;
		size_t number = t->count++;
		if (t->readings[number].rows && index_rows(t, number, err))
			return err->code;
	}
	if (t->entry_count)
		qsort(t->entries, t->entry_count, sizeof(*t->entries), order);
	return 0;
}

void oradad_typed_close(struct oradad_typed *t)
{
	for (size_t i = 0; i < t->count; i++)
		oradad_rows_close(t->readings[i].rows);
	free(t->entries);
	*t = (struct oradad_typed){ 0 };
}

static bool is_before(const void *entry, const void *hash)
{
	return ((const struct oradad_entry *)entry)->hash < *(const uint64_t *)hash;
}

size_t oradad_typed_find(const struct oradad_typed *t, struct str dn)
{
	uint64_t hash = hash_bytes(dn);
	size_t at = lower_bound(t->entries, t->entry_count, sizeof(*t->entries), &hash, is_before);

	return at < t->entry_count && t->entries[at].hash == hash ? at : t->entry_count;
}

int oradad_typed_read(struct oradad_typed *t, size_t i, struct str dn,
	const struct oradad_reading **out, struct err *err)
{
	struct oradad_entry *e = &t->entries[i];
	struct oradad_reading *r = &t->readings[(e->where & 0xffff) >> 1];
	bool there = false;

	/* Every row was read once, so that its line is not kept for sentences. */
	if (oradad_rows_seek(r->rows, e->where >> 16, 0, err) ||
		oradad_rows_next(r->rows, &there, err))
		return err->code;
	*out = there && (!dn.p || str_eq(oradad_rows_cell(r->rows, 0), dn)) ? r : NULL;
	if (*out)
		e->where |= 1;
	return 0;
}

bool oradad_typed_was_found(const struct oradad_typed *t, size_t i)
{
	return t->entries[i].where & 1;
}
