/* Whom a right that a policy or a file's descriptor gives away is given to: those who hold power by
 * design, or somebody ordinary. */
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

static const uint32_t trusted_builtins[] = { RID_BUILTIN_ADMINISTRATORS,
	RID_BUILTIN_ACCOUNT_OPERATORS, RID_BUILTIN_SERVER_OPERATORS, RID_BUILTIN_PRINT_OPERATORS,
	RID_BUILTIN_BACKUP_OPERATORS };
static const uint32_t trusted_rids[] = { RID_ADMINISTRATOR, RID_KRBTGT, RID_ENTERPRISE_RODCS,
	RID_DOMAIN_ADMINS, RID_DOMAIN_CONTROLLERS, RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS,
	RID_RODCS, RID_CLONEABLE_DCS, RID_KEY_ADMINS, RID_ENTERPRISE_KEY_ADMINS };
static const uint32_t wide_rids[] = { RID_DOMAIN_USERS, RID_DOMAIN_GUESTS, RID_DOMAIN_COMPUTERS,
	RID_GUEST };
static const uint32_t wide_builtins[] = { RID_BUILTIN_USERS, RID_BUILTIN_GUESTS,
	RID_BUILTIN_PRE_WINDOWS_2000 };
/* NETWORK, INTERACTIVE, ANONYMOUS LOGON, Authenticated Users, This Organization */
static const uint32_t wide_parts[] = { 2, 4, 7, 11, 15 };

#define FIRST_SERVICE_PART 80u /* S-1-5-80-… and above: services and virtual accounts */

static bool among(const uint32_t *list, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == number)
			return true;
	return false;
}

struct members { /* memos */
	uint32_t *mark, *queue;
	uint32_t epoch;
	uint8_t *verdict; /* by object: 0 not asked yet, else 1 + enum tri */
};

/* Decided by the SID alone? */
static bool judge_sid(const struct sid *s, enum tri *out)
{
	*out = NO;
	if (s->authority == 5 && s->count == 2 && s->sub[0] == 32) {
		*out = among(wide_builtins, ARRAY_LEN(wide_builtins), s->sub[1]) ? YES : NO;
		return *out == YES ||
		       among(trusted_builtins, ARRAY_LEN(trusted_builtins), s->sub[1]);
	}
	if (sid_is_domain_principal(s)) {
		*out = among(wide_rids, ARRAY_LEN(wide_rids), sid_rid(s)) ? YES : NO;
		return *out == YES || among(trusted_rids, ARRAY_LEN(trusted_rids), sid_rid(s));
	}
	if (s->authority == 1 || (s->authority == 5 && s->count == 1 &&
					 among(wide_parts, ARRAY_LEN(wide_parts), s->sub[0])))
		*out = YES;
	/* The system, its services, CREATOR OWNER and the like: no person. */
	return s->authority != 5 || s->count == 1 || s->sub[0] >= FIRST_SERVICE_PART;
}

static enum tri judge_account(const struct model *m, const struct ad_object *o)
{
	uint32_t group = obj_u32(o, ATTR_PRIMARY_GROUP_ID);

	if (o->kind == AD_KRBTGT ||
		(o->kind == AD_COMPUTER && (group == RID_DOMAIN_CONTROLLERS || group == RID_RODCS)))
		return NO;
	if (!object_is_account(o))
		return o->kind == AD_FSP ? YES : UNKNOWN;
	enum tri privileged = account_privileged(m, o);

	return privileged == YES ? NO : privileged == NO ? YES : UNKNOWN;
}

/* One that stands in the group asked about; a group is judged by its members, which come in their
 * turn. */
static enum tri judge_member(const struct model *m, const struct ad_object *o, bool *enters)
{
	enum tri answer;

