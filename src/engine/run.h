/*
 * All that a report sees: the frozen result of one evaluation. Everything lives in the run's arena
 * (or in the model and catalogue that made it, which outlive it); every text is clean UTF-8 without
 * characters that XML forbids. Controls are sorted by id, objects by DN bytes then GUID.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "base/arena.h"
#include "base/str.h"

enum run_status {
	STATUS_PASS,
	STATUS_FAIL,
	STATUS_WAIVED,
	STATUS_UNKNOWN,
	STATUS_NOT_APPLICABLE,
	STATUS_DISABLED,
	STATUS_COUNT
};
const char *run_status_name(enum run_status s); /* "pass", …, "not_applicable" */

struct run_text {
	struct str fr, en;
};

/* One evidence entry: one value, or a list. */
struct run_evidence {
	struct str key; /* fixed ASCII words */
	const struct str *values;
	size_t count; /* 1: written as a string, else as a list */
};

struct run_object {
	struct str dn, sid, guid, domain, name,
		kind;	  /* text forms; empty when the object has none */
	int64_t last_use; /* of an account, seconds; INT64_MIN: none, not read, or a stored run */
	int level;
	const struct run_evidence *evidence;
	size_t evidence_count;
	bool waived;
};

enum { RUN_PARAMETER_INTEGER, RUN_PARAMETER_BOOLEAN, RUN_PARAMETER_STRING };
struct run_parameter {
	struct str name;
	int kind; /* one of these three */
	int64_t number;
	struct str text;
};

/* A kind of change (checks/changes.yaml): what people must know before they make it. Controls that
 * are mended in the same way share one. */
enum run_effort { /* hours, days, a project */
	EFFORT_LOW,
	EFFORT_MEDIUM,
	EFFORT_HIGH,
	EFFORT_COUNT
};
const char *run_effort_name(enum run_effort e); /* "low", "medium", "high" */
struct run_change {
	struct str id;
	enum run_effort effort;
	struct run_text risk, test, back; /* for care and services; before; the way back */
};

/* Which group policy sets an account policy in a domain. The PDC emulator writes what it says over
 * what was set in the directory. */
enum run_setter_kind {
	SETTER_UNKNOWN,
	SETTER_GPO,
	SETTER_NONE, /* no policy sets it */
	SETTER_SAMBA /* the domain's controllers are Samba's: policies do not */
};
struct run_setter {
	struct str domain;
	enum run_setter_kind kind;
	struct str gpo; /* SETTER_GPO: its display name */
};

struct run_control {
	struct str id, area;
	const struct run_change *change; /* NULL: a site's own control */
	struct run_text title, why, measure, fix;
	const struct str *references;
	size_t reference_count;
	const int *levels;
	size_t level_count;
	int failed_level;	/* 0: none */
	int level_with_waivers; /* smallest level among findings that are not waived; 0: none */
	enum run_status status;
	struct str reason;			   /* code with arguments; p NULL: none */
	uint64_t examined, count, unknown, waived; /* count excludes waived objects */
	const struct run_parameter *parameters;
	size_t parameter_count;
	/* Short hash of what the policy declares that the control is measured by beside its
	 * parameters: populations, tiers, second factors, its filter; empty: nothing. */
	struct str declared;
	const struct run_object *objects; /* waived ones too */
	size_t object_count;
	const struct str *notes; /* codes with arguments */
	size_t note_count;
	/* Of a failed control that an account policy mends: the domains with findings; none in a
	 * stored run. */
	const struct run_setter *setters;
	size_t setter_count;
};

struct run_domain {
	struct str dns, netbios, sid;
	struct str key; /* of an anonymous run: a keyed hash of the SID, in hex */
};

struct run_coverage {
	struct str need, state, detail;
};

/* An accepted risk of the policy, as written there. */
struct run_waiver {
	struct str control, target, reason, approved_by;
	const char *reach; /* "object", "group", "unit", "all" */
	int64_t until;	   /* the last second that counts */
	bool expired;
	uint64_t findings; /* that it covers */
};

