/*
 * Who reads: the account and the SIDs of its logon. The model needs them to tell "empty" from "not
 * readable" (design, Words), so a guess is worse than nothing: an account counts only when the
 * server's own token confirms it or its name belongs to this very domain.
 */
#ifndef COLLECT_IDENTITY_H
#define COLLECT_IDENTITY_H

#include "collect/session.h"

/* Puts META_READER_DN, META_READER_SID and META_READER_TOKEN as far as they are known, and the
 * coverage "identity" where they are not. */
int identity_read(struct session *s, struct err *err);

#endif
