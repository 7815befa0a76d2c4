/* The shipped catalogue and policies, and --at. */
#include "base/datetime.h"
#include "base/platform.h"
#include "checks/registry.h"
#include "cli/cli.h"
#include "policies/shipped.h"
#include "policy/filter.h"

int catalogue_load_shipped(struct catalogue *out, struct err *err)
{
	return catalogue_load(
		check_areas, check_area_count, catalogue_files, catalogue_files_count, out, err);
}

static int mistakes_report(const struct policy_mistake *mistakes, size_t count, struct err *err)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct str where = policy_position_text(&a, mistakes[i].at);

		fprintf(stderr, "%.*s: %.*s\n", STR_ARG(where), STR_ARG(mistakes[i].text));
	}
	arena_free(&a);
	if (count)
		return err_set(err, ERR_USAGE,
			"The policy has %zu mistake(s), listed above; nothing was evaluated.",
			count);
	return err->code;
}

int rules_load(const char *policy_name, struct rules *out, struct err *err)
{
	struct rules r = { 0 };
	const struct policy_mistake *mistakes = NULL;
	size_t count = 0;

	if (catalogue_load_shipped(&r.catalogue, err))
		return err->code;
	if (policy_load(policy_name, shipped_policies, shipped_policies_count, &r.policy, &mistakes,
		    &count, err) ||
		engine_bind(&r.catalogue, &r.policy, &mistakes, &count, err)) {
		mistakes_report(mistakes, count, err);
		rules_free(&r);
		return err->code;
	}
	*out = r;
	return 0;
}

void rules_free(struct rules *r)
{
	policy_free(&r->policy);
	catalogue_free(&r->catalogue);
}

int cli_at(const struct cli *cli, int64_t *out, struct err *err)
{
	const char *text = option_value(cli->options, OPT_AT);

	*out = INT64_MIN;
	if (text && !datetime_parse(str_of(text), out))
		return err_set(err, ERR_USAGE,
			"--at is '%s'; it takes a date such as 2026-11-21 or 2026-11-21T10:00:00Z.",
			text);
	return 0;
}

struct extra {
	struct arena *arena;
	struct str *names;
	size_t count, room;
};

static void add_extra(void *cx, struct str name)
{
	struct extra *x = cx;

	/* Derived attributes (x-privileged …) are computed by the model, not read. */
	if (str_istarts(name, STR("x-")) || attr_by_name(name) != ATTR_NONE)
		return;
	for (size_t i = 0; i < x->count; i++)
		if (str_ieq(x->names[i], name))
			return;
	if (x->count == x->room) {
		struct str *bigger = ARENA_ARRAY(x->arena, struct str, x->room * 2 + 8);

		for (size_t i = 0; i < x->count; i++)
			bigger[i] = x->names[i];
		x->names = bigger;
		x->room = x->room * 2 + 8;
	}
	x->names[x->count++] = arena_str(x->arena, name);
}

size_t rules_extra_attributes(struct cli *cli, const struct rules *r, const struct str **out)
{
	struct extra x = { .arena = &cli->arena };

	for (size_t i = 0; i < r->policy.custom_count; i++)
		filter_attributes(r->policy.custom[i].parsed, add_extra, &x);
	*out = x.names;
	return x.count;
}
