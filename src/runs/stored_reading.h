/*
 * Inside src/runs: what the files that read a results.json share. One function reads one value of
 * docs/results.schema.json; rows of members say what an object holds.
 */
#ifndef RUNS_STORED_READING_H
#define RUNS_STORED_READING_H

#include "base/err.h"
#include "base/hash.h"
#include "engine/run.h"
#include "runs/json_scan.h"

struct reading {
	struct json_scan scan;
	const char *name;
	struct run *run;
	struct arena scratch; /* the text under way, where it holds escapes */
	char *room;	      /* what is left of the run's last block of texts */
	size_t room_left;
	/* Words that stand many times, once each in the run; indexes of words[]. */
	struct hash shared;
	struct str *words;
	uint64_t *stamps; /* by word: the last object of JSON that had it as key */
	size_t word_count, word_room;
	uint64_t stamp;
	/* Whole evidences by their bytes in the file; indexes of evidences[]. */
	struct hash seen;
	struct evidences *evidences;
	size_t evidence_count, evidence_room;
	/* Indicators are joined when all is read: where their parts begin in the text. */
	size_t indicators, indicator_controls, indicator_notes;
	size_t ads;	       /* the same of what is held against the controls; 0: it has none */
	bool without_objects;  /* a control failed and lists none: as an anonymous run does */
	size_t objects_absent; /* controls that do not even say that there are none */
};

struct evidences {
	const struct run_evidence *items;
	size_t count;
};

/* Reads the value that comes next into *to, whose type goes with the function. */
typedef int read_fn(struct reading *r, void *to, struct err *err);

struct member {
	const char *name;
	read_fn *read;
	size_t offset; /* in the struct that the object is read into */
	bool optional;
};
/* An object with exactly these members (at most 32), in any order, none twice. */
int read_members(
	struct reading *r, const struct member *rows, size_t count, void *to, struct err *err);

/* ERR_SOURCE with file and line of the place in the text, or of the scan's own mistake. */
int wrong_at(struct reading *r, size_t at, struct err *err, const char *fmt, ...) PRINTF_LIKE(4, 5);
int wrong(struct reading *r, struct err *err, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* 0, or the error of the scan's mistake. */
int check_scan(struct reading *r, struct err *err);

/* ---- values --------------------------------------------------------------------------------- */

/* struct str: clean UTF-8, with p set. */
read_fn read_text;     /* may be empty */
read_fn read_name;     /* not empty */
read_fn read_optional; /* null: p NULL */
read_fn read_shared;   /* not empty; kept once */
read_fn read_shared_or_none;
read_fn read_id; /* a control's: lower case, digits, underscores */
read_fn read_sid_or_none, read_guid_or_none, read_sha256, read_sha256_or_none;
read_fn read_count;	    /* uint64_t */
read_fn read_level;	    /* int, 1 … 5 */
read_fn read_level_or_none; /* null: 0 */
read_fn read_bool;	    /* bool */
read_fn read_date;	    /* int64_t, seconds */
read_fn read_date_or_none;  /* null: INT64_MIN */
read_fn read_texts;	    /* struct texts, not empty; shared */
read_fn skip_value;	    /* anything; to is not used */

struct texts {
	const struct str *items;
	size_t count;
};

/* The number of elements or members of the list or object ('[' or '{') that comes next, which is
 * not taken. Refused where there are more than most, or where each cannot have `bytes` bytes: so
 * that nothing is allocated that the file does not pay for. */
int count_items(
	struct reading *r, char open, size_t bytes, size_t most, size_t *count, struct err *err);
/* A copy in the run's arena. */
struct str keep_text(struct reading *r, struct str s);
/* The word's place in r->words: one copy for all of the same bytes. */
int share_word(struct reading *r, struct str s, size_t *place, struct err *err);
/* A key that may stand once in the object of this stamp. */
int share_key(struct reading *r, struct str key, uint64_t stamp, struct str *out, struct err *err);
/* The place in names[] of the string that comes next; names ends with NULL. */
int read_choice(struct reading *r, const char *const *names, size_t *place, struct err *err);
/* to: an enum run_status */
int read_status(struct reading *r, void *to, struct err *err);
/* [a-z][a-z0-9_]*, and [A-Za-z][A-Za-z0-9_-]* */
bool is_word(struct str s);
bool is_attribute(struct str s);

/* ---- parts ---------------------------------------------------------------------------------- */

read_fn read_control_list; /* of the run: controls */
read_fn read_table_list;   /* tables */
/* Indicators from the three places that were noted. */
int read_families(struct reading *r, struct err *err);
/* What ADS says, from the place that was noted. */
int read_ads(struct reading *r, struct err *err);

#endif