	*enters = false;
	if (!sid_is_none(&o->sid) && judge_sid(&o->sid, &answer))
		return answer;
	if (o->kind != AD_GROUP)
		return judge_account(m, o);
	for (size_t i = 0; i < m->everybody_count; i++)
		if (m->everybody[i] == o->index)
			return YES;
	/* In a privileged group: so is everybody in it. */
	*enters = m->via[o->index] == NO_OBJECT;
	return *enters && group_misses_members(m, o) ? UNKNOWN : NO;
}

/* The object, and who is in it through any nesting: one who is ordinary is enough. */
static enum tri judge_object(const struct model *m, const struct ad_object *first)
{
	struct members *k = m->members_walk;
	uint32_t count = 0;
	enum tri answer = NO;

	k->epoch++;
	k->mark[first->index] = k->epoch;
	k->queue[count++] = first->index;
	for (uint32_t done = 0; done < count && answer != YES; done++) {
		const struct ad_object *o = &m->objects[k->queue[done]];
		bool enters;
		enum tri one = judge_member(m, o, &enters);

		if (one != NO)
			answer = one;
		for (uint32_t c = m->child_start[o->index];
			enters && c < m->child_start[o->index + 1]; c++) {
			uint32_t child = m->children[c]->index;

			if (k->mark[child] == k->epoch)
				continue;
			k->mark[child] = k->epoch;
			k->queue[count++] = child;
		}
	}
	return answer;
}

void gpo_principals_build(struct model *m)
{
	m->members_walk = arena_alloc(&m->arena, sizeof(*m->members_walk));
	m->members_walk->mark = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->members_walk->queue = ARENA_ARRAY(&m->arena, uint32_t, m->count + 1);
	m->members_walk->verdict = arena_alloc(&m->arena, m->count + 1);
}

static enum tri judge_once(const struct model *m, const struct ad_object *o)
{
	uint8_t *verdict = &m->members_walk->verdict[o->index];

	if (!*verdict)
		*verdict = (uint8_t)(1 + judge_object(m, o));
	return (enum tri)(*verdict - 1);
}

/* Could the name with this domain in front be o's? What stands in BUILTIN is in every domain. */
static bool may_be_of(const struct ad_object *o, struct str domain)
{
	const struct ad_domain *d = o->domain;

	return !sid_is_domain_principal(&o->sid) || !d || !d->netbios.n ||
	       utf8_ieq(d->netbios, domain) || utf8_ieq(d->dns, domain);
}

bool gpo_principal(
	const struct model *m, struct str text, struct sid *sid, const struct ad_object **object)
{
	bool starred = text.n > 1 && text.p[0] == '*', ambiguous;
	struct str rest;

	*object = NULL;
	if (sid_from_text(starred ? (struct str){ text.p + 1, text.n - 1 } : text, sid)) {
		*object = model_find_sid(m, sid);
		return true;
	}
	struct str first = str_cut(text, '\\', &rest);

	*object = model_find_name(m, rest.p ? rest : first, &ambiguous);
	if (!*object || sid_is_none(&(*object)->sid))
		return false;
	if (rest.p && !may_be_of(*object, first)) {
		*object = NULL;
		return false;
	}
	*sid = (*object)->sid;
	return true;
}

enum tri gpo_principal_ordinary(const struct model *m, const struct sid *sid)
{
	uint32_t at = index_sid(m, sid), rid;
	enum tri answer;

	if (judge_sid(sid, &answer))
		return answer;
	if (at != NO_OBJECT)
		return judge_once(m, &m->objects[at]);
	if (!sid_is_domain_principal(sid))
		return NO; /* a builtin group that was not made: it has no members */
	/* A SID left behind is nobody's, where everybody was read. */
	for (size_t d = 0; d < m->domain_count; d++)
		if (sid_in_domain(sid, &m->domains[d].sid, &rid))
			return model_complete(m, AD_USER, NULL) == YES &&
					       model_complete(m, AD_GROUP, NULL) == YES &&
					       model_complete(m, AD_COMPUTER, NULL) == YES
				       ? NO
				       : UNKNOWN;
	return UNKNOWN;
}
