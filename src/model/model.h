/*
 * The model: the typed, indexed, frozen view of a snapshot, with what the policy says of it: who is
 * privileged, tiers, MFA. Everything lives in the model's arena and is const after model_load().
 *
 * "Not read" is not "absent". Every question about an object has three answers (enum tri, or an
 * enum of its own), decided per object and attribute by model_readable().
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "ad/guid.h"
#include "ad/secdesc.h"
#include "ad/sid.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/progress.h"
#include "model/attr.h"
#include "policy/policy.h"
#include "snapshot/snapshot.h"

enum tri { NO, YES, UNKNOWN };

/* What a check or a custom control runs over. AD_FOREST: once, on the forest's own object (the
 * Partitions container, else the rootDSE, else the first domain head). */
enum ad_kind {
	AD_FOREST,
	AD_DOMAIN, /* heads of the domains that were read */
	AD_USER,   /* objectClass user or inetOrgPerson, no computer, no managed service account, no
		      trust account (INTERDOMAIN_TRUST_ACCOUNT) and no krbtgt */
	AD_COMPUTER,
	AD_MSA, /* msDS-ManagedServiceAccount, -GroupManagedServiceAccount, -DelegatedManaged… */
	AD_KRBTGT, /* RID 502, and krbtgt_N of RODCs */
	AD_TRUST_ACCOUNT,
	AD_GROUP,
	AD_OU,
	AD_CONTAINER,
	AD_GPO,
	AD_PSO,
	AD_TRUST,
	AD_FSP,
	AD_CERT_TEMPLATE,	    /* pKICertificateTemplate */
	AD_ENROLLMENT_SERVICE,	    /* pKIEnrollmentService: a CA of the forest */
	AD_CERTIFICATION_AUTHORITY, /* certificationAuthority, NTAuthCertificates too */
	AD_OTHER,
	AD_KIND_COUNT
};
/* "user", "computer", "msa", "krbtgt", … as in results.json and custom controls. */
const char *ad_kind_name(enum ad_kind k);
bool ad_kind_parse(struct str name, enum ad_kind *out);

struct ad_value; /* the values of one attribute of one object; model/object.c */

struct ad_domain;

struct ad_object {
	uint32_t index; /* rank in DN byte order, then GUID: the order of every report */
	enum ad_kind kind;
	struct str dn;	 /* sanitised UTF-8, as the server wrote it */
	struct str name; /* sAMAccountName, else cn, else the RDN's value; sanitised */
	struct sid sid;	 /* none when the object has none */
	struct guid guid;
	const struct ad_domain *domain; /* NULL outside the domains that were read */
	uint32_t sd;			/* index of model_descriptor(), or SNAPSHOT_NO_DESCRIPTOR */
	const struct ad_value *values;
	uint32_t value_count;
};

struct ad_domain {
	const struct ad_object *head; /* never NULL */
	struct str dns, netbios;      /* netbios may be empty */
	struct sid sid;		      /* may be none when the head does not say */
	int functional_level;	      /* msDS-Behavior-Version, -1 unknown */
};

struct model;

struct model_options {
	int64_t at;		/* evaluation time (--at), seconds; INT64_MIN: from the snapshot */
	const struct str *keep; /* attributes beyond attrs.def that custom filters read */
	size_t keep_count;
	struct snapshot *sysvol; /* whose files of SYSVOL count; NULL: the directory's own */
};

/* Loads, indexes and freezes. policy gives privileged/tiers/MFA meaning and must outlive the model;
 * its names that are not in this directory (a tier group that does not exist) become coverage
 * entries. Errors: an MFA evidence file that cannot be used (ERR_USAGE), a domain other than expect
 * (ERR_SERVER). s may be closed after. One thread at a time: questions keep memos. */
int model_load(struct snapshot *s, const struct policy *policy, const struct model_options *options,
	struct progress *progress, struct model **out, struct err *err);
