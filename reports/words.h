/* From the run's machine words to sentences in the report's language. Everything here appends to a
 * buffer of the caller. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include "base/buf.h"
#include "base/hash.h"
#include "reports/texts.h"

/* The vocabularies of codes.def. A code is its first word; the others are its arguments. */
enum code_group {
	CODE_REASON, /* reasons, notes and details of coverage */
	CODE_NEED,   /* "attribute X", "context DC=…" */
	CODE_STATE,  /* states of coverage */
	CODE_KEY,    /* evidence */
	CODE_AREA,
	CODE_KIND, /* of an object */
	CODE_SOURCE,
	CODE_FAMILY,
	CODE_INDICATOR, /* "family.name" */
	CODE_VALUE,	/* of evidence: "key value" */
	CODE_MEANING,	/* "family.name": what the indicator says, as a sentence */
	CODE_TABLE,	/* "family.name" */
	CODE_COLUMN,	/* of a table: "family.name", or "name" for every family */
	CODE_CELL,	/* of a table: "family.code", or "code" for every family */
	CODE_STEP,	/* of a control path: what a relation lets do, between two names */
};

/* The template with %1 … %9 replaced. */
void words_expand(struct buf *out, const char *template, const struct str *args, size_t count);
void words_text(struct buf *out, enum text_id id, enum lang lang);
/* %1 is n, in the form of the text for n. */
void words_number(struct buf *out, enum text_id id, enum lang lang, uint64_t n);

/* The sentence of a code, or the code itself when codes.def does not know it. */
void words_code(struct buf *out, enum code_group group, struct str code, enum lang lang);

/* The rows of codes.def one after the other, for reports that look codes up themselves; false
 * behind the last. words[LANG_FR], words[LANG_EN]. */
bool words_code_row(size_t i, enum code_group *group, const char **code, const char *words[2]);

/* "21 novembre 2026"; "21 November 2026". */
void words_date(struct buf *out, int64_t seconds, enum lang lang);
const char *words_status(enum run_status status, enum lang lang);
const char *words_effort(enum run_effort effort, enum lang lang);
/* Which GPO sets what a control is about, a sentence a domain, a line each; nothing where no
 * account policy mends it. It names what the directory says. */
void words_setters(struct buf *out, const struct run_control *c, enum lang lang);
struct str words_of(const struct run_text *t, enum lang lang);

/* "Niveau 2 sur 5", and "au mieux" where what was not read may lower it. */
void words_level(struct buf *out, const struct run *r, enum lang lang);
/* In ANSSI's words; nothing of a level that speaks well of a directory of which not all was read.
 */
const char *words_level_meaning(const struct run *r, enum lang lang);
/* « niveau N au mieux, M si les points non évalués échouent »; nothing when both are the same. */
void words_floor(struct buf *out, const struct run *r, enum lang lang);
/* The level without the findings that somebody accepted; nothing when it is the same. */
void words_waivers(struct buf *out, const struct run *r, enum lang lang);
/* That the level is an estimate, from which catalogue, and what it does not replace. */
void words_estimate(struct buf *out, const struct run *r, enum text_id id, enum lang lang);
/* Facility, domain, date. */
void words_subject(struct buf *out, const struct run *r, enum lang lang);

/* "clé : valeur, valeur ; clé : valeur"; control paths one a line. */
void words_evidence(struct buf *out, const struct run_object *o, enum lang lang);
/* The same for a writer of many findings: keys of evidence are few, and looked up once. Zero-
 * initialise; the keys must outlive it. */
struct words_memo {
	struct hash keys;
	struct words_key *list;
	size_t count, room;
};
void words_evidence_memo(
	struct buf *out, const struct run_object *o, enum lang lang, struct words_memo *memo);
void words_memo_free(struct words_memo *memo);
/* A control path ("svc > write_member > GG": graph_text() of the model) as "svc → may write the
 * members of → GG". What is no such path stays as it is. */
void words_path(struct buf *out, struct str path, enum lang lang);
/* "max_days = 365, include_disabled = false" */
void words_parameters(struct buf *out, const struct run_control *c);
/* How ADS and this run differ in a point. */
enum text_id words_ads_difference(enum ads_difference d);
/* What to look at first: what ADS has as failed and nothing was found of here. */
void words_ads_missed(struct buf *out, const struct run_ads *ads, enum lang lang);
/* Points that the file of ADS names, and how many of them differ. */
uint64_t run_ads_compared(const struct run_ads *ads);
uint64_t run_ads_differences(const struct run_ads *ads);
/* Reason and notes, one sentence a line. */
void words_remarks(struct buf *out, const struct run_control *c, enum lang lang);
/* Is it shown as a number, or in words? */
bool words_indicator_is_number(const struct run_indicator *i);
/* "12", "85 %", "Oui", "—" for null: as the name asks. */
void words_indicator(struct buf *out, const struct run_indicator *i, enum lang lang);
/* What the i-th indicator of a family is called where there is little room; only those with such a
 * name are shown in the summaries. */
bool words_indicator_has_name(const struct run_family *f, size_t i);
void words_indicator_name(struct buf *out, const struct run_family *f, size_t i, enum lang lang);
/* The same as a sentence that needs no context. */
void words_indicator_meaning(struct buf *out, const struct run_family *f, size_t i, enum lang lang);
/* The title of a table, the header of a column of it, and a code that stands in one. */
void words_table(struct buf *out, const struct run_table *t, enum lang lang);
void words_column(struct buf *out, const struct run_table *t, size_t column, enum lang lang);
void words_cell(struct buf *out, const struct run_table *t, struct str code, enum lang lang);
/* The first step of a control's fix: its first line or sentence. */
struct str words_first_step(const struct run_control *c, enum lang lang);

/* True for the points that fix ANSSI's level. */
bool control_sets_level(const struct run_control *c);
/* The order in which people ask: what failed first. */
extern const enum run_status run_status_order[STATUS_COUNT];
uint64_t run_status_total(const struct run *r, enum run_status status);
/* Failed controls at a level: those that fix the directory's level, or all others. */
uint64_t run_failed_at(const struct run *r, int level, bool sets_level);
/* Controls whose findings are all accepted. */
uint64_t run_waived_at(const struct run *r, int level);

#endif
