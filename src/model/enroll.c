/*
 * Who may enrol for a certificate template: the CA asks the template's descriptor for the extended
 * right Enroll, autoenrolment for AutoEnroll (MS-CRTD 2.5.1, MS-WCCE 3.2.2.6.2.1.4), and its own
 * security settings for the right to request. Those are in its registry; the descriptor of its
 * pKIEnrollmentService object is the copy that clients are shown (Enroll again). WRITE_PROPERTY
 * beside the GUID of an extended right, which default templates carry, grants nothing.
 */
#include "ad/wellknown.h"
#include "model/state.h"

static const char *const right_guids[] = {
	"0e10c968-78fb-11d2-90d4-00c04f79dc55", /* Certificate-Enrollment */
	"a05b8cc2-17bc-4802-a710-e7c15ab866a2", /* Certificate-AutoEnrollment */
};
/* More CAs than this issue no template in earnest. */
#define MAX_ISSUERS 64

/* Whom the system itself is, or who has the power by design. */
static const char *const accepted_sids[] = { "S-1-5-18", "S-1-5-9", "S-1-5-10", "S-1-5-19",
	"S-1-5-20", "S-1-3-0", "S-1-3-1", "S-1-3-4" };
/* Of any domain, since the forest's root domain may not have been read: the privileged groups and
 * accounts, and domain controllers. */
static const uint32_t accepted_rids[] = { RID_ADMINISTRATOR, RID_KRBTGT, RID_ENTERPRISE_RODCS,
	RID_DOMAIN_ADMINS, RID_DOMAIN_CONTROLLERS, RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS,
	RID_RODCS, RID_CLONEABLE_DCS, RID_KEY_ADMINS, RID_ENTERPRISE_KEY_ADMINS };
static const uint32_t accepted_builtins[] = { RID_BUILTIN_ADMINISTRATORS,
	RID_BUILTIN_ACCOUNT_OPERATORS, RID_BUILTIN_SERVER_OPERATORS, RID_BUILTIN_PRINT_OPERATORS,
	RID_BUILTIN_BACKUP_OPERATORS };
/* Everybody, or whoever holds any account: anonymous, network, interactive, This Organization. */
static const char *const wide_sids[] = { "S-1-1-0", "S-1-5-11", "S-1-5-7", "S-1-5-2", "S-1-5-4",
	"S-1-5-15", "S-1-5-32-545" };

static bool is_one_of(const struct sid *s, const char *const *texts, size_t count)
{
	struct sid known;

	for (size_t i = 0; i < count; i++)
		if (sid_from_text(str_of(texts[i]), &known) && sid_eq(s, &known))
			return true;
	return false;
}

static bool is_rid_of(uint32_t rid, const uint32_t *rids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rids[i] == rid)
			return true;
	return false;
}

static bool is_accepted(const struct sid *s)
{
	uint32_t rid = sid_rid(s);
	struct sid builtin = sid_builtin(rid);

	if (sid_is_domain_principal(s))
		return is_rid_of(rid, accepted_rids, ARRAY_LEN(accepted_rids));
	if (sid_eq(s, &builtin))
		return is_rid_of(rid, accepted_builtins, ARRAY_LEN(accepted_builtins));
	return is_one_of(s, accepted_sids, ARRAY_LEN(accepted_sids));
}

static bool is_wide(const struct sid *s)
{
	uint32_t rid = sid_rid(s);

	if (sid_is_domain_principal(s))
		return rid == RID_DOMAIN_USERS || rid == RID_DOMAIN_COMPUTERS;
	return is_one_of(s, wide_sids, ARRAY_LEN(wide_sids));
}

struct question {
	const struct model *m;
	struct arena *arena;
	const struct secdesc *sd;
	const struct secdesc *ca; /* NULL: every CA lets everybody request */
	struct guid rights[ARRAY_LEN(right_guids)];
	const char *reason; /* of the first UNKNOWN */
};

static enum tri doubt(struct question *q, const char *reason)
{
	if (!q->reason)
		q->reason = reason;
	return UNKNOWN;
}

/* Everyone, and who is more than anonymous also Authenticated Users. */
static size_t add_wide(struct sid *sids, size_t n, const struct sid *who)
{
	struct sid everyone = { 1, 1, 1, { 0 } }, authenticated = { 1, 1, 5, { 11 } };

	sids[n++] = everyone;
	if (!sid_eq(who, &everyone) && !is_one_of(who, wide_sids + 2, 1))
		sids[n++] = authenticated;
	return n;
}

