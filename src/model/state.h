/*
 * The inside of struct model, for the files of src/model only: each named file fills its own part
 * while loading, in the order of model_load(), and answers the questions of model.h about it.
 *
 * After loading nothing changes but memos, which only save time: the walk (the groups above the
 * object asked about last), verdicts about what may be read, numbers of SIDs and the control graph,
 * built at the first question.
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include "ad/dn.h"
#include "base/hash.h"
#include "model/gpo.h"
#include "model/model.h"

#define NO_OBJECT UINT32_MAX

/* ---- values (object.c) ---- */

/* A slot is an enum attr, or ATTR_COUNT + i for options.keep[i]. */
typedef uint16_t slot_number;
#define SLOT_NONE UINT16_MAX

#define VALUE_DAMAGED 1u /* values that do not fit the attribute's type were left out */
#define VALUE_DIRTY 2u	 /* the first is not clean text: many[count] is its sanitised form */

struct ad_value {
	union {
		struct str one; /* count 1 and not VALUE_DIRTY */
		const struct str *many;
	} as;
	uint32_t count;
	slot_number slot;
	uint8_t flags;
};

const struct ad_value *object_slot(const struct ad_object *o, slot_number slot);
const struct str *value_list(const struct ad_value *v);
slot_number model_slot(const struct model *m, struct str name);

/* ---- classes (kind.c) ---- */

#define CLASS_USER 0x1u
#define CLASS_COMPUTER 0x2u
#define CLASS_MSA 0x4u
#define CLASS_GROUP 0x8u
#define CLASS_OU 0x10u
#define CLASS_CONTAINER 0x20u
#define CLASS_GPO 0x40u
#define CLASS_PSO 0x80u
#define CLASS_TRUST 0x100u
#define CLASS_FSP 0x200u
#define CLASS_DOMAIN_DNS 0x400u
#define CLASS_CROSS_REF 0x800u
#define CLASS_PARTITIONS 0x1000u
#define CLASS_CONFIGURATION 0x2000u
#define CLASS_SCHEMA 0x4000u
#define CLASS_ATTRIBUTE_SCHEMA 0x8000u
#define CLASS_CLASS_SCHEMA 0x10000u
#define CLASS_PSO_CONTAINER 0x20000u
#define CLASS_PLACE 0x40000u /* another that holds accounts and groups */
#define CLASS_CERT_TEMPLATE 0x1000000u
#define CLASS_ENROLLMENT_SERVICE 0x2000000u
#define CLASS_CERTIFICATION_AUTHORITY 0x4000000u

struct class_info {
	struct str name;   /* the most specific class: the last value (MS-ADTS 3.1.1.1.4) */
	unsigned flags;	   /* CLASS_… over all its values */
	struct guid guid;  /* schemaIDGUID; none: not known */
	const bool *asked; /* by slot: asked of this class besides model.asked; NULL: nothing */
};
/* The flag of one objectClass value, or 0. */
unsigned class_flag(struct str object_class);

/* ---- naming contexts (domains.c) ---- */

enum context_kind { CONTEXT_OTHER, CONTEXT_DOMAIN, CONTEXT_CONFIGURATION, CONTEXT_SCHEMA };

struct naming_context {
	struct str dn;
	uint32_t domain; /* of model.domains; UINT32_MAX: configuration, schema, DNS, not read */
	enum context_kind kind;
};

/* ---- access (readable.c, schema.c) ---- */

struct attr_access {
	struct guid id, property_set; /* none: not known, or in no set */
	bool confidential, constructed;
	bool in_open_set; /* one that every authenticated user may read on accounts */
};

/* ---- descriptors (descriptors.c) ---- */

/* An ACE without its InheritedObjectType, which has no part in an access check. */
struct ace_entry {
	uint32_t trustee; /* sid_number() */
	uint32_t mask;
	uint32_t object_type; /* of model.ace_types, or ACE_UNTYPED */
	uint8_t type, flags;
	uint16_t zero; /* entries are compared as bytes */
};
#define ACE_UNTYPED UINT32_MAX

struct descriptor {
	const struct ace_entry *aces; /* in stored order */
	uint32_t count, skipped;
	uint32_t owner, group; /* sid_number(), or NO_OBJECT */
	uint16_t control;
	bool good; /* false: its bytes are damaged, nothing else is set */
	bool has_dacl;
};

