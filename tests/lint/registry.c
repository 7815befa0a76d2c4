/*
 * Registry = catalogue = cases: lint_registry CASES. Loading the catalogue proves that each C row
 * has its words in both languages and its defaults within bounds, and the reverse; here each
 * control has its case with a firing, a quiet and a not-readable section, and each case a control.
 */
#include "base/platform.h"
#include "checks/registry.h"
#include "engine/catalogue.h"

static unsigned breaches;

static bool has_section(struct str text, struct str title)
{
	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);

		if (str_starts(line, STR("== ")) &&
			str_starts((struct str){ line.p + 3, line.n - 3 }, title))
			return true;
	}
	return false;
}

static void check_case(const char *folder, const struct catalogue_entry *e)
{
	static const char *const sections[] = { "fires", "quiet", "not readable" };
	struct arena a = { 0 };
	struct buf text = { 0 };
	const char *path =
		arena_printf(&a, "%s/%.*s/%.*s.case", folder, STR_ARG(e->area), STR_ARG(e->id)).p;
	struct err err;

	if (platform_read_file(path, LIMIT_YAML_BYTES, &text, ERR_SOURCE, &err)) {
		printf("%s: %s\n", path, err.text);
		breaches++;
	} else {
		/* What no directory can tell is always unknown: its case says so and why. */
		bool never_fires = str_starts(buf_str(&text), STR("# never fires: "));

		for (size_t i = never_fires; i < ARRAY_LEN(sections); i++)
			if (!has_section(buf_str(&text), str_of(sections[i]))) {
				printf("%s:1: no section '== %s …'\n", path, sections[i]);
				breaches++;
			}
	}
	buf_free(&text);
	arena_free(&a);
}

/* A case without control, or in the folder of another area, is never run for what it says. */
static void check_folder(const char *folder, const struct catalogue *c, struct str area)
{
	struct arena a = { 0 };
	struct platform_dir *state = NULL;
	const char *path = arena_printf(&a, "%s/%.*s", folder, STR_ARG(area)).p;
	const char *name;

	while ((name = platform_dir_next(path, &state)) != NULL) {
		struct str id = str_of(name);
		const struct catalogue_entry *e;

		if (name[0] == '.')
			continue;
		id.n -= id.n > 5 ? 5 : 0;
		e = catalogue_find(c, id);
		if (!e || !str_eq(e->area, area) || strcmp(name + id.n, ".case") != 0) {
			printf("%s/%s: no control of this area has this name\n", path, name);
			breaches++;
		}
	}
	arena_free(&a);
}

int main(int argc, char **argv)
{
	struct catalogue c = { 0 };
	struct err err;

	if (argc != 2)
		return 2;
	if (catalogue_load(check_areas, check_area_count, catalogue_files, catalogue_files_count,
		    &c, &err)) {
		printf("checks/%s\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < c.entry_count; i++)
		check_case(argv[1], &c.entries[i]);
	for (size_t i = 0; i < c.area_count; i++)
		check_folder(argv[1], &c, c.areas[i].name);
	printf("%zu controls, %u breaches\n", c.entry_count, breaches);
	catalogue_free(&c);
	return breaches > 0;
}
