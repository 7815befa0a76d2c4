/* Inside src/cli: what `show` prints of one object. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/cli.h"
#include "model/model.h"

struct show {
	struct cli *cli;
	struct snapshot *snapshot;
	struct model *model;
	const struct ad_object *object;
};

/* One of two texts, by the language of the command. */
const char *show_say(const struct show *s, const char *fr, const char *en);
/* show_account.c: what matters of the object, on one screen. */
void show_summary(struct show *s);

#endif
