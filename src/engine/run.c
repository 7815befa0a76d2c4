/* The whole evaluation: controls in order of id, then levels, tables and lists. */
#include "engine/internal.h"

#include "ad/uac.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "model/privilege.h"

#include <stdlib.h>
#include <string.h>

#define PATH_GROUPS 64
#define PATHS_SHOWN 8 /* of one account */

const char *run_status_name(enum run_status s)
{
	static const char *const names[STATUS_COUNT] = {
		[STATUS_PASS] = "pass",
		[STATUS_FAIL] = "fail",
		[STATUS_WAIVED] = "waived",
		[STATUS_UNKNOWN] = "unknown",
		[STATUS_NOT_APPLICABLE] = "not_applicable",
		[STATUS_DISABLED] = "disabled",
	};

	return names[s];
}

const char *run_effort_name(enum run_effort e)
{
	static const char *const names[EFFORT_COUNT] = {
		[EFFORT_LOW] = "low",
		[EFFORT_MEDIUM] = "medium",
		[EFFORT_HIGH] = "high",
	};

	return names[e];
}

const char *run_column_kind_name(enum run_column_kind k)
{
	static const char *const names[] = {
		[COLUMN_TEXT] = "text",
		[COLUMN_NAME] = "name",
		[COLUMN_NUMBER] = "number",
		[COLUMN_DATE] = "date",
		[COLUMN_CODE] = "code",
	};

	return names[k];
}

bool run_column_names(enum run_column_kind k)
{
	return k == COLUMN_TEXT || k == COLUMN_NAME;
}

void run_free(struct run *r)
{
	arena_free(&r->arena);
	*r = (struct run){ 0 };
}

/* ---- controls ------------------------------------------------------------------------------- */

static int by_control_id(const void *a, const void *b)
{
	return str_cmp(((const struct control *)a)->id, ((const struct control *)b)->id);
}

static const struct policy_control *settings_of(const struct policy *p, struct str id)
{
	for (size_t i = 0; i < p->control_count; i++)
		if (str_eq(p->controls[i].id, id))
			return &p->controls[i];
	return NULL;
}

static void gather_controls(struct evaluation *e)
{
	const struct catalogue *c = e->catalogue;
	const struct policy *p = e->policy;
	struct check *custom = ARENA_ARRAY(&e->run->arena, struct check, p->custom_count);
	size_t n = 0;

	e->controls = xcalloc(c->entry_count + p->custom_count + 1, sizeof(*e->controls));
	for (size_t i = 0; i < c->entry_count; i++) {
		struct control *k = &e->controls[n++];

		k->entry = &c->entries[i];
		k->id = k->entry->id;
		k->area = k->entry->area;
		k->check = k->entry->check;
		k->levels = k->entry->levels;
		k->level_count = k->entry->level_count;
		k->param_count = engine_parameters(k->entry, p, k->params, CONTROL_PARAMS);
	}
	for (size_t i = 0; i < p->custom_count; i++) {
		struct control *k = &e->controls[n++];

		k->custom = &p->custom[i];
		k->id = k->custom->id;
		k->area = STR("custom");
		custom[i] = custom_check(k->custom);
		k->check = &custom[i];
		k->levels = &k->custom->level;
		k->level_count = 1;
	}
	qsort(e->controls, n, sizeof(*e->controls), by_control_id);
	for (size_t i = 0; i < n; i++)
		e->controls[i].settings = settings_of(p, e->controls[i].id);
	e->control_count = n;
	e->cx.controls = e->controls;
	e->cx.control_count = n;
	e->outcomes = xcalloc(n + 1, sizeof(*e->outcomes));
}

static int evaluate_all(struct evaluation *e, struct progress *progress, struct err *err)
{
	struct run_control *shown;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < e->control_count; i++) {
		rc = platform_check_interrupted(err);
		if (rc == 0)
			rc = evaluate_control(e, i, err);
		if (progress)
			progress_step(progress, i + 1, e->control_count);
	}
	if (progress)
		progress_end(progress);
	if (rc)
		return rc;
	shown = ARENA_ARRAY(&e->run->arena, struct run_control, e->control_count);
	for (size_t i = 0; i < e->control_count; i++)
		shown[i] = e->outcomes[i].shown;
	e->run->controls = shown;
	e->run->control_count = e->control_count;
	return 0;
}

/* ---- levels --------------------------------------------------------------------------------- */

static void set_levels(struct run *r)
{
	struct run_levels l = run_levels_of(r->controls, r->control_count);

	r->level = l.level;
	r->level_floor = l.floor;
	r->level_with_waivers = l.with_waivers;
}

