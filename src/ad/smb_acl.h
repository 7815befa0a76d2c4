/* The text in which libsmbclient gives a file's descriptor:
 * "REVISION:1,OWNER:S-1-…,GROUP:S-1-…,ACL:S-1-…:type/flags/mask,ACL:…", numbers as in
 * MS-DTYP 2.4.4. */
#ifndef AD_SMB_ACL_H
#define AD_SMB_ACL_H

#include "base/buf.h"

/*
 * Appends the self-relative descriptor (MS-DTYP 2.4.6) to out; false when text is another thing.
 * Whether the DACL is protected stands nowhere in it: it is taken for protected when it holds
 * entries and none of them is inherited, which is what Windows makes of it either way.
 */
bool smb_acl_descriptor(struct str text, struct buf *out);

#endif
