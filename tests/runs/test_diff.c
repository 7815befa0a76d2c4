#include "runs/diff.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define OLD INT64_C(1790812800)
#define NEW INT64_C(1795255200)
#define GUID(n) "0f0e0d0c-0b0a-0908-0706-00000000000" #n
#define SID(n) "S-1-5-21-1-2-3-100" #n

/* Two runs with one control each, and what became of it. */
struct world {
	struct arena arena;
	struct run_domain domain[2];
	struct run_control control[2];
	struct run_object objects[2][8];
	struct run_parameter parameter[2];
	struct run run[2];
	struct run_evolution out;
	struct err err;
};

static void add(struct world *w, int run, const char *guid, const char *sid, const char *dn)
{
	struct run_control *c = &w->control[run];
	struct run_object *o = &w->objects[run][c->object_count++];

	*o = (struct run_object){ .dn = str_of(dn),
		.sid = str_of(sid),
		.guid = str_of(guid),
		.kind = STR("user"),
		.level = 1 };
	c->objects = w->objects[run];
	c->count++;
}

static void say(struct world *w, int run, const char *value)
{
	struct run_control *c = &w->control[run];
	struct run_evidence *e = ARENA_NEW(&w->arena, struct run_evidence);
	struct str *text = ARENA_NEW(&w->arena, struct str);

	*text = str_of(value);
	*e = (struct run_evidence){ STR("flag"), text, 1 };
	w->objects[run][c->object_count - 1].evidence = e;
	w->objects[run][c->object_count - 1].evidence_count = 1;
}

static void begin(struct world *w, enum run_status before, enum run_status now)
{
	enum run_status status[2] = { before, now };

	*w = (struct world){ 0 };
	for (int i = 0; i < 2; i++) {
		w->domain[i].sid = STR("S-1-5-21-1-2-3");
		w->parameter[i] = (struct run_parameter){ STR("max_days"), 0, 365, { 0 } };
		w->control[i] = (struct run_control){ .id = STR("vuln_x"),
			.status = status[i],
			.parameters = &w->parameter[i],
			.parameter_count = 1 };
		w->run[i] = (struct run){ .domains = &w->domain[i],
			.domain_count = 1,
			.evaluated_at = i ? NEW : OLD,
			.level = 1 + i,
			.controls = &w->control[i],
			.control_count = 1 };
	}
}

static const struct evolution_control *compare(struct world *w)
{
	assert_int_equal(diff_runs(&w->run[0], &w->run[1], &w->arena, &w->out, &w->err), 0);
	assert_ptr_equal(w->out.before, &w->run[0]);
	assert_int_equal(w->out.point_count, 2);
	return &w->out.controls[0];
}

static void end(struct world *w)
{
	arena_free(&w->arena);
}

static void counts(const struct evolution_control *c, uint64_t added, uint64_t remaining,
	size_t fixed, size_t lost)
{
	assert_int_equal(c->added, added);
	assert_int_equal(c->remaining, remaining);
	assert_int_equal(c->fixed_count, fixed);
	assert_int_equal(c->lost_count, lost);
	assert_int_equal(c->back, 0);
}

static void renamed_and_moved_objects_are_the_same(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	add(&w, 0, GUID(2), SID(2), "CN=b,DC=x");
	add(&w, 0, GUID(3), SID(3), "CN=c,DC=x");
	add(&w, 1, GUID(3), SID(3), "CN=c,OU=y,DC=x");
	add(&w, 1, GUID(4), SID(4), "CN=a,DC=x"); /* another one of that name */
	add(&w, 1, GUID(2), SID(9), "CN=B,DC=x");
	c = compare(&w);
	counts(c, 1, 2, 1, 0);
	assert_int_equal(c->change, CHANGE_NONE);
	assert_int_equal(c->findings[0].age, FINDING_REMAINING);
	assert_int_equal(c->findings[0].since, OLD);
	assert_int_equal(c->findings[1].age, FINDING_NEW);
	assert_int_equal(c->findings[1].since, NEW);
	assert_int_equal(c->findings[2].age, FINDING_REMAINING);
	assert_ptr_equal(c->fixed[0], &w.objects[0][0]);
	end(&w);
}

