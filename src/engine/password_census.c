#include "engine/password_census.h"

#include "engine/family.h"

#include "ad/uac.h"
#include "base/datetime.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/* Why an account is not held: its policy, and its own flags. */
#define CAUSE_POLICY 0x1u
#define CAUSE_NOT_REQUIRED 0x2u
#define CAUSE_NEVER_EXPIRES 0x4u
#define CAUSES 8

/* ---- rules ---------------------------------------------------------------------------------- */

static int64_t parameter(const struct outcome *o, const char *name)
{
	for (size_t i = 0; i < o->shown.parameter_count; i++)
		if (str_eq(o->shown.parameters[i].name, str_of(name)))
			return o->shown.parameters[i].number;
	return 0;
}

static void load_rules(const struct evaluation *e, struct password_census *c)
{
	static const char *const ids[PASSWORD_CLASSES] = {
		[PASSWORD_USER] = "hyg_password_length_users",
		[PASSWORD_SERVICE] = "hyg_password_service_accounts",
		[PASSWORD_ADMIN] = "hyg_password_length_admins",
	};

	for (size_t i = 0; i < PASSWORD_CLASSES; i++) {
		const struct outcome *o = evaluation_find(e, ids[i]);

		c->asked[i] = o && o->shown.status != STATUS_DISABLED;
		if (!c->asked[i])
			continue;
		c->rules[i] = (struct password_rule){ .min_length = parameter(o, "min_length"),
			.complexity = parameter(o, "complexity"),
			.max_age = i == PASSWORD_ADMIN ? parameter(o, "max_days") * SECONDS_PER_DAY
						       : 0 };
	}
}

/* ---- accounts ------------------------------------------------------------------------------- */

/* A pair of policy and class that is not held: accounts by what is wrong with each. doubtful: a
 * stricter class is possible, so that nothing is known to bring them to their rule. */
struct broken {
	int64_t accounts[CAUSES], doubtful[CAUSES];
};

struct work {
	const struct model *m;
	struct password_census *c;
	struct broken *broken; /* [place of the policy][class] */
};

/* Is an account of a class between these two held to its rule? */
static enum tri is_held(const struct password_census *c, const struct password_policy *held,
	enum password_class rank, enum password_class at_most)
{
	bool yes = false, no = false, open = false;

	for (size_t i = rank; i <= at_most; i++) {
		bool decided;
		unsigned breaches;

		if (!c->asked[i])
			continue;
		breaches = password_policy_breaches(held, &c->rules[i], &decided);
		no |= breaches != 0;
		yes |= breaches == 0 && decided;
		open |= breaches == 0 && !decided;
	}
	return open || (yes && no) ? UNKNOWN : no ? NO : YES;
}

static unsigned causes_of(const struct password_census *c, const struct ad_object *o,
	const struct password_policy *p, enum password_class rank)
{
	struct password_policy bare = *p;
	unsigned causes = 0;
	bool decided;

	bare.min_length = p->policy_min_length;
	if (password_policy_breaches(&bare, &c->rules[rank], &decided))
		causes |= CAUSE_POLICY;
	if (p->not_required && c->rules[rank].min_length > 0)
		causes |= CAUSE_NOT_REQUIRED;
	if (c->rules[rank].max_age > 0 &&
		(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_DONT_EXPIRE_PASSWORD))
		causes |= CAUSE_NEVER_EXPIRES;
	return causes;
}

/* Whose policy an account has; the last place is for what is not known. */
static size_t place_of(
	const struct password_census *c, const struct ad_object *o, const struct password_policy *p)
{
	if (p->source == POLICY_PSO)
		return c->place[p->pso->index];
	return p->source == POLICY_DOMAIN ? c->place[o->domain->head->index] : c->policy_count;
}

static void add(struct class_count *n, enum tri held)
{
	n->required++;
	n->held += held == YES;
	n->not_held += held == NO;
	n->unknown += held == UNKNOWN;
}