struct bare_sids { /* SIDs that name nothing that was read */
	struct hash by_sid;
	struct arena arena;
	struct sid *sids;
	uint32_t count, room;
};

/* ---- groups and policies ---- */

struct walk {
	uint32_t *mark, *queue;
	uint32_t epoch, count, object;
};

struct below { /* by object: has it, or a group below it, what hides members? */
	uint8_t *opaque, *misses, *hides;
};

struct policy_memo { /* account_password_policy(), once it was asked */
	struct password_policy policy;
	bool known;
};

struct pso_link {
	uint32_t target, pso;
};

struct damage { /* values of this attribute of this object were lost on the way */
	uint32_t object;
	slot_number slot;
};

struct rid_table { /* a domain's objects by RID, or NO_OBJECT */
	uint32_t *objects;
	uint32_t room;
};
#define RID_TABLES 16

struct scope_name {			/* a name of the policy, resolved once */
	const struct ad_object *object; /* NULL: nothing found */
	struct str text;		/* as the policy wrote it */
	bool opaque;			/* a group that may hold accounts unseen */
};

struct scope { /* whom the policy names, resolved once */
	struct scope_name *groups;
	struct str *units;		/* canonical DNs */
	uint32_t *accounts, *computers; /* object indexes, ascending */
	size_t group_count, unit_count, account_count, computer_count;
	uint8_t *pattern; /* by object: enum tri; NULL: no name pattern */
	bool declared;
	bool unresolved; /* a group, unit or account that is not in what was read */
};
/* In model.scopes: the tiers, then the populations. */
#define SCOPE_TIER ((size_t)0)
#define SCOPE_POPULATION ((size_t)3)
#define SCOPE_COUNT (SCOPE_POPULATION + POPULATION_COUNT)
_Static_assert(SCOPE_COUNT <= 16, "one bit each in model.unit_marks");

struct roster;
struct graph;
struct backlinks;
struct policy_uses;
struct descriptor_notes;
struct schema_classes;
struct gpo_reach;
struct gpo_links;
struct members;
struct privilege_ways;
struct place_list;
struct tier_list;
struct identities;

struct mfa_source; /* mfa_sources.h */

struct mfa_wanted {
	enum mfa_scope_kind kind;
	struct scope_name group;
	struct str unit; /* canonical DN */
	bool unresolved;
	bool unread; /* the group has members that were not read */
};

struct mfa_excluded { /* by policy.mfa_excluded */
	struct scope_name target;
	struct str unit; /* canonical DN */
	bool unresolved;
};

struct coverage_list {
	struct coverage *items;
	size_t count, room;
};

struct gpo {
	const struct ad_object *object;
	struct guid guid;
	const struct gpo_setting *settings; /* in the order of files and lines */
	const struct gpo_password *passwords;
	const struct gpo_entry *entries; /* in the order of paths */
	size_t setting_count, password_count, entry_count;
	unsigned files;	 /* 1u << enum gpo_store: files of the computer's half that were read */
	bool found;	 /* its folder is in SYSVOL as it was read */
	const char *gap; /* why its files were not read whole; NULL: they were */
	const char *password_gap; /* and those that hold passwords only */
};

struct model {
	struct arena arena;
	const struct policy *policy;

	/* load.c */
	struct ad_object *objects; /* count of them, then room for the rootDSE */
	uint32_t *object_class;	   /* index of classes; by object */
	struct str *raw_dn;	   /* as it was read; by object */
	size_t count;
	const struct ad_object *rootdse;
	struct class_info *classes; /* [0] is "no objectClass" */
	size_t class_count, class_room;
	struct str *kept; /* names of the slots from ATTR_COUNT on */
	size_t kept_count;
	struct coverage_list coverage;
	struct str source, reader, oradad_version;
	int64_t at, collected_at;
	size_t kinds[AD_KIND_COUNT], enabled_users;
	bool last_logon_of_all; /* lastLogon is that of all domain controllers */
	bool time_stated;	/* collected_at is the directory's own time */

	/* index.c */
	struct hash by_dn, by_canonical, by_sid;
	struct rid_table *rids; /* by domain, the first RID_TABLES of them */

