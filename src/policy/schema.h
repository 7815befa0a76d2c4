/*
 * Inside src/policy: reads one YAML tree into a struct policy by tables of fields, and collects
 * every mistake on the way. Used twice: on each file of a chain for its mistakes, and on the merged
 * tree for the values in force.
 */
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "base/buf.h"
#include "policy/yaml.h"

struct mistakes {
	struct arena *a; /* texts and values live here */
	struct policy_mistake list[LIMIT_POLICY_MISTAKES];
	size_t count;
	bool more; /* there were more than the list holds */
};

/* Text is copied. */
void mistakes_add(struct mistakes *m, struct policy_position at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* One key that a map may have. read() puts the value at target + offset (and the number of list
 * items at target + count_offset); on a mistake it adds it and leaves the target alone. */
struct field;
typedef void field_fn(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target);
struct field {
	const char *name;
	field_fn *read;
	size_t offset, count_offset;
	bool required;
};

/* Reads a map whose keys are all in fields; what: its name in
 * sentences. */
void schema_read_map(struct mistakes *m, const struct yaml_node *node, const struct field *fields,
	size_t count, const char *what, void *target);
/* An unknown key, with the nearest of the names allowed. */
void schema_unknown_key(struct mistakes *m, struct policy_position at, struct str key,
	const struct field *fields, size_t count);

/* True when value is of that kind; a mistake otherwise. */
bool schema_is(
	struct mistakes *m, const char *name, const struct yaml_node *value, enum yaml_kind kind);
/* The text of a scalar that is not empty and holds no control characters. */
bool schema_text(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out);
bool schema_bool(struct mistakes *m, const char *name, const struct yaml_node *value, bool *out);
/* Texts that name objects must at least look like a name, a SID or a DN. */
bool schema_object_name(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out);
bool schema_dn(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out);

/* A day like 2027-01-31: its first second, UTC. *start is left alone on a mistake. */
bool schema_day(
	struct mistakes *m, const char *name, const struct yaml_node *value, int64_t *start);
/* A regular expression that compiles (policy/pattern.h). */
bool schema_pattern(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out);
/* One of the keys 'object', 'unit' and 'group' of `what` ("a waiver"), of which there is one. */
void schema_reach(struct mistakes *m, const struct field *f, const struct yaml_node *value,
	const char *what, enum policy_reach *reach, struct str *target);

field_fn schema_field_text;	  /* struct str */
field_fn schema_field_population; /* struct policy_scope */
field_fn schema_field_tiers, schema_field_external, schema_field_identity, schema_field_hr,
	schema_field_leaks;
field_fn schema_field_password_filter;
field_fn schema_field_mfa, schema_field_controls, schema_field_waivers, schema_field_custom;

/* The whole of a policy file; fills the parts of *out that the tree names. */
void schema_read(struct mistakes *m, const struct yaml_node *root, struct policy *out);
/* The keys of a policy file in the order of docs/policy.md; NULL past the end. */
const char *schema_key(size_t i);

/* path as written in the file `beside`: relative to that file's folder. In a. */
const char *policy_path_beside(struct arena *a, const char *beside, struct str path);

#endif
