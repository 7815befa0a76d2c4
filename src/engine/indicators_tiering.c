/* Numbers of the family of tiers: tier0 + tier1 + tier2 + no_tier + unknown = accounts. */
#include "engine/family.h"

#define CROSSING "hyg_tier_membership_crossing"
#define OUTSIDE "hyg_tier0_outside_units"

/* The tiers first, in the order of enum account_tier. */
enum { TIER0, TIER1, TIER2, NO_TIER, NOT_KNOWN, ACCOUNTS, FACT_COUNT };

static const struct indicator_row rows[] = {
	FACT("tier0", TIER0, CROSSING, OUTSIDE),
	FACT("tier1", TIER1, CROSSING),
	FACT("tier2", TIER2, CROSSING),
	FACT("no_tier", NO_TIER, CROSSING),
	FACT("unknown", NOT_KNOWN, CROSSING),
	FACT("accounts", ACCOUNTS, CROSSING, OUTSIDE),
	INDICATOR("crossings", INDICATOR_FOUND, CROSSING),
	INDICATOR("outside_units", INDICATOR_FOUND, OUTSIDE),
	INDICATOR("backup_servers", INDICATOR_EXAMINED, "hyg_backup_server_not_tier0"),
	INDICATOR("backup_servers_outside", INDICATOR_FOUND, "hyg_backup_server_not_tier0"),
	INDICATOR("control_crossings", INDICATOR_FOUND, "hyg_tier_control_crossing"),
	INDICATOR("units_logon_down", INDICATOR_FOUND, "hyg_tier_admin_logon_down"),
	INDICATOR("units_logon_not_denied", INDICATOR_FOUND, "hyg_tier0_deny_logon"),
	INDICATOR("servers_outside_units", INDICATOR_FOUND, "hyg_tier0_computer_outside_units"),
	INDICATOR("gpos_editable", INDICATOR_FOUND, "hyg_tier0_gpo_editable"),
	INDICATOR("one_account_for_both", INDICATOR_FOUND, "hyg_tier_same_person"),
};

bool is_tier_account(const struct ad_object *o)
{
	return o->kind == AD_USER || o->kind == AD_COMPUTER || o->kind == AD_MSA;
}

enum account_tier account_tier(const struct model *m, const struct ad_object *o)
{
	int tier = object_tier(m, o);

	if (!object_tier_known(m, o, NULL))
		return ACCOUNT_TIER_UNKNOWN;
	return tier == TIER_NONE ? ACCOUNT_TIER_NONE : (enum account_tier)tier;
}

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	const struct model *m = e->model;

	/* Nobody was read, and not because there is nobody. */
	if (model_count(m, AD_USER) == 0 && model_complete(m, AD_USER, NULL) != YES)
		return;
	for (size_t f = 0; f < FACT_COUNT; f++)
		facts[f] = 0;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (!is_tier_account(o))
			continue;
		facts[ACCOUNTS]++;
		facts[account_tier(m, o)]++;
	}
}

static const char *const areas[] = { "tiering", NULL };
static const char *const controls[] = { "hyg_backup_server_not_tier0", "vuln_silo_priv",
	"vuln_protected_users", NULL };

const struct family family_tiering = {
	.name = "tiering",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER | 1u << AD_COMPUTER,
	.of_privileged = true,
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_tiering,
};
