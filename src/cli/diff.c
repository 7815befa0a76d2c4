/* diff: two runs of one directory → what changed; still earlier runs tell what came back. */
#include "base/platform.h"
#include "cli/output.h"
#include "cli/reports.h"
#include "reports/diff.h"
#include "reports/words.h"
#include "runs/diff.h"
#include "runs/stored.h"

#include <stdlib.h>

/* Runs that may be given: six years of audits every two months. */
#define RUNS_MAX 36u

struct comparison {
	struct cli *cli;
	struct catalogue catalogue;
	struct formats formats;
	const char *const *paths; /* earliest first */
	size_t count;
	const char *before_path, *now_path;
	struct run before, now;
	struct run_evolution evolution;
	struct output output;
};

static const char *say(const struct comparison *c, const char *fr, const char *en)
{
	return c->cli->lang == LANG_FR ? fr : en;
}

static int read_options(struct comparison *c, struct err *err)
{
	const struct options *o = c->cli->options;

	if (o->arg_count < 2)
		return err_set(err, ERR_USAGE,
			"diff needs two runs: adhygiene diff OLD.json NEW.json (and still earlier "
			"ones before them, to tell what came back).");
	if (o->arg_count > RUNS_MAX)
		return err_set(err, ERR_USAGE, "diff takes at most %u runs.", RUNS_MAX);
	c->paths = o->args;
	c->count = o->arg_count;
	c->before_path = o->args[o->arg_count - 2];
	c->now_path = o->args[o->arg_count - 1];
	return formats_read(
		&c->formats, option_value(o, OPT_FORMAT), diff_formats, diff_format_count, err);
}

static int read_run(struct comparison *c, const char *path, struct run *out, struct err *err)
{
	progress_start(&c->cli->progress, say(c, "lecture des audits", "reading the runs"));
	int rc = stored_run_read(path, out, err);
	if (!rc)
		engine_describe_run(&c->catalogue, out);
	progress_end(&c->cli->progress);
	return rc ? rc : platform_check_interrupted(err);
}

static void swap(struct comparison *c)
{
	struct run run = c->before;
	const char *path = c->before_path;
	struct buf note = { 0 };

	c->before = c->now;
	c->before_path = c->now_path;
	c->now = run;
	c->now_path = path;
	words_expand(&note, text(TEXT_diff_swapped, c->cli->lang),
		(struct str[]){ str_of(c->now_path), str_of(c->before_path) }, 2);
	fprintf(stderr, "%s\n", buf_z(&note));
	buf_free(&note);
}

/* Which is earlier is what they say, not how they were given. */
static int read_two(struct comparison *c, struct err *err)
{
	if (read_run(c, c->before_path, &c->before, err) || read_run(c, c->now_path, &c->now, err))
		return err->code;
	if (c->before.evaluated_at <= c->now.evaluated_at)
		return 0;
	if (c->count > 2)
		return err_set(err, ERR_USAGE,
			"%s is later than %s; give the runs from the earliest to the latest.",
			c->before_path, c->now_path);
	swap(c);
	return 0;
}

/* One at a time, newest first. */
static int look_back(struct comparison *c, struct err *err)
{
	bool *seen = xcalloc(c->evolution.control_count, sizeof(*seen));
	const char *next = c->before_path;
	int rc = 0;

	for (size_t i = c->count - 2; i-- > 0 && !rc;) {
		struct run r = { 0 };

		rc = read_run(c, c->paths[i], &r, err);
		if (!rc && r.evaluated_at > c->evolution.points[0].evaluated_at)
			rc = err_set(err, ERR_USAGE,
				"%s is later than %s; give the runs from the earliest to the "
				"latest.",
				c->paths[i], next);
		if (!rc)
			rc = diff_earlier(&r, &c->now, &c->cli->arena, &c->evolution, seen, err);
		next = c->paths[i];
		run_free(&r);
	}
	free(seen);
	return rc;
}

static int write_reports(struct comparison *c, struct err *err)
{
	struct report_options options = { .evolution = &c->evolution };
	const char *folder = option_value(c->cli->options, OPT_OUTPUT);

	if (!folder && !option_given(c->cli->options, OPT_FORMAT))
		return 0;
	if (!folder)
		folder = reports_default_folder(&c->cli->arena, &c->now);
	if (output_begin(&c->output, &c->cli->arena, folder, err) ||
		reports_write(c->cli, &c->formats, &c->now, &options, &c->output, err))
		return err->code;
	return output_commit(&c->output, err);
}

static void summarise(struct comparison *c)
{
	struct report_options options = {
		.lang = c->cli->lang, .columns = platform_columns(), .evolution = &c->evolution
	};

	if (c->cli->quiet)
		return;
	diff_summary(&c->now, &options, stdout);
	if (c->output.folder)
		reports_list(c->cli, &c->output);
}

int cmd_diff(struct cli *cli, struct err *err)
{
	struct comparison c = { .cli = cli };
	int rc = read_options(&c, err);

	if (!rc)
		rc = catalogue_load_shipped(&c.catalogue, err);
	if (!rc)
		rc = read_two(&c, err);
	if (!rc)
		rc = diff_runs(&c.before, &c.now, &cli->arena, &c.evolution, err);
	if (!rc)
		rc = look_back(&c, err);
	if (!rc)
		rc = write_reports(&c, err);
	if (!rc)
		summarise(&c);
	output_abort(&c.output);
	run_free(&c.before);
	run_free(&c.now);
	catalogue_free(&c.catalogue);
	return rc;
}