	/* domains.c */
	struct ad_domain *domains;
	size_t domain_count;
	struct naming_context *contexts;
	size_t context_count;
	struct str forest;
	const struct ad_object *forest_object;
	unsigned *domain_kinds;		     /* by domain: the kinds it holds, 1u << enum ad_kind */
	const char *domain_gap, *forest_gap; /* why not whole; NULL: whole */
	const char *context_gap;	     /* of any naming context, DNS and the schema too */

	/* readable.c */
	struct attr_access *access; /* by slot */
	size_t slot_count;
	struct token token;
	bool reader_known, ldif_all, list_object_mode;
	bool *asked;		    /* by slot; NULL: everything, or not known */
	uint8_t *seen, *seen_blind; /* [stat class][slot]; blind: on objects without descriptor */
	size_t *of_class, *blind;   /* [stat class]: objects, and those without descriptor */
	uint32_t *profile;	    /* by object: row of verdicts */
	uint8_t *verdicts;	    /* memo: [profile][slot], 0 not yet asked */

	/* descriptors.c */
	struct bare_sids *bare;		/* memo: grows with what is asked about */
	struct descriptor *descriptors; /* distinct ones, by ad_object.sd */
	size_t descriptor_count;
	struct guid *ace_types;
	uint32_t ace_type_count, ace_type_room;
	uint32_t *view_of;     /* by descriptor: what it says to the reader, when known */
	struct secdesc *views; /* ACEs that speak of others are left out */
	uint32_t view_count;

	/* hidden.c: why accounts and groups may be there unseen, and why objects of a kind that AD
	 * keeps in a place of its own may */
	const char *principal_gap, *kind_gap[AD_KIND_COUNT];
	const bool *has_child; /* by object: something stands below it */

	/* damage.c */
	uint8_t *object_damaged; /* by object: anything may be missing from it */
	struct damage *damages;	 /* sorted */
	size_t damage_count;

	/* membership.c */
	uint32_t *child_start, *parent_start; /* by object, one more at the end */
	const struct ad_object **children, **parents;
	uint32_t *unread_members; /* by object: direct members that were not read */
	bool *unread_may_nest;	  /* by object: one of them may be a group of this forest */
	uint32_t *everybody;	  /* groups that hold Everyone or Authenticated Users directly */
	size_t everybody_count;
	uint32_t *cycle_of, *depth; /* by object, groups only */
	uint32_t *cycle_start;	    /* by cycle_of */
	const struct ad_object **cycle_groups;
	struct walk *walk;
	struct below *below;		  /* memo */
	const bool *primary_group_unread; /* by domain: that of an account of it */

	/* privileged.c */
	uint32_t *via; /* by object: NO_OBJECT not privileged, itself: a privileged group, else the
			  group through which it is */
	uint32_t *settled; /* the same, without groups that changed within the hour */
	const struct ad_object **privileged_groups, **privileged;
	size_t privileged_group_count, privileged_count;
	struct str *privileged_unread;
	size_t privileged_unread_count;
	const char *privileged_gap;
	struct privilege_ways **ways; /* memo of privilege_paths.c */

	/* password_policy.c */
	struct pso_link *pso_links; /* sorted */
	size_t pso_link_count;
	bool *psos_known;	/* by domain: every PSO there is was read */
	bool *pso_group_unread; /* by domain: a group that was not read may carry a PSO */
	bool *pso_group_opaque; /* by domain: a group with a PSO has members that were not read */

	struct policy_memo *policy_memos; /* by object */
	struct pso_above *pso_above;	  /* by object, of groups */
	bool typeless_groups;		  /* is there a group whose type was not read? */
	struct policy_uses **policy_uses; /* memo of password_use.c: NULL until somebody asks */