static void count_state(struct work *w, const struct ad_object *o, const struct password_policy *p,
	size_t place, enum password_class rank)
{
	struct password_census *c = w->c;
	struct password_policy held = password_policy_held(o, p);
	enum password_class at_most;
	enum tri state;

	account_password_class(w->m, o, &at_most);
	state = account_enabled(w->m, o) == UNKNOWN ? UNKNOWN : is_held(c, &held, rank, at_most);
	add(&c->classes[rank], state);
	add(&c->policies[place].count, state);
	if (state == NO && place < c->policy_count) {
		struct broken *b = &w->broken[place * PASSWORD_CLASSES + rank];

		(rank == at_most ? b->accounts : b->doubtful)[causes_of(c, o, p, rank)]++;
	}
}

static void count_account(struct work *w, const struct ad_object *o)
{
	struct password_census *c = w->c;
	struct password_policy p = account_password_policy(w->m, o);
	size_t place = place_of(c, o, &p);
	struct policy_count *row = &c->policies[place];
	enum password_class at_most, rank = account_password_class(w->m, o, &at_most);

	/* A service of which nothing is asked is held to what everybody is. */
	if (rank == PASSWORD_SERVICE && !c->asked[rank])
		rank = PASSWORD_USER;
	if (!row->seen)
		row->settings = p;
	row->seen = true;
	row->users++;
	c->services_known &= account_is_service(w->m, o) != UNKNOWN;
	row->classes[rank]++;
	if (c->asked[rank])
		count_state(w, o, &p, place, rank);
}

/* ---- changes -------------------------------------------------------------------------------- */

#define NEEDS 3 /* a policy, and two flags */

/* Accounts that the same changes bring to the rule: their numbers in the plan, plus 1. */
struct group {
	size_t needs[NEEDS];
	size_t instead; /* of the first: a new PSO where raising the policy does too; 0: nothing */
	unsigned left;
	int64_t accounts;
};

struct per_domain {
	size_t change[CLEAR_NEVER_EXPIRES + 1]; /* that its policies share, plus 1 */
	bool fresh[PASSWORD_CLASSES];		/* the class gets a new PSO */
};

/* A policy as the plan leaves it. */
struct planned {
	struct password_policy settings;
	size_t raise;			  /* the change that raises it, plus 1 */
	size_t change[PASSWORD_CLASSES];  /* that gives the class what it needs of a policy */
	size_t instead[PASSWORD_CLASSES]; /* another that does too, or 0 */
};

struct plan {
	struct work *w;
	struct change_row *rows;
	int64_t *gain;
	bool *done;
	struct group *groups;
	size_t count, group_count;
	struct per_domain *domains;
	struct planned *policies; /* by place */
};

static struct per_domain *domain_of(const struct plan *p, const struct ad_object *policy)
{
	const struct model *m = p->w->m;
	size_t d = 0;

	while (d + 1 < model_domain_count(m) && model_domain(m, d) != policy->domain)
		d++;
	return &p->domains[d];
}

static const struct broken *broken_of(
	const struct plan *p, const struct ad_object *policy, enum password_class rank)
{
	return &p->w->broken[p->w->c->place[policy->index] * PASSWORD_CLASSES + rank];
}

static struct planned *planned_of(const struct plan *p, const struct ad_object *policy)
{
	return &p->policies[p->w->c->place[policy->index]];
}

/* Is an account of the class not held because of this policy, raised as it is planned so far? */
static bool is_weak(const struct plan *p, const struct ad_object *policy, enum password_class rank)
{
	const struct broken *b = broken_of(p, policy, rank);
	bool decided;

	if (!password_policy_breaches(
		    &planned_of(p, policy)->settings, &p->w->c->rules[rank], &decided))
		return false;
	for (unsigned causes = 0; causes < CAUSES; causes++)
		if ((causes & CAUSE_POLICY) && (b->accounts[causes] || b->doubtful[causes]))
			return true;
	return false;
}

static size_t add_change(struct plan *p, enum password_change change,
	const struct ad_object *policy, const struct password_rule *rule)
{
	p->rows[p->count] = (struct change_row){ .change = change, .policy = policy };
	if (rule)
		p->rows[p->count].rule = *rule;
	return ++p->count;
}

/* The domain's change of this kind, made at the first need. */
static size_t shared_change(struct plan *p, const struct ad_object *policy,
	enum password_change change, const struct password_rule *rule)
{
	size_t *at = &domain_of(p, policy)->change[change];

