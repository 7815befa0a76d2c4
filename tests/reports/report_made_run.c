/* report_made_run FOLDER KIND LANG [SHEET_ROWS [FORMAT]]: writes every report and summary.txt of a
 * made run into FOLDER; exits like the program itself, with its sentence. */
#include "made_run.h"
#include "reports/rights.h"
#include "reports/writers.h"

#include "base/buf.h"
#include "base/limits.h"

#include <string.h>

static const char *const kinds[] = { "small", "large", "empty", "clean", "huge", "followed" };

#define FOLLOWED (ARRAY_LEN(kinds) - 1)

static void path_in(struct buf *b, const char *folder, const char *name)
{
	buf_clear(b);
	buf_printf(b, "%s/%s", folder, name);
}

static int write_summary(const struct run *r, const struct report_options *o, const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		return 5;
	report_summary(r, o, f);
	return fclose(f) ? 5 : 0;
}

static int write_all(const struct run *r, const struct report_options *o, const char *folder,
	const char *only, struct xlsx_limits limits, struct err *err)
{
	struct buf path = { 0 };
	int rc = 0;

	for (size_t i = 0; i < report_format_count && !rc; i++) {
		if (only && strcmp(only, report_formats[i].name) != 0)
			continue;
		path_in(&path, folder, report_formats[i].file_name);
		if (limits.sheet_rows != LIMIT_XLSX_ROWS &&
			report_formats[i].write == xlsx_report_write)
			rc = xlsx_write_limited(r, o, buf_z(&path), limits, err);
		else
			rc = report_formats[i].write(r, o, buf_z(&path), err);
	}
	if (!rc && !only && rights_needed(r)) {
		path_in(&path, folder, "rights.ps1");
		rc = rights_write(r, o->lang, buf_z(&path), err);
	}
	if (!rc) {
		path_in(&path, folder, "summary.txt");
		rc = write_summary(r, o, buf_z(&path));
	}
	buf_free(&path);
	return rc;
}

/* The formats there are, a line each: for bench/run. A format of several files is named once. */
static int list_formats(void)
{
	for (size_t i = 0; i < report_format_count; i++)
		if (!i || strcmp(report_formats[i].name, report_formats[i - 1].name) != 0)
			puts(report_formats[i].name);
	return 0;
}

int main(int argc, char **argv)
{
	struct report_options o = { .lang = LANG_FR, .columns = 80 };
	struct xlsx_limits limits = { LIMIT_XLSX_ROWS, XLSX_TABLE_ROWS };
	struct err err = { 0 };
	struct run_evolution evolution;
	struct run r;
	uint64_t rows = LIMIT_XLSX_ROWS;
	size_t kind = 0;
	int rc;

	if (argc == 2 && strcmp(argv[1], "formats") == 0)
		return list_formats();
	while (argc > 2 && kind < ARRAY_LEN(kinds) && strcmp(kinds[kind], argv[2]) != 0)
		kind++;
	if (argc < 4 || kind == ARRAY_LEN(kinds) ||
		(argc > 4 && !str_to_u64(str_of(argv[4]), &rows))) {
		fputs("report_made_run FOLDER small|large|empty|clean|huge|followed fr|en "
		      "[SHEET_ROWS "
		      "[FORMAT]]\n",
			stderr);
		return 2;
	}
	o.lang = strcmp(argv[3], "en") == 0 ? LANG_EN : LANG_FR;
	limits.sheet_rows = (uint32_t)rows;
	/* The last kind is the first one, two months later. */
	made_run(kind == FOLLOWED ? MADE_SMALL : (enum made_kind)kind, &r);
	if (kind == FOLLOWED) {
		made_evolution(&r, &evolution);
		o.evolution = &evolution;
	}
	rc = write_all(&r, &o, argv[1], argc > 5 ? argv[5] : NULL, limits, &err);
	if (rc)
		fprintf(stderr, "%s\n", err.text);
	run_free(&r);
	return rc ? -err.code : 0;
}
