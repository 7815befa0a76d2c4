/* Numbers of the family of privilege. */
#include "engine/family.h"

#include "ad/uac.h"

#define MEMBERS "vuln_privileged_members"
#define FOREIGN "warning_privileged_members_foreign"

enum {
	ACCOUNTS,
	ENABLED,
	GROUPS,
	UNREAD,
	COMPLETE,
	DOMAIN_CONTROLLERS,
	ACCOUNTS_PREVIOUS,
	ADDED,
	REMOVED,
	FACT_COUNT
};

static const struct indicator_row rows[] = {
	FACT("accounts", ACCOUNTS, MEMBERS, "warning_privileged_members"),
	FACT("enabled", ENABLED, MEMBERS, "hyg_privileged_disabled"),
	FACT("groups", GROUPS, MEMBERS),
	FACT("unread", UNREAD, MEMBERS, FOREIGN),
	FACT("complete", COMPLETE, MEMBERS),
	FACT("domain_controllers", DOMAIN_CONTROLLERS, "vuln_dc_inconsistent_uac"),
	INDICATOR("never_expires", INDICATOR_FOUND, "vuln_dont_expire_priv"),
	INDICATOR("disabled", INDICATOR_FOUND, "hyg_privileged_disabled"),
	INDICATOR("not_dedicated", INDICATOR_FOUND, "hyg_admin_not_dedicated"),
	INDICATOR("expired_or_disabled", INDICATOR_FOUND,
		"warning_privileged_members_expired_disabled"),
	INDICATOR("stale", INDICATOR_FOUND, "hyg_privileged_stale"),
	INDICATOR("never_used", INDICATOR_FOUND, "hyg_privileged_never_used"),
	INDICATOR("service", INDICATOR_FOUND, "hyg_privileged_service"),
	INDICATOR("with_spn", INDICATOR_FOUND, "vuln_spn_priv", "warning_spn_priv"),
	INDICATOR("shared", INDICATOR_FOUND, "hyg_privileged_shared"),
	INDICATOR("computers", INDICATOR_FOUND, "hyg_privileged_computers"),
	INDICATOR("foreign_members", INDICATOR_FOUND, FOREIGN),
	INDICATOR("orphan_members", INDICATOR_FOUND, "hyg_privileged_orphan_members"),
	INDICATOR("admincount_orphans", INDICATOR_FOUND, "hyg_adminsdholder_orphans",
		"warning_admincount"),
	INDICATOR("built_in_used", INDICATOR_FOUND, "warning_rid500"),
	INDICATOR("operator_groups", INDICATOR_FOUND, "hyg_operator_groups_not_empty"),
	INDICATOR("dns_admins", INDICATOR_FOUND, "vuln_dnsadmins"),
	INDICATOR("powerful_groups", INDICATOR_FOUND, "warning_privileged_members_builtin_notpriv"),
	INDICATOR("exchange_groups", INDICATOR_FOUND, "hyg_exchange_groups"),
	INDICATOR("hypervisor_admins", INDICATOR_FOUND, "hyg_hypervisor_admins_not_tier0"),
	INDICATOR("hidden_admins", INDICATOR_FOUND, "hyg_hidden_admins"),
	FACT("accounts_previous", ACCOUNTS_PREVIOUS, "hyg_privileged_growth"),
	FACT("added", ADDED, "hyg_privileged_growth"),
	FACT("removed", REMOVED, "hyg_privileged_growth"),
	INDICATOR("external", INDICATOR_FOUND, "hyg_external_privileged"),
	INDICATOR("backup_admins", INDICATOR_FOUND, "hyg_backup_admins_in_directory"),
	INDICATOR("backup_deposits", INDICATOR_FOUND, "hyg_backup_deposit_privileged"),
};

/* accounts = accounts_previous + added - removed, where that is known */
static void compute_changes(const struct evaluation *e, int64_t *facts)
{
	const struct previous_run *previous = e->cx.previous;
	struct privilege_changes c;

	if (!previous || !previous->listed)
		return;
	c = privilege_changes(e->model, previous, &e->run->arena);
	facts[ACCOUNTS_PREVIOUS] = (int64_t)previous->count;
	facts[ADDED] = (int64_t)c.added_count;
	if (c.removed_known)
		facts[REMOVED] = (int64_t)c.removed_count;
}

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

	/* No privileged group was read, and not because there is none. */
	if (model_privileged_group_count(m) == 0)
		return;
	facts[ACCOUNTS] = (int64_t)model_privileged_count(m);
	facts[GROUPS] = (int64_t)model_privileged_group_count(m);
	facts[UNREAD] = (int64_t)model_privileged_unread_count(m);
	facts[COMPLETE] = model_privileged_complete(m, NULL) == YES && !facts[UNREAD];
	compute_changes(e, facts);
	facts[ENABLED] = facts[DOMAIN_CONTROLLERS] = 0;
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);

		facts[ENABLED] += account_enabled(m, o) == YES;
		facts[DOMAIN_CONTROLLERS] +=
			o->kind == AD_COMPUTER &&
			(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SERVER_TRUST_ACCOUNT);
	}
}

static const char *const areas[] = { "privileged", "sprawl", "paths", NULL };
static const char *const controls[] = { "warning_rid500", "vuln_spn_priv", "warning_spn_priv",
	"vuln_password_change_priv", "hyg_external_privileged", "hyg_backup_deposit_privileged",
	"hyg_shared_accounts", NULL };

const struct family family_privileged = {
	.name = "privileged",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER | 1u << AD_GROUP,
	.of_privileged = true,
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_privileged,
};
