/* What a check calls (check.h): parameters, findings with their evidence, what stays undecided. */
#include "engine/internal.h"

#include "base/datetime.h"
#include "base/utf8.h"

#include <stdlib.h>

#define NO_FINDING SIZE_MAX
#define MUTED (SIZE_MAX - 1) /* a finding that adds nothing to an earlier one on its object */

/* Makes room for one more element. */
static void *grow(void *p, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return p;
	*room = *room ? *room * 2 : 16;
	return xrealloc(p, *room * size);
}

void cx_init(struct check_cx *cx, const struct model *m, struct arena *arena)
{
	*cx = (struct check_cx){ .model = m, .arena = arena, .open = NO_FINDING };
	/* One place more: the rootDSE may stand outside the list of objects. */
	cx->place_count = model_object_count(m) + 1;
	cx->place = xcalloc(cx->place_count, sizeof(*cx->place));
}

static void interner_clear(struct interner *in)
{
	hash_free(&in->texts);
	hash_free(&in->lists);
	in->texts = in->lists = (struct hash){ 0 };
	in->text_count = in->list_count = 0;
	arena_reset(&in->keys);
}

size_t cx_place(const struct check_cx *cx, const struct ad_object *o)
{
	if (o->index < cx->place_count - 1 && model_object(cx->model, o->index) == o)
		return o->index;
	return cx->place_count - 1;
}

void cx_begin(struct check_cx *cx, const struct control *control)
{
	interner_clear(&cx->interner);
	for (size_t i = 0; i < cx->found_count; i++)
		cx->place[cx_place(cx, cx->found[i].obj)] = 0;
	arena_reset(&cx->scratch);
	memset(cx->counters, 0, sizeof(cx->counters));
	cx->control = control;
	cx->found_count = cx->pair_count = cx->note_count = 0;
	cx->open = NO_FINDING;
	cx->examined = cx->undecided = 0;
	cx->control_reason = cx->inapplicable_reason = (struct str){ 0 };
	cx->inapplicable = cx->skipped = false;
}

void cx_free(struct check_cx *cx)
{
	interner_clear(&cx->interner);
	arena_free(&cx->interner.keys);
	free(cx->interner.text);
	free(cx->interner.list);
	arena_free(&cx->scratch);
	free(cx->found);
	free(cx->place);
	free(cx->pairs);
	free(cx->notes);
}

struct str cx_intern(struct check_cx *cx, struct str text)
{
	struct interner *in = &cx->interner;
	uint32_t i = hash_get(&in->texts, text);
	struct str copy;

	if (i != HASH_NONE)
		return in->text[i];
	copy = arena_str(cx->arena, utf8_sanitize(&cx->scratch, text));
	in->text = grow(in->text, in->text_count, &in->text_room, sizeof(*in->text));
	in->text[in->text_count] = copy;
	/* The key is the text as asked for, which sanitising may have changed. */
	hash_add(&in->texts, str_eq(copy, text) ? copy : arena_str(&in->keys, text),
		(uint32_t)in->text_count++);
	return copy;
}

/* Groups the pairs by key, in the order in which the keys came. Returns the number of keys. */
static size_t group_pairs(
	struct arena *a, const struct str *pairs, size_t n, struct run_evidence *out)
{
	size_t keys = 0;

	for (size_t i = 0; i < n; i += 2) {
		struct str *values;
		size_t count = 0, k = 0;

		while (k < keys && out[k].key.p != pairs[i].p)
			k++;
		if (k < keys)
			continue;
		for (size_t j = i; j < n; j += 2)
			count += pairs[j].p == pairs[i].p;
		values = ARENA_ARRAY(a, struct str, count);
		out[keys++] = (struct run_evidence){ pairs[i], values, count };
		for (size_t j = i; j < n; j += 2)
			if (pairs[j].p == pairs[i].p)
				*values++ = pairs[j + 1];
	}
	return keys;
}

