#include "snapshot/snapshot.h"

#include "base/compiler.h"

static const char *const names[] = {
	[COVERAGE_OK] = "ok",
	[COVERAGE_DENIED] = "denied",
	[COVERAGE_TRUNCATED] = "truncated",
	[COVERAGE_MISSING] = "missing",
	[COVERAGE_MALFORMED] = "malformed",
	[COVERAGE_NOT_ASKED] = "not_asked",
	[COVERAGE_NOTE] = "note",
};

const char *coverage_state_name(enum coverage_state s)
{
	return names[s];
}

bool coverage_state_parse(struct str name, enum coverage_state *out)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_eq(name, str_of(names[i])))
			continue;
		*out = (enum coverage_state)i;
		return true;
	}
	return false;
}
