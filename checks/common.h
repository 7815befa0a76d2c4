/* What several areas share: kinds of account, evidence that reads the same everywhere, ages. */
#ifndef CHECKS_COMMON_H
#define CHECKS_COMMON_H

#include "ad/uac.h"
#include "ad/wellknown.h"
#include "base/datetime.h"
#include "engine/check.h"

#define KIND(k) (1u << (k))
/* Accounts beside users: for rows with .each = AD_USER. */
#define KINDS_ACCOUNTS (KIND(AD_COMPUTER) | KIND(AD_MSA))

/* Longest list of names shown as evidence; the whole number stands beside it. */
#define EVIDENCE_NAMES 50

#define DAYS(n) ((n)*SECONDS_PER_DAY)

/* ANSSI's "three years", its thresholds' usual unit. */
#define THREE_YEARS_DAYS 1095

/* True when `a` was readable on obj; else obj is undecided with the attribute's name. */
bool readable(struct check_cx *cx, const struct ad_object *obj, enum attr a);
/* The account or group rid of obj's own domain? */
bool has_rid(const struct ad_object *obj, uint32_t rid);
/* The built-in Administrator, by whatever name. */
bool is_rid500(const struct ad_object *obj);
/* The SID of an account that AD itself made was not read: it may be RID 500, which the control
 * treats otherwise. Says undecided() then. */
bool may_be_rid500(struct check_cx *cx, const struct ad_object *obj);
/* Computer of a writable or read-only DC, by primary group (516, 521). */
bool is_dc_computer(const struct ad_object *obj);

/* One of its object classes? For objects without a kind of their own. */
bool has_class(const struct ad_object *obj, const char *name);
/* The read-only domain controller that Microsoft Entra Kerberos makes: an object without machine.
 */
bool is_entra_kerberos(const struct ad_object *obj);
/* An object without machine that Microsoft Entra makes and that never logs on: the one above, or
 * the computer of seamless sign-on. */
bool is_entra_object(const struct ad_object *obj);
/* An account that a program uses, as far as was read: a managed service account, a user with a
 * service principal name, or one that the policy declares. */
bool is_service_account(const struct check_cx *cx, const struct ad_object *obj);
/* Made by AD itself: marked as critical, of BUILTIN, or of a RID below 1000. */
bool is_system_object(const struct ad_object *obj);
/* Nothing of it says so and something of it was not read: obj is then undecided. */
bool may_be_system_object(struct check_cx *cx, const struct ad_object *obj);
/* Is obj of a role that its primary group or its flags tell? Else it is passed over, or undecided
 * where neither could be read. */
bool is_of_role(struct check_cx *cx, const struct ad_object *obj, bool of_role);
/* Is obj the computer of a domain controller? Else it is passed over, or undecided where neither
 * its primary group nor its flags could be read. */
bool dc_only(struct check_cx *cx, const struct ad_object *obj);
/* The object at "CN=…,CN=…," below the head of a domain, or below the configuration; NULL: not
 * read. */
const struct ad_object *find_below(
	struct check_cx *cx, const char *rdns, const struct ad_object *head);
const struct ad_object *find_in_configuration(struct check_cx *cx, const char *rdns);
/* The account or group rid of a domain, NULL: not read. */
const struct ad_object *find_rid(struct check_cx *cx, const struct ad_object *head, uint32_t rid);
/* Is this the head of the forest's root domain? */
bool is_forest_root(struct check_cx *cx, const struct ad_object *head);

/* Runs UAC flag .arg: obj fails when its userAccountControl has it. Needs USER_ACCOUNT_CONTROL. */
int uac_flag_set(struct check_cx *cx, const struct ad_object *obj);

/* Evidence "privilege_path": the groups from the account up to a privileged one. */
void evidence_privilege_path(struct check_cx *cx, const struct ad_object *obj);
/* Evidence key: the names of at most EVIDENCE_NAMES objects. */
void evidence_names(
	struct check_cx *cx, const char *key, const struct ad_object *const *objects, size_t count);

