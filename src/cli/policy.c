/* policy: check a policy file, or show every value in force. */
#include "cli/cli.h"

#include <string.h>

static int policy_check(struct cli *cli, const char *file, struct err *err)
{
	struct rules rules;

	if (rules_load(file, &rules, err))
		return err->code;
	if (!cli->quiet)
		printf(cli->lang == LANG_FR ? "%s : aucune erreur.\n" : "%s: no mistakes.\n", file);
	rules_free(&rules);
	return 0;
}

/* Is the value in force laxer than the catalogue's? Only for bounds that have a stricter side. */
static bool is_laxer(const struct catalogue_entry *e, struct str name, int64_t value)
{
	const struct param_spec *spec = e->check->params;

	for (; spec && spec->name; spec++) {
		if (!str_eq(name, str_of(spec->name)))
			continue;
		for (size_t i = 0; i < e->default_count; i++)
			if (str_eq(e->defaults[i].name, name))
				return (spec->stricter > 0 && value < e->defaults[i].number) ||
				       (spec->stricter < 0 && value > e->defaults[i].number);
	}
	return false;
}

static void show_parameters(struct cli *cli, const struct rules *r, const struct catalogue_entry *e)
{
	struct policy_param params[32];
	size_t n = engine_parameters(e, &r->policy, params, ARRAY_LEN(params));

	for (size_t i = 0; i < n; i++) {
		const struct policy_param *p = &params[i];
		struct str where = policy_position_text(&cli->arena, p->at);

		printf("controls.%.*s.%.*s = ", STR_ARG(e->id), STR_ARG(p->name));
		if (p->kind == PARAM_STRING)
			printf("%.*s", STR_ARG(p->text));
		else if (p->kind == PARAM_BOOL)
			printf("%s", p->number ? "true" : "false");
		else
			printf("%lld", (long long)p->number);
		printf("  (%.*s)%s\n", STR_ARG(where),
			p->kind == PARAM_INT && is_laxer(e, p->name, p->number)
				? cli->lang == LANG_FR ? "  ! plus laxiste que le catalogue"
						       : "  ! laxer than the catalogue"
				: "");
	}
}

/* Parameters are shown by show_parameters(), with the catalogue's beside the policy's. */
static bool is_parameter(struct str key)
{
	struct str last = key, rest;

	if (!str_starts(key, STR("controls.")))
		return false;
	while ((str_cut(last, '.', &rest), rest.p))
		last = rest;
	return !str_eq(last, STR("enabled")) && !str_eq(last, STR("reason"));
}

static int policy_show(struct cli *cli, const char *name, struct err *err)
{
	struct rules r;
	const struct policy_value *values;
	size_t n;

	if (rules_load(name, &r, err))
		return err->code;
	policy_describe(&r.policy, &cli->arena, &values, &n);
	for (size_t i = 0; i < n; i++) {
		struct str where = policy_position_text(&cli->arena, values[i].at);

		if (!is_parameter(values[i].key))
			printf("%.*s = %.*s  (%.*s)\n", STR_ARG(values[i].key),
				STR_ARG(values[i].value), STR_ARG(where));
	}
	for (size_t i = 0; i < r.catalogue.entry_count; i++)
		show_parameters(cli, &r, &r.catalogue.entries[i]);
	rules_free(&r);
	return 0;
}

int cmd_policy(struct cli *cli, struct err *err)
{
	const struct options *o = cli->options;
	const char *verb = o->arg_count ? o->args[0] : "";

	if (strcmp(verb, "check") == 0 && o->arg_count == 2)
		return policy_check(cli, o->args[1], err);
	if (strcmp(verb, "show") == 0 && o->arg_count <= 2)
		return policy_show(cli, o->arg_count == 2 ? o->args[1] : "care", err);
	return err_set(err, ERR_USAGE,
		"policy takes 'check FILE' or 'show [NAME|FILE]'; see 'adhygiene help policy'.");
}
