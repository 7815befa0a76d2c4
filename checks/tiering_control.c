/* Who of a lower tier controls what the policy declares for a higher one. */
#include "checks/tiering_control.h"

#include "checks/common.h"
#include "checks/tiering.h"
#include "model/graph.h"

#define MAX_STEPS 64
#define SHOWN 20 /* principals named in a finding */
#define DELEGATIONS (RELATION_BIT(RELATION_DELEGATION) | RELATION_BIT(RELATION_ALLOWED_TO_ACT))

/* ---- whom a path speaks of ---------------------------------------------------------- */

/* Everyone, Anonymous, Authenticated Users, This Organization, Users, Guests, Domain Users … */
static bool is_wide(const struct sid *s)
{
	uint32_t rid = sid_is_none(s) ? 0 : sid_rid(s);

	if (sid_is_domain_principal(s))
		return rid == RID_DOMAIN_USERS || rid == RID_DOMAIN_GUESTS ||
		       rid == RID_DOMAIN_COMPUTERS;
	if (s->authority == 5 && s->count == 2)
		return rid == RID_BUILTIN_USERS || rid == RID_BUILTIN_GUESTS;
	return s->authority == 1 || (s->authority == 5 && s->count == 1);
}

/* A group that AD itself makes, with rights that AD gives it, and nobody in it. */
static bool is_idle_builtin(const struct model *m, const struct ad_object *o)
{
	bool own = sid_is_domain_principal(&o->sid) ? sid_rid(&o->sid) < 1000
						    : o->sid.count == 2 && o->sid.sub[0] == 32;

	return o->kind == AD_GROUP && own && !is_wide(&o->sid) && graph_holds_only_tier0(m, o);
}

/* An account of a tier lower than this one in the group. */
static const struct ad_object *member_below(
	const struct model *m, const struct ad_object *group, int tier)
{
	for (int t = tier + 1; group && group->kind == AD_GROUP && t < 3; t++) {
		const struct ad_object *const *users;
		size_t n = model_tier_users(m, t, &users);

		for (size_t i = 0; i < n; i++)
			if (object_in_group(m, users[i], group))
				return users[i];
	}
	return NULL;
}

static bool is_account_or_group(const struct ad_object *o)
{
	return o && (o->kind == AD_GROUP || o->kind == AD_USER || o->kind == AD_MSA ||
			    o->kind == AD_COMPUTER);
}

/* Does somebody on the way from a principal of tier `own` have a finding of his own? */
static bool passes_another(
	const struct model *m, int own, int tier, const struct graph_step *steps, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct ad_object *o = steps[i].from.object;
		int between = is_account_or_group(o) ? object_tier(m, o) : tier;

		if (between > tier || (between == TIER_NONE && own == TIER_NONE))
			return true;
	}
	return false;
}

/* By a policy of tier 0's units, or of privileged accounts: each has a control of its own. One that
 * reaches what is declared by name or group alone has none. */
static bool by_tier0_gpo(const struct model *m, const struct graph_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct ad_object *gpo = steps[i].from.object;

		if (steps[i].relation == RELATION_GPO_LINK && gpo &&
			(graph_gpo_is_over_tier0(m, gpo) || graph_critical(m, gpo)))
			return true;
	}
	return false;
}

/* Its group is a principal too; delegation has controls of its own, and so have GPOs of tier 0. */
static bool said_elsewhere(
	const struct model *m, int own, int tier, const struct graph_step *steps, size_t n)
{
	return !n || steps[0].relation == RELATION_MEMBER_OF ||
	       (n == 1 && !(steps[0].relations & ~DELEGATIONS)) ||
	       (tier == 0 && by_tier0_gpo(m, steps, n)) || passes_another(m, own, tier, steps, n);
}

/* ---- hyg_tier_control_crossing ------------------------------------------------------ */

struct crossing {
	int own, tier; /* of the principal, of what it controls */
	struct graph_node who;
	const struct ad_object *member; /* in the group, of a declared lower tier */
	struct graph_step steps[MAX_STEPS];
	size_t n;
	size_t objects;
};

static bool find_crossing(struct check_cx *cx, const struct graph_node *who, uint32_t node,
	int tier, struct crossing *c)
{
	const struct model *m = cx_model(cx);

	*c = (struct crossing){ .own = who->object ? object_tier(m, who->object) : TIER_NONE,
		.tier = tier,
		.who = *who };
	if (c->own != TIER_NONE && c->own <= tier)
		return false;
	graph_reach_tier(m, (enum graph_tier)tier);
	c->n = graph_steps(m, node, c->steps, MAX_STEPS);
	if (said_elsewhere(m, c->own, tier, c->steps, c->n) ||
		(who->object && is_idle_builtin(m, who->object)))
		return false;
	c->member = c->own == TIER_NONE && !is_wide(&who->sid) ? member_below(m, who->object, tier)
							       : NULL;
	c->objects = graph_tier_objects(m, (enum graph_tier)tier, node);
	return true;
}

