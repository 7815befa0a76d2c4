/*
 * What audit.html, diff.html and compare.html share: one self-contained file each, no network. The
 * writer of a page gives its data, as JSON in elements that a browser never runs; everything that
 * is seen is made from it by the page's scripts, which put text only where it cannot become markup.
 *
 *   html_begin()            head, styles, and the object of the first block is open
 *   json_write_key() …      keys of the page's own, on html_json()
 *   html_run()              closes the block; the scripts; from here the page can be used
 *   html_part() … × n       more blocks, arrays or objects, read when they are needed
 *   html_end()
 *
 * The Content-Security-Policy allows the styles and scripts that were compiled in, by their
 * SHA-256, and nothing else. Same data, same bytes. Assets and their functions:
 * reports/assets/README.md.
 */
#ifndef REPORTS_HTML_SHELL_H
#define REPORTS_HTML_SHELL_H

#include "reports/json_write.h"
#include "reports/words.h"

struct html_page {
	const char *name;   /* "audit": <body data-page> */
	enum text_id title; /* of the document until the script knows better */
	const char
		*styles; /* names in reports/assets behind shell.css, with a space between them */
	const char *scripts;	   /* behind shell.js and table.js, likewise */
	enum lang lang;		   /* shown first; both are inside */
	const enum text_id *texts; /* that its scripts ask for, beside the shell's own */
	size_t text_count;
};

struct html_writer {
	const struct html_page *page;
	const char *path;
	FILE *f;
	struct json_writer json;
	unsigned parts;
};

/* Creates path (which must not exist). After a failure nothing is left there. */
int html_begin(
	struct html_writer *w, const char *path, const struct html_page *page, struct err *err);
/* The block under way. The first one is an object that html_begin() opened and html_run() ends. */
struct json_writer *html_json(struct html_writer *w);
void html_run(struct html_writer *w);
/* The next block: <script id="part-N">, N from 0; the caller writes one JSON value into it and
 * calls html_part_end(). */
struct json_writer *html_part(struct html_writer *w);
void html_part_end(struct html_writer *w);
/* Writes to disk; removes the file when that failed. */
int html_end(struct html_writer *w, struct err *err);
/* Closes and removes the file: something else failed. */
void html_abandon(struct html_writer *w);

/* ---- values that stand in both languages: ["fr", "en"] ---- */

void html_pair(struct json_writer *w, struct str fr, struct str en);
void html_pair_run(struct json_writer *w, const struct run_text *t);
void html_pair_text(struct json_writer *w, enum text_id id);
void html_pair_code(struct json_writer *w, enum code_group group, struct str code);
/* Keys are always ASCII words of ours. */
void html_key_string(struct json_writer *w, const char *key, struct str value); /* empty: null */
void html_key_int(struct json_writer *w, const char *key, int64_t value); /* INT64_MIN: null */
/* The rows of codes.def of some groups: {"KEY": {"code": ["fr", "en"]}, …}, under the key "codes".
 * For what a page looks up itself because there is too much of it: kinds, evidence. */
void html_put_codes(struct json_writer *w, const enum code_group *groups, size_t count);

#endif
