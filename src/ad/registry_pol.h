/* Registry.pol, the registry settings of a group policy (MS-GPREG 2.2.1). */
#ifndef AD_REGISTRY_POL_H
#define AD_REGISTRY_POL_H

#include "base/arena.h"
#include "base/buf.h"

#define REG_TYPE_SZ 1u
#define REG_TYPE_DWORD 4u

struct pol_entry {
	struct str key;	 /* below HKLM or HKCU, UTF-8 */
	struct str name; /* of the value; of one that is removed: without "**del." */
	uint32_t type;	 /* REG_… */
	struct str data; /* as stored */
	bool removes;	 /* "**Del.name": the value is removed (MS-GPREG 3.2.5.1) */
	bool clears; /* "**DelVals.", "**DeleteKeys", …: more than one value is; name is the whole
			command */
};

struct registry_pol {
	const struct pol_entry *entries; /* in the order of the file, which is that of application
					  */
	size_t count;
};

/* Everything lives in a, data points into bytes. False when the file is not what MS-GPREG says: a
 * part of it would prove nothing. */
bool registry_pol_parse(struct arena *a, struct str bytes, struct registry_pol *out);
/* The number of a REG_DWORD. */
bool pol_number(const struct pol_entry *e, uint32_t *out);

/* Does the entry set text or bytes under the name of a secret (ad/sysvol_secrets.h)? */
bool pol_is_secret(const struct pol_entry *e);
/* The file with GPP_REDACTED in place of each secret that is not empty, appended to out. Of a
 * damaged file: what stands before the damage, and a byte that keeps it damaged. */
void registry_pol_redact(struct str bytes, struct buf *out);

#endif