/* ---- actions -------------------------------------------------------------------------------- */

struct action {
	const struct run_control *control;
	int rank;
	uint64_t privileged;
};

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Worst level first; at one level ANSSI's points before the others, then what touches most
 * privileged accounts and groups, then most objects, then by id. */
static int by_urgency(const void *a, const void *b)
{
	const struct action *x = a, *y = b;
	int order = x->control->level_with_waivers - y->control->level_with_waivers;

	if (order == 0)
		order = x->rank - y->rank;
	if (order == 0)
		order = compare_u64(y->privileged, x->privileged);
	if (order == 0)
		order = compare_u64(y->control->count, x->control->count);
	return order ? order : str_cmp(x->control->id, y->control->id);
}

int control_rank(struct str id)
{
	if (str_starts(id, STR("vuln_")))
		return 0;
	return str_starts(id, STR("warning_")) ? 2 : str_starts(id, STR("info_")) ? 3 : 1;
}

void run_order_actions(struct run *r, const uint64_t *privileged)
{
	struct action *list = xcalloc(r->control_count + 1, sizeof(*list));
	struct run_action *actions;
	size_t n = 0;

	for (size_t i = 0; i < r->control_count; i++)
		if (r->controls[i].status == STATUS_FAIL)
			list[n++] = (struct action){ &r->controls[i],
				control_rank(r->controls[i].id), privileged[i] };
	if (n)
		qsort(list, n, sizeof(*list), by_urgency);
	actions = ARENA_ARRAY(&r->arena, struct run_action, n);
	for (size_t i = 0; i < n; i++)
		actions[i].control = list[i].control;
	free(list);
	r->actions = actions;
	r->action_count = n;
}

static void order_actions(struct evaluation *e)
{
	uint64_t *privileged = xcalloc(e->control_count + 1, sizeof(*privileged));

	for (size_t i = 0; i < e->control_count; i++)
		privileged[i] = e->outcomes[i].privileged;
	run_order_actions(e->run, privileged);
	free(privileged);
}

/* ---- privileged accounts -------------------------------------------------------------------- */

static int shown_tri(enum tri t)
{
	return t == YES ? 1 : t == NO ? 0 : -1;
}

static void put_path(struct buf *b, const struct model *m, const struct privilege_path *p)
{
	const struct ad_object *groups[PATH_GROUPS];
	size_t n = privilege_path_groups(m, p, groups, PATH_GROUPS);

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putz(b, " > ");
		buf_put_str(b, groups[i]->name);
	}
}

/* A line a way. */
static struct str path_text(struct arena *a, const struct model *m, const struct ad_object *o)
{
	struct privilege_path paths[PATHS_SHOWN];
	size_t n = privilege_paths(m, o, paths, PATHS_SHOWN);
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < n && i < PATHS_SHOWN; i++) {
		if (i > 0)
			buf_putc(&b, '\n');
		put_path(&b, m, &paths[i]);
	}
	if (n > PATHS_SHOWN)
		buf_printf(&b, "\n+ %zu", n - PATHS_SHOWN);
	text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void describe_privileged(
	struct evaluation *e, const struct ad_object *o, struct run_privileged *out)
{
	struct arena *a = &e->run->arena;
	const struct model *m = e->model;
	struct logon logon = account_last_logon(m, o);
	struct mfa mfa = account_mfa(m, o);
	char sid[SID_TEXT];

	out->dn = o->dn;
	out->name = o->name;
	out->sid = arena_str(a, str_of(sid_text(&o->sid, sid)));
	out->kind = str_of(ad_kind_name(o->kind));
	out->domain = o->domain ? o->domain->dns : STR("");
	out->path = path_text(a, m, o);
	out->enabled = shown_tri(account_enabled(m, o));
	out->password_set = obj_time(o, ATTR_PWD_LAST_SET);
	out->last_logon = logon.state == LOGON_AT ? logon.at : INT64_MIN;
	out->never_expires = -1;
	if (model_readable(m, o, ATTR_USER_ACCOUNT_CONTROL) == READABLE)
		out->never_expires =
			(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_DONT_EXPIRE_PASSWORD) != 0;
	out->mfa = mfa.declared ? shown_tri(mfa.covered) : -1;
	out->tier = object_tier(m, o);
	out->failed_controls = e->failed_controls[cx_place(&e->cx, o)];
}

static void list_privileged(struct evaluation *e)
{
	size_t n = model_privileged_count(e->model);
	struct run_privileged *list = ARENA_ARRAY(&e->run->arena, struct run_privileged, n);

	for (size_t i = 0; i < n; i++)
		describe_privileged(e, model_privileged(e->model, i), &list[i]);
	e->run->privileged = list;
	e->run->privileged_count = n;
}

