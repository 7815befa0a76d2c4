/* From the reason why a control is unknown to what would let it be decided. */
#include "reports/rights.h"

static const struct {
	const char *reason; /* its first words */
	enum right right;
} rows[] = {
	{ "attribute_not_readable msDS-PSOAppliesTo", RIGHT_PSO },
	{ "psos_not_readable", RIGHT_PSO },
	{ "pso_not_readable", RIGHT_PSO },
	{ "pso_links_not_readable", RIGHT_PSO },
	{ "pso_target_not_read", RIGHT_PSO },
	{ "attribute_not_readable nTSecurityDescriptor", RIGHT_DESCRIPTOR },
	{ "descriptor_not_readable", RIGHT_DESCRIPTOR },
	{ "descriptor_not_read", RIGHT_DESCRIPTOR },
	{ "adminsdholder_not_readable", RIGHT_DESCRIPTOR },
	{ "template_descriptor_not_read", RIGHT_DESCRIPTOR },
	{ "attribute_not_readable", RIGHT_ATTRIBUTE },
	{ "privilege_not_readable", RIGHT_ATTRIBUTE },
	{ "enabled_not_readable", RIGHT_ATTRIBUTE },
	{ "members_not_readable", RIGHT_ATTRIBUTE },
	{ "primary_group_not_readable", RIGHT_ATTRIBUTE },
	{ "account_flags_not_readable", RIGHT_ATTRIBUTE },
	{ "group_type_not_readable", RIGHT_ATTRIBUTE },
	{ "group_sid_not_readable", RIGHT_ATTRIBUTE },
	{ "last_use_not_readable", RIGHT_ATTRIBUTE },
	{ "hr_key_not_readable", RIGHT_ATTRIBUTE },
	{ "mfa_evidence_not_readable", RIGHT_ATTRIBUTE },
	{ "mfa_requirement_not_readable", RIGHT_ATTRIBUTE },
	{ "mfa_exclusion_not_readable", RIGHT_ATTRIBUTE },
	{ "csv_accounts_not_readable", RIGHT_ATTRIBUTE },
	{ "publication_not_readable", RIGHT_ATTRIBUTE },
	{ "issuance_policy_not_readable", RIGHT_ATTRIBUTE },
	{ "class_not_readable", RIGHT_ATTRIBUTE },
	{ "identifier_not_readable", RIGHT_ATTRIBUTE },
	{ "spn_tolerance_not_readable", RIGHT_ATTRIBUTE },
	{ "functional_level_not_readable", RIGHT_ATTRIBUTE },
	{ "domain_policy_not_readable", RIGHT_ATTRIBUTE },
	{ "silo_not_readable", RIGHT_ATTRIBUTE },
	{ "service_not_readable", RIGHT_ATTRIBUTE },
	{ "population_not_readable", RIGHT_ATTRIBUTE },
	{ "protected_users_members_not_readable", RIGHT_ATTRIBUTE },
	{ "gpo_links_not_readable", RIGHT_ATTRIBUTE },
	{ "password_policy_unknown", RIGHT_ATTRIBUTE },
	{ "children_not_listable", RIGHT_LIST },
	{ "container_not_readable", RIGHT_LIST },
	{ "context_denied", RIGHT_LIST },
	{ "attribute_not_collected", RIGHT_COLLECT },
	{ "not_read_whole", RIGHT_COLLECT },
	{ "container_not_read", RIGHT_COLLECT },
	{ "sites_not_read", RIGHT_COLLECT },
	{ "privileged_groups_not_read", RIGHT_COLLECT },
	{ "members_truncated", RIGHT_COLLECT },
	{ "privileged_group_not_read", RIGHT_COLLECT },
	{ "administrators_not_read", RIGHT_COLLECT },
	{ "domain_admins_not_read", RIGHT_COLLECT },
	{ "domain_head_not_read", RIGHT_COLLECT },
	{ "no_domain_head", RIGHT_COLLECT },
	{ "forest_not_read", RIGHT_COLLECT },
	{ "configuration_not_read", RIGHT_COLLECT },
	{ "context_truncated", RIGHT_COLLECT },
	{ "context_malformed", RIGHT_COLLECT },
	{ "context_missing", RIGHT_COLLECT },
	{ "none_was_read", RIGHT_COLLECT },
	{ "records_malformed", RIGHT_COLLECT },
	{ "source_truncated", RIGHT_COLLECT },
	{ "source_malformed", RIGHT_COLLECT },
	{ "schema_not_read", RIGHT_COLLECT },
	{ "guest_not_read", RIGHT_COLLECT },
	{ "krbtgt_not_read", RIGHT_COLLECT },
	{ "protected_users_not_read", RIGHT_COLLECT },
	{ "operator_groups_not_read", RIGHT_COLLECT },
	{ "no_domain_controller_read", RIGHT_COLLECT },
	{ "directory_service_not_read", RIGHT_COLLECT },
	{ "adupdate_not_read", RIGHT_COLLECT },
	{ "dns_zones_not_read", RIGHT_COLLECT },
	{ "not_read_by_oradad", RIGHT_COLLECT },
	{ "reader_unknown", RIGHT_COLLECT },
	{ "last_logon_unknown", RIGHT_COLLECT },
	{ "sysvol_not_read", RIGHT_SYSVOL },
	{ "gpo_folder_not_read", RIGHT_SYSVOL },
	{ "gpo_file_not_read", RIGHT_SYSVOL },
	{ "gpo_file_not_asked", RIGHT_SYSVOL },
	{ "gpo_file_missing", RIGHT_SYSVOL },
	{ "no_file_acls", RIGHT_SYSVOL },
	{ "file_acl_not_read", RIGHT_SYSVOL },
	{ "file_time_not_read", RIGHT_SYSVOL },
	{ "file_control_not_read", RIGHT_SYSVOL },
	{ "script_not_read", RIGHT_SYSVOL },
	{ "domains_not_read", RIGHT_DOMAIN },
	{ "forest_domains_not_read", RIGHT_DOMAIN },
	{ "forest_in_part", RIGHT_DOMAIN },
	{ "principal_not_read", RIGHT_DOMAIN },
	{ "privileged_member_not_read", RIGHT_DOMAIN },
	{ "mfa_required_member_not_read", RIGHT_DOMAIN },
	{ "right_holder_not_read", RIGHT_DOMAIN },
	{ "file_principal_not_read", RIGHT_DOMAIN },
	{ "owner_of_another_domain", RIGHT_DOMAIN },
	{ "enroll_principal_not_read", RIGHT_DOMAIN },
	{ "ca_setting_not_in_ldap", RIGHT_SERVER },
	{ "dc_setting_not_in_ldap", RIGHT_SERVER },
	{ "web_enrollment_not_in_ldap", RIGHT_SERVER },
	{ "ca_key_store_not_in_ldap", RIGHT_SERVER },
	{ "workstation_not_judged", RIGHT_SERVER },
	{ "local_groups_not_known", RIGHT_SERVER },
	{ "hr_not_declared", RIGHT_DECLARE },
	{ "mfa_evidence_not_declared", RIGHT_DECLARE },
	{ "population_not_declared", RIGHT_DECLARE },
	{ "population_not_resolved", RIGHT_DECLARE },
	{ "no_tier0_declared", RIGHT_DECLARE },
	{ "leaks_not_declared", RIGHT_DECLARE },
	{ "sync_host_not_named", RIGHT_DECLARE },
	{ "mfa_no_export", RIGHT_DECLARE },
	{ "mfa_no_export_of_methods", RIGHT_DECLARE },
	{ "no_previous_run", RIGHT_PREVIOUS },
	{ "previous_run_without_list", RIGHT_PREVIOUS },
	{ "previous_run_not_whole", RIGHT_PREVIOUS },
};

