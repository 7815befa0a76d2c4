#include "runs/followup.h"

#include "base/datetime.h"
#include "base/platform.h"
#include "runs/diff.h"
#include "runs/history.h"
#include "runs/memory.h"
#include "runs/previous.h"
#include "runs/stored.h"
#include "runs/workbook.h"

#include <stdlib.h>
#include <string.h>

struct followup {
	struct arena arena;
	const char *path; /* as it was given */
	struct progress *progress;
	struct followup_files files;
	struct history *history;
	struct run run; /* the one before; of a history it is read by followup_choose() */
	bool has_run, has_workbook;
	struct workbook workbook;
	struct previous_run previous;
	struct memory memory;
	struct evolution_point *points; /* of a history, oldest first, without this run */
	size_t point_count;
};

/* ---- files ---------------------------------------------------------------------------------- */

static bool ends_with(const char *path, const char *end)
{
	struct str p = str_of(path), e = str_of(end);

	return p.n >= e.n && str_ieq((struct str){ p.p + p.n - e.n, e.n }, e);
}

/* The formats that are not read have a sentence of their own (package.c). */
static bool is_workbook(const char *path)
{
	return ends_with(path, ".xlsx") || ends_with(path, ".xlsm") || ends_with(path, ".xls") ||
	       ends_with(path, ".ods");
}

static const char *there(const char *path)
{
	return platform_kind_of(path) == PLATFORM_NOTHING ? NULL : path;
}

struct followup_files followup_files(const char *path, struct arena *a)
{
	size_t n = strlen(path);

	if (platform_is_folder(path))
		return (struct followup_files){
			there(arena_printf(a, "%s/results.json", path).p),
			there(arena_printf(a, "%s/audit.xlsx", path).p),
		};
	while (n && path[n - 1] != '/')
		n--;
	if (is_workbook(path))
		return (struct followup_files){
			there(arena_printf(a, "%.*sresults.json", (int)n, path).p),
			arena_strdup(a, path),
		};
	return (struct followup_files){
		arena_strdup(a, path),
		there(arena_printf(a, "%.*saudit.xlsx", (int)n, path).p),
	};
}

int followup_check_workbook(
	const struct workbook *w, const char *path, int64_t evaluated_at, struct err *err)
{
	char its[DATETIME_TEXT], other[DATETIME_TEXT];

	if (w->evaluated_at == INT64_MIN || w->evaluated_at <= evaluated_at)
		return 0;
	return err_set(err, ERR_USAGE,
		"%s is of the audit of %s, and the results.json beside it of %s: give the two "
		"files of "
		"one audit.",
		path, datetime_iso(w->evaluated_at, its), datetime_iso(evaluated_at, other));
}

static int read_workbook(struct followup *f, struct err *err)
{
	const struct workbook *w = &f->workbook;

	if (!f->files.workbook)
		return 0;
	if (workbook_read(f->files.workbook, &f->workbook, err))
		return err->code;
	f->has_workbook = true;
	if (f->has_run)
		return followup_check_workbook(w, f->files.workbook, f->run.evaluated_at, err);
	if (w->evaluated_at == INT64_MIN || !w->domain_count)
		return err_set(err, ERR_SOURCE,
			"%s does not say which audit it is of (its hidden sheet 'Suivi' is "
			"missing): put "
			"the results.json of that audit beside it.",
			f->files.workbook);
	return 0;
}

/* What a workbook says of the run, where results.json is not there. */
static void previous_of_workbook(struct followup *f)
{
	f->previous = (struct previous_run){ .evaluated_at = f->workbook.evaluated_at,
		.domains = f->workbook.domains,
		.domain_count = f->workbook.domain_count };
}

