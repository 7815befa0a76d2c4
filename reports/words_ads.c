/* ANSSI's own result (ADS) beside a run's, in words and totals. */
#include "reports/words.h"

enum text_id words_ads_difference(enum ads_difference d)
{
	static const enum text_id ids[ADS_DIFFERENCE_COUNT] = {
		[ADS_MISSED] = TEXT_ads_missed,
		[ADS_NOT_ASSESSED] = TEXT_ads_not_assessed,
		[ADS_NOT_KNOWN] = TEXT_ads_not_known,
		[ADS_OURS_ONLY] = TEXT_ads_ours_only,
		[ADS_LEVEL] = TEXT_ads_other_level,
		[ADS_ACCEPTED] = TEXT_ads_accepted,
		[ADS_COUNT] = TEXT_ads_other_count,
		[ADS_NOT_SAID] = TEXT_ads_not_said,
		[ADS_SCOPE] = TEXT_ads_scope,
		[ADS_NOT_LISTED] = TEXT_ads_not_listed,
		[ADS_SAME] = TEXT_ads_same,
	};

	return ids[d];
}

void words_ads_missed(struct buf *out, const struct run_ads *ads, enum lang lang)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ads->point_count; i++)
		n += ads->points[i].difference == ADS_MISSED;
	if (n)
		words_number(out, TEXT_ads_missed_n, lang, n);
	else
		words_text(out, TEXT_ads_missed_none, lang);
}

uint64_t run_ads_compared(const struct run_ads *ads)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ads->point_count; i++)
		n += ads->points[i].listed;
	return n;
}

uint64_t run_ads_differences(const struct run_ads *ads)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ads->point_count; i++)
		n += ads->points[i].difference != ADS_SAME &&
		     ads->points[i].difference != ADS_NOT_LISTED;
	return n;
}