void model_free(struct model *m);

/* ---- the directory -------------------------------------------------------------------------- */

int64_t model_now(const struct model *m); /* evaluation time */
/* Evaluates the directory as of another time. What was read stays as it was, which members were
 * protected for an hour when it was collected, too. */
void model_move_clock(struct model *m, int64_t at);
int64_t model_collected_at(const struct model *m);
struct str model_source(const struct model *m); /* "ldap", "ldif", "oradad" */
/* "3.6.218.0"; empty: not read by ORADAD, or not known. */
struct str model_oradad_version(const struct model *m);
struct str model_forest(const struct model *m); /* DNS name of the root domain; empty: unknown */
struct str model_reader(const struct model *m); /* who read: name, DN or SID; empty: unknown */
size_t model_domain_count(const struct model *m);
const struct ad_domain *model_domain(const struct model *m, size_t i);
size_t model_object_count(const struct model *m);
const struct ad_object *model_object(const struct model *m, size_t i); /* DN byte order */
const struct ad_object *model_rootdse(const struct model *m);	       /* NULL: not read */
size_t model_count(const struct model *m, enum ad_kind kind);
size_t model_count_enabled_users(const struct model *m);
const struct ad_object *model_find_dn(const struct model *m, struct str dn); /* any spelling */
const struct ad_object *model_find_sid(const struct model *m, const struct sid *s);
/* By sAMAccountName or cn (case-insensitive), SID text or DN; NULL when none or ambiguous, with
 * *ambiguous set. */
const struct ad_object *model_find_name(const struct model *m, struct str name, bool *ambiguous);
/* Did the source lose anything of the object? Then what is absent from it may be there. */
bool model_known_in_part(const struct model *m, const struct ad_object *o);
/* Does the object show a descriptor that is not damaged? */
bool model_has_descriptor(const struct model *m, const struct ad_object *o);
/* Into a, without InheritedObjectTypes; NULL when the object has none or it is damaged. */
const struct secdesc *model_descriptor(
	const struct model *m, const struct ad_object *o, struct arena *a);

/* The first object, in DN order, whose attribute names target; NULL: none. */
const struct ad_object *model_linked_from(
	const struct model *m, enum attr a, const struct ad_object *target);
/* The account that has exactly this service principal name (any case); NULL: none. */
const struct ad_object *model_spn_owner(const struct model *m, struct str spn);
/* The computer of this DNS or NetBIOS name, domain controllers first; NULL: none. */
const struct ad_object *model_host(const struct model *m, struct str host);
/* Could the host that no computer of the model is be a domain controller whose names were not all
 * read, or stand in a domain of the forest that was not? Its DNS suffix may say that its domain
 * was; a NetBIOS name says nothing. */
bool model_host_may_be_unread(const struct model *m, struct str host);
/* The crossRef of the naming context with this dnsRoot (any case); NULL: none was read. */
const struct ad_object *model_context_of(const struct model *m, struct str dns_root);
/* All objects of this kind, in DN order; the list is the model's. */
size_t model_of_kind(const struct model *m, enum ad_kind kind, const struct ad_object *const **out);

/* Coverage: what the snapshot says and what loading found (damage, unresolved tier groups, …). */
size_t model_coverage_count(const struct model *m);
struct coverage model_coverage_at(const struct model *m, size_t i);
/* Was the naming context that holds objects of this kind read whole? A kind that lives in domains
 * needs every domain head that was read, no denied or truncated context, and no container whose
 * children the reader may not list, nor objects whose class it may not read; UNKNOWN never comes:
 * YES or NO. reason (may be NULL) gets a code such as "no_domain_head", "context_truncated",
 * "children_not_listable" or "class_not_readable". */
enum tri model_complete(const struct model *m, enum ad_kind kind, const char **reason);
/* Stands anything below o? UNKNOWN: something may that was not seen; reason as above. */
enum tri object_has_children(const struct model *m, const struct ad_object *o, const char **reason);
/* Was the configuration context read whole, in which sites, servers and services stand? reason as
 * above. */
