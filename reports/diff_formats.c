#include "base/compiler.h"
#include "reports/diff.h"

const struct report_format diff_formats[] = {
	{ "json", "diff.json", diff_json_write },
};
const size_t diff_format_count = ARRAY_LEN(diff_formats);