/* What stands to turn by itself before the next audit: the same directory, evaluated at that
 * date. One for each object; object NULL: the control as a whole becomes what it is not today. */
enum run_deadline_today {
	DEADLINE_NO_FINDING,   /* the object is no finding today */
	DEADLINE_ACCEPTED,     /* it is one whose risk is accepted */
	DEADLINE_BETTER_LEVEL, /* it is one at a better level */
};
struct run_deadline {
	const struct run_control *control; /* of this run */
	const struct run_object *object;   /* as the finding will be */
	enum run_status then;		   /* of the control */
	enum run_deadline_today today;
};

/* A line of "Comptes à privilèges". */
struct run_privileged {
	struct str dn, name, sid, kind, domain;
	/* Every way, a line each: "GG-Adm > Domain Admins"; the shortest eight, then "+ 3" of those
	 * that are left out. Empty for RID 500 alone. */
	struct str path;
	int enabled;			  /* 1 yes, 0 no, -1 not read */
	int64_t password_set, last_logon; /* seconds; INT64_MIN: none or not read */
	int never_expires;		  /* 1, 0, -1 */
	int mfa;			  /* 1 covered, 0 not, -1 unknown */
	int tier;			  /* 0, 1, 2; -1 none */
	uint64_t failed_controls;	  /* controls with a finding on it */
};

/* One of the ten first actions: failed controls in the order a person should take them. */
struct run_action {
	const struct run_control *control;
};

/* Indicators are ordered name/number pairs a family; number INT64_MIN means null. */
struct run_indicator {
	struct str name;
	int64_t value;
	const struct str *controls; /* ids of those behind the number: at least one */
	size_t control_count;
};
struct run_family {
	struct str name; /* password_policy, privileged, tiering, stale, mfa */
	const struct run_indicator *indicators;
	size_t count;
	const struct run_control *const *controls; /* of the family, by id */
	size_t control_count;
	const struct str *notes; /* why its numbers are lower bounds: codes */
	size_t note_count;
};

/* Columns of text and names hold what the directory or the policy says: an anonymous run leaves the
 * tables that have one out, but for those that it keys. The others hold numbers, dates and fixed
 * words. */
enum run_column_kind { COLUMN_TEXT, COLUMN_NAME, COLUMN_NUMBER, COLUMN_DATE, COLUMN_CODE };
const char *run_column_kind_name(enum run_column_kind k); /* "text", "name", "number", … */
bool run_column_names(enum run_column_kind k);		  /* text of the directory? */

struct run_column {
	struct str name; /* fixed ASCII word */
	enum run_column_kind kind;
};

/* text of TEXT, NAME and CODE (a code; its arguments are numbers or fixed words); number of NUMBER
 * and DATE (seconds). Null when text.p is NULL and number INT64_MIN. */
struct run_cell {
	struct str text;
	int64_t number;
};

/* A breakdown that belongs to a family. */
struct run_table {
	struct str family, name; /* fixed ASCII words */
	const struct run_column *columns;
	size_t column_count;
	const struct run_cell *cells; /* row after row */
	size_t row_count;
	uint64_t row_total;	      /* rows that there are: more than row_count when it was cut */
	const struct run_cell *total; /* one more row, of sums; NULL: none */
};

/* What ANSSI's own audit (ADS) says, point by point beside this run (audit --ads). Differences are
 * listed worst first. */