enum tri model_configuration_complete(const struct model *m, const char **reason);
/* Was every naming context read whole: domains, configuration, schema, DNS and the others that this
 * server has? reason as above. */
enum tri model_contexts_complete(const struct model *m, const char **reason);
/* Could the reader see everything that stands directly below o? An unknown reader is taken to see
 * all that there is, as elsewhere. */
enum tri model_shows_children(const struct model *m, const struct ad_object *o);
/* Were all groups read, each with its SID? A SID that none has is then nobody's. */
bool model_knows_group_sids(const struct model *m);

/* ---- attributes of an object ---------------------------------------------------------------- */

bool obj_has(const struct ad_object *o, enum attr a);
size_t obj_count(const struct ad_object *o, enum attr a);
struct str obj_value(
	const struct ad_object *o, enum attr a, size_t i); /* raw; {NULL,0} past the end */
struct str obj_str(
	const struct ad_object *o, enum attr a); /* first value, sanitised for STRING and DN */
uint32_t obj_u32(const struct ad_object *o, enum attr a); /* 0 when absent or malformed */
int64_t obj_i64(const struct ad_object *o, enum attr a);
bool obj_bool(const struct ad_object *o, enum attr a);
int64_t obj_time(const struct ad_object *o,
	enum attr a); /* TIME or FILETIME as seconds; INT64_MIN when absent, 0 or never */
/* Values of any attribute name that the model kept (attrs.def or options.keep), for filters. */
bool obj_by_name(const struct model *m, const struct ad_object *o, struct str name,
	const struct str **values, size_t *count);

enum readable {
	READABLE,      /* present, or absent and it would have been seen: empty */
	NOT_READABLE,  /* the reader may not read it on this object */
	NOT_COLLECTED, /* this source did not ask for it or does not hold it */
};
/* Decided by the reader's tokenGroups against the object's descriptor (MS-ADTS 5.1.3); without
 * descriptor or reader by what is known of the class's other objects (design, Words). Present
 * is always READABLE. */
enum readable model_readable(const struct model *m, const struct ad_object *o, enum attr a);
/* It has values, and is known to have others that were not read: a list cut short, a damaged value.
 */
bool model_read_in_part(const struct model *m, const struct ad_object *o, enum attr a);
/* Was it asked of some class of objects, where classes are asked for different attributes? */
bool model_asked_of_class(const struct model *m, enum attr a);
enum readable model_readable_name(
	const struct model *m, const struct ad_object *o, struct str name);

/* ---- accounts ------------------------------------------------------------------------------- */

/* NO only when userAccountControl says ACCOUNTDISABLE; UNKNOWN when it could not be read. */
enum tri account_enabled(const struct model *m, const struct ad_object *o);

/* Last use, by lastLogonTimestamp (lags 9 to 14 days, MS-ADTS 2.2 msDS-LogonTimeSyncInterval) and
 * lastLogon, whichever is later. */
enum logon_state { LOGON_AT, LOGON_NEVER, LOGON_UNKNOWN };
/* When something happened: obj_time(), or INT64_MIN for what the future claims. A clock that was
 * wrong, or somebody who may write the attribute, would make an account young and used for years. A
 * day is left to clocks, and thirty where the directory's own time is not known: the newest change
 * that was read stands for it. */
int64_t model_past_time(const struct model *m, const struct ad_object *o, enum attr a);
/* Why pwdLastSet dates no password, where model_past_time() finds none: a code. */
const char *account_undated_reason(const struct ad_object *o);

