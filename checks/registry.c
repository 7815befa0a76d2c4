#include "checks/registry.h"

extern const struct check_area check_area_passwords;
extern const struct check_area check_area_privileged;
extern const struct check_area check_area_sprawl;
extern const struct check_area check_area_kerberos;
extern const struct check_area check_area_accounts;
extern const struct check_area check_area_domain;
extern const struct check_area check_area_tiering;
extern const struct check_area check_area_mfa;
extern const struct check_area check_area_people;
extern const struct check_area check_area_identity;
extern const struct check_area check_area_backup;
extern const struct check_area check_area_paths;
extern const struct check_area check_area_machines;
extern const struct check_area check_area_trusts;
extern const struct check_area check_area_delegation;
extern const struct check_area check_area_rodc;
extern const struct check_area check_area_dns;
extern const struct check_area check_area_adcs;
extern const struct check_area check_area_gpo;
extern const struct check_area check_area_secrets;
extern const struct check_area check_area_descriptors;
extern const struct check_area check_area_stale;

const struct check_area *const check_areas[] = {
	&check_area_passwords,
	&check_area_privileged,
	&check_area_sprawl,
	&check_area_kerberos,
	&check_area_accounts,
	&check_area_domain,
	&check_area_tiering,
	&check_area_mfa,
	&check_area_people,
	&check_area_identity,
	&check_area_backup,
	&check_area_paths,
	&check_area_machines,
	&check_area_trusts,
	&check_area_delegation,
	&check_area_rodc,
	&check_area_dns,
	&check_area_adcs,
	&check_area_gpo,
	&check_area_secrets,
	&check_area_descriptors,
	&check_area_stale,
};
const size_t check_area_count = sizeof(check_areas) / sizeof(check_areas[0]);
