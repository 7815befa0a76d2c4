/* Numbers of the family of stale accounts. */
#include "engine/family.h"

enum { OBJECTS, LICENCES, FACT_COUNT };

/* Whose findings are people's accounts that could be closed. */
#define OF_PEOPLE                                                                                  \
	"hyg_hr_left", "hyg_expired_enabled", "hyg_stale_users", "hyg_never_logged_on",            \
		"hyg_privileged_stale", "hyg_privileged_never_used", "hyg_external_dormant"

static const struct indicator_row rows[] = {
	INDICATOR("users", INDICATOR_FOUND, "hyg_stale_users"),
	INDICATOR("users_unknown", INDICATOR_UNKNOWN, "hyg_stale_users"),
	INDICATOR("computers", INDICATOR_FOUND, "hyg_stale_computers"),
	INDICATOR("computers_unknown", INDICATOR_UNKNOWN, "hyg_stale_computers"),
	INDICATOR("never_logged_on", INDICATOR_FOUND, "hyg_never_logged_on"),
	INDICATOR("service_accounts", INDICATOR_FOUND, "hyg_stale_service_accounts"),
	INDICATOR("expired", INDICATOR_FOUND, "hyg_expired_enabled"),
	INDICATOR("disabled_long", INDICATOR_FOUND, "hyg_disabled_long"),
	INDICATOR("disabled_remote_access", INDICATOR_FOUND, "hyg_disabled_remote_access"),
	INDICATOR("left", INDICATOR_FOUND, "hyg_hr_left"),
	INDICATOR("unknown_people", INDICATOR_FOUND, "hyg_hr_unknown"),
	INDICATOR("manager_left", INDICATOR_FOUND, "hyg_manager_left"),
	INDICATOR("empty_groups", INDICATOR_FOUND, "hyg_empty_groups"),
	INDICATOR("empty_ous", INDICATOR_FOUND, "hyg_empty_ous"),
	INDICATOR("unlinked_gpos", INDICATOR_FOUND, "hyg_gpo_unlinked"),
	INDICATOR("obsolete_systems", INDICATOR_FOUND, "hyg_obsolete_computers"),
	INDICATOR("obsolete_biomedical", INDICATOR_FOUND, "hyg_obsolete_biomedical"),
	FACT("objects_to_remove", OBJECTS, OF_PEOPLE, "hyg_stale_service_accounts",
		"hyg_stale_computers", "hyg_disabled_long", "hyg_empty_groups", "hyg_empty_ous",
		"hyg_gpo_unlinked"),
	FACT("licences_to_free", LICENCES, OF_PEOPLE),
	INDICATOR("external", INDICATOR_EXAMINED, "hyg_external_dormant"),
	INDICATOR("external_dormant", INDICATOR_FOUND, "hyg_external_dormant"),
	INDICATOR("external_no_expiry", INDICATOR_FOUND, "hyg_external_no_expiry"),
};

static void compute_facts(const struct evaluation *e, int64_t *facts)
{
	struct savings s = savings_count(e);

	facts[OBJECTS] = s.objects;
	facts[LICENCES] = s.licences;
}

static const char *const areas[] = { "stale", NULL };
static const char *const controls[] = { "vuln_user_accounts_dormant",
	"warning_user_accounts_dormant", "info_user_accounts_dormant", "vuln_dc_obsolete",
	"vuln_password_change_inactive_dc", "vuln_password_change_inactive_servers",
	"hyg_privileged_disabled", "warning_privileged_members_expired_disabled",
	"hyg_external_dormant", "hyg_external_no_expiry", NULL };

const struct family family_stale = {
	.name = "stale",
	.areas = areas,
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER | 1u << AD_COMPUTER,
	.fact_count = FACT_COUNT,
	.facts = compute_facts,
	.tables = tables_stale,
};
