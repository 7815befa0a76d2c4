/* Authentication policies and silos (MS-KILE 3.3.5.4 and 3.3.5.5): from where a user may log on. */
#include "model/state.h"

/* A policy object that was not read may be the one. */
static bool has_policies(const struct model *m)
{
	for (size_t i = 1; i < m->class_count; i++)
		if (str_ieq(m->classes[i].name, STR("msDS-AuthNPolicy")))
			return true;
	return model_configuration_complete(m, NULL) != YES;
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
		return YES;
	return model_readable(m, policy, ATTR_MSDS_USER_ALLOWED_FROM) == READABLE ? NO : UNKNOWN;
}

/* The silo says who its members are, and the member which silo is his: both are needed. */
static enum tri belongs(
	const struct model *m, const struct ad_object *silo, const struct ad_object *o)
{
	for (size_t i = 0; i < obj_count(silo, ATTR_MSDS_SILO_MEMBERS); i++)
		if (model_find_dn(m, obj_value(silo, ATTR_MSDS_SILO_MEMBERS, i)) == o)
			return YES;
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
