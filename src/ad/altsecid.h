/* Explicit certificate mappings (altSecurityIdentities, MS-PKCA 3.1.5.2.1.3). */
#ifndef AD_ALTSECID_H
#define AD_ALTSECID_H

#include "base/str.h"

/* Microsoft calls weak (KB5014754) the three forms that name what others may be issued too. */
enum mapping_strength { MAPPING_NONE, MAPPING_WEAK, MAPPING_STRONG };

struct mapping {
	enum mapping_strength strength;
	const char *form; /* "X509RFC822", …; NULL with MAPPING_NONE: no certificate, or no form of
			     the six */
};
struct mapping mapping_of(struct str value);

#endif
