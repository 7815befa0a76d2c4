/* The inside of the control graph, for src/model/graph*.c only. */
#ifndef MODEL_GRAPH_STATE_H
#define MODEL_GRAPH_STATE_H

#include "model/graph.h"
#include "model/state.h"

/* Classes of targets that objectClass alone does not tell, beside the CLASS_… flags. */
#define TARGET_SITE 0x80000u
#define TARGET_NC 0x100000u
#define TARGET_RODC 0x200000u
#define TARGET_LAPS 0x400000u  /* a computer whose password is in ms-Mcs-AdmPwd */
#define TARGET_LAPS2 0x800000u /* the same in msLAPS-… */
#define TARGET_PKI 0x8000000u  /* CN=Public Key Services and what is below, but templates */

/* A node: the index of an object, or model.count + 1 + the number of a SID that names none. */
struct graph_edge {
	uint32_t source;
	uint32_t relations; /* RELATION_BIT()s: those of ACEs are among the first 32 */
};
_Static_assert(RELATION_CREATE_DMSA < 32, "an edge holds the relations that ACEs give");

/* What a descriptor says of objects of one class and domain. */
struct graph_profile {
	uint32_t first, count; /* of edges */
	bool protected_dacl, whole;
};

struct graph_link { /* an edge that no ACE makes; sorted by target */
	uint32_t target, source;
	enum relation relation;
};

struct graph_way { /* of a state, towards the target */
	uint64_t relations;
	uint32_t epoch, next, depth;
};

/* Who reaches one target, and how. Kept, for targets that the same principals reach in the same
 * ways: an entry that AdminSDHolder handed to a thousand accounts is searched from once. */
struct graph_search {
	struct graph_way *ways; /* by state */
	uint32_t *queue;
	uint32_t *policies_of; /* by object: the epoch in which its policies were taken */
	uint32_t epoch, queued, target, limit;
	unsigned point; /* CRITICAL_…: without what is handed down; 0: with it */
	bool strong;	/* without weak relations */
	/* Of a search from many targets (target is then NO_OBJECT): by object, what it is in it. */
	const uint8_t *roles;
	uint32_t starts; /* targets: the first of the queue */
	uint32_t asked;	 /* the object asked about last, whose place target takes in the ways */
	struct graph_principal *principals; /* NULL: not asked for yet */
	size_t count;
	uint64_t number, used; /* of the searches; of the questions, when it answered one last */
};
#define GRAPH_SEARCHES 4
enum graph_role { ROLE_NONE, ROLE_TARGET, ROLE_WALL /* ends no path and is no step of one */ };

struct hidden;

struct builtin {
	uint32_t rid, object;
	const struct ad_domain *domain;
};

struct graph {
	struct arena arena;

	/* principals */
	struct hash by_sid; /* SIDs that name nothing that was read */
	struct sid *bare;
	uint32_t bare_count, bare_room;
	struct builtin *builtins;
	size_t builtin_count;
	uint8_t *trusted;    /* by object: tier 0 or accepted, so no source */
	bool *hidden_halves; /* by object: graph_dcsync() did not see who is in its groups */
	bool forest_in_part;
	bool accounts_known; /* every account and group of the domains that were read, with its SID
			      */

	/* targets */
	uint32_t *critical;
	uint32_t *parent;      /* by object, or NO_OBJECT */
	uint32_t *holders;     /* by domain: its AdminSDHolder, or NO_OBJECT */
	uint32_t *ca_hosts;    /* by enrolment service: its computer, or NO_OBJECT */
	uint32_t *fanned;      /* by domain: what SDProp copies its DACL to */
	uint8_t *protected_as; /* by object: memo of graph_is_protected(), enum tri + 1 */

	/* edges */
	uint32_t *profile_of; /* by object, or NO_OBJECT */
	struct graph_profile *profiles;
	uint32_t profile_count;
	struct graph_edge *edges;
	size_t edge_count, edge_room;
	struct graph_link *links;
	size_t link_count, link_room;
	uint32_t *link_start;	    /* by node, one more at the end */
	uint32_t *gpo_start, *gpos; /* GPOs linked to an object */
	const char *unread; /* an attribute that makes edges was not readable somewhere: a reason */

