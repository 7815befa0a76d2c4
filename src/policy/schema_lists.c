#include "policy/schema.h"

#include "base/datetime.h"
#include "base/hash.h"
#include "policy/filter.h"

/* ---- controls ------------------------------------------------------------------------------- */

static bool read_param(struct mistakes *m, struct str name, const struct yaml_node *value,
	struct policy_param *out)
{
	const char *z = arena_str(m->a, name).p;
	struct str digits = value->text;
	struct str text;

	if (!schema_text(m, z, value, &text))
		return false;
	*out = (struct policy_param){
		.name = name, .at = value->at, .kind = PARAM_STRING, .text = text
	};
	if (value->quoted)
		return true;
	if (str_eq(text, STR("true")) || str_eq(text, STR("false"))) {
		out->kind = PARAM_BOOL;
		out->number = str_eq(text, STR("true"));
		return true;
	}
	if (digits.p[0] == '-' || digits.p[0] == '+')
		digits = (struct str){ digits.p + 1, digits.n - 1 };
	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return true;
	out->kind = PARAM_INT;
	if (!digits.n || text.p[0] == '+' || (digits.n > 1 && digits.p[0] == '0') ||
		!str_to_i64(text, &out->number)) {
		mistakes_add(m, value->at, "'%s' needs a decimal whole number, not '%.*s'.", z,
			STR_ARG(text));
		return false;
	}
	return true;
}

static void read_control(struct mistakes *m, struct str id, struct policy_position id_at,
	const struct yaml_node *value, struct policy_control *out)
{
	*out = (struct policy_control){ .id = id, .enabled = true, .at = id_at };
	if (!schema_is(m, arena_str(m->a, id).p, value, YAML_MAP))
		return;
	struct policy_param *params = ARENA_ARRAY(m->a, struct policy_param, value->count);
	for (size_t i = 0; i < value->count; i++) {
		const struct yaml_node *v = &value->items[i];

		if (str_eq(value->keys[i], STR("enabled")))
			schema_bool(m, "enabled", v, &out->enabled);
		else if (str_eq(value->keys[i], STR("reason")))
			schema_text(m, "reason", v, &out->reason);
		else if (read_param(m, value->keys[i], v, &params[out->param_count]))
			out->param_count++;
	}
	out->params = params;
	if (!out->enabled && !yaml_get(value, "reason"))
		mistakes_add(m, id_at, "'%.*s' is switched off without a 'reason'.", STR_ARG(id));
}

static int by_id(const void *a, const void *b)
{
	const struct policy_control *x = a, *y = b;

	return str_cmp(x->id, y->id);
}

void schema_field_controls(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_MAP))
		return;
	struct policy_control *list = ARENA_ARRAY(m->a, struct policy_control, value->count);
	for (size_t i = 0; i < value->count; i++)
		read_control(m, value->keys[i], value->key_at[i], &value->items[i], &list[i]);
	qsort(list, value->count, sizeof(*list), by_id);
	p->controls = list;
	p->control_count = value->count;
}

/* ---- waivers -------------------------------------------------------------------------------- */

bool schema_day(struct mistakes *m, const char *name, const struct yaml_node *value, int64_t *start)
{
	struct str text;

	if (!schema_text(m, name, value, &text))
		return false;
	if (text.n == sizeof("2027-01-31") - 1 && datetime_parse(text, start))
		return true;
	mistakes_add(
		m, value->at, "'%s' needs a day like 2027-01-31, not '%.*s'.", name, STR_ARG(text));
	return false;
}

/* A day counts to its last second, UTC. */
static void read_until(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy_waiver *w = target;
	int64_t start;

	if (schema_day(m, f->name, value, &start))
		w->until = start + SECONDS_PER_DAY - 1;
}

static void read_reach(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct policy_waiver *w = target;

	schema_reach(m, f, value, "a waiver", &w->reach, &w->target);
}

void schema_field_waivers(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "control",
			.read = schema_field_text,
			.offset = offsetof(struct policy_waiver, control),
			.required = true },
		{ .name = "object", .read = read_reach },
		{ .name = "unit", .read = read_reach },
		{ .name = "group", .read = read_reach },
		{ .name = "reason",
			.read = schema_field_text,
			.offset = offsetof(struct policy_waiver, reason),
			.required = true },
		{ .name = "approved_by",
			.read = schema_field_text,
			.offset = offsetof(struct policy_waiver, approved_by) },
		{ .name = "until", .read = read_until, .required = true },
	};
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct policy_waiver *list = ARENA_ARRAY(m->a, struct policy_waiver, value->count);
	for (size_t i = 0; i < value->count; i++) {
		list[i].at = value->items[i].at;
		schema_read_map(m, &value->items[i], fields, ARRAY_LEN(fields), "waiver", &list[i]);
	}
	p->waivers = list;
	p->waiver_count = value->count;
}

