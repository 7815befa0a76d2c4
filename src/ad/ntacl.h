/*
 * security.NTACL, the extended attribute in which Samba keeps the Windows descriptor of a file
 * (Samba's xattr.idl: xattr_NTACL, versions 1 to 4, NDR).
 */
#ifndef AD_NTACL_H
#define AD_NTACL_H

#include "base/buf.h"

/* Appends the self-relative descriptor (MS-DTYP 2.4.6) that it holds to out. False when it is
 * another thing. That the hash of the POSIX ACL beside it still fits is not looked at: Samba would
 * make up another descriptor where it does not. */
bool ntacl_descriptor(struct str bytes, struct buf *out);

#endif
