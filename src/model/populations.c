/* Whom the policy's scopes hold: the tiers, and the populations that it sets apart. */
#include "base/utf8.h"
#include "model/state.h"
#include "policy/pattern.h"

#include <stdlib.h>

static void report_name(struct model *m, const char *what, struct str name, const char *detail)
{
	struct str need = arena_printf(
		&m->arena, "%s %.*s", what, (int)(name.n > 1024 ? 1024 : name.n), name.p);

	coverage_add(m, need, COVERAGE_MISSING, str_of(detail));
}

struct scope_name scope_resolve(struct model *m, const char *what, struct str name, bool want_group)
{
	bool ambiguous;
	struct scope_name r = { .text = name, .object = model_find_name(m, name, &ambiguous) };

	if (r.object && want_group && r.object->kind != AD_GROUP) {
		report_name(m, what, name, "not_a_group");
		r.object = NULL;
	} else if (!r.object) {
		report_name(m, what, name, ambiguous ? "ambiguous" : "not_found");
	}
	if (r.object && want_group)
		r.opaque = group_hides_accounts(m, r.object);
	return r;
}

struct str scope_unit(struct model *m, const char *what, struct str dn, bool *unresolved)
{
	struct str canonical = { "", 0 };

	if (model_find_dn(m, dn) && dn_canonical(&m->arena, dn, &canonical))
		return canonical;
	*unresolved = true;
	report_name(m, what, dn, "not_found");
	return dn_canonical(&m->arena, dn, &canonical) ? canonical : (struct str){ "", 0 };
}

enum tri scope_holds(const struct model *m, const struct scope_name *g, const struct ad_object *o)
{
	if (!g->object)
		return UNKNOWN;
	if (object_in_group(m, o, g->object))
		return YES;
	if (g->opaque)
		return UNKNOWN;
	return object_is_account(o) && model_readable(m, o, ATTR_PRIMARY_GROUP_ID) != READABLE
		       ? UNKNOWN
		       : NO;
}

static int index_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t *load_objects(struct model *m, struct scope *s, const char *what,
	const struct str *names, size_t count, size_t *out_count)
{
	uint32_t *list = ARENA_ARRAY(&m->arena, uint32_t, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		struct scope_name a = scope_resolve(m, what, names[i], false);

		s->unresolved |= !a.object;
		if (a.object)
			list[n++] = a.object->index;
	}
	if (n)
		qsort(list, n, sizeof(*list), index_order);
	*out_count = n;
	return list;
}

static bool holds_index(const uint32_t *list, size_t count, uint32_t index)
{
	return count && bsearch(&index, list, count, sizeof(*list), index_order);
}

/* what: the beginning of the coverage entries, by enum part. */
enum part { PART_GROUP, PART_UNIT, PART_ACCOUNT, PART_COMPUTER, PART_COUNT };
static void load_scope(struct model *m, struct scope *s, const struct policy_scope *from,
	const char *const what[PART_COUNT])
{
	s->declared = from->at.file != NULL;
	s->groups = ARENA_ARRAY(&m->arena, struct scope_name, from->group_count);
	for (size_t i = 0; i < from->group_count; i++) {
		struct scope_name g = scope_resolve(m, what[PART_GROUP], from->groups[i], true);

		s->unresolved |= !g.object || group_misses_members(m, g.object);
		if (g.object)
			s->groups[s->group_count++] = g;
	}
	s->units = ARENA_ARRAY(&m->arena, struct str, from->unit_count);
	for (size_t i = 0; i < from->unit_count; i++)
		s->units[s->unit_count++] =
			scope_unit(m, what[PART_UNIT], from->units[i], &s->unresolved);
	s->accounts = load_objects(
		m, s, what[PART_ACCOUNT], from->accounts, from->account_count, &s->account_count);
	s->computers = load_objects(m, s, what[PART_COMPUTER], from->computers,
		from->computer_count, &s->computer_count);
}

/* One pass over the objects for the units of all scopes. */
static void mark_units(struct model *m)
{
	struct arena scratch = { 0 };
	size_t units = 0;
	struct str dn;

	m->unit_marks = ARENA_ARRAY(&m->arena, uint16_t, m->count + 1);
	for (size_t s = 0; s < SCOPE_COUNT; s++)
		units += m->scopes[s].unit_count;
	for (size_t i = 0; units && i < m->count; i++) {
		arena_reset(&scratch);
		if (!dn_canonical(&scratch, m->raw_dn[i], &dn))
			continue;
		for (size_t s = 0; s < SCOPE_COUNT; s++)
			for (size_t u = 0; u < m->scopes[s].unit_count; u++)
				if (m->scopes[s].units[u].n &&
					dn_is_below(dn, m->scopes[s].units[u]))
					m->unit_marks[i] |= (uint16_t)(1u << s);
	}
	arena_free(&scratch);
}

