/* Tiers and administrator names, as the policy declares them. */
#include "model/state.h"

const struct scope *scope_of_tier(const struct model *m, int tier)
{
	return &m->scopes[SCOPE_TIER + (size_t)tier];
}

const struct ad_object *object_tier_group(
	const struct model *m, const struct ad_object *o, int tier)
{
	const struct scope *t = scope_of_tier(m, tier);

	/* Most accounts are in no group of any tier: no need to walk up theirs. */
	if (!t->group_count && (tier != 0 || m->via[o->index] == NO_OBJECT))
		return NULL;
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
	if (t == 0 && account_privileged(m, o) == YES)
		return true;
	if (object_in_tier_units(m, o, t) || scope_names_account(m, SCOPE_TIER + (size_t)t, o))
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

bool object_tier_known(const struct model *m, const struct ad_object *o, const char **reason)
{
	static const char *const unresolved[] = { "tier_not_resolved 0", "tier_not_resolved 1",
		"tier_not_resolved 2" };
	int tier = object_tier(m, o);
	const char *why = NULL;

	/* What is not known of a tier leaves open whether o is in it; a lower number wins. */
	for (int t = 0; t < 3 && t != tier && !why; t++) {
		if (t == 0 && account_privileged(m, o) == UNKNOWN)
			why = "privilege_not_readable";
		else if (t == 0 && model_privileged_complete(m, &why) != YES)
			why = why ? why : "privileged_groups_not_read";
		else if (model_tier_unresolved(m, t))
			why = unresolved[t];
	}
	if (why && reason)
		*reason = why;
	return !why;
}

bool model_tier_has_units(const struct model *m, int tier)
{
	return scope_of_tier(m, tier)->unit_count > 0;
}

bool model_tier_has_groups(const struct model *m, int tier)
{
	return scope_of_tier(m, tier)->group_count > 0;
}

bool model_tier_declares_groups(const struct model *m, int tier)
{
	return m->policy->tiers[tier].group_count > 0;
}

bool model_tier_declares(const struct model *m, int tier)
{
	const struct policy_scope *t = &m->policy->tiers[tier];

	return t->group_count + t->unit_count + t->account_count > 0;
}

bool model_tier_declares_accounts(const struct model *m, int tier)
{
	return m->policy->tiers[tier].account_count > 0;
}

bool object_is_tier_account(const struct model *m, const struct ad_object *o, int tier)
{
	return scope_names_account(m, SCOPE_TIER + (size_t)tier, o);
}

bool model_tier_unresolved(const struct model *m, int tier)
{
	return scope_of_tier(m, tier)->unresolved;
}

bool object_in_tier_units(const struct model *m, const struct ad_object *o, int tier)
{
	return scope_has_unit_of(m, SCOPE_TIER + (size_t)tier, o);
}

bool model_has_admin_pattern(const struct model *m)
{
	return m->admin_pattern != NULL;
}

enum tri account_matches_admin_pattern(const struct model *m, const struct ad_object *o)
{
	return m->admin_pattern ? (enum tri)m->admin_pattern[o->index] : NO;
}
