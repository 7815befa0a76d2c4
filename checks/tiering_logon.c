/* Who may log on where: rights and local groups that group policies give on the computers of tiers
 * 1 and 2, one answer a unit. What a computer's own settings add is not in the directory. */
#include "checks/tiering_logon.h"

#include "checks/common.h"
#include "checks/logon_denials.h"
#include "checks/tiering.h"
#include "model/gpo.h"

static const struct logon_right {
	const char *allow, *deny; /* MS-GPSB 2.2.2 */
} logons[] = {
	{ "SeInteractiveLogonRight", "SeDenyInteractiveLogonRight" },
	{ "SeRemoteInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight" },
	{ "SeNetworkLogonRight", "SeDenyNetworkLogonRight" },
	{ "SeServiceLogonRight", "SeDenyServiceLogonRight" },
	{ "SeBatchLogonRight", "SeDenyBatchLogonRight" },
};

enum { INTERACTIVE, REMOTE, NETWORK, SERVICE, BATCH, LOGONS };
#define LOGON(l) (1u << (l))

/* Local groups, and the ways to log on whose credentials stay on the computer that they open. */
static const struct local_group {
	uint32_t rid;
	const char *name;
	unsigned logons;
} local_groups[] = {
	{ RID_BUILTIN_ADMINISTRATORS, "Administrators", LOGON(INTERACTIVE) | LOGON(REMOTE) },
	{ RID_BUILTIN_REMOTE_DESKTOP_USERS, "Remote Desktop Users", LOGON(REMOTE) },
};

/* Counters. */
enum { PLACES };

struct place { /* under way */
	struct check_cx *cx;
	const struct ad_object *container;
	const struct gpo_place *at;
	struct denials denials[LOGONS];
	bool found;	    /* these computers fail */
	bool quiet;	    /* others of the container failed before: the finding speaks of them */
	const char *reason; /* why something is not decided */
	const char *doubt;  /* why it is not known whether an account has to be denied */
};

static void read_all_denials(struct place *p)
{
	for (size_t i = 0; i < LOGONS; i++)
		denials_read(p->cx, p->at->computer, logons[i].deny, &p->denials[i]);
}

static enum tri denied_logon(const struct place *p, unsigned logon, const struct ad_object *o)
{
	return denials_hold(cx_model(p->cx), &p->denials[logon], o);
}

/* ---- what both show ----------------------------------------------------------------- */

static void say(const struct place *p, const char *key, struct str value)
{
	if (!p->quiet)
		evidence(p->cx, key, value);
}

static void show(struct place *p)
{
	if (!p->found && !p->quiet) {
		finding(p->cx, p->container);
		evidence_int(p->cx, "tier", p->at->tier);
	}
	p->found = true;
}

static struct str gpo_name(const struct ad_object *gpo)
{
	return obj_has(gpo, ATTR_DISPLAY_NAME) ? obj_str(gpo, ATTR_DISPLAY_NAME) : gpo->name;
}

/* Calls judge for each group of computers of a lower tier that stand in the container. */
static int each_place(
	struct check_cx *cx, const struct ad_object *container, void (*judge)(struct place *p))
{
	struct place p = { .cx = cx, .container = container };
	const struct gpo_place *places;
	size_t n = gpo_places_in(cx_model(cx), container, &places);
	size_t computers = 0, asked = 0;

	for (size_t i = 0; i < n; i++) {
		if (places[i].tier < 1)
			continue;
		asked++;
		p.at = &places[i];
		p.found = false;
		judge(&p);
		p.quiet |= p.found;
		computers += p.found ? places[i].computers : 0;
	}
	*cx_counter(cx, PLACES) += asked;
	if (!asked)
		return passed_over(cx);
	if (p.quiet)
		evidence_int(cx, "computers", (int64_t)computers);
	else if (p.reason)
		return undecided(cx, container, p.reason);
	return 0;
}

/* ---- hyg_tier0_deny_logon ----------------------------------------------------------- */

static bool must_be_denied(struct check_cx *cx, unsigned logon)
{
	return logon != NETWORK || cx_bool(cx, "network");
}

