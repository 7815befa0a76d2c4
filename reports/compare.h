/* What compare says: compare.xlsx, compare.html and the terminal. */
#ifndef REPORTS_COMPARE_H
#define REPORTS_COMPARE_H

#include "base/buf.h"
#include "engine/comparison.h"
#include "reports/report.h"
#include "reports/texts.h"

int compare_xlsx_write(const struct comparison *c, const struct report_options *o, const char *path,
	struct err *err);
int compare_html_write(const struct comparison *c, const struct report_options *o, const char *path,
	struct err *err);
/* On standard output: at most some forty lines, whatever the number of facilities. */
void compare_summary(const struct comparison *c, const struct report_options *o, FILE *out);

/* ---- shared by the writers ------------------------------------------------------------------ */

/* "12 établissements — GHT Exemple — audits jusqu'au 21 novembre 2026" */
void compare_subject(struct buf *out, const struct comparison *c, enum lang lang);
/* The sentences of "En bref", one a call; false when there is none any more. */
bool compare_short(struct buf *out, const struct comparison *c, size_t i, enum lang lang);
/* "Audit ancien, Autre catalogue"; nothing when there is nothing to know. */
void compare_marks(struct buf *out, const struct compare_member *m, enum lang lang);
/* Of counts by status: disabled ones are not assessed either, as for the level's floor. */
uint64_t compare_not_assessed(const uint64_t *statuses);
/* The share of controls that were not assessed, in tenths of a percent, rounded to the nearest;
 * INT64_MIN: of none. */
int64_t compare_unknown_share(const struct compare_run *r);
/* What stands in a cell of the heat map. */
void compare_cell_words(struct buf *out, const struct compare_cell *cell, enum lang lang);
const char *compare_per_words(enum compare_per per, enum lang lang);
/* What is to be said of a trust, shortest first that matters. */
const char *compare_trust_finding(const struct compare_trust *t, enum lang lang);
/* A member's label, or what stands for a partner without a run. */
struct str compare_partner(
	const struct comparison *c, const struct compare_trust *t, enum lang lang);
/* A code of the table of trusts; of a side that is not known why. */
void compare_side(
	struct buf *out, const struct compare_trust_side *s, struct str code, enum lang lang);
/* Those that fail, with ", " between them. */
void compare_failing(struct buf *out, const struct comparison *c, const struct compare_control *k);
/* How the figures are to be read: a line of the workbook's Méthode and of the page's. */
struct compare_method {
	enum text_id subject, words;
};
extern const struct compare_method compare_method[];
extern const size_t compare_method_count;

#endif