static size_t count_keys(const struct str *pairs, size_t n)
{
	size_t keys = 0;

	for (size_t i = 0; i < n; i += 2) {
		size_t j = 0;

		while (j < i && pairs[j].p != pairs[i].p)
			j += 2;
		keys += j == i;
	}
	return keys;
}

static struct evidence_list make_list(struct check_cx *cx)
{
	size_t count = count_keys(cx->pairs, cx->pair_count);
	struct run_evidence *items = ARENA_ARRAY(cx->arena, struct run_evidence, count);

	group_pairs(cx->arena, cx->pairs, cx->pair_count, items);
	return (struct evidence_list){ items, count };
}

/* Interned texts have one address each, so that the bytes of the pairs name the list. */
static const struct evidence_list *intern_list(struct check_cx *cx)
{
	struct interner *in = &cx->interner;
	struct str key = { (const char *)cx->pairs, cx->pair_count * sizeof(*cx->pairs) };
	uint32_t i = hash_get(&in->lists, key);

	if (i != HASH_NONE)
		return &in->list[i];
	in->list = grow(in->list, in->list_count, &in->list_room, sizeof(*in->list));
	in->list[in->list_count] = make_list(cx);
	hash_add(&in->lists, arena_str(&in->keys, key), (uint32_t)in->list_count);
	return &in->list[in->list_count++];
}

static void close_finding(struct check_cx *cx)
{
	if (cx->open < MUTED && cx->pair_count > 0) {
		const struct evidence_list *list = intern_list(cx);

		cx->found[cx->open].evidence = list->items;
		cx->found[cx->open].evidence_count = list->count;
	}
	cx->pair_count = 0;
	cx->open = NO_FINDING;
}

void cx_end_object(struct check_cx *cx)
{
	close_finding(cx);
	arena_reset(&cx->scratch);
}

/* ---- what a check may ask ------------------------------------------------------------------- */

const struct model *cx_model(const struct check_cx *cx)
{
	return cx->model;
}

int64_t cx_now(const struct check_cx *cx)
{
	return model_now(cx->model);
}

static const struct policy_param *find_param(const struct control *c, const char *name)
{
	for (size_t i = 0; i < c->param_count; i++)
		if (str_eq(c->params[i].name, str_of(name)))
			return &c->params[i];
	return NULL;
}

int64_t cx_int(const struct check_cx *cx, const char *param)
{
	const struct policy_param *p = find_param(cx->control, param);

	return p ? p->number : 0;
}

