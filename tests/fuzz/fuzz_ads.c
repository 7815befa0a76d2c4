/* The result of ADS as a CSV: any bytes give points of ANSSI's form, each once, or a sentence; and
 * what they give can be compared. */
#include "base/limits.h"
#include "cli/ads_file.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct catalogue *the_catalogue(void)
{
	static struct catalogue c;
	struct err err = { 0 };

	if (!c.entry_count && catalogue_load_shipped(&c, &err))
		abort();
	return &c;
}

static void look_at(const struct ads_result *result)
{
	if (!result->count || result->count > LIMIT_ADS_POINTS)
		abort();
	for (size_t i = 0; i < result->count; i++) {
		const struct ads_row *r = &result->rows[i];

		if (!run_ads_is_point(r->id) || r->level < 0 || r->level > 5 ||
			(r->count != INT64_MIN && (r->count < 0 || r->count > LIMIT_OBJECTS)) ||
			r->status == STATUS_WAIVED || r->status >= STATUS_DISABLED)
			abort();
		for (size_t k = 0; k < i; k++)
			if (str_eq(r->id, result->rows[k].id))
				abort();
	}
}

static void compare(const struct catalogue *c, const struct ads_result *result)
{
	static const int levels[] = { 1, 2 };
	struct run_control control = {
		.id = STR("vuln_krbtgt"), .area = STR("made"), .levels = levels, .level_count = 2
	};
	struct run r = { .controls = &control,
		.control_count = 1,
		.catalogue_version = c->version,
		.collected_at = 0 };
	const struct run_ads *ads = ads_compare(c, result, &r);

	for (size_t i = 1; i < ads->point_count; i++)
		if (run_ads_order(&ads->points[i - 1], &ads->points[i]) >= 0)
			abort();
	arena_free(&r.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct catalogue *catalogue = the_catalogue();
	struct ads_file file = { 0 };
	struct csv *csv = NULL;
	struct arena a = { 0 };
	struct err err = { 0 };

	if (!csv_of_bytes("fuzz.csv", (struct str){ (const char *)data, size }, &csv, &err) &&
		!ads_file_read_csv(&a, csv, "fuzz.csv", catalogue, &file, &err)) {
		look_at(&file.result);
		compare(catalogue, &file.result);
	}
	if (err.code && (err.code != ERR_USAGE || strncmp(err.text, "fuzz.csv", 8) != 0))
		abort();
	csv_close(csv);
	arena_free(&a);
	return 0;
}
