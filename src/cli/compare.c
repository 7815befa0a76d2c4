/* compare: the runs of several facilities → what they share and where they differ. */
#include "base/datetime.h"
#include "base/platform.h"
#include "cli/anonymous.h"
#include "cli/output.h"
#include "reports/compare.h"
#include "reports/texts.h"
#include "runs/compare.h"
#include "runs/stored.h"

#include <stdlib.h>

struct comparing {
	struct cli *cli;
	struct catalogue catalogue;
	unsigned char key[HMAC_KEY_BYTES];
	struct compare *compare;
	struct comparison result;
	struct output output;
};

static void describe(const void *catalogue, struct run *r)
{
	engine_describe_run(catalogue, r);
}

static int read_options(struct comparing *c, struct err *err)
{
	const struct options *o = c->cli->options;
	const char *key = option_value(o, OPT_ANONYMOUS_KEY);

	if (o->arg_count < COMPARE_RUNS_LEAST)
		return err_set(err, ERR_USAGE,
			"compare needs at least two runs: adhygiene compare RUN.json RUN.json … "
			"(or "
			"the folders that hold them).");
	if (o->arg_count > COMPARE_RUNS_MOST)
		return err_set(err, ERR_USAGE, "compare takes at most %u runs.", COMPARE_RUNS_MOST);
	return key ? anonymous_key_read(key, c->key, err) : 0;
}

/* One run at a time: of each only what is compared is kept. */
static int read_runs(struct comparing *c, bool names, struct err *err)
{
	const struct options *o = c->cli->options;
	int rc = 0;

	progress_start(&c->cli->progress, text(TEXT_cmp_reading, c->cli->lang));
	for (size_t i = 0; i < o->arg_count && !rc; i++) {
		struct run r = { 0 };

		if (names && !compare_wants_names(c->compare, i))
			continue;
		rc = stored_run_read(o->args[i], &r, err);
		if (!rc && names)
			compare_names(c->compare, &r);
		else if (!rc)
			rc = compare_add(c->compare, &r, err);
		run_free(&r);
		progress_step(&c->cli->progress, i + 1, o->arg_count);
		if (!rc)
			rc = platform_check_interrupted(err);
	}
	progress_end(&c->cli->progress);
	return rc;
}

static int write_reports(struct comparing *c, struct err *err)
{
	struct report_options options = { .lang = c->cli->lang, .progress = &c->cli->progress };
	const char *folder = option_value(c->cli->options, OPT_OUTPUT);
	char date[DATETIME_TEXT];

	if (!folder)
		folder = arena_printf(&c->cli->arena, "./adhygiene-compare-%s",
			datetime_date(c->result.newest, date))
				 .p;
	if (output_begin(&c->output, &c->cli->arena, folder, err) ||
		compare_xlsx_write(
			&c->result, &options, output_stage(&c->output, "compare.xlsx"), err) ||
		compare_html_write(
			&c->result, &options, output_stage(&c->output, "compare.html"), err) ||
		platform_check_interrupted(err))
		return err->code;
	return output_commit(&c->output, err);
}

static void summarise(const struct comparing *c)
{
	struct report_options options = { .lang = c->cli->lang, .columns = platform_columns() };

	if (c->cli->quiet)
		return;
	compare_summary(&c->result, &options, stdout);
	printf("%s%s/compare.xlsx, %s/compare.html\n",
		c->cli->lang == LANG_FR ? "Rapports : " : "Reports: ", c->output.folder,
		c->output.folder);
}

int cmd_compare(struct cli *cli, struct err *err)
{
	struct comparing c = { .cli = cli };
	int rc = read_options(&c, err);

	if (!rc)
		rc = catalogue_load_shipped(&c.catalogue, err);
	if (rc)
		return rc;
	struct compare_rules rules = { .unnamed = text(TEXT_cmp_unnamed, cli->lang),
		.describe = describe,
		.catalogue = &c.catalogue };
	if (option_given(cli->options, OPT_ANONYMOUS_KEY)) {
		rules.keyed = anonymous_keyed;
		rules.key = c.key;
	}
	c.compare = compare_new(&rules);
	rc = read_runs(&c, false, err);
	if (!rc)
		rc = read_runs(&c, true, err);
	if (!rc) {
		compare_finish(c.compare, &c.result);
		c.result.catalogue_run.tool_version = STR(ADHYGIENE_VERSION);
		rc = write_reports(&c, err);
		if (!rc)
			summarise(&c);
		comparison_free(&c.result);
	}
	output_abort(&c.output);
	compare_free(c.compare);
	catalogue_free(&c.catalogue);
	return rc;
}
