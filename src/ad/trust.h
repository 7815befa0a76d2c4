/* trustDirection, trustType and trustAttributes of a trustedDomain object (MS-ADTS 6.1.6.7). */
#ifndef AD_TRUST_H
#define AD_TRUST_H

#define TRUST_INBOUND 0x1u  /* the partner's domain trusts this one */
#define TRUST_OUTBOUND 0x2u /* this domain trusts the partner's */

#define TRUST_TYPE_DOWNLEVEL 1u
#define TRUST_TYPE_UPLEVEL 2u
#define TRUST_TYPE_MIT 3u

#define TRUST_QUARANTINED 0x4u
#define TRUST_FOREST_TRANSITIVE 0x8u
#define TRUST_CROSS_ORGANIZATION 0x10u /* selective authentication */
#define TRUST_WITHIN_FOREST 0x20u
#define TRUST_TREAT_AS_EXTERNAL 0x40u /* SID history over a forest trust */
#define TRUST_NO_TGT_DELEGATION 0x200u
#define TRUST_ENABLE_TGT_DELEGATION 0x800u

#endif
