#include "runs/xml_walk.h"

#include "base/limits.h"

#include <libxml/parser.h>
#include <string.h>

/* No XML_PARSE_HUGE, NOENT, DTDLOAD or DTDATTR. What the declaration says of the encoding is
 * ignored: these parts are UTF-8 or UTF-16 (ECMA-376 part 2, 8.1.4), and no converter runs. */
#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC)
#define ATTRIBUTES_MAX 64

struct walk {
	const struct xml_events *events;
	void *cx;
	xmlParserCtxtPtr parser;
	bool stopped, has_doctype, too_many;
};

static struct str str_of_xml(const xmlChar *z)
{
	return str_of((const char *)z);
}

static void stop(struct walk *w)
{
	w->stopped = true;
	xmlStopParser(w->parser);
}

/* Attributes come in fives: local name, prefix, URI, begin and end of the value (SAX2.h). */
static void start_element(void *cx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int ns_count, const xmlChar **ns, int count, int defaulted, const xmlChar **attributes)
{
	struct walk *w = cx;
	struct xml_attribute list[ATTRIBUTES_MAX];

	(void)prefix, (void)uri, (void)ns_count, (void)ns, (void)defaulted;
	if (w->stopped)
		return;
	if (count < 0 || count > ATTRIBUTES_MAX) {
		w->too_many = true;
		stop(w);
		return;
	}
	for (int i = 0; i < count; i++) {
		const xmlChar **a = attributes + (ptrdiff_t)i * 5;

		list[i].name = str_of_xml(a[0]);
		list[i].value = (struct str){ (const char *)a[3], (size_t)(a[4] - a[3]) };
	}
	if (!w->events->open(w->cx, str_of_xml(name), list, (size_t)count))
		stop(w);
}

static void end_element(void *cx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct walk *w = cx;

	(void)prefix, (void)uri;
	if (!w->stopped && !w->events->close(w->cx, str_of_xml(name)))
		stop(w);
}

static void characters(void *cx, const xmlChar *text, int n)
{
	struct walk *w = cx;

	if (!w->stopped && w->events->text && n > 0 &&
		!w->events->text(w->cx, (struct str){ (const char *)text, (size_t)n }))
		stop(w);
}

static void doctype(void *cx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct walk *w = cx;

	(void)name, (void)external, (void)system;
	w->has_doctype = true;
	stop(w);
}

static bool feed(void *cx, struct str bytes)
{
	struct walk *w = cx;

	return xmlParseChunk(w->parser, bytes.p, (int)bytes.n, 0) == XML_ERR_OK && !w->stopped;
}

static int finish(struct walk *w, struct package *p, struct err *err)
{
	if (w->has_doctype)
		return package_damaged(p, "it declares a document type, as no workbook does", err);
	if (w->too_many)
		return package_damaged(p, "it is damaged", err);
	if (w->stopped)
		return 0;
	if (xmlParseChunk(w->parser, "", 0, 1) != XML_ERR_OK || !w->parser->wellFormed)
		return package_damaged(p, "it is damaged: a part is no well-formed XML", err);
	return 0;
}

int xml_walk(struct package *p, struct str part, const struct xml_events *events, void *cx,
	struct err *err)
{
	xmlSAXHandler sax;
	struct walk w = { .events = events, .cx = cx };

	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = start_element;
	sax.endElementNs = end_element;
	sax.characters = characters;
	/* The same function: without a DTD, white space is text. */
	sax.ignorableWhitespace = characters;
	sax.cdataBlock = characters;
	sax.internalSubset = doctype;
	w.parser = xmlCreatePushParserCtxt(&sax, &w, NULL, 0, NULL);
	if (!w.parser)
		return package_damaged(p, "there is not enough memory", err);
	int rc = 0;
	if (xmlCtxtUseOptions(w.parser, OPTIONS) != 0)
		rc = err_set(err, ERR_INTERNAL, "libxml2 does not know an option of this program.");
	if (!rc)
		rc = package_read(p, part, feed, &w, err);
	if (!rc)
		rc = finish(&w, p, err);
	xmlFreeParserCtxt(w.parser);
	return rc;
}

struct str xml_attribute(const struct xml_attribute *attributes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(attributes[i].name, str_of(name)))
			return attributes[i].value;
	return (struct str){ NULL, 0 };
}
