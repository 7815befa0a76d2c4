/* history: the dated runs of one directory, and what people wrote about them. */
#include "cli/keeping.h"

#include "base/datetime.h"
#include "base/limits.h"
#include "base/platform.h"
#include "reports/json_write.h"
#include "runs/diff.h"
#include "runs/followup.h"
#include "runs/history.h"
#include "runs/previous.h"
#include "runs/stored.h"
#include "runs/workbook.h"

#include <stdlib.h>
#include <string.h>

/* ---- list ----------------------------------------------------------------------------------- */

static void list_run(const struct history_entry *e, const struct run *r)
{
	struct evolution_point p = diff_point(r);
	char date[DATETIME_TEXT], level[32];

	snprintf(level, sizeof(level), p.level_floor == p.level ? "%d" : "%d (%d)", p.level,
		p.level_floor);
	printf("%4lld  %s  %-6s %7llu %7llu %9llu  %-9.*s  %.*s\n", (long long)e->id,
		datetime_iso(e->evaluated_at, date), level, (unsigned long long)p.failed,
		(unsigned long long)p.unknown, (unsigned long long)p.findings, STR_ARG(p.catalogue),
		STR_ARG(r->policy_name));
}

/* Every run is read and checked; the first that was changed is the error, the others are shown. */
static int list_runs(const struct keeping *k, struct err *err)
{
	struct err wrong = { .code = ERR_NONE };
	size_t count = history_count(k->history);
	int rc = history_check(k->history, &wrong);

	puts(k->french ? "  n°  Évalué au             Niveau  Échecs  Non év.  Constats  Catalogue "
			 " "
			 "Politique"
		       : "  no  Evaluated as of       Level   Failed  Not as.  Findings  Catalogue "
			 " "
			 "Policy");
	for (size_t i = 0; i < count; i++) {
		const struct history_entry *e = history_entry(k->history, i);
		char date[DATETIME_TEXT];
		struct run r;
		struct err why;

		if (history_read(k->history, i, &r, &why)) {
			printf("%4lld  %s  %s\n", (long long)e->id,
				datetime_iso(e->evaluated_at, date),
				k->french ? "MODIFIÉ" : "CHANGED");
			if (!rc)
				wrong = why;
			rc = wrong.code;
			continue;
		}
		list_run(e, &r);
		run_free(&r);
		if (platform_check_interrupted(err))
			return err->code;
	}
	if (rc)
		*err = wrong;
	return rc;
}

/* What the run holds, when its bytes are those that were added (r is not NULL). */
static void json_run(struct json_writer *j, const struct history_entry *e, const struct run *r)
{
	json_write_new_line(j);
	json_write_object(j);
	json_put_int(j, STR("id"), e->id);
	json_put_date(j, STR("evaluated_at"), e->evaluated_at);
	json_put_date(j, STR("added_at"), e->added_at);
	json_put_string(j, STR("sha256"), str_of(e->sha256));
	json_put_string(j, STR("chain"), str_of(e->chain));
	json_write_key(j, STR("intact"));
	json_write_bool(j, r != NULL);
	if (r) {
		struct evolution_point p = diff_point(r);

		json_put_int(j, STR("level"), p.level);
		json_put_int(j, STR("level_floor"), p.level_floor);
		json_put_uint(j, STR("failed"), p.failed);
		json_put_uint(j, STR("unknown"), p.unknown);
		json_put_uint(j, STR("findings"), p.findings);
		json_put_string(j, STR("catalogue"), p.catalogue);
		json_put_string(j, STR("policy"), r->policy_name);
	}
	json_write_end(j);
}

/* The first run that was changed is the error; all are shown. */
static int json_runs(struct json_writer *j, const struct keeping *k, struct err *err)
{
	struct err why;
	int rc = history_check(k->history, err);

	json_write_key(j, STR("runs"));
	json_write_array(j);
	for (size_t i = 0; i < history_count(k->history); i++) {
		struct run r;
		bool intact = !history_read(k->history, i, &r, &why);

		json_run(j, history_entry(k->history, i), intact ? &r : NULL);
		if (intact)
			run_free(&r);
		else if (!rc)
			rc = (*err = why).code;
		if (!rc)
			rc = platform_check_interrupted(err);
	}
	json_write_end(j);
	return rc;
}

