/* rewrite_run IN OUT [SUMMARY LANG]: reads a results.json and writes the run again, and what the
 * terminal shows of it once it is described; exits like the program itself, with its sentence. */
#include "checks/registry.h"
#include "engine/engine.h"
#include "reports/writers.h"
#include "runs/stored.h"

#include <string.h>

static int write_summary(
	struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	struct catalogue c;
	FILE *f = fopen(path, "wb");

	if (!f)
		return err_set(err, ERR_OUTPUT, "cannot open %s", path);
	if (catalogue_load(check_areas, check_area_count, catalogue_files, catalogue_files_count,
		    &c, err)) {
		fclose(f);
		return err->code;
	}
	engine_describe_run(&c, r);
	report_summary(r, o, f);
	catalogue_free(&c);
	return fclose(f) ? err_set(err, ERR_OUTPUT, "cannot write %s", path) : 0;
}

int main(int argc, char **argv)
{
	struct report_options o = { .lang = LANG_FR, .columns = 80 };
	struct err err = { 0 };
	struct run r;
	int rc;

	if (argc != 3 && argc != 5) {
		fputs("rewrite_run IN OUT [SUMMARY fr|en]\n", stderr);
		return 2;
	}
	if (argc == 5 && strcmp(argv[4], "en") == 0)
		o.lang = LANG_EN;
	rc = stored_run_read(argv[1], &r, &err);
	if (rc == 0) {
		rc = json_report_write(&r, &o, argv[2], &err);
		if (rc == 0 && argc == 5)
			rc = write_summary(&r, &o, argv[3], &err);
		run_free(&r);
	}
	if (rc)
		fprintf(stderr, "%s\n", err.text);
	return rc ? -err.code : 0;
}
