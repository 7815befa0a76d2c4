/* What is never asked for and never stored (design, Snapshot). */
#include "snapshot/snapshot.h"

#include "base/compiler.h"

static const struct {
	const char *name;
	bool prefix; /* every name with this beginning */
} secrets[] = {
	{ "unicodePwd", false },
	{ "dBCSPwd", false },
	{ "lmPwdHistory", false },
	{ "ntPwdHistory", false },
	{ "supplementalCredentials", false },
	{ "userPassword", false },
	{ "unixUserPassword", false },
	{ "msSFU30Password", false },
	{ "ms-Mcs-AdmPwd", false }, /* not …ExpirationTime, which anyone may read */
	{ "ms-Mcs-AdmPwdHistory", false },
	{ "msLAPS-Password", false },
	{ "msLAPS-Encrypted", true },
	{ "msDS-ManagedPassword", false }, /* not …Id, …Interval */
	{ "msFVE-RecoveryPassword", false },
	{ "msFVE-KeyPackage", false },
	{ "msTPM-OwnerInformation", true },
	{ "msKds-RootKeyData", false },
	{ "trustAuth", true },
	{ "initialAuth", true },
	{ "currentValue", false },
	{ "priorValue", false },
	{ "msPKIAccountCredentials", false },
	{ "msPKIDPAPIMasterKeys", false },
	{ "msPKI-CredentialRoamingTokens", false },
};

bool snapshot_is_secret(struct str attribute)
{
	struct str options;
	struct str name = str_cut(attribute, ';', &options);

	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		struct str secret = str_of(secrets[i].name);

		if (secrets[i].prefix ? str_istarts(name, secret) : str_ieq(name, secret))
			return true;
	}
	return false;
}
