/* One made-up area of controls, its catalogue, and the way from lines of text to a run. */
#ifndef TESTS_ENGINE_MADE_H
#define TESTS_ENGINE_MADE_H

#include "engine/engine.h"
#include "tests/cases/directory.h"

extern const struct check_area check_area_made;
extern const char made_yaml[], made_changes[];

#define EVE "CN=eve,CN=Users,DC=lab,DC=test"
#define BOB "CN=bob,CN=Users,DC=lab,DC=test"
#define ALICE "CN=adm-alice,OU=Tier0,DC=lab,DC=test"

struct world {
	struct catalogue catalogue;
	struct policy policy;
	const struct policy_mistake *mistakes;
	size_t mistake_count;
	struct model *model;
	struct run run;
	struct err err;
};

/* Loads the made-up catalogue with these words for the area; 0 or the error in w->err. */
int world_catalogue(struct world *w, const char *yaml);
int world_catalogue_with(struct world *w, const char *yaml, const char *changes);
/* Catalogue and policy ("schema" and "name" stand before it), bound. */
int world_policy(struct world *w, const char *fragment);
/* Base directory plus lines, evaluated. Fails the test when it cannot be done. */
void world_run(struct world *w, const char *fragment, const char *lines);
void world_free(struct world *w);
const struct run_control *world_control(const struct world *w, const char *id);

#endif
