/*
 * Who is in which group: `member`, primaryGroupID, and foreign security principals that stand for
 * an object which was read. Nothing here recurses: nesting may be as deep as the directory says.
 */
#include "ad/uac.h"
#include "ad/wellknown.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

struct edge {
	uint32_t group, member;
};

struct edges {
	struct edge *items;
	size_t count, room;
};

static void add_edge(struct edges *e, uint32_t group, uint32_t member)
{
	if (e->count == e->room) {
		e->room = e->room ? e->room * 2 : 4096;
		e->items = xrealloc(e->items, e->room * sizeof(*e->items));
	}
	e->items[e->count++] = (struct edge){ group, member };
}

bool principal_sid(const struct model *m, struct arena *scratch, uint32_t object, struct str dn,
	struct sid *out)
{
	if (object != NO_OBJECT && !sid_is_none(&m->objects[object].sid)) {
		*out = m->objects[object].sid;
		return true;
	}
	return str_istarts(dn, STR("CN=S-1-")) && sid_from_text(dn_rdn_value(scratch, dn), out);
}

struct member {
	uint32_t object; /* or NO_OBJECT */
	bool everybody;
	bool foreign; /* a foreign security principal: it stands for a bare SID */
};

static struct member resolve_member(const struct model *m, struct arena *scratch, struct str dn)
{
	struct member r = { .object = index_dn(m, scratch, dn) };
	struct sid sid;

	if (r.object != NO_OBJECT && object_is_faceless(m, r.object))
		r.object = NO_OBJECT;
	if (r.object != NO_OBJECT && m->objects[r.object].kind != AD_FSP)
		return r;
	if (!principal_sid(m, scratch, r.object, dn, &sid))
		return r;
	r.foreign = true;
	r.everybody = wellknown_is_everybody(&sid);
	uint32_t stands_for = index_sid(m, &sid);

	if (stands_for != NO_OBJECT)
		r.object = stands_for;
	return r;
}

static void add_members(
	struct model *m, struct edges *e, const struct ad_object *group, struct arena *scratch)
{
	const struct ad_value *v = object_slot(group, ATTR_MEMBER);
	bool everybody = false;

	for (uint32_t i = 0; v && i < v->count; i++) {
		struct member r = resolve_member(m, scratch, value_list(v)[i]);

		everybody |= r.everybody;
		if (r.object != NO_OBJECT) {
			add_edge(e, group->index, r.object);
		} else if (!r.everybody) {
			m->unread_members[group->index]++;
			m->unread_may_nest[group->index] |= !r.foreign;
		}
		arena_reset(scratch);
	}
	if (everybody)
		m->everybody[m->everybody_count++] = group->index;
}

/* primaryGroupID is the RID of a group of the account's own domain; it is not in `member`. */
static void add_primary_groups(struct model *m, struct edges *e)
{
	struct sid asked = { 0 };
	uint32_t group = NO_OBJECT;

	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (!obj_has(o, ATTR_PRIMARY_GROUP_ID) || !sid_is_domain_principal(&o->sid))
			continue;
		struct sid domain = sid_domain(&o->sid);
		struct sid sid = sid_with_rid(&domain, obj_u32(o, ATTR_PRIMARY_GROUP_ID));

		if (!sid_eq(&sid, &asked)) {
			asked = sid;
			group = index_sid(m, &sid);
			if (group != NO_OBJECT && m->objects[group].kind != AD_GROUP)
				group = NO_OBJECT;
		}
		if (group != NO_OBJECT)
			add_edge(e, group, (uint32_t)i);
	}
}

/* Whose group cannot be told may be in any group of its domain. */
static void note_unread_primary_groups(struct model *m)
{
	bool *unread = ARENA_ARRAY(&m->arena, bool, m->domain_count);

	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (o->domain && (object_is_account(o) || o->kind == AD_KRBTGT) &&
			(!obj_has(o, ATTR_PRIMARY_GROUP_ID) || sid_is_none(&o->sid)))
			unread[o->domain - m->domains] = true;
	}
	m->primary_group_unread = unread;
}

static int edge_order(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->member < y->member ? -1 : x->member > y->member;
}

static void sort_unique(struct edges *e)
{
	size_t n = 0;

	if (e->count)
		qsort(e->items, e->count, sizeof(*e->items), edge_order);
	for (size_t i = 0; i < e->count; i++)
		if (!n || edge_order(&e->items[n - 1], &e->items[i]))
			e->items[n++] = e->items[i];
	e->count = n;
}

