#include "ad/filetime.h"

#include "base/datetime.h"

#define TICKS_PER_SECOND INT64_C(10000000)
/* 1601-01-01 to 1970-01-01. */
#define EPOCH_SECONDS INT64_C(11644473600)

bool filetime_to_seconds(int64_t filetime, int64_t *out)
{
	if (filetime <= 0 || filetime == FILETIME_NEVER)
		return false;
	*out = filetime / TICKS_PER_SECOND - EPOCH_SECONDS;
	return true;
}

int64_t filetime_from_seconds(int64_t seconds)
{
	if (seconds < -EPOCH_SECONDS)
		return 0;
	if (seconds > FILETIME_NEVER / TICKS_PER_SECOND - EPOCH_SECONDS)
		return FILETIME_NEVER;
	return (seconds + EPOCH_SECONDS) * TICKS_PER_SECOND;
}

int64_t interval_to_seconds(int64_t interval)
{
	if (interval > 0)
		return -1;
	if (interval == 0 || interval == INT64_MIN)
		return 0;
	/* Rounded up: a part of a second must not become 0, which means "none". */
	return (-interval - 1) / TICKS_PER_SECOND + 1;
}

static bool take_digits(struct str *s, size_t n, int *out)
{
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	*out = v;
	return true;
}

static bool next_is_digit(struct str s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

/* RFC 4517 3.3.13: a fraction of the smallest unit given, here in whole seconds. */
static bool take_fraction(struct str *s, int64_t unit, int64_t *out)
{
	int64_t part = 0, scale = 1;

	*out = 0;
	if (s->n == 0 || (s->p[0] != '.' && s->p[0] != ','))
		return true;
	s->p++;
	s->n--;
	if (!next_is_digit(*s))
		return false;
	while (next_is_digit(*s)) {
		int digit;

		take_digits(s, 1, &digit);
		if (scale < INT64_C(1000000000)) { /* what follows is below a nanosecond */
			part = part * 10 + digit;
			scale *= 10;
		}
	}
	*out = unit * part / scale;
	return true;
}

/* Z or a difference from UTC, in seconds. */
static bool take_zone(struct str *s, int64_t *out)
{
	int hours, minutes = 0;

	if (s->n == 0)
		return false;
	char sign = s->p[0];
	s->p++;
	s->n--;
	*out = 0;
	if (sign == 'Z')
		return true;
	if ((sign != '+' && sign != '-') || !take_digits(s, 2, &hours))
		return false;
	if (s->n && !take_digits(s, 2, &minutes))
		return false;
	if (hours > 23 || minutes > 59)
		return false;
	*out = ((int64_t)hours * 60 + minutes) * (sign == '+' ? 60 : -60);
	return true;
}

bool generalized_time_parse(struct str text, int64_t *out)
{
	struct civil c = { 0 };
	int year;
	int64_t seconds, fraction, zone, unit = 3600;

	if (!take_digits(&text, 4, &year) || !take_digits(&text, 2, &c.month) ||
		!take_digits(&text, 2, &c.day) || !take_digits(&text, 2, &c.hour))
		return false;
	c.year = year;
	if (next_is_digit(text)) {
		unit = 60;
		if (!take_digits(&text, 2, &c.minute))
			return false;
	}
	if (unit == 60 && next_is_digit(text)) {
		unit = 1;
		if (!take_digits(&text, 2, &c.second))
			return false;
	}
	if (!take_fraction(&text, unit, &fraction) || !take_zone(&text, &zone) || text.n)
		return false;
	if (!datetime_seconds(c, &seconds))
		return false;
	*out = seconds + fraction - zone;
	return true;
}
