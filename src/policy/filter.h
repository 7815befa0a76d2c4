/*
 * LDAP filters (RFC 4515) with the matching rules of AD (MS-ADTS 3.1.1.3.4.4): bitwise AND
 * (1.2.840.113556.1.4.803), OR (…804) and IN_CHAIN (…1941), over attributes that a callback gives.
 */
#ifndef POLICY_FILTER_H
#define POLICY_FILTER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct filter;

/* Parses text; the result lives in a. On failure *column gets the 1-based place in text. */
int filter_parse(struct arena *a, struct str text, const struct filter **out, size_t *column,
	struct err *err);

/* Three values: RFC 4511 4.5.1.7 "Undefined" is what an attribute that could not be read gives. */
enum filter_result { FILTER_FALSE, FILTER_TRUE, FILTER_UNDEFINED };

struct filter_source {
	void *cx;
	/* Values of the attribute on the object at hand: returns 1 and fills *values and *count
	 * when present, 0 when known to be absent, -1 when it could not be read. Names may be
	 * derived ones (x-privileged …). */
	int (*get)(void *cx, struct str attribute, const struct str **values, size_t *count);
	/* IN_CHAIN: is dn among the transitive values of attribute (memberOf or member)? */
	enum filter_result (*in_chain)(void *cx, struct str attribute, struct str dn);
};
enum filter_result filter_match(const struct filter *f, const struct filter_source *s);

/* Calls each(cx, name) for every attribute named in the filter, so that the collector and the model
 * keep it. */
void filter_attributes(const struct filter *f, void (*each)(void *cx, struct str name), void *cx);

#endif
