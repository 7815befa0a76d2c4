/* A filter, a NUL, and the bytes of one value: parsed and evaluated. A filter and its negation
 * never agree unless both are Undefined. */
#include "policy/filter.h"

#include <assert.h>

struct object {
	struct str value;
};

static int get(void *cx, struct str attribute, const struct str **values, size_t *count)
{
	struct object *o = cx;

	if (attribute.n % 3 == 0)
		return -1;
	*values = &o->value;
	*count = 1;
	return attribute.n % 3 == 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct object o = { { NULL, 0 } };
	struct str text = str_cut((struct str){ (const char *)data, size }, '\0', &o.value);
	const struct filter_source source = { .cx = &o, .get = get };
	const struct filter *f, *negated;
	size_t column = 0;
	struct err err;

	if (filter_parse(&a, text, &f, &column, &err)) {
		assert(column > 0 && column <= size + 1);
	} else {
		enum filter_result r = filter_match(f, &source);

		text = arena_printf(&a, "(!%.*s)", STR_ARG(text));
		/* One level deeper it may be over the bound on nesting. */
		if (!filter_parse(&a, text, &negated, &column, &err)) {
			enum filter_result n = filter_match(negated, &source);

			assert(r == FILTER_UNDEFINED ? n == r : n != r && n != FILTER_UNDEFINED);
		}
	}
	arena_free(&a);
	return 0;
}
