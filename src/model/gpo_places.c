/* Where computers live, for questions about what group policies give them: a thousand workstations
 * of one unit are one question, as long as no policy's security filtering tells them apart. */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "ad/windows.h"
#include "base/search.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

struct place_list {
	struct gpo_place *all;
	size_t count, room;
	bool built;
};

struct building {
	const struct model *m;
	struct place_list *list;
	bool *filters; /* by object: a policy's descriptor names it */
	struct hash seen;
	struct arena keys;
};

static bool is_asked_about(const struct model *m, const struct ad_object *o)
{
	uint32_t group = obj_u32(o, ATTR_PRIMARY_GROUP_ID);
	uint32_t flags = obj_u32(o, ATTR_USER_ACCOUNT_CONTROL);
	struct str system = obj_str(o, ATTR_OPERATING_SYSTEM);

	return o->kind == AD_COMPUTER && account_enabled(m, o) != NO &&
	       group != RID_DOMAIN_CONTROLLERS && group != RID_RODCS &&
	       !(flags & (UAC_SERVER_TRUST_ACCOUNT | UAC_PARTIAL_SECRETS_ACCOUNT)) &&
	       (!system.n || windows_is_windows(system));
}

static void find_filters(struct building *b)
{
	const struct model *m = b->m;

	b->filters = ARENA_ARRAY(&b->keys, bool, m->count + 1);
	for (size_t i = 0; i < m->gpo_count; i++) {
		const struct descriptor *d = descriptor_of(m, m->gpos[i].object);

		for (uint32_t e = 0; d && e < d->count; e++)
			if (d->aces[e].trustee < m->count)
				b->filters[d->aces[e].trustee] = true;
	}
}

static int number_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Container, tier, and whom policies' descriptors name among the computer and its groups. */
static struct str key_of(
	struct building *b, const struct ad_object *o, uint32_t container, int tier)
{
	uint32_t groups = walk_up(b->m, o), n = 0;
	uint32_t *key = ARENA_ARRAY(&b->keys, uint32_t, groups + 3);

	for (uint32_t i = 0; i < groups; i++)
		if (b->filters[b->m->walk->queue[i]])
			key[2 + n++] = b->m->walk->queue[i];
	if (n > 1)
		qsort(key + 2, n, sizeof(*key), number_order);
	if (b->filters[o->index])
		key[2 + n++] = o->index;
	key[0] = container;
	key[1] = (uint32_t)(tier + 1);
	return (struct str){ (const char *)key, (2 + n) * sizeof(*key) };
}

static void add_computer(struct building *b, const struct ad_object *o)
{
	struct place_list *l = b->list;
	struct arena scratch = { 0 };
	uint32_t up = index_dn(b->m, &scratch, dn_parent(b->m->raw_dn[o->index]));
	int tier = object_tier(b->m, o);
	uint32_t at = hash_add(&b->seen, key_of(b, o, up, tier), (uint32_t)l->count);

	arena_free(&scratch);
	if (at == l->count) {
		if (l->count == l->room) {
			l->room = l->room ? l->room * 2 : 64;
			l->all = xrealloc(l->all, l->room * sizeof(*l->all));
		}
		l->all[l->count++] =
			(struct gpo_place){ up == NO_OBJECT ? NULL : &b->m->objects[up], o, tier,
				0 };
	}
	l->all[at].computers++;
}

static int place_order(const void *a, const void *b)
{
	const struct gpo_place *x = a, *y = b;

	if (x->container != y->container)
		return !x->container		     ? -1
		       : !y->container		     ? 1
		       : x->container < y->container ? -1
						     : 1;
	return x->computer < y->computer ? -1 : 1;
}

static struct place_list *places_of(const struct model *m)
{
	struct building b = { .m = m, .list = m->places };

	if (b.list->built)
		return b.list;
	b.list->built = true;
	find_filters(&b);
	for (size_t i = 0; i < m->count; i++)
		if (is_asked_about(m, &m->objects[i]))
			add_computer(&b, &m->objects[i]);
	if (b.list->count > 1)
		qsort(b.list->all, b.list->count, sizeof(*b.list->all), place_order);
	hash_free(&b.seen);
	arena_free(&b.keys);
	return b.list;
}

size_t gpo_places(const struct model *m, const struct gpo_place **out)
{
	const struct place_list *l = places_of(m);

	*out = l->all;
	return l->count;
}

static bool is_before(const void *place, const void *container)
{
	const struct ad_object *of = ((const struct gpo_place *)place)->container;

	return !of || of < (const struct ad_object *)container;
}

size_t gpo_places_in(
	const struct model *m, const struct ad_object *container, const struct gpo_place **out)
{
	const struct place_list *l = places_of(m);
	size_t from = lower_bound(l->all, l->count, sizeof(*l->all), container, is_before), n = 0;

	while (from + n < l->count && l->all[from + n].container == container)
		n++;
	*out = l->all + from;
	return n;
}

void gpo_places_build(struct model *m)
{
	m->places = arena_alloc(&m->arena, sizeof(*m->places));
}

void gpo_places_free(struct model *m)
{
	if (m->places)
		free(m->places->all);
}
