/*
 * Inside src/model: what a CSV export of second factors says of each account (policy:
 * mfa.evidence.csv). Which words of its method column are a factor, a weak one or none is a table
 * of this program's; a word that is not in it proves nothing until the policy names it.
 */
#ifndef MODEL_MFA_EXPORT_H
#define MODEL_MFA_EXPORT_H

#include "model/roster.h"

/* What one account's rows say together. */
#define EXPORT_READ 0x1u     /* of the account, by a row of its own or none */
#define EXPORT_STRONG 0x2u   /* TOTP or better, or a row without a word about how */
#define EXPORT_WEAK 0x4u     /* SMS, voice, mail */
#define EXPORT_KEY 0x8u	     /* Windows Hello or FIDO2, with EXPORT_STRONG */
#define EXPORT_STRANGE 0x10u /* a word that is not known */
#define EXPORT_MAYBE 0x20u   /* a row may be the account's */

struct mfa_export;

/* Reads the file; what its rows lack becomes coverage. Errors as roster_load(). */
int mfa_export_load(
	struct model *m, const struct mfa_evidence *from, struct mfa_export **out, struct err *err);
void mfa_export_free(struct mfa_export *x);
/* EXPORT_…; of an object that is no account 0. */
unsigned mfa_export_says(const struct mfa_export *x, const struct ad_object *o);
const struct roster *mfa_export_roster(const struct mfa_export *x);

/* The same of one cell of the method column; factors: words that the policy adds. */
unsigned mfa_method_class(struct str cell, const struct str *factors, size_t factor_count);

#endif
