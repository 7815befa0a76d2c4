/* Which accounts carry a person's identifier (policy: identity), and which carry the same. */
#include "model/state.h"
#include "policy/pattern.h"

#include <stdlib.h>

struct carried { /* an identifier and a user account that carries it */
	struct str value;
	uint32_t object;
};

struct identities {
	slot_number slot;
	uint8_t *fits; /* by object: enum tri, by the values that were read */
	struct shared_identifier *shared;
	size_t shared_count;
};

struct carried_list {
	struct carried *items;
	size_t count, room;
};

static void add(struct carried_list *l, struct str value, uint32_t object)
{
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 256;
		l->items = xrealloc(l->items, l->room * sizeof(*l->items));
	}
	l->items[l->count++] = (struct carried){ value, object };
}

/* No pattern: any value will do. */
static enum pattern_result fits(const struct pattern *pattern, struct str value)
{
	return pattern ? pattern_match(pattern, value) : value.n ? PATTERN_YES : PATTERN_NO;
}

static void take_object(struct model *m, const struct pattern *pattern, const struct ad_object *o,
	struct carried_list *l)
{
	const struct ad_value *v = object_slot(o, m->identities->slot);
	uint8_t *out = &m->identities->fits[o->index];

	*out = NO;
	for (uint32_t i = 0; v && i < v->count; i++) {
		struct str value = value_list(v)[i];
		enum pattern_result r = fits(pattern, value);

		if (r == PATTERN_YES) {
			*out = YES;
			add(l, value, o->index);
		} else if (r == PATTERN_UNDECIDED && *out == NO) {
			*out = UNKNOWN;
		}
	}
}

static int by_value(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;
	int order = str_cmp(x->value, y->value);

	return order ? order : x->object < y->object ? -1 : x->object > y->object;
}

static size_t run_length(const struct carried_list *l, size_t from)
{
	size_t n = 1;

	while (from + n < l->count && str_eq(l->items[from + n].value, l->items[from].value))
		n++;
	return n;
}

static void keep_shared(struct model *m, const struct carried_list *l)
{
	struct identities *all = m->identities;

	for (size_t i = 0, n; i < l->count; i += n) {
		n = run_length(l, i);
		all->shared_count += n > 1;
	}
	all->shared = ARENA_ARRAY(&m->arena, struct shared_identifier, all->shared_count);
	all->shared_count = 0;
	for (size_t i = 0, n; i < l->count; i += n) {
		const struct ad_object **holders;
		struct shared_identifier *s;

		n = run_length(l, i);
		if (n == 1)
			continue;
		holders = ARENA_ARRAY(&m->arena, const struct ad_object *, n);
		s = &all->shared[all->shared_count++];
		*s = (struct shared_identifier){ l->items[i].value, holders, 0 };
		for (size_t k = i; k < i + n; k++)
			/* One account may carry it twice. */
			if (k == i || l->items[k].object != l->items[k - 1].object)
				holders[s->count++] = &m->objects[l->items[k].object];
		all->shared_count -= s->count == 1;
	}
}

static int compile(struct model *m, struct arena *a, const struct pattern **out, struct err *err)
{
	struct err why = { 0 };

	*out = NULL;
	if (!m->policy->identity_pattern.n ||
		!pattern_compile(a, m->policy->identity_pattern, out, &why))
		return 0;
	struct str at = policy_position_text(a, m->policy->identity_pattern_at);

	err_set(err, ERR_USAGE, "%.*s: %s", STR_ARG(at), why.text);
	return ERR_USAGE;
}

int identity_build(struct model *m, struct err *err)
{
	const struct pattern *pattern;
	struct arena scratch = { 0 };
	struct carried_list l = { 0 };
	int rc = 0;

	if (!m->policy->identity_attribute.n)
		return 0;
	rc = compile(m, &scratch, &pattern, err);
	if (!rc) {
		m->identities = ARENA_NEW(&m->arena, struct identities);
		m->identities->slot = model_slot(m, m->policy->identity_attribute);
		m->identities->fits = ARENA_ARRAY(&m->arena, uint8_t, m->count + 1);
		for (size_t i = 0; i < m->count; i++)
			if (m->objects[i].kind == AD_USER && m->identities->slot != SLOT_NONE)
				take_object(m, pattern, &m->objects[i], &l);
		if (l.count)
			qsort(l.items, l.count, sizeof(*l.items), by_value);
		keep_shared(m, &l);
	}
	free(l.items);
	arena_free(&scratch);
	return rc;
}

/* ---- questions ---- */

enum tri object_has_identifier(const struct model *m, const struct ad_object *o)
{
	if (!m->identities || o->kind != AD_USER)
		return NO;
	if (m->identities->fits[o->index] != NO)
		return (enum tri)m->identities->fits[o->index];
	return model_readable_name(m, o, m->policy->identity_attribute) == READABLE ? NO : UNKNOWN;
}

static enum tri is_personal(const struct model *m, const struct ad_object *o)
{
	enum tri privileged = account_privileged(m, o), named = account_matches_admin_pattern(m, o);
	enum tri service = object_in_population(m, o, POPULATION_SERVICE);
	enum tri shared = object_in_population(m, o, POPULATION_SHARED);

	if (privileged == YES || named == YES || service == YES || shared == YES)
		return NO;
	return privileged == NO && named == NO && service == NO && shared == NO ? YES : UNKNOWN;
}

enum identity_state account_identity(const struct model *m, const struct ad_object *o)
{
	enum tri enabled, care, personal, has;

	if (!m->identities || o->kind != AD_USER)
		return IDENTITY_OUTSIDE;
	care = object_in_population(m, o, POPULATION_IDENTITY);
	enabled = account_enabled(m, o);
	if (care == NO || enabled == NO)
		return IDENTITY_OUTSIDE;
	personal = is_personal(m, o);
	if (personal == NO)
		return IDENTITY_OUTSIDE;
	has = object_has_identifier(m, o);
	if (care == UNKNOWN || enabled == UNKNOWN || personal == UNKNOWN || has == UNKNOWN)
		return IDENTITY_UNKNOWN;
	return has == YES ? IDENTITY_VERIFIED : IDENTITY_MISSING;
}

struct str object_refused_identifier(const struct model *m, const struct ad_object *o)
{
	const struct ad_value *v =
		m->identities && m->identities->slot != SLOT_NONE && o->kind == AD_USER
			? object_slot(o, m->identities->slot)
			: NULL;

	return v && v->count && m->identities->fits[o->index] == NO ? value_list(v)[0]
								    : (struct str){ "", 0 };
}

struct str model_identity_attribute(const struct model *m)
{
	return m->policy->identity_attribute;
}

size_t model_shared_identifiers(const struct model *m, const struct shared_identifier **out)
{
	*out = m->identities ? m->identities->shared : NULL;
	return m->identities ? m->identities->shared_count : 0;
}
