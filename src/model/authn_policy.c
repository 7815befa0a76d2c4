/* Authentication policies and silos (MS-KILE 3.3.5.4 and 3.3.5.5): from where a user may log on. */
#include "ad/wellknown.h"
#include "model/state.h"

/* A policy object that was not read may be the one. */
static bool has_policies(const struct model *m)
{
	for (size_t i = 1; i < m->class_count; i++)
		if (str_ieq(m->classes[i].name, STR("msDS-AuthNPolicy")))
			return true;
	return model_configuration_complete(m, NULL) != YES;
}

/* Does an unconditional entry let in anybody, or whoever has a computer? */
static bool lets_all_in(const struct ace *e)
{
	uint32_t rid = e->sid.count ? e->sid.sub[e->sid.count - 1] : 0;

	if (e->type != ACE_ACCESS_ALLOWED && e->type != ACE_ACCESS_ALLOWED_OBJECT)
		return false;
	if (e->sid.authority == 1 || (e->sid.authority == 5 && e->sid.count == 1))
		return true; /* Everyone; Authenticated Users and its like */
	return rid == RID_DOMAIN_COMPUTERS || rid == RID_DOMAIN_USERS || rid == RID_BUILTIN_USERS;
}

/* Does the descriptor that the computer's token is checked against keep any out? What a condition
 * says is not judged. */
static enum tri keeps_out(struct str descriptor)
{
	struct arena scratch = { 0 };
	struct secdesc sd;
	enum tri r = NO; /* no DACL: everybody */

	if (!secdesc_parse(&scratch, descriptor, &sd)) {
		r = UNKNOWN;
	} else if (sd.has_dacl) {
		r = YES;
		for (size_t i = 0; i < sd.dacl_count; i++)
			if (lets_all_in(&sd.dacl[i]))
				r = NO;
	}
	arena_free(&scratch);
	return r;
}

/* Does the policy that link names limit it? */
static enum tri limits(
	const struct model *m, const struct ad_object *from, enum attr link, bool enforced_by_silo)
{
	const struct ad_object *policy;

	if (!obj_has(from, link))
		return model_readable(m, from, link) == READABLE ? NO : UNKNOWN;
	policy = model_find_dn(m, obj_str(from, link));
	if (!policy)
		return UNKNOWN;
	if (!enforced_by_silo && !obj_bool(policy, ATTR_MSDS_AUTHN_POLICY_ENFORCED))
		return model_readable(m, policy, ATTR_MSDS_AUTHN_POLICY_ENFORCED) == READABLE
			       ? NO
			       : UNKNOWN;
	if (obj_value(policy, ATTR_MSDS_USER_ALLOWED_FROM, 0).n)
		return keeps_out(obj_value(policy, ATTR_MSDS_USER_ALLOWED_FROM, 0));
	return model_readable(m, policy, ATTR_MSDS_USER_ALLOWED_FROM) == READABLE ? NO : UNKNOWN;
}

/* The silo says who its members are, and the member which silo is his: both are needed. */
static enum tri belongs(
	const struct model *m, const struct ad_object *silo, const struct ad_object *o)
{
	const struct ad_object *names = model_linked_from(m, ATTR_MSDS_SILO_MEMBERS, o);

	if (names)
		return names == silo ? YES : UNKNOWN; /* perhaps this one too */
	return model_readable(m, silo, ATTR_MSDS_SILO_MEMBERS) == READABLE ? NO : UNKNOWN;
}

static enum tri limited_by_silo(const struct model *m, const struct ad_object *silo)
{
	if (!obj_bool(silo, ATTR_MSDS_SILO_ENFORCED))
		return model_readable(m, silo, ATTR_MSDS_SILO_ENFORCED) == READABLE ? NO : UNKNOWN;
	return limits(m, silo, ATTR_MSDS_USER_AUTHN_POLICY, true);
}

enum tri account_logon_restricted(const struct model *m, const struct ad_object *o)
{
	const struct ad_object *silo = NULL;
	enum tri member = NO;

	if (!obj_has(o, ATTR_MSDS_ASSIGNED_SILO) && !obj_has(o, ATTR_MSDS_ASSIGNED_AUTHN_POLICY) &&
		!has_policies(m))
		return NO;
	if (obj_has(o, ATTR_MSDS_ASSIGNED_SILO)) {
		silo = model_find_dn(m, obj_str(o, ATTR_MSDS_ASSIGNED_SILO));
		member = silo ? belongs(m, silo, o) : UNKNOWN;
	} else if (model_readable(m, o, ATTR_MSDS_ASSIGNED_SILO) != READABLE) {
		return UNKNOWN;
	}
	/* Whoever belongs to a silo has the silo's policy, and no other. */
	return member == YES  ? limited_by_silo(m, silo)
	       : member == NO ? limits(m, o, ATTR_MSDS_ASSIGNED_AUTHN_POLICY, false)
			      : UNKNOWN;
}