static int open_files(struct followup *f, struct err *err)
{
	f->files = followup_files(f->path, &f->arena);
	if (!f->files.results && !f->files.workbook)
		return err_set(err, ERR_SOURCE,
			"--previous: '%s' holds neither results.json nor audit.xlsx nor a history.",
			f->path);
	if (f->files.results) {
		if (stored_run_read(f->files.results, &f->run, err))
			return err->code;
		f->has_run = true;
		if (previous_of_run(&f->run, f->files.results, &f->arena, &f->previous, err))
			return err->code;
	}
	if (read_workbook(f, err))
		return err->code;
	if (!f->has_run)
		previous_of_workbook(f);
	return 0;
}

static int open_history(struct followup *f, struct err *err)
{
	if (history_open(f->path, false, &f->history, err) || history_check(f->history, err))
		return err->code;
	if (!history_count(f->history))
		return err_set(err, ERR_SOURCE, "--previous: the history '%s' is empty.", f->path);
	return 0;
}

int followup_open(
	const char *path, struct progress *progress, struct followup **out, struct err *err)
{
	struct followup *f = xcalloc(1, sizeof(*f));

	f->path = arena_strdup(&f->arena, path);
	f->progress = progress;
	f->memory.arena = &f->arena;
	int rc = history_exists(path) ? open_history(f, err) : open_files(f, err);
	if (rc)
		followup_close(f);
	else
		*out = f;
	return rc;
}

void followup_close(struct followup *f)
{
	if (!f)
		return;
	history_close(f->history);
	if (f->has_run)
		run_free(&f->run);
	if (f->has_workbook)
		workbook_free(&f->workbook);
	memory_free(&f->memory);
	arena_free(&f->arena);
	free(f);
}

const struct workbook *followup_workbook(const struct followup *f, const char **path)
{
	*path = f->files.workbook;
	return f->has_workbook ? &f->workbook : NULL;
}

/* ---- the run before ------------------------------------------------------------------------- */

static void remember(void *cx, struct str key, const struct run_followup *f)
{
	struct memory *m = cx;

	memory_at(m, key)->followup = followup_copy(m->arena, f);
}

/* The point outlives its run. */
static struct evolution_point keep_point(const struct run *r, struct arena *a)
{
	struct evolution_point p = diff_point(r);
	struct run_family *families = ARENA_ARRAY(a, struct run_family, ARRAY_LEN(r->families));

	p.catalogue = arena_str(a, p.catalogue);
	p.policy_sha256 = arena_str(a, p.policy_sha256);
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++) {
		const struct run_family *from = &r->families[i];
		struct run_indicator *list = ARENA_ARRAY(a, struct run_indicator, from->count);

		for (size_t k = 0; k < from->count; k++)
			list[k] = (struct run_indicator){ .name = arena_str(
								  a, from->indicators[k].name),
				.value = from->indicators[k].value };
		families[i] = (struct run_family){
			.name = arena_str(a, from->name), .indicators = list, .count = from->count
		};
	}
	p.families = families;
	return p;
}

/* One run after the other, oldest first; the last of them stays. */
static int walk_history(struct followup *f, size_t count, struct err *err)
{
	f->points = ARENA_ARRAY(&f->arena, struct evolution_point, count);
	for (size_t i = 0; i < count; i++) {
		struct run next;

		progress_step(f->progress, i, count);
		if (history_read(f->history, i, &next, err))
			return err->code;
		memory_advance(&f->memory, &next);
		f->points[f->point_count++] = keep_point(&next, &f->arena);
		if (f->has_run)
			run_free(&f->run);
		f->run = next;
		f->has_run = true;
		if (platform_check_interrupted(err))
			return err->code;
	}
	return 0;
}

static int choose_in_history(struct followup *f, int64_t at, struct err *err)
{
	size_t count = 0;
	struct run first;

	while (count < history_count(f->history) &&
		history_entry(f->history, count)->evaluated_at < at)
		count++;
	if (walk_history(f, count, err) ||
		history_followups(f->history, at, remember, &f->memory, err))
		return err->code;
	if (f->has_run)
		return previous_of_run(&f->run, f->path, &f->arena, &f->previous, err);
	/* All of them are of this date or later: which directory is it? */
	if (history_read(f->history, 0, &first, err))
		return err->code;
	int rc = previous_of_run(&first, f->path, &f->arena, &f->previous, err);
	run_free(&first);
	return rc;
}

