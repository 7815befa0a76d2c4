#include "policy/schema.h"

#include <stdarg.h>

void mistakes_add(struct mistakes *m, struct policy_position at, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (m->count == ARRAY_LEN(m->list)) {
		m->more = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* A quoted key or value may hold anything, and this goes to a terminal. */
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	m->list[m->count++] = (struct policy_mistake){ at, arena_str(m->a, str_of(text)) };
}

void schema_unknown_key(struct mistakes *m, struct policy_position at, struct str key,
	const struct field *fields, size_t count)
{
	const char *nearest = NULL;
	size_t least = 3;
	struct buf names = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t d = str_distance(key, str_of(fields[i].name));

		if (d < least && d < strlen(fields[i].name)) {
			least = d;
			nearest = fields[i].name;
		}
		buf_printf(&names, "%s%s", i ? ", " : "", fields[i].name);
	}
	if (nearest)
		mistakes_add(
			m, at, "unknown key '%.*s'; did you mean '%s'?", STR_ARG(key), nearest);
	else
		mistakes_add(m, at, "unknown key '%.*s'; the keys here are %s.", STR_ARG(key),
			buf_z(&names));
	buf_free(&names);
}

struct str policy_position_text(struct arena *a, struct policy_position at)
{
	return arena_printf(a, "%s:%u:%u", at.file, at.line, at.column);
}
