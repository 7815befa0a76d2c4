/* The shipped catalogue and policies, and --at. */
#include "base/datetime.h"
#include "base/platform.h"
#include "checks/registry.h"
#include "cli/cli.h"
#include "policies/shipped.h"

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
