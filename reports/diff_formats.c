#include "base/compiler.h"
#include "reports/diff.h"

const struct report_format diff_formats[] = {
	{ "xlsx", "diff.xlsx", diff_xlsx_write },
	{ "html", "diff.html", diff_html_write },
	{ "json", "diff.json", diff_json_write },
};
const size_t diff_format_count = ARRAY_LEN(diff_formats);
