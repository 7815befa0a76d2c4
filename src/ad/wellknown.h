/* Names for the RIDs of wellknown.def: RID_DOMAIN_ADMINS, RID_BUILTIN_ADMINISTRATORS, … */
#ifndef AD_WELLKNOWN_H
#define AD_WELLKNOWN_H

#include "ad/sid.h"

enum {
#define DOMAIN_RID(name, rid, text) RID_##name = (rid),
#define BUILTIN_RID(name, rid, text) RID_BUILTIN_##name = (rid),
#include "ad/wellknown.def"
#undef DOMAIN_RID
#undef BUILTIN_RID
};

/* The English name of a well-known SID (domain-relative, builtin, S-1-1-0, S-1-5-11 …), or NULL. */
const char *wellknown_name(const struct sid *s);
/* Everyone (S-1-1-0) or Authenticated Users (S-1-5-11): every account of the forest is a member. */
bool wellknown_is_everybody(const struct sid *s);

#endif
