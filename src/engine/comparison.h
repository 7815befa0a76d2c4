/*
 * Several facilities side by side. src/runs/compare.c makes it from stored runs, named or
 * anonymous; reports show it. Of a run only what is shown is kept: findings are not.
 */
#ifndef ENGINE_COMPARISON_H
#define ENGINE_COMPARISON_H

#include "engine/run.h"

/* A number shown for a facility: as it is, or per hundred of something, in hundredths. */
enum compare_per { PER_NOTHING, PER_ACCOUNTS, PER_COMPUTERS };

/* Whether the verdict of a control in a run says the same as in the others'. */
enum compare_cell_state {
	CELL_SAME,
	CELL_OTHER, /* other parameters or levels than most members': its verdict is shown only */
	CELL_ABSENT /* the run's catalogue has no such control */
};
struct compare_cell {
	enum compare_cell_state state;
	enum run_status status;
	int failed_level;
	uint64_t count, unknown;
};

/* One run. */
struct compare_run {
	int64_t evaluated_at;
	int64_t read_at; /* of the directory, where it is known and earlier; else evaluated_at */
	int level, level_floor, level_with_waivers;
	uint64_t points;		 /* controls of the catalogue, the site's own left out */
	uint64_t statuses[STATUS_COUNT]; /* of these */
	struct str catalogue, policy_name, policy_sha256;
	bool anonymous, late; /* late: more than two months after the one before */
};

enum compare_mark {
	MARK_OLD = 1,	     /* its last run was read more than two months before the newest one */
	MARK_CATALOGUE = 2,  /* another catalogue than most */
	MARK_PARAMETERS = 4, /* other parameters for at least one control */
	MARK_GHT = 8,	     /* another group than most */
	MARK_MISSING = 16    /* a gap of more than two months between two of its runs */
};

/* A member: one facility and its directory. */
struct compare_member {
	struct str label; /* once among all: what it is called everywhere */
	struct str finess, ght;
	const struct run_domain *domains; /* of its newest run */
	size_t domain_count;
	uint64_t objects, users, users_enabled, computers;
	uint64_t users_unread;		/* of which it was not read whether they are enabled */
	const struct compare_run *runs; /* oldest first */
	size_t run_count;
	const struct compare_run *last;
	unsigned marks;	  /* enum compare_mark */
	uint64_t foreign; /* controls with CELL_OTHER or CELL_ABSENT */
};

/* A control over all members. */
struct compare_control {
	const struct run_control *control; /* its words; statuses and counts mean nothing */
	const struct compare_cell *cells;  /* a member each */
	int level;			 /* worst that it failed at; else its worst possible one */
	uint64_t statuses[STATUS_COUNT]; /* of CELL_SAME */
	uint64_t comparable, others, absent;
	uint64_t objects; /* findings of all members */
	bool shared;	  /* at least half of the comparable members fail */
};

struct compare_value {
	int64_t value; /* as in the run; INT64_MIN: none */
	/* What is compared: hundredths of the value per hundred, or the value × 100; INT64_MIN:
	 * none, or the size is not known. */
	int64_t scaled;
	bool comparable;
	bool lower_bound; /* something that it counts was not read: in no median, never an outlier
			   */
	bool outlier;
	int64_t distance; /* from the median, in tenths of the spread; of an outlier */
};
struct compare_indicator {
	struct str family, name;
	enum compare_per per;
	const struct compare_value *values; /* a member each */
	int64_t median; /* of scaled; INT64_MIN: fewer than three comparable ones */
	uint64_t comparable;
};

/* One trust as its two sides say it; the second is known when it was audited as well. */
struct compare_trust_side {
	bool audited; /* the run of this side is among those given */
	bool known;   /* and says that there is such a trust */
	struct str direction, filtering, selective, delegation; /* codes */
};
struct compare_trust {
	size_t member[2];   /* SIZE_MAX: no run of that side */
	struct str name[2]; /* of the domains; empty: not known (anonymous) */
	struct str key;	    /* keyed hash or SID of a partner without a run; empty: not known */
	struct str type;    /* code */
	struct compare_trust_side side[2];
	bool contradicts; /* the two sides do not say the same direction */
	bool open;	  /* SIDs come in unfiltered, or all is delegated, on a side */
	bool undecided;	  /* what would say whether a side is open was not read */
	bool unmatched;	  /* named and anonymous runs: the partner could not be looked for */
};

/* Members of groups of one facility that come from a domain of another. */
struct compare_foreign {
	size_t member;	   /* whose groups */
	size_t origin;	   /* SIZE_MAX: no run of theirs was given */
	struct str domain; /* of origin: its DNS name; else SID or key */
	uint64_t members, privileged;
	const struct str *names; /* as far as the origin's run names them: "name → group" */
	size_t name_count;
};

struct comparison {
	struct arena arena;
	int64_t newest,
		limit; /* evaluated_at of the newest run; what was read before limit is old */
	struct str catalogue, ght;	      /* of most members; ght empty: none */
	const struct compare_member *members; /* by label */
	size_t member_count, run_count;
	const struct compare_control *controls; /* worst level first, then by failing members */
	size_t control_count;
	const struct compare_control *const *shared; /* what most share, in the order to take it */
	size_t shared_count;
	const struct compare_indicator *indicators;
	size_t indicator_count;
	const struct compare_trust *trusts;
	size_t trust_count;
	const struct compare_foreign *foreign;
	size_t foreign_count;
	const struct str *notes; /* codes: what was left out of the runs given */
	size_t note_count;
	struct run catalogue_run; /* whose controls hold the words */
};

void comparison_free(struct comparison *c);

#endif
