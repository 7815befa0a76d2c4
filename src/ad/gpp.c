/* The only file that includes libxml2 (docs/decisions/0007-libxml2.md). */
#include "ad/gpp.h"

#include "ad/gpo_text.h"
#include "base/compiler.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

/* Nothing is fetched, nothing printed. Entities are not replaced and a document type is refused
 * before its content matters; libxml2's own bounds stay on (no XML_PARSE_HUGE). The text was made
 * UTF-8 before, so that what the XML declaration says of it no longer counts. */
#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC)

struct level {		  /* an open element */
	struct str name;  /* of the element */
	struct str title; /* its attribute "name" */
	bool disabled, filtered;
	size_t item; /* that its Properties made, or NO_ITEM */
};

#define NO_ITEM SIZE_MAX

struct parser {
	struct arena *arena;
	xmlTextReaderPtr reader;
	struct level levels[LIMIT_GPP_DEPTH];
	struct gpp_item *items;
	struct gpp_member *members; /* of the group under way */
	size_t count, room, member_count, member_room, records;
};

static const struct {
	const char *element;
	enum gpp_kind kind;
} kinds[] = {
	{ "User", GPP_USER },
	{ "Group", GPP_GROUP },
	{ "NTService", GPP_SERVICE },
	{ "Task", GPP_TASK },
	{ "TaskV2", GPP_TASK },
	{ "ImmediateTask", GPP_TASK },
	{ "ImmediateTaskV2", GPP_TASK },
	{ "Drive", GPP_DRIVE },
	{ "DataSource", GPP_DATA_SOURCE },
	{ "SharedPrinter", GPP_PRINTER },
	{ "PortPrinter", GPP_PRINTER },
	{ "LocalPrinter", GPP_PRINTER },
	{ "Registry", GPP_REGISTRY },
};

static enum gpp_kind kind_of(struct str element)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_ieq(element, str_of(kinds[i].element)))
			return kinds[i].kind;
	return GPP_OTHER;
}

static struct str text_of(const xmlChar *z)
{
	return z ? str_of((const char *)z) : STR("");
}

static struct gpp_item *add_item(struct parser *p)
{
	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 16;
		p->items = xrealloc(p->items, p->room * sizeof(*p->items));
	}
	p->items[p->count] = (struct gpp_item){ .name = STR(""),
		.user = STR(""),
		.command = STR(""),
		.hive = STR(""),
		.key = STR(""),
		.value_name = STR(""),
		.value_type = STR(""),
		.value = STR("") };
	return &p->items[p->count++];
}

/* The members gathered so far go to the last item. */
static void close_members(struct parser *p)
{
	if (!p->member_count)
		return;
	struct gpp_item *item = &p->items[p->count - 1];
	struct gpp_member *kept = ARENA_ARRAY(p->arena, struct gpp_member, p->member_count);

	memcpy(kept, p->members, p->member_count * sizeof(*kept));
	item->members = kept;
	item->member_count = p->member_count;
	p->member_count = 0;
}

/* Calls each() for every attribute of the element at hand; the value lives until the next. */
static bool each_attribute(struct parser *p,
	void (*each)(struct parser *p, void *cx, struct str name, struct str value), void *cx)
{
	int more = xmlTextReaderMoveToFirstAttribute(p->reader);

	for (; more == 1; more = xmlTextReaderMoveToNextAttribute(p->reader)) {
		if (p->records++ == LIMIT_GPO_RECORDS)
			return false;
		each(p, cx, text_of(xmlTextReaderConstLocalName(p->reader)),
			text_of(xmlTextReaderConstValue(p->reader)));
	}
	xmlTextReaderMoveToElement(p->reader);
	return more == 0;
}

static void take_level(struct parser *p, void *cx, struct str name, struct str value)
{
	struct level *l = cx;

	if (str_ieq(name, STR("name")))
		l->title = arena_str(p->arena, value);
	else if (str_ieq(name, STR("disabled")))
		l->disabled = str_eq(value, STR("1"));
}

static void take_property(struct parser *p, void *cx, struct str name, struct str value)
{
	static const struct {
		const char *name;
		size_t field;
	} texts[] = {
		{ "userName", offsetof(struct gpp_item, user) },
		{ "accountName", offsetof(struct gpp_item, user) },
		{ "runAs", offsetof(struct gpp_item, user) },
		{ "hive", offsetof(struct gpp_item, hive) },
		{ "key", offsetof(struct gpp_item, key) },
		{ "name", offsetof(struct gpp_item, value_name) },
		{ "type", offsetof(struct gpp_item, value_type) },
		{ "value", offsetof(struct gpp_item, value) },
	};
	struct gpp_item *item = cx;

	if (str_ieq(name, STR("cpassword"))) {
		item->has_password |= value.n > 0;
	} else if (str_ieq(name, STR("action")) && value.n) {
		item->action = value.p[0];
	} else if (str_ieq(name, STR("appName")) && item->kind == GPP_TASK) {
		item->command = arena_str(p->arena, value);
	} else if (str_ieq(name, STR("groupSid"))) {
		sid_from_text(value, &item->group);
	} else {
		for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
			/* Only registry items keep hive, key, name and value: another's may hold
			 * anything. */
			if (!str_ieq(name, str_of(texts[i].name)) ||
				(i > 2 && item->kind != GPP_REGISTRY))
				continue;
			struct str kept = arena_str(p->arena, value);
			memcpy((char *)item + texts[i].field, &kept, sizeof(kept));
		}
	}
}

