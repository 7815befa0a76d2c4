/* The controls of results.json with their findings. */
#include "runs/stored_reading.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/* What the shortest control, finding, parameter and evidence take in the file. */
#define CONTROL_BYTES 150u
#define OBJECT_BYTES 100u
#define MEMBER_BYTES 5u
#define DECLARED_DIGITS 16u

#define MEMBER(type, name, read)                                                                   \
	{                                                                                          \
#name, read, offsetof(type, name), false                                           \
	}
/* A member that is read into several fields. */
#define WHOLE(name, read)                                                                          \
	{                                                                                          \
#name, read, 0, false                                                              \
	}

/* ---- findings ------------------------------------------------------------------------------- */

static int read_values(struct reading *r, struct run_evidence *e, struct err *err)
{
	struct texts list;
	struct str *one;

	if (json_scan_peek(&r->scan) == '[') {
		if (read_texts(r, &list, err))
			return err->code;
		e->values = list.items;
		e->count = list.count;
		return 0;
	}
	one = ARENA_NEW(&r->run->arena, struct str);
	e->values = one;
	e->count = 1;
	return read_text(r, one, err);
}

static int read_evidence_list(struct reading *r, struct evidences *out, struct err *err)
{
	uint64_t stamp = ++r->stamp;
	struct run_evidence *items;
	struct str key;
	size_t count = 0, n = 0;

	if (count_items(r, '{', MEMBER_BYTES, LIMIT_RESULTS_MEMBERS, &count, err))
		return err->code;
	items = ARENA_ARRAY(&r->run->arena, struct run_evidence, count);
	json_scan_enter(&r->scan, '{');
	while (json_scan_member(&r->scan, &key)) {
		if (!is_attribute(key))
			return wrong(r, err, "an evidence's key is malformed");
		if (share_key(r, key, stamp, &items[n].key, err) || read_values(r, &items[n], err))
			return err->code;
		n++;
	}
	*out = (struct evidences){ items, count };
	return check_scan(r, err);
}

/* The same bytes say the same: half a million findings say few things. */
static int read_evidence(struct reading *r, void *to, struct err *err)
{
	struct run_object *o = to;
	struct json_scan from = r->scan;
	struct str bytes = json_scan_skip(&r->scan);
	uint32_t known = hash_get(&r->seen, bytes);
	struct evidences e = { 0 };

	if (known == HASH_NONE) {
		r->scan = from;
		if (read_evidence_list(r, &e, err))
			return err->code;
		if (r->evidence_count < LIMIT_RESULTS_WORDS) {
			if (r->evidence_count == r->evidence_room) {
				r->evidence_room = r->evidence_room ? r->evidence_room * 2 : 256;
				r->evidences = xrealloc(
					r->evidences, r->evidence_room * sizeof(*r->evidences));
			}
			r->evidences[r->evidence_count] = e;
			hash_add(&r->seen, bytes, (uint32_t)r->evidence_count++);
		}
	} else {
		e = r->evidences[known];
	}
	o->evidence = e.items;
	o->evidence_count = e.count;
	return 0;
}

static const struct member object_members[] = {
	MEMBER(struct run_object, dn, read_text),
	MEMBER(struct run_object, sid, read_sid_or_none),
	MEMBER(struct run_object, guid, read_guid_or_none),
	MEMBER(struct run_object, domain, read_shared_or_none),
	MEMBER(struct run_object, name, read_optional),
	MEMBER(struct run_object, kind, read_shared),
	MEMBER(struct run_object, level, read_level),
	WHOLE(evidence, read_evidence),
	MEMBER(struct run_object, waived, read_bool),
};

/* "" rather than NULL, as the engine has it. */
static void fill_empty(struct str *s)
{
	if (!s->p)
		*s = STR("");
}

static int read_objects(struct reading *r, void *to, struct err *err)
{
	struct run_control *c = to;
	struct run_object *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', OBJECT_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&r->run->arena, struct run_object, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan)) {
		struct run_object *o = &list[n++];

		if (read_members(r, object_members, ARRAY_LEN(object_members), o, err))
			return err->code;
		o->last_use = INT64_MIN;
		fill_empty(&o->sid);
		fill_empty(&o->guid);
		fill_empty(&o->domain);
		fill_empty(&o->name);
	}
	c->objects = list;
	c->object_count = count;
	return check_scan(r, err);
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static int read_parameter(struct reading *r, struct run_parameter *p, struct err *err)
{
	char first = json_scan_peek(&r->scan);

	if (first == '"') {
		p->kind = RUN_PARAMETER_STRING;
		return read_text(r, &p->text, err);
	}
	if (first == 't' || first == 'f') {
		bool yes = false;

		p->kind = RUN_PARAMETER_BOOLEAN;
		if (read_bool(r, &yes, err))
			return err->code;
		p->number = yes;
		return 0;
	}
	p->kind = RUN_PARAMETER_INTEGER;
	json_scan_integer(&r->scan, &p->number);
	return check_scan(r, err);
}