static int list_json(const struct keeping *k, struct err *err)
{
	struct json_writer j;
	size_t count = history_count(k->history);
	int rc;

	json_write_begin(&j, stdout);
	json_write_object(&j);
	rc = json_runs(&j, k, err);
	json_write_key(&j, STR("chain_verified"));
	json_write_bool(&j, rc == 0);
	json_put_optional(&j, STR("chain"), str_of(history_chain(k->history)));
	json_put_date(&j, STR("next_audit"),
		count ? followup_next_audit(history_entry(k->history, count - 1)->evaluated_at)
		      : INT64_MIN);
	json_write_end(&j);
	json_write_finish(&j);
	return rc;
}

/* An audit every two months: when is the next one due? */
static void list_next(const struct keeping *k)
{
	size_t count = history_count(k->history);
	int64_t due = followup_next_audit(history_entry(k->history, count - 1)->evaluated_at);
	int64_t today = platform_now() / SECONDS_PER_DAY, days;
	char date[DATETIME_TEXT];

	if (due == INT64_MIN)
		return;
	days = due / SECONDS_PER_DAY - today;
	printf(k->french ? "\nProchain audit attendu le %s" : "\nNext audit due on %s",
		datetime_date(due, date));
	if (days < 0)
		printf(k->french ? " : en retard de %lld jour%s.\n" : ": %lld day%s late.\n",
			(long long)-days, days == -1 ? "" : "s");
	else if (days == 0)
		puts(k->french ? " : aujourd'hui." : ": today.");
	else
		printf(k->french ? " : dans %lld jour%s.\n" : ": in %lld day%s.\n", (long long)days,
			days == 1 ? "" : "s");
}

static int list(struct keeping *k, struct err *err)
{
	if (!history_exists(k->folder))
		return err_set(err, ERR_SOURCE,
			"'%s' holds no history; 'adhygiene history %s add RUN' begins one.",
			k->folder, k->folder);
	if (history_open(k->folder, false, &k->history, err))
		return err->code;
	if (option_given(k->cli->options, OPT_JSON))
		return list_json(k, err);
	if (!history_count(k->history)) {
		puts(k->french ? "Aucun audit n'est encore gardé." : "No run is kept yet.");
		return 0;
	}
	if (list_runs(k, err))
		return err->code;
	list_next(k);
	printf(k->french
			? "Chaîne vérifiée\u00a0: aucun audit n’a été modifié (le suivi saisi à la "
			  "main n’en fait pas partie).\n"
			  "Empreinte du dernier ajout, à noter hors d’ici\u00a0: %s\n"
			: "Chain verified: no run was changed (what people wrote is not part of "
			  "it).\n"
			  "Hash of the last addition, to be noted elsewhere: %s\n",
		history_chain(k->history));
	return 0;
}

/* ---- add ------------------------------------------------------------------------------------ */

static void tell_added(struct keeping *k, const struct history_addition *a)
{
	char date[DATETIME_TEXT];

	k->added += a->is_new;
	k->known += !a->is_new;
	if (k->cli->quiet)
		return;
	datetime_iso(a->evaluated_at, date);
	if (k->source)
		printf(k->french ? "%s\u00a0: " : "%s: ", k->source);
	if (a->is_new)
		printf(k->french ? "L'audit du %s est gardé.\n" : "The run of %s is kept.\n", date);
	else
		printf(k->french ? "L'audit du %s était déjà gardé ; rien n'est ajouté deux fois.\n"
				 : "The run of %s was kept before; nothing is added twice.\n",
			date);
	if (a->followups)
		printf(k->french ? "Suivi : %llu ligne%s nouvelle%s ou changée%s.\n"
				 : "Follow-up: %llu row%s%s%s new or changed.\n",
			(unsigned long long)a->followups, a->followups == 1 ? "" : "s",
			k->french && a->followups > 1 ? "s" : "",
			k->french && a->followups > 1 ? "s" : "");
}

int keep_run(struct keeping *k, const struct run *r, struct str bytes, const char *name,
	const struct workbook *w, struct err *err)
{
	struct history_addition done;

	if (history_check_run(r, name, err) ||
		(!k->history && history_open(k->folder, true, &k->history, err)))
		return err->code;
	progress_start(
		&k->cli->progress, k->french ? "ajout à l'historique" : "adding to the history");
	int rc = history_add(k->history, r, bytes, name, w, platform_now(), &done, err);
	progress_end(&k->cli->progress);
	if (!rc)
		tell_added(k, &done);
	return rc;
}

/* A workbook that somebody put beside another hospital's results.json. One without its hidden sheet
 * does not say. */