	if (!*at)
		*at = add_change(p, change, policy->domain->head, rule);
	return *at;
}

static void raise_settings(struct password_policy *set, const struct password_rule *rule)
{
	if (set->min_length < rule->min_length)
		set->min_length = (int)rule->min_length;
	set->complexity |= rule->complexity;
	if (rule->max_age && (set->max_age <= 0 || set->max_age > rule->max_age))
		set->max_age = rule->max_age;
}

/* The change that raises this policy, to the strictest of what its classes need of it. */
static size_t raise_policy(
	struct plan *p, const struct ad_object *policy, const struct password_rule *rule)
{
	struct planned *now = planned_of(p, policy);
	struct password_rule *r;

	if (!now->raise)
		now->raise = add_change(
			p, policy->kind == AD_PSO ? RAISE_PSO : RAISE_DOMAIN_POLICY, policy, rule);
	r = &p->rows[now->raise - 1].rule;
	if (rule->min_length > r->min_length)
		r->min_length = rule->min_length;
	r->complexity |= rule->complexity;
	if (rule->max_age && (!r->max_age || rule->max_age < r->max_age))
		r->max_age = rule->max_age;
	raise_settings(&now->settings, rule);
	return now->raise;
}

/* The strictest rule that may be asked of all under the policy: that of the gentlest class there,
 * and of a domain's policy what ordinary people need, as they come without one. Below functional
 * level 2008 there is nothing else for anybody. */
static enum password_class gentlest(const struct plan *p, const struct ad_object *policy)
{
	const struct policy_count *row = &p->w->c->policies[p->w->c->place[policy->index]];
	size_t rank = 0;

	while (policy->kind == AD_PSO && rank + 1 < PASSWORD_CLASSES && !row->classes[rank])
		rank++;
	return (enum password_class)rank;
}

/* Would the policy, raised as far as it may be, do for the class? */
static bool can_be_raised(
	const struct plan *p, const struct ad_object *policy, enum password_class rank)
{
	const struct password_rule *rule = &p->w->c->rules[gentlest(p, policy)];
	struct password_policy set = planned_of(p, policy)->settings;
	bool decided;

	raise_settings(&set, rule);
	return password_policy_breaches(&set, &p->w->c->rules[rank], &decided) == 0;
}

/* How many changes the domain's policies need for services and administrators, beside the new PSOs
 * of fresh; SIZE_MAX: they cannot be raised enough. */
static size_t cost_of(const struct plan *p, const struct ad_domain *domain, const bool *fresh)
{
	const struct password_census *c = p->w->c;
	size_t cost = (size_t)fresh[PASSWORD_SERVICE] + fresh[PASSWORD_ADMIN];

	for (size_t i = 0; i < c->policy_count; i++) {
		const struct ad_object *policy = c->policies[i].policy;
		bool raise = false;

		for (size_t k = PASSWORD_SERVICE; k < PASSWORD_CLASSES; k++) {
			enum password_class rank = (enum password_class)k;

			if (policy->domain != domain || fresh[k] || !is_weak(p, policy, rank))
				continue;
			if (domain_has_psos(policy->domain) != NO &&
				!can_be_raised(p, policy, rank))
				return SIZE_MAX;
			raise = true;
		}
		cost += raise;
	}
	return cost;
}

/* One new PSO does for all services of a domain, one for all administrators: of the four ways the
 * shortest, with policies raised where they stand among equals. */
static void choose_new_psos(struct plan *p, size_t d)
{
	const struct ad_domain *domain = model_domain(p->w->m, d);
	size_t best = SIZE_MAX;

	for (unsigned way = 0; way < 4; way++) {
		bool fresh[PASSWORD_CLASSES] = {
			[PASSWORD_SERVICE] = way & 1, [PASSWORD_ADMIN] = way & 2
		};
		size_t cost =
			way && domain_has_psos(domain) == NO ? SIZE_MAX : cost_of(p, domain, fresh);

		if (cost >= best)
			continue;
		best = cost;
		memcpy(p->domains[d].fresh, fresh, sizeof(fresh));
	}
}

static size_t policy_change(
	struct plan *p, const struct ad_object *policy, enum password_class rank)
{
	const struct password_rule *rules = p->w->c->rules;

