/* The program's own words in reports and on the terminal: one table, texts.def, with
 * texts_html.def for what only pages say, texts_diff.def for diff. Words of controls
 * stand in the catalogue. */
#ifndef REPORTS_TEXTS_H
#define REPORTS_TEXTS_H

#include "reports/report.h"

enum text_id {
#define TEXT(id, fr_one, fr_many, en_one, en_many) TEXT_##id,
#include "reports/texts.def"
#include "reports/texts_html.def"
#include "reports/texts_diff.def"
#include "reports/texts_compare.def"
#undef TEXT
	TEXT_COUNT
};

/* The singular form: for texts without a number. */
const char *text(enum text_id id, enum lang lang);
/* The form for n: French uses the singular for 0 and 1, English for 1. */
const char *text_n(enum text_id id, enum lang lang, uint64_t n);
/* Its name in texts.def; the form for many, NULL when it has none. */
const char *text_name(enum text_id id);
const char *text_many(enum text_id id, enum lang lang);

#endif
