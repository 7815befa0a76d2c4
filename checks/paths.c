#include "checks/common.h"
#include "model/graph.h"

#define MAX_STEPS 64
#define SHOWN 20     /* principals named in a finding */
#define WEIGHED 1000 /* principals whose path is weighed for the level */

/* Control that needs more than the right itself: cracking a password (write_spn), a certificate
 * mapping that patched controllers refuse, and ownership of computers, which KB5008383 neutralises.
 * ANSSI's own list of them is not public (docs/controls/interpretations.md). */
#define WEAK (RELATION_BIT(RELATION_WRITE_SPN) | RELATION_BIT(RELATION_WRITE_ALT_IDENTITY))
#define WEAK_ON_COMPUTERS (RELATION_BIT(RELATION_OWNER) | RELATION_BIT(RELATION_WRITE_OWNER))
/* Points of their own: vuln_delegation_*. */
#define DELEGATIONS (RELATION_BIT(RELATION_DELEGATION) | RELATION_BIT(RELATION_ALLOWED_TO_ACT))
#define REPLICATES                                                                                 \
	(RELATION_BIT(RELATION_DCSYNC) | RELATION_BIT(RELATION_ALL_EXTENDED_RIGHTS) |              \
		RELATION_BIT(RELATION_GENERIC_ALL))

enum { EXAMINED };

static bool is_weak(const struct graph_step *s)
{
	uint32_t weak = WEAK;

	if (s->to && s->to->kind == AD_COMPUTER)
		weak |= WEAK_ON_COMPUTERS;
	return !(s->relations & ~weak);
}

/* ---- one root cause is one finding ---- */

static const struct ad_object *admin_sd_holder(const struct model *m, const struct ad_object *o)
{
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *h = model_object(m, i);

		if (h->domain == o->domain && (graph_critical(m, h) & CRITICAL_ADMINSDHOLDER))
			return h;
	}
	return NULL;
}

/* SDProp copies AdminSDHolder's DACL to the protected: what stands there too is its finding. */
static bool is_fanned_out(const struct model *m, const struct graph_step *last)
{
	struct graph_control c[EVIDENCE_NAMES];
	const struct ad_object *holder = admin_sd_holder(m, last->to);
	size_t n = holder ? graph_direct(m, holder, c, EVIDENCE_NAMES) : 0;

	for (size_t i = 0; i < n; i++)
		if (sid_eq(&c[i].by.sid, &last->from.sid) && !(last->relations & ~c[i].relations))
			return true;
	return false;
}

/* DnsAdmins holds CN=MicrosoftDNS by default: nobody's while nobody but tier 0 is in it. */
static bool is_empty_dns_admins(const struct model *m, const struct ad_object *group)
{
	return group && (graph_critical(m, group) & CRITICAL_DNSADMINS) &&
	       graph_holds_only_tier0(m, group);
}

/* Does this path say something that no other finding says? */
static bool counts(struct check_cx *cx, const struct graph_principal *p, unsigned critical,
	const struct graph_step *steps, size_t n)
{
	const struct model *m = cx_model(cx);

	/* Its group is a principal of the same list. */
	if (n > 1 && steps[0].relation == RELATION_MEMBER_OF)
		return false;
	if (n == 1 && !(steps[0].relations & ~DELEGATIONS))
		return false;
	if ((critical & CRITICAL_DNS) && is_empty_dns_admins(m, p->who.object))
		return false;
	return !(critical & (CRITICAL_ACCOUNT | CRITICAL_GROUP)) ||
	       !is_fanned_out(m, &steps[n - 1]);
}

/* ---- evidence ---- */

static void show_principal(struct check_cx *cx, const struct graph_node *who)
{
	evidence(cx, "principal", graph_name(cx_arena(cx), who->object, &who->sid));
}

static void show(struct check_cx *cx, const struct graph_step *steps, size_t n)
{
	show_principal(cx, &steps[0].from);
	evidence(cx, "path", graph_text(cx_arena(cx), steps, n));
}

static void show_relations(struct check_cx *cx, uint32_t relations)
{
	for (unsigned r = 0; r < RELATION_COUNT; r++)
		if (relations & RELATION_BIT(r))
			evidence_z(cx, "relation", relation_name((enum relation)r));
}

