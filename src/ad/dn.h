/*
 * Distinguished names (RFC 4514), as text. Comparison ignores case and the spelling of escapes:
 * "CN=A\2CB,DC=x" and "cn=a\,b, dc=X" are one name.
 */
#ifndef AD_DN_H
#define AD_DN_H

#include "base/arena.h"
#include "base/str.h"

/* One spelling per name: types lower-cased, values unescaped, folded and escaped again one way,
 * spaces around separators removed, the pairs of a multi-valued RDN sorted. Returns false (and
 * leaves *out) when text is no DN. The empty DN is the root and gives "". */
bool dn_canonical(struct arena *a, struct str text, struct str *out);
/* The part after the first RDN of a canonical or ordinary DN ("" for the last one): a view into
 * text, escape-aware. */
struct str dn_parent(struct str text);
/* The first RDN as it stands, still escaped ("" for none): a view into text, escape-aware. */
struct str dn_rdn(struct str text);
/* True when canonical DN child is canonical DN ancestor or lies below it. */
bool dn_is_below(struct str child, struct str ancestor);
/* The unescaped value of the first RDN (its first pair), in a; "" when there is none. */
struct str dn_rdn_value(struct arena *a, struct str text);
/* "chu.example" for the DC= components at the end of the DN, in a; "" when there are none. */
struct str dn_dns_domain(struct arena *a, struct str text);
/* Number of RDNs. */
size_t dn_depth(struct str text);
/* DN-with-binary (MS-ADTS 3.1.1.2.2.2.3) B:8:0001A:CN=…: splits it; binary gets the hex text. */
bool dn_binary_split(struct str text, struct str *hex, struct str *dn);

#endif
