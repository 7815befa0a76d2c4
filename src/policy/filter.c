#include "policy/filter.h"

#include "ad/dn.h"
#include "ad/guid.h"
#include "ad/sid.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "policy/filter_tree.h"

struct parser {
	struct arena *a;
	struct str text;
	size_t at;
	unsigned nodes;
	const char *problem; /* the first one, and where */
	size_t problem_at;
};

static struct filter *fail(struct parser *p, size_t at, const char *problem)
{
	if (!p->problem) {
		p->problem = problem;
		p->problem_at = at;
	}
	return NULL;
}

static char peek(const struct parser *p)
{
	if (p->at >= p->text.n)
		return '\0';
	return p->text.p[p->at];
}

/* RFC 4515 has no spaces between components, but folded YAML text does. */
static void skip_spaces(struct parser *p)
{
	while (peek(p) == ' ' || peek(p) == '\n' || peek(p) == '\t')
		p->at++;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct filter *new_node(struct parser *p, enum filter_op op)
{
	if (++p->nodes > LIMIT_FILTER_NODES)
		return fail(p, p->at, "the filter has too many parts");
	struct filter *f = ARENA_NEW(p->a, struct filter);
	f->op = op;
	return f;
}

/* Takes the next character when it is c. */
static bool take(struct parser *p, char c)
{
	if (peek(p) != c)
		return false;
	p->at++;
	return true;
}

/* descr of RFC 4512 1.4; options such as ;range do not exist on what was read. */
static bool read_attribute(struct parser *p, struct str *out)
{
	size_t start = p->at;

	if (!is_letter(peek(p))) {
		fail(p, start, "the name of an attribute is needed");
		return false;
	}
	while (is_letter(peek(p)) || is_digit(peek(p)) || peek(p) == '-')
		p->at++;
	*out = (struct str){ p->text.p + start, p->at - start };
	return true;
}

/* One run of a value up to ')' or '*', unescaped (RFC 4515 section 3). */
static bool read_run(struct parser *p, struct str *out)
{
	struct buf b = { 0 };

	while (p->at < p->text.n && peek(p) != ')' && peek(p) != '*') {
		char c = p->text.p[p->at];

		if (c == '(' || c == '\0') {
			fail(p, p->at, c ? "write ( as \\28 in a value" : "write NUL as \\00");
			break;
		}
		if (c == '\\') {
			int high = p->at + 2 < p->text.n ? hex_digit(p->text.p[p->at + 1]) : -1;
			int low = high >= 0 ? hex_digit(p->text.p[p->at + 2]) : -1;

			if (low < 0) {
				fail(p, p->at, "\\ needs two hexadecimal digits; write \\ as \\5c");
				break;
			}
			c = (char)(unsigned char)(high * 16 + low);
			p->at += 2;
		}
		buf_putc(&b, c);
		p->at++;
	}
	*out = arena_str(p->a, buf_str(&b));
	buf_free(&b);
	return !p->problem;
}

/* What the value may also be; found once here and not for every object. */
static void interpret_value(struct parser *p, struct filter *f)
{
	struct guid guid;
	struct sid sid;
	struct str dn;

	f->is_number = str_to_i64(f->value, &f->number);
	if (f->value.n && memchr(f->value.p, '=', f->value.n) && dn_canonical(p->a, f->value, &dn))
		f->canonical = dn;
	if (sid_from_text(f->value, &sid)) {
		unsigned char *bytes = arena_alloc(p->a, 68);

		f->binary = (struct str){ (const char *)bytes, sid_bytes(&sid, bytes) };
	} else if (guid_from_text(f->value, &guid)) {
		f->binary = arena_str(p->a, (struct str){ (const char *)guid.b, sizeof(guid.b) });
	}
}

/* A value without '*'. */
static struct filter *read_plain(struct parser *p, struct filter *f)
{
	if (!read_run(p, &f->value))
		return NULL;
	if (peek(p) == '*')
		return fail(p, p->at, "'*' has a meaning only after =; write * as \\2a");
	interpret_value(p, f);
	return f;
}

/* After '=': equality, presence or substrings. */
static struct filter *read_equality(struct parser *p, struct filter *f)
{
	struct str *parts = NULL;
	size_t room = 0, count = 0;
	bool more, empty = false;

	do {
		struct str part;

		if (count == room) {
			room = room ? room * 2 : 4;
			parts = xrealloc(parts, room * sizeof(*parts));
		}
		if (!read_run(p, &part))
			break;
		more = take(p, '*');
		/* "a**b" is not in the grammar: between two stars stands something. */
		if (count && more && part.n == 0)
			empty = true;
		parts[count++] = part;
	} while (more);
	if (empty)
		fail(p, p->at, "two '*' without anything between them");
	if (!p->problem && count == 1) {
		f->op = FILTER_EQUAL;
		f->value = parts[0];
		interpret_value(p, f);
	} else if (!p->problem && count == 2 && !parts[0].n && !parts[1].n) {
		f->op = FILTER_PRESENT;
	} else if (!p->problem) {
		struct str *folded = ARENA_ARRAY(p->a, struct str, count);

		f->op = FILTER_SUBSTRING;
		for (size_t i = 0; i < count; i++)
			folded[i] = utf8_folded(p->a, parts[i]);
		f->parts = folded;
		f->part_count = count;
	}
	free(parts);
	return p->problem ? NULL : f;
}

/* After "attribute:": one of AD's three rules (MS-ADTS 3.1.1.3.4.4). */
static struct filter *read_rule(struct parser *p, struct filter *f)
{
	static const struct {
		const char *oid;
		enum filter_op op;
	} rules[] = {
		{ "1.2.840.113556.1.4.803", FILTER_BIT_AND },
		{ "1.2.840.113556.1.4.804", FILTER_BIT_OR },
		{ "1.2.840.113556.1.4.1941", FILTER_IN_CHAIN },
	};
	size_t start = p->at, i = 0;

	while (p->at < p->text.n && peek(p) != ':' && peek(p) != ')' && peek(p) != '(')
		p->at++;
	struct str oid = { p->text.p + start, p->at - start };
	if (str_ieq(oid, STR("dn")))
		return fail(p, start, "matching on the parts of a DN (:dn:) is not supported");
	while (i < ARRAY_LEN(rules) && !str_eq(oid, str_of(rules[i].oid)))
		i++;
	if (i == ARRAY_LEN(rules))
		return fail(p, start,
			"an unknown matching rule; there are 1.2.840.113556.1.4.803 (all bits), "
			"804 (any bit) and 1941 (in chain)");
	if (!take(p, ':') || !take(p, '='))
		return fail(p, p->at, "':=' is needed after the matching rule");
	f->op = rules[i].op;
	start = p->at;
	if (!read_plain(p, f))
		return NULL;
	if (f->op == FILTER_IN_CHAIN && !f->canonical.p)
		return fail(p, start, "this matching rule needs a distinguished name");
	if (f->op != FILTER_IN_CHAIN && !f->is_number)
		return fail(p, start, "this matching rule needs a decimal whole number");
	return f;
}

static struct filter *read_item(struct parser *p)
{
	struct filter *f = new_node(p, FILTER_EQUAL);

	if (!f || !read_attribute(p, &f->attribute))
		return NULL;
	if (take(p, '='))
		return read_equality(p, f);
	if (take(p, ':'))
		return read_rule(p, f);
	char c = peek(p);
	if ((c == '>' || c == '<' || c == '~') && p->at + 1 < p->text.n &&
		p->text.p[p->at + 1] == '=') {
		p->at += 2;
		f->op = c == '>' ? FILTER_AT_LEAST : c == '<' ? FILTER_AT_MOST : FILTER_EQUAL;
		return read_plain(p, f);
	}
	return fail(p, p->at, "one of = >= <= ~= := is needed after the attribute");
}

static struct filter *read_filter(struct parser *p, unsigned depth);

static struct filter *read_list(struct parser *p, enum filter_op op, unsigned depth)
{
	struct filter *f = new_node(p, op);
	const struct filter **last = f ? &f->child : NULL;

	p->at++;
	if (!f)
		return NULL;
	skip_spaces(p);
	while (peek(p) == '(') {
		struct filter *child = read_filter(p, depth + 1);

		if (!child)
			return NULL;
		*last = child;
		last = &child->next;
		skip_spaces(p);
		if (op == FILTER_NOT)
			break;
	}
	if (!f->child)
		return fail(p, p->at, "'(' is needed: & | and ! stand before components");
	return f;
}

static struct filter *read_filter(struct parser *p, unsigned depth)
{
	struct filter *f;

	skip_spaces(p);
	size_t start = p->at;
	if (!take(p, '('))
		return fail(p, p->at, "'(' is needed");
	if (depth >= LIMIT_FILTER_DEPTH)
		return fail(p, start, "the filter is nested too deeply");
	skip_spaces(p);
	switch (peek(p)) {
	case '&':
		f = read_list(p, FILTER_AND, depth);
		break;
	case '|':
		f = read_list(p, FILTER_OR, depth);
		break;
	case '!':
		f = read_list(p, FILTER_NOT, depth);
		break;
	default:
		f = read_item(p);
		break;
	}
	if (!f)
		return NULL;
	if (!take(p, ')'))
		return fail(p, p->at, "')' is needed");
	return f;
}

int filter_parse(struct arena *a, struct str text, const struct filter **out, size_t *column,
	struct err *err)
{
	struct parser p = { .a = a, .text = arena_str(a, text) };
	struct filter *f = read_filter(&p, 0);

	skip_spaces(&p);
	if (f && p.at < p.text.n)
		f = fail(&p, p.at, "the filter ends before this");
	if (!f) {
		*column = utf8_length((struct str){ text.p, p.problem_at }) + 1;
		return err_set(err, ERR_USAGE,
			"the filter is wrong at character %zu: %s (RFC 4515).", *column, p.problem);
	}
	*out = f;
	return 0;
}

void filter_attributes(const struct filter *f, void (*each)(void *cx, struct str name), void *cx)
{
	if (f->attribute.n)
		each(cx, f->attribute);
	for (const struct filter *child = f->child; child; child = child->next)
		filter_attributes(child, each, cx);
}
