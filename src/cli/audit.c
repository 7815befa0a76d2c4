/* audit: source → snapshot → model → run → reports. */
#include "base/datetime.h"
#include "base/platform.h"
#include "cli/ads_file.h"
#include "cli/anonymous.h"
#include "cli/evaluation.h"
#include "cli/older.h"
#include "cli/reports.h"
#include "cli/source.h"
#include "reports/rights.h"
#include "runs/followup.h"

#include <string.h>

#define DEFAULT_FORMATS "xlsx,html,json"
/* The rhythm of CaRE, domaine 1: an audit every two months. */
#define NEXT_AUDIT_DAYS 60

struct audit {
	struct cli *cli;
	struct formats formats;
	int64_t fail_level; /* 0: not given */
	int64_t at;
	struct rules rules;
	struct output output;
	const char *temporary;	      /* the snapshot of a source that is not one; NULL otherwise */
	const char *temporary_sysvol; /* that of --sysvol beside --snapshot; NULL otherwise */
	struct evaluation evaluation;
	struct model *model;
	struct ads_file ads;
	struct previous_run previous;
	const char *previous_path; /* NULL: none was given, or it holds no earlier run */
	struct followup *followup; /* what it gives; NULL: none was given */
	struct run_evolution evolution;
	bool has_evolution;
	struct anonymous anonymous;
	struct run run;
};

static int read_formats(struct audit *a, struct err *err)
{
	const char *list = option_value(a->cli->options, OPT_FORMAT);
	bool anonymous = option_given(a->cli->options, OPT_ANONYMOUS);

	if (anonymous && list && !str_eq(str_trim(str_of(list)), STR("json")))
		return err_set(err, ERR_USAGE,
			"--anonymous writes results.json only: the other formats name accounts. "
			"Leave --format out, or audit once more without --anonymous.");
	return formats_read(&a->formats,
		list	    ? list
		: anonymous ? "json"
			    : DEFAULT_FORMATS,
		report_formats, report_format_count, err);
}

static int read_options(struct audit *a, struct err *err)
{
	const char *level = option_value(a->cli->options, OPT_FAIL_LEVEL);

	if (source_check(a->cli, err) || read_formats(a, err) || cli_at(a->cli, &a->at, err))
		return err->code;
	if (level && (!str_to_i64(str_of(level), &a->fail_level) || a->fail_level < 1 ||
			     a->fail_level > 5))
		return err_set(err, ERR_USAGE, "--fail-level is '%s'; it takes 1 to 5.", level);
	if (option_given(a->cli->options, OPT_STRICT) && !level)
		return err_set(err, ERR_USAGE, "--strict goes with --fail-level.");
	return 0;
}

static const char *temporary_name(struct audit *a, const char *suffix)
{
	const char *folder = option_value(a->cli->options, OPT_OUTPUT);

	return arena_printf(&a->cli->arena, "%s/.adhygiene-%ld%s.adsnap", folder ? folder : ".",
		platform_pid(), suffix)
		.p;
}

/* --sysvol beside --snapshot: the file that somebody keeps is never written to. */
static int read_sysvol(struct audit *a, struct err *err)
{
	if (!option_given(a->cli->options, OPT_SNAPSHOT) ||
		!option_given(a->cli->options, OPT_SYSVOL))
		return 0;
	a->temporary_sysvol = temporary_name(a, "-sysvol");
	a->evaluation.sysvol = a->temporary_sysvol;
	return source_read_sysvol(a->cli, a->temporary_sysvol, err);
}

/* --snapshot, or the source read into a snapshot beside the reports to come. */
static int open_source(struct audit *a, struct err *err)
{
	const struct str *extra;
	size_t extra_count = engine_attributes(&a->rules.policy, &a->cli->arena, &extra);

	a->evaluation.snapshot = option_value(a->cli->options, OPT_SNAPSHOT);
	if (a->evaluation.snapshot)
		return 0;
	a->temporary = temporary_name(a, "");
	a->evaluation.snapshot = a->temporary;
	return source_read(a->cli, extra, extra_count, a->temporary, err);
}

/* Needs the catalogue. */
static int open_ads(struct audit *a, struct err *err)
{
	const char *path = option_value(a->cli->options, OPT_ADS);

	if (!path)
		return 0;
	if (ads_file_read(&a->cli->arena, path, &a->rules.catalogue, &a->ads, err))
		return err->code;
	ads_file_notes(a->cli, &a->ads, path);
	return 0;
}

static int open_previous(struct audit *a, struct err *err)
{
	const char *path;
	bool french = a->cli->lang == LANG_FR;

	if (!a->previous_path)
		return 0;
	progress_start(&a->cli->progress,
		french ? "lecture de l'audit précédent" : "reading the previous audit");
	int rc = followup_open(a->previous_path, &a->cli->progress, &a->followup, err);
	progress_end(&a->cli->progress);
	if (rc)
		return rc;
	const struct workbook *w = followup_workbook(a->followup, &path);
	cli_workbook_notes(a->cli, w, path);
	return 0;
}

/* A run of another directory tells nothing of this one. */
static int choose_previous(struct audit *a, struct err *err)
{
	size_t count = model_domain_count(a->model);
	struct str *sids = ARENA_ARRAY(&a->cli->arena, struct str, count);
	char text[SID_TEXT];

	if (!a->followup)
		return 0;
	for (size_t i = 0; i < count; i++)
		sids[i] = arena_str(
			&a->cli->arena, str_of(sid_text(&model_domain(a->model, i)->sid, text)));
	progress_start(&a->cli->progress,
		a->cli->lang == LANG_FR ? "audits précédents" : "previous audits");
	int rc = followup_choose(a->followup, model_now(a->model), sids, count, err);
	progress_end(&a->cli->progress);
	if (!rc && !followup_previous(a->followup, &a->previous))
		a->previous_path = NULL;
	return rc;
}

