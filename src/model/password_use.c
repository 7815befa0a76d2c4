/* Who is under which password policy: one pass over the accounts, at the first question. */
#include "ad/uac.h"
#include "model/state.h"

#include <stdlib.h>

struct counted {
	const struct ad_object *policy;
	struct policy_use use;
};

struct policy_uses {
	size_t count;
	struct counted items[]; /* heads and PSOs, by index */
};

enum tri account_is_service(const struct model *m, const struct ad_object *o)
{
	if (o->kind == AD_MSA)
		return YES;
	if (o->kind != AD_USER)
		return NO;
	if (model_population_declared(m, POPULATION_SERVICE))
		return object_in_population(m, o, POPULATION_SERVICE);
	if (obj_has(o, ATTR_SERVICE_PRINCIPAL_NAME))
		return YES;
	return model_readable(m, o, ATTR_SERVICE_PRINCIPAL_NAME) == READABLE ? NO : UNKNOWN;
}

/* ---- counting ---- */

static struct policy_use *use_of(struct policy_uses *u, const struct ad_object *policy)
{
	size_t low = 0, high = u->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (u->items[mid].policy == policy)
			return &u->items[mid].use;
		if (u->items[mid].policy->index < policy->index)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* A policy that is not known may be any of the domain's. */
static void count_unknown(struct policy_uses *u, const struct ad_object *o, const char *reason)
{
	for (size_t i = 0; i < u->count; i++) {
		if (o->domain && u->items[i].policy->domain != o->domain)
			continue;
		u->items[i].use.perhaps++;
		u->items[i].use.reason = reason;
	}
}

static enum tri must_renew(const struct model *m, const struct ad_object *o)
{
	enum tri privileged = account_privileged_whole(m, o), service = account_is_service(m, o);

	if (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) &
		(UAC_DONT_EXPIRE_PASSWORD | UAC_SMARTCARD_REQUIRED))
		return NO;
	if (privileged == YES || service == YES)
		return NO;
	return privileged == NO && service == NO ? YES : UNKNOWN;
}

static void count_account(const struct model *m, struct policy_uses *u, const struct ad_object *o)
{
	struct password_policy p = account_password_policy(m, o);
	const struct ad_object *policy = p.pso;
	struct policy_use *use;
	enum tri renew;

	/* Of the domain's policy it is known that it applies, though perhaps not what it says. */
	if (p.no_pso && o->domain)
		policy = o->domain->head;
	use = policy && (p.source != POLICY_UNKNOWN || p.no_pso) ? use_of(u, policy) : NULL;
	if (!use) {
		count_unknown(u, o, p.reason ? p.reason : "password_policy_unknown");
		return;
	}
	if (account_enabled(m, o) == UNKNOWN) {
		use->perhaps++;
		use->reason = "enabled_not_readable";
		return;
	}
	renew = must_renew(m, o);
	use->accounts++;
	use->renewing += renew == YES;
	use->perhaps_renewing += renew == UNKNOWN;
}

/* Accounts that were not read may be under any policy but one that is known to be linked to
 * nothing.
 */
static void count_unread(const struct model *m, struct policy_uses *u)
{
	const char *reason;

	if (model_complete(m, AD_USER, &reason) == YES)
		return;
	for (size_t i = 0; i < u->count; i++) {
		const struct ad_object *policy = u->items[i].policy;

		if (policy->kind == AD_PSO && !obj_has(policy, ATTR_MSDS_PSO_APPLIES_TO) &&
			model_readable(m, policy, ATTR_MSDS_PSO_APPLIES_TO) == READABLE)
			continue;
		u->items[i].use.perhaps++;
		u->items[i].use.reason = reason;
	}
}

static struct policy_uses *count_all(const struct model *m)
{
	size_t room = m->kinds[AD_PSO] + m->kinds[AD_DOMAIN];
	struct policy_uses *u = xcalloc(1, sizeof(*u) + room * sizeof(*u->items));

	for (size_t i = 0; i < m->count && u->count < room; i++)
		if (m->objects[i].kind == AD_PSO || m->objects[i].kind == AD_DOMAIN)
			u->items[u->count++].policy = &m->objects[i];
	for (size_t i = 0; i < m->count; i++)
		if (m->objects[i].kind == AD_USER && account_enabled(m, &m->objects[i]) != NO)
			count_account(m, u, &m->objects[i]);
	count_unread(m, u);
	return u;
}

struct policy_use model_policy_use(const struct model *m, const struct ad_object *policy)
{
	const struct policy_use *use;

	if (!*m->policy_uses)
		*m->policy_uses = count_all(m);
	use = use_of(*m->policy_uses, policy);
	return use ? *use : (struct policy_use){ 0 };
}

void policy_uses_free(struct model *m)
{
	if (m->policy_uses)
		free(*m->policy_uses);
}

/* ---- what a PSO may act on ---- */

#define LEVEL_2008 3 /* DS_BEHAVIOR_WIN2008, the first with PSOs */

enum tri domain_has_psos(const struct ad_domain *d)
{
	if (!d || d->functional_level < 0)
		return UNKNOWN;
	return d->functional_level >= LEVEL_2008 ? YES : NO;
}

enum tri pso_acts_on(const struct model *m, const struct ad_object *pso, size_t i)
{
	const struct ad_object *target =
		model_find_dn(m, obj_value(pso, ATTR_MSDS_PSO_APPLIES_TO, i));
	uint32_t flags;

	if (domain_has_psos(pso->domain) == NO)
		return NO;
	if (!target || object_is_faceless(m, target->index))
		return UNKNOWN;
	if (target->domain != pso->domain)
		return NO;
	if (target->kind == AD_GROUP) {
		flags = obj_u32(target, ATTR_GROUP_TYPE);
		if (!obj_has(target, ATTR_GROUP_TYPE))
			return UNKNOWN;
		return (flags & GROUP_TYPE_GLOBAL) && (flags & GROUP_TYPE_SECURITY_ENABLED) ? YES
											    : NO;
	}
	if (target->kind != AD_USER)
		return NO;
	if (!obj_has(target, ATTR_USER_ACCOUNT_CONTROL))
		return UNKNOWN;
	return obj_u32(target, ATTR_USER_ACCOUNT_CONTROL) & UAC_NORMAL_ACCOUNT ? YES : NO;
}
