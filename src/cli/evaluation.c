#include "cli/evaluation.h"

#include "model/model.h"
#include "snapshot/snapshot.h"

static int load(const struct evaluation *e, struct snapshot *s, struct snapshot *sysvol,
	struct model **out, struct err *err)
{
	struct model_options options = { .at = e->at, .sysvol = sysvol };
	struct cli *cli = e->cli;

	options.keep_count = engine_attributes(&e->rules->policy, &cli->arena, &options.keep);
	progress_start(&cli->progress, cli->lang == LANG_FR ? "chargement" : "loading");
	int rc = model_load(s, &e->rules->policy, &options, &cli->progress, out, err);
	progress_end(&cli->progress);
	return rc;
}

int evaluation_load(const struct evaluation *e, struct model **out, struct err *err)
{
	struct snapshot *snapshot = NULL, *sysvol = NULL;
	struct model *m = NULL;
	int rc = snapshot_open(e->snapshot, &snapshot, err);

	if (!rc && e->sysvol)
		rc = snapshot_open(e->sysvol, &sysvol, err);
	if (!rc)
		rc = load(e, snapshot, sysvol, &m, err);
	snapshot_close(snapshot);
	snapshot_close(sysvol);
	/* Ages from a date that nobody knows would be wrong, and some of them good. */
	if (!rc && e->at == INT64_MIN && model_collected_at(m) == INT64_MIN) {
		model_free(m);
		return err_set(err, ERR_USAGE,
			"The source holds no date, neither of a rootDSE nor of a change; give the "
			"one it was read at with audit --at.");
	}
	if (!rc)
		*out = m;
	return rc;
}

int evaluation_run(const struct evaluation *e, const struct model *m,
	const struct previous_run *previous, struct run *out, struct err *err)
{
	struct cli *cli = e->cli;

	progress_start(&cli->progress, cli->lang == LANG_FR ? "évaluation" : "evaluating");
	int rc = engine_run(
		&e->rules->catalogue, &e->rules->policy, m, previous, &cli->progress, out, err);
	progress_end(&cli->progress);
	return rc;
}
