/*
 * Walks a JSON text (RFC 8259) from front to back without ever holding it as a tree: enter an
 * object or array, take its members or elements one at a time, read a scalar or skip a value. After
 * the first mistake `why` is set, every call says "no more", and `at` is where it stands.
 */
#ifndef RUNS_JSON_SCAN_H
#define RUNS_JSON_SCAN_H

#include "base/arena.h"

/* Nesting of a text that is walked or skipped. */
#define JSON_SCAN_DEPTH 32u

struct json_scan {
	struct str text;
	size_t at;
	bool fresh;	 /* nothing of the container under way was taken yet */
	const char *why; /* NULL: no mistake so far */
};

struct json_scan json_scan_of(struct str text);
/* The line of a place in the text, from 1. */
size_t json_scan_line(const struct json_scan *s, size_t at);
/* Fails the walk unless nothing but white space is left. */
void json_scan_end(struct json_scan *s);

/* The first character of the value that comes next; 0 at the end of the text. */
char json_scan_peek(struct json_scan *s);
/* Enters the object ('{') or array ('[') that comes next. */
bool json_scan_enter(struct json_scan *s, char open);
/* The next member of the object under way: *key as it is written, without its quotes. The caller
 * then takes its value. False: there is none, and the object is left. */
bool json_scan_member(struct json_scan *s, struct str *key);
/* The same for an array's elements. */
bool json_scan_element(struct json_scan *s);

/* Takes the value that comes next whole, whatever it is: its bytes. What is inside is looked at
 * only as far as its extent asks for. */
struct str json_scan_skip(struct json_scan *s);
/* Takes the string that comes next; *out points into the text, or lives in scratch where it holds
 * escapes. False when it is no string. */
bool json_scan_string(struct json_scan *s, struct arena *scratch, struct str *out);
/* Takes the integer that comes next. False when it is none of 64 bits. */
bool json_scan_integer(struct json_scan *s, int64_t *out);
/* Takes null, true or false when that comes next; else leaves it. */
bool json_scan_word(struct json_scan *s, const char *word);

#endif
