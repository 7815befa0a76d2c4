#include "policy/schema.h"

#include "ad/dn.h"
#include "base/utf8.h"
#include "policy/pattern.h"

#define AT(target, where, type) ((type *)(void *)((char *)(target) + (where)))

bool schema_is(
	struct mistakes *m, const char *name, const struct yaml_node *value, enum yaml_kind kind)
{
	static const char *const wanted[] = {
		[YAML_SCALAR] = "one value, not a list or a map",
		[YAML_LIST] = "a list: [] when it is empty",
		[YAML_MAP] = "a map of keys and values: {} when it is empty",
	};

	if (value->kind == kind)
		return true;
	mistakes_add(m, value->at, "'%s' needs %s.", name, wanted[kind]);
	return false;
}

static bool is_null(const struct yaml_node *value)
{
	static const char *const spellings[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		if (!value->quoted && str_eq(value->text, str_of(spellings[i])))
			return true;
	return false;
}

bool schema_text(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out)
{
	if (!schema_is(m, name, value, YAML_SCALAR))
		return false;
	if (is_null(value) || str_trim(value->text).n == 0) {
		mistakes_add(
			m, value->at, "'%s' has no value; write one, or remove the key.", name);
		return false;
	}
	if (!utf8_clean(value->text)) {
		mistakes_add(m, value->at, "'%s' holds a control character.", name);
		return false;
	}
	*out = value->text;
	return true;
}

bool schema_bool(struct mistakes *m, const char *name, const struct yaml_node *value, bool *out)
{
	bool yes = value->kind == YAML_SCALAR && str_eq(value->text, STR("true"));

	if (value->quoted || (!yes && !str_eq(value->text, STR("false")))) {
		mistakes_add(m, value->at, "'%s' needs true or false.", name);
		return false;
	}
	*out = yes;
	return true;
}

static bool is_dn(struct arena *a, struct str text)
{
	struct str canonical;

	return memchr(text.p, '=', text.n) && dn_canonical(a, text, &canonical);
}

bool schema_dn(struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out)
{
	struct str text;

	if (!schema_text(m, name, value, &text))
		return false;
	if (!is_dn(m->a, text)) {
		mistakes_add(m, value->at,
			"'%s' needs a distinguished name like OU=Tier0,DC=chu,DC=example, not "
			"'%.*s'.",
			name, STR_ARG(text));
		return false;
	}
	*out = text;
	return true;
}

bool schema_object_name(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out)
{
	struct str text;
	struct sid sid;

	if (!schema_text(m, name, value, &text))
		return false;
	/* Neither '=' nor this beginning can be in a sAMAccountName by accident. */
	if (str_istarts(text, STR("S-1-")) && !sid_from_text(text, &sid)) {
		mistakes_add(m, value->at, "'%.*s' is not a SID.", STR_ARG(text));
		return false;
	}
	if (memchr(text.p, '=', text.n) && !is_dn(m->a, text)) {
		mistakes_add(m, value->at, "'%.*s' is not a distinguished name.", STR_ARG(text));
		return false;
	}
	*out = text;
	return true;
}

bool schema_pattern(
	struct mistakes *m, const char *name, const struct yaml_node *value, struct str *out)
{
	const struct pattern *compiled;
	struct str text;
	struct err err;

	if (!schema_text(m, name, value, &text))
		return false;
	if (pattern_compile(m->a, text, &compiled, &err)) {
		mistakes_add(m, value->at, "%s", err.text);
		return false;
	}
	*out = text;
	return true;
}

void schema_reach(struct mistakes *m, const struct field *f, const struct yaml_node *value,
	const char *what, enum policy_reach *reach, struct str *target)
{
	static const struct {
		const char *key;
		enum policy_reach reach;
	} keys[] = {
		{ "object", REACH_OBJECT },
		{ "unit", REACH_UNIT },
		{ "group", REACH_GROUP },
	};

	if (*reach != REACH_ALL)
		mistakes_add(
			m, value->at, "%s has only one of 'object', 'unit' and 'group'.", what);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(f->name, keys[i].key) == 0)
			*reach = keys[i].reach;
	if (*reach == REACH_UNIT)
		schema_dn(m, f->name, value, target);
	else
		schema_object_name(m, f->name, value, target);
}

