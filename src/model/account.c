/* What an account's own attributes say of it. */
#include "ad/uac.h"
#include "base/datetime.h"
#include "model/state.h"

#define MOST_SYNC_DAYS 100000 /* an interval of more is for ever */
#define CLOCK_SKEW SECONDS_PER_DAY
#define CLOCK_GUESSED (30 * SECONDS_PER_DAY)

enum tri account_enabled(const struct model *m, const struct ad_object *o)
{
	(void)m;
	switch (o->kind) {
	case AD_USER:
	case AD_COMPUTER:
	case AD_MSA:
	case AD_KRBTGT:
	case AD_TRUST_ACCOUNT:
		break;
	default:
		return YES;
	}
	if (!obj_has(o, ATTR_USER_ACCOUNT_CONTROL))
		return UNKNOWN;
	return obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_ACCOUNTDISABLE ? NO : YES;
}

/* msDS-LogonTimeSyncInterval 0: the domain does not keep lastLogonTimestamp (MS-ADTS 3.1.1.5.3). */
static bool timestamp_is_off(const struct ad_object *o)
{
	return o->domain && obj_has(o->domain->head, ATTR_MSDS_LOGON_TIME_SYNC_INTERVAL) &&
	       obj_i64(o->domain->head, ATTR_MSDS_LOGON_TIME_SYNC_INTERVAL) == 0;
}

/* How far lastLogonTimestamp may lag: it is renewed by a logon that finds it older than the
 * interval less a random part of it, of at most five days (MS-ADTS 3.1.1.5.3, lastLogonTimestamp).
 */
static int64_t timestamp_lag(const struct ad_object *o)
{
	const struct ad_object *head = o->domain ? o->domain->head : NULL;
	int64_t days = head && obj_has(head, ATTR_MSDS_LOGON_TIME_SYNC_INTERVAL)
			       ? obj_i64(head, ATTR_MSDS_LOGON_TIME_SYNC_INTERVAL)
			       : LOGON_SYNC_DAYS;

	days = days > MOST_SYNC_DAYS ? MOST_SYNC_DAYS : days;
	return (days > 0 ? days : 0) * SECONDS_PER_DAY;
}

int64_t model_past_time(const struct model *m, const struct ad_object *o, enum attr a)
{
	int64_t t = obj_time(o, a), last = m->at > m->collected_at ? m->at : m->collected_at;

	return t > last + (m->time_stated ? CLOCK_SKEW : CLOCK_GUESSED) ? INT64_MIN : t;
}

const char *account_undated_reason(const struct ad_object *o)
{
	return obj_i64(o, ATTR_PWD_LAST_SET) != 0 ? "password_date_impossible"
						  : "password_date_erased";
}

/* Neither a date that can be nor 0, which stands for none. */
static bool is_garbled(const struct model *m, const struct ad_object *o, enum attr a)
{
	return obj_i64(o, a) != 0 && model_past_time(m, o, a) == INT64_MIN;
}

/* Was every domain controller asked for o's last logon, so that there is no later one? */
static bool all_were_asked(const struct model *m, const struct ad_object *o)
{
	return m->last_logon_of_all && !is_garbled(m, o, ATTR_LAST_LOGON) &&
	       model_readable(m, o, ATTR_LAST_LOGON) == READABLE;
}

struct logon account_last_logon(const struct model *m, const struct ad_object *o)
{
	struct logon r = { .state = LOGON_UNKNOWN };
	int64_t replicated = model_past_time(m, o, ATTR_LAST_LOGON_TIMESTAMP);
	int64_t local = model_past_time(m, o, ATTR_LAST_LOGON);
	bool all = all_were_asked(m, o);

	r.complete = all || (!timestamp_is_off(o) && !is_garbled(m, o, ATTR_LAST_LOGON_TIMESTAMP) &&
				    model_readable(m, o, ATTR_LAST_LOGON_TIMESTAMP) == READABLE);
	if (replicated != INT64_MIN || local != INT64_MIN) {
		r.exact = local > replicated;
		r.at = r.exact ? local : replicated;
		r.state = LOGON_AT;
		r.latest = r.at;
		if (!all && replicated != INT64_MIN && replicated + timestamp_lag(o) > r.latest)
			r.latest = replicated + timestamp_lag(o);
		return r;
	}
	if (r.complete && !is_garbled(m, o, ATTR_LAST_LOGON))
		r.state = LOGON_NEVER;
	return r;
}
