/*
 * What became of a directory between its runs, and what people wrote about it. src/runs makes it
 * from stored runs, the history and the cells of the last workbook; reports show it. Nothing of it
 * is in results.json.
 */
#ifndef ENGINE_EVOLUTION_H
#define ENGINE_EVOLUTION_H

#include "base/buf.h"
#include "engine/run.h"

/* The same object is told by its GUID, else its SID, else its DN (lower case): it may have been
 * renamed or moved. */
enum finding_age {
	FINDING_NEW,	   /* no earlier run had it */
	FINDING_REMAINING, /* the run before had it */
	FINDING_BACK	   /* an earlier run had it, the one before had not, though it could tell */
};

/* What people typed about a control or a finding. Empty text: nothing; due INT64_MIN: no date. */
struct run_followup {
	struct str responsible, comment, proof;
	struct str state; /* "todo", "doing", "done", "accepted", or what somebody typed */
	int64_t due;	  /* seconds, at midnight UTC */
};

struct evolution_finding {
	enum finding_age age;
	int64_t since; /* evaluated_at of the first run of the unbroken row of runs that had it */
	const struct run_followup *followup; /* NULL: none */
};

/* A control that became unknown is no progress, nor one that was not measured alike. */
enum control_change {
	CHANGE_NONE,	    /* the same status; counts may differ */
	CHANGE_BETTER,	    /* failed or was accepted, and passes now */
	CHANGE_WORSE,	    /* fails now and did not */
	CHANGE_LOST,	    /* was decided, is unknown now */
	CHANGE_DECIDED,	    /* was unknown, passes now */
	CHANGE_OTHER,	    /* between pass, not applicable, accepted, disabled */
	CHANGE_ABSENT,	    /* the run before has no such control */
	CHANGE_INCOMPARABLE /* other parameters, populations or filter, another catalogue's
			       criterion, or files of policies that one of the two did not see;
			       or it passes, and where it failed was not read */
};

struct evolution_control {
	const struct run_control *now, *before; /* NULL: not in that run */
	enum control_change change;
	const struct evolution_finding *findings; /* as now->objects; NULL: nothing is known */
	const struct run_object *const *fixed;	  /* of before->objects, when now can tell */
	size_t fixed_count;
	const struct run_object *const *lost; /* of before->objects, when now cannot tell */
	size_t lost_count;
	uint64_t added, remaining, back; /* findings by age */
	const struct run_followup *followup;
};

/* What is remembered of a control or a finding beyond the run: that somebody wrote about it, and
 * when it was there. Reports keep it in the hidden sheet `Suivi` of the workbook, the history in
 * its tables; the next audit reads it back from either. */
struct evolution_memory {
	/* The control's id, or "id|object": the object's GUID, else its SID of a domain,
	 * else its DN in lower case, as evolution_key() makes it. */
	struct str key;
	/* evaluated_at of runs: the first that ever had it, the first of the unbroken row of runs
	 * that had it last, the last that had it. */
	int64_t first_seen, since, last_seen;
	int64_t fixed_at; /* of the run that found it gone; INT64_MIN: none has */
	const struct run_followup *followup; /* NULL: none */
};

/* One run in a trend. */
struct evolution_point {
	int64_t evaluated_at;
	int level, level_floor, level_with_waivers;
	uint64_t failed, unknown, findings; /* controls, controls, objects of failed ones */
	struct str catalogue, policy_sha256;
	const struct run_family *families; /* five, with names and values; NULL: not kept */
};

struct run_evolution {
	const struct run *before;		  /* NULL: only followup is known */
	const struct evolution_control *controls; /* those of the run in its order, then those that
						     only the one before had */
	size_t control_count;
	const struct evolution_point *points; /* oldest first, this run last */
	size_t point_count;
	/* Of this run's controls and findings what differs from "first seen now", and all of
	 * earlier runs; by key as bytes, each once. */
	const struct evolution_memory *memory;
	size_t memory_count;
	int64_t next_audit; /* two months after this run; INT64_MIN: not computed */
};

/* Appends the key of a finding of control on o. */
void evolution_key(struct buf *out, struct str control, const struct run_object *o);

/* ---- what may be concluded (evolution_trend.c) ---------------------------------------------- */

/* Can the run tell of this control that a finding is gone? Not when anything it examines was not
 * read, when it is disabled, or when it does not apply for another reason than that nothing is left
 * to examine. */
bool evolution_can_tell(const struct run_control *now);
/* What a control was measured by: what the policy says of it, and whether it saw who may change the
 * files of group policies. */
struct evolution_measure {
	struct str
		parameters; /* hash of them and of the latter, in hex, 16 long; empty: not known */
	struct str declared, policy_sha256; /* declared: of struct run_control */
};
/* The texts are of the run, the hash in a. */
struct evolution_measure evolution_measure(
	const struct run *r, const struct run_control *c, struct arena *a);
/* The same parameters, populations and filter, and as much seen of the files? */
bool evolution_measured_alike(const struct evolution_measure *a, const struct evolution_measure *b);
/* The same of a control of two runs. */
bool evolution_comparable(const struct run *before, const struct run_control *was,
	const struct run *now, const struct run_control *is);
/* Has r read all domains of the other run? Told by SID, or key of anonymous runs. */
bool evolution_reads_domains(const struct run *r, const struct run *other);
/* The domain of a finding of r, by its name, else by the object's SID; NULL: none is known. */
const struct run_domain *evolution_domain(const struct run *r, const struct run_object *o);
/* Has r read this domain of another run? */
bool evolution_reads_domain(const struct run *r, const struct run_domain *d);
/* Can r tell that an object is not there? Not where the forest hides whole objects from those who
 * may not list them (list-object mode, MS-ADTS 5.1.3.3.6): its counts are lower bounds. */
bool evolution_sees_objects(const struct run *r);
/* Does the run know all that the number counts: nothing of what the controls behind it examine was
 * left unread, and none is disabled? i: one of family's. */
bool evolution_is_whole(
	const struct run *r, const struct run_family *family, const struct run_indicator *i);
/* The control of that id; NULL: none. */
const struct run_control *evolution_find(const struct run *r, struct str id);

/* Which way an indicator should go: of most numbers that is a matter of the size of the directory,
 * and says nothing. */
enum indicator_direction { DIRECTION_UNKNOWN, DIRECTION_NONE, DIRECTION_LESS, DIRECTION_MORE };
/* DIRECTION_UNKNOWN: no row of the table names it. */
enum indicator_direction evolution_direction(struct str family, struct str name);

/* Counts are lower bounds of what there is: fewer is progress only when this run could tell, more
 * is a step back only when the run before could. */
enum indicator_trend {
	TREND_NONE, /* one of the two is null, or missing */
	TREND_SAME,
	TREND_CHANGED, /* it cannot be said whether that is good */
	TREND_BETTER,
	TREND_WORSE
};
struct evolution_indicator {
	int64_t before, now; /* INT64_MIN: null */
	int arrow;	     /* -1, 0, 1; 0 also when one of them is null */
	enum indicator_trend trend;
};
/* Of now->families[family].indicators[i]. */
struct evolution_indicator evolution_indicator(
	const struct run *before, const struct run *now, size_t family, size_t i);

/* Of the level: not better where a control that held it down is merely not decided any more, not
 * worse where what lowers it was not decided before. */
enum indicator_trend evolution_level(const struct run *before, const struct run *now);

#endif
