/* Numbers of the family of privilege. */
#include "engine/family.h"

#include "ad/uac.h"

#define MEMBERS "vuln_privileged_members"
#define FOREIGN "warning_privileged_members_foreign"

enum { ACCOUNTS, ENABLED, GROUPS, UNREAD, DOMAIN_CONTROLLERS, FACT_COUNT };

static const struct indicator_row rows[] = {
	FACT("accounts", ACCOUNTS, MEMBERS, "warning_privileged_members"),
	FACT("enabled", ENABLED, MEMBERS, "hyg_privileged_disabled"),
	FACT("groups", GROUPS, MEMBERS),
	FACT("unread", UNREAD, MEMBERS, FOREIGN),
	FACT("domain_controllers", DOMAIN_CONTROLLERS, "vuln_dc_inconsistent_uac"),
	INDICATOR("never_expires", INDICATOR_FOUND, "vuln_dont_expire_priv"),
	INDICATOR("disabled", INDICATOR_FOUND, "hyg_privileged_disabled"),
	INDICATOR("not_dedicated", INDICATOR_FOUND, "hyg_admin_not_dedicated"),
};

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

	facts[ACCOUNTS] = (int64_t)model_privileged_count(m);
	facts[GROUPS] = (int64_t)model_privileged_group_count(m);
	facts[UNREAD] = (int64_t)model_privileged_unread_count(m);
	facts[ENABLED] = facts[DOMAIN_CONTROLLERS] = 0;
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);

		facts[ENABLED] += account_enabled(m, o) == YES;
		facts[DOMAIN_CONTROLLERS] +=
			o->kind == AD_COMPUTER &&
			(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SERVER_TRUST_ACCOUNT);
	}
}

static const char *const areas[] = { "privileged", "paths", NULL };
static const char *const controls[] = { "warning_rid500", "vuln_spn_priv", "warning_spn_priv",
	"vuln_password_change_priv", "hyg_external_privileged", "hyg_backup_deposit_privileged",
	"hyg_shared_accounts", NULL };

const struct family family_privileged = {
	.name = "privileged",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_privileged,
};
