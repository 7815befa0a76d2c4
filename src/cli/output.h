/*
 * The files of one run. Each is written beside its target under a name of its own; when all are
 * whole they are renamed into place together. A run that fails leaves every older file as it was.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/arena.h"
#include "base/err.h"

#define OUTPUT_FILES_MAX 16

struct output {
	struct arena *arena;
	const char *folder;
	bool created;	/* the folder is new: a failed run removes it again */
	bool committed; /* the files stand at their targets */
	struct {
		const char *staged, *target;
	} files[OUTPUT_FILES_MAX];
	size_t count;
};

/* Makes the folder (0700) when it is not there. */
int output_begin(struct output *o, struct arena *a, const char *folder, struct err *err);
/* The path to write the file `name` at; it does not exist yet. */
const char *output_stage(struct output *o, const char *name);
/* The same for a file that was already written at `staged`, on the same file system. */
void output_adopt(struct output *o, const char *staged, const char *name);
int output_commit(struct output *o, struct err *err);
/* Removes what was staged; harmless after output_commit(). */
void output_abort(struct output *o);

#endif
