#include "snapshot/ldif_record.h"

#include "base/limits.h"
#include "snapshot/writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Values that came under one range option. */
struct piece {
	struct ldif_range range;
	uint64_t count;
};

struct ldif_column {
	uint64_t record; /* the last record that had it */
	struct str *values;
	size_t count, room;
	struct piece *pieces;
	size_t piece_count, piece_room;
	bool bad_range;
};

void ldif_record_init(struct ldif_record *r, struct snapshot_writer *w)
{
	*r = (struct ldif_record){ .w = w };
}

void ldif_record_free(struct ldif_record *r)
{
	for (uint32_t i = 0; i < r->column_room; i++) {
		free(r->columns[i].values);
		free(r->columns[i].pieces);
	}
	free(r->columns);
	free(r->used);
	free(r->attrs);
	names_free(&r->names);
	buf_free(&r->last);
}

int ldif_record_damage(struct ldif_record *r, struct str attribute, enum coverage_state state,
	const char *code, struct err *err)
{
	struct buf where = { 0 };

	buf_printf(&where, "%s:%" PRIu64 ": %s", r->path, r->line, code);
	if (attribute.p)
		buf_printf(&where, " (%.*s)", STR_ARG(attribute));
	int failed = snapshot_put_log(r->w, buf_str(&where), err);
	buf_free(&where);
	return failed ? failed : snapshot_put_damage(r->w, r->dn, attribute, state, code, err);
}

void ldif_record_begin(struct ldif_record *r, struct str dn)
{
	r->open = true;
	r->dn = dn;
	r->used_count = 0;
	r->number++;
}

static void grow_columns(struct ldif_record *r, uint32_t at)
{
	uint32_t room = r->column_room ? r->column_room : 128;

	while (room <= at)
		room *= 2;
	r->columns = xrealloc(r->columns, room * sizeof(*r->columns));
	memset(r->columns + r->column_room, 0, (room - r->column_room) * sizeof(*r->columns));
	r->used = xrealloc(r->used, room * sizeof(*r->used));
	r->attrs = xrealloc(r->attrs, room * sizeof(*r->attrs));
	r->column_room = room;
}

/* The column of a name, empty when it is the first value of this record; NULL when there are too
 * many names. */
static struct ldif_column *find_column(struct ldif_record *r, struct str name)
{
	uint32_t last = r->used_count ? r->used[r->used_count - 1] : HASH_NONE;

	/* Values of one attribute mostly come together. */
	if (last != HASH_NONE && str_eq(r->names.items[last].text, name))
		return &r->columns[last];
	uint32_t at = names_find(&r->names, name, last);
	if (at == HASH_NONE)
		return NULL;
	if (at >= r->column_room)
		grow_columns(r, at);
	struct ldif_column *c = &r->columns[at];
	if (c->record != r->number) {
		c->record = r->number;
		c->count = c->piece_count = 0;
		c->bad_range = false;
		r->used[r->used_count++] = at;
	}
	return c;
}

static void add_value(struct ldif_column *c, struct str value)
{
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 4;
		c->values = xrealloc(c->values, c->room * sizeof(*c->values));
	}
	c->values[c->count++] = value;
}

static void add_piece(struct ldif_column *c, struct str options)
{
	struct ldif_range range;
	int found = ldif_range_parse(options, &range);

	if (found < 0)
		c->bad_range = true;
	if (found <= 0)
		return;
	/* Lines of one piece follow each other; a piece that comes back is found out by its count.
	 */
	if (c->piece_count) {
		struct piece *last = &c->pieces[c->piece_count - 1];

		if (last->range.low == range.low && last->range.high == range.high) {
			last->count++;
			return;
		}
	}
	if (c->piece_count == c->piece_room) {
		c->piece_room = c->piece_room ? c->piece_room * 2 : 16;
		c->pieces = xrealloc(c->pieces, c->piece_room * sizeof(*c->pieces));
	}
	c->pieces[c->piece_count++] = (struct piece){ range, 1 };
}

static int by_low(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;

	return a->range.low < b->range.low ? -1 : a->range.low > b->range.low;
}

/* True when the pieces of a ranged attribute are all there: 0 to "*" without a hole, each with as
 * many values as it says. */
static bool is_complete(struct ldif_column *c)
{
	uint64_t next = 0;
	bool end = c->piece_count == 0;

	if (c->bad_range)
		return false;
	if (c->piece_count)
		qsort(c->pieces, c->piece_count, sizeof(*c->pieces), by_low);
	for (size_t i = 0; i < c->piece_count; i++) {
		const struct piece *p = &c->pieces[i];

		if (end || p->range.low != next)
			return false;
		end = p->range.high == UINT64_MAX;
		if (!end && (p->range.high < p->range.low ||
				    p->count != p->range.high - p->range.low + 1))
			return false;
		next = p->range.high + 1;
	}
	return end;
}

static const char *decode(struct ldif_line *line)
{
	if (line->form == LDIF_BASE64 && !ldif_base64(line->value, &line->n))
		return "bad_base64";
	if (line->form == LDIF_TEXT && memchr(line->value, '\0', line->n))
		return "nul_byte";
	return line->n > LIMIT_VALUE_BYTES ? "value_too_long" : NULL;
}

int ldif_record_add(struct ldif_record *r, struct ldif_line *line, struct err *err)
{
	const char *damage = decode(line);

	/* A damaged value makes no column: "absent" and "present without values" are told apart
	 * by the coverage alone. */
	if (damage)
		return ldif_record_damage(r, line->name, COVERAGE_MALFORMED, damage, err);
	struct ldif_column *c = find_column(r, line->name);
	if (!c)
		return err_set(err, ERR_SOURCE,
			"%s:%" PRIu64 ": more than %u different attribute names: this is no "
			"export of an Active Directory.",
			r->path, r->line, LIMIT_ATTRIBUTE_NAMES);
	if (line->options.n)
		add_piece(c, line->options);
	add_value(c, (struct str){ line->value, line->n });
	return 0;
}

int ldif_record_end(struct ldif_record *r, struct err *err)
{
	for (size_t i = 0; i < r->used_count; i++) {
		struct ldif_column *c = &r->columns[r->used[i]];
		struct str name = r->names.items[r->used[i]].text;

		r->attrs[i] = (struct raw_attr){ name, c->values, c->count };
		if ((c->piece_count || c->bad_range) && !is_complete(c) &&
			ldif_record_damage(r, name, COVERAGE_TRUNCATED, "range_incomplete", err))
			return err->code;
	}
	r->open = false;
	buf_clear(&r->last);
	buf_put_str(&r->last, r->dn);
	struct raw_object o = { r->dn, r->attrs, r->used_count };
	return snapshot_put(r->w, &o, err);
}

static struct ldif_column *column_at_hand(struct ldif_record *r, struct str name)
{
	uint32_t at = names_find(&r->names, name, HASH_NONE);

	if (at == HASH_NONE || at >= r->column_room || r->columns[at].record != r->number)
		return NULL;
	return &r->columns[at];
}

bool ldif_record_has(struct ldif_record *r, struct str name)
{
	return column_at_hand(r, name) != NULL;
}

struct str ldif_record_first(struct ldif_record *r, struct str name)
{
	const struct ldif_column *c = column_at_hand(r, name);

	return c && c->count ? c->values[0] : (struct str){ NULL, 0 };
}
