/* Numbers of the family of stale accounts. */
#include "engine/family.h"

static const struct indicator_row rows[] = {
	INDICATOR("users", INDICATOR_FOUND, "hyg_stale_users"),
	INDICATOR("users_unknown", INDICATOR_UNKNOWN, "hyg_stale_users"),
	INDICATOR("computers", INDICATOR_FOUND, "hyg_stale_computers"),
	INDICATOR("computers_unknown", INDICATOR_UNKNOWN, "hyg_stale_computers"),
	INDICATOR("never_logged_on", INDICATOR_FOUND, "hyg_never_logged_on"),
	INDICATOR("external", INDICATOR_EXAMINED, "hyg_external_dormant"),
	INDICATOR("external_dormant", INDICATOR_FOUND, "hyg_external_dormant"),
	INDICATOR("external_no_expiry", INDICATOR_FOUND, "hyg_external_no_expiry"),
};

static const char *const controls[] = { "vuln_user_accounts_dormant",
	"warning_user_accounts_dormant", "info_user_accounts_dormant", "hyg_obsolete_computers",
	"vuln_dc_obsolete", "vuln_password_change_inactive_dc",
	"vuln_password_change_inactive_servers", "hyg_privileged_disabled",
	"warning_privileged_members_expired_disabled", "hyg_external_dormant",
	"hyg_external_no_expiry", NULL };

const struct family family_stale = {
	.name = "stale",
	.controls = controls,
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.kinds = 1u << AD_USER | 1u << AD_COMPUTER,
	.tables = tables_stale,
};
