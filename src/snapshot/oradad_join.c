#include "snapshot/oradad_join.h"

#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAMED_MOST 1000u
#define RODC_GROUP "521" /* Read-only Domain Controllers (MS-DTYP 2.4.2.4) */

const struct oradad_class oradad_classes[] = {
#define ORADAD_COLUMN(name, kind, values, how)
#define ORADAD_TABLE(table, object_class) { table, object_class },
#include "snapshot/oradad_columns.def"
#undef ORADAD_COLUMN
#undef ORADAD_TABLE
};
const size_t oradad_class_count = ARRAY_LEN(oradad_classes);

/* Where the table of a class is. */
enum whereabouts {
	NOWHERE,   /* this version has none */
	ELSEWHERE, /* in other naming contexts */
	NO_FILE,
	HERE,
};

struct damage {
	const struct oradad_attribute *attribute;
	enum oradad_cell state;
};

struct joining {
	struct oradad_join *j;
	struct oradad_reading top;
	struct oradad_typed typed;
	struct arena arena; /* of the naming context */
	enum whereabouts *of_class;
	const struct oradad_table **table_of_class;
	size_t deleted, recycled; /* columns of top, or SIZE_MAX */
	/* The object at hand. */
	struct arena object;
	struct buf dn;
	uint64_t number;
	uint64_t *seen; /* by attribute: the number of the last object that had it */
	struct raw_attr *attrs;
	size_t attr_count;
	struct damage *damages;
	size_t damage_count;
	const struct oradad_attribute *unranged; /* one of those, whose cell is empty */
	const struct oradad_table **matched;
	size_t matched_count;
};

bool oradad_has_table(const struct oradad_tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->count; i++)
		if (str_ieq(tables->tables[i].name, str_of(name)))
			return true;
	return false;
}

/* ---- one object ---- */

static void begin(struct joining *s, struct str dn)
{
	arena_reset(&s->object);
	buf_clear(&s->dn);
	oradad_utf8(&s->dn, dn);
	s->number++;
	s->attr_count = s->damage_count = s->matched_count = 0;
	s->unranged = NULL;
}

/* Adds what the row at hand tells and no row before it told. */
static void take_row(struct joining *s, const struct oradad_reading *r)
{
	for (size_t i = 0; i < r->taken_count; i++) {
		const struct oradad_taken *t = &r->taken[i];
		struct str cell = oradad_rows_cell(r->rows, t->column);
		uint64_t *seen = &s->seen[t->attribute - oradad_attributes];
		struct raw_attr attr;

		if (!cell.n && t->attribute->how == ORADAD_UNRANGED)
			s->unranged = t->attribute;
		if (!cell.n || *seen == s->number)
			continue;
		enum oradad_cell state =
			oradad_cell_decode(t->attribute, cell, s->j->limit, &s->object, &attr);

		*seen = s->number;
		if (attr.count)
			s->attrs[s->attr_count++] = attr;
		if (s->j->first_only && t->attribute->how == ORADAD_FIRST && attr.count == 1)
			state = ORADAD_CELL_CUT;
		if (state == ORADAD_CELL_CUT || state == ORADAD_CELL_BAD)
			s->damages[s->damage_count++] = (struct damage){ t->attribute, state };
	}
}

/* The rows of the other tables that have this DN. */
static int take_typed(struct joining *s, struct str dn, struct err *err)
{
	size_t i = oradad_typed_find(&s->typed, dn);
	uint64_t hash = i < s->typed.entry_count ? s->typed.entries[i].hash : 0;

	for (; i < s->typed.entry_count && s->typed.entries[i].hash == hash; i++) {
		const struct oradad_reading *r;

		if (oradad_typed_read(&s->typed, i, dn, &r, err))
			return err->code;
		if (!r)
			continue;
		take_row(s, r);
		if (s->matched_count < s->typed.count)
			s->matched[s->matched_count++] = r->table;
	}
	return 0;
}

/* Has the object at hand this value of the attribute; {NULL,0}: any? */
static bool holds(const struct joining *s, struct str name, struct str value)
{
	for (size_t i = 0; i < s->attr_count; i++)
		for (size_t v = 0; v < s->attrs[i].count && str_eq(s->attrs[i].name, name); v++)
			if (!value.p || str_ieq(s->attrs[i].values[v], value))
				return true;
	return false;
}

/* Only read-only domain controllers have such values (MS-ADTS 6.1.1.3.2), often more of them than
 * ORADAD asks for. */
static void check_unranged(struct joining *s)
{
	if (!s->unranged || s->seen[s->unranged - oradad_attributes] == s->number)
		return;
	if (!holds(s, STR("objectClass"), STR("computer")) ||
		(holds(s, STR("primaryGroupID"), (struct str){ NULL, 0 }) &&
			!holds(s, STR("primaryGroupID"), STR(RODC_GROUP))))
		return;
	s->damages[s->damage_count++] = (struct damage){ s->unranged, ORADAD_CELL_CUT };
}

