#include "policy/yaml.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <yaml.h>

/* What stands between the start and the end of one map or list; copied to the arena at the end. */
struct frame {
	struct yaml_node *items;
	struct str *keys;
	struct policy_position *key_at;
	size_t count, room;
	struct hash seen;
};

struct yaml_source {
	struct arena *a;
	struct str bytes;
	const char *file;
	yaml_parser_t parser;
	yaml_event_t event;
	size_t nodes;
	struct policy_mistake *mistake;
};

static int fail(struct yaml_source *y, struct policy_position at, const char *text)
{
	y->mistake->at = at;
	y->mistake->text = arena_str(y->a, str_of(text));
	return ERR_USAGE;
}

static struct policy_position position(const struct yaml_source *y, const yaml_mark_t *mark)
{
	return (struct policy_position){ y->file, (unsigned)mark->line + 1,
		(unsigned)mark->column + 1 };
}

static struct policy_position position_of_offset(const struct yaml_source *y, size_t offset)
{
	struct policy_position at = { y->file, 1, 1 };

	for (size_t i = 0, len; i < offset && i < y->bytes.n; i += len) {
		utf8_decode((struct str){ y->bytes.p + i, y->bytes.n - i }, &len);
		at.column++;
		if (y->bytes.p[i] == '\n') {
			at.line++;
			at.column = 1;
		}
	}
	return at;
}

static int fail_in_library(struct yaml_source *y)
{
	const yaml_parser_t *p = &y->parser;
	const char *problem = p->problem ? p->problem : "unknown problem";

	if (p->error == YAML_READER_ERROR)
		return fail(y, position_of_offset(y, p->problem_offset),
			arena_printf(y->a, "not valid YAML: %s.", problem).p);
	return fail(y, position(y, &p->problem_mark),
		arena_printf(y->a,
			"not valid YAML: %s%s%s; look at the indentation, quotes and brackets here "
			"and just above.",
			p->context ? p->context : "", p->context ? ", " : "", problem)
			.p);
}

static int next_event(struct yaml_source *y)
{
	yaml_event_delete(&y->event);
	if (!yaml_parser_parse(&y->parser, &y->event)) {
		y->event.type = YAML_NO_EVENT;
		return fail_in_library(y);
	}
	return 0;
}

/* Aliases make bombs and hide what is in force where; tags make objects. Neither is needed. */
static int check_properties(struct yaml_source *y)
{
	const yaml_event_t *e = &y->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (e->type == YAML_ALIAS_EVENT || anchor)
		return fail(y, position(y, &e->start_mark),
			"anchors (&) and aliases (*) are not used here; write the value out, or "
			"quote the text.");
	if (tag)
		return fail(y, position(y, &e->start_mark),
			"tags (!) are not used here; remove the tag, or quote the text.");
	return 0;
}

static struct str scalar_text(struct yaml_source *y)
{
	struct str s = { (const char *)y->event.data.scalar.value, y->event.data.scalar.length };

	return arena_str(y->a, s);
}

static int read_node(struct yaml_source *y, unsigned depth, struct yaml_node *out);

static void frame_grow(struct frame *f)
{
	if (f->count < f->room)
		return;
	f->room = f->room ? f->room * 2 : 8;
	f->items = xrealloc(f->items, f->room * sizeof(*f->items));
	f->keys = xrealloc(f->keys, f->room * sizeof(*f->keys));
	f->key_at = xrealloc(f->key_at, f->room * sizeof(*f->key_at));
}

static void frame_free(struct frame *f)
{
	free(f->items);
	free(f->keys);
	free(f->key_at);
	hash_free(&f->seen);
}

static void frame_keep(struct yaml_source *y, const struct frame *f, struct yaml_node *out)
{
	out->count = f->count;
	out->items = ARENA_ARRAY(y->a, struct yaml_node, f->count);
	if (f->count)
		memcpy(out->items, f->items, f->count * sizeof(*f->items));
	if (out->kind != YAML_MAP)
		return;
	out->keys = ARENA_ARRAY(y->a, struct str, f->count);
	out->key_at = ARENA_ARRAY(y->a, struct policy_position, f->count);
	if (f->count) {
		memcpy(out->keys, f->keys, f->count * sizeof(*f->keys));
		memcpy(out->key_at, f->key_at, f->count * sizeof(*f->key_at));
	}
}

/* The key that the current event is; leaves the value's event current. */
static int read_key(struct yaml_source *y, struct frame *f)
{
	int rc = check_properties(y);

	if (rc)
		return rc;
	struct policy_position at = position(y, &y->event.start_mark);
	if (y->event.type != YAML_SCALAR_EVENT)
		return fail(y, at, "a key must be a word, not a list or a map.");
	struct str key = scalar_text(y);
	uint32_t first = hash_add(&f->seen, key, (uint32_t)f->count);
	if (first != f->count)
		return fail(y, at,
			arena_printf(y->a,
				"the key '%.*s' is given twice; it is already on line %u.",
				STR_ARG(key), f->key_at[first].line)
				.p);
	f->keys[f->count] = key;
	f->key_at[f->count] = at;
	return next_event(y);
}

