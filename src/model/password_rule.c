/* What a rule for passwords asks, and what the policy that applies to an account does not give. */
#include "ad/uac.h"
#include "model/state.h"

enum password_class account_password_class(
	const struct model *m, const struct ad_object *o, enum password_class *at_most)
{
	enum tri privileged = account_privileged(m, o), service = account_is_service(m, o);

	*at_most = privileged != NO ? PASSWORD_ADMIN
		   : service != NO  ? PASSWORD_SERVICE
				    : PASSWORD_USER;
	if (privileged == YES)
		return PASSWORD_ADMIN;
	return service == YES ? PASSWORD_SERVICE : PASSWORD_USER;
}

static unsigned age_breach(int64_t max_age, int64_t asked)
{
	if (asked == 0)
		return 0;
	return max_age <= 0 ? BREACH_NO_RENEWAL : max_age > asked ? BREACH_RENEWAL_TOO_LONG : 0;
}

unsigned password_policy_breaches(
	const struct password_policy *p, const struct password_rule *rule, bool *decided)
{
	unsigned breaches = 0;

	*decided = p->length_known && (p->complexity_known || !rule->complexity) &&
		   (p->max_age_known || rule->max_age == 0);
	if (p->length_known && p->min_length < rule->min_length)
		breaches |= BREACH_TOO_SHORT;
	if (rule->complexity && p->complexity_known && !p->complexity)
		breaches |= BREACH_NO_COMPLEXITY;
	if (p->max_age_known)
		breaches |= age_breach(p->max_age, rule->max_age);
	return breaches;
}

struct password_policy password_policy_held(
	const struct ad_object *o, const struct password_policy *p)
{
	struct password_policy held = *p;

	/* The flag defeats the policy's renewal (MS-ADTS 2.2.16). */
	if (obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_DONT_EXPIRE_PASSWORD) {
		held.max_age = 0;
		held.max_age_known = true;
	}
	return held;
}

const struct password_filter *model_password_filter(const struct model *m)
{
	return m->policy && m->policy->password_filter.at.file ? &m->policy->password_filter : NULL;
}