static int put_damages(struct joining *s, struct str dn, struct err *err)
{
	for (size_t i = 0; i < s->damage_count; i++) {
		struct str name = str_of(s->damages[i].attribute->name);
		bool cut = s->damages[i].state == ORADAD_CELL_CUT;

		if (cut)
			oradad_log_known(s->j->log, dn, name);
		if (snapshot_put_damage(s->j->w, dn, name,
			    cut ? COVERAGE_TRUNCATED : COVERAGE_MALFORMED,
			    cut ? "oradad_cut" : "bad_cell", err))
			return err->code;
	}
	return 0;
}

/* A row without a usable DN: which object was lost is not known. */
static int lost_row(struct joining *s, const struct oradad_reading *r, struct err *err)
{
	char where[32];
	struct buf need = { 0 };

	snprintf(where, sizeof(where), "bad_dn line %" PRIu64, oradad_rows_line(r->rows));
	buf_printf(&need, "record %.*s", STR_ARG(r->table->file));
	int code = snapshot_put_coverage(
		s->j->w, buf_str(&need), COVERAGE_MALFORMED, str_of(where), err);
	buf_free(&need);
	return code;
}

static int put_object(struct joining *s, const struct oradad_reading *r, struct err *err)
{
	struct raw_object o = { buf_str(&s->dn), s->attrs, s->attr_count };

	/* The object without a name is the rootDSE, which comes from another table. */
	if (!o.dn.n || memchr(o.dn.p, '\0', o.dn.n))
		return lost_row(s, r, err);
	check_unranged(s);
	if (snapshot_put(s->j->w, &o, err) || put_damages(s, o.dn, err))
		return err->code;
	progress_step(s->j->progress, ++s->j->rows, 0);
	return s->j->rows % 1024 ? 0 : platform_check_interrupted(err);
}

/* "object DN": a thousand are named. */
static int put_in_part(struct joining *s, uint64_t *count, const char *code, struct err *err)
{
	static const struct str whole_object = { NULL, 0 };

	if (++*count > NAMED_MOST)
		return 0;
	return snapshot_put_damage(
		s->j->w, buf_str(&s->dn), whole_object, COVERAGE_TRUNCATED, code, err);
}

/* ---- rows of top ---- */

static bool is_true(const struct oradad_rows *rows, size_t column)
{
	return column != SIZE_MAX &&
	       str_eq(oradad_rows_cell(rows, column), (struct str){ "1\0", 2 });
}

static bool was_matched(const struct joining *s, const struct oradad_table *table)
{
	for (size_t i = 0; i < s->matched_count; i++)
		if (s->matched[i] == table)
			return true;
	return false;
}

/* The class of this list that the object is first of all, beginning with the most specific. */
static size_t class_of(const struct joining *s, struct str name)
{
	for (size_t i = 0; i < oradad_class_count; i++)
		if (str_ieq(name, str_of(oradad_classes[i].object_class)))
			return s->of_class[i] == NOWHERE && !strcmp(oradad_classes[i].table, "dmsa")
				       ? oradad_class_count /* older versions: a computer */
				       : i;
	return oradad_class_count;
}

static size_t class_at_hand(const struct joining *s)
{
	for (size_t i = 0; i < s->attr_count; i++) {
		const struct raw_attr *a = &s->attrs[i];

		if (!str_eq(a->name, STR("objectClass")))
			continue;
		for (size_t v = a->count; v-- > 0;) {
			size_t class = class_of(s, a->values[v]);

			if (class < oradad_class_count)
				return class;
		}
	}
	return oradad_class_count;
}

/* What is absent from an object that should stand in another table and does not was not asked. */
static int check_typed(struct joining *s, struct err *err)
{
	size_t class = class_at_hand(s);

	if (class == oradad_class_count)
		return 0;
	if (s->of_class[class] == HERE ? was_matched(s, s->table_of_class[class])
				       : s->of_class[class] != ELSEWHERE)
		return 0;
	/* The heads of partitions that are no domain. */
	if (s->of_class[class] == ELSEWHERE && !strcmp(oradad_classes[class].table, "root"))
		return 0;
	return put_in_part(s, &s->j->not_in_typed, "not_in_typed", err);
}

static int take_top(struct joining *s, struct err *err)
{
	struct oradad_rows *rows = s->top.rows;
	bool there;

	while (rows) {
		if (oradad_rows_next(rows, &there, err))
			return err->code;
		if (!there)
			break;
		struct str dn = oradad_rows_cell(rows, 0);

		if (is_true(rows, s->deleted) || is_true(rows, s->recycled))
			continue;

		begin(s, dn);
		take_row(s, &s->top);
		if (take_typed(s, dn, err) || put_object(s, &s->top, err) ||
			(s->dn.n && check_typed(s, err)))
			return err->code;
	}
	return 0;
}

