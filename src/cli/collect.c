/* collect: a source into a snapshot file, to be evaluated elsewhere or later. */
#include "base/platform.h"
#include "cli/source.h"

static void list_coverage(const struct snapshot *s)
{
	for (size_t i = 0; i < snapshot_coverage_count(s); i++) {
		struct coverage c = snapshot_coverage_at(s, i);

		fprintf(stderr, "%.*s: %s %.*s\n", STR_ARG(c.need), coverage_state_name(c.state),
			STR_ARG(c.detail));
	}
}

int cmd_collect(struct cli *cli, struct err *err)
{
	const char *path = option_value(cli->options, OPT_OUTPUT);
	struct snapshot *s = NULL;

	if (source_check(cli, err))
		return err->code;
	if (!path)
		return err_set(err, ERR_USAGE, "--output FILE.adsnap is missing.");
	if (platform_is_folder(path))
		return err_set(
			err, ERR_OUTPUT, "'%s' is a folder; --output takes a file here.", path);
	if (source_check_target(cli, path, err))
		return err->code;
	/* Every attribute of the table; what a site's own controls read besides is asked by audit.
	 */
	if (source_read(cli, NULL, 0, path, err) || snapshot_open(path, &s, err))
		return err->code;
	if (!cli->quiet)
		printf(cli->lang == LANG_FR ? "%s : %llu objets lus.\n"
					    : "%s: %llu objects read.\n",
			path, (unsigned long long)snapshot_object_count(s));
	if (cli->verbose)
		list_coverage(s);
	snapshot_close(s);
	return 0;
}
