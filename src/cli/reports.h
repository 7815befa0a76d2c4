/* What commands that write reports share: --format, the folder, staging. */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/cli.h"
#include "cli/output.h"

#define FORMATS_MAX 8

struct formats {
	const struct report_format *list[FORMATS_MAX];
	size_t count;
};

/* list: the value of --format, names with commas between; NULL: all of known[]. */
int formats_read(struct formats *out, const char *list, const struct report_format *known,
	size_t known_count, struct err *err);
/* ./adhygiene-<domain>-<date>, the domain reduced to characters that every file system takes. */
const char *reports_default_folder(struct arena *a, const struct run *r);
/* Each into its staged file of o, which output_begin() has opened; the caller commits. Only lang
 * and evolution of options are read. */
int reports_write(struct cli *cli, const struct formats *f, const struct run *r,
	const struct report_options *options, struct output *o, struct err *err);
/* "Rapports : DIR/audit.xlsx, …" on standard output: all that o wrote. */
void reports_list(const struct cli *cli, const struct output *o);

#endif