/* Counts who is not denied; names the first of them. */
static size_t weigh_denials(struct place *p, const struct ad_object **names, size_t *named)
{
	const struct model *m = cx_model(p->cx);
	const struct ad_object *const *users;
	size_t n = model_tier_users(m, 0, &users), asked = 0;

	for (size_t u = 0; u < n; u++) {
		enum tri held = account_logon_restricted(m, users[u]);
		bool missed = false;

		if (is_rid500(users[u]) || held == YES)
			continue;
		if (account_enabled(m, users[u]) == UNKNOWN) {
			held = UNKNOWN; /* nobody logs on with it when it is disabled */
			p->doubt = "enabled_not_readable";
		}
		asked++;
		for (unsigned l = 0; l < LOGONS; l++)
			for (size_t i = 0; i < p->denials[l].count; i++) {
				struct denied *d = &p->denials[l].values[i];
				enum tri t = denial_holds(m, d, users[u]);

				d->missed += t == NO && held == NO;
				d->unsure += t == UNKNOWN || (t == NO && held == UNKNOWN);
				missed |= t == NO && held == NO && must_be_denied(p->cx, l);
			}
		if (missed && *named < EVIDENCE_NAMES)
			names[(*named)++] = users[u];
	}
	return asked;
}

static void show_denial(struct place *p, unsigned logon)
{
	const struct denied *d = &p->denials[logon].values[0];

	show(p);
	say(p, "right",
		d->gpo ? arena_printf(cx_arena(p->cx), "%s (%.*s)", logons[logon].deny,
				 STR_ARG(gpo_name(d->gpo)))
		       : arena_printf(cx_arena(p->cx), "%s: not_configured", logons[logon].deny));
}

static void judge_denial(struct place *p, unsigned logon)
{
	const struct denials *d = &p->denials[logon];
	size_t missed = 0, unsure = 0;

	for (size_t i = 0; i < d->count; i++) {
		missed += d->values[i].missed > 0;
		unsure += d->values[i].unsure > 0 && !d->values[i].missed;
	}
	if (d->unknown)
		p->reason = d->unknown;
	else if (missed && missed == d->count)
		show_denial(p, logon);
	else if (missed)
		p->reason = "gpo_may_not_apply";
	else if (unsure)
		p->reason = p->doubt ? p->doubt : "right_holder_not_read";
}

static void show_local_accounts(struct place *p)
{
	const struct denials *d = &p->denials[NETWORK];
	bool denied = d->count > 0 && !d->unknown;

	for (size_t i = 0; i < d->count; i++)
		denied &= d->values[i].local_accounts;
	say(p, "local_accounts", denied ? STR("denied") : STR("not_denied"));
}

static void judge_denials(struct place *p)
{
	const struct ad_object *names[EVIDENCE_NAMES];
	size_t named = 0;

	read_all_denials(p);
	if (!weigh_denials(p, names, &named))
		return;
	for (unsigned l = 0; l < LOGONS; l++)
		if (must_be_denied(p->cx, l))
			judge_denial(p, l);
	if (!p->found || p->quiet)
		return;
	evidence_names(p->cx, "account", names, named);
	show_local_accounts(p);
}

int tiering_deny_logon(struct check_cx *cx, const struct ad_object *container)
{
	return each_place(cx, container, judge_denials);
}

/* ---- hyg_tier_admin_logon_down ------------------------------------------------------ */

/* Windows' own groups of everybody: what they are given is given by default. */
static bool is_default(const struct sid *s)
{
	uint32_t rid = sid_rid(s);

	return !sid_is_domain_principal(s) || rid == RID_DOMAIN_USERS || rid == RID_DOMAIN_GUESTS ||
	       rid == RID_DOMAIN_COMPUTERS;
}

struct holder {
	const struct ad_object *who;	/* whom the policy names */
	const struct ad_object *member; /* in it, of the higher tier; NULL: it is itself */
	int tier;
};

/* An account of a higher tier in this group that nothing else keeps away; *unsure when there is
 * one, if it is enabled. */