struct logon {
	enum logon_state state;
	int64_t at; /* LOGON_AT */
	/* LOGON_AT: a later use than this would have left its mark, if complete: a use within
	 * msDS-LogonTimeSyncInterval (14 days by default) of `at` may have left none. */
	int64_t latest;
	bool exact; /* from lastLogon, later than the replicated value */
	/* Nothing later can be hidden: the domain keeps lastLogonTimestamp, and it was readable; or
	 * every domain controller was asked for lastLogon.
	 * lastLogon is what one domain controller saw: alone it proves use, never disuse. */
	bool complete;
};
/* msDS-LogonTimeSyncInterval where nothing is set */
#define LOGON_SYNC_DAYS 14
struct logon account_last_logon(const struct model *m, const struct ad_object *o);

/* Password settings that really apply (MS-ADTS 3.1.1.4.5.36). */
enum policy_source { POLICY_NONE, POLICY_DOMAIN, POLICY_PSO, POLICY_UNKNOWN };
struct password_policy {
	enum policy_source source;
	const struct ad_object *pso; /* POLICY_PSO, and when known for POLICY_UNKNOWN */
	struct str pso_dn;	     /* even when the PSO's object could not be read */
	const char
		*reason; /* POLICY_UNKNOWN: "pso_not_readable", "domain_policy_not_readable", … */
	int min_length;	 /* 0 when PASSWD_NOTREQD lifts it; see not_required */
	int policy_min_length; /* before PASSWD_NOTREQD */
	bool complexity, reversible;
	bool not_required; /* PASSWD_NOTREQD on the account (MS-SAMR 3.1.1.7.2) */
	/* Which of the three are decided: all of POLICY_DOMAIN and POLICY_PSO; some may be of
	 * POLICY_UNKNOWN, as PASSWD_NOTREQD lifts the length of whatever policy applies. */
	bool length_known, complexity_known, max_age_known;
	bool no_pso;	 /* the domain's policy applies, though perhaps it was not read whole */
	int64_t max_age; /* seconds; 0: none */
	int history;
	int lockout_threshold;
};
/* Do PSOs act in this domain, by its functional level? UNKNOWN: that was not read; d may be NULL.
 */
enum tri domain_has_psos(const struct ad_domain *d);
struct password_policy account_password_policy(const struct model *m, const struct ad_object *o);

/* Is the account one that a service logs on with: of the policy's service_accounts where it names
 * any, else a user with a service principal name? Managed service accounts always are. */
enum tri account_is_service(const struct model *m, const struct ad_object *o);

/* The password filter that the policy declares; NULL: none. */
const struct password_filter *model_password_filter(const struct model *m);

/* Whom a rule for passwords is about, gentlest first. at_most: the strictest that o may be of,
 * where it is not known whether it is privileged or a service. */
enum password_class { PASSWORD_USER, PASSWORD_SERVICE, PASSWORD_ADMIN, PASSWORD_CLASSES };
enum password_class account_password_class(
	const struct model *m, const struct ad_object *o, enum password_class *at_most);
struct password_rule {
	int64_t min_length;
	bool complexity;
	int64_t max_age; /* seconds; 0: no renewal is asked */
};
#define BREACH_TOO_SHORT 0x1u
#define BREACH_NO_COMPLEXITY 0x2u
#define BREACH_NO_RENEWAL 0x4u
#define BREACH_RENEWAL_TOO_LONG 0x8u
/* What of the rule the policy does not give, as far as it is known; *decided: all of it is. */
unsigned password_policy_breaches(
	const struct password_policy *p, const struct password_rule *rule, bool *decided);
/* The policy as it holds for o: without renewal where DONT_EXPIRE_PASSWORD stands. */
struct password_policy password_policy_held(
	const struct ad_object *o, const struct password_policy *p);

