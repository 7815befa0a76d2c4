/* mfa: who must have a second factor, what proves it, and who is excepted. */
#include "policy/schema.h"

static void read_scope(struct mistakes *m, const struct yaml_node *value, struct mfa_scope *out)
{
	static const struct {
		const char *word;
		enum mfa_scope_kind kind;
	} words[] = {
		{ "privileged", MFA_PRIVILEGED },
		{ "tier0", MFA_TIER0 },
		{ "tier1", MFA_TIER1 },
		{ "tier2", MFA_TIER2 },
		{ "remote_access", MFA_REMOTE_ACCESS },
		{ "all", MFA_ALL },
	};
	struct yaml_node name = *value;

	out->at = value->at;
	if (!schema_text(m, "required_for", value, &name.text))
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(value->text, str_of(words[i].word))) {
			out->kind = words[i].kind;
			return;
		}
	struct str rest, word = str_cut(value->text, ':', &rest);
	name.text = str_trim(rest);
	if (rest.p && str_eq(word, STR("group"))) {
		out->kind = MFA_IN_GROUP;
		schema_object_name(m, "group:", &name, &out->name);
	} else if (rest.p && str_eq(word, STR("unit"))) {
		out->kind = MFA_IN_UNIT;
		schema_dn(m, "unit:", &name, &out->name);
	} else {
		mistakes_add(m, value->at,
			"'%.*s' is not known here; required_for takes privileged, tier0, tier1, "
			"tier2, remote_access, all, \"group:NAME\" and \"unit:DN\".",
			STR_ARG(value->text));
	}
}

static void read_required_for(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct mfa_scope *scopes = ARENA_ARRAY(m->a, struct mfa_scope, value->count);
	for (size_t i = 0; i < value->count; i++)
		read_scope(m, &value->items[i], &scopes[i]);
	p->mfa_required = scopes;
	p->mfa_required_count = value->count;
}

static struct str account_attribute(struct str column)
{
	static const char *const attributes[] = { "userPrincipalName", "sAMAccountName", "mail",
		"objectSid", "employeeID" };

	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (str_ieq(column, str_of(attributes[i])))
			return str_of(attributes[i]);
	return (struct str){ NULL, 0 };
}

static void read_format(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const char *const words[] = {
		[MFA_GENERIC] = "generic", [MFA_ENTRA] = "entra", [MFA_WALLIX] = "wallix"
	};
	struct mfa_evidence *e = target;
	struct str text;

	if (!schema_text(m, f->name, value, &text))
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(text, str_of(words[i]))) {
			e->format = (enum mfa_format)i;
			return;
		}
	mistakes_add(m, value->at, "'%s' is generic, entra or wallix, not '%.*s'.", f->name,
		STR_ARG(text));
}

static void read_match(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct mfa_evidence *e = target;
	struct str text;

	if (!schema_text(m, f->name, value, &text))
		return;
	e->account_attribute = str_eq(text, STR("any")) ? STR("") : account_attribute(text);
	if (!e->account_attribute.p)
		mistakes_add(m, value->at,
			"'%s' is any, userPrincipalName, sAMAccountName, mail, objectSid or "
			"employeeID, not '%.*s'.",
			f->name, STR_ARG(text));
}

static void read_factors(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct mfa_evidence *e = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct str *words = ARENA_ARRAY(m->a, struct str, value->count);
	for (size_t i = 0; i < value->count; i++)
		schema_text(m, f->name, &value->items[i], &words[i]);
	e->factors = words;
	e->factor_count = value->count;
}

static void read_exported(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct mfa_evidence *e = target;

	(void)schema_day(m, f->name, value, &e->exported);
}

