/* SOURCE of the command line: where the directory is read from. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "cli/cli.h"
#include "snapshot/snapshot.h"

/* Usage only: exactly one kind of source, and nothing that its kind does not take. */
int source_check(const struct cli *cli, struct err *err);
/* Is it a live directory (its snapshot is then part of the output)? */
bool source_is_live(const struct cli *cli);
/* Reads the source into a new snapshot at path. extra: attributes beyond attrs.def to ask for. Not
 * for --snapshot. */
int source_read(struct cli *cli, const struct str *extra, size_t extra_count, const char *path,
	struct err *err);
/* One file or folder as --ldif or --oradad takes it (kind: OPT_LDIF, OPT_ORADAD), whatever the
 * command line names, into a new snapshot at path. */
int source_read_file(struct cli *cli, enum option_id kind, const char *source, const char *path,
	struct err *err);
/* The folder of --sysvol into a snapshot of its own at path, for --snapshot. */
int source_read_sysvol(struct cli *cli, const char *path, struct err *err);
/* Is path one of the files that this command was told to read? Its option's name, or NULL. */
const char *source_reads(const struct cli *cli, const char *path);
/* ERR_OUTPUT when it is: what is to be written at path would replace it. */
int source_check_target(const struct cli *cli, const char *path, struct err *err);

#endif
