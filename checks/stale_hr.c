/* Accounts against the export of human resources: who left, whom nobody knows, whose manager is
 * gone.
 */
#include "ad/dn.h"
#include "checks/common.h"
#include "checks/stale.h"
#include "model/hr.h"

int hr_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return model_hr_declared(cx_model(cx)) ? 0 : not_applicable(cx, "hr_not_declared");
}

static void evidence_key(struct check_cx *cx, const struct ad_object *obj)
{
	enum attr key = model_hr_attribute(cx_model(cx));

	evidence_z(cx, "attribute", attr_table[key].ldap);
	if (obj_has(obj, key))
		evidence(cx, "value", obj_str(obj, key));
}

/* ---- hyg_hr_left -------------------------------------------------------------------- */

int hr_left(struct check_cx *cx, const struct ad_object *obj)
{
	struct hr hr = account_hr(cx_model(cx), obj);

	switch (hr.state) {
	case HR_PRESENT:
		return 0;
	case HR_ABSENT: /* hyg_hr_unknown lists them */
	case HR_NO_KEY:
		return passed_over(cx);
	case HR_UNKNOWN:
		return undecided(cx, obj, hr.reason);
	case HR_LEFT:
		break;
	}
	finding(cx, obj);
	if (hr.left_at != INT64_MIN)
		evidence_date(cx, "left", hr.left_at);
	evidence_int(cx, "line", (int64_t)hr.line);
	evidence_key(cx, obj);
	evidence_last_use(cx, obj);
	return 0;
}

/* A list that names nobody says of nobody that he is still here. */
int hr_after(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return model_hr_matches(cx_model(cx)) ? 0 : undecided(cx, NULL, "hr_matches_nobody");
}

/* ---- hyg_hr_unknown ----------------------------------------------------------------- */

/* Populations whose accounts are nobody's own, or are of people that human resources do not know.
 */
static const enum policy_population apart[] = { POPULATION_SERVICE, POPULATION_SHARED,
	POPULATION_EXTERNAL, POPULATION_BACKUP, POPULATION_HYPERVISOR, POPULATION_BIOMEDICAL };

/* By the names that products give: synchronisation with Entra, Exchange's own mailboxes. */
static const char *const product_accounts[] = { "MSOL_", "AAD_", "Sync_", "HealthMailbox", "SM_",
	"$", "SystemMailbox{", "DiscoverySearchMailbox", "FederatedEmail.", "Migration." };

static bool is_of_product(const struct ad_object *obj)
{
	/* The double of an account that two controllers made at once (MS-SAMR 3.1.1.8.4). */
	if (str_istarts(obj->name, STR("$DUPLICATE-")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(product_accounts); i++)
		if (str_istarts(obj->name, str_of(product_accounts[i])) ||
			str_istarts(obj_str(obj, ATTR_CN), str_of(product_accounts[i])))
			return true;
	return false;
}

/* Somebody's own everyday account? */
static enum tri is_personal(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	enum tri admin = account_matches_admin_pattern(m, obj);
	bool unsure = admin == UNKNOWN;

	if (is_system_object(obj) || is_service_account(cx, obj) || is_of_product(obj) ||
		admin == YES)
		return NO;
	for (size_t i = 0; i < ARRAY_LEN(apart); i++) {
		enum tri in = object_in_population(m, obj, apart[i]);

		if (in == YES)
			return NO;
		unsure = unsure || in == UNKNOWN;
	}
	return unsure ? UNKNOWN : YES;
}

int hr_unknown(struct check_cx *cx, const struct ad_object *obj)
{
	struct hr hr = account_hr(cx_model(cx), obj);
	enum tri personal = is_personal(cx, obj);

	if (personal == NO)
		return passed_over(cx);
	if (hr.state == HR_PRESENT || hr.state == HR_LEFT)
		return 0;
	/* A row whose cell says nothing is a row all the same. */
	if (hr.state == HR_UNKNOWN)
		return hr.line ? 0 : undecided(cx, obj, hr.reason);
	if (!model_hr_matches(cx_model(cx)))
		return undecided(cx, obj, "hr_matches_nobody");
	if (personal == UNKNOWN)
		return undecided(cx, obj, "personal_account_unknown");
	if (may_be_system_object(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_key(cx, obj);
	if (hr.state == HR_NO_KEY)
		evidence_z(cx, "value", "no_key");
	evidence_last_use(cx, obj);
	return 0;
}

/* ---- hyg_manager_left --------------------------------------------------------------- */

/* Deleted objects keep their name with a mark (MS-ADTS 3.1.1.5.5). */
static bool is_deleted(struct str dn)
{
	struct str mark = STR("\\0ADEL:"), rdn = dn_rdn(dn);

	for (; rdn.n >= mark.n; rdn.p++, rdn.n--)
		if (str_istarts(rdn, mark))
			return true;
	return false;
}

/* Why the manager is gone: a value of evidence; NULL: he is not. *reason: a code when unknown. */
static const char *why_gone(struct check_cx *cx, struct str dn, const char **reason)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *manager = model_find_dn(m, dn);

	if (is_deleted(dn))
		return "deleted";
	if (!manager) {
		*reason = "manager_not_read";
		return NULL;
	}
	if (manager->kind != AD_USER)
		return NULL;
	if (account_enabled(m, manager) == NO)
		return "disabled";
	if (model_hr_declared(m) && account_hr(m, manager).state == HR_LEFT)
		return "left";
	if (account_enabled(m, manager) == UNKNOWN)
		*reason = "attribute_not_readable userAccountControl";
	else if (model_hr_declared(m) && account_hr(m, manager).state == HR_UNKNOWN)
		*reason = account_hr(m, manager).reason;
	return NULL;
}

int manager_left(struct check_cx *cx, const struct ad_object *obj)
{
	struct str dn = obj_str(obj, ATTR_MANAGER);
	const struct ad_object *manager;
	const char *reason = NULL, *why;

	if (!obj_has(obj, ATTR_MANAGER))
		return passed_over(cx);
	why = why_gone(cx, obj_value(obj, ATTR_MANAGER, 0), &reason);
	if (reason)
		return undecided(cx, obj, reason);
	if (!why)
		return 0;
	manager = model_find_dn(cx_model(cx), obj_value(obj, ATTR_MANAGER, 0));
	finding(cx, obj);
	evidence(cx, "manager", manager ? manager->name : dn);
	evidence_z(cx, "manager_state", why);
	return 0;
}