	if (domain_has_psos(policy->domain) == NO)
		return raise_policy(p, policy, &rules[rank]);
	if (!domain_of(p, policy)->fresh[rank])
		return raise_policy(p, policy, &rules[gentlest(p, policy)]);
	return shared_change(p, policy, rank == PASSWORD_ADMIN ? NEW_PSO_ADMINS : NEW_PSO_SERVICES,
		&rules[rank]);
}

static void plan_class(struct plan *p, enum password_class rank)
{
	const struct password_census *c = p->w->c;

	for (size_t i = 0; i < c->policy_count; i++)
		if (is_weak(p, c->policies[i].policy, rank))
			p->policies[i].change[rank] = policy_change(p, c->policies[i].policy, rank);
}

/* Where raising the policy for others does for this class too, its new PSO does as well. */
static void find_alternatives(struct plan *p)
{
	static const enum password_change made[PASSWORD_CLASSES] = {
		[PASSWORD_SERVICE] = NEW_PSO_SERVICES, [PASSWORD_ADMIN] = NEW_PSO_ADMINS
	};
	const struct password_census *c = p->w->c;

	for (size_t i = 0; i < c->policy_count; i++)
		for (size_t k = 0; k < PASSWORD_CLASSES; k++) {
			const struct ad_object *policy = c->policies[i].policy;
			struct planned *now = &p->policies[i];
			size_t fresh =
				k == PASSWORD_USER ? 0 : domain_of(p, policy)->change[made[k]];
			bool raised = now->raise && !is_weak(p, policy, (enum password_class)k);

			now->change[k] = raised ? now->raise : fresh;
			now->instead[k] = raised ? fresh : 0;
		}
}

static void add_group(struct plan *p, const struct ad_object *policy, unsigned causes,
	const size_t change[2], int64_t accounts, int64_t doubtful)
{
	struct group *g = &p->groups[p->group_count++];

	*g = (struct group){ .accounts = accounts };
	if ((causes & CAUSE_POLICY) && change[0]) {
		g->needs[g->left++] = change[0];
		g->instead = change[1];
	}
	if (causes & CAUSE_NOT_REQUIRED)
		g->needs[g->left++] = shared_change(p, policy, CLEAR_NOT_REQUIRED, NULL);
	if (causes & CAUSE_NEVER_EXPIRES)
		g->needs[g->left++] = shared_change(p, policy, CLEAR_NEVER_EXPIRES, NULL);
	for (unsigned i = 0; i < g->left; i++)
		p->rows[g->needs[i] - 1].accounts += accounts + doubtful;
	if (g->instead)
		p->rows[g->instead - 1].accounts += accounts + doubtful;
}

static void plan_policy(struct plan *p, const struct ad_object *policy)
{
	for (size_t rank = 0; rank < PASSWORD_CLASSES; rank++) {
		const struct broken *b = broken_of(p, policy, (enum password_class)rank);
		const struct planned *now = planned_of(p, policy);
		const size_t change[2] = { now->change[rank], now->instead[rank] };

		for (unsigned causes = 1; causes < CAUSES; causes++)
			if (b->accounts[causes] || b->doubtful[causes])
				add_group(p, policy, causes, change, b->accounts[causes],
					b->doubtful[causes]);
	}
}

/* ---- order: most accounts brought first ----------------------------------------------------- */

static bool comes_before(const struct plan *p, size_t a, size_t b)
{
	if (p->gain[a] != p->gain[b])
		return p->gain[a] > p->gain[b];
	return p->rows[a].accounts > p->rows[b].accounts;
}

/* What each change would bring to the rule, those that are done already made. */
static void count_gains(struct plan *p)
{
	memset(p->gain, 0, p->count * sizeof(*p->gain));
	for (size_t i = 0; i < p->group_count; i++) {
		const struct group *g = &p->groups[i];
		size_t open = 0, last = 0;

		for (size_t k = 0; k < g->left; k++) {
			bool done = p->done[g->needs[k] - 1] ||
				    (k == 0 && g->instead && p->done[g->instead - 1]);

			open += !done;
			last = done ? last : k;
		}
		if (open != 1)
			continue;
		p->gain[g->needs[last] - 1] += g->accounts;
		if (last == 0 && g->instead)
			p->gain[g->instead - 1] += g->accounts;
	}
}

