/*
 * Times of the directory: FILETIME / LargeInteger (100 ns since 1601-01-01, MS-DTYP 2.3.3),
 * intervals of policies (negative 100 ns, MS-ADTS 3.1.1.4.5 and MS-SAMR 2.2.4.1) and
 * GeneralizedTime (RFC 4517 3.3.13). The rest of the program counts in seconds since 1970.
 */
#ifndef AD_FILETIME_H
#define AD_FILETIME_H

#include "base/str.h"

#define FILETIME_NEVER INT64_C(0x7fffffffffffffff)

/* Decimal text of a FILETIME attribute to seconds since 1970. False when it is no number or
 * negative, and for 0 and 0x7fffffffffffffff, which mean "never" (the caller knows which). */
bool filetime_to_seconds(int64_t filetime, int64_t *out);
int64_t filetime_from_seconds(int64_t seconds);
/* A policy interval (maxPwdAge, lockoutDuration …) to whole seconds, a part of one counting as
 * one; 0 and INT64_MIN mean "none" and give 0. A positive value is damage: -1. */
int64_t interval_to_seconds(int64_t interval);
/* 20240105202414.0Z, 20240105202414Z, with offsets; to seconds since 1970. */
bool generalized_time_parse(struct str text, int64_t *out);

#endif
