/* Which runs are of one facility, what it is called, and what is to be said of it. */
#include "runs/compare_state.h"

#include "base/datetime.h"

#include <stdlib.h>
#include <string.h>

#define RHYTHM_MONTHS 2 /* CaRE, domaine 1 */

static struct str first_of(const struct str *list, size_t count)
{
	return count ? list[0] : STR("");
}

/* The same whatever the order in which the runs were given. */
static int by_date(const void *a, const void *b)
{
	const struct kept_run *x = a, *y = b;
	int order;

	if (x->shown.evaluated_at != y->shown.evaluated_at)
		return x->shown.evaluated_at < y->shown.evaluated_at ? -1 : 1;
	order = str_cmp(x->name, y->name);
	if (!order)
		order = str_cmp(x->finess, y->finess);
	if (!order)
		order = str_cmp(first_of(x->identities, x->domain_count),
			first_of(y->identities, y->domain_count));
	if (!order)
		order = str_cmp(x->shown.policy_sha256, y->shown.policy_sha256);
	return order ? order
		     : (x->shown.anonymous > y->shown.anonymous) -
			       (x->shown.anonymous < y->shown.anonymous);
}

static bool has_identity(const struct kept_run *k)
{
	for (size_t i = 0; i < k->domain_count; i++)
		if (k->identities[i].n)
			return true;
	return false;
}

static bool share_identity(const struct kept_run *a, const struct kept_run *b)
{
	for (size_t i = 0; i < a->domain_count; i++)
		for (size_t k = 0; a->identities[i].n && k < b->domain_count; k++)
			if (str_eq(a->identities[i], b->identities[k]))
				return true;
	return false;
}

/* Domains tell, where both say theirs in the same way; else FINESS, else the name. */
static bool same_facility(const struct kept_run *a, const struct kept_run *b)
{
	if (share_identity(a, b))
		return true;
	if (has_identity(a) && has_identity(b) && a->keyed == b->keyed)
		return false;
	if (a->finess.n && b->finess.n)
		return str_eq(a->finess, b->finess);
	return a->name.n && str_eq(a->name, b->name);
}

static size_t root_of(const struct compare *c, size_t i)
{
	while (c->runs[i].member != i)
		i = c->runs[i].member;
	return i;
}

/* The first by date stands for all that are joined. */
static void join(struct compare *c, size_t a, size_t b)
{
	a = root_of(c, a);
	b = root_of(c, b);
	if (a != b)
		c->runs[a > b ? a : b].member = a > b ? b : a;
}

/* Runs that share a domain are of one facility, and so are those that a run with domains of both
 * joins. What has no domain to tell it by goes to the first that its number or its name says. */
static void assign_members(struct compare *c)
{
	size_t *number = xcalloc(c->run_count + 1, sizeof(*number));

	for (size_t i = 0; i < c->run_count; i++) {
		c->runs[i].member = i;
		for (size_t n = 0; n < i; n++)
			if (share_identity(&c->runs[i], &c->runs[n]))
				join(c, i, n);
	}
	for (size_t i = 0; i < c->run_count; i++)
		for (size_t n = 0; n < i && c->runs[i].member == i; n++)
			if (same_facility(&c->runs[i], &c->runs[n]))
				join(c, i, n);
	for (size_t i = 0; i < c->run_count; i++)
		number[i] = c->runs[i].member == i ? c->member_count++ : number[root_of(c, i)];
	for (size_t i = 0; i < c->run_count; i++)
		c->runs[i].member = number[i];
	free(number);
}

static void note(struct compare *c, const char *code, struct str label)
{
	c->notes[c->note_count++] = arena_printf(&c->arena, "%s %.*s", code, STR_ARG(label));
}

static struct compare_run *list_runs(struct compare *c, size_t member, size_t *count)
{
	struct compare_run *list = ARENA_ARRAY(&c->arena, struct compare_run, c->run_count);
	size_t n = 0;
	int64_t newest = INT64_MIN; /* what the runs so far know of the directory */

	for (size_t i = 0; i < c->run_count; i++) {
		const struct kept_run *k = &c->runs[i];

		if (k->member != member)
			continue;
		if (n && list[n - 1].evaluated_at == k->shown.evaluated_at)
			continue;
		list[n] = k->shown;
		/* Data that was read before, evaluated again, is no new audit. */
		list[n].late = n && datetime_add_months(newest, RHYTHM_MONTHS) < list[n].read_at;
		if (!n || list[n].read_at > newest)
			newest = list[n].read_at;
		c->last[member] = k;
		n++;
	}
	*count = n;
	return list;
}

static struct str base_label(struct compare *c, const struct kept_run *k)
{
	if (k->name.n)
		return k->name;
	if (k->finess.n)
		return k->finess;
	if (k->domain_count && k->domains[0].dns.n)
		return k->domains[0].dns;
	return arena_printf(&c->arena, "%s %zu", c->rules.unnamed, k->given + 1);
}

static void fill_member(struct compare *c, size_t i)
{
	struct compare_member *m = &c->members[i];
	const struct kept_run *k;

	m->runs = list_runs(c, i, &m->run_count);
	k = c->last[i];
	m->last = &m->runs[m->run_count - 1];
	m->label = base_label(c, k);
	m->finess = k->finess;
	m->ght = k->ght;
	m->domains = k->domains;
	m->domain_count = k->domain_count;
	m->objects = k->objects;
	m->users = k->users;
	m->users_enabled = k->users_enabled;
	m->users_unread = k->users_unread;
	m->computers = k->computers;
	for (size_t r = 0; r < m->run_count; r++)
		if (m->runs[r].late)
			m->marks |= MARK_MISSING;
	if (m->last->evaluated_at > c->out->newest)
		c->out->newest = m->last->evaluated_at;
}