static int read_children(struct yaml_source *y, unsigned depth, struct yaml_node *out)
{
	yaml_event_type_t end =
		out->kind == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	struct frame f = { 0 };
	int rc = 0;

	while ((rc = next_event(y)) == 0 && y->event.type != end) {
		frame_grow(&f);
		if (out->kind == YAML_MAP && (rc = read_key(y, &f)))
			break;
		if ((rc = read_node(y, depth, &f.items[f.count])))
			break;
		f.count++;
	}
	if (!rc)
		frame_keep(y, &f, out);
	frame_free(&f);
	return rc;
}

/* The node that begins with the current event; leaves its last event current. */
static int read_node(struct yaml_source *y, unsigned depth, struct yaml_node *out)
{
	int rc = check_properties(y);

	if (rc)
		return rc;
	*out = (struct yaml_node){ .at = position(y, &y->event.start_mark) };
	if (++y->nodes > LIMIT_YAML_NODES)
		return fail(y, out->at, "the file holds too many values; is it the right file?");
	switch (y->event.type) {
	case YAML_SCALAR_EVENT:
		out->kind = YAML_SCALAR;
		out->text = scalar_text(y);
		out->quoted = y->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		return 0;
	case YAML_MAPPING_START_EVENT:
		out->kind = YAML_MAP;
		break;
	case YAML_SEQUENCE_START_EVENT:
		out->kind = YAML_LIST;
		break;
	default:
		return fail(y, out->at, "not valid YAML: a value was expected here.");
	}
	if (depth >= LIMIT_YAML_DEPTH)
		return fail(y, out->at, "lists and maps are nested too deeply.");
	return read_children(y, depth + 1, out);
}

/* The start or the end of the document and what follows it. */
static int next_two_events(struct yaml_source *y)
{
	int rc = next_event(y);

	return rc ? rc : next_event(y);
}

static int read_document(struct yaml_source *y, struct yaml_node *out)
{
	const yaml_event_t *e = &y->event;
	int rc;

	*out = (struct yaml_node){ .kind = YAML_MAP, .at = { y->file, 1, 1 } };
	if ((rc = next_two_events(y)))
		return rc;
	if (e->type == YAML_STREAM_END_EVENT)
		return 0;
	if (e->data.document_start.tag_directives.start !=
		e->data.document_start.tag_directives.end)
		return fail(y, position(y, &e->start_mark), "tag directives are not used here.");
	if ((rc = next_event(y)) || (rc = read_node(y, 0, out)))
		return rc;
	if (out->kind == YAML_SCALAR && out->text.n == 0 && !out->quoted)
		out->kind = YAML_MAP;
	if ((rc = next_two_events(y)))
		return rc;
	if (e->type != YAML_STREAM_END_EVENT)
		return fail(y, position(y, &e->start_mark),
			"a second document begins here; a file holds one.");
	return 0;
}

/* libyaml stops at the first byte that is not UTF-8 too, but tells neither line nor column, and
 * would guess at UTF-16. */
static int check_bytes(struct yaml_source *y)
{
	if (y->bytes.n > (size_t)LIMIT_YAML_BYTES)
		return fail(y, (struct policy_position){ y->file, 1, 1 },
			"the file is too large; is it the right file?");
	for (size_t i = 0, len; i < y->bytes.n; i += len) {
		struct str rest = { y->bytes.p + i, y->bytes.n - i };

		if (utf8_decode(rest, &len) == 0xfffd && len == 1)
			return fail(y, position_of_offset(y, i),
				"the file is not UTF-8 here; save it as UTF-8.");
	}
	return 0;
}

int yaml_read(struct arena *a, struct str bytes, const char *file, struct yaml_node **out,
	struct policy_mistake *mistake)
{
	struct yaml_source y = { .a = a, .bytes = bytes, .file = file, .mistake = mistake };
	struct yaml_node *root = ARENA_NEW(a, struct yaml_node);

	if (str_starts(y.bytes, STR("\xef\xbb\xbf")))
		y.bytes = (struct str){ bytes.p + 3, bytes.n - 3 };
	int rc = check_bytes(&y);
	if (rc)
		return rc;
	if (!yaml_parser_initialize(&y.parser))
		return fail(&y, (struct policy_position){ file, 1, 1 }, "out of memory.");
	yaml_parser_set_encoding(&y.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&y.parser, (const unsigned char *)(y.bytes.p ? y.bytes.p : ""), y.bytes.n);
	rc = read_document(&y, root);
	yaml_event_delete(&y.event);
	yaml_parser_delete(&y.parser);
	if (!rc)
		*out = root;
	return rc;
}

int yaml_parse(struct arena *a, struct str bytes, const char *file, struct yaml_node **out,
	struct err *err)
{
	struct policy_mistake m = { { 0 }, { 0 } };

	if (!yaml_read(a, bytes, file, out, &m))
		return 0;
	return err_set(err, ERR_USAGE, "%s:%u:%u: %.*s", m.at.file, m.at.line, m.at.column,
		STR_ARG(m.text));
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	struct str k = str_of(key);

	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (str_eq(map->keys[i], k))
			return &map->items[i];
	return NULL;
}
