#include "checks/registry.h"

extern const struct check_area check_area_passwords;
extern const struct check_area check_area_privileged;
extern const struct check_area check_area_kerberos;
extern const struct check_area check_area_accounts;
extern const struct check_area check_area_domain;
extern const struct check_area check_area_tiering;
extern const struct check_area check_area_mfa;
extern const struct check_area check_area_gpo;

const struct check_area *const check_areas[] = {
	&check_area_passwords,
	&check_area_privileged,
	&check_area_kerberos,
	&check_area_accounts,
	&check_area_domain,
	&check_area_tiering,
	&check_area_mfa,
	&check_area_gpo,
};
const size_t check_area_count = sizeof(check_areas) / sizeof(check_areas[0]);
