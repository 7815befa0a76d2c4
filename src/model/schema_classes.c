#include "model/schema_classes.h"

#include "model/state.h"

#include <stdlib.h>
#include <string.h>

struct schema_classes {
	struct hash by_name; /* lower case lDAPDisplayName to object */
	struct arena arena;
};

#define MAX_DEPTH 64 /* of subClassOf; a real schema has about ten */

static struct str lower(struct arena *a, struct str name)
{
	char *p = arena_alloc(a, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		p[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
	return (struct str){ p, name.n };
}

static const struct schema_classes *classes_of(const struct model *m)
{
	struct schema_classes *s = *m->schema;

	if (s)
		return s;
	s = *m->schema = xcalloc(1, sizeof(*s));
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct str name = obj_value(o, ATTR_LDAP_DISPLAY_NAME, 0);

		if ((object_class_flags(m, o) & CLASS_CLASS_SCHEMA) && name.n)
			hash_add(&s->by_name, lower(&s->arena, name), (uint32_t)i);
	}
	return s;
}

void schema_classes_free(struct schema_classes *s)
{
	if (!s)
		return;
	hash_free(&s->by_name);
	arena_free(&s->arena);
	free(s);
}

const struct ad_object *schema_class(const struct model *m, struct str name)
{
	struct arena scratch = { 0 };
	uint32_t at = hash_get(&classes_of(m)->by_name, lower(&scratch, name));

	arena_free(&scratch);
	return at == HASH_NONE ? NULL : &m->objects[at];
}

/* A class and those it is made from: subClassOf up to top, and auxiliary classes on the way. */
struct closure {
	const struct ad_object *of[MAX_DEPTH];
	size_t count, derived; /* the first `derived` are by subClassOf */
	bool in_part;
};

static void add(struct closure *c, const struct ad_object *o)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->of[i] == o)
			return;
	if (!o || c->count == MAX_DEPTH)
		c->in_part = true;
	else
		c->of[c->count++] = o;
}

/* Each class read is followed once: a loop in a damaged schema ends. */
static void follow(struct closure *c, const struct model *m, enum attr a, size_t from)
{
	for (size_t i = from; i < c->count; i++) {
		if (model_readable(m, c->of[i], a) != READABLE)
			c->in_part = true;
		for (size_t v = 0; v < obj_count(c->of[i], a); v++)
			add(c, schema_class(m, obj_value(c->of[i], a, v)));
	}
}

static struct closure closure_of(const struct model *m, const struct ad_object *o)
{
	struct closure c = { { 0 }, 0, 0, false };

	add(&c, o);
	follow(&c, m, ATTR_SUB_CLASS_OF, 0);
	c.derived = c.count;
	follow(&c, m, ATTR_AUXILIARY_CLASS, 0);
	follow(&c, m, ATTR_SYSTEM_AUXILIARY_CLASS, 0);
	follow(&c, m, ATTR_SUB_CLASS_OF, c.derived);
	return c;
}

/* May objects of class `child` stand below one of class `parent`? Possible superiors are those of
 * all that the child is made from; a parent is what it derives from as well (MS-ADTS
 * 3.1.1.2.4.5). */
static enum tri may_stand_below(
	const struct model *m, const struct closure *child, const struct closure *parent)
{
	static const enum attr lists[] = { ATTR_POSS_SUPERIORS, ATTR_SYSTEM_POSS_SUPERIORS };
	enum tri answer = child->in_part || parent->in_part ? UNKNOWN : NO;

	for (size_t i = 0; i < child->count; i++)
		for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
			if (model_readable(m, child->of[i], lists[l]) != READABLE)
				answer = UNKNOWN;
			for (size_t v = 0; v < obj_count(child->of[i], lists[l]); v++)
				for (size_t p = 0; p < parent->derived; p++)
					if (str_ieq(obj_value(child->of[i], lists[l], v),
						    obj_value(parent->of[p], ATTR_LDAP_DISPLAY_NAME,
							    0)))
						return YES;
		}
	return answer;
}

/* Is there one of `names` that may stand on the other side of c? */
static enum tri any_of(const struct model *m, const struct closure *c, const char *const *names,
	size_t n, bool as_parent, struct str *which)
{
	enum tri answer = NO;

	for (size_t i = 0; i < n; i++) {
		const struct ad_object *o = schema_class(m, str_of(names[i]));
		enum tri one = UNKNOWN;

		if (o) {
			struct closure other = closure_of(m, o);

			one = as_parent ? may_stand_below(m, c, &other)
					: may_stand_below(m, &other, c);
		}
		if (one == YES) {
			*which = str_of(names[i]);
			return YES;
		}
		if (one == UNKNOWN)
			answer = UNKNOWN;
	}
	return answer;
}

enum tri schema_class_is_ladder(const struct model *m, const struct ad_object *class_schema,
	struct str *below, struct str *holds)
{
	static const char *const parents[] = { "user", "computer" };
	static const char *const children[] = { "user", "computer", "group" };
	struct closure c = closure_of(m, class_schema);
	enum tri under = any_of(m, &c, parents, ARRAY_LEN(parents), true, below);
	enum tri over;

	if (under == NO)
		return NO;
	over = any_of(m, &c, children, ARRAY_LEN(children), false, holds);
	return over == NO ? NO : under == YES ? over : UNKNOWN;
}