/* ---- the directory and the policy ----------------------------------------------------------- */

static struct str copy(struct arena *a, struct str s)
{
	return s.p ? arena_str(a, utf8_sanitize(a, s)) : s;
}

static void describe_directory(struct evaluation *e)
{
	const struct model *m = e->model;
	struct run *r = e->run;
	struct run_domain *domains =
		ARENA_ARRAY(&r->arena, struct run_domain, model_domain_count(m));
	size_t known = model_coverage_count(m), lost;
	const struct run_coverage *needs;
	char sid[SID_TEXT];

	for (size_t i = 0; i < model_domain_count(m); i++) {
		const struct ad_domain *d = model_domain(m, i);

		domains[i].dns = copy(&r->arena, d->dns);
		domains[i].netbios = copy(&r->arena, d->netbios);
		domains[i].sid = arena_str(&r->arena, str_of(sid_text(&d->sid, sid)));
	}
	coverage_of_needs(e, &needs, &lost);
	struct run_coverage *coverage = ARENA_ARRAY(&r->arena, struct run_coverage, known + lost);

	for (size_t i = 0; i < known; i++) {
		struct coverage c = model_coverage_at(m, i);

		coverage[i].need = copy(&r->arena, c.need);
		coverage[i].state = str_of(coverage_state_name(c.state));
		coverage[i].detail = copy(&r->arena, c.detail);
	}
	if (lost)
		memcpy(coverage + known, needs, lost * sizeof(*needs));
	r->domains = domains;
	r->domain_count = model_domain_count(m);
	r->coverage = coverage;
	r->coverage_count = known + lost;
	r->forest = copy(&r->arena, model_forest(m));
	r->source = copy(&r->arena, model_source(m));
	r->reader = copy(&r->arena, model_reader(m));
	r->collected_at = model_collected_at(m);
	r->evaluated_at = model_now(m);
	r->counts.objects = model_object_count(m);
	r->counts.users = model_count(m, AD_USER);
	r->counts.users_enabled = model_count_enabled_users(m);
	r->counts.computers = model_count(m, AD_COMPUTER);
	r->counts.groups = model_count(m, AD_GROUP);
}

static void describe_policy(struct evaluation *e)
{
	const struct policy *p = e->policy;
	struct run *r = e->run;

	r->tool_version = STR(ADHYGIENE_VERSION);
	r->catalogue_version = e->catalogue->version;
	r->facility_name = copy(&r->arena, p->facility_name);
	r->facility_finess = copy(&r->arena, p->facility_finess);
	r->facility_ght = copy(&r->arena, p->facility_ght);
	r->policy_name = copy(&r->arena, p->name);
	r->policy_sha256 = arena_str(&r->arena, str_of(p->sha256));
}

void evaluation_begin(struct evaluation *e, const struct catalogue *c, const struct policy *p,
	const struct model *m, const struct previous_run *previous, struct run *r)
{
	*e = (struct evaluation){ .catalogue = c, .policy = p, .model = m, .run = r };
	cx_init(&e->cx, m, &r->arena);
	e->cx.previous = previous;
	e->subjects = xcalloc(e->cx.place_count, sizeof(*e->subjects));
	e->failed_controls = xcalloc(e->cx.place_count, sizeof(*e->failed_controls));
	waivers_prepare(&e->waivers, &r->arena, p, m);
	if (p->merged)
		policy_describe(p, &r->arena, &e->values, &e->value_count);
	gather_controls(e);
}

void evaluation_end(struct evaluation *e)
{
	cx_free(&e->cx);
	free(e->subjects);
	free(e->failed_controls);
	free(e->controls);
	free(e->outcomes);
}

int engine_run(const struct catalogue *c, const struct policy *p, const struct model *m,
	const struct previous_run *previous, struct progress *progress, struct run *out,
	struct err *err)
{
	struct run r = { .deadlines_at = INT64_MIN };
	struct evaluation e;
	int rc;

	evaluation_begin(&e, c, p, m, previous, &r);
	rc = evaluate_all(&e, progress, err);
	if (rc == 0) {
		describe_directory(&e);
		describe_policy(&e);
		set_levels(&r);
		order_actions(&e);
		list_privileged(&e);
		families_compute(&e);
		r.waiver_note_count = waivers_notes(&e.waivers, &r.arena, &r.waiver_notes);
		r.waiver_count = waivers_list(&e.waivers, &r.arena, &r.waivers);
	}
	evaluation_end(&e);
	if (rc) {
		run_free(&r);
		return rc;
	}
	*out = r;
	return 0;
}
