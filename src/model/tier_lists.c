/* Who is in which tier, as lists: asked once of every account. */
#include "model/state.h"

struct tier_list {
	struct arena arena;
	const struct ad_object **users[3];
	size_t count[3];
	bool built, uncertain, employees_hidden;
	struct hash employees; /* of enabled users outside tiers 0 and 1 */
};

/* Of an ordinary account that is enabled or may be. */
static void note_employee(const struct model *m, struct tier_list *l, const struct ad_object *o)
{
	bool said = obj_has(o, ATTR_EMPLOYEE_ID);

	if (said && account_enabled(m, o) == YES)
		hash_add(&l->employees, str_trim(obj_str(o, ATTR_EMPLOYEE_ID)), 0);
	else if (said || model_readable(m, o, ATTR_EMPLOYEE_ID) != READABLE)
		l->employees_hidden = true;
}

static struct tier_list *lists_of(const struct model *m)
{
	struct tier_list *l = m->tier_lists;
	struct arena *a;

	if (l->built)
		return l;
	l->built = true;
	a = &l->arena;
	for (int t = 0; t < 3; t++)
		l->users[t] = ARENA_ARRAY(a, const struct ad_object *, m->kinds[AD_USER] + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (o->kind != AD_USER || account_enabled(m, o) == NO)
			continue;
		int tier = object_tier(m, o);

		if (tier != 0 && tier != 1)
			note_employee(m, l, o);
		if (tier != TIER_NONE)
			l->users[tier][l->count[tier]++] = o;
		l->uncertain |= account_privileged(m, o) == UNKNOWN;
	}
	return l;
}

size_t model_tier_users(const struct model *m, int tier, const struct ad_object *const **out)
{
	const struct tier_list *l = lists_of(m);

	*out = l->users[tier];
	return l->count[tier];
}

enum tri model_employee_is_ordinary(const struct model *m, struct str employee_id)
{
	const struct tier_list *l = lists_of(m);

	if (hash_get(&l->employees, str_trim(employee_id)) != HASH_NONE)
		return YES;
	return l->employees_hidden ? UNKNOWN : NO;
}

bool model_tier_users_uncertain(const struct model *m)
{
	return lists_of(m)->uncertain;
}

void tier_lists_build(struct model *m)
{
	m->tier_lists = arena_alloc(&m->arena, sizeof(*m->tier_lists));
}

void tier_lists_free(struct model *m)
{
	if (m->tier_lists)
		arena_free(&m->tier_lists->arena);
	if (m->tier_lists)
		hash_free(&m->tier_lists->employees);
}
