/*
 * Report writers. Each gets a finished run and a path of its own beside the target; the command
 * line renames all of a run's files into place when every one is written, flushed and checked.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "base/err.h"
#include "base/progress.h"
#include "engine/evolution.h"

#include <stdio.h>

enum lang { LANG_FR, LANG_EN };

struct report_options {
	enum lang lang;
	int columns; /* of the terminal, for the summary */
	struct progress *progress;
	const struct run_evolution *evolution; /* NULL: the first audit */
};

/* One file of a format. A format of several files has a row for each. */
struct report_format {
	const char *name;      /* as in --format */
	const char *file_name; /* inside --output */
	/* Creates path (which must not exist), writes, flushes to disk and checks. */
	int (*write)(const struct run *r, const struct report_options *o, const char *path,
		struct err *err);
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* The summary of a run on standard output: fits a screen of 80 × 24. */
void report_summary(const struct run *r, const struct report_options *o, FILE *out);

#endif
