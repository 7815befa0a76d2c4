/*
 * ANSSI's own result (ADS) beside a run's, point by point: where they differ, and what is likely to
 * be behind it. Nothing here changes a verdict or a level of the run.
 */
#ifndef ENGINE_ADS_H
#define ENGINE_ADS_H

#include "engine/catalogue.h"

/* A point as the file of ADS names it. */
struct ads_row {
	struct str id;		/* "vuln_dnsadmins", without the level in its name */
	enum run_status status; /* pass, fail, unknown or not_applicable */
	int level;		/* 0: not given */
	int64_t count;		/* INT64_MIN: not given */
	size_t line;
};

struct ads_result {
	int64_t dated; /* INT64_MIN: not given */
	const struct ads_row *rows;
	size_t count;
};

/* Compares; all that it gives lives in the run's arena. Each id stands at most once in result. */
const struct run_ads *ads_compare(
	const struct catalogue *c, const struct ads_result *result, struct run *r);

#endif
