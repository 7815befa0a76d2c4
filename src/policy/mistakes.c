#include "policy/schema.h"

#include <stdarg.h>

#define LONGEST_KEY 64u

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

/* Levenshtein's distance of two short words; a large number for long ones. */
static size_t edit_distance(struct str a, struct str b)
{
	size_t row[LONGEST_KEY + 1];

	if (a.n > LONGEST_KEY || b.n > LONGEST_KEY)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t above = row[j];
			size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[b.n];
}

void schema_unknown_key(struct mistakes *m, struct policy_position at, struct str key,
	const struct field *fields, size_t count)
{
	const char *nearest = NULL;
	size_t least = 3;
	struct buf names = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t d = edit_distance(key, str_of(fields[i].name));

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
