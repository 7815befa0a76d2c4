/* What every command of the program gets, and the commands themselves (one file each). */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/progress.h"
#include "cli/options.h"
#include "engine/engine.h"

struct cli {
	struct arena arena; /* for the whole life of the program */
	enum lang lang;
	bool quiet, verbose;
	struct progress progress;
	const struct options *options;
};

/* A command returns the exit code 0 or 1, or a negative error code with *err filled. */
typedef int command_fn(struct cli *cli, struct err *err);

command_fn cmd_audit, cmd_collect, cmd_compare, cmd_diff, cmd_history, cmd_controls, cmd_explain,
	cmd_show, cmd_policy, cmd_version, cmd_help;

struct command {
	const char *name;
	command_fn *run;
	unsigned bit; /* of options.h */
	const char *usage;
	const char *purpose[2]; /* by enum lang */
};
extern const struct command commands[];
extern const size_t command_count;
/* NULL when there is none of that name. */
const struct command *command_find(const char *name);
/* Usage, purpose and options of one command on out. */
void command_help(const struct command *c, enum lang lang, FILE *out);

/* ---- shared by commands --------------------------------------------------------------------- */

/* The catalogue and a policy bound to it; every mistake of the policy goes to standard error with
 * its file:line:column, and the call fails with ERR_USAGE. */
struct rules {
	struct catalogue catalogue;
	struct policy policy;
};
int rules_load(const char *policy_name, struct rules *out, struct err *err);
int catalogue_load_shipped(struct catalogue *out, struct err *err);
void rules_free(struct rules *r);

/* What people should know of a workbook that was read back (NULL: none), on standard error. */
struct workbook;
void cli_workbook_notes(const struct cli *cli, const struct workbook *w, const char *path);

/* --at into *out; INT64_MIN when not given. */
int cli_at(const struct cli *cli, int64_t *out, struct err *err);

#endif