static int by_control(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, ((const struct workbook_measure *)item)->control);
}

/* How the workbook's own run looked for the row. */
static struct memory_trace trace_of(
	const struct workbook *w, const struct run *domains, struct str key)
{
	struct str rest, id = str_cut(key, '|', &rest);
	const struct workbook_measure *m =
		w->measure_count
			? bsearch(&id, w->measures, w->measure_count, sizeof(*m), by_control)
			: NULL;

	return (struct memory_trace){ .measure = m ? &m->measure : NULL, .seen_in = domains };
}

static const struct run *domains_of(struct arena *a, const struct workbook *w)
{
	struct run *r = ARENA_NEW(a, struct run);
	struct run_domain *list = ARENA_ARRAY(a, struct run_domain, w->domain_count);

	for (size_t i = 0; i < w->domain_count; i++)
		list[i].sid = w->domains[i];
	r->domains = list;
	r->domain_count = w->domain_count;
	return r;
}

static void take_workbook(struct followup *f)
{
	const struct workbook *w = &f->workbook;
	const struct run *domains = domains_of(&f->arena, w);

	for (size_t i = 0; i < w->memory_count; i++) {
		struct evolution_memory *row = memory_at(&f->memory, w->memory[i].key);
		struct str key = row->key;

		*row = w->memory[i];
		row->key = key;
		/* A row that its run did not see: how it was looked for is not known. */
		if (w->evaluated_at != INT64_MIN && row->last_seen == w->evaluated_at)
			f->memory.traces[row - f->memory.rows] = trace_of(w, domains, key);
	}
}

static void choose_files(struct followup *f)
{
	if (f->has_workbook)
		take_workbook(f);
	if (!f->has_run)
		return;
	/* The workbook's memory is that of its own run: nothing is gone since. */
	if (f->has_workbook && f->workbook.evaluated_at == f->run.evaluated_at)
		memory_see(&f->memory, &f->run);
	else
		memory_advance(&f->memory, &f->run);
}

int followup_choose(
	struct followup *f, int64_t at, const struct str *sids, size_t count, struct err *err)
{
	char its[DATETIME_TEXT], now[DATETIME_TEXT];

	if (f->history) {
		if (choose_in_history(f, at, err))
			return err->code;
	} else {
		choose_files(f);
	}
	if (previous_same_directory(&f->previous, f->path, sids, count, err))
		return err->code;
	/* A workbook that somebody put beside another hospital's results.json. */
	if (f->has_workbook && f->workbook.domain_count) {
		struct previous_run w = { .domains = f->workbook.domains,
			.domain_count = f->workbook.domain_count };

		if (previous_same_directory(&w, f->files.workbook, sids, count, err))
			return err->code;
	}
	if (!f->history && f->previous.evaluated_at > at)
		return err_set(err, ERR_USAGE,
			"--previous: %s is a run of %s, later than this one of %s.", f->path,
			datetime_iso(f->previous.evaluated_at, its), datetime_iso(at, now));
	return 0;
}

bool followup_previous(const struct followup *f, struct previous_run *out)
{
	if (f->history && !f->has_run)
		return false;
	*out = f->previous;
	return true;
}

/* ---- what became of it ---------------------------------------------------------------------- */

static const struct run_followup *written(const struct evolution_memory *row)
{
	return row && !followup_is_empty(row->followup) ? row->followup : NULL;
}

