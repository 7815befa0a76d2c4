#include "checks/common.h"

/* What the policy's evidence says of an account that must have strong authentication. */
static int covered(struct check_cx *cx, const struct ad_object *obj, const struct mfa *mfa)
{
	if (!mfa->declared)
		return undecided(cx, obj, "mfa_evidence_not_declared");
	if (mfa->covered == UNKNOWN)
		return undecided(cx, obj, "mfa_evidence_not_readable");
	if (mfa->covered == YES)
		return 0;
	finding(cx, obj);
	evidence_z(cx, "mfa", "none");
	evidence_privilege_path(cx, obj);
	return 0;
}

static int mfa_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	return covered(cx, obj, &mfa);
}

#define REQUIRED 0 /* counter: accounts that must have it, or may have to */

static int mfa_required(struct check_cx *cx, const struct ad_object *obj)
{
	struct mfa mfa = account_mfa(cx_model(cx), obj);

	if (mfa.required == NO)
		return passed_over(cx);
	++*cx_counter(cx, REQUIRED);
	if (mfa.required == UNKNOWN && mfa.covered != YES)
		return undecided(cx, obj, "mfa_requirement_not_readable");
	return covered(cx, obj, &mfa);
}

static int mfa_required_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_mfa_is_required(cx_model(cx)) ? 0
						   : not_applicable(cx, "mfa_required_of_nobody");
}

static int mfa_required_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (model_mfa_is_required_of_privileged(cx_model(cx)) &&
		model_privileged_unread_count(cx_model(cx)))
		undecided(cx, NULL, "privileged_member_not_read");
	return *cx_counter(cx, REQUIRED) ? 0 : not_applicable(cx, "mfa_required_of_nobody");
}

static const struct check rows[] = {
	{ .id = "hyg_mfa_privileged",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_KEY_CREDENTIAL_LINK },
		.run = mfa_privileged },
	{ .id = "hyg_mfa_required",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = mfa_required,
		.before = mfa_required_before,
		.after = mfa_required_after },
};

CHECK_AREA(mfa, rows);
