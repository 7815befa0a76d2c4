/* Properties of a DNS zone as Active Directory stores them (dNSProperty, MS-DNSP 2.3.2.1). */
#ifndef AD_DNSPROP_H
#define AD_DNSPROP_H

#include "base/str.h"

#define DNSPROP_ZONE_ALLOW_UPDATE 0x2u /* DSPROPERTY_ZONE_ALLOW_UPDATE */

/* dwAllowUpdate (MS-DNSP 2.2.6.1.1) */
#define DNSPROP_UPDATE_OFF 0u
#define DNSPROP_UPDATE_UNSECURE 1u
#define DNSPROP_UPDATE_SECURE 2u

struct dnsprop {
	uint32_t id;
	struct str data; /* points into the parsed bytes */
};

/* One value of dNSProperty. False when a length leaves the bytes or the version is not 1. */
bool dnsprop_parse(struct str bytes, struct dnsprop *out);
/* The number that data begins with: as many bytes as there are, at most four, little-endian; false
 * when there is none. */
bool dnsprop_number(const struct dnsprop *p, uint32_t *out);

#endif