/* diff: what the run before and this one alone say; NULL: that run is not there. */
static struct evolution_finding age_of(const struct followup *f, const struct run *now,
	const struct evolution_finding *diff, const struct evolution_memory *row)
{
	struct evolution_finding a = { FINDING_NEW, now->evaluated_at, written(row) };
	bool seen = row && row->last_seen != INT64_MIN;
	bool in_last =
		seen && row->last_seen == f->previous.evaluated_at && row->fixed_at == INT64_MIN;

	if (diff && diff->age == FINDING_REMAINING) {
		a.age = FINDING_REMAINING;
		a.since = in_last && row->since != INT64_MIN ? row->since : diff->since;
	} else if (diff && in_last) {
		return a; /* another finding on the same object */
	} else if (seen && row->fixed_at != INT64_MIN) {
		a.age = FINDING_BACK;
	} else if (seen) {
		a.age = FINDING_REMAINING;
		a.since = row->since != INT64_MIN ? row->since : row->last_seen;
	}
	return a;
}

static void age_control(
	struct followup *f, const struct run *now, struct evolution_control *e, struct buf *key)
{
	size_t count = e->now ? e->now->object_count : 0;
	struct evolution_finding *list;

	e->followup = written(memory_find(&f->memory, (e->now ? e->now : e->before)->id));
	/* Anonymous runs are refused: nothing is known only where the run lists nothing. */
	if (!count)
		return;
	list = ARENA_ARRAY(&f->arena, struct evolution_finding, count);
	e->added = e->remaining = e->back = 0;
	for (size_t i = 0; i < count; i++) {
		buf_clear(key);
		evolution_key(key, e->now->id, &e->now->objects[i]);
		list[i] = age_of(f, now, e->findings ? &e->findings[i] : NULL,
			memory_find(&f->memory, buf_str(key)));
		e->added += list[i].age == FINDING_NEW;
		e->remaining += list[i].age == FINDING_REMAINING;
		e->back += list[i].age == FINDING_BACK;
	}
	e->findings = list;
}

/* Without the run before: what the workbook and the history remember. */
static void without_run(struct followup *f, const struct run *now, struct run_evolution *out)
{
	struct evolution_control *list =
		ARENA_ARRAY(&f->arena, struct evolution_control, now->control_count);

	for (size_t i = 0; i < now->control_count; i++)
		list[i].now = &now->controls[i];
	*out = (struct run_evolution){ .controls = list, .control_count = now->control_count };
}

static void add_points(struct followup *f, const struct run *now, struct run_evolution *out)
{
	struct evolution_point *points =
		ARENA_ARRAY(&f->arena, struct evolution_point, f->point_count + 1);

	if (out->before && !f->history)
		return; /* diff_runs() made the two */
	if (f->point_count)
		memcpy(points, f->points, f->point_count * sizeof(*points));
	points[f->point_count] = diff_point(now);
	out->points = points;
	out->point_count = f->point_count + 1;
}

int followup_evolution(struct followup *f, const struct run *now, struct run_evolution *out,
	bool *known, struct err *err)
{
	struct run_evolution e = { 0 };
	struct evolution_control *controls;
	struct buf key = { 0 };

	*known = f->has_run || f->memory.count;
	if (!*known)
		return 0;
	if (!f->has_run)
		without_run(f, now, &e);
	else if (diff_runs(&f->run, now, &f->arena, &e, err))
		return err->code;
	controls = ARENA_ARRAY(&f->arena, struct evolution_control, e.control_count);
	memcpy(controls, e.controls, e.control_count * sizeof(*controls));
	for (size_t i = 0; i < e.control_count; i++)
		age_control(f, now, &controls[i], &key);
	buf_free(&key);
	e.controls = controls;
	add_points(f, now, &e);
	memory_advance(&f->memory, now);
	e.memory = memory_export(&f->memory, now->evaluated_at, &f->arena, &e.memory_count);
	e.next_audit = followup_next_audit(now->evaluated_at);
	*out = e;
	return 0;
}

int64_t followup_next_audit(int64_t evaluated_at)
{
	return datetime_add_months(evaluated_at, FOLLOWUP_MONTHS);
}
