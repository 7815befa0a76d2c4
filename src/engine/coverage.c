/*
 * What the enabled controls needed and could not read, for the list of coverage: by attribute and
 * kind of object, over the objects that the controls look at. Reading again is the reader's work;
 * this says which rights or which option it lacked.
 */
#include "engine/internal.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* For whom an attribute is wanted, as a set: of all, of enabled ones, of privileged ones, of those
 * that are both. */
enum { OF_ALL = 1, OF_ENABLED = 2, OF_PRIVILEGED = 4, OF_BOTH = 8 };

enum loss { LOSS_DENIED, LOSS_NOT_ASKED, LOSS_COUNT };

struct needs {
	uint8_t wanted[AD_KIND_COUNT][ATTR_COUNT];
	uint64_t lost[LOSS_COUNT][AD_KIND_COUNT][ATTR_COUNT];
};

struct list {
	struct arena *arena;
	struct run_coverage *items;
	size_t count, room;
};

static unsigned kinds_of_letter(char letter)
{
	switch (letter) {
	case 'u':
		return 1u << AD_USER;
	case 'c':
		return 1u << AD_COMPUTER;
	case 'm':
		return 1u << AD_MSA;
	case 'g':
		return 1u << AD_GROUP;
	case 'd':
		return 1u << AD_DOMAIN;
	case 's':
		return 1u << AD_PSO;
	default:
		return 0;
	}
}

/* The kinds that carry a (attrs.def); those that the check does not look at only where they are not
 * accounts: a policy is on the domain, a membership in the group. */
static unsigned kinds_that_carry(enum attr a, unsigned looked_at)
{
	unsigned carry = 0, accounts = 1u << AD_USER | 1u << AD_COMPUTER | 1u << AD_MSA;

	for (const char *c = attr_table[a].classes; *c; c++)
		carry |= *c == 'x' ? looked_at : kinds_of_letter(*c);
	return carry & (looked_at | ~accounts);
}

static void want(struct needs *n, enum attr a, unsigned kinds, uint8_t whom)
{
	for (unsigned k = 0; k < AD_KIND_COUNT; k++)
		if (kinds & 1u << k)
			n->wanted[k][a] |= kind_is_account((enum ad_kind)k) ? whom : OF_ALL;
}

static void want_of_check(struct needs *n, const struct check *c)
{
	unsigned kinds = 1u << c->each | c->kinds;
	bool enabled = c->scope & SCOPE_ENABLED, privileged = c->scope & SCOPE_PRIVILEGED;
	uint8_t whom = enabled && privileged ? OF_BOTH
		       : enabled	     ? OF_ENABLED
		       : privileged	     ? OF_PRIVILEGED
					     : OF_ALL;

	for (size_t i = 0; i < ARRAY_LEN(c->needs) && c->needs[i]; i++)
		want(n, c->needs[i], kinds, whom);
	for (size_t i = 0; i < ARRAY_LEN(c->reads) && c->reads[i]; i++)
		want(n, c->reads[i], kinds_that_carry(c->reads[i], kinds), whom);
	if (enabled)
		want(n, ATTR_USER_ACCOUNT_CONTROL,
			kinds_that_carry(ATTR_USER_ACCOUNT_CONTROL, kinds), OF_ALL);
	if (c->scope & (SCOPE_PRIVILEGED | SCOPE_UNPRIVILEGED)) {
		want(n, ATTR_PRIMARY_GROUP_ID, kinds_that_carry(ATTR_PRIMARY_GROUP_ID, kinds),
			OF_ALL);
		want(n, ATTR_MEMBER, 1u << AD_GROUP, OF_ALL);
	}
}

static uint8_t whom_is(const struct model *m, const struct ad_object *o)
{
	bool enabled = account_enabled(m, o) != NO, privileged = account_privileged(m, o) != NO;

	return (uint8_t)(OF_ALL | (enabled ? OF_ENABLED : 0) | (privileged ? OF_PRIVILEGED : 0) |
			 (enabled && privileged ? OF_BOTH : 0));
}