/* Both directions; the edges are sorted, so every list comes out in DN order. */
static void index_edges(struct model *m, const struct edges *e)
{
	m->child_start = ARENA_ARRAY(&m->arena, uint32_t, m->count + 2);
	m->parent_start = ARENA_ARRAY(&m->arena, uint32_t, m->count + 2);
	m->children = ARENA_ARRAY(&m->arena, const struct ad_object *, e->count);
	m->parents = ARENA_ARRAY(&m->arena, const struct ad_object *, e->count);
	for (size_t i = 0; i < e->count; i++) {
		m->child_start[e->items[i].group + 1]++;
		m->parent_start[e->items[i].member + 1]++;
	}
	for (size_t i = 1; i <= m->count + 1; i++) {
		m->child_start[i] += m->child_start[i - 1];
		m->parent_start[i] += m->parent_start[i - 1];
	}
	uint32_t *fill = xcalloc(m->count + 1, sizeof(*fill));

	for (size_t i = 0; i < e->count; i++) {
		uint32_t member = e->items[i].member;

		m->children[i] = &m->objects[member];
		m->parents[m->parent_start[member] + fill[member]++] =
			&m->objects[e->items[i].group];
	}
	free(fill);
}

/* ---- cycles: Tarjan's strongly connected components, with a stack of its own ---- */

struct tarjan {
	struct model *m;
	uint32_t *number, *low, *next; /* by object */
	uint32_t *path, *stack;
	uint32_t counter, path_size, stack_size, components, members;
};

static bool is_group(const struct ad_object *o)
{
	return o->kind == AD_GROUP;
}

static void tarjan_enter(struct tarjan *t, uint32_t at)
{
	t->number[at] = t->low[at] = ++t->counter;
	t->next[at] = t->m->child_start[at];
	t->stack[t->stack_size++] = at;
	t->path[t->path_size++] = at;
	t->m->cycle_of[at] = NO_OBJECT;
}

static int by_index(const void *a, const void *b)
{
	const struct ad_object *const *x = a, *const *y = b;

	return (*x)->index < (*y)->index ? -1 : (*x)->index > (*y)->index;
}

/* Components are finished from the deepest groups upwards, so what lies below has its depth. */
static void finish_component(struct tarjan *t, uint32_t root)
{
	struct model *m = t->m;
	uint32_t first = t->members, id = t->components++, at, below = 0;

	do {
		at = t->stack[--t->stack_size];
		m->cycle_of[at] = id;
		m->cycle_groups[t->members++] = &m->objects[at];
	} while (at != root);
	m->cycle_start[id + 1] = t->members;
	uint32_t size = t->members - first;

	qsort(m->cycle_groups + first, size, sizeof(const struct ad_object *), by_index);
	for (uint32_t i = first; i < t->members; i++) {
		uint32_t g = m->cycle_groups[i]->index;

		for (uint32_t c = m->child_start[g]; c < m->child_start[g + 1]; c++) {
			uint32_t child = m->children[c]->index;

			if (is_group(m->children[c]) && m->cycle_of[child] != id &&
				m->depth[child] + 1 > below)
				below = m->depth[child] + 1;
		}
	}
	for (uint32_t i = first; i < t->members; i++)
		m->depth[m->cycle_groups[i]->index] = below + size - 1;
}

static void tarjan_step(struct tarjan *t)
{
	struct model *m = t->m;
	uint32_t at = t->path[t->path_size - 1];

	while (t->next[at] < m->child_start[at + 1]) {
		const struct ad_object *child = m->children[t->next[at]++];
		uint32_t c = child->index;

		if (!is_group(child))
			continue;
		if (!t->number[c]) {
			tarjan_enter(t, c);
			return;
		}
		if (m->cycle_of[c] == NO_OBJECT && t->number[c] < t->low[at])
			t->low[at] = t->number[c];
	}
	t->path_size--;
	if (t->low[at] == t->number[at])
		finish_component(t, at);
	if (t->path_size) {
		uint32_t above = t->path[t->path_size - 1];

		if (t->low[at] < t->low[above])
			t->low[above] = t->low[at];
	}
}