/* One of the first count rights, on what has this descriptor? */
static bool grants_on(
	const struct question *q, const struct secdesc *sd, const struct token *t, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct access_question ask = {
			.right = RIGHT_DS_CONTROL_ACCESS, .attribute = q->rights[i], .perhaps = true
		};

		if (secdesc_grants(sd, t, &ask))
			return true;
	}
	return false;
}

/* May who, with the groups above it, use one of the two rights on the template, and ask the CA?
 * o NULL: no object was read. */
static bool grants(struct question *q, const struct sid *who, const struct ad_object *o)
{
	uint32_t above = o ? walk_up(q->m, o) : 0;
	struct sid *sids = ARENA_ARRAY(q->arena, struct sid, (size_t)above + 4);
	struct sid everyone = { 1, 1, 1, { 0 } }, authenticated = { 1, 1, 5, { 11 } };
	size_t n = 0;

	sids[n++] = *who;
	for (uint32_t i = 0; i < above; i++)
		if (!sid_is_none(&q->m->objects[q->m->walk->queue[i]].sid))
			sids[n++] = q->m->objects[q->m->walk->queue[i]].sid;
	n = add_wide(sids, n, who);
	if (!grants_on(q, q->sd, &(struct token){ sids, n }, ARRAY_LEN(q->rights)))
		return false;
	/* Everyone are first of all those who have an account. */
	if (sid_eq(who, &everyone))
		sids[n++] = authenticated;
	return !q->ca || grants_on(q, q->ca, &(struct token){ sids, n }, 1);
}

/* The server of a CA asks for certificates of its own. */
static bool is_ca_host(const struct model *m, const struct ad_object *o)
{
	struct str host = obj_value(o, ATTR_DNS_HOST_NAME, 0);

	for (size_t i = 0; o->kind == AD_COMPUTER && host.n && i < m->enrollment_service_count; i++)
		if (str_ieq(obj_value(m->enrollment_services[i], ATTR_DNS_HOST_NAME, 0), host))
			return true;
	return false;
}

static enum tri judge_account(struct question *q, const struct ad_object *o)
{
	enum tri privileged = account_privileged(q->m, o);

	if (!object_is_account(o) || privileged == YES || is_ca_host(q->m, o) ||
		is_accepted(&o->sid) || !grants(q, &o->sid, o))
		return NO;
	return privileged == NO ? YES : doubt(q, "privilege_not_readable");
}

static bool holds_everybody(const struct model *m, uint32_t group)
{
	for (size_t i = 0; i < m->everybody_count; i++)
		if (m->everybody[i] == group)
			return true;
	return false;
}

/* A group counts by itself when everybody is in it; its members come in their turn. */
static enum tri judge_member(struct question *q, const struct ad_object *o)
{
	if (o->kind != AD_GROUP && o->kind != AD_FSP)
		return judge_account(q, o);
	if (o->kind == AD_GROUP && !holds_everybody(q->m, o->index) && !is_wide(&o->sid))
		return NO;
	return !is_accepted(&o->sid) && grants(q, &o->sid, o) ? YES : NO;
}

/* Whoever stands in an ordinary group, through any nesting. */
static enum tri judge_group(struct question *q, const struct ad_object *group)
{
	const struct model *m = q->m;
	uint8_t *seen = arena_alloc(q->arena, m->count + 1);
	uint32_t *queue = ARENA_ARRAY(q->arena, uint32_t, m->count + 1);
	uint32_t count = 0;
	enum tri answer = NO;

	queue[count++] = group->index;
	seen[group->index] = 1;
	for (uint32_t done = 0; done < count && answer != YES; done++) {
		const struct ad_object *o = &m->objects[queue[done]];
		enum tri one = judge_member(q, o);

		for (uint32_t c = m->child_start[o->index];
			o->kind == AD_GROUP && c < m->child_start[o->index + 1]; c++)
			if (!seen[m->children[c]->index]) {
				seen[m->children[c]->index] = 1;
				queue[count++] = m->children[c]->index;
			}
		if (one != NO)
			answer = one;
	}
	if (answer == NO && group_misses_members(m, group) && grants(q, &group->sid, group))
		return doubt(q, "members_not_readable");
	return answer;
}

static enum tri judge(struct question *q, const struct sid *who)
{
	uint32_t at = index_sid(q->m, who);
	const struct ad_object *o = at == NO_OBJECT ? NULL : &q->m->objects[at];