/* One of the two runs read fewer attributes. */
static void weaker_names_tell_where_stronger_ones_are_missing(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	add(&w, 0, "", SID(1), "CN=a,DC=x");
	add(&w, 0, "", "", "CN=Élodie,DC=x");
	add(&w, 0, GUID(3), SID(3), "CN=c,DC=x");
	add(&w, 0, "", SID(4), "CN=d,DC=x");
	add(&w, 0, "", "S-1-5-32-544", "CN=Administrators,CN=Builtin,DC=x");
	add(&w, 0, "", "S-1-5-32-544", "CN=Administrators,CN=Builtin,DC=y,DC=x");
	add(&w, 1, "", "S-1-5-32-544", "CN=Administrators,CN=Builtin,DC=y,DC=x");
	add(&w, 1, GUID(1), SID(1), "CN=renamed,DC=x"); /* by SID */
	add(&w, 1, GUID(2), SID(2), "cn=ÉLODIE,dc=X");	/* by DN */
	add(&w, 1, "", SID(3), "CN=moved,DC=x");	/* by SID, the GUID is lost */
	add(&w, 1, GUID(4), SID(5), "CN=d,DC=x");	/* another SID: another one */
	c = compare(&w);
	counts(c, 1, 4, 2, 0);
	assert_int_equal(c->findings[4].age, FINDING_NEW);
	assert_ptr_equal(c->fixed[0], &w.objects[0][3]);
	assert_ptr_equal(c->fixed[1], &w.objects[0][4]);
	end(&w);
}

/* The strongest name is looked at first, whatever the order. */
static void a_weaker_name_takes_no_finding_of_a_stronger_one(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	add(&w, 1, "", SID(1), "CN=a,DC=x");
	add(&w, 1, GUID(1), SID(1), "CN=b,DC=x");
	c = compare(&w);
	counts(c, 1, 1, 0, 0);
	assert_int_equal(c->findings[0].age, FINDING_NEW);
	assert_int_equal(c->findings[1].age, FINDING_REMAINING);
	end(&w);
}

static void several_findings_on_one_object_are_told_apart(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	for (int i = 0; i < 3; i++) {
		static const char *const flags[] = { "one", "two", "three" };

		add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
		say(&w, 0, flags[i]);
	}
	add(&w, 0, GUID(2), SID(2), "CN=b,DC=x");
	say(&w, 0, "old");
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	say(&w, 1, "three");
	add(&w, 1, GUID(2), SID(2), "CN=b,DC=x");
	say(&w, 1, "changed");
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	say(&w, 1, "one");
	c = compare(&w);
	counts(c, 0, 3, 1, 0);
	assert_ptr_equal(c->fixed[0], &w.objects[0][1]);
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	say(&w, 1, "four");
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	say(&w, 1, "five");
	counts(compare(&w), 1, 4, 0, 0);
	end(&w);
}

static void what_became_unknown_is_no_progress(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_UNKNOWN);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	w.control[1].unknown = 3;
	w.control[1].reason = STR("attribute_not_readable x");
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_LOST);
	counts(c, 0, 0, 0, 1);
	assert_ptr_equal(c->lost[0], &w.objects[0][0]);
	end(&w);
}

/* It still fails, but not all of it was looked at. */
static void what_a_run_cannot_tell_is_lost(void **state)
{
	static const struct {
		uint64_t unknown;
		const char *reason;
		bool fixed;
	} cases[] = {
		{ 0, NULL, true },
		{ 1, "attribute_not_readable x", false },
		{ 0, "not_read_whole", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;

		begin(&w, STATUS_FAIL, STATUS_FAIL);
		add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
		add(&w, 0, GUID(2), SID(2), "CN=b,DC=x");
		add(&w, 1, GUID(2), SID(2), "CN=b,DC=x");
		w.control[1].unknown = cases[i].unknown;
		if (cases[i].reason)
			w.control[1].reason = str_of(cases[i].reason);
		counts(compare(&w), 0, 1, cases[i].fixed, !cases[i].fixed);
		end(&w);
	}
}

static void accepted_findings_are_findings(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_WAIVED);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	add(&w, 0, GUID(2), SID(2), "CN=b,DC=x");
	add(&w, 1, GUID(2), SID(2), "CN=b,DC=x");
	w.objects[1][0].waived = true;
	w.control[1].count = 0;
	w.control[1].waived = 1;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_OTHER);
	counts(c, 0, 1, 1, 0);
	end(&w);
}

