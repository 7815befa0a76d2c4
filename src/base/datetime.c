#include "base/datetime.h"

#include <stdio.h>

/* Days since 1970-01-01 of a proleptic Gregorian date, by Howard Hinnant's era arithmetic. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil datetime_civil(int64_t seconds)
{
	int64_t days = seconds / SECONDS_PER_DAY;
	int64_t rest = seconds % SECONDS_PER_DAY;

	if (rest < 0) {
		rest += SECONDS_PER_DAY;
		days--;
	}
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	return (struct civil){ yoe + era * 400 + (month <= 2), month,
		(int)(doy - (153 * mp + 2) / 5 + 1), (int)(rest / 3600), (int)(rest / 60 % 60),
		(int)(rest % 60) };
}

bool datetime_seconds(struct civil c, int64_t *out)
{
	if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 ||
		c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 ||
		c.second > 60)
		return false;
	int64_t days = days_from_civil(c.year, c.month, c.day);
	struct civil back = datetime_civil(days * SECONDS_PER_DAY);
	if (back.month != c.month || back.day != c.day)
		return false;
	*out = days * SECONDS_PER_DAY + (int64_t)c.hour * 3600 + (int64_t)c.minute * 60 + c.second;
	return true;
}

int64_t datetime_add_months(int64_t seconds, int months)
{
	struct civil c = datetime_civil(seconds);
	int64_t month = c.year * 12 + c.month - 1 + months, out;

	c.year = month / 12;
	c.month = (int)(month % 12) + 1;
	for (int day = c.day; day > 0 && day >= c.day - 3; day--) {
		struct civil shorter = c;

		shorter.day = day;
		if (datetime_seconds(shorter, &out))
			return out;
	}
	return INT64_MIN;
}

const char *datetime_iso(int64_t seconds, char *out)
{
	struct civil c = datetime_civil(seconds);

	snprintf(out, DATETIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)c.year, c.month, c.day,
		c.hour, c.minute, c.second);
	return out;
}

const char *datetime_date(int64_t seconds, char *out)
{
	struct civil c = datetime_civil(seconds);

	snprintf(out, DATETIME_TEXT, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	return out;
}

static bool digits(struct str s, size_t at, size_t n, int *out)
{
	int v = 0;

	for (size_t i = at; i < at + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

bool datetime_parse(struct str t, int64_t *out)
{
	struct civil c = { 0 };
	int year;

	if (!(t.n == 10 || t.n == 20) || !digits(t, 0, 4, &year) || t.p[4] != '-' ||
		!digits(t, 5, 2, &c.month) || t.p[7] != '-' || !digits(t, 8, 2, &c.day))
		return false;
	if (t.n == 20 && (t.p[10] != 'T' || !digits(t, 11, 2, &c.hour) || t.p[13] != ':' ||
				 !digits(t, 14, 2, &c.minute) || t.p[16] != ':' ||
				 !digits(t, 17, 2, &c.second) || t.p[19] != 'Z'))
		return false;
	c.year = year;
	return datetime_seconds(c, out);
}

/* ---- dates of exports ----------------------------------------------------------------------- */

static bool take(struct str *rest, char c)
{
	if (!rest->n || rest->p[0] != c)
		return false;
	rest->p++;
	rest->n--;
	return true;
}

/* A number of least to most digits. */
static bool take_number(struct str *rest, size_t least, size_t most, int *out)
{
	size_t n = 0;

	while (n < rest->n && n < most && rest->p[n] >= '0' && rest->p[n] <= '9')
		n++;
	if (n < least || !digits(*rest, 0, n, out))
		return false;
	*rest = (struct str){ rest->p + n, rest->n - n };
	return true;
}

/* Which end the year stands at, its four digits tell. */
static bool take_date(struct str *rest, struct civil *c)
{
	bool year_first =
		rest->n > 4 && (rest->p[4] == '-' || rest->p[4] == '/' || rest->p[4] == '.');
	int year, *first = year_first ? &year : &c->day, *last = year_first ? &c->day : &year;
	size_t width = year_first ? 4 : 1, width_most = year_first ? 4 : 2;
	char separator;

	if (!take_number(rest, width, width_most, first) || !rest->n)
		return false;
	separator = rest->p[0];
	if ((separator != '-' && separator != '/' && separator != '.') || !take(rest, separator) ||
		!take_number(rest, 1, 2, &c->month) || !take(rest, separator) ||
		!take_number(rest, year_first ? 1 : 4, year_first ? 2 : 4, last))
		return false;
	c->year = year;
	return true;
}

/* *width: the seconds that the text leaves open. */
static bool take_time(struct str *rest, struct civil *c, int64_t *width)
{
	int fraction;

	if (!take_number(rest, 1, 2, &c->hour) || !take(rest, ':') ||
		!take_number(rest, 2, 2, &c->minute))
		return false;
	*width = 60;
	if (!take(rest, ':'))
		return true;
	*width = 1;
	if (!take_number(rest, 2, 2, &c->second))
		return false;
	return !take(rest, '.') || take_number(rest, 1, 9, &fraction);
}

/* *known: there is one; *shift: seconds east of Greenwich. */
static bool take_zone(struct str *rest, bool *known, int64_t *shift)
{
	int hours, minutes, sign = 1;

	*known = rest->n > 0;
	*shift = 0;
	if (!rest->n || take(rest, 'Z'))
		return true;
	if (take(rest, '-'))
		sign = -1;
	else if (!take(rest, '+'))
		return false;
	if (!take_number(rest, 2, 2, &hours))
		return false;
	take(rest, ':');
	if (!take_number(rest, 2, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*shift = sign * ((int64_t)hours * 3600 + (int64_t)minutes * 60);
	return true;
}

bool datetime_parse_export(struct str text, int64_t *from, int64_t *to)
{
	struct str rest = str_trim(text);
	struct civil c = { 0 };
	int64_t width = SECONDS_PER_DAY, shift = 0;
	bool zone = false;

	if (!take_date(&rest, &c))
		return false;
	if (rest.n && ((!take(&rest, 'T') && !take(&rest, ' ')) || !take_time(&rest, &c, &width) ||
			      !take_zone(&rest, &zone, &shift)))
		return false;
	if (rest.n || !datetime_seconds(c, from))
		return false;
	*from -= shift;
	if (!zone) {
		/* Of a clock somewhere: no more is known than the day. */
		c.hour = c.minute = c.second = 0;
		width = SECONDS_PER_DAY;
		if (!datetime_seconds(c, from))
			return false;
	}
	*to = *from + width;
	return true;
}
