/*
 * Why a principal is privileged, in every way, and what each membership is worth. Built at the
 * first question, from the memberships that were read; whether they all were,
 * model_privileged_complete() says.
 */
#ifndef MODEL_PRIVILEGE_H
#define MODEL_PRIVILEGE_H

#include "model/graph.h"
#include "model/model.h"

/* ---- paths ---------------------------------------------------------------------------------- */

/* One way by membership: the account is in `first`, that in another group, and so on up to the
 * first privileged group met. Of the ways with the same two ends a shortest one. */
struct privilege_path {
	const struct ad_object *first, *top; /* the same group when length is 1 */
	uint32_t length;		     /* groups */
	bool primary; /* the account is in first by its primary group, which `member` leaves out */
	bool everybody; /* because first holds Everyone or Authenticated Users */
};
/* All the ways of o, an account or a group: shorter ones first, then in the order of the privileged
 * groups, then of DNs. At most max are filled; returns how many there are. None for RID 500 alone,
 * which needs no group. */
size_t privilege_paths(
	const struct model *m, const struct ad_object *o, struct privilege_path *out, size_t max);
/* Its groups, from first to top; at most max; returns the number. */
size_t privilege_path_groups(const struct model *m, const struct privilege_path *p,
	const struct ad_object **groups, size_t max);
/* Were there too many nested privileged groups to keep (LIMIT_PRIVILEGE_WAYS)? privilege_paths()
 * then gives one shortest way of each account. */
bool privilege_paths_in_part(const struct model *m);

/* How many accounts group holds directly, and at any depth (each counted once; those that are in it
 * because everybody is left out). */
struct privilege_count {
	uint32_t direct, direct_groups; /* accounts; groups */
	uint32_t effective, enabled;	/* accounts; of these, known to be enabled */
};
struct privilege_count privilege_count(const struct model *m, const struct ad_object *group);

/* The users and managed service accounts that are in group at any depth, nearer ones first; at most
 * max are filled; returns how many there are. */
size_t privilege_people(const struct model *m, const struct ad_object *group,
	const struct ad_object **people, size_t max);

/* ---- what one membership is worth ----------------------------------------------------------- */

/* A membership without which accounts would no longer be privileged, since all their ways pass by
 * it. The nesting of one privileged group in another takes nothing from anybody. */
struct privilege_unlock {
	const struct ad_object *group;
	const struct ad_object *member; /* NULL: Everyone or Authenticated Users, not read */
	bool primary;			/* by primaryGroupID */
	uint32_t accounts; /* users and managed service accounts that would lose privilege */
	uint32_t enabled;  /* of these, known to be enabled */
};
/* Those that free at least one, most first, then by DNs. The list lives in a. */
size_t privilege_unlocks(
	const struct model *m, struct arena *a, const struct privilege_unlock **out);

/* ---- hidden administrators ------------------------------------------------------------------ */

/* The kinds of target whose control is control of the directory, at once and of itself. */
#define HIDDEN_TARGETS                                                                             \
	(CRITICAL_ACCOUNT | CRITICAL_GROUP | CRITICAL_DC | CRITICAL_NC | CRITICAL_ADMINSDHOLDER |  \
		CRITICAL_GPO | CRITICAL_CONTAINER)

/* A principal outside tier 0 from which a path of strong steps leads to one of them. Who has it as
 * the member of a group is not listed: the group is. Nor is an account protected as AdminSDHolder
 * protects (graph_is_protected()), nor who merely is delegated to. */
struct hidden_admin {
	struct graph_node who;
	size_t objects;			/* targets that it reaches */
	const struct ad_object *target; /* the nearest, first in DN order */
	const struct graph_step *steps; /* a shortest path to it */
	size_t step_count;
};
struct hidden_admins {
	const struct hidden_admin *all; /* most targets first, then shorter paths, then by DN */
	size_t count;
	bool in_part;	    /* a search was cut short (LIMIT_GRAPH_STATES) */
	const char *reason; /* why there may be others: a code; NULL: all targets were read */
	size_t unknown;	    /* targets of which it is not known */
};
/* The model keeps it. */
const struct hidden_admins *hidden_admins(const struct model *m);
/* The one about o, or NULL. */
const struct hidden_admin *hidden_admin_of(const struct model *m, const struct ad_object *o);

#endif
