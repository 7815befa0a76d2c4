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
	GPO_GROUPS,	/* Preferences/Groups/Groups.xml */
	GPO_STORE_COUNT
};

struct gpo_setting {
	enum gpo_store store;
	bool user;	  /* of the user's half */
	struct str path;  /* registry: the key below HKLM or HKCU; GptTmpl.inf: the section, "Group
			     Memberof" for the groups that a group is put into; scripts: the event,
			     "ScheduledTask" for a task of preferences; Groups.xml: the group, as SID
			     or  name; audit.csv: empty */
	struct str name;  /* of the value, key or account right; audit.csv: the subcategory's GUID,
			     lower case without braces; scripts: the command; Groups.xml: the member,
			     as SID or name */
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
 * "gpo_folder_not_read", "gpo_file_not_read", "gpo_file_missing", "gpo_file_not_asked". */
bool gpo_files_read(const struct model *m, const struct ad_object *gpo, const char **reason);
/* And those of its files that hold a stored password (cpassword) and no setting that is asked
 * about, such as Drives.xml? gpo NULL: those of files of no policy that was read. */
bool gpo_passwords_read(const struct model *m, const struct ad_object *gpo, const char **reason);
/* What its files say, in the order of files and lines. */
size_t gpo_settings(
	const struct model *m, const struct ad_object *gpo, const struct gpo_setting **out);
/* Passwords in its preferences and registry settings. gpo NULL: those in files of no policy that
 * was read. */
size_t gpo_passwords(
	const struct model *m, const struct ad_object *gpo, const struct gpo_password **out);

/* Does a domain's head, a unit or a site link it, be the link disabled? UNKNOWN: one that could not
 * be read may; reason (may be NULL) gets a code. */
enum tri gpo_is_linked(const struct model *m, const struct ad_object *gpo, const char **reason);

/* ---- files and folders ---------------------------------------------------------------------- */

struct gpo_entry {
	struct str path, below; /* below: behind the policy's folder, empty for that itself */
	bool folder;
	int64_t modified;	  /* seconds since 1970; INT64_MIN: not known */
	const struct secdesc *sd; /* NULL: not read, or damaged */
	bool control_known;	  /* sd->control is the file's own (not so over SMB) */
};
/* What stands in the policy's folder, that itself first, in the order of paths. gpo NULL: what is
 * in no policy's that was read. */
size_t gpo_entries(
	const struct model *m, const struct ad_object *gpo, const struct gpo_entry **out);

/* Is the DACL protected from what the folder above hands down? Where the control flags were not
 * read, an inherited entry tells that it is not. */
enum tri gpo_entry_protected(const struct gpo_entry *e);

/* Says entry number `ace` of e's DACL no more than one that `folder` hands down to it: the same
 * kind, trustee (CREATOR OWNER: the file's owner) and rights? Both have descriptors. */
bool gpo_entry_hands_down(const struct gpo_entry *folder, const struct gpo_entry *e, size_t ace);

/* Is e's DACL as a whole what `folder` hands down? Samba's sysvolreset copies the DACL of a
 * policy's folder to everything in it, instead of letting it be inherited. */
bool gpo_entry_repeats(const struct gpo_entry *folder, const struct gpo_entry *e);

/* May somebody ordinary change the file (or, in a folder, replace what is in it), by its own
 * descriptor? Owners count. *who gets the first; *reason a code when UNKNOWN. */
enum tri gpo_entry_writable(
	const struct model *m, const struct gpo_entry *e, struct sid *who, const char **reason);

/* Calls visit() for each SID whose entry, or ownership, lets it change the file as above: Everyone
 * without a DACL, nobody where the descriptor was not read. */
void gpo_entry_writers(
	const struct gpo_entry *e, void (*visit)(void *arg, const struct sid *sid), void *arg);

/* The script that a setting of store GPO_SCRIPT runs, or, with setting NULL, that a scriptPath of
 * an account of `domain` names: its file and the folder it stands in. *reason: a code when false:
 * "script_outside_sysvol", "script_not_read". */
struct gpo_script_files {
	const struct gpo_entry *file, *folder; /* folder NULL: not read */
};
bool gpo_find_script(const struct model *m, const struct ad_object *gpo,
	const struct gpo_setting *setting, struct gpo_script_files *out, const char **reason);
bool gpo_find_logon_script(const struct model *m, const struct ad_domain *domain,
	struct str script_path, struct gpo_script_files *out, const char **reason);

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

/* The policy behind a setting of the domain's accounts: name is a key of [System Access] in
 * GptTmpl.inf, such as MinimumPasswordLength or LockoutBadCount. Domain controllers take it from
 * policies that the head of their domain links and from no others, and the PDC emulator writes it
 * into the directory (MS-GPSB 2.2.1; KB255550). Which one holds that role is not read: the
 * candidates of all writable controllers that are not known to be disabled. gpo NULL among them: no
 * policy sets it, and what stands in the directory was set there. Samba's controllers take nothing
 * from policies: "dc_is_samba". */
struct gpo_answer gpo_account_policy(
	const struct model *m, const struct ad_domain *domain, struct str name);

/* Calls visit() for each policy that reaches the computer and whose files of this kind count,
 * highest precedence first; not sure: it may not apply, or was not read whole. Returns why there
 * may be others, or other lines: a code, or NULL. */
const char *gpo_each(const struct model *m, const struct ad_object *computer, enum gpo_store store,
	void (*visit)(void *arg, const struct ad_object *gpo, bool sure), void *arg);

/* Whom policies put into a local group of the computer, S-1-5-32-rid (RID_BUILTIN_…): by restricted
 * groups, where the list of one policy replaces the others' while "member of" adds up, and by
 * preferences, which add up. What replaced the members before a policy came is not looked at. */
struct gpo_member {
	const struct ad_object *gpo;
	struct str who; /* as the file has it: for gpo_principal() */
	bool sure;	/* not sure: the policy, or this line of it, may not apply */
};
struct gpo_members {
	const struct gpo_member *all; /* restricted groups first, highest precedence first */
	size_t count;
	const char *unknown; /* why there may be others: a code, or NULL */
};
/* The list lives in a. */
struct gpo_members gpo_local_members(
	const struct model *m, const struct ad_object *computer, uint32_t rid, struct arena *a);

/* Where computers live, so that each question above is asked once and not of every computer: those
 * that stand side by side, are of one tier, and that security filtering of policies treats alike.
 * Disabled computers, domain controllers, and what is known not to be Windows are left out. */
struct gpo_place {
	const struct ad_object *container; /* NULL: it was not read */
	const struct ad_object *computer;  /* one of them, to ask about */
	int tier;			   /* of each: object_tier() */
	size_t computers;
};
/* By container in DN order; the list is the model's. */
size_t gpo_places(const struct model *m, const struct gpo_place **out);
/* The same below one container alone. */
size_t gpo_places_in(
	const struct model *m, const struct ad_object *container, const struct gpo_place **out);

/* ---- to whom -------------------------------------------------------------------------------- */

/* Whom a file names: "*S-1-5-…", "S-1-5-…", "LAB\\name" or a name. False: a name that nothing which
 * was read has, several things have, or that is of another domain. *object is NULL for a SID that
 * names nothing read. */
bool gpo_principal(
	const struct model *m, struct str text, struct sid *sid, const struct ad_object **object);

/* May somebody ordinary use what is given to this SID: an account that is neither privileged nor
 * one of the system's own, alone or in a group? YES for Everyone and the like, and for accounts of
 * other forests; UNKNOWN when it names nothing that was read, or members are missing. */
enum tri gpo_principal_ordinary(const struct model *m, const struct sid *sid);

#endif