void schema_read_map(struct mistakes *m, const struct yaml_node *node, const struct field *fields,
	size_t count, const char *what, void *target)
{
	if (!schema_is(m, what, node, YAML_MAP))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct field *f = fields;

		while (f < fields + count && !str_eq(node->keys[i], str_of(f->name)))
			f++;
		if (f < fields + count)
			f->read(m, f, &node->items[i], target);
		else
			schema_unknown_key(m, node->key_at[i], node->keys[i], fields, count);
	}
	for (const struct field *f = fields; f < fields + count; f++)
		if (f->required && !yaml_get(node, f->name))
			mistakes_add(
				m, node->at, "the key '%s' is missing in this %s.", f->name, what);
}

void schema_field_text(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	schema_text(m, f->name, value, AT(target, f->offset, struct str));
}

static void read_schema(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	(void)target;
	if (schema_is(m, f->name, value, YAML_SCALAR) && !str_eq(value->text, STR("1")))
		mistakes_add(m, value->at, "'schema' needs 1, the format that this program reads.");
}

/* The chain is followed by extends.c, which tells what is wrong with the name. */
static void read_extends(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct str ignored;

	(void)target;
	schema_text(m, f->name, value, &ignored);
}

static void read_domain_sid(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct str text;
	struct sid sid;

	if (!schema_text(m, f->name, value, &text))
		return;
	if (!sid_from_text(text, &sid) || sid.authority != 5 || sid.count != 4 || sid.sub[0] != 21)
		mistakes_add(m, value->at,
			"'%s' needs the SID of a domain, S-1-5-21- and three numbers, not '%.*s'.",
			f->name, STR_ARG(text));
	else
		*AT(target, f->offset, struct sid) = sid;
}

static void read_expect(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "domain_sid",
			.read = read_domain_sid,
			.offset = offsetof(struct policy, expect_domain) },
	};

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, target);
}

static void read_facility(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "name",
			.read = schema_field_text,
			.offset = offsetof(struct policy, facility_name) },
		{ .name = "finess",
			.read = schema_field_text,
			.offset = offsetof(struct policy, facility_finess) },
		{ .name = "ght",
			.read = schema_field_text,
			.offset = offsetof(struct policy, facility_ght) },
	};

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, target);
}

static void read_name_pattern(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (schema_pattern(m, f->name, value, &p->admin_name_pattern))
		p->admin_name_pattern_at = value->at;
}

static void read_admin_accounts(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = { { .name = "name_pattern",
		.read = read_name_pattern } };

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, target);
}

#define POPULATION_FIELD(key, population)                                                          \
	{                                                                                          \
		.name = (key), .read = schema_field_population,                                    \
		.offset = offsetof(struct policy, populations[population])                         \
	}

static const struct field policy_fields[] = {
	{ .name = "schema", .read = read_schema, .required = true },
	{ .name = "name", .read = schema_field_text, .offset = offsetof(struct policy, name) },
	{ .name = "extends", .read = read_extends },
	{ .name = "expect", .read = read_expect },
	{ .name = "facility", .read = read_facility },
	{ .name = "admin_accounts", .read = read_admin_accounts },
	{ .name = "tiers", .read = schema_field_tiers },
	POPULATION_FIELD("service_accounts", POPULATION_SERVICE),
	POPULATION_FIELD("shared_accounts", POPULATION_SHARED),
	POPULATION_FIELD("remote_access", POPULATION_REMOTE_ACCESS),
	POPULATION_FIELD("hypervisor", POPULATION_HYPERVISOR),
	POPULATION_FIELD("backup", POPULATION_BACKUP),
	{ .name = "external", .read = schema_field_external },
	POPULATION_FIELD("biomedical", POPULATION_BIOMEDICAL),
	{ .name = "identity", .read = schema_field_identity },
	{ .name = "hr", .read = schema_field_hr },
	{ .name = "leaks", .read = schema_field_leaks },
	{ .name = "password_filter", .read = schema_field_password_filter },
	{ .name = "mfa", .read = schema_field_mfa },
	{ .name = "controls", .read = schema_field_controls },
	{ .name = "waivers", .read = schema_field_waivers },
	{ .name = "custom_controls", .read = schema_field_custom },
};

void schema_read(struct mistakes *m, const struct yaml_node *root, struct policy *out)
{
	schema_read_map(m, root, policy_fields, ARRAY_LEN(policy_fields), "policy", out);
}

const char *schema_key(size_t i)
{
	return i < ARRAY_LEN(policy_fields) ? policy_fields[i].name : NULL;
}
