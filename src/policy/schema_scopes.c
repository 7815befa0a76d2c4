/* Whom the policy names: tiers, populations, and the lists of accounts in files beside it. */
#include "policy/schema.h"

#define AT(target, where, type) ((type *)(void *)((char *)(target) + (where)))

typedef bool item_fn(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out);

static void read_names(struct mistakes *m, const struct field *f, const struct yaml_node *value,
	void *target, item_fn *read)
{
	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct str *names = ARENA_ARRAY(m->a, struct str, value->count);
	for (size_t i = 0; i < value->count; i++)
		read(m, f->name, &value->items[i], &names[i]);
	*AT(target, f->offset, const struct str *) = names;
	*AT(target, f->count_offset, size_t) = value->count;
}

static void read_object_names(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	read_names(m, f, value, target, schema_object_name);
}

static void read_dns(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	read_names(m, f, value, target, schema_dn);
}

/* A scope's keys; `at`: where the scope stands in the target. */
#define SCOPE_LIST(key, reader, member, at)                                                        \
	{                                                                                          \
		.name = (key), .read = (reader),                                                   \
		.offset = (at) + offsetof(struct policy_scope, member##s),                         \
		.count_offset = (at) + offsetof(struct policy_scope, member##_count)               \
	}
#define SCOPE_GROUPS(at) SCOPE_LIST("groups", read_object_names, group, at)
#define SCOPE_UNITS(at) SCOPE_LIST("units", read_dns, unit, at)
#define SCOPE_ACCOUNTS(at) SCOPE_LIST("accounts", read_object_names, account, at)
#define SCOPE_COMPUTERS(at) SCOPE_LIST("computers", read_object_names, computer, at)
#define SCOPE_PATTERN(at)                                                                          \
	{                                                                                          \
		.name = "name_pattern", .read = read_name_pattern, .offset = (at)                  \
	}

static void read_name_pattern(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy_scope *scope = AT(target, f->offset, struct policy_scope);

	if (schema_pattern(m, f->name, value, &scope->name_pattern))
		scope->name_pattern_at = value->at;
}

static void read_tier(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = { SCOPE_GROUPS(0), SCOPE_UNITS(0), SCOPE_ACCOUNTS(0) };
	struct policy_scope *tier = AT(target, f->offset, struct policy_scope);

	tier->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, tier);
}

void schema_field_tiers(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "0", .read = read_tier, .offset = offsetof(struct policy, tiers[0]) },
		{ .name = "1", .read = read_tier, .offset = offsetof(struct policy, tiers[1]) },
		{ .name = "2", .read = read_tier, .offset = offsetof(struct policy, tiers[2]) },
	};

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, target);
}

/* ---- populations ---------------------------------------------------------------------------- */

const char *policy_population_name(enum policy_population p)
{
	static const char *const names[POPULATION_COUNT] = { "service_accounts", "shared_accounts",
		"remote_access", "hypervisor", "backup", "external", "biomedical", "identity" };

	return names[p];
}

void schema_field_population(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = { SCOPE_GROUPS(0), SCOPE_UNITS(0), SCOPE_ACCOUNTS(0),
		SCOPE_COMPUTERS(0), SCOPE_PATTERN(0) };
	struct policy_scope *scope = AT(target, f->offset, struct policy_scope);

	scope->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, scope);
}

static void read_max_days(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;
	int64_t days;

	if (value->kind != YAML_SCALAR || value->quoted || !str_to_i64(value->text, &days) ||
		days < 1 || days > LIMIT_POLICY_DAYS)
		mistakes_add(m, value->at, "'%s' needs a whole number of days from 1 to %d.",
			f->name, LIMIT_POLICY_DAYS);
	else
		p->external_max_days = (int)days;
}

void schema_field_external(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
#define AT_EXTERNAL offsetof(struct policy, populations[POPULATION_EXTERNAL])
	static const struct field fields[] = {
		SCOPE_GROUPS(AT_EXTERNAL),
		SCOPE_UNITS(AT_EXTERNAL),
		SCOPE_ACCOUNTS(AT_EXTERNAL),
		SCOPE_PATTERN(AT_EXTERNAL),
		{ .name = "max_days", .read = read_max_days },
	};
	struct policy *p = target;

	p->populations[POPULATION_EXTERNAL].at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, p);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool attribute_characters(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && name.p[i] != '-' &&
			(name.p[i] < '0' || name.p[i] > '9'))
			return false;
	return true;
}

/* A name that LDAP can carry (RFC 4512 1.4). */
static void read_attribute(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;
	struct str name;

	if (!schema_text(m, f->name, value, &name))
		return;
	if (is_letter(name.p[0]) && attribute_characters(name))
		p->identity_attribute = name;
	else
		mistakes_add(m, value->at, "'%.*s' is not the name of an LDAP attribute.",
			STR_ARG(name));
}

static void read_identity_pattern(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (schema_pattern(m, f->name, value, &p->identity_pattern))
		p->identity_pattern_at = value->at;
}

void schema_field_identity(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
#define AT_IDENTITY offsetof(struct policy, populations[POPULATION_IDENTITY])
	static const struct field fields[] = {
		SCOPE_GROUPS(AT_IDENTITY),
		SCOPE_UNITS(AT_IDENTITY),
		{ .name = "attribute", .read = read_attribute, .required = true },
		{ .name = "pattern", .read = read_identity_pattern },
	};
	struct policy *p = target;

	p->populations[POPULATION_IDENTITY].at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, p);
}

/* ---- lists of accounts in files ------------------------------------------------------------- */

static void read_file(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy_list *list = target;
	struct str path;

	if (schema_text(m, f->name, value, &path))
		list->file = str_of(policy_path_beside(m->a, value->at.file, path));
}

static void read_match(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const char *const attributes[] = { "employeeID", "mail", "sAMAccountName",
		"userPrincipalName" };
	struct policy_list *list = target;

	for (size_t i = 0; value->kind == YAML_SCALAR && i < ARRAY_LEN(attributes); i++)
		if (str_ieq(value->text, str_of(attributes[i]))) {
			list->attribute = str_of(attributes[i]);
			return;
		}
	mistakes_add(m, value->at,
		"'%s' needs employeeID, mail, sAMAccountName or userPrincipalName.", f->name);
}

void schema_field_hr(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "csv", .read = read_file, .required = true },
		{ .name = "match", .read = read_match, .required = true },
		{ .name = "account",
			.read = schema_field_text,
			.offset = offsetof(struct policy_list, account_column) },
		{ .name = "left",
			.read = schema_field_text,
			.offset = offsetof(struct policy_list, value_column),
			.required = true },
	};
	struct policy_list *list = &((struct policy *)target)->hr;

	list->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, list);
	if (!list->account_column.n)
		list->account_column = list->attribute;
}

void schema_field_leaks(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "csv", .read = read_file, .required = true },
		{ .name = "account",
			.read = schema_field_text,
			.offset = offsetof(struct policy_list, account_column),
			.required = true },
		{ .name = "date",
			.read = schema_field_text,
			.offset = offsetof(struct policy_list, value_column),
			.required = true },
	};
	struct policy_list *list = &((struct policy *)target)->leaks;

	list->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, list);
}