static const struct ad_object *member_above(const struct place *p, const struct ad_object *group,
	unsigned logons_asked, int *tier, bool *unsure)
{
	const struct model *m = cx_model(p->cx);

	for (int t = 0; t < p->at->tier; t++) {
		const struct ad_object *const *users;
		size_t n = model_tier_users(m, t, &users);

		for (size_t i = 0; i < n; i++) {
			if (!object_in_group(m, users[i], group) ||
				account_logon_restricted(m, users[i]) == YES)
				continue;
			for (unsigned l = 0; l < LOGONS; l++)
				if ((logons_asked & LOGON(l)) &&
					denied_logon(p, l, users[i]) != YES) {
					*tier = t;
					if (account_enabled(m, users[i]) == YES)
						return users[i];
					*unsure = true;
				}
		}
	}
	return NULL;
}

/* All whom the group brings are held by authentication policies? */
static bool all_restricted(const struct model *m, const struct ad_object *group, int tier)
{
	const struct ad_object *const *users;
	size_t n = model_tier_users(m, tier, &users), held = 0;

	for (size_t i = 0; i < n; i++) {
		if (!object_in_group(m, users[i], group))
			continue;
		if (account_logon_restricted(m, users[i]) != YES)
			return false;
		held++;
	}
	return held && !group_misses_members(m, group);
}

/* May o, or one in it, log on in one of these ways though it is of a higher tier? */
static enum tri is_above(
	struct place *p, const struct ad_object *o, unsigned ways, struct holder *out)
{
	const struct model *m = cx_model(p->cx);
	int tier = object_tier(m, o);
	enum tri denied = YES;
	bool unsure = o->kind == AD_USER && account_enabled(m, o) == UNKNOWN;

	*out = (struct holder){ o, NULL, tier };
	if ((o->kind != AD_GROUP && o->kind != AD_USER) || account_enabled(m, o) == NO)
		return NO;
	/* A group of the computers' tier with a member of a higher one is a crossing, not this. */
	if (tier >= p->at->tier)
		return NO;
	if (tier == TIER_NONE) {
		if (o->kind != AD_GROUP)
			return account_privileged(m, o) == UNKNOWN ? UNKNOWN : NO;
		out->member = member_above(p, o, ways, &out->tier, &unsure);
		if (out->member)
			return YES;
		return unsure || group_misses_members(m, o) ? UNKNOWN : NO;
	}
	if (o->kind == AD_GROUP ? all_restricted(m, o, tier)
				: account_logon_restricted(m, o) == YES)
		return NO;
	for (unsigned l = 0; l < LOGONS; l++) {
		enum tri t = ways & LOGON(l) ? denied_logon(p, l, o) : YES;

		denied = t == NO || denied == NO ? NO : t == UNKNOWN ? UNKNOWN : denied;
	}
	if (denied == YES)
		return NO;
	return denied == NO && !unsure ? YES : UNKNOWN;
}

static void show_holder(struct place *p, const char *key, const char *what, const struct holder *h,
	const struct ad_object *gpo)
{
	struct arena *a = cx_arena(p->cx);

	show(p);
	say(p, key, arena_printf(a, "%s: %.*s", what, STR_ARG(h->who->name)));
	if (h->member)
		say(p, "account", h->member->name);
	say(p, "holder_tier", arena_printf(a, "%d", h->tier));
	say(p, "gpo", gpo_name(gpo));
}

/* A name that no account of the domain has may be one of the computer's own. */
static bool may_be_local(const struct model *m, struct str text)
{
	struct str rest, prefix = str_cut(text, '\\', &rest);

	if (!rest.p)
		return true;
	for (size_t d = 0; d < model_domain_count(m); d++)
		if (str_ieq(prefix, model_domain(m, d)->netbios) ||
			str_ieq(prefix, model_domain(m, d)->dns))
			return false;
	return true;
}

/* One name of a policy's list. sure: the policy and its line certainly apply. */
static void judge_holder(struct place *p, struct str text, const struct ad_object *gpo, bool sure,
	unsigned ways, const char *key, const char *what)
{
	const struct model *m = cx_model(p->cx);
	const struct ad_object *o;
	struct holder h;
	struct sid sid;

	if (!gpo_principal(m, text, &sid, &o)) {
		if (!may_be_local(m, text))
			p->reason = "right_holder_not_read";
		return;
	}
	if (is_default(&sid))
		return;
	if (!o) {
		if (logon_sid_may_be_somebody(p->cx, &sid))
			p->reason = "right_holder_not_read";
		return;
	}
	switch (is_above(p, o, ways, &h)) {
	case YES:
		if (sure)
			show_holder(p, key, what, &h, gpo);
		else
			p->reason = "gpo_may_not_apply";
		break;
	case UNKNOWN:
		p->reason = "right_holder_not_read";
		break;
	case NO:
		break;
	}
}

