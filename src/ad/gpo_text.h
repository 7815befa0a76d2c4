/*
 * The text files of a group policy (GptTmpl.inf, scripts.ini, GPT.INI, audit.csv, preferences):
 * Windows writes them as UTF-16 or UTF-8, with a byte order mark or without one.
 */
#ifndef AD_GPO_TEXT_H
#define AD_GPO_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/* The bytes as clean UTF-8 without a mark, in a. What is no text becomes U+FFFD. */
struct str gpo_text(struct arena *a, struct str bytes);

/* Walks the lines of an INI text; zero-initialise but `rest`. */
struct ini {
	struct str rest, section;
};
struct ini_line {
	struct str section; /* without brackets; empty before the first */
	struct str text;    /* the line, trimmed */
	struct str key;	    /* before the first '=', trimmed; the whole line when there is none */
	struct str value;   /* after it, trimmed; {NULL,0} when there is no '=' */
};
/* The next line that is neither empty, a comment nor a section's head. */
bool ini_next(struct ini *i, struct ini_line *out);
/* s without the quotes around it. */
struct str ini_unquote(struct str s);

#endif
