/* password_filter: what refuses passwords beside the directory, as the site declares it. */
#include "policy/schema.h"

#include <stddef.h>

static void read_number(struct mistakes *m, const struct field *f, const struct yaml_node *value,
	void *target, int max)
{
	int64_t n;

	if (value->kind != YAML_SCALAR || value->quoted || !str_to_i64(value->text, &n) || n < 1 ||
		n > max)
		mistakes_add(m, value->at, "'%s' needs a whole number from 1 to %d.", f->name, max);
	else
		*(int *)(void *)((char *)target + f->offset) = (int)n;
}

static void read_classes(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	read_number(m, f, value, target, 5);
}

static void read_length(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	read_number(m, f, value, target, 255);
}

static void read_flag(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	schema_bool(m, f->name, value, (bool *)((char *)target + f->offset));
}

void schema_field_password_filter(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "product",
			.read = schema_field_text,
			.offset = offsetof(struct password_filter, product),
			.required = true },
		{ .name = "reason",
			.read = schema_field_text,
			.offset = offsetof(struct password_filter, reason),
			.required = true },
		{ .name = "classes",
			.read = read_classes,
			.offset = offsetof(struct password_filter, classes) },
		{ .name = "min_length",
			.read = read_length,
			.offset = offsetof(struct password_filter, min_length) },
		{ .name = "banned_words",
			.read = read_flag,
			.offset = offsetof(struct password_filter, banned_words) },
	};
	struct password_filter *filter = &((struct policy *)target)->password_filter;

	filter->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, filter);
}
