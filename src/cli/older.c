#include "cli/older.h"

#include "base/platform.h"
#include "cli/source.h"
#include "reports/diff.h"
#include "runs/stored.h"

#include <string.h>

/* Beside those of the formats. */
static const char *const audit_files[] = { "rights.ps1", "snapshot.adsnap" };
static const char *const other_files[] = { "compare.xlsx", "compare.html", "history.sqlite" };

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_of_format(const char *name, const struct report_format *formats, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, formats[i].file_name) == 0)
			return true;
	return false;
}

/* results.json apart: an anonymous one names nobody. What a run that was killed left counts too. */
static bool names_people(const char *name)
{
	struct str s = str_of(name);

	if (strcmp(name, "results.json") == 0)
		return false;
	return is_of_format(name, report_formats, report_format_count) ||
	       is_of_format(name, diff_formats, diff_format_count) ||
	       is_among(name, audit_files, ARRAY_LEN(audit_files)) ||
	       is_among(name, other_files, ARRAY_LEN(other_files)) || str_ends(s, STR(".adsnap")) ||
	       (s.n && s.p[0] == '.' && str_ends(s, STR(".new")));
}

static int refuse(const char *folder, const char *name, struct err *err)
{
	return err_set(err, ERR_OUTPUT,
		"'%s/%s' names accounts, and would be sent with the anonymous run: choose another "
		"--output, or move it away.",
		folder, name);
}

static int check_results(struct cli *cli, const char *folder, struct err *err)
{
	const char *path = arena_printf(&cli->arena, "%s/results.json", folder).p;
	struct run r = { 0 };
	struct err ignored;
	bool anonymous;

	if (!platform_exists(path))
		return 0;
	if (stored_run_read(path, &r, &ignored))
		return refuse(folder, "results.json", err);
	anonymous = stored_run_is_anonymous(&r);
	run_free(&r);
	return anonymous ? 0 : refuse(folder, "results.json", err);
}

int older_refuse_named(struct cli *cli, const char *folder, struct err *err)
{
	struct platform_dir *state = NULL;
	const char *name, *found = NULL;

	/* The first by name: folders list their entries in any order. */
	while ((name = platform_dir_next(folder, &state)))
		if (names_people(name) && (!found || strcmp(name, found) < 0))
			found = arena_strdup(&cli->arena, name);
	return found ? refuse(folder, found, err) : check_results(cli, folder, err);
}

static bool is_written(const struct output *o, const char *path)
{
	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->files[i].target, path) == 0)
			return true;
	return false;
}

void older_list(const struct cli *cli, const struct output *o)
{
	struct arena scratch = { 0 };
	struct buf names = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < report_format_count + ARRAY_LEN(audit_files); i++) {
		const char *name = i < report_format_count ? report_formats[i].file_name
							   : audit_files[i - report_format_count];
		const char *path = arena_printf(&scratch, "%s/%s", o->folder, name).p;

		if (is_written(o, path) || !platform_exists(path) || source_reads(cli, path))
			continue;
		buf_printf(&names, "%s%s", count++ ? ", " : "", name);
	}
	if (count)
		fprintf(stderr,
			cli->lang == LANG_FR ? "%s\u00a0: d’un audit précédent, à ne pas lire "
					       "avec celui-ci\u00a0: %s.\n"
					     : "%s: left by an earlier audit, not to be read with "
					       "this one: %s.\n",
			o->folder, buf_z(&names));
	buf_free(&names);
	arena_free(&scratch);
}