/* ---- rows without one in top ---- */

/* Of what class the objects of a table are; {NULL,0}: not known. Tables that are not of the list
 * have the name of their class, but for those of Exchange. */
static struct str class_of_table(const struct oradad_table *t)
{
	static const struct str unknown = { NULL, 0 };

	for (size_t i = 0; i < oradad_class_count; i++)
		if (str_ieq(t->name, str_of(oradad_classes[i].table)))
			return str_of(oradad_classes[i].object_class);
	return str_istarts(t->name, STR("exchange_")) ? unknown : t->name;
}

/* What was made after top was read is of the class that its table asks for. */
static void add_classes(struct joining *s)
{
	static const struct str any = { NULL, 0 };
	struct str *values = ARENA_ARRAY(&s->object, struct str, s->matched_count);
	size_t n = 0;

	if (holds(s, STR("objectClass"), any))
		return;
	for (size_t i = 0; i < s->matched_count; i++) {
		values[n] = class_of_table(s->matched[i]);
		n += values[n].n > 0;
	}
	if (n)
		s->attrs[s->attr_count++] = (struct raw_attr){ STR("objectClass"), values, n };
}

static int take_rest(struct joining *s, struct err *err)
{
	static const struct str any = { NULL, 0 };
	struct buf dn = { 0 };
	int code = 0;

	for (size_t i = 0; !code && i < s->typed.entry_count; i++) {
		const struct oradad_reading *r;

		if (oradad_typed_was_found(&s->typed, i))
			continue;
		code = oradad_typed_read(&s->typed, i, any, &r, err);
		if (code || !r)
			continue;
		buf_clear(&dn);
		buf_put_str(&dn, oradad_rows_cell(r->rows, 0));
		begin(s, buf_str(&dn));
		code = take_typed(s, buf_str(&dn), err);
		if (!code) {
			add_classes(s);
			code = put_object(s, r, err);
		}
		if (!code && s->dn.n)
			code = put_in_part(s, &s->j->not_in_top, "not_in_top", err);
	}
	buf_free(&dn);
	return code;
}

/* ---- a naming context ---- */

static void find_tables(struct joining *s)
{
	s->of_class = ARENA_ARRAY(&s->arena, enum whereabouts, oradad_class_count);
	s->table_of_class = ARENA_ARRAY(&s->arena, const struct oradad_table *, oradad_class_count);
	for (size_t c = 0; c < oradad_class_count; c++) {
		const char *name = oradad_classes[c].table;

		s->of_class[c] = oradad_has_table(s->j->tables, name) ? ELSEWHERE : NOWHERE;
		for (size_t i = 0; i < s->typed.count; i++) {
			const struct oradad_reading *r = &s->typed.readings[i];

			if (!str_ieq(r->table->name, str_of(name)))
				continue;
			s->of_class[c] = r->rows ? HERE : NO_FILE;
			s->table_of_class[c] = r->table;
		}
	}
}

static size_t wanted(const struct oradad_reading *r, struct str name)
{
	size_t column = oradad_column(r->table, name);

	if (r->rows && column != SIZE_MAX)
		oradad_rows_want(r->rows, column);
	return column;
}

static int prepare(struct joining *s, const struct oradad_table *top, struct err *err)
{
	if (oradad_reading_open(&s->top, s->j->folder, top, &s->arena, err) ||
		oradad_typed_open(&s->typed, s->j->folder, s->j->tables, top, &s->arena, err))
		return err->code;
	find_tables(s);
	s->deleted = wanted(&s->top, STR("isDeleted"));
	s->recycled = wanted(&s->top, STR("isRecycled"));
	s->seen = ARENA_ARRAY(&s->arena, uint64_t, oradad_attribute_count);
	s->attrs = ARENA_ARRAY(&s->arena, struct raw_attr, oradad_attribute_count);
	s->damages = ARENA_ARRAY(&s->arena, struct damage, oradad_attribute_count);
	s->matched = ARENA_ARRAY(&s->arena, const struct oradad_table *, s->typed.count);
	return 0;
}

int oradad_join(struct oradad_join *j, const struct oradad_table *top, struct err *err)
{
	struct joining s = { .j = j };
	int code = prepare(&s, top, err);

	if (!code)
		code = take_top(&s, err);
	if (!code)
		code = take_rest(&s, err);
	oradad_typed_close(&s.typed);
	oradad_rows_close(s.top.rows);
	buf_free(&s.dn);
	arena_free(&s.object);
	arena_free(&s.arena);
	return code;
}
