/* Dates as seconds since 1970-01-01T00:00:00Z, without clock, locale or time zone. */
#ifndef BASE_DATETIME_H
#define BASE_DATETIME_H

#include "base/str.h"

#define SECONDS_PER_DAY INT64_C(86400)

struct civil {
	int64_t year;
	int month, day, hour, minute, second;
};

struct civil datetime_civil(int64_t seconds);
/* False when the parts are not a date between the years 1 and 9999. */
bool datetime_seconds(struct civil c, int64_t *out);

/* The same day of a later month, or its last day where it is shorter; the same time of day.
 * INT64_MIN: outside the years 1 to 9999. */
int64_t datetime_add_months(int64_t seconds, int months);

#define DATETIME_TEXT 32
/* "2026-11-21T10:00:00Z" into out[DATETIME_TEXT]; returns out. */
const char *datetime_iso(int64_t seconds, char *out);
/* "2026-11-21" into out[DATETIME_TEXT]; returns out. */
const char *datetime_date(int64_t seconds, char *out);
/* What --at takes: 2026-11-21 (00:00:00Z) or 2026-11-21T10:00:00Z. */
bool datetime_parse(struct str text, int64_t *out);
/* A date as exports of other programs write it: 2026-03-01, 01/03/2026 (the day first, as in
 * France), 1.3.2026; behind it perhaps a time, " 14:05:33" or "T14:05Z" or "…+02:00". It was in the
 * seconds [*from, *to[: one second or minute where the time has a zone, else the whole day in UTC.
 * False for anything else, years of two digits too. */
bool datetime_parse_export(struct str text, int64_t *from, int64_t *to);

#endif
