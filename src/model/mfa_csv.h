/*
 * MFA evidence from a file (policy: mfa.evidence.csv): RFC 4180 with a header row, separated by
 * commas or semicolons (as a French Excel writes), UTF-8 with or without byte order mark.
 */
#ifndef MODEL_MFA_CSV_H
#define MODEL_MFA_CSV_H

#include "base/err.h"
#include "base/str.h"
#include "policy/policy.h"

struct mfa_csv;

/* Reads the whole file. A file that cannot be read, a missing column and broken quoting are
 * ERR_USAGE at the policy's file:line:column. The caller calls mfa_csv_free(). */
int mfa_csv_read(const struct mfa_evidence *from, struct mfa_csv **out, struct err *err);
/* The same from text that is in memory; from->file only names it. */
int mfa_csv_parse(
	const struct mfa_evidence *from, struct str text, struct mfa_csv **out, struct err *err);
void mfa_csv_free(struct mfa_csv *csv);
/* Is the account whose attribute has this value enrolled: a row of its own, with a method? Names
 * are compared without case. */
bool mfa_csv_holds(const struct mfa_csv *csv, struct str account);

#endif