static int check_domains(const struct run *r, const struct workbook *w,
	const struct followup_files *files, struct err *err)
{
	struct str *sids = xcalloc(r->domain_count + 1, sizeof(*sids));

	for (size_t i = 0; i < r->domain_count; i++)
		sids[i] = r->domains[i].sid;
	bool same = !w->domain_count ||
		    previous_shares_domain(sids, r->domain_count, w->domains, w->domain_count);
	free(sids);
	return same ? 0
		    : err_set(err, ERR_USAGE,
			      "%s is the workbook of another directory than the %s beside it: no "
			      "domain has the same SID. Give the two files of one audit.",
			      files->workbook, files->results);
}

static int keep_with_workbook(struct keeping *k, const struct run *r, struct str bytes,
	const struct followup_files *files, struct err *err)
{
	struct workbook w;

	if (!files->workbook)
		return keep_run(k, r, bytes, files->results, NULL, err);
	if (workbook_read(files->workbook, &w, err))
		return err->code;
	int rc = history_check_run(r, files->results, err);
	if (!rc)
		rc = check_domains(r, &w, files, err);
	if (!rc)
		rc = followup_check_workbook(&w, files->workbook, r->evaluated_at, err);
	if (!rc) {
		cli_workbook_notes(k->cli, &w, files->workbook);
		rc = keep_run(k, r, bytes, files->results, &w, err);
	}
	workbook_free(&w);
	return rc;
}

int keep_folder(struct keeping *k, const char *path, struct err *err)
{
	struct followup_files files = followup_files(path, &k->cli->arena);
	struct buf bytes = { 0 };
	struct run r;

	if (!files.results)
		return err_set(err, ERR_SOURCE,
			"'%s': the results.json of the run is not there; a history keeps that.",
			path);
	progress_start(
		&k->cli->progress, k->french ? "ajout à l'historique" : "adding to the history");
	int rc = platform_read_file(files.results, LIMIT_RESULTS_BYTES, &bytes, ERR_SOURCE, err);
	if (!rc)
		rc = stored_run_parse(buf_str(&bytes), files.results, &r, err);
	if (!rc) {
		rc = keep_with_workbook(k, &r, buf_str(&bytes), &files, err);
		run_free(&r);
	}
	progress_end(&k->cli->progress);
	buf_free(&bytes);
	return rc ? rc : platform_check_interrupted(err);
}

/* --------------------------------------------------------------------------------------------- */

static int add_all(struct keeping *k, struct err *err)
{
	const struct options *o = k->cli->options;
	int rc = 0;

	for (size_t i = 2; !rc && i < o->arg_count; i++)
		rc = keep_folder(k, o->args[i], err);
	return rc;
}

static int check_options(const struct options *o, const char *verb, struct err *err)
{
	if (option_given(o, OPT_JSON) && strcmp(verb, "list") != 0)
		return err_set(err, ERR_USAGE, "--json goes with 'list'.");
	if (option_given(o, OPT_POLICY) && strcmp(verb, "import") != 0)
		return err_set(err, ERR_USAGE, "--policy goes with 'import'.");
	if (o->arg_count < 3 && strcmp(verb, "add") == 0)
		return err_set(err, ERR_USAGE, "Which run? A results.json, or its folder.");
	if (o->arg_count < 3 && strcmp(verb, "import") == 0)
		return err_set(err, ERR_USAGE,
			"Which folder? One that holds runs, snapshots, LDIFs or folders of "
			"ORADAD.");
	return 0;
}

int cmd_history(struct cli *cli, struct err *err)
{
	const struct options *o = cli->options;
	struct keeping k = { .cli = cli, .french = cli->lang == LANG_FR };
	const char *verb = o->arg_count > 1 ? o->args[1] : "list";
	int rc;

	if (!o->arg_count)
		return err_set(err, ERR_USAGE,
			"Which history? 'adhygiene history DIR' lists the one in the folder DIR.");
	k.folder = o->args[0];
	if (check_options(o, verb, err))
		return err->code;
	if (strcmp(verb, "add") == 0)
		rc = add_all(&k, err);
	else if (strcmp(verb, "import") == 0)
		rc = keep_shelves(&k, o->args + 2, o->arg_count - 2, err);
	else if (strcmp(verb, "list") == 0 && o->arg_count <= 2)
		rc = list(&k, err);
	else
		rc = err_set(err, ERR_USAGE,
			"'adhygiene history DIR' takes list, add RUN, or import FOLDER; not '%s'.",
			o->arg_count > 2 ? o->args[2] : verb);
	history_close(k.history);
	return rc;
}
