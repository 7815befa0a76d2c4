/*
 * JSON written as it comes, never held as a tree: begin, key, value, end. Nesting and the place of
 * keys are asserted; RFC 8259 escapes; bytes that are not UTF-8 become U+FFFD. Errors of the file
 * are left to platform_finish().
 */
#ifndef REPORTS_JSON_WRITE_H
#define REPORTS_JSON_WRITE_H

#include "base/buf.h"

#include <stdio.h>

#define JSON_DEPTH 16

struct json_writer {
	FILE *f;
	struct buf pending; /* bytes not yet given to f */
	unsigned depth;
	bool started[JSON_DEPTH]; /* something stands in the container already */
	bool is_object[JSON_DEPTH];
	bool after_key;
	bool on_new_line;
	bool in_html;
};

void json_write_begin(struct json_writer *w, FILE *f);
/* From here on the text may stand inside an element of an HTML page: < > & and the line separators
 * U+2028 and U+2029 are escaped, and no spaces stand between items. */
void json_write_in_html(struct json_writer *w);
/* The newline at the end; gives pending bytes to the file and frees them. */
void json_write_finish(struct json_writer *w);
/* Only frees: the file will not be used. */
void json_write_abandon(struct json_writer *w);

void json_write_object(struct json_writer *w);
void json_write_array(struct json_writer *w);
/* Ends the innermost object or array. */
void json_write_end(struct json_writer *w);
/* The next item of the innermost container begins on a line of its own. */
void json_write_new_line(struct json_writer *w);

void json_write_key(struct json_writer *w, struct str key);
void json_write_string(struct json_writer *w, struct str value);
void json_write_int(struct json_writer *w, int64_t value);
void json_write_uint(struct json_writer *w, uint64_t value);
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);

/* Key and value. */
void json_put_string(struct json_writer *w, struct str key, struct str value);
void json_put_optional(struct json_writer *w, struct str key, struct str value); /* empty: null */
void json_put_int(struct json_writer *w, struct str key, int64_t value);
void json_put_uint(struct json_writer *w, struct str key, uint64_t value);
void json_put_date(struct json_writer *w, struct str key, int64_t seconds); /* INT64_MIN: null */

#endif