/* An attribute that attrs.def does not know of this kind, and that was asked of some class. */
static bool of_another_class(const struct model *m, enum ad_kind kind, enum attr a)
{
	for (const char *c = attr_table[a].classes; *c; c++)
		if (kinds_of_letter(*c) & 1u << kind)
			return false;
	return model_asked_of_class(m, a);
}

static void count_losses(struct needs *n, const struct model *m)
{
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		uint8_t whom = kind_is_account(o->kind) ? whom_is(m, o) : OF_ALL;

		for (unsigned a = 1; a < ATTR_COUNT; a++) {
			if (!(n->wanted[o->kind][a] & whom))
				continue;
			enum readable r = model_readable(m, o, (enum attr)a);

			/* Asked of the class that has it: nothing was left out. */
			if (r == NOT_COLLECTED && of_another_class(m, o->kind, (enum attr)a))
				continue;
			if (r != READABLE)
				n->lost[r == NOT_READABLE ? LOSS_DENIED : LOSS_NOT_ASKED][o->kind]
				       [a]++;
		}
	}
}

static void add(struct list *l, const char *attribute, enum coverage_state state, const char *what,
	uint64_t count)
{
	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 32;
		struct run_coverage *items = ARENA_ARRAY(l->arena, struct run_coverage, room);

		if (l->count)
			memcpy(items, l->items, l->count * sizeof(*items));
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = (struct run_coverage){
		.need = arena_printf(l->arena, "attribute %s", attribute),
		.state = str_of(coverage_state_name(state)),
		.detail = arena_printf(l->arena, "%s %llu", what, (unsigned long long)count),
	};
}

/* PSOs that accounts and groups name and that were not read, each once. */
static uint64_t count_unread_psos(const struct model *m)
{
	struct arena scratch = { 0 };
	struct hash seen = { 0 };
	uint64_t count = 0;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		for (size_t v = 0; v < obj_count(o, ATTR_MSDS_PSO_APPLIED); v++) {
			struct str dn = obj_value(o, ATTR_MSDS_PSO_APPLIED, v);
			const struct ad_object *pso = model_find_dn(m, dn);
			struct str key = utf8_folded(&scratch, dn);

			if ((pso && pso->kind == AD_PSO) || hash_get(&seen, key) != HASH_NONE)
				continue;
			hash_add(&seen, key, 1);
			count++;
		}
	}
	hash_free(&seen);
	arena_free(&scratch);
	return count;
}

void coverage_of_needs(struct evaluation *e, const struct run_coverage **items, size_t *count)
{
	static const enum coverage_state states[LOSS_COUNT] = {
		[LOSS_DENIED] = COVERAGE_DENIED, [LOSS_NOT_ASKED] = COVERAGE_NOT_ASKED
	};
	struct needs *n = xcalloc(1, sizeof(*n));
	struct list l = { .arena = &e->run->arena };
	uint64_t psos = count_unread_psos(e->model);

	for (size_t i = 0; i < e->control_count; i++)
		if (e->outcomes[i].shown.status != STATUS_DISABLED)
			want_of_check(n, e->controls[i].check);
	count_losses(n, e->model);
	for (unsigned a = 1; a < ATTR_COUNT; a++) {
		for (int s = 0; s < LOSS_COUNT; s++)
			for (unsigned k = 0; k < AD_KIND_COUNT; k++)
				if (n->lost[s][k][a])
					add(&l, attr_table[a].ldap, states[s],
						ad_kind_name((enum ad_kind)k), n->lost[s][k][a]);
		if (a == ATTR_MSDS_PSO_APPLIES_TO && psos)
			add(&l, attr_table[a].ldap, COVERAGE_DENIED, ad_kind_name(AD_PSO), psos);
	}
	free(n);
	*items = l.items;
	*count = l.count;
}