/* ---- order and names ------------------------------------------------------------------------ */

struct placed {
	struct compare_member member;
	const struct kept_run *last;
	size_t was;
};

static int by_label(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = str_cmp(x->member.label, y->member.label);

	if (!order)
		order = str_cmp(first_of(x->last->identities, x->last->domain_count),
			first_of(y->last->identities, y->last->domain_count));
	return order ? order : (x->was > y->was) - (x->was < y->was);
}

static void sort_members(struct compare *c)
{
	struct placed *list = xcalloc(c->member_count + 1, sizeof(*list));
	size_t *now = xcalloc(c->member_count + 1, sizeof(*now));

	for (size_t i = 0; i < c->member_count; i++)
		list[i] = (struct placed){ c->members[i], c->last[i], i };
	if (c->member_count)
		qsort(list, c->member_count, sizeof(*list), by_label);
	for (size_t i = 0; i < c->member_count; i++) {
		c->members[i] = list[i].member;
		c->last[i] = list[i].last;
		now[list[i].was] = i;
	}
	for (size_t i = 0; i < c->run_count; i++)
		c->runs[i].member = now[c->runs[i].member];
	free(list);
	free(now);
}

static bool label_taken(const struct compare *c, struct str label, size_t except)
{
	for (size_t i = 0; i < c->member_count; i++)
		if (i != except && str_eq(c->members[i].label, label))
			return true;
	return false;
}

/* Members of one name are told apart by their domain, else by a number. */
static void tell_apart(struct compare *c)
{
	for (size_t i = 0; i < c->member_count; i++) {
		struct str label = c->members[i].label;
		size_t number = 1;
		bool again = false;

		for (size_t k = i + 1; k < c->member_count; k++) {
			const struct compare_member *m = &c->members[k];
			struct str name = m->label;

			if (!str_eq(name, label))
				continue;
			again = true;
			if (m->domain_count && m->domains[0].dns.n)
				name = arena_printf(&c->arena, "%.*s (%.*s)", STR_ARG(label),
					STR_ARG(m->domains[0].dns));
			while (str_eq(name, label) || label_taken(c, name, k))
				name = arena_printf(
					&c->arena, "%.*s (%zu)", STR_ARG(label), ++number);
			c->members[k].label = name;
		}
		if (again && c->members[i].domain_count && c->members[i].domains[0].dns.n) {
			struct str name = arena_printf(&c->arena, "%.*s (%.*s)", STR_ARG(label),
				STR_ARG(c->members[i].domains[0].dns));

			if (!label_taken(c, name, i))
				c->members[i].label = name;
		}
		if (again)
			note(c, "compare_same_name", label);
	}
}

/* ---- what most of them have ----------------------------------------------------------------- */

/* The value that most members have; the first in order of bytes among equals. Empty ones count
 * where empties do. */
static struct str most(const struct compare *c, struct str (*of)(const struct compare_member *m))
{
	struct str best = { 0 };
	size_t best_count = 0;

	for (size_t i = 0; i < c->member_count; i++) {
		struct str value = of(&c->members[i]);
		size_t n = 0;

		for (size_t k = 0; k < c->member_count; k++)
			n += str_eq(of(&c->members[k]), value);
		if (value.n && (n > best_count || (n == best_count && str_cmp(value, best) < 0))) {
			best = value;
			best_count = n;
		}
	}
	return best;
}

static struct str catalogue_of(const struct compare_member *m)
{
	return m->last->catalogue;
}

static struct str ght_of(const struct compare_member *m)
{
	return m->ght;
}

static void mark_members(struct compare *c)
{
	struct comparison *out = c->out;

	out->catalogue = most(c, catalogue_of);
	out->ght = most(c, ght_of);
	out->limit = datetime_add_months(out->newest, -RHYTHM_MONTHS);
	for (size_t i = 0; i < c->member_count; i++) {
		struct compare_member *m = &c->members[i];

		if (m->last->read_at < out->limit)
			m->marks |= MARK_OLD;
		if (!str_eq(m->last->catalogue, out->catalogue))
			m->marks |= MARK_CATALOGUE;
		if (m->ght.n && !str_eq(m->ght, out->ght))
			m->marks |= MARK_GHT;
	}
}

void compare_join_members(struct compare *c)
{
	size_t kept = 0;

	if (c->run_count)
		qsort(c->runs, c->run_count, sizeof(*c->runs), by_date);
	assign_members(c);
	c->members = ARENA_ARRAY(&c->arena, struct compare_member, c->member_count);
	c->last = ARENA_ARRAY(&c->arena, const struct kept_run *, c->member_count);
	c->notes = ARENA_ARRAY(&c->arena, struct str, 2 * c->run_count + 1);
	for (size_t i = 0; i < c->member_count; i++)
		fill_member(c, i);
	sort_members(c);
	tell_apart(c);
	mark_members(c);
	for (size_t i = 0; i < c->member_count; i++) {
		size_t given = 0;

		for (size_t k = 0; k < c->run_count; k++)
			given += c->runs[k].member == i;
		if (given > c->members[i].run_count)
			note(c, "compare_same_run", c->members[i].label);
		kept += c->members[i].run_count;
	}
	c->out->members = c->members;
	c->out->member_count = c->member_count;
	c->out->run_count = kept;
	c->out->notes = c->notes;
	c->out->note_count = c->note_count;
}
