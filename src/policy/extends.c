#include "policy/extends.h"

#include "base/hash.h"
#include "base/platform.h"

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

static bool is_absolute(struct str path)
{
	return path.n && (is_separator(path.p[0]) || (path.n > 1 && path.p[1] == ':'));
}

const char *policy_path_beside(struct arena *a, const char *beside, struct str path)
{
	size_t folder = strlen(beside);

	if (is_absolute(path))
		return arena_str(a, path).p;
	while (folder && !is_separator(beside[folder - 1]))
		folder--;
	return arena_printf(a, "%.*s%.*s", (int)folder, beside, STR_ARG(path)).p;
}

static bool is_shipped_name(struct str name)
{
	static const char suffix[] = ".yaml";
	size_t n = sizeof(suffix) - 1;

	return !memchr(name.p, '/', name.n) &&
	       !(name.n >= n && str_eq((struct str){ name.p + name.n - n, n }, STR(".yaml")));
}

static int read_shipped(struct chain *c, struct str name, struct str *bytes, struct err *err)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < c->shipped_count; i++) {
		const struct embedded_file *f = &c->shipped[i];
		struct str stem = { f->name, strlen(f->name) - (sizeof(".yaml") - 1) };

		if (str_eq(stem, name)) {
			*bytes = (struct str){ (const char *)f->bytes, f->size };
			buf_free(&names);
			return 0;
		}
		buf_printf(&names, "%s%.*s", i ? ", " : "", STR_ARG(stem));
	}
	err_set(err, ERR_USAGE,
		"no policy '%.*s' is shipped with the program (there are: %s); a file's path has a "
		"'/' or ends with '.yaml'.",
		STR_ARG(name), names.n ? buf_z(&names) : "none");
	buf_free(&names);
	return ERR_USAGE;
}

static int read_bytes(struct chain *c, const char *name, struct str *bytes, struct err *err)
{
	struct buf b = { 0 };

	if (is_shipped_name(str_of(name)))
		return read_shipped(c, str_of(name), bytes, err);
	int rc = platform_read_file(name, (size_t)LIMIT_YAML_BYTES, &b, ERR_USAGE, err);
	if (!rc)
		*bytes = arena_str(c->a, buf_str(&b));
	buf_free(&b);
	return rc;
}

/* What the file that was read last extends, as a name for read_bytes(); NULL: nothing. */
static const char *parent_name(struct chain *c, const struct yaml_node **node)
{
	const char *file = c->names[c->count - 1];

	*node = yaml_get(c->trees[c->count - 1], "extends");
	if (!*node || (*node)->kind != YAML_SCALAR || (*node)->text.n == 0)
		return NULL;
	if (is_shipped_name((*node)->text))
		return (*node)->text.p;
	return policy_path_beside(c->a, file, (*node)->text);
}

/* Compared by what is in them: a file has many paths. */
static bool is_in_chain(const struct chain *c, struct str bytes)
{
	for (size_t i = 0; i < c->count; i++)
		if (str_eq(c->bytes[i], bytes))
			return true;
	return false;
}

static bool append(struct chain *c, const char *name, struct str bytes, struct mistakes *m)
{
	struct policy_mistake first;
	struct yaml_node *tree;
	struct policy *scratch;

	c->names[c->count] = name;
	c->bytes[c->count] = bytes;
	if (yaml_read(c->a, bytes, name, &tree, &first)) {
		mistakes_add(m, first.at, "%.*s", STR_ARG(first.text));
		return false;
	}
	scratch = ARENA_NEW(c->a, struct policy);
	schema_read(m, tree, scratch);
	c->trees[c->count++] = tree;
	return tree->kind == YAML_MAP;
}

int chain_read(struct chain *c, const char *name_or_path, struct mistakes *m, struct err *err)
{
	const char *name = arena_strdup(c->a, name_or_path);
	const struct yaml_node *node;
	struct str bytes;
	int rc = read_bytes(c, name, &bytes, err);

	if (rc)
		return rc;
	while (append(c, name, bytes, m) && (name = parent_name(c, &node))) {
		struct err e;
		const char *problem = NULL;

		if (read_bytes(c, name, &bytes, &e))
			problem = e.text;
		else if (is_in_chain(c, bytes))
			problem = "this file extends itself, directly or through others.";
		else if (c->count == LIMIT_EXTENDS)
			problem =
				"a chain of 'extends' has at most four files; bring two together.";
		if (problem) {
			mistakes_add(m, node->at, "%s", problem);
			break;
		}
	}
	return 0;
}

_Static_assert(LIMIT_EXTENDS == 4, "the sentence above says four");

/* ---- merging -------------------------------------------------------------------------------- */

