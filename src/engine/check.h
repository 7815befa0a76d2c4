/*
 * All that a check sees. Adding a control touches three files, and tests/lint says when one is
 * missing:
 *   1. checks/<area>.c          a row and a small function on one object
 *   2. checks/<area>.yaml       its words, levels and default numbers
 *   3. tests/cases/<area>/<id>.case   a firing, a quiet and a not-readable section
 * A new attribute is a line in src/model/attrs.def.
 *
 * The engine owns the loop, scope, parameters, waivers, counts, verdict and level. A check returns
 * 0, or non-zero only when the machinery broke; what it finds goes out through finding(), what it
 * could not decide through undecided().
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "model/model.h"

struct check_cx;

typedef int check_fn(struct check_cx *cx, const struct ad_object *obj);

enum check_scope {
	SCOPE_ALL = 0,
	SCOPE_ENABLED = 1, /* accounts with ACCOUNTDISABLE are passed over, unless the control's
			      parameter include_disabled says otherwise (it is implied: every row
			      with this scope has it, default false) */
	SCOPE_PRIVILEGED =
		2, /* only privileged accounts; unread privileged members count as unknown */
	SCOPE_UNPRIVILEGED = 4, /* only accounts that are not privileged */
	SCOPE_NAMED = 8, /* objects known by their place or by a link: others of their kind that
			    were not seen do not matter, and the check says itself which are
			    missing */
};

/* What an account in use does again by itself: what only the clock brings is not foretold of an
 * account that did it in the month before (deadlines.c). */
enum check_upkeep {
	UPKEEP_NONE,
	UPKEEP_LOGON,
	UPKEEP_PASSWORD /* computers and managed service accounts; nobody else's is changed by
			   itself */
};

struct param_spec {
	const char *name; /* ends the list when NULL; its default stands in the catalogue */
	enum param_kind kind;
	int min, max; /* PARAM_INT */
	/* A policy may tighten a vuln_* threshold, never loosen it: -1 lower is stricter, +1 higher
	 * is stricter, 0 neither (free, for hyg_*). */
	int stricter;
};

struct check {
	const char *id;
	enum ad_kind each; /* one call per object of this kind; AD_FOREST: once */
	unsigned kinds;	   /* further kinds, as a set of 1u << enum ad_kind */
	unsigned scope;
	enum check_upkeep upkeep;
	check_fn *run;
	check_fn *before; /* optional: once, before the first object, with obj NULL */
	check_fn *after;  /* optional: once, after the last one, with obj NULL: ratios and counts */
	enum attr needs[8]; /* ends with ATTR_NONE; not readable on an object: undecided for it */
	/* What it asks model_readable() of where it matters, itself or through the model, on any
	 * kind that carries it (attrs.def): for the list of coverage and controls --json. */
	enum attr reads[8];
	const struct param_spec *params;
	intptr_t arg; /* lets one function serve several rows */
};

struct check_area {
	const char *name; /* the area of results.json and the name of <area>.yaml */
	const struct check *checks;
	size_t count;
};

const struct model *cx_model(const struct check_cx *cx);
int64_t cx_now(const struct check_cx *cx); /* evaluation time, never the clock */
int64_t cx_int(const struct check_cx *cx, const char *param);
bool cx_bool(const struct check_cx *cx, const char *param);
struct str cx_text(const struct check_cx *cx, const char *param);
/* Does the policy ask for the control `id`? One that speaks of the same objects for the same cause
 * leaves them to it then, and only then. */
bool cx_asks(const struct check_cx *cx, const char *id);
/* A number of that control, or `otherwise` where the policy does not ask for it. */
int64_t cx_int_of(const struct check_cx *cx, const char *id, const char *param, int64_t otherwise);
intptr_t cx_arg(const struct check_cx *cx);
/* A counter of the check's own, zero before the first object: for ratios in `after`. */
uint64_t *cx_counter(struct check_cx *cx, unsigned which); /* 0 … 7 */
/* Objects examined so far, undecided ones left out. */
uint64_t cx_examined(const struct check_cx *cx);
/* The run before this one (engine/previous.h); NULL: none was given. */
struct previous_run;
const struct previous_run *cx_previous(const struct check_cx *cx);
/* Scratch that is wiped after each object. */
struct arena *cx_arena(struct check_cx *cx);

/* obj fails the control, at the control's worst level or at `level` when the control has several.
 * Evidence is added to it until the next finding(). Always 0. */
int finding(struct check_cx *cx, const struct ad_object *obj);
int finding_at(struct check_cx *cx, const struct ad_object *obj, int level);
/* Evidence: fixed ASCII keys, values as text; the same key again makes a list. Copies. */
void evidence(struct check_cx *cx, const char *key, struct str value);
void evidence_z(struct check_cx *cx, const char *key, const char *value);
void evidence_int(struct check_cx *cx, const char *key, int64_t value);
void evidence_date(struct check_cx *cx, const char *key, int64_t seconds);

/* Nothing can be said of obj: reason is a code with arguments. The control is then never "pass".
 * After a finding on the same object it is ignored. Always 0. obj NULL (in after): the control. */
int undecided(struct check_cx *cx, const struct ad_object *obj, const char *reason);
/* The control has no meaning in this directory or policy (no tier units declared …): status
 * not_applicable unless something was found or could not be decided. Said in `before`, no object
 * is looked at. Always 0. */
int not_applicable(struct check_cx *cx, const char *reason);
/* The object under way is not what the control is about (another group, an account that nothing is
 * required of): it does not count as examined. Always 0. */
int passed_over(struct check_cx *cx);
/* Something a pass or a finding should say, shown with the control: a code with arguments. */
void note(struct check_cx *cx, const char *text);

#define CHECK_AREA(area_name, rows)                                                                \
	const struct check_area check_area_##area_name = { #area_name, rows,                       \
		sizeof(rows) / sizeof((rows)[0]) }

#endif
