/* history import: a shelf of runs and directories, each at its own date. */
#include "base/limits.h"
#include "base/platform.h"
#include "cli/evaluation.h"
#include "cli/keeping.h"
#include "cli/reports.h"
#include "cli/shelf.h"
#include "cli/source.h"
#include "model/model.h"
#include "runs/followup.h"
#include "runs/stored.h"

#include <stdlib.h>

/* What stands on the shelves, and when it was; a directory has a run of its own, in a file. */
struct found {
	struct shelf_item item;
	size_t place; /* in the order in which they were found */
	int64_t at;
	const char *results; /* NULL: it is a run itself, or failed */
	bool failed;
};

struct import {
	struct keeping *k;
	struct rules rules;
	struct shelf shelf;
	struct found *found;
	size_t wrong, failed; /* of what was given, that holds nothing; of all of it */
	bool one;	      /* there is but one thing */
	struct err first;     /* what the first that failed said */
};

/* One that cannot be read does not keep the others from being kept. Of one alone the command's own
 * error says it. */
static void fail(struct import *m, const char *path, const struct err *err)
{
	if (!m->failed++)
		m->first = *err;
	if (!m->one)
		fprintf(stderr, "adhygiene: %s: %s\n", path, err->text);
}

/* ---- directories ---------------------------------------------------------------------------- */

static const char *temporary(struct import *m, size_t i, const char *suffix)
{
	const char *path = arena_printf(&m->k->cli->arena, "%s/.adhygiene-%ld-%zu.%s", m->k->folder,
		platform_pid(), i, suffix)
				   .p;

	platform_remove(path); /* of a process of our number that was killed */
	return path;
}

static int write_results(struct import *m, const struct run *r, const char *path, struct err *err)
{
	struct report_options options = { .lang = m->k->cli->lang,
		.progress = &m->k->cli->progress };
	struct formats json;

	if (formats_read(&json, "json", report_formats, report_format_count, err))
		return err->code;
	return json.list[0]->write(r, &options, path, err);
}

static int evaluate_snapshot(struct import *m, struct found *f, const char *path, struct err *err)
{
	struct evaluation e = {
		.cli = m->k->cli, .rules = &m->rules, .snapshot = path, .at = INT64_MIN
	};
	const char *results = temporary(m, f->place, "json");
	struct model *model = NULL;
	struct run r = { 0 };
	int rc = evaluation_load(&e, &model, err);

	if (!rc)
		rc = evaluation_run(&e, model, NULL, &r, err);
	if (!rc) {
		f->at = r.evaluated_at;
		f->results = results;
		rc = write_results(m, &r, results, err);
	}
	run_free(&r);
	model_free(model);
	return rc;
}

static int evaluate(struct import *m, struct found *f, struct err *err)
{
	struct cli *cli = m->k->cli;

	if (f->item.kind == SHELF_SNAPSHOT)
		return evaluate_snapshot(m, f, f->item.path, err);
	const char *path = temporary(m, f->place, "adsnap");
	enum option_id kind = f->item.kind == SHELF_LDIF ? OPT_LDIF : OPT_ORADAD;
	int rc = source_read_file(cli, kind, f->item.path, path, err);
	if (!rc)
		rc = evaluate_snapshot(m, f, path, err);
	platform_remove(path);
	return rc;
}

static int date_of_run(struct import *m, struct found *f, struct err *err)
{
	struct followup_files files = followup_files(f->item.path, &m->k->cli->arena);
	struct run r = { 0 };

	if (!files.results)
		return err_set(err, ERR_SOURCE,
			"'%s': the results.json of the run is not there; a history keeps that.",
			f->item.path);
	if (stored_run_read(files.results, &r, err))
		return err->code;
	f->at = r.evaluated_at;
	run_free(&r);
	return 0;
}

