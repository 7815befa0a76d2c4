/*
 * The text form of security descriptors (MS-DTYP 2.5.1): to make descriptors for test cases and
 * the sample directory, and to show one to a reader. Conditions and resource attributes are not
 * supported.
 */
#ifndef AD_SDDL_H
#define AD_SDDL_H

#include "ad/secdesc.h"
#include "base/arena.h"
#include "base/str.h"

/* SDDL text to a self-relative descriptor, in a. Owner, group, DACL and SACL; ACE types A D OA OD
 * AU OU; rights as two-letter words (also FA FR FW FX), hexadecimal or decimal; SIDs as S-1-… or
 * two-letter aliases. domain: for aliases relative to a domain (DA DU EA LA …); NULL or none when
 * there is none, then such an alias fails. False when text is no SDDL that this program writes. */
bool sddl_to_bytes(struct arena *a, struct str text, const struct sid *domain, struct str *out);

/* A self-relative descriptor as SDDL: owner, group and DACL; S-1-… except for the aliases that
 * mean the same in every domain. Conditions are left out. False when bytes are no descriptor. */
bool secdesc_to_sddl(struct arena *a, struct str bytes, struct str *out);
/* One entry as SDDL, in the same words. */
struct str ace_to_sddl(struct arena *a, const struct ace *ace);

#endif
