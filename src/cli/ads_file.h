/*
 * ANSSI's own result (ADS) as somebody typed or exported it: a CSV with the columns control, level,
 * status and count, French or English, of which all but the first may be empty or missing; the date
 * of the report in a column, or in a line "date;2026-10-14".
 */
#ifndef CLI_ADS_FILE_H
#define CLI_ADS_FILE_H

#include "base/csv.h"
#include "cli/cli.h"
#include "engine/ads.h"

/* A point that has ANSSI's form and is not in the catalogue: of a newer list of points, or
 * mistyped.
 */
struct ads_stranger {
	struct str id, nearest; /* nearest: of the catalogue, empty when none is near */
	size_t line;
};

struct ads_file {
	struct ads_result result;
	const struct ads_stranger *strangers;
	size_t stranger_count;
};

/* Everything lives in a. Every mistake is ERR_USAGE and begins with "path:line: ". */
int ads_file_read(struct arena *a, const char *path, const struct catalogue *c,
	struct ads_file *out, struct err *err);
/* The same of an open CSV; name is that of csv_open(). */
int ads_file_read_csv(struct arena *a, struct csv *csv, const char *name, const struct catalogue *c,
	struct ads_file *out, struct err *err);
/* The strangers, on standard error. */
void ads_file_notes(const struct cli *cli, const struct ads_file *f, const char *path);

#endif
