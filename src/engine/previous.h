/* What a run knows of the one before it: who was privileged then. src/runs reads it from that run's
 * results.json. */
#ifndef ENGINE_PREVIOUS_H
#define ENGINE_PREVIOUS_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

struct previous_account {
	struct str sid, name; /* as results.json writes them */
	bool enabled;	      /* known to have been */
};

struct previous_run {
	int64_t evaluated_at; /* seconds */
	bool listed;	      /* it holds the whole list of its privileged accounts */
	bool complete;	      /* every privileged group and member had been read */
	const struct previous_account *accounts; /* by SID, as bytes */
	size_t count;
	const struct str *domains; /* SIDs of its domains */
	size_t domain_count;
};

/* The account of this SID; NULL: it was not privileged. */
const struct previous_account *previous_find(const struct previous_run *p, struct str sid);

/* Accounts that are privileged now and were not, in DN order, and those that were and are not (or
 * are no more), by SID. The lists live in a. */
struct model;
struct ad_object;
struct privilege_changes {
	const struct ad_object *const *added;
	size_t added_count;
	const struct previous_account *const *removed;
	size_t removed_count;
	/* Not where a privileged group or member, or one of those accounts, was not read: then none
	 * is listed. */
	bool removed_known;
};
struct privilege_changes privilege_changes(
	const struct model *m, const struct previous_run *p, struct arena *a);

#endif