static int read_parameters(struct reading *r, void *to, struct err *err)
{
	struct run_control *c = to;
	uint64_t stamp = ++r->stamp;
	struct run_parameter *list;
	struct str key;
	size_t count = 0, n = 0;

	if (count_items(r, '{', MEMBER_BYTES - 1, LIMIT_RESULTS_MEMBERS, &count, err))
		return err->code;
	list = ARENA_ARRAY(&r->run->arena, struct run_parameter, count);
	json_scan_enter(&r->scan, '{');
	while (json_scan_member(&r->scan, &key)) {
		if (!is_attribute(key))
			return wrong(r, err, "a parameter's name is malformed");
		if (share_key(r, key, stamp, &list[n].name, err) ||
			read_parameter(r, &list[n], err))
			return err->code;
		n++;
	}
	c->parameters = list;
	c->parameter_count = count;
	return check_scan(r, err);
}

static int read_levels(struct reading *r, void *to, struct err *err)
{
	struct run_control *c = to;
	size_t count = 0, n = 0;
	int *list;

	if (count_items(r, '[', 1, LIMIT_RESULTS_MEMBERS, &count, err))
		return err->code;
	if (!count)
		return wrong(r, err, "a control has no level");
	list = ARENA_ARRAY(&r->run->arena, int, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_level(r, &list[n++], err))
			return err->code;
	c->levels = list;
	c->level_count = count;
	return check_scan(r, err);
}

/* null is none; an empty text is the policy's own. */
static int read_reason(struct reading *r, void *to, struct err *err)
{
	return json_scan_word(&r->scan, "null") ? 0 : read_text(r, to, err);
}

static int read_control_notes(struct reading *r, void *to, struct err *err)
{
	struct run_control *c = to;
	struct texts list;

	if (read_texts(r, &list, err))
		return err->code;
	if (!list.count)
		return wrong(r, err, "an empty list of notes is left out");
	c->notes = list.items;
	c->note_count = list.count;
	return 0;
}

static int read_declared(struct reading *r, void *to, struct err *err)
{
	struct str *s = to;

	if (read_text(r, to, err))
		return err->code;
	for (size_t i = 0; i < s->n; i++)
		if (!strchr("0123456789abcdef", s->p[i]))
			return wrong(r, err, "declared is no hash");
	return s->n == DECLARED_DIGITS ? 0 : wrong(r, err, "declared is no hash");
}

static const struct member control_members[] = {
	MEMBER(struct run_control, id, read_id),
	MEMBER(struct run_control, area, read_shared),
	WHOLE(levels, read_levels),
	MEMBER(struct run_control, failed_level, read_level_or_none),
	MEMBER(struct run_control, status, read_status),
	MEMBER(struct run_control, reason, read_reason),
	MEMBER(struct run_control, examined, read_count),
	MEMBER(struct run_control, count, read_count),
	MEMBER(struct run_control, unknown, read_count),
	MEMBER(struct run_control, waived, read_count),
	WHOLE(parameters, read_parameters),
	{ "declared", read_declared, offsetof(struct run_control, declared), true },
	{ "objects", read_objects, 0, true },
	{ "notes", read_control_notes, 0, true },
};

/* Worst level of the findings, or of those that are not waived; 0: none. */
static int worst_level(const struct run_control *c, bool waived_too)
{
	int worst = 0;

	for (size_t i = 0; i < c->object_count; i++) {
		const struct run_object *o = &c->objects[i];

		if ((waived_too || !o->waived) && (worst == 0 || o->level < worst))
			worst = o->level;
	}
	return worst;
}

static uint64_t count_waived(const struct run_control *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->object_count; i++)
		n += c->objects[i].waived;
	return n;
}

/* Do status, numbers and findings belong together (the schema's conditions)? */
static const char *contradiction(const struct run_control *c)
{
	bool found = c->status == STATUS_FAIL || c->status == STATUS_WAIVED;

	if (!found && (c->object_count || c->count || c->waived || c->failed_level))
		return "has findings, and a status that has none";
	if (found && !c->failed_level)
		return "has no failed_level";
	if (c->status == STATUS_FAIL && !c->count)
		return "failed without a finding";
	if (c->status == STATUS_WAIVED && (c->count || !c->waived))
		return "counts other findings than accepted ones";
	if (c->status == STATUS_PASS && (c->reason.p || c->unknown))
		return "passed, and something of it is unknown";
	if (c->object_count &&
		(c->waived != count_waived(c) || c->count + c->waived != c->object_count ||
			c->failed_level != worst_level(c, true)))
		return "counts other findings than it lists";
	return NULL;
}

static int finish_control(struct reading *r, struct run_control *c, struct err *err)
{
	const char *why = contradiction(c);

	if (why)
		return wrong(r, err, "%.*s %s", STR_ARG(c->id), why);
	r->objects_absent += !c->objects;
	if (c->count + c->waived && !c->object_count)
		r->without_objects = true;
	c->level_with_waivers = c->object_count ? worst_level(c, false)
				: c->count	? c->failed_level
						: 0;
	return 0;
}

int read_control_list(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;
	struct run_control *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', CONTROL_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&run->arena, struct run_control, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan)) {
		struct run_control *c = &list[n++];

		if (read_members(r, control_members, ARRAY_LEN(control_members), c, err) ||
			finish_control(r, c, err))
			return err->code;
		if (n > 1 && str_cmp(list[n - 2].id, c->id) >= 0)
			return wrong(
				r, err, "%.*s does not stand in the order of ids", STR_ARG(c->id));
	}
	run->controls = list;
	run->control_count = count;
	return check_scan(r, err);
}
