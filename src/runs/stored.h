/*
 * A stored run: results.json read back into what a report sees. What is not in that file (words of
 * the catalogue, last uses, waivers, deadlines) is left empty: engine_describe_run() adds the
 * words.
 */
#ifndef RUNS_STORED_H
#define RUNS_STORED_H

#include "base/err.h"
#include "engine/run.h"

/* path: a results.json, or the folder of reports that holds one. Any bytes may stand in it: what is
 * no results.json of schema 1 is ERR_SOURCE with a sentence that names file and line. Memory: the
 * bytes of the file while it is read, and the run. Writing the run again gives the same bytes. */
int stored_run_read(const char *path, struct run *out, struct err *err);
/* The same of a file's bytes; name is for the sentences. */
int stored_run_parse(struct str bytes, const char *name, struct run *out, struct err *err);
/* Without names, DNs and SIDs (audit --anonymous)? */
bool stored_run_is_anonymous(const struct run *r);

#endif
