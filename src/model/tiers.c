/* Tiers and administrator names, as the policy declares them. */
#include "base/utf8.h"
#include "model/state.h"
#include "policy/pattern.h"

#include <stdio.h>
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
		r.opaque = group_is_opaque(m, r.object);
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

static void load_tier(struct model *m, struct tier *t, const struct policy_tier *from, int number)
{
	char what[3][32];

	snprintf(what[0], sizeof(what[0]), "tier%d_group", number);
	snprintf(what[1], sizeof(what[1]), "tier%d_unit", number);
	snprintf(what[2], sizeof(what[2]), "tier%d_account", number);
	t->groups = ARENA_ARRAY(&m->arena, struct scope_name, from->group_count);
	for (size_t i = 0; i < from->group_count; i++) {
		struct scope_name g = scope_resolve(m, what[0], from->groups[i], true);

		t->unresolved |= !g.object || group_misses_members(m, g.object);
		if (g.object)
			t->groups[t->group_count++] = g;
	}
	t->units = ARENA_ARRAY(&m->arena, struct str, from->unit_count);
	for (size_t i = 0; i < from->unit_count; i++)
		t->units[t->unit_count++] = scope_unit(m, what[1], from->units[i], &t->unresolved);
	t->accounts = ARENA_ARRAY(&m->arena, uint32_t, from->account_count);
	for (size_t i = 0; i < from->account_count; i++) {
		struct scope_name a = scope_resolve(m, what[2], from->accounts[i], false);

		t->unresolved |= !a.object;
		if (a.object)
			t->accounts[t->account_count++] = a.object->index;
	}
	if (t->account_count)
		qsort(t->accounts, t->account_count, sizeof(*t->accounts), index_order);
}

static void mark_units(struct model *m)
{
	struct arena scratch = { 0 };
	struct str dn;

	m->unit_tiers = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
	if (m->tiers[0].unit_count + m->tiers[1].unit_count + m->tiers[2].unit_count == 0)
		return;
	for (size_t i = 0; i < m->count; i++) {
		arena_reset(&scratch);
		if (!dn_canonical(&scratch, m->raw_dn[i], &dn))
			continue;
		for (int t = 0; t < 3; t++)
			for (size_t u = 0; u < m->tiers[t].unit_count; u++)
				if (m->tiers[t].units[u].n && dn_is_below(dn, m->tiers[t].units[u]))
					m->unit_tiers[i] |= (uint8_t)(1u << t);
	}
	arena_free(&scratch);
}

static int load_pattern(struct model *m, struct err *err)
{
	struct arena scratch = { 0 };
	const struct pattern *pattern;
	struct err why = { 0 };

	if (!m->policy->admin_name_pattern.n)
		return 0;
	if (pattern_compile(&scratch, m->policy->admin_name_pattern, &pattern, &why)) {
		struct str at = policy_position_text(&scratch, m->policy->admin_name_pattern_at);

		err_set(err, ERR_USAGE, "%.*s: %s", STR_ARG(at), why.text);
		arena_free(&scratch);
		return ERR_USAGE;
	}
	m->admin_pattern = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		enum pattern_result r = PATTERN_UNDECIDED;

		if (object_is_account(o) && obj_has(o, ATTR_SAM_ACCOUNT_NAME))
			r = pattern_match(pattern, obj_value(o, ATTR_SAM_ACCOUNT_NAME, 0));
		m->admin_pattern[i] = (uint8_t)(r == PATTERN_YES  ? YES
						: r == PATTERN_NO ? NO
								  : UNKNOWN);
	}
	arena_free(&scratch);
	return 0;
}

int tiers_build(struct model *m, struct err *err)
{
	for (int t = 0; t < 3; t++)
		load_tier(m, &m->tiers[t], &m->policy->tiers[t], t);
	mark_units(m);
	return load_pattern(m, err);
}

/* ---- questions ---- */

const struct ad_object *object_tier_group(
	const struct model *m, const struct ad_object *o, int tier)
{
	const struct tier *t = &m->tiers[tier];

	walk_up(m, o);
	for (size_t i = 0; i < t->group_count; i++)
		if (t->groups[i].object == o || walk_holds(m, t->groups[i].object))
			return t->groups[i].object;
	for (size_t i = 0; tier == 0 && i < m->privileged_group_count; i++)
		if (m->privileged_groups[i] == o || walk_holds(m, m->privileged_groups[i]))
			return m->privileged_groups[i];
	return NULL;
}

unsigned object_tier_groups(const struct model *m, const struct ad_object *o)
{
	unsigned bits = 0;

	for (int t = 0; t < 3; t++)
		if (object_tier_group(m, o, t))
			bits |= 1u << t;
	return bits;
}

bool object_in_tier(const struct model *m, const struct ad_object *o, int t)
{
	const struct tier *tier = &m->tiers[t];

	if (t == 0 && account_privileged(m, o) == YES)
		return true;
	if (m->unit_tiers[o->index] & 1u << t)
		return true;
	if (tier->account_count && bsearch(&o->index, tier->accounts, tier->account_count,
					   sizeof(*tier->accounts), index_order))
		return true;
	return object_tier_group(m, o, t) != NULL;
}

int object_tier(const struct model *m, const struct ad_object *o)
{
	for (int t = 0; t < 3; t++)
		if (object_in_tier(m, o, t))
			return t;
	return TIER_NONE;
}

bool model_tier_has_units(const struct model *m, int tier)
{
	return m->tiers[tier].unit_count > 0;
}

bool model_tier_has_groups(const struct model *m, int tier)
{
	return m->tiers[tier].group_count > 0;
}

bool model_tier_declares_groups(const struct model *m, int tier)
{
	return m->policy->tiers[tier].group_count > 0;
}

bool model_tier_unresolved(const struct model *m, int tier)
{
	return m->tiers[tier].unresolved;
}

bool object_in_tier_units(const struct model *m, const struct ad_object *o, int tier)
{
	return m->unit_tiers[o->index] & 1u << tier;
}

bool model_has_admin_pattern(const struct model *m)
{
	return m->admin_pattern != NULL;
}

enum tri account_matches_admin_pattern(const struct model *m, const struct ad_object *o)
{
	return m->admin_pattern ? (enum tri)m->admin_pattern[o->index] : NO;
}
