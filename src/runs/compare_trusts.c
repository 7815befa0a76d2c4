/* Each trust once, as its two sides say it; and who of one facility is in groups of another. */
#include "runs/compare_state.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- trusts --------------------------------------------------------------------------------- */

struct place {
	size_t member, row;
};

static const struct kept_trust *trust_at(const struct compare *c, struct place p)
{
	return &c->last[p.member]->trusts[p.row];
}

/* The member one of whose domains has this identity, else this name; SIZE_MAX: none. */
static size_t member_of(const struct compare *c, struct str identity, struct str name)
{
	for (int by_name = 0; by_name < 2; by_name++)
		for (size_t i = 0; i < c->member_count; i++)
			for (size_t d = 0; d < c->last[i]->domain_count; d++)
				if (by_name ? name.n && utf8_ieq(c->last[i]->domains[d].dns, name)
					    : identity.n &&
							str_eq(c->last[i]->identities[d], identity))
					return i;
	return SIZE_MAX;
}

static bool same_domain(
	struct str identity, struct str name, struct str other, struct str other_name)
{
	return identity.n && other.n ? str_eq(identity, other)
				     : name.n && utf8_ieq(name, other_name);
}

/* The row of the other side that is about the same two domains. */
static size_t row_back(const struct compare *c, const struct kept_trust *t, size_t member)
{
	const struct kept_run *k = c->last[member];

	for (size_t i = 0; i < k->trust_count; i++) {
		const struct kept_trust *o = &k->trusts[i];

		if (same_domain(o->partner, o->partner_name, t->domain, t->domain_name) &&
			same_domain(t->partner, t->partner_name, o->domain, o->domain_name))
			return i;
	}
	return SIZE_MAX;
}

/* A run of another version may lack a column. */
static struct str told(struct str code)
{
	return code.n ? code : STR("not_known");
}

static struct compare_trust_side side_of(const struct kept_trust *t)
{
	return (struct compare_trust_side){ true, true, told(t->direction), told(t->filtering),
		told(t->selective), told(t->delegation) };
}

static bool is_open(const struct compare_trust_side *s)
{
	return s->known && (str_eq(s->filtering, STR("not_filtered")) ||
				   str_eq(s->filtering, STR("sid_history_allowed")) ||
				   str_eq(s->delegation, STR("yes")));
}

static bool is_one_of(struct str code, const char *const *codes)
{
	for (; *codes; codes++)
		if (str_eq(code, str_of(*codes)))
			return true;
	return false;
}

static bool direction_is_known(struct str direction)
{
	static const char *const codes[] = { "inbound", "outbound", "both_ways", "disabled_trust",
		NULL };

	return is_one_of(direction, codes);
}

/* Was all read that decides on this side: filtering where it trusts the other, delegation where the
 * other trusts it? By what is known to be good, so that an unread, missing or unheard of code never
 * is; the open ones are told before. */
static bool is_decided(const struct compare_trust_side *s, struct str type)
{
	static const char *const filtered[] = { "quarantine", "forest_filter", NULL };
	static const char *const without[] = { "kerberos_realm", "within_forest", NULL };
	bool both = str_eq(s->direction, STR("both_ways"));
	bool exempt = is_one_of(type, without);

	if (!direction_is_known(s->direction))
		return false;
	if ((both || str_eq(s->direction, STR("outbound"))) && !is_one_of(s->filtering, filtered) &&
		!(exempt && str_eq(s->filtering, STR("not_applicable"))))
		return false;
	return !(both || str_eq(s->direction, STR("inbound"))) ||
	       str_eq(s->delegation, STR("no")) ||
	       (exempt && str_eq(s->delegation, STR("not_applicable")));
}

/* What one side calls inbound is the other's outbound. */
static bool directions_fit(struct str a, struct str b)
{
	if (!direction_is_known(a) || !direction_is_known(b))
		return true;
	if (str_eq(a, STR("inbound")))
		return str_eq(b, STR("outbound"));
	if (str_eq(a, STR("outbound")))
		return str_eq(b, STR("inbound"));
	return str_eq(a, b);
}

/* Are there members whose domains are told in another way than this one's? */
static bool told_otherwise(const struct compare *c, bool keyed)
{
	for (size_t i = 0; i < c->member_count; i++)
		if (c->last[i]->domain_count && c->last[i]->keyed != keyed)
			return true;
	return false;
}