/* By object: enum tri; *out stays NULL without a pattern. */
static int mark_pattern(struct model *m, struct str text, struct policy_position position,
	uint8_t **out, struct err *err)
{
	struct arena scratch = { 0 };
	const struct pattern *pattern;
	struct err why = { 0 };

	if (!text.n)
		return 0;
	if (pattern_compile(&scratch, text, &pattern, &why)) {
		struct str at = policy_position_text(&scratch, position);

		err_set(err, ERR_USAGE, "%.*s: %s", STR_ARG(at), why.text);
		arena_free(&scratch);
		return ERR_USAGE;
	}
	*out = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		enum pattern_result r = PATTERN_UNDECIDED;

		if (object_is_account(o) && obj_has(o, ATTR_SAM_ACCOUNT_NAME))
			r = pattern_match(pattern, obj_value(o, ATTR_SAM_ACCOUNT_NAME, 0));
		(*out)[i] = (uint8_t)(r == PATTERN_YES ? YES : r == PATTERN_NO ? NO : UNKNOWN);
	}
	arena_free(&scratch);
	return 0;
}

int scopes_build(struct model *m, struct err *err)
{
	static const char *const tiers[][PART_COUNT] = {
		{ "tier0_group", "tier0_unit", "tier0_account", NULL },
		{ "tier1_group", "tier1_unit", "tier1_account", NULL },
		{ "tier2_group", "tier2_unit", "tier2_account", NULL },
	};
	static const char *const parts[PART_COUNT] = { "population_group", "population_unit",
		"population_account", "population_computer" };
	const struct policy *p = m->policy;
	int rc = mark_pattern(
		m, p->admin_name_pattern, p->admin_name_pattern_at, &m->admin_pattern, err);

	for (size_t t = 0; t < ARRAY_LEN(tiers); t++)
		load_scope(m, &m->scopes[SCOPE_TIER + t], &p->tiers[t], tiers[t]);
	for (size_t i = 0; !rc && i < POPULATION_COUNT; i++) {
		struct scope *s = &m->scopes[SCOPE_POPULATION + i];
		const struct policy_scope *from = &p->populations[i];

		const char *name = policy_population_name((enum policy_population)i);
		const char *what[PART_COUNT];

		for (size_t k = 0; k < PART_COUNT; k++)
			what[k] = arena_printf(&m->arena, "%s %s", parts[k], name).p;
		load_scope(m, s, from, what);
		rc = mark_pattern(m, from->name_pattern, from->name_pattern_at, &s->pattern, err);
	}
	mark_units(m);
	return rc;
}

/* ---- questions ---- */

bool scope_has_unit_of(const struct model *m, size_t scope, const struct ad_object *o)
{
	return m->unit_marks[o->index] & 1u << scope;
}

bool scope_names_account(const struct model *m, size_t scope, const struct ad_object *o)
{
	const struct scope *s = &m->scopes[scope];

	return holds_index(s->accounts, s->account_count, o->index);
}

static const struct scope *population(const struct model *m, enum policy_population p)
{
	return &m->scopes[SCOPE_POPULATION + (size_t)p];
}

bool model_population_declared(const struct model *m, enum policy_population p)
{
	return population(m, p)->declared;
}

bool model_population_unresolved(const struct model *m, enum policy_population p)
{
	return population(m, p)->unresolved;
}

unsigned object_population_ways(
	const struct model *m, const struct ad_object *o, enum policy_population p)
{
	const struct scope *s = population(m, p);
	unsigned ways = 0;

	if (s->group_count)
		walk_up(m, o);
	for (size_t i = 0; i < s->group_count; i++)
		if (walk_holds(m, s->groups[i].object))
			ways |= BY_GROUP;
	if (scope_has_unit_of(m, SCOPE_POPULATION + (size_t)p, o))
		ways |= BY_UNIT;
	if (holds_index(s->accounts, s->account_count, o->index))
		ways |= BY_ACCOUNT;
	if (holds_index(s->computers, s->computer_count, o->index))
		ways |= BY_COMPUTER;
	if (s->pattern && object_is_account(o) && s->pattern[o->index] == YES)
		ways |= BY_PATTERN;
	return ways;
}

enum tri object_in_population(
	const struct model *m, const struct ad_object *o, enum policy_population p)
{
	const struct scope *s = population(m, p);

	if (object_population_ways(m, o, p))
		return YES;
	if (!object_is_account(o))
		return NO;
	if (s->pattern && s->pattern[o->index] == UNKNOWN)
		return UNKNOWN;
	/* Its primary group may be one of them. */
	return s->group_count && model_readable(m, o, ATTR_PRIMARY_GROUP_ID) != READABLE ? UNKNOWN
											 : NO;
}

int model_external_max_days(const struct model *m)
{
	return m->policy->external_max_days;
}
