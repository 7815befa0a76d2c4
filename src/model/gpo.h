/*
 * Group policies: what the files of each say, and which value of a setting reaches a computer
 * (MS-GPOL 3.2.5.1). Loopback, user's halves and slow links play no part: computers are asked
 * about.
 */
#ifndef MODEL_GPO_H
#define MODEL_GPO_H

#include "model/model.h"

/* By which kind of file, in the order in which one overrides another (client-side extensions run
 * in the order of their GUIDs, after that of Registry.pol: MS-GPOL 3.2.5.1.10). */
enum gpo_store {
	GPO_PREFERENCE, /* Preferences/Registry/Registry.xml */
	GPO_SECURITY,	/* GptTmpl.inf */
	GPO_REGISTRY,	/* Registry.pol */
	GPO_AUDIT,	/* audit.csv */
	GPO_SCRIPT,	/* scripts.ini, psscripts.ini */
	GPO_STORE_COUNT
};

struct gpo_setting {
	enum gpo_store store;
	bool user;	 /* of the user's half */
	struct str path; /* registry: the key below HKLM or HKCU; GptTmpl.inf: the section; scripts:
			    the event; audit.csv: empty */
	struct str name; /* of the value, key or account right; audit.csv: the subcategory's GUID,
			    lower case without braces; scripts: the command */
	struct str value; /* numbers in decimal; account rights and groups: as the file has it */
	bool removed;	  /* the value is deleted, or (name empty) all of the key's */
	bool maybe;	  /* item-level targeting, or only where nothing is set yet */
	struct str file;
};

struct gpo_password {
	struct str file, item, user; /* the password itself is nowhere in the program */
	bool registry; /* in clear text, as a registry value (item: key and name); else a cpassword
			*/
};

/* Was SYSVOL read at all? */
bool model_sysvol_read(const struct model *m);
/* Were all files of this policy read? reason (when false): "sysvol_not_read",
 * "gpo_folder_not_read", "gpo_file_not_read", "gpo_file_missing". */
bool gpo_files_read(const struct model *m, const struct ad_object *gpo, const char **reason);
/* What its files say, in the order of files and lines. */
size_t gpo_settings(
	const struct model *m, const struct ad_object *gpo, const struct gpo_setting **out);
/* Passwords in its preferences and registry settings. gpo NULL: those in files of no policy that
 * was read. */
size_t gpo_passwords(
	const struct model *m, const struct ad_object *gpo, const struct gpo_password **out);

/* ---- which value wins ----------------------------------------------------------------------- */

struct gpo_query {
	enum gpo_store store; /* GPO_REGISTRY: the registry value by whichever of the first three */
	struct str path, name; /* as in gpo_setting, case ignored */
};

struct gpo_candidate {
	const struct ad_object *gpo; /* NULL: no policy sets it */
	struct str value;	     /* when gpo is set; a removed value counts as not set */
};

#define GPO_CANDIDATES 8

struct gpo_answer {
	struct gpo_candidate values[GPO_CANDIDATES]; /* what may be in force; one when it is sure */
	size_t count;
	const char *unknown; /* why something else may be in force: a code; NULL: nothing else */
};

/* The value that the policies give this computer: link order, enforcement, blocked inheritance,
 * disabled links and halves, security filtering. A WMI filter, a membership that could not be read
 * or one of several sites means "may apply": its value is a candidate beside the next one. */
struct gpo_answer gpo_effective(
	const struct model *m, const struct ad_object *computer, const struct gpo_query *q);

/* ---- to whom -------------------------------------------------------------------------------- */

/* May somebody ordinary use what is given to this SID: an account that is neither privileged nor
 * one of the system's own, alone or in a group? YES for Everyone and the like, and for accounts of
 * other forests; UNKNOWN when it names nothing that was read, or members are missing. */
enum tri gpo_principal_ordinary(const struct model *m, const struct sid *sid);

#endif