static void find_cycles(struct model *m)
{
	struct tarjan t = {
		.m = m,
		.number = xcalloc(m->count + 1, sizeof(uint32_t)),
		.low = xcalloc(m->count + 1, sizeof(uint32_t)),
		.next = xcalloc(m->count + 1, sizeof(uint32_t)),
		.path = xcalloc(m->count + 1, sizeof(uint32_t)),
		.stack = xcalloc(m->count + 1, sizeof(uint32_t)),
	};
	size_t groups = 0;

	for (size_t i = 0; i < m->count; i++)
		groups += is_group(&m->objects[i]);
	m->cycle_of = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->depth = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->cycle_start = ARENA_ARRAY(&m->arena, uint32_t, groups + 1);
	m->cycle_groups = ARENA_ARRAY(&m->arena, const struct ad_object *, groups);
	for (size_t i = 0; i < m->count; i++) {
		if (!is_group(&m->objects[i]) || t.number[i])
			continue;
		tarjan_enter(&t, (uint32_t)i);
		while (t.path_size)
			tarjan_step(&t);
	}
	free(t.number);
	free(t.low);
	free(t.next);
	free(t.path);
	free(t.stack);
}

void membership_build(struct model *m)
{
	struct edges e = { 0 };
	struct arena scratch = { 0 };

	m->unread_members = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->unread_may_nest = ARENA_ARRAY(&m->arena, bool, m->count + 1);
	m->everybody = ARENA_ARRAY(&m->arena, uint32_t, m->count);
	for (size_t i = 0; i < m->count; i++)
		if (is_group(&m->objects[i]))
			add_members(m, &e, &m->objects[i], &scratch);
	add_primary_groups(m, &e);
	note_unread_primary_groups(m);
	sort_unique(&e);
	index_edges(m, &e);
	free(e.items);
	arena_free(&scratch);
	find_cycles(m);
	m->below = ARENA_NEW(&m->arena, struct below);
	m->walk = ARENA_NEW(&m->arena, struct walk);
	m->walk->mark = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->walk->queue = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->walk->object = NO_OBJECT;
}

/* ---- questions ---- */

size_t group_members(const struct model *m, const struct ad_object *group,
	const struct ad_object *const **members)
{
	*members = m->children + m->child_start[group->index];
	return m->child_start[group->index + 1] - m->child_start[group->index];
}

/* Global and universal groups with a SID that grants: one may be somebody's primary group (MS-SAMR
 * 3.1.1.8.2). */
static bool may_be_primary(const struct ad_object *group)
{
	uint32_t type = obj_u32(group, ATTR_GROUP_TYPE);

	return !obj_has(group, ATTR_GROUP_TYPE) ||
	       ((type & GROUP_TYPE_SECURITY_ENABLED) &&
		       (type & (GROUP_TYPE_GLOBAL | GROUP_TYPE_UNIVERSAL)));
}

enum tri group_has_members(
	const struct model *m, const struct ad_object *group, const char **reason)
{
	const struct ad_object *const *members;
	const char *gap = NULL;

	if (obj_count(group, ATTR_MEMBER) || group_members(m, group, &members))
		return YES;
	if (group_members_hidden(m, group))
		gap = "attribute_not_readable member";
	else if (may_be_primary(group) &&
		 (!group->domain || m->primary_group_unread[group->domain - m->domains]))
		gap = "attribute_not_readable primaryGroupID";
	else if (may_be_primary(group))
		model_complete(m, AD_USER, &gap);
	if (reason && gap)
		*reason = gap;
	return gap ? UNKNOWN : NO;
}

size_t group_unread_members(const struct model *m, const struct ad_object *group)
{
	return m->unread_members[group->index];
}

size_t object_groups(
	const struct model *m, const struct ad_object *o, const struct ad_object *const **groups)
{
	*groups = m->parents + m->parent_start[o->index];
	return m->parent_start[o->index + 1] - m->parent_start[o->index];
}

static void walk_add(struct walk *w, uint32_t group)
{
	if (w->mark[group] == w->epoch)
		return;
	w->mark[group] = w->epoch;
	w->queue[w->count++] = group;
}

