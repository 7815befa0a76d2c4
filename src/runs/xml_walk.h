/*
 * One XML part of a workbook, told as it is read: an element opens, text, an element closes.
 * Names are local names; nothing is fetched, a document type (and so every entity of its own) is
 * refused, libxml2's bounds stay on. xml_walk.c is the only file here that includes libxml2.
 */
#ifndef RUNS_XML_WALK_H
#define RUNS_XML_WALK_H

#include "runs/package.h"

struct xml_attribute {
	struct str name, value; /* valid until the call returns */
};

/* Each returns false to stop the walk: without an error, the caller knows why. */
struct xml_events {
	bool (*open)(
		void *cx, struct str name, const struct xml_attribute *attributes, size_t count);
	bool (*close)(void *cx, struct str name);
	bool (*text)(void *cx, struct str text); /* perhaps in several pieces; may be NULL */
};

/* ERR_SOURCE when the part is missing or no well-formed XML. */
int xml_walk(struct package *p, struct str part, const struct xml_events *events, void *cx,
	struct err *err);

/* The attribute's value; p NULL: there is none. */
struct str xml_attribute(const struct xml_attribute *attributes, size_t count, const char *name);

#endif
