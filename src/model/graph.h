/*
 * The control graph: who can take over what. Built at the first question, then kept by the model;
 * the tables of rights.def say which right over which class is control.
 *
 * A source is never one who holds power by design (S-1-5-18, SELF, Enterprise Domain Controllers …)
 * nor tier 0 as ANSSI means it (the privileged groups and their members, krbtgt, domain
 * controllers). Intermediates are not tier 0 either: a path ends at the first tier 0 object.
 *
 * Deny ACEs: ACEs are taken in stored order, whether canonical or not. A deny takes from each later
 * allow what it speaks of, when it is for the same trustee, for a group that this trustee is in by
 * what was read, for Everyone, or (Everyone, Anonymous and Guests excepted) for Authenticated
 * Users. A deny for some members of a group that is allowed leaves the group its right. Callback
 * ACEs count as if their condition held. SE_DACL_PROTECTED ends inheritance; INHERIT_ONLY ACEs say
 * nothing of the object itself. InheritedObjectType has no part in the access check
 * (MS-ADTS 5.1.3): where it keeps an ACE from a class, the ACE stands there INHERIT_ONLY.
 */
#ifndef MODEL_GRAPH_H
#define MODEL_GRAPH_H

#include "model/model.h"

enum relation {
#define RELATION(name, word, full) RELATION_##name,
#include "model/rights.def"
#undef RELATION
	RELATION_COUNT
};
#define RELATION_BIT(r) (UINT64_C(1) << (r))

/* "write_dacl", "member_of", … as in results.json. */
const char *relation_name(enum relation r);

/* Why an object is tier 0: whose control point it belongs to. */
#define CRITICAL_ACCOUNT 0x1u /* privileged accounts, krbtgt */
#define CRITICAL_GROUP 0x2u   /* privileged groups and the groups in them */
#define CRITICAL_DC 0x4u      /* computers of DCs and RODCs */
#define CRITICAL_NC 0x8u      /* heads of naming contexts */
#define CRITICAL_ADMINSDHOLDER 0x10u
#define CRITICAL_GPO 0x20u /* linked above a privileged account or a DC, or to a site of one */
#define CRITICAL_CONTAINER 0x40u   /* OUs above them, and sites of DCs */
#define CRITICAL_SCHEMA 0x80u	   /* everything in the schema */
#define CRITICAL_DNS 0x100u	   /* CN=MicrosoftDNS,CN=System */
#define CRITICAL_DPAPI 0x200u	   /* BCKUPKEY_* secrets */
#define CRITICAL_DFSR 0x400u	   /* DFSR settings of SYSVOL */
#define CRITICAL_GMSA_KEY 0x800u   /* KDS root keys */
#define CRITICAL_DNSADMINS 0x1000u /* the group DnsAdmins */
#define CRITICAL_PKI 0x2000u	   /* CN=Public Key Services and what is below, but templates */
#define CRITICAL_TEMPLATE 0x4000u  /* certificate templates */
#define CRITICAL_TIER_0 0x7fffu
/* Looked at, but no end of a path: what stands in them and what they serve is. */
#define WATCHED_PLACE 0x10000u	 /* CN=Users, CN=Computers, CN=System … of a domain */
#define WATCHED_CA_HOST 0x20000u /* the computer of an enrolment service */
/* 0: not tier 0. */
unsigned graph_critical(const struct model *m, const struct ad_object *o);
/* The same with WATCHED_…. */
unsigned graph_watched(const struct model *m, const struct ad_object *o);

/* A principal, or an object on the way: object is NULL where the SID names nothing that was read.
 */
struct graph_node {
	const struct ad_object *object;
	struct sid sid;
};

/* A direct controller. */
struct graph_control {
	struct graph_node by;
	uint64_t relations; /* RELATION_BIT()s */
};
/* Direct controllers that are neither tier 0 nor accepted, at most max; returns their number. */
size_t graph_direct(const struct model *m, const struct ad_object *target,
	struct graph_control *out, size_t max);

/* One step: `from` controls the next step's object, the last one the target. */
struct graph_step {
	struct graph_node from;
	enum relation relation;	    /* the strongest */
	uint64_t relations;	    /* all of them */
	const struct ad_object *to; /* NULL: a SID that names nothing that was read */
	struct sid to_sid;
};
struct graph_principal {
	struct graph_node who; /* users, computers, managed service accounts, groups, bare SIDs */
	size_t steps;
	uint32_t node; /* for graph_steps() */
};
struct graph_reach {
	const struct graph_principal *principals; /* shorter paths first, then in DN order */
	size_t count;
	bool in_part; /* there are more than LIMIT_GRAPH_STATES; the nearest are here */
	/* Never 0. Two answers with one number differ in the last step's object alone, and
	 * graph_is_default() says the same of both. */
	uint64_t number;
};
/* Is group certainly without members outside tier 0? Then what it is given is nobody's else. */
bool graph_holds_only_tier0(const struct model *m, const struct ad_object *group);

/* Which control of an object is asked about, and which ACEs give it: with one of the rights of
 * mask, and for no ObjectType or one of ids. */
struct graph_wish {
	uint64_t relations; /* 0: the object is not asked about */
	uint32_t mask;
	const struct guid *ids;
	size_t id_count;
	bool exact; /* no such ACE: not that control (relations that stand for more than is asked)
		     */
};
/* Whom one object's entries give such control, over how many objects: one root cause. */
struct graph_grant {
	struct graph_node by;
	const struct ad_object *at; /* where the entry stands that is not inherited: the object, a
				       container above it, or AdminSDHolder */
	uint64_t relations;
	size_t count, order;
};
struct graph_grants {
	const struct graph_grant *all; /* by `at` in DN order, then as they were met */
	size_t count;
};
/* Over all objects, wish() asked of each once. The list lives in a. */
struct graph_grants graph_grants(const struct model *m,
	struct graph_wish (*wish)(void *arg, const struct ad_object *o), void *arg,
	struct arena *a);