uint32_t walk_up(const struct model *m, const struct ad_object *o)
{
	struct walk *w = m->walk;

	if (w->object == o->index)
		return w->count;
	w->object = o->index;
	w->count = 0;
	if (!++w->epoch) {
		memset(w->mark, 0, m->count * sizeof(*w->mark));
		w->epoch = 1;
	}
	for (uint32_t p = m->parent_start[o->index]; p < m->parent_start[o->index + 1]; p++)
		walk_add(w, m->parents[p]->index);
	for (size_t i = 0; i < m->everybody_count && object_is_account(o); i++)
		walk_add(w, m->everybody[i]);
	for (uint32_t done = 0; done < w->count; done++) {
		uint32_t at = w->queue[done];

		for (uint32_t p = m->parent_start[at]; p < m->parent_start[at + 1]; p++)
			walk_add(w, m->parents[p]->index);
	}
	return w->count;
}

bool walk_holds(const struct model *m, const struct ad_object *group)
{
	return m->walk->mark[group->index] == m->walk->epoch;
}

bool object_in_group(
	const struct model *m, const struct ad_object *o, const struct ad_object *group)
{
	return walk_up(m, o) && walk_holds(m, group);
}

static bool holds_itself(const struct model *m, const struct ad_object *group)
{
	for (uint32_t c = m->child_start[group->index]; c < m->child_start[group->index + 1]; c++)
		if (m->children[c] == group)
			return true;
	return false;
}

size_t group_cycle(const struct model *m, const struct ad_object *group,
	const struct ad_object **cycle, size_t max)
{
	if (!is_group(group))
		return 0;
	uint32_t id = m->cycle_of[group->index];
	size_t n = m->cycle_start[id + 1] - m->cycle_start[id];

	if (n == 1 && !holds_itself(m, group))
		return 0;
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		cycle[i] = m->cycle_groups[m->cycle_start[id] + i];
	return n;
}

unsigned group_depth(const struct model *m, const struct ad_object *group)
{
	return is_group(group) ? m->depth[group->index] : 0;
}

bool group_members_hidden(const struct model *m, const struct ad_object *group)
{
	return damage_hits(m, group, ATTR_MEMBER) ||
	       model_readable(m, group, ATTR_MEMBER) != READABLE;
}

typedef bool group_test(const struct model *m, const struct ad_object *group);

/* The groups that pass the test, and those above one: what group holds is asked of many groups, of
 * which each may hold all the others. */
static uint8_t *mark_above(const struct model *m, group_test *test)
{
	uint8_t *marks = xcalloc(m->count + 1, 1);
	uint32_t *queue = xcalloc(m->count + 1, sizeof(*queue));
	uint32_t count = 0;

	for (uint32_t i = 0; i < m->count; i++)
		if (is_group(&m->objects[i]) && test(m, &m->objects[i])) {
			marks[i] = 1;
			queue[count++] = i;
		}
	for (uint32_t done = 0; done < count; done++) {
		uint32_t at = queue[done];

		for (uint32_t p = m->parent_start[at]; p < m->parent_start[at + 1]; p++) {
			uint32_t parent = m->parents[p]->index;

			if (!marks[parent]) {
				marks[parent] = 1;
				queue[count++] = parent;
			}
		}
	}
	free(queue);
	return marks;
}

static bool is_marked(
	const struct model *m, const struct ad_object *group, uint8_t **marks, group_test *test)
{
	if (!is_group(group))
		return test(m, group);
	if (!*marks)
		*marks = mark_above(m, test);
	return (*marks)[group->index];
}

void membership_free(struct model *m)
{
	if (!m->below)
		return;
	free(m->below->opaque);
	free(m->below->misses);
	free(m->below->hides);
}

bool group_is_opaque(const struct model *m, const struct ad_object *group)
{
	return is_marked(m, group, &m->below->opaque, group_members_hidden);
}

static bool misses_members(const struct model *m, const struct ad_object *group)
{
	return group_members_hidden(m, group) || m->unread_members[group->index];
}

bool group_misses_members(const struct model *m, const struct ad_object *group)
{
	return is_marked(m, group, &m->below->misses, misses_members);
}

/* A foreign security principal stands for one of another forest: of its groups, those that may be
 * members here hold none of this forest's accounts. */
static bool hides_accounts(const struct model *m, const struct ad_object *group)
{
	return group_members_hidden(m, group) || m->unread_may_nest[group->index];
}

bool group_hides_accounts(const struct model *m, const struct ad_object *group)
{
	return is_marked(m, group, &m->below->hides, hides_accounts);
}