/* How many privileged objects have this DACL's entries too. */
static void show_consequences(struct check_cx *cx, const struct ad_object *holder)
{
	const struct model *m = cx_model(cx);
	int64_t n = 0;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		n += o->domain == holder->domain && obj_u32(o, ATTR_ADMIN_COUNT) == 1 &&
		     (graph_critical(m, o) & (CRITICAL_ACCOUNT | CRITICAL_GROUP));
	}
	evidence_int(cx, "protected_objects", n);
}

struct found {
	size_t count;
	bool strong;
	uint32_t relations; /* over the target itself */
};

static struct found weigh(struct check_cx *cx, const struct ad_object *o, unsigned critical,
	const struct graph_reach *r)
{
	struct graph_step steps[MAX_STEPS];
	struct found f = { 0 };

	for (size_t i = 0; i < r->count && i < WEIGHED; i++) {
		size_t n = graph_steps(cx_model(cx), r->principals[i].node, steps, MAX_STEPS);
		bool weak = false;

		if (!n || !counts(cx, &r->principals[i], critical, steps, n))
			continue;
		for (size_t s = 0; s < n; s++)
			weak |= is_weak(&steps[s]);
		f.count++;
		f.strong |= !weak;
		if (steps[n - 1].to == o)
			f.relations |= steps[n - 1].relations;
	}
	return f;
}

static void report(struct check_cx *cx, const struct ad_object *o, unsigned critical,
	const struct graph_reach *r, const struct found *f)
{
	struct graph_step steps[MAX_STEPS];
	size_t shown = 0;

	for (size_t i = 0; i < r->count && i < WEIGHED && shown < SHOWN; i++) {
		size_t n = graph_steps(cx_model(cx), r->principals[i].node, steps, MAX_STEPS);

		if (!n || !counts(cx, &r->principals[i], critical, steps, n))
			continue;
		show(cx, steps, n);
		shown++;
	}
	evidence_int(cx, "principals", (int64_t)f->count);
	show_relations(cx, f->relations);
	if (critical & CRITICAL_ADMINSDHOLDER)
		show_consequences(cx, o);
}

/* Rows with two levels name the second in their argument. */
#define TWO_LEVELS 0x10000

static int controlled(struct check_cx *cx, const struct ad_object *o)
{
	const struct model *m = cx_model(cx);
	unsigned critical = (unsigned)cx_arg(cx) & 0xffffu & graph_critical(m, o);
	const char *reason = NULL;

	/* A domain controller's account is privileged, and has a point of its own. */
	if (!critical || (!(cx_arg(cx) & CRITICAL_DC) && (graph_critical(m, o) & CRITICAL_DC)))
		return passed_over(cx);
	++*cx_counter(cx, EXAMINED);
	struct graph_reach r = graph_reach(m, o, cx_arena(cx));
	struct found f = weigh(cx, o, critical, &r);

	if (f.count) {
		if (cx_arg(cx) & TWO_LEVELS)
			finding_at(cx, o, f.strong ? 1 : 2);
		else
			finding(cx, o);
		report(cx, o, critical, &r, &f);
		return 0;
	}
	if (graph_known(m, o, &reason) != YES)
		return undecided(cx, o, reason);
	if ((critical & CRITICAL_DNSADMINS) && group_unread_members(m, o))
		return undecided(cx, o, "members_not_readable");
	return 0;
}

/* Every domain has them: where there is none, the source left it out. */
static int must_be_there(struct check_cx *cx, const struct ad_object *none)
{
	return *cx_counter(cx, EXAMINED) ? 0 : undecided(cx, none, "target_not_read");
}

/* A domain without DNS, or whose group has another name: nothing that could be controlled. */
static int may_be_absent(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return *cx_counter(cx, EXAMINED) ? 0 : not_applicable(cx, "target_absent");
}