/* What will have turned by the next audit. */
static int look_ahead(struct audit *a, struct err *err)
{
	int rc;

	progress_start(&a->cli->progress, a->cli->lang == LANG_FR ? "échéances" : "deadlines");
	rc = engine_look_ahead(&a->rules.catalogue, &a->rules.policy, a->model,
		a->previous_path ? &a->previous : NULL,
		a->run.evaluated_at + NEXT_AUDIT_DAYS * SECONDS_PER_DAY, &a->cli->progress, &a->run,
		err);
	progress_end(&a->cli->progress);
	return rc;
}

static int evaluate(struct audit *a, struct err *err)
{
	a->evaluation.cli = a->cli;
	a->evaluation.rules = &a->rules;
	a->evaluation.at = a->at;
	if (open_source(a, err) || read_sysvol(a, err) ||
		evaluation_load(&a->evaluation, &a->model, err) || choose_previous(a, err) ||
		evaluation_run(&a->evaluation, a->model, a->previous_path ? &a->previous : NULL,
			&a->run, err) ||
		look_ahead(a, err))
		return err->code;
	if (a->ads.result.count)
		a->run.ads = ads_compare(&a->rules.catalogue, &a->ads.result, &a->run);
	if (a->followup &&
		followup_evolution(a->followup, &a->run, &a->evolution, &a->has_evolution, err))
		return err->code;
	return platform_check_interrupted(err);
}

/* Can the reports stand in that folder? Nothing is written to it before the answer is yes. */
static int begin_output(struct audit *a, const char *folder, struct err *err)
{
	struct arena *arena = &a->cli->arena;
	int rc = output_begin(&a->output, arena, folder, err);

	for (size_t i = 0; !rc && i < a->formats.count; i++)
		rc = source_check_target(a->cli,
			arena_printf(arena, "%s/%s", folder, a->formats.list[i]->file_name).p, err);
	if (!rc && option_given(a->cli->options, OPT_ANONYMOUS))
		rc = older_refuse_named(a->cli, folder, err);
	return rc;
}

static int begin_default(struct audit *a, struct err *err)
{
	const char *folder = reports_default_folder(&a->cli->arena, &a->run);
	int rc = begin_output(a, folder, err);

	return rc ? rc : anonymous_check_folder(&a->anonymous, folder, err);
}

static int write_reports(struct audit *a, struct err *err)
{
	struct report_options options = {
		.lang = a->cli->lang,
		.evolution = a->has_evolution ? &a->evolution : NULL,
	};

	if (reports_write(a->cli, &a->formats, &a->run, &options, &a->output, err))
		return err->code;
	if (!a->anonymous.wanted && rights_needed(&a->run) &&
		rights_write(&a->run, a->cli->lang, output_stage(&a->output, "rights.ps1"), err))
		return err->code;
	/* What was read names everybody: it does not stand beside a run that is to be sent. */
	if (source_is_live(a->cli) && !a->anonymous.wanted)
		output_adopt(&a->output, a->temporary, "snapshot.adsnap");
	return output_commit(&a->output, err);
}

static void summarise(const struct audit *a)
{
	struct report_options options = { .lang = a->cli->lang,
		.columns = platform_columns(),
		.evolution = a->has_evolution ? &a->evolution : NULL };

	if (a->cli->quiet)
		return;
	report_summary(&a->run, &options, stdout);
	reports_list(a->cli, &a->output);
	older_list(a->cli, &a->output);
}

static void list_coverage(const struct audit *a)
{
	for (size_t i = 0; i < a->run.coverage_count; i++) {
		const struct run_coverage *c = &a->run.coverage[i];

		fprintf(stderr, "%.*s: %.*s %.*s\n", STR_ARG(c->need), STR_ARG(c->state),
			STR_ARG(c->detail));
	}
}

int cmd_audit(struct cli *cli, struct err *err)
{
	struct audit a = { .cli = cli, .previous_path = option_value(cli->options, OPT_PREVIOUS) };
	const char *policy = option_value(cli->options, OPT_POLICY);
	const char *folder = option_value(cli->options, OPT_OUTPUT);
	int rc = read_options(&a, err);

	if (!rc)
		rc = open_previous(&a, err);
	if (!rc)
		rc = rules_load(policy ? policy : "care", &a.rules, err);
	if (!rc)
		rc = open_ads(&a, err);
	if (rc) {
		rules_free(&a.rules);
		followup_close(a.followup);
		return rc;
	}
	/* Before hours of reading: can the reports be written at all? */
	if (folder)
		rc = begin_output(&a, folder, err);
	if (!rc)
		rc = anonymous_begin(cli, folder, &a.anonymous, err);
	if (!rc)
		rc = evaluate(&a, err);
	if (!rc && a.anonymous.wanted) {
		rc = anonymous_strip(&a.anonymous, &a.rules, &a.run, err);
		a.has_evolution = false; /* it speaks of the named run */
	}
	if (!rc && !folder)
		rc = begin_default(&a, err);
	if (!rc)
		rc = write_reports(&a, err);
	if (!rc) {
		summarise(&a);
		if (cli->verbose)
			list_coverage(&a);
		int level =
			option_given(cli->options, OPT_STRICT) ? a.run.level_floor : a.run.level;
		rc = a.fail_level && level <= a.fail_level;
	}
	if (a.temporary)
		platform_remove(a.temporary);
	if (a.temporary_sysvol)
		platform_remove(a.temporary_sysvol);
	output_abort(&a.output);
	followup_close(a.followup);
	run_free(&a.run);
	anonymous_end(&a.anonymous);
	model_free(a.model);
	rules_free(&a.rules);
	return rc;
}