static void every_change_of_status(void **state)
{
	enum {
		P = STATUS_PASS,
		F = STATUS_FAIL,
		W = STATUS_WAIVED,
		U = STATUS_UNKNOWN,
		N = STATUS_NOT_APPLICABLE,
		D = STATUS_DISABLED
	};
	static const enum control_change none = CHANGE_NONE, better = CHANGE_BETTER,
					 worse = CHANGE_WORSE, lost = CHANGE_LOST,
					 decided = CHANGE_DECIDED, other = CHANGE_OTHER;
	const enum control_change expected[STATUS_COUNT][STATUS_COUNT] = {
		[P] = { [P] = none,
			[F] = worse,
			[W] = other,
			[U] = lost,
			[N] = other,
			[D] = other },
		[F] = { [P] = better,
			[F] = none,
			[W] = other,
			[U] = lost,
			[N] = other,
			[D] = other },
		[W] = { [P] = better,
			[F] = worse,
			[W] = none,
			[U] = lost,
			[N] = other,
			[D] = other },
		[U] = { [P] = decided,
			[F] = worse,
			[W] = other,
			[U] = none,
			[N] = other,
			[D] = other },
		[N] = { [P] = other,
			[F] = worse,
			[W] = other,
			[U] = lost,
			[N] = none,
			[D] = other },
		[D] = { [P] = other,
			[F] = worse,
			[W] = other,
			[U] = other,
			[N] = other,
			[D] = none },
	};

	(void)state;
	for (int before = 0; before < STATUS_COUNT; before++)
		for (int now = 0; now < STATUS_COUNT; now++) {
			struct world w;

			begin(&w, (enum run_status)before, (enum run_status)now);
			assert_int_equal(compare(&w)->change, expected[before][now]);
			end(&w);
		}
}

/* Nothing is left to examine, the policy asks no more, or nobody declared what it asks about. */
static void what_does_not_apply_any_more(void **state)
{
	static const struct {
		enum run_status now;
		const char *reason;
		bool fixed;
	} cases[] = {
		{ STATUS_NOT_APPLICABLE, "nothing_to_examine", true },
		{ STATUS_NOT_APPLICABLE, "tiers_not_declared", false },
		{ STATUS_DISABLED, "zone served by another product", false },
		{ STATUS_PASS, NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;

		begin(&w, STATUS_FAIL, cases[i].now);
		add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
		if (cases[i].reason)
			w.control[1].reason = str_of(cases[i].reason);
		counts(compare(&w), 0, 0, cases[i].fixed, !cases[i].fixed);
		end(&w);
	}
}

/* Populations and filters: a hash of what the policy says of them. */
static void another_population_cannot_be_compared(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_PASS);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	w.control[0].declared = STR("0123456789abcdef");
	w.control[1].declared = STR("fedcba9876543210");
	w.run[0].policy_sha256 = STR("old");
	w.run[1].policy_sha256 = STR("new");
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_INCOMPARABLE);
	counts(c, 0, 0, 0, 1);
	w.control[1].declared = w.control[0].declared; /* a waiver more, another threshold */
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_BETTER);
	counts(c, 0, 0, 1, 0);
	/* An older run does not say it: only the same policy says the same. */
	w.control[0].declared = (struct str){ 0 };
	assert_int_equal(compare(&w)->change, CHANGE_INCOMPARABLE);
	w.run[0].policy_sha256 = STR("new");
	assert_int_equal(compare(&w)->change, CHANGE_BETTER);
	end(&w);
}

static void other_parameters_cannot_be_compared(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_PASS);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	w.parameter[1].number = 1000;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_INCOMPARABLE);
	counts(c, 0, 0, 0, 1);
	/* Another policy or catalogue alone changes nothing of it. */
	w.parameter[1].number = 365;
	w.run[1].policy_sha256 = STR("other");
	w.run[1].catalogue_version = STR("2027-01");
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_BETTER);
	counts(c, 0, 0, 1, 0);
	w.control[1].parameter_count = 0;
	assert_int_equal(compare(&w)->change, CHANGE_INCOMPARABLE);
	end(&w);
}

