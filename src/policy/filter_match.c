#include "policy/filter.h"

#include "ad/dn.h"
#include "base/utf8.h"
#include "policy/filter_tree.h"

static enum filter_result known(bool yes)
{
	return yes ? FILTER_TRUE : FILTER_FALSE;
}

static bool ends_with(struct str s, struct str end)
{
	return s.n >= end.n && str_ieq((struct str){ s.p + s.n - end.n, end.n }, end);
}

/* SIDs and GUIDs are bytes: a byte that happens to be a letter has no case. */
static bool is_binary(struct str attribute, struct str value)
{
	return ends_with(attribute, STR("Sid")) || ends_with(attribute, STR("GUID")) ||
	       str_ieq(attribute, STR("sIDHistory")) || !utf8_clean(value);
}

static bool is_same_dn(const struct filter *f, struct str value)
{
	struct arena scratch = { 0 };
	struct str canonical;

	if (!f->canonical.p || !value.n || !memchr(value.p, '=', value.n))
		return false;
	bool same = dn_canonical(&scratch, value, &canonical) && str_eq(canonical, f->canonical);
	arena_free(&scratch);
	return same;
}

static enum filter_result match_equal(const struct filter *f, struct str value)
{
	int64_t number;

	if (str_eq(value, f->value) || (f->binary.p && str_eq(value, f->binary)))
		return FILTER_TRUE;
	if (f->is_number && str_to_i64(value, &number))
		return known(number == f->number);
	if (is_binary(f->attribute, value) && !f->binary.p)
		return FILTER_FALSE;
	return known(utf8_ieq(value, f->value) || is_same_dn(f, value));
}

/* The place of part in s from `from` on, or SIZE_MAX. */
static size_t find(struct str s, size_t from, struct str part)
{
	for (size_t i = from; part.n <= s.n && i <= s.n - part.n; i++)
		if (memcmp(s.p + i, part.p, part.n) == 0)
			return i;
	return SIZE_MAX;
}

static bool has_parts(const struct filter *f, struct str folded)
{
	struct str first = f->parts[0], last = f->parts[f->part_count - 1];

	if (!str_starts(folded, first) || folded.n < first.n + last.n)
		return false;
	size_t at = first.n, end = folded.n - last.n;
	if (!str_eq((struct str){ folded.p + end, last.n }, last))
		return false;
	for (size_t i = 1; i + 1 < f->part_count; i++) {
		at = find((struct str){ folded.p, end }, at, f->parts[i]);
		if (at == SIZE_MAX)
			return false;
		at += f->parts[i].n;
	}
	return true;
}

static enum filter_result match_substring(const struct filter *f, struct str value)
{
	struct arena scratch = { 0 };
	bool yes = has_parts(f, utf8_folded(&scratch, value));

	arena_free(&scratch);
	return known(yes);
}

static enum filter_result match_order(const struct filter *f, struct str value)
{
	struct arena scratch = { 0 };
	int64_t number;
	int order;

	if (f->is_number && str_to_i64(value, &number)) {
		order = number < f->number ? -1 : number > f->number;
	} else {
		order = str_cmp(utf8_folded(&scratch, value), utf8_folded(&scratch, f->value));
		arena_free(&scratch);
	}
	return known(f->op == FILTER_AT_LEAST ? order >= 0 : order <= 0);
}

/* Flags are 32-bit numbers that AD writes with a sign and people write without one. */
static enum filter_result match_bits(const struct filter *f, struct str value)
{
	int64_t number;
	uint64_t wanted = (uint64_t)f->number, mask = UINT64_MAX;

	if (!str_to_i64(value, &number))
		return FILTER_UNDEFINED;
	if (number >= INT32_MIN && number <= UINT32_MAX && f->number >= INT32_MIN &&
		f->number <= UINT32_MAX)
		mask = UINT32_MAX;
	uint64_t common = (uint64_t)number & wanted & mask;
	return known(f->op == FILTER_BIT_AND ? common == (wanted & mask) : common != 0);
}

static enum filter_result match_value(const struct filter *f, struct str value)
{
	switch (f->op) {
	case FILTER_EQUAL:
		return match_equal(f, value);
	case FILTER_SUBSTRING:
		return match_substring(f, value);
	case FILTER_AT_LEAST:
	case FILTER_AT_MOST:
		return match_order(f, value);
	case FILTER_BIT_AND:
	case FILTER_BIT_OR:
		return match_bits(f, value);
	default:
		return FILTER_UNDEFINED;
	}
}

/* An item is true when one value matches (RFC 4511 4.5.1.7); an absent attribute matches nothing,
 * one that could not be read is Undefined. */
static enum filter_result match_item(const struct filter *f, const struct filter_source *s)
{
	enum filter_result result = FILTER_FALSE;
	const struct str *values = NULL;
	size_t count = 0;

	if (f->op == FILTER_IN_CHAIN)
		return s->in_chain ? s->in_chain(s->cx, f->attribute, f->value) : FILTER_UNDEFINED;
	int state = s->get(s->cx, f->attribute, &values, &count);
	if (state <= 0)
		return state < 0 ? FILTER_UNDEFINED : FILTER_FALSE;
	if (f->op == FILTER_PRESENT)
		return FILTER_TRUE;
	for (size_t i = 0; i < count; i++) {
		enum filter_result one = match_value(f, values[i]);

		if (one == FILTER_TRUE)
			return FILTER_TRUE;
		if (one == FILTER_UNDEFINED)
			result = FILTER_UNDEFINED;
	}
	return result;
}

/* The deciding value wins, else Undefined if there is one, else the other value. */
static enum filter_result match_list(
	const struct filter *f, const struct filter_source *s, enum filter_result deciding)
{
	enum filter_result result = deciding == FILTER_TRUE ? FILTER_FALSE : FILTER_TRUE;

	for (const struct filter *child = f->child; child; child = child->next) {
		enum filter_result one = filter_match(child, s);

		if (one == deciding)
			return deciding;
		if (one == FILTER_UNDEFINED)
			result = FILTER_UNDEFINED;
	}
	return result;
}

enum filter_result filter_match(const struct filter *f, const struct filter_source *s)
{
	switch (f->op) {
	case FILTER_AND:
		return match_list(f, s, FILTER_FALSE);
	case FILTER_OR:
		return match_list(f, s, FILTER_TRUE);
	case FILTER_NOT: {
		enum filter_result one = filter_match(f->child, s);

		if (one == FILTER_UNDEFINED)
			return one;
		return known(one == FILTER_FALSE);
	}
	default:
		return match_item(f, s);
	}
}
