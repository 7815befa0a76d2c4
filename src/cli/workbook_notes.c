/* What people should know of a workbook that was read back. */
#include "cli/cli.h"

#include "base/platform.h"
#include "runs/workbook.h"

#include <string.h>

/* %llu: how many. French uses the singular for 0 and 1. */
static void say(const struct cli *cli, const char *path, uint64_t n, const char *const texts[2][2])
{
	bool french = cli->lang == LANG_FR;
	const char *one = texts[cli->lang][0], *many = texts[cli->lang][1];

	if (!n)
		return;
	fprintf(stderr, "%s%s", path, french ? "\u00a0: " : ": ");
	fprintf(stderr, "%llu %s\n", (unsigned long long)n, n == 1 ? one : many);
}

/* Excel and LibreOffice keep a file beside the one that they have open. */
static bool is_open(const char *path)
{
	static const char *const marks[][2] = { { ".~lock.", "#" }, { "~$", "" } };
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct arena scratch = { 0 };
	bool found = false;

	for (size_t i = 0; !found && i < ARRAY_LEN(marks); i++)
		found = platform_exists(arena_printf(&scratch, "%.*s%s%s%s", (int)(name - path),
			path, marks[i][0], name, marks[i][1])
						.p);
	arena_free(&scratch);
	return found;
}

void cli_workbook_notes(const struct cli *cli, const struct workbook *w, const char *path)
{
	static const char *const without_key[2][2] = {
		{ "ligne remplie à la main ne se rapporte à aucun point ni objet de l’audit\u00a0; "
		  "elle n’est pas reprise.",
			"lignes remplies à la main ne se rapportent à aucun point ni objet de "
			"l’audit\u00a0; elles ne sont pas reprises." },
		{ "row that somebody typed belongs to no control and no object of the audit; it is "
		  "left "
		  "out.",
			"rows that somebody typed belong to no control and no object of the audit; "
			"they "
			"are left out." },
	};
	static const char *const by_columns[2][2] = {
		{ "ligne avait perdu sa clé cachée\u00a0; elle est retrouvée par son identifiant.",
			"lignes avaient perdu leur clé cachée\u00a0; elles sont retrouvées par "
			"leur "
			"identifiant." },
		{ "row had lost its hidden key; it was known by its identifier.",
			"rows had lost their hidden keys; they were known by their identifiers." },
	};
	static const char *const twice[2][2] = {
		{ "ligne parle du même constat qu’une autre, avec un autre suivi\u00a0; la "
		  "première est "
		  "reprise.",
			"lignes parlent du même constat qu’une autre, avec un autre suivi\u00a0; "
			"la "
			"première est reprise." },
		{ "row is of the same finding as another, with other follow-up; the first is kept.",
			"rows are of the same finding as others, with other follow-up; the first "
			"is "
			"kept." },
	};

	if (!w || cli->quiet)
		return;
	if (is_open(path))
		fprintf(stderr,
			cli->lang == LANG_FR ? "%s\u00a0: semble ouvert dans un tableur\u00a0; ce "
					       "qui n’y est pas "
					       "enregistré n’est pas repris.\n"
					     : "%s: seems to be open in a spreadsheet; what is not "
					       "saved there is not "
					       "read.\n",
			path);
	say(cli, path, w->without_key, without_key);
	say(cli, path, w->by_columns, by_columns);
	say(cli, path, w->twice, twice);
	if (w->missing_columns.n)
		fprintf(stderr,
			cli->lang == LANG_FR ? "%s\u00a0: colonnes introuvables (%.*s)\u00a0; ce "
					       "qui s’y trouvait à "
					       "l’audit précédent est gardé.\n"
					     : "%s: columns not found (%.*s); what stood there at "
					       "the audit before is "
					       "kept.\n",
			path, STR_ARG(w->missing_columns));
}