static void order_changes(struct plan *p)
{
	struct change_row *out = p->w->c->changes;
	size_t n = 0;

	/* No more than a table shows: thousands of PSOs are an attack. */
	while (n < p->count && n < LIMIT_TABLE_ROWS) {
		size_t best = SIZE_MAX;

		count_gains(p);
		for (size_t i = 0; i < p->count; i++)
			if (!p->done[i] && (best == SIZE_MAX || comes_before(p, i, best)))
				best = i;
		out[n] = p->rows[best];
		out[n++].brought = p->gain[best];
		p->done[best] = true;
	}
	for (size_t i = 0; i < p->count; i++)
		if (!p->done[i])
			out[n++] = p->rows[i];
	p->w->c->change_count = n;
}

static void plan_changes(struct work *w)
{
	struct password_census *c = w->c;
	size_t room = c->policy_count * PASSWORD_CLASSES + 6 * model_domain_count(w->m) + 1;
	struct plan p = { .w = w,
		.rows = xcalloc(room, sizeof(*p.rows)),
		.gain = xcalloc(room, sizeof(*p.gain)),
		.done = xcalloc(room, sizeof(*p.done)),
		.groups =
			xcalloc(c->policy_count * PASSWORD_CLASSES * CAUSES + 1, sizeof(*p.groups)),
		.domains = xcalloc(model_domain_count(w->m) + 1, sizeof(*p.domains)),
		.policies = xcalloc(c->policy_count + 1, sizeof(*p.policies)) };

	for (size_t i = 0; i < c->policy_count; i++) {
		p.policies[i].settings = c->policies[i].settings;
		p.policies[i].settings.min_length = c->policies[i].settings.policy_min_length;
	}
	plan_class(&p, PASSWORD_USER);
	for (size_t d = 0; d < model_domain_count(w->m); d++)
		choose_new_psos(&p, d);
	plan_class(&p, PASSWORD_SERVICE);
	plan_class(&p, PASSWORD_ADMIN);
	find_alternatives(&p);
	for (size_t i = 0; i < c->policy_count; i++)
		plan_policy(&p, c->policies[i].policy);
	c->changes = xcalloc(room, sizeof(*c->changes));
	order_changes(&p);
	free(p.rows);
	free(p.gain);
	free(p.done);
	free(p.groups);
	free(p.domains);
	free(p.policies);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void add_policy(struct password_census *c, const struct ad_object *policy)
{
	c->place[policy->index] = (uint32_t)c->policy_count;
	c->policies[c->policy_count++].policy = policy;
}

static void list_policies(const struct model *m, struct password_census *c)
{
	const struct ad_object *const *psos;
	size_t count = model_of_kind(m, AD_PSO, &psos);

	c->policies = xcalloc(model_domain_count(m) + count + 1, sizeof(*c->policies));
	c->place = xcalloc(model_object_count(m) + 1, sizeof(*c->place));
	for (size_t i = 0; i < model_domain_count(m); i++)
		add_policy(c, model_domain(m, i)->head);
	for (size_t i = 0; i < count; i++)
		if (psos[i]->domain)
			add_policy(c, psos[i]);
}

void password_census_take(const struct evaluation *e, struct password_census *c)
{
	struct work w = { .m = e->model, .c = c };

	*c = (struct password_census){
		.services_known = !model_population_declared(e->model, POPULATION_SERVICE) ||
				  !model_population_unresolved(e->model, POPULATION_SERVICE)
	};
	list_policies(e->model, c);
	load_rules(e, c);
	w.broken = xcalloc((c->policy_count + 1) * PASSWORD_CLASSES, sizeof(*w.broken));
	for (size_t i = 0; i < model_object_count(e->model); i++) {
		const struct ad_object *o = model_object(e->model, i);

		if (counts_as_user(e->model, o))
			count_account(&w, o);
		c->managed += o->kind == AD_MSA && account_enabled(e->model, o) == YES;
	}
	plan_changes(&w);
	free(w.broken);
}

void password_census_free(struct password_census *c)
{
	free(c->place);
	free(c->policies);
	free(c->changes);
}
