/*
 * Key credentials (msDS-KeyCredentialLink, MS-ADTS 2.2.20): public keys with which an account logs
 * on by Windows Hello for Business or a FIDO2 key. Whoever may write the attribute can add one of
 * his own, so that a value alone proves nothing of the account's owner.
 */
#ifndef AD_KEYCRED_H
#define AD_KEYCRED_H

#include "ad/guid.h"
#include "base/buf.h"
#include "base/str.h"

/* KeyUsage (2.2.20.5.1, 2.2.20.6); other numbers are not of logon keys. */
#define KEY_USAGE_NGC 0x01u /* Windows Hello for Business */
#define KEY_USAGE_STK 0x02u /* transport key of a device */
#define KEY_USAGE_FIDO 0x07u
#define KEY_USAGE_FEK 0x08u /* file encryption */

/* KeySource: 0 Active Directory, 1 Microsoft Entra ID. */
#define KEY_SOURCE_AD 0x00u
#define KEY_SOURCE_ENTRA 0x01u

/* Flags of CUSTOM_KEY_INFORMATION (2.2.20.4) */
#define KEY_FLAG_ATTESTATION 0x01u
#define KEY_FLAG_MFA_NOT_USED 0x02u /* a single factor was enough to register it */

struct keycred {
	struct str id;	 /* KeyID: 32 bytes, points into the blob */
	size_t material; /* bytes of KeyMaterial */
	uint8_t usage, source, flags;
	struct guid device;	     /* none: all zeros or no such entry */
	int64_t created, last_logon; /* seconds since 1970; INT64_MIN: not said */
};

/* The text of an LDAP value of syntax Object(DN-Binary), "B:n:hex:DN" (MS-ADTS 3.1.1.2.2.2.3): n
 * digits of hex, whose bytes are appended to blob. False when it is none. */
bool dn_binary_parse(struct str value, struct buf *blob, struct str *dn);
/* KEYCREDENTIALLINK_BLOB of version 0x200 with its three obligatory entries. False when a length
 * leaves the bytes, an entry has not its size or stands twice, or the version is another one. */
bool keycred_parse(struct str blob, struct keycred *out);
/* Is it a key to log on with? */
bool keycred_is_logon(const struct keycred *k);

#endif
