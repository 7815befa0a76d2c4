/*
 * A policy: which controls run, with which parameters, and what privileged, tier and MFA mean in
 * this directory (docs/policy.md; the format is fixed). Read from YAML, with its ancestors merged,
 * every mistake reported with file:line:column. Knows no control: ids and parameters are checked
 * by engine/bind.c, which is why positions are kept.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "ad/sid.h"
#include "base/arena.h"
#include "base/embedded.h"
#include "base/err.h"

struct filter; /* policy/filter.h */

struct policy_position {
	const char *file; /* as shown to people: the path, or the shipped name */
	unsigned line, column;
};

/* Every mistake found, in the order of the files. policy_load() fails when there is one. */
struct policy_mistake {
	struct policy_position at;
	struct str text;
};

/* How far a waiver or an exclusion goes, and what its target then is. */
enum policy_reach {
	REACH_ALL,    /* no target */
	REACH_OBJECT, /* name, SID or DN */
	REACH_UNIT,   /* DN */
	REACH_GROUP   /* name, SID or DN */
};

/* French and English; en may be empty when a site gave one language only, then fr stands in. */
struct text2 {
	struct str fr, en;
};

/* Whom the policy names as belonging somewhere: a tier, or a population. Any of them is enough. */
struct policy_scope {
	const struct str *groups; /* names (sAMAccountName or cn), SIDs or DNs */
	size_t group_count;
	const struct str *units; /* DNs */
	size_t unit_count;
	const struct str *accounts; /* names, SIDs or DNs; of a population computers too */
	size_t account_count;
	const struct str *computers; /* populations only */
	size_t computer_count;
	struct str name_pattern; /* populations only; PCRE2 on sAMAccountName; empty: none */
	struct policy_position name_pattern_at;
	struct policy_position at; /* file NULL: not declared */
};

/* Accounts that are looked at apart. Nothing in AD says who they are. */
enum policy_population {
	POPULATION_SERVICE,	  /* service_accounts: what programs log on with */
	POPULATION_SHARED,	  /* shared_accounts: more than one person uses one */
	POPULATION_REMOTE_ACCESS, /* remote_access: may come in from outside (VPN, gateway) */
	POPULATION_HYPERVISOR,	  /* hypervisor: administrators and hosts of virtual machines */
	POPULATION_BACKUP,	  /* backup: administrators, deposit accounts and servers */
	POPULATION_EXTERNAL,	  /* external: contractors, remote maintenance, interns, locums */
	POPULATION_BIOMEDICAL,	  /* biomedical: equipment that the hospital may not patch itself */
	POPULATION_IDENTITY,	  /* identity: care accounts that should carry an identifier */
	POPULATION_COUNT
};
/* "service_accounts", … as in the policy. */
const char *policy_population_name(enum policy_population p);

/* A list of accounts in a CSV file beside the policy. */
struct policy_list {
	struct str file;      /* resolved against the policy file's folder; empty: none declared */
	struct str attribute; /* LDAP attribute that the accounts are named by; empty: any of mail,
				 userPrincipalName and sAMAccountName */
	struct str account_column, value_column; /* headings; hr: left, leaks: date */
	struct policy_position at;
};

/* Accounts that the second factor is not asked of, and why; they are shown, never as covered. */
struct mfa_exclusion {
	enum policy_reach reach;
	struct str target;
	struct str reason;
	struct policy_position at;
};

enum mfa_evidence_kind {
	MFA_SMARTCARD_REQUIRED,
	MFA_KEY_CREDENTIAL,
	MFA_CERTIFICATE_MAPPING,
	MFA_AUTHENTICATION_POLICY,
	MFA_GROUP,
	MFA_CSV
};

/* Whose export a CSV file is: which headings and words are known without being named. */
enum mfa_format { MFA_GENERIC, MFA_ENTRA, MFA_WALLIX };

struct mfa_evidence {
	enum mfa_evidence_kind kind;
	struct str group; /* MFA_GROUP */
	/* MFA_CSV */
	struct str file; /* path, resolved against the policy file's folder */
	enum mfa_format format;
	struct str account_column, method_column; /* headings; empty: those of the format */
	struct str account_attribute; /* LDAP attribute that the account column holds: the one
					 named, else the column's own name when that is one
					 (userPrincipalName, sAMAccountName, mail, objectSid,
					 employeeID), else empty: any of UPN, name and mail */
	const struct str *factors;    /* words of the method column that are a second factor */
	size_t factor_count;
	int64_t exported; /* the day of the export, its first second; INT64_MIN: not said */
	struct policy_position at;
};

