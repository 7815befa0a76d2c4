/* The text in which libsmbclient gives a file's descriptor:
 * "REVISION:1,OWNER:S-1-…,GROUP:S-1-…,ACL:S-1-…:type/flags/mask,ACL:…", numbers as in
 * MS-DTYP 2.4.4. */
#ifndef AD_SMB_ACL_H
#define AD_SMB_ACL_H

#include "base/buf.h"

/*
 * Appends the self-relative descriptor (MS-DTYP 2.4.6) to out; false when text is another thing,
 * or holds no entry: a DACL that grants nothing and none at all, which grants all, look the same.
 * The control flags stand nowhere in it: those of out say nothing about inheritance. Entries carry
 * their own flags.
 */
bool smb_acl_descriptor(struct str text, struct buf *out);

#endif
