/* The policy against the catalogue: every id, parameter and waiver must mean something. */
#include "engine/internal.h"

#include "policy/filter.h"
#include "snapshot/snapshot.h"

#include <stdarg.h>
#include <stdlib.h>

struct binder {
	const struct catalogue *c;
	struct policy *p;
	struct policy_mistake *list;
	size_t count, room;
	const struct custom_control *custom; /* the one under way */
};

static void mistake(struct binder *b, struct policy_position at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static void mistake(struct binder *b, struct policy_position at, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (b->count == b->room) {
		b->room = b->room ? b->room * 2 : 16;
		b->list = xrealloc(b->list, b->room * sizeof(*b->list));
	}
	b->list[b->count++] = (struct policy_mistake){ at, arena_str(&b->p->arena, str_of(text)) };
}

/* ---- did you mean --------------------------------------------------------------------------- */

#define ID_BYTES 96

struct nearest {
	struct str wanted, best;
	size_t distance;
};

static void consider(struct nearest *n, struct str candidate)
{
	size_t d = str_distance(n->wanted, candidate);

	if (d < n->distance && d <= 1 + n->wanted.n / 4) {
		n->distance = d;
		n->best = candidate;
	}
}

/* "; did you mean 'x'?" or nothing, in out. */
static const char *suggestion(const struct nearest *n, char *out, size_t room)
{
	out[0] = '\0';
	if (n->best.p)
		snprintf(out, room, "; did you mean '%.*s'?", STR_ARG(n->best));
	return out;
}

static void unknown_control(struct binder *b, struct policy_position at, struct str id)
{
	struct nearest n = { .wanted = id, .distance = SIZE_MAX };
	char text[ID_BYTES + 32];

	for (size_t i = 0; i < b->c->entry_count; i++)
		consider(&n, b->c->entries[i].id);
	for (size_t i = 0; i < b->p->custom_count; i++)
		consider(&n, b->p->custom[i].id);
	mistake(b, at, "there is no control '%.*s'%s (adhygiene controls lists them)", STR_ARG(id),
		suggestion(&n, text, sizeof(text)));
}

/* ---- controls and their parameters ---------------------------------------------------------- */

static const struct custom_control *find_custom(const struct policy *p, struct str id)
{
	for (size_t i = 0; i < p->custom_count; i++)
		if (str_eq(p->custom[i].id, id))
			return &p->custom[i];
	return NULL;
}

static const struct policy_param *find_default(const struct catalogue_entry *e, struct str name)
{
	for (size_t i = 0; i < e->default_count; i++)
		if (str_eq(e->defaults[i].name, name))
			return &e->defaults[i];
	return NULL;
}

static void unknown_parameter(
	struct binder *b, const struct catalogue_entry *e, const struct policy_param *v)
{
	struct nearest n = { .wanted = v->name, .distance = SIZE_MAX };
	char text[ID_BYTES + 32];

	for (size_t i = 0; i < e->default_count; i++)
		consider(&n, e->defaults[i].name);
	mistake(b, v->at, "%.*s has no parameter '%.*s'%s", STR_ARG(e->id), STR_ARG(v->name),
		suggestion(&n, text, sizeof(text)));
}

static const char *const kind_words[] = {
	[PARAM_INT] = "a whole number",
	[PARAM_BOOL] = "true or false",
	[PARAM_STRING] = "a text",
};

static void bind_parameter(
	struct binder *b, const struct catalogue_entry *e, const struct policy_param *v)
{
	const struct param_spec *spec = check_param_spec(e->check, v->name);
	const struct policy_param *base = find_default(e, v->name);

	if (!spec || !base) {
		unknown_parameter(b, e, v);
	} else if (v->kind != spec->kind) {
		mistake(b, v->at, "%.*s: '%s' must be %s", STR_ARG(e->id), spec->name,
			kind_words[spec->kind]);
	} else if (spec->kind == PARAM_INT && (v->number < spec->min || v->number > spec->max)) {
		mistake(b, v->at, "%.*s: '%s' must be from %lld to %lld, not %lld", STR_ARG(e->id),
			spec->name, (long long)spec->min, (long long)spec->max,
			(long long)v->number);
	} else if (str_starts(e->id, STR("vuln_")) && spec->kind != PARAM_STRING &&
		   ((spec->stricter < 0 && v->number > base->number) ||
			   (spec->stricter > 0 && v->number < base->number))) {
		mistake(b, v->at,
			"%.*s: '%s' may be tightened, never loosened: ANSSI's value is %lld; "
			"accept "
			"the risk with a waiver instead",
			STR_ARG(e->id), spec->name, (long long)base->number);
	}
}

static void bind_control(struct binder *b, const struct policy_control *pc)
{
	const struct catalogue_entry *e = catalogue_find(b->c, pc->id);

	if (!e && !find_custom(b->p, pc->id)) {
		unknown_control(b, pc->at, pc->id);
		return;
	}
	for (size_t i = 0; i < pc->param_count; i++) {
		if (e)
			bind_parameter(b, e, &pc->params[i]);
		else
			mistake(b, pc->params[i].at, "a custom control has no parameter '%.*s'",
				STR_ARG(pc->params[i].name));
	}
}

/* ---- the site's own controls ---------------------------------------------------------------- */

static void bind_attribute(void *cx, struct str name)
{
	struct binder *b = cx;

	if (!custom_attribute_known(name))
		mistake(b, b->custom->at,
			"custom control %.*s: there is no derived attribute '%.*s'",
			STR_ARG(b->custom->id), STR_ARG(name));
	else if (snapshot_is_secret(name))
		mistake(b, b->custom->at,
			"custom control %.*s: '%.*s' is a secret that is never read",
			STR_ARG(b->custom->id), STR_ARG(name));
}

static void bind_custom(struct binder *b, size_t i)
{
	const struct custom_control *c = &b->p->custom[i];
	enum ad_kind kind;

	if (!ad_kind_parse(c->each, &kind))
		mistake(b, c->at, "custom control %.*s: there is no kind of object '%.*s'",
			STR_ARG(c->id), STR_ARG(c->each));
	if (catalogue_find(b->c, c->id))
		mistake(b, c->at, "the catalogue already has a control '%.*s'", STR_ARG(c->id));
	b->custom = c;
	if (c->parsed)
		filter_attributes(c->parsed, bind_attribute, b);
}

/* ---- the whole ------------------------------------------------------------------------------ */

int engine_bind(const struct catalogue *c, struct policy *p, const struct policy_mistake **mistakes,
	size_t *mistake_count, struct err *err)
{
	struct binder b = { .c = c, .p = p };
	struct policy_mistake *list;

	for (size_t i = 0; i < p->control_count; i++)
		bind_control(&b, &p->controls[i]);
	for (size_t i = 0; i < p->custom_count; i++)
		bind_custom(&b, i);
	if (p->identity_attribute.n && snapshot_is_secret(p->identity_attribute))
		mistake(&b, p->populations[POPULATION_IDENTITY].at,
			"identity: '%.*s' is a secret that is never read",
			STR_ARG(p->identity_attribute));
	for (size_t i = 0; i < p->waiver_count; i++)
		if (!catalogue_find(c, p->waivers[i].control) &&
			!find_custom(p, p->waivers[i].control))
			unknown_control(&b, p->waivers[i].at, p->waivers[i].control);
	list = ARENA_ARRAY(&p->arena, struct policy_mistake, b.count);
	if (b.count > 0)
		memcpy(list, b.list, b.count * sizeof(*list));
	free(b.list);
	*mistakes = list;
	*mistake_count = b.count;
	if (b.count == 0)
		return 0;
	return err_set(err, ERR_USAGE, "%s:%u:%u: %.*s", list[0].at.file, list[0].at.line,
		list[0].at.column, STR_ARG(list[0].text));
}

static const struct policy_control *find_settings(const struct policy *p, struct str id)
{
	for (size_t i = 0; i < p->control_count; i++)
		if (str_eq(p->controls[i].id, id))
			return &p->controls[i];
	return NULL;
}

size_t engine_parameters(const struct catalogue_entry *e, const struct policy *p,
	struct policy_param *out, size_t max)
{
	const struct policy_control *pc = find_settings(p, e->id);
	size_t count = e->default_count < max ? e->default_count : max;

	for (size_t i = 0; i < count; i++) {
		out[i] = e->defaults[i];
		for (size_t j = 0; pc && j < pc->param_count; j++)
			if (str_eq(pc->params[j].name, out[i].name))
				out[i] = pc->params[j];
	}
	return count;
}

struct keep {
	struct arena *a;
	struct str *names;
	size_t count, room;
};

static void keep_name(void *cx, struct str name)
{
	struct keep *k = cx;

	if (str_istarts(name, STR("x-")) || attr_by_name(name) != ATTR_NONE)
		return;
	for (size_t i = 0; i < k->count; i++)
		if (str_ieq(k->names[i], name))
			return;
	if (k->count == k->room) {
		k->room = k->room ? k->room * 2 : 16;
		k->names = xrealloc(k->names, k->room * sizeof(*k->names));
	}
	k->names[k->count++] = name;
}

size_t engine_attributes(const struct policy *p, struct arena *a, const struct str **out)
{
	struct keep k = { .a = a };
	struct str *names;

	for (size_t i = 0; i < p->custom_count; i++)
		if (p->custom[i].parsed)
			filter_attributes(p->custom[i].parsed, keep_name, &k);
	if (p->identity_attribute.n)
		keep_name(&k, p->identity_attribute);
	names = ARENA_ARRAY(a, struct str, k.count);
	for (size_t i = 0; i < k.count; i++)
		names[i] = arena_str(a, k.names[i]);
	free(k.names);
	*out = names;
	return k.count;
}