static void fill_trust(const struct compare *c, struct compare_trust *to, struct place p,
	size_t partner, size_t back)
{
	const struct kept_trust *t = trust_at(c, p);

	to->member[0] = p.member;
	to->member[1] = partner;
	to->name[0] = t->domain_name;
	to->name[1] = t->partner_name;
	to->key = t->partner;
	to->type = t->type;
	to->side[0] = side_of(t);
	to->side[1].audited = partner != SIZE_MAX;
	to->undecided = !is_decided(&to->side[0], t->type);
	if (back != SIZE_MAX) {
		const struct kept_trust *o = &c->last[partner]->trusts[back];

		to->side[1] = side_of(o);
		to->contradicts = !directions_fit(t->direction, o->direction);
		to->undecided |= !is_decided(&to->side[1], o->type);
		if (!to->name[1].n)
			to->name[1] = o->domain_name;
	}
	to->open = is_open(&to->side[0]) || is_open(&to->side[1]);
	to->unmatched = partner == SIZE_MAX &&
			(!t->partner.n || told_otherwise(c, c->last[p.member]->keyed));
}

void compare_fill_trusts(struct compare *c)
{
	size_t room = 0;
	struct compare_trust *list;

	for (size_t i = 0; i < c->member_count; i++)
		room += c->last[i]->trust_count;
	list = ARENA_ARRAY(&c->arena, struct compare_trust, room);
	for (size_t i = 0; i < c->member_count; i++)
		for (size_t r = 0; r < c->last[i]->trust_count; r++) {
			struct place p = { i, r };
			const struct kept_trust *t = trust_at(c, p);
			size_t partner = member_of(c, t->partner, t->partner_name);
			size_t back = SIZE_MAX;

			/* Inside a forest there is nobody else to speak of. */
			if (str_eq(t->type, STR("within_forest")))
				continue;
			if (partner != SIZE_MAX)
				back = row_back(c, t, partner);
			/* Its other side listed it. */
			if (back != SIZE_MAX && (partner < i || (partner == i && back < r)) &&
				row_back(c, &c->last[partner]->trusts[back], i) == r)
				continue;
			fill_trust(c, &list[c->out->trust_count++], p, partner, back);
		}
	c->out->trusts = list;
}

/* ---- members from elsewhere ----------------------------------------------------------------- */

static struct compare_foreign *foreign_of(
	const struct compare *c, struct compare_foreign *list, size_t member, struct str domain)
{
	for (size_t i = c->out->foreign_count; i > 0; i--)
		if (list[i - 1].member == member && str_eq(list[i - 1].domain, domain))
			return &list[i - 1];
	return NULL;
}

static struct str name_of(struct compare *c, const struct kept_foreign *f)
{
	uint32_t at = f->sid.n ? hash_get(&c->wanted, f->sid) : HASH_NONE;

	if (at == HASH_NONE)
		return STR("");
	return arena_printf(&c->arena, "%.*s → %.*s",
		STR_ARG(c->names[at].n ? c->names[at] : f->sid), STR_ARG(f->group));
}

static void fill_names(struct compare *c, struct compare_foreign *to)
{
	const struct kept_run *k = c->last[to->member];
	struct str *names = ARENA_ARRAY(&c->arena, struct str, to->members);

	for (size_t i = 0; i < k->foreign_count; i++) {
		struct str name;

		if (!str_eq(k->foreign[i].domain, to->domain))
			continue;
		name = name_of(c, &k->foreign[i]);
		if (name.n)
			names[to->name_count++] = name;
	}
	to->names = names;
}

void compare_fill_foreign(struct compare *c)
{
	struct compare_foreign *list;
	size_t room = 0;

	for (size_t i = 0; i < c->member_count; i++)
		room += c->last[i]->foreign_count;
	list = ARENA_ARRAY(&c->arena, struct compare_foreign, room);
	for (size_t i = 0; i < c->member_count; i++)
		for (size_t r = 0; r < c->last[i]->foreign_count; r++) {
			const struct kept_foreign *f = &c->last[i]->foreign[r];
			struct compare_foreign *to = foreign_of(c, list, i, f->domain);

			if (!to) {
				to = &list[c->out->foreign_count++];
				*to = (struct compare_foreign){ .member = i,
					.origin = member_of(c, f->domain, STR("")),
					.domain = f->domain };
			}
			to->members++;
			to->privileged += f->privileged;
		}
	for (size_t i = 0; i < c->out->foreign_count; i++)
		fill_names(c, &list[i]);
	c->out->foreign = list;
}