static void put(struct yaml_node *map, struct str key, struct policy_position at,
	const struct yaml_node *value)
{
	map->keys[map->count] = key;
	map->key_at[map->count] = at;
	map->items[map->count++] = *value;
}

static struct yaml_node empty_map(struct arena *a, const struct yaml_node *near, size_t room)
{
	struct yaml_node map = *near;

	map.items = ARENA_ARRAY(a, struct yaml_node, room);
	map.keys = ARENA_ARRAY(a, struct str, room);
	map.key_at = ARENA_ARRAY(a, struct policy_position, room);
	map.count = 0;
	return map;
}

/* near over far; below `levels` maps the nearest value replaces the other one whole. */
static struct yaml_node merge(
	struct arena *a, const struct yaml_node *near, const struct yaml_node *far, unsigned levels)
{
	if (levels == 0 || near->kind != YAML_MAP || far->kind != YAML_MAP)
		return *near;
	struct yaml_node map = empty_map(a, near, near->count + far->count);
	struct hash seen = { 0 };

	for (size_t i = 0; i < near->count; i++) {
		put(&map, near->keys[i], near->key_at[i], &near->items[i]);
		hash_add(&seen, near->keys[i], (uint32_t)i);
	}
	for (size_t i = 0; i < far->count; i++) {
		uint32_t mine = hash_get(&seen, far->keys[i]);

		if (mine == HASH_NONE)
			put(&map, far->keys[i], far->key_at[i], &far->items[i]);
		else
			map.items[mine] = merge(a, &near->items[mine], &far->items[i], levels - 1);
	}
	hash_free(&seen);
	return map;
}

/* A reason belongs to the `enabled` beside it: it does not outlive being switched on again. */
static void drop_reason(struct yaml_node *control)
{
	for (size_t i = 0; i < control->count; i++)
		if (str_eq(control->keys[i], STR("reason"))) {
			size_t after = control->count - i - 1;

			memmove(control->items + i, control->items + i + 1,
				after * sizeof(*control->items));
			memmove(control->keys + i, control->keys + i + 1,
				after * sizeof(*control->keys));
			memmove(control->key_at + i, control->key_at + i + 1,
				after * sizeof(*control->key_at));
			control->count--;
			return;
		}
}

static struct yaml_node merge_controls(
	struct arena *a, const struct yaml_node *near, const struct yaml_node *far)
{
	struct yaml_node map = merge(a, near, far, 2);

	for (size_t i = 0; i < near->count; i++)
		if (yaml_get(&near->items[i], "enabled") && !yaml_get(&near->items[i], "reason"))
			drop_reason(&map.items[i]);
	return map;
}

static struct yaml_node concatenate(
	struct arena *a, const struct yaml_node *near, const struct yaml_node *far)
{
	struct yaml_node list = *near;

	list.count = near->count + far->count;
	list.items = ARENA_ARRAY(a, struct yaml_node, list.count);
	if (near->count)
		memcpy(list.items, near->items, near->count * sizeof(*near->items));
	if (far->count)
		memcpy(list.items + near->count, far->items, far->count * sizeof(*far->items));
	return list;
}

static struct yaml_node merge_part(
	struct arena *a, struct str key, const struct yaml_node *near, const struct yaml_node *far)
{
	if (str_eq(key, STR("waivers")) || str_eq(key, STR("custom_controls")))
		return concatenate(a, near, far);
	if (str_eq(key, STR("controls")))
		return merge_controls(a, near, far);
	return merge(a, near, far, str_eq(key, STR("tiers")) ? 2 : 1);
}

static struct yaml_node merge_files(
	struct arena *a, const struct yaml_node *near, const struct yaml_node *far)
{
	struct yaml_node map = empty_map(a, near, near->count + far->count);

	for (size_t i = 0; i < near->count; i++) {
		const struct yaml_node *other = yaml_get(far, near->keys[i].p);
		struct yaml_node value = near->items[i];

		if (other)
			value = merge_part(a, near->keys[i], &value, other);
		put(&map, near->keys[i], near->key_at[i], &value);
	}
	for (size_t i = 0; i < far->count; i++)
		if (!yaml_get(near, far->keys[i].p) && !str_eq(far->keys[i], STR("name")) &&
			!str_eq(far->keys[i], STR("extends")))
			put(&map, far->keys[i], far->key_at[i], &far->items[i]);
	return map;
}

struct yaml_node *chain_merge(const struct chain *c)
{
	struct yaml_node *merged = ARENA_NEW(c->a, struct yaml_node);

	*merged = *c->trees[0];
	for (size_t i = 1; i < c->count; i++)
		*merged = merge_files(c->a, merged, c->trees[i]);
	return merged;
}