/* A way over a policy's files is seen by who reads them alone. */
static void unseen_file_rights_cannot_be_compared(void **state)
{
	const struct str notes[] = { STR("paths_in_part"), STR("policy_file_rights_not_read") };
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_PASS);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	w.control[0].failed_level = 1;
	w.control[1].notes = notes;
	w.control[1].note_count = 2;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_INCOMPARABLE);
	counts(c, 0, 0, 0, 1);
	assert_int_equal(evolution_level(&w.run[0], &w.run[1]), TREND_CHANGED);
	/* Neither saw them: what is gone was seen otherwise. */
	w.control[0].notes = notes;
	w.control[0].note_count = 2;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_BETTER);
	counts(c, 0, 0, 1, 0);
	assert_int_equal(evolution_level(&w.run[0], &w.run[1]), TREND_BETTER);
	end(&w);
}

static void controls_of_one_run_only(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	w.control[1].id = STR("vuln_y");
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	c = compare(&w);
	assert_int_equal(w.out.control_count, 2);
	assert_ptr_equal(c[0].now, &w.control[1]);
	assert_null(c[0].before);
	assert_int_equal(c[0].change, CHANGE_ABSENT);
	counts(&c[0], 1, 0, 0, 0);
	assert_null(c[1].now);
	assert_ptr_equal(c[1].before, &w.control[0]);
	assert_int_equal(c[1].change, CHANGE_INCOMPARABLE);
	counts(&c[1], 0, 0, 0, 1);
	end(&w);
}

/* Run 0 had a second domain. */
static void split(struct world *w, struct run_domain two[2])
{
	two[0] = w->domain[0];
	two[0].dns = w->domain[1].dns = STR("a.example");
	two[1] = (struct run_domain){ .dns = STR("b.example"), .sid = STR("S-1-5-21-7-8-9") };
	w->run[0].domains = two;
	w->run[0].domain_count = 2;
}

static void a_domain_that_is_not_read_any_more_is_lost(void **state)
{
	struct run_domain two[2];
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_PASS);
	split(&w, two);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=a");
	c = compare(&w); /* it stood in the one that was read again */
	assert_int_equal(c->change, CHANGE_BETTER);
	counts(c, 0, 0, 1, 0);
	w.objects[0][0].domain = STR("B.example");
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_INCOMPARABLE);
	counts(c, 0, 0, 0, 1);
	w.objects[0][0].domain = STR("");
	w.objects[0][0].sid = STR("S-1-5-21-7-8-9-1105");
	counts(compare(&w), 0, 0, 0, 1);
	w.objects[0][0].sid = STR("S-1-5-21-7-8-91-1105"); /* of neither: it may be anywhere */
	counts(compare(&w), 0, 0, 0, 1);
	/* It still fails: what is gone in the other domain is lost, in this one fixed. */
	w.objects[0][0].sid = STR("S-1-5-21-7-8-9-1105");
	add(&w, 0, GUID(2), SID(2), "CN=b,DC=a");
	add(&w, 0, GUID(3), SID(3), "CN=c,DC=a");
	add(&w, 1, GUID(3), SID(3), "CN=c,DC=a");
	w.control[1].status = STATUS_FAIL;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_NONE);
	counts(c, 0, 1, 1, 1);
	assert_ptr_equal(c->fixed[0], &w.objects[0][1]);
	assert_ptr_equal(c->lost[0], &w.objects[0][0]);
	/* An anonymous run says that some are gone, and not which. */
	w.control[0].object_count = w.control[1].object_count = w.control[1].count = 0;
	w.control[1].status = STATUS_PASS;
	assert_int_equal(compare(&w)->change, CHANGE_INCOMPARABLE);
	w.run[0].domain_count = 1;
	assert_int_equal(compare(&w)->change, CHANGE_BETTER);
	end(&w);
}

