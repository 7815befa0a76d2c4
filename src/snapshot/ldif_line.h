/* One line of LDIF (RFC 2849), worked on in place: unfolding and base64 only ever shorten. */
#ifndef SNAPSHOT_LDIF_LINE_H
#define SNAPSHOT_LDIF_LINE_H

#include "base/str.h"

enum ldif_value { LDIF_TEXT, LDIF_BASE64, LDIF_URL };

struct ldif_line {
	struct str name;    /* without options */
	struct str options; /* "range=0-1499", "binary", … without the first ';'; empty: none */
	enum ldif_value form;
	char *value;
	size_t n;
};

/* Takes the line at *at, which lies before end, with its continuation lines: returns it, *n its
 * bytes without line ends; moves *at behind it and adds the number of lines to *lines. */
char *ldif_unfold(char **at, char *end, uint64_t *lines, size_t *n);
/* Splits an unfolded line. False when it has no colon or its name is none. */
bool ldif_split(char *line, size_t n, struct ldif_line *out);
/* Decodes RFC 4648 base64 in place; spaces at its end are dropped. False when it is not base64. */
bool ldif_base64(char *p, size_t *n);

struct ldif_range {
	uint64_t low, high; /* high is UINT64_MAX for "*" */
};
/* Finds range=LOW-HIGH among options (MS-ADTS 3.1.1.3.1.3.3): 1; 0 when there is none, -1 when it
 * is malformed. */
int ldif_range_parse(struct str options, struct ldif_range *out);

#endif