	struct graph_search searches[GRAPH_SEARCHES];
	struct graph_search *s; /* the last one */
	uint64_t questions, searched;
	struct graph_search tiers[GRAPH_TIER_COUNT]; /* graph_tiers.c */
	uint32_t *tier_objects[GRAPH_TIER_COUNT];    /* by node: targets that it controls itself */
	int8_t *tier_of;			     /* by object: memo of object_tier() */
	uint8_t *over_tier0;			     /* by object: marks of graph_tiers.c */
	struct hidden *hidden;			     /* memo of graph_hidden.c */
};

/* Built at the first question. */
struct graph *graph_of(const struct model *m);

static inline uint32_t graph_nodes(const struct model *m, const struct graph *g)
{
	return (uint32_t)m->count + 1 + g->bare_count;
}

/* graph_principals.c */
void graph_principals_build(struct graph *g, const struct model *m);
/* The node of a trustee on an object of this domain (S-1-5-32-… are each domain's own). */
uint32_t graph_principal(struct graph *g, const struct model *m, const struct sid *sid,
	const struct ad_domain *domain);
/* The same without making one: NO_OBJECT when nobody spoke of the SID. */
uint32_t graph_find_principal(const struct graph *g, const struct model *m, const struct sid *sid);
bool graph_trusts(const struct graph *g, const struct model *m, uint32_t node);
/* The same of a trustee on an object of this domain, without making a node. */
bool graph_trusts_sid(const struct graph *g, const struct model *m, const struct sid *sid,
	const struct ad_domain *domain);
/* Everybody, or nearly: never tier 0. */
bool graph_is_wide(const struct sid *s);
struct graph_node graph_node(const struct graph *g, const struct model *m, uint32_t node);
/* Is whoever is `who` certainly in `group`? */
bool graph_certainly_in(const struct graph *g, const struct model *m, uint32_t who, uint32_t group);

/* graph_targets.c */
void graph_targets_build(struct graph *g, const struct model *m);
bool graph_is_rodc(const struct ad_object *o);
bool graph_is_naming_context(const struct model *m, const struct ad_object *o);

/* graph_edges.c: what ACEs give. */
void graph_edges_build(struct graph *g, const struct model *m);
/* What source has over object by ACEs and ownership, RELATION_BIT()s. */
uint64_t graph_edge_between(const struct graph *g, uint32_t source, uint32_t object);

/* graph_causes.c: does another object, which is a finding itself, hand this edge down? */
bool graph_is_handed_down(const struct graph *g, const struct model *m, uint32_t source,
	uint32_t target, uint64_t relations, unsigned point);

/* graph_causes.c: does the container above hand this edge down? */
bool graph_is_from_above(
	const struct graph *g, uint32_t source, uint32_t target, uint64_t relations);

/* graph.c: searches from all objects whose role is ROLE_TARGET, in the order of `order`. */
void graph_search_many(struct graph *g, const struct model *m, struct graph_search *s,
	const uint8_t *roles, const uint32_t *order, uint32_t count);
/* Who reached them; graph_steps() then tells of this search. */
struct graph_reach graph_reached(struct graph *g, const struct model *m, struct graph_search *s);
bool graph_has_way(const struct graph_search *s, uint32_t node);
/* graph.c: relations that are no weak control of o. */
uint64_t graph_strong_over(const struct ad_object *o);

/* graph_links.c: what attributes give. */
void graph_links_build(struct graph *g, const struct model *m);
void graph_link(struct graph *g, uint32_t source, uint32_t target, enum relation r);
/* Calls visit for each object that a gPLink value names and does not disable. */
void graph_gpos_of(const struct model *m, const struct ad_object *container,
	void (*visit)(void *arg, uint32_t gpo), void *arg);

/* graph_dcsync.c: Get-Changes and Get-Changes-All on one context, held through different groups. */
struct graph_halves {
	uint32_t *changes, *all;
	size_t changes_count, all_count;
};
void graph_dcsync(
	struct graph *g, const struct model *m, uint32_t head, const struct graph_halves *h);

#endif
