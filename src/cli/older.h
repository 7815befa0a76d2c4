/* What earlier runs left in the folder that reports are written to. */
#ifndef CLI_OLDER_H
#define CLI_OLDER_H

#include "cli/cli.h"
#include "cli/output.h"

/* The folder of an anonymous run is sent as it is. ERR_OUTPUT when something in it names accounts:
 * reports, snapshots and histories of this program, and a results.json that is not anonymous. */
int older_refuse_named(struct cli *cli, const char *folder, struct err *err);
/* One line on standard error: the reports of an audit that stand in the folder and were not
 * written by o. */
void older_list(const struct cli *cli, const struct output *o);

#endif