/* Does the code begin with these words? */
static bool begins_with(struct str code, struct str words)
{
	return str_starts(code, words) && (code.n == words.n || code.p[words.n] == ' ');
}

enum right right_of(struct str reason)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (begins_with(reason, str_of(rows[i].reason)))
			return rows[i].right;
	return RIGHT_CASE;
}

const char *words_right(enum right right, enum lang lang)
{
	static const enum text_id ids[RIGHT_COUNT] = {
		[RIGHT_CASE] = TEXT_right_case,
		[RIGHT_PSO] = TEXT_right_pso,
		[RIGHT_DESCRIPTOR] = TEXT_right_descriptor,
		[RIGHT_ATTRIBUTE] = TEXT_right_attribute,
		[RIGHT_LIST] = TEXT_right_list,
		[RIGHT_COLLECT] = TEXT_right_collect,
		[RIGHT_SYSVOL] = TEXT_right_sysvol,
		[RIGHT_DOMAIN] = TEXT_right_domain,
		[RIGHT_SERVER] = TEXT_right_server,
		[RIGHT_DECLARE] = TEXT_right_declare,
		[RIGHT_PREVIOUS] = TEXT_right_previous,
	};

	return text(ids[right], lang);
}

bool right_is_granted(enum right right)
{
	return right >= RIGHT_PSO && right <= RIGHT_LIST;
}

bool rights_needed(const struct run *r)
{
	for (size_t i = 0; i < r->coverage_count; i++)
		if (str_eq(r->coverage[i].state, STR("denied")) &&
			str_starts(r->coverage[i].need, STR("attribute ")))
			return true;
	for (size_t i = 0; i < r->control_count; i++)
		if (r->controls[i].status == STATUS_UNKNOWN &&
			right_is_granted(right_of(r->controls[i].reason)))
			return true;
	return false;
}