/* Enabled user accounts under one policy, of a domain head or a PSO. */
struct policy_use {
	uint64_t accounts;
	/* Of them ordinary people whom the policy's maximum age makes renew: neither privileged nor
	 * a service, nor exempt by DONT_EXPIRE_PASSWORD or SMARTCARD_REQUIRED (MS-SAMR 3.1.5.14.4).
	 */
	uint64_t renewing;
	uint64_t perhaps_renewing; /* of them it is not known whether they are */
	/* Not in accounts: enabled, or perhaps, of the policy's domain, whose policy is not known
	 * or perhaps this one; all that were not read count as one. */
	uint64_t perhaps;
	const char *reason; /* why, where there are any: a code */
};
struct policy_use model_policy_use(const struct model *m, const struct ad_object *policy);
/* Can a PSO act on what its i-th link leads to: a user, or a global security group, of its own
 * domain, at functional level 2008 or higher (MS-ADTS 3.1.1.4.5.36)? UNKNOWN: not read. */
enum tri pso_acts_on(const struct model *m, const struct ad_object *pso, size_t i);
/* Does an enforced authentication policy, its own or that of an enforced silo which counts it among
 * its members, say from which computers this user may authenticate (MS-KILE 3.3.5.4, 3.3.5.5)?
 * Which computers those are is not judged. */
enum tri account_logon_restricted(const struct model *m, const struct ad_object *o);

/* ---- privilege ------------------------------------------------------------------------------ */

/* controls.md "Privileged set": recursive members of the privileged groups, primaryGroupID
 * included, and RID 500. UNKNOWN: only when the object's own memberships could not be decided. */
enum tri account_privileged(const struct model *m, const struct ad_object *o);
/* account_privileged(), but NO only where every privileged group and its members were read. */
enum tri account_privileged_whole(const struct model *m, const struct ad_object *o);
/* Is this group one of the privileged groups themselves? */
bool group_is_privileged(const struct model *m, const struct ad_object *group);
/* Is o one of them, or in one of them, directly or not, by what was read? Of any kind. */
bool object_brings_privilege(const struct model *m, const struct ad_object *o);
/* The privileged groups found, in a fixed order. */
size_t model_privileged_group_count(const struct model *m);
const struct ad_object *model_privileged_group(const struct model *m, size_t i);
/* Privileged accounts (users, computers, MSAs), in DN order. */
size_t model_privileged_count(const struct model *m);
const struct ad_object *model_privileged(const struct model *m, size_t i);
/* Members of privileged groups that are not in what was read (another domain or forest), as the DN
 * or SID text that stands there. Never silently left out: engine counts them as unknown. */
size_t model_privileged_unread_count(const struct model *m);
struct str model_privileged_unread(const struct model *m, size_t i);
/* YES when every privileged group of the domains read was found and its members were readable. */
enum tri model_privileged_complete(const struct model *m, const char **reason);
/* Is there a way to privilege on which no group changed within the last hour? On any other, o may
 * just have come. RID 500 always is privileged. */
bool account_privileged_for_an_hour(const struct model *m, const struct ad_object *o);
/* Why o is privileged: the groups from o up to a privileged group, o excluded; fills at most max,
 * returns the number. 0 for RID 500 alone. */
size_t account_privilege_path(const struct model *m, const struct ad_object *o,
	const struct ad_object **path, size_t max);
/* Every privileged group that holds o, directly or not. */
size_t account_privileged_groups(const struct model *m, const struct ad_object *o,
	const struct ad_object **groups, size_t max);

/* ---- groups --------------------------------------------------------------------------------- */

/* Direct members that were read, primaryGroupID included, in DN order. */
size_t group_members(const struct model *m, const struct ad_object *group,
	const struct ad_object *const **members);
/* Could group, or one below it, have members that were not read: hidden, or named and not there? */
bool group_misses_members(const struct model *m, const struct ad_object *group);
/* Are its direct members not readable, or read in part? */
bool group_members_hidden(const struct model *m, const struct ad_object *group);
/* Holds it anybody directly, by what it says itself (members that were not read count) or by
 * primaryGroupID? UNKNOWN: its members, or the primary group of an account of its domain, could not
 * be read; reason (may be NULL) gets a code. */
enum tri group_has_members(
	const struct model *m, const struct ad_object *group, const char **reason);