static int look_at_all(struct import *m, struct err *err)
{
	struct cli *cli = m->k->cli;
	size_t count = m->shelf.count;

	for (size_t i = 0; i < count; i++) {
		struct found *f = &m->found[i];
		struct err why;

		*f = (struct found){ .item = m->shelf.items[i], .place = i };
		cli->progress.of =
			arena_printf(&cli->arena, "%zu/%zu %s: ", i + 1, count, f->item.path).p;
		f->failed =
			f->item.kind == SHELF_RUN ? date_of_run(m, f, &why) : evaluate(m, f, &why);
		cli->progress.of = NULL;
		if (platform_check_interrupted(err))
			return err->code;
		if (f->failed)
			fail(m, f->item.path, &why);
	}
	return 0;
}

/* ---- keeping -------------------------------------------------------------------------------- */

static int by_date(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int keep_results(struct keeping *k, const struct found *f, struct err *err)
{
	struct buf bytes = { 0 };
	struct run r;
	int rc = platform_read_file(f->results, LIMIT_RESULTS_BYTES, &bytes, ERR_SOURCE, err);

	if (!rc)
		rc = stored_run_parse(buf_str(&bytes), f->item.path, &r, err);
	if (!rc) {
		k->source = f->item.path;
		rc = keep_run(k, &r, buf_str(&bytes), f->item.path, NULL, err);
		k->source = NULL;
		run_free(&r);
	}
	buf_free(&bytes);
	return rc;
}

static int keep_all(struct import *m, struct err *err)
{
	size_t count = m->shelf.count;

	qsort(m->found, count, sizeof(*m->found), by_date);
	for (size_t i = 0; i < count; i++) {
		const struct found *f = &m->found[i];
		struct err why;

		if (f->failed)
			continue;
		if (f->results ? keep_results(m->k, f, &why)
			       : keep_folder(m->k, f->item.path, &why))
			fail(m, f->item.path, &why);
		if (platform_check_interrupted(err))
			return err->code;
	}
	return 0;
}

static bool has_directories(const struct import *m)
{
	for (size_t i = 0; i < m->shelf.count; i++)
		if (m->shelf.items[i].kind != SHELF_RUN)
			return true;
	return false;
}

static int import_items(struct import *m, struct err *err)
{
	struct keeping *k = m->k;
	bool created = false;
	int rc = 0;

	/* Before hours of reading: can anything be kept there? What is made on the way stands
	 * beside the history. */
	if (history_exists(k->folder))
		rc = history_open(k->folder, false, &k->history, err);
	else if (has_directories(m))
		rc = platform_make_folder(k->folder, &created, err);
	if (!rc)
		rc = look_at_all(m, err);
	if (!rc)
		rc = keep_all(m, err);
	for (size_t i = 0; i < m->shelf.count; i++)
		if (m->found[i].results)
			platform_remove(m->found[i].results);
	if (created)
		platform_remove_folder(k->folder);
	return rc;
}

static int gather(struct import *m, const char *const *paths, size_t count, struct err *err)
{
	m->one = count == 1;
	for (size_t i = 0; i < count; i++) {
		struct err why;

		if (shelf_gather(&m->shelf, paths[i], &why)) {
			fail(m, paths[i], &why);
			m->wrong++;
		}
		if (platform_check_interrupted(err))
			return err->code;
	}
	m->one = m->shelf.count + m->wrong == 1;
	return 0;
}

static int import(struct import *m, const char *const *paths, size_t count, struct err *err)
{
	if (gather(m, paths, count, err))
		return err->code;
	m->found = xcalloc(m->shelf.count + 1, sizeof(*m->found));
	if (m->shelf.count && import_items(m, err))
		return err->code;
	if (m->failed && m->one)
		return (*err = m->first).code;
	return m->failed ? err_set(err, m->first.code,
				   "%zu of %zu were left out, as said above; the others are kept.",
				   m->failed, m->shelf.count + m->wrong)
			 : 0;
}

int keep_shelves(struct keeping *k, const char *const *paths, size_t count, struct err *err)
{
	const char *policy = option_value(k->cli->options, OPT_POLICY);
	struct import m = { .k = k, .shelf = { .arena = &k->cli->arena } };

	if (rules_load(policy ? policy : "care", &m.rules, err))
		return err->code;
	int rc = import(&m, paths, count, err);
	free(m.found);
	free(m.shelf.items);
	rules_free(&m.rules);
	return rc;
}