	/* pki.c, in DN order */
	const struct ad_object **enrollment_services, **authorities, **policy_oids;
	size_t enrollment_service_count, authority_count, policy_oid_count;
	/* gpo_files.c */
	struct gpo *gpos; /* in DN order */
	size_t gpo_count;
	const struct gpo_password
		*orphan_passwords; /* in files that belong to no policy that was read */
	size_t orphan_password_count;
	const struct gpo_entry *orphan_entries;
	size_t orphan_entry_count;
	struct hash entry_by_path; /* index of all_entries; keys in lower case */
	const struct gpo_entry **all_entries;
	size_t all_entry_count;
	uint32_t *sites; /* objects of class site */
	size_t site_count;
	struct gpo_reach *gpo_reach;  /* memo of gpo.c */
	struct gpo_links *gpo_links;  /* memo of gpo_links.c */
	struct members *members_walk; /* memo of gpo_principals.c */
	struct place_list *places;    /* memo of gpo_places.c */
	struct tier_list *tier_lists; /* memo of tier_lists.c */
	const char *sysvol_gap;	      /* why SYSVOL was not read whole; NULL: it was */
	const char *password_gap;     /* and the files of no policy that hold passwords only */
	bool sysvol_read;

	/* populations.c, mfa.c */
	bool devices_unread; /* a device has no number that was read */
	struct scope scopes[SCOPE_COUNT];
	uint16_t *unit_marks;	       /* by object: bit s: below a unit of scope s */
	uint8_t *admin_pattern;	       /* by object: enum tri; NULL: no pattern */
	struct identities *identities; /* identity.c; NULL: the policy declares none */
	struct roster *leaks;	       /* leaks.c; NULL: the policy declares none */
	struct mfa_source *mfa_sources;
	struct mfa_wanted *mfa_wanted;
	struct mfa_excluded *mfa_excluded;
	struct hash devices; /* computers and registered devices, by GUID */

	/* hr.c */
	struct roster *hr; /* NULL: none is declared */

	/* graph.c, descriptor_marks.c, schema_classes.c, links.c */
	struct graph **graph; /* memos: NULL until somebody asks */
	struct descriptor_notes **notes;
	struct schema_classes **schema;
	struct backlinks **backlinks;
};

/* The steps of model_load() after the objects are in place, in this order. */
void index_build(struct model *m);
void kinds_build(struct model *m);
int domains_build(struct model *m, struct err *err);
void rids_build(struct model *m);
void damage_build(struct model *m);
void domains_count_kinds(struct model *m);
/* Of the configuration context; NULL p: neither the rootDSE nor its head was read. */
struct str configuration_dn(const struct model *m);
void schema_build(struct model *m);
int descriptors_build(struct model *m, struct snapshot *s, struct err *err);
void access_build(struct model *m, struct snapshot *s);
void hidden_build(struct model *m);
void membership_build(struct model *m);
void privileged_build(struct model *m);
void password_policy_build(struct model *m);
void pki_build(struct model *m);
int gpo_build(struct model *m, struct snapshot *s, struct err *err);
void gpo_entries_build(struct model *m);
void gpo_reach_build(struct model *m);
void gpo_principals_build(struct model *m);
void gpo_links_build(struct model *m);
void gpo_places_build(struct model *m);
void gpo_places_free(struct model *m);
void gpo_free(struct model *m);
void tier_lists_build(struct model *m);
void tier_lists_free(struct model *m);
int scopes_build(struct model *m, struct err *err);
int identity_build(struct model *m, struct err *err);
int leaks_build(struct model *m, struct err *err);
void leaks_free(struct model *m);
int mfa_build(struct model *m, struct err *err);
void mfa_free(struct model *m);
int hr_build(struct model *m, struct err *err);
void hr_free(struct model *m);
void graph_free(struct graph *g);
void descriptor_notes_free(struct descriptor_notes *n);
void schema_classes_free(struct schema_classes *s);
void descriptors_free(struct model *m);
void backlinks_free(struct model *m);
void policy_uses_free(struct model *m);
void membership_free(struct model *m);
void privilege_free(struct model *m);

/* descriptors.c: a number for whom an ACE, an owner or a SID history speaks of: the index of the
 * object that has the SID, or model.count + 1 + a number of its own for a SID that none has. */
uint32_t sid_number(const struct model *m, const struct sid *s);
/* The same without making one: NO_OBJECT when nobody spoke of the SID. */
uint32_t sid_number_find(const struct model *m, const struct sid *s);
const struct sid *sid_of_number(const struct model *m, uint32_t number);
/* NULL: none, or damaged. */
const struct descriptor *descriptor_of(const struct model *m, const struct ad_object *o);
struct secdesc descriptor_decode(
	const struct model *m, const struct descriptor *d, struct arena *a);