/* Whole objects are hidden from the reader: that one is not there proves nothing. */
static void what_may_be_hidden_is_lost(void **state)
{
	static const struct run_coverage hidden = { { "dSHeuristics", 12 }, { "note", 4 },
		{ "list_object_mode", 16 } };
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_PASS);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	w.run[1].coverage = &hidden;
	w.run[1].coverage_count = 1;
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_INCOMPARABLE);
	counts(c, 0, 0, 0, 1);
	w.run[0].coverage = &hidden; /* both: it was seen, now it is not */
	w.run[0].coverage_count = 1;
	counts(compare(&w), 0, 0, 0, 1);
	w.run[1].coverage_count = 0;
	counts(compare(&w), 0, 0, 1, 0);
	end(&w);
}

/* As an anonymous audit writes it. */
static void runs_without_objects_are_compared_by_status(void **state)
{
	struct world w;
	const struct evolution_control *c;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	w.control[0].count = 3;
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	c = compare(&w);
	assert_int_equal(c->change, CHANGE_NONE);
	assert_null(c->findings);
	counts(c, 0, 0, 0, 0);
	assert_int_equal(w.out.points[0].findings, 3);
	assert_int_equal(w.out.points[1].findings, 1);
	assert_int_equal(w.out.points[0].failed, 1);
	assert_int_equal(w.out.points[1].level, 2);
	end(&w);
}

static void other_directories_are_refused(void **state)
{
	struct world w;

	(void)state;
	begin(&w, STATUS_PASS, STATUS_PASS);
	w.domain[1].sid = STR("S-1-5-21-1-2-4");
	assert_int_equal(diff_runs(&w.run[0], &w.run[1], &w.arena, &w.out, &w.err), ERR_USAGE);
	assert_non_null(strstr(w.err.text, "different directories"));
	w.domain[1].sid = (struct str){ 0 };
	assert_int_equal(diff_runs(&w.run[0], &w.run[1], &w.arena, &w.out, &w.err), ERR_USAGE);
	assert_non_null(strstr(w.err.text, "no domain SID"));
	end(&w);
}

/* ---- earlier runs ---- */

static void earlier(struct world *w, const struct run_control *c, int64_t at, bool *seen)
{
	struct run r = w->run[0];

	r.controls = c;
	r.evaluated_at = at;
	assert_int_equal(diff_earlier(&r, &w->run[1], &w->arena, &w->out, seen, &w->err), 0);
}

static void what_came_back_is_told_from_what_was_not_seen(void **state)
{
	enum { GONE, UNKNOWN_BEFORE, UNKNOWN_THEN_GONE };
	struct world w;

	(void)state;
	for (int i = GONE; i <= UNKNOWN_THEN_GONE; i++) {
		bool seen[1] = { false };
		const struct evolution_control *c;
		struct run_control first, middle;

		begin(&w, i == GONE ? STATUS_PASS : STATUS_UNKNOWN, STATUS_FAIL);
		add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
		c = compare(&w);
		assert_int_equal(c->findings[0].age, FINDING_NEW);
		first = middle = w.control[1];
		if (i == UNKNOWN_THEN_GONE) {
			middle.status = STATUS_PASS;
			middle.object_count = middle.count = 0;
			earlier(&w, &middle, OLD - 100, seen);
		}
		earlier(&w, &first, OLD - 200, seen);
		c = &w.out.controls[0];
		assert_int_equal(
			c->findings[0].age, i == UNKNOWN_BEFORE ? FINDING_REMAINING : FINDING_BACK);
		assert_int_equal(c->findings[0].since, i == UNKNOWN_BEFORE ? OLD - 200 : NEW);
		assert_int_equal(c->added, 0);
		assert_int_equal(c->back, i != UNKNOWN_BEFORE);
		assert_int_equal(w.out.points[0].evaluated_at, OLD - 200);
		assert_int_equal(w.out.point_count, i == UNKNOWN_THEN_GONE ? 4 : 3);
		end(&w);
	}
}