/* ---- custom controls ------------------------------------------------------------------------ */

static void read_text2(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "fr", .read = schema_field_text, .offset = offsetof(struct text2, fr) },
		{ .name = "en", .read = schema_field_text, .offset = offsetof(struct text2, en) },
	};
	struct text2 text = { 0 };

	schema_read_map(m, value, fields, ARRAY_LEN(fields), f->name, &text);
	if (value->kind == YAML_MAP && value->count == 0)
		mistakes_add(m, value->at, "'%s' needs 'fr' or 'en'.", f->name);
	if (!text.fr.n)
		text.fr = text.en;
	*(struct text2 *)(void *)((char *)target + f->offset) = text;
}

static void read_custom_id(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const char *const taken[] = { "vuln_", "warning_", "info_", "hyg_" };
	struct custom_control *c = target;
	struct str id;

	if (!schema_text(m, f->name, value, &id))
		return;
	bool good = id.p[0] >= 'a' && id.p[0] <= 'z';
	for (size_t i = 0; i < id.n; i++)
		good = good && ((id.p[i] >= 'a' && id.p[i] <= 'z') ||
				       (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '_');
	if (!good) {
		mistakes_add(m, value->at,
			"'id' needs lower-case letters, digits and '_', a letter first, not "
			"'%.*s'.",
			STR_ARG(id));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (str_starts(id, str_of(taken[i]))) {
			mistakes_add(m, value->at,
				"'%.*s' begins like one of the program's own controls (%s); call "
				"it "
				"site_%.*s.",
				STR_ARG(id), taken[i], STR_ARG(id));
			return;
		}
	c->id = id;
}

static void read_level(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct custom_control *c = target;

	if (value->kind != YAML_SCALAR || value->text.n != 1 || value->text.p[0] < '1' ||
		value->text.p[0] > '5')
		mistakes_add(m, value->at, "'%s' needs a whole number from 1 to 5.", f->name);
	else
		c->level = value->text.p[0] - '0';
}

static void read_filter(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	struct custom_control *c = target;
	size_t column = 0;
	struct err err;

	if (!schema_text(m, f->name, value, &c->filter))
		return;
	if (filter_parse(m->a, c->filter, &c->parsed, &column, &err))
		mistakes_add(m, value->at, "%s", err.text);
}

static void check_ids_once(struct mistakes *m, const struct custom_control *list, size_t count)
{
	struct hash seen = { 0 };

	for (size_t i = 0; i < count; i++) {
		uint32_t first =
			list[i].id.n ? hash_add(&seen, list[i].id, (uint32_t)i) : (uint32_t)i;

		if (first != i)
			mistakes_add(m, list[i].at,
				"the custom control '%.*s' is already defined at %.*s.",
				STR_ARG(list[i].id),
				STR_ARG(policy_position_text(m->a, list[first].at)));
	}
	hash_free(&seen);
}

void schema_field_custom(
	struct mistakes *m, const struct field *f, const struct yaml_node *value, void *target)
{
	static const struct field fields[] = {
		{ .name = "id", .read = read_custom_id, .required = true },
		{ .name = "level", .read = read_level, .required = true },
		{ .name = "title",
			.read = read_text2,
			.offset = offsetof(struct custom_control, title),
			.required = true },
		{ .name = "why",
			.read = read_text2,
			.offset = offsetof(struct custom_control, why) },
		{ .name = "fix",
			.read = read_text2,
			.offset = offsetof(struct custom_control, fix) },
		{ .name = "each",
			.read = schema_field_text,
			.offset = offsetof(struct custom_control, each),
			.required = true },
		{ .name = "filter", .read = read_filter, .required = true },
	};
	struct policy *p = target;

	if (!schema_is(m, f->name, value, YAML_LIST))
		return;
	struct custom_control *list = ARENA_ARRAY(m->a, struct custom_control, value->count);
	for (size_t i = 0; i < value->count; i++) {
		list[i].at = value->items[i].at;
		schema_read_map(
			m, &value->items[i], fields, ARRAY_LEN(fields), "custom control", &list[i]);
	}
	check_ids_once(m, list, value->count);
	p->custom = list;
	p->custom_count = value->count;
}