/* What each descriptor says to a known reader, into model.view_of. */
void views_build(struct model *m);

/* gpo_files.c: what is known of the policy's files; NULL when o is no policy. */
/* gpo_files.c: the policy in whose folder path stands; NULL: none that was read. *folder: its
 * folder's path, empty when path is in none. */
const struct gpo *gpo_of_path(const struct model *m, struct str path, struct str *folder);
const struct gpo *gpo_of(const struct model *m, const struct ad_object *o);

/* gpo_links.c: takes the next of [LDAP://cn={…},cn=policies,…;0][LDAP://…;2] off rest. */
enum gplink { GPLINK_END, GPLINK_ONE, GPLINK_MALFORMED };
enum gplink gplink_next(struct str *rest, struct str *dn, uint64_t *options);

/* coverage.c: need and detail are copied and sanitised. */
void coverage_add(struct model *m, struct str need, enum coverage_state state, struct str detail);
bool coverage_mentions(const struct model *m, struct str need);

/* index.c: the object a DN names, or NO_OBJECT. scratch is used for DNs in another spelling. */
uint32_t index_dn(const struct model *m, struct arena *scratch, struct str dn);
uint32_t index_sid(const struct model *m, const struct sid *s);

/* kind.c: is it a name without a class, that could be an account or a group? */
bool object_is_faceless(const struct model *m, uint32_t object);

/* damage.c: were values of this attribute lost, so that what is there is a part? */
bool damage_hits(const struct model *m, const struct ad_object *o, slot_number slot);
/* The same where the attribute itself is named, not the whole object. */
bool damage_names(const struct model *m, const struct ad_object *o, slot_number slot);

unsigned object_class_flags(const struct model *m, const struct ad_object *o);

/* membership.c: the SID of the object that dn names, else the one in the DN of a foreign security
 * principal that was not read: "CN=S-1-5-21-…,CN=ForeignSecurityPrincipals,…". */
bool principal_sid(const struct model *m, struct arena *scratch, uint32_t object, struct str dn,
	struct sid *out);
/* membership.c: the groups above o, in m->walk->queue; returns their number. */
uint32_t walk_up(const struct model *m, const struct ad_object *o);
bool walk_holds(const struct model *m, const struct ad_object *group); /* after walk_up() */
/* Could there be members of group, or of groups below it, that were not read? */
bool group_is_opaque(const struct model *m, const struct ad_object *group);
/* Could an account that was read be in group unseen: through hidden members, or through one that
 * was not read and may be a group of this forest? */
bool group_hides_accounts(const struct model *m, const struct ad_object *group);
/* Is o one that "everybody" means: an account that can log on? */
bool object_is_account(const struct ad_object *o);

/* privileged.c: is it privileged without any group: RID 500? */
bool privileged_by_itself(const struct ad_object *o);
/* privilege_paths.c: does primaryGroupID say that o is in group? */
bool has_primary_group(const struct ad_object *o, const struct ad_object *group);

/* readable.c: may the reader, who is known, read the attribute on o, whose descriptor was read, by
 * that descriptor alone? */
bool access_may_read(const struct model *m, const struct ad_object *o, slot_number slot);
/* readable.c: is it known that everything directly below o could be seen? */
bool access_lists_children(const struct model *m, const struct ad_object *o);

/* tiers.c: is o in this tier, whichever others it is in as well? */
const struct scope *scope_of_tier(const struct model *m, int tier);
bool scope_has_unit_of(const struct model *m, size_t scope, const struct ad_object *o);
bool scope_names_account(const struct model *m, size_t scope, const struct ad_object *o);
bool object_in_tier(const struct model *m, const struct ad_object *o, int tier);
/* tiers.c: resolves a name of the policy; what it resolves to nothing becomes coverage. */
struct scope_name scope_resolve(
	struct model *m, const char *what, struct str name, bool want_group);
/* Canonical form of a unit's DN; what names no object that was read becomes coverage and sets
 * *unresolved. */
struct str scope_unit(struct model *m, const char *what, struct str dn, bool *unresolved);
enum tri scope_holds(const struct model *m, const struct scope_name *g, const struct ad_object *o);

#endif
