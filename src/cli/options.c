#include "cli/options.h"

#include "base/platform.h"
#include "base/utf8.h"

#include <string.h>

static const struct option_row {
	const char *name, *value;
	unsigned commands;
	bool repeatable;
	const char *help[2];
} rows[OPT_COUNT] = {
#define OPTION(id, name, value, commands, repeatable, fr, en)                                      \
	[OPT_##id] = { name, value, commands, repeatable, { fr, en } },
#include "cli/options.def"
#undef OPTION
};

static int find_option(struct str name, enum option_id *out, struct err *err)
{
	for (size_t i = 0; i < OPT_COUNT; i++) {
		if (str_eq(name, str_of(rows[i].name))) {
			*out = (enum option_id)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE,
		"Unknown option '--%.*s'; 'adhygiene help' lists commands and options.",
		STR_ARG(name));
}

static void add_value(struct arena *a, struct options *o, enum option_id id, const char *value)
{
	size_t n = o->given[id].count;
	const char **values = ARENA_ARRAY(a, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		values[i] = o->given[id].values[i];
	values[n] = value;
	o->given[id].values = values;
	o->given[id].count = n + 1;
}

int options_parse(struct arena *a, int argc, char **argv, unsigned command, struct options *out,
	struct err *err)
{
	struct options o = { .args = ARENA_ARRAY(a, const char *, (size_t)argc) };
	bool ended = false;

	for (int i = 0; i < argc; i++) {
		const char *arg = argv[i];
		struct str value;
		enum option_id id = OPT_COUNT;

		if (ended || strncmp(arg, "--", 2) != 0) {
			if (!ended && arg[0] == '-' && arg[1])
				return err_set(err, ERR_USAGE,
					"Unknown option '%s'; options begin with two dashes.", arg);
			o.args[o.arg_count++] = arg;
			continue;
		}
		if (!arg[2]) {
			ended = true;
			continue;
		}
		struct str name = str_cut(str_of(arg + 2), '=', &value);
		if (find_option(name, &id, err))
			return err->code;
		if (!(rows[id].commands & command))
			return err_set(
				err, ERR_USAGE, "This command does not take --%s.", rows[id].name);
		if (o.given[id].count && !rows[id].repeatable)
			return err_set(err, ERR_USAGE, "--%s is given twice.", rows[id].name);
		if (!rows[id].value) {
			if (value.p)
				return err_set(
					err, ERR_USAGE, "--%s takes no value.", rows[id].name);
			add_value(a, &o, id, "");
			continue;
		}
		if (!value.p) {
			if (i + 1 >= argc)
				return err_set(err, ERR_USAGE, "--%s needs a value: %s.",
					rows[id].name, rows[id].value);
			value = str_of(argv[++i]);
		}
		if (!value.n)
			return err_set(err, ERR_USAGE, "--%s is empty; it needs %s.", rows[id].name,
				rows[id].value);
		add_value(a, &o, id, value.p);
	}
	*out = o;
	return 0;
}

const char *option_value(const struct options *o, enum option_id id)
{
	return o->given[id].count ? o->given[id].values[o->given[id].count - 1] : NULL;
}

bool option_given(const struct options *o, enum option_id id)
{
	return o->given[id].count > 0;
}

int options_lang(const struct options *o, enum lang *out, struct err *err)
{
	const char *v = option_value(o, OPT_LANG);

	if (!v)
		*out = platform_locale_is_english() ? LANG_EN : LANG_FR;
	else if (strcmp(v, "fr") == 0)
		*out = LANG_FR;
	else if (strcmp(v, "en") == 0)
		*out = LANG_EN;
	else
		return err_set(err, ERR_USAGE, "--lang is '%s'; it takes fr or en.", v);
	return 0;
}

void options_help(FILE *out, unsigned command, enum lang lang)
{
	for (size_t i = 0; i < OPT_COUNT; i++) {
		const struct option_row *r = &rows[i];
		char head[64];

		if (!(r->commands & command))
			continue;
		snprintf(head, sizeof(head), "--%s%s%s", r->name, r->value ? " " : "",
			r->value ? r->value : "");
		fprintf(out, "  %-30s %s\n", head, r->help[lang]);
	}
}
