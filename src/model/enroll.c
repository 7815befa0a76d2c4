/*
 * Who may enrol for a certificate template: the CA asks the template's descriptor for the extended
 * right Enroll, autoenrolment for AutoEnroll (MS-CRTD 2.5.1, MS-WCCE 3.2.2.6.2.1.4). WRITE_PROPERTY
 * beside the GUID of an extended right, which default templates carry, grants nothing.
 */
#include "ad/wellknown.h"
#include "model/state.h"

static const char *const right_guids[] = {
	"0e10c968-78fb-11d2-90d4-00c04f79dc55", /* Certificate-Enrollment */
	"a05b8cc2-17bc-4802-a710-e7c15ab866a2", /* Certificate-AutoEnrollment */
};

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

/* May who, with the groups above it, use one of the two rights? o NULL: no object was read. */
static bool grants(struct question *q, const struct sid *who, const struct ad_object *o)
{
	uint32_t above = o ? walk_up(q->m, o) : 0;
	struct sid *sids = ARENA_ARRAY(q->arena, struct sid, (size_t)above + 3);
	size_t n = 0;

	sids[n++] = *who;
	for (uint32_t i = 0; i < above; i++)
		if (!sid_is_none(&q->m->objects[q->m->walk->queue[i]].sid))
			sids[n++] = q->m->objects[q->m->walk->queue[i]].sid;
	n = add_wide(sids, n, who);
	for (size_t i = 0; i < ARRAY_LEN(q->rights); i++) {
		struct access_question ask = { .right = RIGHT_DS_CONTROL_ACCESS,
			.attribute = q->rights[i] };

		if (secdesc_grants(q->sd, &(struct token){ sids, n }, &ask))
			return true;
	}
	return false;
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

	if ((ace->type != ACE_ACCESS_ALLOWED && ace->type != ACE_ACCESS_ALLOWED_OBJECT) ||
		(ace->flags & ACE_FLAG_INHERIT_ONLY) ||
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

static bool was_judged(const struct question *q, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (may_grant(q, &q->sd->dacl[i]) &&
			sid_eq(&q->sd->dacl[i].sid, &q->sd->dacl[at].sid))
			return true;
	return false;
}

static void add_name(struct names *n, const struct sid *s)
{
	if (n->count < ENROLLMENT_NAMES)
		n->sids[n->count++] = *s;
}

struct enrollment template_enrollment(
	const struct model *m, struct arena *a, const struct ad_object *template)
{
	struct question q = { .m = m, .arena = a, .sd = model_descriptor(m, template, a) };
	struct names open = { ARENA_ARRAY(a, struct sid, ENROLLMENT_NAMES), 0 };
	struct names maybe = { ARENA_ARRAY(a, struct sid, ENROLLMENT_NAMES), 0 };

	if (!q.sd)
		return (struct enrollment){ .open = UNKNOWN,
			.reason = "template_descriptor_not_read" };
	for (size_t i = 0; i < ARRAY_LEN(right_guids); i++)
		guid_from_text(str_of(right_guids[i]), &q.rights[i]);
	if (!q.sd->has_dacl)
		add_name(&open, &(struct sid){ 1, 1, 1, { 0 } });
	for (size_t i = 0; i < q.sd->dacl_count; i++) {
		const struct ace *ace = &q.sd->dacl[i];

		if (!may_grant(&q, ace) || was_judged(&q, i))
			continue;
		enum tri one = judge(&q, &ace->sid);

		if (one != NO)
			add_name(one == YES ? &open : &maybe, &ace->sid);
	}
	if (open.count)
		return (struct enrollment){ YES, open.sids, open.count, NULL };
	return (struct enrollment){ maybe.count ? UNKNOWN : NO, maybe.sids, maybe.count, q.reason };
}
