#include "collect/range.h"

#include "base/limits.h"

static bool parse_bounds(struct str text, struct range *r)
{
	struct str high, low = str_cut(text, '-', &high);
	uint64_t a, b = 0;

	if (!high.p || !str_to_u64(low, &a) || a > LIMIT_VALUES_PER_ATTRIBUTE)
		return false;
	r->last = str_eq(high, STR("*"));
	if (!r->last && (!str_to_u64(high, &b) || b < a || b > LIMIT_VALUES_PER_ATTRIBUTE))
		return false;
	r->low = (uint32_t)a;
	r->high = (uint32_t)b;
	return true;
}

enum range_kind range_parse(struct str attribute, struct range *out)
{
	struct range r = { 0 };
	struct str options, option;
	enum range_kind kind = RANGE_NONE;

	r.name = str_cut(attribute, ';', &options);
	while (options.p && kind == RANGE_NONE) {
		option = str_cut(options, ';', &options);
		if (!str_istarts(option, STR("range=")))
			continue;
		kind = parse_bounds((struct str){ option.p + 6, option.n - 6 }, &r) ? RANGE_PART
										    : RANGE_DAMAGED;
	}
	*out = r;
	return kind;
}