/* The run in between did not read the domain: what it did not find did not come back. */
static void what_could_not_be_seen_did_not_come_back(void **state)
{
	bool seen[1] = { false };
	struct run_domain two[2];
	struct run first;
	struct world w;

	(void)state;
	begin(&w, STATUS_PASS, STATUS_FAIL);
	split(&w, two);
	add(&w, 1, GUID(1), "S-1-5-21-7-8-9-1105", "CN=a,DC=b");
	w.run[1].domains = two;
	w.run[1].domain_count = 2;
	w.run[0].domain_count = 1;
	compare(&w);
	first = w.run[1];
	first.evaluated_at = OLD - 100;
	assert_int_equal(diff_earlier(&first, &w.run[1], &w.arena, &w.out, seen, &w.err), 0);
	assert_int_equal(w.out.controls[0].findings[0].age, FINDING_REMAINING);
	assert_int_equal(w.out.controls[0].back, 0);
	end(&w);
}

static void the_row_of_runs_is_followed_back(void **state)
{
	bool seen[1] = { false };
	struct world w;
	struct run_control without;

	(void)state;
	begin(&w, STATUS_FAIL, STATUS_FAIL);
	add(&w, 0, GUID(1), SID(1), "CN=a,DC=x");
	add(&w, 1, GUID(1), SID(1), "CN=a,DC=x");
	compare(&w);
	earlier(&w, &w.control[0], OLD - 1, seen);
	earlier(&w, &w.control[0], OLD - 2, seen);
	assert_int_equal(w.out.controls[0].findings[0].since, OLD - 2);
	without = w.control[0];
	without.status = STATUS_PASS;
	without.object_count = without.count = 0;
	earlier(&w, &without, OLD - 3, seen);
	earlier(&w, &w.control[0], OLD - 4, seen); /* it was there once already */
	assert_int_equal(w.out.controls[0].findings[0].since, OLD - 2);
	assert_int_equal(w.out.controls[0].findings[0].age, FINDING_REMAINING);
	end(&w);
}

/* Half a million findings with one name each, and with one name for all: linear. */
static void many_findings_take_no_longer_each(void **state)
{
	enum { MANY = 200000 };
	struct arena a = { 0 };
	struct run_object *list[2] = { ARENA_ARRAY(&a, struct run_object, MANY),
		ARENA_ARRAY(&a, struct run_object, MANY) };

	(void)state;
	for (int same = 0; same < 2; same++) {
		struct world w;

		begin(&w, STATUS_FAIL, STATUS_FAIL);
		for (size_t i = 0; i < MANY; i++) {
			struct run_object o = {
				.dn = same ? STR("CN=a") : arena_printf(&a, "CN=%zu", i), .level = 1
			};

			list[0][i] = list[1][MANY - 1 - i] = o;
		}
		for (int i = 0; i < 2; i++) {
			w.control[i].objects = list[i];
			w.control[i].object_count = w.control[i].count = MANY;
		}
		counts(compare(&w), 0, MANY, 0, 0);
		end(&w);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renamed_and_moved_objects_are_the_same),
		cmocka_unit_test(weaker_names_tell_where_stronger_ones_are_missing),
		cmocka_unit_test(a_weaker_name_takes_no_finding_of_a_stronger_one),
		cmocka_unit_test(several_findings_on_one_object_are_told_apart),
		cmocka_unit_test(what_became_unknown_is_no_progress),
		cmocka_unit_test(what_a_run_cannot_tell_is_lost),
		cmocka_unit_test(accepted_findings_are_findings),
		cmocka_unit_test(every_change_of_status),
		cmocka_unit_test(what_does_not_apply_any_more),
		cmocka_unit_test(another_population_cannot_be_compared),
		cmocka_unit_test(other_parameters_cannot_be_compared),
		cmocka_unit_test(a_domain_that_is_not_read_any_more_is_lost),
		cmocka_unit_test(what_may_be_hidden_is_lost),
		cmocka_unit_test(what_could_not_be_seen_did_not_come_back),
		cmocka_unit_test(unseen_file_rights_cannot_be_compared),
		cmocka_unit_test(controls_of_one_run_only),
		cmocka_unit_test(runs_without_objects_are_compared_by_status),
		cmocka_unit_test(other_directories_are_refused),
		cmocka_unit_test(what_came_back_is_told_from_what_was_not_seen),
		cmocka_unit_test(the_row_of_runs_is_followed_back),
		cmocka_unit_test(many_findings_take_no_longer_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
