#include "reports/writers.h"

#include "base/platform.h"
#include "reports/texts.h"

const struct report_format report_formats[] = {
	{ "xlsx", "audit.xlsx", xlsx_report_write },
	{ "html", "audit.html", html_report_write },
	{ "json", "results.json", json_report_write },
	{ "csv", "objects.csv", csv_objects_write },
	{ "csv", "controls.csv", csv_controls_write },
	{ "ps1", "remediation.ps1", powershell_report_write },
};
const size_t report_format_count = ARRAY_LEN(report_formats);

/* Findings between two looks at the clock and the interrupt flag. */
#define FINDINGS_A_STEP 4096

uint64_t run_object_total(const struct run *r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->control_count; i++)
		n += r->controls[i].object_count;
	return n;
}

struct writing writing_begin(const struct run *r, const struct report_options *o)
{
	struct writing x = { .progress = o->progress, .total = run_object_total(r) };

	if (x.progress)
		progress_start(x.progress, text(TEXT_writing, o->lang));
	return x;
}

int writing_step(struct writing *x, struct err *err)
{
	if (++x->done % FINDINGS_A_STEP)
		return 0;
	if (x->progress)
		progress_step(x->progress, x->done, x->total);
	return platform_check_interrupted(err);
}

void writing_end(struct writing *x)
{
	if (x->progress)
		progress_end(x->progress);
}