enum ads_difference {
	ADS_MISSED,	  /* not compliant there, nothing found here */
	ADS_NOT_ASSESSED, /* decided there, not assessed here */
	ADS_NOT_KNOWN,	  /* the catalogue here has no such point */
	ADS_OURS_ONLY,	  /* not compliant here, compliant there */
	ADS_LEVEL,	  /* not compliant in both, at other levels */
	ADS_ACCEPTED,	  /* not compliant there; found and accepted here */
	ADS_COUNT,	  /* not compliant in both, with other numbers of objects */
	ADS_NOT_SAID,	  /* decided here, not there */
	ADS_SCOPE,	  /* compliant in one, not applicable in the other */
	ADS_NOT_LISTED,	  /* the file of ADS does not name the point */
	ADS_SAME,
	ADS_DIFFERENCE_COUNT
};
const char *ads_difference_name(enum ads_difference d); /* "missed", "not_assessed", … */
/* Is it one of ANSSI's points by its name: vuln_…, warning_…, info_…? */
bool run_ads_is_point(struct str id);

struct run_ads_point {
	struct str id;
	const struct run_control *control; /* of this run; NULL: ADS_NOT_KNOWN */
	bool listed;			   /* the file names it; else nothing of ADS is known */
	enum run_status status;		   /* there: pass, fail, unknown or not_applicable */
	int level;			   /* there; 0: not given */
	int64_t count;			   /* of objects there; INT64_MIN: not given */
	enum ads_difference difference;
	const struct str *reasons; /* likely ones: codes, the most certain first */
	size_t reason_count;
};
struct run_ads {
	int64_t dated; /* of its report; INT64_MIN: not given */
	int level;     /* the smallest of its failed vuln_ points; 0: not known */
	const struct run_ads_point *points; /* in the order of run_ads_order() */
	size_t point_count;
	uint64_t withheld; /* of an anonymous run: points that no catalogue names */
};

struct run {
	struct arena arena;
	bool anonymous; /* audit --anonymous: no objects, and no text of the directory or the policy
			 */
	struct str tool_version, catalogue_version;
	struct str facility_name, facility_finess, facility_ght; /* p NULL: null */
	struct str forest;					 /* empty: null */
	const struct run_domain *domains;
	size_t domain_count;
	struct str source, reader;
	int64_t collected_at, evaluated_at;
	struct {
		uint64_t objects, users, users_enabled, computers, groups;
	} counts;
	struct str policy_name, policy_sha256;
	int level, level_floor, level_with_waivers; /* 1 … 5 */
	struct run_family families[5];
	const struct run_table *tables; /* by family, in the order of families */
	size_t table_count;
	const struct run_control *controls;
	size_t control_count;
	const struct run_coverage *coverage;
	size_t coverage_count;
	const struct run_privileged *privileged;
	size_t privileged_count;
	const struct run_action *actions; /* all failed controls, first action first */
	size_t action_count;
	const struct str *waiver_notes; /* expired waivers and those that match nothing: codes */
	size_t waiver_note_count;
	const struct run_waiver *waivers; /* in the order of the policy; none in a stored run */
	size_t waiver_count;
	int64_t deadlines_at;		      /* INT64_MIN: not looked for */
	const struct run_deadline *deadlines; /* by control, then by object */
	size_t deadline_count;
	const struct run_ads *ads; /* NULL: no result of ADS was given */
};

void run_free(struct run *r);

/* ANSSI's rule over vuln_* (design, Words): a waived point counts as failed, a disabled one as not
 * evaluated; what is not evaluated may fail at its worst level. 1 … 5. */
struct run_levels {
	int level, floor, with_waivers;
};
struct run_levels run_levels_of(const struct run_control *controls, size_t count);

/* What the point's status, level and count say beside its control's; its difference is not read. */
enum ads_difference run_ads_difference(const struct run_ads_point *p);
/* For qsort(): worst first, what ADS has as not compliant before the rest, ANSSI's order of kinds,
 * worst level, id. */
int run_ads_order(const void *a, const void *b);
/* The smallest level of what fails there: run_ads.level. */
int run_ads_level(const struct run_ads_point *points, size_t count);
/* Objects found here, accepted ones too: what ADS counts. */
uint64_t run_ads_found(const struct run_control *c);

#endif