/* Who reaches target, each with a shortest path. The list is the graph's and outlives the next
 * three questions at least; graph_steps() tells of the search asked for last. CREATE_DMSA is no
 * step of a path (it makes a way of its own). */
struct graph_reach graph_reach(const struct model *m, const struct ad_object *target);
/* The same for the control point that looks at what is critical in this way (CRITICAL_…). One root
 * cause is one finding: what AdminSDHolder hands to a protected account or group is left out, and
 * what target takes by inheritance from the container above, where the same point looks at that
 * too. strongly: only by steps that are not weak. */
struct graph_reach graph_reach_for(
	const struct model *m, const struct ad_object *target, unsigned point, bool strongly);
/* Is it control that needs more than the right itself: a password to crack, a setting that patched
 * controllers refuse? */
bool graph_step_is_weak(const struct graph_step *s);
/* ---- tiers, as the policy declares them ---- */

enum graph_tier {
	GRAPH_TIER_0,	 /* what the policy adds to AD's own tier 0 (graph_critical()) */
	GRAPH_TIER_1,	 /* objects of object_tier() 1: accounts, groups, units */
	GRAPH_TIER_2,	 /* of object_tier() 2 */
	GRAPH_TIER_0_AD, /* GRAPH_TIER_0, and AD's own */
	GRAPH_TIER_COUNT
};
/* Who reaches any of them by strong steps, each once, with a shortest path; a path ends at the
 * first object of the tier or of a higher one, and what a container of the tier, or AD's own tier
 * 0, hands down starts there. One search a tier, kept; graph_steps() then tells of it. */
struct graph_reach graph_reach_tier(const struct model *m, enum graph_tier tier);
/* The node of o when it reaches one of them, or UINT32_MAX. */
uint32_t graph_tier_node(const struct model *m, enum graph_tier tier, const struct ad_object *o);
/* How many of them a node controls by itself, entries that are handed down included. */
size_t graph_tier_objects(const struct model *m, enum graph_tier tier, uint32_t node);
/* Is o one of them? */
bool graph_is_of_tier(const struct model *m, enum graph_tier tier, const struct ad_object *o);
/* How many of them are controlled directly by somebody of each of the four: object_tier() 0, 1, 2,
 * and none. */
void graph_tier_controlled(const struct model *m, enum graph_tier tier, size_t by[4]);
/* Is this policy linked to a unit declared for tier 0, to one above or below? */
bool graph_gpo_is_over_tier0(const struct model *m, const struct ad_object *gpo);
/* Is this such a unit, below one or above one, so that the policies it links are over tier 0? */
bool graph_place_holds_tier0(const struct model *m, const struct ad_object *place);

/* ---- */

/* The steps of one of them, in order; at most max; returns the number. */
size_t graph_steps(const struct model *m, uint32_t node, struct graph_step *steps, size_t max);
/* A shortest path from one principal, being in Everyone and Authenticated Users included; 0: none
 * was found. */
size_t graph_path(const struct model *m, const struct ad_object *from,
	const struct ad_object *target, struct graph_step *steps, size_t max);

/* What a path's object is called: sAMAccountName or cn, displayName of a GPO (its cn is a GUID), a
 * well-known SID's name, else the SID. Lives in a, the model or the program. */
struct str graph_name(struct arena *a, const struct ad_object *o, const struct sid *sid);
/* "svc > write_member > GG > member_of > Admins", whatever the language. In names '\' and '>' are
 * written "\\" and "\>", so that no name can pose as a step. Empty for no steps. Lives in a. */
struct str graph_text(struct arena *a, const struct graph_step *steps, size_t count);

/* How many objects SDProp copies AdminSDHolder's DACL to: privileged accounts and groups with
 * adminCount 1, of its domain. */
size_t graph_protected_objects(const struct model *m, const struct ad_object *holder);
/* Is by in control of target as Active Directory and AD CS install it: Cert Publishers of what it
 * publishes to, the host of a CA of that CA's objects, DnsAdmins while nobody but tier 0 is in it
 * of CN=MicrosoftDNS? UNKNOWN: it may be the host, which was not read, or hold one. */
enum tri graph_is_default(
	const struct model *m, const struct graph_node *by, const struct ad_object *target);
/* Is there an enrolment service whose computer was not read? */
bool graph_misses_ca_hosts(const struct model *m);
/* Is it protected as AdminSDHolder protects, so that ANSSI accepts it as a delegate: a user or
 * managed service account whose DACL takes nothing by inheritance and lets nobody but tier 0 do
 * more than AdminSDHolder's, and whom nobody controls by its place; a group whose members all are
 * such or tier 0, and no groups? Never a computer, nor a group of everybody. */
bool graph_is_protected(const struct model *m, const struct ad_object *o);

/* Could container be linked to a GPO that was not read? A reason, or NULL. */
const char *graph_links_gap(const struct model *m, const struct ad_object *container);

/* Was everything read that decides whether anybody controls target? UNKNOWN with a reason
 * ("descriptor_not_readable", "members_not_readable", …), else YES: then no path means nobody. */
enum tri graph_known(const struct model *m, const struct ad_object *target, const char **reason);
/* The same of its own descriptor alone: what decides graph_direct(). */
enum tri graph_direct_known(
	const struct model *m, const struct ad_object *target, const char **reason);

#endif
