/* What diff says of two runs of one directory: the later one, and options.evolution of it. */
#ifndef REPORTS_DIFF_H
#define REPORTS_DIFF_H

#include "reports/report.h"

/* As report_formats[]: diff.xlsx, diff.html, diff.json. */
extern const struct report_format diff_formats[];
extern const size_t diff_format_count;

/* On standard output: levels, counts, controls by kind of change, indicators. */
void diff_summary(const struct run *now, const struct report_options *o, FILE *out);

/* ---- shared by the writers ------------------------------------------------------------------ */

#define DIFF_CHANGES (CHANGE_INCOMPARABLE + 1)

struct diff_totals {
	uint64_t changes[DIFF_CHANGES];		      /* controls by enum control_change */
	uint64_t added, back, remaining, fixed, lost; /* findings */
	bool anonymous;				      /* the findings of a control are not known */
};
struct diff_totals diff_totals(const struct run_evolution *e);

/* The order in which people ask. */
extern const enum control_change diff_order[DIFF_CHANGES];
/* Did anything of the control change? */
bool diff_changed(const struct evolution_control *c);
/* The control of the later run, else that of the earlier one. */
const struct run_control *diff_control(const struct evolution_control *c);
/* Its level: failed now, else failed before, else the worst it can have. */
int diff_level(const struct evolution_control *c);
/* "better", "worse", … and "new", "remaining", "back": words of diff.json. */
const char *diff_change_name(enum control_change c);
const char *diff_trend_name(enum indicator_trend t);
const char *diff_age_name(enum finding_age a);

/* Calls fn for each finding that is not merely remaining: new and come back, then fixed, then lost;
 * what: its word in reports. Stops at the first error. */
enum diff_state { DIFF_NEW, DIFF_BACK, DIFF_FIXED, DIFF_LOST, DIFF_STATES };
typedef int diff_finding_fn(void *to, const struct evolution_control *c, enum diff_state state,
	const struct run_object *o, int64_t since, struct err *err);
int diff_each_finding(
	const struct evolution_control *c, diff_finding_fn *fn, void *to, struct err *err);

int diff_json_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err);
int diff_html_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err);
int diff_xlsx_write(
	const struct run *now, const struct report_options *o, const char *path, struct err *err);

#endif
