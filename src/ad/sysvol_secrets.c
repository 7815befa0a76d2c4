#include "ad/sysvol_secrets.h"

#include "ad/gpo_text.h"
#include "ad/gpp.h"
#include "ad/registry_pol.h"
#include "base/arena.h"

static struct str cut(struct str s, size_t from, size_t to)
{
	return (struct str){ s.p + from, to - from };
}

static bool ends(struct str s, struct str end)
{
	return s.n >= end.n && str_ieq(cut(s, s.n - end.n, s.n), end);
}

static bool holds(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_ieq(cut(s, i, i + part.n), part))
			return true;
	return false;
}

enum secret_name secret_name_of(struct str name)
{
	static const char *const last[] = { "password", "passwd", "passphrase", "passwort",
		"motdepasse", "pwd" };
	static const char *const anywhere[] = { "passw", "passphrase", "motdepasse", "pwd",
		"secret", "credential", "apikey", "privatekey" };

	for (size_t i = 0; i < ARRAY_LEN(last); i++)
		if (ends(name, str_of(last[i])))
			return SECRET_LIKELY;
	for (size_t i = 0; i < ARRAY_LEN(anywhere); i++)
		if (holds(name, str_of(anywhere[i])))
			return SECRET_POSSIBLE;
	return SECRET_NO;
}

/* Copies s to out, what lies between from and to replaced. */
struct copy {
	struct str s;
	size_t written;
	struct buf *out;
};

static void copy_without(struct copy *c, size_t from, size_t to)
{
	if (to <= from || str_eq(cut(c->s, from, to), STR(GPP_REDACTED)))
		return;
	buf_put(c->out, c->s.p + c->written, from - c->written);
	buf_putz(c->out, GPP_REDACTED);
	c->written = to;
}

static void copy_rest(struct copy *c)
{
	buf_put(c->out, c->s.p + c->written, c->s.n - c->written);
}

/* ---- preferences ---------------------------------------------------------------------------- */

struct attribute {
	size_t name, name_end, value, value_end, next;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t skip_spaces(struct str s, size_t at)
{
	while (at < s.n &&
		(s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\n' || s.p[at] == '\r'))
		at++;
	return at;
}

/* The next name='value' of the tag that `at` stands in; false at its end. */
static bool next_attribute(struct str s, size_t at, struct attribute *a)
{
	while (at < s.n && s.p[at] != '>') {
		if (s.p[at] == '"' || s.p[at] == '\'' || !is_word(s.p[at])) {
			at++;
			continue;
		}
		a->name = at;
		while (at < s.n && is_word(s.p[at]))
			at++;
		a->name_end = at;
		size_t equals = skip_spaces(s, at);
		size_t quote = skip_spaces(s, equals + 1);

		if (equals >= s.n || s.p[equals] != '=' || quote >= s.n ||
			(s.p[quote] != '"' && s.p[quote] != '\''))
			continue;
		a->value = a->value_end = quote + 1;
		while (a->value_end < s.n && s.p[a->value_end] != s.p[quote])
			a->value_end++;
		a->next = a->value_end < s.n ? a->value_end + 1 : s.n;
		return true;
	}
	return false;
}

/* <Properties name="DefaultPassword" … value="…">, whatever the order. */
static bool tag_names_secret(struct str s, size_t at)
{
	struct attribute a;
	bool found = false;

	for (; next_attribute(s, at, &a); at = a.next) {
		struct str name = cut(s, a.name, a.name_end);

		found |= (str_ieq(name, STR("name")) || str_ieq(name, STR("property"))) &&
			 secret_name_of(cut(s, a.value, a.value_end)) != SECRET_NO;
	}
	return found;
}

/* "PASSWORD = x": preferences repeat the value for the console. */
static bool is_program_argument(struct str name)
{
	return str_ieq(name, STR("args")) || str_ieq(name, STR("arguments")) ||
	       str_ieq(name, STR("cmdLine"));
}

/* Works on the copy's text from a '<'; returns where the tag ends. */
static size_t redact_tag(struct copy *c, size_t at)
{
	bool secret = tag_names_secret(c->s, at);
	struct attribute a;

	for (; next_attribute(c->s, at, &a); at = a.next) {
		struct str name = cut(c->s, a.name, a.name_end);

		if (is_program_argument(name) ||
			(secret && (str_ieq(name, STR("value")) || str_ieq(name, STR("status")))))
			copy_without(c, a.value, a.value_end);
	}
	while (at < c->s.n && c->s.p[at] != '>')
		at++;
	return at;
}

static bool element_is(struct str s, size_t at, struct str name)
{
	return at + name.n <= s.n && str_ieq(cut(s, at, at + name.n), name);
}

static void redact_xml(struct str bytes, struct buf *out)
{
	static const struct str arguments = { "<Arguments>", 11 };
	struct buf first = { 0 };

	gpp_redact(bytes, &first);
	struct copy c = { buf_str(&first), 0, out };
	for (size_t i = 0; i < c.s.n; i++) {
		if (c.s.p[i] != '<')
			continue;
		if (!element_is(c.s, i, arguments)) {
			i = redact_tag(&c, i);
			continue;
		}
		size_t from = i + arguments.n, to = from;
		while (to < c.s.n && c.s.p[to] != '<')
			to++;
		copy_without(&c, from, to);
		i = to - 1;
	}
	copy_rest(&c);
	buf_free(&first);
}

/* ---- text ----------------------------------------------------------------------------------- */

static bool is_secret_line(struct str section, struct str key, struct str value)
{
	size_t at = key.n;

	if (!str_ieq(section, STR("Registry Values")) || str_starts(value, STR("4,")))
		return false;
	while (at > 0 && key.p[at - 1] != '\\')
		at--;
	return secret_name_of(ini_unquote(cut(key, at, key.n))) != SECRET_NO;
}

/* Replaces the values of lines; of a registry value only what stands behind its type. */
static void redact_lines(struct str bytes, bool scripts, struct buf *out)
{
	struct arena a = { 0 };
	struct copy c = { gpo_text(&a, bytes), 0, out };
	struct ini i = { .rest = c.s };
	struct ini_line line;

	while (ini_next(&i, &line)) {
		struct str rest;
		struct str value = line.value;

		if (!value.n)
			continue;
		if (scripts ? !ends(line.key, STR("Parameters"))
			    : !is_secret_line(line.section, line.key, value))
			continue;
		if (!scripts) {
			str_cut(value, ',', &rest);
			value = rest;
		}
		if (value.p)
			copy_without(
				&c, (size_t)(value.p - c.s.p), (size_t)(value.p - c.s.p) + value.n);
	}
	copy_rest(&c);
	arena_free(&a);
}

bool sysvol_redact(struct str path, struct str bytes, struct buf *out)
{
	if (ends(path, STR(".xml")))
		redact_xml(bytes, out);
	else if (ends(path, STR("registry.pol")))
		registry_pol_redact(bytes, out);
	else if (ends(path, STR("gpttmpl.inf")))
		redact_lines(bytes, false, out);
	else if (ends(path, STR("scripts.ini")))
		redact_lines(bytes, true, out);
	else
		return false;
	return true;
}
