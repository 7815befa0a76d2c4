/*
 * What the files of this folder share; nothing outside src/engine includes it. One control is
 * evaluated at a time: evaluate.c loops, context.c is what the check's calls go to, waiver.c says
 * what is accepted, run.c puts the whole together.
 */
#ifndef ENGINE_INTERNAL_H
#define ENGINE_INTERNAL_H

#include "base/hash.h"
#include "engine/engine.h"
#include "engine/previous.h"

/* Parameters of one control, the implied one included: our own tables, checked when loading. */
#define CONTROL_PARAMS 12
#define CHECK_COUNTERS 8

/* The row's parameter of that name (include_disabled where the scope implies it), or NULL. */
const struct param_spec *check_param_spec(const struct check *check, struct str name);

/* ---- a control with what the policy says of it ---------------------------------------------- */

struct control {
	struct str id, area;
	const struct catalogue_entry *entry;   /* NULL: the site's own */
	const struct custom_control *custom;   /* NULL: of the catalogue */
	const struct policy_control *settings; /* NULL: the policy does not name it */
	const struct check *check;
	const int *levels;
	size_t level_count;
	struct policy_param params[CONTROL_PARAMS];
	size_t param_count;
};

/* ---- the control under way ------------------------------------------------------------------ */

/* What is known of one object: a finding, or that nothing can be said. */
struct found {
	const struct ad_object *obj;
	bool undecided;
	int level;
	struct str reason; /* undecided */
	const struct run_evidence *evidence;
	size_t evidence_count;
};

struct evidence_list {
	const struct run_evidence *items;
	size_t count;
};

/* One copy of each text and of each list of evidence: half a million findings say few things. */
struct interner {
	struct hash texts, lists;
	struct str *text;
	struct evidence_list *list;
	size_t text_count, text_room, list_count, list_room;
	struct arena keys;
};

struct check_cx {
	const struct model *model;
	const struct previous_run *previous; /* NULL: none was given */
	const struct control *control;
	const struct control *controls; /* all of them, by id */
	size_t control_count;
	struct arena *arena; /* the run's */
	struct arena scratch;
	struct interner interner;
	struct found *found;
	size_t found_count, found_room;
	uint32_t *place; /* by object index: place in found plus 1; 0: none */
	size_t place_count;
	/* Evidence of the open finding as key, value, key, value …; SIZE_MAX: none is open. */
	size_t open;
	struct str *pairs;
	size_t pair_count, pair_room;
	uint64_t counters[CHECK_COUNTERS];
	uint64_t examined, undecided;
	/* Why it is not known whether the object under way is in scope: what would be a finding on
	 * it is undecided for this reason. NULL: it is in scope. */
	const char *doubt;
	struct str control_reason; /* the control as a whole cannot pass; p NULL: it can */
	bool inapplicable;
	bool skipped; /* inapplicable by `before`: no object was looked at */
	struct str inapplicable_reason;
	struct str *notes;
	size_t note_count, note_room;
	const char *broken; /* our own mistake: what the check did that its row does not allow */
};

void cx_init(struct check_cx *cx, const struct model *m, struct arena *arena);
void cx_begin(struct check_cx *cx, const struct control *control);
/* Ends the object under way: the open finding gets its evidence, scratch is wiped. */
void cx_end_object(struct check_cx *cx);
void cx_free(struct check_cx *cx);
struct str cx_intern(struct check_cx *cx, struct str text);
/* The index of o in tables by object, which have cx->place_count places: its own, or the last one
 * when it stands outside the list of objects. */
size_t cx_place(const struct check_cx *cx, const struct ad_object *o);

/* ---- the site's own controls ---------------------------------------------------------------- */

/* The row that stands for the custom control: its argument is c. */
struct check custom_check(const struct custom_control *c);
/* Is name one of the derived attributes, or none that begins with x-? */
bool custom_attribute_known(struct str name);

/* ---- waivers -------------------------------------------------------------------------------- */

struct waiver {
	const struct policy_waiver *policy;
	bool expired, ambiguous;
	uint64_t findings;		/* that it covers */
	const struct ad_object *target; /* object or group; NULL: not in this directory */
	struct str unit;		/* canonical DN */
};

struct waivers {
	struct waiver *list;
	size_t count;
};

void waivers_prepare(
	struct waivers *w, struct arena *a, const struct policy *p, const struct model *m);
/* Is the finding of control on o accepted? Every waiver that says so counts it. */
bool waivers_cover(struct waivers *w, struct arena *scratch, const struct model *m,
	struct str control, const struct ad_object *o);
/* Expired ones and those that matched nothing, in the policy's order. */
size_t waivers_notes(const struct waivers *w, struct arena *a, const struct str **out);
/* All of them, as a run shows them. */
size_t waivers_list(const struct waivers *w, struct arena *a, const struct run_waiver **out);

/* ---- evaluation ----------------------------------------------------------------------------- */

/* Texts of an object in results, made once per object that has a finding. */
struct subject {
	struct str sid, guid;
	bool made;
};

/* What the verdict knows beyond what a report shows. */
struct outcome {
	struct run_control shown;
	uint64_t undecided;  /* read objects that could not be decided */
	uint64_t privileged; /* unwaived findings on privileged accounts and groups */
	int rank;	     /* vuln_ 0, the others of their level after it */
};

struct evaluation {
	const struct catalogue *catalogue;
	const struct policy *policy;
	const struct model *model;
	struct run *run;
	struct check_cx cx;
	struct waivers waivers;
	struct subject *subjects;  /* by object index; the last one is for an object outside */
	uint32_t *failed_controls; /* by object index: unwaived findings */
	struct control *controls;
	size_t control_count;
	struct outcome *outcomes;
	const struct policy_value *values; /* of the policy */
	size_t value_count;
};

/* Everything that evaluates one control after the other; what is found lives in r. */
void evaluation_begin(struct evaluation *e, const struct catalogue *c, const struct policy *p,
	const struct model *m, const struct previous_run *previous, struct run *r);
void evaluation_end(struct evaluation *e);
/* Fills c->setters of a control that the account policy `name` mends; with its findings. */
void setters_find(struct evaluation *e, struct str name, struct run_control *c);
/* declared.c: a hash of what the policy declares that c is measured by, in the run's arena; empty:
 * nothing. */
struct str control_declared(const struct evaluation *e, const struct control *c);
/* Evaluates controls[i] into outcomes[i]. */
int evaluate_control(struct evaluation *e, size_t i, struct err *err);
bool kind_is_account(enum ad_kind kind);
/* The words of the catalogue, of a run that is made or was stored. */
void describe_entry(const struct catalogue_entry *entry, struct run_control *out);
/* ANSSI's points before the others of their level: 0 vuln_, 1 ours, 2 warning_, 3 info_. */
int control_rank(struct str id);
/* r->actions; privileged: by control, its unwaived findings on privileged accounts and groups. */
void run_order_actions(struct run *r, const uint64_t *privileged);
/* The controls of each family, from those of the run. */
void families_list_controls(struct run *r);
/* Indicators and tables of the five families, from outcomes and the model. */
void families_compute(struct evaluation *e);

/* coverage.c: attributes that the enabled controls looked for in vain; in the run's arena. */
void coverage_of_needs(struct evaluation *e, const struct run_coverage **items, size_t *count);
/* Numbers of a control that indicators read; NULL when no such control was evaluated. */
const struct outcome *evaluation_find(const struct evaluation *e, const char *id);

#endif
