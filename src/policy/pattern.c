#include "policy/pattern.h"

#include "base/limits.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static void *take(size_t n, void *arena)
{
	return arena_alloc(arena, n);
}

static void give_back(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

int pattern_compile(struct arena *a, struct str text, const struct pattern **out, struct err *err)
{
	pcre2_general_context *memory = pcre2_general_context_create(take, give_back, a);
	struct pattern *p = ARENA_NEW(a, struct pattern);
	int code = 0;
	PCRE2_SIZE offset = 0;

	if (text.n > LIMIT_PATTERN_BYTES)
		return err_set(err, ERR_USAGE, "the pattern is longer than %u bytes; shorten it.",
			LIMIT_PATTERN_BYTES);
	pcre2_compile_context *options = pcre2_compile_context_create(memory);
	p->limits = pcre2_match_context_create(memory);
	p->code = pcre2_compile((PCRE2_SPTR)(text.p ? text.p : ""), text.n,
		PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &offset, options);
	if (!p->code) {
		PCRE2_UCHAR message[256] = { 0 };

		pcre2_get_error_message(code, message, sizeof(message));
		return err_set(err, ERR_USAGE,
			"the pattern is not a regular expression (PCRE2): %s at character %zu.",
			(const char *)message, (size_t)offset + 1);
	}
	pcre2_set_match_limit(p->limits, LIMIT_PATTERN_STEPS);
	pcre2_set_heap_limit(p->limits, LIMIT_PATTERN_KIB);
	*out = p;
	return 0;
}

enum pattern_result pattern_match(const struct pattern *p, struct str subject)
{
	/* Not from the pattern's arena: what a match takes is given back after it. */
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);

	if (!found)
		return PATTERN_UNDECIDED;
	int rc = pcre2_match(p->code, (PCRE2_SPTR)(subject.p ? subject.p : ""), subject.n, 0, 0,
		found, p->limits);
	pcre2_match_data_free(found);
	if (rc >= 0)
		return PATTERN_YES;
	return rc == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_UNDECIDED;
}
