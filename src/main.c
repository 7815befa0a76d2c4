/* The table of commands, nothing else. */
#include "base/platform.h"
#include "cli/cli.h"

#include <string.h>

const struct command commands[] = {
	{ "audit", cmd_audit, CMD_AUDIT, "adhygiene audit SOURCE [OPTIONS]",
		{ "lire un annuaire, l'évaluer et écrire les rapports",
			"read a directory, evaluate it and write the reports" } },
	{ "collect", cmd_collect, CMD_COLLECT, "adhygiene collect SOURCE --output FILE.adsnap",
		{ "lire un annuaire dans un instantané, sans l'évaluer",
			"read a directory into a snapshot, without evaluating it" } },
	{ "diff", cmd_diff, CMD_DIFF, "adhygiene diff OLD.json NEW.json [OPTIONS]",
		{ "dire ce qui a changé entre deux audits d'un annuaire",
			"say what changed between two audits of one directory" } },
	{ "history", cmd_history, CMD_HISTORY,
		"adhygiene history DIR [list|add RUN|import FOLDER...]",
		{ "garder les audits et leur suivi dans le temps",
			"keep audits and their follow-up over time" } },
	{ "compare", cmd_compare, CMD_COMPARE, "adhygiene compare RUN.json... [OPTIONS]",
		{ "comparer les établissements d'un GHT : 2 à 200 audits",
			"compare the facilities of a group: 2 to 200 runs" } },
	{ "controls", cmd_controls, CMD_CONTROLS, "adhygiene controls [--json]",
		{ "lister les points de contrôle", "list the controls" } },
	{ "explain", cmd_explain, CMD_EXPLAIN, "adhygiene explain CONTROL",
		{ "pourquoi un point de contrôle, comment il est mesuré, comment corriger",
			"why a control, how it is measured, how to fix it" } },
	{ "show", cmd_show, CMD_SHOW, "adhygiene show SNAPSHOT DN|SID|NAME",
		{ "un objet de l'annuaire, décodé", "one object of the directory, decoded" } },
	{ "policy", cmd_policy, CMD_POLICY, "adhygiene policy check FILE | show [NAME|FILE]",
		{ "vérifier une politique, ou montrer ses valeurs",
			"check a policy, or show its values" } },
	{ "version", cmd_version, CMD_OTHER, "adhygiene version",
		{ "la version du programme et du catalogue", "version of program and catalogue" } },
	{ "help", cmd_help, CMD_OTHER, "adhygiene help [COMMAND]", { "cette aide", "this help" } },
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);

static int run(int argc, char **argv, struct cli *cli, struct err *err)
{
	bool asks = argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
	const char *name = asks ? "help" : strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
	const struct command *c = command_find(name);
	int skip = argc < 2 ? 1 : 2;
	struct options options;

	if (!c)
		return err_set(err, ERR_USAGE,
			"Unknown command '%s'; 'adhygiene help' lists the commands.", name);
	if (options_parse(&cli->arena, argc - skip, argv + skip, c->bit, &options, err) ||
		options_lang(&options, &cli->lang, err))
		return err->code;
	cli->options = &options;
	cli->quiet = option_given(&options, OPT_QUIET);
	cli->verbose = option_given(&options, OPT_VERBOSE);
	progress_init(&cli->progress, cli->quiet);
	if (option_given(&options, OPT_HELP)) {
		command_help(c, cli->lang, stdout);
		return 0;
	}
	int rc = c->run(cli, err);
	if (rc >= 0 && argc < 2)
		return err_set(err, ERR_USAGE, "A command is missing.");
	return rc;
}

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	struct err err = { .code = ERR_INTERNAL, .text = "Internal error without a message." };

	platform_catch_interrupts();
	int rc = run(argc, argv, &cli, &err);
	if (rc >= 0 && (fflush(stdout) || ferror(stdout)))
		rc = err_set(
			&err, ERR_OUTPUT, "Cannot write to standard output; is the disk full?");
	if (rc < 0) {
		progress_end(&cli.progress);
		fprintf(stderr, "adhygiene: %s\n", err.text);
	}
	arena_free(&cli.arena);
	return rc < 0 ? -rc : rc;
}