/* Direct `member` values that name nothing that was read. */
size_t group_unread_members(const struct model *m, const struct ad_object *group);
/* Groups that hold o directly (by member or primary group). */
size_t object_groups(
	const struct model *m, const struct ad_object *o, const struct ad_object *const **groups);
/* Is o in group, through any nesting? Loops are survived. */
bool object_in_group(
	const struct model *m, const struct ad_object *o, const struct ad_object *group);
/* The groups of the cycle that group is on, smallest DN first, or 0. */
size_t group_cycle(const struct model *m, const struct ad_object *group,
	const struct ad_object **cycle, size_t max);
/* Longest chain of nested groups below group: 0 when it holds no groups; cycles count once. */
unsigned group_depth(const struct model *m, const struct ad_object *group);

/* ---- certificates (AD CS) ------------------------------------------------------------------- */

/* Is the template issued by a CA of the forest: its name stands in a pKIEnrollmentService's
 * certificateTemplates? UNKNOWN: a CA's list could not be read. */
enum tri template_published(const struct model *m, const struct ad_object *template);
/* Is it issued by a CA whose certificate is in NTAuthCertificates, so that what it issues logs on
 * to the domain? */
enum tri template_published_for_logon(const struct model *m, const struct ad_object *template);
/* The CAs that issue it, in DN order; at most max. for_logon: those in NTAuthCertificates alone. */
size_t template_issuers(const struct model *m, const struct ad_object *template, bool for_logon,
	const struct ad_object **issuers, size_t max);
/* The group that certificates with this issuance policy make their holder a member of
 * (msDS-OIDToGroupLink on the policy's OID object): its DN into *group. UNKNOWN: the link, or the
 * OID container, could not be read. */
enum tri issuance_policy_group(const struct model *m, struct str oid, struct str *group);

/* May somebody who is not privileged enrol for this template: Enroll, AutoEnroll, all extended
 * rights or more by its descriptor, and Enroll by that of one of the CAs that issue it (for_logon:
 * that log on)? A template that is open where no CA's object is, is UNKNOWN: the CA's own settings
 * are not in the directory. Deny entries count; a privileged account, a group whose
 * members all are, the services of the system, domain controllers and the CA's own host do not. */
struct enrollment {
	enum tri open;
	/* Whom an entry names, at most ENROLLMENT_NAMES: YES those that may, else those that could
	 * not be judged. */
	const struct sid *who;
	size_t count;
	const char *reason; /* UNKNOWN: a code */
};
#define ENROLLMENT_NAMES 20
/* The list lives in a. */
struct enrollment template_enrollment(
	const struct model *m, struct arena *a, const struct ad_object *template, bool for_logon);

/* ---- tiers and MFA, as the policy declares them --------------------------------------------- */

#define TIER_NONE (-1)
/* The lowest tier number that o belongs to (by group, unit, account; privileged is tier 0). */
int object_tier(const struct model *m, const struct ad_object *o);
/* Is that known? Not where what could not be read leaves a tier open that would win. reason (may be
 * NULL) gets a code with arguments. */
bool object_tier_known(const struct model *m, const struct ad_object *o, const char **reason);
/* One bit a tier through declared or AD-defined groups: more than one bit is a crossing. */
unsigned object_tier_groups(const struct model *m, const struct ad_object *o);
/* The first group (declared, or privileged for tier 0) that puts o into tier, or NULL. */
const struct ad_object *object_tier_group(
	const struct model *m, const struct ad_object *o, int tier);
