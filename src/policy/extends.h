/* Inside src/policy: the chain of files that `extends` makes, and their trees merged into one. */
#ifndef POLICY_EXTENDS_H
#define POLICY_EXTENDS_H

#include "policy/schema.h"

struct chain {
	struct arena *a;
	const struct embedded_file *shipped;
	size_t shipped_count;
	size_t count; /* files read, nearest first */
	const char *names[LIMIT_EXTENDS];
	struct str bytes[LIMIT_EXTENDS];
	const struct yaml_node *trees[LIMIT_EXTENDS];
};

/* Reads the file and its ancestors. Mistakes of the YAML, of each file's keys and values, and of
 * the chain go to m; a first file that cannot be read at all is the only failure. */
int chain_read(struct chain *c, const char *name_or_path, struct mistakes *m, struct err *err);

/*
 * The nearest file wins: per key in expect, facility, admin_accounts and mfa, per list in a tier,
 * per parameter in a control (its reason goes with its `enabled`). Waivers and custom controls of
 * all files count, the nearest first. schema, name and extends are those of the nearest file.
 */
struct yaml_node *chain_merge(const struct chain *c);

#endif