static void take_member(struct parser *p, void *cx, struct str name, struct str value)
{
	struct gpp_member *m = cx;

	if (str_ieq(name, STR("name")))
		m->name = arena_str(p->arena, value);
	else if (str_ieq(name, STR("sid")))
		sid_from_text(value, &m->sid);
	else if (str_ieq(name, STR("action")))
		m->removed = str_ieq(value, STR("REMOVE"));
}

static void take_password(struct parser *p, void *cx, struct str name, struct str value)
{
	bool *found = cx;

	(void)p;
	*found |= str_ieq(name, STR("cpassword")) && value.n > 0;
}

static bool take_properties(struct parser *p, struct level *parent)
{
	close_members(p);
	struct gpp_item *item = add_item(p);

	item->kind = kind_of(parent->name);
	item->name = parent->title;
	item->disabled = parent->disabled;
	item->filtered = parent->filtered;
	parent->item = p->count - 1;
	return each_attribute(p, take_property, item);
}

static bool take_other(struct parser *p, struct level *here, size_t depth)
{
	bool password = false;

	if (str_ieq(here->name, STR("Filters")) && depth > 0 &&
		!xmlTextReaderIsEmptyElement(p->reader)) {
		struct level *parent = &p->levels[depth - 1];

		parent->filtered = true;
		if (parent->item != NO_ITEM)
			p->items[parent->item].filtered = true;
	}
	if (str_ieq(here->name, STR("Member")) && p->count) {
		if (p->member_count == p->member_room) {
			p->member_room = p->member_room ? p->member_room * 2 : 16;
			p->members = xrealloc(p->members, p->member_room * sizeof(*p->members));
		}
		p->members[p->member_count] = (struct gpp_member){ .name = STR("") };
		return each_attribute(p, take_member, &p->members[p->member_count++]);
	}
	/* Wherever it stands: what matters is that the file gives it away. */
	if (!each_attribute(p, take_level, here) || !each_attribute(p, take_password, &password))
		return false;
	if (password) {
		close_members(p);
		struct gpp_item *item = add_item(p);

		item->kind = GPP_OTHER;
		item->name = here->title;
		item->has_password = true;
	}
	return true;
}

static bool take_element(struct parser *p)
{
	int depth = xmlTextReaderDepth(p->reader);

	if (depth < 0 || (unsigned)depth >= LIMIT_GPP_DEPTH || p->records++ == LIMIT_GPO_RECORDS)
		return false;
	struct level *here = &p->levels[depth];
	*here = (struct level){ arena_str(
					p->arena, text_of(xmlTextReaderConstLocalName(p->reader))),
		STR(""), false, false, NO_ITEM };
	if (depth > 0 && str_ieq(here->name, STR("Properties")))
		return take_properties(p, &p->levels[depth - 1]);
	return take_other(p, here, (size_t)depth);
}

/* <Exec><Command>…</Command> below the Properties of a task of Windows Vista and later. */
static void take_text(struct parser *p)
{
	int depth = xmlTextReaderDepth(p->reader);

	if (depth < 1 || (unsigned)depth > LIMIT_GPP_DEPTH || !p->count ||
		!str_ieq(p->levels[depth - 1].name, STR("Command")))
		return;
	struct gpp_item *item = &p->items[p->count - 1];
	struct str command =
		arena_str(p->arena, str_trim(text_of(xmlTextReaderConstValue(p->reader))));

	if (item->kind != GPP_TASK || !command.n)
		return;
	if (item->command.n) {
		struct gpp_item further = *item;

		close_members(p);
		further.has_password = false;
		item = add_item(p);
		*item = further;
	}
	item->command = command;
}

static bool read_all(struct parser *p)
{
	int more;

	while ((more = xmlTextReaderRead(p->reader)) == 1) {
		int type = xmlTextReaderNodeType(p->reader);

		if (type == XML_READER_TYPE_DOCUMENT_TYPE ||
			type == XML_READER_TYPE_ENTITY_REFERENCE)
			return false;
		if (type == XML_READER_TYPE_ELEMENT && !take_element(p))
			return false;
		if (type == XML_READER_TYPE_TEXT)
			take_text(p);
	}
	close_members(p);
	return more == 0;
}

bool gpp_parse(struct arena *a, struct str bytes, struct gpp *out)
{
	struct parser p = { .arena = a };

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES)
		return false;
	struct str text = gpo_text(a, bytes);
	if (text.n > INT32_MAX)
		return false;
	p.reader = xmlReaderForMemory(text.p, (int)text.n, NULL, "UTF-8", OPTIONS);
	bool good = p.reader && read_all(&p);
	if (good) {
		struct gpp_item *items = ARENA_ARRAY(a, struct gpp_item, p.count);

		if (p.count)
			memcpy(items, p.items, p.count * sizeof(*items));
		*out = (struct gpp){ items, p.count };
	}
	xmlFreeTextReader(p.reader);
	free(p.items);
	free(p.members);
	return good;
}