/* Does the policy declare units for this tier, and is o below one? */
bool model_tier_has_units(const struct model *m, int tier);
bool object_in_tier_units(const struct model *m, const struct ad_object *o, int tier);
/* Does the policy declare groups for this tier that are in this directory? */
bool model_tier_has_groups(const struct model *m, int tier);
/* Does it declare any, found or not? */
bool model_tier_declares_groups(const struct model *m, int tier);
/* Does it declare accounts by name for this tier, and is o one of them? */
bool model_tier_declares_accounts(const struct model *m, int tier);
bool object_is_tier_account(const struct model *m, const struct ad_object *o, int tier);
/* Does it name anything at all for this tier: a group, a unit or an account? */
bool model_tier_declares(const struct model *m, int tier);
/* Does it name a group, account or unit for this tier that was not found, or a group some of whose
 * members could not be read? Who is in the tier is then not known whole. */
bool model_tier_unresolved(const struct model *m, int tier);
/* Enabled users of this tier (object_tier()), in DN order: those who administer it. The list is the
 * model's. */
size_t model_tier_users(const struct model *m, int tier, const struct ad_object *const **out);
/* Is there an enabled user of whom it could not be decided whether he is privileged? */
bool model_tier_users_uncertain(const struct model *m);
/* Is there an enabled user outside tiers 0 and 1 with this employeeID? */
enum tri model_employee_is_ordinary(const struct model *m, struct str employee_id);
/* admin_accounts.name_pattern: NO when none is given. */
bool model_has_admin_pattern(const struct model *m);
enum tri account_matches_admin_pattern(const struct model *m, const struct ad_object *o);

/* ---- populations: accounts that the policy sets apart --------------------------------------- */

/* Is the policy's key there at all? */
bool model_population_declared(const struct model *m, enum policy_population p);
/* Does it name something that was not found, or a group some of whose members could not be read?
 * Who belongs to it is then not known whole. */
bool model_population_unresolved(const struct model *m, enum policy_population p);
/* UNKNOWN: its name or primary group, on which it depends, could not be read. A group of the policy
 * is not itself in the population, its members are. */
enum tri object_in_population(
	const struct model *m, const struct ad_object *o, enum policy_population p);
/* What puts o into it; 0: nothing that was read. */
#define BY_GROUP 0x1u
#define BY_UNIT 0x2u
#define BY_ACCOUNT 0x4u	 /* named in `accounts` */
#define BY_COMPUTER 0x8u /* named in `computers` */
#define BY_PATTERN 0x10u
unsigned object_population_ways(
	const struct model *m, const struct ad_object *o, enum policy_population p);
/* external.max_days of the policy: how far away the expiry of an account from outside may be; 0:
 * not given. */
int model_external_max_days(const struct model *m);

/* ---- leaked credentials, by the policy's leaks ---------------------------------------------- */

enum leak_state {
	LEAK_NONE,
	LEAK_LISTED,
	LEAK_UNKNOWN, /* a row may be this account's: it names several, or a name is hidden */
};
struct leak {
	enum leak_state state;
	int64_t from, to; /* LEAK_LISTED: the seconds [from, to[ in which the latest one of a known
			     date was; INT64_MIN: none has one */
	bool undated;	  /* a row has no usable date: a later one is possible */
	bool unsure;	  /* another row may be this account's, or one of these another's */
	size_t line;	  /* of that row, in the file */
};
bool model_leaks_declared(const struct model *m);
struct leak account_leak(const struct model *m, const struct ad_object *o);
/* Is o's password older than the latest leak? NO for an account that is not listed. UNKNOWN:
 * *reason is a code, or NULL where pwdLastSet could not be read. */
enum tri leaked_password_kept(const struct model *m, const struct ad_object *o,
	const struct leak *leak, const char **reason);

/* ---- identifiers of persons, by the policy's identity --------------------------------------- */

/* Does o carry an identifier that fits identity.pattern? UNKNOWN: the attribute could not be read,
 * or the pattern did not decide. NO where the policy declares none. */
enum tri object_has_identifier(const struct model *m, const struct ad_object *o);
/* Of the accounts that should carry one (the population identity): user accounts that are enabled
 * and stand for one person's own use, which those of administrators (privileged, or by
 * admin_accounts.name_pattern), of programs and of several people do not. UNKNOWN: whether it
 * should, or whether it does, could not be read. */
