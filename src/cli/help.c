/* help and version. */
#include "cli/cli.h"

#include <string.h>

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

void command_help(const struct command *c, enum lang lang, FILE *out)
{
	fprintf(out, "%s\n  %s\n\n", c->usage, c->purpose[lang]);
	if (c->bit & CMD_LIVE)
		fputs(lang == LANG_FR ? "SOURCE : --domain, --server, --ldif, --oradad, ou "
					"--snapshot (audit)\n\n"
				      : "SOURCE: --domain, --server, --ldif, --oradad, or "
					"--snapshot (audit)\n\n",
			out);
	options_help(out, c->bit, lang);
}

int cmd_help(struct cli *cli, struct err *err)
{
	if (cli->options->arg_count) {
		const struct command *c = command_find(cli->options->args[0]);

		if (!c)
			return err_set(err, ERR_USAGE,
				"Unknown command '%s'; 'adhygiene help' lists the commands.",
				cli->options->args[0]);
		command_help(c, cli->lang, stdout);
		return 0;
	}
	puts(cli->lang == LANG_FR ? "adhygiene : audit d'Active Directory et hygiène des comptes\n"
				  : "adhygiene: Active Directory and account-hygiene auditor\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].purpose[cli->lang]);
	puts(cli->lang == LANG_FR ? "\n'adhygiene help COMMANDE' donne les options d'une commande."
				  : "\n'adhygiene help COMMAND' lists a command's options.");
	return 0;
}

int cmd_version(struct cli *cli, struct err *err)
{
	struct catalogue c;

	(void)cli;
	if (catalogue_load_shipped(&c, err))
		return err->code;
	printf("adhygiene %s (catalogue %.*s)\n", ADHYGIENE_VERSION, STR_ARG(c.version));
	catalogue_free(&c);
	return 0;
}