/* Who is privileged decides what is looked at. */
static int privileged_known(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	if (model_privileged_complete(cx_model(cx), &reason) != YES)
		return undecided(cx, none, reason);
	for (size_t i = 0; i < model_object_count(cx_model(cx)); i++) {
		const struct ad_object *o = model_object(cx_model(cx), i);

		/* Perhaps privileged: then it, or what is above it, was not looked at. */
		if (((KINDS_ACCOUNTS | KIND(AD_USER)) & KIND(o->kind)) &&
			account_privileged(cx_model(cx), o) == UNKNOWN)
			return undecided(cx, none, "privilege_not_readable");
		if ((cx_arg(cx) & CRITICAL_GPO) &&
			(o->kind == AD_DOMAIN ||
				(graph_critical(cx_model(cx), o) & CRITICAL_CONTAINER)) &&
			model_readable(cx_model(cx), o, ATTR_GP_LINK) != READABLE)
			return undecided(cx, none, "attribute_not_readable gPLink");
	}
	/* Members in another domain: who controls them was not looked at. */
	if ((cx_arg(cx) & CRITICAL_ACCOUNT) && model_privileged_unread_count(cx_model(cx)))
		return undecided(cx, none, "privileged_member_not_read");
	return must_be_there(cx, none);
}

/* ---- hyg_dcsync ---- */

static int dcsync(struct check_cx *cx, const struct ad_object *head)
{
	const struct model *m = cx_model(cx);
	struct graph_control c[EVIDENCE_NAMES];
	size_t n = graph_direct(m, head, c, EVIDENCE_NAMES), found = 0;
	const char *reason = NULL;

	for (size_t i = 0; i < n; i++) {
		uint32_t by = c[i].relations & REPLICATES;

		if (!by)
			continue;
		if (!found++)
			finding(cx, head);
		show_principal(cx, &c[i].by);
		show_relations(cx, by);
	}
	if (!found && graph_known(m, head, &reason) != YES)
		return undecided(cx, head, reason);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

#define READS                                                                                      \
	{                                                                                          \
		ATTR_MEMBER, ATTR_PRIMARY_GROUP_ID                                                 \
	}

static const struct check rows[] = {
	{ .id = "vuln_permissions_adminsdholder",
		.each = AD_CONTAINER,
		.kinds = KIND(AD_OTHER),
		.run = controlled,
		.after = must_be_there,
		.arg = CRITICAL_ADMINSDHOLDER | TWO_LEVELS },
	{ .id = "vuln_permissions_dc",
		.each = AD_COMPUTER,
		.run = controlled,
		.after = must_be_there,
		.arg = CRITICAL_DC | TWO_LEVELS },
	{ .id = "vuln_permissions_naming_context",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_OTHER),
		.run = controlled,
		.after = must_be_there,
		.arg = CRITICAL_NC | TWO_LEVELS },
	{ .id = "vuln_permissions_gpo_priv",
		.each = AD_GPO,
		.run = controlled,
		.after = privileged_known,
		.arg = CRITICAL_GPO },
	{ .id = "vuln_permissions_gpo_container_priv",
		.each = AD_OU,
		.kinds = KIND(AD_OTHER),
		.run = controlled,
		.after = privileged_known,
		.arg = CRITICAL_CONTAINER },
	{ .id = "vuln_privileged_members_perm",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP) | KIND(AD_KRBTGT),
		.run = controlled,
		.after = privileged_known,
		.reads = READS,
		.arg = CRITICAL_ACCOUNT | CRITICAL_GROUP | TWO_LEVELS },
	{ .id = "vuln_permissions_msdns",
		.each = AD_CONTAINER,
		.kinds = KIND(AD_OTHER),
		.run = controlled,
		.after = may_be_absent,
		.arg = CRITICAL_DNS },
	{ .id = "vuln_dnsadmins",
		.each = AD_GROUP,
		.run = controlled,
		.after = may_be_absent,
		.reads = { ATTR_MEMBER },
		.arg = CRITICAL_DNSADMINS },
	{ .id = "vuln_permissions_dpapi",
		.each = AD_OTHER,
		.run = controlled,
		.after = must_be_there,
		.arg = CRITICAL_DPAPI | TWO_LEVELS },
	{ .id = "hyg_dcsync", .each = AD_DOMAIN, .run = dcsync },
};

CHECK_AREA(paths, rows);