static void read_csv(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "file",
			.read = schema_field_text,
			.offset = offsetof(struct mfa_evidence, file),
			.required = true },
		{ .name = "account",
			.read = schema_field_text,
			.offset = offsetof(struct mfa_evidence, account_column) },
		{ .name = "method",
			.read = schema_field_text,
			.offset = offsetof(struct mfa_evidence, method_column) },
		{ .name = "format", .read = read_format },
		{ .name = "match", .read = read_match },
		{ .name = "factors", .read = read_factors },
		{ .name = "exported", .read = read_exported },
	};
	struct mfa_evidence *e = target;

	e->kind = MFA_CSV;
	e->exported = INT64_MIN;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, e);
	if (value->kind == YAML_MAP && e->format == MFA_GENERIC && !yaml_get(value, "account"))
		mistakes_add(m, value->at, "the key 'account' is missing in this %s.", f->name);
	if (value->kind == YAML_MAP && !yaml_get(value, "match"))
		e->account_attribute = account_attribute(e->account_column);
	if (e->file.n)
		e->file = str_of(policy_path_beside(m->a, value->at.file, e->file));
}

static void read_evidence_group(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct mfa_evidence *e = target;

	e->kind = MFA_GROUP;
	schema_object_name(m, f->name, value, &e->group);
}

static void read_evidence(struct mistakes *m, const struct yaml_node *value, struct mfa_evidence *e)
{
	static const struct field fields[] = {
		{ .name = "group", .read = read_evidence_group },
		{ .name = "csv", .read = read_csv },
	};
	static const struct {
		const char *word;
		enum mfa_evidence_kind kind;
	} words[] = {
		{ "smartcard_required", MFA_SMARTCARD_REQUIRED },
		{ "key_credential", MFA_KEY_CREDENTIAL },
		{ "certificate_mapping", MFA_CERTIFICATE_MAPPING },
		{ "authentication_policy", MFA_AUTHENTICATION_POLICY },
	};

	e->at = value->at;
	if (value->kind == YAML_MAP && value->count == 1) {
		schema_read_map(m, value, fields, ARRAY_LEN(fields), "evidence", e);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(words) && value->kind == YAML_SCALAR; i++)
		if (str_eq(value->text, str_of(words[i].word))) {
			e->kind = words[i].kind;
			return;
		}
	mistakes_add(m, value->at,
		"a piece of evidence is smartcard_required, key_credential, certificate_mapping, "
		"authentication_policy, {group: NAME} or {csv: {file, account, method}}.");
}

static void read_evidence_list(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct mfa_evidence *list = ARENA_ARRAY(m->a, struct mfa_evidence, value->count);
	for (size_t i = 0; i < value->count; i++)
		read_evidence(m, &value->items[i], &list[i]);
	p->mfa_evidence = list;
	p->mfa_evidence_count = value->count;
}

static void read_excluded_reach(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct mfa_exclusion *e = target;

	schema_reach(m, f, value, "an exclusion", &e->reach, &e->target);
}

static void read_exclusion(
	struct mistakes *m, const struct yaml_node *value, struct mfa_exclusion *e)
{
	static const struct field fields[] = {
		{ .name = "object", .read = read_excluded_reach },
		{ .name = "unit", .read = read_excluded_reach },
		{ .name = "group", .read = read_excluded_reach },
		{ .name = "reason",
			.read = schema_field_text,
			.offset = offsetof(struct mfa_exclusion, reason),
			.required = true },
	};

	e->at = value->at;
	schema_read_map(m, value, fields, ARRAY_LEN(fields), "exclusion", e);
	if (value->kind == YAML_MAP && e->reach == REACH_ALL)
		mistakes_add(m, value->at, "an exclusion needs 'object', 'unit' or 'group'.");
}

static void read_excluded(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct mfa_exclusion *list = ARENA_ARRAY(m->a, struct mfa_exclusion, value->count);
	for (size_t i = 0; i < value->count; i++)
		read_exclusion(m, &value->items[i], &list[i]);
	p->mfa_excluded = list;
	p->mfa_excluded_count = value->count;
}

static void read_weak_methods(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	schema_bool(m, f->name, value, &p->mfa_weak_methods);
}

void schema_field_mfa(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "required_for", .read = read_required_for },
		{ .name = "evidence", .read = read_evidence_list },
		{ .name = "excluded", .read = read_excluded },
		{ .name = "weak_methods", .read = read_weak_methods },
	};

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, target);
}
