/* The sentences of diff, for the terminal, the workbook and the page. */
#ifndef REPORTS_DIFF_WORDS_H
#define REPORTS_DIFF_WORDS_H

#include "reports/diff.h"
#include "reports/words.h"

/* Facility, domain, "du 1er octobre 2026 au 21 novembre 2026". */
void diff_words_subject(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang);
/* "Niveau 1 → 2 sur 5 (en progrès)" */
void diff_words_level(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang);
/* Why the level changed without being better or worse; nothing else. */
void diff_words_level_note(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang);
/* Says that now is evaluated from what was read before the other run; false: it is not. */
bool diff_words_older(
	struct buf *out, const struct run *before, const struct run *now, enum lang lang);
/* The i-th of what makes the two runs differ beyond the directory: another policy, catalogue,
 * program; that an anonymous run names nothing. False: there are not so many. */
bool diff_words_note(struct buf *out, const struct run *now, const struct run_evolution *e,
	size_t i, enum lang lang);
/* "2 corrigés, 1 devenu non conforme"; "12 corrigés, 3 nouveaux". */
void diff_words_controls(struct buf *out, const struct diff_totals *t, enum lang lang);
void diff_words_findings(struct buf *out, const struct diff_totals *t, enum lang lang);
/* "Non conforme → Conforme ; 12 corrigés" of one control. */
void diff_words_control(struct buf *out, const struct evolution_control *c, enum lang lang);
const char *diff_words_status(const struct run_control *c, enum lang lang); /* NULL: absent */
enum text_id diff_heading(enum control_change c);
/* For a cell. */
const char *diff_words_change(const struct evolution_control *c, enum lang lang);
enum text_id diff_state_text(enum diff_state s);
/* "↓", "→", "↑"; "" when one of the two is null. */
const char *diff_arrow(const struct evolution_indicator *e);
/* "en progrès", "en recul", "inchangé", "n’est plus mesuré"; "" when nothing may be said. */
const char *diff_words_trend(const struct evolution_indicator *e, enum lang lang);
/* The indicator's value of another run. */
void diff_words_value(
	struct buf *out, const struct run_indicator *i, int64_t value, enum lang lang);

#endif
