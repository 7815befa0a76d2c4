/* hyg_backup_interactive_logon: where the deposit accounts of the backup may open a session, as far
 * as the directory says: their own list of workstations, and the rights that group policies give
 * and deny. What a computer's local policy adds, and who is in its local groups, is not there. */
#include "checks/backup.h"

#include "ad/dn.h"
#include "checks/common.h"
#include "checks/logon_denials.h"
#include "checks/population.h"

enum { LOCAL, REMOTE, WAYS };

static const struct {
	const char *allow, *deny; /* MS-GPSB 2.2.2 */
} ways[WAYS] = {
	{ "SeInteractiveLogonRight", "SeDenyInteractiveLogonRight" },
	{ "SeRemoteInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight" },
};

struct allowed {		      /* whom a policy gives a right */
	const struct ad_object **who; /* accounts and groups of the directory */
	size_t count;
	bool everybody;	     /* Everyone, Authenticated Users or the computer's Users */
	const char *unknown; /* why others may have it */
};

struct spot { /* computers that policies treat alike */
	const struct ad_object *container;
	size_t computers;
	struct denials denied[WAYS];
	struct allowed allowed[WAYS];
};

/* ---- what policies say at one place ------------------------------------------------- */

static void take_allowed(struct check_cx *cx, struct str text, struct allowed *out)
{
	static const char *const everybody[] = { "S-1-1-0", "S-1-5-11", "S-1-5-32-545" };
	const struct ad_object *o;
	struct sid sid, other;

	if (!gpo_principal(cx_model(cx), text, &sid, &o)) {
		out->unknown = "right_holder_not_read";
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(everybody); i++)
		out->everybody |=
			sid_from_text(str_of(everybody[i]), &other) && sid_eq(&sid, &other);
	if (sid.authority == 5 && sid.count == 2 && sid.sub[0] == 32)
		out->unknown = "local_groups_not_known"; /* the computer's own group */
	else if (o)
		out->who[out->count++] = o;
	else if (logon_sid_may_be_somebody(cx, &sid))
		out->unknown = "right_holder_not_read";
}

/* What no policy gives is Windows' own: a local session to Users, one over the network to local
 * groups. */
static void take_default(unsigned way, struct allowed *out)
{
	out->everybody = way == LOCAL;
	out->unknown = way == LOCAL ? NULL : "local_groups_not_known";
}

static void read_allowed(
	struct check_cx *cx, const struct ad_object *computer, unsigned way, struct allowed *out)
{
	struct gpo_query q = { GPO_SECURITY, STR("Privilege Rights"), str_of(ways[way].allow) };
	struct gpo_answer a = gpo_effective(cx_model(cx), computer, &q);
	struct str rest = a.count ? a.values[0].value : STR("");
	size_t names = 1;

	*out = (struct allowed){ .unknown = a.unknown };
	if (a.unknown)
		return;
	if (a.count > 1) {
		out->unknown = "gpo_may_not_apply";
		return;
	}
	if (!a.count || !a.values[0].gpo) {
		take_default(way, out);
		return;
	}
	for (size_t i = 0; i < rest.n; i++)
		names += rest.p[i] == ',';
	out->who = ARENA_ARRAY(cx_arena(cx), const struct ad_object *, names);
	while (rest.p) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (one.n)
			take_allowed(cx, one, out);
	}
}

static void read_spot(struct check_cx *cx, const struct ad_object *computer, struct spot *out)
{
	for (unsigned w = 0; w < WAYS; w++) {
		denials_read(cx, computer, ways[w].deny, &out->denied[w]);
		read_allowed(cx, computer, w, &out->allowed[w]);
	}
}

static enum tri is_allowed(
	const struct model *m, const struct allowed *a, const struct ad_object *o)
{
	bool unclear = a->unknown != NULL;

	if (a->everybody)
		return YES;
	for (size_t i = 0; i < a->count; i++) {
		if (a->who[i] == o || object_in_group(m, o, a->who[i]))
			return YES;
		unclear |= a->who[i]->kind == AD_GROUP && group_misses_members(m, a->who[i]);
	}
	return unclear ? UNKNOWN : NO;
}

/* May o open a session there? *way: the first that is open; *reason when UNKNOWN. */
static enum tri may_log_on(const struct model *m, const struct spot *s, const struct ad_object *o,
	unsigned *way, const char **reason)
{
	bool unclear = false;

	for (unsigned w = 0; w < WAYS; w++) {
		enum tri denied = denials_hold(m, &s->denied[w], o);
		enum tri allowed = denied == YES ? NO : is_allowed(m, &s->allowed[w], o);

		if (allowed == NO)
			continue;
		if (denied == NO && allowed == YES) {
			*way = w;
			return YES;
		}
		unclear = true;
		*reason = s->denied[w].unknown	  ? s->denied[w].unknown
			  : s->allowed[w].unknown ? s->allowed[w].unknown
						  : "right_holder_not_read";
	}
	return unclear ? UNKNOWN : NO;
}

/* ---- one account -------------------------------------------------------------------- */

