/*
 * SYSVOL, or its Policies folder, into a snapshot: the files by which group policies say something
 * (those that ANSSI's ORADAD copies), whatever the case of their names and wherever below the
 * folder the {GUID} folders stand, with braces or without; and of every file and folder its time
 * and descriptor, where they can be had.
 */
#ifndef SNAPSHOT_SYSVOL_H
#define SNAPSHOT_SYSVOL_H

#include "base/platform.h"
#include "base/progress.h"
#include "snapshot/snapshot.h"

/* Where it is read from; paths are below its root, with '/', "" is the root. */
struct sysvol_name {
	const char *name;
	enum platform_kind kind;
	int64_t modified; /* seconds since 1970; INT64_MIN: not known */
};
enum sysvol_result {
	SYSVOL_GOOD,
	SYSVOL_DENIED,
	SYSVOL_TOO_LARGE,
	SYSVOL_MISSING,	  /* it should be there */
	SYSVOL_CUT,	  /* in part */
	SYSVOL_NOT_ASKED, /* the source left it out */
	SYSVOL_RESULT_COUNT
};
struct sysvol_source {
	const char *kind; /* META_SYSVOL */
	bool control;	  /* the control flags of its descriptors are the file's own */
	/* Calls each for every entry of a folder but "." and "..", in any order. */
	enum sysvol_result (*list)(void *source, const char *path,
		void (*each)(void *cx, const struct sysvol_name *name), void *cx);
	enum sysvol_result (*read)(void *source, const char *path, size_t max, struct buf *out);
	/* Appends the self-relative descriptor; false when it cannot be had. */
	bool (*descriptor)(void *source, const char *path, struct buf *out);
	/* The code of the last SYSVOL_DENIED; NULL: those below. */
	const char *(*why)(void *source);
};

/*
 * Walks the source in the order of names and puts what matters. Scripts and packages are put
 * without their bytes: that they are there is enough, and scripts hold passwords. Symbolic links
 * are not followed, PolicyDefinitions is passed over. *policies: folders of policies found.
 *
 * Coverage:
 *   "sysvol"       ok         files N
 *   "sysvol"       truncated  too_many_files: over a bound of limits.h, the walk was ended
 *   "sysvol"       note       no_file_acls: no descriptor of any file was read
 *   "sysvol PATH"  denied     folder_not_opened | file_not_opened
 *   "sysvol PATH"  truncated  path_too_long | too_deep: what is below was left out
 *   "sysvol PATH"  truncated  file_too_large | copy_differs
 *   "sysvol PATH"  missing    no_copy
 *   "sysvol PATH"  not_asked  not_in_filter
 *   "sysvol PATH"  note       link_not_followed
 */
int sysvol_walk(struct snapshot_writer *w, const struct sysvol_source *source, void *cx,
	struct progress *progress, uint64_t *policies, struct err *err);

/*
 * A copy in a folder. META_SYSVOL "copy". ERR_SOURCE when it is no folder or no policy's folder is
 * below it. Descriptors are read from the extended attributes security.NTACL (Samba),
 * system.cifs_acl and system.cifs_ntsd (a mounted share) and system.ntfs_acl (ntfs-3g).
 */
int sysvol_import(
	struct snapshot_writer *w, const char *folder, struct progress *progress, struct err *err);

#endif