/* How old is obj's password? Needs PWD_LAST_SET. */
enum password_age {
	PASSWORD_RECENT,  /* set within max_days, or the account is not older than that */
	PASSWORD_OLD,	  /* set before that */
	PASSWORD_UNDATED, /* pwdLastSet is 0 or absent ("must change at next logon" erases it), or
			     no date that can be: account_undated_reason() */
};
enum password_age password_age(
	const struct check_cx *cx, const struct ad_object *obj, int64_t max_days);

/* "0x80000". */
void evidence_hex(struct check_cx *cx, const char *key, uint32_t value);
/* msDS-SupportedEncryptionTypes by name. */
void evidence_encryption_types(struct check_cx *cx, const struct ad_object *obj);

/* obj fails when its password is older than max_days. */
int password_unchanged(struct check_cx *cx, const struct ad_object *obj, int64_t max_days);
/* The same; true when it did, for further evidence. */
bool password_found_old(struct check_cx *cx, const struct ad_object *obj, int64_t max_days);
/* Not used since `limit`: neither logged on nor created later. */
enum tri account_unused(const struct check_cx *cx, const struct ad_object *obj, int64_t limit);
/* The same, but YES only when even the latest use that may have left no mark lies before: for what
 * must not be said of an account in use. */
/* Of l, at a date (LOGON_AT): was even that latest use before `limit`? UNKNOWN: a use after it may
 * have left no mark for longer than a domain's default interval. */
enum tri logon_before(const struct logon *l, int64_t limit);
enum tri account_surely_unused(
	const struct check_cx *cx, const struct ad_object *obj, int64_t limit);
/* Has it been there for min_days without ever logging on? For accounts that are made to: of the
 * built-in Administrator that is no fault. False where it is not known, which it says. */
bool account_never_used(struct check_cx *cx, const struct ad_object *obj, int64_t min_days);
void evidence_last_use(struct check_cx *cx, const struct ad_object *obj);
/* The same, with the latest use that may have left no mark. */
void evidence_surely_unused(struct check_cx *cx, const struct ad_object *obj);

/* Does the policy ask for the control `id`, and of obj: of a disabled account only when its
 * include_disabled says so? */
bool asks_of(const struct check_cx *cx, const char *id, const struct ad_object *obj);
/* Is it for another control to say that nobody uses obj: for `privileged`, of privileged accounts
 * (NULL: there is none), or for hyg_external_dormant, of people from outside? It is passed over.
 * Where that could not be read, the control under way speaks. */
bool unused_said_elsewhere(
	struct check_cx *cx, const struct ad_object *obj, const char *privileged);
/* The strictest of those that may hold for an account: for one that was never used, for one that
 * was, both where that is not known, and the control's own. */
int64_t strictest_days(enum logon_state state, int64_t never, int64_t since, int64_t own);
/* The limit in days that holds for obj, the strictest of those that would find it unused: of the
 * control under way (own), and of the ordinary one that leaves obj to it. */
int64_t unused_days(const struct check_cx *cx, const struct ad_object *obj, int64_t own);

/* Does AD hold a LAPS password of this computer? By the dates of expiry, which anyone may read: of
 * Windows LAPS and of the older product. */
enum tri has_laps(struct check_cx *cx, const struct ad_object *obj);
/* Domain controllers have no local accounts, and LAPS manages Windows alone. */
bool laps_manages(const struct ad_object *obj);

/* For .before: not applicable where the forest has no CA, so that nobody issues anything. */
int needs_ca(struct check_cx *cx, const struct ad_object *none);

/* A control that fails when more than max_percent of the accounts it counts are bad. The share is
 * decided when what could not be read cannot change the verdict, whichever way it would go. */
enum share_part { SHARE_OUTSIDE, SHARE_GOOD, SHARE_BAD, SHARE_UNREAD };
struct share {
	unsigned kinds; /* as in struct check, .each included */
	enum share_part (*sort)(struct check_cx *cx, const struct ad_object *obj);
	void (*show)(struct check_cx *cx, const struct ad_object *obj); /* evidence of a bad one */
	const char *unread; /* why one could not be sorted: a code */
	bool below;	    /* the other way round: the bad ones are findings up to the threshold */
};
/* For .run: counts obj. */
int share_count(struct check_cx *cx, const struct ad_object *obj, const struct share *s);
/* For .after: the verdict. Over the threshold every bad account is a finding. */
int share_decide(struct check_cx *cx, const struct share *s);

#endif
