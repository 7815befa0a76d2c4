#include "policy/schema.h"

struct rows {
	struct arena *a;
	struct policy_value *list;
	size_t count, room;
};

static void add(struct rows *r, struct str key, struct str value, struct policy_position at)
{
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->list = xrealloc(r->list, r->room * sizeof(*r->list));
	}
	r->list[r->count++] = (struct policy_value){ key, value, at };
}

/* A row is a line: a folded text's line breaks become spaces. */
static struct str one_line(struct arena *a, struct str text)
{
	struct str trimmed = str_trim(text);
	char *p = arena_alloc(a, trimmed.n + 1);

	memcpy(p, trimmed.p, trimmed.n);
	for (size_t i = 0; i < trimmed.n; i++)
		if ((unsigned char)p[i] < 0x20)
			p[i] = ' ';
	return (struct str){ p, trimmed.n };
}

static void walk(struct rows *r, struct str key, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		add(r, key, one_line(r->a, node->text), node->at);
	else if (node->count == 0)
		add(r, key, node->kind == YAML_MAP ? STR("{}") : STR("[]"), node->at);
	for (size_t i = 0; i < node->count; i++) {
		struct str below = node->kind == YAML_MAP
					   ? arena_printf(r->a, "%.*s.%.*s", STR_ARG(key),
						     STR_ARG(node->keys[i]))
					   : arena_printf(r->a, "%.*s[%zu]", STR_ARG(key), i);

		walk(r, below, &node->items[i]);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct policy_value *x = a, *y = b;

	return str_cmp(x->key, y->key);
}

void policy_describe(
	const struct policy *p, struct arena *a, const struct policy_value **out, size_t *count)
{
	struct rows r = { .a = a };
	const char *key;

	for (size_t i = 0; (key = schema_key(i)); i++) {
		const struct yaml_node *node = yaml_get(p->merged, key);

		size_t first = r.count;

		if (node)
			walk(&r, str_of(key), node);
		/* Reports sort controls by id; the other lists keep the order that counts. */
		if (node && strcmp(key, "controls") == 0)
			qsort(r.list + first, r.count - first, sizeof(*r.list), by_key);
	}
	struct policy_value *list = ARENA_ARRAY(a, struct policy_value, r.count);
	if (r.count)
		memcpy(list, r.list, r.count * sizeof(*list));
	free(r.list);
	*out = list;
	*count = r.count;
}
