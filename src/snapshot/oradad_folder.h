/* The files of one run of ORADAD in clear (outputFiles=1), wherever they lie. */
#ifndef SNAPSHOT_ORADAD_FOLDER_H
#define SNAPSHOT_ORADAD_FOLDER_H

#include "base/err.h"
#include "base/str.h"

struct oradad_folder;

/*
 * path: the folder that holds tables.tsv, or one above it (two levels at most): the newest run
 * below it, by name, is taken. Also a folder into which an archive was extracted on a system whose
 * separator is '/': its files then carry '\' in their names; of several archives in one folder,
 * "FOLDER/ch.example\20250101-000000" is one. Names that hold "..", and links, are
 * never followed. A .mla archive, and a folder that holds nothing else, is refused with what to do
 * about it: set outputFiles=1, or extract with the site's own key and mlar 1.x. ERR_SOURCE.
 */
int oradad_folder_open(const char *path, struct oradad_folder **out, struct err *err);
void oradad_folder_close(struct oradad_folder *f); /* NULL is fine */
/* Does path hold such a run? Never an error: for commands that take several kinds of source. */
bool oradad_folder_is(const char *path);

/* For sentences: where tables.tsv is. */
const char *oradad_folder_path(const struct oradad_folder *f);
/* The file of this name below the run's folder, as ORADAD writes it ("domain\ch.example\user.tsv",
 * any case); NULL: it is not there. Lives as long as f. */
const char *oradad_folder_file(const struct oradad_folder *f, struct str name);
/* The same below the run's second folder, "<run>_SYSVOL". */
const char *oradad_folder_sysvol(const struct oradad_folder *f, struct str name);

#endif