enum identity_state { IDENTITY_OUTSIDE, IDENTITY_VERIFIED, IDENTITY_MISSING, IDENTITY_UNKNOWN };
enum identity_state account_identity(const struct model *m, const struct ad_object *o);
/* The first value that does not fit, for show; empty: there is none. */
struct str object_refused_identifier(const struct model *m, const struct ad_object *o);
/* The LDAP name of identity.attribute; empty: the policy declares none. */
struct str model_identity_attribute(const struct model *m);
/* Identifiers that more than one user account carries, in their order; holders in DN order, enabled
 * or not. */
struct shared_identifier {
	struct str value;
	const struct ad_object *const *holders;
	size_t count;
};
size_t model_shared_identifiers(const struct model *m, const struct shared_identifier **out);

struct mfa {
	enum tri required; /* by mfa.required_for */
	enum tri covered; /* by mfa.evidence; UNKNOWN when a piece of evidence could not be read, or
			     says nothing for certain, and no other covers */
	size_t source;	  /* of model_mfa_source(), when covered */
	struct str evidence;  /* what covers: "smartcard_required", "key_credential",
				 "certificate_mapping", "authentication_policy", "group:…",
				 "csv:…" */
	struct str weak;      /* where the best method found is a weak one (SMS, voice, mail); it
				 covers only when mfa.weak_methods says so. Empty: none found */
	const char *reason;   /* covered is UNKNOWN: a code */
	bool export_unclear;  /* an export leaves it open: one reason for UNKNOWN */
	bool declared;	      /* the policy names evidence at all */
	enum tri excluded;    /* by mfa.excluded; such an account is never counted as covered */
	struct str exclusion; /* the policy's reason */
};
/* Does the policy require it of anybody at all? Of the privileged (or tier 0)? */
bool model_mfa_is_required(const struct model *m);
bool model_mfa_is_required_of_privileged(const struct model *m);
/* Has a group of mfa.required_for members that were not read, so that it is required of more than
 * can be examined? */
bool model_mfa_required_misses_members(const struct model *m);
struct mfa account_mfa(const struct model *m, const struct ad_object *o);

/* The key credentials of an account (msDS-KeyCredentialLink), each counted once: Windows Hello and
 * FIDO2 keys of known devices, keys of devices that nobody knows (an Entra ID device, a FIDO2 key
 * without device, or one that an attacker added), keys that one factor was enough to register, keys
 * that are not for logging on, values that are no key. */
struct account_keys {
	uint32_t ngc, fido, unconfirmed, single_factor, other, malformed;
	bool readable;
};
struct account_keys account_keys(const struct model *m, const struct ad_object *o);
/* The computer with this objectGUID, or the registered device with this msDS-DeviceID; NULL: none
 * that was read. */
const struct ad_object *model_device(const struct model *m, const struct guid *id);
/* May there be others: computers that were not read, or a device whose number was not? */
bool model_devices_unread(const struct model *m);
/* Does an export of the policy's evidence list a Windows Hello or FIDO2 key for the account?
 * UNKNOWN: a row may be the account's. */
enum tri account_key_in_export(const struct model *m, const struct ad_object *o);

/* The CSV exports among the policy's evidence. */
struct roster; /* model/roster.h */
struct mfa_export_view {
	const struct mfa_evidence *declared;
	const struct roster *roster;
};
/* The pieces of evidence in the policy's order, as in struct mfa. */
size_t model_mfa_source_count(const struct model *m);
struct str model_mfa_source(const struct model *m, size_t i);
/* Does one of them have a column of methods? Does the policy except anybody? */
bool model_mfa_exports_tell_methods(const struct model *m);
bool model_mfa_excludes(const struct model *m);
size_t model_mfa_export_count(const struct model *m);
struct mfa_export_view model_mfa_export(const struct model *m, size_t i);

#endif