static void say_tier(struct check_cx *cx, const char *key, int tier)
{
	if (tier == TIER_NONE)
		evidence_z(cx, key, "none");
	else
		evidence_int(cx, key, tier);
}

static void show_crossing(struct check_cx *cx, const struct crossing *c)
{
	evidence(cx, "principal", graph_name(cx_arena(cx), c->who.object, &c->who.sid));
	say_tier(cx, "holder_tier", c->own);
	if (c->member)
		evidence(cx, "account", c->member->name);
	say_tier(cx, "target_tier", c->tier);
	evidence(cx, "path", graph_text(cx_arena(cx), c->steps, c->n));
	if (c->objects)
		evidence_int(cx, "objects", (int64_t)c->objects);
}

static int level_of(const struct crossing *c)
{
	return c->own != TIER_NONE || c->member || is_wide(&c->who.sid) ? 2 : 3;
}

/* The higher of the two tiers that it reaches says it all. */
int tiering_control_crossing(struct check_cx *cx, const struct ad_object *o)
{
	const struct model *m = cx_model(cx);
	struct graph_node who = { o, o->sid };

	if (object_tier(m, o) == 0 || graph_critical(m, o))
		return passed_over(cx);
	for (int tier = 0; tier < 2; tier++) {
		uint32_t node = graph_tier_node(m, (enum graph_tier)tier, o);
		struct crossing c;

		if (node == UINT32_MAX || !find_crossing(cx, &who, node, tier, &c))
			continue;
		finding_at(cx, o, level_of(&c));
		show_crossing(cx, &c);
		return 0;
	}
	return 0;
}

int tiering_tiers_declared(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	for (int t = 0; t < 3; t++)
		if (model_tier_declares(cx_model(cx), t))
			return 0;
	return not_applicable(cx, "no_tiers_declared");
}

/* Everyone and the like, and SIDs of elsewhere, have no object: what they control is shown. */
static void show_bare(struct check_cx *cx, int tier)
{
	struct graph_reach r = graph_reach_tier(cx_model(cx), (enum graph_tier)tier);
	const struct ad_object *last = NULL;

	for (size_t i = 0; i < r.count; i++) {
		const struct graph_principal *p = &r.principals[i];
		struct crossing c;

		if (p->who.object || !find_crossing(cx, &p->who, p->node, tier, &c))
			continue;
		const struct ad_object *to = c.steps[c.n - 1].to;

		if (!to)
			continue;
		if (to != last)
			finding_at(cx, to, level_of(&c));
		last = to;
		show_crossing(cx, &c);
	}
}

int tiering_control_known(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);

	for (int tier = 0; tier < 2; tier++)
		show_bare(cx, tier);
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		const char *reason = NULL;

		if ((graph_is_of_tier(m, GRAPH_TIER_0, o) ||
			    graph_is_of_tier(m, GRAPH_TIER_1, o)) &&
			graph_known(m, o, &reason) != YES)
			undecided(cx, o, reason);
	}
	return tiering_resolved(cx, none);
}

/* ---- hyg_tier0_gpo_editable --------------------------------------------------------- */

int tiering_gpo_editable(struct check_cx *cx, const struct ad_object *gpo)
{
	const struct model *m = cx_model(cx);
	struct graph_step steps[MAX_STEPS];
	const char *reason = NULL;
	size_t found = 0;

	if (!graph_gpo_is_over_tier0(m, gpo) || graph_critical(m, gpo))
		return passed_over(cx);
	struct graph_reach r = graph_reach_for(m, gpo, 0, true);

	for (size_t i = 0; i < r.count; i++) {
		const struct ad_object *o = r.principals[i].who.object;
		int own = o ? object_tier(m, o) : TIER_NONE;
		size_t n = graph_steps(m, r.principals[i].node, steps, MAX_STEPS);

		if (own == 0 || (o && is_idle_builtin(m, o)) || !n ||
			steps[0].relation == RELATION_MEMBER_OF)
			continue;
		if (!found)
			finding(cx, gpo);
		if (found++ >= SHOWN)
			continue;
		evidence(cx, "principal", graph_name(cx_arena(cx), o, &r.principals[i].who.sid));
		evidence(cx, "path", graph_text(cx_arena(cx), steps, n));
	}
	if (found)
		evidence_int(cx, "principals", (int64_t)found);
	else if (graph_known(m, gpo, &reason) != YES)
		return undecided(cx, gpo, reason);
	else if (r.in_part)
		return undecided(cx, gpo, "paths_in_part");
	return 0;
}

/* The links of the units, and of those above, decide which policies are looked at; what the domain
 * links is AD's own tier 0. */
int tiering_gpo_known(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		const char *reason = NULL;

		if (o->kind == AD_OU && graph_place_holds_tier0(m, o))
			reason = graph_links_gap(m, o);
		if (reason)
			undecided(cx, o, reason);
	}
	return tiering_resolved(cx, none);
}