/* required_for entries */
enum mfa_scope_kind {
	MFA_PRIVILEGED,
	MFA_TIER0,
	MFA_TIER1,
	MFA_TIER2,
	MFA_REMOTE_ACCESS,
	MFA_ALL,
	MFA_IN_GROUP,
	MFA_IN_UNIT
};
struct mfa_scope {
	enum mfa_scope_kind kind;
	struct str name;
	struct policy_position at;
};

enum param_kind { PARAM_INT, PARAM_BOOL, PARAM_STRING };
struct policy_param {
	struct str name;
	enum param_kind kind;
	int64_t number; /* PARAM_INT, PARAM_BOOL (0/1) */
	struct str text;
	struct policy_position at;
};

/* What the policy says of one control, merged over its ancestors (the nearest file wins per key).
 */
struct policy_control {
	struct str id;
	bool enabled;			   /* default true */
	struct str reason;		   /* why it is off */
	const struct policy_param *params; /* without enabled and reason */
	size_t param_count;
	struct policy_position at;
};

struct policy_waiver {
	struct str control;
	enum policy_reach reach;
	struct str target;
	struct str reason, approved_by;
	int64_t until; /* the last second that counts: 23:59:59Z of the inclusive day */
	struct policy_position at;
};

struct custom_control {
	struct str id;
	int level; /* 1 to 5 */
	struct text2 title, why, fix;
	struct str each; /* user, computer, group, … : a name of enum ad_kind */
	struct str filter;
	const struct filter *parsed; /* policy/filter.h */
	struct policy_position at;
};

struct yaml_node; /* policy/yaml.h */

/* A product that refuses passwords on the domain controllers, beside what AD enforces. Declared:
 * the directory does not show it, and it turns no finding into a pass. */
struct password_filter {
	struct str product, reason;
	int classes, min_length;   /* that it enforces; 0: not given */
	bool banned_words;	   /* refuses listed words and leaked passwords */
	struct policy_position at; /* file NULL: not declared */
};

struct policy {
	struct arena arena;
	struct str name;
	char sha256[65];	  /* over the bytes of every file of the chain, nearest first */
	struct sid expect_domain; /* none: any */
	struct str facility_name, facility_finess, facility_ght; /* NULL p when absent */
	struct str admin_name_pattern;				 /* PCRE2; empty: none given */
	struct policy_position admin_name_pattern_at;
	struct policy_scope tiers[3];
	struct policy_scope populations[POPULATION_COUNT];
	int external_max_days;	       /* external.max_days; 0: not given */
	struct policy_list hr, leaks;  /* who left; whose password leaked */
	struct str identity_attribute; /* empty: none declared */
	struct str identity_pattern;   /* PCRE2; empty: any value will do */
	struct policy_position identity_pattern_at;
	struct password_filter password_filter;
	const struct mfa_scope *mfa_required;
	size_t mfa_required_count;
	const struct mfa_evidence *mfa_evidence;
	size_t mfa_evidence_count;
	const struct mfa_exclusion *mfa_excluded;
	size_t mfa_excluded_count;
	bool mfa_weak_methods;		       /* SMS, voice and mail count as a second factor */
	const struct policy_control *controls; /* by id */
	size_t control_count;
	const struct policy_waiver *waivers;
	size_t waiver_count;
	const struct custom_control *custom;
	size_t custom_count;
	/* The chain of files, nearest first: for `policy show`. */
	const char *const *files;
	size_t file_count;
	const struct yaml_node *merged; /* the chain as one tree, each value with its position */
};

/* Loads a shipped policy (NAME without '/' or ".yaml") or a file. shipped: the embedded table.
 * On failure *err holds the first mistake and *mistakes all of them (in arena of *out; call
 * policy_free() in any case). */
int policy_load(const char *name_or_path, const struct embedded_file *shipped, size_t shipped_count,
	struct policy *out, const struct policy_mistake **mistakes, size_t *mistake_count,
	struct err *err);
void policy_free(struct policy *p);
/* One value in force: key "controls.vuln_x.max_days" or "waivers[0].reason"; an empty list or map
 * is a row too, "[]" or "{}". */
struct policy_value {
	struct str key, value;
	struct policy_position at; /* the file that set it */
};
/* Every value in force, in the order of docs/policy.md; the rows live in a, file
 * names in p. */
void policy_describe(
	const struct policy *p, struct arena *a, const struct policy_value **out, size_t *count);
/* "file:line:column" in a. */
struct str policy_position_text(struct arena *a, struct policy_position at);

#endif