static const struct control *find_asked(const struct check_cx *cx, const char *id)
{
	size_t low = 0, high = cx->control_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct control *c = &cx->controls[middle];
		int order = str_cmp(c->id, str_of(id));

		if (order == 0)
			return c->settings && !c->settings->enabled ? NULL : c;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool cx_asks(const struct check_cx *cx, const char *id)
{
	return find_asked(cx, id) != NULL;
}

int64_t cx_int_of(const struct check_cx *cx, const char *id, const char *param, int64_t otherwise)
{
	const struct control *c = find_asked(cx, id);
	const struct policy_param *p = c ? find_param(c, param) : NULL;

	return p ? p->number : otherwise;
}

bool cx_bool(const struct check_cx *cx, const char *param)
{
	return cx_int(cx, param) != 0;
}

struct str cx_text(const struct check_cx *cx, const char *param)
{
	const struct policy_param *p = find_param(cx->control, param);

	return p ? p->text : (struct str){ 0 };
}

intptr_t cx_arg(const struct check_cx *cx)
{
	return cx->control->check->arg;
}

uint64_t *cx_counter(struct check_cx *cx, unsigned which)
{
	if (which >= CHECK_COUNTERS) {
		cx->broken = "uses a counter that does not exist";
		which = 0;
	}
	return &cx->counters[which];
}

uint64_t cx_examined(const struct check_cx *cx)
{
	return cx->examined > cx->undecided ? cx->examined - cx->undecided : 0;
}

const struct previous_run *cx_previous(const struct check_cx *cx)
{
	return cx->previous;
}

struct arena *cx_arena(struct check_cx *cx)
{
	return &cx->scratch;
}

/* ---- what a check may say ------------------------------------------------------------------- */

static size_t add_found(struct check_cx *cx, const struct found *f)
{
	cx->found = grow(cx->found, cx->found_count, &cx->found_room, sizeof(*cx->found));
	cx->found[cx->found_count++] = *f;
	cx->place[cx_place(cx, f->obj)] = (uint32_t)cx->found_count;
	return cx->found_count - 1;
}

int finding(struct check_cx *cx, const struct ad_object *obj)
{
	return finding_at(cx, obj, cx->control->levels[0]);
}

static bool level_exists(const struct control *c, int level)
{
	for (size_t i = 0; i < c->level_count; i++)
		if (c->levels[i] == level)
			return true;
	return false;
}

int finding_at(struct check_cx *cx, const struct ad_object *obj, int level)
{
	struct found f = { .obj = obj, .level = level };
	uint32_t at;

	close_finding(cx);
	if (!obj || !level_exists(cx->control, level)) {
		cx->broken = obj ? "reports a level that the catalogue does not give it"
				 : "reports a finding on no object";
		cx->open = MUTED;
		return 0;
	}
	if (cx->doubt) {
		cx->open = MUTED;
		return undecided(cx, obj, cx->doubt);
	}
	at = cx->place[cx_place(cx, obj)];
	if (at == 0) {
		cx->open = add_found(cx, &f);
	} else if (cx->found[at - 1].undecided || level < cx->found[at - 1].level) {
		cx->undecided -= cx->found[at - 1].undecided;
		cx->found[at - 1] = f;
		cx->open = at - 1;
	} else {
		cx->open = MUTED;
	}
	return 0;
}

void evidence(struct check_cx *cx, const char *key, struct str value)
{
	if (cx->open == NO_FINDING)
		cx->broken = "gives evidence without a finding";
	if (cx->open >= MUTED)
		return;
	if (cx->pair_count + 2 > cx->pair_room) {
		cx->pair_room = cx->pair_room ? cx->pair_room * 2 : 32;
		cx->pairs = xrealloc(cx->pairs, cx->pair_room * sizeof(*cx->pairs));
	}
	cx->pairs[cx->pair_count++] = cx_intern(cx, str_of(key));
	cx->pairs[cx->pair_count++] = cx_intern(cx, value);
}

void evidence_z(struct check_cx *cx, const char *key, const char *value)
{
	evidence(cx, key, str_of(value));
}

void evidence_int(struct check_cx *cx, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	evidence(cx, key, str_of(text));
}

void evidence_date(struct check_cx *cx, const char *key, int64_t seconds)
{
	char text[DATETIME_TEXT];

	evidence(cx, key, str_of(datetime_iso(seconds, text)));
}

int undecided(struct check_cx *cx, const struct ad_object *obj, const char *reason)
{
	struct str text = cx_intern(cx, str_of(reason));

	if (!obj) {
		if (!cx->control_reason.p)
			cx->control_reason = text;
	} else if (cx->place[cx_place(cx, obj)] == 0) {
		add_found(cx, &(struct found){ .obj = obj, .undecided = true, .reason = text });
		cx->undecided++;
	}
	return 0;
}

int not_applicable(struct check_cx *cx, const char *reason)
{
	if (!cx->inapplicable)
		cx->inapplicable_reason = cx_intern(cx, str_of(reason));
	cx->inapplicable = true;
	return 0;
}

int passed_over(struct check_cx *cx)
{
	if (cx->examined > 0)
		cx->examined--;
	return 0;
}

void note(struct check_cx *cx, const char *text)
{
	struct str copy = cx_intern(cx, str_of(text));

	for (size_t i = 0; i < cx->note_count; i++)
		if (str_eq(cx->notes[i], copy))
			return;
	cx->notes = grow(cx->notes, cx->note_count, &cx->note_room, sizeof(*cx->notes));
	cx->notes[cx->note_count++] = copy;
}