struct verdict {
	const struct spot *open; /* the first where it may */
	unsigned way;
	size_t computers;
	const char *reason; /* why it may elsewhere */
};

static void weigh(
	const struct model *m, const struct ad_object *o, const struct spot *s, struct verdict *v)
{
	unsigned way;

	if (may_log_on(m, s, o, &way, &v->reason) != YES)
		return;
	if (!v->open) {
		v->open = s;
		v->way = way;
	}
	v->computers += s->computers;
}

/* Names that the longest userWorkstations can hold: 1024 characters (MS-ADA3, userWorkstations). */
#define WORKSTATIONS 512

/* userWorkstations: NetBIOS names, separated by commas; the account may use no others. Servers of
 * the backup are where it belongs. */
static void weigh_workstations(
	struct check_cx *cx, const struct ad_object *o, struct str list, struct verdict *v)
{
	const struct model *m = cx_model(cx);

	for (size_t asked = 0; list.p; asked++) {
		if (asked == WORKSTATIONS) {
			v->reason = "workstation_not_judged";
			return;
		}
		struct str name = str_trim(str_cut(list, ',', &list));
		const struct ad_object *host = name.n ? model_host(m, name) : NULL;
		struct spot *s;

		if (!name.n || (host && object_in_population(m, host, POPULATION_BACKUP) == YES))
			continue;
		if (!host || is_dc_computer(host)) {
			v->reason = "workstation_not_judged";
			continue;
		}
		s = ARENA_NEW(cx_arena(cx), struct spot);
		s->container = model_find_dn(m, dn_parent(host->dn));
		s->computers = 1;
		read_spot(cx, host, s);
		weigh(m, o, s, v);
	}
}

static struct str deny_text(struct check_cx *cx, const struct verdict *v)
{
	const struct denials *d = &v->open->denied[v->way];
	const struct ad_object *gpo = d->count ? d->values[0].gpo : NULL;
	struct str name = STR("not_configured");

	if (gpo)
		name = obj_has(gpo, ATTR_DISPLAY_NAME) ? obj_str(gpo, ATTR_DISPLAY_NAME)
						       : gpo->name;
	return arena_printf(cx_arena(cx), "%s: %.*s", ways[v->way].deny, STR_ARG(name));
}

static void judge(
	struct check_cx *cx, const struct ad_object *o, const struct spot *spots, size_t count)
{
	const struct model *m = cx_model(cx);
	struct str list = obj_str(o, ATTR_USER_WORKSTATIONS);
	enum tri held = account_logon_restricted(m, o);
	struct verdict v = { 0 };

	if (list.n)
		weigh_workstations(cx, o, list, &v);
	for (size_t i = 0; i < count && !list.n; i++)
		weigh(m, o, &spots[i], &v);
	if (held == YES || (!v.open && !v.reason))
		return;
	if (!v.open)
		undecided(cx, o, v.reason);
	else if (held == UNKNOWN)
		undecided(cx, o, "authentication_policy_not_read");
	else if (backup_is_deposit(m, o) != YES)
		backup_deposit_unknown(cx, o);
	else if (account_enabled(m, o) != YES)
		undecided(cx, o, "enabled_not_readable");
	else if (readable(cx, o, ATTR_USER_WORKSTATIONS) &&
		 population_holds(cx, o, POPULATION_BACKUP)) {
		finding(cx, o);
		evidence(cx, "right", deny_text(cx, &v));
		if (v.open->container)
			evidence(cx, "unit", v.open->container->dn);
		evidence_int(cx, "computers", (int64_t)v.computers);
		if (list.n)
			evidence(cx, "user_workstations", list);
	}
}

/* ---- the control -------------------------------------------------------------------- */

static bool is_asked_about(const struct model *m, const struct ad_object *o)
{
	return o->kind == AD_USER && account_enabled(m, o) != NO &&
	       object_in_population(m, o, POPULATION_BACKUP) != NO && backup_is_deposit(m, o) != NO;
}

int backup_deposit_logon(struct check_cx *cx, const struct ad_object *obj)
{
	return is_asked_about(cx_model(cx), obj) ? 0 : passed_over(cx);
}

int backup_deposit_logon_after(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);
	const struct gpo_place *places;
	const struct ad_object *const *users;
	size_t n = gpo_places(m, &places), count = model_of_kind(m, AD_USER, &users);
	struct spot *spots = ARENA_ARRAY(cx_arena(cx), struct spot, n);
	const char *reason = NULL;
	bool read = false;

	(void)none;
	for (size_t i = 0; i < count; i++) {
		if (!is_asked_about(m, users[i]))
			continue;
		for (size_t s = 0; s < n && !read; s++) {
			spots[s].container = places[s].container;
			spots[s].computers = places[s].computers;
			read_spot(cx, places[s].computer, &spots[s]);
		}
		read = true;
		judge(cx, users[i], spots, n);
	}
	if (read && model_complete(m, AD_COMPUTER, &reason) != YES)
		undecided(cx, NULL, reason);
	return population_after(cx, POPULATION_BACKUP);
}
