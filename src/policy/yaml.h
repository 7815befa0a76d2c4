/* YAML as this program uses it: a tree of maps, lists and scalars with positions. Aliases, tags,
 * duplicate keys and more than one document are errors. The only file that includes libyaml is
 * yaml.c. */
#ifndef POLICY_YAML_H
#define POLICY_YAML_H

#include "policy/policy.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	struct policy_position at;
	struct str text;	 /* YAML_SCALAR */
	bool quoted;		 /* a quoted scalar is a string whatever it looks like */
	struct yaml_node *items; /* list items, or map values in file order */
	struct str *keys;	 /* YAML_MAP */
	struct policy_position *key_at;
	size_t count;
};

/* Parses bytes; nodes live in a. The first mistake makes it fail with ERR_USAGE and
 * "file:line:column: sentence". An empty document is an empty map. */
int yaml_parse(struct arena *a, struct str bytes, const char *file, struct yaml_node **out,
	struct err *err);
/* The same for a caller that collects mistakes: 0, or ERR_USAGE with the first one in *mistake (its
 * text in a). */
int yaml_read(struct arena *a, struct str bytes, const char *file, struct yaml_node **out,
	struct policy_mistake *mistake);
/* The value under key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

#endif