	if (is_accepted(who))
		return NO;
	if (is_wide(who))
		return grants(q, who, o) ? YES : NO;
	if (!o)
		return grants(q, who, NULL) ? doubt(q, "enroll_principal_not_read") : NO;
	if (o->kind == AD_FSP)
		return grants(q, who, o) ? YES : NO;
	if (o->kind != AD_GROUP)
		return judge_account(q, o);
	/* In a privileged group: so is everybody in it. */
	return q->m->via[at] != NO_OBJECT ? NO : judge_group(q, o);
}

static bool may_grant(const struct question *q, const struct ace *ace)
{
	bool typed = ace->has_object_type, fits = !typed;

	if (!ace_may_allow(ace->type) || (ace->flags & ACE_FLAG_INHERIT_ONLY) ||
		!(rights_of_mask(ace->mask) & RIGHT_DS_CONTROL_ACCESS))
		return false;
	for (size_t i = 0; typed && i < ARRAY_LEN(q->rights); i++)
		fits |= guid_eq(&ace->object_type, &q->rights[i]);
	return fits;
}

struct names {
	struct sid *sids;
	size_t count;
};

static bool was_judged(const struct question *q, const struct secdesc *sd, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (may_grant(q, &sd->dacl[i]) && sid_eq(&sd->dacl[i].sid, &sd->dacl[at].sid))
			return true;
	return false;
}

static void add_name(struct names *n, const struct sid *s)
{
	for (size_t i = 0; i < n->count; i++)
		if (sid_eq(&n->sids[i], s))
			return;
	if (n->count < ENROLLMENT_NAMES)
		n->sids[n->count++] = *s;
}

struct verdict {
	struct names open, maybe;
};

/* Judges whom the entries of sd name, the template's or the CA's. */
static void judge_entries(struct question *q, const struct secdesc *sd, struct verdict *v)
{
	struct sid everyone = { 1, 1, 1, { 0 } };

	if (!sd->has_dacl && judge(q, &everyone) == YES)
		add_name(&v->open, &everyone);
	for (size_t i = 0; i < sd->dacl_count; i++) {
		enum tri one;

		if (!may_grant(q, &sd->dacl[i]) || was_judged(q, sd, i))
			continue;
		one = judge(q, &sd->dacl[i].sid);
		if (one != NO)
			add_name(one == YES ? &v->open : &v->maybe, &sd->dacl[i].sid);
	}
}

/* Who may ask this CA, NULL for any. Whom the CA names may be a part of whom the template does. */
static void judge_at(struct question *q, const struct secdesc *ca, struct verdict *v)
{
	q->ca = ca;
	judge_entries(q, q->sd, v);
	if (ca && v->open.count == 0)
		judge_entries(q, ca, v);
}

static struct enrollment enrollment_of(
	const struct question *q, const struct verdict *v, enum tri open)
{
	const struct names *n = v->open.count ? &v->open : &v->maybe;

	return (struct enrollment){ open, n->sids, n->count, open == UNKNOWN ? q->reason : NULL };
}

struct enrollment template_enrollment(
	const struct model *m, struct arena *a, const struct ad_object *template, bool for_logon)
{
	struct question q = { .m = m, .arena = a, .sd = model_descriptor(m, template, a) };
	struct verdict v = { { ARENA_ARRAY(a, struct sid, ENROLLMENT_NAMES), 0 },
		{ ARENA_ARRAY(a, struct sid, ENROLLMENT_NAMES), 0 } };
	const struct ad_object *issuers[MAX_ISSUERS];
	size_t count = template_issuers(m, template, for_logon, issuers, ARRAY_LEN(issuers));

	if (!q.sd)
		return (struct enrollment){ .open = UNKNOWN,
			.reason = "template_descriptor_not_read" };
	for (size_t i = 0; i < ARRAY_LEN(right_guids); i++)
		guid_from_text(str_of(right_guids[i]), &q.rights[i]);
	for (size_t i = 0; i < count; i++)
		judge_at(&q, model_descriptor(m, issuers[i], a), &v);
	if (v.open.count)
		return enrollment_of(&q, &v, YES);
	if (v.maybe.count)
		return enrollment_of(&q, &v, UNKNOWN);
	/* The template is open, and no CA's object says that its CA is: what counts is the
	 * registry. */
	judge_at(&q, NULL, &v);
	if (v.open.count && count)
		doubt(&q, "ca_request_right_not_granted");
	if (v.open.count)
		return enrollment_of(&q, &v, count ? UNKNOWN : YES);
	return enrollment_of(&q, &v, v.maybe.count ? UNKNOWN : NO);
}
