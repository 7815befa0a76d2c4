/* diff: two runs of one directory → what changed; still earlier runs tell what came back. */
#include "base/platform.h"
#include "cli/output.h"
#include "cli/reports.h"
#include "reports/diff.h"
#include "runs/diff.h"
#include "runs/stored.h"

#include <stdlib.h>

/* Runs that may be given: six years of audits every two months. */
#define RUNS_MAX 36u

struct given {
	const char *path;
	int64_t at;
};

struct comparison {
	struct cli *cli;
	struct catalogue catalogue;
	struct formats formats;
	struct given given[RUNS_MAX]; /* earliest first, once they are sorted */
	size_t count;
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
	for (size_t i = 0; i < o->arg_count; i++)
		c->given[c->count++].path = o->args[i];
	return formats_read(&c->formats, option_value(o, OPT_FORMAT), diff_formats,
		diff_format_count, err);
}

static int read_run(struct comparison *c, const struct given *g, struct run *out, struct err *err)
{
	progress_start(&c->cli->progress, say(c, "lecture des audits", "reading the runs"));
	int rc = stored_run_read(g->path, out, err);
	progress_end(&c->cli->progress);
	return rc ? rc : platform_check_interrupted(err);
}

static int by_date(const void *a, const void *b)
{
	const struct given *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

/* Which is earlier is what they say, not how they were given. */
static int read_two(struct comparison *c, struct err *err)
{
	struct given *old = &c->given[c->count - 2], *new = &c->given[c->count - 1];

	if (read_run(c, old, &c->before, err) || read_run(c, new, &c->now, err))
		return err->code;
	if (c->before.evaluated_at > c->now.evaluated_at) {
		struct run kept = c->before;
		struct given g = *old;

		c->before = c->now;
		c->now = kept;
		*old = *new;
		*new = g;
	}
	return 0;
}

