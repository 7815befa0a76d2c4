/*
 * The catalogue: every control's words, levels and default numbers, from checks/<area>.yaml
 * (embedded); and the kinds of change that mend them, from checks/changes.yaml. docs/catalogue.md
 * describes the format; tests/lint proves that it names the same controls as the C tables.
 */
#ifndef ENGINE_CATALOGUE_H
#define ENGINE_CATALOGUE_H

#include "engine/check.h"
#include "engine/run.h"

struct catalogue_entry {
	struct str id, area;
	const struct run_change *change; /* how it is mended */
	const int *levels;		 /* ascending, worst first; at least one */
	size_t level_count;
	struct run_text title, why, measure, fix;
	const struct str
		*references; /* "ANSSI vuln_x", "PA-099 R44", "ATT&CK T1078", "MS-ADTS …" */
	size_t reference_count;
	bool interpretation; /* ANSSI's text leaves a choice (docs/controls/interpretations.md) */
	struct str account_policy; /* the key of [System Access] that mends it; empty: none */
	const struct policy_param *defaults;
	size_t default_count;
	const struct check *check; /* NULL only while loading */
};

struct catalogue_area {
	struct str name;
	struct run_text title;
};

struct catalogue {
	struct arena arena;
	struct str version;		  /* "2026-11" */
	const struct run_change *changes; /* in the order of the file; each is some control's */
	size_t change_count;
	const struct catalogue_area *areas;
	size_t area_count;
	const struct catalogue_entry *entries; /* sorted by id */
	size_t entry_count;
};

/* areas: the C tables; files: one <area>.yaml each, catalogue.yaml with the version, and
 * changes.yaml. Any disagreement between them is an error with file:line:column. */
int catalogue_load(const struct check_area *const *areas, size_t area_count,
	const struct embedded_file *files, size_t file_count, struct catalogue *out,
	struct err *err);
void catalogue_free(struct catalogue *c);
const struct catalogue_entry *catalogue_find(const struct catalogue *c, struct str id);

#endif