static void judge_right(struct place *p, unsigned logon)
{
	struct gpo_query q = { GPO_SECURITY, STR("Privilege Rights"), str_of(logons[logon].allow) };
	struct gpo_answer a = gpo_effective(cx_model(p->cx), p->at->computer, &q);

	if (a.unknown)
		p->reason = a.unknown;
	for (size_t i = 0; i < a.count; i++) {
		struct str rest = a.values[i].value;

		while (a.values[i].gpo && rest.p) {
			struct str one = str_trim(str_cut(rest, ',', &rest));

			if (one.n)
				judge_holder(p, one, a.values[i].gpo, a.count == 1 && !a.unknown,
					LOGON(logon), "right", logons[logon].allow);
		}
	}
}

static void judge_logons(struct place *p)
{
	read_all_denials(p);
	for (unsigned l = 0; l < LOGONS; l++)
		judge_right(p, l);
	for (size_t g = 0; g < ARRAY_LEN(local_groups); g++) {
		struct gpo_members members = gpo_local_members(
			cx_model(p->cx), p->at->computer, local_groups[g].rid, cx_arena(p->cx));

		if (members.unknown)
			p->reason = members.unknown;
		for (size_t i = 0; i < members.count; i++)
			judge_holder(p, members.all[i].who, members.all[i].gpo, members.all[i].sure,
				local_groups[g].logons, "local_group", local_groups[g].name);
	}
}

int tiering_logon_down(struct check_cx *cx, const struct ad_object *container)
{
	return each_place(cx, container, judge_logons);
}

/* ---- was everything there looked at? ------------------------------------------------ */

int tiering_needs_computers(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	for (int t = 1; t < 3; t++)
		if (model_tier_declares(cx_model(cx), t))
			return 0;
	return not_applicable(cx, "no_lower_tiers");
}

/* Computers of tiers 1 and 2, where they are, and those of no tier. */
static void places_known(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	const struct gpo_place *places;
	size_t n = gpo_places(m, &places), untiered = 0;
	const char *reason = NULL;

	for (size_t i = 0; i < n; i++) {
		if (places[i].tier == TIER_NONE)
			untiered += places[i].computers;
		if (!places[i].container && places[i].tier > 0)
			undecided(cx, NULL, "container_not_read");
	}
	if (untiered)
		note(cx, arena_printf(cx_arena(cx), "computers_without_tier %zu", untiered).p);
	if (model_complete(m, AD_COMPUTER, &reason) != YES)
		undecided(cx, NULL, reason);
}

static int logon_known(struct check_cx *cx)
{
	places_known(cx);
	tiering_resolved(cx, NULL);
	if (!*cx_counter(cx, PLACES))
		return not_applicable(cx, "no_lower_tier_computers");
	if (!model_sysvol_read(cx_model(cx)))
		return undecided(cx, NULL, "sysvol_not_read");
	return 0;
}

int tiering_logon_known(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return logon_known(cx);
}

/* Where authentication policies hold all of them, no right has to be denied. */
int tiering_deny_known(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *const *users;
	size_t n = model_tier_users(m, 0, &users), held = 0, others = 0;

	(void)none;
	for (size_t i = 0; i < n; i++) {
		enum tri t = account_logon_restricted(m, users[i]);

		held += t == YES;
		others += t != YES && !is_rid500(users[i]);
	}
	if (held)
		note(cx, arena_printf(cx_arena(cx), "held_by_authentication_policy %zu", held).p);
	if (model_tier_users_uncertain(m))
		undecided(cx, NULL, "privilege_not_readable");
	if (others)
		return logon_known(cx);
	places_known(cx);
	tiering_resolved(cx, NULL);
	return *cx_counter(cx, PLACES) ? 0 : not_applicable(cx, "no_lower_tier_computers");
}
