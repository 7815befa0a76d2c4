/* CSV files from outside: any bytes give rows of bounded size in clean UTF-8, or a sentence. */
#include "base/csv.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct csv *c, size_t last_line)
{
	if (csv_line(c) <= last_line)
		abort();
	for (size_t i = 0; i < csv_heading_count(c); i++) {
		struct str cell = csv_cell(c, i);

		if (cell.n > LIMIT_CSV_LINE)
			abort();
		for (size_t at = 0, len; at < cell.n; at += len)
			if (utf8_decode((struct str){ cell.p + at, cell.n - at }, &len) == 0xfffd &&
				len == 1)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv *c = NULL;
	struct err err = { 0 };
	bool there = true;

	if (csv_of_bytes("fuzz.csv", (struct str){ (const char *)data, size }, &c, &err)) {
		if (err.code != ERR_USAGE || c)
			abort();
		return 0;
	}
	for (size_t i = 0; i < csv_heading_count(c); i++)
		if (csv_heading(c, i).n && csv_column(c, csv_heading(c, i)) == CSV_NONE)
			abort();
	for (size_t line = 0; !csv_next(c, &there, &err) && there; line = csv_line(c))
		look_at(c, line);
	csv_close(c);
	return 0;
}
